import Foundation
import Glibc
import Testing

extension HostTests {
    /// `securityContext.sysctls`. N079, N080.
    @Suite struct SysctlTests {
        private func sysctls(_ values: (String, String)...) -> String {
            let list = values.map { "{name: \($0.0), value: \(quoted($0.1))}" }.joined(separator: ", ")
            return "securityContext: {sysctls: [\(list)]}"
        }

        /// Guards `Sysctls.write` in `Supervisor.prepare`.
        @Test func theyAreThePodsOwn() throws {
            try withWorld { world in
                let names = ["kernel/shm_rmid_forced", "net/ipv4/ip_local_port_range", "net/ipv4/tcp_syncookies"]
                let before = names.map { text(at: "/proc/sys/" + $0) }
                let spec = sysctls(
                    ("kernel.shm_rmid_forced", "1"), ("net/ipv4/ip_local_port_range", "40000 40010"),
                    ("net.ipv4.tcp_syncookies", "0"))
                let script = names.map { "cat /proc/sys/\($0)" }.joined(separator: "; ")
                let run = try world.run(
                    pod(container("a", script), initContainers: [container("i", script)], spec: spec))
                for name in ["i", "a"] {
                    let lines = run.lines(of: name).map { $0.split(separator: "\t").joined(separator: " ") }
                    #expect(lines == ["1", "40000 40010", "0"], "\(run)")
                }
                #expect(names.map { text(at: "/proc/sys/" + $0) } == before)
            }
        }

        /// S31. Guards `validateSysctls`: nothing is applied of a list in which one is wrong.
        @Test func whatIsNoSysctlIsRefused() throws {
            try withWorld { world in
                let pattern = text(at: "/proc/sys/kernel/core_pattern")
                for value in ["1+kernel.core_pattern=|/x", "1\nkernel.core_pattern=|/x"] {
                    let spec = sysctls(("kernel.shm_rmid_forced", value))
                    let run = try world.run(pod(container("a", "echo ran"), spec: spec))
                    #expect(run.code == 2 && run.stderr.contains("sysctls[0].value"), "\(run)")
                }
                let spec = sysctls(("kernel.shm_rmid_forced", "1"), ("foo-", "bar"), ("bar..", "42"))
                let run = try world.run(pod(container("a", "echo ran"), spec: spec))
                #expect(run.code == 2 && !run.stdout.contains("ran"), "\(run)")
                #expect(run.stderr.contains("\"foo-\"") && run.stderr.contains("\"bar..\""), "\(run)")
                #expect(text(at: "/proc/sys/kernel/core_pattern") == pattern)
            }
        }

        /// Guards `makeSandbox`'s look at `rejection`.
        @Test(arguments: ["kernel.msgmax", "kernel.core_pattern", "vm.swappiness"])
        func anUnsafeOneMakesThePodFail(_ name: String) throws {
            try withWorld { world in
                let before = text(at: "/proc/sys/" + name.replacing(".", with: "/"))
                let run = try world.run(
                    pod(container("a", "echo ran"), spec: sysctls((name, "65536"))), ["-o", "json"])
                #expect(run.code == 1 && !run.stderr.contains("| ran"), "\(run)")
                let message = "Pod was rejected: forbidden sysctl: \\\"\(name)\\\" not allowlisted"
                #expect(run.stdout.contains("\"phase\": \"Failed\""), "\(run)")
                #expect(run.stdout.contains("\"reason\": \"SysctlForbidden\""), "\(run)")
                #expect(run.stdout.contains(message), "\(run)")
                #expect(text(at: "/proc/sys/" + name.replacing(".", with: "/")) == before)
            }
        }

        @Test func theHostsOwnerMayAllowOthers() throws {
            try withWorld { world in
                let spec = sysctls(("kernel.msgmax", "65536"), ("net.ipv4.ip_forward", "1"))
                let before = text(at: "/proc/sys/net/ipv4/ip_forward")
                let run = try world.run(
                    pod(container("a", "cat /proc/sys/kernel/msgmax /proc/sys/net/ipv4/ip_forward"), spec: spec),
                    ["--allowed-unsafe-sysctls", "kernel.msg*,net.ipv4.ip_forward"])
                #expect(run.lines(of: "a") == ["65536", "1"], "\(run)")
                #expect(text(at: "/proc/sys/net/ipv4/ip_forward") == before)
                let wrong = try world.run(
                    pod(container("a", "true")), ["--allowed-unsafe-sysctls", "kernel.core_pattern"])
                #expect(wrong.code != 0 && wrong.stderr.contains("not known to be namespaced"), "\(wrong)")
            }
        }

        @Test func aValueThatTheKernelRefusesIsNamed() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(container("a", "echo ran"), spec: sysctls(("net.ipv4.ip_local_port_range", "9 1"))))
                #expect(run.code == 1 && !run.stdout.contains("ran"), "\(run)")
                #expect(run.stderr.contains("/proc/sys/net/ipv4/ip_local_port_range"), "\(run)")
            }
        }
    }
}

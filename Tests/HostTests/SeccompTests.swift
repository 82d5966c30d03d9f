import Foundation
import Testing

extension HostTests {
    /// `seccompProfile`: what a container feels of it.
    @Suite struct SeccompTests {
        /// Puts a profile where `localhostProfile` finds it.
        private func install(_ name: String, _ text: String, _ world: World) throws {
            let path = "\(world.root)/lib/seccomp/\(name)"
            try FileManager.default.createDirectory(
                atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }

        private func local(_ name: String, _ more: String = "") -> String {
            "securityContext: {seccompProfile: {type: Localhost, localhostProfile: \(name)}\(more)}"
        }

        private let noDirectories = """
            {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
              {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 122}]}
            """

        @Test func aProfileOfTheHostIsTheContainersFilter() throws {
            try withWorld { world in
                try install("profiles/no-directories.json", noDirectories, world)
                let script = "mkdir /tmp/x 2>&1; grep ^Seccomp /proc/self/status; echo $(ls /proc/self/fd)"
                let run = try world.run(pod(container("a", script, local("profiles/no-directories.json"))))
                #expect(run.lines(of: "a").first?.hasSuffix("Disk quota exceeded") == true, "\(run)")
                #expect(
                    Array(run.lines(of: "a").dropFirst())
                        == ["Seccomp:\t2", "Seccomp_filters:\t1", "0 1 2 3"], "\(run)")
            }
        }

        /// A container's profile wins over the pod's, for init containers too; what has neither has RuntimeDefault.
        @Test func podAndContainer() throws {
            try withWorld { world in
                try install("no.json", noDirectories, world)
                let script =
                    "mkdir /tmp/x 2>/dev/null && echo made; unshare -m true 2>/dev/null && echo mounted; echo end"
                let free = "securityContext: {seccompProfile: {type: Unconfined}, capabilities: {add: [SYS_ADMIN]}}"
                let normal = "securityContext: {seccompProfile: {type: RuntimeDefault}}"
                let run = try world.run(
                    pod(
                        container("a", script), container("b", script, free), container("c", script, normal),
                        initContainers: [container("i", script), container("j", script, normal)],
                        spec: "securityContext: {seccompProfile: {type: Localhost, localhostProfile: no.json}}"))
                #expect(run.code == 0, "\(run)")
                #expect(run.lines(of: "a") == ["end"] && run.lines(of: "i") == ["end"], "\(run)")
                #expect(run.lines(of: "b") == ["made", "mounted", "end"], "\(run)")
                #expect(run.lines(of: "c") == ["made", "end"] && run.lines(of: "j") == ["made", "end"], "\(run)")
            }
        }

        /// Exactly what the program itself calls: so nothing of the start comes after the filter, and nothing is left open
        /// where close_range(2) would be refused. As root and not, with and without no_new_privs, and for a container that is
        /// made while another still runs.
        @Test func aNarrowProfileIsEnough() throws {
            try withWorld { world in
                let calls = """
                    execve brk mmap munmap mprotect arch_prctl set_tid_address set_robust_list rseq prlimit64 getrandom
                    readlink readlinkat fstat newfstatat ioctl write getuid geteuid gettid openat
                    read close exit_group
                    """
                let names = calls.split(whereSeparator: \.isWhitespace).map { "\"\($0)\"" }.joined(separator: ", ")
                try install(
                    "narrow.json",
                    """
                    {"defaultAction": "SCMP_ACT_KILL_PROCESS",
                     "syscalls": [{"names": [\(names)], "action": "SCMP_ACT_ALLOW"}]}
                    """, world)
                func narrow(_ name: String, _ more: String) -> String {
                    probing(name, "", local("narrow.json", more)).replacing(
                        "command: [sh, -c, \"\"]", with: "command: [/probe, ids]")
                }
                let run = try world.run(
                    pod(
                        narrow("root", ""), narrow("user", ", runAsUser: 1000"),
                        narrow("strict", ", runAsUser: 1000, allowPrivilegeEscalation: false"),
                        narrow("admin", ", capabilities: {add: [SYS_ADMIN]}"),
                        initContainers: [probing("first", "sleep 0.2"), narrow("second", ", runAsUser: 7")],
                        spec: probeVolume()))
                #expect(run.code == 0, "\(run)")
                for (name, uid) in [("root", 0), ("user", 1000), ("strict", 1000), ("admin", 0), ("second", 7)] {
                    #expect(run.lines(of: name) == ["\(uid) \(uid)"], "\(name): \(run)")
                }
            }
        }

        /// Identity and capabilities are the plan's, though CAP_SYS_ADMIN was kept until the filter was there.
        @Test func theFilterLeavesNoCapability() throws {
            try withWorld { world in
                try install("no.json", noDirectories, world)
                let script = "grep -E '^(Cap|Uid|NoNew|Seccomp:)' /proc/self/status"
                let run = try world.run(
                    pod(
                        container(
                            "user", script, local("no.json", ", runAsUser: 1000, allowPrivilegeEscalation: true")),
                        container("root", script, local("no.json", ", capabilities: {drop: [ALL], add: [KILL]}"))))
                let zero = "\t0000000000000000"
                let kill = "\t0000000000000020"
                #expect(
                    run.lines(of: "user") == [
                        "Uid:\t1000\t1000\t1000\t1000", "CapInh:" + zero, "CapPrm:" + zero, "CapEff:" + zero,
                        "CapBnd:\t00000000800405fb", "CapAmb:" + zero, "NoNewPrivs:\t0", "Seccomp:\t2",
                    ], "\(run)")
                #expect(
                    run.lines(of: "root") == [
                        "Uid:\t0\t0\t0\t0", "CapInh:" + zero, "CapPrm:" + kill, "CapEff:" + kill, "CapBnd:" + kill,
                        "CapAmb:" + zero, "NoNewPrivs:\t0", "Seccomp:\t2",
                    ], "\(run)")
            }
        }

        /// The profiles of Kubernetes' tutorial: one that only logs, and one that refuses everything.
        @Test func logAndRefuseEverything() throws {
            try withWorld { world in
                try install("audit.json", "{\"defaultAction\": \"SCMP_ACT_LOG\"}", world)
                try install("violation.json", "{\"defaultAction\": \"SCMP_ACT_ERRNO\"}", world)
                let fine = try world.run(pod(container("a", "echo fine", local("audit.json"))))
                #expect(fine.code == 0 && fine.lines(of: "a") == ["fine"], "\(fine)")
                let refused = try world.run(
                    pod(container("b", "echo ran", local("violation.json")), initContainers: [container("i", "true")]))
                #expect(refused.code != 0 && refused.lines(of: "b").isEmpty, "\(refused)")
            }
        }

        @Test func whatCannotBeLoadedIsToldWithItsPlace() throws {
            try withWorld { world in
                try install("bad.json", "{\n  \"defaultAction\": \"SCMP_ACT_ALOW\"\n}", world)
                let manifest = pod(
                    container("a", "true", local("bad.json")), container("b", "true", local("none.json")))
                let run = try world.run(manifest)
                let directory = world.root + "/lib/seccomp"
                let place = "spec.containers[0].securityContext.seccompProfile.localhostProfile"
                #expect(run.code == 2)
                #expect(
                    run.stderr.contains(
                        "\(place): cannot load seccomp profile \"\(directory)/bad.json\": \(directory)/bad.json:2:20: defaultAction: "
                            + "must be one of "), "\(run)")
                #expect(
                    run.stderr.contains(
                        "cannot load seccomp profile \"\(directory)/none.json\": no such file or directory, and neither is "
                            + "/var/lib/kubelet/seccomp/none.json"), "\(run)")
            }
        }
    }
}

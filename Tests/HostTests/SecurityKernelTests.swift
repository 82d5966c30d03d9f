import Foundation
import Glibc
import Testing

extension HostTests {
    /// What a container may ask of the kernel. Rows of docs/security.md.
    @Suite struct SecurityKernelTests {
        /// S30, and of S27 and S29 what calls alone can tell.
        /// Guards `ContainerProcess.loadFilter` and `swl_bound_capabilities` in `ContainerProcess.takeIdentity`.
        @Test func dangerousCallsFailAsTheProfileSays() throws {
            try withWorld { world in
                let run = try world.run(pod(probing("a", "exec /probe calls"), spec: probeVolume()))
                #expect(run.code == 0, "\(run)")
                let expected = [
                    "bpf": "EPERM", "io_uring_setup": "EPERM", "userfaultfd": "EPERM", "keyctl": "EPERM",
                    "add_key": "EPERM", "open_by_handle_at": "EPERM", "perf_event_open": "EPERM", "mount": "EPERM",
                    "fsopen": "EPERM", "open_tree": "EPERM", "umount2": "EPERM", "pivot_root": "EPERM",
                    "setns": "EPERM", "unshare_user": "EPERM", "unshare_mount": "EPERM", "unshare_net": "EPERM",
                    "clone_user": "EPERM", "clone3": "ENOSYS", "init_module": "EPERM", "kexec_load": "EPERM",
                    "reboot": "EPERM", "swapon": "EPERM", "syslog": "EPERM", "settimeofday": "EPERM",
                    "quotactl": "EPERM", "acct": "EPERM", "socket_alg": "EAFNOSUPPORT", "socket_vsock": "EAFNOSUPPORT",
                    "socket_packet": "EPERM", "socket_raw": "EPERM", "socket_raw6": "EPERM", "getpid": "ok",
                    "socket_stream": "ok",
                ]
                for (name, result) in run.results(of: "a") {
                    #expect(expected[name] == result, "\(name): \(result)")
                }
                #expect(run.results(of: "a").count == expected.count, "\(run)")
            }
        }

        /// S27, S28. Guards `readOnly` in `KernelFileSystems.attachCgroups`, and the filter's refusal of mount and unshare.
        @Test func cgroupsCannotBeMountedOrWritten() throws {
            try withWorld { world in
                let script = """
                    for c in cpu cpuacct cpuset memory devices freezer blkio pids none,name=probe; do
                      mount -t cgroup -o $c cgroup /mnt 2>/dev/null && echo "mounted $c"
                    done
                    mount -t cgroup2 cgroup /mnt 2>/dev/null && echo mounted cgroup2
                    unshare -UrmC true 2>/dev/null && echo unshared
                    find / -name release_agent 2>/dev/null
                    awk '$3 ~ /^cgroup/ && $4 !~ /^ro(,|$)/ {print "writable", $2}' /proc/mounts
                    awk '$3 ~ /^cgroup/ {n++} END {print "cgroup mounts:", n}' /proc/mounts
                    cat /proc/self/cgroup
                    """
                let run = try world.run(pod(container("a", script)))
                let lines = run.lines(of: "a")
                // The last lines are of /proc/self/cgroup: in a cgroup namespace of one's own, with nothing of the pod's path.
                #expect(lines.first?.hasPrefix("cgroup mounts:") ?? false, "\(run)")
                #expect(!run.stdout.contains("swiftlet"), "\(run)")
                #expect(lines.contains("0::/"), "\(run)")
            }
        }

        /// S29. Guards `Sandbox.setNetworkDefaults`; for `socket_packet` and `socket_raw` see above.
        @Test(arguments: [0, 1000])
        func pingNeedsNoCapability(_ user: Int) throws {
            try withWorld { world in
                let run = try world.run(
                    pod(probing("a", "exec /probe ping", "securityContext: {runAsUser: \(user)}"), spec: probeVolume()))
                #expect(run.lines(of: "a") == ["socket ok", "send ok", "receive ok", "reply 0"], "\(run)")
            }
        }

        /// S29. Guards `Sandbox.setNetworkDefaults`.
        @Test func noRouterIsBelieved() throws {
            try withWorld(needs: [.ipv6]) { world in
                let run = try world.run(pod(container("a", "cat /proc/sys/net/ipv6/conf/*/accept_ra")))
                #expect(run.lines(of: "a") == ["0", "0", "0"], "\(run)")
            }
        }

        /// S31, S06. Guards `MaskedPaths.readOnlyProc` and `.readOnly` of `SharedMounts.makeSys`.
        @Test func kernelSettingsAreReadOnly() throws {
            try withWorld { world in
                let script = """
                    find /proc/sys /proc/bus /proc/fs /proc/irq /proc/sysrq-trigger /sys -writable ! -type l 2>/dev/null | head
                    [ -r /proc/sys/kernel/core_pattern ] && echo readable
                    for f in /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/domainname; do echo 1 2>/dev/null >$f && echo $f; done
                    echo end
                    """
                let run = try world.run(pod(container("a", script)))
                #expect(run.lines(of: "a") == ["readable", "end"], "\(run)")
            }
        }

        /// S32. Guards `swl_lower_limit(RLIMIT_CORE)` in `ContainerProcess.limitResources`.
        @Test func aCrashLeavesNoCoreAndRunsNoHandler() throws {
            try withWorld { world in
                let script = """
                    grep '^Max core' /proc/self/limits; cd /w; ulimit -c unlimited 2>/dev/null; /probe crash; echo $?; ls
                    """
                let run = try world.run(
                    pod(
                        probing("a", script, mounts: "{name: w, mountPath: /w}"),
                        spec: probeVolume("{name: w, emptyDir: {}}")))
                let lines = run.lines(of: "a")
                // With 0 the kernel would still run a handler that core_pattern pipes to; with 1 it does not.
                let words = lines.first?.split(separator: " ").map(String.init)
                #expect(words == ["Max", "core", "file", "size", "1", "1", "bytes"], "\(run)")
                #expect(lines.dropFirst().contains("134") && lines.last == "134", "\(run)")
            }
        }

        /// S35. Guards the lists of `MaskedPaths`, and `SharedMounts.makeSys`.
        @Test func filesThatGiveAwayWhatTheMachineDoesAreMasked() throws {
            try withWorld { world in
                let script = """
                    for f in /proc/acpi /proc/asound /proc/interrupts /proc/kcore /proc/keys /proc/latency_stats \
                      /proc/sched_debug /proc/scsi /proc/timer_list /proc/timer_stats /sys/firmware \
                      /sys/devices/virtual/powercap /sys/fs/selinux /sys/devices/system/cpu/cpu*/thermal_throttle; do
                      if [ -d $f ]; then echo "$f $(ls -A $f | wc -l)"; elif [ -e $f ]; then
                        echo "$f $(head -c 100 $f | wc -c)"; fi
                    done
                    """
                let run = try world.run(pod(container("a", script)))
                let lines = run.lines(of: "a")
                #expect(lines.filter { !$0.hasSuffix(" 0") } == [], "\(run)")
                // What the host has is what there is to mask.
                for name in ["/proc/interrupts", "/proc/kcore", "/proc/keys", "/sys/firmware"] {
                    if access(name, F_OK) == 0 { #expect(lines.contains("\(name) 0"), "\(run)") }
                }
            }
        }
    }
}

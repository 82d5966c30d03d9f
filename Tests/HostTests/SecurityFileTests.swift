import Foundation
import Glibc
import Testing

extension HostTests {
    /// What of the host's files a container can reach. Rows of docs/security.md.
    @Suite struct SecurityFileTests {
        // MARK: S49

        /// Guards `HostRoot.mount`: the upper layers, and that nothing else of the host is mounted.
        @Test func nothingThatIsWrittenReachesTheHost() throws {
            try withWorld { world in
                let name = "swiftlet-canary-\(UUID().uuidString)"
                let script = """
                    find / -maxdepth 3 -type d -writable ! -path '/proc/*' 2>/dev/null | while read -r d; do
                      : 2>/dev/null > "$d/\(name)" && echo "$d"
                    done
                    """
                let run = try world.run(pod(container("a", script)), timeout: 60)
                let written = run.lines(of: "a")
                #expect(written.count > 20 && written.contains("/etc") && written.contains("/usr/bin"), "\(run)")
                for directory in written { #expect(access("\(directory)/\(name)", F_OK) != 0, "\(directory)") }
            }
        }

        /// Guards the same: of each mount that a container can write to, the file system is its own. Device nodes are the
        /// exception: they are the host's.
        @Test func noWritableFileSystemIsTheHosts() throws {
            try withWorld { world in
                let host = text(at: "/proc/self/mountinfo").split(separator: "\n").map(String.init)
                let hosts = Set(MountLine.parse(host).map(\.device))
                let run = try world.run(pod(container("a", "cat /proc/self/mountinfo")))
                let mounts = MountLine.parse(run.lines(of: "a"))
                #expect(mounts.count > 15, "\(run)")
                let devices: Set = ["null", "zero", "full", "random", "urandom", "tty"]
                let masks: Set = [
                    "/proc/interrupts", "/proc/keys", "/proc/kcore", "/proc/timer_list", "/proc/sched_debug",
                ]
                for mount in mounts where hosts.contains(mount.device) && mount.options.contains("rw") {
                    let isDevice = mount.path.hasPrefix("/dev/") && devices.contains(String(mount.path.dropFirst(5)))
                    #expect(isDevice || masks.contains(mount.path), "\(mount)")
                }
                for mount in mounts {
                    #expect(
                        mount.options.contains("nosuid") || devices.contains(String(mount.path.dropFirst(5)))
                            || masks.contains(mount.path), "\(mount)")
                }
                // Of the host's other mounts none is there.
                let allowed = /\/|\/(usr|etc|opt|bin|sbin|lib\w*|proc|sys|dev)(\/.*)?/
                for mount in mounts { #expect(mount.path.wholeMatch(of: allowed) != nil, "\(mount)") }
            }
        }

        /// Guards `HostSecrets` and `HostRoot.directories`.
        @Test func secretsSocketsAndOtherPodsAreNotThere() throws {
            try withWorld { world in
                let other = try world.start(
                    pod(
                        container(
                            "o", "echo 'of the other pod' > /w/file; echo up; " + idle,
                            "volumeMounts: [{name: w, mountPath: /w}]"),
                        name: "other", spec: "volumes: [{name: w, emptyDir: {}}]"))
                try other.waitForLine("o | up")
                try world.write("of-the-host", "of the host")
                let script = """
                    for f in /etc/shadow /etc/shadow- /etc/gshadow /etc/sudoers /etc/ssh/ssh_host_*_key /etc/ssl/private/*; do
                      [ -s "$f" ] && echo "readable $f"; done
                    find /run /var /tmp /home /root /srv /dev /etc /mnt -type s 2>/dev/null; find /root /home /srv /run /var /tmp /mnt /media -type f 2>/dev/null
                    ls -d \(world.root) \(world.files) /var/lib/swiftlet /run/swiftlet /var/log/pods 2>/dev/null
                    grep -rl 'of the other pod' /tmp /var /run /dev/shm /mnt /srv 2>/dev/null
                    ls -A /sys/kernel/debug /sys/kernel/tracing /sys/kernel/security /sys/fs/bpf 2>/dev/null | grep -v :
                    echo end
                    """
                let run = try world.run(pod(container("a", script)))
                #expect(run.lines(of: "a").filter { !$0.isEmpty } == ["end"], "\(run)")
                other.interrupt()
                _ = try other.wait(10)
            }
        }

        /// Guards `EtcLayer.coverSecrets`: what other users of the host may not read below /etc, a container's root does not
        /// either.
        @Test func noConfigurationIsReadThatIsForRootAlone() throws {
            try withWorld { world in
                var secret: [String] = []
                for name in try FileManager.default.subpathsOfDirectory(atPath: "/etc") {
                    var status = stat()
                    guard lstat("/etc/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0,
                        status.st_mode & 0o004 == 0
                    else { continue }
                    secret.append("/etc/" + name)
                }
                try world.write("list", secret.joined(separator: "\n") + "\n")
                let run = try world.run(
                    pod(
                        container(
                            "a", "while read -r f; do [ -s \"$f\" ] && echo \"$f\"; done < /f/list; echo end",
                            "volumeMounts: [{name: f, mountPath: /f}]"),
                        spec: "volumes: [{name: f, hostPath: {path: \(world.files)}}]"))
                #expect(run.lines(of: "a") == ["end"], "\(run)")
            }
        }

        // MARK: S11

        /// Guards `LogPump.openFile`: a container that can write where the logs are leads them nowhere.
        @Test(arguments: ["directory", "file", "fifo"])
        func logsFollowNoLink(_ kind: String) throws {
            try withWorld { world in
                try world.directory("canary")
                try world.write("canary/file", "canary\n")
                let logs = world.root + "/log/pods"
                try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
                let swap =
                    switch kind {
                    case "directory": "rm -rf $d/b; ln -s \(world.files)/canary $d/b"
                    case "file": "mkdir -p $d/b; ln -sf \(world.files)/canary/file $d/b/0.log"
                    default: "mkdir -p $d/b; rm -f $d/b/0.log; mkfifo $d/b/0.log"
                    }
                let run = try world.run(
                    pod(
                        container("b", "echo written; echo more"),
                        initContainers: [
                            container(
                                "i", "for d in /l/default_p_*; do \(swap); done; ls -l $d/ >&2",
                                "volumeMounts: [{name: l, mountPath: /l}]")
                        ], spec: "volumes: [{name: l, hostPath: {path: \(logs)}}]"))
                #expect(world.read("canary/file") == "canary\n")
                #expect(try FileManager.default.contentsOfDirectory(atPath: world.files + "/canary") == ["file"])
                #expect(!run.lines(of: "b").contains("canary"), "\(run)")
                #expect(run.seconds < 10, "\(run)")
            }
        }

        // MARK: S10

        /// Guards `O_EXCL | O_NOFOLLOW` in `HostPath.openOrMake`.
        @Test func aFileIsMadeNowhereElse() throws {
            try withWorld { world in
                try FileManager.default.createSymbolicLink(
                    atPath: world.files + "/link", withDestinationPath: world.files + "/made")
                let run = try world.run(
                    pod(
                        container("a", "echo ran", "volumeMounts: [{name: h, mountPath: /h}]"),
                        spec: "volumes: [{name: h, hostPath: {path: \(world.files)/link, type: FileOrCreate}}]"))
                #expect(run.code != 0 && !run.stdout.contains("ran"), "\(run)")
                #expect(!world.exists("made"))
            }
        }
    }
}

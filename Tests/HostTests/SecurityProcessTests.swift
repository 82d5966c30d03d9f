import Foundation
import Glibc
import Testing

extension HostTests {
    /// swiftlet's own processes, as containers and other users see them. Rows of docs/security.md.
    @Suite struct SecurityProcessTests {
        // MARK: S16

        #if arch(x86_64)
            /// The dynamic loader of a hostile image: opens `/proc/self/exe`, which is the program that it was to load, for
            /// writing, and exits with the errno.
            private static let loader: [UInt8] = {
                let code: [UInt8] = [
                    0xb8, 2, 0, 0, 0,  // mov eax, SYS_open
                    0x48, 0x8d, 0x3d, 20, 0, 0, 0,  // lea rdi, [rip + 20]
                    0xbe, 0x01, 0x02, 0, 0,  // mov esi, O_WRONLY | O_TRUNC
                    0x31, 0xd2, 0x0f, 0x05,  // xor edx, edx; syscall
                    0xf7, 0xd8, 0x89, 0xc7,  // neg eax; mov edi, eax
                    0xb8, 231, 0, 0, 0, 0x0f, 0x05,  // mov eax, SYS_exit_group; syscall
                ]
                let body = code + Array("/proc/self/exe\0".utf8)
                func word<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
                    withUnsafeBytes(of: value.littleEndian, Array.init)
                }
                let size = UInt64(120 + body.count)
                var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + Array(repeating: 0, count: 9)
                file += word(UInt16(3)) + word(UInt16(62)) + word(UInt32(1)) + word(UInt64(120)) + word(UInt64(64))
                file += word(UInt64(0)) + word(UInt32(0)) + word(UInt16(64)) + word(UInt16(56)) + word(UInt16(1))
                file += word(UInt16(64)) + word(UInt16(0)) + word(UInt16(0))
                file += word(UInt32(1)) + word(UInt32(5)) + word(UInt64(0)) + word(UInt64(0)) + word(UInt64(0))
                file += word(size) + word(size) + word(UInt64(4096))
                return file + body
            }()

            /// CVE-2019-5736 as it was. Guards `SupervisorExecutable.open`. The errno would be ETXTBSY, and the attacker had
            /// only to wait, if the program were run from where it is installed.
            @Test(arguments: ["/proc/self/exe", "/script"])
            func theSupervisorsProgramCannotBeOverwritten(_ entrypoint: String) throws {
                try withWorld { world in
                    let root = try world.directory("rootfs")
                    try world.directory("rootfs/lib64")
                    let path = root + "/lib64/ld-linux-x86-64.so.2"
                    try Data(Self.loader).write(to: URL(fileURLWithPath: path))
                    chmod(path, 0o755)
                    try world.write("rootfs/script", "#!/proc/self/exe\n", mode: 0o755)
                    let program = URL(fileURLWithPath: World.binary + "-supervisor")
                    let before = try Data(contentsOf: program)
                    let run = try world.run(pod("{name: a, image: \"host:\(root)\", command: [\(entrypoint)]}"))
                    #expect(run.code == EROFS, "\(run)")
                    #expect(try Data(contentsOf: program) == before)
                }
            }
        #endif

        /// S16. Guards `swl_clone_readonly`, for the keeper, which forks each container, and the supervisor, also one that the
        /// keeper has started.
        @Test func theRunningProgramsAreReadOnly() throws {
            try withWorld { world in
                let run = try world.start(pod(container("a", "echo up; " + idle)))
                try run.waitForLine("a | up")
                for round in 0..<2 {
                    let pids = world.supervisors() + world.keepers()
                    #expect(pids.count == 2)
                    for pid in pids {
                        let file = open("/proc/\(pid)/exe", O_WRONLY | O_TRUNC)
                        #expect(file < 0 && errno == EROFS, "errno \(errno)")
                    }
                    if round == 0, let supervisor = world.supervisors().first {
                        kill(supervisor, SIGKILL)
                        try eventually("another supervisor") {
                            world.supervisors().contains { $0 != supervisor }
                        }
                    }
                }
                run.interrupt()
                _ = try run.wait(10)
            }
        }

        // MARK: S17

        /// CVE-2024-21626. Guards three things, each of which is enough: `SafePath` in `ContainerRoot.build`, getcwd in
        /// `ContainerRoot.changeDirectory`, and `swl_close_range_cloexec` in `swl_spawn`.
        @Test func noDescriptorIsAWorkingDirectory() throws {
            try withWorld { world in
                var leaks: [Int32] = []
                defer { for fd in leaks { close(fd) } }
                for _ in 0..<80 { leaks.append(open("/", O_RDONLY | O_DIRECTORY)) }
                var text = pod(container("c3", "echo ran; ls", "workingDir: /proc/self/fd/3"))
                for number in 4...100 {
                    let path = number % 2 == 0 ? "/proc/self/fd/\(number)" : "/proc/1/fd/\(number)/../etc"
                    text += "  - \(container("c\(number)", "echo ran; ls", "workingDir: \(path)"))\n"
                }
                let manifest = try world.write("pod.yaml", text)
                let run = try world.command(["run", manifest], inherit: leaks).wait(60)
                #expect(run.code != 0 && run.stdout == "", "\(run)")
                for number in 3...100 { #expect(run.stderr.contains("\"c\(number)\""), "\(run)") }
            }
        }

        /// Guards `swl_close_range_cloexec` in `ContainerProcess.execute`, and in `swl_spawn`.
        @Test func onlyTheStandardStreamsAreOpen() throws {
            try withWorld { world in
                let secret = try world.write("secret", "of the caller")
                var leaks: [Int32] = []
                defer { for fd in leaks { close(fd) } }
                for _ in 0..<80 { leaks.append(open(secret, O_RDONLY)) }
                let manifest = try world.write(
                    "pod.yaml", pod(container("a", "echo up; " + idle), container("b", idle)))
                let run = try world.command(["run", manifest], inherit: leaks)
                try run.waitForLine("a | up")
                try eventually("both containers") { world.containerProcesses().count == 2 }
                func descriptors(_ pid: pid_t) throws -> [String: String] {
                    var list: [String: String] = [:]
                    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd") {
                        list[name] = try? FileManager.default.destinationOfSymbolicLink(
                            atPath: "/proc/\(pid)/fd/\(name)")
                    }
                    return list
                }
                for pid in world.containerProcesses() {
                    try eventually("a program of its own") {
                        text(at: "/proc/\(pid)/comm") == "sh\n"
                    }
                    let open = try descriptors(pid)
                    // A shell keeps nothing else open while it runs a command given by -c.
                    #expect(Set(open.keys) == ["0", "1", "2"], "\(open)")
                    #expect(open["0"] == "/dev/null" && open["1"]?.hasPrefix("pipe:") ?? false, "\(open)")
                    #expect(open["2"]?.hasPrefix("pipe:") ?? false, "\(open)")
                }
                for pid in world.supervisors() + world.keepers() {
                    #expect(try !descriptors(pid).values.contains(secret))
                }
                run.interrupt()
                _ = try run.wait(10)
            }
        }

        // MARK: S18

        /// Guards `SWL_CLONE_NEWPID` in `Keeper.launch`, and the new proc of `ContainerRoot.mountProc`.
        @Test func nobodyElseCanBeTraced() throws {
            try withWorld { world in
                let script = "until [ -s /f/pids ]; do sleep 0.01; done; exec /probe trace $(cat /f/pids)"
                let run = try world.start(
                    pod(
                        container("victim", idle),
                        probing(
                            "attacker", script, "securityContext: {capabilities: {add: [SYS_PTRACE, DAC_READ_SEARCH]}}",
                            mounts: "{name: f, mountPath: /f}"),
                        spec: probeVolume("{name: f, hostPath: {path: \(world.files)}}")))
                try eventually("both containers") {
                    world.containerProcesses().count == 2 && world.supervisors().count == 1
                }
                let all = world.containerProcesses() + world.supervisors() + world.keepers() + [run.pid, getpid()]
                // Small numbers are also those of the container's own processes.
                let pids = all.filter { $0 > 100 }
                try #require(pids.count >= 4)
                try world.write("pids.new", pids.map(String.init).joined(separator: " ") + "\n")
                rename(world.files + "/pids.new", world.files + "/pids")
                try run.waitForLine("attacker | environ")
                usleep(300_000)
                run.interrupt()
                let outcome = try run.wait(10)
                let lines = outcome.lines(of: "attacker")
                #expect(lines.count == pids.count * 7, "\(outcome)")
                #expect(lines.allSatisfy { $0.hasSuffix(" ESRCH") || $0.hasSuffix(" ENOENT") }, "\(outcome)")
            }
        }

        // MARK: S19

        /// Guards the order of `ContainerProcess.become` and that nothing in it looks a name up: from pivot_root to its own
        /// execve, a container's process opens no file of the root, and nothing but swiftlet's programs has run before. Also
        /// S18: `swl_set_dumpable` in `SupervisorMain.run` comes before the first fork.
        @Test func nothingOfTheImageIsOpenedOrRunBeforeItsProgram() throws {
            try withWorld(needs: [.program("strace"), .program("busybox")]) { world in
                let root = try world.makeRoot()
                for name in ["bin/nsenter", "bin/tar", "bin/mount", "usr/bin/newuidmap"] {
                    try world.write("rootfs/" + name, "#!/bin/sh\necho x > /w/hostile\n", mode: 0o755)
                }
                for name in ["libnss_files.so.2", "libmount.so.1", "libc.so.6", "ld-linux-x86-64.so.2"] {
                    try world.write("rootfs/lib64/" + name, "not a library")
                }
                try world.write("rootfs/etc/nsswitch.conf", "passwd: files hostile\n")
                try world.write("rootfs/etc/ld.so.preload", "/lib64/libnss_files.so.2\n")
                let manifest = try world.write(
                    "pod.yaml",
                    pod(
                        "{name: a, image: \"host:\(root)\", command: [sh, -c, echo hi], workingDir: /some/where, "
                            + "securityContext: {runAsUser: 1000}, volumeMounts: [{name: w, mountPath: /w}]}",
                        spec: "volumes: [{name: w, emptyDir: {}}]"))
                let trace = world.files + "/trace"
                let run = try world.program([
                    "strace", "-f", "-qq", "-s", "200", "-e", "trace=%file,prctl,clone,clone3,fork,vfork", "-o", trace,
                    World.binary, "run", "--root", world.root, manifest,
                ]).wait(60)
                #expect(run.code == 0 && run.stdout == "a | hi\n", "\(run)")
                let calls = text(at: trace).split(separator: "\n").map { line -> (pid: Substring, call: Substring) in
                    let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
                    return (parts[0], parts.count > 1 ? parts[1].drop { $0 == " " } : "")
                }
                let pivot = try #require(calls.firstIndex { $0.call.hasPrefix("pivot_root(") }, "\(calls.count) calls")
                let mine = calls[pivot...].filter { $0.pid == calls[pivot].pid }
                let exec = try #require(
                    mine.firstIndex { $0.call.contains("execve(\"") && $0.call.contains("/bin/sh\"") })
                let between = mine[..<exec].map(\.call).filter {
                    !$0.hasPrefix("prctl(") && !$0.hasPrefix("pivot_root(") && !$0.hasPrefix("umount2(\".\"")
                        && !$0.hasPrefix("chdir(\"/\")") && !$0.hasPrefix("getcwd(") && !$0.hasPrefix("<...")
                        // The working directory is looked for, and nothing of it read.
                        && !($0.hasPrefix("openat(AT_FDCWD, \"/\"") && $0.contains("O_DIRECTORY"))
                        && !($0.contains("O_PATH|O_DIRECTORY") && $0.contains("RESOLVE_NO_MAGICLINKS|RESOLVE_IN_ROOT"))
                }
                // Candidates of $PATH are the container's own affair.
                #expect(between.allSatisfy { $0.hasPrefix("execve(\"/") }, "\(between)")
                let programs = calls[..<pivot].map(\.call).filter { $0.hasPrefix("execve(") && !$0.contains(" ENOENT") }
                #expect(
                    programs.allSatisfy { $0.contains("swiftlet\"") || $0.contains("swiftlet-supervisor\"") },
                    "\(programs)")
                let supervisor = try #require(calls.firstIndex { $0.call.contains("swiftlet-supervisor\", \"run\"") })
                let undumpable = try #require(
                    calls.firstIndex { $0.call.hasPrefix("prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE") })
                let fork = try #require(
                    calls[(supervisor + 1)...].firstIndex {
                        $0.pid == calls[undumpable].pid && $0.call.contains("clone(")
                    })
                #expect(supervisor < undumpable && undumpable < fork)
            }
        }

        // MARK: S37, S45, S46

        /// S37. Guards `PacketSocket.pair`: no socket of swiftlet has a name. A container in the host's network namespace
        /// would see it.
        @Test func noSocketCanBeConnectedTo() throws {
            try withWorld { world in
                func names(_ text: String) -> Set<String> {
                    Set(
                        text.split(separator: "\n").compactMap { line in
                            let fields = line.split(separator: " ")
                            return fields.count == 8 ? String(fields[7]) : nil
                        })
                }
                let before = names(text(at: "/proc/net/unix"))
                let run = try world.run(pod(container("a", "cat /proc/net/unix"), spec: "hostNetwork: true"))
                let seen = names(run.lines(of: "a").joined(separator: "\n"))
                #expect(run.lines(of: "a").count > 3, "\(run)")
                let ours = seen.subtracting(before).filter { $0.contains("swiftlet") || $0.hasPrefix("@") }
                #expect(ours.isEmpty, "\(ours)")
            }
        }

        /// S37, S45. Guards `Sandbox.makePrivate`, and the modes of the directories below.
        @Test func otherUsersSeeNothingOfState() throws {
            try withWorld(needs: [.program("setpriv")]) { world in
                // As an earlier version made them.
                for name in ["", "/lib", "/run"] { mkdir(world.root + name, 0o755) }
                let run = try world.start(
                    pod(container("a", "echo up; " + idle), spec: "volumes: [{name: w, emptyDir: {}}]"))
                try run.waitForLine("a | up")
                for name in ["lib", "run", "lib/pods", "run/pods"] {
                    var status = stat()
                    #expect(stat("\(world.root)/\(name)", &status) == 0)
                    if !name.contains("/") { #expect(status.st_mode & 0o777 == 0o700, "\(name)") }
                }
                let found = try world.program(
                    ["setpriv", "--reuid", "65534", "--clear-groups", "find", world.root, "-readable"]
                ).wait()
                let inside = found.stdout.split(separator: "\n").map { $0.dropFirst(world.root.count) }.filter {
                    $0.hasPrefix("/lib") || $0.hasPrefix("/run") || $0.hasSuffix(".log")
                }
                #expect(inside.isEmpty, "\(inside)")
                run.interrupt()
                _ = try run.wait(10)
            }
        }

        /// S46. Guards that a plan is handed over in a memfd, never in a file or an argument (`SupervisorProcess.start`), and
        /// that Secrets are put on a tmpfs (`VolumeSetup.make`).
        @Test func aSecretIsInNoFileLogOrArgument() throws {
            try withWorld(sweeping: true) { world in
                let token = "tok-" + UUID().uuidString
                func contents() throws -> [String] {
                    var found: [String] = []
                    let files = try FileManager.default.subpathsOfDirectory(atPath: world.root)
                    for name in files where text(at: "\(world.root)/\(name)").contains(token) { found.append(name) }
                    for process in HostProcess.all() {
                        if text(at: "/proc/\(process.pid)/cmdline").contains(token) { found.append("\(process)") }
                        let isOurs = process.name.hasPrefix("swiftlet")
                        if isOurs && text(at: "/proc/\(process.pid)/environ").contains(token) {
                            found.append("\(process)")
                        }
                    }
                    return found
                }
                let secret = configMap("s", "{token: \(token)}", kind: "Secret")
                let env = "env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: s, key: token}}}]"
                let mount = "volumeMounts: [{name: s, mountPath: /s}]"
                let spec = "volumes: [{name: s, secret: {secretName: s}}]"
                let good = container(
                    "good", "[ \"$TOKEN\" = $(cat /s/token) ] && stat -f -c %T /s && echo up; " + idle,
                    "\(env), \(mount)")
                let bad = "{name: bad, image: \"host:/\", command: [/none, \"$(TOKEN)\"], \(env)}"
                let run = try world.start(
                    documents(secret, pod(good, bad, spec: spec)), ["-o", "json"])
                try eventually("the container") { world.log("p", "good").contains(" up") }
                #expect(world.log("p", "good").contains("tmpfs"))
                #expect(try contents() == [])
                for supervisor in world.supervisors() { kill(supervisor, SIGKILL) }
                usleep(300_000)
                #expect(try contents() == [])
                run.interrupt()
                let outcome = try run.wait(10)
                #expect(!outcome.stdout.contains(token) && !outcome.stderr.contains(token), "\(outcome)")
                #expect(try contents() == [])
            }
        }
    }
}

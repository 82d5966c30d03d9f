import Foundation
import Glibc
import Testing

extension HostTests {
    /// emptyDir, hostPath, subPath, readOnly, and the container's own root.
    @Suite struct VolumeTests {
        private func mounts(_ list: String...) -> String { "volumeMounts: [\(list.joined(separator: ", "))]" }

        @Test(arguments: ["{}", "{medium: Memory}", "{medium: Memory, sizeLimit: 4Mi}"])
        func anEmptyDirIsSharedByThePodsContainers(_ source: String) throws {
            try withWorld { world in
                let shared = mounts("{name: work, mountPath: /work}")
                let run = try world.run(
                    pod(
                        container("writer", "echo from-writer > /work/note", shared),
                        container(
                            "reader", "until grep from-writer /work/note 2>/dev/null; do sleep 0.02; done", shared),
                        spec: "volumes: [{name: work, emptyDir: \(source)}]"))
                #expect(run.code == 0, "\(run)")
                #expect(run.lines(of: "reader") == ["from-writer"], "\(run)")
            }
        }

        @Test func anEmptyDirIsWorldWritableAndEmpty() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "stat -c %a /work; ls -A /work | wc -l; touch /work/mine",
                            mounts("{name: work, mountPath: /work}") + ", securityContext: {runAsUser: 1234}"),
                        spec: "volumes: [{name: work, emptyDir: {}}]"))
                #expect(run.code == 0 && run.lines(of: "a") == ["777", "0"], "\(run)")
            }
        }

        @Test(arguments: ["{}", "{medium: Memory}"])
        func anEmptyDirSurvivesItsContainersCrash(_ source: String) throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "echo x >> /work/n; echo $(wc -l < /work/n); [ $(wc -l < /work/n) -ge 2 ]",
                            mounts("{name: work, mountPath: /work}")), policy: "OnFailure",
                        spec: "volumes: [{name: work, emptyDir: \(source)}]"))
                #expect(run.code == 0 && run.lines(of: "a") == ["1", "2"], "\(run)")
            }
        }

        @Test func aMemoryEmptyDirIsLimited() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a",
                            "dd if=/dev/zero of=/m/f bs=1M count=4 2>/dev/null && echo four; stat -f -c %T /m; "
                                + "dd if=/dev/zero of=/m/g bs=1M count=2 2>/dev/null || echo full",
                            mounts("{name: m, mountPath: /m}")),
                        spec: "volumes: [{name: m, emptyDir: {medium: Memory, sizeLimit: 5Mi}}]"))
                #expect(run.lines(of: "a") == ["four", "tmpfs", "full"], "\(run)")
            }
        }

        @Test func theContainersRootIsWritableAndTheHostNeverChanges() throws {
            try withWorld { world in
                let mark = "swiftlet-mark-\(getpid())"
                let places = [
                    "/\(mark)", "/etc/\(mark)", "/usr/\(mark)", "/tmp/\(mark)", "/var/lib/\(mark)", "/opt/\(mark)",
                ]
                let script =
                    places.map { "mkdir -p $(dirname \($0)); echo x > \($0) && cat \($0)" }.joined(separator: "; ")
                    + "; rm /etc/hostname.none /etc/passwd /usr/bin/env; ls /usr/bin/env /etc/passwd 2>&1 | grep -c 'No such'"
                let run = try world.run(pod(container("a", script)))
                #expect(run.lines(of: "a").filter { $0 == "x" }.count == places.count, "\(run)")
                #expect(run.lines(of: "a").last == "2", "\(run)")
                for place in places { #expect(access(place, F_OK) != 0, "\(place) is on the host") }
                #expect(access("/usr/bin/env", X_OK) == 0 && access("/etc/passwd", R_OK) == 0)
            }
        }

        @Test func theNextRunSeesNothingOfTheContainersRoot() throws {
            try withWorld { world in
                let text = pod(container("a", "ls /etc/mine 2>/dev/null; touch /etc/mine"))
                try #expect(world.run(text).stdout == "")
                try #expect(world.run(text).stdout == "")
            }
        }

        @Test func aMountPathThatIsNotInTheRootIsMadeThereOnly() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "touch /brand/new/place/f && ls /brand/new/place",
                            mounts("{name: w, mountPath: /brand/new/place}")),
                        spec: "volumes: [{name: w, emptyDir: {}}]"))
                #expect(run.lines(of: "a") == ["f"], "\(run)")
                #expect(access("/brand", F_OK) != 0)
            }
        }

        @Test func aVolumeHidesWhatWasThereAndNestsInAnother() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "ls -A /etc/nested; touch /usr/share/x/y/z/f; ls /usr/share/x /usr/share/x/y/z",
                            mounts(
                                "{name: two, mountPath: /usr/share/x/y/z}", "{name: one, mountPath: /usr/share/x}",
                                "{name: one, mountPath: /etc/nested}")),
                        spec: "volumes: [{name: one, emptyDir: {}}, {name: two, emptyDir: {}}]"))
                #expect(run.code == 0, "\(run)")
                #expect(run.lines(of: "a").contains("f"), "\(run)")
            }
        }

        @Test func aHostPathIsTheHostsDirectory() throws {
            try withWorld { world in
                try world.write("data/in", "from the host\n")
                let run = try world.run(
                    pod(
                        container("a", "cat /d/in; echo back > /d/out", mounts("{name: d, mountPath: /d}")),
                        spec: "volumes: [{name: d, hostPath: {path: \(world.files)/data, type: Directory}}]"))
                #expect(run.lines(of: "a") == ["from the host"] && world.read("data/out") == "back\n", "\(run)")
            }
        }

        /// What is at the path before, the type asked for, and whether the pod then runs.
        static let hostPathCases: [(have: String, type: String, runs: Bool)] = [
            ("nothing", "\"\"", true), ("directory", "\"\"", true), ("file", "\"\"", true),
            ("nothing", "DirectoryOrCreate", true), ("directory", "DirectoryOrCreate", true),
            ("file", "DirectoryOrCreate", false),
            ("directory", "Directory", true), ("nothing", "Directory", false), ("file", "Directory", false),
            ("nothing", "FileOrCreate", true), ("file", "FileOrCreate", true), ("directory", "FileOrCreate", false),
            ("file", "File", true), ("nothing", "File", false), ("directory", "File", false),
            ("socket", "Socket", true), ("file", "Socket", false), ("nothing", "Socket", false),
            ("character", "CharDevice", true), ("file", "CharDevice", false), ("nothing", "CharDevice", false),
            ("file", "BlockDevice", false), ("character", "BlockDevice", false), ("block", "BlockDevice", true),
        ]

        @Test(arguments: hostPathCases.indices)
        func aHostPathsTypeIsChecked(_ index: Int) throws {
            let (have, type, runs) = Self.hostPathCases[index]
            try withWorld { world in
                let path = world.files + "/thing"
                switch have {
                case "directory": try world.directory("thing")
                case "file": try world.write("thing", "content")
                case "socket":
                    let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
                    defer { close(socket) }
                    var address = sockaddr_un()
                    address.sun_family = sa_family_t(AF_UNIX)
                    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
                    let bound = withUnsafePointer(to: &address) {
                        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                            bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                        }
                    }
                    try #require(bound == 0)
                case "character": try #require(mknod(path, S_IFCHR | 0o666, 0x103) == 0)
                case "block": try #require(mknod(path, S_IFBLK | 0o600, 0x700) == 0)
                default: break
                }
                let run = try world.run(
                    pod(
                        container("a", "stat -c %F /thing", mounts("{name: d, mountPath: /thing}")),
                        spec: "volumes: [{name: d, hostPath: {path: \(path), type: \(type)}}]"))
                if runs {
                    #expect(run.code == 0, "\(have) as \(type): \(run)")
                    if type == "FileOrCreate" { #expect(run.stdout.contains("regular"), "\(run)") }
                    if type == "DirectoryOrCreate" { #expect(run.stdout.contains("directory"), "\(run)") }
                } else {
                    #expect(run.code == 1, "\(have) as \(type): \(run)")
                    #expect(run.stderr.contains(path), "\(run)")
                    let said = ["hostPath type check failed", "doesn't exist", "does not exist", "is not a"]
                    #expect(said.contains { run.stderr.contains($0) }, "\(run)")
                }
            }
        }

        @Test func aReadOnlyMountCannotBeWritten() throws {
            try withWorld { world in
                try world.directory("data")
                let run = try world.run(
                    pod(
                        container(
                            "a", "touch /ro/x 2>&1; touch /rw/y && ls /ro",
                            mounts("{name: d, mountPath: /ro, readOnly: true}", "{name: d, mountPath: /rw}")),
                        spec: "volumes: [{name: d, hostPath: {path: \(world.files)/data}}]"))
                #expect(run.lines(of: "a").first?.contains("Read-only file system") ?? false, "\(run)")
                #expect(run.lines(of: "a").last == "y", "\(run)")
                #expect(!world.exists("data/x"))
            }
        }

        @Test func aSubPathIsAPartOfTheVolume() throws {
            try withWorld { world in
                try world.write("data/there/f", "file\n")
                chmod(world.files + "/data", 0o775)
                let run = try world.run(
                    pod(
                        container(
                            "a", "cat /dir/f /one; echo x > /made/y; stat -c %a /made",
                            mounts(
                                "{name: d, mountPath: /dir, subPath: there}",
                                "{name: d, mountPath: /one, subPath: there/f}",
                                "{name: d, mountPath: /made, subPath: a/b}")),
                        spec: "volumes: [{name: d, hostPath: {path: \(world.files)/data}}]"))
                #expect(run.code == 0, "\(run)")
                // A part that was missing is made with the mode of the volume's root.
                #expect(run.lines(of: "a") == ["file", "file", "775"], "\(run)")
                #expect(world.read("data/a/b/y") == "x\n")
            }
        }

        @Test func aSubPathThatLeavesTheVolumeIsRefused() throws {
            try withWorld { world in
                try world.directory("data")
                try world.write("outside/secret", "of the host")
                try #require(symlink("../outside", world.files + "/data/link") == 0)
                try #require(symlink(world.files + "/outside", world.files + "/data/absolute") == 0)
                for sub in ["link", "absolute", "link/secret", "absolute/secret", "link/new"] {
                    let run = try world.run(
                        pod(
                            container(
                                "a", "cat /d/secret /d 2>/dev/null; true",
                                mounts("{name: d, mountPath: /d, subPath: \(sub)}")),
                            spec: "volumes: [{name: d, hostPath: {path: \(world.files)/data}}]"))
                    #expect(!run.stdout.contains("of the host"), "\(sub): \(run)")
                    #expect(run.code != 0, "\(sub): \(run)")
                }
                #expect(!world.exists("outside/new"))
                let run = try world.run(
                    pod(
                        container("a", "true", mounts("{name: d, mountPath: /d, subPath: ../outside}")),
                        spec: "volumes: [{name: d, hostPath: {path: \(world.files)/data}}]"))
                #expect(run.code == 2, "\(run)")
            }
        }

        @Test func configMapsAndSecretsAreFilesOfTheAtomicWriter() throws {
            try withWorld { world in
                let script = """
                    cat /c/one /c/deep/er; stat -L -c %a /c/one /c/deep/er /s/password; readlink /c/one; readlink /c/..data | cut -c1-2
                    touch /c/new 2>&1 | grep -o 'Read-only file system'; stat -f -c %T /s; ls /c /s
                    """
                let run = try world.run(
                    documents(
                        configMap("conf", "{one: \"1\\n\", two: \"2\\n\"}"),
                        configMap("cred", "{password: pa55}", kind: "Secret"),
                        pod(
                            container("a", script, mounts("{name: c, mountPath: /c}", "{name: s, mountPath: /s}")),
                            spec: """
                                volumes:
                                - {name: c, configMap: {name: conf, items: [{key: one, path: one}, {key: two, path: deep/er, mode: 0400}]}}
                                - {name: s, secret: {secretName: cred, defaultMode: 0440}}
                                """)))
                #expect(
                    run.lines(of: "a") == [
                        "1", "2", "644", "400", "440", "..data/one", "..", "Read-only file system", "tmpfs", "/c:",
                        "deep", "one",
                        "", "/s:", "password",
                    ], "\(run)")
            }
        }

        @Test func aConfigMapThatIsNotGivenIsAClearErrorUnlessOptional() throws {
            try withWorld { world in
                let absent = try world.run(
                    pod(
                        container("a", "true", mounts("{name: c, mountPath: /c}")),
                        spec: "volumes: [{name: c, configMap: {name: nowhere}}]"))
                #expect(absent.code == 1 || absent.code == 2)
                #expect(absent.stderr.contains("nowhere"), "\(absent)")
                let optional = try world.run(
                    pod(
                        container("a", "ls -A /c; echo empty", mounts("{name: c, mountPath: /c}")),
                        spec: "volumes: [{name: c, configMap: {name: nowhere, optional: true}}]"))
                #expect(optional.code == 0 && optional.lines(of: "a").last == "empty", "\(optional)")
            }
        }

        @Test func aSubPathOfAConfigMapIsOneFile() throws {
            try withWorld { world in
                let run = try world.run(
                    documents(
                        configMap("conf", "{one: first, two: second}"),
                        pod(
                            container(
                                "a", "cat /etc/one; ls /etc/passwd",
                                mounts("{name: c, mountPath: /etc/one, subPath: one}")),
                            spec: "volumes: [{name: c, configMap: {name: conf}}]")))
                #expect(run.code == 0 && run.stdout.contains("first"), "\(run)")
            }
        }

        @Test func oneVolumeOnTheHostIsNotSeenInAnotherPod() throws {
            try withWorld { world in
                let run = try world.run(
                    documents(
                        pod(
                            container("a", "echo mine > /w/f; sleep 0.4; ls /w", mounts("{name: w, mountPath: /w}")),
                            name: "one",
                            spec: "volumes: [{name: w, emptyDir: {}}]"),
                        pod(
                            container("b", "sleep 0.2; ls /w | wc -l", mounts("{name: w, mountPath: /w}")), name: "two",
                            spec: "volumes: [{name: w, emptyDir: {}}]")))
                #expect(run.code == 0, "\(run)")
                #expect(run.lines(of: "a") == ["f"] && run.lines(of: "b") == ["0"], "\(run)")
            }
        }
    }
}

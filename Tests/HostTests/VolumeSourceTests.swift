import Foundation
import Glibc
import Testing

extension HostTests {
    /// Every kind of volume source, and what a `subPath` of it is.
    @Suite struct VolumeSourceTests {
        private func mounts(_ list: String...) -> String { "volumeMounts: [\(list.joined(separator: ", "))]" }

        /// A local or hostPath PersistentVolume `pv`.
        private func volume(_ source: String, _ more: String = "") -> String {
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: pv}
            spec:
              capacity: {storage: 1Gi}
              accessModes: [ReadWriteOnce, ReadOnlyMany]
              storageClassName: manual
              \(more)
              nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: Exists}]}]}}
              \(source)

            """
        }

        private func claim(_ more: String = "accessModes: [ReadWriteOnce]") -> String {
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: pvc}
            spec: {storageClassName: manual, resources: {requests: {storage: 1Gi}}, \(more)}

            """
        }

        // MARK: emptyDir, conformance S028 to S041

        @Test(arguments: ["{}", "{medium: Memory}"])
        func anEmptyDirTakesFilesOfAnyModeAndUser(_ source: String) throws {
            try withWorld { world in
                for user in [0, 1001] {
                    let script = """
                        stat -f -c %T /w; stat -c %A /w
                        for m in 0644 0666 0777; do
                          echo "content $m" > /w/$m; chmod $m /w/$m; stat -c '%A %u' /w/$m; cat /w/$m
                        done
                        """
                    let run = try world.run(
                        pod(
                            container(
                                "a", script,
                                mounts("{name: w, mountPath: /w}") + ", securityContext: {runAsUser: \(user)}"),
                            spec: "volumes: [{name: w, emptyDir: \(source)}]"))
                    let lines = run.lines(of: "a")
                    #expect(lines.first == "tmpfs" || source == "{}", "\(run)")
                    #expect(
                        lines.dropFirst() == [
                            "drwxrwxrwx", "-rw-r--r-- \(user)", "content 0644", "-rw-rw-rw- \(user)", "content 0666",
                            "-rwxrwxrwx \(user)", "content 0777",
                        ], "\(run)")
                }
            }
        }

        @Test func memoryIsNoMoreThanThePodsLimit() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "stat -f -c '%b %S' /m /n | while read b s; do echo $((b * s)); done",
                            mounts("{name: m, mountPath: /m}", "{name: o, mountPath: /n}")
                                + ", resources: {limits: {memory: 64Mi}}"),
                        spec:
                            "volumes: [{name: m, emptyDir: {medium: Memory}}, {name: o, emptyDir: {medium: Memory, sizeLimit: 8Mi}}]"
                    ))
                #expect(run.lines(of: "a") == ["\(64 << 20)", "\(8 << 20)"], "\(run)")
            }
        }

        // MARK: subPath, S01: the upstream cases for each volume type

        /// Sources whose content a container makes first, in an init container.
        static let writable = ["emptyDir: {}", "emptyDir: {medium: Memory}", "hostPath", "local"]

        @Test(arguments: writable)
        func subPaths(_ kind: String) throws {
            try withWorld { world in
                let path = try world.directory("data")
                try world.write("canary/secret", "of the host")
                let source =
                    switch kind {
                    case "hostPath": "hostPath: {path: \(path)}"
                    case "local": "persistentVolumeClaim: {claimName: pvc}"
                    default: kind
                    }
                let objects = kind == "local" ? volume("local: {path: \(path)}") + "---\n" + claim() + "---\n" : ""
                let make = container(
                    "make",
                    """
                    mkdir -p /v/dir/deep; echo in-dir > /v/dir/f; echo deep > /v/dir/deep/f; ln -s dir /v/inside
                    ln -s \(world.files)/canary /v/out; ln -s ../../../../../../..\(world.files)/canary/secret /v/outfile
                    ln -s nowhere/at/all /v/dangling; ln -s dir/../../etc /v/back
                    """, mounts("{name: v, mountPath: /v}"))
                func run(_ script: String, _ list: String...) throws -> Outcome {
                    try world.run(
                        objects
                            + pod(
                                container(
                                    "a", script,
                                    "env: [{name: D, value: dir}], volumeMounts: [\(list.joined(separator: ", "))]"),
                                initContainers: [make], spec: "volumes: [{name: v, \(source)}]"))
                }
                // Directories, files, links inside, an existing file as the target, read-only and writable, by expression.
                let good = try run(
                    """
                    cat /dir/f /file /link/f /etc/hostname /expr/f; touch /dir/new && echo written; touch /ro/new 2>&1 | grep -c Read-only
                    mkdir /made/x && ls /made; cat /all/dir/new && echo seen
                    """,
                    "{name: v, mountPath: /dir, subPath: dir}", "{name: v, mountPath: /file, subPath: dir/f}",
                    "{name: v, mountPath: /link, subPath: inside}",
                    "{name: v, mountPath: /etc/hostname, subPath: dir/deep/f}",
                    "{name: v, mountPath: /expr, subPathExpr: $(D)/deep}",
                    "{name: v, mountPath: /ro, subPath: dir, readOnly: true}",
                    "{name: v, mountPath: /made, subPath: new/made}", "{name: v, mountPath: /all}")
                #expect(
                    good.lines(of: "a") == [
                        "in-dir", "in-dir", "in-dir", "deep", "deep", "written", "1", "x", "seen",
                    ], "\(kind): \(good)")
                for sub in ["out", "outfile", "out/secret", "out/new", "dangling", "back", "back/passwd"] {
                    for field in ["subPath", "subPathExpr"] where kind != "local" || field == "subPathExpr" {
                        let bad = try run("ls /x; cat /x /x/secret", "{name: v, mountPath: /x, \(field): \(sub)}")
                        #expect(bad.code != 0 && !bad.stdout.contains("of the host"), "\(kind) \(sub): \(bad)")
                        #expect(!bad.stdout.contains("passwd"), "\(kind) \(sub): \(bad)")
                    }
                }
                #expect(
                    try FileManager.default.contentsOfDirectory(atPath: world.files + "/canary") == ["secret"])
            }
        }

        /// Conformance S084 to S088.
        @Test func subPathsOfFilesFromObjects() throws {
            try withWorld { world in
                let run = try world.run(
                    documents(
                        configMap("c", "{key: \"of the map\\n\", file: \"over the file\\n\"}"),
                        configMap("s", "{key: \"of the secret\\n\"}", kind: "Secret"),
                        pod(
                            container(
                                "a",
                                "cat /c /s /d /p /etc/hostname; for f in /c /s /d /p; do echo x 2>/dev/null > $f && echo $f; done; true",
                                mounts(
                                    "{name: c, mountPath: /c, subPath: key}", "{name: s, mountPath: /s, subPath: key}",
                                    "{name: d, mountPath: /d, subPath: down/name}",
                                    "{name: p, mountPath: /p, subPath: sub/key}",
                                    "{name: c, mountPath: /etc/hostname, subPath: file}")),
                            spec: """
                                volumes:
                                - {name: c, configMap: {name: c}}
                                - {name: s, secret: {secretName: s}}
                                - {name: d, downwardAPI: {items: [{path: down/name, fieldRef: {fieldPath: metadata.name}}]}}
                                - {name: p, projected: {sources: [{secret: {name: s, items: [{key: key, path: sub/key}]}}]}}
                                """)))
                #expect(
                    run.stdout.replacing(#/a \| /#, with: "").hasPrefix(
                        "of the map\nof the secret\npof the secret\nover the file\n"), "\(run)")
                #expect(run.lines(of: "a").count == 4, "\(run)")
            }
        }

        // MARK: subPathExpr, conformance N084 to N087

        @Test func subPathExprIsTheContainersEnvironment() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "test -d /all/p/one && echo made; touch /sub/f; ls /all/p/one",
                            "env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: PART, value: one}], "
                                + mounts(
                                    "{name: w, mountPath: /sub, subPathExpr: $(POD)/$(PART)}",
                                    "{name: w, mountPath: /all}"
                                )),
                        spec: "volumes: [{name: w, emptyDir: {}}]"))
                #expect(run.lines(of: "a") == ["made", "f"], "\(run)")
                for (value, words) in [
                    ("/tmp", "must not be an absolute path"), ("..", "must not contain '..'"),
                    ("", "missing value for P"),
                ] {
                    let run = try world.run(
                        pod(
                            container(
                                "a", "echo ran",
                                "env: [{name: P, value: '\(value)'}], "
                                    + mounts("{name: w, mountPath: /sub, subPathExpr: $(P)}")),
                            spec: "volumes: [{name: w, emptyDir: {}}]"))
                    #expect(run.code != 0 && !run.stdout.contains("ran") && run.stderr.contains(words), "\(run)")
                }
            }
        }

        // MARK: image

        @Test func aDirectoryOfTheHostStandsInForAnImage() throws {
            try withWorld { world in
                try world.write("image/dir/f", "content\n")
                try world.write("image/dir/run", "#!/bin/sh\necho ran\n", mode: 0o755)
                let run = try world.run(
                    pod(
                        container(
                            "a",
                            "cat /i/dir/f /sub/f; touch /i/x 2>&1 | grep -o Read-only; /i/dir/run 2>&1 | grep -o denied",
                            mounts("{name: i, mountPath: /i}", "{name: i, mountPath: /sub, subPath: dir}")),
                        spec:
                            "securityContext: {fsGroup: 1001}\nvolumes: [{name: i, image: {reference: \"host:\(world.files)/image\"}}]"
                    ))
                #expect(run.lines(of: "a").prefix(3) == ["content", "content", "Read-only"], "\(run)")
                #expect(!run.stdout.contains("ran") && run.stdout.contains("denied"), "\(run)")
                var status = stat()
                #expect(stat(world.files + "/image/dir/f", &status) == 0 && status.st_gid == 0)
            }
        }

        // MARK: Claims

        @Test func anEphemeralVolumeIsBoundToAVolume() throws {
            try withWorld { world in
                let path = try world.directory("data")
                let ephemeral =
                    "ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], storageClassName: manual, "
                    + "resources: {requests: {storage: 1Gi}}}}}"
                let user = pod(
                    container("a", "echo x > /v/f", mounts("{name: v, mountPath: /v}")),
                    spec: "volumes: [{name: v, \(ephemeral)}]")
                let run = try world.run(documents(volume("local: {path: \(path)}"), user))
                #expect(run.code == 0 && world.read("data/f") == "x\n", "\(run)")
                let alone = try world.run(user)
                #expect(alone.code != 0 && alone.stderr.contains("\"p-v\" is not bound"), "\(alone)")
            }
        }

        @Test func aClaimForReadingIsMountedReadOnly() throws {
            try withWorld { world in
                try world.write("data/f", "text\n")
                let run = try world.run(
                    documents(
                        volume("hostPath: {path: \(world.files)/data}"), claim("accessModes: [ReadOnlyMany]"),
                        pod(
                            container(
                                "a", "cat /v/f; touch /v/x 2>&1 | grep -o Read-only", mounts("{name: v, mountPath: /v}")
                            ),
                            spec: "volumes: [{name: v, persistentVolumeClaim: {claimName: pvc}}]")))
                #expect(run.lines(of: "a") == ["text", "Read-only"], "\(run)")
            }
        }

        /// A loop device on the host, bound by a claim of volumeMode Block.
        @Test func aBlockVolumeIsADevice() throws {
            try withWorld(needs: [.program("losetup")]) { world in
                let image = try world.write("disk.img", String(repeating: "x", count: 1 << 20))
                let loop = try world.program(["losetup", "--find", "--show", image]).wait()
                guard loop.code == 0 else { try skip("no loop device: \(loop.stderr)") }
                let device = loop.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
                defer { _ = try? world.program(["losetup", "--detach", device]).wait() }
                for source in ["local", "hostPath"] {
                    let run = try world.run(
                        documents(
                            volume("\(source): {path: \(device)}", "volumeMode: Block"),
                            claim("accessModes: [ReadWriteOnce], volumeMode: Block"),
                            pod(
                                container(
                                    "a",
                                    "stat -c %F /dev/disk; head -c 4 /dev/disk; echo; printf back | dd of=/dev/disk conv=fsync 2>/dev/null && echo written",
                                    "volumeDevices: [{name: v, devicePath: /dev/disk}]"),
                                spec: "volumes: [{name: v, persistentVolumeClaim: {claimName: pvc}}]")))
                    let first = source == "local" ? "xxxx" : "back"
                    #expect(run.lines(of: "a") == ["block special file", first, "written"], "\(source): \(run)")
                }
                #expect(world.read("disk.img").hasPrefix("backxx"))
            }
        }
    }
}

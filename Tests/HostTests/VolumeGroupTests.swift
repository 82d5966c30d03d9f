import Foundation
import Glibc
import Testing

extension HostTests {
    /// fsGroup as a user sees it: containers that are not root, and files of the host.
    @Suite struct VolumeGroupTests {
        private func mounts(_ list: String...) -> String { "volumeMounts: [\(list.joined(separator: ", "))]" }

        private let identity = "securityContext: {runAsUser: 1000, runAsGroup: 3000, fsGroup: 1001}"

        /// A local PersistentVolume `pv`, bound by the claim `pvc`.
        private func local(_ path: String) -> String {
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: pv}
            spec:
              capacity: {storage: 1Gi}
              accessModes: [ReadWriteOnce]
              storageClassName: manual
              local: {path: \(path)}
              nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: Exists}]}]}}
            ---
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: pvc}
            spec: {accessModes: [ReadWriteOnce], storageClassName: manual, resources: {requests: {storage: 1Gi}}}

            """
        }

        private func group(_ path: String) -> (gid: UInt32, mode: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return (.max, "") }
            return (status.st_gid, String(status.st_mode & 0o7777, radix: 8))
        }

        @Test(arguments: ["{}", "{medium: Memory}", "{mode: 0700}", "{medium: Memory, mode: 0700}"])
        func anEmptyDirIsTheGroups(_ source: String) throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a",
                            "id -G; touch /w/f && stat -c %g /w/f; stat -c %g /w; mkdir /w/d && stat -c '%g %A' /w/d",
                            mounts("{name: w, mountPath: /w}")),
                        spec: identity + "\nvolumes: [{name: w, emptyDir: \(source)}]"))
                #expect(
                    run.lines(of: "a") == ["3000 1001", "1001", "1001", "1001 drwxr-sr-x"], "\(source): \(run)")
            }
        }

        /// Conformance S077: mode 0440, uid 1000, fsGroup 1001.
        @Test func secretsAndConfigMapsAreReadByTheGroup() throws {
            try withWorld { world in
                let script = "cat /s/key /c/key; stat -L -c '%A %g' /s/key /c/key; cat /none/key 2>&1 | grep -o denied"
                let run = try world.run(
                    documents(
                        configMap("c", "{key: \"of the map\\n\"}"),
                        configMap("s", "{key: \"of the secret\\n\"}", kind: "Secret"),
                        pod(
                            container(
                                "a", script, mounts("{name: s, mountPath: /s}", "{name: c, mountPath: /c}")),
                            spec: identity + """

                                volumes:
                                - {name: s, secret: {secretName: s, defaultMode: 0440}}
                                - {name: c, configMap: {name: c, defaultMode: 0400}}
                                """)))
                #expect(
                    run.lines(of: "a") == [
                        "of the secret", "of the map", "-r--r----- 1001", "-r--r----- 1001",
                    ], "\(run)")
            }
        }

        @Test func withoutTheGroupTheyAreNot() throws {
            try withWorld { world in
                let run = try world.run(
                    documents(
                        configMap("s", "{key: \"of the secret\\n\"}", kind: "Secret"),
                        pod(
                            container("a", "cat /s/key", mounts("{name: s, mountPath: /s}")),
                            spec:
                                "securityContext: {runAsUser: 1000}\nvolumes: [{name: s, secret: {secretName: s, defaultMode: 0440}}]"
                        )))
                #expect(run.code != 0 && !run.stdout.contains("of the secret"), "\(run)")
            }
        }

        @Test func aLocalVolumeIsGivenToTheGroupAndAHostPathIsNot() throws {
            try withWorld { world in
                for name in ["local", "host"] {
                    try world.directory("\(name)/d")
                    try world.write("\(name)/d/f", "", mode: 0o600)
                    chmod(world.files + "/\(name)", 0o700)
                }
                try FileManager.default.createSymbolicLink(
                    atPath: world.files + "/local/link", withDestinationPath: "../host/d/f")
                let run = try world.run(
                    local(world.files + "/local") + "---\n"
                        + pod(
                            container(
                                "a", "echo x > /l/d/f && cat /l/d/f; ls /h",
                                mounts("{name: l, mountPath: /l}", "{name: h, mountPath: /h}")),
                            spec: identity + """

                                volumes:
                                - {name: l, persistentVolumeClaim: {claimName: pvc}}
                                - {name: h, hostPath: {path: \(world.files)/host}}
                                """))
                #expect(run.lines(of: "a").first == "x" && run.code != 0, "\(run)")
                #expect(group(world.files + "/local") == (1001, "2770"))
                #expect(group(world.files + "/local/d/f") == (1001, "660"))
                #expect(group(world.files + "/local/link").gid == 1001)
                for path in ["host", "host/d", "host/d/f"] {
                    #expect(group("\(world.files)/\(path)").gid == 0, "\(path)")
                }
                #expect(group(world.files + "/host").mode == "700" && group(world.files + "/host/d/f").mode == "600")
            }
        }

        @Test(arguments: ["Always", "OnRootMismatch"])
        func theChangePolicyLooksAtTheRoot(_ policy: String) throws {
            try withWorld { world in
                try world.write("local/f", "", mode: 0o600)
                let path = world.files + "/local"
                chown(path, 0, 1001)
                chmod(path, 0o2770)
                let text =
                    local(path) + "---\n"
                    + pod(
                        container("a", "ls /l", mounts("{name: l, mountPath: /l}")),
                        spec: "securityContext: {fsGroup: 1001, fsGroupChangePolicy: \(policy)}\n"
                            + "volumes: [{name: l, persistentVolumeClaim: {claimName: pvc}}]")
                try #expect(world.run(text).lines(of: "a") == ["f"])
                #expect(group(path + "/f").gid == (policy == "Always" ? 1001 : 0))
                chmod(path, 0o750)
                try #expect(world.run(text).lines(of: "a") == ["f"])
                #expect(group(path + "/f") == (1001, "660"))
                #expect(group(path) == (1001, "2770"))
            }
        }

        @Test func aClaimThatIsReadOnlyIsLeftAlone() throws {
            try withWorld { world in
                try world.write("local/f", "text\n", mode: 0o600)
                let run = try world.run(
                    local(world.files + "/local") + "---\n"
                        + pod(
                            container("a", "cat /l/f; touch /l/x 2>&1", mounts("{name: l, mountPath: /l}")),
                            spec: "securityContext: {fsGroup: 1001}\n"
                                + "volumes: [{name: l, persistentVolumeClaim: {claimName: pvc, readOnly: true}}]"))
                #expect(run.lines(of: "a").first == "text", "\(run)")
                #expect(run.lines(of: "a").last?.contains("Read-only file system") ?? false, "\(run)")
                #expect(group(world.files + "/local/f") == (0, "600"))
            }
        }

        /// A tree that takes its time is no reason not to listen: the pod ends when it is told to.
        @Test func aLargeVolumeCanBeStopped() throws {
            try withWorld { world in
                let path = try world.directory("local")
                let make = try world.program(["sh", "-c", "cd \(path) && seq 100000 | xargs touch"])
                try #expect(make.wait(60).code == 0)
                let run = try world.start(
                    local(path) + "---\n"
                        + pod(
                            container("a", "echo ran", mounts("{name: l, mountPath: /l}")),
                            spec:
                                "securityContext: {fsGroup: 1001}\nvolumes: [{name: l, persistentVolumeClaim: {claimName: pvc}}]"
                        ))
                try eventually("the walk has begun") { self.group(path + "/1").gid == 1001 || run.hasEnded }
                run.interrupt()
                let outcome = try run.wait(20)
                #expect(outcome.code != 0 && !outcome.stdout.contains("ran"), "\(outcome)")
                #expect(outcome.stderr.contains("stopped while its files were given to fsGroup 1001"), "\(outcome)")
                #expect(group(path).gid == 0)
            }
        }

        // MARK: emptyDir.mode (KEP-5502)

        @Test(arguments: ["0755", "01777", "0000", "0700"])
        func anEmptyDirHasTheModeThatIsAskedFor(_ mode: String) throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "stat -c %a /d /m",
                            mounts("{name: d, mountPath: /d}", "{name: m, mountPath: /m}")),
                        spec:
                            "volumes: [{name: d, emptyDir: {mode: \(mode)}}, {name: m, emptyDir: {medium: Memory, mode: \(mode)}}]"
                    ))
                let expected = String(Int(mode, radix: 8) ?? -1, radix: 8)
                #expect(run.lines(of: "a") == [expected, expected], "\(run)")
            }
        }
    }
}

import Foundation
import Glibc
import Testing

extension HostTests {
    /// Mounts below a volume: whether they are read-only, and who sees those that are made later.
    @Suite struct VolumePropagationTests {
        private func mounts(_ list: String...) -> String { "volumeMounts: [\(list.joined(separator: ", "))]" }

        private let privileged = "securityContext: {privileged: true}"

        /// Calls `body` with a directory of the world that is a mount of its own, shared or private.
        private func withMount(
            _ world: World, _ propagation: String, _ body: (_ path: String) throws -> Void
        ) throws {
            let path = try world.directory("mount")
            func mount(_ arguments: String...) throws {
                let outcome = try world.program(["mount"] + arguments).wait()
                guard outcome.code == 0 else { throw Expired(description: "mount \(arguments): \(outcome)") }
            }
            try mount("--bind", path, path)
            defer {
                let mounts = text(at: "/proc/self/mountinfo").split(separator: "\n").compactMap { line in
                    line.split(separator: " ").dropFirst(4).first.map(String.init)
                }
                for mount in mounts.reversed() where mount == path || mount.hasPrefix(path + "/") { umount2(mount, 2) }
            }
            try mount("--make-" + propagation, path)
            try world.directory("mount/below")
            try mount("-t", "tmpfs", "before", path + "/below")
            try body(path)
        }

        // MARK: recursiveReadOnly (KEP-3857)

        private func canWrite(_ path: String) -> String {
            "touch \(path)/x 2>/dev/null && echo '\(path) written' || echo '\(path) not';"
        }

        /// The public example storage/rro.yaml, with the tmpfs that it speaks of.
        @Test func theMountsBelowAreReadOnlyWhereThatIsAskedFor() throws {
            try withWorld { world in
                try withMount(world, "private") { path in
                    let script = ["/rro", "/ifpossible", "/ro", "/rw", "/part"].map { volume in
                        self.canWrite(volume) + (volume == "/part" ? "" : self.canWrite(volume + "/below"))
                    }.joined()
                    let run = try world.run(
                        pod(
                            container(
                                "a", script,
                                mounts(
                                    "{name: m, mountPath: /rro, readOnly: true, mountPropagation: None, recursiveReadOnly: Enabled}",
                                    "{name: m, mountPath: /ifpossible, readOnly: true, recursiveReadOnly: IfPossible}",
                                    "{name: m, mountPath: /ro, readOnly: true}", "{name: m, mountPath: /rw}",
                                    "{name: m, mountPath: /part, subPath: below, readOnly: true, recursiveReadOnly: Enabled}"
                                )), spec: "volumes: [{name: m, hostPath: {path: \(path)}}]"))
                    #expect(
                        run.lines(of: "a") == [
                            "/rro not", "/rro/below not", "/ifpossible not", "/ifpossible/below not", "/ro not",
                            "/ro/below written", "/rw written", "/rw/below written", "/part not",
                        ], "\(run)")
                }
            }
        }

        @Test func theStatusSaysWhatBecameOfIt() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "true",
                            mounts(
                                "{name: m, mountPath: /a, readOnly: true, recursiveReadOnly: IfPossible}",
                                "{name: m, mountPath: /b, readOnly: true}", "{name: m, mountPath: /c}")),
                        spec: "volumes: [{name: m, emptyDir: {}}]"), ["-o", "json"])
                let expected = """
                    [{"name":"m","mountPath":"/a","readOnly":true,"recursiveReadOnly":"Enabled"},\
                    {"name":"m","mountPath":"/b","readOnly":true,"recursiveReadOnly":"Disabled"},\
                    {"name":"m","mountPath":"/c"}]
                    """
                let found = run.stdout.filter { !$0.isWhitespace }
                #expect(found.contains("\"volumeMounts\":" + expected), "\(run)")
            }
        }

        // MARK: bindMountOptions (KEP-5855)

        @Test func aProgramOnAVolumeIsRunOnlyWhereItMayBe() throws {
            try withWorld { world in
                try withMount(world, "private") { path in
                    let script = """
                        cp /bin/true /x/true; cp /bin/true /x/below/true
                        for p in /x /n /n/below; do $p/true 2>/dev/null && echo "$p runs" || echo "$p does not"; done
                        touch /n/f && echo written; sed -n 's/.* \\/n .*\\(noexec\\).*/\\1/p' /proc/self/mountinfo
                        """
                    let run = try world.run(
                        pod(
                            container(
                                "a", script,
                                mounts(
                                    "{name: m, mountPath: /x}",
                                    "{name: m, mountPath: /n, bindMountOptions: [noexec, nosuid, nodev]}")),
                            spec: "volumes: [{name: m, hostPath: {path: \(path)}}]"))
                    #expect(
                        run.lines(of: "a") == ["/x runs", "/n does not", "/n/below does not", "written", "noexec"],
                        "\(run)")
                }
            }
        }

        @Test func aDeviceOnAVolumeWithoutDevicesIsNone() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a",
                            "echo x > /zero && echo '/zero works'; { echo x > /none; } 2>/dev/null || echo '/none does not'",
                            mounts(
                                "{name: z, mountPath: /zero}", "{name: z, mountPath: /none, bindMountOptions: [nodev]}")
                        ),
                        spec: "volumes: [{name: z, hostPath: {path: /dev/zero, type: CharDevice}}]"))
                #expect(run.lines(of: "a") == ["/zero works", "/none does not"], "\(run)")
            }
        }

        // MARK: mountPropagation

        @Test func mountsSpreadBothWaysAndStayTheHosts() throws {
            try withWorld { world in
                try withMount(world, "shared") { path in
                    let made = container(
                        "both",
                        "until [ -e /w/started ]; do sleep 0.02; done; mkdir /v/made && mount -t tmpfs made /v/made && echo made > /v/made/f; echo ready; "
                            + "until [ -e /v/late/f ]; do sleep 0.02; done; cat /v/late/f; ls /v/below",
                        privileged + ", "
                            + mounts(
                                "{name: v, mountPath: /v, mountPropagation: Bidirectional}", "{name: w, mountPath: /w}")
                    )
                    let sees = container(
                        "down",
                        "until [ -e /v/late/f ] && [ -e /v/made/f ]; do sleep 0.02; done; cat /v/late/f /v/made/f; ls /v/below",
                        mounts("{name: v, mountPath: /v, mountPropagation: HostToContainer}"))
                    let blind = container(
                        "none",
                        "touch /w/started; until [ -e /w/done ]; do sleep 0.02; done; ls /v/late /v/made; ls /v/below",
                        mounts("{name: v, mountPath: /v}", "{name: w, mountPath: /w}"))
                    try world.write("mount/below/f", "")
                    try world.directory("mount/late")
                    let run = try world.start(
                        pod(
                            made, sees, blind,
                            spec:
                                "volumes: [{name: v, hostPath: {path: \(path)}}, {name: w, hostPath: {path: \(world.files)}}]"
                        ))
                    try run.waitForLine("both | ready")
                    // What the container has mounted is on the host.
                    #expect(text(at: path + "/made/f") == "made\n")
                    try #expect(world.program(["mount", "-t", "tmpfs", "late", path + "/late"]).wait().code == 0)
                    try world.write("mount/late/f", "late\n")
                    try run.waitForLine("down | made")
                    try world.write("done", "")
                    let outcome = try run.wait()
                    #expect(outcome.lines(of: "both") == ["ready", "late", "f"], "\(outcome)")
                    #expect(outcome.lines(of: "down") == ["late", "made", "f"], "\(outcome)")
                    #expect(
                        outcome.lines(of: "none").filter { !$0.isEmpty } == ["/v/late:", "/v/made:", "f"], "\(outcome)")
                    // It stays there, as in Kubernetes; and no end of a container has unmounted what the host had.
                    #expect(text(at: path + "/made/f") == "made\n" && access(path + "/below/f", F_OK) == 0)
                }
            }
        }

        /// A FUSE sidecar, say: what it mounts on an emptyDir is the pod's alone, and gone with it.
        @Test(arguments: ["{}", "{medium: Memory}"])
        func onAnEmptyDirMountsSpreadInThePodAlone(_ source: String) throws {
            try withWorld { world in
                let run = try world.start(
                    pod(
                        container(
                            "app",
                            "until [ -e /v/m/f ]; do sleep 0.02; done; cat /v/m/f; echo seen; until [ -e /w/done ]; do sleep 0.02; done",
                            mounts(
                                "{name: v, mountPath: /v, mountPropagation: HostToContainer}",
                                "{name: w, mountPath: /w}")),
                        initContainers: [
                            sidecar(
                                "fuse", "mkdir -p /v/m && mount -t tmpfs inner /v/m && echo inner > /v/m/f; " + idle,
                                privileged + ", " + mounts("{name: v, mountPath: /v, mountPropagation: Bidirectional}"))
                        ],
                        spec: "volumes: [{name: v, emptyDir: \(source)}, {name: w, hostPath: {path: \(world.files)}}]"))
                try run.waitForLine("app | seen")
                #expect(!text(at: "/proc/self/mountinfo").contains(" inner "))
                try world.write("done", "")
                let outcome = try run.wait()
                #expect(outcome.lines(of: "app") == ["inner", "seen"], "\(outcome)")
            }
        }

        /// Whatever its own propagation is, a container sees what is there when it starts.
        @Test func whatAnInitContainerMountsIsThereAfterwards() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a", "cat /v/m/f; echo x 2>/dev/null > /ro/g || echo refused",
                            mounts("{name: v, mountPath: /v}", "{name: v, mountPath: /ro, readOnly: true}")),
                        initContainers: [
                            container(
                                "i", "sleep 0.2; mkdir /v/m && mount -t tmpfs inner /v/m && echo inner > /v/m/f",
                                privileged + ", " + mounts("{name: v, mountPath: /v, mountPropagation: Bidirectional}"))
                        ], spec: "volumes: [{name: v, emptyDir: {}}]"))
                #expect(run.lines(of: "a") == ["inner", "refused"], "\(run)")
            }
        }

        @Test(arguments: [("HostToContainer", "a shared or slave mount"), ("Bidirectional", "a shared mount")])
        func aPrivateMountOfTheHostIsRefused(_ mode: String, _ wanted: String) throws {
            try withWorld { world in
                try withMount(world, "private") { path in
                    let run = try world.run(
                        pod(
                            container(
                                "a", "echo ran",
                                privileged + ", " + mounts("{name: v, mountPath: /v, mountPropagation: \(mode)}")),
                            spec: "volumes: [{name: v, hostPath: {path: \(path)}}]"))
                    #expect(run.code != 0 && !run.stdout.contains("ran"), "\(run)")
                    #expect(run.stderr.contains("is mounted on \"\(path)\" but it is not \(wanted)"), "\(run)")
                }
            }
        }

        /// The keeper dies, and with it every container: nothing of the host is unmounted, and nothing of the pod stays.
        @Test func theHostsMountsOutliveAKilledPod() throws {
            try withWorld(sweeping: true) { world in
                try withMount(world, "shared") { path in
                    try world.write("mount/below/f", "")
                    let run = try world.start(
                        pod(
                            container(
                                "a", "mkdir /v/made; mount -t tmpfs made /v/made; touch /v/made/f; echo up; " + idle,
                                privileged + ", " + mounts("{name: v, mountPath: /v, mountPropagation: Bidirectional}")),
                            spec: "volumes: [{name: v, hostPath: {path: \(path)}}]"))
                    try run.waitForLine("a | up")
                    for pid in world.supervisors() + world.keepers() { kill(pid, SIGKILL) }
                    _ = try? run.wait(10)
                    #expect(access(path + "/below/f", F_OK) == 0 && access(path + "/made/f", F_OK) == 0)
                }
            }
        }
    }
}

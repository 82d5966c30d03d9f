import Foundation
import Glibc
import Testing

extension HostTests {
    /// Who a container is, and what it cannot become. Rows of docs/security.md.
    @Suite struct SecurityIdentityTests {
        private static let masks = "grep ^Cap /proc/self/status | tr -d '\\n'; echo"
        /// CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE SYS_CHROOT SETFCAP
        private static let defaults = "00000000800405fb"
        private static let none = "0000000000000000"

        private static func line(permitted: String, bounding: String) -> String {
            "CapInh:\t\(none)CapPrm:\t\(permitted)CapEff:\t\(permitted)CapBnd:\t\(bounding)CapAmb:\t\(none)"
        }

        /// S23. Guards `swl_set_capabilities` and `swl_bound_capabilities` in `ContainerProcess.takeIdentity`.
        @Test func capabilitiesAreExactForEachKindOfContainer() throws {
            try withWorld { world in
                let user = "securityContext: {runAsUser: 1000}"
                let add = "securityContext: {runAsUser: 1000, capabilities: {add: [NET_ADMIN]}}"
                let run = try world.run(
                    pod(
                        container("app", Self.masks), container("user", Self.masks, user),
                        container("added", Self.masks, add),
                        initContainers: [
                            container("init", Self.masks), container("init-user", Self.masks, user),
                            sidecar("side", Self.masks + ";" + idle),
                            sidecar("side-user", Self.masks + ";" + idle, user),
                        ]))
                #expect(run.code == 0, "\(run)")
                for name in ["init", "side", "app"] {
                    let expected = Self.line(permitted: Self.defaults, bounding: Self.defaults)
                    #expect(run.lines(of: name) == [expected], "\(name): \(run)")
                }
                for name in ["init-user", "side-user", "user"] {
                    let expected = Self.line(permitted: Self.none, bounding: Self.defaults)
                    #expect(run.lines(of: name) == [expected], "\(name): \(run)")
                }
                let added = Self.line(permitted: Self.none, bounding: "00000000800415fb")
                #expect(run.lines(of: "added") == [added], "\(run)")
            }
        }

        /// S36. Guards `swl_no_new_privileges` in `ContainerProcess.takeIdentity`. The second run shows that the program
        /// would gain something.
        @Test func aSetUserIDProgramGainsNothingWithoutPrivilegeEscalation() throws {
            try withWorld(needs: [.program("busybox")]) { world in
                let root = try world.makeRoot()
                try FileManager.default.copyItem(atPath: World.probe, toPath: root + "/bin/ids")
                chmod(root + "/bin/ids", 0o4755)
                func run(_ allowed: Bool) throws -> [String] {
                    let context = "{runAsUser: 1000, allowPrivilegeEscalation: \(allowed)}"
                    let container =
                        "{name: a, image: \"host:\(root)\", command: [/bin/ids, ids], securityContext: \(context)}"
                    return try world.run(pod(container)).lines(of: "a")
                }
                #expect(try run(false) == ["1000 1000"])
                #expect(try run(true) == ["1000 0"])
            }
        }

        /// S36. Guards `.noSetUserID` in `HostRoot.attributes`, and `nosuid` in `VolumeSetup`.
        @Test func aSetUserIDProgramGainsNothingOnAVolumeOrInAHostRoot() throws {
            try withWorld(needs: [.program("setpriv")]) { world in
                let disk = try world.directory("disk")
                try FileManager.default.copyItem(atPath: World.probe, toPath: disk + "/ids")
                chmod(disk + "/ids", 0o4755)
                let script = """
                    for d in /usr/bin /tmp /e /m; do cp /probe $d/ids; chmod 4755 $d/ids; done
                    for d in /usr/bin /tmp /e /m /h; do echo "$d $(setpriv --reuid 1000 --clear-groups $d/ids ids)"; done
                    """
                let run = try world.run(
                    pod(
                        probing(
                            "a", script, mounts: "{name: e, mountPath: /e}", "{name: m, mountPath: /m}",
                            "{name: h, mountPath: /h}"),
                        spec: probeVolume(
                            "{name: e, emptyDir: {}}", "{name: m, emptyDir: {medium: Memory}}",
                            "{name: h, hostPath: {path: \(disk)}}")))
                let expected = ["/usr/bin", "/tmp", "/e", "/m", "/h"].map { $0 + " 1000 1000" }
                #expect(run.lines(of: "a") == expected, "\(run)")
            }
        }

        /// S34. Guards `.noDevices` in `ContainerRoot.mountLayers`, `HostRoot.attributes`, `DirectoryRoot.mount` and
        /// `VolumeSetup`.
        @Test(arguments: [false, true])
        func aDeviceNodeIsNoDevice(_ ownRoot: Bool) throws {
            try withWorld(needs: [.program("busybox")]) { world in
                let image = ownRoot ? try world.makeRoot() : "/"
                let disk = try world.directory("disk")
                let script = "exec /probe devices / /tmp /dev /dev/shm /bin /etc /e /m /h; "
                let run = try world.run(
                    pod(
                        probing(
                            "a", script, "securityContext: {capabilities: {add: [MKNOD]}}",
                            mounts: "{name: e, mountPath: /e}", "{name: m, mountPath: /m}", "{name: h, mountPath: /h}"
                        ).replacingOccurrences(of: "host:/\"", with: "host:\(image)\""),
                        spec: probeVolume(
                            "{name: e, emptyDir: {}}", "{name: m, emptyDir: {medium: Memory}}",
                            "{name: h, hostPath: {path: \(disk)}}")))
                let results = run.results(of: "a")
                let made = results.filter { $0.key.hasPrefix("mknod ") && $0.value == "ok" }
                let opened = results.filter { $0.key.hasPrefix("open ") && $0.value == "ok" }
                #expect(made.count >= 30, "\(run)")
                #expect(opened.isEmpty, "\(opened)")
            }
        }

        /// S34. Guards `DeviceDirectory.devices`.
        @Test func devicesAreTheHarmlessOnes() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a",
                            "find / -xdev \\( -type c -o -type b \\); find /dev | sort | while read -r f; do "
                                + "[ ! -L $f ] && [ -c $f -o -b $f ] && echo $f; done")))
                let expected = ["full", "null", "pts/ptmx", "random", "tty", "urandom", "zero"].map { "/dev/" + $0 }
                #expect(run.lines(of: "a") == expected, "\(run)")
            }
        }

        /// S33. Guards `setsid` in `ContainerProcess.becomeSession`, the standard streams that are never the caller's, and
        /// TIOCSTI in `RuntimeDefault.argumentRules`.
        @Test func theCallersTerminalIsOutOfReach() throws {
            try withWorld { world in
                let manifest = try world.write(
                    "pod.yaml",
                    pod(probing("a", "cut -d' ' -f5-7 /proc/self/stat; /probe terminal"), spec: probeVolume()))
                let run = try world.command(["run", manifest], terminal: true).wait()
                let lines = run.stdout.split(whereSeparator: \.isNewline).compactMap { line in
                    line.firstRange(of: #/\|\S* /#).map { String(line[$0.upperBound...]) }
                }
                // In the container's own process group and session, and without a terminal.
                #expect(lines.first == "1 1 0", "\(run)")
                let tries = Set(lines.dropFirst())
                #expect(
                    tries == ["tty ENXIO", "console ENOENT", "isatty ENOTTY", "TIOCSCTTY ENOTTY", "TIOCSTI EPERM"],
                    "\(run)")
            }
        }

        /// S40. Guards `swl_join_session_keyring` in `ContainerProcess.limitResources`: unconfined, so that the
        /// filter does not stand before it.
        @Test func theCallersKeyringIsNotTheContainers() throws {
            try withWorld { world in
                let manifest = try world.write(
                    "pod.yaml",
                    pod(
                        probing("a", "exec /probe key", "securityContext: {seccompProfile: {type: Unconfined}}"),
                        spec: probeVolume()))
                let direct = try world.program([World.probe, "with-key", World.probe, "key"]).wait()
                guard direct.stdout == "key ok\n" else { try skip("needs a kernel with keyrings") }
                let run = try world.program(
                    [World.probe, "with-key", World.binary, "run", "--root", world.root, manifest]
                ).wait()
                #expect(run.code == 0 && run.lines(of: "a") == ["key ENOKEY"], "\(run)")
            }
        }
    }
}

import Foundation
import Glibc
import Testing

/// Volumes as a container sees them.
@Suite(.enabled(if: HostScenario.isRoot, "needs root: mounts and namespaces"))
struct VolumeMountTests {
    @Test func emptyDirectoryKeepsItsContentForTheNextPodSetup() throws {
        let host = try HostScenario()
        let options = ["--empty", "data", "--mount", "data:/data::rw"]
        #expect(try host.run(options, "stat -c %a /data; echo kept > /data/file").output == "777\n")
        #expect(try host.run(options, "cat /data/file").output == "kept\n")
        #expect(try String(contentsOfFile: host.path("pod/state/volumes/data/file"), encoding: .utf8) == "kept\n")
    }

    @Test func memoryHasItsSize() throws {
        let outcome = try HostScenario().run(
            ["--memory", "cache=1048576", "--mount", "cache:/cache::rw"],
            "stat -f -c %T /cache; stat -c %a /cache; head -c 2000000 /dev/zero > /cache/x; stat -c %s /cache/x")
        #expect(outcome.output == "tmpfs\n777\n1048576\n")
    }

    @Test func everyVolumeIsWithoutSetUserIDAndDevices() throws {
        let host = try HostScenario()
        let path = host.makeDirectory("shared")
        let outcome = try host.run(
            [
                "--empty", "a", "--memory", "b=0", "--hostpath", "c=directory:\(path)", "--file", "d=644:key:text",
                "--mount", "a:/v/a::rw", "--mount", "b:/v/b::rw", "--mount", "c:/v/c::rw", "--mount", "d:/v/d::rw",
            ], "awk '$2 ~ \"^/v/\" {print $2, $4 ~ /nosuid/, $4 ~ /nodev/, substr($4, 1, 2)}' /proc/mounts")
        #expect(outcome.output == "/v/a 1 1 rw\n/v/b 1 1 rw\n/v/c 1 1 rw\n/v/d 1 1 ro\n")
    }

    /// S36
    @Test func setUserIDProgramOnAVolumeGainsNothing() throws {
        let host = try HostScenario()
        let path = host.makeDirectory("shared")
        _ = try HostScenario.execute("/bin/sh", ["-c", "cp /usr/bin/id \(path)/id && chmod 4755 \(path)/id"])
        let outcome = try host.run(
            ["--hostpath", "c=directory:\(path)", "--mount", "c:/v::rw"], "setpriv --reuid 1000 --clear-groups /v/id -u"
        )
        #expect(outcome.output == "1000\n", "\(outcome.errors)")
    }

    @Test func readOnlyMountOfAWritableVolume() throws {
        let outcome = try HostScenario().run(
            ["--empty", "a", "--mount", "a:/rw::rw", "--mount", "a:/ro::ro"],
            "echo text > /rw/file; cat /ro/file; { echo x > /ro/file; } 2>/dev/null || echo refused")
        #expect(outcome.output == "text\nrefused\n")
    }

    @Test func filesHaveTheAtomicWritersLayout() throws {
        let outcome = try HostScenario().run(
            ["--file", "s=400:token:secret", "--file", "s=755:bin/run:x", "--mount", "s:/s::rw"],
            "cat /s/token; stat -L -c %a /s/token /s/bin/run; readlink /s/token /s/bin; ls -A /s | grep -c '^[.][.]2'; "
                + "rm /s/token 2>/dev/null; touch /s/x 2>/dev/null; ls /s; stat -f -c %T /s")
        #expect(outcome.output == "secret400\n755\n..data/token\n..data/bin\n1\nbin\ntoken\ntmpfs\n")
    }

    /// A mountPath that is not in the root is made there, never on the host.
    @Test func missingMountPathsAreMadeInTheRoot() throws {
        let host = try HostScenario()
        try host.write("file", "text")
        let outcome = try host.run(
            [
                "--empty", "a", "--hostpath", "f=file:\(host.path("file"))",
                "--mount", "a:/usr/share/swiftlet-test/deep::rw", "--mount", "f:/etc/swiftlet-test/file::ro",
            ], "cat /etc/swiftlet-test/file; ls -d /usr/share/swiftlet-test/deep")
        #expect(outcome.output == "text/usr/share/swiftlet-test/deep\n", "\(outcome.errors)")
        #expect(access("/usr/share/swiftlet-test", F_OK) != 0 && access("/etc/swiftlet-test", F_OK) != 0)
    }

    @Test func nothingIsMountedOverProc() throws {
        let outcome = try HostScenario().run(["--empty", "a", "--mount", "a:/proc/self/attr::rw"], "true")
        #expect(outcome.code == 120)
        #expect(outcome.errors.hasPrefix("volume: errno "))
    }

    // MARK: subPath (S01)

    @Test func subPathIsMadeWithTheModeOfTheVolume() throws {
        let outcome = try HostScenario().run(
            ["--empty", "a", "--mount", "a:/sub:x/y:rw", "--mount", "a:/ro:z:ro", "--mount", "a:/all::rw"],
            "stat -c %a /sub /all/x /all/z; echo text > /sub/file; cat /all/x/y/file; touch /ro/x 2>/dev/null || echo refused"
        )
        #expect(outcome.output == "777\n777\n777\ntext\nrefused\n", "\(outcome.errors)")
    }

    @Test func subPathMayBeAFileOrALinkInside() throws {
        let host = try HostScenario()
        let volume = host.makeDirectory("volume")
        host.makeDirectory("volume/real")
        try host.write("volume/real/file", "text")
        host.link("volume/link", to: "real")
        let outcome = try host.run(
            ["--directory", "v=\(volume)", "--mount", "v:/f:real/file:ro", "--mount", "v:/l:link:rw"], "cat /f /l/file")
        #expect(outcome.output == "texttext", "\(outcome.errors)")
    }

    @Test(arguments: [
        ("directory", "../outside"), ("file", "../outside/file"), ("dangling", "../outside/missing"),
        ("back-step", "inside/../../outside"), ("absolute", "/etc"),
    ])
    func subPathThatLeadsOutIsRefused(_ name: String, _ target: String) throws {
        let host = try HostScenario()
        let volume = host.makeDirectory("volume")
        host.makeDirectory("volume/inside")
        host.makeDirectory("outside")
        try host.write("outside/file", "canary")
        let before = try HostScenario.fingerprint(host.path("outside"))
        host.link("volume/link", to: target)
        for subPath in ["link", "link/below"] {
            let outcome = try host.run(["--directory", "v=\(volume)", "--mount", "v:/m:\(subPath):rw"], "find /m")
            #expect(outcome.code == 120, "\(name): \(outcome.output)")
            #expect(outcome.errors.hasPrefix("volume: errno 18: "), "\(outcome.errors)")
        }
        #expect(try HostScenario.fingerprint(host.path("outside")) == before)
    }

    /// S02: while the subPath is exchanged with a link to the canary, no container sees it.
    @Test func subPathRace() throws {
        let host = try HostScenario()
        let volume = host.makeDirectory("volume")
        host.makeDirectory("volume/a")
        host.makeDirectory("outside")
        try host.write("outside/canary")
        host.link("volume/b", to: host.path("outside"))
        let outcome = try HostScenario.scenario([
            "race", host.path("pod"), "\(HostScenario.races)", "--directory", "v=\(volume)", "--mount", "v:/m:a:rw",
            "--exchange", "\(volume)/a=\(volume)/b", "--", "test -e /m/canary && exit 66; exit 0",
        ])
        #expect(!outcome.output.contains("exit 66"), "\(outcome.output)")
        // Both sides of the race were seen, or it was none.
        #expect(outcome.output.contains("exit 0:") && outcome.output.contains("exit 120:"), "\(outcome.output)")
    }

    /// The same for a mount that is cloned, not bound: by `recursiveReadOnly`, `mountPropagation` or `bindMountOptions`.
    @Test(arguments: ["ro+recursive", "rw+noexec"])
    func subPathRaceOfAMountWithOptions(_ options: String) throws {
        let host = try HostScenario()
        let volume = host.makeDirectory("volume")
        host.makeDirectory("volume/a")
        host.makeDirectory("outside")
        try host.write("outside/canary")
        host.link("volume/b", to: host.path("outside"))
        let outcome = try HostScenario.scenario([
            "race", host.path("pod"), "\(HostScenario.races / 2)", "--directory", "v=\(volume)", "--mount",
            "v:/m:a:\(options)", "--exchange", "\(volume)/a=\(volume)/b", "--", "test -e /m/canary && exit 66; exit 0",
        ])
        #expect(!outcome.output.contains("exit 66"), "\(outcome.output)")
        #expect(outcome.output.contains("exit 0:") && outcome.output.contains("exit 120:"), "\(outcome.output)")
    }

    // MARK: Mount targets (S03)

    @Test func targetBehindALinkStaysInTheRoot() throws {
        let host = try HostScenario()
        let volume = host.makeDirectory("volume")
        let canary = host.makeDirectory("canary")
        host.link("volume/link", to: canary)
        let outcome = try host.run(
            ["--directory", "v=\(volume)", "--empty", "e", "--mount", "v:/v::rw", "--mount", "e:/v/link/made::rw"],
            "cat /proc/mounts | cut -d' ' -f2 | grep made")
        // The link leads to a path that the container's root does not have.
        #expect(outcome.code == 120 || outcome.output == "\(canary)/made\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: canary).isEmpty)
    }

    @Test func targetRace() throws {
        let host = try HostScenario()
        let volume = host.makeDirectory("volume")
        host.makeDirectory("volume/a")
        let outside = host.makeDirectory("outside")
        try host.write("outside/canary", "text")
        let before = try HostScenario.fingerprint(outside)
        host.link("volume/b", to: "../../../../../../../.." + outside)
        let outcome = try HostScenario.scenario([
            "race", host.path("pod"), "\(HostScenario.races)", "--directory", "v=\(volume)", "--empty", "e",
            "--mount", "v:/v::rw", "--mount", "e:/v/a/x/y::rw", "--exchange", "\(volume)/a=\(volume)/b",
            "--", "cat /v/../\(outside)/canary 2>/dev/null && exit 66; exit 0",
        ])
        #expect(!outcome.output.contains("exit 66"), "\(outcome.output)")
        #expect(outcome.output.contains("exit 0:"), "\(outcome.output)")
        #expect(try HostScenario.fingerprint(outside) == before)
    }

    // MARK: hostPath (S10)

    private static let kinds = ["directory", "file", "socket", "charDevice", "blockDevice", "missing"]
    private static let words = [
        "directory": "directory", "file": "file", "socket": "socket file", "charDevice": "character device",
        "blockDevice": "block device",
    ]
    private static let names = [
        "directory": "Directory", "file": "File", "socket": "Socket", "charDevice": "CharDevice",
        "blockDevice": "BlockDevice",
    ]

    private func make(_ kind: String, _ host: HostScenario) throws -> String {
        let path = host.path("it")
        switch kind {
        case "directory": host.makeDirectory("it")
        case "file": try host.write("it")
        case "socket": mknod(path, S_IFSOCK | 0o600, 0)
        case "charDevice": mknod(path, S_IFCHR | 0o600, 0x103)
        case "blockDevice": mknod(path, S_IFBLK | 0o600, 0x700)
        default: break
        }
        return path
    }

    @Test(arguments: ["directory", "file", "socket", "charDevice", "blockDevice"], kinds)
    func hostPathTypes(_ type: String, _ kind: String) throws {
        let host = try HostScenario()
        let path = try make(kind, host)
        let outcome = try host.run(["--hostpath", "v=\(type):\(path)", "--mount", "v:/m::rw"], "ls -d /m")
        if type == kind { return #expect(outcome.output == "/m\n", "\(outcome.errors)") }
        let message =
            kind == "missing"
            ? "hostPath \(path) doesn't exist"
            : "hostPath type check failed: \(path) is not a \(Self.words[type] ?? ""), it's a \(Self.names[kind] ?? "")"
        #expect(outcome.code == 121)
        #expect(outcome.errors == "FailedMount: MountVolume.SetUp failed for volume \"v\" : \(message)\n")
    }

    @Test func hostPathMakesWhatItsTypeSays() throws {
        let host = try HostScenario()
        #expect(
            try host.run(
                ["--hostpath", "v=directoryOrCreate:\(host.path("a/b"))", "--mount", "v:/m::rw"], "stat -c '%a %F' /m"
            ).output == "755 directory\n")
        #expect(
            try host.run(
                ["--hostpath", "v=fileOrCreate:\(host.path("a/file"))", "--mount", "v:/m::rw"], "stat -c '%a %F' /m"
            ).output == "644 regular empty file\n")
        #expect(
            try host.run(["--hostpath", "v=unset:\(host.path("c"))", "--mount", "v:/m::rw"], "stat -c '%a %F' /m")
                .output
                == "755 directory\n")
        let orphan = try host.run(
            ["--hostpath", "v=fileOrCreate:\(host.path("none/file"))", "--mount", "v:/m::rw"], "true")
        #expect(orphan.code == 121 && access(host.path("none"), F_OK) != 0)
        let dots = try host.run(["--hostpath", "v=directory:\(host.directory)/../x", "--mount", "v:/m::rw"], "true")
        #expect(dots.code == 121)
    }

    @Test func deviceOfAHostPathWorks() throws {
        let outcome = try HostScenario().run(
            ["--hostpath", "v=charDevice:/dev/zero", "--mount", "v:/m/zero::rw"], "head -c 3 /m/zero | wc -c")
        #expect(outcome.output == "3\n", "\(outcome.errors)")
    }

    // MARK: Termination message (S12)

    @Test func terminationMessageIsReadAndCapped() throws {
        let host = try HostScenario()
        #expect(
            try host.run([], "setpriv --reuid 1000 --clear-groups sh -c 'echo -n done > /dev/termination-log'").output
                == "termination message: done\n")
        let long = try host.run([], "head -c 9000 /dev/zero | tr '\\0' x > /dev/termination-log")
        #expect(long.output == "termination message: " + String(repeating: "x", count: 4096) + "\n")
        let full = try host.run(
            [], "head -c 1073741824 /dev/zero > /dev/termination-log; stat -c %s /dev/termination-log")
        #expect(full.output.hasPrefix("1048576\n"), "\(full.output.prefix(100))")
    }
}

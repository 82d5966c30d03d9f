import Foundation
import Glibc
import Linux
import Mounts
import PodPlan
import Testing

@testable import Volumes

/// fsGroup, by the rules of `pkg/volume/volume_linux.go`.
@Suite(.enabled(if: HostScenario.isRoot, "needs root: files of other groups"))
struct OwnershipTests {
    private static let group = FileSystemGroup(gid: 2000)

    private func status(_ path: String) -> (gid: UInt32, mode: UInt32, uid: UInt32) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return (0, 0, 0) }
        return (status.st_gid, status.st_mode & 0o7777, status.st_uid)
    }

    private func octal(_ path: String) -> String { String(status(path).mode, radix: 8) }

    @discardableResult
    private func apply(_ path: String, readOnly: Bool = false) throws -> VolumeOwnership.Outcome {
        try VolumeOwnership(Self.group, readOnly: readOnly).apply(to: path)
    }

    /// Before, directory or file, read-only volume, after.
    static let modeCases: [(mode: mode_t, isDirectory: Bool, readOnly: Bool, expected: String)] = [
        (0o600, false, false, "660"), (0o644, false, false, "664"), (0o400, false, true, "440"),
        (0o000, false, false, "660"), (0o000, false, true, "440"), (0o755, false, false, "775"),
        (0o4755, false, false, "4775"), (0o2755, false, false, "2775"), (0o1600, false, true, "1640"),
        (0o700, true, false, "2770"), (0o755, true, false, "2775"), (0o700, true, true, "2750"),
        (0o777, true, false, "2777"), (0o1777, true, false, "3777"), (0o000, true, true, "2550"),
        (0o555, true, true, "2555"),
    ]

    @Test(arguments: modeCases)
    func modes(_ mode: mode_t, _ isDirectory: Bool, _ readOnly: Bool, _ expected: String) throws {
        let host = try HostScenario()
        let volume = host.makeDirectory("volume")
        let path = volume + "/it"
        if isDirectory { mkdir(path, 0o700) } else { close(creat(path, 0o600)) }
        chown(path, 1234, 1)
        chmod(path, mode)
        try apply(volume, readOnly: readOnly)
        #expect(octal(path) == expected)
        #expect(status(path).gid == 2000 && status(path).uid == 1234)
        #expect(status(volume).gid == 2000)
        // A second time changes nothing.
        try apply(volume, readOnly: readOnly)
        #expect(octal(path) == expected)
    }

    @Test func linksAndWhatTheyLeadToKeepTheirPermissions() throws {
        let host = try HostScenario()
        let volume = host.makeDirectory("volume")
        host.makeDirectory("outside", mode: 0o700)
        try host.write("outside/secret", "text")
        chmod(host.path("outside/secret"), 0o600)
        host.link("volume/file", to: host.path("outside/secret"))
        host.link("volume/directory", to: "../outside")
        host.link("volume/nowhere", to: "missing")
        try apply(volume)
        #expect(status(volume + "/file").gid == 2000 && status(volume + "/nowhere").gid == 2000)
        #expect(status(host.path("outside/secret")).gid == 0 && octal(host.path("outside/secret")) == "600")
        #expect(status(host.path("outside")).gid == 0 && octal(host.path("outside")) == "700")
    }

    @Test func specialFilesAreChangedAndNotOpened() throws {
        let host = try HostScenario()
        let volume = host.makeDirectory("volume")
        mkfifo(volume + "/fifo", 0o600)
        mknod(volume + "/socket", S_IFSOCK | 0o600, 0)
        mknod(volume + "/device", S_IFCHR | 0o600, 0x103)
        var name: [CChar] = Array((volume + "/").utf8CString.dropLast())
        name += [CChar(bitPattern: 0xff), 10, CChar(bitPattern: 0xfe), 0]
        close(creat(name, 0o600))
        let outcome = try apply(volume)
        #expect(outcome.files == 5 && outcome.failures == 0)
        for name in ["fifo", "socket", "device"] {
            #expect(status("\(volume)/\(name)").gid == 2000 && octal("\(volume)/\(name)") == "660", "\(name)")
        }
    }

    @Test func aDeepTree() throws {
        let host = try HostScenario()
        let volume = host.makeDirectory("volume")
        var directory = open(volume, O_RDONLY | O_DIRECTORY)
        for _ in 0..<4096 {
            mkdirat(directory, "a", 0o700)
            let next = openat(directory, "a", O_RDONLY | O_DIRECTORY)
            close(directory)
            directory = next
        }
        close(openat(directory, "file", O_CREAT | O_WRONLY, 0o600))
        #expect(try apply(volume).files == 4098)
        var last = stat()
        fstatat(directory, "file", &last, 0)
        #expect(last.st_gid == 2000 && last.st_mode & 0o777 == 0o660)
        close(directory)
        try TreeRemoval.remove(volume)
    }

    @Test func noMountIsCrossed() throws {
        let host = try HostScenario()
        host.makeDirectory("canary", mode: 0o700)
        try host.write("canary/file", "text")
        chmod(host.path("canary/file"), 0o600)
        let volume = host.makeDirectory("volume/directory")
        try host.write("volume/file", "")
        let script =
            "mount --bind \(host.path("canary")) \(volume) && mount --bind \(host.path("canary/file")) \(host.path("volume/file")) && "
            + "\(try HostScenario.program()) own \(host.path("volume")) 2000 && stat -c %g \(host.path("volume"))"
        let outcome = try HostScenario.execute("/usr/bin/unshare", ["-m", "sh", "-c", script])
        #expect(outcome.code == 0 && outcome.output.hasSuffix("2000\n"), "\(outcome)")
        #expect(status(host.path("canary")).gid == 0 && octal(host.path("canary")) == "700")
        #expect(status(host.path("canary/file")).gid == 0 && octal(host.path("canary/file")) == "600")
    }

    @Test func aVolumeThatIsAFile() throws {
        let host = try HostScenario()
        try host.write("file", "")
        chmod(host.path("file"), 0o600)
        try apply(host.path("file"))
        #expect(status(host.path("file")).gid == 2000 && octal(host.path("file")) == "660")
    }

    @Test func aWalkIsStoppedAndTheRootComesLast() throws {
        let host = try HostScenario()
        let volume = host.makeDirectory("volume", mode: 0o755)
        for index in 0..<2000 { close(creat("\(volume)/\(index)", 0o600)) }
        let outcome = try VolumeOwnership(Self.group, readOnly: false).apply(to: volume) { $0 < 1000 }
        #expect(outcome.wasStopped && outcome.files >= 1000 && outcome.files < 2000)
        #expect(status(volume).gid == 0)
    }

    // MARK: fsGroupChangePolicy

    /// The root's group and mode, whether the volume is read-only, and whether `OnRootMismatch` leaves it alone.
    @Test(
        arguments: [
            (2000, 0o2770, false, true), (2000, 0o2775, false, true), (2000, 0o2777, false, true),
            (2000, 0o770, false, false), (2000, 0o2750, false, false), (2000, 0o2760, false, false),
            (2000, 0o2670, false, false), (2001, 0o2775, false, false), (0, 0o2777, false, false),
            (2000, 0o2550, true, true), (2000, 0o2750, true, true), (2000, 0o2540, true, false),
            (2000, 0o2070, false, false),
        ] as [(UInt32, mode_t, Bool, Bool)])
    func onRootMismatch(_ gid: UInt32, _ mode: mode_t, _ readOnly: Bool, _ matches: Bool) throws {
        let host = try HostScenario()
        let path = host.makeDirectory("root")
        chown(path, 0, gid)
        chmod(path, mode)
        let root = try FileStatus(AT_FDCWD, path)
        #expect(VolumeOwnership(Self.group, readOnly: readOnly).isApplied(to: root) == matches)
    }

    // MARK: The atomic writer

    @Test func theGroupReadsWhatTheAtomicWriterWrites() throws {
        let host = try HostScenario()
        let path = host.makeDirectory("volume")
        let files = [
            FilePlan(path: "key", mode: 0o400, content: [1]), FilePlan(path: "d/x", mode: 0o440, content: [2]),
        ]
        let writer = AtomicWriter(path, fsGroup: Self.group)
        #expect(try writer.write(files))
        for _ in 0..<2 {
            #expect(status(path).gid == 2000 && octal(path) == "2755")
            #expect(octal(path + "/..data/key") == "440" && octal(path + "/..data/d/x") == "440")
            #expect(octal(path + "/..data/d") == "2755")
            #expect(status(path + "/..data/key").gid == 2000 && status(path + "/key").gid == 2000)
            #expect(status(path + "/..data").gid == 2000)
            #expect(try !writer.write(files))
        }
        #expect(try writer.write([FilePlan(path: "key", mode: 0o400, content: [3])]))
        #expect(status(path + "/..data/key").gid == 2000 && octal(path + "/..data/key") == "440")
    }
}

import Foundation
import Glibc
import Mounts
import PodPlan
import Testing

@testable import Volumes

/// What needs no root.
@Suite struct FileTests {
    // MARK: Atomic writer

    private func file(_ path: String, _ text: String, _ mode: UInt32 = 0o644) -> FilePlan {
        FilePlan(path: path, mode: mode, content: Array(text.utf8))
    }

    private func text(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }

    @Test func atomicWriterReplacesAllAtOnce() throws {
        let host = try HostScenario()
        let path = host.makeDirectory("volume")
        let writer = AtomicWriter(path)
        #expect(try writer.write([file("a", "1"), file("b/c", "2", 0o400)]))
        let first = try FileManager.default.destinationOfSymbolicLink(atPath: path + "/..data")
        #expect(first.wholeMatch(of: /\.\.\d{4}(_\d\d){5}\.\d{9}/) != nil, "\(first)")
        #expect(text(path + "/a") == "1" && text(path + "/b/c") == "2")
        #expect(try !writer.write([file("a", "1"), file("b/c", "2", 0o400)]))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path + "/..data") == first)
        #expect(try writer.write([file("a", "new")]))
        #expect(text(path + "/a") == "new")
        let second = try FileManager.default.destinationOfSymbolicLink(atPath: path + "/..data")
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).sorted() == [second, "..data", "a"].sorted())
    }

    @Test(arguments: [
        [("a", "2")], [("a", "1"), ("b", "2")], [("b", "1")], [("a", "")], [("a", "1"), ("d/x", "2")], [],
    ])
    func atomicWriterSeesEveryChange(_ files: [(String, String)]) throws {
        let host = try HostScenario()
        let path = host.makeDirectory("volume")
        try AtomicWriter(path).write([file("a", "1"), file("d/x", "2"), file("d/y", "3")])
        let new = files.map { file($0.0, $0.1) }
        #expect(try AtomicWriter(path).write(new))
        #expect(try !AtomicWriter(path).write(new))
        for entry in new { #expect(text("\(path)/\(entry.path)") == String(decoding: entry.content, as: UTF8.self)) }
    }

    @Test(arguments: ["../x", "a/../x", "/x", "..x", "a//b", "", "a/.", String(repeating: "x", count: 256)])
    func atomicWriterRefusesPathsThatLeadOut(_ path: String) throws {
        let host = try HostScenario()
        host.makeDirectory("volume")
        #expect(throws: (any Error).self) { try AtomicWriter(host.path("volume")).write([file(path, "x")]) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: host.directory) == ["volume"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: host.path("volume")).isEmpty)
    }

    // MARK: Removal (S08)

    @Test func removalFollowsNoLink() throws {
        let host = try HostScenario()
        host.makeDirectory("canary/below")
        try host.write("canary/below/file", "text")
        let before = try HostScenario.fingerprint(host.path("canary"))
        host.makeDirectory("tree")
        for index in 0..<500 { host.link("tree/d\(index)", to: host.path("canary")) }
        for index in 0..<500 { host.link("tree/f\(index)", to: "../canary/below/file") }
        try TreeRemoval.remove(host.path("tree"))
        #expect(access(host.path("tree"), F_OK) != 0)
        #expect(try HostScenario.fingerprint(host.path("canary")) == before)
        host.link("top", to: host.path("canary"))
        try TreeRemoval.remove(host.path("top"))
        #expect(try HostScenario.fingerprint(host.path("canary")) == before)
    }

    @Test func removalOfADeepTree() throws {
        let host = try HostScenario()
        host.makeDirectory("tree")
        var directory = open(host.path("tree"), O_RDONLY | O_DIRECTORY)
        for _ in 0..<4096 {
            mkdirat(directory, "a", 0o700)
            close(openat(directory, "file", O_CREAT | O_WRONLY, 0o600))
            let next = openat(directory, "a", O_RDONLY | O_DIRECTORY)
            close(directory)
            directory = next
        }
        close(directory)
        try TreeRemoval.remove(host.path("tree"))
        #expect(access(host.path("tree"), F_OK) != 0)
    }

    @Test func removalTakesAnyNameAndKind() throws {
        let host = try HostScenario()
        let tree = host.makeDirectory("tree")
        mkdir(tree + "/closed", 0)
        mkfifo(tree + "/fifo", 0o600)
        var name: [CChar] = Array((tree + "/").utf8CString.dropLast())
        name += [CChar(bitPattern: 0xff), 10, CChar(bitPattern: 0xfe), 0]
        close(creat(name, 0o600))
        for index in 0..<3000 { close(creat("\(tree)/\(index)", 0o600)) }
        try TreeRemoval.remove(tree)
        #expect(access(tree, F_OK) != 0)
        try TreeRemoval.remove(tree)
        close(creat(tree, 0o600))
        try TreeRemoval.remove(tree)
        #expect(access(tree, F_OK) != 0)
    }

    @Test(.enabled(if: HostScenario.isRoot, "needs root: a bind mount"))
    func removalStopsAtAMount() throws {
        let host = try HostScenario()
        host.makeDirectory("canary")
        try host.write("canary/file", "text")
        host.makeDirectory("tree/deep/mount")
        let script =
            "mount --bind \(host.path("canary")) \(host.path("tree/deep/mount")) && "
            + "\(try scenarioPath()) remove \(host.path("tree"))"
        let outcome = try HostScenario.execute("/usr/bin/unshare", ["-m", "sh", "-c", script])
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("mount"), "\(outcome.errors)")
        #expect(text(host.path("canary/file")) == "text")
        try TreeRemoval.remove(host.path("tree"))
        #expect(access(host.path("tree"), F_OK) != 0)
    }

    private func scenarioPath() throws -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appendingPathComponent(".build/debug/host-scenario").path
    }

    // MARK: Termination message (S12)

    @Test func terminationMessageIsOnlyEverARegularFile() throws {
        let host = try HostScenario()
        try TerminationMessage.make(in: host.directory, container: 3)
        let path = TerminationMessage.path(in: host.directory, container: 3)
        try Data("hello".utf8).write(to: URL(fileURLWithPath: path))
        #expect(TerminationMessage.read(in: host.directory, container: 3) == "hello")
        unlink(path)
        mkfifo(path, 0o600)
        #expect(TerminationMessage.read(in: host.directory, container: 3) == "")
        unlink(path)
        symlink("/etc/passwd", path)
        #expect(TerminationMessage.read(in: host.directory, container: 3) == "")
        try TerminationMessage.make(in: host.directory, container: 3)
        truncate(path, 1 << 30)
        #expect(TerminationMessage.read(in: host.directory, container: 3).utf8.count == 4096)
        #expect(TerminationMessage.read(in: host.directory, container: 4) == "")
    }

    // MARK: Safe paths

    @Test func safePathsMakeWhatIsMissingInsideTheTree() throws {
        let host = try HostScenario()
        let root = host.makeDirectory("root")
        host.makeDirectory("root/real")
        host.link("root/absolute", to: "/real")
        host.link("root/up", to: "../../../../real")
        let tree = open(root, O_RDONLY | O_DIRECTORY)
        defer { close(tree) }
        for path in ["/absolute/a/b", "up/c", "/../../real/d", "new/./e"] {
            _ = try SafePath.makeDirectories(.root, tree, path)
        }
        _ = try SafePath.makeFile(.root, tree, "/absolute/file")
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: root).sorted()
                == ["absolute", "new", "new/e", "real", "real/a", "real/a/b", "real/c", "real/d", "real/file", "up"])
        #expect(throws: (any Error).self) { _ = try SafePath.open(.beneath, tree, "absolute") }
        #expect(throws: (any Error).self) { _ = try SafePath.open(.beneath, tree, "up") }
        #expect(throws: (any Error).self) { _ = try SafePath.open(.root, tree, "missing") }
    }
}

import Foundation
import Glibc

/// A directory of the test's own, and the program `host-scenario` that acts out a pod in it.
final class HostScenario: Sendable {
    struct Outcome {
        var code: Int32
        var output: String
        var errors: String
    }

    static let isRoot = geteuid() == 0
    static let needsRoot = "needs root: mounts and namespaces"
    /// How often each race is run: `SWIFTLET_RACES`, 2,000 by default.
    static let races = ProcessInfo.processInfo.environment["SWIFTLET_RACES"].flatMap { Int($0) } ?? 2000

    let directory: String

    init() throws {
        var template = Array("/tmp/swiftlet-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        directory = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    deinit {
        _ = try? Self.execute("/bin/rm", ["-rf", "--one-file-system", directory])
    }

    /// The path of `name` in the test's directory.
    func path(_ name: String) -> String { directory + "/" + name }

    @discardableResult
    func makeDirectory(_ name: String, mode: mode_t = 0o755) -> String {
        let path = path(name)
        _ = try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        chmod(path, mode)
        return path
    }

    @discardableResult
    func write(_ name: String, _ text: String = "") throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    func link(_ name: String, to target: String) {
        symlink(target, path(name))
    }

    /// Runs `command` in a container of a pod that `options` describe.
    func run(_ options: [String], _ command: String) throws -> Outcome {
        try Self.scenario(["run", path("pod")] + options + ["--", command])
    }

    static func scenario(_ arguments: [String]) throws -> Outcome { try execute(program(), arguments) }

    /// The path of `host-scenario`.
    static func program() throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var folder = URL(fileURLWithPath: CommandLine.arguments.first ?? tests).deletingLastPathComponent()
        // The tests may be run by a program of the toolchain, which loads them.
        if !FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent("host-scenario").path) {
            let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            folder = package.appendingPathComponent(".build/debug")
        }
        return folder.appendingPathComponent("host-scenario").path
    }

    static func execute(_ program: String, _ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let output = Pipe()
        let errors = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: errors) }
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            errors: (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
    }

    /// Names, types, modes and contents of a tree; equal only where nothing has changed.
    static func fingerprint(_ path: String) throws -> String {
        try execute(
            "/bin/sh",
            [
                "-c",
                "cd '\(path)' && find . -printf '%p %y %m %l\\n' | sort; find . -type f | sort | xargs -r sha256sum",
            ]
        )
        .output
    }
}

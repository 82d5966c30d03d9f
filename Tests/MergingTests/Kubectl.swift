import Foundation
import PodAPI
import Testing

/// The client of the host, for what it does by itself.
struct Kubectl {
    let path: String

    /// Cancels the test where it is not installed.
    static func find() throws -> Kubectl {
        for folder in ["/usr/local/bin", "/usr/bin", "/bin"] {
            let path = folder + "/kubectl"
            if FileManager.default.isExecutableFile(atPath: path) { return Kubectl(path: path) }
        }
        try Test.cancel("kubectl is not installed")
    }

    /// What it prints; nil where it fails.
    func run(_ arguments: [String], input: String) throws -> JSONValue? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ["KUBECONFIG": "/dev/null", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin"]
        let (input, file) = (Data(input.utf8), Pipe())
        let output = Pipe()
        process.standardInput = file
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        file.fileHandleForWriting.write(input)
        try file.fileHandleForWriting.close()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? try JSONValue(parsing: Array(data)) : nil
    }
}

func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

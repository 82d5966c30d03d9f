import Glibc
import Linux
import PodAPI

/// Keys and contents of `--from-literal`, `--from-file` and `--from-env-file` (kubectl/pkg/util/generate and pkg/cmd/create).
struct KeyedFiles {
    private(set) var entries: [(key: String, bytes: [UInt8])] = []

    init(_ flags: CreationFlags) throws(CommandError) {
        if !flags.fromEnvFile.isEmpty, !flags.fromFile.isEmpty || !flags.fromLiteral.isEmpty {
            throw CommandError("error: from-env-file cannot be combined with from-file or from-literal", code: 2)
        }
        for literal in flags.fromLiteral {
            guard let equals = literal.firstIndex(of: "="), equals != literal.startIndex else {
                throw CommandError("error: invalid literal source \(literal), expected key=value", code: 2)
            }
            try add(String(literal[..<equals]), Array(Self.unquoted(literal[literal.index(after: equals)...]).utf8))
        }
        for source in flags.fromFile { try addFile(source) }
        for path in flags.fromEnvFile { try addLines(path) }
    }

    /// kubectl takes quotes around the value off.
    private static func unquoted(_ text: Substring) -> Substring {
        guard text.count >= 2, let first = text.first, first == "\"" || first == "'", text.last == first else {
            return text
        }
        return text.dropFirst().dropLast()
    }

    private mutating func add(_ key: String, _ bytes: [UInt8]) throws(CommandError) {
        let isKey =
            !key.isEmpty && key.utf8.count <= 253 && key != "." && key != ".."
            && key.utf8.allSatisfy { byte in
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
            }
        guard isKey else {
            throw CommandError(
                "error: \"\(TerminalText.escaped(key))\" is not a valid key name: it consists of letters, digits, '-', '_' or '.'",
                code: 2)
        }
        if entries.contains(where: { $0.key == key }) {
            throw CommandError("error: cannot add key \"\(key)\", another key by that name already exists", code: 2)
        }
        entries.append((key, bytes))
    }

    private mutating func addFile(_ source: String) throws(CommandError) {
        let parts = source.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let path = parts.count == 2 ? parts[1] : source
        guard !path.isEmpty else { throw CommandError("error: file path is missing in \(source)", code: 2) }
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw CommandError(
                "error: error reading \(path): \(String(cString: strerror(errno)).lowercased())", code: 2)
        }
        if status.st_mode & S_IFMT != S_IFDIR {
            let name = parts.count == 2 ? parts[0] : String(path.split(separator: "/").last ?? "")
            return try add(name, try read(path))
        }
        if parts.count == 2 {
            throw CommandError("error: cannot give a key name for a directory path", code: 2)
        }
        for name in DirectoryReader.entries(path).sorted() {
            let file = "\(path)/\(name)"
            guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
            try add(name, try read(file))
        }
    }

    private mutating func addLines(_ path: String) throws(CommandError) {
        let text = String(decoding: try read(path), as: UTF8.self)
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.isEmpty || line.first == "#" { continue }
            guard let equals = line.firstIndex(of: "=") else {
                // As docker does it: from the environment, where it is there.
                if let value = getenv(String(line)) { try add(String(line), Array(String(cString: value).utf8)) }
                continue
            }
            try add(String(line[..<equals]), Array(line[line.index(after: equals)...].utf8))
        }
    }

    private func read(_ path: String) throws(CommandError) -> [UInt8] {
        do throws(SystemError) {
            let file = OwnedFD(try check(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), "open", path))
            return try MemoryFile.read(file.raw, limit: 3 << 20)
        } catch {
            throw CommandError("error: error reading \(path): \(error.description)", code: 2)
        }
    }
}

import CLinux
import Glibc
import Linux
import PodAPI
import PodManifest

/// Texts that a user hands over: files, standard input, and what YAML or JSON is in them.
enum TextFile {
    /// `-` is standard input.
    static func read(_ path: String) throws(CommandError) -> [UInt8] {
        let isInput = path == "-"
        let raw = isInput ? dup(0) : swl_open(path, O_RDONLY, 0)
        guard raw >= 0 else {
            throw CommandError("error: open \(TerminalText.escaped(path)): \(String(cString: strerror(-raw)))")
        }
        let file = OwnedFD(raw)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(file.raw, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 {
                throw CommandError("error: read \(TerminalText.escaped(path)): \(String(cString: strerror(errno)))")
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            if bytes.count > 16 << 20 {
                throw CommandError("error: \(TerminalText.escaped(path)) is larger than 16 MiB")
            }
        }
    }

    /// - Parameter what: For errors, as `the patch`.
    static func value(_ text: [UInt8], of what: String) throws(CommandError) -> JSONValue {
        let (value, errors) = YAMLText.value(text, file: what)
        if let error = errors.first { throw CommandError("error: \(error)") }
        guard let value else { throw CommandError("error: \(what) is empty") }
        return value
    }
}

import CLinux
import Glibc
import Linux

/// The name of a directory's entry as the kernel has it: any bytes but a slash.
struct FileName {
    /// With the terminating zero.
    let bytes: [CChar]

    init(_ text: String) {
        bytes = Array(text.utf8CString)
    }

    private init(bytes: [CChar]) {
        self.bytes = bytes
    }

    /// For people; what is not UTF-8 or would move the cursor comes out changed.
    var shown: String {
        TerminalText.escaped(String(decoding: bytes.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    /// Reads through another descriptor, so that `directory` may be O_PATH.
    static func entries(of directory: Int32) throws(SystemError) -> [FileName] {
        let copy = try check(swl_openat(directory, ".", O_RDONLY | O_DIRECTORY, 0), "open")
        guard let stream = fdopendir(copy) else {
            close(copy)
            throw SystemError(errno: ENOMEM, call: "fdopendir")
        }
        defer { closedir(stream) }
        var names: [FileName] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
                }
            }
            let text = name.dropLast()
            // The kernel gives no others; a file system of somebody else's making might.
            if text.isEmpty || text.contains(CChar(bitPattern: UInt8(ascii: "/"))) { continue }
            if text == [46] || text == [46, 46] { continue }
            names.append(FileName(bytes: name))
        }
        return names
    }
}

import Glibc

/// A compiled program in a file. The name holds the key, so a file is never changed, only made or replaced as a whole.
///
/// Layout: magic, key, digest of the program (8 bytes each, in the host's order), then the program.
struct FilterCache {
    private static let magic: UInt64 = 0x6C74_4663_6573_7773
    private static let headerSize = 24
    /// BPF_MAXINSNS instructions of 8 bytes.
    private static let maximumProgramSize = 4096 * 8

    let directory: String
    let key: UInt64

    private var name: String {
        let digits = String(key, radix: 16)
        return "seccomp-" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    var path: String { directory + "/" + name }

    /// Nil where there is no file that can be trusted: a regular file of this user, with one link, that nobody else can
    /// write, of a whole number of instructions, with the right digest.
    func read() -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0,
            status.st_mode & S_IFMT == S_IFREG,
            status.st_mode & 0o022 == 0,
            status.st_uid == geteuid(),
            status.st_nlink == 1
        else { return nil }
        let size = Int(status.st_size) - Self.headerSize
        guard size > 0, size <= Self.maximumProgramSize, size.isMultiple(of: 8) else { return nil }

        var header: (UInt64, UInt64, UInt64) = (0, 0, 0)
        let program = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let length = withUnsafeMutableBytes(of: &header) { header in
                let parts = [
                    iovec(iov_base: header.baseAddress, iov_len: Self.headerSize),
                    iovec(iov_base: buffer.baseAddress, iov_len: size),
                ]
                return preadv(file, parts, 2, 0)
            }
            count = max(0, length - Self.headerSize)
        }
        guard program.count == size, header.0 == Self.magic, header.1 == key, header.2 == digest(of: program)
        else { return nil }
        return program
    }

    /// Best effort: without a cache the next container compiles again.
    func write(_ program: [UInt8]) {
        mkdir(directory, 0o700)
        // One name for all writers, so that what a killed one leaves behind is used up by the next. Two at once may spoil
        // each other's file; the digest tells.
        let temporary = path + ".new"
        unlink(temporary)
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerSize + program.count)
        for word in [Self.magic, key, digest(of: program)] {
            withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) }
        }
        bytes.append(contentsOf: program)
        let isWritten = Glibc.write(file, bytes, bytes.count) == bytes.count
        close(file)
        if !isWritten || rename(temporary, path) != 0 { unlink(temporary) }
    }

    private func digest(of program: [UInt8]) -> UInt64 {
        var digest = Digest()
        program.withUnsafeBytes { digest.add($0) }
        return digest.value
    }
}

/// A 64-bit digest against damage and mix-ups, not against intent: who may write the file is what guards it.
struct Digest {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ word: UInt64) {
        value = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
        value ^= value >> 29
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        add(UInt64(bytes.count))
        var offset = 0
        while offset + 8 <= bytes.count {
            add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        while offset < bytes.count {
            add(UInt64(bytes[offset]))
            offset += 1
        }
    }

    mutating func add(_ text: StaticString) {
        text.withUTF8Buffer { add(UnsafeRawBufferPointer($0)) }
    }
}

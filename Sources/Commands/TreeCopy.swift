import CLinux
import Glibc
import Linux

/// Copies files and directories by descriptor alone. Either tree may be somebody else's, who changes it meanwhile.
///
/// A name is looked up in one directory at a time, and no link is followed: what is opened lies in the tree, and what is made is
/// made in it (CVE-2018-1002100, CVE-2019-1002101, CVE-2019-11246). Only regular files are opened, after it is known that they
/// are; of nothing a program is run.
struct TreeCopy {
    /// What is there already is in the way of another kind of file, and goes.
    struct Rules {
        /// Symbolic links are made as they are; otherwise they are passed over, as kubectl does on the way to the host.
        var makesLinks: Bool
        /// Whose the copies are; nil: the caller's.
        var owner: (uid: UInt32, gid: UInt32)?
        /// Modes and times of the originals. Never set-user-ID and set-group-ID.
        var preserves: Bool
    }

    private struct Original {
        let mode: UInt32
        let size: Int64
        let modified: Int64
        let blocks: Int64

        var kind: UInt32 { mode & 0o170000 }
    }

    /// Each level takes two descriptors.
    private static let deepest = 4000
    /// Of a file without a size, as the kernel makes them up.
    private static let mostOfSizeless = 1 << 20

    let rules: Rules
    /// Told of what is passed over.
    let warn: (String) -> Void
    private(set) var failures = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)

    init(_ rules: Rules, warn: @escaping (String) -> Void) {
        self.rules = rules
        self.warn = warn
    }

    func free() {
        buffer.deallocate()
    }

    /// Copies `source`, an O_PATH descriptor of a file or directory, to `name` in `directory`.
    mutating func copy(_ source: Int32, to directory: Int32, _ name: FileName, shown: String) throws(SystemError) {
        try copy(source, to: directory, name, shown: shown, depth: 0)
    }

    /// Copies what is in the directory `source` into `target`.
    mutating func copyEntries(_ source: Int32, into target: Int32, shown: String, depth: Int = 0) throws(SystemError) {
        if depth > Self.deepest { throw SystemError(errno: ELOOP, call: "copy", path: shown) }
        for name in try FileName.entries(of: source) {
            let path = shown + "/" + name.shown
            let found = swl_openat2(source, name.bytes, Int32(SWL_O_PATH) | O_NOFOLLOW, 0, Self.straight)
            // It has gone since.
            if found == -ENOENT { continue }
            let entry = OwnedFD(try check(found, "open", path))
            do throws(SystemError) {
                try copy(entry.raw, to: target, name, shown: path, depth: depth)
            } catch {
                // The rest is copied all the same, unless nothing can be.
                if [EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT, EROFS, ELOOP].contains(error.errno) { throw error }
                failures += 1
                warn("\(path): \(String(cString: strerror(error.errno)).lowercased())")
            }
        }
    }

    private static var straight: UInt64 {
        UInt64(SWL_RESOLVE_BENEATH | SWL_RESOLVE_NO_SYMLINKS | SWL_RESOLVE_NO_MAGICLINKS)
    }

    private mutating func copy(
        _ source: Int32, to directory: Int32, _ name: FileName, shown: String, depth: Int
    ) throws(SystemError) {
        let original = try Self.look(source, shown)
        switch original.kind {
        case 0o100000: try copyFile(source, original, to: directory, name, shown)
        case 0o040000:
            let target = try makeDirectory(directory, name, shown)
            try copyEntries(source, into: target.raw, shown: shown, depth: depth + 1)
            finish(target.raw, original)
        case 0o120000:
            guard rules.makesLinks else {
                warn("skipping symlink: \"\(shown)\"")
                return
            }
            try copyLink(source, original, to: directory, name, shown)
        default:
            warn("skipping \"\(shown)\": neither file, directory nor symbolic link")
        }
    }

    private static func look(_ file: Int32, _ shown: String) throws(SystemError) -> Original {
        var status = swl_stat()
        var modified: Int64 = 0
        var blocks: Int64 = 0
        try check(swl_statat(file, "", &status), "stat", shown)
        try check(swl_file_times(file, &modified, &blocks), "stat", shown)
        return Original(mode: status.mode, size: Int64(clamping: status.size), modified: modified, blocks: blocks)
    }

    // MARK: Directories and links

    private func makeDirectory(_ directory: Int32, _ name: FileName, _ shown: String) throws(SystemError) -> OwnedFD {
        for _ in 0..<100 {
            let made = swl_mkdirat(directory, name.bytes, 0o700)
            if made != -EEXIST { try check(made, "mkdir", shown) }
            let opened = swl_openat2(
                directory, name.bytes, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0, Self.straight)
            if opened >= 0 {
                if made == 0, !rules.preserves { _ = swl_chmod_fd(opened, 0o755) }
                return OwnedFD(opened)
            }
            guard opened == -ENOTDIR || opened == -ELOOP || opened == -ENOENT else {
                throw SystemError(errno: -opened, call: "open", path: shown)
            }
            if opened != -ENOENT { _ = swl_unlinkat(directory, name.bytes, 0) }
        }
        throw SystemError(errno: EEXIST, call: "mkdir", path: shown)
    }

    private func copyLink(
        _ source: Int32, _ original: Original, to directory: Int32, _ name: FileName, _ shown: String
    ) throws(SystemError) {
        var target = [CChar](repeating: 0, count: 4097)
        try check(swl_readlinkat(source, "", &target, target.count), "readlink", shown)
        var made = swl_symlinkat(target, directory, name.bytes)
        if made == -EEXIST {
            try check(swl_unlinkat(directory, name.bytes, 0), "unlink", shown)
            made = swl_symlinkat(target, directory, name.bytes)
        }
        try check(made, "symlink", shown)
        if let owner = rules.owner { _ = swl_chownat(directory, name.bytes, owner.uid, owner.gid) }
        if rules.preserves { _ = swl_set_file_times(directory, name.bytes, original.modified) }
    }

    private func finish(_ copy: Int32, _ original: Original) {
        if let owner = rules.owner { _ = swl_chown_fd(copy, owner.uid, owner.gid) }
        guard rules.preserves else { return }
        _ = swl_chmod_fd(copy, original.mode & 0o1777)
        _ = swl_set_file_times(copy, "", original.modified)
    }

    // MARK: Files

    private mutating func copyFile(
        _ source: Int32, _ original: Original, to directory: Int32, _ name: FileName, _ shown: String
    ) throws(SystemError) {
        let input = OwnedFD(try check(swl_reopen(source, O_RDONLY | O_NONBLOCK), "open", shown))
        let output = try makeFile(directory, name, shown)
        if original.size == 0 {
            try copyRange(input.raw, output.raw, from: 0, to: Int64(Self.mostOfSizeless), shown)
        } else {
            try copyData(input.raw, output.raw, original, shown)
        }
        finish(output.raw, original)
    }

    /// Whatever is there in its place was opened by nobody here before it was known to be a regular file.
    private func makeFile(_ directory: Int32, _ name: FileName, _ shown: String) throws(SystemError) -> OwnedFD {
        for _ in 0..<100 {
            let made = swl_openat2(
                directory, name.bytes, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, rules.preserves ? 0o600 : 0o644,
                Self.straight)
            if made != -EEXIST { return OwnedFD(try check(made, "open", shown)) }
            let found = swl_openat2(directory, name.bytes, Int32(SWL_O_PATH) | O_NOFOLLOW, 0, Self.straight)
            if found == -ENOENT { continue }
            let existing = OwnedFD(try check(found, "open", shown))
            switch try Self.look(existing.raw, shown).kind {
            case 0o100000:
                let opened = swl_reopen(existing.raw, O_WRONLY | O_TRUNC | O_NONBLOCK)
                // A program that runs: it keeps its file, and the name gets a new one.
                if opened != -ETXTBSY { return OwnedFD(try check(opened, "open", shown)) }
            case 0o040000: throw SystemError(errno: EISDIR, call: "open", path: shown)
            default: break
            }
            let removed = swl_unlinkat(directory, name.bytes, 0)
            if removed != -ENOENT { try check(removed, "unlink", shown) }
        }
        throw SystemError(errno: EEXIST, call: "open", path: shown)
    }

    /// No more than the file had when it was looked at: one that grows for ever comes to an end. Holes stay holes.
    private func copyData(
        _ input: Int32, _ output: Int32, _ original: Original, _ shown: String
    ) throws(SystemError) {
        if original.blocks * 512 >= original.size {
            return try copyRange(input, output, from: 0, to: original.size, shown)
        }
        var offset: Int64 = 0
        var start: Int64 = 0
        var end: Int64 = 0
        while offset < original.size {
            let result = swl_next_data(input, offset, original.size, &start, &end)
            if result == -ENXIO { break }
            try check(result, "lseek", shown)
            try copyRange(input, output, from: start, to: end, shown)
            offset = end
        }
        if ftruncate(output, off_t(original.size)) < 0 {
            throw SystemError(errno: errno, call: "ftruncate", path: shown)
        }
    }

    private func copyRange(
        _ input: Int32, _ output: Int32, from: Int64, to: Int64, _ shown: String
    ) throws(SystemError) {
        var offset = from
        while offset < to {
            let wanted = min(buffer.count, Int(to - offset))
            let count = pread(input, buffer.baseAddress, wanted, off_t(offset))
            if count < 0 && errno == EINTR { continue }
            if count < 0 { throw SystemError(errno: errno, call: "read", path: shown) }
            if count == 0 { return }
            var done = 0
            while done < count {
                let written = pwrite(
                    output, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset) + off_t(done))
                if written < 0 && errno == EINTR { continue }
                if written < 0 { throw SystemError(errno: errno, call: "write", path: shown) }
                done += written
            }
            offset += Int64(count)
        }
    }
}

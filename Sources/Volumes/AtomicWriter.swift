import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// Writes a ConfigMap's or Secret's files so that a reader sees either all old or all new ones
/// (`pkg/volume/util/atomic_writer.go`):
///
///     key               -> ..data/key
///     ..data            -> ..2026_01_31_12_00_00.123456789
///     ..2026_…/key      the file
///
/// New content goes into a new directory; `..data` is then replaced by a rename.
public struct AtomicWriter {
    private let path: String
    private let ownership: VolumeOwnership?
    private let nested: NestedMountPoints?

    /// `path` is the volume's directory, which nobody else may write to. `fsGroup` gets to read what is written.
    public init(_ path: String, fsGroup: FileSystemGroup? = nil) {
        self.init(path, fsGroup: fsGroup, nested: nil)
    }

    /// `nested` are directories to have beside the files.
    init(_ path: String, fsGroup: FileSystemGroup? = nil, nested: NestedMountPoints?) {
        self.path = path
        self.nested = nested
        ownership = fsGroup.map { VolumeOwnership($0, readOnly: true) }
    }

    /// Content that is there already is left as it is. Returns whether anything was written.
    @discardableResult
    public func write(_ files: [FilePlan]) throws(SystemError) -> Bool {
        for file in files { try validate(file.path) }
        let volume = OwnedFD(try check(swl_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", path))
        let keys = Set(files.map { String($0.path.prefix { $0 != "/" }) })
        for directory in nested?.paths ?? [] where !keys.contains(String(directory.prefix { $0 != "/" })) {
            _ = try SafePath.makeDirectories(.beneath, volume.raw, directory)
        }
        let old = Self.link(volume.raw, "..data")
        if let old, try isUnchanged(files, volume.raw, old) { return false }
        let new = Self.timestamp()
        try check(swl_mkdirat(volume.raw, new, 0o755), "mkdir", "\(path)/\(new)")
        let payload = OwnedFD(
            try check(swl_openat(volume.raw, new, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", "\(path)/\(new)"))
        try check(swl_chmod_fd(payload.raw, 0o755), "chmod", "\(path)/\(new)")
        for file in files { try write(file, payload.raw) }
        _ = try ownership?.apply(to: path + "/" + new)
        _ = swl_unlinkat(volume.raw, "..data_tmp", 0)
        try check(swl_symlinkat(new, volume.raw, "..data_tmp"), "symlink", path + "/..data_tmp")
        try check(swl_renameat2(volume.raw, "..data_tmp", volume.raw, "..data", 0), "rename", path + "/..data")
        try link(files, volume.raw)
        if let old { try TreeRemoval.remove(path + "/" + old) }
        _ = try ownership?.apply(to: path)
        return true
    }

    /// Relative, no `..` element, nothing that could be taken for the writer's own names.
    private func validate(_ name: String) throws(SystemError) {
        let elements = name.split(separator: "/", omittingEmptySubsequences: false)
        let valid =
            !name.isEmpty && name.utf8.count <= 4096 && !name.hasPrefix("..")
            && elements.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= 255 }
        if !valid { throw SystemError(errno: EINVAL, call: "open", path: "\(path)/\(name)") }
    }

    private func write(_ file: FilePlan, _ payload: Int32) throws(SystemError) {
        let name = "\(path)/\(file.path)"
        let directories = file.path.split(separator: "/").dropLast()
        let parent = try SafePath.makeDirectories(.beneath, payload, directories.joined(separator: "/"))
        let base = file.path.split(separator: "/").last.map(String.init) ?? ""
        let fd = OwnedFD(
            try check(swl_openat(parent.raw, base, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600), "open", name))
        try FileContent.write(file.content, to: fd.raw, name)
        if file.owner != 0, fchown(fd.raw, file.owner, gid_t.max) != 0 {
            throw SystemError(errno: errno, call: "chown", path: name)
        }
        try check(swl_chmod_fd(fd.raw, file.mode & 0o777), "chmod", name)
    }

    /// The links that a reader sees: one for the first element of each path. Those of keys that are gone, go.
    private func link(_ files: [FilePlan], _ volume: Int32) throws(SystemError) {
        let wanted = Set(files.map { String($0.path.prefix { $0 != "/" }) })
        for name in wanted where Self.link(volume, name) == nil {
            try check(swl_symlinkat("..data/" + name, volume, name), "symlink", "\(path)/\(name)")
        }
        let others = wanted.union(nested?.names ?? [])
        for name in try DirectoryReader.names(volume) where !name.hasPrefix("..") && !others.contains(name) {
            try check(swl_unlinkat(volume, name, 0), "unlink", "\(path)/\(name)")
        }
    }

    private func isUnchanged(_ files: [FilePlan], _ volume: Int32, _ old: String) throws(SystemError) -> Bool {
        let names = Set(try DirectoryReader.names(volume).filter { !$0.hasPrefix("..") })
        let wanted = Set(files.map { String($0.path.prefix { $0 != "/" }) })
        guard names.subtracting(nested?.names ?? []) == wanted.subtracting(nested?.names ?? []) else { return false }
        for file in files {
            let fd = swl_openat2(
                volume, "\(old)/\(file.path)", O_RDONLY | O_NOFOLLOW, 0,
                UInt64(SWL_RESOLVE_BENEATH | SWL_RESOLVE_NO_SYMLINKS))
            if fd < 0 { return false }
            let present = OwnedFD(fd)
            let status = try FileStatus(present.raw)
            let mode = file.mode & 0o777 | (ownership?.mask(isDirectory: false) ?? 0)
            guard status.permissions == mode, status.size == UInt64(file.content.count) else {
                return false
            }
            if FileContent.read(present.raw, limit: file.content.count) != file.content { return false }
        }
        // A key in a directory may have gone while another is left there.
        let count = try Self.countFiles(volume, old)
        return count == files.count
    }

    /// How many entries that are not directories are in the tree at `path`.
    private static func countFiles(_ directory: Int32, _ path: String) throws(SystemError) -> Int {
        let fd = OwnedFD(try check(swl_openat(directory, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", path))
        var count = 0
        for name in try DirectoryReader.names(fd.raw) {
            count += try FileStatus(fd.raw, name).kind == .directory ? countFiles(fd.raw, name) : 1
        }
        return count
    }

    private static func link(_ directory: Int32, _ name: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4097)
        guard swl_readlinkat(directory, name, &buffer, buffer.count) == 0 else { return nil }
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
    }

    private static func timestamp() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = [parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec]
            .map { padded(Int($0), 2) }.joined(separator: "_")
        return "..\(Int(parts.tm_year) + 1900)_\(date).\(padded(now.tv_nsec, 9))"
    }
}

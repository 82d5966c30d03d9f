import CLibMount
import Glibc
import Linux

/// Mounts by libmount, one system call at a time: a context that canonicalises no path, reads no fstab, writes no table
/// and runs no helper. So a source or target may be `/proc/self/fd/N`, and is then exactly what that descriptor is on.
public final class MountContext {
    private let context: OpaquePointer

    public init() throws(SystemError) {
        guard let context = mnt_new_context() else { throw SystemError(errno: ENOMEM, call: "mnt_new_context") }
        self.context = context
    }

    deinit {
        mnt_free_context(context)
    }

    /// The mounts below `source` come along where `recursive` is true.
    public func bind(_ source: String, _ target: String, recursive: Bool = false) throws(SystemError) {
        try mount(source, target, type: "none", options: recursive ? "rbind" : "bind")
    }

    /// Adds `options` to a mount's own (`ro`, `nosuid`, `nodev`, `noexec`); those that it has stay. Mounts below it and
    /// other mounts of the same file system are left alone.
    public func restrict(_ target: String, options: String) throws(SystemError) {
        var status = statvfs()
        if statvfs(target, &status) < 0 { throw SystemError(errno: errno, call: "statvfs", path: target) }
        var all = "remount,bind,\(options)"
        for (flag, name) in Self.keptFlags where status.f_flag & flag != 0 { all += "," + name }
        try mount("none", target, type: "none", options: all)
    }

    /// `size` in bytes; 0: the kernel's default, half of the memory. What is on it is never swapped where the kernel can
    /// do so (`noswap`, Linux 6.4).
    public func temporaryFileSystem(
        _ target: String, size: UInt64 = 0, mode: UInt32, options: String, swap: Bool = false
    ) throws(SystemError) {
        var all = options + ",mode=" + String(mode, radix: 8)
        if size > 0 { all += ",size=\(size)" }
        do {
            try mount("tmpfs", target, type: "tmpfs", options: swap ? all : all + ",noswap")
        } catch {
            if swap || error.errno != EINVAL { throw error }
            try mount("tmpfs", target, type: "tmpfs", options: all)
        }
    }

    public enum Propagation: String, Sendable {
        case shared, slave, `private`
    }

    public func setPropagation(_ target: String, _ propagation: Propagation, recursive: Bool) throws(SystemError) {
        try mount("none", target, type: "none", options: (recursive ? "r" : "") + propagation.rawValue)
    }

    /// `options` are mount(8)'s; those that are the file system's own go to it.
    public func mount(_ source: String, _ target: String, type: String, options: String) throws(SystemError) {
        prepare()
        mnt_context_set_source(context, source)
        mnt_context_set_target(context, target)
        // Without one, libmount would try every file system that the kernel knows.
        mnt_context_set_fstype(context, type)
        mnt_context_set_options(context, options)
        try finish(mnt_context_mount(context), "mount", target)
    }

    private static let keptFlags: [(UInt, String)] = [
        (UInt(ST_RDONLY), "ro"), (UInt(ST_NOSUID), "nosuid"), (4, "nodev"), (8, "noexec"),
        (1024, "noatime"), (2048, "nodiratime"), (4096, "relatime"),
    ]

    private func prepare() {
        mnt_reset_context(context)
        mnt_context_disable_canonicalize(context, 1)
        mnt_context_disable_helpers(context, 1)
        mnt_context_disable_mtab(context, 1)
        mnt_context_set_optsmode(context, Int32(MNT_OMODE_NOTAB))
    }

    private func finish(_ result: Int32, _ call: StaticString, _ path: String) throws(SystemError) {
        if result == 0 { return }
        let number = mnt_context_get_syscall_errno(context)
        throw SystemError(errno: number > 0 ? number : result < 0 ? -result : EINVAL, call: call, path: path)
    }
}

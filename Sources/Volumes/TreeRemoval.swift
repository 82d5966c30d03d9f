import CLinux
import Glibc
import Linux
import Mounts

/// Deletes a tree that may be hostile: no link is followed, no mount is crossed (EXDEV), whatever changes meanwhile; two
/// descriptors and 16 bytes a level, however deep it is.
public enum TreeRemoval {
    private struct Identity: Equatable {
        var device: UInt64
        var inode: UInt64
    }

    private static let resolve = UInt64(SWL_RESOLVE_NO_XDEV | SWL_RESOLVE_NO_SYMLINKS)

    /// Something that is not there is no error.
    public static func remove(_ path: String) throws(SystemError) {
        while true {
            let unlinked = swl_unlinkat(SWL_AT_FDCWD, path, 0)
            if unlinked == 0 || unlinked == -ENOENT { return }
            if unlinked != -EISDIR { try clear(SWL_AT_FDCWD, path, unlinked, path) }
            let top = swl_openat2(
                SWL_AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0, UInt64(SWL_RESOLVE_NO_MAGICLINKS))
            if top == -ENOENT { return }
            // Where somebody moves directories about, the walk loses its way up, and starts again.
            guard try empty(OwnedFD(try check(top, "open", path)), path) else { continue }
            let removed = swl_unlinkat(SWL_AT_FDCWD, path, 1)
            if removed == 0 || removed == -ENOENT { return }
            if removed != -ENOTEMPTY { try clear(SWL_AT_FDCWD, path, removed, path) }
        }
    }

    /// Removes all that is in `top`; false where the walk has to start again.
    private static func empty(_ top: consuming OwnedFD, _ path: String) throws(SystemError) -> Bool {
        var current = top
        var above: [Identity] = []
        while true {
            let here = try identity(current.raw)
            if let child = try removeFiles(current.raw, path) {
                above.append(here)
                current = child
                continue
            }
            guard let parent = above.popLast() else { return true }
            let up = swl_openat2(current.raw, "..", O_RDONLY | O_DIRECTORY, 0, resolve)
            if up < 0 { return false }
            current = OwnedFD(up)
            guard try identity(current.raw) == parent else { return false }
        }
    }

    /// Removes the files and the empty directories; returns a directory that is not empty, if there is one.
    private static func removeFiles(_ directory: Int32, _ path: String) throws(SystemError) -> OwnedFD? {
        var child: Int32 = -1
        try DirectoryReader.visit(directory, path: path) { (name, _) throws(SystemError) in
            child = try remove(name, in: directory, path)
            return child < 0
        }
        return child < 0 ? nil : OwnedFD(child)
    }

    /// A descriptor where `name` is a directory that is not empty, else -1.
    private static func remove(
        _ name: UnsafePointer<CChar>, in directory: Int32, _ path: String
    ) throws(SystemError) -> Int32 {
        while true {
            let unlinked = swl_unlinkat(directory, name, 0)
            if unlinked == 0 || unlinked == -ENOENT { return -1 }
            if unlinked != -EISDIR {
                try clear(directory, name, unlinked, path)
                continue
            }
            let removed = swl_unlinkat(directory, name, 1)
            if removed == 0 || removed == -ENOENT { return -1 }
            if removed == -ENOTDIR { continue }
            if removed != -ENOTEMPTY && removed != -EEXIST {
                try clear(directory, name, removed, path)
                continue
            }
            let child = swl_openat2(
                directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0, resolve | UInt64(SWL_RESOLVE_BENEATH))
            if child == -ENOENT || child == -ENOTDIR || child == -ELOOP { continue }
            return try check(child, "open", path + "/…/" + String(cString: name))
        }
    }

    /// For a name that could not be removed: takes the immutable attribute off it and its directory, or throws.
    private static func clear(
        _ directory: Int32, _ name: UnsafePointer<CChar>, _ result: Int32, _ path: String
    ) throws(SystemError) {
        if result == -EPERM {
            let parent = directory == SWL_AT_FDCWD ? -1 : swl_clear_immutable(directory, ".")
            let child = swl_clear_immutable(directory, name)
            if parent == 0 || child == 0 { return }
        }
        let shown = String(cString: name)
        throw SystemError(errno: -result, call: "unlink", path: shown == path ? path : path + "/…/" + shown)
    }

    private static func identity(_ directory: Int32) throws(SystemError) -> Identity {
        let status = try FileStatus(directory)
        return Identity(device: status.device, inode: status.inode)
    }
}

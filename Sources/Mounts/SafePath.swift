import CLinux
import Glibc
import Linux

/// Paths inside a tree that somebody else may be changing at the same time (a container's root, a volume). A path is walked
/// once, by openat2(2), and from then on is a descriptor; what is missing is made along descriptors.
public enum SafePath {
    /// What a path may do on its way.
    public enum Scope: Sendable {
        /// As if the tree were the root: absolute links and `..` stay in it.
        case root
        /// Any link or `..` that leads out of the tree is an error (EXDEV).
        case beneath

        var resolve: UInt64 {
            switch self {
            case .root: UInt64(SWL_RESOLVE_IN_ROOT | SWL_RESOLVE_NO_MAGICLINKS)
            case .beneath: UInt64(SWL_RESOLVE_BENEATH | SWL_RESOLVE_NO_MAGICLINKS)
            }
        }
    }

    public static func open(
        _ scope: Scope, _ tree: Int32, _ path: String, flags: Int32 = Int32(SWL_O_PATH)
    ) throws(SystemError) -> OwnedFD {
        OwnedFD(try check(swl_openat2(tree, relative(path, scope), flags, 0, scope.resolve), "openat2", path))
    }

    /// Opens the directory `path`; makes what is missing of it with `mode`, whatever the umask.
    public static func makeDirectories(
        _ scope: Scope, _ tree: Int32, _ path: String, mode: UInt32 = 0o755
    ) throws(SystemError) -> OwnedFD {
        let flags = Int32(SWL_O_PATH) | O_DIRECTORY
        let whole = swl_openat2(tree, relative(path, scope), flags, 0, scope.resolve)
        if whole != -ENOENT { return OwnedFD(try check(whole, "openat2", path)) }
        var walked = ""
        var current = OwnedFD(try check(swl_openat2(tree, ".", flags, 0, scope.resolve), "openat2", path))
        for component in path.split(separator: "/") where component != "." {
            walked += walked.isEmpty ? String(component) : "/" + component
            var next = swl_openat2(tree, walked, flags, 0, scope.resolve)
            if next == -ENOENT {
                if component == ".." { throw SystemError(errno: ENOENT, call: "openat2", path: path) }
                next = try makeDirectory(current.raw, String(component), mode, path).release()
            }
            current = OwnedFD(try check(next, "openat2", path))
        }
        return current
    }

    /// Opens `path` (O_PATH); where it is missing, makes an empty file with `mode`, and the directories above it.
    public static func makeFile(
        _ scope: Scope, _ tree: Int32, _ path: String, mode: UInt32 = 0o644
    ) throws(SystemError) -> OwnedFD {
        let found = swl_openat2(tree, relative(path, scope), Int32(SWL_O_PATH), 0, scope.resolve)
        if found != -ENOENT { return OwnedFD(try check(found, "openat2", path)) }
        let components = path.split(separator: "/")
        guard let name = components.last, name != "..", name != "." else {
            throw SystemError(errno: EISDIR, call: "openat2", path: path)
        }
        let parent = try makeDirectories(scope, tree, components.dropLast().joined(separator: "/"))
        let created = swl_openat2(
            parent.raw, String(name), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode,
            UInt64(SWL_RESOLVE_NO_SYMLINKS | SWL_RESOLVE_BENEATH))
        if created >= 0 {
            let file = OwnedFD(created)
            try check(swl_chmod_fd(file.raw, mode), "chmod", path)
            return file
        }
        // Somebody else was faster, or it is a link that leads nowhere.
        if created != -EEXIST { try check(created, "openat2", path) }
        return OwnedFD(
            try check(swl_openat2(tree, relative(path, scope), Int32(SWL_O_PATH), 0, scope.resolve), "openat2", path))
    }

    private static func makeDirectory(
        _ parent: Int32, _ name: String, _ mode: UInt32, _ path: String
    ) throws(SystemError) -> OwnedFD {
        let made = swl_mkdirat(parent, name, mode)
        if made != -EEXIST { try check(made, "mkdir", path) }
        let directory = OwnedFD(
            try check(
                swl_openat2(
                    parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0,
                    UInt64(SWL_RESOLVE_NO_SYMLINKS | SWL_RESOLVE_BENEATH)), "openat2", path))
        if made == 0 { try check(swl_chmod_fd(directory.raw, mode), "chmod", path) }
        return directory
    }

    /// Neither scope has a use for a leading slash: `beneath` refuses it, `root` ignores it.
    private static func relative(_ path: String, _ scope: Scope) -> String {
        path.isEmpty ? "." : path
    }
}

extension OwnedFD {
    /// The path by which libmount and the like are given this very file. Needs a mounted `/proc`.
    public var procPath: String { "/proc/self/fd/\(raw)" }
}

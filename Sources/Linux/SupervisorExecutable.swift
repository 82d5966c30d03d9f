import CLinux
import Glibc

/// The program file of supervisor and keeper, and how a new supervisor is started from it.
///
/// It is run from a read-only clone of its mount: a container that gets hold of it through `/proc/self/exe` (as in
/// CVE-2019-5736) finds a file that cannot be opened for writing.
public struct SupervisorExecutable: Sendable {
    public let path: String

    public init(path: String) {
        self.path = path
    }

    /// Returns the pidfd. The process finds `descriptors` at 3, 4, …
    public func spawn(mode: String, arguments: [String] = [], descriptors: [Int32]) throws(SystemError) -> OwnedFD {
        try spawn(try open(), mode: mode, arguments: arguments, descriptors: descriptors)
    }

    /// The same with a `program` of `open`, for those who are in a hurry: to close it takes as long as the kernel needs to be
    /// sure that no processor uses the clone of the mount any more, some milliseconds on a busy host.
    public func spawn(
        _ program: borrowing OwnedFD, mode: String, arguments: [String] = [], descriptors: [Int32]
    ) throws(SystemError) -> OwnedFD {
        let null = OwnedFD(try check(swl_open("/dev/null", O_RDWR, 0), "open", "/dev/null"))
        var pidfd: Int32 = -1
        let result = withCStrings([path, mode] + arguments) { argv in
            withCStrings([]) { environment in
                swl_spawn(program.raw, argv, environment, descriptors, Int32(descriptors.count), null.raw, &pidfd)
            }
        }
        try check(result, "posix_spawn", path)
        return OwnedFD(pidfd)
    }

    public func open() throws(SystemError) -> OwnedFD {
        let clone = swl_clone_readonly(path)
        // Without the right to clone mounts nothing can be started anyway, but the error should name what is missing there.
        return OwnedFD(clone >= 0 ? clone : try check(swl_open(path, O_RDONLY, 0), "open", path))
    }
}

/// Calls `body` with a null-terminated array of C strings.
public func withCStrings<R>(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R) -> R {
    var pointers: [UnsafePointer<CChar>?] = strings.map { UnsafePointer(strdup($0)) }
    pointers.append(nil)
    defer { for pointer in pointers { free(UnsafeMutableRawPointer(mutating: pointer)) } }
    return body(pointers)
}

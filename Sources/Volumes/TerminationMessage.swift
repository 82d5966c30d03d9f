import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// The file that is bound at a container's `terminationMessagePath`: `<run>/termination/<container>`.
public enum TerminationMessage {
    /// What Kubernetes takes of it; bytes.
    public static let limit = 4096

    public static func path(in run: String, container: Int) -> String {
        "\(run)/termination/\(container)"
    }

    /// Makes it anew, empty, and writable for whatever user the container runs as. `owner` is the host's uid for it.
    public static func make(in run: String, container: Int, owner: UInt32 = 0) throws(SystemError) {
        let directory = run + "/termination"
        let made = swl_mkdirat(SWL_AT_FDCWD, directory, 0o700)
        if made != -EEXIST { try check(made, "mkdir", directory) }
        let path = path(in: run, container: container)
        _ = swl_unlinkat(SWL_AT_FDCWD, path, 0)
        let file = OwnedFD(try check(swl_open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o666), "open", path))
        try check(swl_chmod_fd(file.raw, 0o666), "chmod", path)
        if owner != 0 { try check(swl_chown_fd(file.raw, owner, owner), "chown", path) }
    }

    /// At most `limit` bytes; empty where there is no regular file. Never waits, and never follows a link.
    public static func read(in run: String, container: Int) -> String {
        let fd = swl_open(path(in: run, container: container), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0)
        guard fd >= 0 else { return "" }
        let file = OwnedFD(fd)
        guard let status = try? FileStatus(file.raw), status.kind == .file else { return "" }
        return String(decoding: FileContent.read(file.raw, limit: limit), as: UTF8.self)
    }
}

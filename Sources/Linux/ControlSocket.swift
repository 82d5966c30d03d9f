import CLinux
import Glibc

/// The path socket by which others speak to a pod's supervisor: `control` in the pod's run directory.
public enum ControlSocket {
    private static let name = "control"

    /// `run` is the pod's run directory.
    public static func listen(_ run: String) throws(SystemError) -> OwnedFD {
        let directory = try open(run)
        return OwnedFD(try check(swl_control_listen(directory.raw, name), "bind", "\(run)/\(name)"))
    }

    /// Throws ENOENT or ECONNREFUSED where no supervisor listens.
    public static func connect(_ run: String) throws(SystemError) -> OwnedFD {
        let directory = try open(run)
        return OwnedFD(try check(swl_control_connect(directory.raw, name), "connect", "\(run)/\(name)"))
    }

    /// The next connection of somebody who may: root, or whoever the supervisor is. nil: there is none now.
    public static func accept(_ listener: Int32) -> OwnedFD? {
        while true {
            let raw = swl_control_accept(listener)
            if raw < 0 { return nil }
            let connection = OwnedFD(raw)
            var user: UInt32 = .max
            if swl_peer_user(connection.raw, &user) == 0 && (user == 0 || user == geteuid()) { return connection }
        }
    }

    private static func open(_ run: String) throws(SystemError) -> OwnedFD {
        OwnedFD(try check(swl_open(run, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), "open", run))
    }
}

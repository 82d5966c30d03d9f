import CLinux
import Glibc
import Linux
import PodPlan

/// A connection to the supervisor of a running pod.
struct PodLink: ~Copyable {
    let run: String
    private let socket: PacketSocket

    /// `run` is the pod's run directory. Throws ENOENT or ECONNREFUSED where the pod does not run.
    init(_ run: String) throws(SystemError) {
        self.run = run
        socket = PacketSocket(try ControlSocket.connect(run))
    }

    var raw: Int32 { socket.raw }

    func send(_ request: ControlRequest, _ descriptors: [Int32] = []) throws(SystemError) {
        let packet = request.packet
        if packet.count > PacketSocket.limit { throw SystemError(errno: E2BIG, call: "sendmsg", path: run) }
        try socket.send(packet, descriptors)
    }

    /// nil: the supervisor has gone; the pod has ended, or another one takes over.
    func receive() throws(SystemError) -> (reply: ControlReply, descriptors: [OwnedDescriptor])? {
        guard var packet = try socket.receive() else { return nil }
        let descriptors = packet.take().map { OwnedDescriptor(OwnedFD($0)) }
        guard let reply = try? ControlReply(packet: packet.bytes) else {
            throw SystemError(errno: EPROTO, call: "recvmsg", path: run)
        }
        return (reply, descriptors)
    }
}

/// Pods that run, by name, found without the store: by the directories of their logs, whose names are
/// `<namespace>_<pod>_<uid>`, and by whether somebody listens.
enum RunningPod {
    /// The run directories of those that have been asked for; more than one where `run` was given the same name twice.
    static func directories(_ name: String, _ namespace: String, _ roots: Roots) -> [String] {
        let prefix = "\(namespace)_\(name)_"
        return DirectoryReader.entries(roots.logs).compactMap { entry in
            guard entry.hasPrefix(prefix) else { return nil }
            let uid = entry.dropFirst(prefix.count)
            // A pod's name has no underscore.
            guard !uid.contains("_") else { return nil }
            let directory = "\(roots.run)/pods/\(uid)"
            return access(directory + "/control", F_OK) == 0 ? directory : nil
        }
    }
}

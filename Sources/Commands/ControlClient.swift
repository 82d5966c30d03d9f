import Glibc
import Linux
import PodPlan

/// A connection to the supervisor of a running pod.
final class ControlClient {
    enum Failure: Error, Equatable, CustomStringConvertible {
        /// Nobody holds the pod: neither supervisor nor keeper lives.
        case notRunning
        /// The supervisor's own words.
        case refused(String)
        /// The supervisor has died before its reply; the next one listens at the same place.
        case interrupted
        /// Supervisor and keeper live, and nobody answers.
        case noAnswer

        var description: String {
            switch self {
            case .notRunning: "the pod is not running"
            case .refused(let text): text
            case .interrupted: "the pod's supervisor was killed: try again"
            case .noAnswer: "the pod's supervisor does not answer"
            }
        }
    }

    private let socket: PacketSocket

    /// Descriptor for poll(2).
    var raw: Int32 { socket.raw }

    /// Waits while the pod is just being started, for `seconds` at most.
    ///
    /// - Parameters:
    ///   - uid: The pod's.
    ///   - run: The root of run-time files, such as `/run/swiftlet`.
    init(uid: String, run: String, seconds: Int64 = 10) throws(Failure) {
        let deadline = Clock.boot + seconds * 1_000_000_000
        while true {
            if let connected = try? ControlSocket.connect("\(run)/pods/\(uid)") {
                socket = PacketSocket(connected)
                return
            }
            guard PodLock.isHeld(uid, run: run) else { throw .notRunning }
            if Clock.boot > deadline { throw .noAnswer }
            usleep(5000)
        }
    }

    /// The descriptors stay the caller's.
    func send(_ request: ControlRequest, _ descriptors: [Int32] = []) throws(Failure) {
        do throws(SystemError) { try socket.send(request.packet, descriptors) } catch { throw .interrupted }
    }

    /// The next reply, with its descriptors, which are the caller's from here on. `refused` is thrown.
    func receive() throws(Failure) -> (reply: ControlReply, descriptors: [OwnedDescriptor]) {
        while true {
            let received: (ControlReply, [OwnedDescriptor])?
            do throws(SystemError) {
                guard var packet = try socket.receive() else { throw SystemError(errno: EPIPE, call: "recvmsg") }
                guard let reply = try? ControlReply(packet: packet.bytes) else {
                    throw SystemError(errno: EPROTO, call: "recvmsg")
                }
                received = (reply, packet.take().map { OwnedDescriptor(OwnedFD($0)) })
            } catch {
                if error.errno == EINTR { continue }
                received = nil
            }
            guard let received else { throw .interrupted }
            if case .refused(let text) = received.0 { throw .refused(text) }
            return (received.0, received.1)
        }
    }

    /// One request and its first reply; asks again where the supervisor is replaced meanwhile. For requests that may be
    /// carried out twice.
    static func ask(
        _ request: ControlRequest, _ descriptors: [Int32] = [], uid: String, run: String
    ) throws(Failure) -> (reply: ControlReply, descriptors: [OwnedDescriptor]) {
        for _ in 0..<5 {
            do throws(Failure) {
                let client = try ControlClient(uid: uid, run: run)
                try client.send(request, descriptors)
                return try client.receive()
            } catch {
                if error != .interrupted { throw error }
            }
        }
        throw .noAnswer
    }

    /// Asks the pod to end within `grace` seconds (negative: its own), and waits until all of it has gone. True: it has ended;
    /// false: it did not run, or was killed with its keeper meanwhile, and the caller removes what it left.
    static func stop(uid: String, run: String, grace: Int64) throws(Failure) -> Bool {
        while true {
            do throws(Failure) {
                let client = try ControlClient(uid: uid, run: run)
                try client.send(.stop(grace: grace))
                while true {
                    if case .ended = try client.receive().reply { return true }
                }
            } catch {
                switch error {
                case .notRunning: return false
                case .interrupted: continue
                case .refused, .noAnswer: throw error
                }
            }
        }
    }
}

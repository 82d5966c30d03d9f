import Linux
import PodPlan

/// `grpc`: the server's word on the health of a service.
final class GRPCRun: HandlerRun {
    let waitingFor: String
    private var call: GRPCHealth
    private var connection: ProbeConnection?
    private let finish: (HandlerOutcome) -> Void

    init(host: String, port: UInt16, service: String, loop: EventLoop, finish: @escaping (HandlerOutcome) -> Void) {
        let authority = ProbeConnection.authority(host, port)
        waitingFor = "health rpc to \"\(authority)\":"
        call = GRPCHealth(authority: authority, service: service)
        self.finish = finish
        connection = ProbeConnection(host: host, port: port, isTLS: false, loop: loop) { [unowned self] event in
            self.happened(event)
        }
    }

    func start() {
        connection?.start()
    }

    func cancel() {
        connection?.close()
    }

    private func happened(_ event: ProbeConnection.Event) {
        switch event {
        case .open: connection?.send(call.request)
        case .received(let bytes):
            let (reply, outcome) = call.take(bytes)
            if let outcome { return end(outcome) }
            if !reply.isEmpty { connection?.send(reply) }
        case .ended: end(.failure("\(waitingFor) the server has closed the connection"))
        case .failed(let message): end(.failure("\(waitingFor) \(message)"))
        }
    }

    private func end(_ outcome: HandlerOutcome) {
        connection?.close()
        finish(outcome)
    }
}

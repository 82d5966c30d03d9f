import CLinux
import Glibc
import Linux
import PodPlan

/// The pod's control socket. Each kind of request has a file of its own.
extension Supervisor {
    func control(_ request: ControlRequest, _ descriptors: [OwnedDescriptor], _ connection: ControlConnection) {
        switch request {
        case .stop(let grace): controlStop(grace, connection)
        case .update: controlUpdate(descriptors, connection)
        case .restart(let container): controlRestart(container, connection)
        case .replace: controlReplace(connection)
        case .container(let name): controlContainer(name, connection)
        case .exec(let request): controlExec(request, descriptors)
        case .attach(let request): controlAttach(request, descriptors, connection)
        case .network: controlNetwork(connection)
        case .place(let container): controlPlace(container, connection)
        }
    }

    /// Not before the containers of the start run: it is made together with the first `status.json`. Whoever is earlier than
    /// that sees the pod's lock, and waits.
    func openControl() {
        if control.listener != nil || control.isClosed { return }
        do {
            control.listener = OwnedDescriptor(try ControlSocket.listen(plan.paths.run))
            try watchControl()
        } catch {
            client.send(.note("the pod's control socket cannot be made: \(error)"))
        }
    }

    /// Takes over what the supervisor before this one had listened on.
    func resumeControl(_ listener: OwnedDescriptor?) {
        guard let listener else { return }
        control.listener = listener
        try? watchControl()
    }

    private func watchControl() throws(SystemError) {
        guard let listener = control.listener else { return }
        keeper?.store(StoreTag.control, listener.raw)
        try loop.watch(listener.raw) { [unowned self] _ in self.acceptControl() }
    }

    private func acceptControl() {
        guard let listener = control.listener else { return }
        while let socket = ControlSocket.accept(listener.raw) {
            if control.connections.count >= ControlState.limit { continue }
            let raw = socket.raw
            let connection = try? ControlConnection(PacketSocket(socket), loop: loop) {
                [unowned self] request, descriptors in
                guard let connection = self.control.connections[raw] else { return }
                self.control(request, descriptors, connection)
                if !connection.isOpen { self.control.connections[raw] = nil }
            }
            guard let connection else { continue }
            control.connections[raw] = connection
        }
        control.connections = control.connections.filter { $0.value.isOpen }
    }

    /// The pod has ended: those who wait for that are told, and all connections are closed.
    func closeControl(_ end: ControlReply) {
        control.isClosed = true
        if let listener = control.listener { loop.unwatch(listener.raw) }
        control.listener = nil
        for connection in control.connections.values {
            if connection.awaitsEnd { connection.reply(end) }
            connection.close()
        }
        control.connections = [:]
    }
}

/// The listening socket and who is connected.
struct ControlState {
    static let limit = 256

    var listener: OwnedDescriptor?
    var connections: [Int32: ControlConnection] = [:]
    var isClosed = false
}

import CLinux
import Glibc
import Keeper
import Linux
import PodPlan

/// The terminal of the user of `run`, on behalf of the one container that has a terminal and wants input.
struct Console {
    /// For `SessionReport`.
    let socket: OwnedDescriptor
    /// For the container's output.
    let pipe: OwnedDescriptor
}

extension Supervisor {
    /// To be called whenever there is a new keeper or a new supervisor.
    func attachConsole() {
        guard let console,
            let container = plan.containers.firstIndex(where: { $0.streams.input && $0.streams.terminal })
        else { return }
        keeper?.store(StoreTag.consoleSocket, console.socket.raw)
        keeper?.store(StoreTag.consolePipe, console.pipe.raw)
        attachments.removeConsole()
        attachments.add(
            Attachments.Attachment(container: container, pipes: [console.pipe], outlivesContainer: true) {
                message, descriptors in
                let packet = message.packet
                _ = swl_set_nonblocking(console.socket.raw, 1)
                _ = swl_send(
                    console.socket.raw, packet, packet.count, descriptors.map(\.raw), Int32(descriptors.count))
            })
    }

    /// A container has a terminal, from its first byte on.
    func connectConsole(_ container: Int, _ master: OwnedDescriptor) {
        guard attachments.tellConsole(container, .terminal, [master]) else { return }
        logs?.show(container)
    }
}

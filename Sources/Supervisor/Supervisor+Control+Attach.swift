import CLinux
import Glibc
import Keeper
import Linux
import PodPlan

extension Supervisor {
    func controlAttach(_ request: AttachRequest, _ pipes: [OwnedDescriptor], _ connection: ControlConnection) {
        do throws(SessionRefusal) {
            let target = try target(request.container)
            let container = plan.containers[target.index]
            connection.reply(.session(.accepted(container: container.name, defaulted: target.defaulted)))
            attach(
                Attachments.Attachment(container: target.index, pipes: pipes, outlivesContainer: false) {
                    [unowned connection] message, descriptors in connection.reply(.session(message), descriptors)
                }, connection)
            if container.streams.terminal, let master = logs?.source(target.index, .standardOutput) {
                connection.reply(.session(.terminal), [master])
            }
            if request.hasInput, let input = takeInput(target.index) {
                connection.reply(.session(.input), [input])
            }
        } catch {
            connection.reply(.session(.refused(error)))
        }
    }

    private func attach(_ attachment: Attachments.Attachment, _ connection: ControlConnection) {
        attachments.add(attachment)
        logs?.show(attachment.container)
        connection.onClose = { [unowned self, weak attachment] in
            guard let attachment else { return }
            self.attachments.remove(attachment)
            if !self.attachments.has(attachment.container) { self.logs?.hide(attachment.container) }
        }
    }

    /// With `stdinOnce` the first who is connected is the only one: when he leaves, the input ends.
    private func takeInput(_ container: Int) -> OwnedDescriptor? {
        let streams = plan.containers[container].streams
        if streams.terminal { return streams.input ? logs?.source(container, .standardOutput) : nil }
        guard let input = attachments.inputs[container] else { return nil }
        if streams.inputOnce {
            attachments.inputs[container] = nil
            keeper?.send(.drop(tag: StoreTag.stream(container, .standardOutput, .inputWriter)))
        }
        return input
    }

    /// All output of a container that ended has been shown.
    func endAttachments(_ container: Int, exitCode: Int32, signal: Int32) {
        attachments.end(container, exitCode: exitCode, signal: signal)
        attachments.inputs[container] = nil
        if !attachments.has(container) { logs?.hide(container) }
    }
}

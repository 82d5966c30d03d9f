import Glibc
import Keeper
import Linux
import PodLifecycle
import PodPlan
import Volumes

/// Files of ConfigMaps, Secrets and the downward API that change while the pod runs.
extension Supervisor {
    /// The update is kept with the keeper first: a supervisor that dies before all is written has a successor that writes it.
    /// Why nothing has changed; nil: it has been taken over.
    func takeUpdate(_ file: OwnedDescriptor) -> String? {
        guard !lifecycle.isFinished, let bytes = try? MemoryFile.read(file.raw),
            let update = try? PodUpdate(packet: bytes), plan.accepts(update)
        else { return "the update was not understood, and changes nothing" }
        let old = plan
        if let resize = update.resize, let problem = self.resize(resize) { return problem }
        plan.apply(update)
        updates.merge(update)
        storeUpdates()
        if let seconds = update.activeDeadline {
            lifecycle.setActiveDeadline(seconds)
            keeper?.send(.save(lifecycle.packet))
        }
        write(update, told: true)
        if let resize = update.resize { finishResize(resize, old: old) }
        return nil
    }

    /// For the next supervisor.
    func storeUpdates() {
        if updates.isEmpty { return }
        do {
            let file = try MemoryFile.make(updates.packet)
            keeper?.store(StoreTag.updates, file.raw)
        } catch {
            client.send(.note("an update is not kept for the next supervisor: \(error)"))
        }
    }

    /// The state that the supervisor before this one had taken over.
    func resumeUpdates(_ file: OwnedDescriptor) {
        guard let bytes = try? MemoryFile.read(file.raw), let update = try? PodUpdate(packet: bytes),
            plan.accepts(update)
        else { return }
        plan.apply(update)
        updates = update
        write(update, told: false)
    }

    private func write(_ update: PodUpdate, told: Bool) {
        // Without a keeper there is no sandbox; the next one is made with the new files.
        if keeper == nil { return }
        for volume in update.volumes {
            let name = plan.volumes[Int(volume.index)].name
            do {
                try VolumeSetup.update(plan, volume: Int(volume.index), files: files(of: Int(volume.index)))
                if told { client.send(.note("volume \"\(name)\" updated")) }
            } catch {
                client.send(.note("volume \"\(name)\" could not be updated: \(error.message)"))
            }
        }
    }
}

import Linux
import PodPlan
import Volumes

extension Supervisor {
    /// Gives the volumes to `fsGroup`, before anything runs. That may take long, and the loop stands still meanwhile; so the
    /// command is listened to in between, and told how far it is as by the kubelet's `VolumePermissionChangeInProgress`:
    /// first after 30 seconds, then every 60.
    ///
    /// - Parameter isFirst: Whether the loop does not run yet.
    func applyGroup(isFirst: Bool) throws(VolumeError) {
        if plan.fsGroup == nil { return }
        var nextNote = Clock.boot + 30_000_000_000
        let notes = try VolumeSetup(plan: plan).applyGroup { [client, plan] volume, files in
            if Clock.boot >= nextNote {
                nextNote = Clock.boot + 60_000_000_000
                client.send(.note("Setting volume ownership for \"\(volume)\", processed \(files) files"))
            }
            return !(isFirst && client.wantsStop(whenGone: !plan.isKept))
        }
        for note in notes { client.send(.note(note)) }
    }
}

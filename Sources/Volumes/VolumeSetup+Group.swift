import CLinux
import Linux
import Mounts
import PodPlan

extension VolumeSetup {
    /// Gives the pod's volumes to its `fsGroup`. Of hostPaths never anything is changed; what the atomic writer has made
    /// has the group already. A large volume takes its time: `goesOn` is asked every few hundred files, with the volume's
    /// name and their number.
    ///
    /// - Returns: What is to be said about files that could not be changed.
    public func applyGroup(goesOn: @escaping (_ volume: String, _ files: Int) -> Bool) throws(VolumeError) -> [String] {
        guard let group = plan.fsGroup else { return [] }
        var notes: [String] = []
        for (index, volume) in plan.volumes.enumerated() {
            var outcome = VolumeOwnership.Outcome()
            do throws(SystemError) {
                guard try isGiven(volume, to: group, at: table.path(index)) else { continue }
                let ownership = VolumeOwnership(group, readOnly: false)
                outcome = try ownership.apply(to: table.path(index)) { goesOn(volume.name, $0) }
            } catch {
                throw VolumeError(volume.name, error)
            }
            if outcome.wasStopped {
                throw VolumeError(volume.name, "stopped while its files were given to fsGroup \(group.gid)")
            }
            if let failure = outcome.firstFailure {
                notes.append(
                    "fsGroup: \(outcome.failures) files of volume \"\(volume.name)\" could not be changed: \(failure)")
            }
        }
        return notes
    }

    private func isGiven(
        _ volume: VolumePlan, to group: FileSystemGroup, at path: String
    ) throws(SystemError) -> Bool {
        switch volume.source {
        case .emptyDirectory, .memory, .hugePages: return true
        case .hostPath, .files: return false
        case .directory:
            if volume.options.readOnly { return false }
            guard group.policy == .onRootMismatch else { return true }
            let root = try FileStatus(SWL_AT_FDCWD, path)
            return !VolumeOwnership(group, readOnly: false).isApplied(to: root)
        }
    }
}

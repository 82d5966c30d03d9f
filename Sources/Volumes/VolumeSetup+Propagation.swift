import CLinux
import Glibc
import Linux
import Mounts
import PodPlan

/// `mountPropagation`. Beside the volume's own, private mount there is one in a peer group, which containers bind as a peer
/// (`Bidirectional`) or as a slave of it (`HostToContainer`).
///
/// For a path of the host the group is the host's: the mount is cloned in the host's mount namespace, where it still has its
/// peers, and attached in the pod's. For all other volumes the group is the pod's alone: what a container mounts below an
/// emptyDir is seen by the pod's containers, and goes with the pod.
extension VolumeSetup {
    func makePropagated(
        _ volume: VolumePlan, _ index: Int, _ propagation: MountOptions.Propagation, _ mounts: MountContext
    ) throws {
        try makeDirectory(table.directory + "/.peer", mode: 0o700)
        guard let host = HostPath(volume), let hostMount else {
            try make(volume, at: table.path(index), mounts)
            let peer = try MountHandle(clone: SWL_AT_FDCWD, table.path(index), recursive: true)
            try peer.setPropagation(.shared, recursive: true)
            try attach(peer, at: table.peer(index), try FileStatus(peer.fd.raw).kind)
            return
        }
        let pod = try NamespaceHandle(current: "mnt")
        try check(swl_setns(hostMount, 0), "setns")
        let clones = Result { try Self.clones(of: host, propagation) }
        try pod.enter()
        let (raw, rawPeer, kind) = try clones.get()
        let own = MountHandle(OwnedFD(raw))
        let peer = MountHandle(OwnedFD(rawPeer))
        try own.setPropagation(.private, recursive: true)
        try own.set(Self.attributes(kind), recursive: true)
        try attach(own, at: table.path(index), kind)
        try peer.set(Self.attributes(kind), recursive: true)
        try attach(peer, at: table.peer(index), kind)
    }

    private func attach(_ mount: borrowing MountHandle, at path: String, _ kind: FileStatus.Kind) throws(SystemError) {
        try makeMountPoint(path, kind)
        try mount.attach(to: SWL_AT_FDCWD, path)
    }

    /// Two detached mounts of the same checked file, in the mount namespace that it is in. The caller owns them.
    private static func clones(
        of host: HostPath, _ propagation: MountOptions.Propagation
    ) throws -> (own: Int32, peer: Int32, kind: FileStatus.Kind) {
        let file = try host.open()
        try checkPropagation(file.raw, host, propagation)
        let kind = try FileStatus(file.raw).kind
        let own = try MountHandle(clone: file.raw, recursive: kind == .directory)
        let peer = try MountHandle(clone: file.raw, recursive: kind == .directory)
        return (try own.fd.duplicate().release(), try peer.fd.duplicate().release(), kind)
    }

    /// Container runtimes refuse what would not spread, with these words.
    private static func checkPropagation(
        _ file: Int32, _ host: HostPath, _ propagation: MountOptions.Propagation
    ) throws {
        let info = OwnedFD(try check(swl_open("/proc/self/fdinfo/\(file)", O_RDONLY, 0), "open", host.path))
        let text = String(decoding: FileContent.read(info.raw, limit: 4096), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("mnt_id:") }
        let id = line?.split(whereSeparator: { $0 == ":" || $0 == "\t" || $0 == " " }).last.flatMap { Int32($0) }
        guard let mount = try MountTable().entries.first(where: { $0.id == id }) else { return }
        if mount.isShared || propagation == .hostToContainer && mount.isSlave { return }
        let wanted = propagation == .bidirectional ? "a shared mount" : "a shared or slave mount"
        throw VolumeError(
            host.volume,
            "path \"\(host.path)\" is mounted on \"\(mount.target)\" but it is not \(wanted): "
                + "run mount --make-shared \(mount.target) on the host")
    }
}

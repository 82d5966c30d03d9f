import Glibc
import Linux

/// Tells when a pod that waits for its place should be looked at again: the node's file has changed, or a pod of this host
/// has ended.
final class PlacementWatch {
    private let queue: OwnedDescriptor

    /// nil: the host has no inotify left to give.
    init?(nodeFile: String, run: String) {
        let raw = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        if raw < 0 { return nil }
        queue = OwnedDescriptor(OwnedFD(raw))
        let changes = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
        let folder =
            nodeFile.lastIndex(of: "/").map { $0 == nodeFile.startIndex ? "/" : String(nodeFile[..<$0]) } ?? "."
        inotify_add_watch(raw, folder, changes)
        inotify_add_watch(raw, run + "/pods", UInt32(IN_DELETE))
    }

    var raw: Int32 { queue.raw }

    func drain() {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while read(queue.raw, &buffer, buffer.count) > 0 {}
    }
}

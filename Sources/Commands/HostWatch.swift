import CLinux
import Glibc
import Linux
import ObjectStore

/// Tells when objects or what is observed of pods may have changed, whichever process does it. It says that there is
/// something to read, not what: read everything after each `drain` and after it was made.
final class HostWatch {
    private let queue: OwnedDescriptor
    private let pods: String
    private var watched: [Int32: String] = [:]
    private var podsDirectory: Int32 = -1

    private static let files = UInt32(IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE | IN_ONLYDIR)

    /// `host`'s store is opened: the log of its changes is what is watched.
    init(_ host: Host) throws(CommandError) {
        let store = try host.store()
        let raw = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard raw >= 0 else {
            throw CommandError(
                "cannot watch: inotify_init1: \(String(cString: strerror(errno))) (see fs.inotify.max_user_instances)")
        }
        queue = OwnedDescriptor(OwnedFD(raw))
        pods = host.roots.state + "/pods"
        // A transaction is seen by others a moment after its last bytes are in the log; its writer touches the log then.
        _ = try host.read { (snapshot) throws(ObjectStoreError) in try snapshot.resourceVersion() }
        guard inotify_add_watch(raw, store.path + "-wal", UInt32(IN_ATTRIB)) >= 0 else {
            throw CommandError("cannot watch \(store.path)-wal: \(String(cString: strerror(errno)))")
        }
        mkdir(pods, 0o700)
        podsDirectory = inotify_add_watch(raw, pods, UInt32(IN_CREATE | IN_DELETE | IN_ONLYDIR))
        watchPods()
    }

    /// Readable where there is something for `drain`.
    var raw: Int32 { queue.raw }

    /// Takes off what has happened, and watches the pods that are new.
    func drain() {
        var isNew = false
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16384, alignment: 8)
        defer { buffer.deallocate() }
        while true {
            let count = Glibc.read(queue.raw, buffer.baseAddress, buffer.count)
            if count <= 0 { break }
            var offset = 0
            while offset + MemoryLayout<inotify_event>.size <= count {
                let event = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                offset += MemoryLayout<inotify_event>.size + Int(event.len)
                if event.mask & UInt32(IN_IGNORED) != 0 { watched[event.wd] = nil }
                if event.wd == podsDirectory || event.mask & UInt32(IN_Q_OVERFLOW) != 0 { isNew = true }
            }
        }
        if isNew { watchPods() }
    }

    /// Waits until something may have changed, and drains. False: the time came first.
    /// - Parameter deadline: Boot clock, nanoseconds; nil: none.
    func wait(until deadline: Int64? = nil) -> Bool {
        while true {
            var waiting = pollfd(fd: queue.raw, events: Int16(POLLIN), revents: 0)
            var milliseconds: Int32 = -1
            if let deadline {
                let left = deadline - Clock.boot
                milliseconds = left <= 0 ? 0 : Int32(clamping: left / 1_000_000 + 1)
            }
            let count = poll(&waiting, 1, milliseconds)
            if count > 0 {
                drain()
                return true
            }
            if count == 0 { return false }
        }
    }

    private func watchPods() {
        let known = Set(watched.values)
        for uid in DirectoryReader.entries(pods) where !known.contains(uid) {
            let descriptor = inotify_add_watch(queue.raw, "\(pods)/\(uid)", Self.files)
            if descriptor >= 0 { watched[descriptor] = uid }
        }
    }
}

import CLinux
import Glibc
import Linux

/// Tells that objects may have changed: the store, or what supervisors write of their pods. Directories are watched, and looked
/// at again from time to time in any case.
final class ObjectFollower {
    private let fd: Int32
    private let directory: String
    private let hasPods: Bool
    private let state: String

    init(_ host: Host, _ kinds: [ResourceKind]) {
        state = host.roots.state
        directory = state + "/pods"
        hasPods = kinds.contains(.pod) || kinds.contains(.event)
        fd = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        watch()
    }

    deinit { if fd >= 0 { close(fd) } }

    /// Waits until something may have changed, or a second has passed; false: standard output's reader has gone.
    func wait() -> Bool {
        var waiting = [pollfd(fd: fd, events: Int16(POLLIN), revents: 0), pollfd(fd: 1, events: 0, revents: 0)]
        _ = poll(&waiting, 2, 1000)
        if waiting[1].revents & Int16(POLLERR | POLLHUP) != 0 { return false }
        // What belongs together comes together.
        usleep(20_000)
        var buffer = [UInt8](repeating: 0, count: 16384)
        while read(fd, &buffer, buffer.count) > 0 {}
        watch()
        return true
    }

    private func watch() {
        add(state)
        guard hasPods else { return }
        add(directory)
        for name in DirectoryReader.entries(directory) { add(directory + "/" + name) }
    }

    private func add(_ path: String) {
        _ = inotify_add_watch(
            fd, path,
            UInt32(IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ONLYDIR))
    }
}

import Glibc

/// Tells, as long as there is a reader, that objects may have changed.
final class ObjectFollower {
    private let watch: HostWatch
    private var hasLooked = false

    init(_ host: Host) throws(CommandError) {
        watch = try HostWatch(host)
    }

    /// Waits until something may have changed, but for the first time: objects that were read before it was made are to be read
    /// again. False: standard output's reader has gone.
    func wait() -> Bool {
        if !hasLooked {
            hasLooked = true
            return true
        }
        var waiting = [pollfd(fd: watch.raw, events: Int16(POLLIN), revents: 0), pollfd(fd: 1, events: 0, revents: 0)]
        while poll(&waiting, 2, -1) < 0 && errno == EINTR {}
        if waiting[1].revents & Int16(POLLERR | POLLHUP) != 0 { return false }
        // What belongs together comes together.
        usleep(20_000)
        watch.drain()
        return true
    }
}

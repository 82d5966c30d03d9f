import CLinux
import Glibc

/// A level-triggered epoll loop for a process of one thread. Handlers run one after another, and may add and remove
/// descriptors, their own too.
public final class EventLoop {
    public typealias Handler = (_ events: UInt32) -> Void

    public static let readable: UInt32 = EPOLLIN.rawValue
    public static let writable: UInt32 = EPOLLOUT.rawValue
    public static let hangUp: UInt32 = EPOLLHUP.rawValue | EPOLLERR.rawValue

    private let epoll: OwnedFD
    private let timer: OwnedFD
    private var handlers: [Int32: Handler] = [:]
    private var armed: Int64?
    private var stopped = false
    /// Descriptors that have changed hands since the kernel was asked: what it said of their numbers is of others, which are
    /// closed by now. What there is to say of them, it says again.
    private var renewed: Set<Int32> = []

    public init() throws(SystemError) {
        epoll = OwnedFD(try check(swl_epoll_create(), "epoll_create1"))
        timer = OwnedFD(try check(swl_timer_create(), "timerfd_create"))
        try check(swl_epoll_set(epoll.raw, EPOLL_CTL_ADD, timer.raw, Self.readable), "epoll_ctl")
    }

    /// The descriptor stays the caller's, who has to `unwatch` it before closing it.
    public func watch(
        _ fd: Int32, _ events: UInt32 = EventLoop.readable, _ handler: @escaping Handler
    ) throws(SystemError) {
        try check(swl_epoll_set(epoll.raw, EPOLL_CTL_ADD, fd, events), "epoll_ctl")
        handlers[fd] = handler
        renewed.insert(fd)
    }

    public func change(_ fd: Int32, _ events: UInt32) throws(SystemError) {
        try check(swl_epoll_set(epoll.raw, EPOLL_CTL_MOD, fd, events), "epoll_ctl")
    }

    public func unwatch(_ fd: Int32) {
        if handlers.removeValue(forKey: fd) != nil { _ = swl_epoll_set(epoll.raw, EPOLL_CTL_DEL, fd, 0) }
    }

    public func stop() {
        stopped = true
    }

    /// Runs until `stop`. `deadline` is asked before each wait for the boot-clock time at which `tick` is due; `settled`
    /// is called when all that happened has been handled, before the process sleeps.
    public func run(deadline: () -> Int64?, tick: () -> Void, settled: () -> Void) throws(SystemError) {
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while !stopped {
            settled()
            if stopped { return }
            let due = deadline()
            if due != armed {
                try check(swl_timer_set(timer.raw, due.map { max($0, 1) } ?? 0), "timerfd_settime")
                armed = due
            }
            let count = epoll_wait(epoll.raw, &events, Int32(events.count), -1)
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError(errno: errno, call: "epoll_wait")
            }
            renewed.removeAll(keepingCapacity: true)
            for event in events.prefix(Int(count)) {
                if event.data.fd == timer.raw {
                    var expirations: UInt64 = 0
                    if read(timer.raw, &expirations, 8) == 8 {
                        armed = nil
                        tick()
                    }
                } else if !renewed.contains(event.data.fd), let handler = handlers[event.data.fd] {
                    handler(event.events)
                }
                if stopped { return }
            }
        }
    }
}

import Glibc
import Keeper
import Linux
import PodPlan

/// The containers' output, from their pipes to their log files.
extension Supervisor {
    func watchLogs(_ container: Int) {
        for stream in LogPump.Stream.allCases {
            guard let source = logs?.source(container, stream) else { continue }
            try? loop.watch(source.raw) { [unowned self] events in
                let moved = self.pumpLogs(container, stream)
                if moved && events & EventLoop.readable == 0 && events & EventLoop.hangUp != 0 {
                    self.loop.unwatch(source.raw)
                }
            }
        }
    }

    /// What was staged when the supervisor before died is written now: the container may never say anything again.
    func pumpLogs(_ container: Int) {
        for stream in LogPump.Stream.allCases { _ = pumpLogs(container, stream) }
    }

    /// False where the log cannot be written: the container waits once its pipe is full.
    private func pumpLogs(_ container: Int, _ stream: LogPump.Stream) -> Bool {
        guard let logs else { return true }
        let moved = logs.pump(container, stream)
        client.nudge()
        let index = container * 2 + stream.rawValue
        if moved {
            waitingLogs.remove(index)
            return true
        }
        if let source = logs.source(container, stream) { loop.unwatch(source.raw) }
        retryLogsAt = Clock.boot + 1_000_000_000
        if !isWaiting(container) {
            client.send(
                .note("the log of \"\(plan.containers[container].name)\" cannot be written: the container waits"))
        }
        waitingLogs.insert(index)
        return false
    }

    private func isWaiting(_ container: Int) -> Bool {
        waitingLogs.contains(container * 2) || waitingLogs.contains(container * 2 + 1)
    }

    func retryLogs() {
        retryLogsAt = nil
        for container in unfinishedLogs { closeLogs(container) }
        for container in plan.containers.indices where isWaiting(container) {
            watchLogs(container)
            pumpLogs(container)
        }
    }

    /// The container has ended. What cannot be written waits, until the container is started again at the longest.
    func closeLogs(_ container: Int) {
        for stream in LogPump.Stream.allCases {
            if let source = logs?.source(container, stream) { loop.unwatch(source.raw) }
        }
        guard logs?.finish(container) ?? true else {
            unfinishedLogs.insert(container)
            for stream in LogPump.Stream.allCases { waitingLogs.remove(container * 2 + stream.rawValue) }
            retryLogsAt = Clock.boot + 1_000_000_000
            return
        }
        forgetLogs(container)
    }

    /// Before its next attempt.
    func releaseLogs(_ container: Int) {
        guard unfinishedLogs.contains(container) else { return }
        closeLogs(container)
        if unfinishedLogs.contains(container) {
            logs?.discard(container)
            forgetLogs(container)
        }
    }

    private func forgetLogs(_ container: Int) {
        unfinishedLogs.remove(container)
        for stream in LogPump.Stream.allCases { waitingLogs.remove(container * 2 + stream.rawValue) }
        for stream in LogPump.Stream.allCases { keeper?.send(.drop(tag: StoreTag.stream(container, stream, .source))) }
    }
}

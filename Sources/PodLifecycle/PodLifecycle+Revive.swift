import PodPlan

/// A pod's life after supervisor and keeper have both died, or the host was started anew.
extension PodLifecycle {
    /// From the state that was saved last: the containers count as lost, as after `.sandboxLost`, and the restart policy decides.
    /// A pod that had not got its sandbox yet gets it.
    ///
    /// - Parameters:
    ///   - saved: When the state was saved.
    ///   - isSameBoot: Whether the boot clock is still the one of then. Otherwise what is left of times is counted by the wall
    ///     clock.
    ///   - observed: What the keeper had seen of ends before it died itself.
    public mutating func revive(
        savedAt saved: Moment, isSameBoot: Bool, observed: [Observation], at now: Moment
    ) -> [Action] {
        if !isSameBoot { shift(by: (now.boot - now.wall) - (saved.boot - saved.wall), now: now) }
        if isFinished { return [.teardown] }
        let first = take(observed: observed, at: now)
        if isFinished { return first }
        if case .preparing = course { return first + [.makeSandbox] }
        // As after a kubelet's start, what has not failed by itself does not wait.
        for index in containers.indices {
            switch containers[index].state {
            case .launching, .running: containers[index].backOff = BackOff()
            case .ended where containers[index].kind != .app: containers[index].backOff = BackOff()
            case .waiting, .backOff, .ended: break
            }
        }
        return first + handle(.sandboxLost, at: now)
    }

    /// Attempts that nobody has told of, the supervisor having died before it could save them: the next one is another one.
    public mutating func noteAttempts(_ index: Int, launches: UInt32) {
        guard containers.indices.contains(index), containers[index].launches < launches else { return }
        containers[index].launches = launches
    }

    /// No wait becomes longer than the longest there is, however wrong the wall clock is.
    private mutating func shift(by offset: Int64, now: Moment) {
        func moved(_ boot: Int64) -> Int64 { boot == 0 ? 0 : boot &+ offset }
        func due(_ boot: Int64) -> Int64 { boot == 0 ? 0 : min(boot &+ offset, now.boot + BackOff.maximum) }
        func moment(_ moment: Moment) -> Moment { Moment(boot: moved(moment.boot), wall: moment.wall) }
        for index in containers.indices {
            containers[index].last?.startedAt.boot &+= offset
            containers[index].last?.finishedAt.boot &+= offset
            containers[index].previous?.startedAt.boot &+= offset
            containers[index].previous?.finishedAt.boot &+= offset
            switch containers[index].state {
            case .waiting(let notBefore): containers[index].state = .waiting(notBefore: due(notBefore))
            case .backOff(let until, let delay): containers[index].state = .backOff(until: due(until), delay: delay)
            case .launching(let since): containers[index].state = .launching(since: moment(since))
            case .running(var process):
                process.startedAt = moment(process.startedAt)
                containers[index].state = .running(process)
            case .ended: break
            }
        }
        conditions.shift(moment)
        if case .ending(var ending) = course, case .graceful(let until) = ending.pace {
            ending.pace = .graceful(until: due(until))
            course = .ending(ending)
        }
    }
}

extension Conditions {
    fileprivate mutating func shift(_ moved: (Moment) -> Moment) {
        startTime = startTime.map(moved)
        for path in [
            \Conditions.readyToStartContainers, \.initialized, \.ready, \.allContainersRestarting, \.disruptionTarget,
        ] { self[keyPath: path].since = moved(self[keyPath: path].since) }
    }
}

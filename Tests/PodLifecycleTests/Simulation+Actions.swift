import PodPlan

@testable import PodLifecycle

/// What is done, and what holds always.
extension Simulation {
    mutating func carryOut(_ actions: [Action], resumed: Bool) throws(Violation) {
        if !actions.isEmpty {
            saved = life
            try checkCodec()
        }
        try checkPhase()
        // A crash in the middle of the list: the rest is never done, and resume has to find out.
        if !ended { beginAnew() }
        let cut = !resumed && actions.count > 1 && Int.random(in: 0..<30, using: &random) == 0
        let count = cut ? Int.random(in: 0..<actions.count, using: &random) : actions.count
        for (position, action) in actions.prefix(count).enumerated() {
            history.append("    \(action)")
            switch action {
            case .report, .keep: break
            case .runHook(let index, let attempt, let hook): try runHook(index, attempt, hook, resumed)
            case .makeSandbox:
                if hasSandbox || position != actions.count - 1 { throw Violation("makeSandbox out of place") }
                makingSandbox = true
            case .launch(let index, let attempt): try launch(index, attempt)
            case .signal(let index, let attempt, let signal): try signalled(index, attempt, signal, resumed)
            case .teardown:
                if containers.contains(where: \.isAlive) { throw Violation("teardown with running containers") }
                if position != actions.count - 1 { throw Violation("actions after teardown") }
                teardowns += 1
            }
        }
        if cut {
            // Without a keeper there is no resuming.
            if makingSandbox || actions.contains(.makeSandbox) {
                makingSandbox = !life.isFinished
                if life.isFinished { teardowns += 1 }
                return
            }
            return try crash()
        }
        if let deadline = life.deadline, deadline <= now.boot { throw Violation("a deadline that is over") }
        if restartsAll, !ended, containers.contains(where: { $0.isRunning && !$0.killed }) {
            throw Violation("a container goes on while all are restarted")
        }
        if deadline > 0, hasSandbox, !ended, let startedAt, startedAt + deadline * second <= now.boot {
            throw Violation("a pod beyond its deadline")
        }
    }

    mutating func launch(_ index: Int, _ attempt: UInt32) throws(Violation) {
        let container = containers[index]
        if !hasSandbox { throw Violation("a launch without a sandbox") }
        if container.isAlive { throw Violation("two at once of \(index)") }
        if ended { throw Violation("a launch during the end") }
        if restartsAll { throw Violation("a launch before all have ended") }
        if Int64(attempt) <= container.attempts { throw Violation("an attempt that was there before") }
        for other in kinds.indices where other < index && kinds[other] != .app {
            switch kinds[other] {
            case .initContainer where !containers[other].doneInSandbox:
                throw Violation("\(index) before init container \(other) was done")
            case .sidecar where !containers[other].startedInSandbox:
                throw Violation("\(index) before sidecar \(other) was started")
            default: break
            }
        }
        if kinds[index] == .app && !container.launchedInSandbox {
            let before = kinds.indices.filter { $0 < index && kinds[$0] == .app }
            for other in before where checks[other].hasPostStart {
                let other = containers[other]
                if other.isAlive && (!other.isRunning || other.postStart != nil) && other.attempts == 0 {
                    throw Violation("\(index) before a postStart hook had returned")
                }
            }
        }
        containers[index].launchedInSandbox = true
        containers[index].hadPreStop = false
        containers[index].condemned = nil
        containers[index].isStartupDone = false
        if let endedAt = container.endedAt {
            let isFinal = decision(index, container.lastCode) == .end
            if isFinal, !container.isReset, kinds[index] == .app || container.lastCode != 0 {
                throw Violation("a restart against the policy")
            }
            if container.isReset && !container.backsOff {
                containers[index].restarts = Int(life.containers[index].backOff.restarts) - 1
            } else if endedAt - container.startedAt >= 600 * second {
                containers[index].restarts = 0
            }
            let delays: [Int64] = [0, 10, 20, 40, 80, 160]
            let restarts = containers[index].restarts
            let waits = !container.isReset || container.backsOff
            let due = waits ? endedAt + (restarts < 6 ? delays[restarts] : 300) * second : 0
            if now.boot < due { throw Violation("the back-off of \(index) was shortened") }
            containers[index].restarts += 1
        }
        containers[index].attempt = attempt
        containers[index].attempts = Int64(attempt)
        containers[index].termAt = nil
        containers[index].killed = false
        containers[index].isReset = false
        containers[index].startedAt = now.boot
        containers[index].state = .launching(
            readyAt: now.boot + Int64.random(in: 1...9_000_000, using: &random),
            fails: Int.random(in: 0..<10, using: &random) == 0)
    }

    mutating func signalled(
        _ index: Int, _ attempt: UInt32, _ signal: Int32, _ resumed: Bool
    ) throws(Violation) {
        let container = containers[index]
        guard container.isRunning, container.attempt == attempt else { throw Violation("a signal to nobody") }
        if !ended && !(restartsAll && signal == 9) && container.condemned == nil {
            throw Violation("a signal without an end")
        }
        if kinds[index] == .sidecar && !immediate && !restartsAll && container.condemned == nil {
            let later = containers.indices.filter { kinds[$0] != .sidecar || $0 > index }
            if later.contains(where: { containers[$0].isAlive }) { throw Violation("sidecar \(index) before its turn") }
        }
        switch signal {
        case 15:
            if container.termAt != nil && !resumed { throw Violation("a second SIGTERM") }
            let by = min(stopBy ?? .max, container.condemned ?? .max)
            if checks[index].hasPreStop && now.boot < by && (container.preStop != nil || !container.hadPreStop) {
                throw Violation("SIGTERM before the preStop hook had returned")
            }
            containers[index].termAt = container.termAt ?? now.boot
            // Some heed it, at once or later; some do not at all.
            switch Int.random(in: 0..<4, using: &random) {
            case 0: break
            case 1: setEnd(index, after: 15_000_000_000, code: 0)
            default: setEnd(index, after: 1_000_000, code: 143)
            }
        default:
            if !immediate && !restartsAll {
                guard let termAt = container.termAt else { throw Violation("SIGKILL without SIGTERM") }
                let due = max(termAt + 2 * second, min(stopBy ?? .max, container.condemned ?? .max))
                if now.boot < due { throw Violation("SIGKILL \(due - now.boot) ns before the grace period was over") }
            }
            if container.killed && !resumed { throw Violation("a second SIGKILL") }
            containers[index].killed = true
            setEnd(index, after: 1_000_000, code: 137)
        }
    }

    mutating func setEnd(_ index: Int, after delay: Int64, code: Int32) {
        guard case .running(let at, _) = containers[index].state, at > now.boot + delay else { return }
        containers[index].state = .running(endsAt: now.boot + delay, code: code)
    }

    // MARK: What holds always

    mutating func checkPhase() throws(Violation) {
        if let terminal, life.phase != terminal { throw Violation("\(terminal) became \(life.phase)") }
        if life.phase.isTerminal { terminal = life.phase }
        if life.phase.isTerminal != life.isFinished { throw Violation("\(life.phase) is no end") }
    }

    func checkCodec() throws(Violation) {
        var encoder = Encoder()
        encoder.encode(life)
        var decoder = Decoder(encoder.bytes)
        guard let copy = try? PodLifecycle(from: &decoder), copy == life, decoder.remaining == 0 else {
            throw Violation("encoding and decoding is no round trip")
        }
    }

    /// What the pod has come to, from what the keeper saw.
    func checkEnd() throws(Violation) {
        let failedSandbox = history.contains { $0.contains("sandboxFailed") }
        let apps = kinds.indices.filter { kinds[$0] == .app }
        let succeeded = apps.allSatisfy { containers[$0].endedAt != nil && containers[$0].lastCode == 0 }
        let exceeded = life.failure != nil
        // What had succeeded before a new beginning counts no more where the pod then failed.
        let failedAnew = hasBegunAnew && life.exitCode != 0
        let expected: PodPhase = succeeded && !failedSandbox && !exceeded && !failedAnew ? .succeeded : .failed
        if life.phase != expected { throw Violation("\(life.phase), not \(expected)") }
        if life.phase == .succeeded && life.exitCode != 0 { throw Violation("success with \(life.exitCode)") }
        if exceeded {
            if life.exitCode != 1 { throw Violation("exit code \(life.exitCode) after the deadline") }
        } else if let codes = firstFailure?.codes, !codes.contains(life.exitCode) {
            throw Violation("exit code \(life.exitCode) after \(codes)")
        }
        if life.deadline != nil { throw Violation("a deadline after the end") }
    }
}

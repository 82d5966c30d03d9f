import PodPlan

extension PodLifecycle: BinaryCodable {
    public func encode(to encoder: inout Encoder) {
        encoder.encode(restartPolicy)
        encoder.encode(gracePeriod)
        encoder.encode(activeDeadline)
        encoder.encode(course)
        encoder.encode(containers)
        encoder.encode(UInt32(cursor))
        encoder.encode(firstFailure != nil)
        encoder.encode(firstFailure ?? 0)
        encoder.encode(failure)
        encoder.encode(conditions)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        restartPolicy = try decoder.decode()
        gracePeriod = try decoder.decode()
        activeDeadline = try decoder.decode()
        course = try decoder.decode()
        containers = try decoder.decode()
        cursor = Int(try decoder.decode(UInt32.self))
        guard cursor <= containers.count else { throw .invalidValue("PodLifecycle.cursor") }
        let hasFailed = try decoder.decode(Bool.self)
        let code = try decoder.decode(Int32.self)
        firstFailure = hasFailed ? code : nil
        failure = try decoder.decode()
        conditions = try decoder.decode()
    }
}

extension Course: BinaryCodable {
    func encode(to encoder: inout Encoder) {
        switch self {
        case .preparing: encoder.encode(UInt8(1))
        case .active: encoder.encode(UInt8(2))
        case .ending(let ending):
            encoder.encode(UInt8(3))
            encoder.encode(ending.cause)
            switch ending.pace {
            case .immediate: encoder.encode(Int64.min)
            case .graceful(let until): encoder.encode(until)
            }
        case .finished(.succeeded): encoder.encode(UInt8(4))
        case .finished(.failed): encoder.encode(UInt8(5))
        case .finished(.sandboxFailed(let reason, let message)):
            encoder.encode(UInt8(6))
            encoder.encode(reason)
            encoder.encode(message)
        case .restarting: encoder.encode(UInt8(7))
        }
    }

    init(from decoder: inout Decoder) throws(CodecError) {
        switch try decoder.decode(UInt8.self) {
        case 1: self = .preparing
        case 2: self = .active
        case 3:
            let cause = try decoder.decode(Ending.Cause.self)
            let until = try decoder.decode(Int64.self)
            self = .ending(.init(cause: cause, pace: until == .min ? .immediate : .graceful(until: until)))
        case 4: self = .finished(.succeeded)
        case 5: self = .finished(.failed)
        case 6: self = .finished(.sandboxFailed(reason: try decoder.decode(), message: try decoder.decode()))
        case 7: self = .restarting
        default: throw .invalidValue("Course")
        }
    }
}

extension Conditions: BinaryCodable {
    func encode(to encoder: inout Encoder) {
        encoder.encode(startTime)
        for value in [readyToStartContainers, initialized, ready, allContainersRestarting, disruptionTarget] {
            encoder.encode(value.isTrue)
            encoder.encode(value.since)
        }
    }

    init(from decoder: inout Decoder) throws(CodecError) {
        startTime = try decoder.decode()
        readyToStartContainers = .init(isTrue: try decoder.decode(), since: try decoder.decode())
        initialized = .init(isTrue: try decoder.decode(), since: try decoder.decode())
        ready = .init(isTrue: try decoder.decode(), since: try decoder.decode())
        allContainersRestarting = .init(isTrue: try decoder.decode(), since: try decoder.decode())
        disruptionTarget = .init(isTrue: try decoder.decode(), since: try decoder.decode())
    }
}

extension ContainerLife: BinaryCodable {
    func encode(to encoder: inout Encoder) {
        encoder.encode(spec.name)
        encoder.encode(spec.kind)
        encoder.encode(spec.restart)
        encoder.encode(spec.checks)
        encoder.encode(state)
        encoder.encode(launches)
        encoder.encode(backOff.restarts)
        encoder.encode(last)
        encoder.encode(previous)
        encoder.encode(restartsAtEnd)
    }

    init(from decoder: inout Decoder) throws(CodecError) {
        spec = .init(
            name: try decoder.decode(), kind: try decoder.decode(), restart: try decoder.decode(),
            checks: try decoder.decode())
        state = try decoder.decode()
        launches = try decoder.decode()
        backOff = BackOff(restarts: try decoder.decode())
        last = try decoder.decode()
        previous = try decoder.decode()
        restartsAtEnd = try decoder.decode()
    }
}

extension ContainerLife.State: BinaryCodable {
    func encode(to encoder: inout Encoder) {
        switch self {
        case .waiting(let notBefore):
            encoder.encode(UInt8(1))
            encoder.encode(notBefore)
        case .launching(let since):
            encoder.encode(UInt8(2))
            encoder.encode(since)
        case .running(let process):
            encoder.encode(UInt8(3))
            encoder.encode(process.pid)
            encoder.encode(process.startedAt)
            switch process.stop {
            case .none: encoder.encode(UInt8(0))
            case .terminating(let since, let killAt):
                encoder.encode(UInt8(1))
                encoder.encode(since)
                encoder.encode(killAt)
            case .killed: encoder.encode(UInt8(2))
            case .hooking(let until):
                encoder.encode(UInt8(3))
                encoder.encode(until)
            case .due(let until):
                encoder.encode(UInt8(4))
                encoder.encode(until)
            }
            encoder.encode(process.postStart)
            encoder.encode(process.isStarted)
            encoder.encode(process.isReady)
        case .backOff(let until, let delay):
            encoder.encode(UInt8(4))
            encoder.encode(until)
            encoder.encode(delay)
        case .ended: encoder.encode(UInt8(5))
        }
    }

    init(from decoder: inout Decoder) throws(CodecError) {
        switch try decoder.decode(UInt8.self) {
        case 1: self = .waiting(notBefore: try decoder.decode())
        case 2: self = .launching(since: try decoder.decode())
        case 3:
            var process = ContainerLife.Process(pid: try decoder.decode(), startedAt: try decoder.decode())
            switch try decoder.decode(UInt8.self) {
            case 0: process.stop = .none
            case 1: process.stop = .terminating(since: try decoder.decode(), killAt: try decoder.decode())
            case 2: process.stop = .killed
            case 3: process.stop = .hooking(until: try decoder.decode())
            case 4: process.stop = .due(until: try decoder.decode())
            default: throw .invalidValue("ContainerLife.Stop")
            }
            process.postStart = try decoder.decode()
            process.isStarted = try decoder.decode()
            process.isReady = try decoder.decode()
            self = .running(process)
        case 4: self = .backOff(until: try decoder.decode(), delay: try decoder.decode())
        case 5: self = .ended
        default: throw .invalidValue("ContainerLife.State")
        }
    }
}

extension Termination: BinaryCodable {
    func encode(to encoder: inout Encoder) {
        encoder.encode(attempt)
        encoder.encode(exitCode)
        encoder.encode(signal)
        encoder.encode(reason)
        encoder.encode(message)
        encoder.encode(startedAt)
        encoder.encode(finishedAt)
    }

    init(from decoder: inout Decoder) throws(CodecError) {
        attempt = try decoder.decode()
        exitCode = try decoder.decode()
        signal = try decoder.decode()
        reason = try decoder.decode()
        message = try decoder.decode()
        startedAt = try decoder.decode()
        finishedAt = try decoder.decode()
    }
}

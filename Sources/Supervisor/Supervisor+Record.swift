import CLinux
import Glibc
import Keeper
import Linux
import PodLifecycle
import PodPlan

/// What the supervisor lets others know of the pod, and what the pod's life goes on from after its death: files in the state
/// directory, written a moment after a change, and not in the way of a start.
struct PodRecord {
    /// Nanoseconds after the last change, and after the first, while containers are being started and when they run.
    static let quiet: Int64 = 5_000_000
    static let latest: Int64 = 100_000_000
    static let retry: Int64 = 5_000_000_000

    /// Boot clock.
    private(set) var dueAt: Int64?
    private var changedAt: Int64?
    var events = PodEvents()
    var hasNewEvents = false
    /// Of the attempts whose `Started` has been told.
    var started: [Int: UInt32] = [:]
    var hasToldFailure = false
    var hasToldStop = false
    /// The pod is being stopped without having come to its end: its life goes on from what was written last.
    var isFrozen = false
    /// The disk took nothing; told once.
    var isFailing = false
    lazy var bootID = BootID.current
    /// Boot clock; not before this time memory is given back again.
    var restsAt: Int64 = 0

    mutating func change(isStarting: Bool, now: Int64) {
        let first = changedAt ?? now
        changedAt = first
        if isFailing { return }
        dueAt = isStarting ? first + Self.latest : min(now + Self.quiet, first + Self.latest)
    }

    mutating func succeed() {
        (dueAt, changedAt, isFailing) = (nil, nil, false)
    }

    mutating func fail(now: Int64) {
        (dueAt, isFailing) = (now + Self.retry, true)
    }
}

extension Supervisor {
    func recordChange() {
        record.change(isStarting: lifecycle.isStarting, now: Clock.boot)
    }

    /// Where the disk is full it is tried again; the pod goes on meanwhile.
    func writeRecord() {
        openControl()
        if record.isFrozen { return record.succeed() }
        leaveCallersCgroup()
        do {
            try saveRecord()
            record.succeed()
            rest()
        } catch {
            if !record.isFailing {
                client.send(.note("the pod's state cannot be written, and is tried again: \(error)"))
            }
            record.fail(now: Clock.boot)
        }
    }

    /// What the start has left in memory goes. Later changes are small, and leave little.
    private func rest() {
        let now = Clock.boot
        guard !lifecycle.isStarting, now >= record.restsAt else { return }
        record.restsAt = now + 10_000_000_000
        logs?.releaseBuffers()
        keeper?.send(.rest)
        swl_release_memory()
    }

    /// What outlives neither its command nor the host needs no disk to wait for.
    private func saveRecord() throws(SystemError) {
        let directory = try StateDirectory(plan.paths.state)
        let isDurable = plan.isKept
        if record.hasNewEvents {
            try directory.replace("events", Array(record.events.text.utf8), isDurable: isDurable)
            record.hasNewEvents = false
        }
        if isDurable {
            let saved = SavedLifecycle(bootID: record.bootID, savedAt: .now, lifecycle: lifecycle)
            try directory.replace("lifecycle", saved.sealed)
        }
        let file = StatusFile(bootID: record.bootID, supervisor: getpid(), lifecycle: lifecycle, status: status)
        try directory.replace("status.json", Array(file.text.utf8), isDurable: isDurable)
        if isDurable { try directory.sync() }
    }

    /// Of the supervisor before this one.
    func resumeRecord() {
        record.isFrozen = plan.isKept && access(leavingPath, F_OK) == 0
        if let bytes = try? StateDirectory.read(plan.paths.state + "/events") {
            record.events = PodEvents(text: String(decoding: bytes, as: UTF8.self))
        }
        for container in plan.containers.indices {
            if let running = lifecycle.running(container) { record.started[container] = running.attempt }
        }
        record.hasToldFailure = lifecycle.hasFailed
        record.hasToldStop = lifecycle.isEnding
    }
}

import Foundation
import Glibc
import Linux
import PodAPI
import PodPlan

@testable import Commands

/// A pod that is kept, started by this process as a command would, and left alone.
final class KeptPod {
    let plan: PodPlan
    private let world: World
    private var started: [DetachedPod] = []

    static func executable() -> SupervisorExecutable { SupervisorExecutable(path: World.binary + "-supervisor") }

    init(_ world: World, _ manifest: String) throws {
        self.world = world
        let path = try world.write("kept-\(UInt32.random(in: 0 ... .max)).yaml", manifest)
        var options = ManifestOptions(file: path)
        options.root = world.root
        let preparation = Preparation(options)
        guard let prepared = preparation.pods.first else { throw Expired(description: "\(preparation.errors)") }
        var plan = prepared.plan
        plan.isKept = true
        self.plan = plan
    }

    func start() throws { started.append(try DetachedPod.start(plan, executable: Self.executable())) }

    var state: String { plan.paths.state }
    var run: String { world.root + "/run" }

    func file(_ name: String) -> String { text(at: state + "/" + name) }

    /// What the pod's supervisor has let others know; `.null`: nothing yet.
    var status: JSONValue { (try? JSONValue(parsing: file("status.json").utf8)) ?? .null }

    var phase: String { status[path: "status", "phase"]?.string ?? "" }

    func waitForPhase(_ phase: String, within seconds: Double = 10) throws {
        try eventually("phase \(phase), not \(self.phase)", within: seconds) { self.phase == phase }
    }

    func ask(_ request: ControlRequest) throws -> (reply: ControlReply, descriptors: [OwnedDescriptor]) {
        try ControlClient.ask(request, uid: plan.uid, run: run)
    }

    @discardableResult
    func stop(grace: Int64 = 2) throws -> Bool { try ControlClient.stop(uid: plan.uid, run: run, grace: grace) }

    /// Ends it and removes what it leaves, as `delete` does.
    func remove() throws {
        _ = try stop(grace: 0)
        try FileManager.default.removeItem(atPath: state)
        for pod in started { pod.reap() }
    }

    /// The reasons of its events, each once, in order.
    var reasons: [String] { events.map { $0[path: "reason"]?.string ?? "" } }

    var events: [JSONValue] {
        file("events").split(separator: "\n").compactMap { try? JSONValue(parsing: $0.utf8) }
    }

    func log(_ container: String, attempt: Int = 0) -> [String] {
        text(at: "\(plan.paths.logs)/\(container)/\(attempt).log").split(separator: "\n").map {
            String($0.split(separator: " ", maxSplits: 3).last ?? "")
        }
    }
}

import Foundation
import PodAPI
import Testing

extension World {
    /// Runs a verb that is not `run` to its end, in this world.
    @discardableResult
    func verb(_ arguments: String..., input: String? = nil, timeout: Double = 20) throws -> Outcome {
        try command(arguments, input: input, environment: ["SWIFTLET_ROOT=\(root)", "TZ=UTC"]).wait(timeout)
    }

    /// Runs `body` while the pod of a manifest runs; it is stopped afterwards.
    func whileRunning(_ manifest: String, phase: String = "Running", _ body: (Run) throws -> Void) throws {
        let run = try start(manifest)
        defer {
            run.interrupt()
            _ = try? run.wait(15)
        }
        try eventually("a pod in phase \(phase)") {
            try verb("get", "pods", "-o", "jsonpath={.items[*].status.phase}").stdout.contains(phase)
        }
        try body(run)
    }
}

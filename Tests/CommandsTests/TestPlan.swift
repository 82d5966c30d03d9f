import PodPlan

@testable import Commands

extension PodPlan {
    /// `c` an init container, `s` a sidecar, everything else an app.
    static func test(_ name: String, _ containers: [String]) -> PodPlan {
        var plan = PodPlan()
        (plan.name, plan.namespace, plan.uid) = (name, "default", "11-22")
        plan.containers = containers.map {
            var container = ContainerPlan()
            container.name = $0
            container.kind = $0.hasPrefix("c") ? .initContainer : $0.hasPrefix("s") ? .sidecar : .app
            return container
        }
        return plan
    }
}

extension ScreenStyle {
    static let ascii = ScreenStyle(isTerminal: false, colors: false, unicode: false, width: 80)
    static let terminal = ScreenStyle(isTerminal: true, colors: true, unicode: true, width: 80)
}

func at(_ milliseconds: Int64) -> Moment {
    Moment(boot: 50_000_000_000 + milliseconds * 1_000_000, wall: 0)
}

/// Times in milliseconds.
extension PodReport {
    static func created(_ container: UInt32, _ time: Int64) -> PodReport { created(container, 0, time) }

    static func created(_ container: UInt32, _ attempt: UInt32, _ time: Int64) -> PodReport {
        .created(container: container, attempt: attempt, at: at(time))
    }

    static func started(_ container: UInt32, _ time: Int64) -> PodReport { started(container, 0, time) }

    static func started(_ container: UInt32, _ attempt: UInt32, _ time: Int64) -> PodReport {
        .started(container: container, attempt: attempt, pid: 7, at: at(time))
    }

    static func ended(_ container: UInt32, _ time: Int64, code: Int32 = 0, signal: Int32 = 0) -> PodReport {
        ended(container, 0, time, code: code, signal: signal)
    }

    static func ended(
        _ container: UInt32, _ attempt: UInt32, _ time: Int64, code: Int32 = 0, signal: Int32 = 0, oom: Bool = false
    ) -> PodReport {
        let code = signal == 0 ? code : 128 + signal
        return .terminated(
            container: container, attempt: attempt, at: at(time), exitCode: code, signal: signal,
            reason: oom ? "OOMKilled" : code == 0 ? "Completed" : "Error")
    }
}

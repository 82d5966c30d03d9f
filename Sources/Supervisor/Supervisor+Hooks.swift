import PodLifecycle
import PodPlan

extension Supervisor {
    /// A pod without hooks and probes has neither of the two.
    func makeHandlers() {
        let probes = plan.containers.contains { container in
            ProbeKind.allCases.contains { container.probes[$0] != nil }
        }
        let hooks = plan.containers.contains { container in HookKind.allCases.contains { container.hooks[$0] != nil } }
        if probes || hooks { handlers = Handlers(self) }
        if probes { prober = Prober(self) }
    }

    func runHook(_ container: Int, _ attempt: UInt32, _ hook: HookKind) {
        let returned: (String?) -> Void = { [unowned self] failure in
            self.dispatch(.hookReturned(container: container, attempt: attempt, hook: hook, failure: failure))
        }
        guard let handler = plan.containers[container].hooks[hook] else { return returned(nil) }
        let key = Handlers.Key(container: container, purpose: .hook(hook))
        // How long it may take is the life cycle's to say: postStart has no limit, preStop has the grace period.
        handlers?.start(key, handler, attempt: attempt, timeout: nil) { outcome in
            switch outcome {
            case .success, .warning: returned(nil)
            case .failure(let message), .errored(let message):
                returned(EventFilter.trimmed("\(hook.name)Hook failed: \(message)"))
            }
        }
    }

    /// Their container has ended.
    func cancelHooks(_ container: Int) {
        for hook in HookKind.allCases { handlers?.cancel(.init(container: container, purpose: .hook(hook))) }
    }
}

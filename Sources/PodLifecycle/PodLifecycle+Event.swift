import PodPlan

extension PodLifecycle {
    /// What has happened. `container` is the index in the plan's list, `attempt` counts a container's launches from 0.
    public enum Event: Sendable, Equatable {
        /// Namespaces, volumes and keeper are there.
        case sandboxReady
        /// Nothing was started: the pod fails. `reason` is a Kubernetes event reason, such as `FailedMount`.
        case sandboxFailed(reason: String, message: String)
        /// The keeper has died, and the kernel has killed every container. They count as terminated with 137; where the policy
        /// allows it a new sandbox is made, in which all init containers run again.
        case sandboxLost
        case started(container: Int, attempt: UInt32, pid: Int32)
        /// Counts as an exit with code 128 and reason `StartError`, as in containerd.
        case failedToStart(container: Int, attempt: UInt32, failure: LaunchFailure)
        /// `exitCode` is 128 + `signal` where a signal ended it; `message` is the termination message.
        case exited(
            container: Int, attempt: UInt32, exitCode: Int32, signal: Int32, oomKilled: Bool, message: String)
        /// A hook has returned; `failure` says why it failed. Late where the container has ended meanwhile.
        case hookReturned(container: Int, attempt: UInt32, hook: HookKind, failure: String?)
        /// The verdict of a probe's worker has changed.
        case probed(container: Int, attempt: UInt32, probe: ProbeKind, isSuccess: Bool)
        /// The user wants a container to be ended, and started anew.
        case restart(container: Int)
        /// The user wants the pod to end, within `grace` seconds; nil: the pod's own grace period. A later one may only
        /// shorten; 0 kills at once.
        case stop(grace: Int64?)
        /// The pod takes more of the host's disk than it may; it fails, and is killed at once.
        case evicted(message: String)
        /// The clock has reached `deadline`.
        case tick
    }

    /// What is to be done.
    public enum Action: Sendable, Equatable {
        /// A new sandbox is needed, after `.sandboxLost` only; answered by `.sandboxReady` or `.sandboxFailed`.
        case makeSandbox
        /// Answered by `.started` or `.failedToStart`.
        case launch(container: Int, attempt: UInt32)
        /// Answered by `.hookReturned`, unless the container ends before that.
        case runHook(container: Int, attempt: UInt32, hook: HookKind)
        /// Nothing but to save the state.
        case keep
        /// The stop signal or SIGKILL to a running container's first process.
        case signal(container: Int, attempt: UInt32, signal: Int32)
        /// For the user.
        case report(PodReport)
        /// Everything has ended: free it all, then leave.
        case teardown
    }

    /// What a keeper knows of a container's latest attempt.
    public struct Observation: Sendable, Equatable {
        public enum State: Sendable, Equatable {
            case launching
            case running(pid: Int32, startedAt: Moment)
            case failed(LaunchFailure)
            /// `code` is 128 + `signal` where a signal ended it.
            case exited(code: Int32, signal: Int32, at: Moment, oomKilled: Bool = false, message: String = "")
        }

        public var container: Int
        public var attempt: UInt32
        public var state: State

        public init(container: Int, attempt: UInt32, state: State) {
            self.container = container
            self.attempt = attempt
            self.state = state
        }
    }
}

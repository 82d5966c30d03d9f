/// A port by its number, or by the name it has in the container's `ports`.
public enum PortReference: Sendable, Equatable {
    case number(Int64)
    case name(String)
}

/// One header of an httpGet.
public struct HTTPHeader: Sendable, Equatable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// core/v1 HTTPGetAction.
public struct HTTPGetAction: Sendable, Equatable {
    public enum Scheme: String, Sendable, CaseIterable {
        case http = "HTTP"
        case https = "HTTPS"
    }

    public var path = "/"
    /// nil: left out.
    public var port: PortReference?
    /// Empty: the pod's address.
    public var host = ""
    public var scheme = Scheme.http
    public var headers: [HTTPHeader] = []

    public init() {}
}

/// What a probe or a hook does: the handlers of core/v1 Probe and LifecycleHandler, of which only one may be given.
public struct Handler: Sendable, Equatable {
    public enum Action: Sendable, Equatable {
        case exec([String])
        case httpGet(HTTPGetAction)
        case tcpSocket(port: PortReference?, host: String)
        case grpc(port: Int64, service: String)
        /// Seconds.
        case sleep(Int64)

        /// The name of the field.
        public var field: String {
            switch self {
            case .exec: "exec"
            case .httpGet: "httpGet"
            case .tcpSocket: "tcpSocket"
            case .grpc: "grpc"
            case .sleep: "sleep"
            }
        }
    }

    /// In the order in which Kubernetes looks at them.
    public var actions: [Action] = []

    public init(_ actions: [Action] = []) {
        self.actions = actions
    }
}

/// core/v1 Probe. Times in seconds.
public struct Probe: Sendable, Equatable {
    public var handler = Handler()
    public var initialDelaySeconds: Int64 = 0
    public var timeoutSeconds: Int64 = 1
    public var periodSeconds: Int64 = 10
    public var successThreshold: Int64 = 1
    public var failureThreshold: Int64 = 3
    /// nil: the pod's.
    public var terminationGracePeriodSeconds: Int64?

    public init() {}
}

/// core/v1 Lifecycle.
public struct Lifecycle: Sendable, Equatable {
    public var postStart: Handler?
    public var preStop: Handler?
    /// Empty: the image's, which is SIGTERM.
    public var stopSignal = ""

    public init() {}
}

/// The signals that `stopSignal` may name on Linux (KEP-4960).
public enum StopSignal {
    /// As the kernel numbers them on this architecture; the real-time signals as glibc does, which keeps two for itself.
    public static let numbers: [String: Int32] = {
        var numbers: [String: Int32] = [
            "SIGHUP": 1, "SIGINT": 2, "SIGQUIT": 3, "SIGILL": 4, "SIGTRAP": 5, "SIGABRT": 6, "SIGIOT": 6, "SIGBUS": 7,
            "SIGFPE": 8, "SIGKILL": 9, "SIGUSR1": 10, "SIGSEGV": 11, "SIGUSR2": 12, "SIGPIPE": 13, "SIGALRM": 14,
            "SIGTERM": 15, "SIGSTKFLT": 16, "SIGCHLD": 17, "SIGCLD": 17, "SIGCONT": 18, "SIGSTOP": 19, "SIGTSTP": 20,
            "SIGTTIN": 21, "SIGTTOU": 22, "SIGURG": 23, "SIGXCPU": 24, "SIGXFSZ": 25, "SIGVTALRM": 26, "SIGPROF": 27,
            "SIGWINCH": 28, "SIGIO": 29, "SIGPOLL": 29, "SIGPWR": 30, "SIGSYS": 31, "SIGRTMIN": 34, "SIGRTMAX": 64,
        ]
        for offset in Int32(1)...15 { numbers["SIGRTMIN+\(offset)"] = 34 + offset }
        for offset in Int32(1)...14 { numbers["SIGRTMAX-\(offset)"] = 64 - offset }
        return numbers
    }()
}

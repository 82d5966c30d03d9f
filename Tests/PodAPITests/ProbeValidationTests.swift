import PodAPI
import Testing

@Suite struct ProbeValidationTests {
    private static func probe(_ actions: Handler.Action..., change: (inout Probe) -> Void = { _ in }) -> Probe {
        var probe = Probe()
        probe.handler = Handler(actions)
        change(&probe)
        return probe
    }

    private static func get(_ port: PortReference?, _ headers: [HTTPHeader] = []) -> Handler.Action {
        var action = HTTPGetAction()
        action.port = port
        action.headers = headers
        return .httpGet(action)
    }

    private static func liveness(
        _ name: String, _ errors: [String], _ probe: Probe
    ) -> PodCase {
        PodCase(name, errors.map { "spec.containers[0].livenessProbe" + $0 }) {
            $0.spec.containers[0].livenessProbe = probe
        }
    }

    private static func lifecycle(
        _ name: String, _ errors: [String], _ change: @escaping @Sendable (inout Lifecycle) -> Void
    ) -> PodCase {
        PodCase(name, errors.map { "spec.containers[0].lifecycle" + $0 }) {
            var lifecycle = Lifecycle()
            change(&lifecycle)
            $0.spec.containers[0].lifecycle = lifecycle
        }
    }

    static let cases: [PodCase] = [
        liveness("valid", [], probe(.exec(["true"]))),
        liveness("no handler", [": required value: must specify a handler type"], probe()),
        liveness(
            "two handlers", [".tcpSocket: may not specify more than 1 handler type"],
            probe(.exec(["true"]), .tcpSocket(port: .number(80), host: ""))),
        liveness("no command", [".exec.command: required value"], probe(.exec([]))),
        liveness("no port", [".httpGet.port: required value"], probe(get(nil))),
        liveness(
            "port too large", [".httpGet.port: must be between 1 and 65535, inclusive: 65536"],
            probe(get(.number(65536)))),
        liveness(
            "unknown port name", [".httpGet.port: the container has no port named \"web\""], probe(get(.name("web")))),
        liveness(
            "bad port name",
            [".tcpSocket.port: must contain only alphanumeric characters (a-z, 0-9) and hyphens (-): \"WEB\""],
            probe(.tcpSocket(port: .name("WEB"), host: ""))),
        liveness(
            "grpc port", [".grpc.port: must be between 1 and 65535, inclusive: 0"], probe(.grpc(port: 0, service: ""))),
        liveness(
            "header name",
            [
                ".httpGet.httpHeaders[0].name: a valid HTTP header must consist of alphanumeric characters or '-' "
                    + "(for example 'X-Header-Name'): \"a b\""
            ],
            probe(get(.number(80), [HTTPHeader(name: "a b", value: "")]))),
        liveness(
            "header value", [".httpGet.httpHeaders[0].value: must not contain control characters"],
            probe(get(.number(80), [HTTPHeader(name: "a", value: "x\r\ny: z")]))),
        liveness(
            "negative numbers",
            ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "failureThreshold"].map {
                ".\($0): must be greater than or equal to 0: -1"
            },
            probe(.exec(["true"])) {
                $0.initialDelaySeconds = -1
                $0.timeoutSeconds = -1
                $0.periodSeconds = -1
                $0.failureThreshold = -1
            }),
        liveness(
            "successThreshold", [".successThreshold: must be 1: 2"], probe(.exec(["a"])) { $0.successThreshold = 2 }),
        liveness(
            "grace", [".terminationGracePeriodSeconds: must be greater than 0: 0"],
            probe(.exec(["a"])) { $0.terminationGracePeriodSeconds = 0 }),
        PodCase("startup successThreshold", ["spec.containers[0].startupProbe.successThreshold: must be 1: 3"]) {
            $0.spec.containers[0].startupProbe = probe(.exec(["a"])) { $0.successThreshold = 3 }
        },
        PodCase("readiness may ask for more", []) {
            $0.spec.containers[0].readinessProbe = probe(.exec(["a"])) { $0.successThreshold = 3 }
        },
        PodCase(
            "readiness grace",
            ["spec.containers[0].readinessProbe.terminationGracePeriodSeconds: must not be set for readinessProbes"]
        ) {
            $0.spec.containers[0].readinessProbe = probe(.exec(["a"])) { $0.terminationGracePeriodSeconds = 5 }
        },
        PodCase(
            "plain init containers have none",
            ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"].map {
                "spec.initContainers[0].\($0): may not be set for init containers without restartPolicy=Always"
            }
        ) {
            var one = container("one")
            one.lifecycle = Lifecycle()
            (one.livenessProbe, one.readinessProbe, one.startupProbe) = (Probe(), Probe(), Probe())
            $0.spec.initContainers = [one]
        },
        PodCase("sidecars have all", []) {
            var one = container("one", sidecar: true, ports: [port(80, name: "web")])
            one.livenessProbe = probe(get(.name("web")))
            one.startupProbe = probe(.tcpSocket(port: .name("web"), host: ""))
            one.lifecycle = Lifecycle()
            $0.spec.initContainers = [one]
        },
        lifecycle("sleep fits", []) { $0.preStop = Handler([.sleep(30)]) },
        lifecycle(
            "sleep is too long",
            [".preStop.sleep.seconds: must be non-negative and less than terminationGracePeriodSeconds (30): 31"]
        ) { $0.preStop = Handler([.sleep(31)]) },
        lifecycle(
            "negative sleep",
            [".postStart.sleep.seconds: must be non-negative and less than terminationGracePeriodSeconds (30): -1"]
        ) { $0.postStart = Handler([.sleep(-1)]) },
        lifecycle("empty hook", [".preStop: required value: must specify a handler type"]) { $0.preStop = Handler() },
        lifecycle(
            "stopSignal without os",
            [
                ".stopSignal: may not be set for containers with empty `spec.os.name`: set spec.os.name to linux"
            ]
        ) { $0.stopSignal = "SIGUSR1" },
        PodCase("stopSignal", []) {
            $0.spec.osName = "linux"
            var lifecycle = Lifecycle()
            lifecycle.stopSignal = "SIGRTMIN+15"
            $0.spec.containers[0].lifecycle = lifecycle
        },
        PodCase(
            "unknown stopSignal",
            [
                "spec.containers[0].lifecycle.stopSignal: unsupported value: \"SIGTREM\" (did you mean \"SIGTERM\"?): "
                    + "a signal's name, such as SIGTERM"
            ]
        ) {
            $0.spec.osName = "linux"
            var lifecycle = Lifecycle()
            lifecycle.stopSignal = "SIGTREM"
            $0.spec.containers[0].lifecycle = lifecycle
        },
    ]

    @Test(arguments: cases)
    func errors(_ row: PodCase) {
        #expect(validPod(row.change).validate().map { "\($0.path): \($0.message)" } == row.errors)
    }
}

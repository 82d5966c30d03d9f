import PodAPI
import PodPlan
import PodPlanner
import Testing

@Suite struct ProbePlanTests {
    private func get(_ change: (inout HTTPGetAction) -> Void = { _ in }) -> Probe {
        var action = HTTPGetAction()
        action.port = .number(8080)
        change(&action)
        var probe = Probe()
        probe.handler = Handler([.httpGet(action)])
        return probe
    }

    private func http(_ probe: Probe) throws -> HTTPPlan {
        let plan = try PodPlanner.plain.app(pod { $0.readinessProbe = probe })
        guard case .http(let http)? = plan.probes.readiness?.handler else { return HTTPPlan() }
        return http
    }

    @Test func aRequestAsTheKubeletMakesIt() throws {
        let plan = try http(get())
        #expect(plan.host == "127.0.0.1" && plan.port == 8080 && plan.path == "/" && !plan.isTLS)
        #expect(plan.hostHeader.isEmpty)
        #expect(plan.headers == ["User-Agent: kube-probe/1.37", "Accept: */*"])
    }

    @Test func headersOfTheManifestReplaceTheUsualOnes() throws {
        let plan = try http(
            get {
                $0.scheme = .https
                $0.host = "[2001:db8::1]"
                $0.path = "healthz?a=b c#part"
                $0.headers = [
                    HTTPHeader(name: "host", value: "example.com"), HTTPHeader(name: "user-agent", value: ""),
                    HTTPHeader(name: "accept", value: "text/plain"), HTTPHeader(name: "X-A", value: "1"),
                    HTTPHeader(name: "X-A", value: "2"),
                ]
            })
        #expect(plan.isTLS && plan.host == "2001:db8::1" && plan.hostHeader == "example.com")
        #expect(plan.path == "/healthz?a=b%20c")
        #expect(plan.headers == ["accept: text/plain", "X-A: 1", "X-A: 2"])
    }

    @Test func namesOfPortsAndHosts() throws {
        let plan = try PodPlanner.plain.plan(
            pod: pod {
                var app = container()
                var port = ContainerPort()
                (port.name, port.containerPort) = ("web", 9090)
                app.ports = [port]
                app.startupProbe = Probe()
                app.startupProbe?.handler = Handler([.tcpSocket(port: .name("web"), host: "other")])
                app.livenessProbe = Probe()
                app.livenessProbe?.handler = Handler([.grpc(port: 5000, service: "a.b")])
                $0.spec.containers = [app]
                $0.spec.hostNetwork = true
                $0.spec.hostAliases = [HostAlias(ip: "192.0.2.9", hostnames: ["other"])]
            }, uid: "u-1"
        ).plan
        #expect(plan.containers[0].probes.startup?.handler == .tcp(host: "192.0.2.9", port: 9090))
        // A pod on the host's network is asked at the host's address.
        #expect(plan.containers[0].probes.liveness?.handler == .grpc(host: "192.0.2.7", port: 5000, service: "a.b"))
    }

    @Test func anUnknownNameIsRefused() {
        #expect(
            PodPlanner.plain.errors(pod { $0.livenessProbe = get { $0.host = "example.com" } }) == [
                "Refused spec.containers[0].livenessProbe.httpGet.host: \"example.com\" is no IP address, and probes and "
                    + "hooks ask no name server: give the address, or name it in spec.hostAliases"
            ])
    }

    @Test func numbersAndVariables() throws {
        let plan = try PodPlanner.plain.app(
            pod {
                $0.env = [
                    EnvVar(name: "A", source: .value("1")), EnvVar(name: "B", source: .field("metadata.name")),
                ]
                var probe = Probe()
                probe.handler = Handler([.exec(["echo", "$(A) $(B)"])])
                (probe.initialDelaySeconds, probe.timeoutSeconds, probe.periodSeconds) = (5, 2, 3)
                (probe.successThreshold, probe.failureThreshold, probe.terminationGracePeriodSeconds) = (1, 9, 7)
                $0.livenessProbe = probe
                $0.lifecycle = Lifecycle()
                $0.lifecycle?.postStart = Handler([.exec(["echo", "$(A)"])])
                $0.lifecycle?.preStop = Handler([.sleep(3)])
                $0.lifecycle?.stopSignal = "SIGUSR1"
            })
        let probe = try #require(plan.probes.liveness)
        // Only variables that are plain values are known to a probe's command, and none to a hook's.
        #expect(probe.handler == .exec(["echo", "1 $(B)"]))
        #expect((probe.initialDelay, probe.timeout, probe.period) == (5, 2, 3))
        #expect((probe.successThreshold, probe.failureThreshold, probe.terminationGracePeriod) == (1, 9, 7))
        #expect(plan.hooks.postStart == .exec(["echo", "$(A)"]))
        #expect(plan.hooks.preStop == .sleep(seconds: 3))
        #expect(plan.hooks.stopSignal == 10)
    }
}

import PodAPI
import PodPlan
import Testing

@testable import PodPlanner

@Suite struct ServiceTests {
    static let shop = Service(
        metadata: ObjectMeta(name: "foo-service"), selector: ["app": "other"],
        ports: [Service.Port(port: 8765, targetPort: "8080")])

    func variables(_ services: [Service], _ change: (inout Pod) -> Void = { _ in }) throws -> [String] {
        try PodPlanner.plain.plan(pod: pod(change), services: services, uid: "u").plan.containers[0].environment
    }

    func hosts(_ services: [Service], _ change: (inout Pod) -> Void = { _ in }) throws -> String {
        let plan = try PodPlanner.plain.plan(pod: pod(change), services: services, uid: "u").plan
        return plan.etcFiles.first { $0.path == "hosts" }.map { String(decoding: $0.content, as: UTF8.self) } ?? ""
    }

    @Test func variablesOfAServiceAreThoseOfTheKubelet() {
        let ports = [
            Service.Port(name: "http", port: 80), Service.Port(name: "dns-udp", protocol: .udp, port: 53),
        ]
        let list = ServiceVariables.list(name: "my-web", address: "10.0.0.11", ports: ports)
        #expect(
            list.map { "\($0.name)=\($0.value)" } == [
                "MY_WEB_SERVICE_HOST=10.0.0.11", "MY_WEB_SERVICE_PORT=80", "MY_WEB_SERVICE_PORT_HTTP=80",
                "MY_WEB_SERVICE_PORT_DNS_UDP=53", "MY_WEB_PORT=tcp://10.0.0.11:80",
                "MY_WEB_PORT_80_TCP=tcp://10.0.0.11:80", "MY_WEB_PORT_80_TCP_PROTO=tcp",
                "MY_WEB_PORT_80_TCP_PORT=80", "MY_WEB_PORT_80_TCP_ADDR=10.0.0.11",
                "MY_WEB_PORT_53_UDP=udp://10.0.0.11:53", "MY_WEB_PORT_53_UDP_PROTO=udp",
                "MY_WEB_PORT_53_UDP_PORT=53", "MY_WEB_PORT_53_UDP_ADDR=10.0.0.11",
            ])
        let six = ServiceVariables.list(name: "a", address: "2001:db8::1", ports: [Service.Port(port: 1)])
        #expect(six.contains { $0 == ("A_PORT", "tcp://[2001:db8::1]:1") })
        #expect(six.contains { $0 == ("A_PORT_1_TCP_ADDR", "2001:db8::1") })
    }

    @Test func everyContainerHasThoseOfTheAPIServer() throws {
        let list = try variables([]) { $0.spec.enableServiceLinks = false }
        #expect(list.contains("KUBERNETES_PORT=tcp://127.96.0.1:443"))
        #expect(list.contains("KUBERNETES_SERVICE_PORT_HTTPS=443"))
    }

    @Test func servicesOfThePodsNamespaceAreLinkedUnlessItWantsNone() throws {
        let other = Service(metadata: ObjectMeta(name: "far", namespace: "prod"), ports: [Service.Port(port: 1)])
        let headless = Service(
            metadata: ObjectMeta(name: "bare"), ports: [Service.Port(port: 1)], clusterIP: "None")
        let list = try variables([Self.shop, other, headless])
        #expect(list.contains("FOO_SERVICE_SERVICE_PORT=8765"))
        #expect(!list.contains { $0.hasPrefix("FAR_") || $0.hasPrefix("BARE_") })
        #expect(
            try !variables([Self.shop]) { $0.spec.enableServiceLinks = false }.contains { $0.hasPrefix("FOO_") })
    }

    @Test func theManifestsVariablesWinAndMayReferToThem() throws {
        let list = try variables([Self.shop]) {
            $0.spec.containers[0].env = [
                EnvVar(name: "URL", source: .value("http://x:$(FOO_SERVICE_SERVICE_PORT)/")),
                EnvVar(name: "FOO_SERVICE_PORT", source: .value("mine")),
            ]
            $0.spec.containers[0].args = ["$(FOO_SERVICE_SERVICE_PORT)"]
        }
        #expect(list.contains("URL=http://x:8765/"))
        #expect(list.filter { $0.hasPrefix("FOO_SERVICE_PORT=") } == ["FOO_SERVICE_PORT=mine"])
    }

    @Test func addressesAreThePodsOwnOrOfTheRange() {
        let other = Service(metadata: ObjectMeta(name: "other"), ports: [Service.Port(port: 1)])
        let addresses = ClusterIPs([Self.shop, other])
        let elsewhere = addresses.address(of: Self.shop, for: pod(), podIPs: ["127.0.0.1"])
        #expect(elsewhere == ClusterIPs([other, Self.shop]).address(of: Self.shop, for: pod(), podIPs: []))
        let octets = (elsewhere ?? "").split(separator: ".").compactMap { Int($0) }
        #expect(octets.count == 4 && octets[0] == 127 && (96...111).contains(octets[1]))
        #expect(elsewhere != ClusterIPs.kubernetes)
        #expect(elsewhere != addresses.address(of: other, for: pod(), podIPs: []))
        let serving = pod { $0.metadata.labels = ["app": "other"] }
        #expect(addresses.address(of: Self.shop, for: serving, podIPs: ["127.0.0.1"]) == "127.0.0.1")
        var headless = Self.shop
        headless.clusterIP = "None"
        #expect(addresses.address(of: headless, for: pod(), podIPs: ["127.0.0.1"]) == nil)
        #expect(addresses.address(of: headless, for: serving, podIPs: ["127.0.0.1"]) == "127.0.0.1")
    }

    @Test func namesThatMeetHaveDifferentAddresses() {
        let services = (0..<3000).map { Service(metadata: ObjectMeta(name: "s\($0)"), ports: []) }
        let table = ClusterIPs(services)
        let addresses = Set(services.compactMap { table.address(of: $0, for: pod(), podIPs: []) })
        #expect(addresses.count == 3000)
    }

    @Test func namesAreInTheHostsFile() throws {
        let serving: (inout Pod) -> Void = { $0.metadata.labels = ["app": "other"] }
        let far = Service(
            metadata: ObjectMeta(name: "far", namespace: "prod"), selector: ["app": "other"],
            ports: [Service.Port(port: 1)])
        let text = try hosts([Self.shop, far], serving)
        #expect(
            text.contains(
                "\n127.0.0.1\tfoo-service.default.svc.cluster.local\tfoo-service.default.svc\tfoo-service.default\tfoo-service\n"
            ))
        #expect(text.contains("\tfar.prod.svc.cluster.local\tfar.prod.svc\tfar.prod\n"))
        #expect(try hosts([]) == hosts([], serving) && !hosts([]).contains("Services"))
    }

    @Test func aPortThatNobodyCarriesOverIsNoted() throws {
        func notes(_ target: String, labels: [String: String]) throws -> [String] {
            var service = Self.shop
            service.ports[0].targetPort = target
            return try PodPlanner.plain.plan(
                pod: pod {
                    $0.metadata.labels = labels
                    var port = ContainerPort()
                    port.name = "web"
                    port.containerPort = 8765
                    $0.spec.containers[0].ports = [port]
                }, services: [service], uid: "u"
            ).notes.map(\.message)
        }
        let serving = ["app": "other"]
        try #expect(notes("8080", labels: serving).first?.contains("port 8765 over to 8080") == true)
        try #expect(notes("8765", labels: serving).isEmpty)
        try #expect(notes("web", labels: serving).isEmpty)
        try #expect(notes("8080", labels: [:]).isEmpty)
    }
}

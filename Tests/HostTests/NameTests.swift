import Foundation
import Glibc
import Testing

extension HostTests {
    /// Names of the pod, and of Services.
    @Suite struct NameTests {
        @Test(arguments: [
            ("", "p p", "127.0.0.1 p"),
            ("hostname: web\nsubdomain: sub", "web web", "127.0.0.1 web.sub.default.svc.cluster.local web"),
            (
                "hostname: web\nsubdomain: sub\nsetHostnameAsFQDN: true",
                "web.sub.default.svc.cluster.local web.sub.default.svc.cluster.local",
                "127.0.0.1 web.sub.default.svc.cluster.local web"
            ),
            ("hostname: web\nhostnameOverride: my.own.name", "my.own.name my.own.name", "127.0.0.1 my.own.name"),
        ])
        func hostnames(_ spec: String, _ names: String, _ entry: String) throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a",
                            "echo $(cat /proc/sys/kernel/hostname) $HOSTNAME; cat /etc/hostname; "
                                + "sed -n '8,$p' /etc/hosts | tr '\\t' ' '"), spec: spec))
                let kernelName = names.split(separator: " ").first.map(String.init) ?? ""
                #expect(run.lines(of: "a") == [names, kernelName, entry], "\(run)")
            }
        }

        @Test func aServiceIsVariablesAndAName() throws {
            try withWorld { world in
                let service = """
                    apiVersion: v1
                    kind: Service
                    metadata: {name: fooservice}
                    spec: {selector: {app: web}, ports: [{port: 8765, targetPort: 8765}]}

                    """
                let script = """
                    echo $FOOSERVICE_SERVICE_HOST $FOOSERVICE_SERVICE_PORT $FOOSERVICE_PORT; \
                    echo $FOOSERVICE_PORT_8765_TCP $FOOSERVICE_PORT_8765_TCP_PROTO $FOOSERVICE_PORT_8765_TCP_PORT \
                    $FOOSERVICE_PORT_8765_TCP_ADDR; for n in fooservice fooservice.default fooservice.default.svc \
                    fooservice.default.svc.cluster.local; do getent ahosts $n | head -1 | cut -d' ' -f1; done
                    """
                let serving = try world.run(
                    documents(service, pod(container("a", script), name: "p, labels: {app: web}")))
                #expect(
                    serving.lines(of: "a") == [
                        "127.0.0.1 8765 tcp://127.0.0.1:8765", "tcp://127.0.0.1:8765 tcp 8765 127.0.0.1",
                    ] + Array(repeating: "127.0.0.1", count: 4), "\(serving)")
                let other = try world.run(documents(service, pod(container("a", script))))
                let lines = other.lines(of: "a")
                try #require(lines.count == 6, "\(other)")
                let address = lines[2]
                #expect(address.hasPrefix("127.") && address != "127.0.0.1", "\(other)")
                #expect(lines[0] == "\(address) 8765 tcp://\(address):8765" && lines[5] == address, "\(other)")
                let unlinked = try world.run(
                    documents(
                        service, pod(container("a", "env | grep -c ^FOOSERVICE"), spec: "enableServiceLinks: false")))
                #expect(unlinked.lines(of: "a") == ["0"], "\(unlinked)")
            }
        }

        /// What `pods/commands.yaml` of Kubernetes' documentation asks for.
        @Test func theAPIServersVariablesAreThere() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        "{name: a, image: \"host:/\", command: [printenv], args: [HOSTNAME, KUBERNETES_PORT]}",
                        policy: "OnFailure", name: "command-demo"))
                #expect(run.code == 0, "\(run)")
                #expect(run.lines(of: "a") == ["command-demo", "tcp://127.96.0.1:443"], "\(run)")
            }
        }
    }
}

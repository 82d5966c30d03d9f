import Foundation
import Glibc
import Testing

extension HostTests {
    /// Probes and hooks over the network, against real servers.
    @Suite struct NetworkProbeTests {
        /// An nginx that answers in all the ways that are asked about.
        private func prepare(_ world: World) throws -> String {
            let folder = try world.directory("w")
            let key = try world.program([
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=nobody",
                "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem",
            ])
            #expect(try key.wait(20).code == 0)
            chmod(folder + "/key.pem", 0o644)
            for (name, status) in [("good", 1), ("ill", 2)] {
                try world.directory("w/\(name)/grpc.health.v1.Health")
                try Data([0, 0, 0, 0, 2, 8, UInt8(status)]).write(
                    to: URL(fileURLWithPath: "\(folder)/\(name)/grpc.health.v1.Health/Check"))
            }
            func grpc(_ port: Int, _ root: String) -> String {
                """
                server { listen \(port) http2; root /w/\(root); default_type application/grpc;
                  location / { error_page 405 =200 $uri; } }
                """
            }
            try world.write(
                "w/nginx.conf",
                """
                daemon off; user root; pid /tmp/pid; error_log /dev/stderr; worker_processes 1;
                events {}
                http {
                  log_format f '$server_port $request $http_host $http_user_agent $http_accept $http_x_a';
                  access_log /w/access.log f;
                  client_body_temp_path /tmp/a; proxy_temp_path /tmp/b; fastcgi_temp_path /tmp/c;
                  uwsgi_temp_path /tmp/d; scgi_temp_path /tmp/e;
                  server { listen 8080;
                    location /ok { return 200 "ok"; } location /bad { return 500; } location /there { return 302 /ok?moved; }
                    location /away { return 301 http://example.com/; } location /loop { return 302 /loop; } }
                  server { listen 8443 ssl; ssl_certificate /w/cert.pem; ssl_certificate_key /w/key.pem;
                    location / { return 200 "secret"; } }
                  \(grpc(5000, "good"))
                  \(grpc(5001, "ill"))
                }
                """)
            return folder
        }

        @Test func probesOfEveryKind() throws {
            try withWorld(needs: [.program("nginx"), .program("openssl"), .program("busybox")]) { world in
                let folder = try prepare(world)
                func asks(_ name: String, _ handler: String) -> String {
                    container(name, "exec sleep 1000", "readinessProbe: {\(handler), periodSeconds: 1}")
                }
                let containers = [
                    container(
                        "web", "busybox nc -ll -p 9000 -e sleep 100 & exec nginx -c /w/nginx.conf",
                        "ports: [{name: http, containerPort: 8080}], volumeMounts: [{name: w, mountPath: /w}], "
                            + "readinessProbe: {httpGet: {port: http, path: /ok?x=y}, periodSeconds: 1}"),
                    asks(
                        "header",
                        "httpGet: {port: 8080, path: /ok, httpHeaders: [{name: Host, value: example.com}, {name: X-A, value: b}]}"
                    ),
                    asks("there", "httpGet: {port: 8080, path: there}"),
                    asks("away", "httpGet: {port: 8080, path: /away}"),
                    asks("tls", "httpGet: {port: 8443, scheme: HTTPS}"),
                    asks("tcp", "tcpSocket: {port: 8080}"), asks("grpc", "grpc: {port: 5000}"),
                    asks("bad", "httpGet: {port: 8080, path: /bad}"),
                    asks("loop", "httpGet: {port: 8080, path: /loop}"),
                    asks("refused", "httpGet: {port: 81}"), asks("tcpbad", "tcpSocket: {port: 82, host: \"::1\"}"),
                    asks("slow", "httpGet: {port: 9000}"), asks("plain", "httpGet: {port: 8443}"),
                    asks("nottls", "httpGet: {port: 8080, scheme: HTTPS}"),
                    asks("ill", "grpc: {port: 5001, service: web}"),
                    asks("notgrpc", "grpc: {port: 8080}"),
                ]
                var manifest = pod(
                    containers[0],
                    spec: "terminationGracePeriodSeconds: 0\nvolumes: [{name: w, hostPath: {path: \(folder)}}]")
                manifest += containers.dropFirst().map { "  - \($0)\n" }.joined()
                let run = try world.start(manifest)
                try run.waitForLine("ready 7/16", within: 20)
                let expected = [
                    "\"away\": ProbeWarning: Readiness probe warning: Probe terminated redirects: 301 http://example.com/",
                    "\"bad\": Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 500",
                    "\"loop\": Unhealthy: Readiness probe failed: Get \"http://127.0.0.1:8080/loop\": stopped after 10 redirects",
                    "\"refused\": Unhealthy: Readiness probe failed: Get \"http://127.0.0.1:81/\": dial tcp 127.0.0.1:81: "
                        + "connect: connection refused",
                    "\"tcpbad\": Unhealthy: Readiness probe failed: dial tcp [::1]:82: connect: ",
                    "\"slow\": Unhealthy: Readiness probe failed: Get \"http://127.0.0.1:9000/\": timed out",
                    "\"plain\": Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 400",
                    "\"nottls\": Unhealthy: Readiness probe failed: Get \"https://127.0.0.1:8080/\": TLS handshake: ",
                    "\"ill\": Unhealthy: Readiness probe failed: service unhealthy (responded with \"NOT_SERVING\")",
                    "\"notgrpc\": Unhealthy: Readiness probe failed: ",
                ]
                for line in expected { try run.waitForLine(line) }
                for name in ["web", "header", "there", "tls", "tcp", "grpc"] {
                    #expect(!run.stderr.contains("\"\(name)\": Unhealthy"), "\(run.stderr)")
                }
                let log = world.read("w/access.log")
                #expect(log.contains("8080 GET /ok?x=y HTTP/1.1 127.0.0.1:8080 kube-probe/1.37 */* -\n"), "\(log)")
                #expect(log.contains("8080 GET /ok HTTP/1.1 example.com kube-probe/1.37 */* b\n"))
                #expect(
                    log.contains("8080 GET /there HTTP/1.1 127.0.0.1:8080")
                        && log.contains("8080 GET /ok?moved HTTP/1.1 127.0.0.1:8080"))
                #expect(log.contains("5000 POST /grpc.health.v1.Health/Check HTTP/2.0 127.0.0.1:5000 kube-probe/1.37"))
                let supervisor = try #require(world.supervisors().first)
                #expect(text(at: "/proc/\(supervisor)/maps").contains("libssl.so.3"))
                // Nothing stays open between two probes but those that hang.
                run.interrupt()
                _ = try run.wait(9)
            }
        }

        /// libssl is for those who ask for HTTPS alone, and connections end with their probe.
        @Test func plainProbesLoadNoTLSAndLeaveNoDescriptor() throws {
            try withWorld(needs: [.program("busybox")]) { world in
                let run = try world.start(
                    pod(
                        container(
                            "web", "echo hello > /tmp/index.html; exec busybox httpd -f -p 8080 -h /tmp",
                            "livenessProbe: {httpGet: {port: 8080}, periodSeconds: 1}, "
                                + "readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}"),
                        spec: "terminationGracePeriodSeconds: 0"))
                try run.waitForLine("ready 1/1")
                let supervisor = try #require(world.supervisors().first)
                func descriptors() -> Int {
                    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(supervisor)/fd").count) ?? -1
                }
                usleep(500_000)
                let before = descriptors()
                usleep(3_000_000)
                _ = try? eventually("as before", within: 3) { descriptors() == before }
                #expect(descriptors() == before)
                #expect(!text(at: "/proc/\(supervisor)/maps").contains("libssl"))
                #expect(text(at: "/proc/\(supervisor)/status").contains("Threads:\t1\n"))
                #expect(!run.stderr.contains("Unhealthy"), "\(run.stderr)")
                run.interrupt()
                _ = try run.wait(9)
            }
        }

        @Test func anHTTPLivenessFailureRestarts() throws {
            try withWorld(needs: [.program("busybox")]) { world in
                let run = try world.start(
                    pod(
                        container(
                            "web",
                            "echo up; mkdir /tmp/w; touch /tmp/w/healthz; (sleep 2.5; rm /tmp/w/healthz)& "
                                + "exec busybox httpd -f -p 8080 -h /tmp/w",
                            "livenessProbe: {httpGet: {port: 8080, path: /healthz}, periodSeconds: 1, failureThreshold: 1, "
                                + "terminationGracePeriodSeconds: 1}"),
                        policy: "Always", spec: "terminationGracePeriodSeconds: 0"))
                try run.waitForLine("Liveness probe failed: HTTP probe failed with statuscode: 404")
                try run.waitForLine("started again (restart 1)")
                run.interrupt()
                _ = try run.wait(9)
            }
        }

        @Test func aPodOnTheHostsNetworkIsAskedThere() throws {
            try withWorld(needs: [.program("busybox")]) { world in
                let run = try world.start(
                    pod(
                        container(
                            "web", "echo hello > /tmp/index.html; exec busybox httpd -f -p 38471 -h /tmp",
                            "readinessProbe: {httpGet: {port: 38471}, periodSeconds: 1}"),
                        spec: "hostNetwork: true\nterminationGracePeriodSeconds: 0"))
                try run.waitForLine("ready 1/1")
                run.interrupt()
                _ = try run.wait(9)
            }
        }

        /// Hooks that call a server; any answer is a success (a status is not looked at).
        @Test func httpHooksReachTheServer() throws {
            try withWorld(needs: [.program("nginx"), .program("openssl")]) { world in
                let folder = try prepare(world)
                let hooks =
                    "lifecycle: {postStart: {httpGet: {port: 8080, path: /ok?poststart}}, "
                    + "preStop: {httpGet: {port: 8443, scheme: HTTPS, path: /prestop}}}"
                let run = try world.start(
                    pod(
                        container("app", "echo up; \(idle)", hooks),
                        initContainers: [
                            sidecar(
                                "web", "exec nginx -c /w/nginx.conf",
                                "volumeMounts: [{name: w, mountPath: /w}], startupProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}"
                            )
                        ],
                        spec: "volumes: [{name: w, hostPath: {path: \(folder)}}]"))
                try run.waitForLine("ready 2/2")
                #expect(
                    world.read("w/access.log").contains(
                        "8080 GET /ok?poststart HTTP/1.1 127.0.0.1:8080 kube-lifecycle/1.37 */* -\n"))
                #expect(!world.read("w/access.log").contains("prestop"))
                run.interrupt()
                let outcome = try run.wait(15)
                #expect(outcome.code == 0, "\(outcome)")
                #expect(
                    world.read("w/access.log").contains("8443 GET /prestop HTTP/1.1 127.0.0.1:8443 kube-lifecycle/1.37")
                )
            }
        }

        @Test func aHookWhoseServerIsNotThereHasFailed() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(container("app", idle, "lifecycle: {postStart: {httpGet: {port: 81}}}"), policy: "Never"))
                #expect(
                    run.stderr.contains("FailedPostStartHook: PostStartHook failed: Get \"http://127.0.0.1:81/\":"),
                    "\(run)")
            }
        }
    }
}

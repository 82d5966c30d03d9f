import Foundation
import Glibc
import Testing

extension HostTests {
    /// The pod's localhost, its names, and its ports on the host.
    @Suite struct NetworkTests {
        /// A server that answers each connection (or datagram) with `text` and then what it was sent.
        static func server(
            _ text: String, on address: String = "127.0.0.1", port: UInt16, datagram: Bool = false
        ) -> String {
            let family = address.contains(":") ? "AF_INET6" : "AF_INET"
            let script: String
            if datagram {
                script = """
                    import socket
                    s = socket.socket(socket.\(family), socket.SOCK_DGRAM); s.bind(("\(address)", \(port)))
                    print("listening", flush=True)
                    while True:
                        d, a = s.recvfrom(65536); s.sendto(b"\(text) " + d, a)
                    """
            } else {
                script = """
                    import socket
                    s = socket.socket(socket.\(family), socket.SOCK_STREAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    s.bind(("\(address)", \(port))); s.listen(16)
                    print("listening", flush=True)
                    while True:
                        c, a = s.accept(); d = b""
                        while (x := c.recv(65536)): d += x
                        c.sendall(b"\(text) " + d); c.close()
                    """
            }
            return "python3 -c '\(script)' & p=$!; trap 'kill $p; exit 0' TERM; wait"
        }

        static func ask(_ address: String, _ port: UInt16) -> String {
            """
            python3 -c '
            import socket, time
            for i in range(100):
                try: s = socket.create_connection(("\(address)", \(port)), 2); break
                except OSError: time.sleep(0.05)
            s.shutdown(socket.SHUT_WR); print(s.makefile().read().strip())'
            """
        }

        @Test(arguments: ["127.0.0.1", "::1"])
        func containersOfAPodReachEachOtherOnLocalhost(_ address: String) throws {
            try withWorld(needs: [.program("python3"), .ipv6]) { world in
                let run = try world.run(
                    pod(
                        container("client", Self.ask(address, 7001)),
                        initContainers: [sidecar("server", Self.server("hello", on: address, port: 7001))]))
                #expect(run.code == 0 && run.lines(of: "client") == ["hello"], "\(run)")
            }
        }

        @Test func onePodsLocalhostIsNotAnothers() throws {
            try withWorld(needs: [.program("python3")]) { world in
                func one(_ name: String) -> String {
                    pod(
                        container("client-\(name)", "sleep 0.3; " + Self.ask("127.0.0.1", 7001)),
                        initContainers: [sidecar("server", Self.server("i-am-\(name)", port: 7001))], name: name)
                }
                let run = try world.run(documents(one("red"), one("blue")))
                #expect(run.code == 0, "\(run)")
                #expect(
                    run.lines(of: "client-red") == ["i-am-red"] && run.lines(of: "client-blue") == ["i-am-blue"],
                    "\(run)")
            }
        }

        @Test func theHostsLocalhostIsNotThePods() throws {
            try withWorld(needs: [.program("python3")]) { world in
                let listener = try Sockets.Listener("127.0.0.1", 0)
                let run = try world.run(
                    pod(
                        container(
                            "a",
                            "python3 -c 'import socket; print(socket.socket().connect_ex((\"127.0.0.1\", \(listener.port))))'; "
                                + "ls /sys/class/net | tr '\\n' ' '")))
                #expect(run.lines(of: "a") == ["111", "lo "], "\(run)")
            }
        }

        @Test func etcHostsIsAsTheKubeletWritesIt() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container("a", "cat /etc/hosts; echo; cat /etc/hostname; hostname"), name: "shop",
                        spec: "hostAliases: [{ip: 10.1.2.3, hostnames: [foo.local, bar.local]}]"))
                let text = run.lines(of: "a").joined(separator: "\n")
                #expect(
                    text.hasPrefix(
                        """
                        # Kubernetes-managed hosts file.
                        127.0.0.1\tlocalhost
                        ::1\tlocalhost ip6-localhost ip6-loopback
                        fe00::0\tip6-localnet
                        fe00::0\tip6-mcastprefix
                        fe00::1\tip6-allnodes
                        fe00::2\tip6-allrouters
                        """), "\(run)")
                #expect(text.contains("\tshop\n"), "\(run)")
                #expect(text.contains("\n# Entries added by HostAliases.\n10.1.2.3\tfoo.local\tbar.local\n"), "\(run)")
                #expect(text.hasSuffix("\nshop\nshop"), "\(run)")
            }
        }

        @Test func theHostnameIsThePodsOrTheOneGiven() throws {
            try withWorld { world in
                let run = try world.run(pod(container("a", "hostname"), spec: "hostname: other"))
                #expect(run.lines(of: "a") == ["other"], "\(run)")
                var buffer = [CChar](repeating: 0, count: 256)
                gethostname(&buffer, 255)
                #expect(!buffer.starts(with: Array("other".utf8CString)))
            }
        }

        @Test func resolvConfIsTheHostsOrTheOneGiven() throws {
            try withWorld { world in
                func servers(_ text: String) -> [String] {
                    text.split(separator: "\n").filter { $0.hasPrefix("nameserver") }.map {
                        $0.split(separator: " ").joined(separator: " ")
                    }
                }
                let host = try world.run(pod(container("a", "cat /etc/resolv.conf")))
                #expect(
                    servers(host.lines(of: "a").joined(separator: "\n")) == servers(text(at: "/etc/resolv.conf")),
                    "\(host)")
                let given = try world.run(
                    pod(
                        container("a", "cat /etc/resolv.conf"),
                        spec:
                            "dnsPolicy: None\ndnsConfig: {nameservers: [10.0.0.9], searches: [a.example, b.example], options: [{name: ndots, value: \"2\"}]}"
                    ))
                if given.code == 2 && given.stderr.contains("dns") { return }
                #expect(
                    given.lines(of: "a") == ["search a.example b.example", "nameserver 10.0.0.9", "options ndots:2"],
                    "\(given)")
            }
        }

        /// Starts a pod whose server is reachable at a hostPort, and hands over the port once it listens.
        private func withServer(
            _ text: String = "hello", on address: String, datagram: Bool = false, hostIP: String? = nil,
            _ body: (UInt16) throws -> Void
        ) throws {
            try withWorld(needs: [.program("python3"), .ipv6]) { world in
                let port = try Sockets.freePort()
                let ip = hostIP.map { ", hostIP: \"\($0)\"" } ?? ""
                let ports =
                    "ports: [{containerPort: 7001, hostPort: \(port), protocol: \(datagram ? "UDP" : "TCP")\(ip)}]"
                let run = try world.start(
                    pod(container("s", Self.server(text, on: address, port: 7001, datagram: datagram), ports)))
                try run.waitForLine("s | listening")
                try body(port)
                run.interrupt()
                let outcome = try run.wait(9)
                #expect(outcome.code == 0 || outcome.code == 143, "\(outcome)")
                #expect(Sockets.ask("127.0.0.1", port) == nil || datagram)
            }
        }

        @Test(arguments: ["0.0.0.0", "127.0.0.1", "::", "::1"])
        func aHostPortReachesAServerWhereverItListens(_ address: String) throws {
            try withServer(on: address) { port in
                #expect(Sockets.ask("127.0.0.1", port, "four") == "hello four")
                #expect(Sockets.ask("::1", port, "six") == "hello six")
            }
        }

        @Test(arguments: ["0.0.0.0", "127.0.0.1", "::", "::1"])
        func aHostPortForUDPReachesAServerWhereverItListens(_ address: String) throws {
            try withServer(on: address, datagram: true) { port in
                #expect(Sockets.ask("127.0.0.1", port, "four", datagram: true) == "hello four")
                #expect(Sockets.ask("::1", port, "six", datagram: true) == "hello six")
                #expect(Sockets.ask("127.0.0.1", port, "again", datagram: true) == "hello again")
            }
        }

        @Test func aHostIPIsHonoured() throws {
            try withServer(on: "127.0.0.1", hostIP: "127.0.0.2") { port in
                #expect(Sockets.ask("127.0.0.2", port, "x") == "hello x")
                #expect(Sockets.ask("127.0.0.1", port) == nil)
                #expect(Sockets.ask("::1", port) == nil)
            }
            try withServer(on: "127.0.0.1", hostIP: "::1") { port in
                #expect(Sockets.ask("::1", port, "x") == "hello x")
                #expect(Sockets.ask("127.0.0.1", port) == nil)
            }
        }

        @Test func aHostPortCarriesAMegabyteBothWaysAndManyConnections() throws {
            try withServer("", on: "127.0.0.1") { port in
                let block = String(repeating: "0123456789abcdef", count: 65536)
                #expect(Sockets.ask("127.0.0.1", port, block, seconds: 10) == " " + block)
                for index in 0..<100 { #expect(Sockets.ask("127.0.0.1", port, "\(index)") == " \(index)") }
            }
        }

        @Test(arguments: [false, true])
        func aPortInUseIsAClearError(_ datagram: Bool) throws {
            try withWorld { world in
                let listener = try Sockets.Listener("0.0.0.0", 0, datagram: datagram)
                let port = listener.port
                let run = try world.run(
                    pod(
                        container(
                            "a", "touch /f/ran",
                            "ports: [{containerPort: 80, hostPort: \(port), protocol: \(datagram ? "UDP" : "TCP")}], "
                                + "volumeMounts: [{name: f, mountPath: /f}]"),
                        spec: "volumes: [{name: f, hostPath: {path: \(try world.directory("f"))}}]"))
                #expect(run.code == 1, "\(run)")
                #expect(run.stderr.contains("\(port)") && run.stderr.lowercased().contains("in use"), "\(run)")
                #expect(!world.exists("f/ran"), "no container may start")
            }
        }

        @Test func hostNetworkIsTheHosts() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container("a", "readlink /proc/self/ns/net; hostname; head -1 /etc/hosts"),
                        spec: "hostNetwork: true"))
                #expect(run.code == 0, "\(run)")
                let mine = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/net")
                var buffer = [CChar](repeating: 0, count: 256)
                gethostname(&buffer, 255)
                let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                #expect(
                    run.lines(of: "a") == [mine, name, "# Kubernetes-managed hosts file (host network)."], "\(run)")
            }
        }
    }
}

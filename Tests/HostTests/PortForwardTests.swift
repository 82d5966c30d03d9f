import Foundation
import Glibc
import Testing

extension HostTests {
    @Suite struct PortForwardTests {
        private static let server = """
            exec python3 -c '
            import socket, threading
            listener = socket.create_server(("127.0.0.1", 8000), backlog=200)
            def serve(peer):
                data = b""
                while True:
                    part = peer.recv(65536)
                    if not part: break
                    data += part
                peer.sendall(b"%d " % len(data) + data); peer.close()
            print("up", flush=True)
            while True: threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
            '
            """

        private func served(_ more: String = "", spec: String = "") -> String {
            pod(container("a", Self.server, "ports: [{name: main, containerPort: 8000}]"), spec: spec)
        }

        /// Sends each text over a connection of its own, closes that half, and returns what comes back.
        private func ask(_ world: World, _ place: String, _ count: Int = 1, size: Int = 5) throws -> String {
            let script = """
                import socket, sys, threading
                place, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
                def ask(results, i):
                    if place.startswith("/"):
                        s = socket.socket(socket.AF_UNIX); s.connect(place)
                    else:
                        s = socket.create_connection(("127.0.0.1", int(place)))
                    data = bytes([65 + i % 26]) * size
                    s.sendall(data); s.shutdown(socket.SHUT_WR)
                    back = b""
                    while True:
                        part = s.recv(65536)
                        if not part: break
                        back += part
                    results[i] = back == b"%d " % size + data
                results = [None] * count
                threads = [threading.Thread(target=ask, args=(results, i)) for i in range(count)]
                for t in threads: t.start()
                for t in threads: t.join()
                print(results.count(True))
                """
            let outcome = try world.program(["python3", "-c", script, place, "\(count)", "\(size)"]).wait(30)
            return outcome.stdout + outcome.stderr
        }

        private func localPort(_ run: Run, _ remote: Int = 8000) throws -> String {
            try run.waitForLine("-> \(remote)")
            return String(run.stdout.firstMatch(of: #/127\.0\.0\.1:(\d+) ->/#)?.output.1 ?? "")
        }

        @Test func connectionsReachThePodsLocalhost() throws {
            try withRunningPod(served(), until: "| up", needs: [.program("python3")]) { world, _ in
                let socket = world.files + "/s"
                let run = try world.session("port-forward", "p", ":main", "--unix", "\(socket):8000")
                let port = try localPort(run)
                #expect(run.stdout.contains("Forwarding from 127.0.0.1:\(port) -> 8000\n"))
                #expect(run.stdout.contains("Forwarding from \(socket) -> 8000\n"), "\(run.stdout)")
                #expect(try ask(world, port) == "1\n")
                #expect(try ask(world, port, 100) == "100\n")
                #expect(try ask(world, port, 2, size: 20 << 20) == "2\n")
                #expect(try ask(world, socket, 10) == "10\n")
                #expect(run.stdout.contains("Handling connection for \(port)\n"))
                run.signal(SIGINT)
                #expect(try run.wait().code == 0)
                #expect(!world.exists("s"))
            }
        }

        @Test func aPortWithoutServerIsToldOf() throws {
            try withRunningPod(served(), until: "| up", needs: [.program("python3")]) { world, _ in
                let run = try world.session("port-forward", "pod/p", ":9999", "--address", "127.0.0.1")
                let port = try localPort(run, 9999)
                _ = try ask(world, port)
                try run.waitForLine(
                    "error: an error occurred forwarding \(port) -> 9999: failed to connect to localhost:9999 in pod p: "
                        + "connection refused")
                let taken = try world.session("port-forward", "p", "\(port):8000", "--address", "127.0.0.1").wait()
                #expect(taken.code == 1 && taken.stderr.contains("address already in use"), "\(taken)")
                run.signal(SIGTERM)
                _ = try run.wait()
                for (arguments, words) in [
                    (["p", ":nope"], "error: Pod 'p' does not have a named port 'nope'\n"),
                    (["p", "1:2:3"], "error: invalid port format '1:2:3': [LOCAL_PORT:]REMOTE_PORT\n"),
                    (["p", "70000"], "error: invalid port format '70000': [LOCAL_PORT:]REMOTE_PORT\n"),
                    (["p", ":80", "--address", "x"], "error: x is not a valid IP\n"),
                    (["q", "80"], "Error from server (NotFound): pods \"q\" not found\n"),
                ] {
                    let outcome = try world.command(
                        ["port-forward"] + arguments, environment: ["SWIFTLET_ROOT=\(world.root)"]
                    ).wait()
                    #expect(outcome.code != 0 && outcome.stderr == words, "\(outcome)")
                }
            }
        }

        @Test(arguments: ["", "hostNetwork: true"])
        func aSupervisorsDeathIsNotNoticed(_ spec: String) throws {
            try withRunningPod(served(spec: spec), until: "| up", sweeping: true, needs: [.program("python3")]) {
                world, pod in
                let run = try world.session("port-forward", "p", ":8000")
                let port = try localPort(run)
                kill(try #require(world.supervisors().first), SIGKILL)
                #expect(try ask(world, port, 20) == "20\n")
                try eventually("a new supervisor") { !world.supervisors().isEmpty }
                usleep(200_000)
                #expect(try ask(world, port, 20) == "20\n")
                pod.signal(SIGINT)
                usleep(50_000)
                pod.signal(SIGINT)
                _ = try pod.wait(10)
                let outcome = try run.wait(10)
                #expect(outcome.code == 1 && outcome.stderr.hasSuffix("error: lost connection to pod\n"), "\(outcome)")
            }
        }
    }
}

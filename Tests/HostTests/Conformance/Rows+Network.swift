extension Row {
    static let network: [Row] = [
        Row("W001", "pods have one hostPort where hostIP or protocol differ", seconds: 3) { world in
            let port = try Sockets.freePort()
            func server(_ name: String, _ hostIP: String, _ transport: String) -> String {
                let ports =
                    "ports: [{containerPort: 8080, hostPort: \(port), hostIP: \(hostIP), protocol: \(transport)}]"
                let serve = transport == "UDP" ? "udp" : "http"
                return pod(probe("c", ["serve", serve, "8080"], ports), name: name, spec: probeVolume())
            }
            let run = try world.start(
                documents(
                    server("pod1", "127.0.0.1", "TCP"), server("pod2", "127.0.0.2", "TCP"),
                    server("pod3", "127.0.0.2", "UDP")))
            for name in ["pod1", "pod2", "pod3"] { try run.waitForLine("\(name)/c | listening") }
            for (words, answer) in [
                (["get", "127.0.0.1", "\(port)", "/hostname"], "pod1"),
                (["get", "127.0.0.2", "\(port)", "/hostname"], "pod2"),
                (["ask", "127.0.0.2", "\(port)", "hostname"], "pod3"),
            ] {
                let client = try world.program([World.probe] + words).wait()
                try equal(client.stdout, answer, client)
            }
            run.interrupt()
            _ = try run.wait()
        }
    ]
}

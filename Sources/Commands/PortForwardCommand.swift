import ArgumentParser
import Glibc
import Linux

struct PortForwardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "port-forward", abstract: "Forward ports of this host to ports in a pod.",
        usage:
            "swiftlet port-forward (POD | pod/NAME | service/NAME) [LOCAL:]REMOTE... [--address A,...] [--unix PATH:REMOTE]",
        discussion: """
            A connection to the local port goes to the pod's localhost, so a server that listens there alone is reached too. \
            REMOTE is a number or the name of a container's port; with :REMOTE a free local port is chosen.

            swiftlet port-forward web 8080:80
            swiftlet port-forward web :http --address 0.0.0.0
            swiftlet port-forward db --unix /run/db.sock:5432
            """)

    @OptionGroup var options: GlobalOptions

    @Option(help: ArgumentHelp("Where to listen, separated by commas.", valueName: "addresses"))
    var address = "localhost"

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Listen on a socket file too; may be given several times.", valueName: "path:remote"))
    var unix: [String] = []

    @Argument(help: ArgumentHelp("The pod or service.", valueName: "pod"))
    var pod: String

    @Argument(help: ArgumentHelp("Ports to forward.", valueName: "ports"))
    var ports: [String] = []

    func validate() throws {
        if ports.isEmpty && unix.isEmpty { throw ValidationError("at least 1 PORT is required for port-forward") }
    }

    func run() throws {
        let addresses = try PortForwardSession.Listener.addresses(address)
        let wanted = try ports.map(ForwardedPort.init)
        let sockets = try unix.map { text throws in
            guard let colon = text.lastIndex(of: ":"), colon != text.startIndex else {
                throw CommandError("error: invalid format '\(text)': --unix PATH:REMOTE_PORT", code: 2)
            }
            return (
                path: String(text[..<colon]),
                remote: try ForwardedPort.remote(String(text[text.index(after: colon)...]), text)
            )
        }
        let names = try PortNames(pod, options)
        var listeners: [PortForwardSession.Listener] = []
        for port in wanted {
            let remote = try names.number(port.remote)
            listeners += try PortForwardSession.Listener.open(addresses, local: port.local ?? remote, remote: remote)
        }
        var paths: [String] = []
        defer { for path in paths { unlink(path) } }
        for socket in sockets {
            listeners.append(
                try PortForwardSession.Listener.open(path: socket.path, remote: try names.number(socket.remote)))
            paths.append(socket.path)
        }
        let session = try PortForwardSession(run: names.pod.run, pod: names.pod.name, listeners: listeners)
        let code = try session.start()
        if code != 0 { throw ExitCode(code) }
    }
}

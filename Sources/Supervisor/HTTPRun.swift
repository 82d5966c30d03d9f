import Linux
import PodPlan

/// `httpGet`: a GET, and what its status says (k8s.io/kubernetes/pkg/probe/http).
final class HTTPRun: HandlerRun {
    private let plan: HTTPPlan
    /// A hook wants an answer, whatever its status (`runHTTPHandler` of the kubelet).
    private let isHook: Bool
    private let loop: EventLoop
    private let finish: (HandlerOutcome) -> Void
    private let first: HTTPTarget
    private var target: HTTPTarget
    private var connection: ProbeConnection?
    private var response = HTTPResponse()
    private var redirects = 0
    private var isRelative = true

    init(_ plan: HTTPPlan, isHook: Bool, loop: EventLoop, finish: @escaping (HandlerOutcome) -> Void) {
        (self.plan, self.isHook, self.loop, self.finish) = (plan, isHook, loop, finish)
        first = HTTPTarget(isTLS: plan.isTLS, host: plan.host, port: plan.port, path: plan.path)
        target = first
    }

    var waitingFor: String { "Get \"\(target.url)\":" }

    func start() {
        response = HTTPResponse()
        let connection = ProbeConnection(host: target.host, port: target.port, isTLS: target.isTLS, loop: loop) {
            [unowned self] event in
            self.happened(event)
        }
        self.connection = connection
        connection.start()
    }

    func cancel() {
        connection?.close()
    }

    private func happened(_ event: ProbeConnection.Event) {
        switch event {
        case .open: connection?.send(Array(request.utf8))
        case .received(let bytes):
            switch response.take(bytes) {
            case .incomplete: break
            case .complete: answered()
            case .invalid: end(.failure("\(waitingFor) malformed HTTP response"))
            }
        case .ended:
            if response.isWholeAtEnd { answered() } else { end(.failure("\(waitingFor) unexpected EOF")) }
        case .failed(let message): end(.failure("\(waitingFor) \(message)"))
        }
    }

    private var request: String {
        // A header of its own stays with the first host and with relative redirects, as in Go's client.
        let usual = target.port == (target.isTLS ? 443 : 80)
        let bracketed = target.host.utf8.contains(UInt8(ascii: ":")) ? "[\(target.host)]" : target.host
        let host =
            !plan.hostHeader.isEmpty && isRelative
            ? plan.hostHeader : usual ? bracketed : ProbeConnection.authority(target.host, target.port)
        var text = "GET \(target.path) HTTP/1.1\r\nHost: \(host)\r\n"
        for header in plan.headers { text += header + "\r\n" }
        return text + "Connection: close\r\n\r\n"
    }

    private func answered() {
        let status = response.status
        if [301, 302, 303, 307, 308].contains(status), !response.location.isEmpty {
            guard let next = target.resolved(response.location) else {
                return end(.failure("\(waitingFor) unsupported protocol scheme"))
            }
            if next.host.lowercased() == first.host.lowercased() {
                redirects += 1
                if redirects >= 10 { return end(.failure("\(waitingFor) stopped after 10 redirects")) }
                if response.location.contains("//") { isRelative = false }
                target = next
                connection?.close()
                return start()
            }
        }
        switch status {
        case _ where isHook: end(.success)
        case 200..<300: end(.success)
        case 300..<400: end(.warning("Probe terminated redirects: \(status) \(response.location)"))
        default: end(.failure("HTTP probe failed with statuscode: \(status)"))
        }
    }

    private func end(_ outcome: HandlerOutcome) {
        connection?.close()
        finish(outcome)
    }
}

/// `tcpSocket`: a connection that comes about.
final class TCPRun: HandlerRun {
    let waitingFor: String
    private var connection: ProbeConnection?

    init(host: String, port: UInt16, loop: EventLoop, finish: @escaping (HandlerOutcome) -> Void) {
        waitingFor = "dial tcp \(ProbeConnection.authority(host, port)):"
        connection = ProbeConnection(host: host, port: port, isTLS: false, loop: loop) { [unowned self] event in
            self.connection?.close()
            switch event {
            case .failed(let message): finish(.failure(message))
            case .open, .received, .ended: finish(.success)
            }
        }
    }

    func start() {
        connection?.start()
    }

    func cancel() {
        connection?.close()
    }
}

import Testing

@testable import Supervisor

@Suite struct GRPCHealthTests {
    private static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [0, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF), type, flags, 0, 0, 0, stream] + payload
    }

    private static let settings = frame(4, 0, 0, [])
    private static let headers = frame(1, 4, 1, [0x88])
    private static let trailers = frame(1, 5, 1, [])

    private static func data(_ message: [UInt8], _ flags: UInt8 = 0) -> [UInt8] {
        frame(0, flags, 1, [0, 0, 0, 0, UInt8(message.count)] + message)
    }

    private func words(_ outcome: HandlerOutcome?) -> String {
        switch outcome {
        case nil: "nothing yet"
        case .success?: "success"
        case .warning(let text)?, .failure(let text)?, .errored(let text)?: text
        }
    }

    struct Row: Sendable {
        var bytes: [UInt8]
        var outcome: String

        init(_ frames: [[UInt8]], _ outcome: String) {
            bytes = Array(frames.joined())
            self.outcome = outcome
        }
    }

    private static let noStatus =
        "health rpc probe failed: no status: the server does not implement the grpc health protocol "
        + "(grpc.health.v1.Health), or does not know service \"web\""

    /// Among them one whose data are padded, and one on another stream.
    static let rows: [Row] = [
        Row([settings, headers, data([8, 1]), trailers], "success"),
        Row([settings, headers, data([8, 1], 1)], "success"),
        Row([settings, headers, data([8, 1])], "nothing yet"),
        Row([settings, headers, data([8, 2]), trailers], "service unhealthy (responded with \"NOT_SERVING\")"),
        Row([settings, headers, data([]), trailers], "service unhealthy (responded with \"UNKNOWN\")"),
        Row([settings, headers, frame(0, 9, 1, [3, 0, 0, 0, 0, 2, 8, 1, 0, 0, 0])], "success"),
        Row([settings, frame(0, 1, 3, [0, 0, 0, 0, 2, 8, 1])], "nothing yet"),
        Row([settings, trailers], noStatus),
        Row([settings, frame(3, 0, 1, [0, 0, 0, 1])], "health rpc probe failed: the server has reset the stream"),
        Row([frame(7, 0, 0, [])], "health rpc probe failed: the server has closed the connection"),
        Row([Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)], "the server does not speak gRPC"),
    ]

    @Test(arguments: rows)
    func answers(_ row: Row) {
        var whole = GRPCHealth(authority: "127.0.0.1:5000", service: "web")
        let answer = whole.take(row.bytes)
        #expect(words(answer.outcome) == row.outcome)
        var single = GRPCHealth(authority: "127.0.0.1:5000", service: "web")
        var outcome: HandlerOutcome?
        for byte in row.bytes where outcome == nil { outcome = single.take([byte]).outcome }
        #expect(words(outcome) == row.outcome)
    }

    @Test func settingsAndPingsAreAcknowledged() {
        var call = GRPCHealth(authority: "a:1", service: "")
        let replies = [
            Self.settings, Self.frame(6, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]), Self.frame(4, 1, 0, []),
        ].map { call.take($0).reply }
        #expect(replies == [Self.frame(4, 1, 0, []), Self.frame(6, 1, 0, [1, 2, 3, 4, 5, 6, 7, 8]), []])
    }

    @Test func theRequestIsOneCall() {
        let request = GRPCHealth(authority: "127.0.0.1:5000", service: "web").request
        let text = String(decoding: request, as: UTF8.self)
        #expect(text.hasPrefix("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
        #expect(text.contains("/grpc.health.v1.Health/Check") && text.contains("127.0.0.1:5000"))
        // HealthCheckRequest{service: "web"}, the end of the stream.
        #expect(request.suffix(19) == [0, 0, 10, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 5, 10, 3, 0x77, 0x65, 0x62])
        #expect(
            GRPCHealth(authority: "a:1", service: "").request.suffix(14) == [0, 0, 5, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    }
}

import PodPlan

/// `grpc.health.v1.Health/Check` over HTTP/2 with prior knowledge (RFC 9113): the client's side of one call, as bytes in and out.
struct GRPCHealth {
    private enum Frame {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let reset: UInt8 = 3
        static let settings: UInt8 = 4
        static let ping: UInt8 = 6
        static let goAway: UInt8 = 7
    }

    private static let acknowledgement: UInt8 = 1
    private static let endStream: UInt8 = 1
    private static let endHeaders: UInt8 = 4
    private static let padded: UInt8 = 8

    private let service: String
    /// The preface, the settings, and the one request on stream 1.
    let request: [UInt8]
    private var bytes: [UInt8] = []
    private var message: [UInt8] = []

    init(authority: String, service: String) {
        self.service = service
        // HPACK (RFC 7541) without a dynamic table: indices of the static one, everything else literal.
        var block: [UInt8] = [0x83, 0x86, 0x04]
        block += Self.text("/grpc.health.v1.Health/Check")
        block += [0x01] + Self.text(authority)
        block += [0x0F, 0x10] + Self.text("application/grpc")
        block += [0x0F, 0x2B] + Self.text("kube-probe/1.37")
        block += [0x00] + Self.text("te") + Self.text("trailers")
        let name = Array(service.utf8)
        let body = name.isEmpty ? [] : [0x0A] + Self.varint(name.count) + name
        request =
            Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + Self.frame(Frame.settings, 0, stream: 0, [])
            + Self.frame(Frame.headers, Self.endHeaders, stream: 1, block)
            + Self.frame(Frame.data, Self.endStream, stream: 1, [0] + Self.length(body.count) + body)
    }

    /// What the server's next bytes ask to be answered, and the outcome as soon as there is one.
    mutating func take(_ more: [UInt8]) -> (reply: [UInt8], outcome: HandlerOutcome?) {
        bytes += more
        var reply: [UInt8] = []
        while bytes.count >= 9 {
            let length = Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2])
            // The largest that a client takes unless it says otherwise; an answer in HTTP/1 is one, too.
            guard length <= 16384 else { return (reply, .failure("the server does not speak gRPC")) }
            guard bytes.count >= 9 + length else { break }
            let (type, flags) = (bytes[3], bytes[4])
            let isOurs = bytes[5] & 0x7F == 0 && bytes[6] == 0 && bytes[7] == 0 && bytes[8] == 1
            var payload = bytes[9..<9 + length]
            switch type {
            case Frame.settings where flags & Self.acknowledgement == 0:
                reply += Self.frame(Frame.settings, Self.acknowledgement, stream: 0, [])
            case Frame.ping where flags & Self.acknowledgement == 0:
                reply += Self.frame(Frame.ping, Self.acknowledgement, stream: 0, Array(payload))
            case Frame.data where isOurs:
                if flags & Self.padded != 0, let padding = payload.popFirst() {
                    payload = payload.dropLast(Int(padding))
                }
                message += payload.prefix(max(0, 1024 - message.count))
                if flags & Self.endStream != 0 { return (reply, outcome) }
            case Frame.headers where isOurs && flags & Self.endStream != 0:
                return (reply, outcome)
            case Frame.reset where isOurs:
                return (reply, .failure("health rpc probe failed: the server has reset the stream"))
            case Frame.goAway:
                return (reply, .failure("health rpc probe failed: the server has closed the connection"))
            default: break
            }
            bytes.removeFirst(9 + length)
        }
        return (reply, nil)
    }

    /// A message's five bytes of frame, then `HealthCheckResponse`, whose field 1 is the status.
    private var outcome: HandlerOutcome {
        guard message.count >= 5, message[0] == 0 else {
            let what = service.isEmpty ? "" : ", or does not know service \"\(service)\""
            return .failure(
                "health rpc probe failed: no status: the server does not implement the grpc health protocol "
                    + "(grpc.health.v1.Health)\(what)")
        }
        var status: UInt8 = 0
        var rest = message.dropFirst(5)
        while let key = rest.popFirst(), key == 0x08, let value = rest.popFirst() { status = value }
        let names = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"]
        if status == 1 { return .success }
        let name = Int(status) < names.count ? names[Int(status)] : String(status)
        return .failure("service unhealthy (responded with \"\(name)\")")
    }

    private static func frame(_ type: UInt8, _ flags: UInt8, stream: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [UInt8(payload.count >> 16), UInt8(payload.count >> 8 & 0xFF), UInt8(payload.count & 0xFF)]
            + [type, flags, 0, 0, 0, stream] + payload
    }

    private static func length(_ count: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(count >> $0 & 0xFF) }
    }

    /// A string literal of HPACK: its length with a prefix of seven bits, then its bytes.
    private static func text(_ value: String) -> [UInt8] {
        let bytes = Array(value.utf8.prefix(8192))
        return (bytes.count < 127 ? [UInt8(bytes.count)] : [127] + varint(bytes.count - 127)) + bytes
    }

    private static func varint(_ value: Int) -> [UInt8] {
        var result: [UInt8] = []
        var value = value
        while value >= 128 {
            result.append(UInt8(value & 0x7F) | 0x80)
            value >>= 7
        }
        return result + [UInt8(value)]
    }
}

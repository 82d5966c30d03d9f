/// What a probe or a hook does, ready to be done.
public enum HandlerPlan: Sendable, Equatable, BinaryCodable {
    /// A command in the container.
    case exec([String])
    case http(HTTPPlan)
    /// A connection that comes about; `host` is an IP address.
    case tcp(host: String, port: UInt16)
    /// `grpc.health.v1.Health/Check`; `host` is an IP address.
    case grpc(host: String, port: UInt16, service: String)
    case sleep(seconds: Int64)

    public func encode(to encoder: inout Encoder) {
        switch self {
        case .exec(let command):
            encoder.encode(UInt8(1))
            encoder.encode(command)
        case .http(let plan):
            encoder.encode(UInt8(2))
            encoder.encode(plan)
        case .tcp(let host, let port):
            encoder.encode(UInt8(3))
            encoder.encode(host)
            encoder.encode(port)
        case .grpc(let host, let port, let service):
            encoder.encode(UInt8(4))
            encoder.encode(host)
            encoder.encode(port)
            encoder.encode(service)
        case .sleep(let seconds):
            encoder.encode(UInt8(5))
            encoder.encode(seconds)
        }
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        switch try decoder.decode(UInt8.self) {
        case 1: self = .exec(try decoder.decode())
        case 2: self = .http(try decoder.decode())
        case 3: self = .tcp(host: try decoder.decode(), port: try decoder.decode())
        case 4: self = .grpc(host: try decoder.decode(), port: try decoder.decode(), service: try decoder.decode())
        case 5: self = .sleep(seconds: try decoder.decode())
        default: throw .invalidValue("HandlerPlan")
        }
    }
}

/// A GET request.
public struct HTTPPlan: Sendable, Equatable, BinaryCodable {
    public var isTLS = false
    /// An IP address.
    public var host = ""
    public var port: UInt16 = 80
    /// With the query, if there is one; escaped where that is necessary.
    public var path = "/"
    /// The value of the `Host` header; empty: host and port.
    public var hostHeader = ""
    /// The other headers, a line each, without line ends.
    public var headers: [String] = []

    public init() {}

    public func encode(to encoder: inout Encoder) {
        encoder.encode(isTLS)
        encoder.encode(host)
        encoder.encode(port)
        encoder.encode(path)
        encoder.encode(hostHeader)
        encoder.encode(headers)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        isTLS = try decoder.decode()
        host = try decoder.decode()
        port = try decoder.decode()
        path = try decoder.decode()
        hostHeader = try decoder.decode()
        headers = try decoder.decode()
    }
}

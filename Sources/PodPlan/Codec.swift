/// The binary form of plans and messages: little-endian integers, lengths before strings and lists, no padding.
/// A version number heads a whole plan (`PodPlan.encoded()`); messages between processes of one build need none.
public struct Encoder {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func encode<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func encode(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    public mutating func encode(_ value: String) {
        var value = value
        value.withUTF8 {
            encode(UInt32($0.count))
            bytes.append(contentsOf: $0)
        }
    }

    public mutating func encode(_ value: [UInt8]) {
        encode(UInt32(value.count))
        bytes.append(contentsOf: value)
    }

    public mutating func encode<T: BinaryCodable>(_ value: T) {
        value.encode(to: &self)
    }

    public mutating func encode<T: BinaryCodable>(_ values: [T]) {
        encode(UInt32(values.count))
        for value in values { value.encode(to: &self) }
    }

    public mutating func encode(_ values: [String]) {
        encode(UInt32(values.count))
        for value in values { encode(value) }
    }

    public mutating func encode(_ values: [UInt32]) {
        encode(UInt32(values.count))
        for value in values { encode(value) }
    }

    public mutating func encode<T: BinaryCodable>(_ value: T?) {
        encode(value != nil)
        if let value { value.encode(to: &self) }
    }

    public mutating func encode<T: RawRepresentable>(_ value: T) where T.RawValue: FixedWidthInteger {
        encode(value.rawValue)
    }
}

/// What is wrong with bytes that should have been a plan or a message.
public enum CodecError: Error, Equatable {
    case truncated
    case invalidValue(String)
    case unknownVersion(UInt32)
    case trailingBytes(Int)
}

/// Reads what `Encoder` wrote. Never reads past the end, and never allocates more than the input is long.
public struct Decoder {
    private let bytes: [UInt8]
    private var offset = 0

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    public var remaining: Int { bytes.count - offset }

    public mutating func decode<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(CodecError) -> T {
        let size = MemoryLayout<T>.size
        guard remaining >= size else { throw .truncated }
        var value: T = 0
        withUnsafeMutableBytes(of: &value) { $0.copyBytes(from: bytes[offset..<offset + size]) }
        offset += size
        return T(littleEndian: value)
    }

    public mutating func decode(_ type: Bool.Type = Bool.self) throws(CodecError) -> Bool {
        let byte = try decode(UInt8.self)
        guard byte <= 1 else { throw .invalidValue("Bool") }
        return byte == 1
    }

    public mutating func decode(_ type: String.Type = String.self) throws(CodecError) -> String {
        let slice = try take()
        guard let text = String(validating: slice, as: UTF8.self) else { throw .invalidValue("String") }
        return text
    }

    public mutating func decode(_ type: [UInt8].Type = [UInt8].self) throws(CodecError) -> [UInt8] {
        Array(try take())
    }

    public mutating func decode<T: BinaryCodable>(_ type: T.Type = T.self) throws(CodecError) -> T {
        try T(from: &self)
    }

    public mutating func decode<T: BinaryCodable>(_ type: [T].Type = [T].self) throws(CodecError) -> [T] {
        var values: [T] = []
        for _ in 0..<(try count()) { values.append(try T(from: &self)) }
        return values
    }

    public mutating func decode(_ type: [String].Type = [String].self) throws(CodecError) -> [String] {
        var values: [String] = []
        for _ in 0..<(try count()) { values.append(try decode(String.self)) }
        return values
    }

    public mutating func decode(_ type: [UInt32].Type = [UInt32].self) throws(CodecError) -> [UInt32] {
        var values: [UInt32] = []
        for _ in 0..<(try count()) { values.append(try decode(UInt32.self)) }
        return values
    }

    public mutating func decode<T: BinaryCodable>(_ type: T?.Type = T?.self) throws(CodecError) -> T? {
        try decode(Bool.self) ? try T(from: &self) : nil
    }

    public mutating func decode<T: RawRepresentable>(_ type: T.Type = T.self) throws(CodecError) -> T
    where T.RawValue: FixedWidthInteger {
        let raw = try decode(T.RawValue.self)
        guard let value = T(rawValue: raw) else { throw .invalidValue("\(T.self)") }
        return value
    }

    /// Throws where bytes are left over: a longer message than was due is as wrong as a shorter one.
    public func finish() throws(CodecError) {
        if remaining > 0 { throw .trailingBytes(remaining) }
    }

    /// The number of elements that follow; each takes a byte at least.
    private mutating func count() throws(CodecError) -> Int {
        let count = Int(try decode(UInt32.self))
        guard count <= remaining else { throw .truncated }
        return count
    }

    private mutating func take() throws(CodecError) -> ArraySlice<UInt8> {
        let count = Int(try decode(UInt32.self))
        guard count <= remaining else { throw .truncated }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }
}

public protocol BinaryCodable {
    func encode(to encoder: inout Encoder)
    init(from decoder: inout Decoder) throws(CodecError)
}

extension BinaryCodable {
    /// The value as a whole packet.
    public var packet: [UInt8] {
        var encoder = Encoder()
        encode(to: &encoder)
        return encoder.bytes
    }

    public init(packet: [UInt8]) throws(CodecError) {
        var decoder = Decoder(packet)
        self = try Self(from: &decoder)
        try decoder.finish()
    }
}

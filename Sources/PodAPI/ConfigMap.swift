/// core/v1 ConfigMap.
public struct ConfigMap: Sendable, Equatable {
    public var metadata: ObjectMeta
    public var data: [String: String]
    public var binaryData: [String: [UInt8]]
    public var immutable: Bool

    public init(
        metadata: ObjectMeta, data: [String: String] = [:], binaryData: [String: [UInt8]] = [:], immutable: Bool = false
    ) {
        self.metadata = metadata
        self.data = data
        self.binaryData = binaryData
        self.immutable = immutable
    }
}

/// core/v1 Secret. `data` is decoded, with `stringData` merged over it.
public struct Secret: Sendable, Equatable {
    public var metadata: ObjectMeta
    public var type: String
    public var data: [String: [UInt8]]
    public var immutable: Bool

    public init(
        metadata: ObjectMeta, type: String = "Opaque", data: [String: [UInt8]] = [:], immutable: Bool = false
    ) {
        self.metadata = metadata
        self.type = type
        self.data = data
        self.immutable = immutable
    }
}

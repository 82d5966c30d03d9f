/// Names of the descriptors that the keeper holds for the next supervisor.
enum StoreTag {
    static let plan: UInt32 = 1
    static let client: UInt32 = 2
    static let lock: UInt32 = 3
    static let hostMount: UInt32 = 4
    static let hostNetwork: UInt32 = 5
    static let journal: UInt32 = 6
    /// Plus the listener's position.
    static let listeners: UInt32 = 1000
    private static let streams: UInt32 = 100_000

    enum End: UInt32 {
        case source, stagingReader, stagingWriter
    }

    static func stream(_ container: Int, _ stream: LogPump.Stream, _ end: End) -> UInt32 {
        streams + UInt32(container * 2 + stream.rawValue) * 4 + end.rawValue
    }

    /// The listener's position, where the tag is one.
    static func listener(_ tag: UInt32) -> Int? {
        tag >= listeners && tag < streams ? Int(tag - listeners) : nil
    }
}

/// Names of the descriptors that the keeper holds for the next supervisor.
enum StoreTag {
    static let plan: UInt32 = 1
    static let client: UInt32 = 2
    static let lock: UInt32 = 3
    static let hostMount: UInt32 = 4
    static let hostNetwork: UInt32 = 5
    static let journal: UInt32 = 6
    static let hostIPC: UInt32 = 7
    static let userRange: UInt32 = 8
    static let input: UInt32 = 9
    static let updates: UInt32 = 20
    static let control: UInt32 = 21
    static let consoleSocket: UInt32 = 40
    static let consolePipe: UInt32 = 41
    private static let listeners: UInt32 = 1000
    private static let streams: UInt32 = 100_000

    enum End: UInt32 {
        case source, stagingReader, stagingWriter, inputWriter
    }

    static func stream(_ container: Int, _ stream: LogPump.Stream, _ end: End) -> UInt32 {
        streams + UInt32(container * 2 + stream.rawValue) * 4 + end.rawValue
    }

    /// `position` among the pod's listeners, of which a port has two at the most.
    static func listener(_ position: Int, port: Int) -> UInt32 { listeners + UInt32(port * 2 + position % 2) }

    /// The index of the listener's port in the plan, where the tag is a listener's.
    static func port(_ tag: UInt32) -> Int? {
        tag >= listeners && tag < streams ? Int(tag - listeners) / 2 : nil
    }
}

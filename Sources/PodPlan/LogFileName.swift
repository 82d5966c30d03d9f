/// The name of a container's log file: `<restart>.log` while it is written to, and `<restart>.log.<time>` once another has taken
/// its place, as the kubelet names them (`container_log_manager.go`). Their order is that of what is in them.
public struct LogFileName: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// How often the container had been started before.
    public var restart: UInt32
    /// `20060102-150405`, in UTC; nil: the file that is written to.
    public private(set) var stamp: String?
    /// Which of those with this stamp it is; the first has no number.
    public private(set) var sequence: UInt32

    public init(restart: UInt32) {
        self.restart = restart
        stamp = nil
        sequence = 0
    }

    private init(restart: UInt32, stamp: String, sequence: UInt32) {
        self.restart = restart
        self.stamp = stamp
        self.sequence = sequence
    }

    /// nil: another file's.
    public init?(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...4).contains(parts.count), parts[1] == "log", let restart = UInt32(parts[0]) else { return nil }
        self.init(restart: restart)
        if parts.count > 2 {
            let stamp = parts[2].utf8
            guard stamp.count == 15,
                stamp.enumerated().allSatisfy({
                    $0.offset == 8 ? $0.element == UInt8(ascii: "-") : (0x30...0x39).contains($0.element)
                })
            else { return nil }
            self.stamp = String(parts[2])
        }
        if parts.count > 3 {
            guard let number = UInt32(parts[3]) else { return nil }
            sequence = number
        }
        guard description == name else { return nil }
    }

    public var isRotated: Bool { stamp != nil }

    public var description: String {
        guard let stamp else { return "\(restart).log" }
        if sequence == 0 { return "\(restart).log.\(stamp)" }
        let digits = "\(sequence)"
        return "\(restart).log.\(stamp)." + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// The name that the file gets which is written to, at the time `stamp`. `last`, which has one already, comes before it
    /// even where the clock has not gone on, or has gone back.
    public static func next(restart: UInt32, stamp: String, after last: LogFileName?) -> LogFileName {
        guard let last, let lastStamp = last.stamp, last.restart == restart, lastStamp >= stamp else {
            return LogFileName(restart: restart, stamp: stamp, sequence: 0)
        }
        return LogFileName(restart: restart, stamp: lastStamp, sequence: last.sequence + 1)
    }

    public static func < (left: LogFileName, right: LogFileName) -> Bool {
        if left.restart != right.restart { return left.restart < right.restart }
        switch (left.stamp, right.stamp) {
        case (nil, _): return false
        case (_, nil): return true
        case (let a?, let b?): return a == b ? left.sequence < right.sequence : a < b
        }
    }
}

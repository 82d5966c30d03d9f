/// What a cgroup is limited to, whatever version of cgroups the host has. 0 stands for no limit.
public struct CgroupLimits: Sendable, Equatable, BinaryCodable {
    /// Of huge pages of one size.
    public struct HugePages: Sendable, Equatable, BinaryCodable {
        /// Bytes of a page.
        public var pageSize: UInt64
        /// Bytes; 0 allows none.
        public var limit: UInt64

        public init(pageSize: UInt64, limit: UInt64) {
            self.pageSize = pageSize
            self.limit = limit
        }

        public func encode(to encoder: inout Encoder) {
            encoder.encode(pageSize)
            encoder.encode(limit)
        }

        public init(from decoder: inout Decoder) throws(CodecError) {
            pageSize = try decoder.decode()
            limit = try decoder.decode()
        }
    }

    /// The period of `cpuQuota`, in microseconds: the kubelet's `QuotaPeriod`, and the kernel's default.
    public static let cpuPeriod: UInt64 = 100_000

    /// The share of the processors where they are contended, as `cpu.shares` of cgroup v1 counts: 2 to 262144, by default 1024.
    public var cpuShares: UInt64 = 0
    /// Microseconds of processor time in each period.
    public var cpuQuota: UInt64 = 0
    /// Bytes.
    public var memory: UInt64 = 0
    /// Processes and threads.
    public var pids: UInt64 = 0
    public var hugePages: [HugePages] = []
    /// Where the kernel can do so, one process that is out of memory ends all of the cgroup's (`memory.oom.group`).
    public var killsTogether = false

    public init() {}

    public func encode(to encoder: inout Encoder) {
        encoder.encode(cpuShares)
        encoder.encode(cpuQuota)
        encoder.encode(memory)
        encoder.encode(pids)
        encoder.encode(hugePages)
        encoder.encode(killsTogether)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        cpuShares = try decoder.decode()
        cpuQuota = try decoder.decode()
        memory = try decoder.decode()
        pids = try decoder.decode()
        hugePages = try decoder.decode()
        killsTogether = try decoder.decode()
    }
}

import PodPlan
import Testing

@testable import Cgroups

private func limits(_ change: (inout CgroupLimits) -> Void) -> CgroupLimits {
    var limits = CgroupLimits()
    change(&limits)
    return limits
}

@Suite struct CgroupSettingTests {
    private static let full = limits {
        $0.cpuShares = 512
        $0.cpuQuota = 50_000
        $0.memory = 64 << 20
        $0.pids = 100
        $0.hugePages = [.init(pageSize: 2 << 20, limit: 4 << 20), .init(pageSize: 1 << 30, limit: 0)]
        $0.killsTogether = true
    }

    private func lines(_ settings: [CgroupSetting]) -> [String] {
        settings.map { "\($0.controller) \($0.file)\($0.isOptional ? "?" : "") = \($0.value)" }
    }

    @Test func version1() {
        #expect(
            lines(Self.full.legacySettings) == [
                "cpu cpu.shares = 512", "cpu cpu.cfs_period_us = 100000", "cpu cpu.cfs_quota_us = 50000",
                "memory memory.limit_in_bytes = 67108864", "memory memory.memsw.limit_in_bytes? = 67108864",
                "pids pids.max = 100", "hugetlb hugetlb.2MB.limit_in_bytes = 4194304",
                "hugetlb hugetlb.2MB.rsvd.limit_in_bytes? = 4194304", "hugetlb hugetlb.1GB.limit_in_bytes = 0",
                "hugetlb hugetlb.1GB.rsvd.limit_in_bytes? = 0",
            ])
    }

    @Test func version2() {
        #expect(
            lines(Self.full.unifiedSettings) == [
                "cpu cpu.weight = 59", "cpu cpu.max = 50000 100000", "memory memory.max = 67108864",
                "memory memory.swap.max? = 0", "memory memory.oom.group? = 1", "pids pids.max = 100",
                "hugetlb hugetlb.2MB.max = 4194304", "hugetlb hugetlb.2MB.rsvd.max? = 4194304",
                "hugetlb hugetlb.1GB.max = 0", "hugetlb hugetlb.1GB.rsvd.max? = 0",
            ])
    }

    @Test func nothingIsWrittenForNoLimit() {
        #expect(CgroupLimits().legacySettings.isEmpty && CgroupLimits().unifiedSettings.isEmpty)
        #expect(CgroupLimits().controllers.isEmpty)
    }

    /// The table of the conversion's authors: the ends and the default meet.
    @Test(arguments: [(0, 1), (2, 1), (1024, 100), (262_144, 10_000), (1_000_000, 10_000)] as [(UInt64, UInt64)])
    func weights(shares: UInt64, weight: UInt64) {
        #expect(CgroupLimits.weight(ofShares: shares) == weight)
    }

    @Test func moreSharesAreNeverLessWeight() {
        let weights = stride(from: UInt64(2), through: 262_144, by: 100).map(CgroupLimits.weight(ofShares:))
        #expect(weights == weights.sorted())
        #expect(weights.allSatisfy { (1...10_000).contains($0) })
    }

    @Test(
        arguments: [
            ("oom_kill_disable 0\nunder_oom 0\noom_kill 3\n", 3), ("low 0\nhigh 0\nmax 5\noom 1\noom_kill 2\n", 2),
            ("under_oom 0\n", nil),
        ] as [(String, UInt64?)])
    func outOfMemoryCounters(text: String, count: UInt64?) {
        #expect(CgroupLayout.oomKills(in: text) == count)
    }

    @Test func deviceRules() {
        let rules = DeviceRules(adding: [.init(isBlock: true, major: 7, minor: 0)])
        #expect(
            rules.rules.map(\.legacyText) == [
                "c *:* m", "b *:* m", "c 1:3 rwm", "c 1:5 rwm", "c 1:7 rwm", "c 1:8 rwm", "c 1:9 rwm", "c 5:0 rwm",
                "c 5:1 rwm", "c 5:2 rwm", "c 136:* rwm", "b 7:0 rwm",
            ])
    }
}

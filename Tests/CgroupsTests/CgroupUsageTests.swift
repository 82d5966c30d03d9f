import Foundation
import Glibc
import Testing

@testable import Cgroups

@Suite struct CgroupUsageTests {
    private func tree(_ files: [String: String], _ body: (CgroupLayout) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("usage-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let url = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        try body(CgroupLayout(root: root.path))
    }

    @Test func onVersionTwo() throws {
        try tree([
            "cgroup.controllers": "cpu memory\n", "p/c/cpu.stat": "usage_usec 1500\nuser_usec 1000\n",
            "p/c/memory.current": "10000\n", "p/c/memory.stat": "anon 1\ninactive_file 4000\n", "p/c/cgroup.procs": "",
        ]) { layout in
            #expect(layout.usage("p/c") == CgroupUsage(cpu: 1_500_000, memory: 6000))
            #expect(layout.usage("p/none") == nil)
        }
    }

    @Test func memoryOnVersionOne() throws {
        try tree([
            "unified/cgroup.controllers": "\n", "memory/tasks": "", "unified/p/c/cpu.stat": "usage_usec 7\n",
            "unified/p/c/cgroup.procs": "", "memory/p/c/memory.usage_in_bytes": "9000\n",
            "memory/p/c/memory.stat": "cache 1\ntotal_inactive_file 2000\n",
        ]) { layout in
            #expect(layout.usage("p/c") == CgroupUsage(cpu: 7000, memory: 7000))
        }
    }

    @Test func withoutAMemoryControllerProcessesAreCounted() throws {
        try tree([
            "unified/cgroup.controllers": "\n", "unified/p/c/cpu.stat": "usage_usec 7\n",
            "unified/p/c/cgroup.procs": "", "unified/p/c/probe/cgroup.procs": "\(getpid())\n",
        ]) { layout in
            let usage = try #require(layout.usage("p/c"))
            #expect(usage.cpu == 7000)
            #expect(usage.memory > 1 << 20)
        }
    }
}

import Foundation
import PodPlan
import Testing

@testable import Cgroups

/// Trees of ordinary files in the place of hierarchies: what is written where.
@Suite struct CgroupLayoutTests {
    private final class Tree {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("cgroups-\(UUID().uuidString)").path

        init(_ files: [String: String]) throws {
            for (path, text) in files { try write(path, text) }
        }

        deinit { try? FileManager.default.removeItem(atPath: root) }

        func write(_ path: String, _ text: String) throws {
            let url = URL(fileURLWithPath: root + "/" + path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }

        func read(_ path: String) -> String? { try? String(contentsOfFile: root + "/" + path, encoding: .utf8) }
    }

    private static let limits: CgroupLimits = {
        var limits = CgroupLimits()
        limits.cpuShares = 1024
        limits.cpuQuota = 50_000
        limits.memory = 4096
        limits.pids = 9
        limits.killsTogether = true
        return limits
    }()

    private static let controllers: [CgroupController] = [.cpu, .memory, .pids]

    @Test func controllersAreFoundOnBothVersions() throws {
        let pure = try Tree(["cgroup.controllers": "cpuset cpu io memory hugetlb pids rdma\n"])
        let unified = CgroupLayout(root: pure.root)
        #expect(unified.unified == pure.root && unified.legacy.isEmpty)
        #expect(unified.unifiedControllers == [.cpu, .memory, .hugetlb, .pids])

        let hybrid = try Tree([
            "cpu/tasks": "", "memory/tasks": "", "pids/cgroup.procs": "", "unified/cgroup.controllers": "hugetlb\n",
        ])
        let layout = CgroupLayout(root: hybrid.root)
        #expect(layout.unified == hybrid.root + "/unified" && layout.unifiedControllers == [.hugetlb])
        #expect(layout.legacy == [.cpu: hybrid.root + "/cpu", .memory: hybrid.root + "/memory"])
        #expect(layout.missing(of: [.cpu, .pids, .hugetlb]) == [.pids])

        let legacy = try Tree(["cpu/tasks": ""])
        #expect(CgroupLayout(root: legacy.root).unified.isEmpty)
    }

    @Test func version2() throws {
        var files = ["cgroup.controllers": "cpu memory pids\n"]
        for folder in ["", "swiftlet/", "swiftlet/pod1/"] { files[folder + "cgroup.subtree_control"] = "" }
        for file in ["cpu.weight", "cpu.max", "memory.max", "memory.oom.group", "pids.max"] {
            files["swiftlet/pod1/a/" + file] = ""
        }
        let tree = try Tree(files)
        // There is no swap here, so memory.swap.max is not there either.
        try CgroupLayout(root: tree.root).make("swiftlet/pod1/a", Self.limits, controllers: Self.controllers)
        // Each is a write of its own, in the place of the one before: these are ordinary files.
        for folder in ["", "swiftlet/", "swiftlet/pod1/"] {
            #expect(tree.read(folder + "cgroup.subtree_control") == "+pidsry", "\(folder)")
        }
        #expect(tree.read("swiftlet/pod1/a/cgroup.subtree_control") == nil)
        #expect(tree.read("swiftlet/pod1/a/cpu.weight") == "100")
        #expect(tree.read("swiftlet/pod1/a/cpu.max") == "50000 100000")
        #expect(tree.read("swiftlet/pod1/a/memory.max") == "4096")
        #expect(tree.read("swiftlet/pod1/a/memory.oom.group") == "1")
        #expect(tree.read("swiftlet/pod1/a/pids.max") == "9")
    }

    @Test func aControllerOfVersion1WithoutItsFilesIsAnError() throws {
        let tree = try Tree(["cpu/tasks": ""])
        #expect(throws: (any Error).self) {
            try CgroupLayout(root: tree.root).make("swiftlet/pod1", Self.limits, controllers: Self.controllers)
        }
    }

    /// What the host lacks is left out; the directory of what it has is made.
    @Test func aHybridHost() throws {
        var files = ["unified/cgroup.controllers": "hugetlb\n", "memory/tasks": ""]
        files["memory/swiftlet/pod1/memory.limit_in_bytes"] = ""
        let tree = try Tree(files)
        let layout = CgroupLayout(root: tree.root)
        try layout.make("swiftlet/pod1", Self.limits, controllers: Self.controllers)
        #expect(tree.read("memory/swiftlet/pod1/memory.limit_in_bytes") == "4096")
        #expect(tree.read("cpu/swiftlet/pod1/cpu.shares") == nil)
        #expect(layout.missing(of: Self.controllers) == [.cpu, .pids])
    }

    @Test func countsOfEitherVersion() throws {
        let pure = try Tree(["cgroup.controllers": "memory\n", "p/memory.events": "oom 2\noom_kill 1\n"])
        #expect(CgroupLayout(root: pure.root).oomKills("p") == 1)
        let legacy = try Tree(["memory/tasks": "", "memory/p/memory.oom_control": "under_oom 0\noom_kill 4\n"])
        #expect(CgroupLayout(root: legacy.root).oomKills("p") == 4)
        #expect(CgroupLayout(root: try Tree([:]).root).oomKills("p") == nil)
    }
}

import CLinux
import Foundation
import PodPlan
import Testing

@testable import Supervisor

@Suite struct StorageUsageTests {
    private static var plan: PodPlan {
        var plan = PodPlan()
        plan.volumes = ["free", "small"].map { VolumePlan(name: $0, source: .emptyDirectory) }
        plan.containers = ["init", "app", "other"].map {
            var container = ContainerPlan()
            container.name = $0
            return container
        }
        plan.resources.storage.volumes = [.init(index: 1, bytes: 10, quantity: "10")]
        plan.resources.storage.pod = .init(bytes: 100, quantity: "100")
        plan.resources.storage.containers = [.init(index: 1, bytes: 60, quantity: "60")]
        return plan
    }

    static let cases: [([UInt32: UInt64], [UInt32: UInt64], String?)] = [
        ([:], [:], nil),
        ([0: 20, 1: 10], [0: 10, 1: 60], nil),
        ([1: 11], [:], "Usage of EmptyDir volume \"small\" exceeds the limit \"10\". "),
        ([0: 41], [1: 60], "Pod ephemeral local storage usage exceeds the total limit of containers 100. "),
        ([:], [1: 61], "Container app exceeded its local ephemeral storage limit \"60\". "),
        // A container without a limit counts to the pod alone.
        ([:], [2: 100], nil),
        ([:], [2: 101], "Pod ephemeral local storage usage exceeds the total limit of containers 100. "),
        // The volume comes first, then the pod.
        ([0: 100, 1: 11], [1: 61], "Usage of EmptyDir volume \"small\" exceeds the limit \"10\". "),
        ([0: 100], [1: 61], "Pod ephemeral local storage usage exceeds the total limit of containers 100. "),
    ]

    @Test(arguments: cases)
    func excess(row: ([UInt32: UInt64], [UInt32: UInt64], String?)) {
        #expect(StorageUsage(volumes: row.0, containers: row.1).excess(Self.plan) == row.2)
    }

    /// Links count once and are not followed; other file systems do not count. In a process of its own, since the working
    /// directory changes.
    @Test func theDiskThatATreeTakes() async {
        await #expect(processExitsWith: .success) {
            let root = FileManager.default.temporaryDirectory.appendingPathComponent("usage-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: root) }
            try FileManager.default.createDirectory(atPath: root + "/a/b", withIntermediateDirectories: true)
            let empty = swl_disk_usage(root)
            try Data(repeating: 1, count: 1 << 20).write(to: URL(fileURLWithPath: root + "/a/b/file"))
            let one = swl_disk_usage(root)
            #expect((one - empty) >= 1 << 20 && (one - empty) < 2 << 20, "\(one - empty)")
            try FileManager.default.linkItem(atPath: root + "/a/b/file", toPath: root + "/a/second")
            try FileManager.default.createSymbolicLink(atPath: root + "/a/usr", withDestinationPath: "/usr")
            #expect(swl_disk_usage(root) - one < 1 << 16)
            #expect(swl_disk_usage(root + "/none") == 0)
        }
    }
}

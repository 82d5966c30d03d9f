import Foundation
import Mounts
import Testing

@Suite struct MountTableTests {
    @Test func readsEveryLine() throws {
        let host = try HostScenario()
        let path = try host.write(
            "mountinfo",
            """
            22 27 0:21 / /proc rw,nosuid,relatime - proc proc rw
            31 22 254:0 /a\\040b /mnt/with\\040space ro,noexec shared:3 master:1 - ext4 /dev/vda rw,discard
            """ + "\n")
        let table = try MountTable(path)
        #expect(
            table.entries == [
                MountTable.Entry(
                    id: 22, parent: 27, target: "/proc", root: "/", type: "proc", source: "proc",
                    options: "rw,nosuid,relatime"),
                MountTable.Entry(
                    id: 31, parent: 22, target: "/mnt/with space", root: "/a b", type: "ext4", source: "/dev/vda",
                    options: "ro,noexec", isShared: true, isSlave: true),
            ])
        let lines = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8).split(separator: "\n")
        #expect(try MountTable().entries.count == lines.count)
        #expect(throws: (any Error).self) { try MountTable("/nowhere") }
    }
}

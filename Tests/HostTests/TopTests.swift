import Foundation
import Glibc
import Testing

extension HostTests {
    @Suite struct TopTests {
        @Test func whatContainersUse() throws {
            try withWorld { world in
                let busy = "trap 'exit 0' TERM; while :; do :; done"
                try world.whileRunning(pod(container("busy", busy), container("calm", idle), name: "test")) { _ in
                    let top = try world.verb("top", "pod", "--containers", "--sort-by", "cpu")
                    #expect(top.lines.first == "POD    NAME   CPU(cores)   MEMORY(bytes)   ", "\(top)")
                    #expect(top.lines.count == 3)
                    let cells = top.lines.dropFirst().map { $0.split(separator: " ") }
                    #expect(cells.map { $0[1] } == ["busy", "calm"], "\(top)")
                    let used = cells.compactMap { Int($0[2].dropLast()) }
                    #expect(used.count == 2 && used[0] > 50 && used[1] < used[0], "\(top)")
                    #expect(cells.allSatisfy { $0[3].hasSuffix("Mi") })
                    #expect(try world.verb("top", "pods", "test", "--no-headers").lines.count == 1)
                }
                #expect(try world.verb("top", "pod").stderr == "No resources found in default namespace.\n")
                let node = try world.verb("top", "node")
                #expect(
                    node.lines.first?.hasPrefix("NAME ") == true && node.lines.last?.contains("%") == true, "\(node)")
            }
        }
    }
}

import Foundation
import Glibc
import Testing

extension HostTests {
    /// `tree` and `timeline`.
    @Suite struct TreeTests {
        @Test func aRunningPod() throws {
            try withWorld { world in
                let path = try world.directory("data")
                let manifest = pod(
                    container(
                        "a", "echo x > /v/file; \(idle)",
                        "volumeMounts: [{name: v, mountPath: /v}, {name: h, mountPath: /h, readOnly: true}]"),
                    initContainers: [container("i", "true")], name: "test",
                    spec: "volumes: [{name: v, emptyDir: {}}, {name: h, hostPath: {path: \(path)}}]")
                try world.whileRunning(manifest) { _ in
                    let tree = try world.verb("tree", "test", "--ascii")
                    let lines = tree.lines
                    #expect(lines.first?.contains(#/^pod\/test  Running  1\/1 ready  \d+s  \d/#) == true, "\(tree)")
                    #expect(lines.contains { $0.hasPrefix("|- init i  done") }, "\(tree)")
                    #expect(lines.contains { $0.hasPrefix("|- container a  running ") })
                    #expect(lines.contains("|  |- /v <- v") && lines.contains("|  `- /h <- h (read only)"), "\(tree)")
                    #expect(lines.contains("   `- h  hostPath  \(path)"), "\(tree)")
                    let volume = try #require(lines.first { $0.contains("emptyDir") }?.split(separator: " ").last)
                    try eventually("the container's file is where tree says") { text(at: volume + "/file") == "x\n" }

                    let timeline = try world.verb("timeline", "test", "--ascii")
                    #expect(timeline.lines.contains { $0.contains(#/^container a .*#.* running$/#) }, "\(timeline)")
                    #expect(
                        timeline.lines.contains { $0.hasPrefix("init i ") && $0.hasSuffix("code 0") }, "\(timeline)")
                }
                #expect(try world.verb("tree").stderr == "No resources found in default namespace.\n")
                #expect(try world.verb("tree", "x").code == 1)
            }
        }
    }
}

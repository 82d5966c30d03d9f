import Foundation
import Glibc
import Testing

extension HostTests {
    /// F13, the small form: many pods that come and go, ten at a time. `scripts/bench churn` has 500.
    @Suite struct ChurnTests {
        @Test func fortyPodsComeAndGo() throws {
            try withWorld { world in
                // Caches come into being.
                _ = try world.run(pod(container("first", "true")))
                let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
                for _ in 0..<4 {
                    let runs = try (0..<10).map { number in
                        try world.start(
                            pod(
                                container("a", "echo up; \(idle)", "volumeMounts: [{name: w, mountPath: /w}]"),
                                name: "p\(number)", spec: "volumes: [{name: w, emptyDir: {}}]"))
                    }
                    for run in runs { try run.waitForLine("up\n", within: 20) }
                    for run in runs { run.interrupt() }
                    for run in runs { #expect(try run.wait(20).code == 0) }
                    #expect(world.remains().isEmpty && world.strays().isEmpty, "\(world.strays())")
                }
                #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count == descriptors)
            }
        }
    }
}

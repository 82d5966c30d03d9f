import Foundation
import Glibc
import Linux
import PodAPI
import PodPlan
import Testing

@testable import Commands

extension HostTests {
    /// Other limits for pods that run.
    @Suite struct ResizeTests {
        private func manifest(_ limits: String, _ more: String = "", script: String = idle) -> String {
            pod(
                container("a", script, "resources: {requests: {cpu: 10m}, limits: {\(limits)}}\(more)"),
                container("b", idle, "resources: {requests: {cpu: 10m}}"), policy: "Always")
        }

        private func resize(_ kept: KeptPod, _ world: World, _ manifest: String) throws {
            let other = try KeptPod(world, manifest).plan
            let update = PodUpdate(resize: PodResize(from: kept.plan, to: other))
            let file = try MemoryFile.make(update.packet)
            let client = try ControlClient(uid: kept.plan.uid, run: kept.run)
            try client.send(.update, [file.raw])
            _ = try client.receive()
        }

        /// From whichever version of cgroups has the controller.
        private func value(_ kept: KeptPod, _ container: String, _ legacy: String, _ unified: String) -> String {
            let controller = legacy.prefix { $0 != "." }
            let path = "swiftlet/pod\(kept.plan.uid)/\(container)"
            let files = ["\(controller)/\(path)/\(legacy)", "\(path)/\(unified)"]
            return files.map { text(at: "/sys/fs/cgroup/" + $0) }.joined().trimmingCharacters(in: .newlines)
        }

        private func memory(_ kept: KeptPod, _ container: String = "a") -> String {
            value(kept, container, "memory.limit_in_bytes", "memory.max")
        }

        @Test func limitsChangeWhileTheContainerRuns() throws {
            try withWorld { world in
                let kept = try KeptPod(world, manifest("cpu: 500m, memory: 64Mi"))
                try kept.start()
                try kept.waitForPhase("Running")
                let processes = Set(world.containerProcesses())
                #expect(memory(kept) == "\(64 << 20)")
                for (limits, memory, cpu) in [
                    ("cpu: 1, memory: 128Mi", 128 << 20, "100000"), ("cpu: 200m, memory: 48Mi", 48 << 20, "20000"),
                ] {
                    try resize(kept, world, manifest(limits))
                    #expect(self.memory(kept) == "\(memory)")
                    #expect(value(kept, "a", "cpu.cfs_quota_us", "cpu.max").hasPrefix(cpu))
                }
                try eventually("the status has it") {
                    kept.status[path: "status", "containerStatuses"]?.items.first?[
                        path: "resources", "limits", "memory"]?
                        .string == "48Mi"
                }
                #expect(Set(world.containerProcesses()) == processes)
                #expect(kept.reasons.contains("ResizeCompleted"))
                try kept.remove()
            }
        }

        @Test func aLimitThatThereWasNotIsFelt() throws {
            try withWorld { world in
                let kept = try KeptPod(world, manifest("cpu: 500m"))
                try kept.start()
                try kept.waitForPhase("Running")
                try resize(kept, world, manifest("cpu: 500m, memory: 32Mi"))
                #expect(memory(kept) == "\(32 << 20)")
                let process = try #require(kept.status[path: "containers"]?.items.first?["pid"]?.integer)
                #expect(
                    text(at: "/proc/\(process)/cgroup").contains("memory:/swiftlet/pod\(kept.plan.uid)/a")
                        || text(at: "/proc/\(process)/cgroup").contains("0::/swiftlet/pod\(kept.plan.uid)/a"))
                try kept.remove()
            }
        }

        @Test func memoryInUseIsNotTaken() throws {
            try withWorld { world in
                let script = "dd if=/dev/zero of=/dev/shm/x bs=1M count=24 2>/dev/null; echo full; \(idle)"
                let kept = try KeptPod(world, manifest("memory: 64Mi", script: script))
                try kept.start()
                try eventually("it is full") { kept.log("a") == ["full"] }
                try kept.waitForPhase("Running")
                do {
                    try resize(kept, world, manifest("memory: 8Mi", script: script))
                    Issue.record("not refused")
                } catch ControlClient.Failure.refused(let reason) {
                    #expect(reason.contains("below current usage"), "\(reason)")
                }
                #expect(memory(kept) == "\(64 << 20)")
                try kept.remove()
            }
        }

        @Test func aContainerIsRestartedWhereItsPolicySaysSo() throws {
            try withWorld { world in
                let policy = ", resizePolicy: [{resourceName: memory, restartPolicy: RestartContainer}]"
                let kept = try KeptPod(world, manifest("cpu: 500m, memory: 64Mi", policy))
                try kept.start()
                try kept.waitForPhase("Running")
                func restarts() -> Int64? {
                    kept.status[path: "status", "containerStatuses"]?.items.first?["restartCount"]?.integer
                }
                try resize(kept, world, manifest("cpu: 400m, memory: 64Mi", policy))
                #expect(value(kept, "a", "cpu.cfs_quota_us", "cpu.max").hasPrefix("40000"))
                #expect(restarts() == 0)
                try resize(kept, world, manifest("cpu: 400m, memory: 40Mi", policy))
                try eventually("it was restarted") { restarts() == 1 }
                try eventually("with its new limit") { memory(kept) == "\(40 << 20)" }
                try kept.remove()
            }
        }
    }
}

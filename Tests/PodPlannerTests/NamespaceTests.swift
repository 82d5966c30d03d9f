import PodAPI
import PodPlan
import Testing

@testable import PodPlanner

@Suite struct NamespaceTests {
    @Test func sysctlsBecomePaths() throws {
        let pod = pod { $0.spec.securityContext.sysctls = [Sysctl(name: "net.ipv4.tcp_rmem", value: "1 2 3")] }
        let plan = try PodPlanner.plain.plan(pod: pod, uid: "u-1").plan
        #expect(plan.namespaces.sysctls == [.init(path: "net/ipv4/tcp_rmem", value: "1 2 3")])
        #expect(plan.rejection == nil)
    }

    /// As `TestAllowlist` and rejectPod of the kubelet.
    @Test func anUnsafeSysctlMakesThePodFail() throws {
        let pod = pod {
            $0.spec.securityContext.sysctls = [
                Sysctl(name: "kernel.shm_rmid_forced", value: "1"), Sysctl(name: "kernel/msgmax", value: "1"),
            ]
        }
        var planner = PodPlanner.plain
        let rejected = try planner.plan(pod: pod, uid: "u-1").plan.rejection
        #expect(rejected?.reason == "SysctlForbidden")
        #expect(rejected?.message == "Pod was rejected: forbidden sysctl: \"kernel.msgmax\" not allowlisted")
        #expect(planner.sysctls.allow("kernel.msg*") == nil)
        #expect(try planner.plan(pod: pod, uid: "u-1").plan.rejection == nil)
    }

    @Test func strictLeavesOutWhatTheRootSays() throws {
        func groups(_ policy: SupplementalGroupsPolicy) throws -> [UInt32] {
            try PodPlanner.plain.app(
                pod {
                    $0.spec.securityContext.runAsUser = 1000
                    $0.spec.securityContext.runAsGroup = 3000
                    $0.spec.securityContext.supplementalGroups = [4000]
                    $0.spec.securityContext.supplementalGroupsPolicy = policy
                }
            ).groups
        }
        #expect(try groups(.merge) == [4, 3000, 4000, 50000])
        #expect(try groups(.strict) == [3000, 4000])
    }
}

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

    @Test func namespacesFollowTheFields() throws {
        func plan(_ change: (inout PodNamespaces) -> Void) throws -> NamespacePlan {
            try PodPlanner.plain.plan(pod: pod { change(&$0.spec.namespaces) }, uid: "u-1").plan.namespaces
        }
        #expect(try plan { _ in } == NamespacePlan())
        #expect(try plan { $0.hostPID = true }.processes == .host)
        #expect(try plan { $0.shareProcessNamespace = true }.processes == .pod)
        #expect(try plan { $0.hostIPC = true }.hostIPC)
        #expect(try plan { $0.hostUsers = false }.ownUsers)
    }

    @Test func aPodWithItsOwnUsersHasSixteenBitsOfThem() throws {
        func errors(_ user: Int64, _ groups: [Int64] = []) -> [String] {
            PodPlanner.plain.errors(
                pod {
                    $0.spec.namespaces.hostUsers = false
                    $0.spec.securityContext.runAsUser = user
                    $0.spec.securityContext.supplementalGroups = groups
                })
        }
        #expect(errors(65535, [65535]) == [])
        let message = "must be between 0 and 65535, inclusive, where `hostUsers` is false"
        #expect(errors(65536) == ["CreateContainerConfigError spec.securityContext.runAsUser: \(message)"])
        #expect(
            errors(1, [7, 65536]) == [
                "CreateContainerConfigError spec.securityContext.supplementalGroups[1]: \(message)"
            ])
    }
}

import PodAPI
import PodPlan
import Testing

@testable import PodPlanner

@Suite struct HostnameTests {
    struct Row: Sendable {
        var hostname = ""
        var subdomain = ""
        var asFQDN = false
        var override = ""
        var kernelName: String?
        var hosts: String
    }

    @Test(arguments: [
        Row(kernelName: "demo", hosts: "demo"),
        Row(hostname: "web", kernelName: "web", hosts: "web"),
        Row(
            hostname: "web", subdomain: "sub", kernelName: "web",
            hosts: "web.sub.default.svc.cluster.local\tweb"),
        Row(
            subdomain: "sub", asFQDN: true, kernelName: "demo.sub.default.svc.cluster.local",
            hosts: "demo.sub.default.svc.cluster.local\tdemo"),
        Row(asFQDN: true, kernelName: "demo", hosts: "demo"),
        Row(
            hostname: "web", subdomain: "sub", override: "my.own.name", kernelName: "my.own.name", hosts: "my.own.name"),
    ])
    func names(_ row: Row) throws {
        let plan = try PodPlanner.plain.plan(
            pod: pod {
                $0.spec.hostname = row.hostname
                $0.spec.subdomain = row.subdomain
                $0.spec.setHostnameAsFQDN = row.asFQDN
                $0.spec.hostnameOverride = row.override
            }, uid: "u"
        ).plan
        #expect(plan.hostname == row.kernelName)
        let files = plan.etcFiles.map { String(decoding: $0.content, as: UTF8.self) }
        #expect(files[0].hasSuffix("\n127.0.0.1\t\(row.hosts)\n"))
        #expect(files[2] == plan.hostname + "\n")
        #expect(plan.containers[0].environment.contains("HOSTNAME=\(plan.hostname)"))
    }

    /// 64 bytes are the most.
    @Test func aNameTooLongForTheKernelIsRefused() {
        func errors(_ length: Int) -> [String] {
            PodPlanner.plain.errors(
                pod {
                    $0.spec.hostname = String(repeating: "h", count: length)
                    $0.spec.subdomain = "s"
                    $0.spec.setHostnameAsFQDN = true
                })
        }
        let domain = ".s.default.svc.cluster.local".utf8.count
        #expect(errors(64 - domain).isEmpty)
        let name = String(repeating: "h", count: 65 - domain) + ".s.default.svc.cluster.local"
        #expect(
            errors(65 - domain) == [
                "FailedCreatePodSandBox spec.setHostnameAsFQDN: failed to construct FQDN from pod hostname and cluster "
                    + "domain, FQDN \(name) is too long (64 characters is the max, 65 characters requested)"
            ])
    }

    @Test func onTheHostsNetworkTheNameIsTheHosts() throws {
        let plan = try PodPlanner.plain.plan(
            pod: pod {
                $0.spec.hostNetwork = true
                $0.spec.hostname = "web"
                $0.spec.subdomain = "sub"
                $0.spec.setHostnameAsFQDN = true
            }, uid: "u"
        ).plan
        #expect(plan.hostname == "Box")
    }
}

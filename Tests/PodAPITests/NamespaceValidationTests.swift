import Testing

@testable import PodAPI

@Suite struct NamespaceValidationTests {
    static let sysctls = "spec.securityContext.sysctls"

    static let cases: [PodCase] = [
        PodCase("all names of the safe list", []) { pod in
            pod.spec.securityContext.sysctls = SysctlAllowList.safe.map { Sysctl(name: $0, value: "1") }
        },
        PodCase("slashes, and a dot in an interface's name", []) {
            $0.spec.securityContext.sysctls = [
                Sysctl(name: "net/ipv4/conf/eno2.100/rp_filter", value: "1"),
                Sysctl(name: "net.ipv4.tcp_rmem", value: "4096\t87380 6291456"),
            ]
        },
        PodCase(
            "names", [0, 1, 2, 3, 4].map { "\(sysctls)[\($0)].name" },
            ["", "foo-", "bar..", "net.ipv4.Tcp", String(repeating: "a", count: 254)]),
        PodCase("a name given twice", ["\(sysctls)[1].name: duplicate value: \"kernel.sem\""]) {
            $0.spec.securityContext.sysctls = [
                Sysctl(name: "kernel.sem", value: "1"), Sysctl(name: "kernel.sem", value: "2"),
            ]
        },
        PodCase("with the host's network", ["\(sysctls)[0].name: may not be specified when 'hostNetwork' is true"]) {
            $0.spec.hostNetwork = true
            $0.spec.securityContext.sysctls = [
                Sysctl(name: "net/core/somaxconn", value: "1"), Sysctl(name: "kernel.shm_rmid_forced", value: "1"),
            ]
        },
        PodCase("with the host's IPC", ["\(sysctls)[1].name: may not be specified when 'hostIPC' is true"]) {
            $0.spec.namespaces.hostIPC = true
            $0.spec.securityContext.sysctls = [
                Sysctl(name: "net.core.somaxconn", value: "1"), Sysctl(name: "kernel.msgmax", value: "1"),
            ]
        },
        PodCase(
            "two PID namespaces at once",
            ["spec.shareProcessNamespace: ShareProcessNamespace and HostPID cannot both be enabled"]
        ) {
            $0.spec.namespaces.hostPID = true
            $0.spec.namespaces.shareProcessNamespace = true
        },
        PodCase(
            "own users with the host's namespaces",
            ["hostNetwork", "hostPID", "hostIPC"].map { "spec.\($0): may not be set when `hostUsers` is false" }
        ) {
            $0.spec.namespaces.hostUsers = false
            $0.spec.namespaces.hostPID = true
            $0.spec.namespaces.hostIPC = true
            $0.spec.hostNetwork = true
        },
        PodCase(
            "procMount with the host's users",
            ["spec.containers[0].securityContext.procMount: `hostUsers` must be false to use `Unmasked`"]
        ) { $0.spec.containers[0].securityContext.procMount = .unmasked },
        PodCase("procMount with users of the pod's own", []) {
            $0.spec.namespaces.hostUsers = false
            $0.spec.containers[0].securityContext.procMount = .unmasked
        },
    ]

    @Test(arguments: cases) func rule(_ row: PodCase) {
        let errors = validPod(row.change).validate().map { "\($0.path): \($0.message)" }
        #expect(errors.count == row.errors.count, "\(errors)")
        for (error, expected) in zip(errors, row.errors) { #expect(error.hasPrefix(expected), "\(error)") }
    }

    /// S31, CVE-2022-0811.
    @Test(arguments: ["1+kernel.core_pattern=|/x", "1\nkernel.core_pattern=2", "1/2", "1\0", "\u{1b}[0m"])
    func aValueThatLedOutOfARuntimeIsRefused(_ value: String) {
        let pod = validPod {
            $0.spec.securityContext.sysctls = [Sysctl(name: "kernel.shm_rmid_forced", value: value)]
        }
        #expect(pod.validate().map { "\($0.path)" } == ["\(Self.sysctls)[0].value"])
    }

    @Test func theNameBecomesAPath() {
        #expect(Sysctl(name: "net.ipv4.tcp_rmem", value: "").path == "net/ipv4/tcp_rmem")
        #expect(Sysctl(name: "net/ipv4/tcp_rmem", value: "").path == "net/ipv4/tcp_rmem")
        #expect(Sysctl(name: "net.ipv4.conf.eno2/100.rp_filter", value: "").path == "net/ipv4/conf/eno2.100/rp_filter")
        #expect(Sysctl(name: "net/ipv4/conf/eno2.100/rp_filter", value: "").path == "net/ipv4/conf/eno2.100/rp_filter")
        #expect(Sysctl.dotted("kernel") == "kernel")
    }

    @Test func whatIsNotOnTheListIsNotAllowed() {
        var list = SysctlAllowList()
        #expect(SysctlAllowList.safe.count == 14 && SysctlAllowList.safe.allSatisfy(list.allows))
        #expect(list.allows("net/ipv4/tcp_rmem") && !list.allows("kernel.msgmax") && !list.allows("net.core.somaxconn"))
        #expect(list.allow("kernel.msg*") == nil && list.allow("net/core/somaxconn") == nil)
        #expect(list.allows("kernel.msgmax") && list.allows("kernel/msgmnb") && list.allows("net.core.somaxconn"))
        #expect(!list.allows("kernel.shmmax") && !list.allows("net.core.rmem_max"))
        #expect(list.allow("net.ipv4.*") == nil && list.allows("net.ipv4.ip_forward"))
    }

    @Test(arguments: ["kernel.core_pattern", "kernel.*", "*", "", "vm.swappiness", "net.*.x", "NET.ipv4", "net..*"])
    func whatIsNotAPodsOwnCannotBeAllowed(_ pattern: String) {
        var list = SysctlAllowList()
        #expect(list.allow(pattern) != nil)
        #expect(list == SysctlAllowList())
    }
}

extension PodCase {
    /// Sysctls with these names.
    fileprivate init(_ name: String, _ errors: [String], _ names: [String]) {
        self.init(name, errors) { pod in
            pod.spec.securityContext.sysctls = names.map { Sysctl(name: $0, value: "1") }
        }
    }
}

import PodAPI
import PodPlan
import PodPlanner
import Testing

@Suite struct ContainerTests {
    // MARK: User

    struct UserCase: Sendable, CustomTestStringConvertible {
        var name: String
        var user: Int64?
        var group: Int64?
        var podUser: Int64?
        var podGroup: Int64?
        var supplemental: [Int64] = []
        var uid: UInt32
        var gid: UInt32
        var groups: [UInt32]
        var testDescription: String { name }
    }

    @Test(arguments: [
        UserCase(name: "root", uid: 0, gid: 0, groups: [0]),
        UserCase(
            name: "primary group from passwd, others from group", user: 1000, uid: 1000, gid: 1001,
            groups: [4, 1001, 50000]),
        UserCase(name: "unknown uid", user: 4000, uid: 4000, gid: 0, groups: [0]),
        UserCase(
            name: "the documentation's example", user: 1000, group: 3000, supplemental: [4000], uid: 1000, gid: 3000,
            groups: [4, 3000, 4000, 50000]
        ),
        UserCase(name: "the pod's values", podUser: 1000, podGroup: 7, uid: 1000, gid: 7, groups: [4, 7, 50000]),
        UserCase(
            name: "the container's values win", user: 0, group: 8, podUser: 1000, podGroup: 7, uid: 0, gid: 8,
            groups: [8]
        ),
        UserCase(name: "group alone", group: 9, uid: 0, gid: 9, groups: [9]),
        UserCase(name: "unique", user: 4000, supplemental: [5, 0, 5], uid: 4000, gid: 0, groups: [0, 5]),
        UserCase(
            name: "the highest ids", user: 2_147_483_647, group: 2_147_483_647, uid: 2_147_483_647, gid: 2_147_483_647,
            groups: [2_147_483_647]
        ),
    ])
    func user(_ row: UserCase) throws {
        let app = try PodPlanner.plain.app(
            pod {
                $0.spec.securityContext.runAsUser = row.podUser
                $0.spec.securityContext.runAsGroup = row.podGroup
                $0.spec.securityContext.supplementalGroups = row.supplemental
                $0.spec.containers[0].securityContext.runAsUser = row.user
                $0.spec.containers[0].securityContext.runAsGroup = row.group
            }
        )
        #expect(app.uid == row.uid)
        #expect(app.gid == row.gid)
        #expect(app.groups == row.groups)
    }

    @Test(arguments: [-1, 2_147_483_648, 4_294_967_295, 4_294_967_296, Int64.max, Int64.min])
    func anIDThatCouldWrapAroundIsRefused(_ id: Int64) {
        let errors = PodPlanner.plain.errors(
            pod {
                $0.spec.securityContext.supplementalGroups = [id]
                $0.spec.securityContext.runAsGroup = id
                $0.spec.containers[0].securityContext.runAsUser = id
            }
        )
        let sense = "must be between 0 and 2147483647, inclusive"
        #expect(
            errors == [
                "CreateContainerConfigError spec.containers[0].securityContext.runAsUser: \(sense)",
                "CreateContainerConfigError spec.securityContext.runAsGroup: \(sense)",
                "CreateContainerConfigError spec.securityContext.supplementalGroups[0]: \(sense)",
            ]
        )
    }

    static let asRoot = "image will run as root: set runAsUser to a uid other than 0"
    static let nonRootCases: [(Bool?, Bool?, Int64?, String?)] = [
        (nil, nil, nil, nil),
        (nil, true, nil, "spec.containers[0].securityContext.runAsNonRoot: container has runAsNonRoot and \(asRoot)"),
        (true, nil, nil, "spec.securityContext.runAsNonRoot: container has runAsNonRoot and \(asRoot)"),
        (true, false, nil, nil),
        (true, nil, 1000, nil),
        (
            nil, true, 0,
            "spec.containers[0].securityContext.runAsNonRoot: container's runAsUser breaks non-root policy: set runAsUser to a "
                + "uid other than 0"
        ),
    ]

    @Test(arguments: nonRootCases)
    func runAsNonRoot(_ pods: Bool?, _ containers: Bool?, _ user: Int64?, _ expected: String?) {
        let errors = PodPlanner.plain.errors(
            pod {
                $0.spec.securityContext.runAsNonRoot = pods
                $0.spec.containers[0].securityContext.runAsNonRoot = containers
                $0.spec.containers[0].securityContext.runAsUser = user
            }
        )
        #expect(errors == (expected.map { ["CreateContainerConfigError " + $0] } ?? []))
    }

    @Test func usersOfAnotherRootAreNotTheHosts() throws {
        let app = try PodPlanner.plain.app(
            pod(with: {
                $0.image = "host:/srv/root"
                $0.securityContext.runAsUser = 1000
            })
        )
        #expect(app.gid == 0)
        #expect(app.groups == [0])
        #expect(app.environment.contains("HOME=/"))
    }

    @Test func anUnreadableUserFileIsAnError() {
        let planner = PodPlanner(
            host: box,
            users: { _ throws(UserDatabase.Failure) in throw .unreadable(file: "/etc/passwd", problem: "is a FIFO") }
        )
        #expect(
            planner.errors(pod()) == [
                "CreateContainerConfigError spec.containers[0].image: cannot read /etc/passwd: is a FIFO"
            ]
        )
    }

    // MARK: Capabilities

    static let defaults: UInt64 = 0x8004_05fb
    static let capabilityCases: [([String], [String], UInt64)] = [
        ([], [], defaults),
        (["NET_ADMIN"], [], defaults | 1 << 12),
        (["CAP_NET_ADMIN", "net_raw"], [], defaults | 1 << 12 | 1 << 13),
        ([], ["CHOWN", "CAP_KILL"], defaults & ~(1 << 0) & ~(1 << 5)),
        ([], ["ALL"], 0),
        (["NET_BIND_SERVICE"], ["ALL"], 1 << 10),
        (["ALL"], [], 0x1ff_ffff_ffff),
        (["ALL"], ["SYS_ADMIN"], 0x1ff_ffff_ffff & ~(1 << 21)),
        (["SYS_TIME"], ["SYS_TIME"], defaults),
        (["CHECKPOINT_RESTORE"], ["all"], 1 << 40),
    ]

    @Test(arguments: capabilityCases)
    func capabilities(_ add: [String], _ drop: [String], _ expected: UInt64) throws {
        let app = try PodPlanner.plain.app(
            pod(with: {
                $0.securityContext.addCapabilities = add
                $0.securityContext.dropCapabilities = drop
            })
        )
        #expect(app.capabilities == expected)
    }

    @Test func capabilityNumbersAreTheKernels() {
        let names = ["CHOWN": 0, "SETPCAP": 8, "NET_RAW": 13, "SYS_ADMIN": 21, "MKNOD": 27, "SETFCAP": 31, "BPF": 39]
        for (name, number) in names { #expect(Capability.named(name)?.number == UInt8(number)) }
        #expect(Capability.all.count == 41)
        #expect(Capability.named("NONE") == nil)
    }

    struct PrivilegeCase: Sendable, CustomTestStringConvertible {
        var name: String
        var user: Int64?
        var allow: Bool?
        var privileged = false
        var add: [String] = []
        var drop: [String] = []
        var noNewPrivileges: Bool
        var testDescription: String { name }
    }

    @Test(arguments: [
        PrivilegeCase(name: "root, left out", noNewPrivileges: false),
        PrivilegeCase(name: "root, false", allow: false, noNewPrivileges: true),
        PrivilegeCase(name: "root without capabilities", drop: ["ALL"], noNewPrivileges: true),
        PrivilegeCase(name: "another user, left out", user: 1000, noNewPrivileges: true),
        PrivilegeCase(name: "another user, true", user: 1000, allow: true, noNewPrivileges: false),
        PrivilegeCase(name: "another user with CAP_SYS_ADMIN", user: 1000, add: ["SYS_ADMIN"], noNewPrivileges: false),
        PrivilegeCase(name: "privileged", user: 1000, privileged: true, noNewPrivileges: false),
    ])
    func noNewPrivileges(_ row: PrivilegeCase) throws {
        let app = try PodPlanner.plain.app(
            pod(with: {
                $0.securityContext.runAsUser = row.user
                $0.securityContext.allowPrivilegeEscalation = row.allow
                $0.securityContext.privileged = row.privileged
                $0.securityContext.addCapabilities = row.add
                $0.securityContext.dropCapabilities = row.drop
            })
        )
        #expect(app.noNewPrivileges == row.noNewPrivileges)
        #expect(app.privileged == row.privileged)
        if row.privileged { #expect(app.capabilities == 0x1ff_ffff_ffff) }
    }

    @Test func filtersAreSharedByProgram() throws {
        let planner = PodPlanner(host: box, users: boxUsers) { $0 & 1 << 21 != 0 ? [2] : [1] }
        let plan = try planner.plan(
            pod: pod {
                $0.spec.initContainers = [container("init")]
                $0.spec.containers = [
                    container("plain"), container("admin") { $0.securityContext.addCapabilities = ["SYS_ADMIN"] },
                    container("free") { $0.securityContext.seccompProfile = .unconfined },
                    container("privileged") { $0.securityContext.privileged = true },
                ]
            }, uid: "u"
        ).plan
        #expect(plan.filters == [FilterPlan(program: [1]), FilterPlan(program: [2])])
        #expect(plan.containers.map(\.filter) == [0, 0, 1, nil, nil])
    }

    @Test func aFilterThatCannotBeMadeIsAnError() {
        let planner = PodPlanner(
            host: box, filter: { _ throws(PodPlanner.FilterFailure) in throw .init("out of memory") }
        )
        #expect(
            planner.errors(pod()) == [
                "CreateContainerConfigError spec.containers[0].securityContext.seccompProfile: cannot make the RuntimeDefault filter: "
                    + "out of memory"
            ]
        )
        #expect(planner.errors(pod(with: { $0.securityContext.seccompProfile = .unconfined })) == [])
    }

    @Test func thePodsProfileIsTheDefault() throws {
        let planner = PodPlanner(host: box, users: boxUsers) { _ in [1] }
        let plan = try planner.plan(
            pod: pod {
                $0.spec.securityContext.seccompProfile = .unconfined
                $0.spec.containers = [
                    container("a"), container("b") { $0.securityContext.seccompProfile = .runtimeDefault },
                ]
            }, uid: "u"
        ).plan
        #expect(plan.containers.map(\.filter) == [nil, 0])
    }

    /// S25 of docs/security.md (CVE-2023-6476, CVE-2024-3154, CVE-2026-53488): keys by which other runtimes are steered are
    /// data here.
    @Test func labelsAndAnnotationsSteerNothing() throws {
        let keys = [
            "io.kubernetes.cri-o.userns-mode", "io.kubernetes.cri-o.Devices", "io.kubernetes.cri-o.ShmSize",
            "io.kubernetes.cri-o.UnifiedCgroup.app", "io.kubernetes.cri-o.TrySkipVolumeSELinuxLabel",
            "io.kubernetes.cri-o.umask", "io.kubernetes.cri-o.cgroup2-mount-hierarchy-rw", "irq-load-balancing.crio.io",
            "cpu-quota.crio.io", "cpu-load-balancing.crio.io", "seccomp-profile.kubernetes.cri-o.io/app",
            "io.kubernetes.cri-o.LinkLogs", "io.kubernetes.cri-o.PodLinuxOverhead", "cpu-c-states.crio.io",
            "run.oci.handler", "run.oci.hooks.stderr", "run.oci.keep_original_groups", "run.oci.mount_context_type",
            "run.oci.pidfd_receiver", "run.oci.seccomp_fail_unknown_syscall", "run.oci.seccomp.plugins",
            "run.oci.seccomp.receiver", "run.oci.systemd.subgroup", "run.oci.timens_offset", "run.oci.delegate-cgroup",
            "module.wasm.image/variant", "org.systemd.property.CPUQuota", "org.criu.config", "io.crun.hooks",
            "io.podman.annotations.autoremove", "io.podman.annotations.privileged", "io.podman.annotations.init",
            "io.podman.annotations.label", "io.podman.annotations.seccomp", "io.podman.annotations.apparmor",
            "io.podman.annotations.userns", "io.podman.annotations.pids-limit", "io.podman.annotations.volumes-from",
            "io.containers.autoupdate", "io.containers.trace-syscall", "bind-mount-options",
            "io.containerd.runc.v2.group", "containerd.io/restart.loguri", "containerd.io/restart.status",
            "containerd.io/gc.root", "nerdctl/log-uri", "com.docker.stack.namespace",
            "seccomp.security.alpha.kubernetes.io/pod", "container.seccomp.security.alpha.kubernetes.io/app",
            "scheduler.alpha.kubernetes.io/critical-pod", "kubernetes.io/config.mirror",
            "security.alpha.kubernetes.io/sysctls",
        ]
        let planner = PodPlanner(host: box, users: boxUsers) { _ in [1] }
        func plan(_ values: [String: String]) throws -> PodPlan {
            try planner.plan(
                pod: pod {
                    $0.metadata.labels = values
                    $0.metadata.annotations = values
                }, uid: "u"
            ).plan
        }
        let plain = try plan([:])
        for value in ["true", "unconfined", "binary:///bin/sh?x=1", "/", "localhost/x"] {
            let values = Dictionary(uniqueKeysWithValues: keys.map { ($0, value) })
            #expect(try plan(values) == plain)
        }
        #expect(keys.count >= 50)
    }

    @Test func appArmorProfiles() throws {
        var planner = PodPlanner.plain
        planner.securityModules = { SecurityModules(appArmorProfiles: ["one", "docker-default"]) }
        let plan = try planner.plan(
            pod: pod {
                $0.spec.securityContext.appArmorProfile = .localhost("one")
                $0.spec.containers = [
                    container("a"), container("b") { $0.securityContext.appArmorProfile = .unconfined },
                    container("c") { $0.securityContext.appArmorProfile = .runtimeDefault },
                    container("d") {
                        $0.securityContext.appArmorProfile = .runtimeDefault
                        $0.securityContext.privileged = true
                    },
                ]
            }, uid: "u"
        ).plan
        #expect(plan.containers.map(\.confinement.appArmorProfile) == ["one", "", "docker-default", ""])
        #expect(
            planner.errors(pod { $0.spec.securityContext.appArmorProfile = .localhost("two") }) == [
                "CreateContainerError spec.securityContext.appArmorProfile.localhostProfile: apparmor profile not found \"two\": "
                    + "load it with apparmor_parser"
            ])
    }

    /// What nobody asks for is not looked up.
    @Test func withoutAppArmor() throws {
        var planner = PodPlanner.plain
        planner.securityModules = {
            Issue.record("asked without need")
            return SecurityModules()
        }
        _ = try planner.app(pod(with: { $0.securityContext.appArmorProfile = .unconfined }))
        _ = try planner.app(pod())
        for profile in [AppArmorProfile.runtimeDefault, .localhost("one")] {
            let asking = pod {
                $0.spec.securityContext.appArmorProfile = profile
                $0.spec.containers = [container("a"), container("b")]
            }
            #expect(
                PodPlanner.plain.errors(asking) == [
                    "AppArmor spec.securityContext.appArmorProfile: Cannot enforce AppArmor: AppArmor is not enabled on the host"
                ])
        }
    }

    @Test func seLinux() throws {
        let asking = pod(with: { $0.securityContext.seLinuxOptions = SELinuxOptions() })
        _ = try PodPlanner.plain.app(asking)
        var planner = PodPlanner.plain
        planner.securityModules = { SecurityModules(isSELinuxEnabled: true) }
        #expect(
            planner.errors(asking) == [
                "Refused spec.containers[0].securityContext.seLinuxOptions: SELinux is enabled on this host, and containers "
                    + "cannot be labelled yet; leave it out"
            ])
        #expect(planner.errors(pod()) == [])
    }

    @Test func localProfiles() throws {
        var planner = PodPlanner(host: box, users: boxUsers) { _ in [1] }
        planner.localFilter = { (file, capabilities) throws(PodPlanner.FilterFailure) in
            guard file == "a.json" else { throw .init("no \(file)") }
            return FilterPlan(program: [2, UInt8(truncatingIfNeeded: capabilities >> 16)], flags: 4, isLocalhost: true)
        }
        let plan = try planner.plan(
            pod: pod {
                $0.spec.securityContext.seccompProfile = .localhost("a.json")
                $0.spec.containers = [
                    container("a"), container("b") { $0.securityContext.seccompProfile = .runtimeDefault },
                    container("c"), container("d") { $0.securityContext.addCapabilities = ["SYS_ADMIN"] },
                    container("e") { $0.securityContext.privileged = true },
                ]
            }, uid: "u"
        ).plan
        #expect(plan.containers.map(\.filter) == [0, 1, 0, 2, nil])
        #expect(plan.filters.map(\.program) == [[2, 0x04], [1], [2, 0x24]])
        #expect(plan.filters.map(\.flags) == [4, 0, 4] && plan.filters.map(\.isLocalhost) == [true, false, true])
        #expect(
            planner.errors(
                pod {
                    $0.spec.securityContext.seccompProfile = .localhost("b.json")
                    $0.spec.containers = [
                        container("a"), container("b") { $0.securityContext.seccompProfile = .localhost("c.json") },
                    ]
                }) == [
                    "CreateContainerError spec.securityContext.seccompProfile.localhostProfile: no b.json",
                    "CreateContainerError spec.containers[1].securityContext.seccompProfile.localhostProfile: no c.json",
                ])
    }

    @Test func whatIsPassedOn() throws {
        let app = try PodPlanner.plain.app(
            pod(with: {
                $0.workingDir = "/srv"
                $0.terminationMessagePath = "/tmp/end"
                $0.terminationMessagePolicy = .fallbackToLogsOnError
                $0.securityContext.readOnlyRootFilesystem = true
            })
        )
        #expect(app.workingDirectory == "/srv")
        #expect(app.terminationMessagePath == "/tmp/end")
        #expect(app.terminationMessagePolicy == .fallbackToLogsOnError)
        #expect(app.readOnlyRootFilesystem)
    }

    // MARK: /etc/passwd and /etc/group

    @Test func linesThatDoNotParseArePassedOver() throws {
        let database = try UserDatabase(
            passwd: Array(
                """
                bad:x:-1:0::/:/bin/sh
                bad:x:2147483648:0::/:/bin/sh
                bad:x:4294967296:0::/:/bin/sh
                bad:x:0x0:0::/:/bin/sh
                bad:x: 0:0::/:/bin/sh
                bad:x:1e3:0::/:/bin/sh
                bad:x::0::/:/bin/sh
                bad:x:0:0
                :x:0:0::/:/bin/sh
                tab:x:0:0::/ho\tme:/bin/sh
                root:x:0:0::/root:/bin/sh
                second:x:0:5::/second:/bin/sh
                """.utf8
            ), group: Array("g:x:-1:root\ng:x:7:root\ng:x:8\ng:x:9:rooty\n".utf8)
        )
        #expect(database.user(uid: 0)?.name == "root")
        #expect(database.user(uid: 0)?.home == "/root")
        #expect(database.groups(of: "root") == [7])
    }

    @Test func aFileThatIsTooLargeIsRefused() {
        let large = [UInt8](repeating: UInt8(ascii: "\n"), count: UserDatabase.maximumFileSize + 1)
        #expect(throws: UserDatabase.Failure.tooLarge(file: "/etc/passwd")) {
            try UserDatabase(passwd: large, group: [])
        }
        #expect(throws: UserDatabase.Failure.tooLarge(file: "/etc/group")) {
            try UserDatabase(passwd: [], group: large)
        }
        #expect(throws: Never.self) { try UserDatabase(passwd: Array(large.dropLast()), group: []) }
    }
}

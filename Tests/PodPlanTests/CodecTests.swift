import Testing

@testable import PodPlan

@Suite struct CodecTests {
    /// A plan in which every kind of value occurs.
    private var plan: PodPlan {
        var plan = PodPlan()
        (plan.uid, plan.namespace, plan.name, plan.hostname) = ("u-1", "default", "näme", "host")
        plan.restartPolicy = .onFailure
        plan.activeDeadline = 90
        plan.terminationGracePeriod = -1
        plan.hostNetwork = true
        plan.namespaces.sysctls = [.init(path: "net/a", value: "1\t2")]
        plan.namespaces.processes = .pod
        plan.namespaces.hostIPC = true
        plan.namespaces.ownUsers = true
        plan.namespaces.firstHostID = .max
        plan.rejection = PodRejection(reason: "SysctlForbidden", message: "m")
        plan.paths = .init(state: "/s", run: "/r", logs: "/l", cgroup: "c")
        plan.etcFiles = [FilePlan(path: "hosts", mode: 0o644, content: [0, 255])]
        plan.volumes = [
            VolumePlan(name: "a", source: .emptyDirectory), VolumePlan(name: "b", source: .memory(size: .max)),
            VolumePlan(name: "c", source: .directory(path: "/d")),
            VolumePlan(name: "d", source: .files([FilePlan(path: "k/v", mode: 0o400, content: [1])])),
        ]
        plan.volumes += VolumePlan.HostPathType.allCases.map {
            VolumePlan(name: "h", source: .hostPath(path: "/h", type: $0))
        }
        plan.volumes.append(
            VolumePlan(name: "p", source: .hugePages(pageSize: 2 << 20, size: 1)))
        plan.volumes.append(
            VolumePlan(name: "o", source: .emptyDirectory, options: VolumeOptions(mode: 0o1777, readOnly: true)))
        plan.fsGroup = FileSystemGroup(gid: .max, policy: .onRootMismatch)
        var container = ContainerPlan()
        container.kind = .sidecar
        container.rootFS = .directory("/image")
        container.argv = ["sh", "-c", ""]
        container.environment = ["A=1"]
        container.groups = [0, .max]
        container.mounts = [MountPlan(volume: 1, mountPath: "/m", subPath: "s", readOnly: true)]
        container.mounts.append(
            MountPlan(
                volume: 0, mountPath: "/n",
                options: MountOptions(
                    propagation: .bidirectional, recursiveReadOnly: true, noExecution: true, noDevices: true)))
        container.capabilities = .max
        container.filter = 0
        container.restart = RestartPlan(policy: .never, rules: [.init(.restartAllContainers, .notIn, [0, 137])])
        var http = HTTPPlan()
        (http.isTLS, http.host, http.port, http.path, http.hostHeader) = (true, "::1", 443, "/a", "b")
        http.headers = ["A: b"]
        container.probes.startup = ProbePlan(.http(http))
        container.probes.liveness = ProbePlan(.grpc(host: "127.0.0.1", port: 1, service: "s"))
        container.probes.liveness?.terminationGracePeriod = 4
        container.probes.readiness = ProbePlan(.tcp(host: "127.0.0.1", port: 65535))
        container.hooks.postStart = .exec(["a", ""])
        container.hooks.preStop = .sleep(seconds: 3)
        container.hooks.stopSignal = 64
        plan.containers = [container, ContainerPlan()]
        plan.filters = [
            FilterPlan(program: [6, 0, 0, 0], flags: 2, isLocalhost: true), FilterPlan(program: []),
        ]
        plan.ports = [PortPlan(protocol: .udp, hostIP: "::1", hostPort: 65535, containerPort: 1)]
        plan.podIPs = ["127.0.0.1"]
        return plan
    }

    @Test func aPlanComesBackAsItWas() throws {
        #expect(try PodPlan(decoding: plan.encoded()) == plan)
    }

    @Test func everyShorterPlanIsRefused() {
        let bytes = plan.encoded()
        for count in bytes.indices {
            #expect(throws: CodecError.self) { try PodPlan(decoding: Array(bytes.prefix(count))) }
        }
    }

    @Test func aLongerPlanIsRefused() {
        #expect(throws: CodecError.trailingBytes(1)) { try PodPlan(decoding: plan.encoded() + [0]) }
    }

    @Test func aPlanOfAnotherVersionIsRefused() {
        var bytes = plan.encoded()
        bytes[0] &+= 1
        #expect(throws: CodecError.unknownVersion(PodPlan.version + 1)) { try PodPlan(decoding: bytes) }
    }

    /// A length that lies must not make room for what is not there.
    @Test func aHugeLengthIsRefused() {
        #expect(throws: CodecError.truncated) { try PodRequest(packet: [3, 255, 255, 255, 255]) }
    }

    @Test(arguments: [
        PodReport.sandboxFailed(reason: "FailedMount", message: "m"),
        .started(container: 1, attempt: 2, pid: 3, at: Moment(boot: 4, wall: -5)),
        .failedToStart(
            container: 0, attempt: 0, at: Moment(boot: 1, wall: 2), failure: LaunchFailure(.exec, errno: 2, path: "/x")),
        .terminated(
            container: 0, attempt: 1, at: Moment(boot: 1, wall: 2), exitCode: 137, signal: 9, reason: "Error"),
        .backOff(container: 0, delay: 10), .phase("Running"), .stopping(grace: -1), .note("n"), .ready(1, of: 2),
        .event(container: 1, reason: "Killing", message: "m"), .output,
        .finished(exitCode: 1, status: "{}"),
    ])
    func aReportComesBackAsItWas(report: PodReport) throws {
        #expect(try PodReport(packet: report.packet) == report)
    }
}

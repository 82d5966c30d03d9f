import PodAPI
import PodPlan

/// What the pod and its containers may take: cgroup values by the kubelet's rules (pkg/kubelet/cm/helpers_linux.go and
/// kuberuntime_container_linux.go), and how soon the kernel ends them when memory is short (pkg/kubelet/qos/policy.go).
extension Planning {
    /// After volumes and containers, whose plans it completes.
    mutating func planLimits() {
        let spec = pod.spec
        let qosClass = spec.qosClass
        plan.resources.qosClass =
            switch qosClass {
            case .bestEffort: .bestEffort
            case .burstable: .burstable
            case .guaranteed: .guaranteed
            }
        let pids = UInt64(clamping: host.podPidsLimit)
        // A pod that asks for nothing has no cgroup but the one that it is ended by.
        if qosClass != .bestEffort || pids > 0 { planCgroups(qosClass, pids: pids) }
        for (index, container) in (spec.initContainers + spec.containers).enumerated() {
            plan.containers[index].resources.oomScoreAdjust = oomScoreAdjust(container, qosClass)
            plan.containers[index].resources.requested = amounts(container.resources.requests)
            plan.containers[index].resources.limited = amounts(container.resources.limits)
            plan.containers[index].resources.restartsOnResize = container.restartsOnResize
            plan.containers[index].resources.restrictsDevices =
                !container.securityContext.privileged
                && plan.containers[index].capabilities & Capability.bits(["SYS_ADMIN"]) != 0
        }
        planStorage()
    }

    private func amounts(_ list: ResourceList) -> [ContainerResources.Amount] {
        if list.isEmpty { return [] }
        return list.sorted { $0.key < $1.key }.map { .init(name: $0.key, quantity: $0.value.description) }
    }

    // MARK: Cgroups

    private mutating func planCgroups(_ qosClass: QOSClass, pids: UInt64) {
        let spec = pod.spec
        let all = spec.initContainers + spec.containers
        let requests = spec.totalRequests
        let limits = spec.totalLimits
        let pageSizes = Set(requests.keys).filter(ResourceName.isHugePages).sorted()

        var whole = CgroupLimits()
        whole.pids = pids
        if qosClass != .bestEffort {
            whole.cpuShares = CPUTime.shares(requests[ResourceName.cpu])
            // A container without a limit leaves the pod without one, unless the pod as a whole has it.
            func isDeclared(_ name: String) -> Bool {
                all.allSatisfy { ($0.resources.limits[name]?.value ?? 0) > 0 } || spec.resources.limits[name] != nil
            }
            if isDeclared(ResourceName.cpu) { whole.cpuQuota = CPUTime.quota(limits[ResourceName.cpu]) }
            if isDeclared(ResourceName.memory) { whole.memory = bytes(limits[ResourceName.memory]) }
            whole.hugePages = hugePages(pageSizes) { requests[$0] }
        }
        plan.resources.limits = whole

        for (index, container) in all.enumerated() {
            var own = CgroupLimits()
            own.killsTogether = true
            if qosClass != .bestEffort {
                let limit = { (name: String) in container.resources.limits[name] ?? spec.resources.limits[name] }
                own.cpuShares = CPUTime.shares(container.resources.requests[ResourceName.cpu])
                own.cpuQuota = CPUTime.quota(limit(ResourceName.cpu))
                own.memory = bytes(limit(ResourceName.memory))
                own.hugePages = hugePages(pageSizes, limit)
            }
            plan.containers[index].resources.limits = own
        }
        // All that is written there is memory of the pod's.
        guard whole.memory > 0 else { return }
        for index in plan.volumes.indices {
            guard case .memory(let size) = plan.volumes[index].source else { continue }
            plan.volumes[index].source = .memory(size: size == 0 ? whole.memory : min(size, whole.memory))
        }
    }

    private func bytes(_ amount: Quantity?) -> UInt64 { UInt64(clamping: amount?.value ?? 0) }

    private func hugePages(_ names: [String], _ amount: (String) -> Quantity?) -> [CgroupLimits.HugePages] {
        names.compactMap { name in
            ResourceName.pageSize(name).map { .init(pageSize: UInt64($0), limit: bytes(amount(name))) }
        }
    }

    // MARK: Out of memory

    /// `GetContainerOOMScoreAdjust`.
    private mutating func oomScoreAdjust(_ container: Container, _ qosClass: QOSClass) -> Int32 {
        switch qosClass {
        case .guaranteed: return -997
        case .bestEffort: return 1000
        case .burstable: break
        }
        guard let capacity = node.capacity[ResourceName.memory]?.value, capacity > 0 else { return 999 }
        let spec = pod.spec
        // What the pod as a whole requests beyond its containers, in equal shares.
        var share: Int64 = 0
        if spec.hasPodLevelResources, let request = spec.resources.requests[ResourceName.memory]?.value, request > 0 {
            var containers = spec
            containers.resources = ResourceRequirements()
            let known = containers.totalRequests[ResourceName.memory]?.value ?? 0
            share = (request - known) / Int64(spec.containers.count + spec.initContainers.count)
        }
        func adjust(_ request: Int64) -> Int64 {
            let (product, overflow) = (request + share).multipliedReportingOverflow(by: 1000)
            return overflow ? 0 : 1000 - product / capacity
        }
        func request(_ container: Container) -> Int64 { container.resources.requests[ResourceName.memory]?.value ?? 0 }
        var value = adjust(request(container))
        // A sidecar is not ended before the container that it serves.
        if container.isSidecar { value = min(value, adjust(spec.containers.map(request).min() ?? 0)) }
        return Int32(min(max(value, 3), 999))
    }

    // MARK: Disk

    private mutating func planStorage() {
        for volume in pod.spec.volumes {
            guard case .emptyDir(let emptyDir) = volume.source, emptyDir.medium == .disk,
                let limit = emptyDir.sizeLimit, limit.value > 0, let index = volumeIndex[volume.name]?.index
            else { continue }
            plan.resources.storage.volumes.append(
                .init(index: index, bytes: bytes(limit), quantity: limit.description))
        }
        let name = ResourceName.ephemeralStorage
        guard let total = pod.spec.totalLimits[name] else { return }
        plan.resources.storage.pod = .init(bytes: bytes(total), quantity: total.description)
        for (index, container) in pod.spec.containers.enumerated() {
            guard let limit = container.resources.limits[name] else { continue }
            let index = UInt32(pod.spec.initContainers.count + index)
            plan.resources.storage.containers.append(
                .init(index: index, bytes: bytes(limit), quantity: limit.description))
        }
    }
}

/// Processor time as the kernel counts it (pkg/kubelet/cm/helpers_linux.go).
enum CPUTime {
    /// `MilliCPUToShares`; 2, the least there is, for no request.
    static func shares(_ request: Quantity?) -> UInt64 {
        let milli = min(request?.milliValue ?? 0, 1_000_000_000)
        return UInt64(min(max(milli * 1024 / 1000, 2), 262_144))
    }

    /// `MilliCPUToQuota`: microseconds in each period, 1 ms at least; 0 for no limit.
    static func quota(_ limit: Quantity?) -> UInt64 {
        let milli = min(limit?.milliValue ?? 0, 1_000_000_000)
        return milli <= 0 ? 0 : UInt64(max(milli * Int64(CgroupLimits.cpuPeriod) / 1000, 1000))
    }
}

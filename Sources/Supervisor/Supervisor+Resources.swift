import CLinux
import Cgroups
import Glibc
import Linux
import PodLifecycle
import PodPlan
import Volumes

/// The cgroups of a pod that has limits, and of containers whose devices are restricted. A pod without either has none of this.
extension Supervisor {
    /// Looked up where the pod has limits, and once.
    var cgroupLayout: CgroupLayout {
        let layout = self.layout ?? CgroupLayout()
        self.layout = layout
        return layout
    }

    /// All controllers that the pod's cgroups need.
    private var controllers: [CgroupController] {
        let all = ([plan.resources.limits] + plan.containers.map(\.resources.limits)).compactMap(\.self)
        return CgroupController.allCases.filter { controller in all.contains { $0.controllers.contains(controller) } }
    }

    /// After the pod's directory in the tree of cgroup v2 has been made.
    func makePodCgroups() throws(SystemError) {
        guard let limits = plan.resources.limits else { return }
        let layout = cgroupLayout
        try layout.make(plan.paths.cgroup, limits, controllers: controllers)
        for controller in layout.missing(of: controllers) {
            client.send(
                .note("this host has no \(controller.rawValue) controller for cgroups: limits by it are not enforced"))
        }
        if plan.resources.qosClass == .guaranteed { noteOutOfMemoryScore() }
    }

    /// Likewise, of one container.
    func makeContainerCgroups(_ container: Int, directory: Int32?) throws(SystemError) {
        let resources = plan.containers[container].resources
        if resources.limits == nil && !resources.restrictsDevices { return }
        let layout = cgroupLayout
        let path = plan.paths.cgroup + "/" + plan.containers[container].name
        if let limits = resources.limits { try layout.make(path, limits, controllers: controllers) }
        if resources.restrictsDevices {
            try layout.restrictDevices(path, directory: directory, DeviceRules(adding: mountedDevices(container)))
        }
    }

    /// A device that a container is given as a volume is its to use.
    private func mountedDevices(_ container: Int) -> [DeviceRules.Rule] {
        let table = VolumeTable(plan)
        return plan.containers[container].mounts.compactMap { (mount) -> DeviceRules.Rule? in
            guard case .hostPath = plan.volumes[Int(mount.volume)].source else { return nil }
            var status = stat()
            guard stat(table.path(Int(mount.volume)), &status) == 0 else { return nil }
            let kind = status.st_mode & S_IFMT
            guard kind == S_IFCHR || kind == S_IFBLK else { return nil }
            return .init(
                isBlock: kind == S_IFBLK, major: swl_device_major(UInt64(status.st_rdev)),
                minor: swl_device_minor(UInt64(status.st_rdev)))
        }
    }

    /// Supervisor and keeper are not what a host without memory ends first: as low as the kubelet has a pod's sandbox
    /// (`PodInfraOOMAdj`). Without CAP_SYS_RESOURCE that is not allowed, and the values stay as they are.
    func protectFromOutOfMemory() {
        let score = "-998"
        if KernelFile.write(score, to: "/proc/self/oom_score_adj") < 0 { return }
        if let keeper { KernelFile.write(score, to: "/proc/\(keeper.pid)/oom_score_adj") }
    }

    private func noteOutOfMemoryScore() {
        var held: UInt64 = 0
        if swl_get_capabilities(&held) == 0 && held >> 24 & 1 == 1 { return }
        client.send(
            .note(
                "oom_score_adj is not lowered for the containers of this Guaranteed pod: not permitted without CAP_SYS_RESOURCE"
            ))
    }
}

/// What the loop has to wake for.
extension Supervisor {
    var resourceDeadline: Int64? { [storage?.deadline, outOfMemory.checkAt].compactMap(\.self).min() }

    func resourceTick(now: Int64) {
        storage?.tick(now: now)
        checkOutOfMemory(now: now)
    }

    /// Only of a pod that has limits for what it takes of the disk.
    func watchStorage() {
        if plan.resources.storage.isEmpty { return }
        storage = StorageMeter(
            plan: plan, loop: loop, processes: { [unowned self] in self.processes },
            exceeded: { [unowned self] in self.dispatch(.evicted(message: $0)) })
    }

    /// The first process of each container that runs.
    private var processes: [Int: Int32] {
        var processes: [Int: Int32] = [:]
        for container in pidfds.keys { processes[container] = lifecycle.pid(container) }
        return processes
    }
}

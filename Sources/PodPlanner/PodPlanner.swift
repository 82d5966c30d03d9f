public import PodAPI
public import PodPlan
public import Storage

/// Turns a pod, the objects it refers to and the facts of the host into a launch plan. Pure: it reads no file, and asks
/// through its closures for what only the host can know.
///
/// It expects objects that have passed `validate()`.
public struct PodPlanner {
    /// The users of a root file system.
    public typealias Users = (ContainerPlan.RootFS) throws(UserDatabase.Failure) -> UserDatabase
    /// The program of the RuntimeDefault seccomp profile for a capability set; nil: no filter. A filter that cannot be made
    /// is thrown, never nil, so that no container runs without the one it was to have.
    public typealias Filter = (_ capabilities: UInt64) throws(FilterFailure) -> [UInt8]?
    /// A profile of the host's (`localhostProfile`) as a filter for a capability set.
    public typealias LocalFilter = (_ file: String, _ capabilities: UInt64) throws(FilterFailure) -> FilterPlan

    /// Why a seccomp filter cannot be made.
    public struct FilterFailure: Error, Sendable, Hashable {
        public var message: String

        public init(_ message: String) {
            self.message = message
        }
    }

    public var host: HostFacts
    /// What stands in for registry images.
    public var imageMap: ImageMap
    /// `--rootfs`: the root of every registry image that `imageMap` does not name. The command lines come from
    /// `ImageMap.builtin` then.
    public var rootFSOverride: ContainerPlan.RootFS?
    /// What a pod may set; another sysctl makes it fail.
    public var sysctls = SysctlAllowList()
    public var users: Users
    public var filter: Filter
    public var localFilter: LocalFilter
    /// Called at most once for each container, and only where its fields depend on it.
    public var securityModules: () -> SecurityModules = { SecurityModules() }
    /// The host's busybox, if it has one. Asked for only where an image's shell is busybox's.
    public var busybox: () -> String? = { nil }
    /// Called at most once for a pod, and only where it depends on what the host has.
    public var node: () -> NodeResources

    public init(
        host: HostFacts, imageMap: ImageMap = ImageMap(), rootFSOverride: ContainerPlan.RootFS? = nil,
        users: @escaping Users = { _ throws(UserDatabase.Failure) in UserDatabase() },
        filter: @escaping Filter = { _ throws(FilterFailure) in nil },
        localFilter: @escaping LocalFilter = { file, _ throws(FilterFailure) in
            throw FilterFailure("cannot load seccomp profile \(DisplayText.quoted(file)): no profiles on this host")
        },
        node: @escaping () -> NodeResources = { NodeResources(capacity: [:]) }
    ) {
        self.host = host
        self.imageMap = imageMap
        self.rootFSOverride = rootFSOverride
        self.users = users
        self.filter = filter
        self.localFilter = localFilter
        self.node = node
    }

    /// - Parameters:
    ///   - configMaps: of all namespaces; the pod sees those of its own.
    ///   - secrets: likewise.
    ///   - services: of all namespaces.
    ///   - bindings: the outcome of binding the claims that the pod may refer to.
    ///   - uid: the pod's uid; it becomes part of paths, so it is checked.
    /// - Throws: all that is wrong, in the order of the manifest.
    public func plan(
        pod: Pod, configMaps: [ConfigMap] = [], secrets: [Secret] = [], services: [Service] = [],
        bindings: Bindings = Bindings(), uid: String
    ) throws(PlanErrors) -> PlannedPod {
        var planning = Planning(
            planner: self, pod: pod, configMaps: configMaps, secrets: secrets, services: services, uid: uid)
        planning.planPod()
        planning.planNamespaces()
        planning.planVolumes(bindings)
        planning.planContainers()
        planning.planLimits()
        planning.planPorts()
        guard planning.errors.isEmpty else { throw PlanErrors(planning.errors) }
        return PlannedPod(plan: planning.plan, notes: planning.notes)
    }
}

/// A plan, and what is to be said about it.
public struct PlannedPod: Sendable, Equatable {
    public var plan: PodPlan
    public var notes: [PlanNote]

    public init(plan: PodPlan, notes: [PlanNote]) {
        self.plan = plan
        self.notes = notes
    }
}

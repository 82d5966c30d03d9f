/// core/v1 ResourceList: amounts by the resource's name, such as `cpu`, `memory`, `hugepages-2Mi`.
public typealias ResourceList = [String: Quantity]

/// core/v1 ResourceRequirements, of a container or of a pod as a whole (KEP-2837). Requests have had their defaults.
public struct ResourceRequirements: Sendable, Equatable {
    public var limits: ResourceList
    public var requests: ResourceList

    public init(limits: ResourceList = [:], requests: ResourceList = [:]) {
        self.limits = limits
        self.requests = requests
    }

    public var isEmpty: Bool { limits.isEmpty && requests.isEmpty }
}

/// The names of resources, and what kind of resource each is (pkg/apis/core/helper/helpers.go).
public enum ResourceName {
    public static let cpu = "cpu"
    public static let memory = "memory"
    public static let ephemeralStorage = "ephemeral-storage"
    static let hugePagesPrefix = "hugepages-"

    public static func isHugePages(_ name: String) -> Bool { name.hasPrefix(hugePagesPrefix) }

    /// The bytes of a page of `hugepages-<size>`; nil: it is none.
    public static func pageSize(_ name: String) -> Int64? {
        guard isHugePages(name), let size = Quantity(String(name.dropFirst(hugePagesPrefix.count))), size.value > 0
        else { return nil }
        return size.value
    }

    static func isStandardOfContainer(_ name: String) -> Bool {
        name == cpu || name == memory || name == ephemeralStorage || isHugePages(name)
    }

    /// What a pod as a whole may ask for (`IsSupportedPodLevelResource`).
    public static func isPodLevel(_ name: String) -> Bool { name == cpu || name == memory || isHugePages(name) }

    /// In no domain, or in one of Kubernetes' own (`IsNativeResource`).
    static func isNative(_ name: String) -> Bool { !name.contains("/") || name.contains("kubernetes.io/") }

    /// What a device plugin would offer (`IsExtendedResourceName`).
    static func isExtended(_ name: String) -> Bool {
        !isNative(name) && !name.hasPrefix("requests.") && NameRules.qualifiedName("requests." + name) == nil
    }

    /// Whether a request may be lower than the limit (`IsOvercommitAllowed`).
    static func allowsOvercommit(_ name: String) -> Bool { isNative(name) && !isHugePages(name) }
}

extension ResourceList {
    /// Adds every amount to that of the same name.
    mutating func add(_ other: ResourceList) {
        merge(other) { $0 + $1 }
    }

    /// The greater amount of each name.
    mutating func raise(to other: ResourceList) {
        merge(other) { Swift.max($0, $1) }
    }
}

extension PodSpec {
    /// Whether the pod as a whole asks for something that counts (`IsPodLevelResourcesSet`).
    public var hasPodLevelResources: Bool {
        resources.requests.keys.contains(where: ResourceName.isPodLevel)
            || resources.limits.keys.contains(where: ResourceName.isPodLevel)
    }

    /// What all containers together may hold at one time: the greater of all that run at once, and of what each init
    /// container meets at its turn (KEP-753, "Resources calculation for scheduling and pod admission";
    /// `AggregateContainerRequests` of k8s.io/component-helpers).
    func aggregate(_ list: (Container) -> ResourceList) -> ResourceList {
        var running = ResourceList()
        for container in containers { running.add(list(container)) }
        var sidecars = ResourceList()
        var initial = ResourceList()
        for container in initContainers {
            let own = list(container)
            var turn = sidecars
            turn.add(own)
            if container.isSidecar {
                running.add(own)
                sidecars = turn
            }
            initial.raise(to: turn)
        }
        running.raise(to: initial)
        return running
    }

    /// Requests of the pod: those of its containers, where the pod as a whole says nothing else (`PodRequests`).
    public var totalRequests: ResourceList {
        var total = aggregate(\.resources.requests)
        for (name, amount) in resources.requests where ResourceName.isPodLevel(name) { total[name] = amount }
        return total
    }

    /// Likewise limits (`PodLimits`).
    public var totalLimits: ResourceList {
        var total = aggregate(\.resources.limits)
        for (name, amount) in resources.limits where ResourceName.isPodLevel(name) { total[name] = amount }
        return total
    }

    /// Fills in the requests that are left out (`SetDefaults_Pod` in pkg/apis/core/v1/defaults.go): a container's limit is
    /// its request; a pod's request is that of its containers, else its limit.
    public mutating func setDefaultRequests() {
        for index in initContainers.indices { initContainers[index].resources.setDefaultRequests() }
        for index in containers.indices { containers[index].resources.setDefaultRequests() }
        guard hasPodLevelResources else { return }
        // Huge pages cannot be overcommitted, so the pod's limit is what its containers may use.
        for (name, amount) in aggregate(\.resources.limits) where ResourceName.isHugePages(name) {
            if resources.limits[name] == nil, resources.requests[name] == nil { resources.limits[name] = amount }
        }
        for (name, amount) in aggregate(\.resources.requests)
        where ResourceName.isPodLevel(name) && ResourceName.allowsOvercommit(name) && resources.requests[name] == nil {
            resources.requests[name] = amount
        }
        resources.setDefaultRequests()
    }
}

extension ResourceRequirements {
    fileprivate mutating func setDefaultRequests() {
        for (name, amount) in limits where requests[name] == nil { requests[name] = amount }
    }
}

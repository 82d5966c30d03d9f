import PodAPI
import PodManifest
import PodPlan
import PodPlanner
import Storage

/// From manifests to launch plans: reads, validates, binds claims, and plans. Nothing on the host is changed.
struct Preparation {
    /// A pod that is ready to be started.
    struct PreparedPod {
        var pod: Pod
        var plan: PodPlan
        var verdict = Scheduler.Verdict.scheduled
    }

    private(set) var errors: [Diagnostic] = []
    private(set) var notes: [Diagnostic] = []
    private(set) var pods: [PreparedPod] = []
    private(set) var bindings = Bindings()
    private(set) var objects: [ManifestObject] = []
    private(set) var placement: Placement?

    private var manifest: Manifest
    private let options: ManifestOptions
    private let roots: Roots
    private let sysctls: SysctlAllowList
    /// What runs already of an earlier reading keeps its identity.
    private let previous: [PreparedPod]

    /// - Parameter earlier: An earlier reading of the same manifests, whose pods run.
    init(_ options: ManifestOptions, sysctls: SysctlAllowList? = nil, after earlier: Preparation? = nil) {
        self.sysctls = sysctls ?? earlier?.sysctls ?? SysctlAllowList()
        self.options = options
        previous = earlier?.pods ?? []
        roots = Roots(options.root)
        manifest = ManifestReader(recursive: options.recursive).read(paths: options.paths)
        notes = manifest.notes
        objects = manifest.objects
        if let earlier { keepGeneratedNames(of: earlier.objects) }
        validate()
        if errors.isEmpty { plan() }
        if let earlier {
            let order = earlier.pods.map(\.plan.uid)
            pods.sort { order.firstIndex(of: $0.plan.uid) ?? .max < order.firstIndex(of: $1.plan.uid) ?? .max }
        }
    }

    /// A name that is generated is another one in every reading.
    private mutating func keepGeneratedNames(of earlier: [ManifestObject]) {
        for index in objects.indices where objects[index].hasGeneratedName {
            let same = earlier.first { $0.isInSamePlace(as: objects[index]) && $0.hasGeneratedName }
            if let same { objects[index].object.name = same.object.metadata.name }
        }
    }

    /// A line for an error in one of the objects.
    func diagnostic(for error: FieldError, in object: ManifestObject) -> Diagnostic {
        manifest.diagnostic(for: error, in: object)
    }

    private mutating func validate() {
        var seen: [String: ManifestObject] = [:]
        for object in objects {
            manifest.add(object.object.validate(), in: object)
            let metadata = object.object.metadata
            let identity = "\(object.object.kind)/\(metadata.namespace)/\(metadata.name)"
            if seen[identity] != nil {
                let message = "\(object.object.kind) \"\(metadata.name)\" is given twice"
                manifest.add([FieldError(FieldPath("metadata", "name"), message)], in: object)
            }
            seen[identity] = object
            if let level = options.podSecurity {
                manifest.errors += object.podSecurityViolations(level).map { manifest.diagnostic(for: $0, in: object) }
            }
        }
        // In the order of the files, and in each in the order of its lines.
        var order: [String: Int] = [:]
        for error in manifest.errors where order[error.file] == nil { order[error.file] = order.count }
        errors = manifest.errors.enumerated().sorted { left, right in
            func key(_ error: Diagnostic) -> (Int, Int, Int) {
                (order[error.file] ?? 0, error.line ?? 0, error.column ?? 0)
            }
            let (a, b) = (key(left.element), key(right.element))
            return a == b ? left.offset < right.offset : a < b
        }.map(\.element)
    }

    private mutating func plan() {
        var host = HostFacts.gather(roots)
        host.podPidsLimit = options.podMaxPids ?? 0
        let placement = Placement(roots, file: options.node, host: &host)
        self.placement = placement
        errors += placement.errors
        var volumes: [PersistentVolume] = []
        var claims: [PersistentVolumeClaim] = []
        var configMaps: [ConfigMap] = []
        var secrets: [Secret] = []
        var services: [Service] = []
        var admission = Admission(runtimeClasses: [], priorityClasses: [])
        for object in objects {
            switch object.object {
            case .persistentVolume(let volume): volumes.append(volume)
            case .persistentVolumeClaim(let claim): claims.append(claim)
            case .configMap(let map): configMaps.append(map)
            case .secret(let secret): secrets.append(secret)
            case .service(let service): services.append(service)
            case .runtimeClass(let kind): admission.runtimeClasses.append(kind)
            case .priorityClass(let kind): admission.priorityClasses.append(kind)
            case .pod: break
            }
        }
        claims += ephemeralClaims(besides: claims)
        bindings = Binder(nodeName: host.nodeName, nodeLabels: host.nodeLabels).bind(volumes: volumes, claims: claims)
        let podObjects = objects.filter { $0.object.kind == "Pod" }
        let pods = podObjects.compactMap { if case .pod(let pod) = $0.object { pod } else { nil } }
        for (index, error) in bindings.exclusiveClaimConflicts(among: pods) {
            errors.append(manifest.diagnostic(for: error, in: podObjects[index]))
        }
        guard let planner = planner(host) else { return }
        for (object, var pod) in zip(podObjects, pods) {
            let running = previous.first {
                $0.pod.metadata.namespace == pod.metadata.namespace && $0.pod.metadata.name == pod.metadata.name
            }
            pod.metadata.uid = running?.pod.metadata.uid ?? ObjectUID.random()
            errors += admission.admit(&pod).map { manifest.diagnostic(for: $0, in: object) }
            do throws(PlanErrors) {
                let planned = try planner.plan(
                    pod: pod, configMaps: configMaps, secrets: secrets, services: services, bindings: bindings,
                    uid: pod.metadata.uid)
                var plan = planned.plan
                plan.logLimits = options.logLimits ?? LogLimits()
                let place = ScheduledPod(pod)
                if !place.isPlain {
                    var encoder = Encoder()
                    place.encode(to: &encoder)
                    plan.placement = encoder.bytes
                }
                self.pods.append(PreparedPod(pod: pod, plan: plan))
                notes += planned.notes.map { manifest.diagnostic(for: FieldError($0.path, $0.message), in: object) }
            } catch {
                errors += error.errors.map { manifest.diagnostic(for: FieldError($0.path, $0.message), in: object) }
            }
        }
    }

    /// Those of `ephemeral` volumes. A claim that is there already is in the way (KEP-1698).
    private func ephemeralClaims(besides claims: [PersistentVolumeClaim]) -> [PersistentVolumeClaim] {
        let taken = Set(claims.map { "\($0.metadata.namespace)/\($0.metadata.name)" })
        var made: [PersistentVolumeClaim] = []
        for object in objects {
            guard case .pod(let pod) = object.object else { continue }
            for claim in pod.ephemeralClaims
            where !taken.contains("\(claim.metadata.namespace)/\(claim.metadata.name)") { made.append(claim) }
        }
        return made
    }

    /// Gives each pod its place, or the reason why it has none.
    mutating func schedule() {
        guard let placement else { return }
        for (index, verdict) in placement.schedule(pods.map(\.pod)).enumerated() { pods[index].verdict = verdict }
    }

    /// The same for some pods once more, after a change; returns what is wrong with the node's file.
    mutating func scheduleAgain(_ indices: [Int], beside running: [Int]) -> [Diagnostic] {
        guard var placement else { return [] }
        placement.refresh()
        self.placement = placement
        let verdicts = placement.schedule(
            indices.map { pods[$0].pod }, beside: running.map { pods[$0].pod })
        for (index, verdict) in zip(indices, verdicts) { pods[index].verdict = verdict }
        return placement.errors
    }

    /// Tells when to do so.
    func watch() -> PlacementWatch? {
        placement.flatMap { PlacementWatch(nodeFile: $0.path, run: roots.run) }
    }

    /// The pod's `spec` as its manifest has it.
    func spec(of pod: Pod) -> JSONValue {
        let object = objects.first {
            if case .pod(let other) = $0.object {
                other.metadata.name == pod.metadata.name && other.metadata.namespace == pod.metadata.namespace
            } else {
                false
            }
        }
        return object?.value("spec") ?? .null
    }

    private mutating func planner(_ host: HostFacts) -> PodPlanner? {
        let making = PlannerMaking(PlanningOptions(options), roots, host, sysctls)
        errors += making.errors
        return errors.isEmpty ? making.planner : nil
    }
}

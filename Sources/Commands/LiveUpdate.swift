import PodAPI
import PodManifest
import PodPlan

/// What changed manifests mean for the pods that run of the ones before. Pure.
///
/// A running pod takes over the data of ConfigMaps and Secrets, and its own labels and annotations, where files show them
/// (as the kubelet does; variables stay as they are). All else that has changed is refused, and then nothing is taken over.
struct LiveUpdate {
    /// By the pods' positions in the preparation that runs; only those with files that change.
    private(set) var updates: [(pod: Int, update: PodUpdate)] = []
    /// What has changed, as `configmap/settings`.
    private(set) var changed: [String] = []
    /// Why nothing can be taken over.
    private(set) var errors: [Diagnostic] = []

    init(from running: Preparation, to new: Preparation) {
        errors = new.errors
        guard errors.isEmpty else { return }
        let before = Self.table(running.objects)
        let after = Self.table(new.objects)
        for (identity, object) in before where after[identity] == nil { removed(object) }
        for object in new.objects {
            if let old = before[Self.identity(object.object)] {
                compare(old, object, new)
            } else {
                added(object, new)
            }
        }
        changed.sort()
        guard errors.isEmpty else { return }
        for (index, pod) in running.pods.enumerated() {
            guard let other = new.pods.first(where: { $0.plan.uid == pod.plan.uid }) else { continue }
            let update = Self.update(from: pod.plan, to: other.plan)
            if !update.isEmpty { updates.append((index, update)) }
        }
    }

    private static func table(_ objects: [ManifestObject]) -> [String: ManifestObject] {
        Dictionary(objects.map { (identity($0.object), $0) }) { first, _ in first }
    }

    private static func identity(_ object: Object) -> String {
        "\(object.kind)/\(object.metadata.namespace)/\(object.metadata.name)"
    }

    /// `configmap/settings`
    private static func name(_ object: Object) -> String { "\(object.kind.lowercased())/\(object.metadata.name)" }

    private static func isConfiguration(_ object: Object) -> Bool {
        switch object {
        case .configMap, .secret: true
        default: false
        }
    }

    /// What a pod takes over while it runs.
    static func update(from old: PodPlan, to new: PodPlan) -> PodUpdate {
        var update = PodUpdate(
            activeDeadline: old.activeDeadline == new.activeDeadline ? nil : new.activeDeadline,
            resize: PodResize(from: old, to: new))
        for (index, (before, after)) in zip(old.volumes, new.volumes).enumerated() where before != after {
            if case .files(let files) = after.source {
                update.volumes.append(PodUpdate.Volume(index: UInt32(index), files: files))
            }
        }
        return update
    }

    // MARK: Objects

    private mutating func removed(_ object: ManifestObject) {
        if Self.isConfiguration(object.object) {
            changed.append(Self.name(object.object))
        } else {
            errors.append(
                Diagnostic(
                    file: object.file,
                    message:
                        "\(Self.name(object.object)) has gone from the manifests, and its pods run on: stop them first"
                ))
        }
    }

    private mutating func added(_ object: ManifestObject, _ new: Preparation) {
        if Self.isConfiguration(object.object) {
            changed.append(Self.name(object.object))
        } else {
            refuse(
                FieldPath("metadata", "name"), "only ConfigMaps and Secrets can be added while pods run", object, new)
        }
    }

    private mutating func compare(_ old: ManifestObject, _ object: ManifestObject, _ new: Preparation) {
        let count = errors.count
        switch (old.object, object.object) {
        case (.configMap(let before), .configMap(let after)):
            if before == after { return }
            for error in after.validateUpdate(from: before) { refuse(error.path, error.message, object, new) }
        case (.secret(let before), .secret(let after)):
            if before == after { return }
            for error in after.validateUpdate(from: before) { refuse(error.path, error.message, object, new) }
        case (.pod(let before), .pod(let after)):
            if before.specBesidesDeadline == after.specBesidesDeadline {
                if before.spec.activeDeadlineSeconds != after.spec.activeDeadlineSeconds {
                    for error in after.validateUpdate(from: before) { refuse(error.path, error.message, object, new) }
                    break
                }
                if before.metadata.labels == after.metadata.labels,
                    before.metadata.annotations == after.metadata.annotations
                {
                    return
                }
                break
            }
            let path = FieldPath("spec").appending(old.value("spec").firstDifference(from: object.value("spec")))
            refuse(
                path,
                "cannot change while the pod runs: labels, annotations, activeDeadlineSeconds, ConfigMaps and Secrets can",
                object, new)
        default:
            guard old.object.withoutUID != object.object.withoutUID else { return }
            let path = FieldPath("spec").appending(old.value("spec").firstDifference(from: object.value("spec")))
            refuse(path, "cannot change while pods run: only ConfigMaps and Secrets can", object, new)
        }
        if errors.count == count { changed.append(Self.name(object.object)) }
    }

    private mutating func refuse(_ path: FieldPath, _ message: String, _ object: ManifestObject, _ new: Preparation) {
        errors.append(new.diagnostic(for: FieldError(path, message), in: object))
    }
}

extension Pod {
    fileprivate var specBesidesDeadline: PodSpec {
        var spec = spec
        spec.activeDeadlineSeconds = nil
        return spec
    }
}

extension Object {
    /// Comparable with another reading of the same manifest.
    fileprivate var withoutUID: Object {
        switch self {
        case .persistentVolume(var object):
            object.metadata.uid = ""
            return .persistentVolume(object)
        case .persistentVolumeClaim(var object):
            object.metadata.uid = ""
            return .persistentVolumeClaim(object)
        default: return self
        }
    }
}

extension JSONValue {
    /// The path of the first field that differs, as far as both have the fields around it. Fields that are null count as
    /// left out.
    func firstDifference(from other: JSONValue) -> FieldPath {
        switch (self, other) {
        case (.object(let left), .object(let right)):
            let left = left.filter { $0.value != .null }
            let right = right.filter { $0.value != .null }
            for entry in right {
                guard let before = left.first(where: { $0.key == entry.key }) else {
                    return FieldPath([.field(entry.key)])
                }
                if before.value != entry.value {
                    let inner = before.value.firstDifference(from: entry.value)
                    return FieldPath([.field(entry.key)] + inner.components)
                }
            }
            if let gone = left.first(where: { entry in !right.contains { $0.key == entry.key } }) {
                return FieldPath([.field(gone.key)])
            }
        case (.array(let left), .array(let right)):
            for (index, (before, after)) in zip(left, right).enumerated() where before != after {
                return FieldPath([.index(index)] + before.firstDifference(from: after).components)
            }
            if left.count != right.count, !right.isEmpty {
                return FieldPath([.index(min(left.count, right.count - 1))])
            }
        default: break
        }
        return FieldPath()
    }
}

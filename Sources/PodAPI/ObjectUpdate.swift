/// Which changes of a stored object are not allowed, whoever asks for them (`Validate…Update` of
/// pkg/apis/core/validation). Both readings must be complete (`ObjectDefaults`).
public struct ObjectUpdate {
    static let immutable = "field is immutable"

    /// What is not allowed; empty where all may change as it does.
    public static func errors(from old: JSONValue, to new: JSONValue) -> [FieldError] {
        var update = ObjectUpdate(old: old, new: new)
        update.check()
        return update.found.errors
    }

    let old: JSONValue
    let new: JSONValue
    var found = Validation()

    private mutating func check() {
        switch old["kind"]?.string {
        case "Pod": checkPod()
        case "PersistentVolume": checkVolume()
        case "PersistentVolumeClaim": checkClaim()
        case "ConfigMap": checkImmutable(["data", "binaryData"])
        case "Secret":
            mustStay(["type"], Self.immutable)
            checkImmutable(["data"])
        case "Service": checkService()
        case "RuntimeClass": mustStay(["handler"], Self.immutable)
        case "PriorityClass":
            mustStay(["value"], "may not be changed in an update")
            mustStay(["preemptionPolicy"], Self.immutable)
        default: break
        }
    }

    /// Whether a field is another one now; left out and null are the same.
    func changes(_ path: [String]) -> Bool {
        let (before, after) = (old[path: path[...]] ?? .null, new[path: path[...]] ?? .null)
        return !before.isEquivalent(to: after)
    }

    mutating func mustStay(_ path: [String], _ message: String) {
        if changes(path) { found.fail(FieldPath(path.map { .field($0) }), message) }
    }

    private mutating func checkImmutable(_ fields: [String]) {
        guard old["immutable"]?.bool == true else { return }
        for field in ["immutable"] + fields {
            mustStay([field], "field is immutable when `immutable` is set")
        }
    }

    private static let volumeSources = [
        "hostPath", "local", "nfs", "csi", "iscsi", "fc", "rbd", "cephfs", "cinder", "flexVolume", "glusterfs",
        "gcePersistentDisk", "awsElasticBlockStore", "azureDisk", "azureFile", "vsphereVolume", "quobyte", "flocker",
        "photonPersistentDisk", "portworxVolume", "scaleIO", "storageos",
    ]

    private mutating func checkVolume() {
        for source in Self.volumeSources where changes(["spec", source]) {
            let path = FieldPath("spec", source).appending(difference(at: ["spec", source]))
            found.fail(path, "Forbidden: spec.persistentvolumesource is immutable after creation")
        }
        mustStay(["spec", "volumeMode"], Self.immutable)
        if old[path: "spec", "nodeAffinity"] != nil { mustStay(["spec", "nodeAffinity"], Self.immutable) }
    }

    private mutating func checkClaim() {
        var expected = new
        // What the binder fills in.
        if old[path: "spec", "volumeName"] == nil { expected[path: "spec", "volumeName"] = nil }
        if old[path: "spec", "storageClassName"] == nil { expected[path: "spec", "storageClassName"] = nil }
        let request = ["spec", "resources", "requests", "storage"]
        let isBound = old[path: "status", "phase"]?.string == "Bound"
        if isBound { expected[path: request[...]] = old[path: request[...]] }
        let difference = (old["spec"] ?? .null).difference(from: expected["spec"] ?? .null)
        if let difference {
            found.fail(
                FieldPath("spec").appending(difference),
                "Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName "
                    + "for bound claims")
            return
        }
        guard isBound, changes(request) else { return }
        let path = FieldPath("spec", "resources", "requests").key("storage")
        let amounts = [old, new].map { $0[path: request[...]]?.string.flatMap(Quantity.init) ?? Quantity(value: 0) }
        if amounts[1] < amounts[0] {
            found.fail(path, "Forbidden: field can not be less than previous value")
        } else {
            found.fail(
                path,
                "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must "
                    + "support resize")
        }
    }

    private mutating func checkService() {
        let path = ["spec", "clusterIP"]
        guard let before = old[path: path[...]]?.string, !before.isEmpty, changes(path) else { return }
        let types = [old, new].map { $0[path: "spec", "type"]?.string }
        if types.contains("ExternalName") { return }
        found.fail(
            FieldPath("spec", "clusterIPs").index(0),
            "Invalid value: \(DisplayText.quoted(new[path: path[...]]?.string ?? "")): may not change once set")
    }

    func difference(at path: [String]) -> FieldPath {
        (old[path: path[...]] ?? .null).difference(from: new[path: path[...]] ?? .null) ?? FieldPath()
    }
}

extension FieldPath {
    public func appending(_ path: FieldPath) -> FieldPath { FieldPath(components + path.components) }
}

extension JSONValue {
    /// Where another reading first differs, in the order of the fields; nil: nowhere. Null counts as left out.
    public func difference(from other: JSONValue) -> FieldPath? {
        switch (self, other) {
        case (.object(let left), .object(let right)):
            let keys = Set((left + right).map(\.key)).sorted()
            for key in keys {
                let (before, after) = (self[key] ?? .null, other[key] ?? .null)
                if before.isNull && after.isNull { continue }
                if let inner = before.difference(from: after) { return FieldPath(key).appending(inner) }
            }
            return nil
        case (.array(let left), .array(let right)):
            for (index, (before, after)) in zip(left, right).enumerated() {
                if let inner = before.difference(from: after) { return FieldPath().index(index).appending(inner) }
            }
            return left.count == right.count ? nil : FieldPath().index(min(left.count, right.count))
        default:
            return isEquivalent(to: other) ? nil : FieldPath()
        }
    }
}

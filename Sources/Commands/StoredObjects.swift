import ObjectStore
import PodAPI
import PodManifest
import PodPlanner

/// What pods refer to, as values: all objects of the store at one moment but its pods. An object that is not what its kind asks
/// for (by an older version, say) counts as missing.
struct StoredObjects {
    var configMaps: [ConfigMap] = []
    var secrets: [Secret] = []
    var services: [Service] = []
    var volumes: [PersistentVolume] = []
    var claims: [PersistentVolumeClaim] = []
    var admission = Admission(runtimeClasses: [], priorityClasses: [])

    init(_ reading: some ObjectReading) throws(ObjectStoreError) {
        for kind in [
            "ConfigMap", "Secret", "Service", "PersistentVolume", "PersistentVolumeClaim", "RuntimeClass",
            "PriorityClass",
        ] {
            for json in try reading.list(kind) { add(json) }
        }
    }

    private mutating func add(_ json: JSONValue) {
        switch StoredObject(json).object {
        case .configMap(let object)?: configMaps.append(object)
        case .secret(let object)?: secrets.append(object)
        case .service(let object)?: services.append(object)
        case .persistentVolume(let object)?: volumes.append(object)
        case .persistentVolumeClaim(let object)?: claims.append(object)
        case .runtimeClass(let object)?: admission.runtimeClasses.append(object)
        case .priorityClass(let object)?: admission.priorityClasses.append(object)
        case .pod?, nil: break
        }
    }
}

/// An object of one of the kinds that swiftlet knows.
public enum Object: Sendable, Equatable {
    case pod(Pod)
    case persistentVolume(PersistentVolume)
    case persistentVolumeClaim(PersistentVolumeClaim)
    case configMap(ConfigMap)
    case secret(Secret)
    case service(Service)
    case runtimeClass(RuntimeClass)
    case priorityClass(PriorityClass)

    public var kind: String {
        switch self {
        case .pod: "Pod"
        case .persistentVolume: "PersistentVolume"
        case .persistentVolumeClaim: "PersistentVolumeClaim"
        case .configMap: "ConfigMap"
        case .secret: "Secret"
        case .service: "Service"
        case .runtimeClass: "RuntimeClass"
        case .priorityClass: "PriorityClass"
        }
    }

    public var metadata: ObjectMeta {
        switch self {
        case .pod(let object): object.metadata
        case .persistentVolume(let object): object.metadata
        case .persistentVolumeClaim(let object): object.metadata
        case .configMap(let object): object.metadata
        case .secret(let object): object.metadata
        case .service(let object): object.metadata
        case .runtimeClass(let object): object.metadata
        case .priorityClass(let object): object.metadata
        }
    }

    public var name: String {
        get { metadata.name }
        set { changeMetadata { $0.name = newValue } }
    }

    public var uid: String {
        get { metadata.uid }
        set { changeMetadata { $0.uid = newValue } }
    }

    public var namespace: String {
        get { metadata.namespace }
        set { changeMetadata { $0.namespace = newValue } }
    }

    private mutating func changeMetadata(_ change: (inout ObjectMeta) -> Void) {
        switch self {
        case .pod(var object):
            change(&object.metadata)
            self = .pod(object)
        case .persistentVolume(var object):
            change(&object.metadata)
            self = .persistentVolume(object)
        case .persistentVolumeClaim(var object):
            change(&object.metadata)
            self = .persistentVolumeClaim(object)
        case .configMap(var object):
            change(&object.metadata)
            self = .configMap(object)
        case .secret(var object):
            change(&object.metadata)
            self = .secret(object)
        case .service(var object):
            change(&object.metadata)
            self = .service(object)
        case .runtimeClass(var object):
            change(&object.metadata)
            self = .runtimeClass(object)
        case .priorityClass(var object):
            change(&object.metadata)
            self = .priorityClass(object)
        }
    }
}

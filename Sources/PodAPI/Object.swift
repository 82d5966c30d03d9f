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
        set {
            switch self {
            case .pod(var object):
                object.metadata.name = newValue
                self = .pod(object)
            case .persistentVolume(var object):
                object.metadata.name = newValue
                self = .persistentVolume(object)
            case .persistentVolumeClaim(var object):
                object.metadata.name = newValue
                self = .persistentVolumeClaim(object)
            case .configMap(var object):
                object.metadata.name = newValue
                self = .configMap(object)
            case .secret(var object):
                object.metadata.name = newValue
                self = .secret(object)
            case .service(var object):
                object.metadata.name = newValue
                self = .service(object)
            case .runtimeClass(var object):
                object.metadata.name = newValue
                self = .runtimeClass(object)
            case .priorityClass(var object):
                object.metadata.name = newValue
                self = .priorityClass(object)
            }
        }
    }
}

/// The kinds that are carried out.
enum ManifestKind: String, CaseIterable {
    case pod = "Pod"
    case persistentVolume = "PersistentVolume"
    case persistentVolumeClaim = "PersistentVolumeClaim"
    case configMap = "ConfigMap"
    case secret = "Secret"
    case service = "Service"
    case runtimeClass = "RuntimeClass"
    case priorityClass = "PriorityClass"

    var type: APIType {
        switch self {
        case .pod: .pod
        case .persistentVolume: .persistentVolume
        case .persistentVolumeClaim: .persistentVolumeClaim
        case .configMap: .configMap
        case .secret: .secret
        case .service: .service
        case .runtimeClass: .runtimeClass
        case .priorityClass: .priorityClass
        }
    }

    var apiVersion: String {
        switch self {
        case .pod, .persistentVolume, .persistentVolumeClaim, .configMap, .secret, .service: "v1"
        case .runtimeClass: "node.k8s.io/v1"
        case .priorityClass: "scheduling.k8s.io/v1"
        }
    }

    static let names = (allCases.map(\.rawValue) + ["List"]).joined(separator: ", ")
}

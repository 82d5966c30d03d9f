/// The kinds that are carried out, all of apiVersion v1.
enum ManifestKind: String, CaseIterable {
    case pod = "Pod"
    case persistentVolume = "PersistentVolume"
    case persistentVolumeClaim = "PersistentVolumeClaim"
    case configMap = "ConfigMap"
    case secret = "Secret"
    case service = "Service"

    var type: APIType {
        switch self {
        case .pod: .pod
        case .persistentVolume: .persistentVolume
        case .persistentVolumeClaim: .persistentVolumeClaim
        case .configMap: .configMap
        case .secret: .secret
        case .service: .service
        }
    }

    static let names = (allCases.map(\.rawValue) + ["List"]).joined(separator: ", ")
}

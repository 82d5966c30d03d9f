/// How the lists of an object merge: `patchStrategy` and `patchMergeKey` of the types of core/v1, meta/v1 and the other
/// groups that are carried out. A list that is not named here is replaced as a whole.
public struct MergeSchema: Sendable {
    /// What a list does.
    enum ListRule: Sendable, Equatable {
        case atomic
        /// Of plain values: those of both are kept.
        case set
        /// Of objects that are told apart by these fields. Of several, later ones have a default.
        /// `retainsKeys`: an element has one of many alternatives, so those that a change does not name go.
        case merged(keys: [MergeKey], retainsKeys: Bool = false)
    }

    struct MergeKey: Sendable, Equatable {
        var field: String
        /// What counts where the field is left out.
        var defaultValue: String?

        init(_ field: String, default defaultValue: String? = nil) {
            self.field = field
            self.defaultValue = defaultValue
        }
    }

    private struct Field: Sendable {
        var type: TypeName = .plain
        var rule: ListRule = .atomic
    }

    private enum TypeName: Sendable {
        case plain, root, metadata, podSpec, container, ephemeralVolume, volume, claim, serviceSpec, podStatus
        case claimStatus, podTemplate
    }

    private let type: TypeName

    /// Of whole objects, of whatever kind: their fields have the same names.
    public static let object = MergeSchema(type: .root)

    /// What a member of such an object is like.
    func member(_ name: String) -> (schema: MergeSchema, rule: ListRule) {
        let field = Self.fields(type)[name] ?? Field()
        return (MergeSchema(type: field.type), field.rule)
    }

    private static func byName(_ type: TypeName = .plain, retainsKeys: Bool = false) -> Field {
        Field(type: type, rule: .merged(keys: [MergeKey("name")], retainsKeys: retainsKeys))
    }

    private static func by(_ keys: MergeKey..., type: TypeName = .plain) -> Field {
        Field(type: type, rule: .merged(keys: keys))
    }

    private static let conditions = by(MergeKey("type"))
    /// The type in Go names the port alone, so that kubectl mixes up TCP and UDP of one number; the API server's own key
    /// (`listMapKey`) has the protocol too.
    private static let protocolKey = MergeKey("protocol", default: "TCP")

    private static let tables: [TypeName: [String: Field]] = [
        .root: [
            "metadata": Field(type: .metadata), "spec": Field(type: .podSpec), "status": Field(type: .podStatus),
            "secrets": byName(), "imagePullSecrets": byName(),
        ],
        .metadata: ["finalizers": Field(rule: .set), "ownerReferences": by(MergeKey("uid"))],
        .podSpec: [
            "volumes": byName(.volume, retainsKeys: true),
            "initContainers": byName(.container), "containers": byName(.container),
            "ephemeralContainers": byName(.container),
            "imagePullSecrets": byName(),
            "hostAliases": by(MergeKey("ip")),
            "topologySpreadConstraints": by(
                MergeKey("topologyKey"), MergeKey("whenUnsatisfiable", default: "DoNotSchedule")),
            "schedulingGates": byName(),
            "resourceClaims": byName(retainsKeys: true),
            // Of Services; no pod has them.
            "ports": by(MergeKey("port"), protocolKey),
            "template": Field(type: .podTemplate),
        ],
        .podTemplate: ["metadata": Field(type: .metadata), "spec": Field(type: .podSpec)],
        .container: [
            "env": byName(), "volumeMounts": by(MergeKey("mountPath")), "volumeDevices": by(MergeKey("devicePath")),
            "ports": by(MergeKey("containerPort"), protocolKey),
        ],
        .volume: ["ephemeral": Field(type: .ephemeralVolume)],
        .ephemeralVolume: ["volumeClaimTemplate": Field(type: .claim)],
        .claim: ["metadata": Field(type: .metadata)],
        .podStatus: [
            "conditions": conditions, "podIPs": by(MergeKey("ip")), "hostIPs": by(MergeKey("ip")),
        ],
    ]

    private static func fields(_ type: TypeName) -> [String: Field] { tables[type] ?? [:] }
}

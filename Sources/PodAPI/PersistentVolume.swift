/// core/v1 PersistentVolumeAccessMode.
public enum AccessMode: String, Sendable, CaseIterable, Hashable {
    case readWriteOnce = "ReadWriteOnce"
    case readOnlyMany = "ReadOnlyMany"
    case readWriteMany = "ReadWriteMany"
    case readWriteOncePod = "ReadWriteOncePod"
}

public enum VolumeMode: String, Sendable, CaseIterable {
    case filesystem = "Filesystem"
    case block = "Block"
}

public enum ReclaimPolicy: String, Sendable, CaseIterable {
    case retain = "Retain"
    case recycle = "Recycle"
    case delete = "Delete"
}

/// core/v1 PersistentVolume.
public struct PersistentVolume: Sendable, Equatable {
    public enum Source: Sendable, Equatable {
        case hostPath(path: String, type: HostPathType)
        case local(path: String)
        /// A source that is parsed and bound, but cannot be mounted yet; `kind` is its field name, such as `nfs`.
        case other(kind: String)
    }

    public struct ClaimReference: Sendable, Equatable {
        public var namespace: String
        public var name: String
        public var uid: String

        public init(namespace: String, name: String, uid: String = "") {
            self.namespace = namespace
            self.name = name
            self.uid = uid
        }
    }

    public var metadata: ObjectMeta
    /// Bytes.
    public var capacity: Quantity
    public var accessModes: [AccessMode]
    public var reclaimPolicy: ReclaimPolicy
    public var storageClassName: String
    public var volumeMode: VolumeMode
    public var claimRef: ClaimReference?
    public var nodeAffinity: NodeSelector?
    public var source: Source

    public init(
        metadata: ObjectMeta, capacity: Quantity, accessModes: [AccessMode], reclaimPolicy: ReclaimPolicy = .retain,
        storageClassName: String = "", volumeMode: VolumeMode = .filesystem, claimRef: ClaimReference? = nil,
        nodeAffinity: NodeSelector? = nil, source: Source
    ) {
        self.metadata = metadata
        self.capacity = capacity
        self.accessModes = accessModes
        self.reclaimPolicy = reclaimPolicy
        self.storageClassName = storageClassName
        self.volumeMode = volumeMode
        self.claimRef = claimRef
        self.nodeAffinity = nodeAffinity
        self.source = source
    }
}

/// core/v1 PersistentVolumeClaim.
public struct PersistentVolumeClaim: Sendable, Equatable {
    public var metadata: ObjectMeta
    public var accessModes: [AccessMode]
    /// `resources.requests.storage`, bytes.
    public var request: Quantity
    /// nil: left out, so the default class may be set; "": no class at all.
    public var storageClassName: String?
    public var volumeMode: VolumeMode
    public var volumeName: String
    public var selector: LabelSelector?
    /// The name of the pod that it was made for, with an `ephemeral` volume; nil: nobody's.
    public var owner: String?

    public init(
        metadata: ObjectMeta, accessModes: [AccessMode], request: Quantity, storageClassName: String? = nil,
        volumeMode: VolumeMode = .filesystem, volumeName: String = "", selector: LabelSelector? = nil
    ) {
        self.metadata = metadata
        self.accessModes = accessModes
        self.request = request
        self.storageClassName = storageClassName
        self.volumeMode = volumeMode
        self.volumeName = volumeName
        self.selector = selector
    }
}

/// core/v1 NodeSelector: terms are ORed, the expressions and fields of one term are ANDed; a term without any matches nothing.
public struct NodeSelector: Sendable, Equatable {
    public struct Requirement: Sendable, Equatable {
        public enum Operator: String, Sendable, CaseIterable {
            case `in` = "In"
            case notIn = "NotIn"
            case exists = "Exists"
            case doesNotExist = "DoesNotExist"
            case gt = "Gt"
            case lt = "Lt"
        }

        public var key: String
        public var `operator`: Operator
        public var values: [String]

        public init(key: String, operator: Operator, values: [String] = []) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }
    }

    public struct Term: Sendable, Equatable {
        public var matchExpressions: [Requirement]
        public var matchFields: [Requirement]

        public init(matchExpressions: [Requirement] = [], matchFields: [Requirement] = []) {
            self.matchExpressions = matchExpressions
            self.matchFields = matchFields
        }
    }

    public var terms: [Term]

    public init(terms: [Term]) {
        self.terms = terms
    }
}

import PodAPI

extension Description {
    mutating func volumes(_ volumes: [JSONValue]) {
        guard !volumes.isEmpty else { return field(0, "Volumes", Words.none) }
        writer.line(0, "Volumes:")
        for volume in volumes {
            writer.line(1, ScreenText.line(volume["name"]?.string ?? "") + ":")
            volumeSource(volume)
        }
    }

    /// - Parameter owner: What has the source as a member: a volume of a pod, or the spec of a PersistentVolume.
    mutating func volumeSource(_ owner: JSONValue) {
        for (key, type) in Self.volumeTypes {
            guard let source = owner[key], !source.isNull else { continue }
            field(2, "Type", type)
            switch key {
            case "projected": projected(source)
            case "downwardAPI": downwardAPI(source)
            case "ephemeral": ephemeral(source)
            case "csi": csi(source)
            default:
                for (title, value) in Self.members(key, source) { field(2, title, value) }
            }
            return
        }
        writer.line(1, Words.unknown)
    }

    private static let volumeTypes = [
        ("hostPath", "HostPath (bare host directory volume)"),
        ("emptyDir", "EmptyDir (a temporary directory that shares a pod's lifetime)"),
        ("gitRepo", "GitRepo (a volume that is pulled from git when the pod is created)"),
        ("secret", "Secret (a volume populated by a Secret)"),
        ("configMap", "ConfigMap (a volume populated by a ConfigMap)"),
        ("nfs", "NFS (an NFS mount that lasts the lifetime of a pod)"),
        (
            "persistentVolumeClaim",
            "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)"
        ),
        (
            "ephemeral",
            "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)"
        ),
        ("downwardAPI", "DownwardAPI (a volume populated by information about the pod)"),
        ("projected", "Projected (a volume that contains injected data from multiple sources)"),
        ("local", "LocalVolume (a persistent volume backed by local storage on a node)"),
        ("fc", "FC (a Fibre Channel disk)"), ("csi", "CSI (a Container Storage Interface (CSI) volume source)"),
        ("image", "Image (a container image or OCI artifact)"),
    ]

    private static func members(_ key: String, _ source: JSONValue) -> [(String, String)] {
        func text(_ key: String) -> String { source[key].flatMap(ObjectView.scalar) ?? "" }
        func flag(_ key: String) -> String { "\(source[key]?.bool ?? false)" }
        switch key {
        case "hostPath":
            return [("Path", text("path")), ("HostPathType", source["type"]?.string ?? Words.none)]
        case "emptyDir":
            let limit = quantity(source["sizeLimit"])
            return [("Medium", text("medium")), ("SizeLimit", limit == "0" ? Words.unset : limit)]
        case "gitRepo": return [("Repository", text("repository")), ("Revision", text("revision"))]
        case "secret": return [("SecretName", text("secretName")), ("Optional", flag("optional"))]
        case "configMap": return [("Name", text("name")), ("Optional", flag("optional"))]
        case "nfs": return [("Server", text("server")), ("Path", text("path")), ("ReadOnly", flag("readOnly"))]
        case "persistentVolumeClaim": return [("ClaimName", text("claimName")), ("ReadOnly", flag("readOnly"))]
        case "local": return [("Path", text("path"))]
        case "fc":
            let names = (source["targetWWNs"]?.items ?? []).compactMap(\.string).joined(separator: ", ")
            return [
                ("TargetWWNs", names), ("LUN", text("lun").nonEmpty ?? Words.none), ("FSType", text("fsType")),
                ("ReadOnly", flag("readOnly")),
            ]
        case "image": return [("Reference", text("reference")), ("PullPolicy", text("pullPolicy"))]
        default: return []
        }
    }

    private mutating func projected(_ source: JSONValue) {
        for part in source["sources"]?.items ?? [] {
            if let secret = part["secret"] {
                field(2, "SecretName", secret["name"]?.string ?? "")
                field(2, "Optional", "\(secret["optional"]?.bool ?? false)")
            } else if part["downwardAPI"] != nil {
                field(2, "DownwardAPI", "true")
            } else if let map = part["configMap"] {
                field(2, "ConfigMapName", map["name"]?.string ?? "")
                field(2, "Optional", "\(map["optional"]?.bool ?? false)")
            } else if let token = part["serviceAccountToken"] {
                field(2, "TokenExpirationSeconds", "\(token["expirationSeconds"]?.integer ?? 3600)")
            }
        }
    }

    private mutating func downwardAPI(_ source: JSONValue) {
        writer.line(2, "Items:")
        for item in source["items"]?.items ?? [] {
            let from =
                item[path: "fieldRef", "fieldPath"]?.string ?? item[path: "resourceFieldRef", "resource"]?.string ?? ""
            writer.line(3, ScreenText.line(from + " -> " + (item["path"]?.string ?? "")))
        }
    }

    private mutating func csi(_ source: JSONValue) {
        field(2, "Driver", source["driver"]?.string ?? "")
        field(2, "FSType", source["fsType"]?.string ?? "")
        if let handle = source["volumeHandle"]?.string { field(2, "VolumeHandle", handle) }
        field(2, "ReadOnly", "\(source["readOnly"]?.bool ?? false)")
        // The indentation of what follows is kubectl's.
        let attributes = source["volumeAttributes"]?.dictionary ?? [:]
        writer.list(
            2, "VolumeAttributes",
            attributes.sorted { $0.key < $1.key }.map { $0.key + "=" + $0.value })
    }

    private mutating func ephemeral(_ source: JSONValue) {
        guard let template = source["volumeClaimTemplate"] else { return }
        claim(template, level: 2, isWhole: false)
    }

    mutating func persistentVolume() {
        let spec = object["spec"] ?? .null
        field(0, "Name", view.name)
        writer.labels(0, "Labels", view.labels)
        writer.annotations(0, view.annotations)
        field(0, "Finalizers", Self.finalizers(object))
        field(0, "StorageClass", view.storageClass)
        status(object)
        let claim = spec["claimRef"].map { ($0["namespace"]?.string ?? "") + "/" + ($0["name"]?.string ?? "") }
        field(0, "Claim", claim ?? "")
        field(0, "Reclaim Policy", spec["persistentVolumeReclaimPolicy"]?.string ?? "")
        field(0, "Access Modes", Words.accessModes(spec["accessModes"]?.items ?? []))
        optional(0, "VolumeMode", spec["volumeMode"]?.string)
        field(0, "Capacity", Self.quantity(spec[path: "capacity", "storage"]))
        nodeAffinity(spec[path: "nodeAffinity", "required"])
        field(0, "Message", view.text("status", "message"))
        writer.line(0, "Source:")
        volumeSource(spec)
        events()
    }

    private mutating func nodeAffinity(_ required: JSONValue?) {
        guard let required, !required.isNull else { return field(0, "Node Affinity", Words.none) }
        writer.line(0, "Node Affinity:\t")
        let terms = required["nodeSelectorTerms"]?.items ?? []
        writer.line(1, "Required Terms:\t" + (terms.isEmpty ? Words.none : ""))
        for (index, term) in terms.enumerated() {
            let expressions = (term["matchExpressions"]?.items ?? []).map { expression in
                let values = (expression["values"]?.items ?? []).compactMap(\.string)
                return (expression["key"]?.string ?? "") + " " + (expression["operator"]?.string ?? "").lowercased()
                    + (values.isEmpty ? "" : " [\(values.joined(separator: ", "))]")
            }
            writer.list(2, "Term \(index)", expressions)
        }
    }

    mutating func persistentVolumeClaim() {
        claim(object, level: 0, isWhole: true)
        let users = context.pods.filter { pod in
            (pod[path: "spec", "volumes"]?.items ?? []).contains {
                $0[path: "persistentVolumeClaim", "claimName"]?.string == view.name
                    || $0["ephemeral"] != nil
                        && (pod[path: "metadata", "name"]?.string ?? "") + "-" + ($0["name"]?.string ?? "") == view.name
            }
        }
        writer.list(0, "Used By", users.compactMap { $0[path: "metadata", "name"]?.string }.sorted())
        let conditions = object[path: "status", "conditions"]?.items ?? []
        if !conditions.isEmpty {
            writer.line(0, "Conditions:")
            writer.line(1, "Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage")
            writer.line(1, "----\t------\t-----------------\t------------------\t------\t-------")
            for condition in conditions { self.condition(condition, "lastProbeTime") }
        }
        events()
    }

    mutating func condition(_ condition: JSONValue, _ seen: String) {
        let cells = [
            (condition["type"]?.string ?? "") + " ", (condition["status"]?.string ?? "") + " ",
            ReadableTime.text(condition[seen]) + " ", ReadableTime.text(condition["lastTransitionTime"]) + " ",
            (condition["reason"]?.string ?? "") + " ", condition["message"]?.string ?? "",
        ]
        writer.line(1, cells.map(ScreenText.line).joined(separator: "\t"))
    }

    /// - Parameter isWhole: An object; otherwise the template of an ephemeral volume.
    private mutating func claim(_ claim: JSONValue, level: Int, isWhole: Bool) {
        let claimView = ObjectView(claim, now: context.now)
        let spec = claim["spec"] ?? .null
        if isWhole {
            field(level, "Name", claimView.name)
            field(level, "Namespace", claimView.namespace)
        }
        field(level, "StorageClass", claimView.storageClass)
        if isWhole { status(claim) }
        let volume = spec["volumeName"]?.string ?? ""
        field(level, "Volume", volume)
        if isWhole {
            writer.labels(level, "Labels", claimView.labels)
            writer.annotations(level, claimView.annotations)
        } else {
            // kubectl's own indentation.
            writer.labels(level, "Labels", claimView.labels, indent: 4)
            writer.labels(level, "Annotations", claimView.annotations, indent: 4)
        }
        if isWhole { field(level, "Finalizers", Self.finalizers(claim)) }
        let status = claim["status"] ?? .null
        field(level, "Capacity", volume.isEmpty ? "" : Self.quantity(status[path: "capacity", "storage"]))
        field(level, "Access Modes", volume.isEmpty ? "" : Words.accessModes(status["accessModes"]?.items ?? []))
        optional(level, "VolumeMode", spec["volumeMode"]?.string)
        if let source = spec["dataSource"], !source.isNull {
            writer.line(level, "DataSource:")
            optional(level + 1, "APIGroup", source["apiGroup"]?.string)
            field(level + 1, "Kind", source["kind"]?.string ?? "")
            field(level + 1, "Name", source["name"]?.string ?? "")
        }
    }

    private mutating func status(_ object: JSONValue) {
        let deletion = object[path: "metadata", "deletionTimestamp"]
        if deletion?.string != nil {
            field(0, "Status", "Terminating (lasts \(Words.age(since: deletion, now: context.now)))")
        } else {
            field(0, "Status", object[path: "status", "phase"]?.string ?? "")
        }
    }

    private static func finalizers(_ object: JSONValue) -> String {
        let names = (object[path: "metadata", "finalizers"]?.items ?? []).compactMap(\.string)
        return "[" + names.joined(separator: " ") + "]"
    }
}

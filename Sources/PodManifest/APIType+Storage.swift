/// The fields of PersistentVolume, PersistentVolumeClaim, ConfigMap and Secret, core/v1 of Kubernetes 1.37.
extension APIType {
    static let persistentVolumeFields: [Field] = [
        Field("apiVersion", .string),
        Field("kind", .string),
        Field("metadata", .object(.objectMeta)),
        Field("spec", .object(.persistentVolumeSpec)),
        Field("status", .any, .ignored),
    ]

    static let persistentVolumeClaimFields: [Field] = [
        Field("apiVersion", .string),
        Field("kind", .string),
        Field("metadata", .object(.objectMeta)),
        Field("spec", .object(.persistentVolumeClaimSpec)),
        Field("status", .any, .ignored),
    ]

    static let configMapFields: [Field] = [
        Field("apiVersion", .string),
        Field("kind", .string),
        Field("metadata", .object(.objectMeta)),
        Field("immutable", .bool),
        Field("data", .map(.string)),
        Field("binaryData", .map(.base64)),
    ]

    static let secretFields: [Field] = [
        Field("apiVersion", .string),
        Field("kind", .string),
        Field("metadata", .object(.objectMeta)),
        Field("immutable", .bool),
        Field("data", .map(.base64)),
        Field("stringData", .map(.string)),
        Field("type", .string),
    ]

    static let persistentVolumeSpecFields: [Field] = [
        Field("capacity", .map(.quantity)),
        Field("gcePersistentDisk", .object(.gcePersistentDiskVolumeSource)),
        Field("awsElasticBlockStore", .object(.awsElasticBlockStoreVolumeSource)),
        Field("hostPath", .object(.hostPathVolumeSource)),
        Field("glusterfs", .object(.glusterfsPersistentVolumeSource)),
        Field("nfs", .object(.nfsVolumeSource)),
        Field("rbd", .object(.rbdPersistentVolumeSource)),
        Field("iscsi", .object(.iscsiPersistentVolumeSource)),
        Field("cinder", .object(.cinderPersistentVolumeSource)),
        Field("cephfs", .object(.cephFSPersistentVolumeSource)),
        Field("fc", .object(.fcVolumeSource)),
        Field("flocker", .object(.flockerVolumeSource)),
        Field("flexVolume", .object(.flexPersistentVolumeSource)),
        Field("azureFile", .object(.azureFilePersistentVolumeSource)),
        Field("vsphereVolume", .object(.vsphereVirtualDiskVolumeSource)),
        Field("quobyte", .object(.quobyteVolumeSource)),
        Field("azureDisk", .object(.azureDiskVolumeSource)),
        Field("photonPersistentDisk", .object(.photonPersistentDiskVolumeSource)),
        Field("portworxVolume", .object(.portworxVolumeSource)),
        Field("scaleIO", .object(.scaleIOPersistentVolumeSource)),
        Field("local", .object(.localVolumeSource)),
        Field("storageos", .object(.storageOSPersistentVolumeSource)),
        Field("csi", .object(.csiPersistentVolumeSource)),
        Field("accessModes", .list(.choice(["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]))),
        Field("claimRef", .object(.objectReference)),
        Field("persistentVolumeReclaimPolicy", .choice(["Recycle", "Delete", "Retain"])),
        Field("storageClassName", .string),
        Field(
            "mountOptions", .list(.string),
            .refused(
                "hostPath and local volumes take none, as in Kubernetes: mount the file system with them on this host")),
        Field("volumeMode", .choice(["Block", "Filesystem"])),
        Field("nodeAffinity", .object(.volumeNodeAffinity)),
        Field(
            "volumeAttributesClassName", .string,
            .refused("a CSI driver would carry it out, and none is called; leave it out")),
    ]

    static let persistentVolumeClaimSpecFields: [Field] = [
        Field("accessModes", .list(.choice(["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]))),
        Field("selector", .object(.labelSelector)),
        Field("resources", .object(.volumeResourceRequirements)),
        Field("volumeName", .string),
        Field("storageClassName", .string),
        Field("volumeMode", .choice(["Block", "Filesystem"])),
        Field(
            "dataSource", .object(.typedLocalObjectReference),
            .refused("nothing provisions volumes here: bind the claim to a volume that has the data")),
        Field(
            "dataSourceRef", .object(.typedObjectReference),
            .refused("nothing provisions volumes here: bind the claim to a volume that has the data")),
        Field(
            "volumeAttributesClassName", .string,
            .refused("a CSI driver would carry it out, and none is called; leave it out")),
    ]

    static let glusterfsPersistentVolumeSourceFields: [Field] = [
        Field("endpoints", .string),
        Field("path", .string),
        Field("readOnly", .bool),
        Field("endpointsNamespace", .string),
    ]

    static let rbdPersistentVolumeSourceFields: [Field] = [
        Field("monitors", .list(.string)),
        Field("image", .string),
        Field("fsType", .string),
        Field("pool", .string),
        Field("user", .string),
        Field("keyring", .string),
        Field("secretRef", .object(.secretReference)),
        Field("readOnly", .bool),
    ]

    static let iscsiPersistentVolumeSourceFields: [Field] = [
        Field("targetPortal", .string),
        Field("iqn", .string),
        Field("lun", .int32),
        Field("iscsiInterface", .string),
        Field("fsType", .string),
        Field("readOnly", .bool),
        Field("portals", .list(.string)),
        Field("chapAuthDiscovery", .bool),
        Field("chapAuthSession", .bool),
        Field("secretRef", .object(.secretReference)),
        Field("initiatorName", .string),
    ]

    static let cinderPersistentVolumeSourceFields: [Field] = [
        Field("volumeID", .string),
        Field("fsType", .string),
        Field("readOnly", .bool),
        Field("secretRef", .object(.secretReference)),
    ]

    static let cephFSPersistentVolumeSourceFields: [Field] = [
        Field("monitors", .list(.string)),
        Field("path", .string),
        Field("user", .string),
        Field("secretFile", .string),
        Field("secretRef", .object(.secretReference)),
        Field("readOnly", .bool),
    ]

    static let flexPersistentVolumeSourceFields: [Field] = [
        Field("driver", .string),
        Field("fsType", .string),
        Field("secretRef", .object(.secretReference)),
        Field("readOnly", .bool),
        Field("options", .map(.string)),
    ]

    static let azureFilePersistentVolumeSourceFields: [Field] = [
        Field("secretName", .string),
        Field("shareName", .string),
        Field("readOnly", .bool),
        Field("secretNamespace", .string),
    ]

    static let scaleIOPersistentVolumeSourceFields: [Field] = [
        Field("gateway", .string),
        Field("system", .string),
        Field("secretRef", .object(.secretReference)),
        Field("sslEnabled", .bool),
        Field("protectionDomain", .string),
        Field("storagePool", .string),
        Field("storageMode", .string),
        Field("volumeName", .string),
        Field("fsType", .string),
        Field("readOnly", .bool),
    ]

    static let localVolumeSourceFields: [Field] = [
        Field("path", .string),
        Field(
            "fsType", .string,
            .refused("a local volume is a directory here: format and mount the device on this host")),
    ]

    static let storageOSPersistentVolumeSourceFields: [Field] = [
        Field("volumeName", .string),
        Field("volumeNamespace", .string),
        Field("fsType", .string),
        Field("readOnly", .bool),
        Field("secretRef", .object(.objectReference)),
    ]

    static let csiPersistentVolumeSourceFields: [Field] = [
        Field("driver", .string),
        Field("volumeHandle", .string),
        Field("readOnly", .bool),
        Field("fsType", .string),
        Field("volumeAttributes", .map(.string)),
        Field("controllerPublishSecretRef", .object(.secretReference)),
        Field("nodeStageSecretRef", .object(.secretReference)),
        Field("nodePublishSecretRef", .object(.secretReference)),
        Field("controllerExpandSecretRef", .object(.secretReference)),
        Field("nodeExpandSecretRef", .object(.secretReference)),
    ]

    static let objectReferenceFields: [Field] = [
        Field("kind", .string, .ignored),
        Field("namespace", .string),
        Field("name", .string),
        Field("uid", .string),
        Field("apiVersion", .string, .ignored),
        Field("resourceVersion", .string, .ignored),
        Field("fieldPath", .string, .ignored),
    ]

    static let volumeNodeAffinityFields: [Field] = [
        Field("required", .object(.nodeSelector))
    ]

    static let volumeResourceRequirementsFields: [Field] = [
        Field("limits", .map(.quantity), .noEffect("a claim is bound by its request")),
        Field("requests", .map(.quantity)),
    ]

    static let typedLocalObjectReferenceFields: [Field] = [
        Field("apiGroup", .string),
        Field("kind", .string),
        Field("name", .string),
    ]

    static let typedObjectReferenceFields: [Field] = [
        Field("apiGroup", .string),
        Field("kind", .string),
        Field("name", .string),
        Field("namespace", .string),
    ]
}

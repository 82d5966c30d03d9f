/// The fields of the volume sources of a pod, core/v1 of Kubernetes 1.37.
extension APIType {
    private static let fileOwner =
        "alpha in Kubernetes (AtomicWriteVolumeUserFields), and not carried out: use fsGroup, whose members may read the files"

    static let volumeFields: [Field] = [
        Field("name", .string),
        Field("hostPath", .object(.hostPathVolumeSource)),
        Field("emptyDir", .object(.emptyDirVolumeSource)),
        Field(
            "gcePersistentDisk", .object(.gcePersistentDiskVolumeSource),
            .refused(
                "a disk of Google Cloud: attach and mount it on this host, and use hostPath or a local PersistentVolume"
            )),
        Field(
            "awsElasticBlockStore", .object(.awsElasticBlockStoreVolumeSource),
            .refused("a disk of AWS: attach and mount it on this host, and use hostPath or a local PersistentVolume")),
        Field(
            "gitRepo", .object(.gitRepoVolumeSource),
            .refused("disabled in Kubernetes: use an emptyDir and an init container or sidecar that runs git-sync")),
        Field("secret", .object(.secretVolumeSource)),
        Field(
            "nfs", .object(.nfsVolumeSource),
            .refused("not carried out yet: mount it on this host, and use hostPath or a local PersistentVolume")),
        Field(
            "iscsi", .object(.iscsiVolumeSource),
            .refused("not carried out yet: mount it on this host, and use hostPath or a local PersistentVolume")),
        Field(
            "glusterfs", .object(.glusterfsVolumeSource),
            .refused("removed from Kubernetes: mount it on this host, and use hostPath or a local PersistentVolume")),
        Field("persistentVolumeClaim", .object(.persistentVolumeClaimVolumeSource)),
        Field(
            "rbd", .object(.rbdVolumeSource),
            .refused("removed from Kubernetes: mount it on this host, and use hostPath or a local PersistentVolume")),
        Field(
            "flexVolume", .object(.flexVolumeSource),
            .refused("deprecated in Kubernetes: mount it on this host, and use hostPath or a local PersistentVolume")),
        Field(
            "cinder", .object(.cinderVolumeSource),
            .refused(
                "a disk of OpenStack: attach and mount it on this host, and use hostPath or a local PersistentVolume")),
        Field(
            "cephfs", .object(.cephFSVolumeSource),
            .refused("removed from Kubernetes: mount it on this host, and use hostPath or a local PersistentVolume")),
        Field(
            "flocker", .object(.flockerVolumeSource),
            .refused("removed from Kubernetes: use hostPath or a local PersistentVolume")),
        Field("downwardAPI", .object(.downwardAPIVolumeSource)),
        Field(
            "fc", .object(.fcVolumeSource),
            .refused("not carried out yet: mount it on this host, and use hostPath or a local PersistentVolume")),
        Field(
            "azureFile", .object(.azureFileVolumeSource),
            .refused("a share of Azure: attach and mount it on this host, and use hostPath or a local PersistentVolume")
        ),
        Field("configMap", .object(.configMapVolumeSource)),
        Field(
            "vsphereVolume", .object(.vsphereVirtualDiskVolumeSource),
            .refused(
                "a disk of vSphere: attach and mount it on this host, and use hostPath or a local PersistentVolume")),
        Field(
            "quobyte", .object(.quobyteVolumeSource),
            .refused("removed from Kubernetes: use hostPath or a local PersistentVolume")),
        Field(
            "azureDisk", .object(.azureDiskVolumeSource),
            .refused("a disk of Azure: attach and mount it on this host, and use hostPath or a local PersistentVolume")),
        Field(
            "photonPersistentDisk", .object(.photonPersistentDiskVolumeSource),
            .refused("removed from Kubernetes: use hostPath or a local PersistentVolume")),
        Field("projected", .object(.projectedVolumeSource)),
        Field(
            "portworxVolume", .object(.portworxVolumeSource),
            .refused(
                "a volume of a Portworx cluster: attach and mount it on this host, and use hostPath or a local PersistentVolume"
            )),
        Field(
            "scaleIO", .object(.scaleIOVolumeSource),
            .refused("removed from Kubernetes: use hostPath or a local PersistentVolume")),
        Field(
            "storageos", .object(.storageOSVolumeSource),
            .refused("removed from Kubernetes: use hostPath or a local PersistentVolume")),
        Field(
            "csi", .object(.csiVolumeSource),
            .refused(
                "no CSI driver is called: mount it on this host, and use hostPath or a local PersistentVolume; for scratch space use emptyDir"
            )),
        Field("ephemeral", .object(.ephemeralVolumeSource)),
        Field("image", .object(.imageVolumeSource)),
    ]

    static let gcePersistentDiskVolumeSourceFields: [Field] = [
        Field("pdName", .string),
        Field("fsType", .string),
        Field("partition", .int32),
        Field("readOnly", .bool),
    ]

    static let awsElasticBlockStoreVolumeSourceFields: [Field] = [
        Field("volumeID", .string),
        Field("fsType", .string),
        Field("partition", .int32),
        Field("readOnly", .bool),
    ]

    static let hostPathVolumeSourceFields: [Field] = [
        Field("path", .string),
        Field(
            "type",
            .choice(["DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"])),
    ]

    static let nfsVolumeSourceFields: [Field] = [
        Field("server", .string),
        Field("path", .string),
        Field("readOnly", .bool),
    ]

    static let fcVolumeSourceFields: [Field] = [
        Field("targetWWNs", .list(.string)),
        Field("lun", .int32),
        Field("fsType", .string),
        Field("readOnly", .bool),
        Field("wwids", .list(.string)),
    ]

    static let flockerVolumeSourceFields: [Field] = [
        Field("datasetName", .string),
        Field("datasetUUID", .string),
    ]

    static let vsphereVirtualDiskVolumeSourceFields: [Field] = [
        Field("volumePath", .string),
        Field("fsType", .string),
        Field("storagePolicyName", .string),
        Field("storagePolicyID", .string),
    ]

    static let quobyteVolumeSourceFields: [Field] = [
        Field("registry", .string),
        Field("volume", .string),
        Field("readOnly", .bool),
        Field("user", .string),
        Field("group", .string),
        Field("tenant", .string),
    ]

    static let azureDiskVolumeSourceFields: [Field] = [
        Field("diskName", .string),
        Field("diskURI", .string),
        Field("cachingMode", .choice(["None", "ReadOnly", "ReadWrite"])),
        Field("fsType", .string),
        Field("readOnly", .bool),
        Field("kind", .choice(["Shared", "Dedicated", "Managed"])),
    ]

    static let photonPersistentDiskVolumeSourceFields: [Field] = [
        Field("pdID", .string),
        Field("fsType", .string),
    ]

    static let portworxVolumeSourceFields: [Field] = [
        Field("volumeID", .string),
        Field("fsType", .string),
        Field("readOnly", .bool),
    ]

    static let emptyDirVolumeSourceFields: [Field] = [
        Field("medium", .string),
        Field("sizeLimit", .quantity),
        Field("mode", .int32),
    ]

    static let gitRepoVolumeSourceFields: [Field] = [
        Field("repository", .string),
        Field("revision", .string),
        Field("directory", .string),
    ]

    static let secretVolumeSourceFields: [Field] = [
        Field("secretName", .string),
        Field("items", .list(.object(.keyToPath))),
        Field("defaultMode", .mode),
        Field("optional", .bool),
        Field("defaultUser", .int64, .refused(fileOwner)),
    ]

    static let iscsiVolumeSourceFields: [Field] = [
        Field("targetPortal", .string),
        Field("iqn", .string),
        Field("lun", .int32),
        Field("iscsiInterface", .string),
        Field("fsType", .string),
        Field("readOnly", .bool),
        Field("portals", .list(.string)),
        Field("chapAuthDiscovery", .bool),
        Field("chapAuthSession", .bool),
        Field("secretRef", .object(.localObjectReference)),
        Field("initiatorName", .string),
    ]

    static let glusterfsVolumeSourceFields: [Field] = [
        Field("endpoints", .string),
        Field("path", .string),
        Field("readOnly", .bool),
    ]

    static let persistentVolumeClaimVolumeSourceFields: [Field] = [
        Field("claimName", .string),
        Field("readOnly", .bool),
    ]

    static let rbdVolumeSourceFields: [Field] = [
        Field("monitors", .list(.string)),
        Field("image", .string),
        Field("fsType", .string),
        Field("pool", .string),
        Field("user", .string),
        Field("keyring", .string),
        Field("secretRef", .object(.localObjectReference)),
        Field("readOnly", .bool),
    ]

    static let flexVolumeSourceFields: [Field] = [
        Field("driver", .string),
        Field("fsType", .string),
        Field("secretRef", .object(.localObjectReference)),
        Field("readOnly", .bool),
        Field("options", .map(.string)),
    ]

    static let cinderVolumeSourceFields: [Field] = [
        Field("volumeID", .string),
        Field("fsType", .string),
        Field("readOnly", .bool),
        Field("secretRef", .object(.localObjectReference)),
    ]

    static let cephFSVolumeSourceFields: [Field] = [
        Field("monitors", .list(.string)),
        Field("path", .string),
        Field("user", .string),
        Field("secretFile", .string),
        Field("secretRef", .object(.localObjectReference)),
        Field("readOnly", .bool),
    ]

    static let downwardAPIVolumeSourceFields: [Field] = [
        Field("items", .list(.object(.downwardAPIVolumeFile))),
        Field("defaultMode", .mode),
        Field("defaultUser", .int64, .refused(fileOwner)),
    ]

    static let azureFileVolumeSourceFields: [Field] = [
        Field("secretName", .string),
        Field("shareName", .string),
        Field("readOnly", .bool),
    ]

    static let configMapVolumeSourceFields: [Field] = [
        Field("name", .string),
        Field("items", .list(.object(.keyToPath))),
        Field("defaultMode", .mode),
        Field("optional", .bool),
        Field("defaultUser", .int64, .refused(fileOwner)),
    ]

    static let projectedVolumeSourceFields: [Field] = [
        Field("sources", .list(.object(.volumeProjection))),
        Field("defaultMode", .mode),
        Field("defaultUser", .int64, .refused(fileOwner)),
    ]

    static let scaleIOVolumeSourceFields: [Field] = [
        Field("gateway", .string),
        Field("system", .string),
        Field("secretRef", .object(.localObjectReference)),
        Field("sslEnabled", .bool),
        Field("protectionDomain", .string),
        Field("storagePool", .string),
        Field("storageMode", .string),
        Field("volumeName", .string),
        Field("fsType", .string),
        Field("readOnly", .bool),
    ]

    static let storageOSVolumeSourceFields: [Field] = [
        Field("volumeName", .string),
        Field("volumeNamespace", .string),
        Field("fsType", .string),
        Field("readOnly", .bool),
        Field("secretRef", .object(.localObjectReference)),
    ]

    static let csiVolumeSourceFields: [Field] = [
        Field("driver", .string),
        Field("readOnly", .bool),
        Field("fsType", .string),
        Field("volumeAttributes", .map(.string)),
        Field("nodePublishSecretRef", .object(.localObjectReference)),
    ]

    static let ephemeralVolumeSourceFields: [Field] = [
        Field("volumeClaimTemplate", .object(.persistentVolumeClaimTemplate))
    ]

    static let imageVolumeSourceFields: [Field] = [
        Field("reference", .string),
        Field(
            "pullPolicy", .choice(["Always", "Never", "IfNotPresent"]),
            .noEffect("no image is pulled from a registry")),
    ]

    static let secretReferenceFields: [Field] = [
        Field("name", .string),
        Field("namespace", .string),
    ]

    static let keyToPathFields: [Field] = [
        Field("key", .string),
        Field("path", .string),
        Field("mode", .mode),
        Field("user", .int64, .refused(fileOwner)),
    ]

    static let downwardAPIVolumeFileFields: [Field] = [
        Field("path", .string),
        Field("fieldRef", .object(.objectFieldSelector)),
        Field("resourceFieldRef", .object(.resourceFieldSelector)),
        Field("mode", .mode),
        Field("user", .int64, .refused(fileOwner)),
    ]

    static let volumeProjectionFields: [Field] = [
        Field("secret", .object(.secretProjection)),
        Field("downwardAPI", .object(.downwardAPIProjection)),
        Field("configMap", .object(.configMapProjection)),
        Field("serviceAccountToken", .object(.serviceAccountTokenProjection)),
        Field(
            "clusterTrustBundle", .object(.clusterTrustBundleProjection),
            .refused("trust bundles are objects of a cluster: put the certificates into a ConfigMap")),
        Field(
            "podCertificate", .object(.podCertificateProjection),
            .refused("a cluster's signer issues pod certificates: put key and certificate into a Secret")),
    ]

    static let persistentVolumeClaimTemplateFields: [Field] = [
        Field("metadata", .object(.objectMeta)),
        Field("spec", .object(.persistentVolumeClaimSpec)),
    ]

    static let objectFieldSelectorFields: [Field] = [
        Field("apiVersion", .choice(["v1"])),
        Field("fieldPath", .string),
    ]

    static let resourceFieldSelectorFields: [Field] = [
        Field("containerName", .string),
        Field("resource", .string),
        Field("divisor", .quantity),
    ]

    static let secretProjectionFields: [Field] = [
        Field("name", .string),
        Field("items", .list(.object(.keyToPath))),
        Field("optional", .bool),
    ]

    static let downwardAPIProjectionFields: [Field] = [
        Field("items", .list(.object(.downwardAPIVolumeFile)))
    ]

    static let configMapProjectionFields: [Field] = [
        Field("name", .string),
        Field("items", .list(.object(.keyToPath))),
        Field("optional", .bool),
    ]

    static let serviceAccountTokenProjectionFields: [Field] = [
        Field("audience", .string),
        Field("expirationSeconds", .int64),
        Field("path", .string),
        Field("user", .int64, .refused(fileOwner)),
    ]

    static let clusterTrustBundleProjectionFields: [Field] = [
        Field("name", .string),
        Field("signerName", .string),
        Field("labelSelector", .object(.labelSelector)),
        Field("optional", .bool),
        Field("path", .string),
        Field("user", .int64),
    ]

    static let podCertificateProjectionFields: [Field] = [
        Field("signerName", .string),
        Field("keyType", .string),
        Field("maxExpirationSeconds", .int32),
        Field("credentialBundlePath", .string),
        Field("keyPath", .string),
        Field("certificateChainPath", .string),
        Field("userAnnotations", .map(.string)),
        Field("user", .int64),
    ]
}

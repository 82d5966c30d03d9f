extension FieldMeanings {
    static let volumes = """
        Volume.name: The name that containers use for the volume.
        *.hostPath: A file or directory of the host.
        Volume.emptyDir: A directory that is empty at first, and gone with the pod.
        Volume.gitRepo: A clone of a Git repository; an init container does that better.
        Volume.secret: The keys of a Secret, as files.
        Volume.configMap: The keys of a ConfigMap, as files.
        Volume.downwardAPI: Fields of the pod, as files.
        Volume.projected: Files of several sources in one directory.
        Volume.persistentVolumeClaim: The storage that a claim is bound to.
        Volume.ephemeral: Storage by a claim that is made for this pod, and gone with it.
        Volume.image: The files of an image.
        *.nfs: A directory of an NFS server.
        *.iscsi: An iSCSI disk.
        *.fc: A Fibre Channel disk.
        *.csi: Storage by a CSI driver.
        *.local: A directory or device of the node.
        *.gcePersistentDisk *.awsElasticBlockStore *.azureDisk *.azureFile *.cinder *.vsphereVolume: Storage of a cloud.
        *.photonPersistentDisk *.portworxVolume *.scaleIO *.storageos *.quobyte *.flocker: Storage by a plug-in that Kubernetes no longer has.
        *.glusterfs *.rbd *.cephfs *.flexVolume: Storage by a plug-in that Kubernetes no longer has.
        HostPathVolumeSource.path: The path on the host.
        HostPathVolumeSource.type: What has to be there, or is made: Directory, DirectoryOrCreate, File …
        EmptyDirVolumeSource.medium: Memory for a tmpfs; the disk where left out.
        EmptyDirVolumeSource.sizeLimit: How much may be in it.
        EmptyDirVolumeSource.mode: The permissions of the directory.
        SecretVolumeSource.secretName: The name of the Secret.
        SecretProjection.name: The name of the Secret.
        ConfigMapVolumeSource.name ConfigMapProjection.name: The name of the ConfigMap.
        *.items: Which keys become which files; all where left out.
        DownwardAPIVolumeSource.items DownwardAPIProjection.items: The files.
        *.defaultMode: The permissions of files that have none of their own.
        *.defaultUser *.user: The owner of the files.
        KeyToPath.key: The key.
        KeyToPath.path DownwardAPIVolumeFile.path: The path of the file in the volume.
        *.mode: The permissions of the file.
        DownwardAPIVolumeFile.fieldRef: A field of the pod.
        DownwardAPIVolumeFile.resourceFieldRef: A request or a limit of a container.
        ProjectedVolumeSource.sources: Where the files come from.
        VolumeProjection.secret: A Secret.
        VolumeProjection.downwardAPI: Fields of the pod.
        VolumeProjection.configMap: A ConfigMap.
        VolumeProjection.serviceAccountToken: A token that says who the pod is.
        VolumeProjection.clusterTrustBundle: Certificates that are trusted.
        VolumeProjection.podCertificate: A certificate for the pod.
        ServiceAccountTokenProjection.audience: Whom the token is for.
        ServiceAccountTokenProjection.expirationSeconds: How long it is good for; it is replaced before.
        ServiceAccountTokenProjection.path ClusterTrustBundleProjection.path: The path of the file in the volume.
        ClusterTrustBundleProjection.name: The name of the bundle.
        *.signerName: Who signs.
        ClusterTrustBundleProjection.labelSelector: Bundles by their labels.
        *.keyType: The kind of the key.
        *.maxExpirationSeconds: The longest that the certificate may be good for.
        *.credentialBundlePath *.keyPath *.certificateChainPath: The path of a file in the volume.
        *.userAnnotations: Annotations for the signer.
        PersistentVolumeClaimVolumeSource.claimName: The name of the claim.
        *.readOnly: Whether nothing may be written.
        EphemeralVolumeSource.volumeClaimTemplate: What the claim is to be.
        ImageVolumeSource.reference: The image.
        ImageVolumeSource.pullPolicy: When it is fetched again.
        *.fsType: The file system.
        *.secretRef: The Secret with credentials.
        *.secretName *.secretFile *.secretNamespace *.keyring: Where credentials are.
        *.volumeID *.pdName *.pdID *.diskName *.diskURI *.datasetName *.datasetUUID *.volumeName *.volumePath *.volume: Which volume of the storage system it is.
        *.partition *.lun: The part of the device.
        *.server *.endpoints *.endpointsNamespace *.monitors *.registry *.gateway *.targetPortal *.portals *.shareName: Where the storage is.
        *.path: The path in the storage system.
        *.repository *.revision *.directory: What is cloned, and where to.
        *.iqn *.iscsiInterface *.initiatorName *.chapAuthDiscovery *.chapAuthSession *.targetWWNs *.wwids: How the target is reached.
        *.image *.pool *.group *.tenant *.system *.protectionDomain *.storagePool *.storageMode *.sslEnabled: A setting of the storage system.
        *.cachingMode *.storagePolicyName *.storagePolicyID *.volumeNamespace: A setting of the storage system.
        AzureDiskVolumeSource.kind: A setting of the storage system.
        *.driver: The name of the driver.
        *.options *.volumeAttributes: Settings for the driver.
        *.volumeHandle: Which volume of the driver it is.
        *.controllerPublishSecretRef *.nodeStageSecretRef *.nodePublishSecretRef *.controllerExpandSecretRef *.nodeExpandSecretRef: Credentials for the driver.
        LocalVolumeSource.path: The path on the host.
        VolumeNodeAffinity.required: The nodes that have the volume.
        """
}

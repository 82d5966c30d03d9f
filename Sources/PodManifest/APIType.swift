/// How far a field is carried out. A field that has a place in the PodAPI types is `.done`.
public enum FieldSupport: Sendable, Equatable {
    case done
    /// Accepted without a word: exported objects carry it, and it asks for nothing.
    case ignored
    /// Accepted with a note that says why it has no effect.
    case noEffect(String)
    /// An error, unless the value is the default. The text says why, and what to use instead.
    case refused(String)
}

/// What the value of a field may be.
indirect enum FieldType: Sendable {
    case string
    case bool
    case int32
    case int64
    /// Permission bits, 0 to 0777.
    case mode
    case quantity
    case intOrString
    case base64
    case choice([String])
    case list(FieldType)
    /// The keys are data.
    case map(FieldType)
    case object(APIType)
    case any
}

struct Field: Sendable {
    let name: String
    let type: FieldType
    let support: FieldSupport
    /// The text of a value that asks for no more than what happens anyway. Empty values always do.
    let defaultValue: String?

    init(_ name: String, _ type: FieldType, _ support: FieldSupport = .done, default defaultValue: String? = nil) {
        self.name = name
        self.type = type
        self.support = support
        self.defaultValue = defaultValue
    }
}

/// The reason of a field that will be carried out in a later version.
let later = "not carried out yet"

/// The types of the Kubernetes API that a manifest is made of. The tables of their fields are in the extensions.
enum APIType: String, Sendable, CaseIterable {
    case objectMeta = "ObjectMeta"
    case ownerReference = "OwnerReference"
    case labelSelector = "LabelSelector"
    case labelSelectorRequirement = "LabelSelectorRequirement"
    case imageMap = "ImageMap"
    case node = "Node"
    case nodeSpec = "NodeSpec"
    case nodeStatus = "NodeStatus"
    case taint = "Taint"
    case runtimeClass = "RuntimeClass"
    case runtimeClassOverhead = "Overhead"
    case runtimeClassScheduling = "Scheduling"
    case priorityClass = "PriorityClass"
    case imageMapEntry = "ImageMapEntry"
    case syscallProfile = "LinuxSeccomp"
    case syscallArchitecture = "LinuxSeccompArchitecture"
    case syscallRule = "LinuxSyscall"
    case syscallArgument = "LinuxSeccompArg"
    case syscallCondition = "LinuxSyscallCondition"
    case pod = "Pod"
    case persistentVolume = "PersistentVolume"
    case persistentVolumeClaim = "PersistentVolumeClaim"
    case configMap = "ConfigMap"
    case secret = "Secret"
    case service = "Service"
    case serviceSpec = "ServiceSpec"
    case servicePort = "ServicePort"
    case sessionAffinityConfig = "SessionAffinityConfig"
    case clientIPConfig = "ClientIPConfig"
    case podSpec = "PodSpec"
    case persistentVolumeSpec = "PersistentVolumeSpec"
    case persistentVolumeClaimSpec = "PersistentVolumeClaimSpec"
    case volume = "Volume"
    case container = "Container"
    case ephemeralContainer = "EphemeralContainer"
    case podSecurityContext = "PodSecurityContext"
    case localObjectReference = "LocalObjectReference"
    case affinity = "Affinity"
    case toleration = "Toleration"
    case hostAlias = "HostAlias"
    case podDNSConfig = "PodDNSConfig"
    case podReadinessGate = "PodReadinessGate"
    case topologySpreadConstraint = "TopologySpreadConstraint"
    case podOS = "PodOS"
    case podSchedulingGate = "PodSchedulingGate"
    case podResourceClaim = "PodResourceClaim"
    case resourceRequirements = "ResourceRequirements"
    case podSchedulingGroup = "PodSchedulingGroup"
    case evictionResponder = "EvictionResponder"
    case gcePersistentDiskVolumeSource = "GCEPersistentDiskVolumeSource"
    case awsElasticBlockStoreVolumeSource = "AWSElasticBlockStoreVolumeSource"
    case hostPathVolumeSource = "HostPathVolumeSource"
    case glusterfsPersistentVolumeSource = "GlusterfsPersistentVolumeSource"
    case nfsVolumeSource = "NFSVolumeSource"
    case rbdPersistentVolumeSource = "RBDPersistentVolumeSource"
    case iscsiPersistentVolumeSource = "ISCSIPersistentVolumeSource"
    case cinderPersistentVolumeSource = "CinderPersistentVolumeSource"
    case cephFSPersistentVolumeSource = "CephFSPersistentVolumeSource"
    case fcVolumeSource = "FCVolumeSource"
    case flockerVolumeSource = "FlockerVolumeSource"
    case flexPersistentVolumeSource = "FlexPersistentVolumeSource"
    case azureFilePersistentVolumeSource = "AzureFilePersistentVolumeSource"
    case vsphereVirtualDiskVolumeSource = "VsphereVirtualDiskVolumeSource"
    case quobyteVolumeSource = "QuobyteVolumeSource"
    case azureDiskVolumeSource = "AzureDiskVolumeSource"
    case photonPersistentDiskVolumeSource = "PhotonPersistentDiskVolumeSource"
    case portworxVolumeSource = "PortworxVolumeSource"
    case scaleIOPersistentVolumeSource = "ScaleIOPersistentVolumeSource"
    case localVolumeSource = "LocalVolumeSource"
    case storageOSPersistentVolumeSource = "StorageOSPersistentVolumeSource"
    case csiPersistentVolumeSource = "CSIPersistentVolumeSource"
    case objectReference = "ObjectReference"
    case volumeNodeAffinity = "VolumeNodeAffinity"
    case volumeResourceRequirements = "VolumeResourceRequirements"
    case typedLocalObjectReference = "TypedLocalObjectReference"
    case typedObjectReference = "TypedObjectReference"
    case emptyDirVolumeSource = "EmptyDirVolumeSource"
    case gitRepoVolumeSource = "GitRepoVolumeSource"
    case secretVolumeSource = "SecretVolumeSource"
    case iscsiVolumeSource = "ISCSIVolumeSource"
    case glusterfsVolumeSource = "GlusterfsVolumeSource"
    case persistentVolumeClaimVolumeSource = "PersistentVolumeClaimVolumeSource"
    case rbdVolumeSource = "RBDVolumeSource"
    case flexVolumeSource = "FlexVolumeSource"
    case cinderVolumeSource = "CinderVolumeSource"
    case cephFSVolumeSource = "CephFSVolumeSource"
    case downwardAPIVolumeSource = "DownwardAPIVolumeSource"
    case azureFileVolumeSource = "AzureFileVolumeSource"
    case configMapVolumeSource = "ConfigMapVolumeSource"
    case projectedVolumeSource = "ProjectedVolumeSource"
    case scaleIOVolumeSource = "ScaleIOVolumeSource"
    case storageOSVolumeSource = "StorageOSVolumeSource"
    case csiVolumeSource = "CSIVolumeSource"
    case ephemeralVolumeSource = "EphemeralVolumeSource"
    case imageVolumeSource = "ImageVolumeSource"
    case containerPort = "ContainerPort"
    case envFromSource = "EnvFromSource"
    case envVar = "EnvVar"
    case containerResizePolicy = "ContainerResizePolicy"
    case containerRestartRule = "ContainerRestartRule"
    case volumeMount = "VolumeMount"
    case volumeDevice = "VolumeDevice"
    case probe = "Probe"
    case lifecycle = "Lifecycle"
    case securityContext = "SecurityContext"
    case seLinuxOptions = "SELinuxOptions"
    case windowsSecurityContextOptions = "WindowsSecurityContextOptions"
    case sysctl = "Sysctl"
    case seccompProfile = "SeccompProfile"
    case appArmorProfile = "AppArmorProfile"
    case nodeAffinity = "NodeAffinity"
    case podAffinity = "PodAffinity"
    case podAntiAffinity = "PodAntiAffinity"
    case podDNSConfigOption = "PodDNSConfigOption"
    case resourceClaim = "ResourceClaim"
    case secretReference = "SecretReference"
    case nodeSelector = "NodeSelector"
    case keyToPath = "KeyToPath"
    case downwardAPIVolumeFile = "DownwardAPIVolumeFile"
    case volumeProjection = "VolumeProjection"
    case persistentVolumeClaimTemplate = "PersistentVolumeClaimTemplate"
    case configMapEnvSource = "ConfigMapEnvSource"
    case secretEnvSource = "SecretEnvSource"
    case envVarSource = "EnvVarSource"
    case containerRestartRuleOnExitCodes = "ContainerRestartRuleOnExitCodes"
    case execAction = "ExecAction"
    case httpGetAction = "HTTPGetAction"
    case tcpSocketAction = "TCPSocketAction"
    case grpcAction = "GRPCAction"
    case lifecycleHandler = "LifecycleHandler"
    case capabilities = "Capabilities"
    case preferredSchedulingTerm = "PreferredSchedulingTerm"
    case podAffinityTerm = "PodAffinityTerm"
    case weightedPodAffinityTerm = "WeightedPodAffinityTerm"
    case nodeSelectorTerm = "NodeSelectorTerm"
    case objectFieldSelector = "ObjectFieldSelector"
    case resourceFieldSelector = "ResourceFieldSelector"
    case secretProjection = "SecretProjection"
    case downwardAPIProjection = "DownwardAPIProjection"
    case configMapProjection = "ConfigMapProjection"
    case serviceAccountTokenProjection = "ServiceAccountTokenProjection"
    case clusterTrustBundleProjection = "ClusterTrustBundleProjection"
    case podCertificateProjection = "PodCertificateProjection"
    case configMapKeySelector = "ConfigMapKeySelector"
    case secretKeySelector = "SecretKeySelector"
    case fileKeySelector = "FileKeySelector"
    case httpHeader = "HTTPHeader"
    case sleepAction = "SleepAction"
    case nodeSelectorRequirement = "NodeSelectorRequirement"

    var fields: [Field] {
        switch self {
        case .objectMeta: Self.objectMetaFields
        case .ownerReference: Self.ownerReferenceFields
        case .labelSelector: Self.labelSelectorFields
        case .labelSelectorRequirement: Self.labelSelectorRequirementFields
        case .imageMap: Self.imageMapFields
        case .node: Self.nodeFields
        case .nodeSpec: Self.nodeSpecFields
        case .nodeStatus: Self.nodeStatusFields
        case .taint: Self.taintFields
        case .runtimeClass: Self.runtimeClassFields
        case .runtimeClassOverhead: Self.runtimeClassOverheadFields
        case .runtimeClassScheduling: Self.runtimeClassSchedulingFields
        case .priorityClass: Self.priorityClassFields
        case .imageMapEntry: Self.imageMapEntryFields
        case .syscallProfile: Self.syscallProfileFields
        case .syscallArchitecture: Self.syscallArchitectureFields
        case .syscallRule: Self.syscallRuleFields
        case .syscallArgument: Self.syscallArgumentFields
        case .syscallCondition: Self.syscallConditionFields
        case .pod: Self.podFields
        case .persistentVolume: Self.persistentVolumeFields
        case .persistentVolumeClaim: Self.persistentVolumeClaimFields
        case .configMap: Self.configMapFields
        case .secret: Self.secretFields
        case .service: Self.serviceFields
        case .serviceSpec: Self.serviceSpecFields
        case .servicePort: Self.servicePortFields
        case .sessionAffinityConfig: Self.sessionAffinityConfigFields
        case .clientIPConfig: Self.clientIPConfigFields
        case .podSpec: Self.podSpecFields
        case .persistentVolumeSpec: Self.persistentVolumeSpecFields
        case .persistentVolumeClaimSpec: Self.persistentVolumeClaimSpecFields
        case .volume: Self.volumeFields
        case .container: Self.containerFields
        case .ephemeralContainer: Self.ephemeralContainerFields
        case .podSecurityContext: Self.podSecurityContextFields
        case .localObjectReference: Self.localObjectReferenceFields
        case .affinity: Self.affinityFields
        case .toleration: Self.tolerationFields
        case .hostAlias: Self.hostAliasFields
        case .podDNSConfig: Self.podDNSConfigFields
        case .podReadinessGate: Self.podReadinessGateFields
        case .topologySpreadConstraint: Self.topologySpreadConstraintFields
        case .podOS: Self.podOSFields
        case .podSchedulingGate: Self.podSchedulingGateFields
        case .podResourceClaim: Self.podResourceClaimFields
        case .resourceRequirements: Self.resourceRequirementsFields
        case .podSchedulingGroup: Self.podSchedulingGroupFields
        case .evictionResponder: Self.evictionResponderFields
        case .gcePersistentDiskVolumeSource: Self.gcePersistentDiskVolumeSourceFields
        case .awsElasticBlockStoreVolumeSource: Self.awsElasticBlockStoreVolumeSourceFields
        case .hostPathVolumeSource: Self.hostPathVolumeSourceFields
        case .glusterfsPersistentVolumeSource: Self.glusterfsPersistentVolumeSourceFields
        case .nfsVolumeSource: Self.nfsVolumeSourceFields
        case .rbdPersistentVolumeSource: Self.rbdPersistentVolumeSourceFields
        case .iscsiPersistentVolumeSource: Self.iscsiPersistentVolumeSourceFields
        case .cinderPersistentVolumeSource: Self.cinderPersistentVolumeSourceFields
        case .cephFSPersistentVolumeSource: Self.cephFSPersistentVolumeSourceFields
        case .fcVolumeSource: Self.fcVolumeSourceFields
        case .flockerVolumeSource: Self.flockerVolumeSourceFields
        case .flexPersistentVolumeSource: Self.flexPersistentVolumeSourceFields
        case .azureFilePersistentVolumeSource: Self.azureFilePersistentVolumeSourceFields
        case .vsphereVirtualDiskVolumeSource: Self.vsphereVirtualDiskVolumeSourceFields
        case .quobyteVolumeSource: Self.quobyteVolumeSourceFields
        case .azureDiskVolumeSource: Self.azureDiskVolumeSourceFields
        case .photonPersistentDiskVolumeSource: Self.photonPersistentDiskVolumeSourceFields
        case .portworxVolumeSource: Self.portworxVolumeSourceFields
        case .scaleIOPersistentVolumeSource: Self.scaleIOPersistentVolumeSourceFields
        case .localVolumeSource: Self.localVolumeSourceFields
        case .storageOSPersistentVolumeSource: Self.storageOSPersistentVolumeSourceFields
        case .csiPersistentVolumeSource: Self.csiPersistentVolumeSourceFields
        case .objectReference: Self.objectReferenceFields
        case .volumeNodeAffinity: Self.volumeNodeAffinityFields
        case .volumeResourceRequirements: Self.volumeResourceRequirementsFields
        case .typedLocalObjectReference: Self.typedLocalObjectReferenceFields
        case .typedObjectReference: Self.typedObjectReferenceFields
        case .emptyDirVolumeSource: Self.emptyDirVolumeSourceFields
        case .gitRepoVolumeSource: Self.gitRepoVolumeSourceFields
        case .secretVolumeSource: Self.secretVolumeSourceFields
        case .iscsiVolumeSource: Self.iscsiVolumeSourceFields
        case .glusterfsVolumeSource: Self.glusterfsVolumeSourceFields
        case .persistentVolumeClaimVolumeSource: Self.persistentVolumeClaimVolumeSourceFields
        case .rbdVolumeSource: Self.rbdVolumeSourceFields
        case .flexVolumeSource: Self.flexVolumeSourceFields
        case .cinderVolumeSource: Self.cinderVolumeSourceFields
        case .cephFSVolumeSource: Self.cephFSVolumeSourceFields
        case .downwardAPIVolumeSource: Self.downwardAPIVolumeSourceFields
        case .azureFileVolumeSource: Self.azureFileVolumeSourceFields
        case .configMapVolumeSource: Self.configMapVolumeSourceFields
        case .projectedVolumeSource: Self.projectedVolumeSourceFields
        case .scaleIOVolumeSource: Self.scaleIOVolumeSourceFields
        case .storageOSVolumeSource: Self.storageOSVolumeSourceFields
        case .csiVolumeSource: Self.csiVolumeSourceFields
        case .ephemeralVolumeSource: Self.ephemeralVolumeSourceFields
        case .imageVolumeSource: Self.imageVolumeSourceFields
        case .containerPort: Self.containerPortFields
        case .envFromSource: Self.envFromSourceFields
        case .envVar: Self.envVarFields
        case .containerResizePolicy: Self.containerResizePolicyFields
        case .containerRestartRule: Self.containerRestartRuleFields
        case .volumeMount: Self.volumeMountFields
        case .volumeDevice: Self.volumeDeviceFields
        case .probe: Self.probeFields
        case .lifecycle: Self.lifecycleFields
        case .securityContext: Self.securityContextFields
        case .seLinuxOptions: Self.seLinuxOptionsFields
        case .windowsSecurityContextOptions: Self.windowsSecurityContextOptionsFields
        case .sysctl: Self.sysctlFields
        case .seccompProfile: Self.seccompProfileFields
        case .appArmorProfile: Self.appArmorProfileFields
        case .nodeAffinity: Self.nodeAffinityFields
        case .podAffinity: Self.podAffinityFields
        case .podAntiAffinity: Self.podAntiAffinityFields
        case .podDNSConfigOption: Self.podDNSConfigOptionFields
        case .resourceClaim: Self.resourceClaimFields
        case .secretReference: Self.secretReferenceFields
        case .nodeSelector: Self.nodeSelectorFields
        case .keyToPath: Self.keyToPathFields
        case .downwardAPIVolumeFile: Self.downwardAPIVolumeFileFields
        case .volumeProjection: Self.volumeProjectionFields
        case .persistentVolumeClaimTemplate: Self.persistentVolumeClaimTemplateFields
        case .configMapEnvSource: Self.configMapEnvSourceFields
        case .secretEnvSource: Self.secretEnvSourceFields
        case .envVarSource: Self.envVarSourceFields
        case .containerRestartRuleOnExitCodes: Self.containerRestartRuleOnExitCodesFields
        case .execAction: Self.execActionFields
        case .httpGetAction: Self.httpGetActionFields
        case .tcpSocketAction: Self.tcpSocketActionFields
        case .grpcAction: Self.grpcActionFields
        case .lifecycleHandler: Self.lifecycleHandlerFields
        case .capabilities: Self.capabilitiesFields
        case .preferredSchedulingTerm: Self.preferredSchedulingTermFields
        case .podAffinityTerm: Self.podAffinityTermFields
        case .weightedPodAffinityTerm: Self.weightedPodAffinityTermFields
        case .nodeSelectorTerm: Self.nodeSelectorTermFields
        case .objectFieldSelector: Self.objectFieldSelectorFields
        case .resourceFieldSelector: Self.resourceFieldSelectorFields
        case .secretProjection: Self.secretProjectionFields
        case .downwardAPIProjection: Self.downwardAPIProjectionFields
        case .configMapProjection: Self.configMapProjectionFields
        case .serviceAccountTokenProjection: Self.serviceAccountTokenProjectionFields
        case .clusterTrustBundleProjection: Self.clusterTrustBundleProjectionFields
        case .podCertificateProjection: Self.podCertificateProjectionFields
        case .configMapKeySelector: Self.configMapKeySelectorFields
        case .secretKeySelector: Self.secretKeySelectorFields
        case .fileKeySelector: Self.fileKeySelectorFields
        case .httpHeader: Self.httpHeaderFields
        case .sleepAction: Self.sleepActionFields
        case .nodeSelectorRequirement: Self.nodeSelectorRequirementFields
        }
    }

    func field(named name: String) -> Field? {
        fields.first { $0.name == name }
    }
}

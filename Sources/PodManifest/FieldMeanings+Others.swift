extension FieldMeanings {
    static let others = """
        PersistentVolumeSpec.capacity: How large it is.
        *.accessModes: By how many nodes or pods it may be used at once.
        PersistentVolumeSpec.claimRef: The claim that it is bound to, or kept for.
        PersistentVolumeSpec.persistentVolumeReclaimPolicy: What becomes of it when its claim is deleted.
        *.storageClassName: Its class; volumes and claims of one class go together.
        *.mountOptions: Options for mount.
        *.volumeMode: Filesystem for a directory, Block for a device.
        PersistentVolumeSpec.nodeAffinity: The nodes that have it.
        *.volumeAttributesClassName: The class of its changeable attributes.
        PersistentVolumeClaimSpec.selector: Labels that the volume has to have.
        PersistentVolumeClaimSpec.resources: How large it has to be.
        PersistentVolumeClaimSpec.volumeName: The volume that is meant.
        PersistentVolumeClaimSpec.dataSource PersistentVolumeClaimSpec.dataSourceRef: What it is to be a copy of.
        VolumeResourceRequirements.limits: The most that it may have.
        VolumeResourceRequirements.requests: The least that it has to have.
        *.immutable: Whether the data may never be changed.
        ConfigMap.data: Texts by keys.
        ConfigMap.binaryData: Bytes by keys, in base64.
        Secret.data: Bytes by keys, in base64.
        Secret.stringData: Texts by keys, which become data.
        Secret.type: What the keys are about: Opaque where left out.
        ServiceSpec.ports: The ports that the Service has.
        ServiceSpec.selector: The labels of its pods.
        ServiceSpec.clusterIP ServiceSpec.clusterIPs: Its address in the cluster.
        ServiceSpec.type: ClusterIP, NodePort, LoadBalancer or ExternalName.
        ServiceSpec.externalIPs: Further addresses.
        ServiceSpec.sessionAffinity: Whether a client stays with a pod.
        ServiceSpec.loadBalancerIP: The address of the load balancer.
        ServiceSpec.loadBalancerSourceRanges: Who may use the load balancer.
        ServiceSpec.externalName: The name that it stands for.
        ServiceSpec.externalTrafficPolicy ServiceSpec.internalTrafficPolicy: Whether only pods of the same node are used.
        ServiceSpec.healthCheckNodePort: Where the load balancer asks.
        ServiceSpec.publishNotReadyAddresses: Whether pods that are not ready count as well.
        ServiceSpec.sessionAffinityConfig: Settings for sessionAffinity.
        ServiceSpec.ipFamilies ServiceSpec.ipFamilyPolicy: IPv4, IPv6 or both.
        ServiceSpec.allocateLoadBalancerNodePorts: Whether a LoadBalancer has node ports as well.
        ServiceSpec.loadBalancerClass: Which load balancer is meant.
        ServiceSpec.trafficDistribution: Which pods are preferred.
        ServicePort.name: A name for the port.
        ServicePort.protocol: TCP, UDP or SCTP.
        ServicePort.appProtocol: The protocol above it.
        ServicePort.port: The number of the Service's port.
        ServicePort.targetPort: The number or name of the pods' port.
        ServicePort.nodePort: The port of the node.
        SessionAffinityConfig.clientIP: Settings for clients by their address.
        ClientIPConfig.timeoutSeconds: How long a client stays.
        RuntimeClass.handler: The name of the handler.
        RuntimeClass.overhead: What a pod of the class costs.
        RuntimeClass.scheduling: Where pods of the class may run.
        Overhead.podFixed: The amount of each resource per pod.
        Scheduling.nodeSelector: Labels that the node has to have.
        Scheduling.tolerations: Tolerations that pods of the class get.
        PriorityClass.value: The priority; the higher, the earlier.
        PriorityClass.globalDefault: Whether pods without a class have this one.
        PriorityClass.description: When the class is meant to be used.
        PriorityClass.preemptionPolicy: Whether its pods may drive out others.
        """
}

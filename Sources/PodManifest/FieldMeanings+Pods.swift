extension FieldMeanings {
    static let pods = """
        PodSpec.volumes: The directories and files that containers may mount.
        PodSpec.initContainers: Containers that run one after the other before the others start; with restartPolicy Always, beside them.
        PodSpec.containers: The containers that do the pod's work, all at the same time.
        PodSpec.ephemeralContainers: Containers that are put into a running pod to look for faults.
        PodSpec.restartPolicy: Whether containers that have ended are started again.
        PodSpec.terminationGracePeriodSeconds: How long containers have from the request to stop until they are killed.
        PodSpec.activeDeadlineSeconds: How long the pod may run before it has failed.
        PodSpec.dnsPolicy: Where names are looked up: as the host does it, or by dnsConfig alone.
        PodSpec.nodeSelector: Labels that the node has to have.
        PodSpec.serviceAccountName: Whom the pod acts as; it is in the tokens that the pod asks for.
        PodSpec.serviceAccount: The older name of serviceAccountName.
        PodSpec.automountServiceAccountToken: Whether a token for the API server is mounted.
        PodSpec.nodeName: The node that the pod is to run on, whatever a scheduler thinks.
        PodSpec.hostNetwork: Use the host's network instead of one of the pod's own.
        PodSpec.hostPID: See and signal the host's processes.
        PodSpec.hostIPC: Use the host's shared memory and message queues.
        PodSpec.shareProcessNamespace: Let the containers see and signal each other's processes.
        PodSpec.securityContext: Users, groups and restrictions for all containers.
        PodSpec.imagePullSecrets: Credentials for registries.
        PodSpec.hostname: The pod's host name; its own name where left out.
        PodSpec.subdomain: Makes a full name of the host name: <hostname>.<subdomain>.<namespace>.svc.
        PodSpec.affinity: Conditions on the node, and on the pods that are there already.
        PodSpec.schedulerName: Which scheduler picks the node.
        PodSpec.tolerations: Taints of the node that do not keep the pod away.
        PodSpec.hostAliases: Further lines for the containers' /etc/hosts.
        PodSpec.priorityClassName: The name of the pod's priority.
        PodSpec.priority: The priority as a number.
        PodSpec.dnsConfig: Name servers, search domains and options for /etc/resolv.conf.
        PodSpec.readinessGates: Further conditions that have to be true before the pod counts as ready.
        PodSpec.runtimeClassName: The RuntimeClass that the pod runs with.
        PodSpec.enableServiceLinks: Whether containers get variables for the namespace's Services.
        PodSpec.preemptionPolicy: Whether the pod may drive out pods of lower priority.
        PodSpec.overhead: What the pod itself costs, beside its containers.
        PodSpec.topologySpreadConstraints: How pods are spread over nodes and zones.
        PodSpec.setHostnameAsFQDN: Use the full name as the kernel's host name.
        PodSpec.os: The operating system that the pod is for.
        PodSpec.hostUsers: false: root in the pod is an ordinary user of the host.
        PodSpec.schedulingGates: The pod is not started as long as there are any.
        PodSpec.resourceClaims: Devices that are allocated for the pod.
        PodSpec.resources: Requests and limits of all containers together.
        PodSpec.hostnameOverride: The kernel's host name, whatever the other fields say.
        PodSpec.schedulingGroup: Pods that are scheduled together.
        PodSpec.evictionResponders: Who is asked before the pod is evicted.
        PodSecurityContext.seLinuxOptions: The SELinux label of all containers.
        PodSecurityContext.windowsOptions: Settings for Windows.
        PodSecurityContext.runAsUser: The user id of all containers.
        PodSecurityContext.runAsGroup: The primary group id of all containers.
        PodSecurityContext.runAsNonRoot: Refuse to start a container as root.
        PodSecurityContext.supplementalGroups: Further groups of the containers' processes.
        PodSecurityContext.supplementalGroupsPolicy: Whether the groups of the image's /etc/group are added.
        PodSecurityContext.fsGroup: The group that volumes are given to, and that processes are in.
        PodSecurityContext.sysctls: Kernel parameters of the pod's own namespaces.
        PodSecurityContext.fsGroupChangePolicy: Whether owners are changed always, or where the root directory differs.
        PodSecurityContext.seccompProfile: Which system calls all containers may make.
        PodSecurityContext.appArmorProfile: The AppArmor profile of all containers.
        PodSecurityContext.seLinuxChangePolicy: How volumes are labelled for SELinux.
        Sysctl.name: The parameter, with dots or slashes.
        Sysctl.value: The value it is set to.
        Affinity.nodeAffinity: Conditions on the labels of the node.
        Affinity.podAffinity: Pods that have to be there already.
        Affinity.podAntiAffinity: Pods that must not be there.
        *.requiredDuringSchedulingIgnoredDuringExecution: Has to hold when the pod starts.
        *.preferredDuringSchedulingIgnoredDuringExecution: Would be good to hold when the pod starts, with weights.
        NodeSelector.nodeSelectorTerms: Conditions, one of which has to hold.
        NodeSelectorTerm.matchExpressions: Conditions on labels of the node; all have to hold.
        NodeSelectorTerm.matchFields: Conditions on fields of the node, which is its name.
        NodeSelectorRequirement.key: The label or field.
        NodeSelectorRequirement.operator: In, NotIn, Exists, DoesNotExist, Gt or Lt.
        NodeSelectorRequirement.values: What it is compared with.
        *.weight: How much the preference counts, from 1 to 100.
        PreferredSchedulingTerm.preference: What is preferred.
        WeightedPodAffinityTerm.podAffinityTerm: The pods that are meant.
        PodAffinityTerm.labelSelector: The labels of the pods that are meant.
        PodAffinityTerm.namespaces: Their namespaces; the pod's own where left out.
        PodAffinityTerm.topologyKey: The label of nodes that says what counts as the same place.
        PodAffinityTerm.namespaceSelector: Their namespaces, by labels.
        PodAffinityTerm.matchLabelKeys: Labels in which they have to be like this pod.
        PodAffinityTerm.mismatchLabelKeys: Labels in which they have to differ from this pod.
        Toleration.key: The taint; all where left out.
        Toleration.operator: Exists, or Equal to a value.
        Toleration.value: The taint's value for Equal.
        Toleration.effect: The taint's effect; all where left out.
        Toleration.tolerationSeconds: How long a NoExecute taint is tolerated.
        HostAlias.ip: The address at the beginning of the line.
        HostAlias.hostnames: The names for it.
        PodDNSConfig.nameservers: Addresses of name servers.
        PodDNSConfig.searches: Domains that short names are completed with.
        PodDNSConfig.options: Options of the resolver.
        PodDNSConfigOption.name: The option.
        PodDNSConfigOption.value: Its value, where it has one.
        PodReadinessGate.conditionType: The condition that has to be true.
        TopologySpreadConstraint.maxSkew: By how many pods places may differ.
        TopologySpreadConstraint.topologyKey: The label of nodes that says what counts as the same place.
        TopologySpreadConstraint.whenUnsatisfiable: Whether the pod waits, or starts anyway.
        TopologySpreadConstraint.labelSelector: The pods that are counted.
        TopologySpreadConstraint.minDomains: How many places there have to be.
        TopologySpreadConstraint.nodeAffinityPolicy: Whether nodes that affinity rules out are counted.
        TopologySpreadConstraint.nodeTaintsPolicy: Whether nodes with taints are counted.
        TopologySpreadConstraint.matchLabelKeys: Labels in which counted pods have to be like this one.
        PodOS.name: linux or windows.
        PodSchedulingGate.name: The name of the gate.
        PodResourceClaim.name: The name that containers use for the claim.
        PodResourceClaim.resourceClaimName: The ResourceClaim.
        PodResourceClaim.resourceClaimTemplateName: The template that a ResourceClaim is made from.
        PodSchedulingGroup.podGroupName: The name of the group.
        EvictionResponder.name: The name of the responder.
        EvictionResponder.priority: In which order they are asked.
        """
}

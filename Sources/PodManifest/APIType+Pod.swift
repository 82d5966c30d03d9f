/// The fields of Pod and its spec, core/v1 of Kubernetes 1.37.
extension APIType {
    static let podFields: [Field] = [
        Field("apiVersion", .string),
        Field("kind", .string),
        Field("metadata", .object(.objectMeta)),
        Field("spec", .object(.podSpec)),
        Field("status", .any, .ignored),
    ]

    static let podSpecFields: [Field] = [
        Field("volumes", .list(.object(.volume))),
        Field("initContainers", .list(.object(.container))),
        Field("containers", .list(.object(.container))),
        Field(
            "ephemeralContainers", .list(.object(.ephemeralContainer)),
            .refused("only a running pod is given ephemeral containers; not carried out yet")),
        Field("restartPolicy", .choice(["Always", "OnFailure", "Never"])),
        Field("terminationGracePeriodSeconds", .int64),
        Field("activeDeadlineSeconds", .int64),
        Field("dnsPolicy", .choice(["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"])),
        Field("nodeSelector", .map(.string)),
        Field("serviceAccountName", .string),
        Field("serviceAccount", .string),
        Field("automountServiceAccountToken", .bool, .noEffect("there is no API server to hold a token for")),
        Field("nodeName", .string),
        Field("hostNetwork", .bool),
        Field("hostPID", .bool),
        Field("hostIPC", .bool),
        Field("shareProcessNamespace", .bool),
        Field("securityContext", .object(.podSecurityContext)),
        Field(
            "imagePullSecrets", .list(.object(.localObjectReference)), .noEffect("no image is pulled from a registry")),
        Field("hostname", .string),
        Field("subdomain", .string),
        Field("affinity", .object(.affinity)),
        Field(
            "schedulerName", .string, .noEffect("the default scheduler's rules hold for every pod"),
            default: "default-scheduler"),
        Field("tolerations", .list(.object(.toleration))),
        Field("hostAliases", .list(.object(.hostAlias))),
        Field("priorityClassName", .string),
        Field("priority", .int32),
        Field("dnsConfig", .object(.podDNSConfig)),
        Field("readinessGates", .list(.object(.podReadinessGate))),
        Field("runtimeClassName", .string),
        Field("enableServiceLinks", .bool),
        Field(
            "preemptionPolicy", .choice(["PreemptLowerPriority", "Never"]),
            .noEffect("no pod is stopped in favour of another"), default: "PreemptLowerPriority"),
        Field("overhead", .map(.quantity)),
        Field("topologySpreadConstraints", .list(.object(.topologySpreadConstraint))),
        Field("setHostnameAsFQDN", .bool),
        Field("os", .object(.podOS)),
        Field("hostUsers", .bool),
        Field("schedulingGates", .list(.object(.podSchedulingGate))),
        Field(
            "resourceClaims", .list(.object(.podResourceClaim)), .refused("dynamic resource allocation needs a cluster")
        ),
        Field("resources", .object(.resourceRequirements)),
        Field("hostnameOverride", .string),
        Field("schedulingGroup", .object(.podSchedulingGroup), .noEffect("there is one host and nothing to schedule")),
        Field(
            "evictionResponders", .list(.object(.evictionResponder)), .noEffect("pods are not evicted from one host")),
    ]

    static let podSecurityContextFields: [Field] = [
        Field(
            "seLinuxOptions", .object(.seLinuxOptions),
            .noEffect("containers are not labelled; where SELinux is enabled on the host, the pod is refused")),
        Field("windowsOptions", .object(.windowsSecurityContextOptions), .refused("this host runs Linux")),
        Field("runAsUser", .int64),
        Field("runAsGroup", .int64),
        Field("runAsNonRoot", .bool),
        Field("supplementalGroups", .list(.int64)),
        Field("supplementalGroupsPolicy", .choice(["Merge", "Strict"])),
        Field("fsGroup", .int64),
        Field("sysctls", .list(.object(.sysctl))),
        Field("fsGroupChangePolicy", .choice(["OnRootMismatch", "Always"])),
        Field("seccompProfile", .object(.seccompProfile)),
        Field("appArmorProfile", .object(.appArmorProfile)),
        Field("seLinuxChangePolicy", .choice(["Recursive", "MountOption"]), .noEffect("volumes are not relabelled")),
    ]

    static let localObjectReferenceFields: [Field] = [
        Field("name", .string)
    ]

    static let hostAliasFields: [Field] = [
        Field("ip", .string),
        Field("hostnames", .list(.string)),
    ]

    static let podDNSConfigFields: [Field] = [
        Field("nameservers", .list(.string)),
        Field("searches", .list(.string)),
        Field("options", .list(.object(.podDNSConfigOption))),
    ]

    static let podOSFields: [Field] = [
        Field("name", .choice(["linux", "windows"]), .refused("this host runs Linux"), default: "linux")
    ]

    static let sysctlFields: [Field] = [
        Field("name", .string),
        Field("value", .string),
    ]

    static let podDNSConfigOptionFields: [Field] = [
        Field("name", .string),
        Field("value", .string),
    ]
}

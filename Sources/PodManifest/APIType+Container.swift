/// The fields of a container, core/v1 of Kubernetes 1.37.
extension APIType {
    static let containerFields: [Field] = [
        Field("name", .string),
        Field("image", .string),
        Field("command", .list(.string)),
        Field("args", .list(.string)),
        Field("workingDir", .string),
        Field("ports", .list(.object(.containerPort))),
        Field("envFrom", .list(.object(.envFromSource))),
        Field("env", .list(.object(.envVar))),
        Field("resources", .object(.resourceRequirements)),
        Field("resizePolicy", .list(.object(.containerResizePolicy))),
        Field("restartPolicy", .choice(["Always", "Never", "OnFailure"])),
        Field("restartPolicyRules", .list(.object(.containerRestartRule))),
        Field("volumeMounts", .list(.object(.volumeMount))),
        Field("volumeDevices", .list(.object(.volumeDevice))),
        Field("livenessProbe", .object(.probe)),
        Field("readinessProbe", .object(.probe)),
        Field("startupProbe", .object(.probe)),
        Field("lifecycle", .object(.lifecycle)),
        Field("terminationMessagePath", .string),
        Field("terminationMessagePolicy", .choice(["File", "FallbackToLogsOnError"])),
        Field(
            "imagePullPolicy", .choice(["Always", "Never", "IfNotPresent"]),
            .noEffect("no image is pulled from a registry")),
        Field("securityContext", .object(.securityContext)),
        Field("stdin", .bool),
        Field("stdinOnce", .bool),
        Field("tty", .bool),
    ]

    static let resourceRequirementsFields: [Field] = [
        Field("limits", .map(.quantity)),
        Field("requests", .map(.quantity)),
        Field("claims", .list(.object(.resourceClaim)), .refused("dynamic resource allocation needs a cluster")),
    ]

    static let containerPortFields: [Field] = [
        Field("name", .string),
        Field("hostPort", .int32),
        Field("containerPort", .int32),
        Field("protocol", .choice(["TCP", "UDP", "SCTP"])),
        Field("hostIP", .string),
    ]

    static let envFromSourceFields: [Field] = [
        Field("prefix", .string),
        Field("configMapRef", .object(.configMapEnvSource)),
        Field("secretRef", .object(.secretEnvSource)),
    ]

    static let envVarFields: [Field] = [
        Field("name", .string),
        Field("value", .string),
        Field("valueFrom", .object(.envVarSource)),
    ]

    static let containerResizePolicyFields: [Field] = [
        Field("resourceName", .string),
        Field("restartPolicy", .choice(["NotRequired", "RestartContainer"])),
    ]

    static let containerRestartRuleFields: [Field] = [
        Field("action", .choice(["Restart", "RestartAllContainers"])),
        Field("exitCodes", .object(.containerRestartRuleOnExitCodes)),
    ]

    static let volumeMountFields: [Field] = [
        Field("name", .string),
        Field("readOnly", .bool),
        Field("recursiveReadOnly", .choice(["Disabled", "IfPossible", "Enabled"])),
        Field("mountPath", .string),
        Field("subPath", .string),
        Field("mountPropagation", .choice(["None", "HostToContainer", "Bidirectional"])),
        Field("subPathExpr", .string),
        Field("bindMountOptions", .list(.string)),
    ]

    static let volumeDeviceFields: [Field] = [
        Field("name", .string),
        Field("devicePath", .string),
    ]

    static let probeFields: [Field] = [
        Field("exec", .object(.execAction)),
        Field("httpGet", .object(.httpGetAction)),
        Field("tcpSocket", .object(.tcpSocketAction)),
        Field("grpc", .object(.grpcAction)),
        Field("initialDelaySeconds", .int32),
        Field("timeoutSeconds", .int32),
        Field("periodSeconds", .int32),
        Field("successThreshold", .int32),
        Field("failureThreshold", .int32),
        Field("terminationGracePeriodSeconds", .int64),
    ]

    static let lifecycleFields: [Field] = [
        Field("postStart", .object(.lifecycleHandler)),
        Field("preStop", .object(.lifecycleHandler)),
        Field("stopSignal", .string),
    ]

    static let securityContextFields: [Field] = [
        Field("capabilities", .object(.capabilities)),
        Field("privileged", .bool),
        Field(
            "seLinuxOptions", .object(.seLinuxOptions),
            .noEffect("containers are not labelled; where SELinux is enabled on the host, the pod is refused")),
        Field("windowsOptions", .object(.windowsSecurityContextOptions), .refused("this host runs Linux")),
        Field("runAsUser", .int64),
        Field("runAsGroup", .int64),
        Field("runAsNonRoot", .bool),
        Field("readOnlyRootFilesystem", .bool),
        Field("allowPrivilegeEscalation", .bool),
        Field("procMount", .choice(["Default", "Unmasked"])),
        Field("seccompProfile", .object(.seccompProfile)),
        Field("appArmorProfile", .object(.appArmorProfile)),
    ]

    static let seLinuxOptionsFields: [Field] = [
        Field("user", .string),
        Field("role", .string),
        Field("type", .string),
        Field("level", .string),
    ]

    static let windowsSecurityContextOptionsFields: [Field] = [
        Field("gmsaCredentialSpecName", .string),
        Field("gmsaCredentialSpec", .string),
        Field("runAsUserName", .string),
        Field("hostProcess", .bool),
    ]

    static let seccompProfileFields: [Field] = [
        Field("type", .choice(["Unconfined", "RuntimeDefault", "Localhost"])),
        Field("localhostProfile", .string),
    ]

    static let appArmorProfileFields: [Field] = [
        Field("type", .choice(["Unconfined", "RuntimeDefault", "Localhost"])),
        Field("localhostProfile", .string),
    ]

    static let resourceClaimFields: [Field] = [
        Field("name", .string),
        Field("request", .string),
    ]

    static let configMapEnvSourceFields: [Field] = [
        Field("name", .string),
        Field("optional", .bool),
    ]

    static let secretEnvSourceFields: [Field] = [
        Field("name", .string),
        Field("optional", .bool),
    ]

    static let envVarSourceFields: [Field] = [
        Field("fieldRef", .object(.objectFieldSelector)),
        Field("resourceFieldRef", .object(.resourceFieldSelector)),
        Field("configMapKeyRef", .object(.configMapKeySelector)),
        Field("secretKeyRef", .object(.secretKeySelector)),
        Field("fileKeyRef", .object(.fileKeySelector)),
    ]

    static let containerRestartRuleOnExitCodesFields: [Field] = [
        Field("operator", .choice(["In", "NotIn"])),
        Field("values", .list(.int32)),
    ]

    static let execActionFields: [Field] = [
        Field("command", .list(.string))
    ]

    static let httpGetActionFields: [Field] = [
        Field("path", .string),
        Field("port", .intOrString),
        Field("host", .string),
        Field("scheme", .choice(["HTTP", "HTTPS"])),
        Field("httpHeaders", .list(.object(.httpHeader))),
        Field("protocol", .choice(["HTTP1", "HTTP2"]), .refused("probes speak HTTP/1.1"), default: "HTTP1"),
    ]

    static let tcpSocketActionFields: [Field] = [
        Field("port", .intOrString),
        Field("host", .string),
    ]

    static let grpcActionFields: [Field] = [
        Field("port", .int32),
        Field("service", .string),
        Field("mode", .choice(["Plaintext", "TLS"]), .refused("gRPC probes use no TLS"), default: "Plaintext"),
    ]

    static let lifecycleHandlerFields: [Field] = [
        Field("exec", .object(.execAction)),
        Field("httpGet", .object(.httpGetAction)),
        Field(
            "tcpSocket", .object(.tcpSocketAction),
            .refused("Kubernetes has no such hook either, in spite of the field; use exec, httpGet or sleep")),
        Field("sleep", .object(.sleepAction)),
    ]

    static let capabilitiesFields: [Field] = [
        Field("add", .list(.string)),
        Field("drop", .list(.string)),
    ]

    static let configMapKeySelectorFields: [Field] = [
        Field("name", .string),
        Field("key", .string),
        Field("optional", .bool),
    ]

    static let secretKeySelectorFields: [Field] = [
        Field("name", .string),
        Field("key", .string),
        Field("optional", .bool),
    ]

    static let fileKeySelectorFields: [Field] = [
        Field("volumeName", .string),
        Field("path", .string),
        Field("key", .string),
        Field("optional", .bool),
    ]

    static let httpHeaderFields: [Field] = [
        Field("name", .string),
        Field("value", .string),
    ]

    static let sleepActionFields: [Field] = [
        Field("seconds", .int64)
    ]
}

extension FieldMeanings {
    static let containers = """
        Container.name: The name, which is the only one in the pod.
        Container.image: The root file system: host:/ for the host's own programs, host:/DIR for a directory, or a registry's image.
        Container.command: The program and its first arguments, instead of the image's entry point.
        Container.args: Arguments, instead of the image's.
        Container.workingDir: The directory that the program starts in.
        Container.ports: The ports that the program listens on.
        Container.envFrom: ConfigMaps and Secrets all of whose keys become variables.
        Container.env: Variables.
        Container.resources: How much CPU and memory the container is to have, and may use.
        Container.resizePolicy: Whether a change of resources needs a restart.
        Container.restartPolicy: Whether this container is started again; Always makes an init container a sidecar.
        Container.restartPolicyRules: What is done at certain exit codes.
        Container.volumeMounts: Which volumes are mounted where.
        Container.volumeDevices: Which block devices are in the container.
        Container.livenessProbe: A check; where it fails the container is started again.
        Container.readinessProbe: A check; where it fails the container is not ready.
        Container.startupProbe: A check that has to succeed once before the others begin.
        Container.lifecycle: What is done after the start and before the end.
        Container.terminationMessagePath: The file whose content is the container's last words.
        Container.terminationMessagePolicy: Whether the end of the log stands in for an empty file.
        Container.imagePullPolicy: When the image is fetched again.
        Container.securityContext: User, capabilities and restrictions of this container.
        Container.stdin: Whether the container has a standard input.
        Container.stdinOnce: Whether standard input ends with the first client.
        Container.tty: Whether the container has a terminal.
        EphemeralContainer.targetContainerName: The container whose processes it is to see.
        ContainerPort.name: A name for the port.
        ContainerPort.hostPort: The port of the host that leads to it.
        ContainerPort.containerPort: The number of the port in the pod.
        ContainerPort.protocol: TCP, UDP or SCTP.
        ContainerPort.hostIP: The address of the host that the hostPort is open at.
        EnvFromSource.prefix: Comes before each key.
        EnvFromSource.configMapRef: The ConfigMap.
        EnvFromSource.secretRef: The Secret.
        *.optional: Whether it may be missing.
        ConfigMapEnvSource.name ConfigMapKeySelector.name: The name of the ConfigMap.
        SecretEnvSource.name SecretKeySelector.name: The name of the Secret.
        EnvVar.name: The name of the variable.
        EnvVar.value: Its value; $(NAME) stands for a variable before it.
        EnvVar.valueFrom: Where the value is taken from.
        EnvVarSource.fieldRef: A field of the pod.
        EnvVarSource.resourceFieldRef: A request or a limit of a container.
        EnvVarSource.configMapKeyRef: A key of a ConfigMap.
        EnvVarSource.secretKeyRef: A key of a Secret.
        EnvVarSource.fileKeyRef: A key in a file that an init container has written to a volume.
        ConfigMapKeySelector.key SecretKeySelector.key FileKeySelector.key: The key.
        FileKeySelector.volumeName: The volume that the file is in.
        FileKeySelector.path: The path of the file in the volume.
        ObjectFieldSelector.fieldPath: The field: metadata.name, metadata.labels['key'], status.podIP …
        ResourceFieldSelector.containerName: The container; in a variable, its own.
        ResourceFieldSelector.resource: requests.cpu, limits.memory …
        ResourceFieldSelector.divisor: The unit that it is given in.
        ResourceRequirements.limits: The most of each resource that may be used.
        ResourceRequirements.requests: The amount of each resource that is set aside.
        ResourceRequirements.claims: Devices of the pod's resourceClaims.
        ResourceClaim.name: The name of the claim.
        ResourceClaim.request: The part of the claim.
        ContainerResizePolicy.resourceName: cpu or memory.
        ContainerResizePolicy.restartPolicy: Whether the container is started again for a change.
        ContainerRestartRule.action: Restart this container, or all.
        ContainerRestartRule.exitCodes: The exit codes that the rule is for.
        ContainerRestartRuleOnExitCodes.operator: In or NotIn.
        ContainerRestartRuleOnExitCodes.values: The exit codes.
        VolumeMount.name: The name of the volume.
        VolumeMount.readOnly: Whether nothing may be written.
        VolumeMount.recursiveReadOnly: Whether that holds for mounts within the volume as well.
        VolumeMount.mountPath: Where the volume is in the container.
        VolumeMount.subPath: The directory or file of the volume that is mounted instead of all.
        VolumeMount.mountPropagation: Whether later mounts pass between host and container.
        VolumeMount.subPathExpr: A subPath with variables, as $(NAME).
        VolumeMount.bindMountOptions: noexec, nosuid, nodev.
        VolumeDevice.name: The name of the volume.
        VolumeDevice.devicePath: The path of the device in the container.
        Probe.exec LifecycleHandler.exec: Run a command in the container.
        Probe.httpGet LifecycleHandler.httpGet: Send an HTTP request to the pod.
        Probe.tcpSocket LifecycleHandler.tcpSocket: Open a TCP connection to the pod.
        Probe.grpc: Ask a gRPC health service.
        Probe.initialDelaySeconds: How long to wait after the start.
        Probe.timeoutSeconds: How long an attempt may take.
        Probe.periodSeconds: How often to try.
        Probe.successThreshold: How many successes in a row it takes.
        Probe.failureThreshold: How many failures in a row it takes.
        Probe.terminationGracePeriodSeconds: The grace period where this probe has failed.
        ExecAction.command: The program and its arguments; no shell is involved.
        HTTPGetAction.path: The path that is asked for.
        HTTPGetAction.port TCPSocketAction.port GRPCAction.port: The number or name of the port.
        HTTPGetAction.host TCPSocketAction.host: The host; the pod where left out.
        HTTPGetAction.scheme: HTTP or HTTPS.
        HTTPGetAction.httpHeaders: Further headers.
        HTTPGetAction.protocol: The version of HTTP.
        HTTPHeader.name: The name of the header.
        HTTPHeader.value: Its value.
        GRPCAction.service: The service that is asked about.
        GRPCAction.mode: Whether the connection is encrypted.
        Lifecycle.postStart: Done right after the start; the container is not running before that.
        Lifecycle.preStop: Done before the container is asked to stop.
        Lifecycle.stopSignal: The signal that asks it to stop.
        LifecycleHandler.sleep: Wait.
        SleepAction.seconds: How long.
        SecurityContext.capabilities: Privileges of root that are added or taken.
        SecurityContext.privileged: All privileges, and the host's devices.
        SecurityContext.seLinuxOptions: The SELinux label.
        SecurityContext.windowsOptions: Settings for Windows.
        SecurityContext.runAsUser: The user id.
        SecurityContext.runAsGroup: The primary group id.
        SecurityContext.runAsNonRoot: Refuse to start as root.
        SecurityContext.readOnlyRootFilesystem: Nothing may be written but to volumes.
        SecurityContext.allowPrivilegeEscalation: Whether a process may gain privileges, as by sudo.
        SecurityContext.procMount: Whether parts of /proc are hidden.
        SecurityContext.seccompProfile: Which system calls may be made.
        SecurityContext.appArmorProfile: The AppArmor profile.
        Capabilities.add: Those that are added.
        Capabilities.drop: Those that are taken; ALL for all.
        SELinuxOptions.user SELinuxOptions.role SELinuxOptions.type SELinuxOptions.level: A part of the SELinux label.
        *.gmsaCredentialSpecName *.gmsaCredentialSpec *.runAsUserName *.hostProcess: A setting for Windows.
        SeccompProfile.type AppArmorProfile.type: RuntimeDefault, Unconfined, or Localhost for one of the host's.
        SeccompProfile.localhostProfile AppArmorProfile.localhostProfile: The profile for Localhost.
        """
}

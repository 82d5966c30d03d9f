import PodAPI
import Testing

@testable import PodManifest

@Suite struct FieldTableTests {
    @Test(arguments: [
        (
            "volumeMounts: [{mountpath: /a}]", 8, 21,
            "spec.containers[0].volumeMounts[0].mountpath: unknown field \"mountpath\" (did you mean \"mountPath\"?)"
        ),
        ("comand: [a]", 8, 5, "spec.containers[0].comand: unknown field \"comand\" (did you mean \"command\"?)"),
        (
            "volumesMounts: []", 8, 5,
            "spec.containers[0].volumesMounts: unknown field \"volumesMounts\" (did you mean \"volumeMounts\"?)"
        ),
        ("xyzzy: 1", 8, 5, "spec.containers[0].xyzzy: unknown field \"xyzzy\""),
        (
            "env: [{name: A, value: 80}]", 8, 28,
            "spec.containers[0].env[0].value: must be a string, is a number; quote it: \"80\""
        ),
        (
            "env: [{name: A, value: true}]", 8, 28,
            "spec.containers[0].env[0].value: must be a string, is a boolean; quote it: \"true\""
        ),
        (
            "env: [{name: A, value: 1_000}]", 8, 28,
            "spec.containers[0].env[0].value: must be a string, is a number; quote it: \"1_000\""
        ),
        ("env: {name: A}", 8, 10, "spec.containers[0].env: must be a list, is a mapping"),
        ("command: sleep", 8, 14, "spec.containers[0].command: must be a list, is the string \"sleep\""),
        ("command: [sleep, 1]", 8, 22, "spec.containers[0].command[1]: must be a string, is a number; quote it: \"1\""),
        ("command: [a, ]\nargs: [a, ~]", 9, 15, "spec.containers[0].args[1]: must not be empty"),
        (
            "ports: [{containerPort: \"80\"}]", 8, 29,
            "spec.containers[0].ports[0].containerPort: must be a whole number, is the string \"80\"; write it without quotes"
        ),
        (
            "ports: [{containerPort: http}]", 8, 29,
            "spec.containers[0].ports[0].containerPort: must be a whole number, is the string \"http\""
        ),
        (
            "ports: [{containerPort: 80.5}]", 8, 29,
            "spec.containers[0].ports[0].containerPort: must be a whole number, is a number"
        ),
        (
            "ports: [{containerPort: 1, protocol: tcp}]", 8, 42,
            "spec.containers[0].ports[0].protocol: must be one of \"TCP\", \"UDP\", \"SCTP\", is \"tcp\""
        ),
        (
            "securityContext: {privileged: \"true\"}", 8, 35,
            "spec.containers[0].securityContext.privileged: must be true or false, is the string \"true\"; write it without quotes"
        ),
        (
            "securityContext: {privileged: 1}", 8, 35,
            "spec.containers[0].securityContext.privileged: must be true or false, is a number"
        ),
        ("securityContext: []", 8, 22, "spec.containers[0].securityContext: must be a mapping, is a list"),
        (
            "resources: {claims: [{name: a}]}", 8, 17,
            "spec.containers[0].resources.claims: dynamic resource allocation needs a cluster"
        ),
        (
            "resources: {limits: {cpu: lots}}", 8, 31,
            "spec.containers[0].resources.limits[cpu]: \"lots\" is no quantity; write a number with a unit such as 500m, 1.5, 128Mi, 10Gi"
        ),
        (
            "volumeMounts: [{name: a, mountPath: /, mountPropagation: Both}]", 8, 62,
            "spec.containers[0].volumeMounts[0].mountPropagation: must be one of \"None\", \"HostToContainer\", "
                + "\"Bidirectional\", is \"Both\""
        ),
    ])
    func errorsOfAContainer(lines: String, line: Int, column: Int, message: String) {
        #expect(errors(containerText(lines)) == ["pod.yaml:\(line):\(column): \(message)"])
    }

    @Test(arguments: [
        ("os: {name: windows}", "6:14: spec.os.name: this host runs Linux"),
        (
            "volumes: [{name: g, gitRepo: {repository: r}}]",
            "6:23: spec.volumes[0].gitRepo: disabled in Kubernetes: use an emptyDir and an init container or sidecar that runs git-sync"
        ),
        (
            "volumes: [{name: g, nfs: {server: s, path: /}}]",
            "6:23: spec.volumes[0].nfs: not carried out yet: mount it on this host, and use hostPath or a local PersistentVolume"
        ),
        (
            "initContainers: [{name: i, restartPolicy: Sometimes}]",
            "6:45: spec.initContainers[0].restartPolicy: must be one of \"Always\", \"Never\", \"OnFailure\", is \"Sometimes\""
        ),
        (
            "restartPolicy: always",
            "6:18: spec.restartPolicy: must be one of \"Always\", \"OnFailure\", \"Never\", is \"always\""
        ),
    ])
    func errorsOfASpec(lines: String, message: String) {
        #expect(errors(podText(lines)) == ["pod.yaml:" + message])
    }

    /// A volume whose source is refused stays known, so that its mounts are not reported too.
    @Test func anObjectWithErrorsIsStillDecoded() {
        let manifest = read(podText("volumes: [{name: g, gitRepo: {repository: r}}]"))
        #expect(manifest.objects.count == 1)
        #expect(read(podText("volumes: [{nme: g}]")).objects.count == 1)
    }

    /// An error in one document hides nothing of another.
    @Test func eachDocumentHasItsOwnErrors() {
        var manifest = read(podText("volumes: [{nme: g}]") + "---\n" + podText("volumes: [{name: g}]"))
        #expect(manifest.errors.count == 1 && manifest.objects.count == 2)
        let path = FieldPath("spec").field("volumes").index(0).field("name")
        for object in manifest.objects { manifest.add([FieldError(path, "required value")], in: object) }
        #expect(manifest.errors.map(\.line) == [6, 13])
    }

    @Test func whatOnlyFollowsFromAnErrorIsNotReported() {
        var manifest = read(podText("volumes: [{nme: g}]"))
        #expect(manifest.errors.count == 1)
        let volume = FieldPath("spec").field("volumes").index(0)
        let found = [
            FieldError(volume.field("name"), "required value"), FieldError(volume.field("nme").field("x"), "wrong"),
            FieldError(FieldPath("metadata", "name"), "too long"),
        ]
        manifest.add(found, in: manifest.objects[0])
        #expect(manifest.errors.map(\.message).last == "too long")
        #expect(manifest.errors.count == 2)
    }

    @Test(arguments: [
        (
            "imagePullSecrets: [{name: s}]",
            "6:3: spec.imagePullSecrets: has no effect: no image is pulled from a registry"
        ),
        (
            "schedulerName: mine",
            "6:18: spec.schedulerName: has no effect: the default scheduler's rules hold for every pod"
        ),
        (
            "automountServiceAccountToken: true",
            "6:33: spec.automountServiceAccountToken: has no effect: there is no API server to hold a token for"
        ),
        (
            "containers: [{name: c, imagePullPolicy: Always}]",
            "6:43: spec.containers[0].imagePullPolicy: has no effect: no image is pulled from a registry"
        ),
    ])
    func notesOfFieldsWithoutEffect(lines: String, message: String) {
        #expect(notes(podText(lines)) == ["pod.yaml:" + message])
        #expect(errors(podText(lines)) == [])
    }

    @Test func defaultValuesAreAcceptedInSilence() {
        let text = """
            apiVersion: v1
            kind: Pod
            metadata:
              name: web
              creationTimestamp: null
              resourceVersion: "12"
              uid: 1b2c
              generation: 1
              managedFields: [{manager: kubectl, fieldsV1: {"f:spec": {}}}]
              finalizers: []
            spec:
              hostPID: false
              hostIPC: false
              shareProcessNamespace: false
              hostUsers: true
              os: {name: linux}
              nodeSelector: {}
              affinity: {nodeAffinity: {}}
              tolerations: []
              schedulerName: default-scheduler
              priority: 0
              preemptionPolicy: PreemptLowerPriority
              enableServiceLinks: true
              automountServiceAccountToken: false
              runtimeClassName: ""
              subdomain: ~
              securityContext: {seLinuxOptions: {}, sysctls: [], supplementalGroupsPolicy: Merge, fsGroup: null}
              containers:
              - name: c
                stdin: false
                stdinOnce: false
                tty: false
                resources: {limits: {}, requests: {}}
                lifecycle: {}
                livenessProbe:
                securityContext: {procMount: Default}
                volumeMounts: [{name: v, mountPath: /v, mountPropagation: None, recursiveReadOnly: Disabled, subPathExpr: ""}]
              volumes: [{name: v, emptyDir: {medium: "", sizeLimit: 0}, nfs: null}]
            status: {phase: Running, unknown: 1}
            """
        #expect(errors(text) == [])
        #expect(notes(text) == [])
    }

    @Test func allErrorsOfAFileAtOnceInTheirOrder() {
        let text = podText("hostname: 1\nhostPID: 1\ncontainers: [{nam: c}]") + "---\n" + podText("restartPolicy: x")
        #expect(
            errors(text).map { $0.prefix { $0 != " " } } == [
                "pod.yaml:6:13:", "pod.yaml:7:12:", "pod.yaml:8:17:", "pod.yaml:15:18:",
            ])
    }

    @Test func keysThatAreNoStrings() {
        let text =
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {on: a}}\ndata: {8080: a, no: b, 0x10: c, ok: d}\n"
        #expect(
            errors(text) == [
                "pod.yaml:3:30: metadata.labels[on]: the key is no string to YAML; quote it: \"on\"",
                "pod.yaml:4:17: data[no]: the key is no string to YAML; quote it: \"no\"",
                "pod.yaml:4:24: data[0x10]: the key is no string to YAML; quote it: \"0x10\"",
            ])
    }

    @Test func theTableIsData() throws {
        let fields = ManifestSchema.fields()
        func find(_ kind: String, _ path: String) -> ManifestSchema.FieldDescription? {
            fields.first { $0.kind == kind && $0.path == path }
        }
        #expect(find("Pod", "spec.containers[].volumeMounts[].mountPath")?.support == .done)
        #expect(find("Pod", "spec.containers[].livenessProbe.httpGet.port")?.support == .done)
        #expect(find("Pod", "spec.containers[].livenessProbe.httpGet.port")?.type == "IntOrString")
        #expect(find("Pod", "metadata.labels")?.type == "map[string]string")
        #expect(find("PersistentVolume", "spec.csi.volumeAttributes")?.support == .done)
        #expect(Set(fields.map { $0.kind + " " + $0.path }).count == fields.count)
        #expect(
            fields.filter { $0.kind == "Pod" && $0.path.hasPrefix("spec.") && !$0.path.dropFirst(5).contains(".") }
                .count == 43)
        let sources = fields.filter {
            $0.kind == "Pod" && $0.path.hasPrefix("spec.volumes[].") && $0.path.split(separator: ".").count == 3
        }
        #expect(sources.count == 31)
    }

    /// Every field of core/v1 PodSpec, Container and Volume of Kubernetes 1.37 is in the table, be it done or not.
    @Test(arguments: [
        (
            "spec",
            """
            activeDeadlineSeconds affinity automountServiceAccountToken containers dnsConfig dnsPolicy enableServiceLinks
            ephemeralContainers evictionResponders hostAliases hostIPC hostNetwork hostPID hostUsers hostname
            hostnameOverride imagePullSecrets initContainers nodeName nodeSelector os overhead preemptionPolicy priority
            priorityClassName readinessGates resourceClaims resources restartPolicy runtimeClassName schedulerName
            schedulingGates schedulingGroup securityContext serviceAccount serviceAccountName setHostnameAsFQDN
            shareProcessNamespace subdomain terminationGracePeriodSeconds tolerations topologySpreadConstraints volumes
            """
        ),
        (
            "spec.containers[]",
            """
            args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe resizePolicy
            resources restartPolicy restartPolicyRules securityContext startupProbe stdin stdinOnce
            terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir
            """
        ),
        (
            "spec.containers[].securityContext",
            """
            allowPrivilegeEscalation appArmorProfile capabilities privileged procMount readOnlyRootFilesystem runAsGroup
            runAsNonRoot runAsUser seLinuxOptions seccompProfile windowsOptions
            """
        ),
        (
            "spec.securityContext",
            """
            appArmorProfile fsGroup fsGroupChangePolicy runAsGroup runAsNonRoot runAsUser seLinuxChangePolicy seLinuxOptions
            seccompProfile supplementalGroups supplementalGroupsPolicy sysctls windowsOptions
            """
        ),
        (
            "spec.containers[].volumeMounts[]",
            "bindMountOptions mountPath mountPropagation name readOnly recursiveReadOnly subPath subPathExpr"
        ),
        (
            "spec.containers[].livenessProbe",
            """
            exec failureThreshold grpc httpGet initialDelaySeconds periodSeconds successThreshold tcpSocket
            terminationGracePeriodSeconds timeoutSeconds
            """
        ),
        ("spec.containers[].lifecycle", "postStart preStop stopSignal"),
        ("spec.containers[].lifecycle.preStop", "exec httpGet sleep tcpSocket"),
        ("spec.containers[].env[]", "name value valueFrom"),
        (
            "spec.containers[].env[].valueFrom",
            "configMapKeyRef fieldRef fileKeyRef resourceFieldRef secretKeyRef"
        ),
        ("spec.containers[].envFrom[]", "configMapRef prefix secretRef"),
        ("spec.containers[].ports[]", "containerPort hostIP hostPort name protocol"),
        (
            "spec.volumes[]",
            """
            awsElasticBlockStore azureDisk azureFile cephfs cinder configMap csi downwardAPI emptyDir ephemeral fc
            flexVolume flocker gcePersistentDisk gitRepo glusterfs hostPath image iscsi name nfs persistentVolumeClaim
            photonPersistentDisk portworxVolume projected quobyte rbd scaleIO secret storageos vsphereVolume
            """
        ),
    ])
    func everyFieldIsInTheTable(place: String, names: String) {
        let prefix = place + "."
        let found = ManifestSchema.fields().filter { $0.kind == "Pod" && $0.path.hasPrefix(prefix) }
            .map { $0.path.dropFirst(prefix.count) }.filter { !$0.contains(".") }
        #expect(found.sorted() == names.split { $0.isWhitespace })
    }

    @Test(arguments: APIType.allCases)
    func fieldNamesAreUnique(type: APIType) {
        #expect(!type.fields.isEmpty)
        #expect(Set(type.fields.map(\.name)).count == type.fields.count)
    }
}

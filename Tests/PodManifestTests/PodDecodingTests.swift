import PodAPI
import Testing

@testable import PodManifest

@Suite struct PodDecodingTests {
    static let full = """
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          namespace: shop
          labels: {app: web}
          annotations: {note: "a b"}
        spec:
          restartPolicy: OnFailure
          terminationGracePeriodSeconds: 5
          hostname: h
          nodeName: node
          serviceAccount: s
          dnsPolicy: None
          dnsConfig: {nameservers: [1.1.1.1], searches: [a.b], options: [{name: ndots, value: "2"}, {name: rotate}]}
          hostAliases: [{ip: 127.0.0.1, hostnames: [a, b]}]
          securityContext:
            runAsUser: 1000
            runAsGroup: 1001
            runAsNonRoot: true
            supplementalGroups: [5, 6]
            seccompProfile: {type: RuntimeDefault}
          volumes:
          - name: disk
            emptyDir: {}
          - name: memory
            emptyDir: {medium: Memory, sizeLimit: 64Mi}
          - name: bare
          - name: host
            hostPath: {path: /srv, type: Directory}
          - name: config
            configMap: {name: cm, defaultMode: 0400, optional: true, items: [{key: k, path: p, mode: 256}]}
          - name: secret
            secret: {secretName: s}
          - name: claim
            persistentVolumeClaim: {claimName: c, readOnly: true}
          initContainers:
          - name: setup
            command: [sh, -c, "exit 0"]
          - name: side
            restartPolicy: Always
          containers:
          - name: app
            image: host:/
            command: ["/bin/app"]
            args: [--port, "80"]
            workingDir: /srv
            ports: [{name: http, containerPort: 80, hostPort: 8080, hostIP: 127.0.0.1, protocol: UDP}]
            env:
            - {name: A, value: "1"}
            - {name: B, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"}}}
            - {name: C, valueFrom: {configMapKeyRef: {name: cm, key: k, optional: true}}}
            - {name: D, valueFrom: {secretKeyRef: {name: s, key: k}}}
            envFrom:
            - {prefix: P_, configMapRef: {name: cm}}
            - {secretRef: {name: s, optional: true}}
            volumeMounts: [{name: disk, mountPath: /d, readOnly: true, subPath: a/b}]
            terminationMessagePath: /m
            terminationMessagePolicy: FallbackToLogsOnError
            securityContext:
              runAsUser: 7
              runAsGroup: 8
              runAsNonRoot: false
              readOnlyRootFilesystem: true
              privileged: true
              allowPrivilegeEscalation: false
              capabilities: {add: [NET_ADMIN, cap_sys_time], drop: [ALL]}
              seccompProfile: {type: Unconfined}
        """

    @Test func everyFieldThatIsDone() throws {
        let pod = try pod(Self.full)
        #expect(
            pod.metadata
                == ObjectMeta(name: "web", namespace: "shop", labels: ["app": "web"], annotations: ["note": "a b"]))
        let spec = pod.spec
        #expect(spec.restartPolicy == .onFailure)
        #expect(spec.terminationGracePeriodSeconds == 5)
        #expect(spec.hostname == "h" && spec.nodeName == "node" && spec.serviceAccountName == "s")
        #expect(spec.dnsPolicy == DNSPolicy.none)
        #expect(spec.dnsConfig.nameservers == ["1.1.1.1"] && spec.dnsConfig.searches == ["a.b"])
        #expect(spec.dnsConfig.options == [.init(name: "ndots", value: "2"), .init(name: "rotate")])
        #expect(spec.hostAliases == [HostAlias(ip: "127.0.0.1", hostnames: ["a", "b"])])
        #expect(spec.securityContext.runAsUser == 1000 && spec.securityContext.runAsGroup == 1001)
        #expect(spec.securityContext.runAsNonRoot == true && spec.securityContext.supplementalGroups == [5, 6])
        #expect(spec.securityContext.seccompProfile == .runtimeDefault)
        #expect(
            spec.volumes == [
                Volume(name: "disk", source: .emptyDir(inMemory: false, sizeLimit: nil)),
                Volume(name: "memory", source: .emptyDir(inMemory: true, sizeLimit: Quantity(value: 64 << 20))),
                Volume(name: "bare", source: .emptyDir(inMemory: false, sizeLimit: nil)),
                Volume(name: "host", source: .hostPath(path: "/srv", type: .directory)),
                Volume(
                    name: "config",
                    source: .configMap(
                        name: "cm", items: [KeyToPath(key: "k", path: "p", mode: 0o400)], defaultMode: 0o400,
                        optional: true)),
                Volume(name: "secret", source: .secret(name: "s", items: nil, defaultMode: 0o644, optional: false)),
                Volume(name: "claim", source: .persistentVolumeClaim(name: "c", readOnly: true)),
            ])
        #expect(spec.initContainers.map(\.name) == ["setup", "side"])
        #expect(spec.initContainers.map(\.isSidecar) == [false, true])
    }

    @Test func everyFieldOfAContainer() throws {
        let container = try #require(try pod(Self.full).spec.containers.first)
        #expect(container.name == "app" && container.image == "host:/" && container.workingDir == "/srv")
        #expect(container.command == ["/bin/app"] && container.args == ["--port", "80"])
        let port = try #require(container.ports.first)
        #expect(port.name == "http" && port.containerPort == 80 && port.hostPort == 8080)
        #expect(port.hostIP == "127.0.0.1" && port.protocol == .udp)
        #expect(
            container.env == [
                EnvVar(name: "A", source: .value("1")),
                EnvVar(name: "B", source: .field("metadata.labels['app']")),
                EnvVar(name: "C", source: .configMapKey(name: "cm", key: "k", optional: true)),
                EnvVar(name: "D", source: .secretKey(name: "s", key: "k", optional: false)),
            ])
        #expect(
            container.envFrom == [
                EnvFromSource(prefix: "P_", source: .configMap(name: "cm", optional: false)),
                EnvFromSource(source: .secret(name: "s", optional: true)),
            ])
        let mount = try #require(container.volumeMounts.first)
        #expect(mount.name == "disk" && mount.mountPath == "/d" && mount.readOnly && mount.subPath == "a/b")
        #expect(
            container.terminationMessagePath == "/m" && container.terminationMessagePolicy == .fallbackToLogsOnError)
        let context = container.securityContext
        #expect(context.runAsUser == 7 && context.runAsGroup == 8 && context.runAsNonRoot == false)
        #expect(context.readOnlyRootFilesystem && context.privileged && context.allowPrivilegeEscalation == false)
        #expect(context.addCapabilities == ["NET_ADMIN", "SYS_TIME"] && context.dropCapabilities == ["ALL"])
        #expect(context.seccompProfile == .unconfined)
    }

    @Test func defaults() throws {
        let pod = try pod(containerText("ports: [{containerPort: 80}]"))
        #expect(pod.metadata.namespace == "default")
        #expect(pod.spec.restartPolicy == .always && pod.spec.terminationGracePeriodSeconds == 30)
        #expect(pod.spec.dnsPolicy == .clusterFirst && !pod.spec.hostNetwork)
        let container = try #require(pod.spec.containers.first)
        #expect(
            container.terminationMessagePath == "/dev/termination-log" && container.terminationMessagePolicy == .file)
        #expect(container.ports.first?.protocol == .tcp && container.ports.first?.hostPort == 0)
        #expect(container.securityContext == SecurityContext())
    }

    @Test func withTheHostsNetworkPortsAreTheHosts() throws {
        let pod = try pod(podText("hostNetwork: true\ncontainers: [{name: c, ports: [{containerPort: 80}]}]"))
        #expect(pod.spec.containers.first?.ports.first?.hostPort == 80)
    }

    @Test func securityProfiles() throws {
        let text = podText(
            "securityContext: {appArmorProfile: {type: Localhost, localhostProfile: p}, seLinuxOptions: {level: \"s0:c1\"}}\n"
                + "containers: [{name: c, securityContext: {appArmorProfile: {type: RuntimeDefault}}}]")
        let manifest = read(text)
        guard case .pod(let pod)? = manifest.objects.first?.object else { throw NoPod() }
        #expect(pod.spec.securityContext.appArmorProfile == .localhost("p"))
        #expect(pod.spec.securityContext.seLinuxOptions?.level == "s0:c1")
        #expect(pod.spec.containers.first?.securityContext.appArmorProfile == .runtimeDefault)
        #expect(manifest.notes.map(\.path?.description) == ["spec.securityContext.seLinuxOptions"])
    }

    @Test(arguments: [
        ("localhost/p", "", AppArmorProfile.localhost("p"), []),
        ("runtime/default", "", .runtimeDefault, []),
        ("unconfined", "", .unconfined, []),
        ("", "{type: RuntimeDefault}", .runtimeDefault, []),
        ("unconfined", "{type: Unconfined}", .unconfined, []),
        ("unconfined", "{type: RuntimeDefault}", .unconfined, ["AppArmor profile in annotation and field must match"]),
        ("p", "", nil, ["invalid AppArmor profile name: \"p\""]),
    ])
    func appArmorAnnotations(value: String, field: String, profile: AppArmorProfile?, problems: [String]) throws {
        let text = """
            apiVersion: v1
            kind: Pod
            metadata: {name: p, annotations: {container.apparmor.security.beta.kubernetes.io/c: "\(value)"}}
            spec: {containers: [{name: c, securityContext: {appArmorProfile: \(field)}}]}
            """
        let manifest = read(text)
        guard case .pod(let pod)? = manifest.objects.first?.object else { throw NoPod() }
        #expect(pod.spec.containers.first?.securityContext.appArmorProfile == profile)
        #expect(manifest.errors.map(\.message) == problems)
        #expect(errors(text.replacing("io/c:", with: "io/none:")).count == (value.isEmpty ? 0 : 1))
    }

    @Test func generatedNames() throws {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {generateName: web-}\nspec: {containers: [{name: c}]}"
        let names = try (0..<20).map { _ in try pod(text).metadata.name }
        for name in names { #expect(name.wholeMatch(of: /web-[bcdfghjklmnpqrstvwxz2456789]{5}/) != nil) }
        #expect(Set(names).count > 15)
    }

    @Test(arguments: [
        ("seccompProfile: {}", "type: required: one of \"Localhost\", \"RuntimeDefault\", \"Unconfined\""),
        (
            "seccompProfile: {type: RuntimeDefault, localhostProfile: a.json}",
            "localhostProfile: can only be set when seccomp type is Localhost"
        ),
        ("appArmorProfile: {}", "type: required: type is required when appArmorProfile is set"),
        (
            "appArmorProfile: {type: Unconfined, localhostProfile: a}",
            "localhostProfile: can only be set when AppArmor type is Localhost"
        ),
    ])
    func profiles(line: String, message: String) {
        #expect(errors(containerText("securityContext: {\(line)}")).count == 1)
        #expect(errors(containerText("securityContext: {\(line)}")).first?.hasSuffix(message) == true)
    }

    @Test(arguments: [
        (
            "- {name: A, value: x, valueFrom: {fieldRef: {fieldPath: metadata.name}}}",
            "spec.containers[0].env[0].valueFrom: not allowed together with value"
        ),
        (
            "- {name: A, valueFrom: {}}",
            "spec.containers[0].env[0].valueFrom: required: one of fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef"
        ),
        (
            "- {name: A, valueFrom: {configMapKeyRef: {name: a, key: b}, secretKeyRef: {name: a, key: b}}}",
            "spec.containers[0].env[0].valueFrom: only one source is allowed, given are configMapKeyRef and secretKeyRef"
        ),
    ])
    func environmentSources(line: String, message: String) {
        let found = errors(containerText("env:\n" + line))
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix(message) == true, "\(found)")
    }

    @Test(arguments: [
        (
            "{name: v, emptyDir: {}, hostPath: {path: /}}",
            "spec.volumes[0]: only one source is allowed, given are emptyDir and hostPath"
        ),
        (
            "{name: v, emptyDir: {medium: HugePages-2Mix}}",
            "spec.volumes[0].emptyDir.medium: must be \"\" (disk), \"Memory\", \"HugePages\" or \"HugePages-SIZE\", is \"HugePages-2Mix\""
        ),
        (
            "{name: v, emptyDir: {medium: memory}}",
            "spec.volumes[0].emptyDir.medium: must be \"\" (disk), \"Memory\", \"HugePages\" or \"HugePages-SIZE\", is \"memory\""
        ),
        (
            "{name: v, hostPath: {path: /, type: Dir}}",
            "spec.volumes[0].hostPath.type: must be one of \"DirectoryOrCreate\", \"Directory\", \"FileOrCreate\", \"File\", \"Socket\", \"CharDevice\", \"BlockDevice\", is \"Dir\""
        ),
        (
            "{name: v, configMap: {name: c, defaultMode: 01000}}",
            "spec.volumes[0].configMap.defaultMode: must be from 0 to 0777 (511), is 01000"
        ),
    ])
    func volumeSources(volume: String, message: String) {
        let found = errors(podText("volumes: [\(volume)]"))
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix(message) == true, "\(found)")
    }
}

@Suite struct ResourceDecodingTests {
    @Test func ofContainersAndOfThePod() throws {
        let pod = try pod(
            podText(
                """
                resources: {limits: {cpu: 2}}
                containers:
                - name: c
                  resources:
                    limits: {cpu: 1.5, memory: 64Mi, example.com/gpu: 1}
                    requests: {cpu: 250m}
                """))
        let container = try #require(pod.spec.containers.first)
        let limits = ["cpu": Quantity("1500m"), "memory": Quantity("64Mi"), "example.com/gpu": Quantity("1")]
        #expect(container.resources.limits == limits.compactMapValues { $0 })
        #expect(container.resources.requests["cpu"] == Quantity("250m"))
        #expect(container.resources.requests["memory"] == Quantity("64Mi"))
        #expect(pod.spec.resources.limits == ["cpu": Quantity(value: 2)])
        #expect(pod.spec.resources.requests["cpu"] == Quantity("250m"))
    }
}

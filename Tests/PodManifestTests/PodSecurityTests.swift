import PodAPI
import Testing

@testable import PodManifest

/// The Pod Security Standards of Kubernetes 1.37, check by check.
@Suite struct PodSecurityTests {
    private func violations(_ text: String, _ level: PodSecurityLevel) -> [String] {
        let manifest = read(text)
        return manifest.objects.flatMap { object in
            object.podSecurityViolations(level).map { manifest.diagnostic(for: $0, in: object).description }
        }
    }

    /// A pod that the strictest level allows; what is given replaces a field, or is added to its place.
    private func pod(
        _ spec: String = "", context: String = "", container: String = "", capabilities: String? = nil
    )
        -> String
    {
        podText(
            """
            securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}\(context)}
            containers:
            - name: c
              securityContext: {allowPrivilegeEscalation: false, capabilities: {\(capabilities ?? "drop: [ALL]")}\(container)}
            """ + (spec.isEmpty ? "" : "\n" + spec))
    }

    @Test func theStrictestLevelCanBeMet() {
        #expect(violations(pod(), .restricted) == [])
        #expect(violations(pod(), .baseline) == [])
    }

    @Test func privilegedAllowsEverything() {
        #expect(violations(pod("hostNetwork: true\nhostPID: true", container: ", privileged: true"), .privileged) == [])
    }

    /// Of both levels.
    @Test(arguments: [
        ("hostNetwork: true", "10:16: spec.hostNetwork", "host namespaces (hostNetwork=true)"),
        ("hostPID: true", "10:12: spec.hostPID", "host namespaces (hostPID=true)"),
        ("hostIPC: true", "10:12: spec.hostIPC", "host namespaces (hostIPC=true)"),
        (
            "initContainers: [{name: i, ports: [{hostPort: 80, containerPort: 80}], \(strict)}]",
            "10:49: spec.initContainers[0].ports[0].hostPort", "hostPort (container \"i\" uses hostPort 80)"
        ),
        (
            "initContainers: [{name: i, livenessProbe: {httpGet: {host: example.com, port: 80}}, \(strict)}]",
            "10:62: spec.initContainers[0].livenessProbe.httpGet.host",
            "probe or lifecycle host (container \"i\" uses probe or lifecycle host \"example.com\")"
        ),
        (
            "initContainers: [{name: i, startupProbe: {tcpSocket: {host: 192.0.2.1, port: 80}}, \(strict)}]",
            "10:63: spec.initContainers[0].startupProbe.tcpSocket.host",
            "probe or lifecycle host (container \"i\" uses probe or lifecycle host \"192.0.2.1\")"
        ),
        (
            "initContainers: [{name: i, lifecycle: {preStop: {httpGet: {host: h, port: 80}}}, \(strict)}]",
            "10:68: spec.initContainers[0].lifecycle.preStop.httpGet.host",
            "probe or lifecycle host (container \"i\" uses probe or lifecycle host \"h\")"
        ),
        (
            "ephemeralContainers: [{name: e, securityContext: {privileged: true, \(strictContext)}}]",
            "10:65: spec.ephemeralContainers[0].securityContext.privileged",
            "privileged (container \"e\" must not set securityContext.privileged=true)"
        ),
    ])
    func fieldsOfTheSpec(spec: String, place: String, message: String) {
        for level in [PodSecurityLevel.baseline, .restricted] {
            #expect(
                violations(pod(spec), level) == [
                    "pod.yaml:\(place): violates PodSecurity \"\(level.rawValue):latest\": \(message)"
                ])
        }
    }

    @Test(arguments: [
        (
            ", sysctls: [{name: kernel.shm_rmid_forced, value: \"1\"}, {name: kernel.msgmax, value: \"1\"}]",
            "sysctls[1].name", "forbidden sysctls (kernel.msgmax)"
        ),
        (
            ", appArmorProfile: {type: Unconfined}", "appArmorProfile.type",
            "forbidden AppArmor profile (pod must not set AppArmor profile type to \"Unconfined\")"
        ),
        (
            ", windowsOptions: {hostProcess: true}", "windowsOptions.hostProcess",
            "hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)"
        ),
        (
            ", seLinuxOptions: {type: spc_t}", "seLinuxOptions.type",
            "seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type \"spc_t\")"
        ),
        (
            ", seLinuxOptions: {type: container_t, user: u}", "seLinuxOptions.user",
            "seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: user may not be set)"
        ),
        (
            ", seLinuxOptions: {role: r, level: \"s0:c1\"}", "seLinuxOptions.role",
            "seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: role may not be set)"
        ),
    ])
    func fieldsOfThePodsContext(context: String, path: String, message: String) {
        expect(pod(context: context), "spec.securityContext." + path, message, [.baseline, .restricted])
    }

    @Test(arguments: [
        (
            ", privileged: true", "privileged",
            "privileged (container \"c\" must not set securityContext.privileged=true)"
        ),
        (
            ", procMount: Unmasked", "procMount",
            "procMount (container \"c\" must not set securityContext.procMount to \"Unmasked\")"
        ),
        (
            ", appArmorProfile: {type: Unconfined}", "appArmorProfile.type",
            "forbidden AppArmor profile (container \"c\" must not set AppArmor profile type to \"Unconfined\")"
        ),
        (
            ", seLinuxOptions: {user: u}", "seLinuxOptions.user",
            "seLinuxOptions (container \"c\" set forbidden securityContext.seLinuxOptions: user may not be set)"
        ),
        (
            ", windowsOptions: {hostProcess: true}", "windowsOptions.hostProcess",
            "hostProcess (container \"c\" must not set securityContext.windowsOptions.hostProcess=true)"
        ),
        (
            ", seccompProfile: {type: Unconfined}", "seccompProfile.type",
            "seccompProfile (container \"c\" must not set securityContext.seccompProfile.type to \"Unconfined\")"
        ),
    ])
    func fieldsOfAContainersContext(context: String, path: String, message: String) {
        expect(
            pod(container: context), "spec.containers[0].securityContext." + path, message, [.baseline, .restricted])
    }

    @Test(arguments: [
        (
            ", runAsUser: 0", "runAsUser", "runAsUser=0 (container \"c\" must not set runAsUser=0)"
        ),
        (
            ", runAsNonRoot: false", "runAsNonRoot",
            "runAsNonRoot != true (container \"c\" must not set securityContext.runAsNonRoot=false)"
        ),
    ])
    func fieldsOfTheRestrictedLevel(context: String, path: String, message: String) {
        expect(pod(container: context), "spec.containers[0].securityContext." + path, message, [.restricted])
    }

    private func expect(_ text: String, _ path: String, _ message: String, _ levels: [PodSecurityLevel]) {
        for level in [PodSecurityLevel.baseline, .restricted] {
            let found = violations(text, level)
            guard levels.contains(level) else {
                #expect(found == [])
                continue
            }
            #expect(found.count == 1)
            #expect(
                found.first?.hasSuffix(": \(path): violates PodSecurity \"\(level.rawValue):latest\": \(message)")
                    ?? false,
                "\(found)")
        }
    }

    @Test func capabilities() {
        let text = pod(capabilities: "add: [CHOWN, NET_RAW, NET_BIND_SERVICE]")
        let path = "spec.containers[0].securityContext.capabilities"
        #expect(
            violations(text, .baseline) == [
                "pod.yaml:9:84: \(path).add[1]: violates PodSecurity \"baseline:latest\": non-default capabilities "
                    + "(container \"c\" must not include \"NET_RAW\" in securityContext.capabilities.add)"
            ])
        let restricted = "violates PodSecurity \"restricted:latest\": unrestricted capabilities (container \"c\" must "
        #expect(
            violations(text, .restricted) == [
                "pod.yaml:9:56: \(path).drop: \(restricted)set securityContext.capabilities.drop=[\"ALL\"])",
                "pod.yaml:9:77: \(path).add[0]: \(restricted)not include \"CHOWN\" in securityContext.capabilities.add)",
                "pod.yaml:9:84: \(path).add[1]: \(restricted)not include \"NET_RAW\" in securityContext.capabilities.add)",
            ])
    }

    @Test func volumes() {
        let text = pod(
            "volumes: [{name: a, hostPath: {path: /}}, {name: b, emptyDir: {}}, {name: d}, {name: n, nfs: {server: s, path: /}}]"
        )
        #expect(
            violations(text, .baseline) == [
                "pod.yaml:10:23: spec.volumes[0].hostPath: violates PodSecurity \"baseline:latest\": hostPath volumes (volume \"a\")"
            ])
        let restricted = "violates PodSecurity \"restricted:latest\": restricted volume types (volume"
        #expect(
            violations(text, .restricted) == [
                "pod.yaml:10:23: spec.volumes[0].hostPath: \(restricted) \"a\" uses restricted volume type \"hostPath\")",
                "pod.yaml:10:91: spec.volumes[3].nfs: \(restricted) \"n\" uses restricted volume type \"nfs\")",
            ])
    }

    /// What nothing has been said about.
    @Test func emptyPod() {
        let text = podText("containers: [{name: c}]")
        #expect(violations(text, .baseline) == [])
        let place = "pod.yaml:6:16: spec.containers[0].securityContext"
        let restricted = "violates PodSecurity \"restricted:latest\""
        #expect(
            violations(text, .restricted) == [
                "\(place).capabilities.drop: \(restricted): unrestricted capabilities (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"])",
                "\(place).seccompProfile.type: \(restricted): seccompProfile (pod or container \"c\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")",
                "\(place).allowPrivilegeEscalation: \(restricted): allowPrivilegeEscalation != false (container \"c\" must set securityContext.allowPrivilegeEscalation=false)",
                "\(place).runAsNonRoot: \(restricted): runAsNonRoot != true (pod or container \"c\" must set securityContext.runAsNonRoot=true)",
            ])
    }

    @Test func annotations() {
        let text =
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations:\n"
            + "    container.apparmor.security.beta.kubernetes.io/a: runtime/default\n"
            + "    container.apparmor.security.beta.kubernetes.io/b: localhost/x\n"
            + "    container.apparmor.security.beta.kubernetes.io/c: unconfined\nspec: {containers: [{name: c}]}"
        let key = "container.apparmor.security.beta.kubernetes.io/c"
        #expect(
            violations(text, .baseline) == [
                "pod.yaml:8:55: metadata.annotations[\(key)]: violates PodSecurity \"baseline:latest\": forbidden AppArmor "
                    + "profile (annotation must not set AppArmor profile type to \"\(key)=unconfined\")"
            ])
    }

    /// On the host's network a port is one of the host's.
    @Test func hostNetworkPublishesEveryPort() {
        let text = pod("hostNetwork: true\ninitContainers: [{name: i, ports: [{containerPort: 80}], \(strict)}]")
        #expect(violations(text, .baseline).count == 2)
    }

    @Test func userNamespacesRelax() {
        let context = ", runAsUser: 0, runAsNonRoot: false"
        #expect(violations(pod("hostUsers: false", container: context), .restricted) == [])
        #expect(violations(pod("hostUsers: true", container: context), .restricted).count == 2)
        #expect(violations(pod("hostUsers: false", container: ", procMount: Unmasked"), .baseline) == [])
        #expect(violations(pod("hostUsers: false", container: ", procMount: Unmasked"), .restricted).count == 1)
    }

    @Test func windowsHasNoneOfTheseThings() {
        let text = podText("os: {name: windows}\nsecurityContext: {runAsNonRoot: true}\ncontainers: [{name: c}]")
        #expect(violations(text, .restricted) == [])
    }

    /// What a pod sets wrongly is told before what its containers leave out.
    @Test func thePodsOwnMistakes() {
        let text = podText(
            "securityContext: {runAsUser: 0, runAsNonRoot: false, seccompProfile: {type: Unconfined}}\n"
                + "containers:\n- name: c\n  securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}"
        )
        let restricted = "violates PodSecurity \"restricted:latest\""
        #expect(
            violations(text, .restricted) == [
                "pod.yaml:6:79: spec.securityContext.seccompProfile.type: \(restricted): seccompProfile (pod must not set securityContext.seccompProfile.type to \"Unconfined\")",
                "pod.yaml:6:49: spec.securityContext.runAsNonRoot: \(restricted): runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)",
                "pod.yaml:6:32: spec.securityContext.runAsUser: \(restricted): runAsUser=0 (pod must not set runAsUser=0)",
            ])
    }

    @Test func otherKindsAreNotJudged() {
        #expect(violations("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}", .restricted) == [])
    }
}

private let strictContext = "allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}"
private let strict = "securityContext: {\(strictContext)}"

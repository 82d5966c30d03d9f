import PodAPI
import Testing

@testable import PodManifest

@Suite struct StoredObjectTests {
    static let manifest = """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, namespace: ns, labels: {a: "1"}}
        spec:
          restartPolicy: OnFailure
          initContainers: [{name: i, restartPolicy: Always, image: "host:/", command: [sleep, "1"]}]
          containers:
          - name: a
            image: nginx:1.27
            env: [{name: A, value: "0777"}, {name: B, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
            ports: [{containerPort: 80}]
            readinessProbe: {httpGet: {port: 80}}
            resources: {limits: {cpu: 0.5}}
            volumeMounts: [{name: c, mountPath: /c}]
          volumes: [{name: c, configMap: {name: c, defaultMode: 0400}}, {name: d, emptyDir: {sizeLimit: 1Gi}}]
        """

    /// What is stored is read as what the manifest was read as.
    @Test func aStoredPodIsThePodOfItsManifest() throws {
        let manifest = ManifestReader().read(Array(Self.manifest.utf8), file: "p.yaml")
        #expect(manifest.errors.isEmpty)
        let written = try #require(manifest.objects.first)
        var json = ObjectDefaults.complete(written.json)
        json[path: "metadata", "uid"] = .string("u-1")
        let stored = StoredObject(json)
        #expect(stored.errors.isEmpty, "\(stored.errors)")
        guard case .pod(let before) = written.object, case .pod(var after)? = stored.object else {
            Issue.record("no pod")
            return
        }
        #expect(after.metadata.uid == "u-1")
        after.metadata.uid = ""
        #expect(after.spec.scheduling.tolerations.count == 2)
        after.spec.scheduling.tolerations = before.spec.scheduling.tolerations
        #expect(after.spec.serviceAccountName == "default")
        after.spec.serviceAccountName = before.spec.serviceAccountName
        #expect(after == before)
    }

    @Test func itsErrorsNameTheField() throws {
        let json = try JSONValue(
            parsing:
                #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"A","imag":1}]}}"#
                .utf8)
        let errors = StoredObject(json).errors.map { "\($0.path): \($0.message)" }
        #expect(errors.contains(#"spec.containers[0].imag: unknown field "imag" (did you mean "image"?)"#), "\(errors)")
        #expect(errors.contains { $0.hasPrefix("spec.containers[0].name:") }, "\(errors)")
    }
}

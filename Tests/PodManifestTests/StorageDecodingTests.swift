import PodAPI
import Testing

@testable import PodManifest

@Suite struct StorageDecodingTests {
    @Test func anErrorInASecretsDataIsWhereTheKeyIsWritten() {
        let manifest = read(
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {\"a b\": x}\ndata: {c: aGVsbG8=}\n")
        func place(_ key: String) -> String {
            let error = FieldError(FieldPath("data").key(key), "wrong")
            return manifest.diagnostic(for: error, in: manifest.objects[0]).description
        }
        #expect(place("a b") == "pod.yaml:4:21: stringData[a b]: wrong")
        #expect(place("c") == "pod.yaml:5:11: data[c]: wrong")
    }

    @Test func everyFieldOfAVolume() throws {
        let text = """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: pv, labels: {a: b}}
            spec:
              capacity: {storage: 10Gi}
              accessModes: [ReadWriteOnce, ReadOnlyMany]
              persistentVolumeReclaimPolicy: Delete
              storageClassName: fast
              volumeMode: Block
              claimRef: {apiVersion: v1, kind: PersistentVolumeClaim, name: c, uid: u}
              local: {path: /mnt}
              nodeAffinity:
                required:
                  nodeSelectorTerms:
                  - matchExpressions: [{key: k, operator: NotIn, values: [v]}]
                    matchFields: [{key: metadata.name, operator: In, values: [node]}]
            """
        let manifest = read(text)
        #expect(manifest.errors.isEmpty, "\(manifest.errors)")
        let expected = PersistentVolume(
            metadata: ObjectMeta(name: "pv", namespace: "", labels: ["a": "b"]), capacity: Quantity(value: 10 << 30),
            accessModes: [.readWriteOnce, .readOnlyMany], reclaimPolicy: .delete, storageClassName: "fast",
            volumeMode: .block,
            claimRef: .init(namespace: "default", name: "c", uid: "u"),
            nodeAffinity: NodeSelector(terms: [
                .init(
                    matchExpressions: [.init(key: "k", operator: .notIn, values: ["v"])],
                    matchFields: [.init(key: "metadata.name", operator: .in, values: ["node"])])
            ]),
            source: .local(path: "/mnt"))
        #expect(manifest.objects.first?.object == .persistentVolume(expected))
    }

    @Test(arguments: [
        ("capacity: {storage: 1Gi}", ":3:1: spec: a source is required, such as hostPath or local"),
        ("hostPath: {path: /}", ":3:1: spec.capacity[storage]: required"),
        (
            "capacity: {storage: 1Gi}\n  hostPath: {path: /}\n  nfs: {server: s, path: /}",
            ":3:1: spec: only one source is allowed, given are hostPath and nfs"
        ),
        (
            "capacity: {storage: 1GiB}\n  hostPath: {path: /}",
            ":4:23: spec.capacity[storage]: \"1GiB\" is no quantity; write a number with a unit such as 500m, 1.5, 128Mi, 10Gi"
        ),
        (
            "accessModes: [RWO]\n  capacity: {storage: 1Gi}\n  hostPath: {path: /}",
            ":4:17: spec.accessModes[0]: must be one of \"ReadWriteOnce\", \"ReadOnlyMany\", \"ReadWriteMany\", \"ReadWriteOncePod\", is \"RWO\""
        ),
        (
            "mountOptions: [ro]\n  capacity: {storage: 1Gi}\n  hostPath: {path: /}",
            ":4:3: spec.mountOptions: hostPath and local volumes take none, as in Kubernetes: mount the file system with them on this "
                + "host"
        ),
    ])
    func errorsOfVolumes(spec: String, message: String) {
        #expect(errors("apiVersion: v1\nkind: PersistentVolume\nspec:\n  " + spec + "\n") == ["pod.yaml" + message])
    }

    @Test(arguments: [
        "nfs: {server: s, path: /}", "csi: {driver: d, volumeHandle: h}", "iscsi: {targetPortal: t, iqn: i, lun: 0}",
    ])
    func otherSourcesAreKept(source: String) {
        let manifest = read(
            "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: a}\nspec: {capacity: {storage: 1}, \(source)}\n")
        #expect(manifest.errors.isEmpty, "\(manifest.errors)")
        guard case .persistentVolume(let volume)? = manifest.objects.first?.object else { return #expect(Bool(false)) }
        #expect(volume.source == .other(kind: String(source.prefix { $0 != ":" })))
    }

    @Test func aVolumeHasNoNamespace() {
        #expect(
            errors(
                "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: a, namespace: b}\nspec: {capacity: {storage: 1}, hostPath: {path: /}}\n"
            )
                == ["pod.yaml:3:32: metadata.namespace: this kind has no namespace; leave it out"])
    }

    @Test(
        arguments: [("", nil), ("storageClassName: ''", ""), ("storageClassName: a", "a"), ("storageClassName:", nil)]
            as [(String, String?)])
    func classOfAClaim(line: String, expected: String?) throws {
        let text =
            "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: c}\nspec:\n  resources: {requests: {storage: 1.5Gi}}\n  volumeName: v\n"
            + "  selector: {matchLabels: {a: b}, matchExpressions: [{key: k, operator: Exists}]}\n  " + line + "\n"
        let manifest = read(text)
        guard case .persistentVolumeClaim(let claim)? = manifest.objects.first?.object else {
            return #expect(Bool(false), "\(manifest.errors)")
        }
        #expect(claim.storageClassName == expected && claim.volumeName == "v" && claim.request.value == 3 << 29)
        #expect(
            claim.selector
                == LabelSelector(matchLabels: ["a": "b"], matchExpressions: [.init(key: "k", operator: .exists)]))
        #expect(claim.metadata.namespace == "default")
    }

    @Test func aClaimNeedsARequest() {
        #expect(
            errors("apiVersion: v1\nkind: PersistentVolumeClaim\nspec: {resources: {limits: {storage: 1Gi}}}\n")
                == ["pod.yaml:3:8: spec.resources.requests[storage]: required"])
    }

    @Test func secrets() throws {
        let text =
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nimmutable: true\ndata: {a: aGVsbG8=, b: YQ==, c: ''}\nstringData: {b: over, d: \"x\"}\n"
        guard case .secret(let secret)? = read(text).objects.first?.object else { throw NoPod() }
        #expect(secret.type == "Opaque" && secret.immutable)
        #expect(secret.data == ["a": Array("hello".utf8), "b": Array("over".utf8), "c": [], "d": Array("x".utf8)])
    }

    @Test func binaryData() throws {
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\nbinaryData:\n  a: |\n    AAEC\n    /w==\n"
        guard case .configMap(let map)? = read(text).objects.first?.object else { throw NoPod() }
        #expect(map.binaryData == ["a": [0, 1, 2, 255]])
    }

    @Test(arguments: ["hello!", "aGVsbG8", "YQ=", "YQ===", "Y=Q=", "YQ==YQ==", "aGV_", "===="])
    func isNoBase64(text: String) {
        #expect(
            errors("apiVersion: v1\nkind: Secret\ndata: {a: \"\(text)\"}\n")
                == [
                    "pod.yaml:3:11: data[a]: must be base64; for plain text use stringData (of a Secret) or data (of a ConfigMap)"
                ])
    }
}

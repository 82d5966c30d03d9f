import PodAPI
import PodPlan
import PodPlanner
import Storage
import Testing

@Suite struct VolumeTests {
    static let configMaps = [
        ConfigMap(metadata: ObjectMeta(name: "c"), data: ["b": "two", "a": "one"], binaryData: ["z": [0, 255]])
    ]
    static let secrets = [Secret(metadata: ObjectMeta(name: "s"), data: ["user": [1], "password": [2]])]

    func plan(_ volumes: [Volume], _ mounts: [VolumeMount], bindings: Bindings = Bindings()) throws -> PlannedPod {
        try PodPlanner.plain.plan(
            pod: Self.pod(volumes, mounts), configMaps: Self.configMaps, secrets: Self.secrets, bindings: bindings,
            uid: "u"
        )
    }

    func errors(_ volumes: [Volume], _ mounts: [VolumeMount], bindings: Bindings = Bindings()) -> [String] {
        PodPlanner.plain.errors(
            Self.pod(volumes, mounts), configMaps: Self.configMaps, secrets: Self.secrets, bindings: bindings
        )
    }

    static func pod(_ volumes: [Volume], _ mounts: [VolumeMount]) -> Pod {
        PodPlannerTests.pod {
            $0.spec.volumes = volumes
            $0.spec.containers[0].volumeMounts = mounts
        }
    }

    static let sources: [(Volume.Source, VolumePlan.Source, Bool)] = [
        (.emptyDir(inMemory: false, sizeLimit: nil), .emptyDirectory, false),
        (.emptyDir(inMemory: true, sizeLimit: nil), .memory(size: 0), false),
        (.emptyDir(inMemory: true, sizeLimit: Quantity(value: 4096)), .memory(size: 4096), false),
        (.hostPath(path: "/srv", type: .unset), .hostPath(path: "/srv", type: .unset), false),
        (.hostPath(path: "/srv", type: .directoryOrCreate), .hostPath(path: "/srv", type: .directoryOrCreate), false),
        (.hostPath(path: "/dev/x", type: .blockDevice), .hostPath(path: "/dev/x", type: .blockDevice), false),
        (
            .configMap(name: "c", items: nil, defaultMode: 0o644, optional: false),
            .files([
                FilePlan(path: "a", mode: 0o644, content: Array("one".utf8)),
                FilePlan(path: "b", mode: 0o644, content: Array("two".utf8)),
                FilePlan(path: "z", mode: 0o644, content: [0, 255]),
            ]), true
        ),
        (
            .configMap(
                name: "c",
                items: [KeyToPath(key: "b", path: "dir/b.conf", mode: 0o600), KeyToPath(key: "a", path: "a")],
                defaultMode: 0o440, optional: false),
            .files([
                FilePlan(path: "dir/b.conf", mode: 0o600, content: Array("two".utf8)),
                FilePlan(path: "a", mode: 0o440, content: Array("one".utf8)),
            ]), true
        ),
        (.configMap(name: "none", items: nil, defaultMode: 0o644, optional: true), .files([]), true),
        (
            .configMap(name: "c", items: [KeyToPath(key: "none", path: "x")], defaultMode: 0o644, optional: true),
            .files([]),
            true
        ),
        (
            .secret(name: "s", items: nil, defaultMode: 0o400, optional: false),
            .files([
                FilePlan(path: "password", mode: 0o400, content: [2]),
                FilePlan(path: "user", mode: 0o400, content: [1]),
            ]), true
        ),
        (.secret(name: "none", items: nil, defaultMode: 0o644, optional: true), .files([]), true),
    ]

    @Test(arguments: sources)
    func source(_ source: Volume.Source, _ expected: VolumePlan.Source, _ readOnly: Bool) throws {
        let planned = try plan([Volume(name: "v", source: source)], [mount("v", "/v")])
        #expect(planned.plan.volumes == [VolumePlan(name: "v", source: expected)])
        #expect(planned.plan.containers[0].mounts == [MountPlan(volume: 0, mountPath: "/v", readOnly: readOnly)])
        #expect(planned.notes == [])
    }

    static let missing: [(Volume.Source, String)] = [
        (
            .configMap(name: "none", items: nil, defaultMode: 0o644, optional: false),
            "FailedMount spec.volumes[0].configMap.name: configmap \"none\" not found"
        ),
        (
            .secret(name: "none", items: nil, defaultMode: 0o644, optional: false),
            "FailedMount spec.volumes[0].secret.secretName: secret \"none\" not found"
        ),
        (
            .configMap(name: "c", items: [KeyToPath(key: "k", path: "x")], defaultMode: 0o644, optional: false),
            "FailedMount spec.volumes[0].configMap.items[0].key: references non-existent config key: k"
        ),
        (
            .secret(name: "s", items: [KeyToPath(key: "k", path: "x")], defaultMode: 0o644, optional: false),
            "FailedMount spec.volumes[0].secret.items[0].key: references non-existent secret key: k"
        ),
        (
            .persistentVolumeClaim(name: "none", readOnly: false),
            "FailedScheduling spec.volumes[0].persistentVolumeClaim.claimName: persistentvolumeclaim \"none\" not found"
        ),
    ]

    @Test(arguments: missing)
    func whatIsMissing(_ source: Volume.Source, _ expected: String) {
        #expect(errors([Volume(name: "v", source: source)], [mount("v", "/v")]) == [expected])
    }

    @Test func volumesThatNobodyMountsAreLeftOut() throws {
        let empty = Volume.Source.emptyDir(inMemory: false, sizeLimit: nil)
        let planned = try plan(
            [
                Volume(name: "unused", source: .configMap(name: "none", items: nil, defaultMode: 0, optional: false)),
                Volume(name: "used", source: empty),
            ], [mount("used", "/v")]
        )
        #expect(planned.plan.volumes.map(\.name) == ["used"])
        #expect(planned.plan.containers[0].mounts.map(\.volume) == [0])
        #expect(
            errors([Volume(name: "unused", source: .persistentVolumeClaim(name: "none", readOnly: false))], []).count
                == 1
        )
    }

    // MARK: Mounts

    @Test func parentsAreMountedBeforeChildren() throws {
        let volumes = ["a", "b", "c", "d"].map { Volume(name: $0, source: .emptyDir(inMemory: false, sizeLimit: nil)) }
        let mounts = try plan(
            volumes,
            [
                mount("a", "/x/y/z"), mount("b", "/x"), mount("c", "/w/"),
                mount("d", "x/y", subPath: "s/t", readOnly: true),
            ]
        ).plan.containers[0].mounts
        #expect(
            mounts == [
                MountPlan(volume: 1, mountPath: "/x"), MountPlan(volume: 2, mountPath: "/w"),
                MountPlan(volume: 3, mountPath: "/x/y", subPath: "s/t", readOnly: true),
                MountPlan(volume: 0, mountPath: "/x/y/z"),
            ]
        )
    }

    @Test(arguments: ["/", "//", "/a/..", "/a\0"])
    func pathsThatCannotBeMountedOver(_ path: String) {
        let list = errors([Volume(name: "v", source: .emptyDir(inMemory: false, sizeLimit: nil))], [mount("v", path)])
        #expect(list.count == 1)
        #expect(list.first?.hasPrefix("Refused spec.containers[0].volumeMounts[0].mountPath: ") == true)
    }

    @Test func anUnknownVolume() {
        #expect(
            errors([], [mount("v", "/v")]) == ["Refused spec.containers[0].volumeMounts[0].name: no volume named \"v\""]
        )
    }

    // MARK: Claims

    static func bound(
        _ source: PersistentVolume.Source, modes: [AccessMode] = [.readWriteOnce], affinity: NodeSelector? = nil,
        mode: VolumeMode = .filesystem
    ) -> Bindings {
        let volume = PersistentVolume(
            metadata: ObjectMeta(name: "pv"), capacity: Quantity(value: 10), accessModes: modes, volumeMode: mode,
            nodeAffinity: affinity, source: source
        )
        let claim = PersistentVolumeClaim(
            metadata: ObjectMeta(name: "pvc"), accessModes: modes, request: Quantity(value: 1), volumeMode: mode
        )
        return Bindings(claims: [ClaimStatus(claim: claim, phase: .bound, volume: volume)])
    }

    static let claims: [(Bindings, Bool, VolumePlan.Source, Bool)] = [
        (bound(.hostPath(path: "/srv", type: .directory)), false, .hostPath(path: "/srv", type: .directory), false),
        (bound(.local(path: "/srv")), false, .directory(path: "/srv"), false),
        (bound(.local(path: "/srv")), true, .directory(path: "/srv"), true),
        (bound(.local(path: "/srv"), modes: [.readOnlyMany]), false, .directory(path: "/srv"), true),
        (bound(.local(path: "/srv"), modes: [.readOnlyMany, .readWriteOnce]), false, .directory(path: "/srv"), false),
    ]

    @Test(arguments: claims)
    func claim(_ bindings: Bindings, _ readOnly: Bool, _ expected: VolumePlan.Source, _ mountedReadOnly: Bool) throws {
        let planned = try plan(
            [Volume(name: "v", source: .persistentVolumeClaim(name: "pvc", readOnly: readOnly))], [mount("v", "/v")],
            bindings: bindings
        )
        #expect(planned.plan.volumes.map(\.source) == [expected])
        #expect(planned.plan.containers[0].mounts.map(\.readOnly) == [mountedReadOnly])
    }

    static let elsewhere = NodeSelector(terms: [
        .init(matchExpressions: [.init(key: "kubernetes.io/hostname", operator: .in, values: ["far"])])
    ])
    static let pending = Bindings(claims: [
        ClaimStatus(
            claim: PersistentVolumeClaim(
                metadata: ObjectMeta(name: "pvc"), accessModes: [.readWriteOnce], request: Quantity(value: 1)
            ), phase: .pending, event: BindingEvent(reason: "FailedBinding", message: "no persistent volumes")
        )
    ])
    static let refusedClaims: [(Bindings, String)] = [
        (
            pending,
            "FailedScheduling spec.volumes[0].persistentVolumeClaim.claimName: persistentvolumeclaim \"pvc\" is not bound: "
                + "FailedBinding: no persistent volumes"
        ),
        (
            bound(.local(path: "/srv"), affinity: elsewhere),
            "FailedScheduling spec.volumes[0].persistentVolumeClaim.claimName: node \"box\" had volume node affinity conflict with "
                + "persistentvolume \"pv\""
        ),
        (
            bound(.other(kind: "nfs")),
            "FailedMount spec.volumes[0].persistentVolumeClaim.claimName: persistentvolume \"pv\" is of kind nfs, which is not "
                + "mounted yet: use a hostPath or local volume"
        ),
        (
            bound(.local(path: "/srv"), mode: .block),
            "FailedMount spec.containers[0].volumeMounts[0].name: volume \"v\" has volumeMode Block, but is specified in volumeMounts"
        ),
    ]

    @Test(arguments: refusedClaims)
    func claimThatCannotBeMounted(_ bindings: Bindings, _ expected: String) {
        let source = Volume.Source.persistentVolumeClaim(name: "pvc", readOnly: false)
        #expect(errors([Volume(name: "v", source: source)], [mount("v", "/v")], bindings: bindings) == [expected])
    }

    @Test func theBindersOutcomeIsThePlannersInput() throws {
        let volume = PersistentVolume(
            metadata: ObjectMeta(name: "pv"), capacity: Quantity(value: 10), accessModes: [.readWriteMany],
            storageClassName: "dev", source: .hostPath(path: "/mnt/data", type: .unset)
        )
        let claim = PersistentVolumeClaim(
            metadata: ObjectMeta(name: "pvc"), accessModes: [.readWriteMany], request: Quantity(value: 3),
            storageClassName: "dev"
        )
        let bindings = Binder(nodeName: box.nodeName, nodeLabels: box.nodeLabels).bind(
            volumes: [volume], claims: [claim])
        let planned = try plan(
            [Volume(name: "v", source: .persistentVolumeClaim(name: "pvc", readOnly: false))], [mount("v", "/v")],
            bindings: bindings
        )
        #expect(planned.plan.volumes.map(\.source) == [.hostPath(path: "/mnt/data", type: .unset)])
    }
}

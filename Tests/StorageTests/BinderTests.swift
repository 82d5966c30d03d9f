import PodAPI
import Storage
import Testing

@Suite struct BinderTests {
    let binder = Binder(nodeName: "here", nodeLabels: ["kubernetes.io/hostname": "here", "zone": "a"])

    static func volume(
        _ name: String, _ size: Int64 = 10, _ modes: [AccessMode] = [.readWriteOnce], class storageClass: String = "",
        labels: [String: String] = [:], claim: PersistentVolume.ClaimReference? = nil, zone: String? = nil,
        mode: VolumeMode = .filesystem
    ) -> PersistentVolume {
        PersistentVolume(
            metadata: ObjectMeta(name: name, labels: labels), capacity: Quantity(value: size), accessModes: modes,
            storageClassName: storageClass, volumeMode: mode, claimRef: claim,
            nodeAffinity: zone.map {
                NodeSelector(terms: [.init(matchExpressions: [.init(key: "zone", operator: .in, values: [$0])])])
            },
            source: .local(path: "/srv/\(name)")
        )
    }

    static func claim(
        _ name: String = "claim", _ request: Int64 = 5, _ modes: [AccessMode] = [.readWriteOnce],
        class storageClass: String? = nil, volume: String = "", selector: LabelSelector? = nil, uid: String = "",
        mode: VolumeMode = .filesystem
    ) -> PersistentVolumeClaim {
        PersistentVolumeClaim(
            metadata: ObjectMeta(name: name, uid: uid), accessModes: modes, request: Quantity(value: request),
            storageClassName: storageClass, volumeMode: mode, volumeName: volume, selector: selector
        )
    }

    static let nothing = "FailedBinding: no persistent volumes available for this claim and no storage class is set"

    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var volumes: [PersistentVolume]
        var claim: PersistentVolumeClaim
        /// The volume's name, or the event of a claim that stays Pending.
        var outcome: String

        init(_ name: String, _ volumes: [PersistentVolume], _ claim: PersistentVolumeClaim, _ outcome: String) {
            self.name = name
            self.volumes = volumes
            self.claim = claim
            self.outcome = outcome
        }

        var testDescription: String { name }
    }

    static let matching: [Row] = [
        Row("no volume", [], claim(), nothing),
        Row("no volume with class \"\"", [], claim(class: ""), nothing),
        Row("one", [volume("a")], claim(), "a"),
        Row("exactly as large", [volume("a", 5)], claim(), "a"),
        Row("too small", [volume("a", 4)], claim(), nothing),
        Row("the smallest that fits", [volume("a", 20), volume("b", 4), volume("c", 8), volume("d", 9)], claim(), "c"),
        Row("the first of equals", [volume("a"), volume("b")], claim(), "a"),
        Row(
            "modes missing", [volume("a", 10, [.readWriteOnce])], claim("c", 5, [.readWriteOnce, .readOnlyMany]),
            nothing),
        Row(
            "modes superset", [volume("a", 10, [.readWriteOnce, .readWriteMany])], claim("c", 5, [.readWriteMany]), "a"),
        Row(
            "fewest modes before smallest size",
            [volume("many", 5, [.readWriteOnce, .readOnlyMany, .readWriteMany]), volume("few", 50, [.readWriteOnce])],
            claim(), "few"
        ),
        Row(
            "more modes where the fewest are too small",
            [volume("few", 1, [.readWriteOnce]), volume("many", 50, [.readWriteOnce, .readOnlyMany])], claim(), "many"
        ),
        Row("class equal", [volume("a"), volume("b", class: "dev")], claim(class: "dev"), "b"),
        Row("no class, volume with class", [volume("a", class: "dev")], claim(), nothing),
        Row("class \"\", volume with class", [volume("a", class: "dev")], claim(class: ""), nothing),
        Row("class \"\", volume without", [volume("a")], claim(class: ""), "a"),
        Row(
            "class without volume", [volume("a")], claim(class: "dev"),
            "ProvisioningFailed: storageclass.storage.k8s.io \"dev\" not found"
        ),
        Row("block for a file system", [volume("a", mode: .block)], claim(), nothing),
        Row("file system for a block claim", [volume("a")], claim(mode: .block), nothing),
        Row("block for block", [volume("a", mode: .block)], claim(mode: .block), "a"),
        Row(
            "selector", [volume("a"), volume("b", labels: ["disktype": "SSD"])],
            claim(selector: LabelSelector(matchLabels: ["disktype": "SSD"])), "b"
        ),
        Row(
            "selector without a match", [volume("a")], claim(selector: LabelSelector(matchLabels: ["disktype": "SSD"])),
            nothing
        ),
        Row(
            "selector with In and NotIn",
            [
                volume("a", labels: ["disktype": "SSD", "room": "basement"]), volume("b", labels: ["disktype": "NVMe"]),
            ],
            claim(
                selector: LabelSelector(matchExpressions: [
                    .init(key: "disktype", operator: .in, values: ["SSD", "NVMe"]),
                    .init(key: "room", operator: .notIn, values: ["basement"]),
                ])
            ), "b"
        ),
        Row("affinity to this node", [volume("a", zone: "b"), volume("b", zone: "a")], claim(), "b"),
        Row("affinity to another", [volume("a", zone: "b")], claim(), nothing),
    ]

    static func reserved(
        _ name: String, uid: String = "", namespace: String = "default"
    )
        -> PersistentVolume.ClaimReference
    { .init(namespace: namespace, name: name, uid: uid) }

    static let reservations: [Row] = [
        Row("reserved for another", [volume("a", claim: reserved("other"))], claim(), nothing),
        Row("reserved in another namespace", [volume("a", claim: reserved("claim", namespace: "x"))], claim(), nothing),
        Row(
            "reserved for an earlier claim of the name", [volume("a", claim: reserved("claim", uid: "1"))],
            claim(uid: "2"), nothing),
        Row("reserved by uid", [volume("a", claim: reserved("claim", uid: "1"))], claim(uid: "1"), "a"),
        Row(
            "a reservation before a smaller volume",
            [volume("small", 5), volume("mine", 50, claim: reserved("claim"))],
            claim(), "mine"
        ),
        Row(
            "a reservation whatever class and labels",
            [volume("mine", class: "dev", claim: reserved("claim"))],
            claim(selector: LabelSelector(matchLabels: ["a": "b"])), "mine"
        ),
        Row("a reservation that is too small", [volume("mine", 1, claim: reserved("claim"))], claim(), nothing),
        Row(
            "a reservation on another node", [volume("mine", claim: reserved("claim"), zone: "b"), volume("a")],
            claim(),
            nothing
        ),
    ]

    static func mismatch(_ problem: String) -> String {
        "VolumeMismatch: Cannot bind to requested volume \"a\": \(problem)"
    }

    static let named: [Row] = [
        Row("by name", [volume("a"), volume("b", 6)], claim(volume: "a"), "a"),
        Row("absent", [volume("b")], claim(volume: "a"), "FailedBinding: volume \"a\" not found"),
        Row(
            "selector is not looked at", [volume("a")],
            claim(volume: "a", selector: LabelSelector(matchLabels: ["x": "y"])), "a"),
        Row("too small", [volume("a", 1)], claim(volume: "a"), mismatch("requested PV is too small")),
        Row("class", [volume("a", class: "dev")], claim(volume: "a"), mismatch("storageClassName does not match")),
        Row("mode", [volume("a", mode: .block)], claim(volume: "a"), mismatch("incompatible volumeMode")),
        Row(
            "access", [volume("a")], claim("claim", 5, [.readWriteMany], volume: "a"),
            mismatch("incompatible accessMode")),
        Row(
            "reserved for this claim, whatever size", [volume("a", 1, claim: reserved("claim"))], claim(volume: "a"),
            "a"),
        Row(
            "reserved for another", [volume("a", claim: reserved("other"))], claim(volume: "a"),
            "FailedBinding: volume \"a\" already bound to a different claim."
        ),
    ]

    @Test(arguments: matching + reservations + named)
    func oneClaim(_ row: Row) throws {
        let status = try #require(binder.bind(volumes: row.volumes, claims: [row.claim]).claims.first)
        let shown = status.volume?.metadata.name ?? status.event.map { "\($0.reason): \($0.message)" }
        #expect(shown == row.outcome)
        #expect(status.phase == (status.volume == nil ? .pending : .bound))
    }

    @Test func aBoundClaimShowsWhatTheVolumeHas() throws {
        let bindings = binder.bind(
            volumes: [
                Self.volume("darwin", 10 << 30, [.readWriteMany, .readOnlyMany], class: "dev"), Self.volume("free"),
            ],
            claims: [Self.claim("darwin-claim", 3 << 30, [.readWriteMany], class: "dev", uid: "u1")]
        )
        let claim = try #require(bindings.claim(namespace: "default", name: "darwin-claim"))
        #expect(claim.phase == .bound)
        #expect(claim.capacity == Quantity(value: 10 << 30))
        #expect(claim.accessModes == [.readWriteMany, .readOnlyMany])
        #expect(bindings.volumes.map(\.phase) == [.bound, .available])
        #expect(bindings.volumes[0].volume.claimRef == Self.reserved("darwin-claim", uid: "u1"))
        #expect(bindings.volumes[1].volume.claimRef == nil)
    }

    @Test func aVolumeIsBoundOnce() {
        let bindings = binder.bind(
            volumes: [Self.volume("a"), Self.volume("b", 20)],
            claims: [Self.claim("one"), Self.claim("two"), Self.claim("three"), Self.claim("four", volume: "a")]
        )
        #expect(bindings.claims.map { $0.volume?.metadata.name } == ["a", "b", nil, nil])
        #expect(bindings.claims[3].event?.message == "volume \"a\" already bound to a different claim.")
    }

    @Test func aReservedVolumeStaysAvailableUntilItsClaimComes() {
        let bindings = binder.bind(volumes: [Self.volume("a", claim: Self.reserved("later"))], claims: [])
        #expect(bindings.volumes.map(\.phase) == [.available])
        #expect(bindings.claim(namespace: "default", name: "later") == nil)
    }

    @Test(arguments: [(AccessMode.readWriteOncePod, [1, 2]), (.readWriteOnce, [])])
    func readWriteOncePodIsForOnePod(_ mode: AccessMode, _ waiting: [Int]) {
        let bindings = binder.bind(
            volumes: [Self.volume("a", 10, [mode])], claims: [Self.claim("claim", 5, [mode])]
        )
        var spec = PodSpec()
        spec.volumes = ["v", "w"].map {
            Volume(name: $0, source: .persistentVolumeClaim(name: "claim", readOnly: false))
        }
        var one = spec
        one.volumes.removeLast()
        let pods = [spec, one, one].enumerated().map { Pod(metadata: ObjectMeta(name: "p\($0)"), spec: $1) }
        let elsewhere = Pod(metadata: ObjectMeta(name: "p", namespace: "other"), spec: spec)
        let conflicts = bindings.exclusiveClaimConflicts(among: pods + [elsewhere])
        #expect(conflicts.map(\.pod) == waiting)
        #expect(conflicts.allSatisfy { $0.error.path.description == "spec.volumes[0].persistentVolumeClaim.claimName" })
    }
}

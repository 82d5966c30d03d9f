import Glibc
import ObjectStore
import PodAPI
import Testing

@Suite struct ObjectStoreTests {
    private let home = TemporaryStore()

    private func create(_ store: ObjectStore, _ objects: JSONValue...) throws {
        try store.write { (transaction) throws(ObjectStoreError) in
            for object in objects { _ = try transaction.create(object) }
        }
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func filesAreTheirOwnersAlone() throws {
        let store = try home.open()
        try create(store, object("Pod", "x"))
        #expect(mode(home.directory + "/lib") == 0o700)
        for file in ["", "-wal", "-shm"] { #expect(mode(home.path + file) == 0o600) }
    }

    @Test func creationFillsIn() throws {
        let store = try home.open()
        let stored = try store.write { (transaction) throws(ObjectStoreError) in
            try transaction.create(
                try! object("Pod", "x", #""spec":{"a":1}"#, metadata: #""uid":"old","generation":7"#))
        }
        let metadata = try #require(stored["metadata"])
        let uid = Array(metadata["uid"]?.string ?? "")
        #expect(uid.count == 36 && uid[14] == "4" && "89ab".contains(uid[19]))
        #expect(metadata["creationTimestamp"] == .string("2023-11-14T22:13:20Z"))
        #expect(metadata["resourceVersion"] == .string("1"))
        #expect(metadata["generation"] == .integer(1))
        #expect(try store.get(pod("x")) == stored)
        #expect(throws: ObjectStoreError.alreadyExists(pod("x"))) { try create(store, object("Pod", "x")) }
        #expect(throws: ObjectStoreError.notFound(pod("y"))) { try store.get(pod("y")) }
    }

    @Test func anotherProcessSeesIt() throws {
        try create(try home.open(), object("Pod", "x"))
        let other = try home.open()
        #expect(try other.find(pod("x")) != nil)
        try create(other, object("Pod", "y"))
        #expect(try home.open().list("Pod").count == 2)
    }

    @Test func aTransactionIsAllOrNothing() throws {
        let store = try home.open()
        try create(store, object("Pod", "x"))
        #expect(throws: ObjectStoreError.alreadyExists(pod("x"))) {
            try create(store, object("ConfigMap", "c"), object("Pod", "x"))
        }
        #expect(try store.list("ConfigMap").isEmpty)
        #expect(try store.resourceVersion() == 1)
        #expect(throws: ObjectStoreError.abandoned("no")) {
            try store.write { (transaction) throws(ObjectStoreError) in
                _ = try transaction.delete(pod("x"))
                throw ObjectStoreError.abandoned("no")
            }
        }
        #expect(try store.find(pod("x")) != nil)
    }

    // MARK: update

    private func update(_ store: ObjectStore, _ change: (inout JSONValue) -> Void) throws -> JSONValue {
        var object = try store.get(pod("x"))
        change(&object)
        let changed = object
        return try store.write { (transaction) throws(ObjectStoreError) in try transaction.update(changed) }
    }

    @Test func generationCountsChangesOfTheSpec() throws {
        let store = try home.open()
        try create(store, object("Pod", "x", #""spec":{"a":1}"#), object("ConfigMap", "c", #""data":{}"#))
        #expect(try store.list("ConfigMap")[0][path: "metadata", "generation"] == nil)
        let labelled = try update(store) { $0[path: "metadata", "labels"] = .object([.init("l", .string("1"))]) }
        #expect(labelled[path: "metadata", "generation"] == .integer(1))
        #expect(labelled[path: "metadata", "resourceVersion"] == .string("3"))
        let changed = try update(store) { $0[path: "spec", "a"] = .integer(2) }
        #expect(changed[path: "metadata", "generation"] == .integer(2))
        let reported = try update(store) { $0["status"] = .object([.init("phase", .string("Running"))]) }
        #expect(reported[path: "metadata", "generation"] == .integer(2))
    }

    @Test func whatDoesNotChangeKeepsItsVersion() throws {
        let store = try home.open()
        try create(store, object("Pod", "x", #""spec":{"a":1,"b":2}"#))
        let same = try update(store) { $0["spec"] = .object([.init("b", .number(2)), .init("a", .integer(1))]) }
        #expect(same[path: "metadata", "resourceVersion"] == .string("1"))
        #expect(try store.resourceVersion() == 1)
    }

    @Test func anOldStateIsAConflict() throws {
        let store = try home.open()
        try create(store, object("Pod", "x"))
        let old = try store.get(pod("x"))
        _ = try update(store) { $0["spec"] = .object([]) }
        #expect(throws: ObjectStoreError.conflict(pod("x"))) { try update(store) { $0 = old } }
        _ = try update(store) {
            $0 = old
            $0[path: "metadata", "resourceVersion"] = nil
        }
        #expect(throws: ObjectStoreError.conflict(pod("x"))) {
            try update(store) { $0[path: "metadata", "uid"] = .string("another") }
        }
        #expect(throws: ObjectStoreError.self) {
            try update(store) { $0[path: "metadata", "creationTimestamp"] = .string("2001-01-01T00:00:00Z") }
        }
    }

    // MARK: delete

    private func delete(
        _ store: ObjectStore, _ key: ObjectKey, grace: Int64? = nil, orphaning: Bool = false
    ) throws
        -> ObjectTransaction.Deletion
    {
        try store.write { (transaction) throws(ObjectStoreError) in
            try transaction.delete(key, gracePeriod: grace, orphaning: orphaning)
        }
    }

    @Test func finalizersHoldAnObject() throws {
        let store = try home.open()
        try create(store, object("Pod", "x", metadata: #""finalizers":["a/b"]"#))
        guard case .marked(let marked) = try delete(store, pod("x")) else {
            Issue.record("it is gone")
            return
        }
        #expect(marked[path: "metadata", "deletionTimestamp"] == .string("2023-11-14T22:13:20Z"))
        guard case .marked = try delete(store, pod("x")) else {
            Issue.record("it is gone")
            return
        }
        _ = try update(store) { $0[path: "metadata", "finalizers"] = .array([]) }
        #expect(try store.find(pod("x")) == nil)
    }

    @Test func podsAreGivenTime() throws {
        let store = try home.open()
        try create(store, object("Pod", "x"))
        guard case .marked(let marked) = try delete(store, pod("x"), grace: 30) else {
            Issue.record("it is gone")
            return
        }
        #expect(marked[path: "metadata", "deletionTimestamp"] == .string("2023-11-14T22:13:50Z"))
        #expect(marked[path: "metadata", "deletionGracePeriodSeconds"] == .integer(30))
        guard case .marked(let longer) = try delete(store, pod("x"), grace: 60) else { return }
        #expect(longer == marked)
        guard case .marked(let shorter) = try delete(store, pod("x"), grace: 5) else { return }
        #expect(shorter[path: "metadata", "deletionTimestamp"] == .string("2023-11-14T22:13:25Z"))
        _ = try update(store) { $0[path: "metadata", "labels"] = .object([.init("a", .string("b"))]) }
        guard case .removed = try delete(store, pod("x")) else {
            Issue.record("it is still there")
            return
        }
        #expect(try store.find(pod("x")) == nil)
    }

    private func owned(_ kind: String, _ name: String, by owners: [String]) throws -> JSONValue {
        let references = owners.map { #"{"apiVersion":"v1","kind":"Pod","name":"o","uid":"\#($0)"}"# }
        return try object(kind, name, metadata: #""ownerReferences":[\#(references.joined(separator: ","))]"#)
    }

    @Test func whatIsOwnedGoesWithItsLastOwner() throws {
        let store = try home.open()
        try store.write { (transaction) throws(ObjectStoreError) in
            _ = try transaction.create(try! object("Pod", "x"), uid: "one")
            _ = try transaction.create(try! object("Pod", "y"), uid: "two")
            _ = try transaction.create(try! owned("PersistentVolumeClaim", "both", by: ["one", "two"]))
            _ = try transaction.create(try! owned("PersistentVolumeClaim", "alone", by: ["one"]), uid: "three")
            _ = try transaction.create(try! owned("ConfigMap", "below", by: ["three"]))
            _ = try transaction.create(try! owned("Pod", "pod", by: ["one"]))
        }
        _ = try delete(store, pod("x"))
        #expect(try store.list("ConfigMap").isEmpty)
        #expect(try store.list("PersistentVolumeClaim").map { $0[path: "metadata", "name"] } == [.string("both")])
        #expect(
            try store.list("PersistentVolumeClaim")[0][path: "metadata", "ownerReferences"]?.items.map { $0["uid"] }
                == [.string("two")])
        #expect(try store.get(pod("pod"))[path: "metadata", "deletionGracePeriodSeconds"] == .integer(30))
        _ = try delete(store, pod("y"), orphaning: true)
        #expect(try store.list("PersistentVolumeClaim")[0][path: "metadata", "ownerReferences"] == nil)
    }

    // MARK: list, changes

    @Test func listsAreSortedAndSelected() throws {
        let store = try home.open()
        try create(
            store, object("Pod", "b", metadata: #""labels":{"app":"web"}"#), object("Pod", "a"),
            object("ConfigMap", "c"))
        var other = try object("Pod", "z", #""status":{"phase":"Running"}"#)
        other[path: "metadata", "namespace"] = .string("another")
        try create(store, other)
        func names(_ objects: [JSONValue]) -> [String] { objects.compactMap { ObjectKey($0).name } }
        #expect(try names(store.list("Pod")) == ["z", "a", "b"])
        #expect(try names(store.list("Pod", namespace: "default")) == ["a", "b"])
        #expect(
            try names(
                store.list("Pod", namespace: nil, labels: LabelSelector(parsing: "app=web"), fields: .everything))
                == ["b"])
        #expect(
            try names(
                store.list(
                    "Pod", namespace: nil, labels: .everything, fields: FieldSelector(parsing: "status.phase=Running")))
                == ["z"])
    }

    @Test func changesAreToldInOrder() throws {
        let store = try home.open()
        try create(store, object("Pod", "x"))
        let start = try store.resourceVersion()
        try create(store, object("Pod", "y"), object("ConfigMap", "c"))
        _ = try update(store) { $0["spec"] = .object([.init("a", .integer(1))]) }
        _ = try delete(store, pod("y"))
        let all = try store.changes(since: start)
        #expect(
            all.changes.map { "\($0.kind.rawValue) \(ObjectKey($0.object))" } == [
                "ADDED pod/y", "ADDED configmap/c", "MODIFIED pod/x", "DELETED pod/y",
            ])
        #expect(all.resourceVersion == 5)
        #expect(all.changes.last?.object[path: "metadata", "resourceVersion"] == .string("5"))
        #expect(try store.changes(since: start, kind: "ConfigMap").changes.count == 1)
        #expect(try store.changes(since: 5).changes.isEmpty)
        #expect(throws: ObjectStoreError.expired(resourceVersion: 6)) { try store.changes(since: 6) }
    }

    @Test func oldChangesAreForgotten() throws {
        let store = try home.open()
        try create(store, object("Pod", "x", #""spec":{}"#))
        try store.write { (transaction) throws(ObjectStoreError) in
            for number in 0..<2100 {
                var object = try transaction.get(pod("x"))
                object[path: "spec", "a"] = .integer(Int64(number))
                _ = try transaction.update(object)
            }
        }
        #expect(throws: ObjectStoreError.expired(resourceVersion: 1)) { try store.changes(since: 1) }
        #expect(try store.changes(since: 2000).changes.count == 101)
    }

    @Test func largeChangesAreForgottenSooner() throws {
        let store = try home.open()
        let text = String(repeating: "x", count: 1 << 20)
        for number in 0..<10 { try create(store, object("ConfigMap", "c\(number)", #""data":{"a":"\#(text)"}"#)) }
        #expect(throws: ObjectStoreError.self) { try store.changes(since: 1) }
        #expect(try store.changes(since: 9).changes.count == 1)
    }
}

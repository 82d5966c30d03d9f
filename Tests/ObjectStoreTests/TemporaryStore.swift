import Glibc
import ObjectStore
import PodAPI

/// A store in a directory that goes with the test.
final class TemporaryStore {
    let directory: String
    private var opened: [ObjectStore] = []

    init() {
        var template = Array("/tmp/swiftlet-store-XXXXXX".utf8CString)
        directory = mkdtemp(&template).map { String(cString: $0) } ?? "/nowhere"
    }

    var path: String { directory + "/lib/state.db" }

    func open() throws -> ObjectStore {
        let store = try ObjectStore(path: path)
        store.clock = { 1_700_000_000 }
        opened.append(store)
        return store
    }

    deinit {
        for store in opened { store.close() }
        for name in ["state.db", "state.db-wal", "state.db-shm"] { unlink(directory + "/lib/" + name) }
        rmdir(directory + "/lib")
        rmdir(directory)
    }
}

func object(_ kind: String, _ name: String, _ more: String = "", metadata: String = "") throws -> JSONValue {
    let comma = more.isEmpty ? "" : ","
    let metadataComma = metadata.isEmpty ? "" : ","
    return try JSONValue(
        parsing: #"""
            {"apiVersion":"v1","kind":"\#(kind)","metadata":{"name":"\#(name)","namespace":"default"\#(metadataComma)\#(metadata)}\#(comma)\#(more)}
            """#.utf8)
}

func pod(_ name: String) -> ObjectKey { ObjectKey(kind: "Pod", namespace: "default", name: name) }

import GRDB
import PodAPI

/// The rows of the tables, inside a transaction.
struct ObjectRows {
    let database: Database
    let path: String

    /// Of what there are many, and nobody asks what has become of one.
    private static let unloggedKinds: Set<String> = ["Event"]

    /// How many changes are kept, and how many bytes of them.
    private static let keptChanges: Int64 = 2000
    private static let keptBytes: Int64 = 8 << 20

    private func query<Result>(_ body: () throws -> Result) throws(ObjectStoreError) -> Result {
        do { return try body() } catch { throw ObjectStoreError(error, path: path) }
    }

    private func object(_ row: Row, _ column: Int) throws(ObjectStoreError) -> JSONValue {
        let text: String = row[column]
        do throws(JSONError) {
            return try JSONValue(parsing: text.utf8)
        } catch {
            throw .unusable(path: path, problem: "an object in it is damaged: \(error)")
        }
    }

    // MARK: Reading

    func find(_ key: ObjectKey) throws(ObjectStoreError) -> JSONValue? {
        try query {
            try Row.fetchOne(
                try database.cachedStatement(
                    sql: "SELECT json FROM objects WHERE kind = ? AND namespace = ? AND name = ?"),
                arguments: [key.kind, key.namespace, key.name]
            ).map { try object($0, 0) }
        }
    }

    func find(uid: String) throws(ObjectStoreError) -> JSONValue? {
        try query {
            try Row.fetchOne(
                try database.cachedStatement(sql: "SELECT json FROM objects WHERE uid = ?"), arguments: [uid]
            ).map { try object($0, 0) }
        }
    }

    func list(
        _ kind: String, namespace: String?, labels: LabelSelector, fields: FieldSelector
    )
        throws(ObjectStoreError) -> [JSONValue]
    {
        try query {
            let condition = namespace == nil ? "" : " AND namespace = ?"
            let statement = try database.cachedStatement(
                sql: "SELECT json FROM objects WHERE kind = ?\(condition) ORDER BY namespace, name")
            let rows = try Row.fetchCursor(
                statement, arguments: StatementArguments([kind] + (namespace.map { [$0] } ?? [])))
            var objects: [JSONValue] = []
            while let row = try rows.next() {
                let object = try object(row, 0)
                if !labels.isEmpty, !labels.matches(object[path: "metadata", "labels"]?.dictionary ?? [:]) { continue }
                if fields.matches(object) { objects.append(object) }
            }
            return objects
        }
    }

    /// With the creation time of the oldest object in each.
    func namespaces() throws(ObjectStoreError) -> [String: String] {
        try query {
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT namespace, COALESCE(MIN(json_extract(json, '$.metadata.creationTimestamp')), '')
                    FROM objects WHERE namespace != '' GROUP BY namespace
                    """)
            var namespaces: [String: String] = [:]
            while let row = try rows.next() { namespaces[row[0]] = row[1] }
            return namespaces
        }
    }

    func resourceVersion() throws(ObjectStoreError) -> Int64 { try counter("resourceVersion") }

    private func counter(_ name: String) throws(ObjectStoreError) -> Int64 {
        try query {
            try Int64.fetchOne(
                try database.cachedStatement(sql: "SELECT value FROM counters WHERE name = ?"), arguments: [name]) ?? 0
        }
    }

    func changes(since version: Int64, kind: String?) throws(ObjectStoreError) -> ObjectChanges {
        let current = try resourceVersion()
        // A version of the future is one of another store, or of this one before it was restored.
        if try version < counter("trimmed") || version > current { throw .expired(resourceVersion: version) }
        return try query {
            let rows = try Row.fetchCursor(
                try database.cachedStatement(
                    sql: "SELECT type, kind, json FROM changes WHERE resource_version > ? ORDER BY resource_version"),
                arguments: [version])
            var changes: [ObjectChange] = []
            while let row = try rows.next() {
                guard let type = ObjectChange.Kind(rawValue: row[0]) else { continue }
                if let kind, kind != row[1] as String { continue }
                changes.append(ObjectChange(type, try object(row, 2)))
            }
            return ObjectChanges(changes: changes, resourceVersion: current)
        }
    }

    /// Those that name `owner` in their ownerReferences.
    func dependents(of owner: String) throws(ObjectStoreError) -> [JSONValue] {
        try query {
            let rows = try Row.fetchCursor(
                try database.cachedStatement(
                    sql:
                        "SELECT json FROM owners JOIN objects USING(uid) WHERE owner = ? ORDER BY kind, namespace, name"
                ), arguments: [owner])
            var objects: [JSONValue] = []
            while let row = try rows.next() { objects.append(try object(row, 0)) }
            return objects
        }
    }

    // MARK: Writing

    /// Gives the object the next resourceVersion, and puts it in its place.
    func put(_ object: JSONValue, replacing: Bool) throws(ObjectStoreError) -> JSONValue {
        let version = try nextVersion()
        var object = object
        object[path: "metadata", "resourceVersion"] = .string("\(version)")
        let key = ObjectKey(object)
        let uid = object[path: "metadata", "uid"]?.string ?? ""
        let text = object.text
        try query {
            if replacing {
                try database.cachedStatement(
                    sql: """
                        UPDATE objects SET uid = ?, resource_version = ?, json = ?
                        WHERE kind = ? AND namespace = ? AND name = ?
                        """
                ).execute(arguments: [uid, version, text, key.kind, key.namespace, key.name])
            } else {
                try database.cachedStatement(sql: "INSERT INTO objects VALUES(?, ?, ?, ?, ?, ?)").execute(
                    arguments: [key.kind, key.namespace, key.name, uid, version, text])
            }
            try setOwners(of: object, uid)
        }
        try log(replacing ? .modified : .added, key.kind, version, text)
        return object
    }

    /// Returns its last state, with the resourceVersion of its deletion.
    func remove(_ object: JSONValue) throws(ObjectStoreError) -> JSONValue {
        let version = try nextVersion()
        var object = object
        object[path: "metadata", "resourceVersion"] = .string("\(version)")
        let key = ObjectKey(object)
        try query {
            try database.cachedStatement(sql: "DELETE FROM objects WHERE kind = ? AND namespace = ? AND name = ?")
                .execute(arguments: [key.kind, key.namespace, key.name])
            try database.cachedStatement(sql: "DELETE FROM owners WHERE uid = ?").execute(
                arguments: [object[path: "metadata", "uid"]?.string ?? ""])
        }
        try log(.deleted, key.kind, version, object.text)
        return object
    }

    private func setOwners(of object: JSONValue, _ uid: String) throws {
        try database.cachedStatement(sql: "DELETE FROM owners WHERE uid = ?").execute(arguments: [uid])
        for reference in object[path: "metadata", "ownerReferences"]?.items ?? [] {
            guard let owner = reference["uid"]?.string else { continue }
            try database.cachedStatement(sql: "INSERT OR IGNORE INTO owners VALUES(?, ?)").execute(
                arguments: [owner, uid])
        }
    }

    private func nextVersion() throws(ObjectStoreError) -> Int64 {
        try query {
            try database.cachedStatement(sql: "UPDATE counters SET value = value + 1 WHERE name = 'resourceVersion'")
                .execute()
        }
        return try resourceVersion()
    }

    private func log(
        _ type: ObjectChange.Kind, _ kind: String, _ version: Int64, _ text: String
    )
        throws(ObjectStoreError)
    {
        if Self.unloggedKinds.contains(kind) { return }
        try query {
            try database.cachedStatement(sql: "INSERT INTO changes VALUES(?, ?, ?, ?, ?)").execute(
                arguments: [version, type.rawValue, kind, text.utf8.count, text])
            try database.cachedStatement(sql: "UPDATE counters SET value = value + ? WHERE name = 'changedBytes'")
                .execute(arguments: [text.utf8.count])
        }
    }

    /// Those that were last seen before a time, and the oldest where there are more than `limit`.
    func removeEvents(before time: String, keeping limit: Int) throws(ObjectStoreError) {
        let seen = "COALESCE(json_extract(json, '$.lastTimestamp'), json_extract(json, '$.metadata.creationTimestamp'))"
        try query {
            try database.execute(
                sql: """
                    DELETE FROM objects WHERE kind = 'Event' AND \(seen) < :time;
                    DELETE FROM objects WHERE kind = 'Event' AND rowid NOT IN
                        (SELECT rowid FROM objects WHERE kind = 'Event' ORDER BY \(seen) DESC, rowid DESC LIMIT :limit);
                    """, arguments: ["time": time, "limit": limit])
        }
    }

    /// Forgets the oldest changes where they have become many or large; half of them, since to forget is to write.
    func trim() throws(ObjectStoreError) {
        let current = try resourceVersion()
        let isLarge = try counter("changedBytes") > Self.keptBytes
        let isLong = try current - counter("trimmed") > Self.keptChanges
        guard isLarge || isLong else { return }
        try query {
            var last = current - Self.keptChanges / 2
            let sizes = try Row.fetchCursor(
                database, sql: "SELECT resource_version, size FROM changes ORDER BY resource_version DESC")
            var bytes: Int64 = 0
            while let row = try sizes.next() {
                let version: Int64 = row[0]
                bytes += row[1] as Int64
                if version <= last || bytes > Self.keptBytes / 2 {
                    last = max(last, version)
                    break
                }
            }
            try database.execute(
                sql: """
                    DELETE FROM changes WHERE resource_version <= :last;
                    UPDATE counters SET value = :last WHERE name = 'trimmed';
                    UPDATE counters SET value = (SELECT COALESCE(SUM(size), 0) FROM changes) WHERE name = 'changedBytes';
                    """, arguments: ["last": last])
        }
    }
}

import GRDB
import Glibc
public import PodAPI

/// The objects of one host, in SQLite: desired state as Kubernetes JSON. Any number of processes may use it at once; one
/// writes at a time, and what it has written is on disk when `write` returns.
public final class ObjectStore: ObjectReading {
    public let path: String
    private let database: DatabaseQueue
    private var isClosed = false
    /// Seconds since 1970.
    public var clock: () -> Int64 = { Int64(time(nil)) }

    /// Opens the file, and makes it where there is none, with its directory (0700). A file of an older version is brought up
    /// to date; one of a newer version is refused.
    public init(path: String) throws(ObjectStoreError) {
        self.path = path
        try ObjectStoreFile.make(path)
        do {
            database = try DatabaseQueue(path: path, configuration: Self.configuration)
            try database.writeWithoutTransaction { try ObjectSchema.prepare($0, path) }
        } catch {
            throw ObjectStoreError(error, path: path)
        }
        // The last one to close a store writes the log into the file, which is three flushes of the disk. Commands do not
        // close it: they end, and the next one finds the log as it is.
        _ = Unmanaged.passRetained(database)
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(20)
        configuration.label = "objects"
        configuration.prepareDatabase { database in
            // On disk when a commit returns. The log stays small, as a command that opens the store reads all of it.
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 200")
        }
        return configuration
    }

    /// For who opens many: writes the log into the file, and frees the descriptors. Nothing may be asked of it afterwards.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        try? database.close()
        Unmanaged.passUnretained(database).release()
    }

    // MARK: Reading

    /// Several reads of one moment.
    public func read<Result>(
        _ body: (ObjectSnapshot) throws(ObjectStoreError) -> Result
    ) throws(ObjectStoreError) -> Result {
        do {
            return try database.read { try body(ObjectSnapshot(rows: ObjectRows(database: $0, path: path))) }
        } catch {
            throw ObjectStoreError(error, path: path)
        }
    }

    public func find(_ key: ObjectKey) throws(ObjectStoreError) -> JSONValue? {
        try read { (snapshot) throws(ObjectStoreError) in try snapshot.find(key) }
    }

    public func list(
        _ kind: String, namespace: String?, labels: LabelSelector, fields: FieldSelector
    )
        throws(ObjectStoreError) -> [JSONValue]
    {
        try read { (snapshot) throws(ObjectStoreError) in
            try snapshot.list(kind, namespace: namespace, labels: labels, fields: fields)
        }
    }

    public func resourceVersion() throws(ObjectStoreError) -> Int64 {
        try read { (snapshot) throws(ObjectStoreError) in try snapshot.resourceVersion() }
    }

    /// What has happened since; throws `.expired` where that is not kept any more.
    public func changes(since version: Int64, kind: String? = nil) throws(ObjectStoreError) -> ObjectChanges {
        try read { (snapshot) throws(ObjectStoreError) in try snapshot.changes(since: version, kind: kind) }
    }

    // MARK: Writing

    /// One transaction, which begins with the lock for writing: what the body reads stays so until its end. Where the body
    /// throws, nothing is changed.
    public func write<Result>(
        _ body: (ObjectTransaction) throws(ObjectStoreError) -> Result
    ) throws(ObjectStoreError) -> Result {
        do {
            var result: Result?
            try database.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    let rows = ObjectRows(database: database, path: path)
                    let transaction = ObjectTransaction(rows: rows, now: clock())
                    result = try body(transaction)
                    try rows.trim()
                    return .commit
                }
            }
            guard let result else { throw ObjectStoreError.unusable(path: path, problem: "no transaction took place") }
            // Others see a transaction a moment after its last bytes are in the log: who watches the log looks now.
            utimensat(AT_FDCWD, path + "-wal", nil, 0)
            return result
        } catch {
            throw ObjectStoreError(error, path: path)
        }
    }
}

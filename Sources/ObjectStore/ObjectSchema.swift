import GRDB
import Glibc

/// The tables, and their way from version to version.
enum ObjectSchema {
    /// Kept in the file as `user_version`.
    static var version: Int { steps.count }

    /// From version 0, an empty file, each to the next. What has been released never changes here.
    private static let steps: [String] = [
        """
        CREATE TABLE counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO counters VALUES('resourceVersion', 0), ('trimmed', 0), ('changedBytes', 0);
        CREATE TABLE objects(
            kind TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, uid TEXT NOT NULL UNIQUE,
            resource_version INTEGER NOT NULL, json TEXT NOT NULL, UNIQUE(kind, namespace, name));
        CREATE TABLE owners(owner TEXT NOT NULL, uid TEXT NOT NULL, PRIMARY KEY(owner, uid)) WITHOUT ROWID;
        CREATE INDEX owned ON owners(uid);
        CREATE TABLE changes(
            resource_version INTEGER PRIMARY KEY, type TEXT NOT NULL, kind TEXT NOT NULL, size INTEGER NOT NULL,
            json TEXT NOT NULL);
        """
    ]

    static func prepare(_ database: Database, _ path: String) throws {
        switch try version(of: database) {
        case version: return
        case 0: try switchToWAL(database)
        case let other where other > version:
            throw ObjectStoreError.unusable(
                path: path,
                problem: "it is of version \(other), of a newer swiftlet; this one reads versions up to \(version)")
        default: break
        }
        try database.inTransaction(.immediate) {
            // Another process may have been first.
            for step in steps[min(try version(of: database), version)...] { try database.execute(sql: step) }
            try database.execute(sql: "PRAGMA user_version = \(version)")
            return .commit
        }
    }

    private static func version(of database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    }

    /// Of several processes that do so at once SQLite lets some fail without waiting.
    private static func switchToWAL(_ database: Database) throws {
        var attempts = 0
        while true {
            do {
                try database.execute(sql: "PRAGMA journal_mode = WAL")
                return
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY && attempts < 1000 {
                attempts += 1
                usleep(5000)
            }
        }
    }
}

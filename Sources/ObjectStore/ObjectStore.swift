import GRDB

/// The objects of one host, in SQLite.
public enum ObjectStore {
    /// Of the library.
    public static var sqliteVersion: String { String(cString: sqlite3_libversion()) }
}

import GRDB

/// The objects of one host, in SQLite.
public final class ObjectStore {
    private let database: DatabasePool

    /// Opens the file, and makes it where there is none.
    public init(path: String) throws(ObjectStoreError) {
        do {
            database = try DatabasePool(path: path)
        } catch {
            throw .unusable(path: path, problem: "\(error)")
        }
    }
}

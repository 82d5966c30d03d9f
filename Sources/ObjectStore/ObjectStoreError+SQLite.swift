import GRDB

extension ObjectStoreError {
    /// What SQLite says about the file, with what to do about it.
    init(_ error: any Error, path: String) {
        if let error = error as? ObjectStoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .unusable(path: path, problem: "\(error)")
            return
        }
        self = .unusable(path: path, problem: Self.problem(error, path))
    }

    private static func problem(_ error: DatabaseError, _ path: String) -> String {
        let detail = error.message ?? "\(error.extendedResultCode)"
        return switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            "the file is damaged (\(detail)); move it away with \(path)-wal and \(path)-shm, and save what can be read: "
                + "sqlite3 OLD .recover | sqlite3 \(path)"
        case .SQLITE_FULL: "no space left on the device; nothing was changed"
        case .SQLITE_BUSY, .SQLITE_LOCKED: "another command has kept it locked for too long; try again"
        case .SQLITE_READONLY: "the file or its file system is read-only"
        case .SQLITE_PERM, .SQLITE_AUTH: "permission denied"
        case .SQLITE_CANTOPEN: "cannot be opened (\(detail)); is its directory writable?"
        case .SQLITE_IOERR: "the device reports an error (\(error.extendedResultCode): \(detail)); is it full?"
        default: detail
        }
    }
}

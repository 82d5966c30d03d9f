/// Why the store could not do as it was asked.
public enum ObjectStoreError: Error, Equatable, CustomStringConvertible {
    /// An object of that key is there already.
    case alreadyExists(ObjectKey)
    case notFound(ObjectKey)
    /// The object has changed since it was read: its `resourceVersion`, or even its uid, is another one.
    case conflict(ObjectKey)
    /// It cannot be stored as it is; `problem` names the field, in Kubernetes' words.
    case invalid(ObjectKey, problem: String)
    /// What happened since that resourceVersion is not kept any more; list again.
    case expired(resourceVersion: Int64)
    /// The file cannot be used; `problem` says why, and what to do.
    case unusable(path: String, problem: String)
    /// For the body of a transaction that changes its mind: everything is as before it.
    case abandoned(String)

    public var description: String {
        switch self {
        case .alreadyExists(let key): "\(key) already exists"
        case .notFound(let key): "\(key) not found"
        case .conflict(let key): "\(key) has been changed by another command meanwhile; try again"
        case .invalid(let key, let problem): "\(key) is invalid: \(problem)"
        case .expired(let version): "what happened since resourceVersion \(version) is not kept any more"
        case .unusable(let path, let problem): "\(path): \(problem)"
        case .abandoned(let reason): reason
        }
    }
}

import CLinux
import Glibc
import Linux
import ObjectStore
import PodAPI

/// The end of a deleted pod that nobody holds any more: its events go into the store, its directories and logs go, then its
/// object. Each step may be done again.
struct PodRemoval {
    private let host: Host
    private let pod: JSONValue
    private let executable: SupervisorExecutable

    init(_ host: Host, _ pod: JSONValue, _ executable: SupervisorExecutable) {
        self.host = host
        self.pod = pod
        self.executable = executable
    }

    func run() throws(CommandError) {
        guard let uid = pod.uid, !uid.isEmpty, !uid.contains("/") else { return }
        let roots = host.roots
        let record = PodRecord(roots, uid)
        let hasDirectory = access(record.directory, F_OK) == 0 || access("\(roots.run)/pods/\(uid)", F_OK) == 0
        if hasDirectory {
            let (host, pod) = (host, pod)
            try host.write { (transaction) throws(ObjectStoreError) in try host.keepEvents(of: pod, in: transaction) }
            // Without its plan it is one of the pods that nobody knows, which are swept.
            for file in ["plan", "plan.bad"] { unlink("\(record.directory)/\(file)") }
            executable.sweep(state: roots.state, run: roots.run)
        }
        let key = ObjectKey(pod)
        LogRemoval.remove("\(roots.logs)/\(key.namespace)_\(key.name)_\(uid)")
        try host.write { (transaction) throws(ObjectStoreError) in
            // Another command may have been faster.
            guard let stored = try transaction.find(key), stored.uid == uid else { return }
            _ = try transaction.delete(key, uid: uid)
        }
    }
}

/// Removes the logs of a pod: directories and files that only the pod's supervisor has made.
enum LogRemoval {
    static func remove(_ path: String) {
        for name in DirectoryReader.entries(path) {
            let inner = "\(path)/\(name)"
            if unlink(inner) != 0, errno == EISDIR || errno == EPERM { remove(inner) }
        }
        rmdir(path)
    }
}

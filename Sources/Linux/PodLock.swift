import CLinux
import Glibc

/// Whether a pod is alive: supervisor and keeper hold a lock on `lock` in its run directory by one open file, which the
/// kernel releases when the last of them has died.
public enum PodLock {
    /// Taken shared while a pod's run directory comes into being, exclusively by whoever looks for dead ones: a directory
    /// whose lock is not taken yet is then never mistaken for one that a dead pod has left.
    /// Throws EWOULDBLOCK where `wait` is false and another holds it.
    public static func gate(_ runRoot: String, exclusive: Bool, wait: Bool = true) throws(SystemError) -> OwnedFD {
        try lock(runRoot + "/lock", (exclusive ? LOCK_EX : LOCK_SH) | (wait ? 0 : LOCK_NB))
    }

    /// Throws EWOULDBLOCK where the pod is alive.
    public static func take(_ run: String) throws(SystemError) -> OwnedFD {
        try lock(run + "/lock", LOCK_EX | LOCK_NB)
    }

    private static func lock(_ path: String, _ operation: Int32) throws(SystemError) -> OwnedFD {
        let fd = OwnedFD(try check(swl_open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600), "open", path))
        try check(swl_flock(fd.raw, operation), "flock", path)
        return fd
    }

    /// Whether somebody holds the pod's lock. `run` is the root of run-time files.
    public static func isHeld(_ uid: String, run: String) -> Bool {
        // With the gate in hand nobody mistakes this look for the pod being alive.
        guard let gate = try? gate(run, exclusive: true) else { return false }
        defer { _ = gate.raw }
        do throws(SystemError) {
            _ = try take("\(run)/pods/\(uid)")
            return false
        } catch {
            return error.errno == EWOULDBLOCK
        }
    }

    /// Which of these pods are alive. One look at all of them costs each three system calls.
    public static func held(_ uids: [String], run: String) -> Set<String> {
        guard !uids.isEmpty, let gate = try? gate(run, exclusive: true) else { return [] }
        defer { _ = gate.raw }
        var held: Set<String> = []
        for uid in uids {
            do throws(SystemError) { _ = try take("\(run)/pods/\(uid)") } catch {
                if error.errno == EWOULDBLOCK { held.insert(uid) }
            }
        }
        return held
    }

    /// Whether the pod is of the store, by the plan in its state directory, which nobody but who deletes the pod removes.
    public static func isKept(_ state: String) -> Bool {
        access(state + "/plan", F_OK) == 0 || access(state + "/plan.bad", F_OK) == 0
    }

    /// The pods below these roots that nobody holds any more. Empty where a pod is just being started: then the next
    /// command looks again.
    public static func deadPods(state: String, run: String) -> [String] {
        let made = Set(DirectoryReader.entries(run + "/pods"))
        let names = made.union(DirectoryReader.entries(state + "/pods"))
        if names.isEmpty { return [] }
        guard let gate = try? gate(run, exclusive: true, wait: false) else { return [] }
        defer { _ = gate.raw }
        return names.filter { name in
            guard made.contains(name) else { return !isKept("\(state)/pods/\(name)") }
            // It waits for whoever starts it again.
            if isKept("\(state)/pods/\(name)") { return false }
            guard let lock = try? take("\(run)/pods/\(name)") else { return false }
            return lock.raw >= 0
        }
    }
}

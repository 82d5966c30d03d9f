import Cgroups
import Glibc
import Linux
import ObjectStore
import PodAPI

/// Something of swiftlet's that no pod and no object has any more.
struct LeftOver: Equatable {
    enum Kind: String {
        /// The state directory and the run directory of a pod that nobody runs and nobody stores.
        case pod
        case cgroup
        case log
        /// A damaged file that was set aside.
        case damaged
        /// A compiled seccomp profile.
        case seccomp
    }

    var kind: Kind
    /// Of a pod its uid, else a path.
    var name: String
    /// Bytes.
    var size: Int64
    var reason: String
}

/// Looks for what was left over, and changes nothing. Where it cannot be known whether something is needed, it is no left-over.
struct LeftOverSearch {
    let roots: Roots
    /// Uids of stored pods; nil: the store cannot be read.
    let stored: Set<String>?
    /// Also what is kept for a while: the logs of the last pods, all compiled seccomp profiles.
    let includesKept: Bool

    /// As `LogRetention` has it.
    private static let keptLogs = 10
    /// Seconds after which a compiled profile that nobody has read is not needed any more.
    private static let profileAge = 30 * 86400

    func run() -> [LeftOver] {
        pods() + cgroups() + logs() + damaged() + profiles()
    }

    // MARK: Pods

    func pods() -> [LeftOver] {
        guard let stored else { return [] }
        let held = Set(LockHolder.all().map(\.uid))
        let names = Set(DirectoryReader.entries(roots.run + "/pods")).union(
            DirectoryReader.entries(roots.state + "/pods"))
        return names.sorted().compactMap { uid in
            if stored.contains(uid) || held.contains(uid) || PodLock.isHeld(uid, run: roots.run) { return nil }
            let size = Self.size("\(roots.state)/pods/\(uid)") + Self.size("\(roots.run)/pods/\(uid)")
            let wasStored = PodLock.isKept("\(roots.state)/pods/\(uid)")
            return LeftOver(
                kind: .pod, name: uid, size: size,
                reason: wasStored ? "its object is not in the store" : "it was killed with its supervisor")
        }
    }

    // MARK: Cgroups

    /// Those of pods whose lock nobody on this host holds, whatever their root.
    func cgroups() -> [LeftOver] {
        let held = Set(LockHolder.all().map(\.uid))
        let known = Set(DirectoryReader.entries(roots.run + "/pods"))
        return Self.cgroupRoots().flatMap { root -> [LeftOver] in
            let names = DirectoryReader.entries(root + "/swiftlet")
            let pods = names.filter { $0.hasPrefix("pod") }.sorted().compactMap { name -> LeftOver? in
                let uid = String(name.dropFirst(3))
                // A pod makes its cgroup after it has taken its lock.
                if held.contains(uid) || known.contains(uid) { return nil }
                let processes = Self.processes("\(root)/swiftlet/\(name)")
                return LeftOver(
                    kind: .cgroup, name: "\(root)/swiftlet/\(name)", size: 0,
                    reason: processes == 0 ? "its pod is gone" : "its pod is gone, but for \(processes) processes")
            }
            var status = stat()
            let isEmpty =
                lstat(root + "/swiftlet", &status) == 0 && status.st_nlink <= 2
                && Self.processes(root + "/swiftlet") == 0
            return pods
                + (isEmpty
                    ? [LeftOver(kind: .cgroup, name: root + "/swiftlet", size: 0, reason: "there is no pod in it")]
                    : [])
        }
    }

    static func cgroupRoots() -> [String] {
        let top = "/sys/fs/cgroup"
        return ([top] + DirectoryReader.entries(top).map { top + "/" + $0 }.sorted()).filter { root in
            var status = stat()
            return lstat(root, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
                && access(root + "/swiftlet/cgroup.procs", F_OK) == 0
        }
    }

    private static func processes(_ cgroup: String, depth: Int = 0) -> Int {
        let own = (KernelFile.read(cgroup + "/cgroup.procs") ?? "").split(separator: "\n").count
        if depth > 8 { return own }
        return DirectoryReader.entries(cgroup).reduce(own) { sum, name in
            var status = stat()
            guard lstat("\(cgroup)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return sum }
            return sum + processes("\(cgroup)/\(name)", depth: depth + 1)
        }
    }

    // MARK: Files

    /// Logs of pods that have ended, but for those of the last few.
    func logs() -> [LeftOver] {
        guard let stored else { return [] }
        var ended: [(path: String, at: Int)] = []
        for name in DirectoryReader.entries(roots.logs) {
            let path = roots.logs + "/" + name
            var status = stat()
            guard lstat(path + "/.swiftlet", &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                let uid = name.split(separator: "_").last.map(String.init), !stored.contains(uid),
                access("\(roots.run)/pods/\(uid)", F_OK) != 0, access("\(roots.state)/pods/\(uid)", F_OK) != 0,
                lstat(path, &status) == 0
            else { continue }
            ended.append((path, status.st_mtim.tv_sec))
        }
        return ended.sorted { $0.at > $1.at }.dropFirst(includesKept ? 0 : Self.keptLogs).map {
            LeftOver(kind: .log, name: $0.path, size: Self.size($0.path), reason: "its pod is gone")
        }
    }

    func damaged() -> [LeftOver] {
        let pods = DirectoryReader.entries(roots.state + "/pods").map { roots.state + "/pods/" + $0 }
        return ([roots.state] + pods.sorted()).flatMap { directory in
            DirectoryReader.entries(directory).filter { name in
                // A plan that was set aside says that the pod is the store's.
                name != "plan.bad" && (name.hasSuffix(".bad") || name.contains(".bad-"))
            }.sorted().map { name in
                LeftOver(
                    kind: .damaged, name: "\(directory)/\(name)", size: Self.size("\(directory)/\(name)"),
                    reason: "it was damaged and set aside")
            }
        }
    }

    func profiles() -> [LeftOver] {
        let directory = roots.state + "/seccomp-programs"
        return DirectoryReader.entries(directory).sorted().compactMap { name in
            var status = stat()
            let path = "\(directory)/\(name)"
            guard name.hasPrefix("seccomp-"), lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                return nil
            }
            let age = time(nil) - max(status.st_atim.tv_sec, status.st_mtim.tv_sec)
            guard includesKept || age > Self.profileAge else { return nil }
            return LeftOver(
                kind: .seccomp, name: path, size: Int64(status.st_size),
                reason: "no pod has used it for \(age / 86400) days")
        }
    }

    /// Of all that is below, on the disk; follows no link.
    static func size(_ path: String, depth: Int = 0) -> Int64 {
        var status = stat()
        guard lstat(path, &status) == 0 else { return 0 }
        let own = Int64(status.st_blocks) * 512
        guard status.st_mode & S_IFMT == S_IFDIR, depth < 200 else { return own }
        return DirectoryReader.entries(path).reduce(own) { $0 + size("\(path)/\($1)", depth: depth + 1) }
    }
}

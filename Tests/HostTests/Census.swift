import Foundation
import Glibc

/// What swiftlet might leave on a host: mounts, network namespaces, links, cgroups, processes, loop devices, temporary
/// files and System V objects. Two censuses of a host on which nothing else happens are equal.
struct Census {
    private var lines: Set<String>

    static func take() -> Census {
        var lines = Set<String>()
        for line in text(at: "/proc/self/mountinfo").split(separator: "\n") { lines.insert("mount \(line)") }
        for line in text(at: "/proc/self/net/dev").split(separator: "\n").dropFirst(2) {
            lines.insert("link \(line.split(separator: ":").first?.trimmingCharacters(in: .whitespaces) ?? "")")
        }
        for process in HostProcess.all() {
            let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process.pid)/ns/net")
            if let link { lines.insert("network namespace \(link)") }
            let isOurs = process.name == "swiftlet" || process.name.hasPrefix("swiftlet-")
            if isOurs || text(at: "/proc/\(process.pid)/cgroup").contains("/swiftlet/") {
                lines.insert("process \(process.pid) \(process.name) \(process.state)")
            } else if process.state == "Z" && process.parent == getpid() {
                lines.insert("zombie \(process.pid) \(process.name)")
            }
        }
        for name in names("/run/netns") { lines.insert("named network namespace \(name)") }
        for name in names("/run/swiftlet/pods") + names("/var/lib/swiftlet/pods") {
            lines.insert("pod directory \(name)")
        }
        let hierarchies = ["/sys/fs/cgroup"] + names("/sys/fs/cgroup").map { "/sys/fs/cgroup/" + $0 }
        for hierarchy in hierarchies {
            for path in directories(below: hierarchy + "/swiftlet") { lines.insert("cgroup \(path)") }
        }
        for name in names("/sys/block") where name.hasPrefix("loop") {
            let file = text(at: "/sys/block/\(name)/loop/backing_file")
            if !file.isEmpty { lines.insert("loop device \(name) \(file)") }
        }
        for folder in ["/tmp", "/var/tmp", "/dev/shm", "/run"] {
            for name in names(folder) where name.hasPrefix("swiftlet") || name.hasPrefix(".swiftlet") {
                if name.hasPrefix("swiftlet-world.") || name.hasPrefix("swiftlet-test") || name == "swiftlet" {
                    continue
                }
                lines.insert("file \(folder)/\(name)")
            }
        }
        for kind in ["shm", "sem", "msg"] {
            for line in text(at: "/proc/sysvipc/\(kind)").split(separator: "\n").dropFirst() {
                lines.insert("\(kind) \(line.split(separator: " ").prefix(2).joined(separator: " "))")
            }
        }
        return Census(lines: lines)
    }

    /// What has come and gone since, once it has had `seconds` to settle: the kernel frees namespaces a little after the
    /// last process has died.
    static func differences(since before: Census, within seconds: Double) -> [String] {
        let end = monotonicSeconds() + seconds
        while true {
            let now = take()
            // A network namespace that went away was somebody else's.
            let gone = before.lines.subtracting(now.lines).filter {
                !$0.hasPrefix("network namespace") && !$0.hasPrefix("process") && !$0.hasPrefix("zombie")
            }
            let left = now.lines.subtracting(before.lines)
            if gone.isEmpty && left.isEmpty { return [] }
            if monotonicSeconds() > end {
                return left.sorted().map { "left on the host: \($0)" }
                    + gone.sorted().map { "gone from the host: \($0)" }
            }
            usleep(20000)
        }
    }

    private static func names(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private static func directories(below path: String) -> [String] {
        // swiftlet's own directory stays; what is in it belongs to pods.
        names(path).flatMap { name -> [String] in
            var status = stat()
            let full = path + "/" + name
            guard lstat(full, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return [] }
            return [full] + directories(below: full)
        }
    }
}

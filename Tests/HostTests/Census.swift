import Foundation
import Glibc

/// What swiftlet might leave on a host: mounts, network namespaces, links, cgroups, processes, loop devices, temporary
/// files and System V objects. Of what others make and remove at any time (namespaces, cgroups, processes) only that is
/// counted which a world's pods can be told to own.
struct Census {
    private var lines: Set<String>

    static func take(_ world: World) -> Census {
        var lines = Set<String>()
        for line in text(at: "/proc/self/mountinfo").split(separator: "\n") {
            let isOurs =
                ["swiftlet", " - overlay ", " nsfs "].contains { line.contains($0) } || line.contains(world.base)
            if isOurs { lines.insert("mount \(line)") }
        }
        for line in text(at: "/proc/self/net/dev").split(separator: "\n").dropFirst(2) {
            lines.insert("link \(line.split(separator: ":").first?.trimmingCharacters(in: .whitespaces) ?? "")")
        }
        let pods = world.pods()
        for process in HostProcess.all() {
            if process.state == "Z" {
                if process.parent == getpid() { lines.insert("zombie \(process.pid) \(process.name)") }
                continue
            }
            let group = text(at: "/proc/\(process.pid)/cgroup")
            guard process.isOfThisBuild || pods.contains(where: { group.contains("/swiftlet/pod\($0)") }) else {
                continue
            }
            lines.insert("process \(process.pid) \(process.name) \(process.state)")
            let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process.pid)/ns/net")
            lines.insert("network namespace \(link ?? "")")
        }
        for name in names("/run/netns") { lines.insert("named network namespace \(name)") }
        let hierarchies = ["/sys/fs/cgroup"] + names("/sys/fs/cgroup").map { "/sys/fs/cgroup/" + $0 }
        for hierarchy in hierarchies {
            for path in directories(below: hierarchy + "/swiftlet") where pods.contains(where: { path.contains($0) }) {
                lines.insert("cgroup \(path)")
            }
        }
        for name in names("/sys/block") where name.hasPrefix("loop") {
            let file = text(at: "/sys/block/\(name)/loop/backing_file")
            if !file.isEmpty { lines.insert("loop device \(name) \(file)") }
        }
        for folder in ["/tmp", "/var/tmp", "/dev/shm", "/run"] {
            for name in names(folder) {
                let isOurs = [".swiftlet", "swiftlet-supervisor", "swiftlet-keeper"].contains { name.hasPrefix($0) }
                if isOurs || pods.contains(where: { name.contains($0) }) { lines.insert("file \(folder)/\(name)") }
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
    static func differences(_ world: World, since before: Census, within seconds: Double) -> [String] {
        let end = monotonicSeconds() + seconds
        while true {
            let now = take(world)
            let gone = before.lines.subtracting(now.lines)
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

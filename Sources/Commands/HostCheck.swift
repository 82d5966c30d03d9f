import CLinux
import Cgroups
import Glibc
import Linux

/// What this host can and cannot do, one line a requirement, the most needed first.
struct HostCheck {
    struct Finding: Equatable {
        enum Verdict: Equatable {
            case present
            /// Pods run, but something is missing from them.
            case limited
            /// No pod can run.
            case missing
        }

        var subject: String
        var verdict: Verdict
        /// What is there, or what is missing and what to do about it.
        var detail: String
    }

    var findings: [Finding] = []

    /// Looks at everything; takes a few milliseconds.
    static func all() -> HostCheck {
        var check = HostCheck()
        check.privileges()
        check.kernel()
        check.fileSystems()
        check.cgroups()
        check.programs()
        return check
    }

    /// The first reason why no pod can run here, looking only at what costs nothing.
    static func obstacle() -> String? {
        if geteuid() != 0 {
            return "swiftlet needs root to make namespaces and mounts: run it with sudo, or in a VM as root"
        }
        return nil
    }

    private mutating func add(_ subject: String, _ verdict: Finding.Verdict, _ detail: String) {
        findings.append(Finding(subject: subject, verdict: verdict, detail: detail))
    }

    private mutating func privileges() {
        if geteuid() != 0 {
            add("root", .missing, "not root: run it with sudo, or in a VM as root")
            return
        }
        add("root", .present, "yes")
        var effective: UInt64 = 0
        _ = swl_get_capabilities(&effective)
        let needed: [(Int, String)] = [
            (21, "SYS_ADMIN"), (12, "NET_ADMIN"), (6, "SETGID"), (7, "SETUID"), (1, "DAC_OVERRIDE"), (8, "SETPCAP"),
            (0, "CHOWN"), (27, "MKNOD"),
        ]
        let missing = needed.filter { effective >> UInt64($0.0) & 1 == 0 }.map { "CAP_" + $0.1 }
        if missing.isEmpty {
            let resource = effective >> 24 & 1 == 1
            add(
                "capabilities", resource ? .present : .limited,
                resource
                    ? "all that is needed"
                    : "no CAP_SYS_RESOURCE: hard limits cannot be raised, pods run with the caller's")
        } else {
            add(
                "capabilities", .missing,
                "\(missing.joined(separator: ", ")) missing: run it outside a container, or with more rights")
        }
    }

    private mutating func kernel() {
        var name = utsname()
        uname(&name)
        let release = withUnsafePointer(to: &name.release) {
            $0.withMemoryRebound(to: CChar.self, capacity: 65) { String(cString: $0) }
        }
        let numbers = release.split(whereSeparator: { !$0.isNumber }).prefix(2).compactMap { Int($0) }
        // 5.14: cgroup.kill; clone3, pidfds, openat2 and mount_setattr are older.
        let recent = numbers.count == 2 && (numbers[0] > 5 || numbers[0] == 5 && numbers[1] >= 14)
        add("kernel", recent ? .present : .missing, recent ? release : "\(release) is too old: 5.14 or later is needed")
        let absent = ["mnt", "net", "ipc", "uts", "pid", "cgroup"].filter { access("/proc/self/ns/" + $0, F_OK) != 0 }
        if absent.isEmpty {
            add("namespaces", .present, "mount, network, IPC, UTS, PID, cgroup")
        } else {
            add("namespaces", .missing, "the kernel has no \(absent.joined(separator: ", ")) namespaces")
        }
        let seccomp = access("/proc/sys/kernel/seccomp/actions_avail", R_OK) == 0
        add(
            "seccomp", seccomp ? .present : .missing,
            seccomp
                ? "filters" : "the kernel has no seccomp filters: only pods with seccompProfile Unconfined could run")
    }

    private mutating func fileSystems() {
        let known = (try? String(contentsOfKernelFile: "/proc/filesystems")) ?? ""
        for name in ["overlay", "tmpfs", "proc", "sysfs"] {
            let there = known.split(separator: "\n").contains {
                $0.split(separator: "\t").last.map(String.init) == name
            }
            if there || access("/sys/module/\(name)", F_OK) == 0 {
                add(name, .present, "file system")
            } else {
                add(name, .missing, "the kernel does not know this file system: try `modprobe \(name)`")
            }
        }
    }

    private mutating func cgroups() {
        if let tree = CgroupTree() {
            add("cgroup2", .present, tree.root)
        } else {
            add(
                "cgroup2", .limited,
                "not mounted: try `mount -t cgroup2 cgroup2 /sys/fs/cgroup`; pods run without a cgroup of their own")
        }
    }

    private mutating func programs() {
        for (program, package) in [
            ("git", "git"), ("nginx", "nginx-light"), ("busybox", "busybox-static"), ("python3", "python3"),
        ] {
            let path = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
                .map { $0 + "/" + program }.first { access($0, X_OK) == 0 }
            if let path {
                add(program, .present, path)
            } else {
                add(
                    program, .limited,
                    "not installed: pods on the host's root that use it need `apt-get install \(package)`")
            }
        }
    }
}

extension String {
    /// Files below /proc and /sys have no size to go by.
    init(contentsOfKernelFile path: String) throws(SystemError) {
        let fd = OwnedFD(try check(swl_open(path, O_RDONLY, 0), "open", path))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = read(fd.raw, &buffer, buffer.count)
            if count <= 0 { break }
            bytes += buffer.prefix(count)
        }
        self = String(decoding: bytes, as: UTF8.self)
    }
}

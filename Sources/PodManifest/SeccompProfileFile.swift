import Glibc
public import PodAPI

/// A seccomp profile in a file, in the JSON form that container runtimes read: that of the OCI runtime specification, with
/// what Docker's and podman's own form has more (`archMap`, `includes`, `excludes`).
///
/// Stricter than they are where a mistake would make a filter weaker than it looks: a field that nobody knows is an error.
public struct SeccompProfileFile: Sendable {
    /// What the conditions of a profile are judged by.
    public struct Situation: Sendable {
        /// Bits of the container's bounding set.
        public var capabilities: UInt64
        /// Kubernetes' name, such as `amd64`.
        public var architecture: String
        public var kernel: KernelVersion

        public init(capabilities: UInt64, architecture: String, kernel: KernelVersion) {
            self.capabilities = capabilities
            self.architecture = architecture
            self.kernel = kernel
        }
    }

    /// The first two numbers of a kernel's release.
    public struct KernelVersion: Sendable, Comparable {
        public var major: Int
        public var minor: Int

        /// `6.12.9-amd64`; nil where it does not begin with two numbers.
        public init?(_ release: String) {
            let parts = release.split(separator: ".", maxSplits: 2)
            guard parts.count >= 2, let major = Int(parts[0]), let minor = Int(parts[1].prefix(while: \.isNumber))
            else {
                return nil
            }
            (self.major, self.minor) = (major, minor)
        }

        public static func < (left: Self, right: Self) -> Bool {
            (left.major, left.minor) < (right.major, right.minor)
        }
    }

    public private(set) var errors: [Diagnostic] = []
    private let file: String
    private var root: ManifestNode?

    public init(path: String) {
        file = path
        do throws(ManifestFile.Failure) {
            read(try ManifestFile.read(path, limit: SourceLimits().bytes))
        } catch {
            errors = [Diagnostic(file: path, message: error.message)]
        }
    }

    public init(_ bytes: [UInt8], file: String) {
        self.file = file
        read(bytes)
    }

    private mutating func read(_ bytes: [UInt8]) {
        let limits = SourceLimits()
        do throws(SourceError) {
            var reader = JSONReader(try SourceText(bytes, limits: limits), limits: limits)
            let (documents, problems, _) = reader.read()
            errors = problems.map { Diagnostic(file: file, $0.position, message: $0.message) }
            guard errors.isEmpty else { return }
            guard documents.count == 1, let document = documents[0] else {
                errors = [Diagnostic(file: file, message: "must hold one JSON object, holds \(documents.count)")]
                return
            }
            var checker = FieldChecker(limit: limits.errors)
            checker.check(document, as: .syscallProfile)
            errors = checker.errors.map { Diagnostic(file: file, $0.position, path: $0.path, message: $0.message) }
            root = document
        } catch {
            errors = [Diagnostic(file: file, error.position, message: error.message)]
        }
    }

    /// What the profile says to one container; nil where there are errors.
    public mutating func profile(for situation: Situation) -> SyscallProfile? {
        guard errors.isEmpty, let root else { return nil }
        guard let defaultAction = action(root, "defaultAction", errno: "defaultErrno", FieldPath()) else { return nil }
        var profile = SyscallProfile(defaultAction: defaultAction)
        profile.architectures = architectures(root, situation)
        for (index, flag) in root.strings("flags").enumerated() {
            switch flag {
            case "SECCOMP_FILTER_FLAG_LOG": profile.logs = true
            case "SECCOMP_FILTER_FLAG_SPEC_ALLOW": profile.allowsSpeculation = true
            // A container begins with one thread, so all its threads have the filter anyway.
            case "SECCOMP_FILTER_FLAG_TSYNC": break
            default:
                report(
                    FieldPath("flags").index(index),
                    "\(flag) is for filters that notify a program of system calls; leave it out")
            }
        }
        for (index, node) in root.list("syscalls").enumerated() {
            let path = FieldPath("syscalls").index(index)
            if let rule = rule(node, path), applies(node, path, situation) { profile.rules.append(rule) }
        }
        return errors.isEmpty ? profile : nil
    }

    // MARK: Parts

    private mutating func rule(_ node: ManifestNode, _ path: FieldPath) -> SyscallProfile.Rule? {
        var names = node.strings("names")
        let name = node.string("name")
        if !name.isEmpty {
            if !names.isEmpty { report(path.field("name"), "given together with names; use one of them") }
            names = [name]
        }
        if names.isEmpty { report(path, "required: names") }
        guard let action = action(node, "action", errno: "errno", path) else { return nil }
        var rule = SyscallProfile.Rule(names: names, action: action)
        for (index, node) in node.list("args").enumerated() {
            let path = path.field("args").index(index)
            guard let argument = node["index"]?.integer, (0...5).contains(argument) else {
                report(path.field("index"), "must be from 0 to 5: a system call has six arguments")
                continue
            }
            guard let op = SyscallProfile.Operator(rawValue: node.string("op")) else {
                report(path.field("op"), "required: how to compare, such as \"SCMP_CMP_EQ\"")
                continue
            }
            rule.comparisons.append(
                SyscallProfile.Comparison(
                    argument: UInt32(argument), operator: op, value: number(node, "value", path),
                    valueTwo: number(node, "valueTwo", path)))
        }
        return rule
    }

    private mutating func action(
        _ node: ManifestNode, _ field: String, errno errnoField: String, _ path: FieldPath
    ) -> SyscallProfile.Action? {
        switch node.string(field) {
        case "SCMP_ACT_ALLOW": return .allow
        case "SCMP_ACT_LOG": return .log
        case "SCMP_ACT_TRAP": return .trap
        case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD": return .killThread
        case "SCMP_ACT_KILL_PROCESS": return .killProcess
        case "SCMP_ACT_ERRNO": return .errno(errorNumber(node, errnoField, path))
        case "SCMP_ACT_TRACE": return .trace(errorNumber(node, errnoField, path))
        case "SCMP_ACT_NOTIFY":
            report(path.field(field), "no program is notified of system calls; use another action")
        default: report(path.field(field), "required: what becomes of a call, such as \"SCMP_ACT_ERRNO\"")
        }
        return nil
    }

    /// EPERM where nothing is said (config-linux.md). A name counts more than a number (containers/common, `getErrno`).
    private mutating func errorNumber(_ node: ManifestNode, _ field: String, _ path: FieldPath) -> UInt16 {
        let name = node.string(field)
        if !name.isEmpty {
            if let number = UInt16(name) ?? Self.errorNumbers[name].map({ UInt16($0) }), number <= 4095 {
                return number
            }
            report(path.field(field), "\(quoted(name)) is no errno that is known here; give its number in \(field)Ret")
            return UInt16(EPERM)
        }
        guard let number = node[field + "Ret"]?.integer else { return UInt16(EPERM) }
        guard (0...4095).contains(number) else {
            report(path.field(field + "Ret"), "must be from 0 to 4095")
            return UInt16(EPERM)
        }
        return UInt16(number)
    }

    /// 64 bits without sign.
    private mutating func number(_ node: ManifestNode, _ field: String, _ path: FieldPath) -> UInt64 {
        guard let value = node[field] else { return 0 }
        if case .scalar(let text, true) = value.content, let number = UInt64(text) { return number }
        report(path.field(field), "must be a whole number from 0 to 18446744073709551615")
        return 0
    }

    private mutating func architectures(_ root: ManifestNode, _ situation: Situation) -> [String] {
        let listed = root.strings("architectures")
        let map = root.list("archMap")
        if !listed.isEmpty, !map.isEmpty {
            report(FieldPath("archMap"), "given together with architectures; use one of them")
        }
        var names = listed
        for entry in map where Self.libraryName(entry.string("architecture")) == Self.native(situation) {
            names = [entry.string("architecture")] + entry.strings("subArchitectures")
        }
        return names.map(Self.libraryName)
    }

    private static func libraryName(_ name: String) -> String { name.dropFirst("SCMP_ARCH_".count).lowercased() }

    private static func native(_ situation: Situation) -> String {
        switch situation.architecture {
        case "amd64": "x86_64"
        case "arm64": "aarch64"
        default: situation.architecture
        }
    }

    /// Whether a rule is for this container: every condition of `includes`, and none of `excludes`.
    private mutating func applies(_ node: ManifestNode, _ path: FieldPath, _ situation: Situation) -> Bool {
        var applies = true
        for (field, isIncluded) in [("includes", true), ("excludes", false)] {
            guard let condition = node[field] else { continue }
            let path = path.field(field)
            let arches = condition.strings("arches")
            if !arches.isEmpty, arches.contains(situation.architecture) != isIncluded { applies = false }
            for (index, name) in condition.strings("caps").enumerated() {
                guard let number = CapabilityNames.all.firstIndex(of: CapabilityNames.bare(name)) else {
                    report(path.field("caps").index(index), "unknown capability \(quoted(name))")
                    continue
                }
                if (situation.capabilities >> UInt64(number) & 1 == 1) != isIncluded { applies = false }
            }
            let release = condition.string("minKernel")
            if !release.isEmpty {
                guard let version = KernelVersion(release) else {
                    report(path.field("minKernel"), "\(quoted(release)) is no kernel version, such as \"4.8\"")
                    continue
                }
                if (situation.kernel >= version) != isIncluded { applies = false }
            }
        }
        return applies
    }

    private mutating func report(_ path: FieldPath, _ message: String) {
        errors.append(Diagnostic(file: file, root?.nearestPosition(of: path), path: path, message: message))
    }

    /// Those that a filter may sensibly answer with.
    private static let errorNumbers: [String: Int32] = [
        "EPERM": EPERM, "ENOENT": ENOENT, "ESRCH": ESRCH, "EINTR": EINTR, "EIO": EIO, "ENXIO": ENXIO, "E2BIG": E2BIG,
        "ENOEXEC": ENOEXEC, "EBADF": EBADF, "ECHILD": ECHILD, "EAGAIN": EAGAIN, "ENOMEM": ENOMEM, "EACCES": EACCES,
        "EFAULT": EFAULT, "EBUSY": EBUSY, "EEXIST": EEXIST, "EXDEV": EXDEV, "ENODEV": ENODEV, "ENOTDIR": ENOTDIR,
        "EISDIR": EISDIR, "EINVAL": EINVAL, "ENFILE": ENFILE, "EMFILE": EMFILE, "ENOTTY": ENOTTY, "EFBIG": EFBIG,
        "ENOSPC": ENOSPC, "ESPIPE": ESPIPE, "EROFS": EROFS, "EMLINK": EMLINK, "EPIPE": EPIPE, "EDOM": EDOM,
        "ERANGE": ERANGE, "EDEADLK": EDEADLK, "ENAMETOOLONG": ENAMETOOLONG, "ENOLCK": ENOLCK, "ENOSYS": ENOSYS,
        "ENOTEMPTY": ENOTEMPTY, "ELOOP": ELOOP, "EOPNOTSUPP": EOPNOTSUPP, "EAFNOSUPPORT": EAFNOSUPPORT,
        "EPROTONOSUPPORT": EPROTONOSUPPORT, "EADDRINUSE": EADDRINUSE, "ECONNREFUSED": ECONNREFUSED,
        "ETIMEDOUT": ETIMEDOUT,
    ]
}

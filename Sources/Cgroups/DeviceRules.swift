import CLinux
import Glibc
public import Linux

/// The devices that a container may use which is not privileged: those of its `/dev`, terminals, and those that it is given as
/// volumes. It may make the node of any device (mknod(2)), which then cannot be opened. As in runc's and crun's default list.
public struct DeviceRules: Sendable, Equatable {
    public struct Rule: Sendable, Equatable {
        /// A block device; else a character device.
        public var isBlock: Bool
        /// nil: every one.
        public var major: UInt32?
        public var minor: UInt32?
        /// Else a node of it may be made, and no more.
        public var canOpen: Bool

        public init(isBlock: Bool, major: UInt32?, minor: UInt32?, canOpen: Bool = true) {
            self.isBlock = isBlock
            self.major = major
            self.minor = minor
            self.canOpen = canOpen
        }

        /// As `devices.allow` of cgroup v1 takes it.
        var legacyText: String {
            let numbers = [major, minor].map { $0.map { "\($0)" } ?? "*" }
            return "\(isBlock ? "b" : "c") \(numbers.joined(separator: ":")) \(canOpen ? "rwm" : "m")"
        }
    }

    public var rules: [Rule]

    public init(adding others: [Rule] = []) {
        let own: [(UInt32, UInt32?)] = [
            // null, zero, full, random, urandom
            (1, 3), (1, 5), (1, 7), (1, 8), (1, 9),
            // tty, console, ptmx, pts
            (5, 0), (5, 1), (5, 2), (136, nil),
        ]
        rules = [
            .init(isBlock: false, major: nil, minor: nil, canOpen: false),
            .init(isBlock: true, major: nil, minor: nil, canOpen: false),
        ]
        rules += own.map { .init(isBlock: false, major: $0.0, minor: $0.1) }
        rules += others
    }
}

extension CgroupLayout {
    /// Restricts the container's cgroup: the one of cgroup v2 that `directory` is, where the kernel takes a program for it;
    /// else one of the devices controller of cgroup v1, made at `path`. Throws where neither can be had.
    public func restrictDevices(_ path: String, directory: Int32?, _ devices: DeviceRules) throws(SystemError) {
        if let directory {
            let rules = devices.rules.map {
                swl_device_rule(
                    kind: CChar(bitPattern: UInt8(ascii: $0.isBlock ? "b" : "c")),
                    major: $0.major.map(Int32.init) ?? -1,
                    minor: $0.minor.map(Int32.init) ?? -1,
                    access: UInt32($0.canOpen ? SWL_DEVICE_MAKE | SWL_DEVICE_READ | SWL_DEVICE_WRITE : SWL_DEVICE_MAKE))
            }
            if swl_restrict_devices(directory, rules, rules.count) >= 0 { return }
        }
        guard let root = legacy[.devices] else { throw SystemError(errno: ENOTSUP, call: "bpf", path: path) }
        try makeDirectory(root, path)
        try write(.init(.devices, "devices.deny", "a"), in: "\(root)/\(path)")
        for rule in devices.rules {
            try write(.init(.devices, "devices.allow", rule.legacyText), in: "\(root)/\(path)")
        }
    }
}

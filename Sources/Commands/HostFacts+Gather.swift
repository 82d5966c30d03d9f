import Glibc
import PodPlanner

extension HostFacts {
    /// Of the host that this runs on; no lookup leaves it.
    static func gather(_ roots: Roots) -> HostFacts {
        var name = utsname()
        uname(&name)
        let machine = text(name.machine)
        let architectures = [
            "x86_64": "amd64", "aarch64": "arm64", "riscv64": "riscv64", "ppc64le": "ppc64le", "s390x": "s390x",
        ]
        return HostFacts(
            hostname: text(name.nodename), architecture: architectures[machine] ?? machine,
            addresses: globalAddresses(),
            hostsFile: (try? String(contentsOfKernelFile: "/etc/hosts")) ?? "",
            resolvConf: (try? String(contentsOfKernelFile: "/etc/resolv.conf")) ?? "", stateRoot: roots.state,
            runRoot: roots.run, logRoot: roots.logs)
    }

    /// Of interfaces that are up, IPv4 first; neither loopback nor link-local.
    private static func globalAddresses() -> [String] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var v4: [String] = []
        var v6: [String] = []
        for interface in sequence(first: list, next: { $0?.pointee.ifa_next }).compactMap({ $0?.pointee }) {
            let flags = Int32(bitPattern: interface.ifa_flags)
            guard flags & Int32(IFF_UP) != 0, flags & Int32(IFF_LOOPBACK) == 0,
                let address = interface.ifa_addr
            else { continue }
            let family = Int32(address.pointee.sa_family)
            guard family == AF_INET || family == AF_INET6 else { continue }
            var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let size = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
            guard getnameinfo(address, socklen_t(size), &buffer, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST) == 0
            else { continue }
            let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if text.hasPrefix("fe80:") || text.hasPrefix("169.254.") { continue }
            if family == AF_INET { v4.append(text) } else { v6.append(text) }
        }
        return v4 + v6
    }

    private static func text<T>(_ field: T) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

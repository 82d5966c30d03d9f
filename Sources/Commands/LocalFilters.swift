import Glibc
import PodAPI
import PodManifest
import PodPlan
import PodPlanner
import SyscallFilter

/// The host's seccomp profiles, which a `localhostProfile` names.
struct LocalFilters {
    /// swiftlet's own directory, then the kubelet's (`<root-dir>/seccomp`, pkg/kubelet/kubelet_getters.go), so that what works
    /// on a node of a cluster works here.
    private let directories: [String]
    private let cache: String
    private let architecture: String

    init(_ roots: Roots, cache: String, architecture: String) {
        directories = [roots.state + "/seccomp", "/var/lib/kubelet/seccomp"]
        self.cache = cache
        self.architecture = architecture
    }

    /// - Parameter file: relative, without `..`.
    func filter(_ file: String, _ capabilities: UInt64) throws(PodPlanner.FilterFailure) -> FilterPlan {
        let paths = directories.map { "\($0)/\(file)" }
        let path = paths.first { access($0, F_OK) == 0 } ?? paths[0]
        func failure(_ problem: String) -> PodPlanner.FilterFailure {
            // containerd's words (internal/cri/server).
            PodPlanner.FilterFailure("cannot load seccomp profile \"\(path)\": \(problem)")
        }
        guard access(path, F_OK) == 0 else {
            throw failure("no such file or directory, and neither is \(paths[1])")
        }
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        guard let kernel = SeccompProfileFile.KernelVersion(release) else {
            throw failure("the kernel's version \"\(release)\" is no number")
        }
        var profile = SeccompProfileFile(path: path)
        let situation = SeccompProfileFile.Situation(
            capabilities: capabilities, architecture: architecture, kernel: kernel)
        guard let rules = profile.profile(for: situation) else {
            let more = profile.errors.count > 1 ? ", and \(profile.errors.count - 1) more" : ""
            throw failure((profile.errors.first?.description ?? "not readable") + more)
        }
        do throws(SyscallFilterError) {
            let program = try SyscallFilter.localhost(rules, cacheDirectory: cache)
            return FilterPlan(program: program, flags: rules.flags, isLocalhost: true)
        } catch {
            throw failure(error.description)
        }
    }
}

extension SyscallProfile {
    /// SECCOMP_FILTER_FLAG_LOG and SECCOMP_FILTER_FLAG_SPEC_ALLOW (seccomp(2)).
    fileprivate var flags: UInt32 { (logs ? 1 << 1 : 0) | (allowsSpeculation ? 1 << 2 : 0) }
}

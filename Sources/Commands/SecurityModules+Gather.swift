import Glibc
import PodPlanner

extension SecurityModules {
    /// Of the host that this runs on.
    static func gather() -> SecurityModules {
        let enabled = (try? String(contentsOfKernelFile: "/sys/module/apparmor/parameters/enabled")) ?? ""
        var profiles: Set<String>?
        if enabled.hasPrefix("Y") {
            let text = (try? String(contentsOfKernelFile: "/sys/kernel/security/apparmor/profiles")) ?? ""
            // `name (mode)`; a name may have blanks.
            profiles = Set(
                text.split(separator: "\n").map { line in
                    line.lastRange(of: " (").map { String(line[..<$0.lowerBound]) } ?? String(line)
                })
        }
        return SecurityModules(
            appArmorProfiles: profiles, isSELinuxEnabled: access("/sys/fs/selinux/enforce", F_OK) == 0)
    }
}

extension Substring {
    fileprivate func lastRange(of text: String) -> Range<Index>? {
        var end = endIndex
        while end > startIndex {
            end = index(before: end)
            if self[end...].hasPrefix(text) { return end..<endIndex }
        }
        return nil
    }
}

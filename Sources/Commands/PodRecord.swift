import Glibc
import Linux
import PodPlan

/// What a pod's state directory says, whether anybody holds the pod or not.
struct PodRecord {
    let directory: String

    init(_ roots: Roots, _ uid: String) {
        directory = "\(roots.state)/pods/\(uid)"
    }

    /// Whether it has ever been started.
    var hasRun: Bool { access(directory + "/status.json", F_OK) == 0 && access(directory + "/plan", F_OK) == 0 }

    /// Whether it has ended for good, as its supervisor has written it (`StatusFile`).
    var hasEnded: Bool {
        let bytes = (try? StateDirectory.read(directory + "/status.json")) ?? []
        return String(decoding: bytes.prefix(256), as: UTF8.self).contains("\"ended\":true")
    }

    /// nil: it is damaged, of another version, or not there.
    var plan: PodPlan? {
        (try? StateDirectory.read(directory + "/plan")).flatMap(PodPlan.init(sealed:))
    }
}

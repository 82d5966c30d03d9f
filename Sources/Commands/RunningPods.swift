import CLinux
import Glibc
import Linux
import PodPlan
import PodPlanner

extension ScheduledPod {
    /// The pods that run on this host, as far as they matter to others: each keeps what it is beside its lock.
    /// `known`: the uids of those that the caller knows without.
    static func running(_ run: String, except known: Set<String>) -> [ScheduledPod] {
        let names = DirectoryReader.entries(run + "/pods").filter { !known.contains($0) }
        // A pod that is just being started is waited for.
        guard !names.isEmpty, let gate = try? PodLock.gate(run, exclusive: true) else { return [] }
        defer { _ = gate.raw }
        return names.compactMap { name in
            let directory = "\(run)/pods/\(name)"
            if (try? PodLock.take(directory)) != nil { return nil }
            let raw = swl_open(directory + "/lock", O_RDONLY | O_NOFOLLOW, 0)
            guard raw >= 0 else { return nil }
            let file = OwnedFD(raw)
            guard let bytes = try? MemoryFile.read(file.raw, limit: 1 << 20), !bytes.isEmpty else { return nil }
            var decoder = Decoder(bytes)
            return try? ScheduledPod(from: &decoder)
        }
    }
}

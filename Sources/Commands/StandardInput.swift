import CLinux
import Glibc
import Linux
import PodPlan

/// The command's own standard input, for the one container that asks for one: `echo hello | swiftlet run pod.yaml`.
enum StandardInput {
    /// The pod that gets it, and the descriptor: a pipe. nil: no container or more than one has `stdin`, or nobody has
    /// anything to say: /dev/null, or a terminal, which is never given away.
    static func attachment(_ plans: [PodPlan], takenByManifest: Bool) -> (pod: Int, descriptor: Int32)? {
        if takenByManifest { return nil }
        let open = plans.indices.flatMap { pod in plans[pod].containers.filter(\.streams.input).map { (pod, $0) } }
        guard open.count == 1, let (pod, container) = open.first, container.streams.hasInputPipe else { return nil }
        var status = stat()
        guard fstat(0, &status) == 0 else { return nil }
        guard [S_IFIFO, S_IFREG, S_IFSOCK].contains(status.st_mode & S_IFMT) else { return nil }
        return feeder().map { (pod, $0) }
    }

    /// A process that copies standard input into a pipe, and ends with the command: what the caller has open is not for
    /// containers to hold.
    private static func feeder() -> Int32? {
        guard let pipe = try? Pipe() else { return nil }
        let pid = swl_fork()
        if pid == 0 {
            _ = swl_set_parent_death_signal(SIGKILL)
            signal(SIGPIPE, SIG_DFL)
            signal(SIGINT, SIG_IGN)
            var buffer = [UInt8](repeating: 0, count: 65536)
            swl_feed(0, pipe.writer.raw, &buffer, UInt(buffer.count))
        }
        return pid < 0 ? nil : try? pipe.reader.duplicate().release()
    }
}

import CLinux
import Glibc
import Keeper
import Linux
import Mounts
import PodPlan
import RootFS

extension Supervisor {
    /// The writing ends of a container's output; where it has a terminal that twice, and the file system that it is of. The
    /// caller closes them.
    func wireOutput(_ container: Int) throws(SystemError) -> [Int32] {
        guard let logs, let keeper else { return [] }
        if plan.containers[container].streams.terminal {
            let terminals = try DeviceDirectory.terminals(plan)
            var raw: Int32 = -1
            let source = OwnedDescriptor(
                OwnedFD(try check(swl_open_terminal(terminals.fd.raw, &raw), "open", "/dev/pts/ptmx")))
            let slave = OwnedFD(raw)
            keeper.store(StoreTag.stream(container, .standardOutput, .source), source.raw)
            keeper.send(.drop(tag: StoreTag.stream(container, .standardError, .source)))
            logs.setSource(container, .standardOutput, source)
            logs.setSource(container, .standardError, nil)
            connectConsole(container, source)
            return try [slave.duplicate().release(), slave.duplicate().release(), terminals.fd.duplicate().release()]
        }
        var descriptors: [Int32] = []
        for stream in LogPump.Stream.allCases {
            let pipe = try Pipe(nonBlockingReader: true)
            let reader = OwnedDescriptor(try pipe.reader.duplicate())
            keeper.store(StoreTag.stream(container, stream, .source), reader.raw)
            logs.setSource(container, stream, reader)
            descriptors.append(try pipe.writer.duplicate().release())
        }
        return descriptors
    }

    /// The reading end of a container's standard input; nil: it has none. The caller closes it.
    func wireInput(_ container: Int) throws(SystemError) -> Int32? {
        let streams = plan.containers[container].streams
        guard streams.hasInputPipe, let keeper else { return nil }
        let tag = StoreTag.stream(container, .standardOutput, .inputWriter)
        if let input {
            if !streams.inputOnce {
                // Who is connected may leave: that is not the end of the input.
                let writer = OwnedFD(
                    try check(swl_open("/proc/self/fd/\(input.raw)", O_WRONLY | O_NONBLOCK, 0), "open", "stdin"))
                keeper.store(tag, writer.raw)
                attachments.inputs[container] = OwnedDescriptor(writer)
            }
            return try check(swl_dup_above(input.raw, 3), "fcntl")
        }
        // The keeper holds the writing end, and writes nothing: reading waits.
        let pipe = try Pipe()
        keeper.store(tag, pipe.writer.raw)
        attachments.inputs[container] = OwnedDescriptor(try pipe.writer.duplicate())
        return try pipe.reader.duplicate().release()
    }
}

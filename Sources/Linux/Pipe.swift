import CLinux

/// Both ends of a pipe(2).
public struct Pipe: ~Copyable {
    public let reader: OwnedFD
    public let writer: OwnedFD

    public init(nonBlockingReader: Bool = false) throws(SystemError) {
        var fds: [Int32] = [-1, -1]
        try check(swl_pipe(&fds, 0), "pipe2")
        if nonBlockingReader { _ = swl_set_nonblocking(fds[0], 1) }
        reader = OwnedFD(fds[0])
        writer = OwnedFD(fds[1])
    }
}

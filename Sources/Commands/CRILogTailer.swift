import Glibc

/// Follows the log files of a pod's containers, `<directory>/<container>/<restart>.log`, as they are made and grow.
///
/// Whoever can write to that directory (a pod with a hostPath volume on it) may put anything there: what is not a regular
/// file with one name, or is reached by a symbolic link, is refused and never read (CVE-2025-0750 and its kind); lines that are not in the
/// format are skipped and counted; memory is bounded whatever the files hold.
public final class CRILogTailer {
    public struct Line {
        /// Index into the names given to `init`.
        public var container: Int
        public var isError: Bool
        /// Without the line feed.
        public var text: [UInt8]
    }

    /// Readable when there may be something to read; to be polled. Never read from it.
    public let descriptor: Int32
    /// Files that were refused, and why: to be shown once.
    public private(set) var refusals: [String] = []
    /// Lines that were not in the format.
    public var skippedLines: Int { followers.reduce(0) { $0 + $1.skippedLines } }

    private let directory: String
    private var directoryFD: Int32 = -1
    private var followers: [CRILogFollower]
    private var isComplete = false

    /// - Parameters:
    ///   - directory: `/var/log/pods/<namespace>_<pod>_<uid>`; neither it nor its parents need to be there yet.
    ///   - containers: Their names, which are the names of the directories inside.
    ///   - isTold: Somebody else says when to read, and calls `expectNewFiles`. There is no `descriptor` to poll then: the
    ///     kernel takes 20 ms to close an inotify instance.
    /// - Throws: Where the system has no inotify instance left.
    public init(directory: String, containers: [String], isTold: Bool = false) throws(CRILogError) {
        self.directory = directory
        descriptor = isTold ? -1 : inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        followers = containers.enumerated().map { CRILogFollower(container: $0, name: $1) }
        if descriptor < 0 && !isTold { throw .noInotify(errno) }
    }

    /// A container has been created: it has a new log file, or will have one soon.
    public func expectNewFiles() {
        for follower in followers { follower.mayHaveNewFile = true }
    }

    deinit {
        for follower in followers { follower.close() }
        if directoryFD >= 0 { close(directoryFD) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Reads what has been added since the last call, at most some hundred kilobytes of each container. True where more is
    /// there already: to be called again at once rather than after the next poll.
    public func read(_ body: (Line) -> Void) -> Bool {
        drainEvents()
        if !isComplete { openDirectories() }
        var more = false
        for follower in followers where follower.isOpen {
            if follower.read({ refusals.append($0) }, body) { more = true }
        }
        return more
    }

    /// Everything that is left, and pieces of lines whose rest will not come; when the pod has ended.
    public func finish(_ body: (Line) -> Void) {
        while read(body) {}
        for follower in followers { follower.finish(body) }
    }

    /// Takes the refusals that have come up.
    public func takeRefusals() -> [String] {
        defer { refusals = [] }
        return refusals
    }

    /// What changed is found by looking; the events only say when to look for new files.
    private func drainEvents() {
        if descriptor < 0 { return }
        let creations = UInt32(IN_CREATE) | UInt32(IN_MOVED_TO) | UInt32(IN_Q_OVERFLOW)
        var hasNew = false
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 8) { buffer in
            while true {
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if count <= 0 { return }
                var offset = 0
                while offset + MemoryLayout<inotify_event>.size <= count {
                    let event = buffer.load(fromByteOffset: offset, as: inotify_event.self)
                    if event.mask & creations != 0 { hasNew = true }
                    offset += MemoryLayout<inotify_event>.size + Int(event.len)
                }
            }
        }
        if hasNew { expectNewFiles() }
    }

    private func openDirectories() {
        if directoryFD < 0 {
            // The watch comes first: what is made between the two is then seen by one or the other.
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            directoryFD = open(directory, flags)
            if directoryFD < 0 {
                watchParents()
                directoryFD = open(directory, flags)
                if directoryFD < 0 { return }
            }
            CRILogFollower.watch(descriptor, directoryFD)
        }
        var complete = true
        for follower in followers where !follower.isOpen {
            follower.open(in: directoryFD, inotify: descriptor) { refusals.append("\(directory)/\($0)") }
            if !follower.isOpen && !follower.isRefused { complete = false }
        }
        isComplete = complete
    }

    /// The nearest directory above that is there.
    private func watchParents() {
        if descriptor < 0 { return }
        var path = directory
        while let slash = path.lastIndex(of: "/") {
            path = slash == path.startIndex ? "/" : String(path[..<slash])
            let mask = UInt32(IN_CREATE) | UInt32(IN_MOVED_TO) | UInt32(IN_ONLYDIR)
            if inotify_add_watch(descriptor, path, mask) >= 0 || path == "/" { return }
        }
    }
}

public enum CRILogError: Error, Equatable, CustomStringConvertible {
    case noInotify(Int32)

    public var description: String {
        switch self {
        case .noInotify(let errno):
            "following the logs: inotify: \(String(cString: strerror(errno))); raise fs.inotify.max_user_instances"
        }
    }
}

/// One container, ready to be launched.
public struct ContainerPlan: Sendable, Equatable, BinaryCodable {
    public enum Kind: UInt8, Sendable {
        /// Runs to exit 0 before the next container starts.
        case initContainer
        /// An init container with `restartPolicy: Always` (KEP-753).
        case sidecar
        case app
    }

    public enum RootFS: Sendable, Equatable {
        /// The host's operating-system directories below a writable layer (`host:/`).
        case host
        /// A directory of the host below a writable layer (`host:/some/dir`).
        case directory(String)
    }

    public enum TerminationMessagePolicy: UInt8, Sendable {
        case file, fallbackToLogsOnError
    }

    public var name = ""
    public var kind = Kind.app
    /// The image as the manifest has it; for display.
    public var image = ""
    public var rootFS = RootFS.host
    public var readOnlyRootFilesystem = false
    public var argv: [String] = []
    /// `NAME=value`; the whole environment.
    public var environment: [String] = []
    /// Absolute; empty: `/`.
    public var workingDirectory = ""
    public var uid: UInt32 = 0
    public var gid: UInt32 = 0
    /// Supplementary groups, `gid` included.
    public var groups: [UInt32] = []
    /// In mount order: a path before what lies below it.
    public var mounts: [MountPlan] = []
    /// The bounding set, and the effective and permitted set of uid 0; a bit per capability.
    public var capabilities: UInt64 = 0
    public var noNewPrivileges = false
    /// All devices and file systems of the host, nothing masked.
    public var privileged = false
    /// Nothing of /proc masked or read-only.
    public var unmaskedProc = false
    /// Index into `PodPlan.filters`; nil: unconfined.
    public var filter: UInt32?
    public var confinement = ConfinementPlan()
    /// Absolute path inside the container.
    public var terminationMessagePath = "/dev/termination-log"
    public var terminationMessagePolicy = TerminationMessagePolicy.file
    public var restart = RestartPlan()
    public var streams = StreamPlan()
    public var resources = ContainerResources()
    public var probes = ProbesPlan()
    public var hooks = HooksPlan()
    /// Takes the place of `environment` and `argv`; nil: they depend on no file.
    public var lateEnvironment: LateEnvironment?

    public init() {}

    public func encode(to encoder: inout Encoder) {
        encoder.encode(name)
        encoder.encode(kind)
        encoder.encode(image)
        switch rootFS {
        case .host: encoder.encode("")
        case .directory(let path): encoder.encode(path)
        }
        encoder.encode(readOnlyRootFilesystem)
        encoder.encode(argv)
        encoder.encode(environment)
        encoder.encode(workingDirectory)
        encoder.encode(uid)
        encoder.encode(gid)
        encoder.encode(groups)
        encoder.encode(mounts)
        encoder.encode(capabilities)
        encoder.encode(noNewPrivileges)
        encoder.encode(privileged)
        encoder.encode(unmaskedProc)
        encoder.encode(filter ?? .max)
        encoder.encode(confinement)
        encoder.encode(terminationMessagePath)
        encoder.encode(terminationMessagePolicy)
        encoder.encode(restart)
        encoder.encode(streams)
        encoder.encode(resources)
        encoder.encode(probes)
        encoder.encode(hooks)
        encoder.encode(lateEnvironment)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        name = try decoder.decode()
        kind = try decoder.decode()
        image = try decoder.decode()
        let directory = try decoder.decode(String.self)
        rootFS = directory.isEmpty ? .host : .directory(directory)
        readOnlyRootFilesystem = try decoder.decode()
        argv = try decoder.decode()
        environment = try decoder.decode()
        workingDirectory = try decoder.decode()
        uid = try decoder.decode()
        gid = try decoder.decode()
        groups = try decoder.decode()
        mounts = try decoder.decode()
        capabilities = try decoder.decode()
        noNewPrivileges = try decoder.decode()
        privileged = try decoder.decode()
        unmaskedProc = try decoder.decode()
        let index = try decoder.decode(UInt32.self)
        filter = index == .max ? nil : index
        confinement = try decoder.decode()
        terminationMessagePath = try decoder.decode()
        terminationMessagePolicy = try decoder.decode()
        restart = try decoder.decode()
        streams = try decoder.decode()
        resources = try decoder.decode()
        probes = try decoder.decode()
        hooks = try decoder.decode()
        lateEnvironment = try decoder.decode()
    }
}

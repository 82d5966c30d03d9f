/// What a pod's namespaces are to be, beyond the usual: a network, IPC and UTS namespace for the pod, and a PID namespace for
/// each container.
public struct NamespacePlan: Sendable, Equatable, BinaryCodable {
    /// A kernel parameter of the pod's own network or IPC namespace.
    public struct Sysctl: Sendable, Equatable, BinaryCodable {
        /// Relative to `/proc/sys`.
        public var path: String
        public var value: String

        public init(path: String, value: String) {
            self.path = path
            self.value = value
        }

        public func encode(to encoder: inout Encoder) {
            encoder.encode(path)
            encoder.encode(value)
        }

        public init(from decoder: inout Decoder) throws(CodecError) {
            path = try decoder.decode()
            value = try decoder.decode()
        }
    }

    public var sysctls: [Sysctl] = []

    public init() {}

    public func encode(to encoder: inout Encoder) {
        encoder.encode(sysctls)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        sysctls = try decoder.decode()
    }
}

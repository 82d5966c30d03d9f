/// Why the pod is not admitted, as the kubelet does not admit it (`rejectPod`): it fails before anything is made for it.
public struct PodRejection: Sendable, Equatable, BinaryCodable {
    /// Of the pod's status, such as `SysctlForbidden`.
    public var reason: String
    public var message: String

    /// `message` is what the admission says; the status has the kubelet's words before it.
    public init(reason: String, message: String) {
        self.reason = reason
        self.message = "Pod was rejected: " + message
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(reason)
        encoder.encode(message)
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        reason = try decoder.decode()
        message = try decoder.decode()
    }
}

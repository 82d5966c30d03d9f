import Linux
import PodPlan

/// Why a pod's volume could not be set up.
public struct VolumeError: Error, Sendable, Equatable, CustomStringConvertible {
    public var volume: String
    /// The reason of the Kubernetes event.
    public var reason: String
    /// The message of the event, as the kubelet words it.
    public var message: String

    public init(_ volume: String, _ message: String) {
        self.volume = volume
        reason = "FailedMount"
        self.message = "MountVolume.SetUp failed for volume \"\(volume)\" : \(message)"
    }

    public init(_ volume: String, _ error: SystemError) {
        self.init(volume, error.description)
    }

    public var description: String { message }
}

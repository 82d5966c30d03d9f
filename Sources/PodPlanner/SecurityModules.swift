/// The Linux security modules of the host.
public struct SecurityModules: Sendable, Equatable {
    /// The profiles that are loaded; nil: AppArmor is not enabled.
    public var appArmorProfiles: Set<String>?
    public var isSELinuxEnabled: Bool

    public init(appArmorProfiles: Set<String>? = nil, isSELinuxEnabled: Bool = false) {
        self.appArmorProfiles = appArmorProfiles
        self.isSELinuxEnabled = isSELinuxEnabled
    }

    /// What type RuntimeDefault stands for, the first that is loaded: swiftlet's, or that of a container runtime of the host.
    public static let defaultProfiles = [
        "swiftlet-default", "cri-containerd.apparmor.d", "crio-default", "docker-default",
    ]
}

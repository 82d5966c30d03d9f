/// core/v1 EmptyDirVolumeSource.
public struct EmptyDir: Sendable, Equatable {
    public enum Medium: Sendable, Hashable {
        /// The disk that the pod's state is on.
        case disk
        /// A tmpfs.
        case memory
        /// A hugetlbfs with pages of so many bytes; nil: of the one size that the pod's containers ask for.
        case hugePages(size: Int64?)

        /// `HugePages`, `HugePages-2Mi` …; nil: no such medium.
        public init?(_ text: String) {
            switch text {
            case "": self = .disk
            case "Memory": self = .memory
            case "HugePages": self = .hugePages(size: nil)
            default:
                guard text.hasPrefix("HugePages-"), let size = Quantity(String(text.dropFirst(10)))?.value, size > 0
                else { return nil }
                self = .hugePages(size: size)
            }
        }
    }

    public var medium: Medium
    public var sizeLimit: Quantity?
    /// Permission bits, at most 01777 (KEP-5502).
    public var mode: UInt32

    public init(medium: Medium = .disk, sizeLimit: Quantity? = nil, mode: UInt32 = 0o777) {
        self.medium = medium
        self.sizeLimit = sizeLimit
        self.mode = mode
    }
}

extension Volume.Source {
    public static func emptyDir(inMemory: Bool, sizeLimit: Quantity?) -> Self {
        .emptyDir(EmptyDir(medium: inMemory ? .memory : .disk, sizeLimit: sizeLimit))
    }
}

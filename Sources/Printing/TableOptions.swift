/// What a table shows beside the columns of its kind.
public struct TableOptions: Sendable, Equatable {
    /// `-o wide`
    public var isWide = false
    /// `--no-headers`
    public var hidesHeaders = false
    /// `--show-labels`
    public var showsLabels = false
    /// `-L`: labels with a column of their own.
    public var labelColumns: [String] = []
    /// `-A`, for kinds that have a namespace.
    public var showsNamespace = false
    /// `pod`, as in `pod/web`, where several kinds are shown; nil: only names.
    public var kindPrefix: String?

    public init() {}
}

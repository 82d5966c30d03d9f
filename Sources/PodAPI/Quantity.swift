/// resource.Quantity: a number with an SI or binary suffix.
public struct Quantity: Sendable, Hashable {
    /// Rounded up to a whole number.
    public var value: Int64

    public init(value: Int64) {
        self.value = value
    }
}

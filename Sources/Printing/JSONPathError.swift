/// A template that cannot be read, or that does not fit what it is used on; the words are kubectl's.
public struct JSONPathError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// A selector on a command line that cannot be read; the words are kubectl's.
public struct SelectorError: Error, Equatable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) {
        self.description = description
    }
}

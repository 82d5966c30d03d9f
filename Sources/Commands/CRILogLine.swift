/// A line of a log file in the container runtime interface's format: `<RFC 3339 time> <stream> <tags> <text>`, without its line
/// feed. The first tag is `F` for a line, or the last piece of one, and `P` for a piece that another follows.
struct CRILogLine: Equatable {
    enum Stream: UInt8, CaseIterable, Sendable {
        case stdout, stderr
    }

    var stream: Stream
    var isPartial: Bool
    /// As in the file; UTC.
    var timestamp: ArraySlice<UInt8>
    var text: ArraySlice<UInt8>

    /// Nil for anything that is no such line.
    init?(_ line: ArraySlice<UInt8>) {
        let space = UInt8(ascii: " ")
        guard let first = line.firstIndex(of: space), first - line.startIndex >= 20, first - line.startIndex <= 40,
            let second = line[(first + 1)...].firstIndex(of: space)
        else { return nil }
        timestamp = line[..<first]
        guard timestamp.allSatisfy({ (0x2B...0x3A).contains($0) || $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: "Z") })
        else { return nil }
        switch line[(first + 1)..<second] {
        case let name where name.elementsEqual("stdout".utf8): stream = .stdout
        case let name where name.elementsEqual("stderr".utf8): stream = .stderr
        default: return nil
        }
        // An empty line may have lost the space before its text.
        let third = line[(second + 1)...].firstIndex(of: space) ?? line.endIndex
        let tags = line[(second + 1)..<third]
        switch tags.first {
        case UInt8(ascii: "F"): isPartial = false
        case UInt8(ascii: "P"): isPartial = true
        default: return nil
        }
        guard tags.count == 1 || tags.dropFirst().first == UInt8(ascii: ":") else { return nil }
        text = third == line.endIndex ? [] : line[(third + 1)...]
    }
}

/// An HTTP/1.x answer as it comes in: its status, where it leads, and when it is whole.
struct HTTPResponse {
    /// Bytes of the head, and of the body, that are read: `maxRespBodyLength` of the kubelet's prober.
    static let headLimit = 64 << 10
    static let bodyLimit = 10 << 10

    enum Progress: Equatable {
        case incomplete
        /// All that is wanted of it is there.
        case complete
        case invalid
    }

    private(set) var status = 0
    private(set) var location = ""
    private var bytes: [UInt8] = []
    private var hasHead = false
    private var bodyLength: Int?
    private var isChunked = false

    mutating func take(_ more: [UInt8]) -> Progress {
        bytes += more
        while !hasHead {
            guard let end = Self.headEnd(bytes) else { return bytes.count > Self.headLimit ? .invalid : .incomplete }
            guard parse(bytes.prefix(end)) else { return .invalid }
            bytes.removeFirst(end)
            // 100 Continue and its like announce the real one; 101 would be another protocol.
            hasHead = status >= 200 || status == 101
        }
        if let bodyLength { return bytes.count >= min(bodyLength, Self.bodyLimit) ? .complete : .incomplete }
        if isChunked && bytes.suffix(5) == [0x30, 13, 10, 13, 10] { return .complete }
        return bytes.count >= Self.bodyLimit ? .complete : .incomplete
    }

    /// The other side has closed: the end of a body without a length, and of one in chunks or with a length too early.
    var isWholeAtEnd: Bool { hasHead && bodyLength == nil && !isChunked }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        var lineStart = 0
        for (index, byte) in bytes.enumerated() where byte == 10 {
            let line = bytes[lineStart..<index]
            if index > 0 && (line.isEmpty || line.elementsEqual([13])) { return index + 1 }
            lineStart = index + 1
        }
        return nil
    }

    private mutating func parse(_ head: ArraySlice<UInt8>) -> Bool {
        let lines = head.split(separator: 10).map { $0.last == 13 ? $0.dropLast() : $0 }
        guard let first = lines.first else { return false }
        // HTTP/1.1 200 OK
        let words = first.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0].starts(with: Array("HTTP/1.".utf8)), words[1].count == 3,
            let code = Int(String(decoding: words[1], as: UTF8.self)), code >= 100
        else { return false }
        status = code
        (location, bodyLength, isChunked) = ("", nil, false)
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: 0x3A) else { continue }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            var value = line[(colon + 1)...]
            while let first = value.first, first == 0x20 || first == 9 { value.removeFirst() }
            while let last = value.last, last == 0x20 || last == 9 { value.removeLast() }
            let text = String(decoding: value, as: UTF8.self)
            switch name {
            case "location": location = text
            case "content-length":
                guard let length = Int(text), length >= 0 else { return false }
                bodyLength = length
            case "transfer-encoding": isChunked = text.lowercased().hasSuffix("chunked")
            default: break
            }
        }
        if isChunked { bodyLength = nil }
        if status == 204 || status == 304 { bodyLength = 0 }
        return true
    }
}

/// Where a redirect leads.
struct HTTPTarget: Equatable {
    var isTLS: Bool
    var host: String
    var port: UInt16
    /// With the query.
    var path: String

    var url: String {
        let usual = port == (isTLS ? 443 : 80)
        let bracketed = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return "\(isTLS ? "https" : "http")://\(usual ? bracketed : "\(bracketed):\(port)")\(path)"
    }

    /// `reference` resolved against this one (RFC 3986, section 5), as far as http and https go; nil: it is neither.
    func resolved(_ reference: String) -> HTTPTarget? {
        var target = self
        var rest = reference.prefix { $0 != "#" }
        if let colon = rest.range(of: "://"), rest[..<colon.lowerBound].allSatisfy(\.isLetter) {
            switch rest[..<colon.lowerBound].lowercased() {
            case "http": target.isTLS = false
            case "https": target.isTLS = true
            default: return nil
            }
            rest = rest[colon.upperBound...]
            return target.parseAuthority(&rest) ? target : nil
        }
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            return target.parseAuthority(&rest) ? target : nil
        }
        if rest.isEmpty { return target }
        let ownPath = path.prefix { $0 != "?" }
        if rest.hasPrefix("/") {
            target.path = Self.withoutDots(rest)
        } else if rest.hasPrefix("?") {
            target.path = String(ownPath + rest)
        } else {
            let folder = ownPath.lastIndex(of: "/").map { ownPath[...$0] } ?? "/"
            target.path = Self.withoutDots(folder + rest)
        }
        return target
    }

    private mutating func parseAuthority(_ rest: inout Substring) -> Bool {
        var authority = rest.prefix { $0 != "/" && $0 != "?" }
        rest = rest[authority.endIndex...]
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        port = isTLS ? 443 : 80
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return false }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            authority = authority[authority.index(after: end)...]
        } else {
            host = String(authority.prefix { $0 != ":" })
            authority = authority[authority.index(authority.startIndex, offsetBy: host.count)...]
        }
        if authority.hasPrefix(":") && authority.count > 1 {
            guard let number = UInt16(authority.dropFirst()) else { return false }
            port = number
        }
        path = rest.isEmpty ? "/" : rest.hasPrefix("?") ? "/" + rest : Self.withoutDots(rest)
        return !host.isEmpty
    }

    private static func withoutDots(_ path: Substring) -> String {
        let query = path.firstIndex(of: "?").map { path[$0...] } ?? ""
        let plain = path.prefix { $0 != "?" }
        var parts: [Substring] = []
        let segments = plain.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (position, segment) in segments.enumerated() {
            let isLast = position == segments.count - 1
            switch segment {
            case ".": if isLast { parts.append("") }
            case "..":
                _ = parts.popLast()
                if isLast { parts.append("") }
            default: parts.append(segment)
            }
        }
        return "/" + parts.joined(separator: "/") + query
    }
}

extension Substring {
    /// The first place of a short text; the standard library has none without Foundation.
    fileprivate func range(of part: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            formIndex(after: &start)
        }
        return nil
    }
}

/// The bytes of a source, known to be UTF-8 without control characters.
struct SourceText {
    let bytes: [UInt8]

    /// Throws with the place of the first byte that does not belong into a manifest.
    init(_ raw: [UInt8], limits: SourceLimits) throws(SourceError) {
        guard raw.count <= limits.bytes else {
            throw SourceError(position: nil, message: "more than \(limits.bytes >> 20) MiB, which is the limit")
        }
        let start = SourcePosition(line: 1, column: 1)
        if raw.starts(with: [0xff, 0xfe]) || raw.starts(with: [0xfe, 0xff]) {
            throw SourceError(position: start, message: "is UTF-16; save it as UTF-8")
        }
        if raw.count >= 2, raw[0] == 0 || raw[1] == 0 {
            throw SourceError(position: start, message: "is UTF-16 or binary; save it as UTF-8")
        }
        bytes = raw.starts(with: [0xef, 0xbb, 0xbf]) ? Array(raw.dropFirst(3)) : raw
        if let (offset, message) = bytes.withUnsafeBufferPointer(Self.firstFault) {
            throw SourceError(position: position(ofByte: offset), message: message)
        }
    }

    private init(checked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The source without the backslashes of `\'` from this place to the end of the double-quoted string that it is in; nil
    /// where no such escape begins here. YAML does not know it, but the YAML reader of Kubernetes takes it.
    func withoutQuoteEscapes(from position: SourcePosition) -> SourceText? {
        guard var index = byte(at: position), bytes[index...].starts(with: [backslash, apostrophe]) else { return nil }
        var result = Array(bytes[..<index])
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == backslash, index + 1 < bytes.count {
                if bytes[index + 1] != apostrophe { result.append(backslash) }
                index += 1
            }
            result.append(bytes[index])
            index += 1
        }
        return SourceText(checked: result + bytes[index...])
    }

    private var backslash: UInt8 { UInt8(ascii: "\\") }
    private var apostrophe: UInt8 { UInt8(ascii: "'") }

    private func byte(at position: SourcePosition) -> Int? {
        var current = SourcePosition(line: 1, column: 1)
        for (index, byte) in bytes.enumerated() {
            if current == position { return index }
            if byte == UInt8(ascii: "\n") {
                current = SourcePosition(line: current.line + 1, column: 1)
            } else if index + 1 < bytes.count, bytes[index + 1] & 0xc0 != 0x80 {
                current.column += 1
            }
        }
        return nil
    }

    /// Columns count characters: bytes that do not continue one.
    func position(ofByte offset: Int) -> SourcePosition {
        var position = SourcePosition(line: 1, column: 1)
        for byte in bytes[..<min(offset, bytes.count)] {
            if byte == UInt8(ascii: "\n") {
                position = SourcePosition(line: position.line + 1, column: 1)
            } else if byte & 0xc0 != 0x80 {
                position.column += 1
            }
        }
        return position
    }

    /// The column of a tab in the indentation of that line.
    func tabInIndentation(line: Int32) -> Int32? {
        var current: Int32 = 1
        var column: Int32 = 1
        var isIndentation = true
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if current == line { return nil }
                current += 1
                column = 1
                isIndentation = true
                continue
            }
            guard current == line, isIndentation else { continue }
            if byte == UInt8(ascii: "\t") { return column }
            isIndentation = byte == UInt8(ascii: " ")
            column += 1
        }
        return nil
    }

    /// How many lines begin with `%TAG`.
    var tagDirectives: Int {
        var count = 0
        var isLineStart = true
        for (index, byte) in bytes.enumerated() {
            if isLineStart, byte == UInt8(ascii: "%"), bytes[index...].starts(with: "%TAG".utf8) { count += 1 }
            isLineStart = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
        }
        return count
    }

    private static func firstFault(_ bytes: UnsafeBufferPointer<UInt8>) -> (Int, String)? {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                if byte < 0x20 && byte != 0x09 && byte != 0x0a && byte != 0x0d || byte == 0x7f {
                    return (index, byte == 0 ? "a NUL byte" : "the control character \(hexadecimal(byte))")
                }
                index += 1
                continue
            }
            let length = lengthOfCharacter(bytes, at: index)
            guard length > 0 else { return (index, "invalid UTF-8 (byte \(hexadecimal(byte)))") }
            index += length
        }
        return nil
    }

    /// 0 where no well-formed UTF-8 sequence (Unicode, table 3-7) begins.
    private static func lengthOfCharacter(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let first = bytes[index]
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xbf
        switch first {
        case 0xc2...0xdf: length = 2
        case 0xe0: (length, second) = (3, 0xa0...0xbf)
        case 0xed: (length, second) = (3, 0x80...0x9f)
        case 0xe1...0xef: length = 3
        case 0xf0: (length, second) = (4, 0x90...0xbf)
        case 0xf4: (length, second) = (4, 0x80...0x8f)
        case 0xf1...0xf3: length = 4
        default: return 0
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
        for offset in 2..<max(length, 2) where bytes[index + offset] & 0xc0 != 0x80 { return 0 }
        return length
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.utf8.count == 1 ? "0x0" + digits : "0x" + digits
    }
}

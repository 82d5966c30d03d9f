/// A text that is to be written in YAML, and in which ways it can be: what `yaml_emitter_analyze_scalar` of libyaml finds out.
struct YAMLScalar {
    enum Style {
        case plain, singleQuoted, doubleQuoted, literal
    }

    let scalars: [Unicode.Scalar]
    private(set) var isMultiline = false
    private var allowsPlain = true
    private var allowsSingleQuotes = true
    private var allowsBlock = true
    /// Written plainly it would be read as a number, a time, true or null.
    private let isAmbiguous: Bool

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        isAmbiguous = YAMLPlainText.isAmbiguous(text)
        analyze()
    }

    var style: Style {
        if scalars.contains("\n") { return allowsBlock ? .literal : .doubleQuoted }
        if isAmbiguous { return .doubleQuoted }
        if allowsPlain { return .plain }
        return allowsSingleQuotes ? .singleQuoted : .doubleQuoted
    }

    /// Of a key on one line.
    var keyStyle: Style {
        if isMultiline || isAmbiguous { return .doubleQuoted }
        if allowsPlain { return .plain }
        return allowsSingleQuotes ? .singleQuoted : .doubleQuoted
    }

    private mutating func analyze() {
        guard !scalars.isEmpty else {
            allowsBlock = false
            return
        }
        var hasIndicators = false
        var hasSpecial = false
        var (leading, trailing, breakThenSpace, spaceThenBreak) = (false, false, false, false)
        var (trailingSpace, previousSpace, previousBreak) = (false, false, false)
        if scalars.count >= 3, scalars[0...2] == ["-", "-", "-"] || scalars[0...2] == [".", ".", "."] {
            hasIndicators = true
        }
        var isPrecededByWhitespace = true
        for (index, scalar) in scalars.enumerated() {
            let isFollowedByWhitespace =
                index + 1 >= scalars.count || scalars[index + 1] == " " || scalars[index + 1] == "\t"
            if index == 0 {
                switch scalar {
                case "#", ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`":
                    hasIndicators = true
                case "?", ":", "-": if isFollowedByWhitespace { hasIndicators = true }
                default: break
                }
            } else {
                switch scalar {
                case ":": if isFollowedByWhitespace { hasIndicators = true }
                case "#": if isPrecededByWhitespace { hasIndicators = true }
                default: break
                }
            }
            if !Self.isPrintable(scalar) { hasSpecial = true }
            if scalar == " " {
                if index == 0 { leading = true }
                if index == scalars.count - 1 { trailingSpace = true }
                if previousBreak { breakThenSpace = true }
                (previousSpace, previousBreak) = (true, false)
            } else if Self.isBreak(scalar) {
                isMultiline = true
                if index == 0 { leading = true }
                if index == scalars.count - 1 { trailing = true }
                if previousSpace { spaceThenBreak = true }
                (previousSpace, previousBreak) = (false, true)
            } else {
                (previousSpace, previousBreak) = (false, false)
            }
            isPrecededByWhitespace = scalar == " " || scalar == "\t" || Self.isBreak(scalar)
        }
        if leading || trailing || trailingSpace || isMultiline || hasIndicators { allowsPlain = false }
        if trailingSpace { allowsBlock = false }
        if breakThenSpace { (allowsPlain, allowsSingleQuotes) = (false, false) }
        if spaceThenBreak || hasSpecial { (allowsPlain, allowsSingleQuotes, allowsBlock) = (false, false, false) }
    }

    static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    /// Without tabs, and without what lies beyond 16 bits. What turns the direction of writing is no text for a terminal.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x20...0x7E, 0xA0...0x2027, 0x202F...0x2065, 0x206A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD: true
        default: false
        }
    }
}

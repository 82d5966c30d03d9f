extension LabelSelector {
    /// A selector that takes everything.
    public static let everything = LabelSelector()

    public var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

    /// As kubectl's `-l` has it: `a=b,c==d,e!=f,g in (h,i),j notin (k),l,!m`, all of which must hold (apimachinery
    /// pkg/labels). An empty text takes everything.
    public init(parsing text: String) throws(SelectorError) {
        var parser = LabelSelectorParser(text)
        self.init(matchExpressions: try parser.requirements())
    }
}

private struct LabelSelectorParser {
    private enum Token: Equatable {
        case word(String)
        case symbol(String)
        case end
    }

    private let text: String
    private var tokens: [Token] = []
    private var position = 0

    init(_ text: String) {
        self.text = text
        var word = ""
        let characters = Array(text)
        var index = 0
        func finishWord(_ tokens: inout [Token]) {
            if !word.isEmpty { tokens.append(.word(word)) }
            word = ""
        }
        while index < characters.count {
            let character = characters[index]
            let next = index + 1 < characters.count ? characters[index + 1] : nil
            switch character {
            case " ", "\t", "\n", "\r": finishWord(&tokens)
            case "=" where next == "=", "!" where next == "=":
                finishWord(&tokens)
                tokens.append(.symbol("\(character)="))
                index += 1
            case "=", "!", "(", ")", ",", "<", ">":
                finishWord(&tokens)
                tokens.append(.symbol("\(character)"))
            default: word.append(character)
            }
            index += 1
        }
        finishWord(&tokens)
        tokens.append(.end)
    }

    private var token: Token { tokens[position] }

    private mutating func advance() {
        if position < tokens.count - 1 { position += 1 }
    }

    private func failure(_ expected: String) -> SelectorError {
        let found =
            switch token {
            case .word(let text), .symbol(let text): "\"\(text)\""
            case .end: "its end"
            }
        return SelectorError("unable to parse requirement: found \(found), expected: \(expected), in \"\(text)\"")
    }

    private mutating func takes(_ symbol: String) -> Bool {
        guard token == .symbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func requirements() throws(SelectorError) -> [LabelSelector.Requirement] {
        var result: [LabelSelector.Requirement] = []
        if token == .end { return [] }
        while true {
            result.append(try requirement())
            if token == .end { return result }
            guard takes(",") else { throw failure("',' or end of string") }
            if token == .end { throw failure("identifier after ','") }
        }
    }

    private mutating func requirement() throws(SelectorError) -> LabelSelector.Requirement {
        let isNegated = takes("!")
        guard case .word(let key) = token else { throw failure("!, identifier, or end of string") }
        advance()
        if let problem = NameRules.qualifiedName(key) {
            throw SelectorError("unable to parse requirement: key \"\(key)\": \(problem)")
        }
        if isNegated { return .init(key: key, operator: .doesNotExist) }
        switch token {
        case .end, .symbol(","): return .init(key: key, operator: .exists)
        case .symbol("="), .symbol("=="):
            advance()
            return .init(key: key, operator: .in, values: [try value()])
        case .symbol("!="):
            advance()
            return .init(key: key, operator: .notIn, values: [try value()])
        case .word("in"):
            advance()
            return .init(key: key, operator: .in, values: try values())
        case .word("notin"):
            advance()
            return .init(key: key, operator: .notIn, values: try values())
        default: throw failure("in, notin, =, ==, !=")
        }
    }

    /// One value, which may be missing.
    private mutating func value() throws(SelectorError) -> String {
        guard case .word(let value) = token else {
            if token == .end || token == .symbol(",") { return "" }
            throw failure("identifier")
        }
        advance()
        return try checked(value)
    }

    private func checked(_ value: String) throws(SelectorError) -> String {
        if let problem = NameRules.labelValue(value) {
            throw SelectorError("unable to parse requirement: value \"\(value)\": \(problem)")
        }
        return value
    }

    private mutating func values() throws(SelectorError) -> [String] {
        guard takes("(") else { throw failure("'('") }
        var result: [String] = []
        while true {
            if case .word(let value) = token {
                advance()
                result.append(try checked(value))
            } else {
                result.append("")
            }
            if takes(")") { return result }
            guard takes(",") else { throw failure("',' or ')'") }
        }
    }
}

import PodAPI

/// Walks one object along the tables of its type: unknown fields, wrong types, values out of range, and fields that are
/// not carried out. After it the decoder may read without errors.
struct FieldChecker {
    /// A problem with its place.
    struct Finding {
        var path: FieldPath
        var position: SourcePosition
        var message: String
    }

    private(set) var errors: [Finding] = []
    private(set) var notes: [Finding] = []
    /// The object cannot be decoded: a type is wrong, or a field unknown (its value is likely to be missed elsewhere).
    private(set) var isBroken = false

    private let limit: Int
    private var path: [FieldPath.Component]

    init(at path: FieldPath = FieldPath(), limit: Int) {
        self.path = path.components
        self.limit = limit
    }

    mutating func check(_ node: ManifestNode, as type: APIType) {
        guard case .mapping(let entries) = node.content else { return wrongType(node, "must be a mapping") }
        let fields = type.fields
        for entry in entries {
            path.append(.field(entry.key))
            defer { path.removeLast() }
            guard let field = fields.first(where: { $0.name == entry.key }) else {
                isBroken = true
                // Looking for a suggestion is dear, so it is not done in vain.
                if errors.count <= limit { report(unknown(entry.key, among: fields), at: entry.keyPosition) }
                continue
            }
            if entry.value.isNull { continue }
            check(entry, field)
        }
    }

    private mutating func check(_ entry: ManifestNode.Entry, _ field: Field) {
        switch field.support {
        case .done:
            check(entry.value, as: field.type)
        case .ignored:
            break
        case .noEffect(let reason):
            check(entry.value, as: field.type)
            if notes.count < limit, !isDefault(entry.value, field) {
                notes.append(finding("has no effect: \(reason)", at: place(of: entry.value, or: entry.keyPosition)))
            }
        case .refused(let reason):
            if !isDefault(entry.value, field) { report(reason, at: place(of: entry.value, or: entry.keyPosition)) }
        }
    }

    private mutating func check(_ node: ManifestNode, as type: FieldType) {
        switch type {
        case .any: break
        case .object(let type): check(node, as: type)
        case .list(let element): checkList(node, of: element)
        case .map(let element): checkMap(node, of: element)
        case .string: checkString(node)
        case .bool:
            if case .bool? = node.scalar { return }
            wrongType(node, "must be true or false", unquoted: ["true", "false"])
        case .int32: checkInteger(node, in: Int64(Int32.min)...Int64(Int32.max))
        case .int64: checkInteger(node, in: .min ... .max)
        case .mode: checkMode(node)
        case .quantity: checkQuantity(node)
        case .intOrString:
            if case .scalar(_, false) = node.content { return }
            if node.scalar == .string { return }
            checkInteger(node, in: Int64(Int32.min)...Int64(Int32.max))
        case .base64:
            if checkString(node), Base64.decode(node.text) == nil {
                isBroken = true
                report(
                    "must be base64; for plain text use stringData (of a Secret) or data (of a ConfigMap)",
                    at: node.position)
            }
        case .choice(let choices):
            if checkString(node), !node.text.isEmpty, !choices.contains(node.text) {
                isBroken = true
                let list = choices.map { "\"\($0)\"" }.joined(separator: ", ")
                report(
                    "must be \(choices.count == 1 ? "" : "one of ")\(list), is \(quoted(node.text))", at: node.position)
            }
        }
    }

    private mutating func checkList(_ node: ManifestNode, of element: FieldType) {
        guard case .sequence(let items) = node.content else { return wrongType(node, "must be a list") }
        for (index, item) in items.enumerated() {
            path.append(.index(index))
            if item.isNull {
                isBroken = true
                report("must not be empty", at: item.position)
            } else {
                check(item, as: element)
            }
            path.removeLast()
        }
    }

    private mutating func checkMap(_ node: ManifestNode, of element: FieldType) {
        guard case .mapping(let entries) = node.content else { return wrongType(node, "must be a mapping") }
        for entry in entries {
            path.append(.key(entry.key))
            if entry.keyIsPlain {
                switch ScalarValue(plain: entry.key) {
                case .string: break
                case .integer(let value) where String(value) == entry.key: break
                default:
                    isBroken = true
                    report("the key is no string to YAML; quote it: \(quoted(entry.key))", at: entry.keyPosition)
                }
            }
            if case .quantity = element {
                check(entry.value, as: element)
            } else if !entry.value.isNull {
                check(entry.value, as: element)
            }
            path.removeLast()
        }
    }

    @discardableResult
    private mutating func checkString(_ node: ManifestNode) -> Bool {
        guard case .scalar(let text, let isPlain) = node.content else {
            wrongType(node, "must be a string")
            return false
        }
        guard isPlain, node.scalar != .string else { return true }
        isBroken = true
        report("must be a string, is \(node.description); quote it: \(quoted(text))", at: node.position)
        return false
    }

    private mutating func checkInteger(_ node: ManifestNode, in range: ClosedRange<Int64>) {
        if let value = node.integer, range.contains(value) { return }
        if node.integer != nil || node.scalar == .hugeNumber {
            isBroken = true
            report(
                "must be from \(range.lowerBound) to \(range.upperBound), is \(cutOff(node.text, at: 80))",
                at: node.position)
            return
        }
        wrongType(node, "must be a whole number", unquoted: nil)
    }

    private mutating func checkMode(_ node: ManifestNode) {
        if let value = node.integer {
            if (0...0o777).contains(value) { return }
            isBroken = true
            return report("must be from 0 to 0777 (511), is \(cutOff(node.text, at: 80))", at: node.position)
        }
        checkInteger(node, in: 0...0o777)
    }

    private mutating func checkQuantity(_ node: ManifestNode) {
        guard case .scalar(let text, _) = node.content, !node.isNull else {
            return wrongType(node, "must be a quantity")
        }
        if Quantity(text) == nil {
            isBroken = true
            report(
                "\(quoted(text)) is no quantity; write a number with a unit such as 500m, 1.5, 128Mi, 10Gi",
                at: node.position)
        }
    }

    private mutating func wrongType(_ node: ManifestNode, _ rule: String, unquoted: [String]? = []) {
        isBroken = true
        var message = "\(rule), is \(node.description)"
        if case .scalar(let text, let isPlain) = node.content, !isPlain || node.scalar == .string {
            message = "\(rule), is the string \(quoted(text))"
            let isOnlyQuoted =
                unquoted.map { $0.contains(text) } ?? (ScalarValue(plain: text) == Int64(text).map { .integer($0) })
            if !isPlain, isOnlyQuoted { message += "; write it without quotes" }
        }
        report(message, at: node.position)
    }

    private func unknown(_ name: String, among fields: [Field]) -> String {
        let message = "unknown field \(quoted(name))"
        guard let suggestion = Spelling.suggestion(for: name, among: fields.map(\.name)) else { return message }
        return message + " (did you mean \"\(suggestion)\"?)"
    }

    /// Whether the value asks for no more than what happens when the field is left out.
    private func isDefault(_ node: ManifestNode, _ field: Field) -> Bool {
        if let value = field.defaultValue, case .scalar(let text, _) = node.content {
            return text == value || text.isEmpty
        }
        return isEmpty(node, field.type)
    }

    private func isEmpty(_ node: ManifestNode, _ type: FieldType) -> Bool {
        switch node.content {
        case .sequence(let items): return items.isEmpty
        case .scalar(let text, let isPlain):
            if node.isNull { return true }
            switch type {
            case .bool: return isPlain && node.scalar == .bool(false)
            case .string, .choice, .base64: return text.isEmpty
            default: return false
            }
        case .mapping(let entries):
            guard case .object(let type) = type else { return entries.isEmpty }
            return entries.allSatisfy { entry in
                if entry.value.isNull { return true }
                return type.field(named: entry.key).map { isDefault(entry.value, $0) } ?? false
            }
        }
    }

    private func place(of node: ManifestNode, or keyPosition: SourcePosition) -> SourcePosition {
        if case .scalar = node.content { node.position } else { keyPosition }
    }

    private mutating func report(_ message: String, at position: SourcePosition) {
        guard errors.count <= limit else { return }
        errors.append(finding(message, at: position))
    }

    private func finding(_ message: String, at position: SourcePosition) -> Finding {
        Finding(path: FieldPath(path), position: position, message: message)
    }
}

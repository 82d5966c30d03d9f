import CYaml

/// YAML to trees, over the events of libyaml. Iterative, so that nesting costs no stack.
///
/// Yams' own composer is left out: it makes a node of every value with a tag that is resolved by regular expressions,
/// which costs milliseconds at the start of the process, and its recursion knows no bounds.
struct YAMLReader {
    /// As libyaml says it.
    static let unknownEscape = "found unknown escape character"

    private let source: SourceText
    private let limits: SourceLimits
    private var composer: NodeComposer

    init(_ source: SourceText, limits: SourceLimits) {
        self.source = source
        self.limits = limits
        composer = NodeComposer(limits: limits)
    }

    /// The documents before the first error, the errors that leave a tree (such as a duplicate key), and the one that ends all.
    mutating func read() -> (documents: [ManifestNode?], errors: [SourceError]) {
        guard source.tagDirectives <= limits.tagDirectives else {
            return ([], [SourceError(position: nil, message: "more than \(limits.tagDirectives) %TAG directives")])
        }
        var documents: [ManifestNode?] = []
        do throws(SourceError) {
            try parse(into: &documents)
        } catch {
            composer.errors.append(error)
        }
        return (documents, composer.errors)
    }

    private mutating func parse(into documents: inout [ManifestNode?]) throws(SourceError) {
        var parser = yaml_parser_t()
        guard yaml_parser_initialize(&parser) == 1 else { throw SourceError(position: nil, message: "out of memory") }
        defer { yaml_parser_delete(&parser) }
        yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
        // libyaml keeps the pointer until the parser is deleted.
        let input = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: source.bytes.count)
        defer { input.deallocate() }
        _ = input.initialize(from: source.bytes)
        yaml_parser_set_input_string(&parser, UnsafePointer(input.baseAddress), input.count)

        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(&parser, &event) == 1 else { throw syntaxError(parser) }
            defer { yaml_event_delete(&event) }
            switch event.type {
            case YAML_STREAM_END_EVENT: return
            case YAML_DOCUMENT_START_EVENT:
                guard documents.count < limits.documents else {
                    throw SourceError(
                        position: position(event.start_mark), message: "more than \(limits.documents) documents")
                }
                composer.startDocument()
            case YAML_DOCUMENT_END_EVENT:
                documents.append(composer.root.flatMap { $0.isNull ? nil : $0 })
            default:
                try compose(event)
            }
        }
    }

    private mutating func compose(_ event: yaml_event_t) throws(SourceError) {
        let position = position(event.start_mark)
        switch event.type {
        case YAML_ALIAS_EVENT:
            try composer.alias(text(event.data.alias.anchor), at: position)
        case YAML_SCALAR_EVENT:
            let data = event.data.scalar
            let value = UnsafeBufferPointer(start: data.value, count: data.length)
            let tag = try tag(data.tag, of: .scalar, at: position)
            try composer.scalar(
                String(decoding: value, as: UTF8.self),
                isPlain: tag == .plain || tag == .none && data.style == YAML_PLAIN_SCALAR_STYLE,
                anchor: data.anchor.map(text), at: position)
        case YAML_SEQUENCE_START_EVENT:
            let data = event.data.sequence_start
            _ = try tag(data.tag, of: .sequence, at: position)
            try composer.start(isMapping: false, anchor: data.anchor.map(text), at: position)
        case YAML_MAPPING_START_EVENT:
            let data = event.data.mapping_start
            _ = try tag(data.tag, of: .mapping, at: position)
            try composer.start(isMapping: true, anchor: data.anchor.map(text), at: position)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            try composer.end()
        default:
            break
        }
    }

    private enum Shape { case scalar, sequence, mapping }
    private enum TagMeaning { case none, plain, text }

    private func tag(
        _ tag: UnsafeMutablePointer<UInt8>?, of shape: Shape, at position: SourcePosition
    ) throws(SourceError) -> TagMeaning {
        guard let tag else { return .none }
        let name = text(tag)
        switch (name, shape) {
        case ("tag:yaml.org,2002:str", .scalar), ("!", .scalar): return .text
        case ("tag:yaml.org,2002:int", .scalar), ("tag:yaml.org,2002:bool", .scalar),
            ("tag:yaml.org,2002:float", .scalar), ("tag:yaml.org,2002:null", .scalar):
            return .plain
        case ("tag:yaml.org,2002:seq", .sequence), ("tag:yaml.org,2002:map", .mapping), ("!", _): return .none
        default:
            let standard = "tag:yaml.org,2002:"
            let short = name.hasPrefix(standard) ? "!!" + name.dropFirst(standard.count) : name
            throw SourceError(position: position, message: "the tag \(quoted(short)) is not accepted; leave it out")
        }
    }

    private func syntaxError(_ parser: yaml_parser_t) -> SourceError {
        let problem = parser.problem.map { String(cString: $0) } ?? "not YAML"
        if parser.error == YAML_MEMORY_ERROR { return SourceError(position: nil, message: "out of memory") }
        if parser.error == YAML_READER_ERROR {
            return SourceError(position: source.position(ofByte: parser.problem_offset), message: problem)
        }
        let place = position(parser.problem_mark)
        // libyaml's own bound, which it meets where it looks ahead in one line.
        if problem.hasPrefix("Maximum nesting level") {
            return SourceError(position: place, message: "nested deeper than \(limits.depth) levels", isLimit: true)
        }
        if let column = source.tabInIndentation(line: place.line) {
            return SourceError(
                position: SourcePosition(line: place.line, column: column),
                message: "a tab in the indentation; YAML takes spaces only")
        }
        var message = problem
        if let context = parser.context.map({ String(cString: $0) }), !context.isEmpty {
            message += " " + context
            let start = position(parser.context_mark)
            if start.line != place.line { message += " that begins in line \(start.line)" }
        }
        return SourceError(position: place, message: message)
    }

    private func position(_ mark: yaml_mark_t) -> SourcePosition {
        SourcePosition(line: Int32(clamping: mark.line) + 1, column: Int32(clamping: mark.column) + 1)
    }

    private func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String {
        pointer.map { String(cString: $0) } ?? ""
    }
}

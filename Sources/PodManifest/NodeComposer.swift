/// Puts the events of a document together to nodes, within the limits.
struct NodeComposer {
    var errors: [SourceError] = []
    private(set) var root: ManifestNode?

    private let limits: SourceLimits
    /// Of all documents.
    private var nodes = 0
    private var frames: [Frame] = []
    private var anchors: [String: ManifestNode] = [:]

    private struct Key {
        var text: String
        var isPlain: Bool
        var position: SourcePosition
    }

    private struct Frame {
        var isMapping: Bool
        var anchor: String?
        var position: SourcePosition
        var items: [ManifestNode] = []
        var entries: [ManifestNode.Entry] = []
        /// Read, and waiting for its value.
        var key: Key?
        var merges: [ManifestNode] = []
    }

    init(limits: SourceLimits) {
        self.limits = limits
    }

    mutating func startDocument() {
        root = nil
        frames.removeAll(keepingCapacity: true)
        anchors.removeAll(keepingCapacity: true)
    }

    mutating func scalar(
        _ text: String, isPlain: Bool, anchor: String?, at position: SourcePosition
    ) throws(SourceError) {
        try count(1, at: position)
        if let last = frames.indices.last, frames[last].isMapping, frames[last].key == nil {
            if let anchor { anchors[anchor] = ManifestNode(.scalar(text, isPlain: isPlain), at: position) }
            frames[last].key = Key(text: text, isPlain: isPlain, position: position)
            return
        }
        try add(ManifestNode(.scalar(text, isPlain: isPlain), at: position), anchor: anchor)
    }

    mutating func alias(_ name: String, at position: SourcePosition) throws(SourceError) {
        guard let node = anchors[name] else {
            throw SourceError(position: position, message: "no anchor \(quoted(name)) before this alias")
        }
        if let last = frames.indices.last, frames[last].isMapping, frames[last].key == nil {
            guard case .scalar(let text, let isPlain) = node.content else {
                throw SourceError(position: position, message: "a key must be a string")
            }
            try count(1, at: position)
            frames[last].key = Key(text: text, isPlain: isPlain, position: position)
            return
        }
        try count(node.count, at: position)
        try checkDepth(frames.count + node.height, at: position)
        try add(node, anchor: nil)
    }

    mutating func start(isMapping: Bool, anchor: String?, at position: SourcePosition) throws(SourceError) {
        if let last = frames.last, last.isMapping, last.key == nil {
            throw SourceError(position: position, message: "a key must be a string")
        }
        try count(1, at: position)
        try checkDepth(frames.count + 1, at: position)
        frames.append(Frame(isMapping: isMapping, anchor: anchor, position: position))
    }

    mutating func end() throws(SourceError) {
        guard var frame = frames.popLast() else { return }
        let node: ManifestNode
        if frame.isMapping {
            try merge(&frame)
            node = ManifestNode(.mapping(frame.entries), at: frame.position)
        } else {
            node = ManifestNode(.sequence(frame.items), at: frame.position)
        }
        try add(node, anchor: frame.anchor)
    }

    private mutating func add(_ node: ManifestNode, anchor: String?) throws(SourceError) {
        if let anchor { anchors[anchor] = node }
        guard let last = frames.indices.last else {
            root = node
            return
        }
        guard frames[last].isMapping else {
            frames[last].items.append(node)
            return
        }
        guard let key = frames[last].key else { return }
        frames[last].key = nil
        if key.isPlain, key.text == "<<" {
            try addMerge(node, to: last, at: key.position)
            return
        }
        frames[last].entries.append(
            ManifestNode.Entry(key: key.text, keyIsPlain: key.isPlain, keyPosition: key.position, value: node))
    }

    private mutating func addMerge(
        _ node: ManifestNode, to frame: Int, at position: SourcePosition
    ) throws(SourceError) {
        let sources =
            switch node.content {
            case .sequence(let items): items
            default: [node]
            }
        for source in sources {
            guard case .mapping = source.content else {
                throw SourceError(position: position, message: "\"<<\" merges mappings only, is \(source.description)")
            }
            frames[frame].merges.append(source)
        }
    }

    /// YAML 1.1 merge keys: the mapping's own keys win, then the earlier mapping.
    private mutating func merge(_ frame: inout Frame) throws(SourceError) {
        var seen: Set<String> = []
        var hasDuplicates = false
        if frame.entries.count > 8 || !frame.merges.isEmpty {
            for entry in frame.entries where !seen.insert(entry.key).inserted { hasDuplicates = true }
        } else {
            for (index, entry) in frame.entries.enumerated()
            where frame.entries[..<index].contains(where: { $0.key == entry.key }) { hasDuplicates = true }
        }
        if hasDuplicates { reportDuplicates(&frame) }
        for source in frame.merges {
            for entry in source.entries where seen.insert(entry.key).inserted {
                try count(entry.value.count + 1, at: frame.position)
                try checkDepth(frames.count + 1 + entry.value.height, at: frame.position)
                frame.entries.append(entry)
            }
        }
    }

    private mutating func reportDuplicates(_ frame: inout Frame) {
        var first: [String: SourcePosition] = [:]
        var kept: [ManifestNode.Entry] = []
        for entry in frame.entries {
            if let earlier = first[entry.key] {
                guard errors.count <= limits.errors else { continue }
                errors.append(
                    SourceError(
                        position: entry.keyPosition,
                        message: "the key \(quoted(entry.key)) is given twice, first in line \(earlier.line)"))
            } else {
                first[entry.key] = entry.keyPosition
                kept.append(entry)
            }
        }
        frame.entries = kept
    }

    private mutating func count(_ more: Int, at position: SourcePosition) throws(SourceError) {
        nodes += more
        guard nodes <= limits.nodes else {
            throw SourceError(
                position: position, message: "more than \(limits.nodes) values, aliases expanded", isLimit: true)
        }
    }

    private func checkDepth(_ depth: Int, at position: SourcePosition) throws(SourceError) {
        guard depth <= limits.depth else {
            throw SourceError(position: position, message: "nested deeper than \(limits.depth) levels", isLimit: true)
        }
    }
}

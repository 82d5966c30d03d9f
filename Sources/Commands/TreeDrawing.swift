/// Lines that branch, as a person would draw them.
struct TreeDrawing: Equatable {
    struct Node: Equatable {
        /// May have colours; without line feeds.
        var text: String
        var children: [Node] = []
    }

    var root: Node

    /// - Parameter unicode: Lines; otherwise ASCII.
    func lines(unicode: Bool) -> [String] {
        var result = [root.text]
        append(root.children, "", unicode, &result)
        return result
    }

    private func append(_ nodes: [Node], _ indent: String, _ unicode: Bool, _ lines: inout [String]) {
        let (branch, last, bar) = unicode ? ("├─ ", "└─ ", "│  ") : ("|- ", "`- ", "|  ")
        for (index, node) in nodes.enumerated() {
            let isLast = index == nodes.count - 1
            lines.append(indent + (isLast ? last : branch) + node.text)
            append(node.children, indent + (isLast ? "   " : bar), unicode, &lines)
        }
    }
}

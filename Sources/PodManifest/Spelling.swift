/// Suggestions for misspelt names.
enum Spelling {
    /// The name that is meant: the same but for case, or the nearest by edit distance, if near enough.
    static func suggestion(for name: String, among names: [String]) -> String? {
        guard !name.isEmpty, name.utf8.count <= 64 else { return nil }
        let lowercase = Array(name.lowercased().utf8)
        var best: (name: String, distance: Int)?
        for candidate in names {
            let distance = distance(lowercase, Array(candidate.lowercased().utf8))
            if distance < best?.distance ?? max(1, min(3, lowercase.count / 3)) + 1 { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (byte == other ? 0 : 1))
                if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}

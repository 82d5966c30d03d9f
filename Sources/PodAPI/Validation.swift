/// Collects what is wrong with one object.
struct Validation {
    private(set) var errors: [FieldError] = []

    mutating func fail(_ path: FieldPath, _ message: String) {
        errors.append(FieldError(path, message))
    }

    /// Adds the message, if there is one.
    mutating func check(_ path: FieldPath, _ problem: String?) {
        if let problem { fail(path, problem) }
    }

    mutating func require(_ text: String, _ path: FieldPath, _ rule: (String) -> String?) {
        if text.isEmpty { fail(path, "required value") } else { check(path, rule(text)) }
    }

    /// A value that occurs a second time in `seen`.
    mutating func unique<Value: Hashable>(_ value: Value, in seen: inout Set<Value>, _ path: FieldPath, _ shown: String)
    {
        if !seen.insert(value).inserted { fail(path, "duplicate value: \(DisplayText.quoted(shown))") }
    }
}

extension Object {
    /// Everything that is wrong with the object by the rules of Kubernetes (`pkg/apis/core/validation`), as far as the kinds
    /// here have the fields; empty where it is valid.
    public func validate() -> [FieldError] {
        switch self {
        case .pod(let object): object.validate()
        case .persistentVolume(let object): object.validate()
        case .persistentVolumeClaim(let object): object.validate()
        case .configMap(let object): object.validate()
        case .secret(let object): object.validate()
        case .service(let object): object.validate()
        case .runtimeClass(let object): object.validate()
        case .priorityClass(let object): object.validate()
        }
    }
}

/// The nearest of some known words, for `did you mean`.
enum Suggestion {
    /// nil where none is near: more than a third of the letters would have to change.
    static func text(for word: String, in known: some Sequence<String>) -> String {
        let limit = max(1, word.utf8.count / 3)
        let nearest = known.map { ($0, distance(word, $0)) }.filter { $0.1 <= limit }.min {
            ($0.1, $0.0) < ($1.1, $1.0)
        }
        return nearest.map { " (did you mean \"\($0.0)\"?)" } ?? ""
    }

    /// Levenshtein's distance, a swap of neighbours counting as one.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8.prefix(64))
        let right = Array(right.utf8.prefix(64))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var row = [i + 1]
            for (j, b) in right.enumerated() {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a == b ? 0 : 1))
                if i > 0, j > 0, a == right[j - 1], left[i - 1] == b { best = min(best, beforeLast[j - 1] + 1) }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}

/// A container's environment in the making.
struct Environment {
    /// What the manifest declares: the variables that `$(VAR)` can refer to.
    private(set) var declared: [String: String] = [:]
    private var defaults: [(name: String, value: String)] = []
    private var order: [String] = []

    /// A variable of the runtime or the image; the manifest's variable of that name takes its place.
    mutating func setDefault(_ name: String, _ value: String) {
        defaults.removeAll { $0.name == name }
        defaults.append((name, value))
    }

    /// A variable of the manifest; a later one of the same name takes its place.
    mutating func set(_ name: String, _ value: String) {
        if declared.updateValue(value, forKey: name) == nil { order.append(name) }
    }

    /// `NAME=value`, defaults first.
    var list: [String] {
        defaults.filter { declared[$0.name] == nil }.map { "\($0.name)=\($0.value)" }
            + order.map { "\($0)=\(declared[$0, default: ""])" }
    }
}

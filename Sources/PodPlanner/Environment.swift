import PodPlan

/// A container's environment in the making.
struct Environment {
    /// What the manifest declares.
    private(set) var declared: [String: String] = [:]
    private var defaults: [(name: String, value: String)] = []
    private var order: [String] = []
    /// Of the Services; the manifest's variable of the same name wins.
    private var services: [(name: String, value: String)] = []

    /// A variable of the runtime or the image; the manifest's variable of that name takes its place.
    mutating func setDefault(_ name: String, _ value: String) {
        defaults.removeAll { $0.name == name }
        defaults.append((name, value))
    }

    /// A variable of the manifest; a later one of the same name takes its place.
    mutating func set(_ name: String, _ value: String) {
        if declared.updateValue(value, forKey: name) == nil { order.append(name) }
    }

    mutating func setServices(_ variables: [(name: String, value: String)]) {
        services = variables
    }

    /// What `$(VAR)` can refer to.
    var known: [String: String] {
        services.isEmpty
            ? declared : declared.merging(services.map { ($0.name, $0.value) }) { declared, _ in declared }
    }

    /// What a container starts from that takes the rest out of files.
    var late: LateEnvironment {
        LateEnvironment(
            defaults: defaults.map { "\($0.name)=\($0.value)" },
            steps: services.map { .value(name: $0.name, value: $0.value) }
                + order.map { .value(name: $0, value: declared[$0, default: ""]) })
    }

    /// `NAME=value`: defaults, Services', the manifest's.
    var list: [String] {
        let names = Set(services.map(\.name))
        return defaults.filter { declared[$0.name] == nil && !names.contains($0.name) }
            .map { "\($0.name)=\($0.value)" }
            + services.filter { declared[$0.name] == nil }.map { "\($0.name)=\($0.value)" }
            + order.map { "\($0)=\(declared[$0, default: ""])" }
    }
}

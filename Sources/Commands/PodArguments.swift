import PodAPI

/// Pods by names, by labels, or all; for verbs that only take pods.
struct PodArguments {
    var names: [String]
    var selector: String?
    var allNamespaces: Bool

    /// Says so where there are none.
    func pods(_ host: Host) throws(CommandError) -> [JSONValue] {
        if !names.isEmpty {
            var pods: [JSONValue] = []
            for name in names { pods.append(try host.get(.pod, try ResourceArguments.pod(name))) }
            return pods
        }
        var labels = LabelSelector.everything
        if let selector {
            do throws(SelectorError) {
                labels = try LabelSelector(parsing: selector)
            } catch {
                throw CommandError("error: \(error)", code: 2)
            }
        }
        let pods = try host.objects(.pod, namespace: allNamespaces ? nil : host.namespace, labels: labels)
        if pods.isEmpty {
            Output.error(
                allNamespaces
                    ? "No resources found"
                    : "No resources found in \(TerminalText.escaped(host.namespace)) namespace.")
        }
        return pods
    }
}

import ObjectStore
import PodAPI

extension Reconciler {
    /// After a verb has changed objects: what they ask for is carried out, and a line on standard error says of each pod among
    /// them that cannot start yet why.
    static func afterChange(_ host: Host, _ objects: [JSONValue]) throws(CommandError) {
        var reconciler = Reconciler(host)
        try reconciler.run()
        for problem in reconciler.report.problems { Output.error("swiftlet: \(problem)") }
        let uids = Set(objects.compactMap(\.uid))
        for pod in reconciler.report.waiting where uids.contains(pod.pod.uid ?? "") {
            Output.error("pod/\(pod.pod.name) waits: \(pod.line)")
        }
    }
}

extension JSONValue {
    /// A pod that is observed, but in no store.
    func isUnstored(_ host: Host) -> Bool {
        let key = ObjectKey(self)
        let stored = try? host.read { (snapshot) throws(ObjectStoreError) in try snapshot.find(key) }
        return stored == nil
    }
}

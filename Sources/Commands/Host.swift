import ObjectStore
import PodAPI

/// What a verb works with: the places of this host, its objects, and its pods as they are observed.
final class Host {
    let roots: Roots
    /// Of objects that are named without one.
    let namespace: String
    let pods: PodReader
    private var opened: ObjectStore?

    /// Opens nothing yet.
    init(_ roots: Roots, namespace: String = "default") {
        self.roots = roots
        self.namespace = namespace
        pods = PodReader(roots)
    }

    /// For verbs.
    /// - Parameter settles: Whether to finish first what other commands and the host's last start have left to do; those that
    ///   change objects do it at their end.
    static func open(_ options: GlobalOptions, settles: Bool = true) throws(CommandError) -> Host {
        let host = Host(options.roots, namespace: options.currentNamespace)
        _ = try host.store()
        // That something cannot be started is no reason not to show what there is.
        if settles { do { try Reconciler.settle(host) } catch { Output.error(error.line) } }
        return host
    }

    /// The objects' store, which is opened, and made where there is none, by the first who asks.
    func store() throws(CommandError) -> ObjectStore {
        if let opened { return opened }
        do throws(ObjectStoreError) {
            let store = try ObjectStore(path: roots.state + "/state.db")
            opened = store
            return store
        } catch {
            throw CommandError(error)
        }
    }

    /// One transaction; kubectl's words for what is wrong.
    func write<Result>(
        _ body: (ObjectTransaction) throws(ObjectStoreError) -> Result
    ) throws(CommandError) -> Result {
        let store = try store()
        do throws(ObjectStoreError) { return try store.write(body) } catch { throw CommandError(error) }
    }

    /// Several reads of one moment.
    func read<Result>(
        _ body: (ObjectSnapshot) throws(ObjectStoreError) -> Result
    ) throws(CommandError) -> Result {
        let store = try store()
        do throws(ObjectStoreError) { return try store.read(body) } catch { throw CommandError(error) }
    }
}

import PodAPI
import PodManifest
import PodPlan

/// Reads the manifests of a `run` again, and says on standard error what comes of it.
final class ManifestReloader {
    /// What the pods have taken over so far.
    private(set) var current: Preparation
    let watch: ManifestWatch?
    private let options: ManifestOptions
    /// Told once, however often the files are touched.
    private var told: [String] = []

    init(_ preparation: Preparation, _ options: ManifestOptions, watching: Bool) throws {
        current = preparation
        self.options = options
        watch = watching ? try ManifestWatch(paths: options.paths, recursive: options.recursive) : nil
    }

    /// What the pods are to change; `asked`: by a signal, so that an answer is due.
    func reload(asked: Bool) -> [(pod: Int, update: PodUpdate)] {
        if options.paths.contains("-") {
            Output.error("the manifests came from standard input, and cannot be read again: nothing has changed")
            return []
        }
        let new = Preparation(options, after: current)
        let update = LiveUpdate(from: current, to: new)
        if !update.errors.isEmpty {
            let lines = update.errors.map { "\($0)" }
            if asked || lines != told {
                for line in lines { Output.error(line) }
                Output.error("the pods go on unchanged")
            }
            told = lines
            return []
        }
        told = []
        if update.changed.isEmpty {
            if asked { Output.error("the manifests have not changed") }
            return []
        }
        current = new
        for name in update.changed { Output.error("\(name) has changed") }
        return update.updates
    }
}

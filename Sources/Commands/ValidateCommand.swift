import ArgumentParser
import PodAPI
import PodManifest

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check manifests, and change nothing.",
        discussion: "Prints every error with its file, line, column and field. Exit code 2 where there is one.")

    @OptionGroup var manifests: ManifestOptions

    @Flag(help: "Instead of checking, list every field and what is done with it, as explain does.")
    var explain = false

    func validate() throws {
        if !explain { return try manifests.requireFiles() }
        if !manifests.paths.isEmpty { throw ValidationError("--explain takes no manifests") }
    }

    func run() throws {
        if explain { return Output.line(FieldListing(ManifestSchema.fields()).text(ScreenStyle(descriptor: 1))) }
        var preparation = Preparation(manifests)
        for note in preparation.notes { Output.error("note: \(note)") }
        for error in preparation.errors { Output.error("\(error)") }
        if !preparation.errors.isEmpty { throw ExitCode(2) }
        preparation.schedule()
        for pod in preparation.pods {
            if let line = preparation.placement?.line(pod.pod, pod.verdict) { Output.error("warning: \(line)") }
        }
        for object in preparation.objects {
            Output.line("\(object.object.kind.lowercased())/\(object.object.metadata.name) is valid")
        }
    }
}

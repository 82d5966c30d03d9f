import ArgumentParser
import PodManifest

struct ExplainCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case json
    }

    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show the fields of manifests, what they mean, and what is done with each.",
        discussion: """
            Of one field, or of a kind, it shows what is in it, as kubectl does. Without either it lists all fields: each is carried \
            out (done), accepted without an effect, accepted in silence since it asks for nothing (ignored), or refused; the list \
            has the reasons. It is made of the table that manifests are checked against.
            """)

    @Argument(
        help: ArgumentHelp(
            "A kind, or a field of one: pod, pod.spec.containers.livenessProbe.", valueName: "field"))
    var path: String?

    @Flag(help: "Show what is in the fields as well, without the meanings.")
    var recursive = false

    @Flag(help: "Count the fields instead.")
    var summary = false

    @Option(name: [.customShort("o"), .long], help: "Print a list as JSON.")
    var output: Format?

    func run() throws {
        var fields = ManifestSchema.fields()
        if let path {
            do throws(ManifestSchema.UnknownField) {
                fields = try ManifestSchema.fields(at: path)
            } catch {
                throw CommandError(error.description, code: 2)
            }
        }
        let listing = FieldListing(fields)
        if output == .json { return Output.line(summary ? listing.summaryJSON : listing.json) }
        let style = ScreenStyle(descriptor: 1)
        if summary { return Output.line(listing.summary(style)) }
        guard let path else { return Output.line(listing.text(style)) }
        let isKind = !path.split(separator: ".").dropFirst().contains { !$0.isEmpty }
        Output.line(FieldExplanation(fields, isKind: isKind).text(style, recursive: recursive))
    }
}

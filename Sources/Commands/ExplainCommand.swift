import ArgumentParser
import PodManifest

struct ExplainCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case json
    }

    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "List the fields of manifests, and what is done with each.",
        discussion: """
            A field is carried out (done), accepted without an effect, accepted in silence since it asks for nothing \
            (ignored), or refused; the list has the reasons. It is made of the table that manifests are checked against.
            """)

    @Argument(
        help: ArgumentHelp(
            "Only this field and what is in it: pod, pod.spec.containers.livenessProbe.", valueName: "field"))
    var path: String?

    @Flag(help: "Count the fields instead.")
    var summary = false

    @Option(name: .shortAndLong, help: "Print the list as JSON.")
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
        Output.line(summary ? listing.summary(style) : listing.text(style))
    }
}

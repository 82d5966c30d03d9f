import ArgumentParser
import PodAPI
import Printing

struct APIResourcesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api-resources", abstract: "Show the kinds of objects.")

    @Option(
        help: ArgumentHelp("Only kinds that are in namespaces, or only those that are not.", valueName: "true|false"))
    var namespaced: Bool?

    @Option(name: .customLong("api-group"), help: ArgumentHelp("Only kinds of this API group.", valueName: "group"))
    var group: String?

    @Flag(help: "Leave the titles of the columns out.")
    var noHeaders = false

    @Option(
        name: [.customShort("o"), .long], help: ArgumentHelp("name or wide.", valueName: "format")
    )
    var output: String?

    func run() throws {
        let kinds = ResourceKind.all.filter {
            (namespaced == nil || namespaced == $0.isNamespaced) && (group == nil || group == $0.group)
        }.sorted { ($0.group, $0.plural) < ($1.group, $1.plural) }
        switch output {
        case "name": return Output.text(kinds.map { $0.resource + "\n" }.joined())
        case nil, "", "wide": break
        default: throw CommandError("error: --output \(TerminalText.escaped(output ?? "")) is not available", code: 2)
        }
        let isWide = output == "wide"
        var columns = ["Name", "ShortNames", "APIVersion", "Namespaced", "Kind"].map { TableColumn($0) }
        if isWide { columns += [TableColumn("Verbs"), TableColumn("Categories")] }
        var options = TableOptions()
        options.hidesHeaders = noHeaders
        var printer = TablePrinter(options)
        let rows = kinds.map { kind in
            var cells = [
                kind.plural, kind.shortNames.joined(separator: ","), kind.apiVersion, "\(kind.isNamespaced)", kind.kind,
            ]
            if isWide {
                let verbs =
                    kind.isReadOnly
                    ? ["get", "list", "watch"] : ["create", "delete", "get", "list", "patch", "update", "watch"]
                cells += [verbs.joined(separator: ","), ResourceKind.everyday.contains(kind) ? "all" : ""]
            }
            return Table.Row(cells)
        }
        Output.text(printer.text(of: Table(columns: columns, rows: rows)))
    }
}

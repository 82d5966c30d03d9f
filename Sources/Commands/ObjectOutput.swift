import Glibc
import PodAPI
import Printing

/// `-o` of the verbs that show objects.
enum ObjectOutput {
    case table(isWide: Bool)
    case yaml
    case json
    case name
    case path(JSONPath)
    /// `jsonpath-as-json`
    case pathAsJSON(JSONPath)
    case columns(CustomColumns)

    private static let formats = [
        "custom-columns", "custom-columns-file", "json", "jsonpath", "jsonpath-as-json", "jsonpath-file", "name",
        "wide", "yaml",
    ]

    /// - Parameter text: What comes after `-o`; nil: a table.
    init(_ text: String?) throws(CommandError) {
        guard let text, !text.isEmpty else {
            self = .table(isWide: false)
            return
        }
        let format = text.prefix { $0 != "=" }
        let argument = text.contains("=") ? String(text.dropFirst(format.count + 1)) : nil
        func value() throws(CommandError) -> String {
            guard let argument, !argument.isEmpty else {
                throw CommandError(
                    format.hasPrefix("custom-columns")
                        ? "error: custom-columns format specified but no custom columns given"
                        : "error: template format specified but no template given", code: 2)
            }
            return argument
        }
        switch format {
        case "wide": self = .table(isWide: true)
        case "yaml": self = .yaml
        case "json": self = .json
        case "name": self = .name
        case "jsonpath": self = .path(try Self.path(try value()))
        case "jsonpath-file": self = .path(try Self.path(try Self.content(of: try value())))
        case "jsonpath-as-json": self = .pathAsJSON(try Self.path(try value()))
        case "custom-columns":
            self = .columns(try Self.columns { () throws(JSONPathError) in try CustomColumns(argument ?? "") })
        case "custom-columns-file":
            let template = try Self.content(of: try value())
            self = .columns(try Self.columns { () throws(JSONPathError) in try CustomColumns(template: template) })
        case "go-template", "go-template-file", "template", "templatefile":
            throw CommandError("error: Go templates are not carried out: use -o jsonpath or -o custom-columns", code: 2)
        default:
            let name = TerminalText.escaped(text)
            let list = Self.formats.joined(separator: ",")
            throw CommandError(
                "error: unable to match a printer suitable for the output format \"\(name)\", allowed formats are: \(list)",
                code: 2)
        }
    }

    var isTable: Bool {
        if case .table = self { true } else { false }
    }

    var isWide: Bool {
        if case .table(let isWide) = self { isWide } else { false }
    }

    private static func path(_ template: String) throws(CommandError) -> JSONPath {
        do throws(JSONPathError) {
            return try JSONPath(template, allowsMissingKeys: true)
        } catch {
            throw CommandError("error: error parsing jsonpath \(TerminalText.escaped(template)), \(error)", code: 2)
        }
    }

    private static func columns(_ make: () throws(JSONPathError) -> CustomColumns) throws(CommandError) -> CustomColumns
    {
        do throws(JSONPathError) { return try make() } catch { throw CommandError("error: \(error)", code: 2) }
    }

    private static func content(of path: String) throws(CommandError) -> String {
        guard let file = fopen(path, "r") else {
            let reason = String(cString: strerror(errno))
            throw CommandError("error: error reading template \(TerminalText.escaped(path)): \(reason)", code: 2)
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// Of one object, or of several as a List; ends with a line feed where the format does.
    func text(of objects: [JSONValue], isSingle: Bool, hidesHeaders: Bool = false) throws(CommandError) -> String {
        let whole = isSingle && objects.count == 1 ? objects[0] : ObjectText.list(objects)
        do throws(JSONPathError) {
            switch self {
            case .table: return ""
            case .yaml: return ObjectText.yaml(whole)
            case .json: return ObjectText.json(whole)
            case .name: return objects.map { ObjectText.name($0) + "\n" }.joined()
            case .columns(let columns): return try columns.text(of: objects, hidesHeaders: hidesHeaders)
            case .path(let path): return Self.shown(try path.text(of: whole))
            case .pathAsJSON(let path):
                return ObjectText.json(.array(try path.results(in: whole).flatMap { $0 }))
            }
        } catch {
            throw CommandError("error: error executing jsonpath: \(error)")
        }
    }

    /// Programs get the text as it is; on a terminal nothing in it acts.
    private static func shown(_ text: String) -> String { isatty(1) == 1 ? ScreenText.lines(text) : text }

    /// What the API server keeps for itself is left out, as kubectl does it.
    static func presentable(_ object: JSONValue) -> JSONValue {
        guard object[path: "metadata", "managedFields"] != nil else { return object }
        var object = object
        object[path: "metadata", "managedFields"] = nil
        return object
    }
}

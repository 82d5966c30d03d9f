/// What each field is for, in a line; `explain` shows it. `Type.field`, or `*.field` for all types that have none of their own.
enum FieldMeanings {
    /// nil where there is none; a test sees to it that no field is without.
    static func meaning(of field: String, in type: APIType) -> String? {
        // The two kinds of containers have the same fields.
        let type = type == .ephemeralContainer && table["EphemeralContainer.\(field)"] == nil ? .container : type
        return table["\(type.rawValue).\(field)"] ?? table["*.\(field)"]
    }

    /// What an object of a type is.
    static func meaning(of type: APIType) -> String? { table[type.rawValue] }

    private static let table: [String: String] = {
        var result: [String: String] = [:]
        for line in [objects, pods, containers, volumes, others].joined(separator: "\n").split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let text = line[line.index(after: colon)...].drop { $0 == " " }
            for name in line[..<colon].split(separator: " ") { result[String(name)] = String(text) }
        }
        return result
    }()
}

/// A YAML file of settings, read as far as its documents: what image maps and node files have in common.
enum SettingsFile {
    /// The documents that are not empty, and what is wrong with the text.
    static func documents(_ bytes: [UInt8], file: String) -> (documents: [ManifestNode], errors: [Diagnostic]) {
        do throws(SourceError) {
            let limits = SourceLimits()
            var reader = YAMLReader(try SourceText(bytes, limits: limits), limits: limits)
            let (documents, problems) = reader.read()
            return (
                documents.compactMap(\.self), problems.map { Diagnostic(file: file, $0.position, message: $0.message) }
            )
        } catch {
            return ([], [Diagnostic(file: file, error.position, message: error.message)])
        }
    }

    /// What the table of fields has against a document; where it `isBroken`, too little of it is right to go on.
    static func check(
        _ document: ManifestNode, as type: APIType, file: String
    ) -> (errors: [Diagnostic], isBroken: Bool) {
        var checker = FieldChecker(limit: SourceLimits().errors)
        checker.check(document, as: type)
        let errors = checker.errors.map { Diagnostic(file: file, $0.position, path: $0.path, message: $0.message) }
        return (errors, checker.isBroken)
    }
}

public import PodAPI

/// A text of YAML or JSON that holds one value, as a patch does, or an object in an editor.
public enum YAMLText {
    /// - Parameter file: What errors call it.
    /// - Returns: nil where it is empty or wrong.
    public static func value(_ bytes: [UInt8], file: String) -> (value: JSONValue?, errors: [Diagnostic]) {
        let (documents, errors) = SettingsFile.documents(bytes, file: file)
        if !errors.isEmpty { return (nil, errors) }
        if documents.count > 1 { return (nil, [Diagnostic(file: file, message: "must be one document")]) }
        return (documents.first.map(JSONValue.init), [])
    }
}

/// Text of a manifest inside a message: quoted, so that it can be told from the message's own words, and without
/// characters that a terminal would act on.
public enum DisplayText {
    /// Characters that are shown of a long text.
    static let limit = 120

    public static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars.prefix(limit) {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + (text.unicodeScalars.count > limit ? "…\"" : "\"")
    }
}

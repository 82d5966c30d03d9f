/// What keys and values of labels and annotations may be. Each rule gives nil, or says what is wrong.
public enum MetadataRules {
    public static func key(_ text: String) -> String? { NameRules.qualifiedName(text) }

    public static func labelValue(_ text: String) -> String? { NameRules.labelValue(text) }
}

import Foundation

/// A JSON value whose parts are looked up without a type in between; what is not there is empty.
struct JSON: CustomStringConvertible {
    private let value: Any?

    init(_ value: Any?) { self.value = value }

    init(text: String) { value = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) }

    subscript(_ key: String) -> JSON { JSON((value as? [String: Any])?[key]) }

    subscript(_ index: Int) -> JSON { JSON(array.indices.contains(index) ? array[index].value : nil) }

    /// The element of a list whose `key` is `name`.
    func element(_ name: String, by key: String = "name") -> JSON {
        array.first { $0[key].string == name } ?? JSON(nil)
    }

    var exists: Bool { value != nil && !(value is NSNull) }
    var array: [JSON] { (value as? [Any])?.map { JSON($0) } ?? [] }
    var string: String { value as? String ?? "" }
    var int: Int? { value as? Int }
    var bool: Bool? { value as? Bool }
    var keys: Set<String> { Set((value as? [String: Any])?.keys.map { $0 } ?? []) }

    var description: String { value.map { "\($0)" } ?? "nothing" }
}

public import PodAPI

/// The record that `kubectl apply` leaves in an object: the manifest as it was applied.
public struct LastApplied {
    public static let annotation = "kubectl.kubernetes.io/last-applied-configuration"

    /// The manifest that was applied last; nil: the object has not been applied.
    public static func read(from object: JSONValue) throws(PatchError) -> JSONValue? {
        guard let text = object[path: "metadata", "annotations", annotation]?.string else { return nil }
        do { return try JSONValue(parsing: text.utf8) } catch {
            throw PatchError("metadata.annotations[\(annotation)]: is no JSON: remove the annotation")
        }
    }

    /// The manifest with its own record in it, as kubectl writes it: one line, in the order of the keys, and a newline.
    public static func recording(_ manifest: JSONValue) -> JSONValue {
        var bare = manifest
        var annotations = manifest[path: "metadata", "annotations"] ?? .object([])
        if annotations.isNull { annotations = .object([]) }
        annotations[annotation] = nil
        bare[path: "metadata", "annotations"] = annotations
        annotations[annotation] = .string(bare.inOrderOfKeys.text + "\n")
        var result = manifest
        result[path: "metadata", "annotations"] = annotations
        return result
    }
}

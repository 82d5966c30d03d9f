import PodAPI

extension ManifestNode {
    /// The place of a field: of its value where that is a scalar, of its key otherwise, which an editor shows best. nil
    /// where the source does not have it.
    func position(of path: FieldPath) -> SourcePosition? {
        var place = position
        var node = self
        for component in path.components {
            switch component {
            case .field(let name), .key(let name):
                guard let entry = node.entries.first(where: { $0.key == name }) else { return nil }
                node = entry.value
                if case .scalar = node.content { place = node.position } else { place = entry.keyPosition }
            case .index(let index):
                let items = node.items
                guard items.indices.contains(index) else { return nil }
                node = items[index]
                place = node.position
            }
        }
        return place
    }

    /// The place of the field, or of the nearest field around it that the source has.
    func nearestPosition(of path: FieldPath) -> SourcePosition {
        var path = path
        while !path.components.isEmpty {
            if let position = position(of: path) { return position }
            path.components.removeLast()
        }
        return position
    }
}

import PodAPI

extension LabelSelector {
    /// `-l`
    static func parsed(_ text: String) throws(CommandError) -> LabelSelector {
        do throws(SelectorError) { return try LabelSelector(parsing: text) } catch {
            throw CommandError("error: \(error.description)", code: 2)
        }
    }
}

extension FieldSelector {
    /// `--field-selector`
    static func parsed(_ text: String) throws(CommandError) -> FieldSelector {
        do throws(SelectorError) { return try FieldSelector(parsing: text) } catch {
            throw CommandError("error: \(error.description)", code: 2)
        }
    }
}

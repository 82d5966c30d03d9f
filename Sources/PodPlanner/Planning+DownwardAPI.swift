import PodAPI
import PodPlan

extension Planning {
    /// `collectData` of the kubelet's downwardAPI plugin; `path` is that of the source.
    mutating func downwardAPIFiles(
        _ items: [DownwardAPIFile], _ defaultMode: UInt32, _ path: FieldPath
    ) -> [FilePlan]? {
        var files: [FilePlan] = []
        var complete = true
        for (index, item) in items.enumerated() {
            let path = path.field("items").index(index)
            let content: String?
            switch item.source {
            case .field(let field):
                content = fileValue(field)
                if content == nil {
                    fail(
                        path.field("fieldRef").field("fieldPath"), .failedMount,
                        "no field \(quoted(field)) that a file could have")
                }
            case .resource(let selector):
                content = resourceValue(selector, of: nil, path.field("resourceFieldRef"), .failedMount)
            }
            guard let content else {
                complete = false
                continue
            }
            files.append(FilePlan(path: item.path, mode: item.mode ?? defaultMode, content: Array(content.utf8)))
        }
        return complete && canBeWritten(files, path) ? files : nil
    }

    /// `ExtractFieldPathAsString` of pkg/fieldpath.
    private func fileValue(_ field: String) -> String? {
        switch field {
        case "metadata.labels": Self.format(pod.metadata.labels)
        case "metadata.annotations": Self.format(pod.metadata.annotations)
        default: field.hasPrefix("metadata.") ? fieldValue(field) : nil
        }
    }

    /// `FormatMap`: a line `key="value"` each, by key, the value as a Go string.
    static func format(_ map: [String: String]) -> String {
        map.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { "\($0.key)=\(GoString.quoted($0.value))" }.joined(separator: "\n")
    }

    // MARK: Resources

    /// A container's limit or request (`ExtractContainerResourceValue`): `own` where the selector names none. A limit that
    /// is left out is the pod's, or what the node has (`defaultPodLimitsForDownwardAPI`).
    mutating func resourceValue(
        _ selector: ResourceFieldSelector, of own: Container?, _ path: FieldPath, _ reason: PlanError.Reason
    ) -> String? {
        let name = selector.containerName
        let named = allContainers.first { $0.container.name == name }?.container
        guard let container = name.isEmpty ? own : named else {
            fail(path.field("containerName"), reason, "container \(name) not found")
            return nil
        }
        guard let dot = selector.resource.firstIndex(of: ".") else {
            fail(path.field("resource"), reason, "unsupported container resource: \(selector.resource)")
            return nil
        }
        let resource = String(selector.resource[selector.resource.index(after: dot)...])
        let zero = Quantity(value: 0)
        var amount: Quantity
        if selector.resource.hasPrefix("limits.") {
            amount = container.resources.limits[resource] ?? zero
            if amount == zero, !ResourceName.isHugePages(resource) {
                amount = pod.spec.resources.limits[resource] ?? node.allocatable[resource] ?? zero
            }
        } else {
            amount = container.resources.requests[resource] ?? zero
        }
        let divisor = selector.divisor == zero ? Quantity(value: 1) : selector.divisor
        let (dividend, by) =
            resource == ResourceName.cpu
            ? (amount.milliValue, divisor.milliValue) : (amount.value, divisor.value)
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: max(1, by))
        return "\(remainder > 0 ? quotient + 1 : quotient)"
    }
}

/// A string literal as Go's `%q` writes it (strconv.Quote).
enum GoString {
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{07}": result += "\\a"
            case "\u{08}": result += "\\b"
            case "\u{0c}": result += "\\f"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0b}": result += "\\v"
            default:
                if isPrintable(scalar) {
                    result.unicodeScalars.append(scalar)
                } else if scalar.value < 0x80 {
                    result += "\\x" + hex(scalar.value, 2)
                } else if scalar.value < 0x10000 {
                    result += "\\u" + hex(scalar.value, 4)
                } else {
                    result += "\\U" + hex(scalar.value, 8)
                }
            }
        }
        return result + "\""
    }

    /// Letters, marks, numbers, punctuation, symbols, and the blank of ASCII (unicode.IsPrint).
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20...0x7e).contains(scalar.value) }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator:
            return false
        default: return true
        }
    }

    private static func hex(_ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}

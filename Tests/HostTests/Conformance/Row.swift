import Foundation

/// One behaviour of Kubernetes' own conformance tests, checked on this host's kernel.
struct Row: Sendable {
    /// As in `scripts/conformance`: N for nodes, S for storage, W for the network.
    let id: String
    let title: String
    /// How long it waits, about; rows that wait long are started first.
    let seconds: Int
    let body: @Sendable (World) throws -> Void

    init(_ id: String, _ title: String, seconds: Int = 1, body: @escaping @Sendable (World) throws -> Void) {
        (self.id, self.title, self.seconds, self.body) = (id, title, seconds, body)
    }

    /// Whether upstream marks the behaviour as NodeConformance.
    var isNodeConformance: Bool { !Self.withoutNodeConformance.contains(id) }

    /// The behaviours that upstream does not mark so.
    static let withoutNodeConformance: Set<String> = Set(
        """
        N003 N004 N035 N036 N037 N038 N039 N040 N041 N042 N047 N049 N050 N053 N068 N071 N072 N076 N077 N084 N085 N086
        N087 N088 S001 S002 S003 S004 S014 S027 S042 S043 S044 S045 S082 S083 S084 S085 S086 S087 S088 S089 S090 W001
        """.split { $0.isWhitespace }.map(String.init))

    /// Every row that is checked.
    static let all: [Row] =
        environment + containers + initContainers + security + runtimeClasses + hooks + probes + expansion + emptyDirs
        + contents + downward + subPaths + updates + network

    /// How it ended.
    enum Result {
        case passed
        case failed(String)
    }

    /// Checks the row in a world of its own.
    func run() -> Result {
        do {
            let world = try World()
            defer { world.remove() }
            var failure: (any Error)?
            do { try body(world) } catch { failure = error }
            world.endAll()
            if let failure { throw failure }
            for left in world.remains() { throw RowFailure("left in the state directory: \(left)") }
            return .passed
        } catch {
            return .failed("\(error)")
        }
    }
}

/// Why a row does not hold.
struct RowFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Throws unless `holds`. Rows run on threads of their own, where `#expect` would not know its test.
func check(_ holds: Bool, _ what: @autoclosure () -> Any, line: Int = #line, file: String = #fileID) throws {
    if !holds { throw RowFailure("\(file):\(line): \(what())") }
}

/// Throws unless the two are equal.
func equal<Value: Equatable>(
    _ found: Value, _ wanted: Value, _ context: @autoclosure () -> Any = "", line: Int = #line, file: String = #fileID
) throws {
    if found != wanted { throw RowFailure("\(file):\(line): \(found) is not \(wanted); \(context())") }
}

/// The environment and the command of a container that depend on env files (KEP-3721), which are there only when it starts.
public struct LateEnvironment: Sendable, Equatable, BinaryCodable {
    public enum Step: Sendable, Equatable {
        case value(name: String, value: String)
        /// `$(VAR)` refers to what comes before.
        case text(name: String, text: String)
        /// A variable of a file on a volume, by its index in `PodPlan.volumes`.
        case file(name: String, volume: UInt32, path: String, key: String, optional: Bool)
    }

    /// One of the command line.
    public struct Argument: Sendable, Equatable {
        public var text: String
        public var isExpanded: Bool

        public init(_ text: String, isExpanded: Bool) {
            self.text = text
            self.isExpanded = isExpanded
        }
    }

    /// `NAME=value`, of the runtime and the image.
    public var defaults: [String]
    /// In order.
    public var steps: [Step]
    public var argv: [Argument] = []

    public init(defaults: [String], steps: [Step]) {
        self.defaults = defaults
        self.steps = steps
    }

    /// The volumes whose files are asked for.
    public var volumes: Set<UInt32> {
        Set(
            steps.compactMap {
                if case .file(_, let volume, _, _, _) = $0 { volume } else { nil }
            })
    }

    /// - Parameter read: A file's bytes; nil: it is not there.
    public func resolve(
        read: (_ volume: UInt32, _ path: String) throws(EnvFile.Failure) -> [UInt8]?
    ) throws(EnvFile.Failure) -> (environment: [String], argv: [String]) {
        var values: [String: String] = [:]
        var order: [String] = []
        func set(_ name: String, _ value: String) {
            if values.updateValue(value, forKey: name) == nil { order.append(name) }
        }
        for step in steps {
            switch step {
            case .value(let name, let value): set(name, value)
            case .text(let name, let text): set(name, VariableExpansion.expand(text, values))
            case .file(let name, let volume, let path, let key, let optional):
                do throws(EnvFile.Failure) {
                    let file = try read(volume, path).map { (bytes) throws(EnvFile.Failure) in try EnvFile.parse(bytes)
                    }
                    if let value = file?[key] {
                        set(name, value)
                    } else if !optional {
                        throw EnvFile.Failure(
                            message: file == nil ? "no such file" : "environment variable key \"\(key)\" not found")
                    }
                } catch {
                    throw EnvFile.Failure(message: "file \"\(path)\": \(error.message)")
                }
            }
        }
        let list =
            defaults.filter { values[String($0.prefix { $0 != "=" })] == nil }
            + order.map { "\($0)=\(values[$0, default: ""])" }
        return (list, argv.map { $0.isExpanded ? VariableExpansion.expand($0.text, values) : $0.text })
    }

    public func encode(to encoder: inout Encoder) {
        encoder.encode(defaults)
        encoder.encode(UInt32(steps.count))
        for step in steps {
            switch step {
            case .value(let name, let value):
                encoder.encode(UInt8(0))
                encoder.encode([name, value])
            case .text(let name, let text):
                encoder.encode(UInt8(1))
                encoder.encode([name, text])
            case .file(let name, let volume, let path, let key, let optional):
                encoder.encode(UInt8(2))
                encoder.encode([name, path, key])
                encoder.encode(volume)
                encoder.encode(optional)
            }
        }
        encoder.encode(UInt32(argv.count))
        for argument in argv {
            encoder.encode(argument.text)
            encoder.encode(argument.isExpanded)
        }
    }

    public init(from decoder: inout Decoder) throws(CodecError) {
        defaults = try decoder.decode()
        steps = []
        for _ in 0..<(try decoder.decode(UInt32.self)) {
            let kind = try decoder.decode(UInt8.self)
            let words = try decoder.decode([String].self)
            switch (kind, words.count) {
            case (0, 2): steps.append(.value(name: words[0], value: words[1]))
            case (1, 2): steps.append(.text(name: words[0], text: words[1]))
            case (2, 3):
                steps.append(
                    .file(
                        name: words[0], volume: try decoder.decode(), path: words[1], key: words[2],
                        optional: try decoder.decode()))
            default: throw .invalidValue("LateEnvironment")
            }
        }
        for _ in 0..<(try decoder.decode(UInt32.self)) {
            argv.append(Argument(try decoder.decode(), isExpanded: try decoder.decode()))
        }
    }
}

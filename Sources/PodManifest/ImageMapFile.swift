/// An image map: a YAML file that says what on this host stands in for a registry image.
///
///     images:
///       - image: nginx                 # a name without tag; a trailing * stands for any rest
///         root: host:/                 # or host:/some/dir; host:/ where it is left out
///         entrypoint: [nginx]
///         command: [-g, daemon off;]
///         env: {NGINX_ENTRYPOINT_QUIET_LOGS: "1"}
///         workingDir: /
public struct ImageMapFile: Sendable {
    public struct Entry: Sendable, Equatable {
        public var image: String
        /// `host:/` or `host:/some/dir`.
        public var root: String
        public var entrypoint: [String]
        public var command: [String]
        public var env: [(name: String, value: String)]
        public var workingDir: String

        public static func == (left: Entry, right: Entry) -> Bool {
            left.image == right.image && left.root == right.root && left.entrypoint == right.entrypoint
                && left.command == right.command && left.workingDir == right.workingDir
                && left.env.elementsEqual(right.env, by: ==)
        }
    }

    public private(set) var entries: [Entry] = []
    public private(set) var errors: [Diagnostic] = []

    public init(path: String) {
        do throws(ManifestFile.Failure) {
            read(try ManifestFile.read(path, limit: SourceLimits().bytes), file: path)
        } catch {
            errors = [Diagnostic(file: path, message: error.message)]
        }
    }

    public init(_ bytes: [UInt8], file: String) {
        read(bytes, file: file)
    }

    private mutating func read(_ bytes: [UInt8], file: String) {
        let (documents, problems) = SettingsFile.documents(bytes, file: file)
        errors = problems
        for document in documents { read(document, file: file) }
    }

    private mutating func read(_ document: ManifestNode, file: String) {
        let check = SettingsFile.check(document, as: .imageMap, file: file)
        errors += check.errors
        guard !check.isBroken else { return }
        for item in document.list("images") {
            let root = item.string("root").isEmpty ? "host:/" : item.string("root")
            if item.string("image").isEmpty {
                errors.append(Diagnostic(file: file, item.position, message: "images: an entry needs an image"))
            }
            if !root.hasPrefix("host:/") {
                let message = "root \(quoted(root)): must be host:/ or host:/some/dir"
                errors.append(Diagnostic(file: file, item.position, message: message))
            }
            entries.append(
                Entry(
                    image: item.string("image"), root: root, entrypoint: item.strings("entrypoint"),
                    command: item.strings("command"),
                    env: (item["env"]?.entries ?? []).map { ($0.key, $0.value.text) },
                    workingDir: item.string("workingDir")))
        }
    }
}

extension APIType {
    static let imageMapFields: [Field] = [Field("images", .list(.object(.imageMapEntry)))]

    static let imageMapEntryFields: [Field] = [
        Field("image", .string),
        Field("root", .string),
        Field("entrypoint", .list(.string)),
        Field("command", .list(.string)),
        Field("env", .map(.string)),
        Field("workingDir", .string),
    ]
}

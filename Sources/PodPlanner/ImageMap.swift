public import PodPlan

/// What stands in for a registry image on this host: a root file system, and what the image's configuration would say.
public struct ImageMap: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        /// An image's name without tag and digest; `nginx`, `library/nginx` and `docker.io/library/nginx` are one name.
        /// A trailing `*` stands for any rest: `registry.example.com/*`; a leading `*/` for any registry and path.
        public var name: String
        public var root: ContainerPlan.RootFS
        /// The image's ENTRYPOINT.
        public var entrypoint: [String]
        /// The image's CMD.
        public var command: [String]
        /// The image's ENV.
        public var environment: [(name: String, value: String)]
        /// The image's WORKDIR; empty: `/`.
        public var workingDirectory: String
        /// Whether the image's `sh` is busybox's, which knows more than what a host may have for one: `[[`, `echo -e`, `$RANDOM`.
        public var hasBusyboxShell = false

        public init(
            name: String, root: ContainerPlan.RootFS = .host, entrypoint: [String] = [], command: [String] = [],
            environment: [(name: String, value: String)] = [], workingDirectory: String = "",
            hasBusyboxShell: Bool = false
        ) {
            self.name = name
            self.root = root
            self.entrypoint = entrypoint
            self.command = command
            self.environment = environment
            self.workingDirectory = workingDirectory
            self.hasBusyboxShell = hasBusyboxShell
        }

        /// An ENTRYPOINT that is a line for `sh`; the command's words are its `"$@"`.
        public static func shell(_ script: String) -> [String] {
            ["sh", "-c", script, "entrypoint"]
        }

        public static func == (left: Entry, right: Entry) -> Bool {
            left.name == right.name && left.root == right.root && left.entrypoint == right.entrypoint
                && left.command == right.command && left.workingDirectory == right.workingDirectory
                && left.hasBusyboxShell == right.hasBusyboxShell
                && left.environment.elementsEqual(right.environment, by: ==)
        }
    }

    /// The first that matches an image is used.
    public var entries: [Entry]

    public init(_ entries: [Entry] = []) {
        self.entries = entries
    }

    public func entry(for image: ImageReference) -> Entry? {
        entries.first { entry in
            if entry.name.hasPrefix("*/") { return image.name.hasSuffix(entry.name.dropFirst()) }
            if entry.name.hasSuffix("*") {
                let prefix = String(entry.name.dropLast())
                return prefix.isEmpty || image.name.hasPrefix(ImageReference.normalised(prefix))
            }
            return image.name == ImageReference.normalised(entry.name)
        }
    }
}

/// A registry image: `[HOST[:PORT]/]PATH[:TAG][@DIGEST]` in the usual grammar (distribution/reference).
public struct ImageReference: Sendable, Equatable {
    /// With its registry, without tag and digest: `docker.io/library/nginx`.
    public var name: String
    public var tag: String
    public var digest: String

    /// nil where the text is no image reference.
    public init?(_ text: String) {
        var rest = Substring(text)
        digest = ""
        tag = ""
        if let at = rest.firstIndex(of: "@") {
            digest = String(rest[rest.index(after: at)...])
            rest = rest[..<at]
            guard Self.isDigest(digest) else { return nil }
        }
        let lastSlash = rest.lastIndex(of: "/") ?? rest.startIndex
        if let colon = rest[lastSlash...].lastIndex(of: ":") {
            tag = String(rest[rest.index(after: colon)...])
            rest = rest[..<colon]
            guard Self.isTag(tag) else { return nil }
        }
        name = Self.normalised(String(rest))
        guard !rest.isEmpty, name.utf8.count <= 255 else { return nil }
        let components = name.split(separator: "/", omittingEmptySubsequences: false)
        guard components.count > 1, Self.isHost(components[0]) else { return nil }
        guard components.dropFirst().allSatisfy(Self.isPathComponent) else { return nil }
    }

    /// Adds what Docker's short names leave out: the registry `docker.io` and its `library/`.
    static func normalised(_ name: String) -> String {
        let first = name.prefix { $0 != "/" }
        let hasHost = first.count < name.count && (first.contains(".") || first.contains(":") || first == "localhost")
        let full = hasHost ? name : "docker.io/" + name
        let path = full.hasPrefix("index.docker.io/") ? "docker.io/" + full.dropFirst(16) : full
        if path.hasPrefix("docker.io/"), !path.dropFirst(10).contains("/") {
            return "docker.io/library/" + path.dropFirst(10)
        }
        return path
    }

    private static func isHost(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ":")
            }
    }

    private static func isPathComponent(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, isLower(first), isLower(last) else {
            return false
        }
        return text.utf8.allSatisfy {
            isLower($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
    }

    private static func isTag(_ text: String) -> Bool {
        guard let first = text.utf8.first, isAlphanumeric(first) || first == UInt8(ascii: "_") else { return false }
        return text.utf8.count <= 128
            && text.utf8.allSatisfy {
                isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
            }
    }

    private static func isDigest(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[0].utf8.allSatisfy(isAlphanumeric)
            && parts[1].utf8.count >= 32 && parts[1].allSatisfy(\.isHexDigit)
    }

    private static func isLower(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLower(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}

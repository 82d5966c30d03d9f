/// Why a source, or one document of it, cannot be read as a tree.
struct SourceError: Error {
    var position: SourcePosition?
    var message: String
    /// A limit was passed, so that another look at the source will not help.
    var isLimit = false
}

/// The bounds of what one file may hold, so that hostile input costs little.
struct SourceLimits {
    /// What the API server takes in one request.
    var bytes = 3 << 20
    var depth = 100
    /// Values and keys of all documents of a file, aliases expanded.
    var nodes = 100_000
    var documents = 10_000
    var errors = 100
    /// Each costs the YAML parser a look at all others.
    var tagDirectives = 100
}

import PodAPI

/// Reads manifests: YAML, JSON and KYAML; several documents and Lists; files, directories, and `-` for standard input.
///
/// Nothing is thrown: all errors of all files are reported together, in `Manifest.errors`.
public struct ManifestReader {
    /// Also read the directories in a directory.
    public var recursive: Bool
    private let limits = SourceLimits()

    public init(recursive: Bool = false) {
        self.recursive = recursive
    }

    public func read(paths: [String]) -> Manifest {
        var manifest = Manifest()
        var hasReadStandardInput = false
        for path in paths {
            do throws(ManifestFile.Failure) {
                if path == "-" {
                    guard !hasReadStandardInput else {
                        throw ManifestFile.Failure(message: "given twice; standard input can be read only once")
                    }
                    hasReadStandardInput = true
                    read(try ManifestFile.readStandardInput(limit: limits.bytes), file: "stdin", into: &manifest)
                } else if ManifestFile.isDirectory(path) {
                    try readDirectory(path, into: &manifest)
                } else {
                    read(try ManifestFile.read(path, limit: limits.bytes), file: path, into: &manifest)
                }
            } catch {
                manifest.errors.append(Diagnostic(file: path, message: error.message))
            }
        }
        return manifest
    }

    /// The manifests of one source that is in memory; `file` is the name for messages.
    public func read(_ bytes: [UInt8], file: String) -> Manifest {
        var manifest = Manifest()
        read(bytes, file: file, into: &manifest)
        return manifest
    }

    private func readDirectory(_ path: String, into manifest: inout Manifest) throws(ManifestFile.Failure) {
        let files = try ManifestFile.manifests(in: path, recursive: recursive)
        guard !files.isEmpty else {
            let names = ManifestFile.suffixes.map { "*" + $0 }.joined(separator: ", ")
            throw ManifestFile.Failure(message: "no manifest (\(names)) in this directory")
        }
        for file in files {
            do throws(ManifestFile.Failure) {
                read(try ManifestFile.read(file, limit: limits.bytes), file: file, into: &manifest)
            } catch {
                manifest.errors.append(Diagnostic(file: file, message: error.message))
            }
        }
    }

    private func read(_ bytes: [UInt8], file: String, into manifest: inout Manifest) {
        var reading = FileReading(file: file, limits: limits)
        do throws(SourceError) {
            let source = try SourceText(bytes, limits: limits)
            let (documents, errors) = Self.parse(source, file: file, limits: limits)
            for (index, document) in documents.enumerated() {
                guard let document else { continue }
                reading.decode(document, index: index)
            }
            if reading.isEmpty, errors.isEmpty {
                reading.report(SourceError(position: nil, message: "holds no object"))
            }
            for error in errors { reading.report(error) }
        } catch {
            reading.report(error)
        }
        manifest.objects += reading.objects
        manifest.notes += reading.notes
        manifest.errors += reading.sortedErrors
    }

    private static func parse(
        _ source: SourceText, file: String, limits: SourceLimits
    ) -> (documents: [ManifestNode?], errors: [SourceError]) {
        var json: (documents: [ManifestNode?], errors: [SourceError], isJSON: Bool)?
        if JSONReader.mayBeJSON(source) {
            var reader = JSONReader(source, limits: limits)
            let result = reader.read()
            if result.isJSON { return (result.documents, result.errors) }
            json = result
        }
        let yaml = parseYAML(source, limits: limits)
        if let json, !yaml.errors.isEmpty, file.hasSuffix(".json") { return (json.documents, json.errors) }
        return yaml
    }

    /// Reads again without the escapes that only Kubernetes takes, as often as that costs little.
    private static func parseYAML(
        _ source: SourceText, limits: SourceLimits
    ) -> (documents: [ManifestNode?], errors: [SourceError]) {
        var source = source
        var attempts = min(100, limits.bytes / 3 / max(source.bytes.count, 1))
        while true {
            var reader = YAMLReader(source, limits: limits)
            let result = reader.read()
            guard attempts > 0, let error = result.errors.last, error.message.hasPrefix(YAMLReader.unknownEscape),
                let position = error.position, let better = source.withoutQuoteEscapes(from: position)
            else { return result }
            source = better
            attempts -= 1
        }
    }
}

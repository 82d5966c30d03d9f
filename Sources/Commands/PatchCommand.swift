import ArgumentParser
import Merging
import ObjectStore
import PodAPI
import PodManifest

struct PatchCommand: ParsableCommand {
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case strategic, merge, json
    }

    static let configuration = CommandConfiguration(
        commandName: "patch", abstract: "Change fields of an object.",
        discussion: """
            swiftlet patch pod web -p '{"metadata":{"labels":{"tier":"front"}}}'
            swiftlet patch cm settings --type=merge -p '{"data":{"old":null}}'
            swiftlet patch pod web --type=json -p '[{"op":"remove","path":"/metadata/labels/tier"}]'

            A strategic patch knows by which field the elements of a list are told apart, as containers by their name; a merge \
            patch (RFC 7386) replaces lists; a JSON patch (RFC 6902) is a list of operations. Patches may be YAML as well.
            """)

    @Argument(help: ArgumentHelp("TYPE NAME or TYPE/NAME.", valueName: "resource"))
    var resources: [String]

    @Option(help: ArgumentHelp("How the patch is meant.", valueName: "strategic|merge|json"))
    var type = Kind.strategic

    @Option(name: .shortAndLong, help: "The patch.")
    var patch: String?

    @Option(help: ArgumentHelp("A file with the patch; - for standard input.", valueName: "file"))
    var patchFile: String?

    @OptionGroup var dryRun: DryRunOption
    @OptionGroup var global: GlobalOptions

    func run() throws {
        let patch = try read()
        let named = try ResourceArguments(resources)
        if named.items.isEmpty { throw CommandError("error: resource(s) were provided, but no name was specified") }
        let host = try Host.open(global)
        let (found, missing) = try host.resolve(named, namespace: host.namespace)
        var failures = CommandFailures(missing)
        var changed: [JSONValue] = []
        for (kind, object) in found {
            do throws(CommandError) {
                let result = try host.change(kind, object, isDryRun: dryRun.isOn) { (stored) throws(CommandError) in
                    try apply(patch, to: stored)
                }
                if result.isDifferent && !dryRun.isOn { changed.append(result.new) }
                let name = TerminalText.escaped(ObjectKey(object).name)
                let outcome = result.isDifferent ? "patched" : "patched (no change)"
                Output.line("\(kind.qualifiedSingular)/\(name) \(outcome)\(dryRun.suffix)")
            } catch {
                failures.add(error)
            }
        }
        try host.carryOut(changed)
        try failures.end()
    }

    private func read() throws(CommandError) -> JSONValue {
        let text: [UInt8]
        switch (patch, patchFile) {
        case (let patch?, nil): text = Array(patch.utf8)
        case (nil, let file?): text = try TextFile.read(file)
        case (nil, nil):
            throw CommandError("error: must specify --patch or --patch-file containing the contents of the patch")
        case (.some, .some): throw CommandError("error: cannot specify --patch and --patch-file together")
        }
        return try TextFile.value(text, of: "the patch")
    }

    private func apply(_ patch: JSONValue, to object: JSONValue) throws(CommandError) -> JSONValue {
        do throws(PatchError) {
            switch type {
            case .strategic: return try StrategicPatch.apply(patch, to: object)
            case .json: return try JSONPatch.apply(patch, to: object)
            case .merge:
                guard case .object = patch else { throw PatchError("a merge patch must be an object") }
                return MergePatch.apply(patch, to: object)
            }
        } catch {
            throw CommandError("error: \(error.description)")
        }
    }
}

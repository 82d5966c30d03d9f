import ArgumentParser
import CLinux
import Glibc
import Linux
import ObjectStore
import PodAPI
import Printing

struct EditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change an object in an editor.",
        discussion: """
            The editor is the one that KUBE_EDITOR or EDITOR names, else vi. Where what was saved is wrong, the editor opens \
            again with the reason; nothing is lost: what cannot be taken over stays in a file, which is named.
            """)

    @Argument(help: ArgumentHelp("TYPE NAME or TYPE/NAME.", valueName: "resource"))
    var resources: [String]

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let named = try ResourceArguments(resources)
        if named.items.isEmpty { throw CommandError("error: resource(s) were provided, but no name was specified") }
        let host = try Host.open(global)
        let (found, missing) = try host.resolve(named, namespace: host.namespace)
        var failures = CommandFailures(missing)
        var changed: [JSONValue] = []
        for (kind, object) in found {
            do throws(CommandError) {
                let session = try EditSession(kind, object, host)
                if let new = try session.run() { changed.append(new) }
            } catch {
                failures.add(error)
            }
        }
        try host.carryOut(changed)
        try failures.end()
    }
}

/// One object in the editor, until it is taken over or given up.
private struct EditSession {
    private static let header = """
        # Please edit the object below. Lines beginning with a '#' will be ignored,
        # and an empty file will abort the edit. If an error occurs while saving this file will be
        # reopened with the relevant failures.
        #

        """

    let kind: ResourceKind
    let object: JSONValue
    let host: Host
    /// For its owner alone: it may be a Secret.
    let path: String

    init(_ kind: ResourceKind, _ object: JSONValue, _ host: Host) throws(CommandError) {
        self.kind = kind
        self.object = object
        self.host = host
        let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(directory)/swiftlet-edit-XXXXXX.yaml".utf8CString)
        let descriptor = mkstemps(&template, 5)
        guard descriptor >= 0 else {
            throw CommandError("error: mkstemp \(directory): \(String(cString: strerror(errno)))")
        }
        close(descriptor)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// nil: nothing has changed.
    func run() throws(CommandError) -> JSONValue? {
        let original = ObjectText.yaml(object)
        var text = original
        var failure: CommandError?
        while true {
            try write(Self.header + (failure.map(comment) ?? "") + text)
            try openEditor()
            let saved = Self.withoutComments(String(decoding: try TextFile.read(path), as: UTF8.self))
            if saved.allSatisfy(\.isWhitespace) { return try cancel("Edit cancelled, saved file was empty.", failure) }
            if saved == original { return try cancel("Edit cancelled, no changes made.", failure) }
            if saved == text, let failure {
                Output.error("A copy of your changes has been stored to \"\(path)\"")
                throw CommandError(failure.description + "\nerror: Edit cancelled, no valid changes were saved.")
            }
            text = saved
            do throws(CommandError) {
                let new = try take(saved)
                unlink(path)
                return new
            } catch {
                failure = error
            }
        }
    }

    private func take(_ text: String) throws(CommandError) -> JSONValue? {
        let edited = try TextFile.value(Array(text.utf8), of: "the edited file")
        let result = try host.change(kind, object) { (_) throws(CommandError) in edited }
        let name = "\(kind.qualifiedSingular)/\(TerminalText.escaped(ObjectKey(object).name))"
        Output.line(name + (result.isDifferent ? " edited" : " skipped"))
        return result.isDifferent ? result.new : nil
    }

    private func cancel(_ words: String, _ failure: CommandError?) throws(CommandError) -> JSONValue? {
        unlink(path)
        Output.error(words)
        return nil
    }

    private func comment(_ failure: CommandError) -> String {
        failure.description.split(separator: "\n").map { "# \($0)\n" }.joined() + "#\n"
    }

    private static func withoutComments(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("#") }
        return lines.joined(separator: "\n")
    }

    private func write(_ text: String) throws(CommandError) {
        let raw = swl_open(path, O_WRONLY | O_TRUNC | O_NOFOLLOW, 0)
        guard raw >= 0 else { throw CommandError("error: open \(path): \(String(cString: strerror(-raw)))") }
        let file = OwnedFD(raw)
        Output.write(file.raw, Array(text.utf8))
    }

    /// The words of the variable are for the shell, as with kubectl.
    private func openEditor() throws(CommandError) {
        let named: [String] = ["KUBE_EDITOR", "EDITOR"].compactMap { (name: String) -> String? in
            getenv(name).map { String(cString: $0) }
        }
        let editor = named.first { !$0.isEmpty } ?? "vi"
        let words = ["sh", "-c", editor + " \"$1\"", "sh", path]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var process: pid_t = 0
        let code = posix_spawn(&process, "/bin/sh", nil, &attributes, &arguments, environ)
        guard code == 0 else { throw CommandError("error: /bin/sh: \(String(cString: strerror(code)))") }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        guard status == 0 else {
            throw CommandError(
                "error: there was a problem with the editor \"\(TerminalText.escaped(editor))\"; what it has saved is in \(path)"
            )
        }
    }
}

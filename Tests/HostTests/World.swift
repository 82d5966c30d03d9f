import Foundation
import Glibc

/// A `--root` of its own for swiftlet, with files to give it and the processes started in it.
final class World {
    /// `.build/debug/swiftlet`, beside the test bundle.
    static let binary: String = {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        for argument in CommandLine.arguments where argument.hasSuffix(".xctest") {
            folder = URL(fileURLWithPath: argument).deletingLastPathComponent()
        }
        return folder.appendingPathComponent("swiftlet").path
    }()

    /// The package's root.
    static let package: String = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    /// Where a program of the host is; nil: not installed.
    static func program(_ name: String) -> String? {
        ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
            .map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
    }

    /// The directory given as `--root`.
    let root: String
    /// A directory of the host beside it, for hostPath volumes, manifests and marks that containers leave.
    let files: String
    /// Holds both.
    let base: String
    private var running: [Run] = []
    private var count = 0
    private var known: Set<String> = []

    init() throws {
        var template = Array("/tmp/swiftlet-world.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Expired(description: "mkdtemp: errno \(errno)") }
        base = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        root = base + "/root"
        files = base + "/files"
        chmod(base, 0o755)
        mkdir(files, 0o777)
        chmod(files, 0o777)
    }

    // MARK: Files of the host

    /// Writes a file below `files`, and returns its path.
    @discardableResult
    func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws -> String {
        let path = files + "/" + name
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, mode)
        return path
    }

    /// Makes a directory below `files`, and returns its path.
    @discardableResult
    func directory(_ name: String) throws -> String {
        let path = files + "/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        chmod(path, 0o777)
        return path
    }

    /// The content of a file below `files`; empty where there is none.
    func read(_ name: String) -> String { text(at: files + "/" + name) }

    func exists(_ name: String) -> Bool { access(files + "/" + name, F_OK) == 0 }

    // MARK: Running

    /// Runs `swiftlet run` on a manifest given as text, to its end.
    func run(
        _ manifest: String, _ arguments: [String] = [], input: String? = nil, timeout: Double = 20,
        environment: [String] = []
    ) throws -> Outcome {
        let outcome = try start(manifest, arguments, environment: environment).wait(timeout)
        pods()
        return outcome
    }

    /// Starts `swiftlet run` on a manifest given as text.
    func start(_ manifest: String, _ arguments: [String] = [], environment: [String] = []) throws -> Run {
        count += 1
        let path = try write("manifest-\(count).yaml", manifest)
        return try command(["run", path] + arguments, environment: environment)
    }

    /// Starts any verb of swiftlet with this world's `--root`.
    func command(
        _ arguments: [String], input: String? = nil, environment: [String] = [], workingDirectory: String? = nil,
        terminal: Bool = false, inherit: [Int32] = [], keyboard: Bool = false
    ) throws -> Run {
        count += 1
        // `run FILE` has a way of its own through the command line: it stays as it is.
        let isPlain = arguments.count == 2 && arguments[0] == "run"
        let all = [World.binary] + arguments + (arguments.first == "run" && !isPlain ? ["--root", root] : [])
        let run = try Run(
            arguments: all, environment: environment + (isPlain ? ["SWIFTLET_ROOT=\(root)"] : []), input: input,
            prefix: "\(base)/run-\(count)",
            workingDirectory: workingDirectory ?? files, terminal: terminal || keyboard,
            inherit: inherit, keyboard: keyboard)
        running.append(run)
        return run
    }

    /// Starts a verb that goes into pods of this world; `keyboard`: at a terminal of its own.
    func session(_ arguments: String..., input: String? = nil, keyboard: Bool = false) throws -> Run {
        try command(arguments, input: input, environment: ["SWIFTLET_ROOT=\(root)"], keyboard: keyboard)
    }

    /// Runs another program of the host, in this world's `files`.
    func program(_ arguments: [String], input: String? = nil, environment: [String] = []) throws -> Run {
        count += 1
        guard let name = arguments.first, let path = name.contains("/") ? name : World.program(name) else {
            throw Expired(description: "\(arguments) is not installed")
        }
        let run = try Run(
            arguments: [path] + arguments.dropFirst(), environment: environment, input: input,
            prefix: "\(base)/run-\(count)",
            workingDirectory: files, terminal: false, inherit: [])
        running.append(run)
        return run
    }

    /// Lets go of a command that has ended, and of its output.
    func forget(_ run: Run) {
        running.removeAll { $0 === run }
        run.removeFiles()
    }

    // MARK: What swiftlet keeps

    /// The CRI log of a container's attempt, by the file's path; the pod is named by its metadata.
    func logPath(_ pod: String, _ container: String, attempt: Int = 0, namespace: String = "default") -> String? {
        let logs = root + "/log/pods"
        let prefix = "\(namespace)_\(pod)_"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: logs) else { return nil }
        return names.filter { $0.hasPrefix(prefix) }.sorted().last.map { "\(logs)/\($0)/\(container)/\(attempt).log" }
    }

    func log(_ pod: String, _ container: String, attempt: Int = 0) -> String {
        logPath(pod, container, attempt: attempt).map(text(at:)) ?? ""
    }

    /// The uids of all pods that were run here, by their logs, of which swiftlet keeps the latest.
    @discardableResult
    func pods() -> Set<String> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/log/pods")) ?? []
        known.formUnion(names.compactMap { $0.split(separator: "_").last.map(String.init) }.filter { $0.count == 36 })
        return known
    }

    /// Pods' directories that are still there.
    func remains() -> [String] {
        ["lib/pods", "run/pods"].flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []).map {
                "\(folder)/\($0)"
            }
        }
    }

    /// Files below `--root` that are there although no pod is: not caches, locks, keys, the store, or the logs of the pods
    /// that ended last.
    func strays() -> [String] {
        let expected: [Regex<Substring>] = [
            #/lib(?:/pods|/seccomp-programs(?:/seccomp-[0-9a-f]+(?:\.new)?)?)?/#,
            #/lib/service-account(?:/(?:key\.pem|jwks\.json))?/#, #/lib/state\.db(?:-wal|-shm)?/#,
            #/run(?:/pods|/lock)?/#, #/etc(?:/.*)?/#, #/log(?:/pods(?:/[^/]*(?:/.*)?)?)?/#,
        ]
        guard let all = FileManager.default.enumerator(atPath: root) else { return [] }
        var strays: [String] = []
        var logs = 0
        for case let name as String in all {
            if name.hasPrefix("log/pods/"), !name.dropFirst(9).contains("/") { logs += 1 }
            if !expected.contains(where: { name.wholeMatch(of: $0) != nil }) { strays.append("stray file \(name)") }
        }
        if logs > 11 { strays.append("the logs of \(logs) pods") }
        return strays
    }

    // MARK: Processes

    /// The supervisors of this world's pods, also of those whose command has died.
    func supervisors() -> [pid_t] { processes(named: "swiftlet-superv") }

    func keepers() -> [pid_t] { processes(named: "swiftlet-keeper") }

    /// A container's first process: a child of the keeper that is not a supervisor.
    func containerProcesses() -> [pid_t] {
        let keepers = Set(keepers())
        return HostProcess.all().filter { keepers.contains($0.parent) && !$0.name.hasPrefix("swiftlet") }.map(\.pid)
    }

    private func processes(named name: String) -> [pid_t] {
        let commands = Set(running.map(\.pid))
        return HostProcess.all().filter { process in
            guard process.name == name, process.state != "Z" else { return false }
            return commands.contains(process.parent) || process.holdsFile(below: root)
        }.map(\.pid)
    }

    /// Kills what still runs, and waits until supervisors and keepers have gone.
    func endAll() {
        for run in running { run.end() }
        let end = monotonicSeconds() + 10
        while !(supervisors() + keepers()).isEmpty {
            if monotonicSeconds() > end {
                for pid in supervisors() + keepers() { kill(pid, SIGKILL) }
                break
            }
            usleep(2000)
        }
    }

    func remove() {
        if ProcessInfo.processInfo.environment["SWIFTLET_KEEP_WORLDS"] != nil { return }
        try? FileManager.default.removeItem(atPath: base)
    }
}

/// A file's content; empty where it cannot be read. Works below /proc, where files have no size.
func text(at path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        if count == 0 { break }
        bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// A process as `/proc` shows it.
struct HostProcess {
    var pid: pid_t
    /// At most 15 bytes.
    var name: String
    var state: Character
    var parent: pid_t

    static func all() -> [HostProcess] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { entry in
            guard let pid = pid_t(entry) else { return nil }
            return HostProcess(pid)
        }
    }

    init?(_ pid: pid_t) {
        let line = text(at: "/proc/\(pid)/stat")
        guard let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: close)...].split(separator: " ")
        guard fields.count > 1, let state = fields[0].first, let parent = pid_t(fields[1]) else { return nil }
        (self.pid, self.state, self.parent) = (pid, state, parent)
        name = String(line[line.index(after: open)..<close])
    }

    /// Whether it runs a program that was built together with these tests.
    var isOfThisBuild: Bool {
        let folder = URL(fileURLWithPath: World.binary).resolvingSymlinksInPath().deletingLastPathComponent().path
        let command = text(at: "/proc/\(pid)/cmdline").split(separator: "\0").first.map(String.init) ?? ""
        return ["swiftlet", "swiftlet-supervisor"].contains { name in
            command == folder + "/" + name
                || command == URL(fileURLWithPath: World.binary).deletingLastPathComponent().path + "/" + name
        }
    }

    func holdsFile(below path: String) -> Bool {
        let folder = "/proc/\(pid)/fd"
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).contains { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
            return target?.hasPrefix(path + "/") ?? false
        }
    }
}

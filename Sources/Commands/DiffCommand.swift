import ArgumentParser
import CLinux
import Glibc
import Linux
import ObjectStore
import PodAPI
import Printing

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what apply would change.",
        discussion: """
            The objects as they are, and as they would be, as YAML in two directories that diff(1) compares: -u -N, or the \
            program and arguments in KUBECTL_EXTERNAL_DIFF. The exit code is 0 where nothing would change, 1 where something \
            would, and more than 1 on an error.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var files: ManifestFlags
    @OptionGroup var planning: PlanningFlags

    @Flag(help: .hidden)
    var serverSide = false

    func run() throws {
        do {
            let code = try compare()
            if code != 0 { throw ExitCode(code) }
        } catch let error as CommandError {
            Output.error(error.line)
            throw ExitCode(2)
        }
    }

    private func compare() throws -> Int32 {
        let set = try ManifestSet(files, namespace: global.namespace, podSecurity: planning.podSecurity)
        let host = try Host.open(global)
        let pairs = try host.read { (snapshot) throws(ObjectStoreError) in
            var pairs: [(name: String, old: JSONValue?, new: JSONValue)] = []
            for item in set.items {
                let old = try snapshot.find(item.key)
                let version = item.kind.apiVersion.split(separator: "/").joined(separator: ".")
                let name = "\(version).\(item.key.kind).\(item.key.namespace).\(item.key.name)"
                pairs.append((name, old, try Applying.merged(item, old, planning.options).object))
            }
            return pairs
        }
        var template = Array("/tmp/swiftlet-diff.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(errno: errno, call: "mkdtemp", path: "/tmp") }
        let base = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        defer { LogRemoval.remove(base) }
        for (directory, isOld) in [("LIVE", true), ("MERGED", false)] {
            try check(mkdir("\(base)/\(directory)", 0o700) == 0 ? 0 : -errno, "mkdir", base)
            for pair in pairs {
                guard let object = isOld ? pair.old : pair.new else { continue }
                let text = ObjectText.yaml(Self.comparable(object))
                try StateDirectory("\(base)/\(directory)").replace(pair.name, Array(text.utf8), isDurable: false)
            }
        }
        return try Self.run(["\(base)/LIVE", "\(base)/MERGED"])
    }

    /// Secrets are not shown.
    private static func comparable(_ object: JSONValue) -> JSONValue {
        var object = object
        object[path: "metadata", "managedFields"] = nil
        guard object["kind"]?.string == "Secret" else { return object }
        for member in object["data"]?.members ?? [] {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in (member.value.string ?? "").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            object[path: "data", member.key] = .string("*** (\(String(hash, radix: 16)))")
        }
        object[path: "metadata", "annotations"] = nil
        return object
    }

    /// Runs the program that compares, on this command's terminal.
    private static func run(_ directories: [String]) throws -> Int32 {
        let external = getenv("KUBECTL_EXTERNAL_DIFF").map { String(cString: $0) } ?? ""
        let words = external.isEmpty ? ["diff", "-u", "-N"] : external.split(separator: " ").map(String.init)
        let arguments = words + directories
        var pid: pid_t = 0
        var list = arguments.map { strdup($0) as UnsafeMutablePointer<CChar>? }
        list.append(nil)
        defer { for pointer in list { free(pointer) } }
        let code = posix_spawnp(&pid, arguments[0], nil, nil, list, environ)
        guard code == 0 else {
            throw CommandError(
                "error: \(arguments[0]): \(String(cString: strerror(code)).lowercased()): install it, or name another program "
                    + "in KUBECTL_EXTERNAL_DIFF")
        }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    }
}

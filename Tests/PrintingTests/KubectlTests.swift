import Foundation
import PodAPI
import Printing
import Testing

/// Compares what is printed here with what kubectl prints of the same objects, byte by byte. kubectl gets them from a server that
/// does no more than serve them (`apiserver.py`).
@Suite(.enabled(if: Kubectl.path != nil, "kubectl is not installed, or python3")) struct KubectlTests {
    @Test func yaml() throws {
        let kubectl = try Kubectl()
        let list = try kubectl.objects("cm,po")
        #expect(try kubectl.run("get", "cm,po", "-o", "yaml") == ObjectText.yaml(list))
        for item in list["items"]?.items ?? [] {
            #expect(try kubectl.run("get", ObjectText.name(item), "-o", "yaml") == ObjectText.yaml(item))
        }
    }

    @Test func json() throws {
        let kubectl = try Kubectl()
        let text = try kubectl.run("get", "cm,po", "-o", "json")
        #expect(text == ObjectText.json(try JSONValue(parsing: text.utf8)))
    }

    @Test func names() throws {
        let kubectl = try Kubectl()
        let list = try kubectl.objects("cm,po")
        #expect(
            try kubectl.run("get", "cm,po", "-o", "name")
                == (list["items"]?.items ?? []).map { ObjectText.name($0) + "\n" }.joined())
    }

    @Test func paths() throws {
        let kubectl = try Kubectl()
        let list = try kubectl.objects("po")
        let templates = [
            "{.items[*].metadata.name}", "{.items[-1:].metadata.name}", "{.items[*]['metadata.name','status.phase']}",
            "{range .items[*]}[{.metadata.name}{range .spec.containers[*]} {.name}={.image}{end}]{\"\\n\"}{end}done",
            "{.items[?(@.status.phase!=\"Running\")].metadata.name}", "{.items[1].spec.containers..image}",
            "{.items[0].metadata.labels}",
            "{.items[0].spec.t} {.items[0].spec.f} {.items[0].spec.g} {.items[0].spec.n}", "{.items[0].spec.nested[*]}",
            "{'single'}{\"dou\\\"ble\"}", "{.items[2:].metadata.name}", "{.items[0].nothing}",
            "{range .items[?(@.status.phase==\"None\")]}{.metadata.name}{end}ok",
        ]
        for template in templates {
            let ours = try JSONPath(template, allowsMissingKeys: true).text(of: list)
            #expect(try kubectl.run("get", "po", "-o", "jsonpath=" + template) == ours, "\(template)")
        }
    }

    @Test func columns() throws {
        let kubectl = try Kubectl()
        let items = try kubectl.objects("po")["items"]?.items ?? []
        for columns in [
            "NAME:.metadata.name,IMG:.spec.containers[*].image",
            "N:metadata.name,X:.spec.nothing,C:{.spec.containers[0].ports}",
            "A:.metadata.labels,T:.spec.t,N:.spec.nested", "N:.spec.n,F:.spec.g",
        ] {
            let ours = try CustomColumns(columns).text(of: items, hidesHeaders: false)
            #expect(try kubectl.run("get", "po", "-o", "custom-columns=" + columns) == ours, "\(columns)")
        }
    }

    /// All kinds. Of a Service kubectl shows no endpoints here, since the server has no EndpointSlices; and a node has no Lease.
    @Test func descriptions() throws {
        setenv("TZ", "UTC", 1)
        tzset()
        let kubectl = try Kubectl()
        let events = try kubectl.objects("events", "-A")["items"]?.items ?? []
        let pods = try kubectl.objects("pods", "-A")["items"]?.items ?? []
        for kind in [
            "Pod", "PersistentVolume", "PersistentVolumeClaim", "ConfigMap", "Secret", "Service", "Node", "Namespace",
            "PriorityClass", "StorageClass", "RuntimeClass",
        ] {
            for object in try kubectl.objects(kind)["items"]?.items ?? []
            where object[path: "metadata", "name"]?.string != "odd" {
                let own = events.filter {
                    $0[path: "involvedObject", "kind"] == object["kind"]
                        && $0[path: "involvedObject", "name"] == object[path: "metadata", "name"]
                }
                let here = pods.filter {
                    kind != "Node" || $0[path: "spec", "nodeName"] == object[path: "metadata", "name"]
                }
                let context = Description.Context(
                    events: own, pods: kind == "Service" ? [] : here, now: Int64(time(nil)) * 1_000_000_000)
                let ours = Description.text(of: object, context)
                let theirs = try kubectl.run("describe", ObjectText.name(object)).replacing(#/Lease: .*\n/#, with: "")
                #expect(ours == theirs, "\(Self.difference(ours, theirs))")
            }
        }
    }

    /// The first lines that differ.
    private static func difference(_ ours: String, _ theirs: String) -> String {
        let pairs = zip(
            ours.split(separator: "\n", omittingEmptySubsequences: false),
            theirs.split(separator: "\n", omittingEmptySubsequences: false))
        return pairs.first { $0 != $1 }.map { "here: \($0.debugDescription) kubectl: \($1.debugDescription)" }
            ?? "length"
    }

    @Test func events() throws {
        let kubectl = try Kubectl()
        let events = try kubectl.objects("events")["items"]?.items ?? []
        var table = EventTable(showsNamespace: false)
        let ours = table.text(of: events, now: Int64(time(nil)) * 1_000_000_000)
        #expect(try kubectl.run("events") == ours)
    }
}

/// kubectl and a server for it, which end together.
final class Kubectl {
    /// Where kubectl is; nil: it cannot be compared with.
    static let path = ["/usr/local/bin", "/usr/bin", "/bin"].map { $0 + "/kubectl" }.first { isThere($0) && hasPython }

    private static let hasPython = ["/usr/local/bin", "/usr/bin", "/bin"].contains { isThere($0 + "/python3") }

    private static func isThere(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }

    private let server = Process()
    private let input = Pipe()
    private let port: String
    private let cache: URL

    init() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let output = Pipe()
        server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        server.arguments = [
            "python3", folder.appendingPathComponent("apiserver.py").path,
            folder.appendingPathComponent("objects.json").path,
        ]
        server.standardInput = input
        server.standardOutput = output
        try server.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = line.trimmingCharacters(in: .whitespacesAndNewlines)
        cache = FileManager.default.temporaryDirectory.appendingPathComponent("kubectl-\(UUID().uuidString)")
    }

    deinit {
        try? input.fileHandleForWriting.close()
        server.waitUntilExit()
        try? FileManager.default.removeItem(at: cache)
    }

    func run(_ arguments: String...) throws -> String { try run(arguments) }

    private func run(_ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: Kubectl.path ?? "")
        process.arguments = ["--server", "http://127.0.0.1:\(port)", "--cache-dir", cache.path] + arguments
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": cache.path, "KUBECONFIG": "/dev/null", "TZ": "UTC"]
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    func objects(_ kinds: String...) throws -> JSONValue {
        try JSONValue(parsing: run(["get", "-o", "json"] + kinds).utf8)
    }
}

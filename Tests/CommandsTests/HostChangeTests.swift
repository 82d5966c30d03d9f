import ObjectStore
import PodAPI
import Testing

@testable import Commands

@Suite struct HostChangeTests {
    private let directory: TemporaryDirectory
    private let host: Host

    init() throws {
        directory = try TemporaryDirectory()
        host = Host(Roots(directory.path))
        let text = #"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"x","namespace":"default"},
             "spec":{"containers":[{"name":"c","image":"host:/","command":["true"]}]}}
            """#
        let pod = ObjectDefaults.complete(try JSONValue(parsing: text.utf8))
        try host.write { (transaction) throws(ObjectStoreError) in _ = try transaction.create(pod) }
    }

    private func change(_ path: [String], _ value: JSONValue, isDryRun: Bool = false) throws -> Host.Change {
        try host.change(.pod, try host.get(.pod, "x"), isDryRun: isDryRun) { (object) throws(CommandError) in
            var object = object
            object[path: path[...]] = value
            return object
        }
    }

    private func label() throws -> String? { try host.get(.pod, "x")[path: "metadata", "labels", "a"]?.string }

    @Test func aChangeIsStored() throws {
        #expect(try change(["metadata", "labels", "a"], .string("1")).isDifferent)
        #expect(try label() == "1")
        #expect(try !change(["metadata", "labels", "a"], .string("1")).isDifferent)
    }

    @Test func aDryRunStoresNothing() throws {
        let result = try change(["metadata", "labels", "a"], .string("1"), isDryRun: true)
        #expect(result.isDifferent && result.new[path: "metadata", "labels", "a"] == .string("1"))
        #expect(try label() == nil)
    }

    @Test func whatMayNotChangeIsRefused() throws {
        for path in [["metadata", "name"], ["kind"], ["spec", "restartPolicy"], ["metadata", "labels", "a b"]] {
            let error = #expect(throws: CommandError.self) { try change(path, .string("Never")) }
            #expect(error?.line.hasPrefix("The Pod \"x\" is invalid: ") == true)
        }
        #expect(try host.store().resourceVersion() == 1)
    }

    @Test func kindsThatAreOnlyShownAreNotChanged() throws {
        let node = try #require(try host.objects(.node, namespace: nil).first)
        #expect(throws: CommandError.self) { try host.change(.node, node) { (object) in object } }
    }

    @Test func podsOfRunAreTheirManifests() throws {
        for name in ["lib/pods", "lib/pods/u2"] { directory.make(name) }
        directory.write(
            "lib/pods/u2/object.json",
            Array(#"{"kind":"Pod","metadata":{"name":"r","namespace":"default","uid":"u2"}}"#.utf8))
        let error = #expect(throws: CommandError.self) {
            try host.change(.pod, try host.get(.pod, "r")) { (object) in object }
        }
        #expect(error?.description.contains("swiftlet run") == true)
    }
}

import PodManifest
import Testing

@testable import Commands

@Suite struct FieldListingTests {
    private func listing(_ path: String) throws -> FieldListing { FieldListing(try ManifestSchema.fields(at: path)) }

    private let plain = ScreenStyle.plain

    @Test func aFieldHasTypeSupportReasonAndDefault() throws {
        let text = try listing("pod.spec.schedulerName").text(plain).split(separator: "\n")
        #expect(text.first == "FIELD                   TYPE    SUPPORT    NOTE")
        #expect(text.count == 2)
        #expect(text[1].hasPrefix("pod.spec.schedulerName  string  no effect  "))
        #expect(text[1].hasSuffix("; default-scheduler is accepted"))
        let json = try listing("pod.spec.schedulerName").json
        #expect(json.contains("\"support\": \"no effect\"") && json.contains("\"default\": \"default-scheduler\""))
        #expect(try listing("pod.spec.hostname").text(plain).hasSuffix("pod.spec.hostname  string  done"))
        #expect(try !listing("pod.spec.hostname").json.contains("reason"))
    }

    @Test func onlyATerminalIsColoured() throws {
        let terminal = ScreenStyle(isTerminal: true, colors: true, unicode: true, width: 80)
        #expect(try listing("pod.spec.hostname").text(terminal).hasSuffix("\u{1B}[32mdone\u{1B}[0m"))
        #expect(try !listing("pod").text(plain).contains("\u{1B}"))
    }

    @Test func columnsAreAligned() throws {
        let lines = try listing("pod").text(plain).split(separator: "\n").map { Array($0.utf8) }
        let type = try #require(lines[0].firstIndex(of: UInt8(ascii: "T")))
        for line in lines {
            #expect(line[type - 2..<type].elementsEqual("  ".utf8), "\(String(decoding: line, as: UTF8.self))")
        }
    }

    @Test(arguments: [
        "pod.spec.containers.image", "pods.spec.containers[].image", "po.spec.containers[0].image",
        "Pod.spec.containers[2].image",
    ])
    func aPathIsFoundHoweverItIsWritten(path: String) throws {
        let found = try ManifestSchema.fields(at: path)
        #expect(found.map(\.path) == ["spec.containers[].image"])
    }

    @Test func aFieldComesWithWhatIsInIt() throws {
        let found = try ManifestSchema.fields(at: "pod.spec.hostAliases").map(\.path)
        #expect(found == ["spec.hostAliases", "spec.hostAliases[].ip", "spec.hostAliases[].hostnames"])
        #expect(try ManifestSchema.fields(at: "pvc").allSatisfy { $0.kind == "PersistentVolumeClaim" })
        #expect(try ManifestSchema.fields(at: "cm.data").map(\.path) == ["data"])
    }

    @Test(arguments: [
        ("", "the path is empty"), ("...", "the path is empty"),
        ("pood", "unknown kind \"pood\" (did you mean \"pod\"?)"),
        ("pod.spec.contaners", "pod.spec has no field \"contaners\" (did you mean \"containers\"?)"),
        ("pod.spec.hostname.x", "pod.spec.hostname has no fields"),
        ("pod.spec.Containers", "pod.spec has no field \"Containers\" (did you mean \"containers\"?)"),
    ])
    func anUnknownPathIsNamed(path: String, message: String) {
        let error = #expect(throws: ManifestSchema.UnknownField.self) { try ManifestSchema.fields(at: path) }
        #expect(error?.description == message)
    }

    @Test func theSummaryCountsAFieldThatIsNotDoneOnce() throws {
        let lines = try listing("pod.spec.schedulerName").summary(plain).split(separator: "\n")
        #expect(
            lines == [
                "KIND  DONE  NO EFFECT  IGNORED  REFUSED  FIELDS", "Pod      0          1        0        0       1",
            ])
        let json = try listing("pod.spec.ephemeralContainers").summaryJSON
        #expect(json.contains("\"refused\": 1") && json.contains("\"done\": 0"))
        #expect(try listing("pod.spec.hostAliases").summaryJSON.contains("\"done\": 3"))
    }
}

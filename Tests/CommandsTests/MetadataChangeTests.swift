import PodAPI
import Testing

@testable import Commands

@Suite struct MetadataChangeTests {
    private func object(_ labels: [String: String]) -> JSONValue {
        .object([.init("metadata", .object([.init("labels", JSONValue(labels))]))])
    }

    @Test func argumentsAreSplitWhereTheChangesBegin() {
        let split = MetadataChange.split(["pods", "x", "a=b", "c-", "d=e"])
        #expect(split.resources == ["pods", "x"])
        #expect(split.changes == ["a=b", "c-", "d=e"])
        #expect(MetadataChange.split(["pod/x"]).changes.isEmpty)
    }

    @Test func valuesAreSetAndRemoved() throws {
        let change = try MetadataChange(.labels, ["a=1", "b-", "empty="])
        let changed = try change.apply(to: object(["b": "2", "c": "3"]), overwrites: false)
        #expect(changed == object(["a": "1", "c": "3", "empty": ""]))
        #expect(change.missing(in: object([:])) == ["b"])
        #expect(
            try MetadataChange(.labels, ["a-"]).apply(to: object(["a": "1"]), overwrites: false)["metadata"]?["labels"]
                == nil)
    }

    @Test func whatIsThereIsOnlyOverwrittenWhenAsked() throws {
        let labels = try MetadataChange(.labels, ["a=1"])
        let error = #expect(throws: CommandError.self) { try labels.apply(to: object(["a": "0"]), overwrites: false) }
        #expect(error?.description == "error: 'a' already has a value (0), and --overwrite is false")
        #expect(try labels.apply(to: object(["a": "0"]), overwrites: true) == object(["a": "1"]))
        #expect(try labels.apply(to: object(["a": "1"]), overwrites: false) == object(["a": "1"]))
    }

    @Test(arguments: [["a=1", "a-"], ["a=1", "pod/x"], ["=1"], ["a=b c"], ["a b=c"]])
    func whatIsNoChange(_ texts: [String]) {
        #expect(throws: CommandError.self) { try MetadataChange(.labels, texts) }
    }

    @Test func annotationsMayBeAnyText() throws {
        _ = try MetadataChange(.annotations, ["a=b c = d"])
    }

    @Test(arguments: [
        (["a=1"], true, "labeled"), (["a=1"], false, "not labeled"), (["a-"], true, "unlabeled"),
        (["a-"], false, "not labeled"), (["a-", "b=1"], true, "labeled"),
    ])
    func outcomes(_ texts: [String], _ isDifferent: Bool, _ word: String) throws {
        #expect(try MetadataChange(.labels, texts).outcome(isDifferent: isDifferent) == word)
        #expect(try MetadataChange(.annotations, texts).outcome(isDifferent: isDifferent) == "annotated")
    }
}

import PodAPI
import Printing
import Testing

@Suite struct JSONPathTests {
    static let list = TableTests.json(
        """
        {"kind":"List","items":[
          {"metadata":{"name":"one","labels":{"app":"x"}},"status":{"phase":"Running","size":3},"spec":{"c":[{"n":"a"},{"n":"b"}]}},
          {"metadata":{"name":"two"},"status":{"phase":"Pending","size":5},"spec":{"c":[{"n":"z"}]}}]}
        """)

    @Test(arguments: [
        ("{.kind}", "List"), ("{.items[*].metadata.name}", "one two"), ("{.items[0].metadata.name}", "one"),
        ("{.items[-1].metadata.name}", "two"), ("{.items[0:1].metadata.name}", "one"),
        ("{.items[::2].metadata.name}", "one"),
        ("{.items[0,1].metadata.name}", "one two"), ("{.items[*].metadata['name']}", "one two"),
        ("{range .items[*]}{.metadata.name}{\"\\t\"}{.status.phase}{'\\n'}{end}.", "one\tRunning\ntwo\tPending\n."),
        (
            "{range .items[*]}[{.metadata.name}{range .spec.c[*]} {.n}{end}]{end}", "[one a b][two z]"
        ),
        ("{.items[?(@.status.phase==\"Running\")].metadata.name}", "one"),
        ("{.items[?(@.status.size>=4)].metadata.name}", "two"),
        ("{.items[?(@.metadata.labels.app)].metadata.name}", "one"),
        ("{..n}", "a b z"), ("{.items[0].metadata.labels}", "{\"app\":\"x\"}"), ("{.nothing}", ""),
        ("{.items[0].spec.c[*]['n']}", "a b"), ("plain", "plain"),
    ])
    func results(template: String, text: String) throws {
        #expect(try JSONPath(template, allowsMissingKeys: true).text(of: Self.list) == text)
    }

    @Test(arguments: [
        ("{.items", "unclosed action"), ("{.items[a]}", "invalid array index a"), ("{.items[0}", "unterminated array"),
        ("{'a}", "unterminated quoted string"), ("{....a}", "invalid multiple recursive descent"),
        ("{.items[?(@.a==1}", "unterminated filter"),
    ])
    func wrongTemplates(template: String, message: String) {
        #expect {
            _ = try JSONPath(template)
        } throws: {
            "\($0)" == message
        }
    }

    @Test(arguments: [
        ("{.items[7]}", "array index out of bounds: index 7, length 2"), ("{end}", "not in range, nothing to end"),
        ("{.nothing}", "nothing is not found"), ("{foo}", "unrecognized identifier foo"),
        ("{.kind[0]}", "string is not array or slice"),
    ])
    func failures(template: String, message: String) throws {
        let path = try JSONPath(template)
        #expect {
            _ = try path.text(of: Self.list)
        } throws: {
            "\($0)" == message
        }
    }

    @Test func columns() throws {
        let text = try CustomColumns("NAME:.metadata.name,C:.spec.c[*].n,APP:{.metadata.labels.app}").text(
            of: Self.list["items"]?.items ?? [], hidesHeaders: false)
        #expect(text == "NAME   C     APP\none    a,b   x\ntwo    z     <none>\n")
        #expect(throws: JSONPathError.self) { try CustomColumns("NAME") }
        let file = try CustomColumns(template: "A    B\nmetadata.name {.status.phase}\n").text(
            of: Self.list["items"]?.items ?? [], hidesHeaders: true)
        #expect(file == "one   Running\ntwo   Pending\n")
    }

    @Test func sorting() throws {
        let objects = ["10Mi", "1Gi", "5", "b", "a"].map {
            TableTests.json("{\"kind\":\"X\",\"metadata\":{\"name\":\"\($0)\"}}")
        }
        let sorted = try ObjectOrder(".metadata.name").sorted(Array(objects[0..<3]))
        #expect(sorted.map { ObjectText.name($0) } == ["x/5", "x/10Mi", "x/1Gi"])
        #expect(
            try ObjectOrder("metadata.name").sorted(Array(objects[3...])).map { ObjectText.name($0) } == ["x/a", "x/b"])
        #expect(throws: JSONPathError.self) { try ObjectOrder(".spec.none").sorted(objects) }
    }
}

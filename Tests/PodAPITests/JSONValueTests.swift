import PodAPI
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        #"{"a":[1,-2,3.5,true,false,null,"x"],"b":{},"c":[]}"#, #""\"\\\n\t\u0001""#, #"{"ä":"😀"}"#, "0", "[]",
    ])
    func textStaysTheSame(_ text: String) throws {
        #expect(try JSONValue(parsing: text.utf8).text == text)
    }

    @Test func escapesAreRead() throws {
        #expect(try JSONValue(parsing: #""\u00e4\ud83d\ude00\/""#.utf8) == .string("ä😀/"))
    }

    @Test(arguments: ["", "{", "[1,", #"{"a"}"#, "nul", "1 2", "\"\n\"", "-", String(repeating: "[", count: 600)])
    func whatIsNoJSONIsRefused(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text.utf8) }
    }

    @Test func membersAreSetByPath() {
        var value = JSONValue.object([])
        value[path: "metadata", "labels", "a"] = .string("b")
        #expect(value.text == #"{"metadata":{"labels":{"a":"b"}}}"#)
        value[path: "metadata", "labels", "a"] = nil
        value[path: "spec", "x"] = nil
        #expect(value.text == #"{"metadata":{"labels":{}}}"#)
    }

    @Test func orderOfMembersIsNoDifference() throws {
        let one = try JSONValue(parsing: #"{"a":1,"b":[{"c":2,"d":3}]}"#.utf8)
        #expect(one.isEquivalent(to: try JSONValue(parsing: #"{"b":[{"d":3,"c":2.0}],"a":1}"#.utf8)))
        #expect(!one.isEquivalent(to: try JSONValue(parsing: #"{"b":[{"d":3,"c":2}],"a":2}"#.utf8)))
    }

    @Test func indentedAsKubectlDoes() throws {
        let value = try JSONValue(parsing: #"{"a":[1,{}],"b":[]}"#.utf8)
        #expect(value.indentedText == "{\n    \"a\": [\n        1,\n        {}\n    ],\n    \"b\": []\n}")
    }
}

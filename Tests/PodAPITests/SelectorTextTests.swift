import PodAPI
import Testing

@Suite struct SelectorTextTests {
    @Test(arguments: [
        ("", true), ("app=web", true), ("app==web", true), ("app!=web", false), ("app!=x,tier=front", true),
        ("app in (db, web)", true), ("app notin (db)", true), ("app", true), ("!app", false), ("!other", true),
        ("other!=x", true), ("other notin (x)", true), ("other=", false), ("empty=", true), ("empty", true),
        ("app = web , tier in (front,back)", true), ("app in (),tier", false), ("a.b/c=d", true),
    ])
    func labels(_ selector: String, _ matches: Bool) throws {
        let labels = ["app": "web", "tier": "front", "empty": "", "a.b/c": "d"]
        #expect(try LabelSelector(parsing: selector).matches(labels) == matches)
    }

    @Test(arguments: ["=", "a=b,", "a b", "a in b", "a in (b", "a=b=c", ",a", "a=/", "-a", "a<1"])
    func labelSelectorsThatAreNone(_ selector: String) {
        #expect(throws: SelectorError.self) { try LabelSelector(parsing: selector) }
    }

    @Test(arguments: [
        ("", true), ("metadata.name=x", true), ("metadata.name==x", true), ("metadata.name!=x", false),
        ("metadata.name=x,status.phase!=Running", true), ("spec.nodeName=", true), ("spec.hostNetwork=true", true),
        (#"spec.odd=a\,b\=c"#, true), ("spec.odd!=", true), ("spec.priority=7", true),
    ])
    func fields(_ selector: String, _ matches: Bool) throws {
        let text =
            #"{"metadata":{"name":"x"},"spec":{"hostNetwork":true,"odd":"a,b=c","priority":7},"status":{"phase":"Pending"}}"#
        let object = try JSONValue(parsing: text.utf8)
        #expect(try FieldSelector(parsing: selector).matches(object) == matches)
    }

    @Test(arguments: ["metadata.name", #"a=\b"#])
    func fieldSelectorsThatAreNone(_ selector: String) {
        #expect(throws: SelectorError.self) { try FieldSelector(parsing: selector) }
    }
}

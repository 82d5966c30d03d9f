import ObjectStore
import PodAPI
import Testing

@Suite struct ObjectKeyTests {
    @Test func isReadFromTheObject() throws {
        let pod = try JSONValue(parsing: #"{"kind":"Pod","metadata":{"name":"a","namespace":"b"}}"#.utf8)
        #expect(ObjectKey(pod) == ObjectKey(kind: "Pod", namespace: "b", name: "a"))
    }
}

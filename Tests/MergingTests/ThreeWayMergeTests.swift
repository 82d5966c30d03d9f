import Merging
import PodAPI
import Testing

/// Rows of what `kubectl apply` does, over the parts of an object that tell.
@Suite struct ThreeWayMergeTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        /// As applied last; nil: never.
        var original: String?
        /// The manifest.
        var modified: String
        /// The object as it is.
        var current: String
        /// The object as it becomes.
        var result: String

        init(_ name: String, _ original: String?, _ modified: String, _ current: String, _ result: String) {
            (self.name, self.original, self.modified, self.current, self.result) =
                (name, original, modified, current, result)
        }

        var testDescription: String { name }
    }

    static let rows = [
        Row(
            "what others have added stays", #"{"metadata":{"labels":{"a":"1"}}}"#,
            #"{"metadata":{"labels":{"a":"2"}}}"#,
            #"{"metadata":{"labels":{"a":"1","b":"9"},"uid":"u"}}"#,
            #"{"metadata":{"labels":{"a":"2","b":"9"},"uid":"u"}}"#),
        Row(
            "what has gone from the manifest goes", #"{"metadata":{"labels":{"a":"1","b":"2"}}}"#,
            #"{"metadata":{"labels":{"a":"1"}}}"#, #"{"metadata":{"labels":{"a":"1","b":"2","c":"3"}}}"#,
            #"{"metadata":{"labels":{"a":"1","c":"3"}}}"#),
        Row(
            "nothing goes from what was never applied", nil, #"{"metadata":{"labels":{"a":"1"}}}"#,
            #"{"metadata":{"labels":{"b":"2"}}}"#, #"{"metadata":{"labels":{"b":"2","a":"1"}}}"#),
        Row(
            "a field that others have changed comes back", #"{"data":{"k":"1"}}"#, #"{"data":{"k":"1"}}"#,
            #"{"data":{"k":"7"}}"#, #"{"data":{"k":"1"}}"#),
        Row(
            "null in the manifest takes a field away", nil, #"{"data":{"k":null}}"#, #"{"data":{"k":"7"}}"#,
            #"{"data":{}}"#),
        Row(
            "null makes no field", nil, #"{"data":{"k":null},"x":{"y":null}}"#, #"{"data":{}}"#, #"{"data":{},"x":{}}"#),
        Row(
            "defaults of an element stay", #"{"spec":{"containers":[{"name":"a","image":"i"}]}}"#,
            #"{"spec":{"containers":[{"name":"a","image":"j"}]}}"#,
            #"{"spec":{"containers":[{"name":"a","image":"i","imagePullPolicy":"Always"}]}}"#,
            #"{"spec":{"containers":[{"name":"a","image":"j","imagePullPolicy":"Always"}]}}"#),
        Row(
            "an element that has gone goes, another's stays", #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
            #"{"spec":{"containers":[{"name":"a"}]}}"#,
            #"{"spec":{"containers":[{"name":"a"},{"name":"injected"},{"name":"b"}]}}"#,
            #"{"spec":{"containers":[{"name":"a"},{"name":"injected"}]}}"#),
        Row(
            "the manifest's order counts", #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
            #"{"spec":{"containers":[{"name":"b"},{"name":"a"}]}}"#,
            #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
            #"{"spec":{"containers":[{"name":"b"},{"name":"a"}]}}"#),
        Row(
            "a new element comes where the manifest has it", #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
            #"{"spec":{"containers":[{"name":"a"},{"name":"n"},{"name":"b"}]}}"#,
            #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
            #"{"spec":{"containers":[{"name":"a"},{"name":"n"},{"name":"b"}]}}"#),
        Row(
            "an element of others keeps its place", #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
            #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}"#,
            #"{"spec":{"containers":[{"name":"s"},{"name":"a"},{"name":"b"}]}}"#,
            #"{"spec":{"containers":[{"name":"s"},{"name":"a"},{"name":"b"}]}}"#),
        Row(
            "variables by name",
            #"{"spec":{"containers":[{"name":"a","env":[{"name":"A","value":"1"},{"name":"B","value":"2"}]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","env":[{"name":"B","value":"3"}]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","env":[{"name":"A","value":"1"},{"name":"B","value":"2"},{"name":"Z","value":"0"}]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","env":[{"name":"B","value":"3"},{"name":"Z","value":"0"}]}]}}"#),
        Row(
            "ports by number and protocol", #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":53}]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":53},{"containerPort":53,"protocol":"UDP"}]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"TCP"}]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"TCP"},{"containerPort":53,"protocol":"UDP"}]}]}}"#
        ),
        Row(
            "a port that changes its protocol",
            #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"UDP"}]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"TCP"}]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"UDP"}]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"TCP"}]}]}}"#),
        Row(
            "a volume of another source", #"{"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}"#,
            #"{"spec":{"volumes":[{"name":"v","hostPath":{"path":"/x"}}]}}"#,
            #"{"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}"#,
            #"{"spec":{"volumes":[{"name":"v","hostPath":{"path":"/x"}}]}}"#),
        Row(
            "the defaults of a volume stay", #"{"spec":{"volumes":[{"name":"v","configMap":{"name":"c"}}]}}"#,
            #"{"spec":{"volumes":[{"name":"v","configMap":{"name":"d"}}]}}"#,
            #"{"spec":{"volumes":[{"name":"v","configMap":{"name":"c","defaultMode":420}}]}}"#,
            #"{"spec":{"volumes":[{"name":"v","configMap":{"name":"d","defaultMode":420}}]}}"#),
        Row(
            "tolerations are one thing", #"{"spec":{"tolerations":[{"key":"a"}]}}"#,
            #"{"spec":{"tolerations":[{"key":"b"}]}}"#,
            #"{"spec":{"tolerations":[{"key":"a"},{"key":"added"}]}}"#, #"{"spec":{"tolerations":[{"key":"b"}]}}"#),
        Row(
            "a command is one thing", #"{"spec":{"containers":[{"name":"a","command":["x","y"]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","command":["z"]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","command":["x","y"]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","command":["z"]}]}}"#),
        Row(
            "finalizers of others stay", #"{"metadata":{"finalizers":["f/1","f/2"]}}"#,
            #"{"metadata":{"finalizers":["f/2"]}}"#,
            #"{"metadata":{"finalizers":["f/1","f/2","other/3"]}}"#, #"{"metadata":{"finalizers":["f/2","other/3"]}}"#),
        Row(
            "a list that has gone goes", #"{"spec":{"containers":[{"name":"a","env":[{"name":"A","value":"1"}]}]}}"#,
            #"{"spec":{"containers":[{"name":"a"}]}}"#,
            #"{"spec":{"containers":[{"name":"a","env":[{"name":"A","value":"1"}],"image":"i"}]}}"#,
            #"{"spec":{"containers":[{"name":"a","image":"i"}]}}"#),
    ]

    @Test(arguments: rows) func merges(_ row: Row) throws {
        let result = ThreeWayMerge.merge(
            original: try row.original.map(json), modified: try json(row.modified), current: try json(row.current))
        #expect(result.inOrderOfKeys.text == (try json(row.result)).inOrderOfKeys.text)
        // Applied once more, nothing changes.
        let again = ThreeWayMerge.merge(
            original: try json(row.modified), modified: try json(row.modified), current: result)
        #expect(again == result)
    }

    @Test func theRecordIsKubectls() throws {
        let manifest = try json(#"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c"},"data":{"k":"v"}}"#)
        let recorded = LastApplied.recording(manifest)
        #expect(
            recorded[path: "metadata", "annotations", LastApplied.annotation]?.string
                == #"{"apiVersion":"v1","data":{"k":"v"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"c"}}"#
                + "\n")
        #expect(LastApplied.recording(recorded) == recorded)
        try #expect(LastApplied.read(from: recorded)?["data"] == manifest["data"])
        try #expect(LastApplied.read(from: manifest) == nil)
    }
}

import Merging
import PodAPI
import Testing

/// The three kinds of patches, each result compared with that of `kubectl patch --local`.
@Suite struct PatchTests {
    static let pod = """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"x","labels":{"a":"b","c":"d"},"finalizers":["f/1","f/2"]},
        "spec":{"containers":[
        {"name":"a","image":"i","ports":[{"containerPort":80,"protocol":"TCP"}],"command":["x","y"],
        "env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],
        "volumeMounts":[{"name":"v","mountPath":"/v"},{"name":"w","mountPath":"/w"}]},
        {"name":"b","image":"j"}],
        "hostAliases":[{"ip":"10.0.0.1","hostnames":["h"]}],
        "tolerations":[{"key":"k","operator":"Exists"}],
        "volumes":[{"name":"v","emptyDir":{}},{"name":"w","hostPath":{"path":"/w"}}]}}
        """

    struct Row: CustomTestStringConvertible, Sendable {
        var type: String
        var patch: String
        var testDescription: String { "\(type) \(patch)" }
    }

    static let rows: [Row] =
        [
            #"{"metadata":{"labels":{"a":"z","e":"f"}}}"#,
            #"{"metadata":{"labels":{"a":null}}}"#,
            #"{"metadata":{"labels":null}}"#,
            #"{"metadata":{"labels":{"$patch":"replace","n":"1"}}}"#,
            #"{"metadata":{"finalizers":["f/3","f/1"]}}"#,
            #"{"metadata":{"$deleteFromPrimitiveList/finalizers":["f/1"]}}"#,
            #"{"metadata":{"$setElementOrder/finalizers":["f/2","f/1"],"finalizers":["f/3"]}}"#,
            #"{"spec":{"containers":[{"name":"a","image":"n"}]}}"#,
            #"{"spec":{"containers":[{"name":"a","command":["z"]}]}}"#,
            #"{"spec":{"containers":[{"name":"c","image":"n"}]}}"#,
            #"{"spec":{"containers":[{"name":"b","$patch":"delete"}]}}"#,
            #"{"spec":{"containers":[{"$patch":"replace"},{"name":"z","image":"i"}]}}"#,
            #"{"spec":{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[{"name":"b","image":"k"}]}}"#,
            #"{"spec":{"$setElementOrder/containers":[{"name":"c"},{"name":"b"}],"containers":[{"name":"c","image":"k"}]}}"#,
            #"{"spec":{"containers":[{"name":"a","env":[{"name":"B","value":"3"},{"name":"C","value":"4"}]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","env":[{"name":"A","$patch":"delete"}]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","env":null}]}}"#,
            #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80,"name":"http"},{"containerPort":81}]}]}}"#,
            #"{"spec":{"containers":[{"name":"a","volumeMounts":[{"mountPath":"/v","readOnly":true}]}]}}"#,
            #"{"spec":{"volumes":[{"name":"v","$retainKeys":["name","hostPath"],"hostPath":{"path":"/x"}}]}}"#,
            #"{"spec":{"volumes":[{"name":"v","$retainKeys":["name"],"hostPath":{"path":"/x"}}]}}"#,
            #"{"spec":{"hostAliases":[{"ip":"10.0.0.1","hostnames":["i"]},{"ip":"10.0.0.2","hostnames":["j"]}]}}"#,
            #"{"spec":{"tolerations":[{"key":"l","operator":"Exists"}]}}"#,
            #"{"spec":{"containers":[{"image":"k"}]}}"#,
            #"{"spec":{"containers":[{"$patch":"foo","name":"a"}]}}"#,
            #"{"spec":{"restartPolicy":"Never","nodeSelector":{"a":"b"}}}"#,
            #"{}"#,
        ].map { Row(type: "strategic", patch: $0) }
        + [
            #"{"metadata":{"labels":{"a":null,"e":"f"}}}"#,
            #"{"spec":{"containers":[{"name":"a","image":"n"}]}}"#,
            #"{"spec":{"volumes":null}}"#,
        ].map { Row(type: "merge", patch: $0) }
        + [
            #"[{"op":"replace","path":"/spec/containers/0/image","value":"n"}]"#,
            #"[{"op":"add","path":"/metadata/labels/a~1b","value":"n"}]"#,
            #"[{"op":"add","path":"/spec/containers/1","value":{"name":"m","image":"n"}}]"#,
            #"[{"op":"add","path":"/spec/containers/-","value":{"name":"m","image":"n"}}]"#,
            #"[{"op":"remove","path":"/spec/volumes/0"}]"#,
            #"[{"op":"remove","path":"/spec/nothing"}]"#,
            #"[{"op":"replace","path":"/spec/nothing","value":1}]"#,
            #"[{"op":"add","path":"/spec/containers/7","value":{"name":"m","image":"n"}}]"#,
            #"[{"op":"add","path":"/spec/nothing/x","value":1}]"#,
            #"[{"op":"test","path":"/spec/volumes/0/name","value":"v"},{"op":"remove","path":"/spec/volumes/0"}]"#,
            #"[{"op":"test","path":"/spec/volumes/0/name","value":"x"},{"op":"remove","path":"/spec/volumes/0"}]"#,
            #"[{"op":"move","from":"/metadata/labels/a","path":"/metadata/labels/z"}]"#,
            #"[{"op":"copy","from":"/metadata/labels/a","path":"/metadata/labels/z"}]"#,
        ].map { Row(type: "json", patch: $0) }

    static func apply(_ row: Row) throws -> JSONValue? {
        let (object, patch) = (try json(pod), try json(row.patch))
        switch row.type {
        case "merge": return MergePatch.apply(patch, to: object)
        case "json": return try? JSONPatch.apply(patch, to: object)
        default: return try? StrategicPatch.apply(patch, to: object)
        }
    }

    @Test(arguments: rows) func asKubectl(_ row: Row) throws {
        let kubectl = try Kubectl.find()
        let theirs = try kubectl.run(
            ["patch", "--local", "-f", "-", "--type", row.type, "-p", row.patch, "-o", "json"], input: Self.pod)
        let mine = try Self.apply(row)
        #expect(mine?.inOrderOfKeys.text == theirs?.inOrderOfKeys.text)
    }

    @Test func whatKubectlWouldRefuse() throws {
        func problem(_ type: String, _ patch: String) throws -> String {
            let (object, patch) = (try json(Self.pod), try json(patch))
            do {
                _ =
                    type == "json"
                    ? try JSONPatch.apply(patch, to: object) : try StrategicPatch.apply(patch, to: object)
                return ""
            } catch { return "\(error)" }
        }
        try #expect(
            problem("json", #"[{"op":"remove","path":"/spec/nothing"}]"#)
                == "error in remove for path: '/spec/nothing': there is no \"nothing\"")
        try #expect(
            problem("json", #"[{"op":"test","path":"/metadata/name","value":"y"}]"#)
                == "testing value /metadata/name failed: the value there is \"x\", not \"y\"")
        try #expect(problem("json", #"[{"path":"/x"}]"#) == "an operation lacks its \"op\"")
        try #expect(problem("json", #"{"op":"add"}"#) == "a JSON patch must be a list of operations")
        try #expect(problem("json", #"[{"op":"add","path":"x"}]"#).contains("begins with a slash"))
        try #expect(
            problem("strategic", #"{"spec":{"containers":[{"image":"k"}]}}"#)
                == #"{"image":"k"} does not contain declared merge key: name"#)
        try #expect(problem("strategic", #"{"spec":{"$foo/containers":[]}}"#).contains("unknown directive"))
        try #expect(problem("strategic", "[]") == "a patch must be an object")
    }

    @Test func portsOfTwoProtocolsAreTwoPorts() throws {
        let object = try json(
            #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"TCP"},{"containerPort":53,"protocol":"UDP"}]}]}}"#
        )
        let patch = try json(
            #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"UDP","name":"dns"}]}]}}"#)
        let result = try StrategicPatch.apply(patch, to: object)
        #expect(
            result.text
                == #"{"spec":{"containers":[{"name":"a","ports":[{"containerPort":53,"protocol":"TCP"},{"containerPort":53,"protocol":"UDP","name":"dns"}]}]}}"#
        )
    }
}

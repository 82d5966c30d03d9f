import PodAPI
import Testing

@Suite struct ObjectUpdateTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var kind: String
        var old: String
        var new: String
        var errors: [String]

        init(_ name: String, _ kind: String, _ old: String, _ new: String, _ errors: String...) {
            (self.name, self.kind, self.old, self.new, self.errors) = (name, kind, old, new, errors)
        }

        var testDescription: String { "\(kind): \(name)" }
    }

    private static let pods =
        "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
        + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
        + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"

    private static func spec(_ fields: String) -> String { #"{"spec":{\#(fields)}}"# }
    private static func container(_ fields: String) -> String { spec(#""containers":[{"name":"a",\#(fields)}]"#) }

    static let rows: [Row] = [
        Row("image", "Pod", container(#""image":"a""#), container(#""image":"b""#)),
        Row(
            "resources", "Pod", container(#""resources":{"limits":{"cpu":"1"}}"#),
            container(#""resources":{"limits":{"cpu":"2"}}"#)),
        Row("labels", "Pod", #"{"metadata":{"labels":{"a":"b"}}}"#, #"{"metadata":{"labels":{"a":"c"}}}"#),
        Row(
            "command", "Pod", container(#""command":["a"]"#), container(#""command":["a","b"]"#),
            "spec.containers[0].command[1]: " + pods),
        Row(
            "a variable", "Pod", container(#""env":[{"name":"A","value":"1"}]"#),
            container(#""env":[{"name":"A","value":"2"}]"#), "spec.containers[0].env[0].value: " + pods),
        Row(
            "a new container", "Pod", container(#""image":"a""#),
            spec(#""containers":[{"name":"a","image":"a"},{"name":"b"}]"#),
            "spec.containers: Forbidden: pod updates may not add or remove containers"),
        Row("hostNetwork", "Pod", spec(""), spec(#""hostNetwork":true"#), "spec.hostNetwork: " + pods),
        Row("deadline set", "Pod", spec(""), spec(#""activeDeadlineSeconds":10"#)),
        Row("deadline lower", "Pod", spec(#""activeDeadlineSeconds":20"#), spec(#""activeDeadlineSeconds":10"#)),
        Row(
            "deadline higher", "Pod", spec(#""activeDeadlineSeconds":10"#), spec(#""activeDeadlineSeconds":20"#),
            "spec.activeDeadlineSeconds: must be less than or equal to previous value: 20"),
        Row(
            "deadline gone", "Pod", spec(#""activeDeadlineSeconds":10"#), spec(""),
            "spec.activeDeadlineSeconds: must not update from a positive integer to nil value"),
        Row(
            "grace period", "Pod", spec(#""terminationGracePeriodSeconds":30"#),
            spec(#""terminationGracePeriodSeconds":1"#),
            "spec.terminationGracePeriodSeconds: " + pods),
        Row(
            "one more toleration", "Pod", spec(#""tolerations":[{"key":"a"}]"#),
            spec(#""tolerations":[{"key":"a","tolerationSeconds":7},{"key":"b"}]"#)),
        Row(
            "a toleration less", "Pod", spec(#""tolerations":[{"key":"a"}]"#), spec(""),
            "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"),
        Row("a gate less", "Pod", spec(#""schedulingGates":[{"name":"g"}]"#), spec("")),
        Row(
            "a gate more", "Pod", spec(""), spec(#""schedulingGates":[{"name":"g"}]"#),
            "spec.schedulingGates: Forbidden: only deletion is allowed, but found new scheduling gate 'g'"),
        Row(
            "narrower while gated", "Pod", spec(#""schedulingGates":[{"name":"g"}]"#),
            spec(#""schedulingGates":[{"name":"g"}],"nodeSelector":{"a":"b"}"#)),
        Row(
            "narrower without a gate", "Pod", spec(""), spec(#""nodeSelector":{"a":"b"}"#), "spec.nodeSelector: " + pods
        ),

        Row(
            "path", "PersistentVolume", spec(#""hostPath":{"path":"/a"}"#), spec(#""hostPath":{"path":"/b"}"#),
            "spec.hostPath.path: Forbidden: spec.persistentvolumesource is immutable after creation"),
        Row(
            "another source", "PersistentVolume", spec(#""hostPath":{"path":"/a"}"#), spec(#""local":{"path":"/a"}"#),
            "spec.hostPath: Forbidden: spec.persistentvolumesource is immutable after creation",
            "spec.local: Forbidden: spec.persistentvolumesource is immutable after creation"),
        Row(
            "policy, class, size", "PersistentVolume",
            spec(#""persistentVolumeReclaimPolicy":"Retain","capacity":{"storage":"1Gi"}"#),
            spec(#""persistentVolumeReclaimPolicy":"Delete","capacity":{"storage":"2Gi"},"storageClassName":"x""#)),
        Row(
            "mode", "PersistentVolume", spec(#""volumeMode":"Block""#), spec(#""volumeMode":"Filesystem""#),
            "spec.volumeMode: field is immutable"),
        Row(
            "size before it is bound", "PersistentVolumeClaim", spec(#""resources":{"requests":{"storage":"1Gi"}}"#),
            spec(#""resources":{"requests":{"storage":"2Gi"}}"#),
            "spec.resources.requests.storage: Forbidden: spec is immutable after creation except resources.requests and "
                + "volumeAttributesClassName for bound claims"),
        Row(
            "less", "PersistentVolumeClaim",
            #"{"spec":{"resources":{"requests":{"storage":"2Gi"}}},"status":{"phase":"Bound"}}"#,
            #"{"spec":{"resources":{"requests":{"storage":"1Gi"}}},"status":{"phase":"Bound"}}"#,
            "spec.resources.requests[storage]: Forbidden: field can not be less than previous value"),
        Row("its volume", "PersistentVolumeClaim", spec(""), spec(#""volumeName":"pv""#)),
        Row("plain ConfigMap", "ConfigMap", #"{"data":{"a":"1"}}"#, #"{"data":{"a":"2"}}"#),
        Row(
            "immutable ConfigMap", "ConfigMap", #"{"data":{"a":"1"},"immutable":true}"#, #"{"data":{"a":"2"}}"#,
            "immutable: field is immutable when `immutable` is set", "data: field is immutable when `immutable` is set"),
        Row("type", "Secret", #"{"type":"Opaque"}"#, #"{"type":"x/y"}"#, "type: field is immutable"),
        Row(
            "address", "Service", spec(#""clusterIP":"127.96.0.9""#), spec(#""clusterIP":"None""#),
            #"spec.clusterIPs[0]: Invalid value: "None": may not change once set"#),
        Row("an address at last", "Service", spec(#""type":"ExternalName""#), spec(#""clusterIP":"127.96.0.9""#)),
        Row("handler", "RuntimeClass", #"{"handler":"a"}"#, #"{"handler":"b"}"#, "handler: field is immutable"),
        Row("value", "PriorityClass", #"{"value":1}"#, #"{"value":2}"#, "value: may not be changed in an update"),
    ]

    @Test(arguments: rows) func immutableFields(_ row: Row) throws {
        func object(_ text: String) throws -> JSONValue {
            var object = try JSONValue(parsing: text.utf8)
            object["kind"] = .string(row.kind)
            return object
        }
        let errors = ObjectUpdate.errors(from: try object(row.old), to: try object(row.new))
        #expect(errors.map { "\($0.path): \($0.message)" } == row.errors)
        #expect(ObjectUpdate.errors(from: try object(row.old), to: try object(row.old)) == [])
    }
}

import PodAPI
import Testing

@testable import PodManifest

/// The forms a manifest may have: YAML, JSON, KYAML, Lists, anchors.
@Suite struct SourceFormTests {
    static let expected = ["A": "a\tb/\u{1F600}\u{e9}\"", "B": "80"]

    static let yaml = """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: m
        data:
          A: "a\\tb\\/\u{1F600}\\u00e9\\""
          B: '80'
        """

    static let json = """
        {
        \t"apiVersion": "v1",
        \t"kind" : "ConfigMap",
        \t"metadata": {"name":"m"},
        \t"data": {"A":"a\\tb\\/\\ud83d\\ude00\\u00e9\\"",
        \t\t"B":"80"}
        }
        """

    static let kyaml = """
        # A comment.
        ---
        {
          apiVersion: "v1",  # another
          kind: "ConfigMap",
          metadata: {
            name: "m",
          },
          data: {
            A: "a\\tb\\/\u{1F600}\\u00e9\\"",
            "B": "80",
          },
        }
        """

    @Test(arguments: [yaml, json, kyaml, "\n\n\t " + json, kyaml.replacing("---\n", with: "")])
    func sameObjectInEachForm(text: String) throws {
        let manifest = read(text)
        #expect(manifest.errors.isEmpty, "\(manifest.errors)")
        guard case .configMap(let map)? = manifest.objects.first?.object else { throw NoPod() }
        #expect(map.metadata.name == "m" && map.data == Self.expected)
    }

    @Test func placesInJSON() {
        let text = "{\n\t\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\",\n\t\"spec\": {\"é\": 1, \"hostname\": 2}}\n"
        #expect(
            errors(text) == [
                "pod.yaml:4:11: spec.é: unknown field \"é\"",
                "pod.yaml:4:31: spec.hostname: must be a string, is a number; quote it: \"2\"",
            ])
    }

    @Test(arguments: [
        ("{\"a\": 1,}", "1:9: expected a key in quotes"),
        ("{\"a\" 1}", "1:6: expected ':' after the key"),
        ("{\"a\": 01}", "1:7: \"01\" is no JSON value"),
        ("{\"a\": \"\\ud83d\"}", "1:14: half a surrogate pair"),
        ("{\"a\": \"\\x\"}", "1:9: unknown escape in a string"),
        ("{\"a\": \"b\nc\"}", "1:9: a control character in a string"),
        ("{\"a\": [1 2]}", "1:10: expected ',' or ']'"),
        ("{\"a\": tru}", "1:7: \"tru\" is no JSON value"),
    ])
    func errorsInJSON(text: String, message: String) throws {
        let source = try SourceText(Array(text.utf8), limits: SourceLimits())
        var reader = JSONReader(source, limits: SourceLimits())
        let error = try #require(reader.read().errors.last)
        let position = try #require(error.position)
        #expect("\(position.line):\(position.column): \(error.message)" == message)
    }

    @Test func aFileNamedJSONGetsTheErrorsOfJSON() {
        #expect(
            read("{\"a\": [1 2}", file: "a.json").errors.map(\.description) == ["a.json:1:10: expected ',' or ']'"])
    }

    /// The YAML reader of Kubernetes takes it, and so do examples of its documentation.
    @Test func anEscapedApostrophe() throws {
        let pod = try pod(
            containerText(
                #"""
                command: ["é\'a\'\"\\", 'b\']
                args: [c, "\'d"]
                """#))
        #expect(pod.spec.containers.first?.command == ["é'a'\"\\", "b\\"])
        #expect(pod.spec.containers.first?.args == ["c", "'d"])
        #expect(
            errors(containerText(#"command: ["a\'", "\q"]"#)) == [
                "pod.yaml:8:22: found unknown escape character while parsing a quoted scalar"
            ])
    }

    @Test func severalDocuments() {
        let document = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
        let yaml = read("---\n" + document + "---\n---\n" + document + "...\n# end\n")
        #expect(yaml.errors.isEmpty)
        #expect(yaml.objects.map(\.documentIndex) == [0, 2])
        let json = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}"
        #expect(read(json + json + "\n" + json).objects.map(\.documentIndex) == [0, 1, 2])
    }

    @Test func lists() {
        let text = """
            apiVersion: v1
            kind: List
            metadata: {resourceVersion: ""}
            items:
            - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
            - apiVersion: v1
              kind: Secret
              metadata: {nam: b}
            - apiVersion: v1
              kind: Ingress
            """
        let manifest = read(text)
        #expect(manifest.objects.map(\.object.metadata.name) == ["a", ""])
        #expect(
            manifest.errors.first?.description
                == "pod.yaml:8:14: items[1].metadata.nam: unknown field \"nam\" (did you mean \"name\"?)")
        #expect(
            manifest.errors.last?.description.hasPrefix(
                "pod.yaml:10:9: items[2].kind: \"Ingress\" is not carried out; the kinds are Pod, ") == true)
    }

    @Test func typedLists() {
        let text =
            "apiVersion: v1\nkind: PodList\nitems:\n- {metadata: {name: a}}\n- {apiVersion: v1, kind: Pod, metadata: {name: b}}\n"
        let manifest = read(text)
        #expect(manifest.errors.isEmpty && manifest.objects.map(\.object.metadata.name) == ["a", "b"])
        #expect(manifest.objects.allSatisfy { $0.object.kind == "Pod" })
        #expect(
            errors("apiVersion: apps/v1\nkind: PodList\nitems: []\n")
                == ["pod.yaml:1:13: apiVersion: must be \"v1\" for kind PodList"])
    }

    @Test(arguments: [
        ("apiVersion: apps/v1\nkind: Pod\n", "1:13: apiVersion: must be \"v1\" for kind Pod, is \"apps/v1\""),
        ("kind: Pod\n", "1:1: apiVersion: must be \"v1\" for kind Pod"),
        (
            "apiVersion: v1\nkind: Pud\n",
            "2:7: kind: \"Pud\" is not carried out; the kinds are Pod, PersistentVolume, PersistentVolumeClaim, ConfigMap, Secret, Service, RuntimeClass, PriorityClass, List (did you mean \"Pod\"?)"
        ),
        (
            "apiVersion: v1\nkind: pod\n",
            "2:7: kind: \"pod\" is not carried out; the kinds are Pod, PersistentVolume, PersistentVolumeClaim, ConfigMap, Secret, Service, RuntimeClass, PriorityClass, List (did you mean \"Pod\"?)"
        ),
    ])
    func kinds(text: String, message: String) {
        #expect(errors(text) == ["pod.yaml:" + message])
    }

    @Test func anchorsAndMergeKeys() throws {
        let text = """
            apiVersion: v1
            kind: ConfigMap
            metadata: &meta {name: a, labels: &labels {x: "1", w: "2"}}
            data:
              <<: [*labels, {w: "4", z: "3"}]
              x: mine
            """
        guard case .configMap(let map)? = read(text).objects.first?.object else { throw NoPod() }
        #expect(map.data == ["x": "mine", "w": "2", "z": "3"])
    }

    @Test func standardTagsAreAccepted() throws {
        let pod = try pod(
            podText("hostname: !!str 80\nterminationGracePeriodSeconds: !!int \"5\"\ncontainers: !!seq []"))
        #expect(pod.spec.hostname == "80" && pod.spec.terminationGracePeriodSeconds == 5)
    }

    @Test(arguments: [
        ("", ScalarValue.null), ("~", .null), ("null", .null), ("NULL", .null), ("nUll", .string), ("y", .bool(true)),
        ("Off", .bool(false)),
        ("oFF", .string), ("0", .integer(0)), ("-0", .integer(0)), ("0777", .integer(511)), ("0o777", .integer(511)),
        ("0x1F", .integer(31)),
        ("-0b101", .integer(-5)), ("+7", .integer(7)), ("1_000", .integer(1000)), ("089", .float(89)),
        ("1e3", .float(1000)), (".5", .float(0.5)),
        ("1.", .float(1)), ("1e400", .string), ("9223372036854775807", .integer(.max)),
        ("9223372036854775808", .hugeNumber), (".", .string),
        ("-", .string), ("+-1", .string), ("1.2.3", .string), ("0x", .string), ("0xg", .string), ("1e", .string),
        ("12:30", .string),
        ("2024-01-02", .string), (".inf", .float(.infinity)), ("inf", .string), ("0x1p3", .string), ("<<", .string),
    ])
    func plainScalars(text: String, value: ScalarValue) {
        #expect(ScalarValue(plain: text) == value)
    }
}

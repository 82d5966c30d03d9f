import Glibc
import PodAPI
import Testing

@testable import PodManifest

/// Input that is made to hurt: one clear error with a place, within a second, in bounded memory.
@Suite struct HostileInputTests {
    struct Input: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        /// The first error begins with this, after the file name.
        var error: String
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ error: String) {
            self.init(name, Array(text.utf8), error)
        }

        init(_ name: String, _ bytes: [UInt8], _ error: String) {
            self.name = name
            self.bytes = bytes
            self.error = error
        }
    }

    static let inputs: [Input] = [
        Input("alias bomb", bomb(levels: 9, width: 9), ":6:10: more than 100000 values, aliases expanded"),
        Input("alias bomb in merge keys", mergeBomb, ":5:49: more than 100000 values, aliases expanded"),
        Input("alias of itself", "a: &a [*a]\n", ":1:8: no anchor \"a\" before this alias"),
        Input("deep flow lists", repeated("[", 10_000), ":1:101: nested deeper than 100 levels"),
        Input("deep flow maps", "---\n" + repeated("{a: ", 10_000), ":2:401: nested deeper than 100 levels"),
        Input("deep block lists", repeated("- ", 10_000), ":1:201: nested deeper than 100 levels"),
        Input("deep JSON", repeated("{\"a\":", 10_000), ":1:501: nested deeper than 100 levels"),
        Input("deep JSON lists", "{\"a\":" + repeated("[", 10_000), ":1:105: nested deeper than 100 levels"),
        Input("deep by aliases", deepAliases, ":12:20: nested deeper than 100 levels"),
        Input("10 MB", repeated("a: b\n", 2_000_000), ": more than 3 MiB, which is the limit"),
        Input("100,000 documents", repeated("---\na: 1\n", 100_000), ":"),
        Input("empty documents", repeated("---\n", 700_000), ":10001:1: more than 10000 documents"),
        Input("JSON documents", repeated("{}", 100_000), ":1:1: kind: required"),
        Input(
            "many values", "a: [" + repeated("1,", 1_000_000) + "]",
            ":1:199999: more than 100000 values, aliases expanded"),
        Input("many JSON values", "{\"a\": [" + repeated("1,", 1_000_000) + "1]}", ":1:"),
        Input("many keys", (0..<200_000).map { "k\($0): \n" }.joined(), ":50000:8: more than 100000 values"),
        Input(
            "duplicate keys", podText("hostNetwork: true\nhostNetwork: false"),
            ":7:3: the key \"hostNetwork\" is given twice, first in line 6"),
        Input(
            "duplicate JSON keys", "{\"apiVersion\":\"v1\",\n\"kind\":\"Pod\",\"kind\":\"Pod\"}",
            ":2:14: the key \"kind\" is given twice, first in line 2"),
        Input("many duplicates", "a: {" + repeated("k: 1, ", 49_000) + "}", ":"),
        Input(
            "many unknown fields", "apiVersion: v1\nkind: Pod\n" + (0..<30_000).map { "k\($0): 1\n" }.joined(),
            ":3:1: k0: unknown field \"k0\""),
        Input("a long unknown field", "apiVersion: v1\nkind: Pod\n\"" + repeated("x", 1_000_00) + "\": 1\n", ":"),
        Input("NUL", "apiVersion: v1\nkind: \0Pod\n", ":2:7: a NUL byte"),
        Input("control character", "apiVersion: v1\nkind: \u{1b}[31mPod\n", ":2:7: the control character 0x1b"),
        Input(
            "control character in an escape", "apiVersion: v1\nkind: \"\\e[31mPod\"\n",
            ":2:7: kind: \"\\u{1b}[31mPod\" is not carried out"),
        Input("invalid UTF-8", Array("a: ä\nb: ".utf8) + [0xc3, 0x28], ":2:4: invalid UTF-8 (byte 0xc3)"),
        Input("overlong UTF-8", [0xc0, 0xaf], ":1:1: invalid UTF-8 (byte 0xc0)"),
        Input("surrogate in UTF-8", [0xed, 0xa0, 0x80], ":1:1: invalid UTF-8 (byte 0xed)"),
        Input("cut off UTF-8", Array("a: ".utf8) + [0xf0, 0x9f], ":1:4: invalid UTF-8 (byte 0xf0)"),
        Input("UTF-16 LE", [0xff, 0xfe, 0x61, 0, 0x3a, 0], ":1:1: is UTF-16; save it as UTF-8"),
        Input("UTF-16 BE", [0xfe, 0xff, 0, 0x61, 0, 0x3a], ":1:1: is UTF-16; save it as UTF-8"),
        Input("UTF-16 without BOM", [0x61, 0, 0x3a, 0], ":1:1: is UTF-16 or binary; save it as UTF-8"),
        Input("binary tag", "a: !!binary aGVsbG8=\n", ":1:4: the tag \"!!binary\" is not accepted; leave it out"),
        Input(
            "custom tag", "a: !ruby/object:File {}\n",
            ":1:4: the tag \"!ruby/object:File\" is not accepted; leave it out"),
        Input("set tag", "a: !!set {x}\n", ":1:4: the tag \"!!set\" is not accepted; leave it out"),
        Input("merge of a string", "a:\n  <<: b\n", ":2:3: \"<<\" merges mappings only, is a string"),
        Input("a mapping as a key", "{a: 1}: b\n", ":1:1: a key must be a string"),
        Input("a list as a key", "? [a]\n: b\n", ":1:3: a key must be a string"),
        Input(
            "octal beyond a mode", podText("volumes: [{name: v, secret: {secretName: s, defaultMode: 07777}}]"),
            ":6:60: spec.volumes[0].secret.defaultMode: must be from 0 to 0777"),
        Input(
            "1e400", podText("terminationGracePeriodSeconds: 1e400"),
            ":6:34: spec.terminationGracePeriodSeconds: must be a whole number"),
        Input(
            "2^63", podText("terminationGracePeriodSeconds: 9223372036854775808"),
            ":6:34: spec.terminationGracePeriodSeconds: must be from"),
        Input(
            "2^31", containerText("ports: [{containerPort: 2147483648}]"),
            ":8:29: spec.containers[0].ports[0].containerPort: must be from"),
        Input("NO", podText("hostname: NO"), ":6:13: spec.hostname: must be a string, is a boolean; quote it: \"NO\""),
        Input(
            "infinity", podText("terminationGracePeriodSeconds: .inf"),
            ":6:34: spec.terminationGracePeriodSeconds: must be a whole number"),
        Input(
            "tab", "apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a\n",
            ":4:1: a tab in the indentation; YAML takes spaces only"),
        Input("many TAG directives", repeated("%TAG !a! tag:x\n", 200_000), ": more than 100 %TAG directives"),
        Input("many escaped apostrophes", "a: [" + repeated("\"\\'\", ", 400_000) + "]", ":"),
        Input("a scalar", "hello", ":1:1: must be an object (a mapping), is a string"),
        Input("a list", "- a\n- b\n", ":1:1: must be an object (a mapping), is a list"),
        Input("nothing", "", ": holds no object"),
        Input("only comments", "# nothing\n---\n# more\n", ": holds no object"),
        Input("an open string", "a: \"b\n", ":"),
        Input(
            "a List in a List", "{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: List}]}",
            ":1:61: items[0].kind: \"List\""),
        Input("no kind", "apiVersion: v1\nmetadata: {}\n", ":1:1: kind: required"),
    ]

    @Test(arguments: inputs)
    func isRefusedFast(input: Input) throws {
        let start = ContinuousClock.now
        let manifest = ManifestReader().read(input.bytes, file: "f")
        let duration = ContinuousClock.now - start
        // A second in an optimised build; this one is not.
        #expect(duration < .seconds(8), "\(duration)")
        let first = try #require(manifest.errors.first)
        #expect(first.description.hasPrefix("f" + input.error), "\(first.description.prefix(300))")
        #expect(manifest.errors.count <= 101)
        for error in manifest.errors {
            #expect(error.description.utf8.count < 2000)
            #expect(
                error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) })
        }
    }

    @Test func memoryIsBounded() async {
        await #expect(processExitsWith: .success) {
            func peak() -> Int {
                var usage = rusage()
                getrusage(0, &usage)
                return usage.ru_maxrss / 1024
            }
            let before = peak()
            for input in HostileInputTests.inputs {
                _ = ManifestReader().read(input.bytes, file: "f")
                let grown = peak() - before
                if grown > 64 { fatalError("\(input.name): \(grown) MiB more than before") }
            }
        }
    }

    @Test func aByteOrderMarkIsSkipped() throws {
        let manifest = ManifestReader().read([0xef, 0xbb, 0xbf] + Array(podText("hostname: h").utf8), file: "f")
        #expect(manifest.errors.isEmpty && manifest.objects.count == 1)
    }

    @Test func linesEndInAnyWay() throws {
        let text = podText("containers:\n- name: c\n  imag: x")
        #expect(errors(text).map { $0.prefix(14) } == ["pod.yaml:8:5: "])
        #expect(errors(text.replacing("\n", with: "\r\n")).map { $0.prefix(14) } == ["pod.yaml:8:5: "])
    }

    @Test func whatIsRightBeforeAnErrorIsStillRead() {
        let manifest = read(podText("hostname: h") + "---\na: [\n")
        #expect(manifest.objects.count == 1 && manifest.errors.count == 1)
    }

    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    private static func bomb(levels: Int, width: Int) -> String {
        var text = "a0: &a0 [" + Array(repeating: "x", count: width).joined(separator: ",") + "]\n"
        for level in 1..<levels {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: width).joined(separator: ",")
                + "]\n"
        }
        return text
    }

    private static var mergeBomb: String {
        var text = "a0: &a0 {" + (0..<9).map { "k\($0): 1" }.joined(separator: ", ") + "}\n"
        for level in 1..<9 {
            let keys = (0..<9).map { "k\($0): {<<: *a\(level - 1)}" }.joined(separator: ", ")
            text += "a\(level): &a\(level) {" + keys + "}\n"
        }
        return text
    }

    private static var deepAliases: String {
        (0..<30).map { level in
            "a\(level): &a\(level) " + (level == 0 ? "x" : repeated("[", 9) + "*a\(level - 1)" + repeated("]", 9))
                + "\n"
        }.joined()
    }
}

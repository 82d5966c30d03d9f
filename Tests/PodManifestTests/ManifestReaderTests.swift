import Foundation
import PodAPI
import Testing

@testable import PodManifest

@Suite struct ManifestReaderTests {
    let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "manifest-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory + "/more", withIntermediateDirectories: true)
    }

    private func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/" + name))
        return directory + "/" + name
    }

    private func map(_ name: String) -> String { "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name)}\n" }
    private func remove() { try? FileManager.default.removeItem(atPath: directory) }

    @Test func directoriesInOrderAndDeepOnlyWhenAsked() throws {
        defer { remove() }
        for (file, name) in [
            ("b.yml", "b"), ("a.yaml", "a"), ("c.json", "c"), ("d.kyaml", "d"), ("e.txt", "e"), ("more/f.yaml", "f"),
        ] {
            _ = try write(file, map(name))
        }
        func names(_ reader: ManifestReader) -> [String] {
            reader.read(paths: [directory]).objects.map(\.object.metadata.name)
        }
        #expect(names(ManifestReader()) == ["a", "b", "c", "d"])
        #expect(names(ManifestReader(recursive: true)) == ["a", "b", "c", "d", "f"])
        #expect(
            ManifestReader().read(paths: [directory + "/more", directory + "/a.yaml"]).objects.map(\.file) == [
                directory + "/more/f.yaml", directory + "/a.yaml",
            ])
    }

    @Test func errorsOfAllFilesAreReported() throws {
        defer { remove() }
        let files = try [
            write("a.yaml", "a: ["), directory + "/missing.yaml", write("b.yaml", map("b")), directory + "/more",
        ]
        let manifest = ManifestReader().read(paths: files)
        #expect(manifest.objects.count == 1)
        #expect(
            manifest.errors.map { $0.description.replacing(directory, with: "") } == [
                "/a.yaml:2:1: did not find expected node content while parsing a flow node",
                "/missing.yaml: no such file or directory",
                "/more: no manifest (*.yaml, *.yml, *.json, *.kyaml) in this directory",
            ])
    }

    @Test func whatIsNoFileIsRefusedAtOnce() throws {
        defer { remove() }
        let fifo = directory + "/fifo.yaml"
        #expect(mkfifo(fifo, 0o600) == 0)
        #expect(
            ManifestReader().read(paths: [fifo, "/dev/zero"]).errors.map {
                $0.description.replacing(directory, with: "")
            } == [
                "/fifo.yaml: is a FIFO; give a file, a directory, or - for standard input",
                "/dev/zero: is a device; give a file, a directory, or - for standard input",
            ])
    }

    @Test func placesForLaterErrors() throws {
        let manifest = read(
            """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: v1
              kind: Pod
              metadata: {labels: {a.b/c: d}}
              spec:
                containers:
                - name: c
                  ports:
                  - containerPort: 99999
            """)
        let object = try #require(manifest.objects.first)
        func line(_ path: FieldPath) -> String {
            manifest.diagnostic(for: FieldError(path, "wrong"), in: object).description
        }
        let container = FieldPath("spec", "containers").index(0)
        #expect(
            line(container.field("ports").index(0).field("containerPort"))
                == "pod.yaml:11:24: items[0].spec.containers[0].ports[0].containerPort: wrong")
        #expect(line(container.field("ports")) == "pod.yaml:10:7: items[0].spec.containers[0].ports: wrong")
        #expect(line(container.field("image")) == "pod.yaml:9:7: items[0].spec.containers[0].image: wrong")
        #expect(
            line(FieldPath("spec", "volumes").index(3).field("name"))
                == "pod.yaml:7:3: items[0].spec.volumes[3].name: wrong")
        #expect(
            line(FieldPath("metadata", "labels").key("a.b/c"))
                == "pod.yaml:6:30: items[0].metadata.labels[a.b/c]: wrong")
        #expect(line(FieldPath("metadata", "name")) == "pod.yaml:6:3: items[0].metadata.name: wrong")
        #expect(object.position(of: FieldPath("metadata", "name")) == nil)
        #expect(object.position(of: FieldPath("kind"))?.column == 9)
    }

    @Test func terminalEscapesDoNotReachTheTerminal() {
        for sequence in ["\\u001b[2J", "\\u009b2J", "\\r", "\\n", "\\u202e", "\\u0007"] {
            let text =
                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"\(sequence)\":1,\"hostname\":[\"\(sequence)\"]}}"
            for line in errors(text) {
                #expect(
                    line.unicodeScalars.allSatisfy {
                        $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) && $0.value != 0x202e
                    })
            }
            #expect(errors(text).count == 2)
        }
        #expect(Diagnostic(file: "a\u{1b}[31m", message: "x").description == "a\\u{1b}[31m: x")
    }
}

import Foundation
import Glibc
import Testing

extension HostTests {
    /// ConfigMaps, Secrets, the downward API and projections as files: content, modes, users, subPath.
    @Suite struct ConfigVolumeTests {
        /// How a volume of each kind names its object, with more fields of the source behind it.
        static let kinds: [(name: String, volume: @Sendable (_ source: String, _ volume: String) -> String)] = [
            ("configMap", { "configMap: {name: obj\($0)\($1)}" }),
            ("secret", { "secret: {secretName: obj\($0)\($1)}" }),
            ("projected configMap", { "projected: {sources: [{configMap: {name: obj\($0)}}]\($1)}" }),
            ("projected secret", { "projected: {sources: [{secret: {name: obj\($0)}}]\($1)}" }),
        ]

        static let items = ", items: [{key: data-1, path: path/to/data-2}]"
        static let itemMode = ", items: [{key: data-1, path: path/to/data-2, mode: 0400}]"

        /// What is asked of the source and of the volume, where the file then is, and its mode.
        static let cases: [(source: String, volume: String, file: String, mode: String)] = [
            ("", "", "data-1", "644"), ("", ", defaultMode: 0400", "data-1", "400"),
            (items, "", "path/to/data-2", "644"), (itemMode, "", "path/to/data-2", "400"),
            (items, ", defaultMode: 0440", "path/to/data-2", "440"),
        ]

        static func objects() -> String {
            documents(
                configMap("obj", "{data-1: value-1, data-2: value-2}"),
                configMap("obj", "{data-1: value-1, data-2: value-2}", kind: "Secret"))
        }

        @Test func filesHaveTheirContentAndMode() throws {
            try withWorld { world in
                var volumes: [String] = []
                var mounts: [String] = []
                var script = ""
                var expected: [String] = []
                for (number, kind) in Self.kinds.enumerated() {
                    for (index, row) in Self.cases.enumerated() {
                        let name = "v\(number)-\(index)"
                        volumes.append("{name: \(name), \(kind.volume(row.source, row.volume))}")
                        mounts.append("{name: \(name), mountPath: /etc/\(name)}")
                        script +=
                            "echo \(name) $(stat -Lc %a /etc/\(name)/\(row.file)) $(cat /etc/\(name)/\(row.file)); "
                        expected.append("\(name) \(row.mode) value-1")
                    }
                }
                let run = try world.run(
                    documents(
                        Self.objects(),
                        pod(
                            container("a", script, "volumeMounts: [\(mounts.joined(separator: ", "))]"),
                            spec: "volumes: [\(volumes.joined(separator: ", "))]")))
                #expect(run.lines(of: "a") == expected, "\(run)")
            }
        }

        @Test func anyUserReadsThem() throws {
            try withWorld { world in
                let run = try world.run(
                    documents(
                        Self.objects(),
                        pod(
                            container(
                                "a",
                                "id -u; for v in c s p; do stat -Lc %a /etc/$v/data-1; cat /etc/$v/data-1; echo; done; "
                                    + "cat /etc/m/x; echo; cat /etc/h/data-1; touch /etc/c/new; echo x > /etc/s/data-1",
                                """
                                volumeMounts: [{name: c, mountPath: /etc/c}, {name: s, mountPath: /etc/s}, \
                                {name: p, mountPath: /etc/p}, {name: m, mountPath: /etc/m}, {name: h, mountPath: /etc/h}]
                                """),
                            spec: """
                                securityContext: {runAsUser: 1000}
                                volumes: [{name: c, configMap: {name: obj}}, {name: s, secret: {secretName: obj}}, \
                                {name: p, projected: {sources: [{secret: {name: obj}}]}}, \
                                {name: m, configMap: {name: obj, items: [{key: data-2, path: x}]}}, \
                                {name: h, secret: {secretName: obj, defaultMode: 0400}}]
                                """)))
                let three = Array(repeating: ["644", "value-1"], count: 3).flatMap { $0 }
                #expect(Array(run.lines(of: "a").prefix(8)) == ["1000"] + three + ["value-2"], "\(run)")
                #expect(run.lines(of: "a").joined().contains("/etc/h/data-1: Permission denied"), "\(run)")
                #expect(run.lines(of: "a").joined().contains("Read-only file system"), "\(run)")
            }
        }

        /// `key -> ..data/key`, `..data -> ..<time>`; all of a projection is one tree.
        @Test func aProjectionIsOneTreeOfAllItsSources() throws {
            try withWorld { world in
                let volume = """
                    {name: all, projected: {defaultMode: 0444, sources: [\
                    {secret: {name: obj, items: [{key: data-1, path: s/one}]}}, \
                    {configMap: {name: obj, items: [{key: data-2, path: c, mode: 0400}]}}, \
                    {configMap: {name: none, optional: true}}, \
                    {downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}, \
                    {path: labels, fieldRef: {fieldPath: metadata.labels}}, \
                    {path: cpu, resourceFieldRef: {containerName: a, resource: limits.cpu, divisor: 1m}}, \
                    {path: memory, mode: 0400, resourceFieldRef: {containerName: a, resource: requests.memory}}]}}]}}
                    """
                let script =
                    "cd /all; find . -follow -type f -path './[a-z]*' | sort | while read f; do "
                    + "echo $f $(stat -Lc %a $f) $(cat $f); done; readlink c s ..data | cut -c1-6"
                let run = try world.run(
                    documents(
                        Self.objects(),
                        pod(
                            container(
                                "a", script,
                                "volumeMounts: [{name: all, mountPath: /all}], "
                                    + "resources: {limits: {cpu: 250m, memory: 64Mi}, requests: {memory: 32Mi}}"),
                            name: "p, labels: {app: shop, tier: a}", spec: "volumes: [\(volume)]")))
                #expect(
                    run.lines(of: "a")
                        == [
                            "./c 400 value-2", "./cpu 444 250", "./labels 444 app=\"shop\" tier=\"a\"",
                            "./memory 400 33554432", "./name 444 p", "./s/one 444 value-1", "..data", "..data",
                            "..2026",
                        ].map { $0 == "..2026" ? ".." + String(Calendar.current.component(.year, from: Date())) : $0 },
                    "\(run)")
            }
        }

        @Test func limitsDefaultToThoseOfTheHost() throws {
            try withWorld { world in
                let resources = ["limits.cpu", "limits.memory", "requests.cpu", "requests.memory"]
                let files = resources.map {
                    "{path: \($0), resourceFieldRef: {containerName: a, resource: \($0)}}"
                }
                let variables = resources.map {
                    "{name: \($0.uppercased().replacing(".", with: "_")), valueFrom: {resourceFieldRef: {resource: \($0)}}}"
                }
                let run = try world.run(
                    pod(
                        container(
                            "a",
                            "cd /i; echo $(cat limits.cpu) $(cat limits.memory) $(cat requests.cpu) $(cat requests.memory); "
                                + "echo $LIMITS_CPU $LIMITS_MEMORY $REQUESTS_CPU $REQUESTS_MEMORY; nproc; "
                                + "echo $(($(sed -n 's/^MemTotal: *//p' /proc/meminfo | cut -d' ' -f1) * 1024))",
                            "env: [\(variables.joined(separator: ", "))], volumeMounts: [{name: i, mountPath: /i}]"),
                        spec: "volumes: [{name: i, downwardAPI: {items: [\(files.joined(separator: ", "))]}}]"))
                let lines = run.lines(of: "a")
                try #require(lines.count == 4, "\(run)")
                #expect(lines[0] == lines[1], "\(run)")
                let words = lines[0].split(separator: " ").map(String.init)
                #expect(words.count == 4 && words[0] == lines[2] && words[2] == "0" && words[3] == "0", "\(run)")
                // Huge pages are the host's and not the pods'.
                let (shown, total) = (Int(words[1]) ?? 0, Int(lines[3]) ?? 0)
                #expect(shown > 0 && shown <= total, "\(run)")
            }
        }

        /// Over a file that the root has, and for each kind of volume that the atomic writer makes.
        @Test func aSubPathMountsOneFile() throws {
            try withWorld { world in
                let run = try world.run(
                    documents(
                        Self.objects(),
                        pod(
                            container(
                                "a", "cat /etc/hostname /one/f /two/f /three/f /four; ls /one",
                                """
                                volumeMounts: [{name: c, mountPath: /etc/hostname, subPath: data-1}, \
                                {name: c, mountPath: /one/f, subPath: data-2}, {name: s, mountPath: /two/f, subPath: data-1}, \
                                {name: d, mountPath: /three/f, subPath: name}, {name: p, mountPath: /four, subPath: deep/x}]
                                """),
                            spec: """
                                volumes: [{name: c, configMap: {name: obj}}, {name: s, secret: {secretName: obj}}, \
                                {name: d, downwardAPI: {items: [{path: name, fieldRef: {fieldPath: metadata.name}}]}}, \
                                {name: p, projected: {sources: [{secret: {name: obj, items: [{key: data-2, path: deep/x}]}}]}}]
                                """)))
                #expect(run.stdout.contains("value-1value-2value-1pvalue-2f"), "\(run)")
            }
        }

        @Test func aSecretOfAnotherNamespaceIsNotMounted() throws {
            try withWorld { world in
                let other = configMap("obj", "{data-1: foreign}", kind: "Secret")
                    .replacing("{name: obj}", with: "{name: obj, namespace: other}")
                let run = try world.run(
                    documents(
                        other, Self.objects(),
                        pod(
                            container("a", "cat /s/data-1", "volumeMounts: [{name: s, mountPath: /s}]"),
                            spec: "volumes: [{name: s, secret: {secretName: obj}}]")))
                #expect(run.stdout.contains("value-1") && !run.stdout.contains("foreign"), "\(run)")
            }
        }

        @Test func binaryDataArrivesByteForByte() throws {
            try withWorld { world in
                let bytes = Data((0...255).map { UInt8($0) })
                let map = """
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: bin}
                    data: {text: "a\\nb"}
                    binaryData: {blob: \(bytes.base64EncodedString())}

                    """
                let run = try world.run(
                    documents(
                        map,
                        pod(
                            container(
                                "a", "base64 -w0 /c/blob; echo; od -An -c /c/text",
                                "volumeMounts: [{name: c, mountPath: /c}]"),
                            spec: "volumes: [{name: c, configMap: {name: bin}}]")))
                #expect(run.lines(of: "a").first == bytes.base64EncodedString(), "\(run)")
                #expect(run.lines(of: "a").last?.split(separator: " ") == ["a", "\\n", "b"], "\(run)")
            }
        }

        @Test(arguments: [
            "projected: {sources: [{configMap: {name: absent}}]}", "projected: {sources: [{secret: {name: absent}}]}",
            "projected: {sources: [{configMap: {name: obj, items: [{key: absent, path: a}]}}]}",
        ])
        func whatIsMissingIsNamed(_ source: String) throws {
            try withWorld { world in
                let run = try world.run(
                    documents(
                        Self.objects(),
                        pod(
                            container("a", "true", "volumeMounts: [{name: v, mountPath: /v}]"),
                            spec: "volumes: [{name: v, \(source)}]")))
                #expect(run.code == 2 && run.stderr.contains("absent"), "\(run)")
                #expect(run.stderr.contains("spec.volumes[0].projected.sources[0]."), "\(run)")
            }
        }
    }
}

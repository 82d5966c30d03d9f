import Foundation
import Glibc
import Testing

extension HostTests {
    /// How manifests are given, and how bad ones are refused.
    @Suite struct ManifestTests {
        private let json = """
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"restartPolicy": "Never", \
            "containers": [{"name": "a", "image": "host:/", "command": ["echo", "json"]}]}}
            """

        @Test func anUnknownFieldIsRefusedWithItsPlaceAndASuggestion() throws {
            try withWorld { world in
                let text = """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: p}
                    spec:
                      containers:
                      - name: a
                        image: host:/
                        comand: [touch, /f/ran]
                        volumeMounts: [{name: w, mountPth: /w}]
                      volumes: [{name: w, emptyDir: {}}]
                    """
                let run = try world.run(text)
                #expect(run.code == 2 && run.stdout == "", "\(run)")
                #expect(run.stderr.contains(/manifest-\d+\.yaml:8:5: .*comand.*did you mean "command"\?/), "\(run)")
                #expect(
                    run.stderr.contains(/manifest-\d+\.yaml:9:\d+: .*mountPth.*did you mean "mountPath"\?/), "\(run)")
                #expect(world.remains().isEmpty && world.logPath("p", "a") == nil)
            }
        }

        @Test func allErrorsOfAFileAreReportedAtOnce() throws {
            try withWorld { world in
                let run = try world.run(
                    """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: Not_A_Name}
                    spec:
                      restartPolicy: Sometimes
                      containers:
                      - {name: a, image: "host:/", command: [\"true\"], volumeMounts: [{name: wrk, mountPath: /w}]}
                      - {name: a, image: "host:/", command: [\"true\"]}
                      volumes: [{name: work, emptyDir: {}}]
                    """)
                #expect(run.code == 2)
                for part in ["metadata.name", "Sometimes", "wrk", "did you mean \"work\"?", "containers[1].name"] {
                    #expect(run.stderr.contains(part), "no \(part): \(run)")
                }
            }
        }

        @Test func oneBadFileStopsAllPods() throws {
            try withWorld { world in
                let good = try world.write("good.yaml", pod(container("a", "echo ran")))
                let bad = try world.write("bad.yaml", "kind: Pod\n")
                let run = try world.command(["run", good, bad]).wait()
                #expect(run.code == 2 && run.stdout == "" && run.stderr.contains("bad.yaml:1"), "\(run)")
            }
        }

        @Test func otherKindsAreRefusedByName() throws {
            try withWorld { world in
                let run = try world.run("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec: {}\n")
                #expect(run.code == 2 && run.stderr.contains("Deployment"), "\(run)")
            }
        }

        @Test func aFileThatIsNotThereIsNamed() throws {
            try withWorld { world in
                let run = try world.command(["run", "nowhere.yaml"]).wait()
                #expect(run.code == 2 && run.stderr.contains("nowhere.yaml"), "\(run)")
            }
        }

        @Test func jsonKyamlListsDirectoriesAndStandardInputAreRead() throws {
            try withWorld { world in
                try world.write("one.json", json)
                let fromJSON = try world.command(["run", "one.json"]).wait()
                #expect(fromJSON.stdout == "a | json\n", "\(fromJSON)")
                let kyaml = """
                    ---
                    {
                      apiVersion: "v1",
                      kind: "Pod",
                      metadata: { name: "p", },
                      spec: {
                        restartPolicy: "Never",
                        containers: [{
                          name: "a",
                          image: "host:/",
                          command: ["echo", "kyaml"],
                        }],
                      },
                    }
                    """
                try #expect(world.run(kyaml).stdout == "a | kyaml\n")
                let list = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [\(json)]}"
                try #expect(world.run(list).stdout == "a | json\n")
                let stdin = try world.command(["run", "-"], input: json).wait()
                #expect(stdin.stdout == "a | json\n", "\(stdin)")
                let option = try world.command(["run", "-f", "one.json"]).wait()
                #expect(option.stdout == "a | json\n", "\(option)")
                try world.write("folder/a.yaml", configMap("conf", "{k: from-a-folder}"))
                try world.write(
                    "folder/b.yaml",
                    pod(
                        container(
                            "a", "echo $K", "env: [{name: K, valueFrom: {configMapKeyRef: {name: conf, key: k}}}]")))
                try world.write("folder/notes.txt", "not a manifest")
                try world.write("folder/deeper/c.yaml", pod(container("deep", "echo deep"), name: "deep"))
                let folder = try world.command(["run", "folder"]).wait()
                #expect(folder.code == 0 && folder.stdout == "a | from-a-folder\n", "\(folder)")
                let recursive = try world.command(["run", "-R", "folder"]).wait()
                #expect(recursive.code == 0, "\(recursive)")
                #expect(
                    recursive.lines(of: "deep") == ["deep"] && recursive.lines(of: "a") == ["from-a-folder"],
                    "\(recursive)")
            }
        }

        @Test func severalPodsRunSideBySide() throws {
            try withWorld { world in
                let run = try world.run(
                    documents(
                        pod(container("a", "sleep 0.5; echo one"), name: "one"),
                        pod(container("a", "sleep 0.5; echo two; exit 3"), name: "two"),
                        pod(container("b", "sleep 0.5; echo three"), name: "three")))
                #expect(run.code == 3, "\(run)")
                #expect(run.stdout.contains("one\n") && run.stdout.contains("two\n") && run.stdout.contains("three\n"))
                #expect(run.seconds < 1.4, "\(run.seconds) s")
                // Two containers of one name can be told apart.
                #expect(Set(run.lines.map { $0.components(separatedBy: " | ")[0] }).count == 3, "\(run)")
            }
        }

        @Test func twoPodsOfOneNameAreRefused() throws {
            try withWorld { world in
                let run = try world.run(documents(pod(container("a", "true")), pod(container("b", "true"))))
                #expect(run.code == 2 && run.stderr.contains("\"p\""), "\(run)")
            }
        }

        @Test func anImageOfARegistryIsRefusedWithWhatToDo() throws {
            try withWorld { world in
                let text = pod("{name: a, image: nginx, command: [\"true\"]}")
                let refused = try world.run(text)
                #expect(refused.code == 2 || refused.code == 1, "\(refused)")
                #expect(refused.stderr.contains("--rootfs host") || refused.stderr.contains("image map"), "\(refused)")
                let mapped = try world.run(
                    pod("{name: a, image: \"example.com/x:1\", command: [echo, mapped]}"), ["--rootfs", "host"])
                #expect(mapped.stdout == "a | mapped\n", "\(mapped)")
            }
        }

        @Test func aDirectoryIsARoot() throws {
            try withWorld(needs: [.program("busybox")]) { world in
                let busybox = try #require(World.program("busybox"))
                try world.directory("tree/bin")
                try FileManager.default.copyItem(atPath: busybox, toPath: world.files + "/tree/bin/busybox")
                let script = "/bin/busybox ls /; /bin/busybox touch /made; /bin/busybox mkdir /etc/x"
                let text = pod(
                    "{name: a, image: \"host:\(world.files)/tree\", command: [/bin/busybox, sh, -c, \(quoted(script))]}"
                )
                let run = try world.run(text)
                #expect(run.code == 0, "\(run)")
                #expect(Set(run.lines(of: "a")) == ["bin", "dev", "etc", "proc", "sys"], "\(run)")
                #expect(!world.exists("tree/made") && !world.exists("tree/etc") && !world.exists("tree/proc"))
            }
        }

        @Test func validateChecksAndChangesNothing() throws {
            try withWorld { world in
                try world.write("good.yaml", pod(container("a", "touch /f/ran")))
                try world.write("bad.yaml", pod(container("a", "true", "tyop: 1")))
                let good = try world.command(["validate", "good.yaml"]).wait()
                #expect(good.code == 0, "\(good)")
                let bad = try world.command(["validate", "good.yaml", "bad.yaml"]).wait()
                #expect(bad.code == 2 && bad.stderr.contains("bad.yaml:7:"), "\(bad)")
            }
        }

        @Test func hostileYAMLIsRefusedQuickly() throws {
            try withWorld { world in
                var bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n"
                for (from, to) in zip("abcdefgh", "bcdefghi") {
                    bomb += "\(to): &\(to) [\((0..<9).map { _ in "*\(from)" }.joined(separator: ", "))]\n"
                }
                let hostile = [
                    bomb, String(repeating: "[", count: 10000), "kind: Pod\nkind: Pod\n", "\u{0}", "a: !!binary x\n",
                    "a:\n\t- b\n", String(repeating: "# comment\n", count: 1_000_000),
                    pod(container("a", "true")).replacingOccurrences(of: "Never", with: "{a: 1}"),
                ]
                for text in hostile {
                    let run = try world.run(text, timeout: 5)
                    #expect(run.code == 2, "\(text.prefix(40)): exit \(run.code)")
                    #expect(run.seconds < 2, "\(text.prefix(40)): \(run.seconds) s")
                    #expect(!run.stderr.isEmpty)
                }
            }
        }
    }
}

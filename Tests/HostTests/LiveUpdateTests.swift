import Foundation
import Glibc
import Testing

extension HostTests {
    /// Manifests that change while their pods run.
    @Suite struct LiveUpdateTests {
        /// A run of `manifest` in a file that is then changed.
        struct Live {
            let world: World
            let path: String
            let run: Run

            init(_ world: World, _ manifest: String, _ arguments: String...) throws {
                self.world = world
                path = try world.write("live.yaml", manifest)
                run = try world.command(["run", path] + arguments)
                try run.waitForLine("a | up")
            }

            /// Puts new text into the file, and says so.
            func change(_ manifest: String) throws {
                try world.write("live.yaml", manifest)
                run.signal(SIGHUP)
            }

            /// A file as the container sees it; nil where there is none.
            func read(_ file: String) -> String? {
                guard let process = world.containerProcesses().first else { return nil }
                let path = "/proc/\(process)/root\(file)"
                return access(path, F_OK) == 0 ? text(at: path) : nil
            }

            func eventuallyReads(_ file: String, _ content: String?) throws {
                do {
                    try eventually("\(file) reads \(content ?? "nothing")") { read(file) == content }
                } catch {
                    throw Expired(description: "\(error): it reads \(read(file) ?? "nothing")\n\(run.stderr)")
                }
            }

            func end() throws -> Outcome {
                run.interrupt()
                return try run.wait()
            }
        }

        static let volumes = """
            volumes: [{name: c, configMap: {name: c}}, {name: s, secret: {secretName: s}}, \
            {name: oc, configMap: {name: oc, optional: true}}, {name: os, secret: {secretName: os, optional: true}}, \
            {name: p, projected: {sources: [{configMap: {name: c}}, {secret: {name: s}}, \
            {configMap: {name: oc, optional: true}}, {secret: {name: os, optional: true}}, \
            {downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}]}}, \
            {name: d, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}, \
            {path: annotations, fieldRef: {fieldPath: metadata.annotations}}, \
            {path: one, fieldRef: {fieldPath: "metadata.labels['app']"}}]}}]
            """

        static func podText(_ metadata: String = "", spec: String = "", more: String = "") -> String {
            let mounts = ["c", "s", "oc", "os", "p", "d"].map { "{name: \($0), mountPath: /v/\($0)}" }
            return pod(
                container(
                    "a", "echo up; \(idle)",
                    "volumeMounts: [\(mounts.joined(separator: ", ")), {name: c, mountPath: /sub, subPath: ck}], "
                        + "env: [{name: E, valueFrom: {configMapKeyRef: {name: c, key: ck}}}]" + more),
                name: "p" + metadata, spec: "terminationGracePeriodSeconds: 1\n" + spec + volumes)
        }

        static func secret(_ name: String, _ data: String) -> String { configMap(name, data, kind: "Secret") }

        @Test func configMapsAndSecretsChangeInTheRunningPod() throws {
            try withWorld { world in
                let live = try Live(
                    world,
                    documents(
                        configMap("c", "{ck: one, gone: soon}"), Self.secret("s", "{sk: one}"),
                        configMap("oc", "{ok: here}"), Self.podText()))
                #expect(live.read("/v/c/ck") == "one" && live.read("/v/c/gone") == "soon")
                #expect(live.read("/v/oc/ok") == "here" && live.read("/v/p/ok") == "here")
                #expect(live.read("/v/os/osk") == nil && live.read("/v/p/osk") == nil)
                let process = world.containerProcesses()
                // One is changed, one created, one deleted.
                try live.change(
                    documents(
                        configMap("c", "{ck: two, new: key}"), Self.secret("s", "{sk: two}"),
                        Self.secret("os", "{osk: made}"), Self.podText()))
                for (file, content) in [
                    ("c/ck", "two"), ("c/new", "key"), ("c/gone", nil), ("s/sk", "two"), ("oc/ok", nil),
                    ("os/osk", "made"),
                    ("p/ck", "two"), ("p/sk", "two"), ("p/ok", nil), ("p/osk", "made"),
                ] as [(String, String?)] {
                    try live.eventuallyReads("/v/" + file, content)
                }
                #expect(live.read("/sub") == "one")
                #expect(text(at: "/proc/\(process[0])/environ").contains("\0E=one\0"))
                #expect(world.containerProcesses() == process)
                let outcome = try live.end()
                #expect(outcome.stderr.contains("configmap/c has changed\n"), "\(outcome)")
                #expect(outcome.stderr.contains("volume \"c\" updated"), "\(outcome)")
                #expect(!outcome.stderr.contains("two") && !outcome.stderr.contains("made"), "\(outcome)")
            }
        }

        @Test func labelsAndAnnotationsChangeInFilesAndInTheObject() throws {
            try withWorld { world in
                let objects = documents(configMap("c", "{ck: one}"), Self.secret("s", "{sk: one}"))
                let live = try Live(
                    world, documents(objects, Self.podText(", labels: {app: a}, annotations: {note: \"1\"}")), "-o",
                    "json"
                )
                #expect(live.read("/v/d/labels") == "app=\"a\"" && live.read("/v/d/one") == "a")
                try live.change(
                    documents(objects, Self.podText(", labels: {app: b, more: c}, annotations: {note: \"2\"}")))
                try live.eventuallyReads("/v/d/labels", "app=\"b\"\nmore=\"c\"")
                try live.eventuallyReads("/v/d/annotations", "note=\"2\"")
                try live.eventuallyReads("/v/d/one", "b")
                try live.eventuallyReads("/v/p/labels", "app=\"b\"\nmore=\"c\"")
                let outcome = try live.end()
                #expect(
                    outcome.stdout.contains("\"app\": \"b\"") && outcome.stdout.contains("\"more\": \"c\""),
                    "\(outcome)")
            }
        }

        /// The new text, and what is then said; each of them also changes the ConfigMap, which must not arrive.
        static let refusals: [(map: String, spec: String, more: String, message: String)] = [
            ("{ck: two", "", "", "live.yaml:"),
            ("{ck: two}", "hostname: other\n", "", ": spec.hostname: cannot change while the pod runs"),
            (
                "{ck: two}", "", ", workingDir: /tmp",
                ": spec.containers[0].workingDir: cannot change while the pod runs"
            ),
            ("{ck: two}", "nonsense: 1\n", "", ": spec.nonsense: unknown field \"nonsense\""),
            ("{other: two}", "", "", "couldn't find key ck in ConfigMap default/c"),
        ]

        @Test(arguments: refusals.indices)
        func whatCannotChangeIsRefusedAndNothingChanges(_ index: Int) throws {
            let row = Self.refusals[index]
            try withWorld { world in
                let secret = Self.secret("s", "{sk: one}")
                let live = try Live(world, documents(configMap("c", "{ck: one}"), secret, Self.podText()))
                let process = world.containerProcesses()
                try live.change(
                    documents(configMap("c", row.map), secret, Self.podText(spec: row.spec, more: row.more)))
                try live.run.waitForLine("the pods go on unchanged")
                #expect(live.run.stderr.contains(row.message), "\(live.run.stderr)")
                #expect(live.read("/v/c/ck") == "one" && world.containerProcesses() == process)
                // And the next change is taken over.
                try live.change(documents(configMap("c", "{ck: three}"), secret, Self.podText()))
                try live.eventuallyReads("/v/c/ck", "three")
                _ = try live.end()
            }
        }

        @Test(arguments: ["ConfigMap", "Secret"])
        func whatIsImmutableStaysSo(_ kind: String) throws {
            try withWorld { world in
                func object(_ value: String, _ immutable: String) -> String {
                    configMap("i", "{k: \(value)}", kind: kind) + immutable
                }
                let source = kind == "Secret" ? "secret: {secretName: i}" : "configMap: {name: i}"
                let text = pod(
                    container("a", "echo up; \(idle)", "volumeMounts: [{name: i, mountPath: /i}]"),
                    spec: "terminationGracePeriodSeconds: 1\nvolumes: [{name: i, \(source)}]")
                let live = try Live(world, documents(object("one", ""), text))
                try live.change(documents(object("two", "immutable: true\n"), text))
                try live.eventuallyReads("/i/k", "two")
                for (value, immutable, field) in [("three", "immutable: true\n", "data"), ("two", "", "immutable")] {
                    try live.change(documents(object(value, immutable), text))
                    try live.run.waitForLine(": \(field): field is immutable when `immutable` is set")
                }
                #expect(live.read("/i/k") == "two")
                _ = try live.end()
            }
        }

        /// Written in place, replaced by a rename as editors do, and behind a link.
        @Test func watchedFilesAreTakenOverByThemselves() throws {
            try withWorld { world in
                func text(_ value: String) -> String {
                    documents(
                        configMap("c", "{ck: \(value)}"),
                        pod(
                            container("a", "echo up; \(idle)", "volumeMounts: [{name: c, mountPath: /c}]"),
                            spec: "terminationGracePeriodSeconds: 1\nvolumes: [{name: c, configMap: {name: c}}]"))
                }
                try world.write("store/one.yaml", text("one"))
                symlink(world.files + "/store/one.yaml", world.files + "/link.yaml")
                let run = try world.command(["run", world.files + "/link.yaml", "--watch"])
                try run.waitForLine("a | up")
                let process = try #require(world.containerProcesses().first)
                func expect(_ value: String) throws {
                    try eventually("the container reads \(value)") {
                        HostTests.content("/proc/\(process)/root/c/ck") == value
                    }
                }
                try world.write("store/one.yaml", text("two"))
                try expect("two")
                try world.write("store/.new", text("three"))
                #expect(rename(world.files + "/store/.new", world.files + "/store/one.yaml") == 0)
                try expect("three")
                try world.write("store/two.yaml", text("four"))
                symlink(world.files + "/store/two.yaml", world.files + "/.link")
                #expect(rename(world.files + "/.link", world.files + "/link.yaml") == 0)
                try expect("four")
                try world.write("store/two.yaml", text("five"))
                try expect("five")
                run.interrupt()
                _ = try run.wait()
            }
        }

        @Test func whatWasTakenOverOutlivesSupervisorAndSandbox() throws {
            try withWorld(sweeping: true) { world in
                func text(_ value: String) -> String {
                    documents(
                        configMap("c", "{ck: \(value)}"),
                        pod(
                            container(
                                "a", "echo up; cat /c/ck; echo; \(idle)", "volumeMounts: [{name: c, mountPath: /c}]"),
                            policy: "Always",
                            spec: "terminationGracePeriodSeconds: 1\nvolumes: [{name: c, configMap: {name: c}}]"))
                }
                let live = try Live(world, text("one"))
                try live.change(text("two"))
                try live.eventuallyReads("/c/ck", "two")
                let supervisor = try #require(world.supervisors().first)
                kill(supervisor, SIGKILL)
                try eventually("a new supervisor") { world.supervisors().contains { $0 != supervisor } }
                #expect(live.read("/c/ck") == "two")
                let next = try #require(world.supervisors().first { $0 != supervisor })
                try eventually("it has taken over") { kill(next, 0) == 0 && !world.containerProcesses().isEmpty }
                usleep(200_000)
                // A new sandbox is made of what the new supervisor knows.
                kill(try #require(world.keepers().first), SIGKILL)
                try live.run.waitForLine("a | two", within: 20)
                try live.change(text("three"))
                try live.eventuallyReads("/c/ck", "three")
                _ = try live.end()
            }
        }

        /// Set on a running pod, it counts from the pod's start; it never grows again.
        @Test func anActiveDeadlineCanBeSetAndShortened() throws {
            try withWorld { world in
                func text(_ spec: String) -> String {
                    pod(container("a", "echo up; \(idle)"), spec: "terminationGracePeriodSeconds: 1\n" + spec)
                }
                let live = try Live(world, text(""))
                try live.change(text("activeDeadlineSeconds: 600"))
                try live.run.waitForLine("pod/p has changed")
                try live.change(text("activeDeadlineSeconds: 700"))
                try live.run.waitForLine(
                    "spec.activeDeadlineSeconds: must be less than or equal to previous value: 700")
                try live.change(text(""))
                try live.run.waitForLine(
                    "spec.activeDeadlineSeconds: must not update from a positive integer to nil value")
                #expect(!world.containerProcesses().isEmpty)
                try live.change(text("activeDeadlineSeconds: 1"))
                let outcome = try live.run.wait()
                #expect(outcome.code == 1 && outcome.stderr.contains("DeadlineExceeded"), "\(outcome)")
            }
        }

        /// A supervisor that is not there does not lose what is sent to it.
        @Test func anUpdateWhileNoSupervisorLivesArrives() throws {
            try withWorld(sweeping: true) { world in
                let secret = Self.secret("s", "{sk: one}")
                let live = try Live(world, documents(configMap("c", "{ck: one}"), secret, Self.podText()))
                for round in 1...3 {
                    let supervisor = try #require(world.supervisors().first)
                    kill(supervisor, SIGKILL)
                    try live.change(documents(configMap("c", "{ck: r\(round)}"), secret, Self.podText()))
                    try live.eventuallyReads("/v/c/ck", "r\(round)")
                    try live.eventuallyReads("/v/p/ck", "r\(round)")
                    try eventually("a supervisor") { !world.supervisors().isEmpty }
                }
                _ = try live.end()
            }
        }
    }

    fileprivate static func content(_ path: String) -> String { text(at: path) }
}

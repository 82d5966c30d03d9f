import Foundation
import Glibc
import ObjectStore
import PodAPI
import Testing

extension HostTests {
    /// The store of objects, with processes: many at once, killed ones, a disk that is full or read-only.
    @Suite struct StoreTests {
        private func withStore<Result>(_ world: World, _ body: (ObjectStore) throws -> Result) throws -> Result {
            let store = try ObjectStore(path: world.root + "/lib/state.db")
            defer { store.close() }
            return try body(store)
        }

        private func makeConfigMap(_ world: World) throws {
            let text =
                #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","namespace":"default"},"data":{"a":"1"}}"#
            let object = try JSONValue(parsing: text.utf8)
            try withStore(world) { store in
                _ = try store.write { (transaction) throws(ObjectStoreError) in try transaction.create(object) }
            }
        }

        private func configMap(_ world: World) throws -> JSONValue {
            try withStore(world) { try $0.get(ObjectKey(kind: "ConfigMap", namespace: "default", name: "c")) }
        }

        private func start(_ world: World, _ arguments: String...) throws -> Run {
            try world.command(arguments, environment: ["SWIFTLET_ROOT=\(world.root)"])
        }

        @Test func twentyAtOnce() throws {
            try withWorld { world in
                try makeConfigMap(world)
                let runs = try (0..<20).map { try start(world, "annotate", "cm/c", "k\($0)=\($0)") }
                for run in runs {
                    let outcome = try run.wait(60)
                    #expect(outcome.code == 0 && outcome.stdout == "configmap/c annotated\n", "\(outcome)")
                }
                let map = try #require(try configMap(world)[path: "metadata", "annotations"]?.dictionary)
                #expect(map.count == 20)
                #expect(try withStore(world) { try $0.resourceVersion() } == 21)
            }
        }

        /// What a command has said to be done is there, whatever was killed before and after it.
        @Test func killedInTheMiddle() throws {
            try withWorld { world in
                try makeConfigMap(world)
                var done: [Int] = []
                for number in 0..<40 {
                    let run = try start(world, "annotate", "cm/c", "last=\(number)", "n\(number)=x", "--overwrite")
                    usleep(UInt32.random(in: 0..<40_000))
                    kill(run.pid, SIGKILL)
                    if try run.wait().stdout.contains("annotated") { done.append(number) }
                    world.forget(run)
                }
                #expect(try world.verb("annotate", "cm/c", "end=1").code == 0)
                let map = try #require(try configMap(world)[path: "metadata", "annotations"]?.dictionary)
                for number in done { #expect(map["n\(number)"] == "x") }
                let last = map["last"].flatMap { Int($0) } ?? -1
                #expect(last >= done.last ?? -1 && (last < 0 || map["n\(last)"] == "x"))
                let version = try withStore(world) { try $0.resourceVersion() }
                #expect(version == Int64(map.count { $0.key.hasPrefix("n") }) + 2)
            }
        }

        @Test func aFullDiskChangesNothing() throws {
            try withWorld(needs: [.program("mount"), .program("umount")]) { world in
                let lib = world.root + "/lib"
                try FileManager.default.createDirectory(atPath: lib, withIntermediateDirectories: true)
                try #require(
                    try world.program(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", lib]).wait().code == 0)
                defer { _ = try? world.program(["umount", lib]).wait() }
                try makeConfigMap(world)
                let before = try configMap(world)
                let descriptor = open(lib + "/ballast", O_WRONLY | O_CREAT, 0o600)
                let block = [UInt8](repeating: 1, count: 4096)
                while write(descriptor, block, block.count) > 0 {}
                close(descriptor)
                let value = String(repeating: "x", count: 30_000)
                let outcome = try world.verb("annotate", "cm/c", "big=\(value)")
                #expect(outcome.code == 1 && outcome.stderr.contains("state.db"), "\(outcome)")
                #expect(outcome.stderr.contains("no space left") || outcome.stderr.contains("is it full"), "\(outcome)")
                unlink(lib + "/ballast")
                #expect(try configMap(world) == before)
                #expect(try world.verb("annotate", "cm/c", "big=\(value)").code == 0)
            }
        }

        @Test func aReadOnlyDiskIsSaid() throws {
            try withWorld(needs: [.program("mount"), .program("umount")]) { world in
                let lib = world.root + "/lib"
                try FileManager.default.createDirectory(atPath: lib, withIntermediateDirectories: true)
                try #require(
                    try world.program(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", lib]).wait().code == 0)
                defer { _ = try? world.program(["umount", lib]).wait() }
                try makeConfigMap(world)
                try #require(try world.program(["mount", "-o", "remount,ro", lib]).wait().code == 0)
                let outcome = try world.verb("annotate", "cm/c", "a=b")
                #expect(outcome.code == 1 && outcome.stderr.contains("\(lib)/state.db: "), "\(outcome)")
            }
        }

        @Test func aStoreThatIsNoneIsNamed() throws {
            try withWorld { world in
                try makeConfigMap(world)
                try Data("not a store, but long enough to be taken for something".utf8).write(
                    to: URL(fileURLWithPath: world.root + "/lib/state.db"))
                let outcome = try world.verb("get", "cm")
                #expect(outcome.code == 1 && outcome.stderr.contains("the file is damaged"), "\(outcome)")
                #expect(outcome.stderr.contains("\(world.root)/lib/state.db"))
            }
        }

        @Test func labelsAndAnnotations() throws {
            try withWorld { world in
                try makeConfigMap(world)
                func check(_ arguments: [String], _ stdout: String, _ stderr: String = "", _ code: Int32 = 0) throws {
                    let outcome = try world.command(
                        arguments, environment: ["SWIFTLET_ROOT=\(world.root)"]
                    ).wait()
                    #expect(
                        outcome.stdout == stdout && outcome.stderr == stderr && outcome.code == code,
                        "\(arguments): \(outcome)")
                }
                try check(["label", "cm", "c", "a=1", "b=2"], "configmap/c labeled\n")
                try check(["label", "cm", "c", "a=1"], "configmap/c not labeled\n")
                try check(
                    ["label", "cm", "c", "a=2"], "", "error: 'a' already has a value (1), and --overwrite is false\n", 1
                )
                try check(
                    ["label", "cm/c", "a=2", "--overwrite", "--dry-run=client"], "configmap/c labeled (dry run)\n")
                try check(["label", "configmaps", "--all", "a=2", "--overwrite"], "configmap/c labeled\n")
                try check(["label", "cm", "-l", "a=2", "b-"], "configmap/c unlabeled\n")
                try check(["label", "cm/c", "--list"], "a=2\n")
                try check(
                    ["label", "cm/none", "a=2"], "",
                    "Error from server (NotFound): configmaps \"none\" not found\n", 1)
                try check(
                    ["label", "cm", "a=2"], "", "error: resource(s) were provided, but no name was specified\n", 1)
                try check(["annotate", "cm/c", "x=y z"], "configmap/c annotated\n")
                try check(
                    ["annotate", "cm/c", "x=q"], "",
                    "error: --overwrite is false but found the following declared annotation(s): 'x' already has a value (y z)\n",
                    1)
                try check(["annotate", "cm/c", "x-"], "configmap/c annotated\n")
                try check(["patch", "cm", "c", "-p", #"{"data":{"b":"2"}}"#], "configmap/c patched\n")
                try check(["patch", "cm/c", "-p", "data: {b: '2'}"], "configmap/c patched (no change)\n")
                try check(["patch", "cm/c", "--type=merge", "-p", #"{"data":{"a":null}}"#], "configmap/c patched\n")
                try check(
                    ["patch", "cm/c", "--type=json", "-p", #"[{"op":"replace","path":"/data/b","value":"3"}]"#],
                    "configmap/c patched\n")
                #expect(try configMap(world)["data"]?.dictionary == ["b": "3"])
                let refused = try world.verb("patch", "cm/c", "-p", #"{"kind":"Secret"}"#)
                #expect(
                    refused.code == 1 && refused.stderr.hasPrefix("The ConfigMap \"c\" is invalid: kind: "),
                    "\(refused)")
            }
        }

        @Test func editing() throws {
            try withWorld { world in
                try makeConfigMap(world)
                func edit(_ editor: String) throws -> Outcome {
                    try world.command(
                        ["edit", "cm/c"],
                        environment: ["SWIFTLET_ROOT=\(world.root)", "KUBE_EDITOR=\(editor)", "TMPDIR=\(world.files)"]
                    ).wait()
                }
                let good = try edit("sed -i 's/a: \"1\"/a: \"2\"/'")
                #expect(good.code == 0 && good.stdout == "configmap/c edited\n", "\(good)")
                #expect(try configMap(world)[path: "data", "a"] == .string("2"))
                let none = try edit("true")
                #expect(none.code == 0 && none.stderr == "Edit cancelled, no changes made.\n", "\(none)")
                let empty = try edit("truncate -s 0")
                #expect(empty.code == 0 && empty.stderr == "Edit cancelled, saved file was empty.\n", "\(empty)")
                #expect(
                    try FileManager.default.contentsOfDirectory(atPath: world.files).allSatisfy { !$0.contains("edit") }
                )
                let bad = try edit("sed -i 's/name: c/name: d/'")
                #expect(bad.code == 1 && bad.stderr.contains("metadata.name: field is immutable"), "\(bad)")
                #expect(bad.stderr.contains("no valid changes were saved"), "\(bad)")
                let kept = try FileManager.default.contentsOfDirectory(atPath: world.files).filter {
                    $0.contains("edit")
                }
                #expect(kept.count == 1 && world.read(kept[0]).contains("name: d"))
                let broken = try edit("false")
                #expect(broken.code == 1 && broken.stderr.contains("problem with the editor"), "\(broken)")
            }
        }

        @Test func waiting() throws {
            try withWorld { world in
                let missing = try world.verb("wait", "--for=condition=Ready", "pod/test")
                #expect(
                    missing.code == 1 && missing.stderr == "Error from server (NotFound): pods \"test\" not found\n",
                    "\(missing)")
                let creation = try start(world, "wait", "--for=create", "pod/test", "--timeout=20s")
                let value = try start(world, "wait", "--for=jsonpath={.data.b}=2", "cm/c", "--timeout=20s")
                #expect(try value.wait().code == 1)
                try makeConfigMap(world)
                let patched = try start(world, "wait", "--for=jsonpath={.data.b}=2", "cm/c", "--timeout=20s")
                try world.whileRunning(pod(container("a", idle), name: "test")) { run in
                    #expect(try creation.wait().stdout == "pod/test condition met\n")
                    let ready = try world.verb("wait", "--for=condition=Ready", "pod/test")
                    #expect(ready.code == 0 && ready.stdout == "pod/test condition met\n", "\(ready)")
                    let phase = try world.verb("wait", "--for=jsonpath={.status.phase}=Running", "pods", "--all")
                    #expect(phase.code == 0, "\(phase)")
                    let late = try world.verb("wait", "--for=condition=Ready=false", "pod/test", "--timeout=200ms")
                    #expect(late.code == 1)
                    #expect(late.stderr == "error: timed out waiting for the condition on pods/test\n", "\(late)")
                    let end = try start(world, "wait", "--for=delete", "pod/test", "--timeout=20s")
                    usleep(100_000)
                    #expect(!end.hasEnded)
                    run.interrupt()
                    let outcome = try end.wait()
                    #expect(outcome.code == 0 && outcome.stdout == "pod/test condition met\n", "\(outcome)")
                }
                #expect(try world.verb("patch", "cm/c", "-p", #"{"data":{"b":"2"}}"#).code == 0)
                #expect(try patched.wait().stdout == "configmap/c condition met\n")
                #expect(try world.verb("wait", "--for=delete", "pod/test").code == 0)
            }
        }
    }
}

import Foundation
import Glibc
import PodAPI
import Testing

/// Stored objects through the command line, in one world.
struct StoredWorld {
    let world: World

    /// Runs a verb to its end.
    @discardableResult
    func verb(_ arguments: String..., input: String? = nil, timeout: Double = 30) throws -> Outcome {
        try world.command(arguments + ["--root", world.root], input: input).wait(timeout)
    }

    func apply(_ manifest: String, _ arguments: String...) throws -> Outcome {
        try world.command(["apply", "-f", "-", "--root", world.root] + arguments, input: manifest).wait(30)
    }

    /// The mark that a container leaves when it starts, a line each time.
    func starts(_ name: String = "starts") -> Int { world.read(name).split(separator: "\n").count }

    func waitForStarts(_ count: Int, _ name: String = "starts") throws {
        try eventually("\(count) starts, not \(starts(name))", within: 10) { starts(name) >= count }
    }
}

/// A pod that writes a line to a file of the host and goes on until it is told to end.
func marker(_ world: World, name: String = "p", file: String = "starts", spec: String = "", more: String = "") -> String
{
    pod(
        container(
            "a", "echo start >> /m/\(file); \(idle)",
            "volumeMounts: [{name: m, mountPath: /m}]" + (more.isEmpty ? "" : ", " + more)),
        policy: "Always", name: name,
        spec: "terminationGracePeriodSeconds: 5\nvolumes: [{name: m, hostPath: {path: \(world.files)}}]\n" + spec)
}

extension HostTests {
    @Suite struct ApplyTests {
        @Test func aPodIsCreatedOutlivesTheCommandAndIsDeleted() throws {
            try withWorld { world in
                let host = StoredWorld(world: world)
                let manifest = marker(world)
                let first = try host.apply(manifest)
                #expect(first.stdout == "pod/p created\n" && first.code == 0, "\(first)")
                try host.waitForStarts(1)
                #expect(world.supervisors().count == 1)
                let second = try host.apply(manifest)
                #expect(second.stdout == "pod/p unchanged\n" && second.code == 0, "\(second)")
                let deleted = try host.verb("delete", "pod", "p")
                #expect(deleted.stdout == "pod \"p\" deleted\n" && deleted.code == 0, "\(deleted)")
                #expect(world.supervisors().isEmpty && world.containerProcesses().isEmpty)
                #expect(world.remains() == [])
                #expect(host.starts() == 1)
                let missing = try host.verb("delete", "pod", "p")
                #expect(missing.code == 1)
                #expect(missing.stderr == "Error from server (NotFound): pods \"p\" not found\n")
            }
        }

        @Test func allFilesAreCheckedBeforeAnythingChanges() throws {
            try withWorld { world in
                let host = StoredWorld(world: world)
                let good = try world.write("a.yaml", marker(world))
                let bad = try world.write("b.yaml", configMap("c", "{k: 1}"))
                let run = try host.verb("apply", "-f", good, "-f", bad)
                #expect(run.code == 2 && run.stdout.isEmpty, "\(run)")
                #expect(run.stderr.contains("b.yaml:4:11: data[k]: must be a string"), "\(run)")
                try #expect(host.verb("delete", "-f", good).code == 1)
                #expect(host.starts() == 0)
            }
        }

        @Test func aRunningPodTakesChangedFilesOver() throws {
            try withWorld { world in
                let host = StoredWorld(world: world)
                let script = "while :; do cat /c/k > /m/seen; sleep 0.05; done"
                let user = pod(
                    container("a", script, "volumeMounts: [{name: m, mountPath: /m}, {name: c, mountPath: /c}]"),
                    policy: "Always",
                    spec: """
                        terminationGracePeriodSeconds: 0
                        volumes: [{name: m, hostPath: {path: \(world.files)}}, {name: c, configMap: {name: c}}]
                        """)
                let first = try host.apply(documents(configMap("c", "{k: one}"), user))
                #expect(first.lines == ["configmap/c created", "pod/p created"], "\(first)")
                try eventually("one is seen", within: 10) { world.read("seen") == "one" }
                let second = try host.apply(documents(configMap("c", "{k: two}"), user))
                #expect(second.lines == ["configmap/c configured", "pod/p unchanged"], "\(second)")
                try eventually("two is seen", within: 10) { world.read("seen") == "two" }
                try host.verb("delete", "pod,cm", "--all")
            }
        }

        @Test func whatCannotChangeIsRefusedWithItsPlace() throws {
            try withWorld { world in
                let host = StoredWorld(world: world)
                _ = try host.apply(marker(world))
                try host.waitForStarts(1)
                let changed = try host.apply(marker(world, spec: "hostname: other"))
                #expect(changed.code == 1 && changed.stdout.isEmpty, "\(changed)")
                #expect(
                    changed.stderr.contains("spec.hostname: Forbidden: pod updates may not change fields other than")
                        && changed.stderr.hasPrefix("stdin:8:"), "\(changed)")
                #expect(changed.stderr.contains("--force deletes pod/p and creates it anew"))
                let forced = try host.apply(marker(world, spec: "hostname: other"), "--force")
                #expect(forced.stdout == "pod/p created\n", "\(forced)")
                try host.waitForStarts(2)
                try host.verb("delete", "pod", "p", "--now")
            }
        }

        @Test func aPodWaitsForWhatItLacks() throws {
            try withWorld { world in
                let host = StoredWorld(world: world)
                let user = marker(world, more: "env: [{name: K, valueFrom: {configMapKeyRef: {name: c, key: k}}}]")
                let first = try host.apply(user)
                #expect(first.stdout == "pod/p created\n" && first.code == 0, "\(first)")
                #expect(
                    first.stderr == "pod/p waits: CreateContainerConfigError: configmap \"c\" not found\n", "\(first)")
                #expect(world.supervisors().isEmpty)
                // The next command that makes it possible starts it.
                _ = try host.apply(configMap("c", "{k: v}"))
                try host.waitForStarts(1)
                try host.verb("delete", "pod", "p", "--now")
            }
        }

        @Test func claimsAreBoundForGood() throws {
            try withWorld { world in
                let host = StoredWorld(world: world)
                let path = try world.directory("pv")
                let storage = documents(
                    """
                    apiVersion: v1
                    kind: PersistentVolume
                    metadata: {name: pv}
                    spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: "", hostPath: {path: \(path)}}

                    """,
                    """
                    apiVersion: v1
                    kind: PersistentVolumeClaim
                    metadata: {name: data}
                    spec: {accessModes: [ReadWriteOnce], storageClassName: "", resources: {requests: {storage: 1Gi}}}

                    """)
                let user = pod(
                    container("a", "echo x >> /d/runs", "volumeMounts: [{name: d, mountPath: /d}]"),
                    spec: "volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]")
                let first = try host.apply(documents(user, storage))
                #expect(first.lines.last == "persistentvolumeclaim/data created", "\(first)")
                try eventually("it ran", within: 10) { world.read("pv/runs") == "x\n" }
                // The claim is in use as long as the pod's object is there.
                let busy = try host.verb("delete", "pvc", "data", "--wait=false")
                #expect(busy.stdout == "persistentvolumeclaim \"data\" deleted\n", "\(busy)")
                let claim = try host.verb("create", "-f", "-", input: storage)
                #expect(claim.stderr.contains("already exists"), "\(claim)")
                try host.verb("delete", "pod", "p")
                let again = try host.verb("delete", "pvc", "data", "--ignore-not-found")
                #expect(again.stdout == "", "\(again)")
                // Released, it is nobody else's.
                let second = try host.apply(documents(storage, user))
                #expect(second.stderr.contains("pod/p waits: FailedScheduling"), "\(second)")
                try host.verb("delete", "pod,pvc,pv", "--all")
            }
        }
    }
}

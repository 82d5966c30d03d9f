import Foundation
import Testing

extension HostTests {
    /// Verbs that change stored pods or wait for them, while they run.
    @Suite struct StoredChangeTests {
        @Test func labelsReachTheFilesOfARunningPod() throws {
            try withWorld { world in
                let host = StoredWorld(world: world)
                let manifest = pod(
                    container(
                        "a", "until grep -q front /d/labels; do sleep 0.05; done; echo x > /m/seen; \(idle)",
                        "volumeMounts: [{name: d, mountPath: /d}, {name: m, mountPath: /m}]"), name: "p",
                    spec: "terminationGracePeriodSeconds: 1\nvolumes: [{name: m, hostPath: {path: \(world.files)}}, "
                        + "{name: d, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}]\n"
                )
                #expect(try host.apply(manifest).code == 0)
                let ready = try host.verb("wait", "--for=condition=Ready", "pod/p")
                #expect(ready.stdout == "pod/p condition met\n", "\(ready)")
                let labelled = try host.verb("label", "pod/p", "tier=front")
                #expect(labelled.stdout == "pod/p labeled\n" && labelled.stderr.isEmpty, "\(labelled)")
                try eventually("the label in the container's file", within: 10) { world.exists("seen") }
                let waiting = try world.command(
                    ["wait", "--for=delete", "pod/p", "--timeout=20s", "--root", world.root])
                #expect(try host.verb("delete", "pod/p", "--wait=false").code == 0)
                let gone = try waiting.wait(30)
                #expect(gone.stdout == "pod/p condition met\n" && gone.code == 0, "\(gone)")
                let events = try host.verb("events", "--for=pod/p")
                #expect(events.stdout.contains("Started"), "\(events)")
            }
        }
    }
}

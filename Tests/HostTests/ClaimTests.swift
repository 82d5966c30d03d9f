import Foundation
import Glibc
import Testing

extension HostTests {
    /// PersistentVolumes and claims of one run.
    @Suite struct ClaimTests {
        private func volume(
            _ name: String, _ path: String, _ size: String = "1Gi", _ more: String = "storageClassName: \"\""
        ) -> String {
            """
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: \(name)}
            spec: {capacity: {storage: \(size)}, accessModes: [ReadWriteOnce], hostPath: {path: \(path)}, \(more)}

            """
        }

        private func claim(_ name: String, _ size: String = "1Gi", _ more: String = "storageClassName: \"\"") -> String
        {
            """
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata: {name: \(name)}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: \(size)}}, \(more)}

            """
        }

        private func user(_ script: String, claim: String = "data") -> String {
            pod(
                container("a", script, "volumeMounts: [{name: d, mountPath: /d}]"),
                spec: "volumes: [{name: d, persistentVolumeClaim: {claimName: \(claim)}}]")
        }

        @Test func aClaimsDataStaysOnItsVolumeAfterTheRun() throws {
            try withWorld { world in
                let path = try world.directory("pv")
                let text = documents(volume("pv", path), claim("data"), user("echo run >> /d/runs; cat /d/runs"))
                try #expect(world.run(text).lines(of: "a") == ["run"])
                let second = try world.run(text)
                #expect(second.lines(of: "a") == ["run", "run"], "\(second)")
                #expect(world.read("pv/runs") == "run\nrun\n")
            }
        }

        @Test func theSmallestVolumeThatFitsIsBound() throws {
            try withWorld { world in
                let text = documents(
                    volume("large", try world.directory("large"), "10Gi"),
                    volume("small", try world.directory("small"), "1Gi"),
                    volume("middle", try world.directory("middle"), "4Gi"), claim("data", "3Gi"), user("touch /d/here"))
                let run = try world.run(text)
                #expect(run.code == 0, "\(run)")
                #expect(world.exists("middle/here") && !world.exists("large/here") && !world.exists("small/here"))
            }
        }

        @Test func aClaimThatNothingFitsIsAClearError() throws {
            try withWorld { world in
                let run = try world.run(
                    documents(
                        volume("pv", try world.directory("pv"), "1Gi"), claim("data", "2Gi"), user("touch /d/here")))
                #expect(run.code == 1 || run.code == 2, "\(run)")
                #expect(run.stderr.contains("data"), "\(run)")
                #expect(
                    run.stderr.contains("no persistent volumes available for this claim and no storage class is set"),
                    "\(run)")
                #expect(!world.exists("pv/here"))
            }
        }

        @Test func aClaimThatIsNotGivenIsAClearError() throws {
            try withWorld { world in
                let run = try world.run(user("true", claim: "nowhere"))
                #expect(run.code == 1 || run.code == 2, "\(run)")
                #expect(run.stderr.contains("nowhere"), "\(run)")
            }
        }

        @Test func aClaimMountedReadOnlyCannotBeWritten() throws {
            try withWorld { world in
                let text = documents(volume("pv", try world.directory("pv")), claim("data"), user("touch /d/x; true"))
                    .replacingOccurrences(of: "{claimName: data}", with: "{claimName: data, readOnly: true}")
                let run = try world.run(text)
                #expect(run.code == 0 && !world.exists("pv/x"), "\(run)")
            }
        }

        @Test func twoPodsShareAClaim() throws {
            try withWorld { world in
                let volumes = "volumes: [{name: d, persistentVolumeClaim: {claimName: data}}]"
                let mount = "volumeMounts: [{name: d, mountPath: /d}]"
                let run = try world.run(
                    documents(
                        volume("pv", try world.directory("pv")), claim("data"),
                        pod(
                            container("w", "sleep 0.2; echo one-volume > /d/note", mount), name: "writer", spec: volumes
                        ),
                        pod(
                            container("r", "until grep one-volume /d/note 2>/dev/null; do sleep 0.02; done", mount),
                            name: "reader", spec: volumes)))
                #expect(run.code == 0 && run.lines(of: "r") == ["one-volume"], "\(run)")
            }
        }

        @Test func aLocalVolumeWorksLikeAHostPath() throws {
            try withWorld { world in
                let path = try world.directory("disk")
                let affinity =
                    "nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: "
                    + "[{key: kubernetes.io/os, operator: In, values: [linux]}]}]}}"
                let text = documents(
                    volume("pv", path, "1Gi", "storageClassName: fast, \(affinity)")
                        .replacingOccurrences(of: "hostPath:", with: "local:"),
                    claim("data", "1Gi", "storageClassName: fast"), user("touch /d/here"))
                let run = try world.run(text)
                #expect(run.code == 0 && world.exists("disk/here"), "\(run)")
            }
        }
    }
}

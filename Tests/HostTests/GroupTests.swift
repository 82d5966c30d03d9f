import Foundation
import Glibc
import Testing

extension HostTests {
    /// Supplementary groups (KEP-3619). S22.
    @Suite struct GroupTests {
        /// A root of the test's own, whose `/etc/group` makes the user 1000 a member of 50000.
        private func root(_ world: World) throws -> String {
            let root = try world.directory("root")
            _ = try world.directory("root/bin")
            try world.write("root/etc/passwd", "root:x:0:0::/:/bin/sh\nalice:x:1000:1000::/:/bin/sh\n")
            try world.write("root/etc/group", "alice:x:1000:\nextra:x:50000:bob,alice\nother:x:50001:bob\n")
            let busybox = World.program("busybox") ?? ""
            try FileManager.default.copyItem(atPath: busybox, toPath: root + "/bin/busybox")
            return root
        }

        private func groups(_ world: World, _ context: String, root: String) throws -> Outcome {
            let text = """
                apiVersion: v1
                kind: Pod
                metadata: {name: p}
                spec:
                  restartPolicy: Never
                  securityContext: {\(context)}
                  containers: [{name: a, image: "host:\(root)", command: [busybox, id, -G]}]
                """
            return try world.run(text, ["-o", "json"])
        }

        /// Guards `Planning.planGroups`.
        @Test func thePolicySaysWhetherTheRootsGroupsCount() throws {
            try withWorld(needs: [.program("busybox")]) { world in
                let root = try root(world)
                let user = "runAsUser: 1000, runAsGroup: 3000, supplementalGroups: [4000]"
                for (policy, expected) in [
                    ("", ["3000", "4000", "50000"]), ("Merge", ["3000", "4000", "50000"]),
                    ("Strict", ["3000", "4000"]),
                ] {
                    let context = policy.isEmpty ? user : user + ", supplementalGroupsPolicy: \(policy)"
                    let run = try groups(world, context, root: root)
                    let printed = run.stderr.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\n" })
                    for group in ["3000", "4000", "50000", "50001"] {
                        #expect(printed.contains(Substring(group)) == expected.contains(group), "\(group): \(run)")
                    }
                    let pod = try JSONSerialization.jsonObject(with: Data(run.stdout.utf8)) as? [String: Any]
                    let status = (pod?["status"] as? [String: Any])?["containerStatuses"] as? [[String: Any]]
                    let linux = (status?.first?["user"] as? [String: Any])?["linux"] as? [String: Any]
                    #expect(linux?["uid"] as? Int == 1000 && linux?["gid"] as? Int == 3000, "\(run)")
                    let shown = (linux?["supplementalGroups"] as? [Int])?.map { String($0) }
                    #expect(shown == expected, "\(run)")
                }
            }
        }

        /// A file that its group may not read is closed to all whose primary group it is (CVE-2022-2995).
        /// Guards `swl_set_groups` in `ContainerProcess.takeIdentity`.
        @Test func aGroupThatIsShutOutStaysSo() throws {
            try withWorld { world in
                let folder = try world.directory("data")
                try world.write("data/closed", "secret\n", mode: 0o604)
                chown(folder + "/closed", 0, 3000)
                let spec = """
                    securityContext: {runAsUser: 1000, runAsGroup: 3000}
                    volumes: [{name: v, hostPath: {path: \(folder)}}]
                    """
                let script = "id -G; cat /v/closed || echo closed"
                let run = try world.run(
                    pod(container("a", script, "volumeMounts: [{name: v, mountPath: /v}]"), spec: spec))
                #expect(run.lines(of: "a").first == "3000" && run.stdout.contains("closed"), "\(run)")
                #expect(!run.stdout.contains("secret"), "\(run)")
            }
        }
    }
}

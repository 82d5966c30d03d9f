import Foundation
import Glibc
import Testing

extension HostTests {
    /// Manifests written by others, run for real: those that need nothing beyond Pod, claims, ConfigMaps and Secrets.
    @Suite struct ScenarioTests {
        static let folder = "../shared/manifests/scenarios"

        private func scenario(_ name: String) -> String { text(at: "\(World.package)/\(Self.folder)/\(name)") }

        /// Makes a directory at a fixed place of the host, which the manifests name, and removes what it made.
        private func withDirectory(_ path: String, _ body: () throws -> Void) throws {
            guard access(path, F_OK) != 0 else { try skip("\(path) is there already") }
            var made = path
            while access(URL(fileURLWithPath: made).deletingLastPathComponent().path, F_OK) != 0 {
                made = URL(fileURLWithPath: made).deletingLastPathComponent().path
            }
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: made) }
            try body()
        }

        /// What a server in the pod answers on its localhost.
        private func fetch(_ world: World, _ url: String) throws -> String {
            let pid = try #require(world.containerProcesses().first)
            var answer = ""
            try eventually("an answer of \(url)", within: 5) {
                let run = try world.program(["nsenter", "-t", "\(pid)", "-n", "curl", "-sf", "-m", "2", url]).wait()
                answer = run.stdout
                return run.code == 0
            }
            return answer
        }

        @Test func darwinsClaimBindsTheVolumeOfItsClassAndNginxServesIt() throws {
            try withWorld(needs: [.file(Self.folder), .program("nginx"), .program("curl"), .program("nsenter")]) {
                world in
                try withDirectory("/mnt/data") {
                    try Data("the page on the volume\n".utf8).write(to: URL(fileURLWithPath: "/mnt/data/index.html"))
                    let run = try world.start(scenario("darwin.yaml"), ["--image-map", "builtin"])
                    try eventually("nginx runs") {
                        if run.hasEnded { throw Expired(description: "ended: \(try run.wait())") }
                        return !world.containerProcesses().isEmpty
                    }
                    try #expect(fetch(world, "http://127.0.0.1/") == "the page on the volume\n")
                    run.interrupt()
                    let outcome = try run.wait(10)
                    #expect(outcome.code == 0, "\(outcome)")
                    #expect(access("/mnt/data/index.html", F_OK) == 0, "the volume keeps its data")
                }
            }
        }

        @Test func myappsInitContainersPrepareAndTheAppRuns() throws {
            try withWorld(needs: [.file(Self.folder), .program("git")]) { world in
                try withDirectory("/srv/swiftlet-scenarios/app.git") {
                    let script = """
                        set -e; git init -q work; cd work; echo page > index.html; git add .
                        git -c user.name=a -c user.email=a@example.com commit -qm first
                        git clone -q --bare . /srv/swiftlet-scenarios/app.git
                        """
                    let made = try world.program(["sh", "-c", script]).wait()
                    try #require(made.code == 0, "\(made)")
                    let run = try world.run(scenario("myapp-pod.yaml"), ["--image-map", "builtin"])
                    #expect(run.code == 0, "\(run)")
                    #expect(run.lines(of: "myapp-container") == ["The app is running!"], "\(run)")
                    let order = ["init-myservice", "init-second"].map {
                        run.stderr.range(of: "\"\($0)\" finished")?.lowerBound
                    }
                    if let first = order[0], let second = order[1] {
                        #expect(first < second)
                    } else {
                        Issue.record("no line for an init container: \(run)")
                    }
                }
            }
        }

        @Test func theWebappsRequestReachesTheLogAgent() throws {
            try withWorld(needs: [.file(Self.folder), .program("busybox"), .program("curl"), .program("nsenter")]) {
                world in
                let run = try world.start(scenario("simple-webapp.yaml"))
                try eventually("both containers run") {
                    if run.hasEnded { throw Expired(description: "ended: \(try run.wait())") }
                    return world.containerProcesses().count == 2
                }
                try #expect(fetch(world, "http://127.0.0.1:8080/") == "hello\n")
                try run.waitForLine("log-agent")
                run.interrupt()
                usleep(200_000)
                run.interrupt()
                _ = try run.wait(10)
            }
        }

        @Test(arguments: ["labelled-claim.yaml", "labelled-claim-expressions.yaml"])
        func aLabelDecidesWhichVolumeAClaimBinds(_ name: String) throws {
            try withWorld(needs: [.file(Self.folder)]) { world in
                try withDirectory("/srv/swiftlet-scenarios") {
                    // The label is put on before the volumes are given, since one run has no later.
                    var list = scenario("labelled-claim.yaml").components(separatedBy: "---\n")
                    try #require(list.count == 3)
                    list[1] = list[1].replacingOccurrences(
                        of: "metadata: {name: pv0002}",
                        with: "metadata: {name: pv0002, labels: {disktype: SSD, room: attic}}")
                    list[0] = list[0].replacingOccurrences(
                        of: "metadata: {name: pv0001}",
                        with: "metadata: {name: pv0001, labels: {disktype: SSD, room: basement}}")
                    if name == "labelled-claim.yaml" {
                        list[0] = list[0].replacingOccurrences(of: "disktype: SSD", with: "disktype: HDD")
                    } else {
                        list[2] = scenario(name)
                    }
                    let claim = name == "labelled-claim.yaml" ? "pvc0001" : "pvc0002"
                    let user = pod(
                        container("a", "echo here > /d/here", "volumeMounts: [{name: d, mountPath: /d}]"),
                        spec: "volumes: [{name: d, persistentVolumeClaim: {claimName: \(claim)}}]")
                    let run = try world.run((list + [user]).joined(separator: "\n---\n"))
                    #expect(run.code == 0, "\(run)")
                    #expect(text(at: "/srv/swiftlet-scenarios/pv0002/here") == "here\n")
                    #expect(access("/srv/swiftlet-scenarios/pv0001/here", F_OK) != 0)
                }
            }
        }

        @Test func twoPodsUseOneClaim() throws {
            try withWorld(needs: [.file(Self.folder)]) { world in
                let volume = """
                    apiVersion: v1
                    kind: PersistentVolume
                    metadata: {name: shared}
                    spec: {capacity: {storage: 16Mi}, accessModes: [ReadWriteMany], hostPath: {path: \(try world.directory("pv"))}}

                    """
                let run = try world.run(documents(volume, scenario("two-pods-one-claim.yaml")))
                #expect(run.code == 0, "\(run)")
                // The reader may look before the writer has written, and says so.
                #expect(run.lines(of: "r").last == "one-volume", "\(run)")
                #expect(world.read("pv/note") == "one-volume\n")
            }
        }
    }
}

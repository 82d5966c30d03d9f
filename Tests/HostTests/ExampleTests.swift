import Foundation
import Glibc
import Testing

extension HostTests {
    /// The project's own examples, with their directories of the host moved below the test's, and the show-piece with real
    /// git and nginx.
    @Suite struct ExampleTests {
        /// An example's manifest, for this world.
        private func example(_ name: String, _ world: World) -> String {
            text(at: "\(World.package)/Examples/\(name)/pod.yaml")
                .replacingOccurrences(of: "/srv/swiftlet-demo", with: world.files + "/demo")
        }

        @Test func aPushedCommitIsServedAndNothingIsLeft() throws {
            let needs: [Need] = [
                .file("Examples/git-sync-web/pod.yaml"), .program("git"), .program("nginx"), .program("curl"),
            ]
            try withWorld(needs: needs) { world in
                try world.directory("demo")
                let git = "git -c user.name=a -c user.email=a@example.com -c init.defaultBranch=main"
                func sh(_ script: String) throws {
                    let run = try world.program(["sh", "-ec", script]).wait()
                    try #require(run.code == 0, "\(script): \(run)")
                }
                try sh(
                    """
                    \(git) init -q --bare demo/site.git; \(git) clone -q demo/site.git work; cd work
                    \(git) checkout -q -B main; echo first > index.html; \(git) add .; \(git) commit -qm first
                    \(git) push -q origin main
                    """)
                let port = try Sockets.freePort()
                let run = try world.start(
                    example("git-sync-web", world).replacingOccurrences(of: "hostPort: 8080", with: "hostPort: \(port)")
                )
                func page() throws -> String {
                    try world.program(["curl", "-sf", "-m", "2", "http://127.0.0.1:\(port)/"]).wait().stdout
                }
                try eventually("the first page") {
                    if run.hasEnded { throw Expired(description: "ended: \(try run.wait())") }
                    return try page() == "first\n"
                }
                try sh("cd work; echo second > index.html; \(git) commit -qam second; \(git) push -q origin main")
                try eventually("the second page") { try page() == "second\n" }
                run.interrupt()
                let outcome = try run.wait(10)
                #expect(outcome.code == 0, "\(outcome)")
                #expect(outcome.stderr.contains(/init "clone" finished in/), "\(outcome)")
            }
        }

        @Test func theAmbassadorAndTheAdapterDoTheirParts() throws {
            let needs: [Need] = [
                .file("Examples/ambassador-adapter/pod.yaml"), .program("python3"), .program("busybox"),
            ]
            try withWorld(needs: needs) { world in
                let run = try world.run(example("ambassador-adapter", world))
                #expect(run.code == 0, "\(run)")
                #expect(
                    run.lines(of: "adapter").contains(
                        "{\"level\": \"info\", \"source\": \"app.py\", \"message\": \"got: the answer from far away\"}"),
                    "\(run)")
            }
        }

        @Test func theCacheFlushesAfterTheApp() throws {
            try withWorld(needs: [.file("Examples/cache-sidecar/pod.yaml"), .program("python3")]) { world in
                try world.directory("demo")
                let run = try world.run(example("cache-sidecar", world))
                #expect(run.code == 0, "\(run)")
                #expect(world.read("demo/cache/cache.json").contains("\"counter-0\": 1000"), "\(run)")
            }
        }

        @Test func theShipperShipsTheLastLine() throws {
            try withWorld(needs: [.file("Examples/log-shipping/pod.yaml")]) { world in
                try world.directory("demo")
                let run = try world.run(example("log-shipping", world))
                #expect(run.code == 0 && run.lines(of: "shipper") == ["shipped 6 lines"], "\(run)")
                #expect(world.read("demo/logs/log-shipping.log").hasSuffix("counter: the last line\n"))
            }
        }

        @Test func theShopsVolumeIsPreparedOnceAndKept() throws {
            try withWorld(needs: [.file("Examples/ordered-init-pv/pod.yaml"), .program("sqlite3")]) { world in
                try world.directory("demo")
                for left in [99, 98] {
                    let run = try world.run(example("ordered-init-pv", world))
                    #expect(run.code == 0 && run.lines(of: "shop") == ["sold one teapot, left: \(left)"], "\(run)")
                }
            }
        }
    }
}

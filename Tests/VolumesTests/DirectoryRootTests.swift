import Foundation
import Testing

/// `host:/some/dir`: a directory whose content is not trusted.
@Suite(.enabled(if: HostScenario.isRoot, "needs root: mounts and namespaces"))
struct DirectoryRootTests {
    /// A root with a shell: `usr` is empty, and the host's is a volume on it.
    private func makeRoot(_ host: HostScenario) -> [String] {
        let root = host.makeDirectory("root", mode: 0o751)
        host.makeDirectory("root/usr")
        for name in ["bin", "lib", "lib64", "sbin"] { host.link("root/" + name, to: "usr/" + name) }
        return ["--root", root, "--hostpath", "usr=directory:/usr", "--mount", "usr:/usr::ro"]
    }

    @Test func writesStayInTheContainer() throws {
        let host = try HostScenario()
        let options = makeRoot(host)
        host.makeDirectory("root/etc")
        try host.write("root/etc/hosts", "old")
        try host.write("root/file", "old")
        let before = try HostScenario.fingerprint(host.path("root"))
        let outcome = try host.run(
            options,
            "cat /etc/hosts /file; echo new > /file; cat /file; mkdir /made; stat -c %a /; ls /proc/self/exe /dev/null")
        #expect(
            outcome.output == "127.0.0.1 localhost scenario\noldnew\n751\n/dev/null\n/proc/self/exe\n",
            "\(outcome.errors)")
        #expect(try HostScenario.fingerprint(host.path("root")) == before)
    }

    /// S06, S07: a root in which `/proc` and the like lead elsewhere is refused before anything is mounted.
    @Test(arguments: ["proc", "sys", "dev"])
    func linksInPlaceOfMountPointsAreRefused(_ name: String) throws {
        let host = try HostScenario()
        let options = makeRoot(host)
        let canary = host.makeDirectory("canary")
        host.link("root/" + name, to: "../canary")
        let outcome = try host.run(options, "true")
        #expect(outcome.code == 120)
        #expect(outcome.errors == "rootFS: errno 20: \(host.path("root"))/\(name)\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: canary).isEmpty)
    }

    /// S04: what the root has as `/dev/null` is never used for a mask.
    @Test func masksDoNotUseTheRootsDevices() throws {
        let host = try HostScenario()
        let options = makeRoot(host)
        host.makeDirectory("root/dev")
        host.link("root/dev/null", to: "/proc/sys/kernel/core_pattern")
        let outcome = try host.run(options, "test -c /dev/null && cat /proc/interrupts | wc -c; cat /dev/null")
        #expect(outcome.output == "0\n", "\(outcome.errors)")
    }

    @Test func linkedEtcDoesNotLeadOut() throws {
        let host = try HostScenario()
        let options = makeRoot(host)
        let canary = host.makeDirectory("canary")
        host.link("root/etc", to: canary)
        let outcome = try host.run(options, "cat /etc/hosts")
        #expect(outcome.output == "127.0.0.1 localhost scenario\n", "\(outcome.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: canary).isEmpty)
    }

    @Test func missingDirectoryNamesItself() throws {
        let outcome = try HostScenario().run(["--root", "/nowhere"], "true")
        #expect(outcome.errors == "rootFS: errno 2: /nowhere\n")
    }
}

import Foundation
import Glibc
import Testing

extension HostTests {
    @Suite struct CopyTests {
        private let plain = pod(
            container("a", idle),
            container("b", idle, "securityContext: {runAsUser: 1234, runAsGroup: 2345}, workingDir: /tmp"))

        /// A script on the host, in the world's files.
        private func host(_ world: World, _ script: String) throws -> String {
            let outcome = try world.program(["sh", "-ec", script]).wait()
            #expect(outcome.code == 0, "\(outcome)")
            return outcome.stdout
        }

        private func inside(_ world: World, _ container: String, _ script: String) throws -> String {
            try world.session("exec", "p", "-c", container, "--", "sh", "-c", script).wait().stdout
        }

        @Test func treesGoInAndOut() throws {
            try withRunningPod(plain) { world, _ in
                _ = try host(
                    world,
                    """
                    mkdir -p d/sub/empty; echo one > d/f; chmod 640 d/f; touch -d @1000000000 d/f; chmod 711 d/sub
                    ln -s /etc/passwd d/link; ln d/f d/hard; mkfifo d/fifo; echo two > "d/sub/a
                    b"; truncate -s 64M d/sparse; printf x | dd of=d/sparse bs=1 seek=50000000 conv=notrunc 2>/dev/null
                    """)
                let up = try world.session("cp", "d", "p:new", "-c", "b").wait()
                #expect(
                    up.code == 0
                        && up.stderr == "warning: skipping \"d/fifo\": neither file, directory nor symbolic link\n",
                    "\(up)")
                let list =
                    "cd /tmp/new; stat -c '%n %F %a %u:%g %Y' f; stat -c '%F %a' sub; cat sub/a*; readlink link; "
                #expect(
                    try inside(
                        world, "b", list + "ls -A | xargs; test $(stat -c %b sparse) -lt 1000 && md5sum < sparse")
                        == "f regular file 640 1234:2345 1000000000\ndirectory 711\ntwo\n/etc/passwd\nf hard link sparse sub\n"
                        + host(world, "md5sum < d/sparse"))
                // A second time it goes into what is there, as with kubectl; a file's name may be given or not.
                _ = try world.session("cp", "d/f", "p:/tmp/new/sub", "-c", "b").wait()
                _ = try world.session("cp", "d/f", "p:/tmp/new/g", "-c", "b", "--no-preserve").wait()
                #expect(
                    try inside(world, "b", "cat /tmp/new/sub/f /tmp/new/g; stat -c %a /tmp/new/g") == "one\none\n644\n")
                let down = try world.session("cp", "default/p:/tmp/new", "back/here", "-c", "b").wait()
                #expect(down.code == 0 && down.stderr == "warning: skipping symlink: \"/tmp/new/link\"\n", "\(down)")
                #expect(
                    try host(
                        world,
                        "cd back/here; ls -A | xargs; stat -c '%a %u %Y' f; cat sub/a*; cmp sparse ../../d/sparse")
                        == "f g hard sparse sub\n640 0 1000000000\ntwo\n")
                for (arguments, words) in [
                    (["nope", "p:/x", "-c", "a"], "error: nope doesn't exist in local filesystem\n"),
                    (["p:/nope", "x", "-c", "a"], "error: /nope: no such file or directory\n"),
                    (["d", "e"], "error: one of src or dest must be a local file specification\n"),
                    (
                        ["a/b/c:x", "e"],
                        "error: filespec must match the canonical format: [[namespace/]pod:]file/path\n"
                    ),
                ] {
                    let outcome = try world.command(["cp"] + arguments, environment: ["SWIFTLET_ROOT=\(world.root)"])
                        .wait()
                    #expect(outcome.code != 0 && outcome.stderr == words, "\(outcome)")
                }
            }
        }

        /// S13: nothing outside of the target is read or written, whatever the container makes of its tree.
        @Test func aHostileTreeStaysInItsPlace() throws {
            try withRunningPod(plain) { world, _ in
                _ = try host(world, "mkdir -p safe in/x; echo secret > safe/key; echo new > in/x/key; echo new > in/y")
                let marker = world.files + "/safe"
                // Links out of the container's root, absolute and relative, on the way and at the end of it.
                _ = try inside(
                    world, "a",
                    """
                    mkdir -p /t/in /u; ln -s \(marker) /t/in/x; ln -s \(marker)/key /t/in/y; ln -s ../../../../../..\(marker) /u/up
                    ln -s /proc/1/root\(marker)/key /u/magic; mknod /u/null c 1 3 2>/dev/null; mkfifo /u/fifo; echo x > "/u/..x"
                    """)
                let up = try world.session("cp", "in", "p:/t", "-c", "a").wait()
                #expect(up.code == 0, "\(up)")
                #expect(try host(world, "cat safe/key; ls safe") == "secret\nkey\n")
                #expect(
                    try inside(world, "a", "cat /t/in/x/key /t/in/y; test -L /t/in/y || echo file")
                        == "new\nnew\nfile\n")
                let down = try world.session("cp", "p:/u", "out", "-c", "a").wait()
                #expect(down.code == 0, "\(down)")
                #expect(try host(world, "ls -A out") == "..x\n")
                for path in ["/u/up/key", "/u/magic", "/u/fifo"] {
                    let outcome = try world.session("cp", "p:\(path)", "stolen", "-c", "a").wait()
                    #expect(outcome.code == 1 && !world.exists("stolen"), "\(outcome)")
                }
            }
        }

        /// S13: a directory that becomes a link while it is copied.
        @Test func renamesInTheMiddleLeadNowhere() throws {
            try withRunningPod(plain) { world, _ in
                _ = try host(
                    world,
                    "mkdir -p safe in/d; echo secret > safe/key; for i in $(seq 200); do echo new > in/d/$i; done")
                let race = try world.session(
                    "exec", "p", "-c", "a", "--", "sh", "-c",
                    "mkdir -p /t/in; cd /t/in; echo up; while :; do mkdir -p d; mv -T d e; ln -sfn \(world.files)/safe d; rm d; rm -rf e; done"
                )
                try race.waitForLine("up")
                for _ in 0..<10 { _ = try world.session("cp", "in", "p:/t", "-c", "a").wait() }
                for _ in 0..<10 { _ = try world.session("cp", "p:/t/in", "out", "-c", "a").wait() }
                race.end()
                #expect(try host(world, "ls safe; cat safe/key; find out -name key") == "key\nsecret\n")
            }
        }

        /// S19: nothing of the container's is opened for execution or loaded; a container without any program will do.
        @Test func nothingOfTheContainerRuns() throws {
            try withWorld { world in
                let root = try world.directory("empty")
                try FileManager.default.copyItem(
                    atPath: URL(fileURLWithPath: World.binary).deletingLastPathComponent().path + "/container-probe",
                    toPath: root + "/probe")
                let run = try world.start(
                    pod("{name: a, image: \"host:\(root)\", command: [/probe, sleep]}", container("b", idle)))
                try run.waitForLine("container \"b\" started")
                let up = try world.session("cp", try world.write("f", "text\n"), "p:/f", "-c", "b").wait()
                #expect(up.code == 0, "\(up)")
                let down = try world.session("cp", "p:/f", "g", "-c", "b").wait()
                #expect(down.code == 0 && world.read("g") == "text\n", "\(down)")
                run.signal(SIGINT)
                run.signal(SIGINT)
                _ = try? run.wait(10)
            }
        }

        @Test func aDeepTreeGoesInAndOut() throws {
            try withRunningPod(plain) { world, _ in
                _ = try host(
                    world,
                    "mkdir t; python3 -c 'import os\nos.chdir(\"t\")\nfor i in range(1500):\n  os.mkdir(\"d\"*50); os.chdir(\"d\"*50)\nopen(\"f\",\"w\").write(\"deep\")'"
                )
                let up = try world.session("cp", "t", "p:/tmp/t", "-c", "a").wait()
                #expect(up.code == 0, "\(up)")
                let down = try world.session("cp", "p:/tmp/t", "u", "-c", "a").wait()
                #expect(down.code == 0, "\(down)")
                #expect(try host(world, "find u -name f | wc -l; rm -rf t u") == "1\n")
            }
        }
    }
}

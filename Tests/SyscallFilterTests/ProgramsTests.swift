import CFilterProbe
import Glibc
import Testing

@testable import SyscallFilter

/// Ordinary programs do not notice the filter.
@Suite struct ProgramsTests {
    @Test(arguments: [
        ("sh", "n=0; while [ $n -lt 20 ]; do n=$((n + 1)); (true | cat | wc -c) > /dev/null; done; test $n = 20"),
        (
            "git",
            """
            d=$(mktemp -d) && trap 'rm -rf $d' EXIT && cd $d && export HOME=$d && git init -q a && cd a &&
            git config user.email a@b && git config user.name a && echo 1 > f && git add f && git commit -qm 1 &&
            git clone -q . ../b && cd ../b && git pull -q && git gc -q && test "$(cat f)" = 1
            """
        ),
        (
            "python3",
            """
            python3 -c '
            import subprocess, threading, socket, select, multiprocessing, tempfile
            t = [threading.Thread(target=lambda: sum(range(1000))) for _ in range(8)]
            [x.start() for x in t]; [x.join() for x in t]
            assert subprocess.run(["echo", "hi"], capture_output=True).stdout == b"hi\\n"
            a, b = socket.socketpair(); a.send(b"x"); assert b.recv(1) == b"x"
            s = socket.socket(socket.AF_INET6); s.bind(("::1", 0)); s.listen()
            with multiprocessing.Pool(2) as p: assert p.map(abs, [-1, -2]) == [1, 2]
            e = select.epoll(); e.register(s); tempfile.TemporaryFile().write(b"x")
            '
            """
        ),
        (
            "busybox",
            """
            d=$(mktemp -d) && trap 'kill $p; rm -rf $d' EXIT && echo hello > $d/index.html &&
            { busybox httpd -f -p 127.0.0.1:18391 -h $d & } && p=$! && for i in 1 2 3 4 5 6 7 8 9; do
            test "$(busybox wget -qO- http://127.0.0.1:18391/)" = hello && exit 0; sleep 0.2; done; exit 1
            """
        ),
        (
            "nginx",
            """
            d=$(mktemp -d) && trap 'kill $p; rm -rf $d' EXIT && chmod 755 $d && echo hello > $d/index.html &&
            printf 'daemon off; worker_processes 2; pid %s/pid; error_log %s/error; events {}
            http { access_log off; aio threads; server { listen 127.0.0.1:18392; root %s; } }' $d $d $d > $d/conf &&
            { nginx -c $d/conf & } && p=$! && for i in 1 2 3 4 5 6 7 8 9; do sleep 0.2;
            exec 3<>/dev/tcp/127.0.0.1/18392 || continue; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3
            grep -q hello <&3 && exit 0; done; cat $d/error; exit 1
            """
        ),
    ])
    func run(program name: String, script: String) throws {
        guard run("command -v \(name) > /dev/null", under: []) == 0 else {
            print("skipped: \(name) is not installed")
            return
        }
        #expect(run(script, under: try program()) == 0)
    }

    /// So that the runs above prove something: what the filter refuses fails, with the privileges of whoever tests.
    @Test func refusalsAreFelt() throws {
        #expect(run("unshare -U true 2> /dev/null", under: try program()) != 0)
        guard geteuid() == 0 else {
            print("not tested without root: unshare, mount and chroot under the filter")
            return
        }
        #expect(run("unshare -m true", under: []) == 0)
        #expect(run("unshare -m true 2> /dev/null", under: try program()) != 0)
        #expect(run("mount -t tmpfs none /mnt 2> /dev/null", under: try program()) != 0)
        #expect(run("chroot / true", under: try program()) == 0)
        #expect(run("chroot / true 2> /dev/null", under: try program(capabilities: 0)) != 0)
        #expect(run("unshare -m true", under: try program(capabilities: sysAdmin)) == 0)
    }

    /// The exit status of a bash script under a filter; no filter at all when the program is empty.
    private func run(_ script: String, under program: [UInt8]) -> Int32 {
        // One instruction, "return SECCOMP_RET_ALLOW", stands for no filter.
        let program = program.isEmpty ? [0x06, 0, 0, 0, 0, 0, 0xFF, 0x7F] : program
        let words: [String] = ["bash", "-c", script]
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { word in strdup(word) } + [nil]
        defer { for argument in argv { free(argument) } }
        let status = filter_probe_exec(program, program.count, &argv)
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
    }
}

import Foundation
import Glibc
import Testing

extension HostTests {
    /// One container: what it prints, how it ends, what it is given.
    @Suite struct ContainerTests {
        @Test func aLineOfOutputHasTheContainersNameBeforeIt() throws {
            try withWorld { world in
                let run = try world.run(pod(container("web", "echo hello; echo; echo '  two words'")))
                #expect(run.code == 0, "\(run)")
                #expect(run.stdout == "web | hello\nweb | \nweb |   two words\n", "\(run)")
            }
        }

        @Test func standardErrorAndALineWithoutAnEndAreShown() throws {
            try withWorld { world in
                let run = try world.run(pod(container("web", "echo wrong >&2; sleep 0.1; printf unfinished")))
                #expect(run.lines(of: "web") == ["wrong", "unfinished"], "\(run)")
            }
        }

        @Test(arguments: [0, 1, 3, 125, 126, 127, 128, 255])
        func theExitCodeIsTheContainers(_ code: Int) throws {
            try withWorld { world in
                let run = try world.run(pod(container("a", "exit \(code)")))
                #expect(run.code == Int32(code), "\(run)")
            }
        }

        @Test(arguments: [SIGKILL, SIGSEGV, SIGTERM, SIGUSR1])
        func aSignalIsReportedAs128AndItsNumber(_ signal: Int32) throws {
            try withWorld { world in
                // PID 1 of a namespace is not killed by its own signals: a child of it dies, and it passes the code on.
                // (A `$$` in a command is Kubernetes' way to write `$`.)
                let run = try world.run(pod(container("a", "sh -c 'kill -\(signal) $$$$'; exit $?")))
                #expect(run.code == 128 + signal, "\(run)")
            }
        }

        @Test func theFirstFailedContainersCodeIsTheRuns() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(container("slow", "sleep 0.5; exit 4"), container("fast", "exit 9"), container("good", "true")))
                #expect(run.code == 9, "\(run)")
            }
        }

        @Test func aCommandThatIsNotThereIsNamed() throws {
            try withWorld { world in
                let run = try world.run(
                    pod("{name: web, image: \"host:/\", command: [/nginx]}"))
                #expect(run.code != 0)
                #expect(
                    run.stderr.contains("container \"web\": exec \"/nginx\": not found in root host:/"), "\(run)")
            }
        }

        @Test func aCommandThatIsOnNoPathIsNamed() throws {
            try withWorld { world in
                let run = try world.run(pod("{name: web, image: \"host:/\", command: [no-such-program]}"))
                #expect(run.code != 0)
                #expect(run.stderr.contains("container \"web\": exec \"no-such-program\": not found"), "\(run)")
            }
        }

        @Test func aFileThatIsNotExecutableIsNamed() throws {
            try withWorld { world in
                let run = try world.run(pod("{name: web, image: \"host:/\", command: [/etc/passwd]}"))
                #expect(run.code != 0)
                #expect(run.stderr.contains("container \"web\": exec \"/etc/passwd\": "), "\(run)")
                #expect(run.stderr.lowercased().contains("permission denied") || run.stderr.contains("not executable"))
            }
        }

        @Test func workingDirIsWhereItStarts() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container("given", "pwd", "workingDir: /usr/share"),
                        container("default", "pwd"),
                        container("made", "pwd", "workingDir: /not/there/before")))
                #expect(run.code == 0, "\(run)")
                #expect(run.lines(of: "given") == ["/usr/share"])
                #expect(run.lines(of: "default") == ["/"])
                #expect(run.lines(of: "made") == ["/not/there/before"], "\(run)")
                #expect(access("/not", F_OK) != 0)
            }
        }

        @Test func standardInputIsEmpty() throws {
            try withWorld { world in
                let run = try world.run(pod(container("a", "cat; echo end")))
                #expect(run.stdout == "a | end\n", "\(run)")
            }
        }

        @Test func argsAloneAreTheCommandSinceAHostRootHasNoEntrypoint() throws {
            try withWorld { world in
                let run = try world.run(pod("{name: a, image: \"host:/\", args: [echo, hello]}"))
                #expect(run.code == 0 && run.stdout == "a | hello\n", "\(run)")
                let neither = try world.run(pod("{name: a, image: \"host:/\"}"))
                #expect(neither.code == 2, "\(neither)")
                #expect(neither.stderr.contains("command"), "\(neither)")
            }
        }

        @Test func processIsOneOfItsOwnNamespaceAndSeesNoOther() throws {
            try withWorld { world in
                let run = try world.run(pod(container("a", "echo $$$$; ls -d /proc/[0-9]* | wc -l")))
                #expect(run.lines(of: "a").first == "1", "\(run)")
                // sh, ls and wc at most.
                #expect((Int(run.lines(of: "a").last ?? "") ?? 99) <= 4, "\(run)")
            }
        }

        @Test func noDescriptorOfTheCallerIsInherited() throws {
            try withWorld { world in
                let secret = try world.write("secret", "of the caller")
                let file = open(secret, O_RDONLY)
                defer { close(file) }
                let manifest = try world.write("pod.yaml", pod(container("a", "ls /proc/self/fd; ls -l /proc/self/fd")))
                let run = try world.command(["run", manifest], inherit: [file]).wait()
                #expect(run.code == 0, "\(run)")
                // 3 is the directory that ls reads.
                #expect(Array(run.lines(of: "a").prefix(4)) == ["0", "1", "2", "3"], "\(run)")
                #expect(!run.stdout.contains("secret"), "\(run)")
            }
        }

        @Test func aPodHoldsFortyContainers() throws {
            try withWorld { world in
                let list = (0..<40).map { container("c\($0)", "echo \($0)") }
                var text = pod(list[0])
                for extra in list.dropFirst() { text += "  - \(extra)\n" }
                let run = try world.run(text)
                #expect(run.code == 0, "\(run)")
                for index in 0..<40 { #expect(run.lines(of: "c\(index)") == ["\(index)"]) }
            }
        }
    }
}

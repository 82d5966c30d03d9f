import Foundation
import Testing

extension HostTests {
    /// The shell's completion, by the script that is installed, with names of what is there.
    @Suite struct CompletionTests {
        /// What bash offers for the last of these words.
        private func complete(_ world: World, _ words: String...) throws -> [String] {
            let script = try world.command(["--generate-completion-script", "bash"]).wait(10)
            try world.write("swiftlet.bash", script.stdout)
            let folder = URL(fileURLWithPath: World.binary).deletingLastPathComponent().path
            let list = words.map { "'\($0)'" }.joined(separator: " ")
            try world.write(
                "complete.bash",
                """
                PATH=\(folder):$PATH
                . \(world.files)/swiftlet.bash
                COMP_WORDS=(swiftlet \(list)); COMP_CWORD=\(words.count)
                COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
                COMP_TYPE=9; COMP_KEY=9
                _swiftlet swiftlet "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}" 2>/dev/null
                printf '%s\\n' "${COMPREPLY[@]}"
                """)
            let outcome = try world.program(["bash", world.files + "/complete.bash"]).wait(20)
            return outcome.stdout.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.sorted()
        }

        @Test func bashOffersPodsAndTheirContainers() throws {
            try withWorld(needs: [.program("bash")]) { world in
                let run = try world.start(
                    documents(
                        pod(container("a", "echo up; \(idle)"), container("b", idle), name: "web"),
                        pod(container("c", idle), name: "wide")))
                try run.waitForLine("a | up")
                try eventually("the pods are seen", within: 10) {
                    try complete(world, "logs", "--root", world.root, "w") == ["web", "wide"]
                }
                #expect(try complete(world, "logs", "--root", world.root, "wi") == ["wide"])
                #expect(try complete(world, "logs", "--root", world.root, "web", "-c", "") == ["a", "b"])
                #expect(try complete(world, "logs", "--root", world.root, "-n", "de") == ["default"])
                #expect(try complete(world, "tree", "--root", world.root, "wi") == ["wide"])
                #expect(try complete(world, "get", "--root", world.root, "pods", "we") == ["web"])
                #expect(try complete(world, "get", "--root", world.root, "pod/we") == ["pod/web"])
                #expect(try complete(world, "get", "configm") == ["configmaps"])
                #expect(try complete(world, "lo").contains("logs"))
                run.interrupt()
                _ = try run.wait(10)
            }
        }
    }
}

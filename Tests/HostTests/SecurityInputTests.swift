import Foundation
import Glibc
import Testing

extension HostTests {
    /// What is read of a manifest or of a root that may be hostile. Rows of docs/security.md.
    @Suite struct SecurityInputTests {
        /// S20. Guards `UserDatabase.read` of `Preparation.swift`: a root's user files are regular, or the pod is refused.
        @Test(arguments: ["fifo", "zero", "large", "directory", "outside"])
        func userFilesThatAreBombsAreRefused(_ kind: String) throws {
            try withWorld { world in
                let root = try world.directory("rootfs/etc")
                let path = root + "/passwd"
                switch kind {
                case "fifo": mkfifo(path, 0o644)
                case "zero": mknod(path, S_IFCHR | 0o666, 0x105)
                case "large":
                    close(open(path, O_CREAT | O_WRONLY, 0o644))
                    truncate(path, 1 << 34)
                case "directory": mkdir(path, 0o755)
                default:
                    // Followed inside the root, where there is nothing: no users, and nothing of the host's.
                    symlink("/etc/shadow", path)
                }
                let image = "host:\(world.files)/rootfs"
                let run = try world.run(pod("{name: a, image: \"\(image)\", command: [/none]}"))
                #expect(run.seconds < 5 && run.stdout.isEmpty, "\(run)")
                if kind == "outside" {
                    #expect(run.code != 0 && run.stderr.contains("/none"), "\(run)")
                } else {
                    #expect(run.code == 2 && run.stderr.contains("/etc/passwd"), "\(run)")
                }
            }
        }

        /// S21 (CVE-2024-40635, CVE-2026-30892). Guards `NameRules.userID` and the types of `APIType+Container.swift`: nothing
        /// that could wrap around to 0, or be taken for it, is a user.
        @Test func whatIsNoUserIsNobody() throws {
            try withWorld { world in
                let values = [
                    "-1", "-2147483648", "2147483648", "4294967295", "4294967296", "4294968296", "9223372036854775807",
                    "9223372036854775808", "18446744073709551615", "18446744073709551616", "1.5", "1e400", "-0x1",
                    ".inf",
                    ".nan", "true", "root", "[0]", "{a: 0}", "\"0\"", "\"1000\"", "\"1000:\"", "\"1000:0\"", "\":0\"",
                    "\" 0\"",
                    "\"0 \"", "\"\\0\"", "'0x0'", "\"+0\"", "\"1e3\"",
                ]
                var text = ""
                for (number, value) in values.enumerated() {
                    for field in ["runAsUser: VALUE", "runAsGroup: VALUE", "supplementalGroups: [VALUE]"] {
                        text += pod(
                            container("a", "id"), name: "p\(number)-\(field.prefix(9).lowercased().filter(\.isLetter))",
                            spec: "securityContext: {\(field.replacing("VALUE", with: value))}")
                        text += "---\n"
                    }
                }
                let path = try world.write("users.yaml", text)
                let run = try world.command(["validate", path]).wait()
                #expect(run.code == 2 && run.stdout.isEmpty, "\(run)")
                let lines = run.stderr.split(separator: "\n").filter { $0.contains("users.yaml:") }
                // A float that is no whole number, and what has no end, is one error each; all are there.
                let wrong = Set(lines.compactMap { $0.split(separator: ":").dropFirst().first.flatMap { Int($0) } })
                #expect(wrong.count == min(values.count * 3, 100), "\(wrong.count): \(run)")
            }
        }

        /// S22 (CVE-2022-2995). Guards `swl_set_groups` and `swl_set_gid` in `ContainerProcess.takeIdentity`: a permission that
        /// a file withholds from a group is withheld from its members.
        @Test func groupsCountAgainstToo() throws {
            try withWorld { world in
                let mount = "volumeMounts: [{name: w, mountPath: /w}]"
                func reader(_ name: String, _ context: String) -> String {
                    container(name, "cat /w/f 2>&1 | tail -c 18", "securityContext: {\(context)}, \(mount)")
                }
                let run = try world.run(
                    pod(
                        reader("primary", "runAsUser: 1000, runAsGroup: 4000"),
                        reader("neither", "runAsUser: 1000, runAsGroup: 3000"),
                        reader("supplementary", "runAsUser: 1001, runAsGroup: 3000"),
                        initContainers: [
                            container(
                                "i",
                                "echo open to others > /w/f; chgrp 4000 /w/f; chmod 0604 /w/f; "
                                    + "echo open to others > /w/g; chgrp 5000 /w/g; chmod 0604 /w/g", mount)
                        ],
                        spec: "volumes: [{name: w, emptyDir: {}}]\nsecurityContext: {supplementalGroups: [5000]}"))
                #expect(run.lines(of: "primary") == ["Permission denied"], "\(run)")
                #expect(run.lines(of: "neither") == ["open to others"], "\(run)")
                let second = try world.run(
                    pod(
                        container(
                            "s", "cat /w/g 2>&1 | tail -c 18",
                            "securityContext: {runAsUser: 1000, runAsGroup: 3000}, \(mount)"),
                        initContainers: [
                            container(
                                "i", "echo open to others > /w/g; chgrp 5000 /w/g; chmod 0604 /w/g", mount)
                        ],
                        spec: "volumes: [{name: w, emptyDir: {}}]\nsecurityContext: {supplementalGroups: [5000]}"))
                #expect(second.lines(of: "s") == ["Permission denied"], "\(second)")
            }
        }

        /// S43 (CVE-2021-25743). Guards `escapingControls` and `DisplayText`: no text of a manifest reaches the terminal with
        /// characters that it would act on.
        @Test func nothingOfAManifestMovesTheCursor() throws {
            try withWorld { world in
                let sequences = [
                    "\\e[2J", "\\e[31mred", "\\e]0;title\\a", "\\e]8;;http://x\\e\\\\", "\\ec", "\\e[6n",
                    "\\eP1$r\\e\\\\", "\\x9b31m",
                    "\\u009b2J", "\\rover", "\\b\\b\\b", "\\x7f", "\\u202e", "\\u2066", "\\x1b", "\\x0e", "\\x00",
                    "\\a", "\\v", "\\f",
                ]
                var text = ""
                for (number, sequence) in sequences.enumerated() {
                    let value = "\"x\(sequence)y\""
                    text += """
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: \(value), labels: {\(value): \(value)}}
                        spec:
                          \(value): 1
                          restartPolicy: \(value)
                          containers:
                          - {name: \(value), image: \(value), env: [{name: \(value), value: \(value)}], workingDir: \(value)}
                          - {name: c\(number), command: [\(value)], ports: [{containerPort: \(value)}]}
                        ---

                        """
                }
                let path = try world.write("escapes.yaml", text)
                for arguments in [["validate", path], ["run", path]] {
                    let run = try world.command(arguments).wait()
                    #expect(run.code == 2, "\(run)")
                    let scalars = (run.stdout + run.stderr).unicodeScalars
                    let bad = scalars.filter {
                        $0.value < 0x20 && $0 != "\n" || (0x7f...0x9f).contains($0.value)
                            || [0x202e, 0x2066].contains($0.value)
                    }
                    #expect(bad.isEmpty, "\(bad.map(\.value))")
                    #expect(run.stderr.split(separator: "\n").count > 60, "\(run)")
                }
                // And of a container that fails, and one whose program is not there.
                let failing = try world.run(
                    pod(
                        "{name: a, image: \"host:/\", command: [\"/x\\e[2J\"]}",
                        container("b", "printf '\\033[2Jgone' > /dev/termination-log; exit 3")))
                #expect(failing.code != 0)
                #expect(!failing.stderr.unicodeScalars.contains { $0.value == 0x1b || $0.value == 0x9b }, "\(failing)")
            }
        }
    }
}

import Foundation
import Glibc
import Testing

extension HostTests {
    /// env, envFrom, fieldRef and `$(VAR)`.
    @Suite struct EnvironmentTests {
        @Test func variablesAreExpandedAndLiteralsKept() throws {
            try withWorld { world in
                let environment = """
                    env: [{name: A, value: one}, {name: B, value: "$(A)-two"}, {name: C, value: "$$(A) $(NOPE) $A"}], \
                    args: ["$(B)", "$$(B)", "$(NOPE)"]
                    """
                let run = try world.run(
                    pod(
                        "{name: a, image: \"host:/\", command: [sh, -c, 'echo \"$A|$B|$C\"; echo \"$0|$1|$2\"'], \(environment)}"
                    ))
                #expect(run.lines(of: "a") == ["one|one-two|$(A) $(NOPE) $A", "one-two|$(B)|$(NOPE)"], "\(run)")
            }
        }

        @Test func nothingOfTheCallersEnvironmentIsInside() throws {
            try withWorld { world in
                let run = try world.run(pod(container("a", "env | cut -d= -f1")))
                let names = Set(run.lines(of: "a"))
                #expect(run.code == 0 && names.contains("PATH"), "\(run)")
                let own = names.filter { !$0.hasPrefix("KUBERNETES_") }
                #expect(own.isSubset(of: ["PATH", "HOME", "HOSTNAME", "PWD", "SHLVL", "_", "TERM"]), "\(names)")
                #expect(!run.stdout.contains("CALLER_SECRET"))
            }
        }

        @Test func configMapsAndSecretsFillVariables() throws {
            try withWorld { world in
                let more = """
                    env: [{name: ONE, valueFrom: {configMapKeyRef: {name: conf, key: one}}}, \
                    {name: PASS, valueFrom: {secretKeyRef: {name: cred, key: password}}}, \
                    {name: MAYBE, valueFrom: {configMapKeyRef: {name: conf, key: nope, optional: true}}}], \
                    envFrom: [{configMapRef: {name: conf}}, {prefix: S_, secretRef: {name: cred}}, \
                    {configMapRef: {name: absent, optional: true}}]
                    """
                let run = try world.run(
                    documents(
                        configMap("conf", "{one: '1', two: second}"),
                        configMap("cred", "{password: pa55}", kind: "Secret"),
                        pod(container("a", "echo \"$ONE $PASS $two $S_password ${MAYBE-unset}\"", more))))
                #expect(run.lines(of: "a") == ["1 pa55 second pa55 unset"], "\(run)")
            }
        }

        @Test func aMissingKeyIsAnErrorThatNamesIt() throws {
            try withWorld { world in
                let more = "env: [{name: ONE, valueFrom: {configMapKeyRef: {name: conf, key: nope}}}]"
                let run = try world.run(
                    documents(configMap("conf", "{one: '1'}"), pod(container("a", "true", more))))
                #expect(run.code == 1 || run.code == 2, "\(run)")
                #expect(run.stderr.contains("nope") && run.stderr.contains("conf"), "\(run)")
            }
        }

        @Test func fieldsOfThePodFillVariables() throws {
            try withWorld { world in
                func field(_ name: String, _ path: String) -> String {
                    "{name: \(name), valueFrom: {fieldRef: {fieldPath: \(path)}}}"
                }
                let list = [
                    field("NAME", "metadata.name"), field("NS", "metadata.namespace"), field("UID_", "metadata.uid"),
                    field("LABEL", "\"metadata.labels['app']\""), field("IP", "status.podIP"),
                    field("NODE", "spec.nodeName"),
                ]
                let text = pod(
                    container(
                        "a", "echo $NAME; echo $NS; echo $LABEL; echo $UID_; echo ip $IP; echo node $NODE",
                        "env: [\(list.joined(separator: ", "))]")
                ).replacingOccurrences(of: "{name: p}", with: "{name: p, labels: {app: shop}}")
                let run = try world.run(text)
                #expect(run.code == 0, "\(run)")
                let lines = run.lines(of: "a")
                #expect(Array(lines.prefix(3)) == ["p", "default", "shop"], "\(run)")
                try #require(lines.count == 6)
                #expect(UUID(uuidString: lines[3]) != nil, "\(lines[3])")
                #expect(lines[4] != "ip " && lines[5] != "node ", "\(run)")
            }
        }

        @Test func aSecretIsInNoLogAndNoFileOfSwiftlet() throws {
            try withWorld { world in
                let token = "Zq7token9911secretXyz"
                let run = try world.start(
                    documents(
                        configMap("cred", "{token: \(token)}", kind: "Secret"),
                        pod(
                            container(
                                "a", "echo up; \(idle)",
                                "env: [{name: T, valueFrom: {secretKeyRef: {name: cred, key: token}}}], "
                                    + "volumeMounts: [{name: s, mountPath: /s}]"),
                            spec: "terminationGracePeriodSeconds: 1\nvolumes: [{name: s, secret: {secretName: cred}}]"))
                )
                try run.waitForLine("a | up")
                let encoded = Data(token.utf8).base64EncodedString()
                let files = FileManager.default.enumerator(atPath: world.root)
                while let name = files?.nextObject() as? String {
                    let content = text(at: world.root + "/" + name)
                    #expect(!content.contains(token) && !content.contains(encoded), "\(name) holds the secret")
                }
                for process in HostProcess.all() {
                    #expect(!text(at: "/proc/\(process.pid)/cmdline").contains(token), "\(process.name)")
                }
                for pid in world.supervisors() + world.keepers() {
                    #expect(!text(at: "/proc/\(pid)/environ").contains(token))
                }
                run.interrupt()
                let outcome = try run.wait(9)
                #expect(!outcome.stderr.contains(token))
            }
        }
    }
}

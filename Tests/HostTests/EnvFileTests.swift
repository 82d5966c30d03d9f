import Foundation
import Glibc
import Testing

extension HostTests {
    /// Variables out of files that other containers of the pod write (KEP-3721).
    @Suite struct EnvFileTests {
        static func podText(_ write: String, _ key: String = "DB", optional: Bool = false) -> String {
            pod(
                "{name: a, image: \"host:/\", command: [sh, -c, 'echo \"$FIRST|${V-unset}|$AFTER\"; echo \"$0\"; ls /data 2>/dev/null; true'], "
                    + "args: [\"arg $(V)\"], env: [{name: FIRST, value: \"$(V)\"}, {name: V, valueFrom: {fileKeyRef: "
                    + "{volumeName: config, path: d/config.env, key: \(key), optional: \(optional)}}}, "
                    + "{name: AFTER, value: \"after $(V)\"}]}",
                initContainers: [
                    container(
                        "setup", "mkdir -p /data/d; \(write)", "volumeMounts: [{name: config, mountPath: /data}]")
                ], spec: "volumes: [{name: config, emptyDir: {}}]")
        }

        @Test func whatAnInitContainerWritesIsAVariable() throws {
            try withWorld { world in
                let run = try world.run(
                    Self.podText(
                        "sleep 0.1; printf \"# c\\nDB='one\\ntwo'\\nREST='x'\\n\" > /data/d/config.env", "REST"))
                #expect(run.code == 0 && run.lines(of: "a") == ["$(V)|x|after x", "arg x"], "\(run)")
                let optional = try world.run(Self.podText("true", optional: true))
                #expect(optional.lines(of: "a") == ["$(V)|unset|after $(V)", "arg $(V)"], "\(optional)")
            }
        }

        /// What is written, and what is then said; nothing of it is the file's content.
        @Test(arguments: [
            ("true", "file \"d/config.env\": no such file"),
            ("echo \"OTHER='t0pSecret'\" > /data/d/config.env", "environment variable key \"DB\" not found"),
            ("echo DB=t0pSecret > /data/d/config.env", "line 1: a value must be in single quotes"),
            ("echo \"DB='t0pSecret'\" > /data/x; ln -s /etc/hostname /data/d/config.env", "file \"d/config.env\": "),
            ("ln -s ../../../../../../../etc/passwd /data/d/config.env", "file \"d/config.env\": "),
            ("mkfifo /data/d/config.env", "is no regular file"), ("mkdir /data/d/config.env", "is no regular file"),
            ("head -c 70000 /dev/zero | tr '\\\\0' '#' > /data/d/config.env", "is larger than 65536 bytes"),
        ])
        func whatIsNoEnvFileFailsTheContainer(_ write: String, _ message: String) throws {
            try withWorld { world in
                let run = try world.run(Self.podText(write))
                #expect(run.code != 0 && run.lines(of: "a").isEmpty, "\(run)")
                #expect(run.stderr.contains(message) && !run.stderr.contains("t0pSecret"), "\(run)")
            }
        }
    }
}

import Foundation
import Glibc
import Testing

extension HostTests {
    /// What is decided about a pod before anything of it is made.
    @Suite struct PolicyTests {
        @Test func podSecurityRefusesOrChangesNothing() throws {
            try withWorld { world in
                let plain = pod(container("a", "echo ran"))
                for level in ["privileged", "baseline"] {
                    let run = try world.run(plain, ["--pod-security", level])
                    #expect(run.code == 0 && run.lines(of: "a") == ["ran"], "\(run)")
                }
                let refused = try world.run(plain, ["--pod-security=restricted"])
                #expect(refused.code == 2 && refused.stdout.isEmpty, "\(refused)")
                #expect(
                    refused.stderr.contains(
                        "spec.containers[0].securityContext.runAsNonRoot: violates PodSecurity \"restricted:latest\": "
                            + "runAsNonRoot != true (pod or container \"a\" must set securityContext.runAsNonRoot=true)"
                    ),
                    "\(refused)")
                let strict = "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}"
                let shared = "runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}"
                let fine = try world.run(
                    pod(container("a", "id -u", strict), spec: "securityContext: {\(shared)}"),
                    ["--pod-security=restricted"])
                #expect(fine.code == 0 && fine.lines(of: "a") == ["1000"], "\(fine)")
            }
        }

        @Test func appArmorIsEnforcedOrThePodIsRefused() throws {
            try withWorld { world in
                let enabled = text(at: "/sys/module/apparmor/parameters/enabled").hasPrefix("Y")
                if !enabled {
                    let manifest = pod(
                        container("a", "echo ran", "securityContext: {appArmorProfile: {type: RuntimeDefault}}"))
                    let run = try world.run(manifest)
                    #expect(run.code == 2 && run.stdout.isEmpty, "\(run)")
                    #expect(
                        run.stderr.contains("Cannot enforce AppArmor: AppArmor is not enabled on the host"), "\(run)")
                    return
                }
                guard World.program("apparmor_parser") != nil else { try skip("AppArmor: no apparmor_parser") }
                let name = "swiftlet-test-\(getpid())"
                let profile = try world.write("profile", "profile \(name) { file, deny /tmp/** w, }\n")
                _ = try world.program(["apparmor_parser", "-r", profile]).wait()
                defer { _ = try? world.program(["apparmor_parser", "-R", profile]).wait() }
                let context = "securityContext: {appArmorProfile: {type: Localhost, localhostProfile: \(name)}}"
                let script = "cat /proc/self/attr/current; echo x 2>/dev/null >/tmp/x || echo denied"
                let run = try world.run(pod(container("a", script, context)))
                #expect(run.lines(of: "a") == ["\(name) (enforce)", "denied"], "\(run)")
            }
        }

        /// Where SELinux is off, its options are noted and change nothing.
        @Test func seLinuxOptionsAreNoted() throws {
            try withWorld { world in
                guard access("/sys/fs/selinux/enforce", F_OK) != 0 else { try skip("SELinux is enabled") }
                let run = try world.run(
                    pod(container("a", "echo ran", "securityContext: {seLinuxOptions: {level: \"s0:c123\"}}")))
                #expect(run.code == 0 && run.lines(of: "a") == ["ran"], "\(run)")
                #expect(run.stderr.contains("seLinuxOptions: has no effect: containers are not labelled"), "\(run)")
            }
        }
    }
}

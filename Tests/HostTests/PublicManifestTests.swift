import Foundation
import Glibc
import Testing

extension HostTests {
    /// Manifests that others have published, as they are: what runs in a busybox user land runs here on the host's root, and
    /// everything else is refused with its place.
    @Suite struct PublicManifestTests {
        static let folder = "../shared/manifests/public"

        /// What a manifest does when it is run.
        struct Case: Sendable, CustomTestStringConvertible {
            var file: String
            /// Objects that it asks for and does not bring: files of the collection, or text.
            var with: [String] = []
            /// The manifest's own times are long: text to be replaced.
            var faster: [String: String] = [:]
            /// What the pod prints, each as part of a line; then it ends by itself, or is stopped.
            var prints: [String] = []
            /// nil: it runs until it is stopped.
            var code: Int32?
            /// What the object says at its end.
            var status: [String] = []
            /// What the host sees of the first container: a shell script that has to succeed, with `$P` for its `/proc/<pid>`.
            var looks: String?

            var testDescription: String { file }
        }

        static let runtimeClass =
            "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: kata}\nhandler: runc\n"

        static let cases: [Case] = [
            Case(file: "admin/dns/busybox.yaml", looks: "grep -q sleep $P/comm"),
            Case(
                file: "admin/logging/two-files-counter-pod-streaming-sidecar.yaml",
                prints: ["count-log-1 | 0: ", "count-log-1 | 1: ", "count-log-2 | ", " INFO 1"]),
            Case(file: "admin/logging/two-files-counter-pod.yaml", looks: "grep -q '^1: ' $P/root/var/log/1.log"),
            Case(file: "debug/counter-pod-err.yaml", prints: ["count | 1: ", "count | 1: err"]),
            Case(
                file: "gapfill/kata-containers/initcontainer-shareprocesspid.yaml", with: [runtimeClass],
                prints: ["init \"first\" finished"],
                // What an init container leaves behind ends with it, also in a PID namespace that goes on.
                looks: "grep -q Groups:.*10 $P/status && grep -q sleep $P/comm "
                    + "&& ! cat $P/root/proc/[0-9]*/comm 2>/dev/null | grep -q tail"),
            Case(
                file: "gapfill/kata-containers/pod-empty-dir.yaml", with: [runtimeClass],
                looks: "grep -E ' /tmp/cache .* tmpfs .*size=' $P/mountinfo | grep -qE 'size=(48828k|50000000|48832k)' "
                    + "&& grep -q ' /host/cache ' $P/mountinfo"),
            Case(
                file: "gapfill/kata-containers/pod-nested-configmap-secret.yaml", with: [runtimeClass],
                looks:
                    "test $(cat $P/root/config/config_key) = myconfig && test $(cat $P/root/config/secret/secret_key) = mysecret"
            ),
            Case(
                file: "gapfill/kata-containers/pod-seccomp.yaml", with: [runtimeClass], prints: ["Seccomp:\t2"],
                code: 0,
                status: ["Succeeded"]),
            Case(
                file: "gapfill/kata-containers/pod-termination-log-success.yaml", with: [runtimeClass], code: 0,
                status: ["Succeeded", "successful exit message"]),
            Case(file: "pods/commands.yaml", prints: ["command-demo-container | command-demo"]),
            Case(
                file: "pods/inject/dapi-envars-container.yaml",
                prints: ["test-container | 1", "test-container | 33554432", "test-container | 67108864"]),
            Case(
                file: "pods/inject/dapi-volume.yaml", prints: ["zone=\"us-est-coast\"", "builder=\"john-doe\""]),
            Case(
                file: "pods/inject/dependent-envars.yaml",
                prints: [
                    "UNCHANGED_REFERENCE=$(PROTOCOL)://172.17.0.1:80", "SERVICE_ADDRESS=https://172.17.0.1:80",
                ]),
            Case(file: "pods/multi-container/startup-coordination.yaml", prints: ["main-app | greeting=hello"]),
            Case(
                file: "pods/probe/exec-liveness.yaml",
                faster: [
                    "sleep 30": "sleep 3", "Seconds: 5": "Seconds: 1",
                    "containers: [": "terminationGracePeriodSeconds: 1, containers: [",
                ],
                prints: ["\"liveness\" started again (restart 1)"]),
            Case(
                file: "pods/restart-policy/restart-all-containers.yaml", faster: ["sleep 60": "sleep 1"],
                prints: [
                    "Application is running", "\"setup-environment\" started again",
                    "\"main-application\" started again",
                ]
            ),
            Case(
                file: "pods/security/security-context-6.yaml",
                looks:
                    "grep -qE '^Uid:.1000' $P/status && grep -qE '^Gid:.3000' $P/status && grep -qE '^Groups:.*4000' $P/status "
                    + "&& grep -qE '^NoNewPrivs:.1' $P/status"),
            Case(file: "pods/user-namespaces-stateless.yaml", looks: "awk '$1 == 0 && $2 == 0 { exit 1 }' $P/uid_map"),
            Case(file: "secret/dotfile-secret.yaml", prints: ["total 0"]),
            Case(
                file: "service/networking/hostaliases-pod.yaml",
                prints: ["127.0.0.1\tfoo.local\tbar.local", "10.1.2.3\tfoo.remote\tbar.remote"], code: 0,
                status: ["Succeeded"]),
            Case(
                file: "pods/pod-configmap-env-var-valueFrom.yaml", with: ["configmap/configmap-multikeys.yaml"],
                prints: ["test-container | very charm"], code: 0, status: ["Succeeded"]),
            Case(
                file: "pods/pod-multiple-configmap-env-variable.yaml",
                with: [
                    object("ConfigMap", "special-config", "{special.how: very}"),
                    object("ConfigMap", "env-config", "{log_level: INFO}"),
                ], prints: ["SPECIAL_LEVEL_KEY=very", "LOG_LEVEL=INFO"], code: 0),
            Case(
                file: "pods/pod-single-configmap-env-variable.yaml",
                with: [object("ConfigMap", "special-config", "{special.how: very}")],
                prints: ["SPECIAL_LEVEL_KEY=very"], code: 0),
            Case(
                file: "configmap/configure-pod.yaml",
                with: [
                    object(
                        "ConfigMap", "game-demo",
                        "{player_initial_lives: \"3\", ui_properties_file_name: ui, game.properties: g, user-interface.properties: u, more: m}"
                    )
                ],
                looks: "grep -qz PLAYER_INITIAL_LIVES=3 $P/environ && grep -qz UI_PROPERTIES_FILE_NAME=ui $P/environ "
                    + "&& test \"$(ls $P/root/config | tr '\\n' ' ')\" = 'game.properties user-interface.properties '"),
            Case(
                file: "pods/storage/projected-secrets-nondefault-permission-mode.yaml",
                with: [
                    object("Secret", "mysecret", "{username: admin}"),
                    object("Secret", "mysecret2", "{password: word}"),
                ],
                looks: "cd $P/root/projected-volume/my-group && test $(cat my-username) = admin "
                    + "&& test $(stat -L -c %a my-username) = 644 && test $(stat -L -c %a my-password) = 777"),
            Case(
                file: "pods/storage/projected.yaml",
                with: [object("Secret", "user", "{username: admin}"), object("Secret", "pass", "{password: word}")],
                looks: "cd $P/root/projected-volume && test $(cat username) = admin && test $(cat password) = word"),
            Case(
                file: "storage/rro.yaml",
                looks: "grep -qE ' /mnt-rro ro,' $P/mountinfo && grep -qE ' /mnt-ro ro,' $P/mountinfo "
                    + "&& grep -qE ' /mnt-rw rw,' $P/mountinfo"),
        ]

        @Test(arguments: cases)
        func runsAsInKubernetes(_ one: Case) throws {
            try withWorld(needs: [.file(Self.folder), .program("busybox")]) { world in
                var text = Self.read(one.file)
                for (from, to) in one.faster { text = text.replacing(from, with: to) }
                let companions = one.with.map { $0.contains("\n") ? $0 : Self.read($0) }
                let manifest = (companions + [text]).joined(separator: "\n---\n")
                let run = try world.start(manifest, ["--rootfs", "host"] + (one.status.isEmpty ? [] : ["-o", "json"]))
                for part in one.prints { try run.waitForLine(part, within: 30) }
                if let script = one.looks {
                    try eventually("sh -c '\(script)'", within: 15) {
                        if run.hasEnded { throw Expired(description: "ended: \(try run.wait())") }
                        return try world.containerProcesses().contains { pid in
                            try world.program(["sh", "-c", "P=/proc/\(pid); \(script)"]).wait().code == 0
                        }
                    }
                }
                if let code = one.code {
                    let outcome = try run.wait()
                    #expect(outcome.code == code, "\(outcome)")
                    for part in one.status { #expect(outcome.stdout.contains(part), "\(outcome)") }
                } else {
                    #expect(!run.hasEnded, "\(run.stderr)")
                    // Most of them do not hear SIGTERM: the second Ctrl-C kills.
                    run.interrupt()
                    usleep(200_000)
                    run.interrupt()
                    _ = try run.wait(10)
                }
            }
        }

        /// Parts of the messages with which others are refused, whatever else is said of them.
        static let refusals: [(file: String, messages: [String])] = [
            ("admin/namespace-dev.yaml", ["\"Namespace\" is not carried out"]),
            ("admin/resource/memory-defaults.yaml", ["\"LimitRange\" is not carried out"]),
            ("application/job/cronjob.yaml", ["\"CronJob\" is not carried out"]),
            ("application/job/job-tmpl.yaml", ["kind"]),
            ("application/volume-snaphot.yaml", ["\"VolumeSnapshot\" is not carried out"]),
            ("configmap/configure-pod.yaml", ["configmap \"game-demo\" not found"]),
            ("csi-driver-host-path/examples/csi-app-inline.yaml", [":22:7: spec.volumes[0].csi: "]),
            (
                "csi-driver-host-path/examples/csi-app.yaml",
                [":16:20: spec.volumes[0].persistentVolumeClaim.claimName: persistentvolumeclaim \"csi-pvc\" not found"]
            ),
            ("csi-driver-host-path/examples/csi-pod-block.yaml", ["persistentvolumeclaim \"pvc-raw\" not found"]),
            ("gapfill/kata-containers/block-loop-pv.yaml", ["\"CAPACITY\" is no quantity"]),
            ("gapfill/kata-containers/pod-hugepage.yaml", ["hugepages-${hugepages_size}"]),
            ("git-sync/docs/askpass-url.md.block1.yaml", [":3:1: "]),
            ("git-sync/docs/cookie-file.md.block2.yaml", [":3:1: "]),
            ("git-sync/docs/proxy.md.block1.yaml", [":1:1: "]),
            ("git-sync/docs/ssh.md.block1.yaml", ["kind: required"]),
            ("kubernetes-examples/_archived/meteor/mongo-pod.json", ["gcePersistentDisk: "]),
            ("kubernetes-examples/_archived/persistent-volume-provisioning/rbd/pod.yaml", ["kind"]),
            ("kubernetes-examples/_archived/volumes/azure_disk/azure.yaml", ["azureDisk: "]),
            ("kubernetes-examples/_archived/volumes/cephfs/cephfs-with-secret.yaml", ["cephfs: "]),
            ("kubernetes-examples/_archived/volumes/cinder/cinder-web.yaml", ["cinder: ", "is \"tcp\""]),
            ("kubernetes-examples/_archived/volumes/flexvolume/nginx-lvm.yaml", ["flexVolume: "]),
            ("kubernetes-examples/_archived/volumes/iscsi/iscsi.yaml", ["iscsi: "]),
            ("kubernetes-examples/_archived/volumes/quobyte/quobyte-pod.yaml", ["quobyte: "]),
            ("pods/image-volumes-subpath.yaml", ["spec.volumes[0].image"]),
            ("pods/inject/pod-multiple-secret-env-variable.yaml", [":15:1: a tab in the indentation"]),
            ("pods/inject/pod-single-secret-env-variable.yaml", ["apiVersion: must be \"v1\" for kind Pod"]),
            ("pods/private-reg-pod.yaml", ["\"<your-private-image>\" is not an image reference"]),
            ("pods/security/seccomp/fields.yaml", ["spec.ephemeralContainers: "]),
            ("pods/storage/pv-pod.yaml", ["persistentvolumeclaim \"task-pv-claim\" not found"]),
            ("policy/quota-vac.yaml", [":5:9: items[0].kind: ", ":18:9: items[1].kind: "]),
        ]

        /// Everything in the collection is either valid or refused with a place, at once and without a trace.
        @Test func everyOtherManifestIsValidOrRefusedWithItsPlace() throws {
            try withWorld(needs: [.file(Self.folder)]) { world in
                let root = World.package + "/" + Self.folder
                let names = (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []).sorted()
                let files = names.filter { name in [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) } }
                #expect(files.count > 100)
                for file in files {
                    let run = try world.command(["validate", "--rootfs", "host", root + "/" + file]).wait(20)
                    let errors = run.stderr.split(separator: "\n").filter { line in
                        // A pod that stays pending is no error of its manifest.
                        !["note: ", "warning: "].contains { line.hasPrefix($0) }
                    }
                    #expect(run.code == 0 && errors.isEmpty || run.code == 2 && !errors.isEmpty, "\(file): \(run)")
                    for error in errors {
                        #expect(error.contains(/\.(yaml|yml|json):\d+:\d+: .+/), "\(file): \(error)")
                    }
                }
                for (file, messages) in Self.refusals {
                    let run = try world.command(["run", "--rootfs", "host", root + "/" + file]).wait(20)
                    #expect(run.code == 2 && run.stdout.isEmpty, "\(file): \(run)")
                    for message in messages { #expect(run.stderr.contains(message), "\(file): \(run)") }
                }
                #expect(world.pods().isEmpty)
            }
        }

        private static func read(_ file: String) -> String { text(at: "\(World.package)/\(folder)/\(file)") }
    }
}

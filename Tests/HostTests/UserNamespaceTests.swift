import Foundation
import Glibc
import Testing

extension HostTests {
    /// `hostUsers: false` (KEP-127) and `procMount` (KEP-4265). S50.
    @Suite struct UserNamespaceTests {
        private func own(_ kind: String) -> String {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/\(kind)")) ?? ""
        }

        private func owner(_ path: String) -> [UInt32] {
            var status = stat()
            return lstat(path, &status) == 0 ? [status.st_uid, status.st_gid] : []
        }

        private func hostUser(_ pid: pid_t) -> Int {
            let line = text(at: "/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("Uid:") }
            return line.flatMap { Int($0.split(separator: "\t")[1]) } ?? -1
        }

        /// Guards `UserNamespace.make`, `ContainerProcess.enterUsers` and `MappedMounts`.
        @Test func theContainersRootIsNobodyOnTheHost() throws {
            try withWorld { world in
                let script = """
                    id -u; id -g; awk '{print $1, $3}' /proc/self/uid_map /proc/self/gid_map
                    for k in user net ipc uts pid mnt; do readlink /proc/self/ns/$k; done
                    stat -c '%u %g %n' / /usr /usr/bin/env /etc /etc/hosts /etc/passwd /etc/shadow /tmp /dev /dev/shm /home /proc/1
                    touch /new /usr/new /etc/new /dev/shm/new /dev/mqueue/new && stat -c %u /new /usr/new /etc/new
                    echo x >> /etc/passwd && stat -c %u /etc/passwd; mkdir /var/dir && chown 7:8 /var/dir && stat -c '%u %g' /var/dir
                    hostname; cat /proc/sys/net/ipv4/ping_group_range | tr '\\t' ' '; echo up; \(idle)
                    """
                let run = try world.start(pod(container("a", script), spec: "hostUsers: false"))
                try run.waitForLine("a | up")
                for pid in world.containerProcesses() {
                    #expect(hostUser(pid) >= 65_536 && hostUser(pid) % 65_536 == 0, "\(hostUser(pid))")
                }
                #expect(world.containerProcesses().count == 1)
                run.interrupt()
                let outcome = try run.wait()
                let lines = outcome.lines(of: "a")
                #expect(Array(lines.prefix(4)) == ["0", "0", "0 65536", "0 65536"], "\(outcome)")
                for (kind, link) in zip(["user", "net", "ipc", "uts", "pid", "mnt"], lines.dropFirst(4)) {
                    #expect(link.hasPrefix(kind) && link != own(kind), "\(link)")
                }
                let owners = lines.dropFirst(10).prefix(12)
                for line in owners where !line.hasSuffix("/etc/shadow") { #expect(line.hasPrefix("0 0 "), "\(line)") }
                #expect(
                    owners.count == 12 && owners.contains { $0.hasPrefix("0 42 ") || $0.hasPrefix("0 0 /etc/shadow") })
                #expect(
                    Array(lines.dropFirst(22)) == ["0", "0", "0", "0", "7 8", "p", "0 65535", "up"], "\(outcome)")
            }
        }

        /// Files of volumes have the ids on the host that they have in the pod.
        @Test func volumesAreMapped() throws {
            try withWorld { world in
                let folder = try world.directory("data")
                try world.write("data/roots", "secret\n", mode: 0o600)
                let script = """
                    cat /h/roots; stat -c '%u %g' /h/roots; touch /h/root; mkdir -p /e/d /m/d
                    touch /h/user && chown 1000:1001 /h/user; cat /c/k; echo; stat -Lc '%u %a' /c/k /s/k; cat /s/k; echo
                    stat -c %u /e /m /e/d /m/d; touch /sub/x; stat -c %u /sub; touch /c/k2 2>/dev/null || echo read-only; pwd
                    echo done > /dev/termination-log; echo out > /dev/stdout
                    """
                let mounts = """
                    volumeMounts: [{name: h, mountPath: /h}, {name: e, mountPath: /e}, {name: m, mountPath: /m}, \
                    {name: c, mountPath: /c}, {name: s, mountPath: /s}, {name: h, mountPath: /sub, subPath: made/here}], \
                    workingDir: /work/deep
                    """
                let spec = """
                    hostUsers: false
                    volumes:
                    - {name: h, hostPath: {path: \(folder)}}
                    - {name: e, emptyDir: {}}
                    - {name: m, emptyDir: {medium: Memory}}
                    - {name: c, configMap: {name: conf}}
                    - {name: s, secret: {secretName: sec, defaultMode: 0400}}
                    """
                let run = try world.run(
                    documents(
                        configMap("conf", "{k: value}"), configMap("sec", "{k: hidden}", kind: "Secret"),
                        pod(container("a", script, mounts), spec: spec)), ["-o", "json"])
                #expect(run.code == 0, "\(run)")
                let lines = run.stderr.split(separator: "\n").compactMap { line -> String? in
                    line.range(of: "a | ").map { String(line[$0.upperBound...]) }
                }
                #expect(
                    lines == [
                        "secret", "0 0", "value", "0 644", "0 400", "hidden", "0", "0", "0", "0", "0", "read-only",
                        "/work/deep", "out",
                    ], "\(run)")
                #expect(run.stdout.contains("\"message\": \"done\\n\""), "\(run)")
                #expect(owner(folder + "/root") == [0, 0] && owner(folder + "/user") == [1000, 1001])
                #expect(owner(folder + "/made/here/x") == [0, 0])
            }
        }

        /// S50: what is outside of the mounts is closed to the pod's root, even if it gets there.
        @Test func theHostsFilesAreClosed() throws {
            try withWorld(needs: [.program("nsenter")]) { world in
                let canary = try world.write("canary", "feathers\n", mode: 0o600)
                let spec = "hostUsers: false"
                let run = try world.start(pod(container("a", "echo up; \(idle)"), spec: spec))
                try run.waitForLine("a | up")
                for pid in world.containerProcesses() {
                    let enter = ["nsenter", "--user=/proc/\(pid)/ns/user", "--setuid=0", "--setgid=0", "cat", canary]
                    let outcome = try world.program(enter).wait()
                    #expect(outcome.code != 0 && !outcome.stdout.contains("feathers"), "\(outcome)")
                }
                #expect(world.containerProcesses().count == 1)
                run.interrupt()
                _ = try run.wait()
            }
        }

        @Test func podsHaveNoUsersInCommon() throws {
            try withWorld { world in
                let script = "echo up; \(idle)"
                let manifests = (0..<4).map { pod(container("a", script), name: "p\($0)", spec: "hostUsers: false") }
                let run = try world.start(manifests.joined(separator: "---\n"))
                try eventually("four containers") { world.containerProcesses().count == 4 }
                let users = world.containerProcesses().map(hostUser)
                #expect(Set(users).count == 4 && users.allSatisfy { $0 >= 65_536 }, "\(users)")
                run.interrupt()
                _ = try run.wait()
            }
        }

        /// Capabilities count in the pod alone; what was mounted before stays as it is.
        @Test func anAdministratorOfThePodIsOne() throws {
            try withWorld { world in
                let script = """
                    mount -t tmpfs t /mnt && touch /mnt/x && echo mounted; hostname other && hostname
                    umount /proc/sys 2>/dev/null && echo unmounted; mount -o remount,bind,rw /proc/sys 2>/dev/null && echo remounted
                    ( : >> /proc/sys/kernel/core_pattern ) 2>/dev/null && echo writable
                    mknod /tmp/null c 1 3 2>/dev/null && echo device; date -s 2020-01-01 >/dev/null 2>&1 && echo clock
                    grep CapEff /proc/self/status
                    """
                let name = text(at: "/proc/sys/kernel/hostname")
                let run = try world.run(
                    pod(
                        container(
                            "a", script, "securityContext: {capabilities: {add: [SYS_ADMIN, SYS_TIME, MKNOD]}}"),
                        spec: "hostUsers: false"))
                #expect(Array(run.lines(of: "a").dropLast()) == ["mounted", "other"], "\(run)")
                #expect(text(at: "/proc/sys/kernel/hostname") == name)
                let plain = try world.run(
                    pod(
                        container(
                            "a", "grep -E 'Cap|NoNew|Seccomp:' /proc/self/status", "securityContext: {runAsUser: 5}"),
                        spec: "hostUsers: false"))
                #expect(plain.lines(of: "a").contains("CapEff:\t0000000000000000"), "\(plain)")
                #expect(plain.lines(of: "a").contains("CapBnd:\t00000000800405fb"), "\(plain)")
            }
        }

        @Test func theNetworkIsThePods() throws {
            try withWorld { world in
                let spec = """
                    hostUsers: false
                    securityContext: {sysctls: [{name: net.ipv4.ip_local_port_range, value: "40000 40010"}]}
                    """
                let run = try world.run(
                    pod(
                        probing("a", "cat /proc/sys/net/ipv4/ip_local_port_range; /probe ping"),
                        spec: spec + "\n" + probeVolume()))
                #expect(
                    run.lines(of: "a") == ["40000\t40010", "socket ok", "send ok", "receive ok", "reply 0"], "\(run)")
            }
        }

        /// Guards `ContainerPlan.unmaskedProc`.
        @Test func procIsMaskedUnlessAskedOtherwise() throws {
            try withWorld { world in
                let script = "grep -c ' /proc/' /proc/mounts"
                let context = "securityContext: {procMount: Unmasked}"
                let run = try world.run(
                    pod(container("a", script, context), container("b", script), spec: "hostUsers: false"))
                #expect(run.lines(of: "a") == ["0"] && (Int(run.lines(of: "b").first ?? "") ?? 0) > 4, "\(run)")
                let refused = try world.run(pod(container("a", script, context)))
                #expect(refused.code == 2 && refused.stderr.contains("`hostUsers` must be false"), "\(refused)")
            }
        }

        @Test func whatCannotBeMappedIsNamed() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container("a", "echo ran", "volumeMounts: [{name: v, mountPath: /v}]"),
                        spec: "hostUsers: false\nvolumes: [{name: v, hostPath: {path: /sys/kernel}}]"))
                #expect(run.code == 1 && !run.stdout.contains("ran"), "\(run)")
                #expect(run.stderr.contains("volume \"v\"") && run.stderr.contains("sysfs"), "\(run)")
            }
        }

        /// With a directory as the root, a read-only root, shared processes, and a new sandbox after the keeper's death.
        @Test func itGoesTogetherWithOtherFields() throws {
            try withWorld(needs: [.program("busybox")]) { world in
                let root = try world.directory("root")
                _ = try world.directory("root/bin")
                chmod(root, 0o755)
                try FileManager.default.copyItem(atPath: World.program("busybox") ?? "", toPath: root + "/bin/busybox")
                let script = """
                    busybox stat -c %u / /bin /bin/busybox; busybox touch /x && echo wrote; echo up
                    trap 'exit 0' TERM; while :; do busybox sleep 0.05; done
                    """
                let text = """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: p}
                    spec:
                      hostUsers: false
                      shareProcessNamespace: true
                      containers:
                      - name: a
                        image: "host:\(root)"
                        command: [busybox, sh, -c, \(quoted(script))]
                      - \(container("b", "touch /x 2>/dev/null || echo closed; cat /proc/1/comm; echo up; \(idle)", "securityContext: {readOnlyRootFilesystem: true}"))
                    """
                let run = try world.start(text)
                try run.waitForLine("a | up")
                try run.waitForLine("b | up")
                for keeper in world.keepers() { kill(keeper, SIGKILL) }
                try eventually("a second sandbox", within: 15) {
                    run.stdout.components(separatedBy: "b | up").count == 3
                        && run.stdout.components(separatedBy: "a | up").count == 3
                }
                run.interrupt()
                let outcome = try run.wait()
                #expect(Array(outcome.lines(of: "a").prefix(5)) == ["0", "0", "0", "wrote", "up"], "\(outcome)")
                #expect(Array(outcome.lines(of: "b").prefix(3)) == ["closed", "swiftlet-pause", "up"], "\(outcome)")
            }
        }
    }
}

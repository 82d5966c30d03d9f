import Foundation
import Glibc
import Testing

extension HostTests {
    /// Users, capabilities and what a container may not touch.
    @Suite struct IdentityTests {
        /// What `/proc/self/status` says in a container with this securityContext, by field.
        private func status(_ world: World, _ context: String, spec: String = "") throws -> [String: String] {
            let run = try world.run(
                pod(container("a", "cat /proc/self/status", "securityContext: {\(context)}"), spec: spec))
            #expect(run.code == 0, "\(run)")
            var fields: [String: String] = [:]
            for line in run.lines(of: "a") {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2 {
                    fields[String(parts[0])] = parts[1].split(whereSeparator: \.isWhitespace).joined(separator: " ")
                }
            }
            return fields
        }

        @Test func theDefaultIsRootWithElevenCapabilitiesAndAFilter() throws {
            try withWorld { world in
                let fields = try status(world, "")
                #expect(fields["Uid"] == "0 0 0 0" && fields["Gid"] == "0 0 0 0", "\(fields)")
                let bounding = UInt64(fields["CapBnd"] ?? "", radix: 16) ?? .max
                // CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP NET_BIND_SERVICE SYS_CHROOT SETFCAP
                let podman: UInt64 = [0, 1, 3, 4, 5, 6, 7, 8, 10, 18, 31].reduce(0) { $0 | 1 << $1 }
                #expect(bounding == podman, "\(String(bounding ^ podman, radix: 2)) differs")
                #expect(fields["CapEff"] == fields["CapBnd"] && fields["CapPrm"] == fields["CapBnd"])
                #expect(fields["CapInh"] == "0000000000000000" && fields["CapAmb"] == "0000000000000000")
                #expect(fields["Seccomp"] == "2" && fields["Seccomp_filters"] == "1", "\(fields)")
            }
        }

        @Test func capabilitiesAreAddedAndDropped() throws {
            try withWorld { world in
                let all = try status(world, "capabilities: {drop: [ALL]}")
                #expect(all["CapBnd"] == "0000000000000000" && all["CapEff"] == "0000000000000000")
                let one = try status(world, "capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}")
                #expect(one["CapBnd"] == "0000000000000400")
                let added = try status(world, "capabilities: {add: [NET_ADMIN], drop: [KILL]}")
                let bounding = UInt64(added["CapBnd"] ?? "", radix: 16) ?? 0
                #expect(bounding >> 12 & 1 == 1 && bounding >> 5 & 1 == 0, "\(added)")
            }
        }

        @Test func privilegedHasAllOfTheCallersCapabilitiesAndNoFilter() throws {
            try withWorld { world in
                let fields = try status(world, "privileged: true")
                let mine = text(at: "/proc/self/status").split(separator: "\n").first { $0.hasPrefix("CapEff") }
                #expect(fields["CapEff"] == mine?.split(separator: "\t").last.map(String.init), "\(fields)")
                #expect(fields["Seccomp"] == "0")
            }
        }

        @Test func usersAndGroupsAreTheOnesGiven() throws {
            try withWorld { world in
                let fields = try status(
                    world, "runAsUser: 1000, runAsGroup: 3000",
                    spec: "securityContext: {supplementalGroups: [4000, 5000]}")
                #expect(fields["Uid"] == "1000 1000 1000 1000" && fields["Gid"] == "3000 3000 3000 3000")
                #expect(Set((fields["Groups"] ?? "").split(separator: " ")) == ["3000", "4000", "5000"], "\(fields)")
                #expect(fields["CapEff"] == "0000000000000000" && fields["CapPrm"] == "0000000000000000")
                let inherited = try status(world, "", spec: "securityContext: {runAsUser: 1001, runAsGroup: 1002}")
                #expect(inherited["Uid"] == "1001 1001 1001 1001" && inherited["Gid"] == "1002 1002 1002 1002")
            }
        }

        @Test func runAsNonRootRefusesRoot() throws {
            try withWorld { world in
                let run = try world.run(pod(container("a", "echo ran", "securityContext: {runAsNonRoot: true}")))
                #expect(run.code != 0 && !run.stdout.contains("ran"), "\(run)")
                #expect(run.stderr.contains("runAsNonRoot"), "\(run)")
                let fine = try world.run(
                    pod(container("a", "id -u", "securityContext: {runAsNonRoot: true, runAsUser: 7}")))
                #expect(fine.lines(of: "a") == ["7"], "\(fine)")
            }
        }

        @Test func noNewPrivilegesFollowsAllowPrivilegeEscalation() throws {
            try withWorld { world in
                let refused = try status(world, "allowPrivilegeEscalation: false")
                #expect(refused["NoNewPrivs"] == "1")
                let allowed = try status(world, "allowPrivilegeEscalation: true")
                #expect(allowed["NoNewPrivs"] == "0")
            }
        }

        @Test func aReadOnlyRootIsReadOnlyAndVolumesAreNot() throws {
            try withWorld { world in
                let run = try world.run(
                    pod(
                        container(
                            "a",
                            "for d in / /etc /usr /tmp /var /opt /new; do touch $d/x 2>/dev/null && echo wrote $d; done; touch /w/x && echo fine",
                            "securityContext: {readOnlyRootFilesystem: true}, volumeMounts: [{name: w, mountPath: /w}]"),
                        spec: "volumes: [{name: w, emptyDir: {}}]"))
                #expect(run.lines(of: "a") == ["fine"], "\(run)")
            }
        }

        @Test func theHostsSecretsAreNotInTheRoot() throws {
            try withWorld { world in
                let script = """
                    for f in /etc/shadow /etc/gshadow /etc/ssh/ssh_host_*_key; do [ -s $f ] && echo "readable $f"; done
                    ls -A /root /home 2>/dev/null | grep -v : | grep . ; ls /run/swiftlet /var/lib/swiftlet 2>/dev/null
                    ls -A /run | grep -vx lock; ls -d \(world.root) 2>/dev/null; ls -A /tmp; echo end
                    """
                let run = try world.run(pod(container("a", script)))
                #expect(run.lines(of: "a") == ["end"], "\(run)")
            }
        }

        @Test func kernelFilesAreMaskedAndReadOnly() throws {
            try withWorld { world in
                let script = """
                    for f in acpi asound interrupts kcore keys latency_stats sched_debug scsi timer_list timer_stats; do
                      [ -e /proc/$f ] || continue
                      if [ -d /proc/$f ]; then [ -z "$(ls -A /proc/$f)" ] || echo "open $f"
                      else [ -z "$(head -c 10 /proc/$f 2>/dev/null | tr -d '\\0')" ] || echo "open $f"; fi
                    done
                    [ -z "$(ls -A /sys/firmware 2>/dev/null)" ] || echo open firmware
                    for f in /proc/sysrq-trigger /proc/sys/kernel/core_pattern /proc/sys/vm/drop_caches; do
                      ( : >> $f ) 2>/dev/null && echo "writable $f"
                    done
                    mkdir /sys/fs/cgroup/mine 2>/dev/null && echo cgroup; touch /sys/kernel/x 2>/dev/null && echo sys; echo end
                    """
                let run = try world.run(pod(container("a", script)))
                #expect(run.lines(of: "a") == ["end"], "\(run)")
            }
        }

        @Test func devicesAreTheEightUsualOnes() throws {
            try withWorld { world in
                let script = """
                    for f in /dev/*; do [ -h $f ] && continue; [ -c $f ] || [ -b $f ] && echo $f; done | tr '\\n' ' '; echo
                    mknod /tmp/mem c 1 1 2>/dev/null && head -c1 /tmp/mem >/dev/null 2>&1 && echo memory; echo x > /dev/null; \
                    head -c4 /dev/urandom | wc -c; head -c4 /dev/zero | wc -c; ls -d /dev/shm /dev/fd /dev/stdin /dev/pts/ptmx
                    """
                let run = try world.run(pod(container("a", script)))
                let lines = run.lines(of: "a")
                let devices = Set((lines.first ?? "").split(separator: " ").map(String.init))
                let allowed: Set = [
                    "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/console",
                    "/dev/ptmx",
                ]
                #expect(devices.isSubset(of: allowed) && devices.count >= 6, "\(run)")
                #expect(
                    Array(lines.dropFirst()) == ["4", "4", "/dev/fd", "/dev/pts/ptmx", "/dev/shm", "/dev/stdin"],
                    "\(run)")
            }
        }

        @Test func mountsAndNamespacesAreDenied() throws {
            try withWorld { world in
                let script = """
                    mount -t tmpfs t /mnt 2>/dev/null && echo mounted; unshare -n true 2>/dev/null && echo unshared
                    chroot / true && echo chroot; umount /proc 2>/dev/null && echo unmounted; echo end
                    """
                let run = try world.run(pod(container("a", script)))
                #expect(run.lines(of: "a") == ["chroot", "end"], "\(run)")
            }
        }
    }
}

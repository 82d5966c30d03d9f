import Foundation
import Testing

/// `host:/`, as a container sees it (S49).
@Suite(.enabled(if: HostScenario.isRoot, "needs root: mounts and namespaces"))
struct HostRootTests {
    @Test func writesStayInTheContainer() throws {
        let host = try HostScenario()
        let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
        let name = "swiftlet-\(UUID().uuidString)"
        let outcome = try host.run(
            [],
            "for d in / /usr /usr/bin /etc /home /root /var/lib /tmp /run /dev; do echo x > $d/\(name) || exit 1; done; "
                + "rm /etc/passwd; ls /etc/passwd")
        #expect(outcome.code == 2)
        for directory in ["", "/usr", "/usr/bin", "/etc", "/home", "/root", "/var/lib", "/tmp", "/run", "/dev"] {
            #expect(!FileManager.default.fileExists(atPath: "\(directory)/\(name)"), "\(directory)")
        }
        #expect(FileManager.default.fileExists(atPath: "/etc/passwd"))
        #expect(try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8) == mounts)
        #expect(try FileManager.default.contentsOfDirectory(atPath: host.path("pod/run/volumes")).isEmpty)
    }

    @Test func secretsAndTheRestOfTheHostAreAbsent() throws {
        let host = try HostScenario()
        let outcome = try host.run(
            [],
            "cat /etc/shadow /etc/gshadow /etc/ssh/ssh_host_*_key 2>/dev/null | wc -c; ls -A /etc/ssl/private 2>/dev/null | wc -l; "
                + "ls -A /root /home /srv /mnt /media /var/lib /run/lock /tmp | grep -v : | grep -c .; ls /run; ls / | sort"
        )
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.prefix(3) == ["0", "0", "0"])
        let allowed: Set = [
            "lock", "bin", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "media", "mnt", "opt", "proc",
            "root",
            "run", "sbin", "srv", "sys", "tmp", "usr", "var",
        ]
        #expect(Set(lines.dropFirst(3)).isSubset(of: allowed), "\(outcome.output)")
        #expect(lines.contains("usr"))
    }

    @Test func secretsKeepTheirMode() throws {
        let host = try HostScenario()
        let here = try HostScenario.execute("/usr/bin/stat", ["-c", "%a %u %g", "/etc/shadow"])
        let there = try host.run([], "stat -c '%a %u %g' /etc/shadow")
        #expect(!here.output.isEmpty && here.output == there.output)
    }

    @Test func filesOfThePodReplaceTheHosts() throws {
        let host = try HostScenario()
        let outcome = try host.run([], "cat /etc/hosts /etc/resolv.conf /etc/hostname; test -L /etc/resolv.conf")
        #expect(outcome.output == "127.0.0.1 localhost scenario\nnameserver 192.0.2.1\nscenario\n")
        #expect(outcome.code == 1)
    }

    @Test func kernelFilesAreMaskedAndReadOnly() throws {
        let host = try HostScenario()
        let outcome = try host.run(
            [],
            "cat /proc/interrupts /proc/keys /proc/timer_list /proc/kcore 2>/dev/null | wc -c; "
                + "ls -A /sys/firmware /proc/acpi /proc/scsi 2>/dev/null | grep -v : | grep -c .; "
                + "for f in /proc/sys/kernel/core_pattern /proc/sysrq-trigger /sys/kernel/mm/ksm/run /sys/fs/cgroup/cgroup.procs; do "
                + "[ ! -e $f ] || { echo x > $f; } 2>/dev/null && [ -e $f ] && echo \"$f was written\"; done; "
                + "awk '$4 !~ /(^|,)ro(,|$)/ && $2 ~ \"^/sys\"' /proc/mounts")
        #expect(outcome.output == "0\n0\n", "\(outcome.errors)")
    }

    @Test func devicesAreTheHarmlessOnes() throws {
        let host = try HostScenario()
        let outcome = try host.run(
            [],
            "for f in $(find /dev | sort); do [ ! -L $f ] && [ -c $f -o -b $f ] && echo -n \"$f \"; done; mknod /dev/mem c 1 1 && cat /dev/mem | wc -c; "
                + "mknod /tmp/null c 1 3; echo x > /tmp/null && echo open; df -h /dev/shm | tail -1 | awk '{print $2}'; "
                + "readlink /dev/fd /dev/ptmx")
        #expect(
            outcome.output
                == "/dev/full /dev/null /dev/pts/ptmx /dev/random /dev/tty /dev/urandom /dev/zero 0\n64M\n/proc/self/fd\npts/ptmx\n",
            "\(outcome.errors)")
    }

    @Test func readOnlyRootStillHasWritableVolumes() throws {
        let host = try HostScenario()
        let outcome = try host.run(
            ["--read-only", "--empty", "data", "--mount", "data:/srv/data::rw"],
            "for d in / /usr /etc /opt /tmp /var/tmp; do [ -d $d ] && echo x > $d/x && echo \"$d was written\"; done 2>/dev/null; "
                + "echo x > /srv/data/x && echo x > /dev/shm/x && echo volumes")
        #expect(outcome.output == "volumes\n")
    }

    @Test func processesOfTheHostAreAbsent() throws {
        let outcome = try HostScenario().run([], "set -- /proc/[0-9]*; echo $#; cat /proc/1/comm")
        #expect(outcome.output == "1\nsh\n")
    }

    /// S17: the working directory is made where it is missing, and is never one that a descriptor leads to.
    @Test func workingDirectory() throws {
        let host = try HostScenario()
        #expect(try host.run(["--workdir", "/srv/new/deep"], "pwd").output == "/srv/new/deep\n")
        for number in 0..<12 {
            let outcome = try host.run(["--workdir", "/proc/self/fd/\(number)"], "ls -la")
            #expect(outcome.code == 120, "\(outcome.output)")
            #expect(outcome.errors.hasPrefix("workingDirectory: "))
        }
    }

    @Test func privilegedHasTheHostsDevicesButNotItsDirectory() throws {
        let host = try HostScenario()
        let before = try FileManager.default.contentsOfDirectory(atPath: "/dev").sorted()
        let outcome = try host.run(
            ["--privileged"],
            "touch /dev/swiftlet-test; ls /dev; echo x > /proc/sys/kernel/domainname; head -c1 /dev/zero | wc -c")
        let seen = Set(outcome.output.split(separator: "\n").map(String.init))
        #expect(
            Set(before.filter { !["core", "log", "initctl"].contains($0) }).isSubset(of: seen), "\(outcome.errors)")
        #expect(seen.contains("1"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "/dev").sorted() == before)
    }
}

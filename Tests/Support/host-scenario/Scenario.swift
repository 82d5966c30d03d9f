import CLinux
import Glibc
import Linux
import PodPlan
import RootFS
import Volumes

/// One pod with one container, below a directory of the test's.
final class Scenario {
    private var plan = PodPlan()
    private var container = ContainerPlan()
    private var volumes: VolumeTable?
    /// Exchanged over and over, by another process, while `race` runs.
    private var exchange: (String, String)?

    init(directory: String) {
        plan.paths = PodPlan.Paths(
            state: directory + "/state", run: directory + "/run", logs: directory + "/logs", cgroup: "")
        for path in [directory, plan.paths.state, plan.paths.run] { mkdir(path, 0o700) }
        plan.etcFiles = [
            FilePlan(path: "hosts", mode: 0o644, content: Array("127.0.0.1 localhost scenario\n".utf8)),
            FilePlan(path: "resolv.conf", mode: 0o644, content: Array("nameserver 192.0.2.1\n".utf8)),
            FilePlan(path: "hostname", mode: 0o644, content: Array("scenario\n".utf8)),
        ]
        container.name = "main"
    }

    // MARK: Arguments

    /// `--empty NAME`, `--memory NAME=BYTES`, `--hostpath NAME=TYPE:PATH`, `--directory NAME=PATH`,
    /// `--file VOLUME=MODE:KEY:CONTENT`, `--mount VOLUME:PATH:SUBPATH:(ro|rw|ro+recursive|rw+noexec)`, `--root DIR`, `--read-only`, `--privileged`,
    /// `--workdir PATH`, `--exchange A=B`, `-- COMMAND`.
    func parse(_ arguments: inout [String]) {
        func next() -> String {
            if arguments.isEmpty { fail("an argument is missing", code: 2) }
            return arguments.removeFirst()
        }
        func pair() -> (String, String) {
            let parts = next().split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
        while !arguments.isEmpty {
            switch next() {
            case "--empty": add(next(), .emptyDirectory)
            case "--memory":
                let (name, size) = pair()
                add(name, .memory(size: UInt64(size) ?? 0))
            case "--hostpath":
                let (name, rest) = pair()
                let parts = rest.split(separator: ":", maxSplits: 1).map(String.init)
                guard let type = VolumePlan.HostPathType.allCases.first(where: { "\($0)" == parts[0] }) else {
                    fail("no such type: \(parts[0])", code: 2)
                }
                add(name, .hostPath(path: parts[1], type: type))
            case "--directory":
                let (name, path) = pair()
                add(name, .directory(path: path))
            case "--file":
                let (name, rest) = pair()
                let parts = rest.split(separator: ":", maxSplits: 2).map(String.init)
                let file = FilePlan(
                    path: parts[1], mode: UInt32(parts[0], radix: 8) ?? 0, content: Array(parts[2].utf8))
                add(file, to: name)
            case "--mount":
                let parts = next().split(separator: ":", omittingEmptySubsequences: false).map(String.init)
                guard let index = plan.volumes.firstIndex(where: { $0.name == parts[0] }) else {
                    fail("no such volume: \(parts[0])", code: 2)
                }
                container.mounts.append(
                    MountPlan(
                        volume: UInt32(index), mountPath: parts[1], subPath: parts[2],
                        readOnly: parts[3].hasPrefix("ro"),
                        options: MountOptions(
                            recursiveReadOnly: parts[3] == "ro+recursive", noExecution: parts[3] == "rw+noexec"))
                )
            case "--root": container.rootFS = .directory(next())
            case "--read-only": container.readOnlyRootFilesystem = true
            case "--privileged": container.privileged = true
            case "--workdir": container.workingDirectory = next()
            case "--exchange": exchange = pair()
            case "--":
                container.argv = ["/bin/sh", "-c", arguments.joined(separator: " ")]
                arguments = []
            case let other: fail("no such option: \(other)", code: 2)
            }
        }
    }

    private func add(_ name: String, _ source: VolumePlan.Source) {
        plan.volumes.append(VolumePlan(name: name, source: source))
    }

    private func add(_ file: FilePlan, to name: String) {
        guard let index = plan.volumes.firstIndex(where: { $0.name == name }) else { return add(name, .files([file])) }
        if case .files(let files) = plan.volumes[index].source { plan.volumes[index].source = .files(files + [file]) }
    }

    // MARK: What a supervisor and a keeper do

    /// Returns what namespaces, volumes and shared mounts took, in nanoseconds.
    @discardableResult
    func makePod() -> (namespaces: Int64, volumes: Int64, shared: Int64) {
        plan.containers = [container]
        do {
            let secrets = HostSecrets.find()
            let start = Clock.boot
            try Namespaces([.mount, .ipc, .uts, .network]).unshare()
            try check(swl_make_mounts_slave(), "mount", "/")
            let inNamespaces = Clock.boot
            volumes = try VolumeSetup(plan: plan).make()
            let withVolumes = Clock.boot
            try SharedMounts(plan: plan, secrets: { secrets }).make()
            return (inNamespaces - start, withVolumes - inNamespaces, Clock.boot - withVolumes)
        } catch let error as VolumeError {
            fail("\(error.reason): \(error.message)", code: 121)
        } catch {
            fail("\(error)", code: 119)
        }
    }

    func runContainer() -> Int32 {
        guard let volumes else { return 119 }
        do {
            try TerminationMessage.make(in: plan.paths.run, container: 0)
        } catch {
            fail("\(error)", code: 119)
        }
        var pidfd: Int32 = -1
        let flags = UInt64(SWL_CLONE_NEWNS) | UInt64(SWL_CLONE_NEWPID)
        let pid = swl_clone3(flags, -1, &pidfd)
        if pid < 0 { fail("clone3: \(pid)", code: 119) }
        if pid == 0 { child(volumes) }
        var status: Int32 = 0
        waitpid(pid_t(pid), &status, 0)
        close(pidfd)
        let message = TerminationMessage.read(in: plan.paths.run, container: 0)
        if !message.isEmpty { print("termination message: \(message)") }
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }

    private func child(_ volumes: VolumeTable) -> Never {
        umask(0o022)
        _ = swl_unshare(Int32(SWL_CLONE_NEWCGROUP))
        do {
            try ContainerRoot(pod: plan, container: 0, volumes: volumes).build()
        } catch {
            complain("\(error.step): errno \(error.errno): \(error.path)")
            swl_exit(120)
        }
        if container.argv.isEmpty { swl_exit(0) }
        swl_close_range_cloexec(3)
        withCStrings(container.argv) { argv in
            withCStrings(["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]) { environment in
                _ = execve(
                    container.argv[0],
                    UnsafeMutableRawPointer(mutating: argv).assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self),
                    UnsafeMutableRawPointer(mutating: environment)
                        .assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self))
            }
        }
        complain("exec \(container.argv[0]): errno \(errno)")
        swl_exit(127)
    }

    func bench(_ count: Int) {
        let pod = makePod()
        print(
            "namespaces \(pod.namespaces / 1000) µs, volumes \(pod.volumes / 1000) µs, "
                + "shared mounts \(pod.shared / 1000) µs")
        var times: [Int64] = []
        for _ in 0..<count {
            let start = Clock.boot
            let code = runContainer()
            times.append((Clock.boot - start) / 1000)
            if code != 0 { fail("the container ended with \(code)", code: 1) }
        }
        times.sort()
        print("container, clone to reaped: best \(times[0]) µs, median \(times[times.count / 2]) µs")
    }

    /// Prints how the containers ended, by exit code. 66 is what a container says that has seen the canary.
    func race(_ count: Int) {
        guard let (first, second) = exchange else { fail("--exchange is missing", code: 2) }
        let attacker = swl_fork()
        if attacker == 0 {
            _ = swl_set_parent_death_signal(SIGKILL)
            while true { _ = swl_renameat2(SWL_AT_FDCWD, first, SWL_AT_FDCWD, second, 2) }
        }
        var results: [Int32: Int] = [:]
        let quiet = swl_open("/dev/null", O_WRONLY, 0)
        let saved = dup(2)
        dup2(quiet, 2)
        for _ in 0..<count { results[runContainer(), default: 0] += 1 }
        dup2(saved, 2)
        kill(attacker, SIGKILL)
        waitpid(attacker, nil, 0)
        for (code, times) in results.sorted(by: { $0.key < $1.key }) { print("exit \(code): \(times)") }
    }
}

func complain(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = write(2, line, line.count)
}

func fail(_ text: String, code: Int32) -> Never {
    complain(text)
    exit(code)
}

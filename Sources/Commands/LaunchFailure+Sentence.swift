import Glibc
import PodPlan

extension LaunchFailure {
    /// What failed, where, and what to do about it, for the user: `exec "/nginx": not found in root host:/` and
    /// `install it on this host, or set command: to a program that is there`. The advice is empty where there is none.
    public func sentence(_ container: ContainerPlan) -> (what: String, advice: String) {
        let shown = TerminalText.escaped(path)
        let root = TerminalText.escaped(container.root)
        let subject = shown.isEmpty ? step.subject : "\(step.subject) \"\(shown)\""
        switch (step, errno) {
        case (.environment, _):
            return ("environment: \(shown)", "an env file has lines NAME='value'")
        case (.exec, ENOENT):
            let place = path.contains("/") ? "not found in root \(root)" : "not found in the PATH of root \(root)"
            let what = container.rootFS == .host ? "install it on this host" : "put it into that directory"
            return (
                "\(subject): \(place)",
                "\(what), or set command: to a program that is there; for a script, check the interpreter after #!"
            )
        case (.exec, EACCES):
            return (
                "\(subject): not executable as user \(container.uid)",
                "check its mode (chmod +x), runAsUser, and that it does not lie on a volume mounted noexec"
            )
        case (.exec, ENOEXEC):
            return (
                "\(subject): not a program that this host can run",
                "a script needs a first line such as #!/bin/sh; a binary has to be made for this architecture"
            )
        case (.exec, E2BIG):
            return ("\(subject): arguments and environment are too long", "shorten args:, env: or envFrom:")
        case (.workingDirectory, ENOENT):
            return (
                "\(subject): no such directory in root \(root)",
                "set workingDir: to a directory that is there, or mount a volume at it"
            )
        case (.workingDirectory, EACCES):
            return ("\(subject): user \(container.uid) may not enter it", "check its mode and runAsUser")
        case (.volume, ENOENT):
            return ("\(subject): not there", "check subPath: and the volume's source")
        case (.volume, ELOOP), (.volume, EXDEV):
            return ("\(subject): leaves the volume by a symbolic link", "subPath: must stay inside its volume")
        case (.volume, ENOTDIR):
            return (
                "\(subject): a file cannot be mounted on a directory, nor the reverse", "check mountPath: and subPath:"
            )
        case (.volume, EROFS):
            return (
                "\(subject): cannot be made, the file system is read-only",
                "mount at a directory that is there already, or leave readOnlyRootFilesystem out"
            )
        case (.rootFS, ENOENT):
            return ("\(subject): no such directory on this host", "check image: and the image map")
        case (.clone, EAGAIN):
            return ("\(subject): the limit of processes is reached", "see ulimit -u and the cgroup's pids.max")
        case (.clone, ENOSPC):
            return ("\(subject): the limit of namespaces is reached", "see /proc/sys/user/max_*_namespaces")
        case (_, ENOMEM):
            return ("\(subject): out of memory", "")
        case (.clone, EPERM), (.rootFS, EPERM), (.proc, EPERM), (.sys, EPERM), (.dev, EPERM), (.volume, EPERM),
            (.mask, EPERM), (.pivot, EPERM), (.cgroup, EPERM), (.cgroup, EACCES):
            return ("\(subject): not permitted", "swiftlet check shows what this host allows")
        default:
            return ("\(subject): \(String(cString: strerror(errno)))", "")
        }
    }
}

extension LaunchStep {
    /// The step in the words of the manifest where it has any.
    fileprivate var subject: String {
        switch self {
        case .clone: "making the process"
        case .cgroup: "entering the cgroup"
        case .session: "setting up output and session"
        case .propagation: "making mounts private"
        case .rootFS: "root file system"
        case .proc: "mount of /proc"
        case .sys: "mount of /sys"
        case .dev: "mount of /dev"
        case .volume: "mount"
        case .mask: "masking"
        case .pivot: "pivot_root"
        case .workingDirectory: "workingDir"
        case .limits: "resource limits"
        case .keyring: "session keyring"
        case .groups: "setting the groups"
        case .user: "setting the user"
        case .capabilities: "setting the capabilities"
        case .filter: "seccomp filter"
        case .exec: "exec"
        case .terminationMessage: "terminationMessagePath"
        case .confinement: "AppArmor profile"
        case .environment: "environment"
        }
    }
}

extension ContainerPlan {
    /// The root file system as `image:` would name it.
    var root: String {
        switch rootFS {
        case .host: "host:/"
        case .directory(let path): "host:\(path)"
        }
    }
}

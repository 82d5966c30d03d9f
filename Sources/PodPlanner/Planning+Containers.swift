import PodAPI
import PodPlan

extension Planning {
    mutating func planContainers() {
        for (container, kind, path) in allContainers {
            plan.containers.append(planContainer(container, kind, path))
        }
    }

    private mutating func planContainer(
        _ container: Container, _ kind: ContainerPlan.Kind, _ path: FieldPath
    )
        -> ContainerPlan
    {
        var result = ContainerPlan()
        result.name = container.name
        result.kind = kind
        result.image = container.image
        result.readOnlyRootFilesystem = container.securityContext.readOnlyRootFilesystem
        result.terminationMessagePath = container.terminationMessagePath
        result.terminationMessagePolicy = container.terminationMessagePolicy == .file ? .file : .fallbackToLogsOnError

        result.restart = RestartPlan(container)
        planStreams(&result, container, path)

        guard let image = image(of: container, path) else { return result }
        result.rootFS = image.root
        result.workingDirectory = container.workingDir.isEmpty ? image.workingDirectory : container.workingDir

        let users = users(of: image.root, path)
        planIdentity(&result, container, users, path)
        planSecurity(&result, container, path)

        let home = users.user(uid: result.uid)?.home ?? (result.uid == 0 ? "/root" : "/")
        var environment = Environment()
        environment.setDefault("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        environment.setDefault("HOSTNAME", hostname)
        // As container runtimes do (WithTTY of containerd).
        if container.tty { environment.setDefault("TERM", "xterm") }
        environment.setDefault("HOME", home.isEmpty ? "/" : home)
        for variable in image.environment { environment.setDefault(variable.name, variable.value) }
        environment.setServices(serviceVariables)
        result.lateEnvironment = planEnvironment(&environment, container, path)
        result.environment = environment.list
        for entry in result.environment where entry.utf8.contains(0) {
            let name = entry.prefix { $0 != "=" }
            fail(path.field("env"), .createContainerConfigError, "the value of \(name) has a NUL byte")
        }

        planCommand(&result, container, image, environment.known, path)
        planMounts(&result, container, environment.known, path)
        planProbes(&result, container, path)
        return result
    }

    // MARK: Image

    /// What an image comes down to on this host.
    private func mapped(_ reference: ImageReference) -> ImageMap.Entry? {
        if let entry = planner.imageMap.entry(for: reference) { return entry }
        guard let root = planner.rootFSOverride else { return nil }
        var entry = ImageMap.builtin.entry(for: reference) ?? ImageMap.Entry(name: reference.name)
        entry.root = root
        return entry
    }

    private mutating func image(of container: Container, _ path: FieldPath) -> ImageMap.Entry? {
        let image = container.image
        let path = path.field("image")
        if image.isEmpty || image == "host:/" { return ImageMap.Entry(name: image) }
        if image.hasPrefix("host:") {
            let directory = String(image.dropFirst(5))
            guard directory.hasPrefix("/"), !directory.utf8.contains(0) else {
                fail(path, .invalidImageName, "\(quoted(image)): the directory after host: has to be absolute")
                return nil
            }
            guard !directory.split(separator: "/").contains("..") else {
                fail(path, .invalidImageName, "\(quoted(image)): the directory may not contain \"..\"")
                return nil
            }
            let clean = cleaned(directory)
            return ImageMap.Entry(name: image, root: clean == "/" ? .host : .directory(clean))
        }
        guard let reference = ImageReference(image) else {
            fail(
                path, .invalidImageName,
                "\(quoted(image)) is not an image reference: use host:/, host:/some/dir, or a registry image such as nginx:1.27"
            )
            return nil
        }
        guard let entry = mapped(reference) else {
            fail(
                path, .errImageNeverPull,
                "image \(quoted(image)) is a registry image, and images are not pulled yet: run with --rootfs host, "
                    + "or map it in an image map (--image-map FILE)"
            )
            return nil
        }
        return entry
    }

    private mutating func planCommand(
        _ result: inout ContainerPlan, _ container: Container, _ image: ImageMap.Entry, _ variables: [String: String],
        _ path: FieldPath
    ) {
        // "Define a Command and Arguments for a Container": command replaces ENTRYPOINT and CMD, args replaces CMD.
        let command = container.command.map { VariableExpansion.expand($0, variables) }
        let arguments = container.args.map { VariableExpansion.expand($0, variables) }
        if !command.isEmpty {
            result.argv = command + arguments
        } else {
            result.argv = image.entrypoint + (arguments.isEmpty ? image.command : arguments)
        }
        if image.hasBusyboxShell, image.root == .host, let program = result.argv.first,
            ["sh", "ash", "/bin/sh", "/bin/ash"].contains(program), let busybox = planner.busybox()
        {
            result.argv.replaceSubrange(0..<1, with: [busybox, "sh"])
        }
        planLateCommand(&result, container)
        // An argument that begins with a dash is meant for an entrypoint, so without one it is not taken for a program.
        let lacksProgram =
            result.argv.isEmpty
            || container.command.isEmpty && image.entrypoint.isEmpty && result.argv[0].hasPrefix("-")
        if lacksProgram {
            fail(
                path.field("command"), .createContainerConfigError,
                container.image.isEmpty || container.image.hasPrefix("host:")
                    ? "no command specified: a root of this host's files has no entrypoint; set command"
                    : "no command specified: the entrypoint of image \(quoted(container.image)) is not known here; set command, or "
                        + "map the image with an entrypoint (--image-map FILE)"
            )
        } else if result.argv.contains(where: { $0.utf8.contains(0) }) {
            fail(path.field("command"), .createContainerConfigError, "an argument has a NUL byte")
        } else if result.argv[0].isEmpty {
            fail(path.field("command"), .createContainerConfigError, "the program's name is empty")
        }
    }

    // MARK: User

    private mutating func users(of root: ContainerPlan.RootFS, _ path: FieldPath) -> UserDatabase {
        if let known = userDatabases.first(where: { $0.root == root }) { return known.users }
        var users = UserDatabase()
        do throws(UserDatabase.Failure) {
            users = try planner.users(root)
        } catch {
            fail(path.field("image"), .createContainerConfigError, error.description)
        }
        userDatabases.append((root, users))
        return users
    }

    private mutating func planIdentity(
        _ result: inout ContainerPlan, _ container: Container, _ users: UserDatabase, _ path: FieldPath
    ) {
        let own = container.securityContext
        let shared = pod.spec.securityContext
        let containerContext = path.field("securityContext")
        let podContext = FieldPath("spec", "securityContext")

        let userPath = (own.runAsUser != nil ? containerContext : podContext).field("runAsUser")
        let groupPath = (own.runAsGroup != nil ? containerContext : podContext).field("runAsGroup")
        let asked = own.runAsUser ?? shared.runAsUser
        result.uid = id(asked, userPath) ?? 0
        let user = users.user(uid: result.uid)
        result.gid = id(own.runAsGroup ?? shared.runAsGroup, groupPath) ?? user?.gid ?? 0

        if own.runAsNonRoot ?? shared.runAsNonRoot ?? false, result.uid == 0 {
            let nonRootPath = (own.runAsNonRoot != nil ? containerContext : podContext).field("runAsNonRoot")
            fail(
                nonRootPath, .createContainerConfigError,
                asked == nil
                    ? "container has runAsNonRoot and image will run as root: set runAsUser to a uid other than 0"
                    : "container's runAsUser breaks non-root policy: set runAsUser to a uid other than 0"
            )
        }

        planGroups(&result, user, users)
    }

    /// An id in the range that Kubernetes allows; anything else could wrap around to 0.
    mutating func id(_ value: Int64?, _ path: FieldPath) -> UInt32? {
        guard let value else { return nil }
        guard (0...Int64(maximumID)).contains(value) else {
            let condition = plan.namespaces.ownUsers ? ", where `hostUsers` is false" : ""
            fail(path, .createContainerConfigError, "must be between 0 and \(maximumID), inclusive\(condition)")
            return nil
        }
        return UInt32(value)
    }

    // MARK: Privileges

    private mutating func planSecurity(_ result: inout ContainerPlan, _ container: Container, _ path: FieldPath) {
        let context = container.securityContext
        result.privileged = context.privileged
        result.unmaskedProc = context.procMount == .unmasked
        result.capabilities =
            context.privileged
            ? Capability.allBits
            : Capability.bits(add: context.addCapabilities, drop: context.dropCapabilities)

        if context.privileged {
            result.noNewPrivileges = false
        } else if let allowed = context.allowPrivilegeEscalation {
            result.noNewPrivileges = !allowed
        } else {
            // Left out, Kubernetes allows it; a process without any capability has no use for that but a set-uid program.
            let adminAdded = result.capabilities & Capability.bits(["SYS_ADMIN"]) != 0
            result.noNewPrivileges = (result.uid != 0 || result.capabilities == 0) && !adminAdded
        }

        result.filter = planFilter(container, result.capabilities, path)
        result.confinement.appArmorProfile = planAppArmor(container, path)
        checkSELinux(container, path)
    }
}

/// An absolute path without empty, `.` and `..` components, by its text alone.
func cleaned(_ path: String) -> String {
    var components: [Substring] = []
    for component in path.split(separator: "/") where component != "." {
        if component == ".." { _ = components.popLast() } else { components.append(component) }
    }
    return "/" + components.joined(separator: "/")
}

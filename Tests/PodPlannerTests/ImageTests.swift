import PodAPI
import PodPlan
import PodPlanner
import Testing

@Suite struct ImageTests {
    static let roots: [(String, ContainerPlan.RootFS)] = [
        ("", .host), ("host:/", .host), ("host:/srv/root", .directory("/srv/root")),
        ("host://srv//root/", .directory("/srv/root")), ("host:/./", .host),
    ]

    @Test(arguments: roots)
    func root(_ image: String, _ expected: ContainerPlan.RootFS) throws {
        let app = try PodPlanner.plain.app(pod(with: { $0.image = image }))
        #expect(app.rootFS == expected)
        #expect(app.image == image)
    }

    @Test(arguments: [
        "host:", "host:srv", "host:/a/../b", "Nginx", "nginx:", "nginx:a b", "-x", "a//b", "nginx@sha256:12",
        "<your-image>",
        "nginx:" + String(repeating: "a", count: 129),
    ])
    func anInvalidNameIsRefused(_ image: String) {
        let errors = PodPlanner.rootFSHost.errors(pod(with: { $0.image = image }))
        #expect(errors.count == 1)
        #expect(errors.first?.hasPrefix("InvalidImageName spec.containers[0].image: \"\(image.prefix(100))") == true)
    }

    @Test func aRegistryImageSaysWhatToDo() {
        #expect(
            PodPlanner.plain.errors(pod(with: { $0.image = "nginx:1.27" })) == [
                "ErrImageNeverPull spec.containers[0].image: image \"nginx:1.27\" is a registry image, and images are not pulled yet: "
                    + "run with --rootfs host, or map it in an image map (--image-map FILE)"
            ]
        )
    }

    @Test(arguments: [
        "nginx", "nginx:1.27", "library/nginx", "docker.io/nginx:latest", "docker.io/library/nginx",
        "index.docker.io/library/nginx:1",
        "nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    ])
    func namesOfOneImage(_ image: String) throws {
        for name in ["nginx", "library/nginx", "docker.io/library/nginx"] {
            let map = ImageMap([ImageMap.Entry(name: name, command: ["mapped"])])
            let app = try PodPlanner(host: box, imageMap: map).app(
                pod(with: {
                    $0.image = image
                    $0.command = []
                })
            )
            #expect(app.argv == ["mapped"])
        }
    }

    @Test(arguments: [
        ("registry.example.com/*", "registry.example.com/team/app:1", true),
        ("registry.example.com/*", "registry.example.org/app", false), ("*", "anything/at:all", true),
        ("*/busybox", "quay.io/prometheus/busybox:latest", true), ("*/busybox", "busybox:1.28", true),
        ("*/busybox", "notbusybox", false), ("localhost:5000/app", "localhost:5000/app:2", true),
        ("team/*", "team/app", true), ("team/*", "app", false),
    ])
    func patterns(_ name: String, _ image: String, _ matches: Bool) throws {
        let reference = try #require(ImageReference(image))
        #expect((ImageMap([ImageMap.Entry(name: name)]).entry(for: reference) != nil) == matches)
    }

    // MARK: Commands

    static let commands: [([String], [String], [String])] = [
        ([], [], ["entry", "point", "default"]),
        ([], ["own"], ["entry", "point", "own"]),
        (["cmd"], [], ["cmd"]),
        (["cmd"], ["own"], ["cmd", "own"]),
    ]

    @Test(arguments: commands)
    func entrypointAndCommand(_ command: [String], _ args: [String], _ expected: [String]) throws {
        let entry = ImageMap.Entry(
            name: "app", root: .directory("/srv/app"), entrypoint: ["entry", "point"], command: ["default"],
            environment: [("PATH", "/app/bin"), ("MODE", "image")], workingDirectory: "/app"
        )
        let app = try PodPlanner(host: box, imageMap: ImageMap([entry])).app(
            pod(with: {
                $0.image = "app:1"
                $0.command = command
                $0.args = args
                $0.env = [EnvVar(name: "MODE", source: .value("pod"))]
            })
        )
        #expect(app.argv == expected)
        #expect(app.rootFS == .directory("/srv/app"))
        #expect(app.workingDirectory == "/app")
        #expect(app.ownEnvironment == ["HOSTNAME=demo", "HOME=/root", "PATH=/app/bin", "MODE=pod"])
    }

    @Test func aHostRootHasNoEntrypoint() throws {
        #expect(
            PodPlanner.plain.errors(
                pod(with: {
                    $0.image = ""
                    $0.command = []
                })
            ) == [
                "CreateContainerConfigError spec.containers[0].command: no command specified: a root of this host's files has no entrypoint; "
                    + "set command"
            ]
        )
        let app = try PodPlanner.plain.app(
            pod(with: {
                $0.command = []
                $0.args = ["/bin/sh", "-c", "true"]
            })
        )
        #expect(app.argv == ["/bin/sh", "-c", "true"])
    }

    @Test(arguments: [(["a\0b"], "an argument has a NUL byte"), ([""], "the program's name is empty")])
    func argumentsThatCannotBePassed(_ command: [String], _ message: String) {
        #expect(
            PodPlanner.plain.errors(pod(with: { $0.command = command })) == [
                "CreateContainerConfigError spec.containers[0].command: \(message)"
            ]
        )
    }

    // MARK: --rootfs and the built-in map

    @Test(arguments: [
        ("busybox:1.28", ["sh"]), ("registry.k8s.io/busybox:1.27.2", ["sh"]), ("alpine:3", ["sh"]),
        ("debian", ["bash"]),
        ("docker.io/library/ubuntu:24.04", ["bash"]), ("fedora", ["bash"]), ("alpine/git", ["git", "--help"]),
        ("python:3.12-slim", ["python3"]), ("registry.k8s.io/pause:3.8", ["sleep", "infinity"]),
    ])
    func builtinCommands(_ image: String, _ expected: [String]) throws {
        let change: (inout Container) -> Void = {
            $0.image = image
            $0.command = []
        }
        for planner in [PodPlanner.rootFSHost, PodPlanner(host: box, imageMap: .builtin)] {
            let app = try planner.app(pod(with: change))
            #expect(app.argv == expected)
            #expect(app.rootFS == .host)
        }
        #expect(PodPlanner.plain.errors(pod(with: change)).count == 1)
    }

    @Test(arguments: [
        ("busybox:1.28", ["sh", "-c", "x"], ["/bin/busybox", "sh", "-c", "x"]),
        ("registry.k8s.io/busybox", ["/bin/sh", "-c", "x"], ["/bin/busybox", "sh", "-c", "x"]),
        ("alpine:3", [], ["/bin/busybox", "sh"]), ("alpine:3", ["sleep", "1"], ["sleep", "1"]),
        ("debian", ["sh", "-c", "x"], ["sh", "-c", "x"]), ("host:/", ["sh", "-c", "x"], ["sh", "-c", "x"]),
    ])
    func theShellOfABusyboxImageIsBusyboxs(_ image: String, _ command: [String], _ expected: [String]) throws {
        var planner = PodPlanner.rootFSHost
        let change: (inout Container) -> Void = {
            $0.image = image
            $0.command = command
        }
        planner.busybox = { "/bin/busybox" }
        #expect(try planner.app(pod(with: change)).argv == expected)
        planner.rootFSOverride = .directory("/srv/root")
        let other = command.isEmpty ? ["sh"] : command
        #expect(try planner.app(pod(with: change)).argv == other)
    }

    @Test func builtinEntrypointsKeepTheArguments() throws {
        let nginx = try PodPlanner.rootFSHost.app(
            pod(with: {
                $0.image = "nginx:1.27"
                $0.command = []
            })
        )
        #expect(nginx.argv.prefix(2) == ["sh", "-c"])
        #expect(nginx.argv.dropFirst(3) == ["entrypoint", "nginx", "-g", "daemon off;"])
        let sync = try PodPlanner.rootFSHost.app(
            pod(with: {
                $0.image = "registry.k8s.io/git-sync/git-sync:v4.2.4"
                $0.command = []
                $0.args = ["--repo=file:///repo"]
            })
        )
        #expect(sync.argv == ["git-sync", "--repo=file:///repo"])
    }

    @Test func anUnknownImageOnTheHostsRootNeedsACommand() throws {
        #expect(try PodPlanner.rootFSHost.app(pod(with: { $0.image = "example.com/app:1" })).rootFS == .host)
        #expect(
            PodPlanner.rootFSHost.errors(
                pod(with: {
                    $0.image = "example.com/app:1"
                    $0.command = []
                })
            ) == [
                "CreateContainerConfigError spec.containers[0].command: no command specified: the entrypoint of image "
                    + "\"example.com/app:1\" is not known here; set command, or map the image with an entrypoint (--image-map FILE)"
            ]
        )
    }

    @Test func anOptionIsNoProgram() throws {
        let change: (inout Container) -> Void = {
            $0.image = "hashicorp/http-echo:1.0"
            $0.command = []
            $0.args = ["-text=hi"]
        }
        #expect(PodPlanner.rootFSHost.errors(pod(with: change)).count == 1)
        let map = ImageMap([ImageMap.Entry(name: "hashicorp/http-echo", entrypoint: ["http-echo"])])
        #expect(try PodPlanner(host: box, imageMap: map).app(pod(with: change)).argv == ["http-echo", "-text=hi"])
    }

    @Test func aMapIsMoreSpecificThanTheOverride() throws {
        let map = ImageMap([ImageMap.Entry(name: "nginx", root: .directory("/srv/nginx"), command: ["mine"])])
        var planner = PodPlanner(host: box, imageMap: map, rootFSOverride: .directory("/srv/all"))
        let nginx: (inout Container) -> Void = {
            $0.image = "nginx"
            $0.command = []
        }
        #expect(try planner.app(pod(with: nginx)).rootFS == .directory("/srv/nginx"))
        #expect(try planner.app(pod(with: nginx)).argv == ["mine"])
        #expect(try planner.app(pod(with: { $0.image = "redis" })).rootFS == .directory("/srv/all"))
        planner.imageMap = ImageMap()
        #expect(try planner.app(pod(with: { $0.image = "host:/" })).rootFS == .host)
    }
}

import Glibc

extension Row {
    static let security: [Row] = identities + sysctls

    private static let identities: [Row] = [
        Row("N073", "runAsUser 65534 is the process's user") { world in
            let ended = try world.succeeded(
                pod(container("c", "id -u; grep Uid: /proc/self/status", "securityContext: {runAsUser: 65534}")))
            try equal(ended.line("c"), "65534\nUid:\t65534\t65534\t65534\t65534", ended)
        },
        identity("N076", "a container's runAsUser and runAsGroup", inPod: false),
        identity("N077", "a pod's runAsUser and runAsGroup", inPod: true),
        Row("N074", "privileged: false may not what takes privilege") { world in
            let ended = try world.succeeded(
                pod(
                    probing("c", "/probe calls; grep CapEff /proc/self/status", "securityContext: {privileged: false}"),
                    spec: probeVolume()))
            let lines = ended.log("c").split(separator: "\n")
            for name in ["mount", "unshare_net", "swapon", "settimeofday", "reboot"] {
                try check(lines.contains { $0 == "\(name) EPERM" }, "\(name): \(ended)")
            }
            let mask = lines.last?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) } ?? .max
            // CAP_NET_ADMIN is 12, CAP_SYS_ADMIN 21.
            try check(mask & (1 << 12 | 1 << 21) == 0, ended)
        },
        Row("N078", "allowPrivilegeEscalation: false: a set-user-ID program of root gains nothing") { world in
            let root = try world.makeRoot()
            let copied = try world.program(["cp", World.probe, root + "/bin/suid"]).wait()
            try check(copied.code == 0 && chmod(root + "/bin/suid", 0o4755) == 0, copied)
            func ids(_ allowed: Bool) throws -> String {
                let context = "{runAsUser: 1000, allowPrivilegeEscalation: \(allowed)}"
                return try world.succeeded(
                    pod("{name: c, image: \"host:\(root)\", command: [/bin/suid, ids], securityContext: \(context)}")
                ).line("c")
            }
            try equal(try ids(false), "1000 1000")
            // So the program would gain something.
            try equal(try ids(true), "1000 0")
        },
    ]

    private static func identity(_ id: String, _ title: String, inPod: Bool) -> Row {
        Row(id, "\(title) are the process's") { world in
            let context = "securityContext: {runAsUser: 1001, runAsGroup: 2002}"
            let ended = try world.succeeded(
                pod(container("c", "id -u; id -g", inPod ? "" : context), spec: inPod ? context : ""))
            try equal(ended.line("c"), "1001\n2002", ended)
        }
    }

    private static let sysctls: [Row] = [
        Row("N079", "sysctls with names that are none are refused, the others not named") { world in
            let list = [
                ("foo-", "bar"), ("kernel.shmmax", "100000000"), ("safe-and-unsafe", "100000000"), ("bar..", "42"),
            ]
            let sysctls = list.map { "{name: \($0.0), value: \(quoted($0.1))}" }.joined(separator: ", ")
            let errors = try world.refused(
                pod(container("c", "true"), spec: "securityContext: {sysctls: [\(sysctls)]}"))
            for index in [0, 3] { try check(errors.contains("spec.securityContext.sysctls[\(index)].name"), errors) }
            try check(errors.contains("\"foo-\"") && errors.contains("\"bar..\""), errors)
            try check(!errors.contains("kernel.shmmax") && !errors.contains("safe-and-unsafe"), errors)
        },
        Row("N080", "a sysctl is set in the pod, and not on the host") { world in
            let path = "/proc/sys/kernel/shm_rmid_forced"
            let ended = try world.succeeded(
                pod(
                    container("c", "cat \(path)"),
                    spec: "securityContext: {sysctls: [{name: kernel.shm_rmid_forced, value: \"1\"}]}"))
            try equal(ended.line("c"), "1", ended)
            try equal(text(at: path), "0\n", "on the host")
        },
    ]

    static let runtimeClasses: [Row] = [
        Row("N065", "a pod with a RuntimeClass that never existed is refused") { world in
            let errors = try world.refused(pod(container("c", "true"), spec: "runtimeClassName: nonexistent"))
            try checkRefusal(errors, "nonexistent")
        },
        Row("N064", "a pod with a RuntimeClass that is gone is refused") { world in
            let pod = pod(container("c", "true"), spec: "runtimeClassName: delete-me")
            _ = try world.succeeded(documents(runtimeClass("delete-me"), pod))
            let outcome = try world.run(pod)
            try equal(outcome.code, 2, outcome)
            try checkRefusal(outcome.stderr, "delete-me")
        },
        Row("N066", "a pod gets the overhead of its RuntimeClass") { world in
            let ended = try world.succeeded(
                documents(
                    runtimeClass("heavy", "overhead: {podFixed: {cpu: 10m, memory: 1Mi}}\n"),
                    pod(container("c", "true"), spec: "runtimeClassName: heavy")))
            try equal(ended.pod["spec"]["overhead"]["cpu"].string, "10m", ended)
            try equal(ended.pod["spec"]["overhead"]["memory"].string, "1Mi", ended)
            try equal(ended.condition("PodScheduled")["status"].string, "True", ended)
        },
        Row("N067", "a pod with a RuntimeClass without overhead is scheduled") { world in
            let ended = try world.succeeded(
                documents(runtimeClass("light"), pod(container("c", "true"), spec: "runtimeClassName: light")))
            try check(!ended.pod["spec"]["overhead"].exists, ended)
            try equal(ended.condition("PodScheduled")["status"].string, "True", ended)
        },
    ]

    private static func runtimeClass(_ name: String, _ more: String = "") -> String {
        "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: \(name)}\nhandler: runc\n\(more)"
    }

    /// The refusal is about the class that is not there, not about the field.
    private static func checkRefusal(_ errors: String, _ name: String) throws {
        try check(errors.contains("spec.runtimeClassName") && errors.contains(name), errors)
        try check(errors.contains("not found"), errors)
    }
}

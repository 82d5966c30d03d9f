import ArgumentParser
import Glibc
import Linux
import ObjectStore
import PodAPI
import PodPlan

struct RestartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Restart the containers of running pods.",
        discussion: """
            App containers and sidecars are stopped gracefully, with their preStop hooks, and started anew at once, whatever \
            the restart policy says; restartCount counts up. The pod keeps its identity, its volumes and its network.
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: ArgumentHelp("Pods: NAME or pod/NAME.", valueName: "pod"))
    var names: [String] = []

    @Option(name: .shortAndLong, help: "Only this container.")
    var container: String?

    @Option(name: [.customShort("l"), .long], help: "The pods whose labels this selector takes.")
    var selector: String?

    @Flag(inversion: .prefixedNo, help: "Wait until the pods are ready again.")
    var wait = true

    @Option(help: ArgumentHelp("Give up waiting after so many seconds.", valueName: "seconds"))
    var timeout: Int64 = 120

    func validate() throws {
        if names.isEmpty == (selector == nil) { throw ValidationError("give pods by name, or a selector with -l") }
    }

    func run() throws {
        let host = try Host.open(options)
        var failure: CommandError?
        var restarted: [(name: String, uid: String, counts: [String: Int64])] = []
        for pod in try pods(host) {
            let name = pod[path: "metadata", "name"]?.string ?? ""
            let uid = pod[path: "metadata", "uid"]?.string ?? ""
            do throws(ControlClient.Failure) {
                _ = try ControlClient.ask(.restart(container: container ?? ""), uid: uid, run: host.roots.run)
                Output.line("pod/\(name) restarted")
                restarted.append((name, uid, Self.restartCounts(pod)))
            } catch {
                failure = CommandError("error: pod/\(name): \(error)")
                Output.error("error: pod/\(name): \(error)")
            }
        }
        if wait {
            let deadline = Clock.boot + timeout * 1_000_000_000
            for (name, uid, counts) in restarted {
                while try !isReadyAgain(host, name, uid, counts) {
                    if Clock.boot > deadline {
                        throw CommandError("error: timed out waiting for pod/\(name) to be ready again")
                    }
                    usleep(20_000)
                }
            }
        }
        if failure != nil { throw ExitCode(1) }
    }

    private func pods(_ host: Host) throws(CommandError) -> [JSONValue] {
        if let selector {
            let labels: LabelSelector
            do { labels = try LabelSelector(parsing: selector) } catch { throw CommandError("error: \(error)") }
            let found = try host.objects(.pod, namespace: host.namespace, labels: labels)
            if found.isEmpty { throw CommandError("error: no pods match the selector") }
            return found
        }
        var pods: [JSONValue] = []
        for name in names { pods.append(try host.get(.pod, try ResourceArguments.pod(name))) }
        return pods
    }

    private static func statuses(_ pod: JSONValue) -> [JSONValue] {
        ["initContainerStatuses", "containerStatuses"].flatMap { pod[path: "status", $0]?.items ?? [] }
    }

    private static func restartCounts(_ pod: JSONValue) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for status in statuses(pod) {
            if let name = status["name"]?.string { counts[name] = status["restartCount"]?.integer ?? 0 }
        }
        return counts
    }

    private func isReadyAgain(
        _ host: Host, _ name: String, _ uid: String, _ before: [String: Int64]
    ) throws -> Bool {
        guard let pod = try host.find(.pod, name), pod[path: "metadata", "uid"]?.string == uid else {
            throw CommandError("error: pod/\(name) was deleted")
        }
        let phase = pod[path: "status", "phase"]?.string ?? ""
        if phase == "Succeeded" || phase == "Failed" { return true }
        let now = Self.restartCounts(pod)
        let initContainers = Set(
            (pod[path: "spec", "initContainers"]?.items ?? []).filter { $0["restartPolicy"]?.string != "Always" }
                .compactMap { $0["name"]?.string })
        let names = container.map { [$0] } ?? before.keys.filter { !initContainers.contains($0) }
        return names.allSatisfy { now[$0, default: 0] > before[$0, default: 0] }
            && (pod[path: "status", "conditions"]?.items ?? []).contains {
                $0["type"]?.string == "Ready" && $0["status"]?.string == "True"
            }
    }
}

import ArgumentParser
import Glibc
import Linux
import PodAPI

struct TreeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tree",
        abstract: "Draw pods: containers, ports, volumes with where they are on the host, services.",
        discussion: "Containers are in the order of their start. Without a name all pods of the namespace are drawn.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("Pods: web, or pod/web.", valueName: "pod"), completion: LiveNames.pods)
    var names: [String] = []

    @Option(
        name: [.customShort("l"), .customLong("selector")],
        help: ArgumentHelp("Pods with these labels.", valueName: "labels"))
    var selector: String?

    @Flag(name: [.customShort("A"), .customLong("all-namespaces")], help: "In all namespaces.")
    var allNamespaces = false

    @Flag(help: "Draw with ASCII characters, whatever the locale says.")
    var ascii = false

    func run() throws {
        let host = try Host.open(global)
        var style = ScreenStyle(descriptor: 1)
        if ascii { style.unicode = false }
        let pods = try PodArguments(names: names, selector: selector, allNamespaces: allNamespaces).pods(host)
        let namespace: String? = allNamespaces ? nil : host.namespace
        let services = try host.objects(.service, namespace: namespace)
        let claims = try host.objects(.persistentVolumeClaim, namespace: namespace)
        let volumes = try host.objects(.persistentVolume, namespace: nil)
        for (index, pod) in pods.enumerated() {
            let surroundings = PodTree.Surroundings(
                services: services, claims: claims, volumes: volumes,
                directory: host.roots.state + "/pods/" + (pod[path: "metadata", "uid"]?.string ?? ""), now: Clock.wall,
                exists: { access($0, F_OK) == 0 })
            Output.text((index > 0 ? "\n" : "") + PodTree(pod, surroundings, style).text)
        }
    }
}

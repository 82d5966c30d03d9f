import ArgumentParser
import Linux
import PodAPI

struct TimelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline", abstract: "Draw when the containers of pods started and ended.",
        discussion: """
            A bar for each container, as far as the pod's status and events tell: its last attempt and the one before, and when the \
            first began, in whole seconds. run --timeline draws all attempts, and to the millisecond.
            """)

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
        for (index, pod) in pods.enumerated() {
            let timeline = Timeline(pod, events: try host.events(about: pod))
            let name = TerminalText.escaped(pod[path: "metadata", "name"]?.string ?? "")
            var text = index > 0 ? "\n" : ""
            if pods.count > 1 { text += style.colored("pod/" + name, "1") + "\n" }
            text += timeline.drawing(style, now: timeline.isRunning ? Clock.wall : nil)
            if timeline.begin == nil { text += "pod/\(name): nothing has run yet\n" }
            Output.text(text)
        }
    }
}

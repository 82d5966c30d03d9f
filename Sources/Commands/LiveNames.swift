import ArgumentParser
import Glibc
import ObjectStore
import PodAPI

/// What a shell offers where a command line takes the name of something that is there: it asks at the moment. Nothing is made and
/// nothing changed for it, and where something cannot be read nothing is offered.
enum LiveNames {
    /// `web`, and `pod/web` once the slash is there.
    static let pods = CompletionKind.custom { words, index, prefix in
        prefix.contains("/") ? pairs(words, prefix) : names(of: .pod, words)
    }
    /// Of the pod that the command line names.
    static let containers = CompletionKind.custom { words, index, _ in containers(words, except: index) }
    static let namespaces = CompletionKind.custom { words, _, _ in names(of: .namespace, words) }
    static let kinds = CompletionKind.custom { _, _, _ in ResourceKind.all.map(\.plural) }
    /// Of verbs that take `TYPE NAME…` and `TYPE/NAME…`.
    static let resources = CompletionKind.custom { words, index, prefix in
        if prefix.contains("/") { return pairs(words, prefix) }
        let before = operands(Array(words.prefix(max(index, 0))))
        guard let type = before.first, !type.contains("/") else {
            return before.isEmpty ? ResourceKind.all.map(\.plural) : []
        }
        return type.split(separator: ",").compactMap { ResourceKind(named: String($0)) }.flatMap {
            names(of: $0, words)
        }
    }

    /// Options that have a value, as far as verbs with names have them.
    private static let valued: Set<Substring> = [
        "--root", "-n", "--namespace", "-c", "--container", "-l", "--selector", "--tail", "--since", "--since-time",
        "--limit-bytes", "--max-log-requests", "--pod-running-timeout", "-o", "--output", "--field-selector",
        "--sort-by",
        "--for", "--timeout", "--grace-period", "--type", "-p", "--patch", "--image", "--target",
    ]

    /// What is neither verb nor option nor an option's value. Everything after `--` is a program's.
    private static func operands(_ words: [String]) -> [String] {
        var found: [String] = []
        var isValue = false
        for word in words.dropFirst(2) {
            if isValue {
                isValue = false
            } else if word == "--" {
                break
            } else if word.hasPrefix("-") {
                // `logs -p` and others' `-p VALUE` look the same.
                isValue = valued.contains(Substring(word)) && !(word == "-p" && words.dropFirst().first == "logs")
            } else {
                found.append(word)
            }
        }
        return found
    }

    private static func value(_ names: [String], _ words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            if names.contains(word), index + 1 < words.count { return words[index + 1] }
            for name in names where word.hasPrefix(name + "=") { return String(word.dropFirst(name.count + 1)) }
        }
        return nil
    }

    private static func host(_ words: [String]) -> Host? {
        let roots = Roots(value(["--root"], words))
        // To open the store would make one.
        guard access(roots.state + "/state.db", R_OK) == 0 else { return nil }
        return Host(roots, namespace: value(["-n", "--namespace"], words) ?? "default")
    }

    private static func names(of kind: ResourceKind, _ words: [String]) -> [String] {
        guard let host = host(words), let objects = try? host.objects(kind, namespace: host.namespace) else {
            return kind == .pod ? unstored(words).map(\.name) : kind == .namespace ? ["default"] : []
        }
        return Set(objects.map { ObjectKey($0).name }).sorted()
    }

    /// Pods of `run`, where there is no store.
    private static func unstored(_ words: [String]) -> [ObjectKey] {
        let namespace = value(["-n", "--namespace"], words) ?? "default"
        return PodReader(Roots(value(["--root"], words))).unstored(except: []).map(ObjectKey.init).filter {
            $0.namespace == namespace
        }
    }

    private static func pairs(_ words: [String], _ prefix: String) -> [String] {
        let type = String(prefix.prefix { $0 != "/" })
        guard let kind = ResourceKind(named: type) else { return [] }
        return names(of: kind, words).map { "\(type)/\($0)" }
    }

    private static func containers(_ words: [String], except index: Int) -> [String] {
        let before = words.enumerated().filter { $0.offset != index }.map(\.element)
        guard let text = operands(before).first, let name = try? ResourceArguments.pod(text) else { return [] }
        let namespace = value(["-n", "--namespace"], words) ?? "default"
        let pod =
            host(words).flatMap { try? $0.find(.pod, name) }
            ?? PodReader(Roots(value(["--root"], words))).unstored(except: []).first {
                ObjectKey($0).name == name && ObjectKey($0).namespace == namespace
            }
        return pod.map { LogSource.all($0).map(\.container) } ?? []
    }
}

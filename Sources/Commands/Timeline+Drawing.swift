import PodPlan

extension Timeline {
    /// One bar per container on a common time axis. `now` (boot clock) is where bars end that have no end yet.
    public func drawing(_ style: ScreenStyle, now: Int64? = nil) -> String {
        guard let begin, let last = end else { return "" }
        let length = max(max(now ?? last, last) - begin, 1)
        let labels = containers.map { "\($0.label) \(TerminalText.escaped($0.name))" }
        let labelWidth = min(labels.map(\.count).max() ?? 0, style.width / 3)
        let summaries = containers.map(\.summary)
        let summaryWidth = summaries.map(\.count).max() ?? 0
        let width = max(style.width - labelWidth - summaryWidth - 4, 10)
        let scale = Scale(length: length, width: width)
        let marks = Marks(unicode: style.unicode)
        var lines = axis(scale, marks).map { String(repeating: " ", count: labelWidth + 2) + $0 }
        for (index, container) in containers.enumerated() {
            let color = ScreenStyle.palette[index % ScreenStyle.palette.count]
            let label = String(labels[index].prefix(labelWidth))
            let padding = String(repeating: " ", count: labelWidth - label.count + 2)
            let cells = bar(container, scale, now ?? last)
            let gap = String(repeating: " ", count: width - cells.count)
            let line = label + padding + paint(cells, marks, style, color) + gap + "  " + summaries[index]
            lines.append(trimmed(line))
        }
        lines.append(String(repeating: " ", count: labelWidth + 2) + legend(marks))
        return lines.joined(separator: "\n") + "\n"
    }

    private enum Cell: Int {
        case empty, backOff, created, running, initRunning, failed
    }

    private struct Marks {
        let characters: [Character]
        var line: Character
        var tick: Character

        init(unicode: Bool) {
            characters = Array(unicode ? " ·░█▓✗" : " .-#=x")
            line = unicode ? "─" : "-"
            tick = unicode ? "┬" : "+"
        }

        subscript(_ cell: Cell) -> String { String(characters[cell.rawValue]) }
    }

    /// From time to columns.
    private struct Scale {
        var length: Int64
        var width: Int

        func column(_ time: Int64) -> Int {
            let time = min(max(time, 0), length)
            return min(Int(Double(time) / Double(length) * Double(width)), width - 1)
        }
    }

    private func bar(_ container: Container, _ scale: Scale, _ now: Int64) -> [Cell] {
        var cells = [Cell](repeating: .empty, count: scale.width)
        let origin = begin ?? 0
        func fill(_ from: Int64, _ to: Int64, _ cell: Cell) {
            for column in scale.column(from - origin)...scale.column(max(from, to) - origin)
            where cells[column].rawValue < cell.rawValue {
                cells[column] = cell
            }
        }
        for (number, attempt) in container.attempts.enumerated() {
            let end = attempt.ended ?? now
            if let started = attempt.started {
                fill(attempt.created, started, .created)
                fill(started, end, container.kind == .initContainer ? .initRunning : .running)
            } else {
                fill(attempt.created, end, .created)
            }
            if attempt.hasFailed { fill(end, end, .failed) }
            if container.attempts.indices.contains(number + 1) {
                fill(end, container.attempts[number + 1].created, .backOff)
            }
        }
        return cells
    }

    private func paint(_ cells: [Cell], _ marks: Marks, _ style: ScreenStyle, _ color: String) -> String {
        var text = ""
        var run = ""
        var runColor = ""
        func close() {
            text += runColor.isEmpty ? run : style.colored(run, runColor)
            run = ""
        }
        for cell in cells {
            let next =
                switch cell {
                case .empty, .backOff: ""
                case .failed: "31"
                case .created, .running, .initRunning: color
                }
            if next != runColor {
                close()
                runColor = next
            }
            run += marks[cell]
        }
        close()
        return text
    }

    private func axis(_ scale: Scale, _ marks: Marks) -> [String] {
        let step = Self.step(scale)
        var labels = [Character](repeating: " ", count: scale.width)
        var ticks = [Character](repeating: marks.line, count: scale.width)
        var time: Int64 = 0
        while time <= scale.length {
            let column = scale.column(time)
            ticks[column] = marks.tick
            let label = Array(Self.label(time, step))
            if column + label.count <= scale.width {
                labels.replaceSubrange(column..<column + label.count, with: label)
            }
            time += step
        }
        return [trimmed(String(labels)), String(ticks)]
    }

    /// The smallest round distance between ticks that leaves twelve columns for a label.
    private static func step(_ scale: Scale) -> Int64 {
        let least = Double(scale.length) * 12 / Double(scale.width)
        let seconds: Int64 = 1_000_000_000
        var steps: [Int64] = []
        var unit: Int64 = 1_000_000
        while unit < 10 * seconds {
            steps += [unit, 2 * unit, 5 * unit]
            unit *= 10
        }
        steps = steps.filter { $0 < 10 * seconds }
        steps += [10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 43200, 86400].map { $0 * seconds }
        if let step = steps.first(where: { Double($0) >= least }) { return step }
        return Int64(least / Double(86400 * seconds) + 1) * 86400 * seconds
    }

    private static func label(_ time: Int64, _ step: Int64) -> String {
        let second: Int64 = 1_000_000_000
        if step < second / 10 { return "\(time / 1_000_000) ms" }
        if step < second { return "\(time / second).\(time % second / (second / 10)) s" }
        if step < 60 * second { return "\(time / second) s" }
        if step < 3600 * second { return "\(time / (60 * second)) min" }
        return "\(time / (3600 * second)) h"
    }

    private func legend(_ marks: Marks) -> String {
        var parts: [String] = []
        let kinds = Set(containers.map(\.kind))
        parts.append("\(marks[.created]) created")
        if kinds.contains(.initContainer) { parts.append("\(marks[.initRunning]) init") }
        parts.append("\(marks[.running]) running")
        if containers.contains(where: { $0.attempts.count > 1 }) { parts.append("\(marks[.backOff]) back-off") }
        if containers.contains(where: { $0.attempts.contains(where: \.hasFailed) }) {
            parts.append("\(marks[.failed]) failed")
        }
        return parts.joined(separator: "  ")
    }

    private func trimmed(_ text: String) -> String {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }
}

extension Timeline.Attempt {
    fileprivate var hasFailed: Bool {
        switch end {
        // SIGTERM is how a pod is stopped.
        case .exited(let code, let signal, _): code != 0 && signal != 15
        case .notStarted: true
        case nil: false
        }
    }
}

extension Timeline.Container {
    fileprivate var label: String {
        switch kind {
        case .initContainer: "init"
        case .sidecar: "sidecar"
        case .app: "container"
        }
    }

    /// `1.2 s, code 3, 2 restarts`: how long it ran in all, how the last attempt ended, how often it was restarted.
    fileprivate var summary: String {
        guard let last = attempts.last else { return "never created" }
        var parts: [String] = []
        let ran = attempts.reduce(Int64(0)) { sum, attempt in
            guard let started = attempt.started, let ended = attempt.ended else { return sum }
            return sum + ended - started
        }
        if attempts.contains(where: { $0.started != nil && $0.ended != nil }) { parts.append(DurationText.text(ran)) }
        switch last.end {
        case .exited(_, _, "OOMKilled"): parts.append("OOMKilled")
        case .exited(_, let signal, _) where signal != 0: parts.append(SignalName.text(signal))
        case .exited(let code, _, _): parts.append("code \(code)")
        case .notStarted: parts.append("did not start")
        case nil: parts.append(last.started == nil ? "not started" : "running")
        }
        if last.number > 0 { parts.append(last.number == 1 ? "1 restart" : "\(last.number) restarts") }
        return parts.joined(separator: ", ")
    }
}

import Glibc
import PodPlan
import Testing

@testable import Commands

@Suite struct TimelineTests {
    private func timeline(_ names: [String], _ reports: [PodReport]) -> Timeline {
        var timeline = Timeline(.test("demo", names))
        for report in reports { _ = timeline.add(report) }
        return timeline
    }

    private var life: Timeline {
        timeline(
            ["clone", "sync", "web"],
            [
                .sandboxReady(at: at(0)), .created(0, 0), .started(0, 200), .ended(0, 1_000), .created(1, 1_000),
                .started(1, 1_010), .created(2, 1_010), .started(2, 1_020), .ended(2, 2_000, code: 3),
                .created(2, 1, 2_000),
                .started(2, 1, 2_010), .ended(2, 1, 3_000, code: 3), .created(2, 2, 5_000), .started(2, 2, 5_010),
                .ended(2, 2, 7_000), .ended(1, 8_000, signal: SIGTERM),
            ])
    }

    @Test func drawnInASCII() {
        let expected = """
                           0 s                      5 s
                           +------------------------+--------------
            init clone     -=====                                    0.8 s, code 0
            sidecar sync        ###################################  7 s, SIGTERM
            container web       #####x####x.........###########      4 s, code 0, 2 restarts
                           - created  = init  # running  . back-off  x failed

            """
        #expect(life.drawing(.ascii) == expected)
    }

    @Test func drawnInBlocks() {
        let expected = """
                           0 s            2 s            4 s            6 s
                           ┬──────────────┬──────────────┬──────────────┬─────────────┬
            init clone     ░▓▓▓▓▓▓▓                                                      0.8 s, code 0
            sidecar sync          █████████████████████████████████████████████████████  7 s, SIGTERM
            container web         ████████✗██████✗··············████████████████         4 s, code 0, 2 restarts
                           ░ created  ▓ init  █ running  · back-off  ✗ failed

            """
        #expect(life.drawing(.plain) == expected)
    }

    @Test(arguments: [40, 60, 80, 133, 400])
    func noLineIsWiderThanTheScreen(_ width: Int) {
        let style = ScreenStyle(isTerminal: false, colors: false, unicode: true, width: width)
        let lines = life.drawing(style).split(separator: "\n")
        // Below this, the words after the bars need what there is.
        for line in lines.dropLast() where width >= 60 { #expect(line.count <= width) }
        #expect(lines.count == 6)
    }

    @Test func whatStillRunsGoesOnToNow() {
        let running = timeline(
            ["web", "late"], [.sandboxReady(at: at(0)), .created(0, 0), .started(0, 0), .created(1, 500)])
        let expected = """
                            0.0 s                    0.5 s
                            +------------------------+------------------------+
            container web   ###################################################  running
            container late                           --------------------------  not started
                            - created  # running

            """
        #expect(running.drawing(.ascii, now: at(1_000).boot) == expected)
    }

    @Test func aPodWithoutALife() {
        #expect(timeline(["web"], []).drawing(.ascii) == "")
        let failed = timeline(
            ["web", "b"],
            [
                .sandboxReady(at: at(0)), .created(0, 0),
                .failedToStart(container: 0, attempt: 0, at: at(0), failure: .init(.exec, errno: ENOENT)),
            ])
        let lines = failed.drawing(.ascii).split(separator: "\n").map(String.init)
        #expect(lines[2].hasPrefix("container web  x"))
        #expect(lines[2].hasSuffix("did not start"))
        #expect(lines[3].hasSuffix("never created"))
    }

    @Test(arguments: [1, 30, 700, 5_000, 60_000, 3_600_000, 90_000_000, 8_000_000_000] as [Int64])
    func theAxisIsRoundAndNotCrowded(_ length: Int64) {
        let timeline = timeline(["web"], [.created(0, 0), .started(0, 0), .ended(0, length)])
        let lines = timeline.drawing(.ascii).split(separator: "\n").map(String.init)
        let ticks = lines[1].count { $0 == "+" }
        #expect((1...6).contains(ticks))
        #expect(lines[0].contains("0"))
    }

    @Test func barsHaveTheColoursOfTheirContainers() {
        let text = life.drawing(.terminal)
        #expect(text.contains("\u{1B}[36m░▓"))
        #expect(text.contains("\u{1B}[33m█"))
        #expect(text.contains("\u{1B}[31m✗\u{1B}[0m"))
    }
}

import Testing

@testable import Commands

@Suite struct TerminalTextTests {
    @Test(arguments: [
        ("plain text\tand tab", "plain text\tand tab"),
        ("häß 漢字 🙂", "häß 漢字 🙂"),
        ("\u{1B}[1;31mred\u{1B}[0m", "\u{1B}[1;31mred\u{1B}[0m\u{1B}[0m"),
        ("\u{1B}[38:2:1:2:3mx", "\u{1B}[38:2:1:2:3mx\u{1B}[0m"),
        ("\u{1B}[2J", "\\x1b[2J"),
        ("\u{1B}[?25lm", "\\x1b[?25lm"),
        ("\u{1B}]0;title\u{7}", "\\x1b]0;title\\x07"),
        ("\u{1B}]8;;http://x\u{1B}\\", "\\x1b]8;;http://x\\x1b\\"),
        ("\u{1B}Pq\u{1B}\\", "\\x1bPq\\x1b\\"),
        ("\u{1B}c", "\\x1bc"),
        ("\u{1B}", "\\x1b"),
        ("\u{1B}[", "\\x1b["),
        ("\u{1B}[31", "\\x1b[31"),
        ("\u{9B}31m", "\\xc2\\x9b31m"),
        ("ends with CR\r", "ends with CR"),
        ("over\rwritten", "over\\x0dwritten"),
        ("\u{8}\u{0}\u{7F}", "\\x08\\x00\\x7f"),
    ])
    func outputOnATerminal(_ input: String, _ expected: String) {
        #expect(String(decoding: TerminalText.sanitized(input.utf8), as: UTF8.self) == expected)
    }

    @Test(
        arguments: [
            ([0x9B, 0x33], "\\x9b3"), ([0xFF, 0x41], "\\xffA"), ([0xC3], "\\xc3"), ([0xE2, 0x82, 0x41], "\\xe2\\x82A"),
            ([0xC0, 0x9B], "\\xc0\\x9b"), ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
        ] as [([UInt8], String)])
    func bytesThatAreNotUTF8(_ input: [UInt8], _ expected: String) {
        #expect(String(decoding: TerminalText.sanitized(input), as: UTF8.self) == expected)
    }

    @Test func aLongParameterListIsNoColour() {
        let input = "\u{1B}[" + String(repeating: "1;", count: 500) + "m"
        #expect(!TerminalText.sanitized(input.utf8).contains(0x1B))
    }

    @Test(
        arguments: [
            (0, "0 ms"), (400_000, "0 ms"), (12_000_000, "12 ms"), (402_000_000, "0.4 s"), (1_000_000_000, "1 s"),
            (59_940_000_000, "59.9 s"), (60_000_000_000, "1 min"), (80_000_000_000, "1 min 20 s"),
            (3_600_000_000_000, "1 h"), (7_384_000_000_000, "2 h 3 min"), (-5, "0 ms"), (99_900_000, "0.1 s"),
        ] as [(Int64, String)])
    func durations(_ nanoseconds: Int64, _ text: String) {
        #expect(DurationText.text(nanoseconds) == text)
    }

    @Test func coloursByEnvironment() {
        func style(_ values: [String: String]) -> ScreenStyle {
            ScreenStyle(descriptor: -1) { values[$0] }
        }
        #expect(!style(["TERM": "xterm"]).colors)
        #expect(style(["LANG": "de_DE.UTF-8"]).unicode)
        #expect(!style(["LC_ALL": "C", "LANG": "de_DE.UTF-8"]).unicode)
        #expect(style(["COLUMNS": "72"]).width == 72)
        #expect(style(["COLUMNS": "3"]).width == 40)
    }
}

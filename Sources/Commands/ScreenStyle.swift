import Glibc

/// What the stream that text goes to can show.
public struct ScreenStyle: Sendable, Equatable {
    /// Control sequences would be carried out by what is at the other end.
    public var isTerminal: Bool
    public var colors: Bool
    /// Block characters; otherwise ASCII.
    public var unicode: Bool
    /// Columns.
    public var width: Int

    public init(isTerminal: Bool, colors: Bool, unicode: Bool, width: Int) {
        self.isTerminal = isTerminal
        self.colors = colors
        self.unicode = unicode
        self.width = width
    }

    /// A file or a pipe.
    public static let plain = ScreenStyle(isTerminal: false, colors: false, unicode: true, width: 100)

    /// By the descriptor and the environment: `NO_COLOR` (no-color.org), `TERM`, `COLUMNS`, and the locale's character set.
    public init(descriptor: Int32, environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }) {
        isTerminal = isatty(descriptor) == 1
        let term = environment("TERM") ?? ""
        let noColor = environment("NO_COLOR") ?? ""
        colors = isTerminal && noColor.isEmpty && !term.isEmpty && term != "dumb"
        // As setlocale(3): the first of these that is set decides.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(environment).first { !$0.isEmpty } ?? ""
        let name = locale.lowercased()
        unicode = name.contains("utf-8") || name.contains("utf8")
        var size = winsize()
        if isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            width = Int(size.ws_col)
        } else {
            width = environment("COLUMNS").flatMap(Int.init) ?? 100
        }
        width = min(max(width, 40), 400)
    }

    /// The colours that containers get, in order; no red, which means failure.
    static let palette = ["36", "33", "32", "35", "34", "96", "93", "92", "95", "94"]

    func colored(_ text: String, _ code: String) -> String {
        colors ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

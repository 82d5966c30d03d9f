import CLinux
import Glibc
import PodPlan

/// The user's own terminal, for as long as what is typed goes to a container as it is.
struct UserTerminal {
    let descriptor: Int32

    /// nil: it is none.
    init?(_ descriptor: Int32) {
        guard isatty(descriptor) == 1 else { return nil }
        self.descriptor = descriptor
    }

    /// nil: the terminal does not know.
    var size: TerminalSize? {
        var rows: UInt16 = 0
        var columns: UInt16 = 0
        guard swl_window_size(descriptor, &rows, &columns) == 0, rows > 0, columns > 0 else { return nil }
        return TerminalSize(rows: rows, columns: columns)
    }

    /// Every key goes through, Ctrl-C too. Ends with `restore`, with the process, and with its crash.
    func makeRaw() {
        _ = swl_terminal_raw(descriptor)
    }

    static func restore() {
        swl_terminal_restore()
    }
}

extension UserTerminal {
    /// What `-i` and `-t` ask for (SetupTTY of `kubectl/pkg/cmd/exec`): without standard input there is no terminal either.
    static func wanted(stdin: Bool, tty: Bool, isQuiet: Bool) -> UserTerminal? {
        guard stdin, tty else { return nil }
        if let terminal = UserTerminal(0) { return terminal }
        if !isQuiet {
            Output.error("Unable to use a TTY - input is not a terminal or the right kind of file")
        }
        return nil
    }
}

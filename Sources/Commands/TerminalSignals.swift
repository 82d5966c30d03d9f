import CLinux
import Glibc
import Linux

/// Signals while the user's terminal is raw: its size has changed, or the command is to end or to pause, and then the terminal
/// is as it was. Without a terminal they do what they always do.
final class TerminalSignals {
    private let descriptor: OwnedDescriptor?
    private let terminal: UserTerminal?
    private var isRaw = false

    init(_ terminal: UserTerminal?) throws(SystemError) {
        self.terminal = terminal
        guard terminal != nil else {
            descriptor = nil
            return
        }
        let signals = [SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]
        descriptor = OwnedDescriptor(
            OwnedFD(try check(swl_signalfd(signals, Int32(signals.count)), "signalfd")))
    }

    /// For poll(2), which passes over a negative one.
    var raw: Int32 { descriptor?.raw ?? -1 }

    func makeRaw() {
        isRaw = true
        terminal?.makeRaw()
    }

    /// True where the size may have changed. Does not return from a signal that ends the command.
    func handle() -> Bool {
        guard let descriptor else { return false }
        var buffer = [UInt8](repeating: 0, count: 128)
        var resized = false
        while read(descriptor.raw, &buffer, buffer.count) >= 4 {
            let number = buffer.withUnsafeBytes { Int32($0.loadUnaligned(as: UInt32.self)) }
            if number == SIGWINCH {
                resized = true
                continue
            }
            UserTerminal.restore()
            if number == SIGTSTP {
                kill(getpid(), SIGSTOP)
                if isRaw { terminal?.makeRaw() }
                resized = true
                continue
            }
            swl_reset_signals()
            kill(getpid(), number)
            swl_exit(128 + number)
        }
        return resized
    }
}

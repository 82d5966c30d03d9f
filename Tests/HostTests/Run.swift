import Foundation
import Glibc

/// How a command ended.
struct Outcome: CustomStringConvertible {
    /// 128 + N where signal N ended it.
    var code: Int32
    var stdout: String
    var stderr: String
    var seconds: Double

    var lines: [String] { stdout.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }

    /// What one container printed, without its prefix.
    func lines(of container: String) -> [String] {
        lines.compactMap { line in
            guard let bar = line.range(of: " | ") else { return line.hasSuffix(" |") ? "" : nil }
            let name = line[..<bar.lowerBound].trimmingCharacters(in: .whitespaces)
            return name == container || name.hasSuffix("/" + container) ? String(line[bar.upperBound...]) : nil
        }
    }

    var description: String { "exit \(code) after \(seconds) s\n--- stdout\n\(stdout)\n--- stderr\n\(stderr)" }
}

/// A swiftlet command in a process group of its own, with its output in files.
final class Run {
    let pid: pid_t
    private let outputPath: String
    private let errorPath: String
    private let begin = monotonicSeconds()
    private var code: Int32?
    private var seconds = 0.0
    private var terminal: Int32 = -1
    private var screen: [UInt8] = []

    init(
        arguments: [String], environment: [String], input: String?, prefix: String, workingDirectory: String,
        terminal: Bool, inherit: [Int32], keyboard: Bool = false
    ) throws {
        outputPath = prefix + ".out"
        errorPath = prefix + ".err"
        var inputPath = "/dev/null"
        if let input {
            inputPath = prefix + ".in"
            try Data(input.utf8).write(to: URL(fileURLWithPath: inputPath))
        }
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        var slave: Int32 = -1
        if !keyboard { posix_spawn_file_actions_addopen(&actions, 0, inputPath, O_RDONLY, 0) }
        if terminal {
            var name = [CChar](repeating: 0, count: 128)
            guard openpty(&self.terminal, &slave, &name, nil, nil) == 0 else {
                throw Expired(description: "openpty: errno \(errno)")
            }
            _ = fcntl(self.terminal, F_SETFL, O_NONBLOCK)
            if keyboard {
                // The first terminal that the leader of a new session opens is its own.
                posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
            }
            posix_spawn_file_actions_adddup2(&actions, slave, 1)
            posix_spawn_file_actions_adddup2(&actions, slave, 2)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
            posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
        }
        for (index, fd) in inherit.enumerated() { posix_spawn_file_actions_adddup2(&actions, fd, 20 + Int32(index)) }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            if let fd = Int32(name), fd > 2 { _ = fcntl(fd, F_SETFD, FD_CLOEXEC) }
        }
        let group = keyboard ? Int32(0x80) /* POSIX_SPAWN_SETSID */ : Int32(POSIX_SPAWN_SETPGROUP)
        posix_spawnattr_setflags(&attributes, Int16(group | Int32(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)))
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        let strings = [path, "HOME=/root", "TERM=xterm", "CALLER_SECRET=leaked"] + environment
        var child: pid_t = 0
        let program = "/usr/bin/env"
        let result = withVector([program, "-C", workingDirectory] + arguments) { argv in
            withVector(strings) { environment in
                posix_spawn(&child, program, &actions, &attributes, argv, environment)
            }
        }
        if slave >= 0 { close(slave) }
        guard result == 0 else { throw Expired(description: "posix_spawn \(arguments[0]): errno \(result)") }
        pid = child
    }

    deinit {
        end()
        if terminal >= 0 { close(terminal) }
    }

    var stdout: String {
        if terminal < 0 { return text(at: outputPath) }
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(terminal, &buffer, buffer.count)
            if count <= 0 { break }
            screen += buffer[..<count]
        }
        return String(decoding: screen, as: UTF8.self)
    }

    /// What a person types at the terminal.
    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(terminal, bytes, bytes.count)
    }

    func resize(rows: UInt16, columns: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
    }

    /// Whether keys come line by line and are echoed, as a shell's user has them.
    var isCooked: Bool {
        var state = termios()
        return tcgetattr(terminal, &state) == 0 && state.c_lflag & tcflag_t(ICANON | ECHO) == tcflag_t(ICANON | ECHO)
    }

    var stderr: String { text(at: errorPath) }

    var hasEnded: Bool {
        if code != nil { return true }
        _ = terminal >= 0 ? stdout : ""
        var status: Int32 = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return false }
        seconds = monotonicSeconds() - begin
        code = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
        return true
    }

    /// Waits for the end; a command that takes longer is killed, and the test fails.
    func wait(_ timeout: Double = 20) throws -> Outcome {
        let end = monotonicSeconds() + timeout
        while !hasEnded {
            if monotonicSeconds() > end {
                let progress = "\(stdout)\n--- stderr\n\(stderr)"
                self.end()
                throw Expired(description: "swiftlet ran longer than \(timeout) s; stdout:\n\(progress)")
            }
            usleep(1000)
        }
        return Outcome(code: code ?? -1, stdout: stdout, stderr: stderr, seconds: seconds)
    }

    /// Waits until either output contains `part`; `name | text` also where names are padded to one width.
    func waitForLine(_ part: String, within seconds: Double = 10) throws {
        do {
            try eventually("a line with \(part)", within: seconds) {
                let ended = hasEnded
                if stderr.contains(part) || stdout.replacing(#/ +\| /#, with: " | ").contains(part) { return true }
                if ended { throw Expired(description: "swiftlet ended before a line with \(part)") }
                return false
            }
        } catch {
            throw Expired(description: "\(error); stdout:\n\(stdout)\n--- stderr\n\(stderr)")
        }
    }

    /// Its output, which nobody wants any more.
    func removeFiles() {
        unlink(outputPath)
        unlink(errorPath)
    }

    /// To the command alone.
    func signal(_ number: Int32) {
        if code == nil { kill(pid, number) }
    }

    /// To the whole process group, as a terminal's Ctrl-C does.
    func interrupt() {
        if code == nil { kill(-pid, SIGINT) }
    }

    /// Ends it by force, if it has not ended.
    func end() {
        if hasEnded { return }
        kill(pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        code = 128 + SIGKILL
    }
}

/// Calls `body` with a null-terminated array of C strings.
private func withVector<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
    let pointers = strings.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers)
}

import ArgumentParser

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Show what this host can do, and what to install.")

    func run() throws {
        let check = HostCheck.all()
        let width = check.findings.map(\.subject.count).max() ?? 0
        for finding in check.findings {
            let word =
                switch finding.verdict {
                case .present: "ok     "
                case .limited: "limited"
                case .missing: "MISSING"
                }
            print(word, finding.subject.padding(to: width), finding.detail)
        }
        if check.findings.contains(where: { $0.verdict == .missing }) { throw ExitCode(1) }
    }
}

extension String {
    func padding(to width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }
}

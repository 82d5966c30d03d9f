import ArgumentParser
import PodAPI

/// A length of time as kubectl's options take it (Go's `time.ParseDuration`): `30s`, `1m30s`, `1.5h`, `-1s`, `0`.
struct DurationArgument: Equatable, ExpressibleByArgument {
    var nanoseconds: Int64

    init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    init(seconds: Int64) {
        nanoseconds = seconds * 1_000_000_000
    }

    init?(argument: String) {
        guard let nanoseconds = GoDuration.nanoseconds(argument) else { return nil }
        self.nanoseconds = nanoseconds
    }
}

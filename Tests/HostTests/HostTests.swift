import Foundation
import Glibc
import Testing

/// Tests that run the built `swiftlet` as root against the real kernel, one at a time: each takes a census of the host
/// before and after itself, and a difference fails it.
@Suite(.serialized, .timeLimit(.minutes(ProcessInfo.processInfo.environment["SWIFTLET_SWEEP"] == nil ? 4 : 600)))
enum HostTests {}

/// What a test has to have, besides root and the binary.
enum Need: CustomStringConvertible {
    /// A program of the host, by name.
    case program(String)
    /// A file or directory, by a path relative to the package's root.
    case file(String)
    /// A name below `/proc/self/net` that says that the kernel has the protocol.
    case ipv6
    /// The controllers that limits are set with, on cgroup v1.
    case legacyCgroups

    var description: String {
        switch self {
        case .program(let name): "\(name) is not installed"
        case .file(let path): "\(path) is not there"
        case .ipv6: "the host has no IPv6"
        case .legacyCgroups: "the host has no controllers of cgroup v1"
        }
    }

    var isMet: Bool {
        switch self {
        case .program(let name): World.program(name) != nil
        case .file(let path): access(World.package + "/" + path, F_OK) == 0
        case .ipv6: access("/proc/self/net/if_inet6", F_OK) == 0
        case .legacyCgroups:
            ["cpu", "memory", "pids"].allSatisfy { access("/sys/fs/cgroup/\($0)/tasks", F_OK) == 0 }
        }
    }
}

/// Ends the running test as skipped, with one line that says why.
func skip(_ reason: String, _ name: String = Test.current?.name ?? "test") throws -> Never {
    print("SKIP \(name): \(reason)")
    try Test.cancel("\(reason)")
}

/// Runs `body` in a world of its own, and fails the test where anything of it is left on the host afterwards.
///
/// - Parameter sweeping: Whether one more command runs before the second census: after a kill the next command cleans up.
func withWorld(
    needs: [Need] = [], sweeping: Bool = false, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (World) throws -> Void
) throws {
    guard geteuid() == 0 else { try skip("not root") }
    guard access(World.binary, X_OK) == 0 else { try skip("\(World.binary) is not built") }
    for need in needs where !need.isMet { try skip("\(need)") }
    let world = try World()
    let before = Census.take(world)
    defer { world.remove() }
    var failure: (any Error)?
    do { try body(world) } catch { failure = error }
    world.endAll()
    if sweeping || failure != nil {
        let next = try world.run(pod(container("next", "true")))
        #expect(next.code == 0, "the next command: \(next)", sourceLocation: sourceLocation)
    }
    for left in world.remains() {
        Issue.record("left in the state directory: \(left)", sourceLocation: sourceLocation)
    }
    for difference in Census.differences(world, since: before, within: 2) {
        Issue.record("\(difference)", sourceLocation: sourceLocation)
    }
    if let failure { throw failure }
}

/// A test that waited for something in vain.
struct Expired: Error, CustomStringConvertible {
    var description: String
}

/// Polls until `condition` holds; throws after `seconds`.
func eventually(
    _ what: String, within seconds: Double = 10, _ condition: () throws -> Bool
) throws {
    let end = monotonicSeconds() + seconds
    while try !condition() {
        if monotonicSeconds() > end { throw Expired(description: "waited \(seconds) s in vain for: \(what)") }
        usleep(2000)
    }
}

func monotonicSeconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

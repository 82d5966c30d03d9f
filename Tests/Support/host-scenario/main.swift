// A pod's volumes and one container's root, made by a process of one thread, which the test process is not. Its arguments
// are the plan in small; the container runs a shell command, whose output and exit code are passed on.
//
//   host-scenario run DIR [OPTION…] -- COMMAND     exit code 120: the container did not start, 121: a volume was refused
//   host-scenario bench DIR COUNT [OPTION…]        prints microseconds for each container
//   host-scenario race-subpath DIR COUNT [OPTION…] mounts over and over while another process exchanges files
//   host-scenario remove PATH
//   host-scenario own PATH GID                     gives a tree to a group, as fsGroup; prints files and milliseconds

import CLinux
import Glibc
import Linux
import PodPlan
import RootFS
import Volumes

var arguments = Array(CommandLine.arguments.dropFirst())

@MainActor func next() -> String {
    if arguments.isEmpty { fail("an argument is missing", code: 2) }
    return arguments.removeFirst()
}

let verb = next()
switch verb {
case "remove":
    do {
        try TreeRemoval.remove(next())
    } catch {
        fail("\(error)", code: 1)
    }
case "own":
    do {
        let path = next()
        let group = FileSystemGroup(gid: UInt32(next()) ?? 0)
        let start = Clock.boot
        let outcome = try VolumeOwnership(group, readOnly: false).apply(to: path)
        print("\(outcome.files) files, \((Clock.boot - start) / 1_000_000) ms")
    } catch {
        fail("\(error)", code: 1)
    }
case "run":
    let scenario = Scenario(directory: next())
    scenario.parse(&arguments)
    scenario.makePod()
    exit(scenario.runContainer())
case "bench":
    let scenario = Scenario(directory: next())
    let count = Int(next()) ?? 1
    scenario.parse(&arguments)
    scenario.bench(count)
case "race":
    let scenario = Scenario(directory: next())
    let count = Int(next()) ?? 1
    scenario.parse(&arguments)
    scenario.makePod()
    scenario.race(count)
default:
    fail("no such scenario: \(verb)", code: 2)
}

import Glibc
import PodPlan
import Testing

@testable import Commands

@Suite struct LaunchFailureSentenceTests {
    struct Case: Sendable {
        var failure: LaunchFailure
        var what: String
        var hasAdvice: Bool
    }

    @Test(arguments: [
        Case(
            failure: .init(.exec, errno: ENOENT, path: "nginx"),
            what: "exec \"nginx\": not found in the PATH of root host:/srv/root", hasAdvice: true),
        Case(
            failure: .init(.exec, errno: ENOENT, path: "/bin/x"),
            what: "exec \"/bin/x\": not found in root host:/srv/root", hasAdvice: true),
        Case(
            failure: .init(.exec, errno: EACCES, path: "/etc/passwd"),
            what: "exec \"/etc/passwd\": not executable as user 1000", hasAdvice: true),
        Case(
            failure: .init(.exec, errno: ENOEXEC, path: "/a"),
            what: "exec \"/a\": not a program that this host can run", hasAdvice: true),
        Case(
            failure: .init(.workingDirectory, errno: ENOENT, path: "/work"),
            what: "workingDir \"/work\": no such directory in root host:/srv/root", hasAdvice: true),
        Case(
            failure: .init(.volume, errno: ELOOP, path: "/data"),
            what: "mount \"/data\": leaves the volume by a symbolic link", hasAdvice: true),
        Case(
            failure: .init(.clone, errno: EPERM), what: "making the process: not permitted", hasAdvice: true),
        Case(
            failure: .init(.filter, errno: EINVAL), what: "seccomp filter: Invalid argument", hasAdvice: false),
    ])
    func sentences(_ test: Case) {
        var container = ContainerPlan()
        container.uid = 1000
        container.rootFS = .directory("/srv/root")
        let (what, advice) = test.failure.sentence(container)
        #expect(what == test.what)
        #expect(advice.isEmpty != test.hasAdvice)
    }

    @Test(arguments: LaunchStep.allCases)
    func everyStepHasASentence(_ step: LaunchStep) {
        for errno in 1...133 as ClosedRange<Int32> {
            let what = LaunchFailure(step, errno: errno, path: "/p").sentence(ContainerPlan()).what
            // What is wrong with an env file is a sentence already, in place of the path.
            #expect(what.contains(step == .environment ? "environment: /p" : "\"/p\": "))
            #expect(!what.hasSuffix("."))
        }
    }
}

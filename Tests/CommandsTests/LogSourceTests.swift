import PodAPI
import Testing

@testable import Commands

@Suite struct LogSourceTests {
    private func pod(_ status: String = "{}", annotations: String = "{}") throws -> JSONValue {
        try JSONValue(
            parsing: """
                {"metadata":{"name":"p","namespace":"n","uid":"u","annotations":\(annotations)},
                "spec":{"initContainers":[{"name":"i"}],"containers":[{"name":"a"},{"name":"b"}]},
                "status":{"phase":"Running","containerStatuses":[\(status)]}}
                """.utf8)
    }

    private func container(_ state: String, last: String = "{}", id: String = "\"\"") throws -> JSONValue {
        try pod("{\"name\":\"a\",\"state\":\(state),\"lastState\":\(last),\"containerID\":\(id)}")
    }

    private func ended(_ attempt: Int) -> String { "{\"terminated\":{\"containerID\":\"swiftlet://u/a/\(attempt)\"}}" }

    @Test func theFirstContainerIsTheDefaultAndKubectlSaysSo() throws {
        var notes: [String] = []
        let source = try LogSource.one(try pod(), "") { notes.append($0) }
        #expect(source.container == "a" && notes == ["Defaulted container \"a\" out of: a, b, i (init)"])
        #expect(source.directory == "n_p_u")
    }

    @Test func theAnnotationChoosesAnother() throws {
        var notes: [String] = []
        let chosen = try pod(annotations: "{\"kubectl.kubernetes.io/default-container\":\"b\"}")
        let first = try LogSource.one(chosen, "") { notes.append($0) }
        #expect(first.container == "b" && notes.isEmpty)
        let wrong = try pod(annotations: "{\"kubectl.kubernetes.io/default-container\":\"x\"}")
        let second = try LogSource.one(wrong, "") { notes.append($0) }
        #expect(second.container == "a")
        #expect(notes.first == "Default container name \"x\" not found in pod p")
    }

    @Test func aNameThatIsNoneIsRefused() throws {
        let some = try pod()
        #expect(throws: CommandError.self) { try LogSource.one(some, "x") { _ in } }
        #expect(LogSource.all(try pod()).map(\.container) == ["i", "a", "b"])
    }

    @Test func theAttempt() throws {
        let source = LogSource(pod: try pod(), container: "a")
        func attempt(_ pod: JSONValue, previous: Bool = false) -> UInt32? {
            try? source.attempt(pod, previous: previous)
        }
        let running = try container("{\"running\":{}}", last: ended(1), id: "\"swiftlet://u/a/2\"")
        #expect(attempt(running) == 2 && attempt(running, previous: true) == 1)
        let done = try container(ended(3), last: ended(2), id: "\"swiftlet://u/a/3\"")
        #expect(attempt(done) == 3 && attempt(done, previous: true) == 2)
        let crashed = try container(
            "{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}}", last: ended(4), id: "\"swiftlet://u/a/4\"")
        #expect(attempt(crashed) == 4 && attempt(crashed, previous: true) == 4)
        let hooked = try container("{\"waiting\":{\"reason\":\"ContainerCreating\"}}", id: "\"swiftlet://u/a/0\"")
        #expect(attempt(hooked) == 0)
        #expect(attempt(try pod()) == nil)
    }

    @Test func whyThereIsNone() throws {
        let source = LogSource(pod: try pod(), container: "a")
        func reason(_ pod: JSONValue, previous: Bool = false) -> String? {
            do {
                _ = try source.attempt(pod, previous: previous)
                return nil
            } catch { return error.description }
        }
        let waiting = try container("{\"waiting\":{\"reason\":\"PodInitializing\"}}")
        #expect(
            reason(waiting)
                == "Error from server (BadRequest): container \"a\" in pod \"p\" is waiting to start: PodInitializing")
        #expect(
            reason(waiting, previous: true)
                == "Error from server (BadRequest): previous terminated container \"a\" in pod \"p\" not found")
    }

    @Test func theEndOfAnAttempt() throws {
        let source = LogSource(pod: try pod(), container: "a")
        let running = try container("{\"running\":{}}", last: ended(1), id: "\"swiftlet://u/a/2\"")
        #expect(!source.hasEnded(running, attempt: 2) && source.hasEnded(running, attempt: 1))
        #expect(source.hasEnded(try container(ended(2), id: "\"swiftlet://u/a/2\""), attempt: 2))
        var failed = running
        failed[path: "status", "phase"] = .string("Failed")
        #expect(source.hasEnded(failed, attempt: 2))
    }
}

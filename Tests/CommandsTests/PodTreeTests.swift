import PodAPI
import PodPlan
import Testing

@testable import Commands

@Suite struct PodTreeTests {
    /// 2024-05-01T10:00:00Z
    private static let now: Int64 = 1_714_557_600_000_000_000

    private func text(_ pod: String, _ change: (inout PodTree.Surroundings) throws -> Void = { _ in }) throws -> String
    {
        var surroundings = PodTree.Surroundings(directory: "/state/pods/u", now: Self.now)
        try change(&surroundings)
        return PodTree(try JSONValue(parsing: pod.utf8), surroundings, .plain).text
    }

    private static let pod = """
        {"metadata":{"name":"web","namespace":"default","labels":{"app":"web"},"creationTimestamp":"2024-05-01T09:55:00Z"},
         "spec":{
          "initContainers":[
           {"name":"clone","image":"host:/","volumeMounts":[{"name":"repo","mountPath":"/git"}]},
           {"name":"sync","restartPolicy":"Always"}],
          "containers":[{"name":"web","ports":[{"containerPort":8080,"name":"http","hostPort":80}],
            "volumeMounts":[{"name":"repo","mountPath":"/srv","readOnly":true,"subPath":"www"}]}],
          "volumes":[{"name":"repo","emptyDir":{}},{"name":"tmp","emptyDir":{"medium":"Memory","sizeLimit":"1Mi"}},
            {"name":"host","hostPath":{"path":"/x"}},{"name":"data","persistentVolumeClaim":{"claimName":"c"}},
            {"name":"conf","configMap":{"name":"cm"}}]},
         "status":{"phase":"Running","podIP":"10.0.0.5","initContainerStatuses":[
            {"name":"clone","state":{"terminated":{"exitCode":0,"reason":"Completed","startedAt":"2024-05-01T09:55:00Z","finishedAt":"2024-05-01T09:55:02Z"}}},
            {"name":"sync","started":true,"ready":true,"restartCount":2,"state":{"running":{"startedAt":"2024-05-01T09:59:00Z"}},
             "lastState":{"terminated":{"exitCode":3,"reason":"Error","finishedAt":"2024-05-01T09:58:30Z"}}}],
          "containerStatuses":[{"name":"web","ready":false,"state":{"running":{"startedAt":"2024-05-01T09:56:00Z"}}}]}}
        """

    @Test func aPodAsASketch() throws {
        let text = try text(Self.pod) { surroundings in
            func object(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }
            surroundings.services = [
                try object(
                    #"{"metadata":{"name":"svc","namespace":"default"},"spec":{"selector":{"app":"web"},"ports":[{"port":80,"targetPort":"http"}]}}"#
                ), try object(#"{"metadata":{"name":"other","namespace":"default"},"spec":{"selector":{"app":"db"}}}"#),
            ]
            surroundings.claims = [
                try object(#"{"metadata":{"name":"c","namespace":"default"},"spec":{"volumeName":"pv1"}}"#)
            ]
            surroundings.volumes = [
                try object(#"{"metadata":{"name":"pv1"},"spec":{"local":{"path":"/srv/data"}}}"#)
            ]
            surroundings.exists = { $0 != "/x" }
        }
        #expect(
            text == """
                pod/web  Running  1/2 ready  5m  10.0.0.5
                ├─ init clone  done after 2s
                │  ├─ image host:/
                │  └─ /git ← repo
                ├─ sidecar sync  running 60s  2 restarts, the last 90s ago after exit code 3
                ├─ container web  running 4m, not ready
                │  ├─ port 8080/TCP (http) ← host 80
                │  └─ /srv ← repo/www (read only)
                ├─ volumes
                │  ├─ repo  emptyDir  /state/pods/u/volumes/repo
                │  ├─ tmp   emptyDir in memory, 1Mi at most
                │  ├─ host  hostPath  /x (not there)
                │  ├─ data  claim c → pv pv1 → /srv/data
                │  └─ conf  ConfigMap cm
                └─ services
                   └─ svc  80 → http/TCP

                """)
    }

    @Test func asciiAndEscapes() throws {
        var style = ScreenStyle.plain
        style.unicode = false
        let pod = """
            {"metadata":{"name":"a\\u001b[31m"},"spec":{"containers":[{"name":"b\\u009b","image":"c\\rd"}],
             "volumes":[{"name":"v","hostPath":{"path":"/e\\u0007"}}]},"status":{"phase":"Failed","message":"f\\ng"}}
            """
        let text = PodTree(try JSONValue(parsing: pod.utf8), .init(directory: "/s", now: 0), style).text
        #expect(
            text == """
                pod/a^[[31m in   Failed  0/1 ready
                |- f\\ng
                |- container b\\u{9B}  not started
                |  `- image c\\rd
                `- volumes
                   `- v  hostPath  /e\\u{7}

                """)
    }

    @Test func aTimelineOfAStatus() throws {
        let timeline = Timeline(try JSONValue(parsing: Self.pod.utf8))
        #expect(timeline.containers.map(\.name) == ["clone", "sync", "web"])
        #expect(timeline.containers.map(\.kind) == [.initContainer, .sidecar, .app])
        #expect(timeline.containers.map { $0.attempts.map(\.number) } == [[0], [1, 2], [0]])
        #expect(timeline.isRunning)
        let begin = try #require(timeline.begin)
        #expect(Self.now - begin == 300_000_000_000)
        let text = timeline.drawing(.plain, now: Self.now)
        #expect(text.contains("container web") && text.contains("running"))
        let event = try JSONValue(
            parsing:
                #"{"reason":"Started","firstTimestamp":"2024-05-01T09:55:02Z","involvedObject":{"fieldPath":"spec.initContainers{sync}"}}"#
                .utf8)
        let more = Timeline(try JSONValue(parsing: Self.pod.utf8), events: [event])
        #expect(more.containers.map { $0.attempts.map(\.number) } == [[0], [0, 1, 2], [0]])
    }
}

import PodAPI
import Printing
import Testing

/// Expectations by the tables of `pkg/printers/internalversion/printers_test.go`.
@Suite struct TableTests {
    /// 2024-05-01T10:00:00Z
    static let now: Int64 = 1_714_557_600_000_000_000

    static func json(_ text: String) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: text.utf8)
        } catch {
            Issue.record("\(error) in \(text)")
            return .null
        }
    }

    static func text(_ kind: String, _ objects: String..., options: (inout TableOptions) -> Void = { _ in }) -> String {
        var chosen = TableOptions()
        options(&chosen)
        var printer = TablePrinter(chosen)
        return printer.text(of: Table(kind: kind, objects: objects.map(json), now: now))
    }

    static let running = """
        {"metadata":{"name":"web","namespace":"default","creationTimestamp":"2024-05-01T09:55:00Z","labels":{"app":"web"}},
         "spec":{"nodeName":"here","containers":[{"name":"a"},{"name":"b"}]},
         "status":{"phase":"Running","podIPs":[{"ip":"10.0.0.1"}],"containerStatuses":[
            {"name":"a","ready":true,"restartCount":3,"state":{"running":{}},
             "lastState":{"terminated":{"exitCode":1,"finishedAt":"2024-05-01T09:59:48Z"}}},
            {"name":"b","ready":false,"restartCount":0,"state":{"running":{}}}]}}
        """

    @Test func podsInColumns() {
        #expect(
            Self.text("Pod", Self.running) == """
                NAME   READY   STATUS    RESTARTS      AGE
                web    1/2     Running   3 (12s ago)   5m

                """)
    }

    @Test func wideLabelsAndNamespace() {
        let text = Self.text("Pod", Self.running) {
            $0.isWide = true
            $0.showsLabels = true
            $0.showsNamespace = true
            $0.labelColumns = ["example.org/tier", "app"]
            $0.kindPrefix = "pod"
        }
        #expect(
            text == """
                NAMESPACE   NAME      READY   STATUS    RESTARTS      AGE   IP         NODE   NOMINATED NODE   READINESS GATES   TIER   APP   LABELS
                default     pod/web   1/2     Running   3 (12s ago)   5m    10.0.0.1   here   <none>           <none>                   web   app=web

                """)
    }

    @Test func headersComeOnceAndColumnsDoNotShrink() {
        var printer = TablePrinter(TableOptions())
        let long = #"{"metadata":{"name":"a-long-name"},"status":{"phase":"Active"}}"#
        let short = #"{"metadata":{"name":"b"},"status":{"phase":"Active"}}"#
        let first = printer.text(of: Table(kind: "Namespace", objects: [Self.json(long)], now: Self.now))
        let second = printer.text(of: Table(kind: "Namespace", objects: [Self.json(short)], now: Self.now))
        #expect(first == "NAME          STATUS   AGE\na-long-name   Active   <unknown>\n")
        #expect(second == "b             Active   <unknown>\n")
    }

    @Test func eventsThatComeLaterAreBelowTheOthers() {
        func event(_ type: String) -> JSONValue {
            Self.json(
                #"{"type":"\#(type)","reason":"R","message":"m","count":2,"firstTimestamp":"2024-05-01T09:58:00Z","lastTimestamp":"2024-05-01T09:59:00Z","involvedObject":{"kind":"Pod","name":"web"}}"#
            )
        }
        var table = EventTable(showsNamespace: false)
        #expect(
            table.text(of: [event("Warning")], now: Self.now) == """
                LAST SEEN          TYPE      REASON   OBJECT    MESSAGE
                60s (x2 over 2m)   Warning   R        Pod/web   m

                """)
        #expect(
            table.text(of: [event("Normal")], now: Self.now) == "60s (x2 over 2m)   Normal    R        Pod/web   m\n")
        #expect(table.text(of: [], now: Self.now).isEmpty)
    }

    @Test(arguments: [
        (#""phase":"Pending""#, "Pending"),
        (#""phase":"Failed","reason":"Evicted""#, "Evicted"),
        (
            #""phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]"#,
            "SchedulingGated"
        ),
        (
            #""phase":"Pending","initContainerStatuses":[{"name":"i","state":{"running":{}}}],"containerStatuses":[{"name":"a","state":{"waiting":{"reason":"PodInitializing"}}}]"#,
            "Init:0/2"
        ),
        (
            #""phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"s","state":{"waiting":{"reason":"PodInitializing"}}}]"#,
            "Init:1/2"
        ),
        (
            #""phase":"Pending","initContainerStatuses":[{"name":"i","restartCount":2,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]"#,
            "Init:CrashLoopBackOff"
        ),
        (
            #""phase":"Failed","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":1,"reason":"Error"}}}]"#,
            "Init:Error"
        ),
        (
            #""phase":"Failed","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":1}}}]"#,
            "Init:ExitCode:1"
        ),
        (
            #""phase":"Failed","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":137,"signal":9}}}]"#,
            "Init:Signal:9"
        ),
        (
            #""phase":"Pending","initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"s","started":true,"ready":true,"state":{"running":{}}}],"containerStatuses":[{"name":"a","state":{"waiting":{"reason":"PodInitializing"}}}]"#,
            "PodInitializing"
        ),
        (
            #""phase":"Running","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"CrashLoopBackOff"}}}]"#,
            "CrashLoopBackOff"
        ),
        (
            #""phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":3}}}]"#,
            "ExitCode:3"
        ),
        (
            #""phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0,"signal":15}}}]"#,
            "Signal:15"
        ),
        (
            #""phase":"Succeeded","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0,"reason":"Completed"}}}]"#,
            "Completed"
        ),
        (
            #""phase":"Running","conditions":[{"type":"Ready","status":"True"}],"containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0,"reason":"Completed"}}},{"name":"b","ready":true,"state":{"running":{}}}]"#,
            "Running"
        ),
        (
            #""phase":"Running","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0,"reason":"Completed"}}},{"name":"b","ready":true,"state":{"running":{}}}]"#,
            "NotReady"
        ),
    ])
    func statusWords(status: String, word: String) {
        let spec =
            #"{"initContainers":[{"name":"i"},{"name":"s","restartPolicy":"Always"}],"containers":[{"name":"a"}]}"#
        let pod = "{\"metadata\":{\"name\":\"p\"},\"spec\":\(spec),\"status\":{\(status)}}"
        #expect(PodSummary(Self.json(pod)).status == word)
        let ending = pod.replacing("\"name\":\"p\"", with: #""name":"p","deletionTimestamp":"2024-05-01T10:00:00Z""#)
        let isOver = status.contains("Succeeded") || status.contains("Failed")
        #expect(PodSummary(Self.json(ending)).status == (isOver ? word : "Terminating"))
    }

    @Test func restartsOfInitContainersCountWhileTheyRun() {
        let pod = Self.json(
            """
            {"spec":{"initContainers":[{"name":"i"},{"name":"s","restartPolicy":"Always"}],"containers":[{"name":"a"}]},
             "status":{"initContainerStatuses":[
               {"name":"i","restartCount":2,"state":{"terminated":{"exitCode":0}}},
               {"name":"s","restartCount":1,"started":true,"ready":true,"state":{"running":{}}}],
              "containerStatuses":[{"name":"a","restartCount":4,"ready":true,"state":{"running":{}}}]}}
            """)
        let summary = PodSummary(pod)
        #expect(summary.restarts == 5)
        #expect(summary.ready == 2)
        #expect(summary.total == 2)
    }

    @Test(arguments: [
        (-5, "<invalid>"), (0, "0s"), (59, "59s"), (119, "119s"), (120, "2m"), (200, "3m20s"), (600, "10m"),
        (10799, "179m"),
        (10800, "3h"), (12000, "3h20m"), (28800, "8h"), (172_799, "47h"), (172_800, "2d"), (183_600, "2d3h"),
        (691_200, "8d"), (62_899_200, "728d"), (63_072_000, "2y"), (66_000_000, "2y33d"), (252_288_000, "8y"),
    ])
    func ages(seconds: Int64, word: String) { #expect(Words.age(nanoseconds: seconds * 1_000_000_000) == word) }

    @Test func volumesAndClaims() {
        #expect(
            Self.text(
                "PersistentVolume",
                """
                {"metadata":{"name":"pv1","creationTimestamp":"2024-05-01T09:00:00Z"},
                 "spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteMany","ReadWriteOnce"],
                  "persistentVolumeReclaimPolicy":"Retain","storageClassName":"slow",
                  "claimRef":{"namespace":"default","name":"data"}},"status":{"phase":"Bound"}}
                """) == """
                    NAME   CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS   CLAIM          STORAGECLASS   VOLUMEATTRIBUTESCLASS   REASON   AGE
                    pv1    1Gi        RWO,RWX        Retain           Bound    default/data   slow           <unset>                          60m

                    """)
        #expect(
            Self.text(
                "PersistentVolumeClaim",
                """
                {"metadata":{"name":"data","creationTimestamp":"2024-05-01T09:00:00Z"},"spec":{},"status":{"phase":"Pending"}}
                """) == """
                    NAME   STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   VOLUMEATTRIBUTESCLASS   AGE
                    data   Pending                                                     <unset>                 60m

                    """)
    }

    @Test func theOtherKinds() {
        #expect(
            Self.text("ConfigMap", #"{"metadata":{"name":"c"},"data":{"a":"1","b":"2"},"binaryData":{"c":""}}"#)
                == "NAME   DATA   AGE\nc      3      <unknown>\n")
        #expect(
            Self.text("Secret", #"{"metadata":{"name":"s"},"type":"Opaque","data":{"a":"MQ=="}}"#)
                == "NAME   TYPE     DATA   AGE\ns      Opaque   1      <unknown>\n")
        #expect(
            Self.text(
                "Service",
                #"{"metadata":{"name":"s"},"spec":{"type":"NodePort","clusterIP":"10.0.0.9","ports":[{"port":80,"nodePort":30080,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}}"#
            ) == """
                NAME   TYPE       CLUSTER-IP   EXTERNAL-IP   PORT(S)               AGE
                s      NodePort   10.0.0.9     <none>        80:30080/TCP,53/UDP   <unknown>

                """)
        #expect(
            Self.text(
                "Event",
                #"{"metadata":{"name":"e"},"type":"Warning","reason":"BackOff","message":"Back-off\nagain","involvedObject":{"kind":"Pod","name":"web"},"lastTimestamp":"2024-05-01T09:59:00Z"}"#
            ) == """
                LAST SEEN   TYPE      REASON    OBJECT    MESSAGE
                60s         Warning   BackOff   pod/web   Back-off...

                """)
        #expect(
            Self.text(
                "PriorityClass",
                #"{"metadata":{"name":"high"},"value":1000,"preemptionPolicy":"PreemptLowerPriority"}"#
            ) == """
                NAME   VALUE   GLOBAL-DEFAULT   AGE         PREEMPTIONPOLICY
                high   1000    false            <unknown>   PreemptLowerPriority

                """)
        #expect(
            Self.text(
                "Node",
                #"{"metadata":{"name":"here","labels":{"node-role.kubernetes.io/control-plane":""}},"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"nodeInfo":{"kubeletVersion":"v1"}}}"#
            ) == """
                NAME   STATUS                     ROLES           AGE         VERSION
                here   Ready,SchedulingDisabled   control-plane   <unknown>   v1

                """)
    }

    /// Security rule S43.
    @Test func nothingActsOnTheTerminal() {
        for value in (UInt32(0)..<0x20).map({ $0 }) + (0x7F..<0xA0).map({ $0 }) + [0x202E, 0x2066] {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let name = JSONValue.string("a" + String(scalar) + "]0;x")
            let object = JSONValue.object([
                .init("kind", .string("Pod")),
                .init("metadata", .object([.init("name", name), .init("namespace", name)])),
                .init("status", .object([.init("reason", name)])),
            ])
            var options = TableOptions()
            options.showsNamespace = true
            var printer = TablePrinter(options)
            let texts = [
                printer.text(of: Table(kind: "Pod", objects: [object], now: 0)), ObjectText.yaml(object),
                ObjectText.json(object), ObjectText.name(object), ScreenText.line(name.string ?? ""),
            ]
            for text in texts {
                let lines = text.unicodeScalars.filter { $0 != "\n" }
                #expect(!lines.contains(scalar), "U+\(String(value, radix: 16)) in \(text.debugDescription)")
            }
        }
    }
}

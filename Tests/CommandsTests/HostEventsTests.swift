import Glibc
import Linux
import ObjectStore
import PodAPI
import Testing

@testable import Commands

@Suite struct HostEventsTests {
    private let directory: TemporaryDirectory
    private let host: Host

    init() throws {
        directory = try TemporaryDirectory()
        host = Host(Roots(directory.path))
        for name in ["lib", "lib/pods", "lib/pods/u1"] { directory.make(name) }
        let pod = try JSONValue(
            parsing: #"{"kind":"Pod","metadata":{"name":"x","namespace":"default"},"spec":{"nodeName":"n"}}"#.utf8)
        try host.write { (transaction) throws(ObjectStoreError) in _ = try transaction.create(pod, uid: "u1") }
    }

    private func line(_ reason: String, secondsAgo: Int64, count: Int = 1) -> String {
        let time = Timestamp.text(Int64(time(nil)) - secondsAgo)
        return
            #"{"type":"Normal","reason":"\#(reason)","message":"m","fieldPath":"spec.containers{c}","count":\#(count),"#
            + #""firstTimestamp":"\#(time)","lastTimestamp":"\#(time)"}"# + "\n"
    }

    private func tell(_ lines: String...) {
        directory.write("lib/pods/u1/events", Array((lines.joined() + "no JSON\n").utf8))
    }

    private func removePod() throws {
        let pod = try host.get(.pod, "x")
        try host.write { (transaction) throws(ObjectStoreError) in
            try host.keepEvents(of: pod, in: transaction)
            _ = try transaction.delete(ObjectKey(pod))
        }
        unlink(directory.path + "/lib/pods/u1/events")
    }

    @Test func eventsOutliveTheirPod() throws {
        tell(line("Started", secondsAgo: 5, count: 3), line("Old", secondsAgo: 3700))
        let living = try host.objects(.event, namespace: "default")
        let event = try #require(living.first)
        #expect(living.count == 1)
        #expect(event[path: "involvedObject", "name"] == .string("x"))
        #expect(event[path: "involvedObject", "fieldPath"] == .string("spec.containers{c}"))
        #expect(event[path: "source", "host"] == .string("n"))
        #expect(event["count"] == .integer(3))
        let pod = try host.get(.pod, "x")
        try removePod()
        let kept = try host.events(about: pod)
        #expect(kept.map { ObjectKey($0) } == living.map { ObjectKey($0) })
        #expect(kept.first?[path: "metadata", "uid"] == event[path: "metadata", "uid"])
        #expect(try host.events(namespace: "other").isEmpty)
        let fields = try FieldSelector(parsing: "involvedObject.name=x,reason=Started")
        #expect(try host.objects(.event, namespace: nil, fields: fields).count == 1)
    }

    @Test func theStoreKeepsANumberOfThem() throws {
        tell((0..<1100).map { line("R\($0)", secondsAgo: Int64(1100 - $0)) }.joined())
        try removePod()
        let events = try host.events(namespace: nil)
        #expect(events.count == Host.keptEvents)
        #expect(!events.contains { $0["reason"] == .string("R0") })
    }

    @Test func aWatchWakesWhenAnythingChanges() throws {
        let watch = try HostWatch(host)
        #expect(!watch.wait(until: Clock.boot))
        let other = Host(Roots(directory.path))
        let config = try JSONValue(parsing: #"{"kind":"ConfigMap","metadata":{"name":"c","namespace":"default"}}"#.utf8)
        try other.write { (transaction) throws(ObjectStoreError) in _ = try transaction.create(config) }
        #expect(watch.wait(until: Clock.boot + 5_000_000_000))
        watch.drain()
        directory.write("lib/pods/u1/status.json", Array(#"{"status":{"phase":"Running"}}"#.utf8))
        #expect(watch.wait(until: Clock.boot + 5_000_000_000))
        watch.drain()
        directory.make("lib/pods/u2")
        #expect(watch.wait(until: Clock.boot + 5_000_000_000))
        watch.drain()
        directory.write("lib/pods/u2/status.json", Array("{}".utf8))
        #expect(watch.wait(until: Clock.boot + 5_000_000_000))
        watch.drain()
        _ = try other.objects(.pod, namespace: nil)
        #expect(!watch.wait(until: Clock.boot))
    }
}

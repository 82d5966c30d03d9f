import Foundation
import Glibc
import Testing

extension HostTests {
    @Suite struct DescribeTests {
        @Test func aRunningPod() throws {
            try withWorld { world in
                let manifest = pod(
                    container("a", idle, "volumeMounts: [{name: v, mountPath: /v}], env: [{name: A, value: b}]"),
                    name: "test", spec: "volumes: [{name: v, emptyDir: {}}]")
                try world.whileRunning(manifest) { _ in
                    try eventually("an event") {
                        try world.verb("describe", "pod", "test").stdout.contains("Started container a")
                    }
                    let text = try world.verb("describe", "pod", "test").stdout
                    for part in [
                        #/(?m)^Name: +test\nNamespace: +default\n/#, #/(?m)^Status: +Running$/#, #/(?m)^IP: +\d/#,
                        #/(?m)^  a:\n    Container ID: +swiftlet:\/\//#,
                        #/(?m)^    State: +Running\n      Started: +\w\w\w, \d\d/#,
                        #/(?m)^      A: +b\n    Mounts:\n      \/v from v \(rw\)$/#, #/(?m)^  Ready +True $/#,
                        #/(?m)^  v:\n    Type: +EmptyDir \(a temporary directory/#, #/(?m)^QoS Class: +BestEffort$/#,
                        #/(?m)^Events:\n  Type +Reason +Age +From +Message\n  ---- +------ +---- +---- +-------\n  Normal  Created/#,
                    ] {
                        #expect(text.contains(part), "\(text)")
                    }
                    #expect(
                        try world.verb("describe", "po", "te").stdout.hasPrefix("Name:"), "by the beginning of its name"
                    )
                    let node = try world.verb("describe", "node").stdout
                    #expect(node.contains(#/(?m)^  default +test +0 \(0%\)/#), "\(node)")
                }
                #expect(
                    try world.verb("describe", "pod", "x").stderr
                        == "Error from server (NotFound): pods \"x\" not found\n")
            }
        }
    }
}

import PodAPI
import Testing

@Suite struct ObjectDefaultsTests {
    private func complete(_ text: String) throws -> JSONValue {
        ObjectDefaults.complete(try JSONValue(parsing: text.utf8))
    }

    @Test func aPodGetsWhatTheServerFillsIn() throws {
        let pod = try complete(
            #"""
            {"kind":"Pod","metadata":{"name":"p","labels":{},"annotations":null},"spec":{"containers":[{"name":"a","image":"nginx",
            "command":[],"ports":[{"containerPort":80}],"resources":{"limits":{"cpu":0.5,"memory":"1024Mi"}},
            "readinessProbe":{"httpGet":{"port":80}},
            "env":[{"name":"N","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}]}],
            "volumes":[{"name":"e"},{"name":"c","configMap":{"name":"c"}}]}}
            """#)
        let spec = try #require(pod["spec"])
        #expect(spec["restartPolicy"] == .string("Always"))
        #expect(spec["terminationGracePeriodSeconds"] == .integer(30))
        #expect(spec["schedulerName"] == .string("default-scheduler"))
        #expect(spec["enableServiceLinks"] == .bool(true))
        #expect(spec["serviceAccountName"] == .string("default"))
        #expect(spec["tolerations"]?.items.count == 2)
        #expect(pod["metadata"]?.text == #"{"name":"p"}"#)
        let container = try #require(spec["containers"]?.items.first)
        #expect(container["imagePullPolicy"] == .string("Always"))
        #expect(container["command"] == nil)
        #expect(container["ports"]?.items.first?["protocol"] == .string("TCP"))
        #expect(
            container["resources"]?.text
                == #"{"limits":{"cpu":"500m","memory":"1Gi"},"requests":{"cpu":"500m","memory":"1Gi"}}"#)
        #expect(
            container["readinessProbe"]?.text
                == #"{"failureThreshold":3,"httpGet":{"path":"/","port":80,"scheme":"HTTP"},"periodSeconds":10,"successThreshold":1,"timeoutSeconds":1}"#
        )
        #expect(container[path: "terminationMessagePath"] == .string("/dev/termination-log"))
        #expect(
            spec["volumes"]?.text
                == #"[{"emptyDir":{},"name":"e"},{"configMap":{"defaultMode":420,"name":"c"},"name":"c"}]"#)
    }

    @Test(arguments: [
        ("nginx", "Always"), ("nginx:latest", "Always"), ("nginx:1.27", "IfNotPresent"), ("host:/", "IfNotPresent"),
        ("localhost:5000/x", "Always"), ("x@sha256:aa", "IfNotPresent"), ("", "IfNotPresent"),
    ]) func thePullPolicyFollowsTheTag(_ image: String, _ policy: String) throws {
        let pod = try complete(#"{"kind":"Pod","spec":{"containers":[{"name":"a","image":"\#(image)"}]}}"#)
        #expect(pod[path: "spec", "containers"]?.items.first?["imagePullPolicy"] == .string(policy))
    }

    @Test func otherKinds() throws {
        let secret = try complete(#"{"kind":"Secret","data":{"a":"eA=="},"stringData":{"b":"xyzw"}}"#)
        #expect(secret.text == #"{"data":{"a":"eA==","b":"eHl6dw=="},"kind":"Secret","type":"Opaque"}"#)
        let service = try complete(#"{"kind":"Service","spec":{"clusterIP":"None","ports":[{"port":80}]}}"#)
        #expect(
            service["spec"]?.text
                == #"{"clusterIP":"None","clusterIPs":["None"],"internalTrafficPolicy":"Cluster","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","ports":[{"port":80,"protocol":"TCP","targetPort":80}],"sessionAffinity":"None","type":"ClusterIP"}"#
        )
        let volume = try complete(
            #"{"kind":"PersistentVolume","spec":{"capacity":{"storage":"1024Mi"},"hostPath":{"path":"/x"}}}"#)
        #expect(
            volume["spec"]?.text
                == #"{"capacity":{"storage":"1Gi"},"hostPath":{"path":"/x","type":""},"persistentVolumeReclaimPolicy":"Retain","volumeMode":"Filesystem"}"#
        )
        let claim = try complete(#"{"kind":"PersistentVolumeClaim","spec":{"storageClassName":""}}"#)
        #expect(claim["spec"]?.text == #"{"storageClassName":"","volumeMode":"Filesystem"}"#)
    }

    @Test func completeIsComplete() throws {
        let texts = [
            #"{"kind":"Pod","spec":{"hostNetwork":true,"containers":[{"name":"a","ports":[{"containerPort":80}],"lifecycle":{"preStop":{"httpGet":{"port":1}}},"livenessProbe":{"grpc":{"port":1}}}],"volumes":[{"name":"d","downwardAPI":{"items":[{"path":"x","fieldRef":{"fieldPath":"metadata.name"}}]}},{"name":"p","projected":{"sources":[{"serviceAccountToken":{"path":"t"}}]}}]}}"#,
            #"{"kind":"Secret","stringData":{"b":"x"}}"#, #"{"kind":"Service","spec":{"type":"NodePort"}}"#,
        ]
        for text in texts {
            let once = try complete(text)
            #expect(ObjectDefaults.complete(once) == once)
        }
    }

    @Test func base64GoesBothWays() {
        for count in 0..<9 {
            let bytes = (0..<count).map { UInt8($0 * 31) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }
}

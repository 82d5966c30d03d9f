import PodAPI
import PodPlan
import PodPlanner
import Testing

@Suite struct SchedulerTests {
    private static let node = Node(
        name: "box", labels: ["kubernetes.io/hostname": "box", "disktype": "ssd"])

    private func scheduler(_ node: Node = node, _ others: [Pod] = []) -> Scheduler {
        Scheduler(node: node, pods: others.map(ScheduledPod.init)) {
            ["cpu": Quantity(value: 4), "memory": Quantity(value: 8 << 30)]
        }
    }

    private func web(_ labels: [String: String] = ["app": "web"], _ change: (inout PodSpec) -> Void = { _ in }) -> Pod {
        var result = pod()
        result.metadata.labels = labels
        change(&result.spec)
        return result
    }

    private func message(_ verdict: Scheduler.Verdict) -> String {
        if case .pending(_, let message) = verdict { message } else { "\(verdict)" }
    }

    private static let helpless = "preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
    private static let victimless =
        "preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."

    private func unresolvable(_ reason: String) -> String {
        "0/1 nodes are available: 1 \(reason). \(Self.helpless)"
    }

    private func unschedulable(_ reasons: String) -> String {
        "0/1 nodes are available: \(reasons). \(Self.victimless)"
    }

    @Test func aPlainPodIsScheduled() {
        #expect(scheduler().schedule(web()) == .scheduled)
    }

    @Test func selectorsAndAffinity() {
        let mismatch = unresolvable("node(s) didn't match Pod's node affinity/selector")
        #expect(scheduler().schedule(web { $0.scheduling.nodeSelector = ["disktype": "ssd"] }) == .scheduled)
        #expect(message(scheduler().schedule(web { $0.scheduling.nodeSelector = ["disktype": "hdd"] })) == mismatch)
        func affinity(_ operator: NodeSelector.Requirement.Operator, _ values: [String]) -> Pod {
            web {
                $0.scheduling.nodeAffinity = NodeSelector(terms: [
                    .init(matchExpressions: [.init(key: "disktype", operator: `operator`, values: values)])
                ])
            }
        }
        #expect(scheduler().schedule(affinity(.in, ["hdd", "ssd"])) == .scheduled)
        #expect(message(scheduler().schedule(affinity(.notIn, ["ssd"]))) == mismatch)
    }

    @Test func gatesComeFirst() {
        let pod = web {
            $0.scheduling.gates = ["example.com/quota"]
            $0.scheduling.nodeSelector = ["disktype": "hdd"]
        }
        #expect(
            scheduler().schedule(pod)
                == .pending(
                    reason: "SchedulingGated", message: "Scheduling is blocked due to non-empty scheduling gates"))
    }

    @Test func taintsAndTolerations() {
        var node = Self.node
        node.taints = [
            Taint(key: "gpu", value: "true", effect: .noSchedule), Taint(key: "soft", effect: .preferNoSchedule),
        ]
        let untolerated = unresolvable("node(s) had untolerated taint(s)")
        #expect(message(scheduler(node).schedule(web())) == untolerated)
        for (toleration, fits) in [
            (Toleration(key: "gpu", value: "true", effect: .noSchedule), true), (Toleration(operator: .exists), true),
            (Toleration(key: "gpu", operator: .exists, effect: .noExecute), false),
            (Toleration(key: "gpu", value: "false"), false),
        ] {
            let pod = web { $0.scheduling.tolerations = [toleration] }
            #expect((scheduler(node).schedule(pod) == .scheduled) == fits, "\(toleration)")
        }
        node = Self.node
        node.unschedulable = true
        #expect(message(scheduler(node).schedule(web())) == unresolvable("node(s) were unschedulable"))
        let tolerant = web {
            $0.scheduling.tolerations = [Toleration(key: "node.kubernetes.io/unschedulable", operator: .exists)]
        }
        #expect(scheduler(node).schedule(tolerant) == .scheduled)
    }

    @Test func resourcesOfAllPodsHaveToFit() {
        func asking(_ requests: ResourceList) -> Pod {
            web { $0.containers[0].resources.requests = requests }
        }
        let two = asking(["cpu": Quantity(value: 2)])
        #expect(scheduler(Self.node, [two]).schedule(two) == .scheduled)
        #expect(
            message(scheduler(Self.node, [two, two]).schedule(asking(["cpu": Quantity("100m") ?? Quantity(value: 1)])))
                == unschedulable("1 Insufficient cpu"))
        #expect(
            message(scheduler().schedule(asking(["cpu": Quantity(value: 5), "memory": Quantity(value: 9 << 30)])))
                == "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. \(Self.helpless)")
        #expect(
            message(scheduler().schedule(asking(["example.com/gpu": Quantity(value: 1)])))
                == unresolvable("Insufficient example.com/gpu"))
        var node = Self.node
        node.allocatable = ["cpu": Quantity(value: 1)]
        #expect(scheduler(node).schedule(two) != .scheduled)
        let overhead = web {
            $0.containers[0].resources.requests = ["cpu": Quantity(value: 4)]
            $0.scheduling.overhead = ["cpu": Quantity(value: 1)]
        }
        #expect(scheduler().schedule(overhead) != .scheduled)
    }

    @Test func portsOfTheHost() {
        func listening(_ address: String) -> Pod {
            web {
                var port = ContainerPort()
                (port.containerPort, port.hostPort, port.hostIP) = (80, 8080, address)
                $0.containers[0].ports = [port]
            }
        }
        let clash = unschedulable("1 node(s) didn't have free ports for the requested pod ports")
        #expect(message(scheduler(Self.node, [listening("")]).schedule(listening("127.0.0.1"))) == clash)
        #expect(scheduler(Self.node, [listening("127.0.0.2")]).schedule(listening("127.0.0.1")) == .scheduled)
    }

    private func term(_ app: String, key: String = "kubernetes.io/hostname") -> PodAffinityTerm {
        PodAffinityTerm(labelSelector: LabelSelector(matchLabels: ["app": app]), topologyKey: key)
    }

    @Test func affinityBetweenPods() {
        let cache = web(["app": "cache"])
        let nearCache = web { $0.scheduling.podAffinity = [term("cache")] }
        let alone = unresolvable("node(s) didn't match pod affinity rules")
        #expect(message(scheduler().schedule(nearCache)) == alone)
        #expect(scheduler(Self.node, [cache]).schedule(nearCache) == .scheduled)
        // The first of a group that wants to be together.
        #expect(scheduler().schedule(web { $0.scheduling.podAffinity = [term("web")] }) == .scheduled)
        let zoned = web { $0.scheduling.podAffinity = [term("web", key: "topology.kubernetes.io/zone")] }
        #expect(message(scheduler().schedule(zoned)) == alone)
        var other = cache
        other.metadata.namespace = "other"
        #expect(message(scheduler(Self.node, [other]).schedule(nearCache)) == alone)
    }

    @Test func antiAffinityBetweenPods() {
        let shy = web { $0.scheduling.podAntiAffinity = [term("web")] }
        #expect(scheduler().schedule(shy) == .scheduled)
        #expect(
            message(scheduler(Self.node, [web()]).schedule(shy))
                == unschedulable("1 node(s) didn't match pod anti-affinity rules"))
        #expect(
            message(scheduler(Self.node, [shy]).schedule(web()))
                == unschedulable("1 node(s) didn't satisfy existing pods anti-affinity rules"))
        #expect(scheduler(Self.node, [shy]).schedule(web(["app": "cache"])) == .scheduled)
    }

    @Test func spreadingOverDomains() {
        func spread(_ key: String, minDomains: Int64 = 1) -> Pod {
            web {
                $0.scheduling.spreadConstraints = [
                    TopologySpreadConstraint(
                        maxSkew: 1, topologyKey: key, labelSelector: LabelSelector(matchLabels: ["app": "web"]),
                        minDomains: minDomains)
                ]
            }
        }
        let pods = [web(), web(), web()]
        #expect(scheduler(Self.node, pods).schedule(spread("kubernetes.io/hostname")) == .scheduled)
        #expect(
            message(scheduler().schedule(spread("zone")))
                == unresolvable("node(s) didn't match pod topology spread constraints (missing required label)"))
        #expect(
            message(scheduler(Self.node, pods).schedule(spread("kubernetes.io/hostname", minDomains: 2)))
                == unschedulable("1 node(s) didn't match pod topology spread constraints"))
    }

    @Test func nodeNameIsForTheKubelet() {
        #expect(scheduler().schedule(web { $0.nodeName = "kube-01" }) == .elsewhere(node: "kube-01"))
        #expect(scheduler().schedule(web { $0.nodeName = "box" }) == .scheduled)
        let misplaced = web {
            $0.nodeName = "box"
            $0.scheduling.nodeSelector = ["disktype": "hdd"]
        }
        #expect(
            scheduler().schedule(misplaced)
                == .rejected(
                    reason: "NodeAffinity",
                    message:
                        "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
                ))
    }

    @Test func aRecordComesBackAsItWas() throws {
        let pod = web {
            $0.containers[0].resources.requests = ["cpu": Quantity(value: 2)]
            $0.scheduling.podAntiAffinity = [
                PodAffinityTerm(
                    labelSelector: LabelSelector(
                        matchExpressions: [.init(key: "app", operator: .in, values: ["a", "b"])]),
                    namespaceSelector: LabelSelector(), topologyKey: "zone", matchLabelKeys: ["app"])
            ]
        }
        let record = ScheduledPod(pod)
        var encoder = Encoder()
        encoder.encode(record)
        var decoder = Decoder(encoder.bytes)
        #expect(try ScheduledPod(from: &decoder) == record)
        #expect(decoder.remaining == 0)
    }

    // MARK: Admission

    private func admit(_ pod: Pod, _ runtime: [RuntimeClass] = [], _ priority: [PriorityClass] = []) -> (Pod, [String])
    {
        var pod = pod
        let errors = Admission(runtimeClasses: runtime, priorityClasses: priority).admit(&pod)
        return (pod, errors.map { "\($0.path): \($0.message)" })
    }

    @Test func runtimeClasses() {
        let runc = RuntimeClass(
            metadata: ObjectMeta(name: "plain", namespace: ""), handler: "runc",
            overhead: ["cpu": Quantity(value: 1)], nodeSelector: ["disktype": "ssd"],
            tolerations: [Toleration(operator: .exists)])
        let kata = RuntimeClass(metadata: ObjectMeta(name: "kata", namespace: ""), handler: "kata")
        let (pod, errors) = admit(web { $0.scheduling.runtimeClassName = "plain" }, [runc])
        #expect(errors == [])
        #expect(pod.spec.scheduling.overhead == ["cpu": Quantity(value: 1)])
        #expect(pod.spec.scheduling.nodeSelector == ["disktype": "ssd"] && pod.spec.scheduling.tolerations.count == 1)
        #expect(
            admit(web { $0.scheduling.runtimeClassName = "gone" }, [runc]).1 == [
                "spec.runtimeClassName: pod rejected: RuntimeClass \"gone\" not found"
            ])
        #expect(admit(web { $0.scheduling.runtimeClassName = "kata" }, [kata]).1.count == 1)
        #expect(
            admit(web { $0.scheduling.overhead = ["cpu": Quantity(value: 1)] }).1 == [
                "spec.overhead: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
            ])
    }

    @Test func priorityClasses() {
        let high = PriorityClass(metadata: ObjectMeta(name: "high", namespace: ""), value: 1000)
        #expect(admit(web { $0.scheduling.priorityClassName = "high" }, [], [high]).0.spec.scheduling.priority == 1000)
        #expect(admit(web()).0.spec.scheduling.priority == 0)
        #expect(
            admit(web { $0.scheduling.priorityClassName = "system-node-critical" }).0.spec.scheduling.priority
                == 2_000_001_000)
        #expect(
            admit(web { $0.scheduling.priorityClassName = "none" }).1 == [
                "spec.priorityClassName: no PriorityClass with name none was found"
            ])
        #expect(admit(web { $0.scheduling.priority = 7 }).1.count == 1)
    }
}

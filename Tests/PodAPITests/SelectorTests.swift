import PodAPI
import Testing

@Suite struct SelectorTests {
    static let labels = ["disk": "ssd", "room": "attic"]

    @Test(arguments: [
        (LabelSelector(), true),
        (LabelSelector(matchLabels: ["disk": "ssd"]), true),
        (LabelSelector(matchLabels: ["disk": "ssd", "room": "cellar"]), false),
        (LabelSelector(matchLabels: ["rack": ""]), false),
        (LabelSelector(matchExpressions: [.init(key: "disk", operator: .in, values: ["hdd", "ssd"])]), true),
        (LabelSelector(matchExpressions: [.init(key: "disk", operator: .in, values: ["hdd"])]), false),
        (LabelSelector(matchExpressions: [.init(key: "rack", operator: .in, values: ["1"])]), false),
        (LabelSelector(matchExpressions: [.init(key: "disk", operator: .notIn, values: ["ssd"])]), false),
        (LabelSelector(matchExpressions: [.init(key: "rack", operator: .notIn, values: ["1"])]), true),
        (LabelSelector(matchExpressions: [.init(key: "disk", operator: .exists)]), true),
        (LabelSelector(matchExpressions: [.init(key: "rack", operator: .exists)]), false),
        (LabelSelector(matchExpressions: [.init(key: "disk", operator: .doesNotExist)]), false),
        (LabelSelector(matchExpressions: [.init(key: "rack", operator: .doesNotExist)]), true),
        (
            LabelSelector(
                matchLabels: ["disk": "ssd"],
                matchExpressions: [.init(key: "room", operator: .notIn, values: ["attic"])]
            ), false
        ),
    ])
    func labelSelector(_ selector: LabelSelector, _ matches: Bool) {
        #expect(selector.matches(Self.labels) == matches)
    }

    static func terms(_ terms: [NodeSelector.Requirement]...) -> NodeSelector {
        NodeSelector(terms: terms.map { NodeSelector.Term(matchExpressions: $0) })
    }

    @Test(arguments: [
        (terms(), false),
        (terms([]), false),
        (terms([.init(key: "disk", operator: .in, values: ["ssd"])]), true),
        (terms([.init(key: "disk", operator: .in, values: ["hdd"])], [.init(key: "disk", operator: .exists)]), true),
        (terms([.init(key: "disk", operator: .exists), .init(key: "rack", operator: .exists)]), false),
        (terms([.init(key: "cores", operator: .gt, values: ["3"])]), true),
        (terms([.init(key: "cores", operator: .gt, values: ["4"])]), false),
        (terms([.init(key: "cores", operator: .lt, values: ["5"])]), true),
        (terms([.init(key: "disk", operator: .lt, values: ["5"])]), false),
        (terms([.init(key: "rack", operator: .gt, values: ["0"])]), false),
        (terms([.init(key: "rack", operator: .notIn, values: ["0"])]), true),
        (
            NodeSelector(terms: [.init(matchFields: [.init(key: "metadata.name", operator: .in, values: ["here"])])]),
            true
        ),
        (
            NodeSelector(terms: [.init(matchFields: [.init(key: "metadata.name", operator: .in, values: ["there"])])]),
            false
        ),
    ])
    func nodeSelector(_ selector: NodeSelector, _ matches: Bool) {
        #expect(selector.matches(labels: ["disk": "ssd", "cores": "4"], nodeName: "here") == matches)
    }
}

import Testing

@testable import Commands

@Suite struct ResourceArgumentsTests {
    @Test(arguments: [
        (["po", "x"], "pods: pod/x"), (["pod/x"], "pods: pod/x"), (["pods", "x", "y"], "pods: pod/x pod/y"),
        (["pod,cm"], "pods configmaps:"), (["pod,cm", "x"], "pods configmaps: pod/x configmap/x"),
        (["pod/x", "svc/y", "po/z"], "pods services: pod/x service/y pod/z"), (["all"], "pods services:"),
        (["POD", "x"], "pods: pod/x"), (["pods.v1.", "x"], "pods: pod/x"), (["sc"], "storageclasses:"),
        (["priorityclass.scheduling.k8s.io/a"], "priorityclasses: priorityclass/a"),
        (["pc.v1.scheduling.k8s.io"], "priorityclasses:"),
        (["pvc,pv,ev,ns,no"], "persistentvolumeclaims persistentvolumes events namespaces nodes:"),
    ])
    func whatTheyName(_ arguments: [String], _ meaning: String) throws {
        let named = try ResourceArguments(arguments)
        let items = named.items.map { " \($0.kind.singular)/\($0.name)" }.joined()
        #expect(named.kinds.map(\.plural).joined(separator: " ") + ":" + items == meaning)
    }

    @Test(arguments: [
        ([], "must specify"), (["foo"], "the server doesn't have a resource type \"foo\""),
        (["pods", "pod/x"], "no need to specify a resource type"), (["pod/"], "single resource and name"),
        (["pod/x/y"], "more than one slash"), (["pods.apps"], "resource type"), (["pods", ""], "may not be empty"),
        ([","], "must specify"),
    ])
    func whatNamesNothing(_ arguments: [String], _ words: String) {
        let error = #expect(throws: CommandError.self) { try ResourceArguments(arguments) }
        #expect(error?.description.contains(words) == true)
        #expect(error?.line.hasPrefix("error: ") == true)
    }

    @Test func podsOfVerbsThatTakeOne() throws {
        #expect(try ResourceArguments.pod("x") == "x")
        #expect(try ResourceArguments.pod("po/x") == "x")
        #expect(throws: CommandError.self) { try ResourceArguments.pod("svc/x") }
    }
}

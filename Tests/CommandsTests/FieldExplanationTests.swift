import PodManifest
import Testing

@testable import Commands

@Suite struct FieldExplanationTests {
    private func text(_ path: String, recursive: Bool = false) throws -> String {
        FieldExplanation(try ManifestSchema.fields(at: path), isKind: !path.contains("."))
            .text(.plain, recursive: recursive)
    }

    @Test func aFieldIsShownAsKubectlShowsIt() throws {
        #expect(
            try text("pod.spec.readinessGates") == """
                KIND:       Pod
                VERSION:    v1

                FIELD: readinessGates <[]PodReadinessGate>

                DESCRIPTION:
                    Further conditions that have to be true before the pod counts as ready.

                FIELDS:
                  conditionType\t<string>
                    The condition that has to be true.

                """)
    }

    @Test func aKindHasItsGroup() throws {
        let text = try text("runtimeclass")
        #expect(text.hasPrefix("GROUP:      node.k8s.io\nKIND:       RuntimeClass\nVERSION:    v1\n\nDESCRIPTION:\n"))
        #expect(text.contains("  handler\t<string>\n    The name of the handler."))
        #expect(!text.contains("podFixed"))
    }

    @Test func whatIsNotCarriedOutSaysWhy() throws {
        let text = try text("pod.spec.volumes")
        #expect(text.contains("  nfs\t<NFSVolumeSource>\n    A directory of an NFS server.\n    refused: "))
    }

    @Test func allLevels() throws {
        let text = try text("pod.spec.volumes", recursive: true)
        #expect(text.contains("\n  emptyDir\t<EmptyDirVolumeSource>\n    medium\t<string>\n"))
        #expect(text.contains("\n  nfs\t<NFSVolumeSource>\trefused\n    server\t<string>\trefused\n"))
    }
}

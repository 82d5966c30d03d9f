import PodAPI
import Testing

@testable import PodManifest

func read(_ text: String, file: String = "pod.yaml") -> Manifest {
    ManifestReader().read(Array(text.utf8), file: file)
}

func errors(_ text: String) -> [String] { read(text).errors.map(\.description) }
func notes(_ text: String) -> [String] { read(text).notes.map(\.description) }

/// A pod with these lines in its spec.
func podText(_ spec: String) -> String {
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n"
        + spec.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n") + "\n"
}

/// A pod whose one container has these lines, from line 8 on.
func containerText(_ lines: String) -> String {
    podText(
        "containers:\n- name: c\n"
            + lines.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n"))
}

/// The only object, which must be a pod without errors.
func pod(_ text: String, _ location: SourceLocation = #_sourceLocation) throws -> Pod {
    let manifest = read(text)
    #expect(manifest.errors.isEmpty, "\(manifest.errors)", sourceLocation: location)
    guard case .pod(let pod)? = manifest.objects.first?.object else {
        throw NoPod()
    }
    return pod
}

struct NoPod: Error {}

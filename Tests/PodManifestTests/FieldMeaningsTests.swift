import PodManifest
import Testing

@Suite struct FieldMeaningsTests {
    @Test func everyFieldHasAMeaning() {
        for field in ManifestSchema.fields() {
            #expect(field.meaning.hasSuffix(".") || field.meaning.hasSuffix("…"), "\(field.kind) \(field.path)")
        }
        #expect(!ManifestSchema.meaning(ofKind: "Pod").isEmpty)
        #expect(ManifestSchema.apiVersion(ofKind: "RuntimeClass") == "node.k8s.io/v1")
    }
}

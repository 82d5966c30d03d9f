import Foundation
import PodAPI
import Testing

@testable import PodManifest

/// Every manifest of the shared collection gives objects, or errors that each have a place.
@Suite struct SharedManifestTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/manifests").path

    static func files(in folder: String) -> [String] {
        let directory = root + "/" + folder
        guard let names = FileManager.default.enumerator(atPath: directory)?.compactMap({ $0 as? String }) else {
            print("skipped: \(directory) is missing")
            return []
        }
        return names.filter { name in [".yaml", ".yml", ".json"].contains(where: name.hasSuffix) }.sorted()
            .map { directory + "/" + $0 }
    }

    @Test(arguments: ["public", "scenarios"])
    func isRead(folder: String) {
        for file in Self.files(in: folder) {
            let start = ContinuousClock.now
            let manifest = ManifestReader().read(paths: [file])
            #expect(ContinuousClock.now - start < .seconds(2), "\(file)")
            #expect(!manifest.objects.isEmpty || !manifest.errors.isEmpty, "\(file)")
            for error in manifest.errors + manifest.notes {
                #expect(error.line != nil && error.column != nil, "\(error)")
                if ProcessInfo.processInfo.environment["PRINT_DIAGNOSTICS"] != nil { print(error) }
            }
        }
    }

    @Test func scenariosDecode() {
        for file in Self.files(in: "scenarios") {
            for error in ManifestReader().read(paths: [file]).errors {
                #expect(error.message.contains(later), "\(error)")
            }
        }
    }
}

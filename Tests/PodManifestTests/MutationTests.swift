import PodAPI
import Testing

@testable import PodManifest

/// Whatever is done to a manifest, reading it ends with objects or errors, never with a crash.
@Suite struct MutationTests {
    @Test(arguments: 0..<8)
    func neverCrashes(round: Int) {
        var generator = Linear(state: UInt64(round) + 1)
        let seeds = [PodDecodingTests.full, SourceFormTests.json, SourceFormTests.kyaml, SourceFormTests.yaml].map {
            Array($0.utf8)
        }
        let pieces = [
            "\t", "\n", "{", "}", "[", "]", ":", ",", "- ", "? ", "&a ", "*a", "<<: *a", "!!str ", "!x ", "|\n", ">-\n",
            "\"", "'", "#", "---\n", "...\n",
            "%YAML 1.1\n", "~", "null", "0x", "1e9", "9223372036854775808", "\\u", "\\ud83d", "\u{feff}", "\u{85}", "é",
            "@", "`", "= ", "0o9", ".nan",
        ].map { Array($0.utf8) }
        for _ in 0..<250 {
            var bytes = seeds.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 0...bytes.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: place)
                case 1:
                    bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0..<20, using: &generator)))
                case 2 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 3: bytes.removeSubrange(place...)
                default:
                    let end = min(bytes.count, place + Int.random(in: 0..<60, using: &generator))
                    bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &generator))
                }
            }
            let manifest = ManifestReader().read(bytes, file: "f")
            let isDescribed = !manifest.objects.isEmpty || !manifest.errors.isEmpty
            #expect(isDescribed, "\(String(decoding: bytes, as: UTF8.self))")
            for error in manifest.errors { #expect(!error.message.isEmpty && error.description.hasPrefix("f")) }
        }
    }

    /// Knuth's MMIX generator, so that a failure can be had again.
    private struct Linear: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 33
        }
    }
}

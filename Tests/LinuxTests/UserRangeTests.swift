import Glibc
import Testing

@testable import Linux

@Suite struct UserRangeTests {
    private func withFile(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/user-ranges.XXXXXX".utf8CString)
        close(mkstemp(&template))
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        try body(path)
    }

    /// S50.
    @Test func aHundredPodsHaveNoIdInCommon() throws {
        try withFile { path in
            let taken = [100_000..<Int64(165_536), 6_500_000..<6_500_001]
            var locks: [OwnedDescriptor] = []
            var seen: [Range<Int64>] = []
            for _ in 0..<100 {
                let (lock, first) = try UserRange.take(path, avoiding: taken)
                let range = Int64(first)..<Int64(first) + 65_536
                #expect(first >= 65_536 && first % 65_536 == 0)
                #expect(!(seen + taken).contains { $0.overlaps(range) }, "\(range)")
                locks.append(lock)
                seen.append(range)
            }
            #expect(seen.count == 100)
        }
    }

    @Test func aRangeIsFreeWhenItsLastHolderHasGone() throws {
        try withFile { path in
            var held: (lock: OwnedDescriptor, first: UInt32)? = try UserRange.take(path, avoiding: [])
            let first = held?.first
            var copy = held.map { OwnedDescriptor(OwnedFD(dup($0.lock.raw))) }
            held = nil
            #expect(try UserRange.take(path, avoiding: []).first != first)
            #expect(copy != nil)
            copy = nil
            #expect(try UserRange.take(path, avoiding: []).first == first)
        }
    }

    @Test func subordinateIdsAreRead() {
        let text = "alice:100000:65536\n# comment\nbob:165536\nmax:4294967295:1\ncarol:-1:5\n:7:0\ndave:300000:10\n"
        #expect(
            UserRange.subordinates(in: text) == [
                100_000..<165_536, 4_294_967_295..<4_294_967_296, 300_000..<300_010,
            ])
    }
}

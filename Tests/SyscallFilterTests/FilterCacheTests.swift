import Glibc
import Testing

@testable import SyscallFilter

@Suite final class FilterCacheTests {
    let directory: String

    init() throws {
        var template = Array("/tmp/swiftlet-filter-XXXXXX".utf8CString)
        directory = String(cString: try #require(mkdtemp(&template)))
    }

    deinit {
        let children = contents()
        for name in children { unlink("\(directory)/cache/\(name)") }
        rmdir("\(directory)/cache")
        rmdir(directory)
    }

    private var cacheDirectory: String { directory + "/cache" }

    private func contents() -> [String] {
        guard let stream = opendir(directory + "/cache") else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private func runtimeDefault() throws -> [UInt8] {
        try SyscallFilter.runtimeDefault(capabilities: defaultCapabilities, cacheDirectory: cacheDirectory)
    }

    private var cache: FilterCache {
        FilterCache(directory: cacheDirectory, key: SyscallFilter.key(capabilities: defaultCapabilities))
    }

    @Test func isWrittenOnceAndReadAfterwards() throws {
        let first = try runtimeDefault()
        #expect(first == (try program()))
        #expect(contents().count == 1)
        var status = stat()
        #expect(stat(cache.path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        #expect(stat(cacheDirectory, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o700)
        #expect(cache.read() == first)
        #expect(try runtimeDefault() == first)
    }

    @Test func whatAKilledWriterLeftIsCleared() throws {
        mkdir(cacheDirectory, 0o700)
        close(open(cache.path + ".new", O_WRONLY | O_CREAT, 0o600))
        let program = try runtimeDefault()
        #expect(contents().count == 1)
        #expect(cache.read() == program)
    }

    @Test func onlyRelevantCapabilitiesMakeAnotherProgram() {
        let key = SyscallFilter.key(capabilities: defaultCapabilities)
        #expect(SyscallFilter.key(capabilities: defaultCapabilities | 1 << 13) == key)
        #expect(SyscallFilter.key(capabilities: defaultCapabilities | sysAdmin) != key)
        #expect(SyscallFilter.key(capabilities: defaultCapabilities | Capability.auditWrite) != key)
    }

    @Test func damageIsNoticedAndRepaired() throws {
        let good = try runtimeDefault()
        let file = open(cache.path, O_RDWR)
        try #require(file >= 0)
        defer { close(file) }
        var status = stat()
        fstat(file, &status)
        for offset in [0, 9, 17, 24, 100, Int(status.st_size) - 1] {
            var byte: UInt8 = 0
            pread(file, &byte, 1, offset)
            byte ^= 0x10
            pwrite(file, &byte, 1, offset)
            #expect(cache.read() == nil, "offset \(offset)")
            byte ^= 0x10
            pwrite(file, &byte, 1, offset)
            #expect(cache.read() == good)
        }
        for length in [0, 7, 24, Int(status.st_size) - 8, Int(status.st_size) - 3] {
            #expect(truncate(cache.path, length) == 0)
            #expect(cache.read() == nil, "length \(length)")
            #expect(try runtimeDefault() == good)
            #expect(cache.read() == good)
        }
    }

    @Test func filesOfUncertainOriginAreNotRead() throws {
        let good = try runtimeDefault()
        chmod(cache.path, 0o620)
        #expect(cache.read() == nil)
        chmod(cache.path, 0o602)
        #expect(cache.read() == nil)
        chmod(cache.path, 0o600)
        #expect(cache.read() == good)
        link(cache.path, cacheDirectory + "/second")
        #expect(cache.read() == nil)
        unlink(cacheDirectory + "/second")
        rename(cache.path, cacheDirectory + "/elsewhere")
        symlink(cacheDirectory + "/elsewhere", cache.path)
        #expect(cache.read() == nil)
        #expect(try runtimeDefault() == good)
        var status = stat()
        lstat(cache.path, &status)
        #expect(status.st_mode & S_IFMT == S_IFREG)
        if geteuid() == 0 {
            chown(cache.path, 65534, 65534)
            #expect(cache.read() == nil)
        } else {
            print("not tested without root: a cache file of another owner")
        }
        unlink(cache.path)
        mkfifo(cache.path, 0o600)
        #expect(cache.read() == nil)
    }

    @Test func anUnusableDirectoryIsNoError() throws {
        let program = try SyscallFilter.runtimeDefault(capabilities: 0, cacheDirectory: "/proc/nowhere/cache")
        #expect(program.count.isMultiple(of: 8) && !program.isEmpty)
    }

    /// A start of a pod must not feel it: 0.1 ms, ten times that for a build without optimisation.
    @Test func readingIsFast() throws {
        _ = try runtimeDefault()
        let clock = ContinuousClock()
        let best = try (0..<50).map { _ in try clock.measure { _ = try runtimeDefault() } }.min()
        #if DEBUG
            #expect(try #require(best) < .milliseconds(1))
        #else
            #expect(try #require(best) < .microseconds(100))
        #endif
        print("filter from the cache in \(try #require(best))")
    }
}

import Dispatch
import Glibc
import ObjectStore
import PodAPI
import Testing

/// The file as it may be found: of another version, damaged, cut off, in use.
@Suite struct ObjectStoreFileTests {
    private let home = TemporaryStore()

    private func create(_ names: String...) throws {
        let store = try home.open()
        for name in names {
            let object = try object("Pod", name)
            _ = try store.write { (transaction) throws(ObjectStoreError) in try transaction.create(object) }
        }
        store.close()
    }

    private func overwrite(_ path: String, _ bytes: [UInt8], at offset: Int) {
        let descriptor = open(path, O_WRONLY)
        _ = pwrite(descriptor, bytes, bytes.count, off_t(offset))
        close(descriptor)
    }

    @Test func aNewerVersionIsRefused() throws {
        try create("x")
        // user_version of SQLite's file format: the number at byte 60.
        overwrite(home.path, [0, 0, 0, 99], at: 60)
        let error = #expect(throws: ObjectStoreError.self) { try home.open() }
        #expect(error?.description.contains("it is of version 99, of a newer swiftlet") == true, "\(error as Any)")
        #expect(error?.description.hasPrefix(home.path + ": ") == true)
    }

    @Test func aFileThatWasOnlyBegunIsFinished() throws {
        mkdir(home.directory + "/lib", 0o700)
        close(open(home.path, O_WRONLY | O_CREAT, 0o600))
        try create("x")
        #expect(try home.open().list("Pod").count == 1)
    }

    @Test func whatIsNoStoreIsNamed() throws {
        try create("x")
        overwrite(home.path, Array("no store at all!".utf8), at: 0)
        let error = #expect(throws: ObjectStoreError.self) { try home.open() }
        #expect(error?.description.hasPrefix("\(home.path): the file is damaged") == true, "\(error as Any)")
        #expect(error?.description.contains(".recover") == true)
    }

    @Test func damageInsideIsNamed() throws {
        try create("x", "y", "z")
        for page in 1..<8 { overwrite(home.path, [UInt8](repeating: 0xa5, count: 4096), at: page * 4096) }
        let error = #expect(throws: ObjectStoreError.self) { try home.open().list("Pod") }
        #expect(error?.description.contains("the file is damaged") == true, "\(error as Any)")
    }

    /// As a power cut leaves it: what was committed last may be gone, the rest is whole.
    @Test(arguments: [1, 100, 4096, 5000])
    func aLogThatWasCutOffIsUsedAsFarAsItGoes(_ missing: Int) throws {
        let store = try home.open()
        for name in ["a", "b", "c"] {
            let object = try object("Pod", name)
            _ = try store.write { (transaction) throws(ObjectStoreError) in try transaction.create(object) }
        }
        let copy = TemporaryStore()
        mkdir(copy.directory + "/lib", 0o700)
        for suffix in ["", "-wal"] { try self.copy(home.path + suffix, copy.path + suffix) }
        var status = stat()
        stat(copy.path + "-wal", &status)
        truncate(copy.path + "-wal", status.st_size - off_t(missing))
        let names = try copy.open().list("Pod").map { ObjectKey($0).name }
        #expect(names == ["a", "b"])
        #expect(try copy.open().resourceVersion() == 2)
    }

    private func copy(_ from: String, _ to: String) throws {
        let source = open(from, O_RDONLY)
        let target = open(to, O_WRONLY | O_CREAT, 0o600)
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(source, &buffer, buffer.count)
            if count <= 0 { break }
            _ = write(target, buffer, count)
        }
        close(source)
        close(target)
    }

    @Test func manyMayMakeItAndWriteAtOnce() throws {
        let path = home.path
        nonisolated(unsafe) var failures = [String](repeating: "", count: 8)
        failures.withUnsafeMutableBufferPointer { failures in
            nonisolated(unsafe) let failures = failures
            DispatchQueue.concurrentPerform(iterations: 8) { index in
                do {
                    let store = try ObjectStore(path: path)
                    defer { store.close() }
                    for number in 0..<5 {
                        let object = try object("Pod", "p\(index)-\(number)")
                        _ = try store.write { (transaction) throws(ObjectStoreError) in try transaction.create(object) }
                    }
                } catch {
                    failures[index] = "\(error)"
                }
            }
        }
        #expect(failures.joined() == "")
        let store = try home.open()
        #expect(try store.list("Pod").count == 40)
        #expect(try store.resourceVersion() == 40)
        #expect(try store.changes(since: 0).changes.count == 40)
    }
}

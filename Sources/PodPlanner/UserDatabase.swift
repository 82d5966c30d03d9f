/// Users and groups of one root file system, parsed from the bytes of its `/etc/passwd` and `/etc/group` (passwd(5),
/// group(5)). The files belong to the root, so they are not trusted: a line that does not parse is passed over, and a
/// file above `maximumFileSize` is refused.
///
/// The caller reads the bytes, from regular files only and never more than `maximumFileSize + 1` of them.
public struct UserDatabase: Sendable, Equatable {
    public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        case tooLarge(file: String)
        case unreadable(file: String, problem: String)

        public var description: String {
            switch self {
            case .tooLarge(let file): "\(file) is larger than \(UserDatabase.maximumFileSize) bytes"
            case .unreadable(let file, let problem): "cannot read \(file): \(problem)"
            }
        }
    }

    public struct User: Sendable, Equatable {
        public var name: String
        public var uid: UInt32
        public var gid: UInt32
        public var home: String
    }

    struct Group: Sendable, Equatable {
        var gid: UInt32
        var members: [String]
    }

    /// Bytes.
    public static let maximumFileSize = 1 << 20

    /// The highest id that Kubernetes accepts.
    public static let maximumID: UInt32 = 0x7fff_ffff

    var users: [User] = []
    var groups: [Group] = []

    /// A root without either file.
    public init() {}

    public init(passwd: [UInt8], group: [UInt8]) throws(Failure) {
        guard passwd.count <= Self.maximumFileSize else { throw .tooLarge(file: "/etc/passwd") }
        guard group.count <= Self.maximumFileSize else { throw .tooLarge(file: "/etc/group") }
        for line in passwd.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count == 7, let name = Self.text(fields[0]), !name.isEmpty, let uid = Self.id(fields[2]),
                let gid = Self.id(fields[3]), let home = Self.text(fields[5])
            else { continue }
            users.append(User(name: name, uid: uid, gid: gid, home: home))
        }
        for line in group.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count == 4, let gid = Self.id(fields[2]) else { continue }
            groups.append(
                Group(gid: gid, members: fields[3].split(separator: UInt8(ascii: ",")).compactMap { Self.text($0) })
            )
        }
    }

    /// The first entry with this uid, as getpwuid(3) finds it.
    public func user(uid: UInt32) -> User? {
        users.first { $0.uid == uid }
    }

    /// The groups that list the user as a member, in the order of the file.
    public func groups(of user: String) -> [UInt32] {
        groups.filter { $0.members.contains(user) }.map(\.gid)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        bytes.contains { $0 < 0x20 || $0 == 0x7f } ? nil : String(validating: bytes, as: UTF8.self)
    }

    /// Decimal digits alone: no sign, no blank, no base prefix, nothing that wraps.
    private static func id(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        guard !bytes.isEmpty, bytes.count <= 10 else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + UInt64(byte - UInt8(ascii: "0"))
        }
        return value <= UInt64(maximumID) ? UInt32(value) : nil
    }
}

import CCrypto
import CLinux
import Glibc
import Linux
import Mounts
import PodLifecycle
import PodPlan

/// Why there is no token.
struct TokenError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }

    /// Of `CCrypto`.
    static func check(_ result: Int32) throws(TokenError) {
        if result == -ELIBACC {
            throw TokenError(
                "a serviceAccountToken is signed by libcrypto.so.3, which cannot be loaded: install libssl3 (Debian, Ubuntu) or "
                    + "openssl-libs (Fedora, RHEL)")
        }
        if result < 0 { throw TokenError("libcrypto failed to sign a serviceAccountToken") }
    }
}

/// The key that signs service account tokens, made once for all pods of a state directory:
///
///     key.pem      the private key, PKCS #8, for root alone
///     jwks.json    the public key as a JSON Web Key Set (RFC 7517), for whoever verifies tokens
struct ServiceAccountKey {
    private let pem: [CChar]
    /// The key's name in tokens: the digest of its SubjectPublicKeyInfo, as Kubernetes has it.
    let identifier: String

    init(directory: String) throws(TokenError) {
        do {
            let made = swl_mkdirat(SWL_AT_FDCWD, directory, 0o755)
            if made != -EEXIST { try check(made, "mkdir", directory) }
            let path = directory + "/key.pem"
            if access(path, F_OK) != 0 { try Self.make(path) }
            pem = try Self.read(path)
        } catch let error as TokenError {
            throw error
        } catch {
            throw TokenError("\(error)")
        }
        var point = [UInt8](repeating: 0, count: 65)
        var digest = [UInt8](repeating: 0, count: 32)
        try TokenError.check(ccr_public_key(pem, &point, &digest))
        identifier = Base64URL.encode(digest)
        let set = JSON.object([
            JSON.Member(
                "keys",
                .array([
                    .object([
                        JSON.Member("kty", .string("EC")), JSON.Member("crv", .string("P-256")),
                        JSON.Member("x", .string(Base64URL.encode(point[1..<33]))),
                        JSON.Member("y", .string(Base64URL.encode(point[33..<65]))),
                        JSON.Member("kid", .string(identifier)), JSON.Member("alg", .string("ES256")),
                        JSON.Member("use", .string("sig")),
                    ])
                ]))
        ])
        let published = directory + "/jwks.json"
        if access(published, F_OK) != 0 {
            do { try Self.write(Array((set.text + "\n").utf8), published, mode: 0o644) } catch {
                throw TokenError("\(error)")
            }
        }
    }

    /// The JSON Web Signature of a text (RFC 7515, 3.1).
    func signed(_ text: String) throws(TokenError) -> String {
        var signature = [UInt8](repeating: 0, count: 64)
        let bytes = Array(text.utf8)
        try TokenError.check(ccr_sign(pem, bytes, bytes.count, &signature))
        return text + "." + Base64URL.encode(signature)
    }

    private static func make(_ path: String) throws {
        var pem = [CChar](repeating: 0, count: 1024)
        try TokenError.check(ccr_make_key(&pem, pem.count))
        try write(pem.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), path, mode: 0o600)
    }

    /// Whole or not at all, and never over one that another pod has just written.
    private static func write(_ bytes: [UInt8], _ path: String, mode: UInt32) throws(SystemError) {
        let temporary = "\(path).\(getpid())"
        _ = swl_unlinkat(SWL_AT_FDCWD, temporary, 0)
        let file = OwnedFD(
            try check(swl_open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, mode), "open", temporary))
        defer { _ = swl_unlinkat(SWL_AT_FDCWD, temporary, 0) }
        try check(swl_chmod_fd(file.raw, mode), "chmod", temporary)
        try FileContent.write(bytes, to: file.raw, temporary)
        guard fsync(file.raw) == 0 else { throw SystemError(errno: errno, call: "fsync", path: temporary) }
        guard link(temporary, path) == 0 || errno == EEXIST else {
            throw SystemError(errno: errno, call: "link", path: path)
        }
    }

    private static func read(_ path: String) throws -> [CChar] {
        let file = OwnedFD(try check(swl_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0), "open", path))
        let status = try FileStatus(file.raw)
        guard status.kind == .file, status.permissions & 0o077 == 0 else {
            throw TokenError(
                "\(path) must be a file that root alone may read: chmod 600 it, or remove it for a new key")
        }
        return FileContent.read(file.raw, limit: 4096).map { CChar(bitPattern: $0) } + [0]
    }
}

/// RFC 4648, 5, without padding.
enum Base64URL {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(digits[Int(bits >> UInt32(count) & 63)])
            }
        }
        if count > 0 { text.append(digits[Int(bits << UInt32(6 - count) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }
}

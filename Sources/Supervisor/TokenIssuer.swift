import CLinux
import Glibc
import Linux
import PodLifecycle
import PodPlan

/// Signs a pod's service account tokens: JSON Web Tokens with the claims that Kubernetes' API server gives them
/// (pkg/serviceaccount/claims.go).
struct TokenIssuer {
    let plan: PodPlan
    let tokens: ServiceAccountTokens

    /// The claims of one token; `now` in seconds since 1970.
    func claims(_ token: ServiceAccountTokens.Token, now: Int64, identifier: String) -> JSON {
        func named(_ name: String) -> JSON { .object([JSON.Member("name", .string(name))]) }
        let pod = JSON.object([JSON.Member("name", .string(plan.name)), JSON.Member("uid", .string(plan.uid))])
        return .object([
            JSON.Member("aud", .array([.string(token.audience)])), JSON.Member("exp", .number(now + token.lifetime)),
            JSON.Member("iat", .number(now)), JSON.Member("iss", .string(tokens.issuer)),
            JSON.Member("jti", .string(identifier)),
            JSON.Member(
                "kubernetes.io",
                .object([
                    JSON.Member("namespace", .string(plan.namespace)), JSON.Member("node", named(tokens.nodeName)),
                    JSON.Member("pod", pod), JSON.Member("serviceaccount", named(tokens.serviceAccount)),
                ])), JSON.Member("nbf", .number(now)),
            JSON.Member("sub", .string("system:serviceaccount:\(plan.namespace):\(tokens.serviceAccount)")),
        ])
    }

    /// All of them, in order. In a child process: libcrypto would stay in the supervisor's memory.
    func issue() throws(TokenError) -> [String] {
        var packet: [UInt8] = []
        do {
            var ends: [Int32] = [-1, -1]
            try check(swl_pipe(&ends, 0), "pipe2")
            let reader = OwnedFD(ends[0])
            let pid = swl_fork()
            if pid == 0 { sign(into: ends[1]) }
            close(ends[1])
            try check(pid, "fork")
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = read(reader.raw, &buffer, buffer.count)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { break }
                packet += buffer[..<count]
            }
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        } catch {
            throw TokenError("\(error)")
        }
        var decoder = Decoder(packet)
        guard let failure = try? decoder.decode(String.self), let list = try? decoder.decode([String].self) else {
            throw TokenError("the process that signs serviceAccountTokens was killed")
        }
        guard failure.isEmpty else { throw TokenError(failure) }
        return list
    }

    private func sign(into pipe: Int32) -> Never {
        var encoder = Encoder()
        do {
            let key = try ServiceAccountKey(directory: tokens.directory)
            let header = JSON.object([
                JSON.Member("alg", .string("ES256")), JSON.Member("kid", .string(key.identifier)),
                JSON.Member("typ", .string("JWT")),
            ])
            let now = Clock.wall / 1_000_000_000
            var list: [String] = []
            for token in tokens.tokens {
                let claims = claims(token, now: now, identifier: Self.identifier())
                list.append(
                    try key.signed(
                        Base64URL.encode(header.text.utf8) + "." + Base64URL.encode(claims.text.utf8)))
            }
            encoder.encode("")
            encoder.encode(list)
        } catch {
            encoder = Encoder()
            encoder.encode("\(error)")
            encoder.encode([String]())
        }
        var written = 0
        while written < encoder.bytes.count {
            let count = encoder.bytes[written...].withUnsafeBytes { write(pipe, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { break }
            written += count
        }
        swl_exit(0)
    }

    /// Version 4 of RFC 9562.
    private static func identifier() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16)
        }
        return text
    }
}

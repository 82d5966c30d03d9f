import Foundation
import Glibc
import Testing

extension HostTests {
    /// Tokens of service accounts, checked by openssl.
    @Suite struct ServiceAccountTests {
        static func podText(
            _ spec: String = "", _ script: String = "cat /t/token; echo; stat -Lc '%a %u %g' /t/token"
        ) -> String {
            pod(
                container("a", script, "volumeMounts: [{name: t, mountPath: /t}]"),
                spec: """
                    terminationGracePeriodSeconds: 1
                    serviceAccountName: robot
                    \(spec)
                    volumes: [{name: t, projected: {defaultMode: 0444, sources: [\
                    {serviceAccountToken: {path: token, audience: vault, expirationSeconds: 7200}}, \
                    {downwardAPI: {items: [{path: uid, fieldRef: {fieldPath: metadata.uid}}]}}]}}]
                    """)
        }

        static func bytes(base64URL text: some StringProtocol) -> Data {
            var text = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
            while text.utf8.count % 4 != 0 { text += "=" }
            return Data(base64Encoded: text) ?? Data()
        }

        static func json(_ data: Data) throws -> [String: Any] {
            try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        }

        /// An INTEGER of DER.
        static func integer(_ bytes: Data) -> Data {
            var bytes = Data(bytes.drop { $0 == 0 })
            if bytes.first ?? 0x80 >= 0x80 { bytes.insert(0, at: 0) }
            return Data([0x02, UInt8(bytes.count)]) + bytes
        }

        /// Whether openssl finds the token signed by the key of the set that it names.
        static func verify(_ token: String, _ world: World) throws -> Bool {
            let parts = token.split(separator: ".")
            try #require(parts.count == 3)
            let header = try json(bytes(base64URL: parts[0]))
            let set = try json(Data(contentsOf: URL(fileURLWithPath: world.root + "/lib/service-account/jwks.json")))
            let key = try #require(
                (set["keys"] as? [[String: String]])?.first { $0["kid"] == header["kid"] as? String })
            #expect(key["kty"] == "EC" && key["crv"] == "P-256" && header["alg"] as? String == "ES256")
            let prefix = bytes(base64URL: "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE")
            let info = prefix + bytes(base64URL: key["x"] ?? "") + bytes(base64URL: key["y"] ?? "")
            let signature = bytes(base64URL: parts[2])
            try #require(signature.count == 64)
            let pair = integer(Data(signature.prefix(32))) + integer(Data(signature.suffix(32)))
            try (Data([0x30, UInt8(pair.count)]) + pair).write(to: URL(fileURLWithPath: world.files + "/signature"))
            try info.write(to: URL(fileURLWithPath: world.files + "/key.der"))
            try world.write("signed", "\(parts[0]).\(parts[1])")
            let run = try world.program([
                "openssl", "dgst", "-sha256", "-verify", "key.der", "-keyform", "DER", "-signature", "signature",
                "signed",
            ]).wait()
            return run.code == 0 && run.stdout.contains("Verified OK")
        }

        @Test func aTokenIsSignedAndSaysWhoseItIs() throws {
            try withWorld(needs: [.program("openssl")]) { world in
                let run = try world.run(Self.podText("", "cat /t/token; echo; cat /t/uid; echo; stat -Lc %a /t/token"))
                let lines = run.lines(of: "a")
                try #require(lines.count == 3, "\(run)")
                #expect(try Self.verify(lines[0], world))
                var spoilt = lines[0]
                spoilt.replaceSubrange(spoilt.startIndex...spoilt.startIndex, with: "f")
                let parts = lines[0].split(separator: ".")
                let other = "\(parts[0]).\(parts[1].dropLast())A.\(parts[2])"
                #expect(
                    try !Self.verify(
                        other == lines[0] ? "\(parts[0]).\(parts[1].dropLast())Q.\(parts[2])" : other, world))
                let claims = try Self.json(Self.bytes(base64URL: parts[1]))
                #expect(claims["aud"] as? [String] == ["vault"])
                #expect(claims["sub"] as? String == "system:serviceaccount:default:robot")
                let issued = try #require(claims["iat"] as? Int)
                #expect(abs(Double(issued) - Date().timeIntervalSince1970) < 60)
                #expect(claims["nbf"] as? Int == issued && claims["exp"] as? Int == issued + 7200)
                let kubernetes = try #require(claims["kubernetes.io"] as? [String: Any])
                let pod = try #require(kubernetes["pod"] as? [String: String])
                #expect(pod == ["name": "p", "uid": lines[1]] && kubernetes["namespace"] as? String == "default")
                #expect(lines[2] == "444")
                let directory = world.root + "/lib/service-account"
                var status = stat()
                #expect(stat(directory + "/key.pem", &status) == 0 && status.st_mode & 0o777 == 0o600)
                #expect(stat(directory + "/jwks.json", &status) == 0 && status.st_mode & 0o777 == 0o644)
                // The next pod's token is signed by the same key, and is another one.
                let next = try world.run(Self.podText())
                let token = next.lines(of: "a").first ?? ""
                #expect(try token != lines[0] && Self.verify(token, world))
                #expect(
                    try Set(FileManager.default.contentsOfDirectory(atPath: directory)) == ["key.pem", "jwks.json"])
            }
        }

        @Test(arguments: [
            ("", "444 0 0"), ("securityContext: {runAsUser: 1000}", "600 1000 0"),
            ("securityContext: {runAsUser: 1000, fsGroup: 2000}", "640 1000 2000"),
            ("securityContext: {fsGroup: 2000}", "640 0 2000"),
        ])
        func itsFileIsTheUsers(_ spec: String, _ expected: String) throws {
            try withWorld { world in
                let run = try world.run(Self.podText(spec))
                #expect(run.lines(of: "a").last == expected, "\(run)")
                #expect(run.lines(of: "a").first?.hasPrefix("eyJ") == true, "\(run)")
            }
        }

        /// A new supervisor cannot know how old the token is.
        @Test func aNewSupervisorRenewsIt() throws {
            try withWorld(needs: [.program("openssl")], sweeping: true) { world in
                let run = try world.start(Self.podText("", "echo up; \(idle)"))
                try run.waitForLine("a | up")
                let process = try #require(world.containerProcesses().first)
                let path = "/proc/\(process)/root/t/token"
                let first = text(at: path)
                #expect(try Self.verify(first, world))
                kill(try #require(world.supervisors().first), SIGKILL)
                try eventually("another token") { !text(at: path).isEmpty && text(at: path) != first }
                #expect(try Self.verify(text(at: path), world))
                #expect(text(at: "/proc/\(process)/root/t/uid").utf8.count == 36)
                run.interrupt()
                _ = try run.wait()
            }
        }

        @Test func withoutLibcryptoOnlyPodsWithTokensFail() throws {
            try withWorld(needs: [.program("unshare"), .program("ldconfig")]) { world in
                let manifest = try world.write("token.yaml", Self.podText())
                let plain = try world.write("plain.yaml", pod(container("a", "echo fine")))
                let library = try world.program([
                    "sh", "-c", "ldconfig -p | sed -n 's/.*libcrypto.so.3 .*=> //p' | head -1",
                ])
                .wait().stdout.trimmingCharacters(in: .whitespacesAndNewlines)
                try #require(!library.isEmpty)
                func without(_ path: String) throws -> Outcome {
                    let command =
                        "mount --bind /dev/null \(library); exec \(World.binary) run \(path) --root \(world.root)"
                    return try world.program(["unshare", "-m", "sh", "-c", command]).wait()
                }
                let failed = try without(manifest)
                #expect(failed.code == 1 && failed.stderr.contains("FailedMount"), "\(failed)")
                #expect(failed.stderr.contains("libcrypto.so.3") && failed.stderr.contains("libssl3"), "\(failed)")
                let fine = try without(plain)
                #expect(fine.code == 0 && fine.lines(of: "a") == ["fine"], "\(fine)")
            }
        }
    }
}

import PodLifecycle
import PodPlan
import Testing

@testable import Supervisor

@Suite struct TokenTests {
    @Test(
        arguments: [
            ([], ""), (Array("f".utf8), "Zg"), (Array("fo".utf8), "Zm8"), (Array("foobar".utf8), "Zm9vYmFy"),
            ([0xfb, 0xff], "-_8"),
        ] as [([UInt8], String)])
    func base64URL(_ bytes: [UInt8], _ text: String) {
        #expect(Base64URL.encode(bytes) == text)
    }

    @Test func claims() {
        var plan = PodPlan()
        plan.name = "p"
        plan.namespace = "prod"
        plan.uid = "u-1"
        let token = ServiceAccountTokens.Token(
            volume: 0, path: "t", mode: 0o600, audience: "a\"b", lifetime: 600, owner: 0)
        let tokens = ServiceAccountTokens(
            directory: "/d", issuer: "https://box/swiftlet", serviceAccount: "robot", nodeName: "box", tokens: [token])
        let text = TokenIssuer(plan: plan, tokens: tokens).claims(token, now: 1000, identifier: "j").text
        #expect(
            text
                == #"{"aud":["a\"b"],"exp":1600,"iat":1000,"iss":"https://box/swiftlet","jti":"j","kubernetes.io":"#
                + #"{"namespace":"prod","node":{"name":"box"},"pod":{"name":"p","uid":"u-1"},"serviceaccount":{"name":"robot"}},"#
                + #""nbf":1000,"sub":"system:serviceaccount:prod:robot"}"#)
    }

    /// The shortest life counts; none is kept longer than a day.
    @Test(arguments: [([600], 480), ([7200, 3600], 2880), ([1 << 32], 86400), ([], 86400)] as [([Int64], Int64)])
    func renewal(_ lifetimes: [Int64], _ seconds: Int64) {
        var tokens = ServiceAccountTokens(directory: "", issuer: "", serviceAccount: "", nodeName: "")
        tokens.tokens = lifetimes.map {
            ServiceAccountTokens.Token(volume: 0, path: "", mode: 0, audience: "", lifetime: $0, owner: 0)
        }
        #expect(tokens.renewalInterval == seconds)
    }
}

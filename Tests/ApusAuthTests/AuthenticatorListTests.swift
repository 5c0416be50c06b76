import Apus
import ApusPolicy
import ApusWire
import Testing

@testable import ApusAuth

private struct Fixed: Authenticator {
    let challenges: [String]
    let answer: Authentication
    func authenticate(_ credentials: ProxyCredentials, from client: IPAddress) async -> Authentication { answer }
}

@Test("of several authenticators the first that knows the user tells; one that cannot tell is heard when none does")
func lists() async {
    let basic = Fixed(challenges: ["Basic"], answer: .invalid)
    let down = Fixed(challenges: ["Bearer", "Basic"], answer: .unavailable(reason: "down"))
    let anna = Fixed(challenges: ["Bearer"], answer: .user("anna", groups: ["ops"], lifetime: .seconds(1)))
    let bo = Fixed(challenges: [], answer: .user("bo"))
    for (list, answer) in [
        ([basic, down, anna, bo], anna.answer), ([bo, anna], bo.answer), ([down, basic], down.answer),
        ([basic], .invalid), ([], .invalid),
    ] as [([Fixed], Authentication)] {
        let all = AuthenticatorList(list)
        #expect(await all.authenticate(.bearer(Secret("x")), from: IPAddress(v4: 1)) == answer)
    }
    #expect(AuthenticatorList([basic, down, anna]).challenges == ["Basic", "Bearer"])
}

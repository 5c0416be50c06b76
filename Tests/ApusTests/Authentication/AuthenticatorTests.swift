import Apus
import Testing

@Test("challenges quote their realm, whatever it is")
func challenges() {
    #expect(Challenge.basic() == #"Basic realm="apus", charset="UTF-8""#)
    #expect(Challenge.bearer(realm: "a \"b\"\\\r\né") == #"Bearer realm="a \"b\"\\????""#)
}

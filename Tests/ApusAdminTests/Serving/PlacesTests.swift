import Testing

@testable import ApusAdmin

@Suite("Places")
struct PlacesTests {
    @Test("there are so many, and one again when it is given back") func places() {
        let places = Places(2)
        #expect(places.begin() && places.begin() && !places.begin())
        places.end()
        #expect(places.begin() && !places.begin())
    }
}

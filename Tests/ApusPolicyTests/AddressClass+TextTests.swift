import ApusPolicy
import Testing

@Suite("texts of address classes")
struct AddressClassTextTests {
    @Test("every class has its own label and sentence")
    func unique() {
        let count = AddressClass.allCases.count
        #expect(Set(AddressClass.allCases.map(\.label.description)).count == count)
        #expect(Set(AddressClass.allCases.map(\.sentence.description)).count == count)
    }

    @Test("the sentence of a class names every block of the registry that is refused by it")
    func blocks() {
        let sentences = Dictionary(
            uniqueKeysWithValues: AddressClass.allCases.map { ("\($0)", $0.sentence.description) }
        )
        let inner = ["192.0.0.0/29", "192.0.0.170/32", "192.0.0.171/32", "2001:10::/28", "::/0"]
        for row in Registry.rows where row.name != "global" && row.name != "unwrap" && !inner.contains(row.block) {
            let single = row.block.hasSuffix("/32") && row.block.contains(".") || row.block.hasSuffix("/128")
            let text = single ? row.block.split(separator: "/").first.map(String.init) ?? "" : row.block
            #expect(sentences[row.name]?.contains(text) == true, "\(row.block)")
        }
    }

    @Test("who asks for the metadata service is told what lives there")
    func metadata() {
        #expect(AddressClass.linkLocal.sentence.description.contains("169.254.169.254"))
        #expect(AddressClass.linkLocal.sentence.description.contains("metadata"))
    }
}

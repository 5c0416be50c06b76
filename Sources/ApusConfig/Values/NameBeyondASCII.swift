/// A name with characters beyond ASCII, where one is taken that is looked up or compared.
///
/// There is no encoder here: which characters a name may have, and how they fold (IDNA), is the registrar's matter.
enum NameBeyondASCII {
    /// What is wrong with the text, and what to write; nil where it is in ASCII.
    static func fault(_ text: String) -> ValueFault? {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        if let bare = TypographicQuotes.inside(text) {
            return ValueFault("these are typographic quotes; write \(YAMLText.quoted(bare))")
        }
        return ValueFault("\"\(text)\" is not in ASCII; \(hint)")
    }

    /// Where the form that is looked up comes from.
    static let hint =
        "write its xn-- form, as xn--bcher-kva.example for bücher.example: idn2 prints it, and so does "
        + "python3 -c 'print(input().encode(\"idna\").decode())'"
}

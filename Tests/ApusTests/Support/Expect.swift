import Testing

/// As `#expect`, which cannot look into expressions that change what they ask.
func expect(_ isTrue: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(isTrue, sourceLocation: sourceLocation)
}

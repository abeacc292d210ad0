import Testing
@Test func placeholderObjectStorage() { #expect(Bool(true)) }

import Testing
@Test func placeholderRepository() { #expect(Bool(true)) }

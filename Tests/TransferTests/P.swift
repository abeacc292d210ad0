import Testing
@Test func placeholderTransfer() { #expect(Bool(true)) }

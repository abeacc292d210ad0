import Testing
@Test func placeholderCBRClient() { #expect(Bool(true)) }

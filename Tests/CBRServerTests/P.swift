import Testing
@Test func placeholderCBRServer() { #expect(Bool(true)) }

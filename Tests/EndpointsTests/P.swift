import Testing
@Test func placeholderEndpoints() { #expect(Bool(true)) }

import Testing
@Test func placeholderHoldfastCore() { #expect(Bool(true)) }

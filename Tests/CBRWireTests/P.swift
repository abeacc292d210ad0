import Testing
@Test func placeholderCBRWire() { #expect(Bool(true)) }

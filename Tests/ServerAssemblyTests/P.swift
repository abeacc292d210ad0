import Testing
@Test func placeholderServerAssembly() { #expect(Bool(true)) }

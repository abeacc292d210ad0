import Testing
@Test func placeholderControlPlane() { #expect(Bool(true)) }

import Testing
@Test func placeholderJobs() { #expect(Bool(true)) }

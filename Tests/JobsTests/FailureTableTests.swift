import Catalog
import Foundation
import Testing
import Transfer

@testable import Jobs

@Suite("Failures of the data plane become failures of operations")
struct FailureTableTests {
    @Test("every code of a transfer has one, and its sentence is kept", arguments: TransferError.Code.allCases)
    func transfer(code: TransferError.Code) {
        let failure = FailureTable.failure(for: TransferError(code: code, message: "what to do"))
        #expect(failure.message == "what to do")
        switch code {
        case .cancelled, .repository: #expect(failure.code == .unexpected)
        default: #expect(failure.code.rawValue == code.rawValue)
        }
    }

    @Test("what nobody foresaw is a fault of this service, with its text")
    func others() {
        let failure = FailureTable.failure(for: CocoaError(.fileNoSuchFile))
        #expect(failure.code == .unexpected && failure.message.hasPrefix("an unexpected fault"))
    }
}

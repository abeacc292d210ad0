import Catalog
import ControlPlane
import HTTPTypes
import Testing

@testable import CBRServer

@Suite("Errors become the interface's codes, and tell nothing of the inside")
struct ErrorTableTests {
    /// The codes that clients and their users know by number.
    @Test(
        "the documented ones",
        arguments: [
            (ControlError.Code.vaultNotFound, 404, "6105"), (.backupNotFound, 404, "6200"),
            (.vaultNotAvailable, 400, "6113"), (.vaultStateWrong, 400, "6112"), (.vaultBarsRestore, 400, "6202"),
            (.vaultTakesNoResources, 400, "6108"), (.vaultTakesNoBackups, 400, "6124"), (.vaultBusy, 400, "6112"),
            (.backupRunning, 400, "6203"), (.resourceBeingRemoved, 400, "6134"), (.vaultFull, 400, "6114"),
            (.nothingToBackUp, 400, "0001"),
            (.unknownResourceType, 400, "6116"), (.targetTooSmall, 400, "2001"), (.vaultLocked, 400, "6110"),
            (.resourceTypeMismatch, 400, "6102"), (.forbidden, 403, "8600"), (.unavailable, 503, "9910"),
        ])
    func documented(code: ControlError.Code, status: Int, number: String) {
        let refusal = ErrorMapping.refusal(for: ControlError(code: code, message: "m"))
        #expect(refusal.status.code == status && refusal.code == "BackupService.\(number)")
        #expect(refusal.message == "m")
    }

    @Test("each has a number of four digits and is the caller's to mend, but for faults of the service")
    func all() {
        for code in ControlError.Code.allCases {
            let refusal = ErrorMapping.refusal(for: ControlError(code: code, message: "secret inside"))
            #expect(refusal.code.wholeMatch(of: /BackupService\.\d{4}/) != nil, "\(code)")
            let isFault = [.leaseLost, .unexpected].contains(code)
            #expect(
                (refusal.status.code >= 500) == (isFault || code == .unavailable || code == .tooManyReplicas), "\(code)"
            )
            #expect(refusal.message.contains("secret inside") == !isFault, "\(code)")
        }
    }

    @Test("what nobody foresaw is a fault that says nothing of itself")
    func unforeseen() throws {
        struct Unforeseen: Error { let path = "/var/lib/secret" }
        let refusal = ErrorMapping.refusal(for: Unforeseen())
        #expect(refusal.status.code == 500 && refusal.code == "BackupService.9910")
        for style in [Route.ErrorStyle.cbr, .identity] {
            let answer = ErrorMapping.answer(refusal, style: style, baseURL: "http://h")
            #expect(!String(decoding: answer.body, as: UTF8.self).contains("secret"))
        }
        let cbr = ErrorMapping.answer(refusal, style: .cbr, baseURL: "http://h")
        #expect(
            String(decoding: cbr.body, as: UTF8.self)
                == #"{"error_code":"BackupService.9910","error_msg":"\#(refusal.message)"}"#)
    }
}

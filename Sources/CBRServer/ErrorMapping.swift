import CBRWire
import Catalog
import ControlPlane
import Foundation
import HTTPTypes
import HoldfastCore
import Identity

/// From the rooms' errors to HTTP statuses and the interface's codes: the only place that knows both.
enum ErrorMapping {
    static func refusal(for error: any Error) -> Refusal {
        switch error {
        case let refusal as Refusal: refusal
        case let error as ControlError: refusal(for: error)
        case let error as FieldError: .badRequest(error.message)
        case let error as IdentityError: refusal(for: error)
        case let error as CatalogError: refusal(for: error)
        case is CancellationError: unavailable("the server is stopping; try again later")
        case let error as NamedThreadPool.Overloaded: unavailable("the server is busy; try again later", error)
        default:
            Refusal(
                status: .internalServerError, code: "BackupService.9910",
                message: "an internal fault; the log has it under this request's id", reason: "\(error)")
        }
    }

    private static func refusal(for error: IdentityError) -> Refusal {
        switch error.code {
        case .unauthenticated: .unauthenticated(error.facts["auth.refusal"])
        case .forbidden: .forbidden(error.message)
        case .notFound: .notFound(error.message)
        case .conflict: Refusal(status: .conflict, code: "BackupService.9900", message: error.message)
        case .malformed: .badRequest(error.message)
        case .busy: Refusal(status: .tooManyRequests, code: "APIGW.0308", message: error.message)
        case .catalog: unavailable(error.message, error.cause)
        case .secretUnreadable, .libraryFailure:
            Refusal(
                status: .internalServerError, code: "BackupService.9998",
                message: "authentication failed inside the server",
                reason: error.message)
        }
    }

    private static func refusal(for error: CatalogError) -> Refusal {
        unavailable("the catalog can't be used now; try again later", error)
    }

    private static func unavailable(_ message: String, _ cause: (any Error)? = nil) -> Refusal {
        Refusal(
            status: .serviceUnavailable, code: "BackupService.9910", message: message, reason: cause.map { "\($0)" })
    }

    /// The error's body in the style of its route.
    static func answer(_ refusal: Refusal, style: Route.ErrorStyle, baseURL: String) -> Answer {
        var answer: Answer
        switch style {
        case .cbr:
            let body = ServiceError(errorCode: refusal.code, errorMsg: refusal.message)
            answer = (try? .json(body, status: refusal.status)) ?? .empty(refusal.status)
        case .identity:
            let body = KeystoneError(error: .init(refusal))
            answer = (try? .json(body, status: refusal.status)) ?? .empty(refusal.status)
            if refusal.status == .unauthorized {
                answer.headers[.wwwAuthenticate] = "Keystone uri=\"\(baseURL)/v3\""
            }
        }
        if !refusal.allowed.isEmpty {
            answer.headers[.allow] = refusal.allowed.map(\.rawValue).joined(separator: ", ")
        }
        if refusal.closesConnection { answer.headers[.connection] = "close" }
        return answer
    }

    private struct ServiceError: Encodable {
        let errorCode: String
        let errorMsg: String
    }

    private struct KeystoneError: Encodable {
        struct Body: Encodable {
            let code: Int
            let message: String
            let title: String

            init(_ refusal: Refusal) {
                code = refusal.status.code
                message = refusal.message
                title = refusal.status.reasonPhrase
            }
        }

        let error: Body
    }
}

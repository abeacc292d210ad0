import Catalog
import Identity

/// Why a change of projects, users or keys was not made.
public struct AdministrationError: Error, Sendable {
    /// One sentence that names what was asked for and what to do.
    public let message: String

    init(_ message: String) { self.message = message }

    init(_ error: any Error) {
        switch error {
        case let error as AdministrationError: self = error
        case let error as IdentityError where error.code == .catalog:
            message = (error.cause as? CatalogError)?.message ?? error.message
        case let error as IdentityError: message = error.message
        case let error as CatalogError: message = error.message
        case let error as StartError: message = error.message
        case let error as SecretFile.Failure: message = error.message
        default: message = "\(error)"
        }
    }
}

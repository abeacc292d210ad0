import Catalog
import HoldfastCore
import Logging
import ServiceLifecycle

/// Keeps the database for this server, and logs when it goes and comes back.
struct DatabaseClaim: Service {
    static let interval = Duration.seconds(2)

    let claim: PostgresClaim
    let target: PostgresTarget
    let seams: Seams
    let logger: Logger

    /// - Throws: ``StartError`` when another server holds the database.
    static func take(_ target: PostgresTarget, seams: Seams) async throws -> PostgresClaim {
        guard let claim = try await PostgresClaim.take(target, seams: seams) else { throw taken(target) }
        return claim
    }

    private static func taken(_ target: PostgresTarget) -> StartError {
        StartError(message: "the database \(target) is in use by another holdfast server")
    }

    /// - Throws: ``StartError``, which ends the server, when another one took the database while it could not be reached.
    func run() async throws {
        try await logStart()
        try await cancelWhenGracefulShutdown {
            var isThere = true
            while (try? await seams.sleep(Self.interval)) != nil {
                switch await claim.check() {
                case .held: isThere = true
                case .heldAgain:
                    if isThere { logger.warning("the database was away for a moment") }
                    logger.info("the database is back")
                    isThere = true
                case .unreachable(let reason):
                    if isThere { logger.warning("the database can't be reached", metadata: ["reason": "\(reason)"]) }
                    isThere = false
                case .taken: throw Self.taken(target)
                }
            }
        }
    }

    private func logStart() async throws {
        guard let facts = try? await claim.facts() else { return }
        logger.info(
            "the catalog is in PostgreSQL",
            metadata: [
                "database": "\(target)", "version": "\(facts.version)", "tls": "\(facts.usesTLS ? "yes" : "no")",
            ])
        if !facts.isDurable {
            logger.warning("the database runs with fsync off: what it acknowledged may be lost when the machine stops")
        }
    }
}

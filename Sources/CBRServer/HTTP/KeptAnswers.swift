import Catalog
import HTTPTypes
import HoldfastCore
import Identity

/// Answers that hold as long as the catalog does not change: of the routes that say so, see ``Route/isKept``.
struct KeptAnswers: Sendable {
    /// What an answer depends on besides the catalog.
    struct Question: Hashable, Sendable {
        let operation: String
        let project: String
        let user: UserID?
        let role: Role?
        /// The raw path with the query.
        let target: String
    }

    /// Together, by their bodies.
    static let bytesMax = 32 << 20
    /// What an entry takes besides its body.
    private static let entryBytes = 512

    private let answers = KeptValues<Question, Answer>(sizeMax: bytesMax)

    /// - Parameter version: asked for since the request came; nil keeps nothing.
    func answer(
        to request: ServiceRequest, of route: Route, at version: CatalogVersion?
    ) async throws -> Answer {
        guard let version, route.isKept else { return try await route.handle(request) }
        let question = Question(
            operation: route.operation, project: request.parameters["project_id"] ?? "",
            user: request.principal?.user.id, role: request.role, target: request.head.path ?? "")
        if let answer = answers.value(for: question, at: version) { return answer }
        let answer = try await route.handle(request)
        let size = answer.body.count + question.target.utf8.count + Self.entryBytes
        if answer.status == .ok { answers.keep(answer, for: question, size: size, at: version) }
        return answer
    }
}

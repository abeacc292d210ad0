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

    /// - Parameter version: asked for since the request came.
    /// - Returns: nil when there is none.
    func answer(to request: ServiceRequest, of route: Route, at version: CatalogVersion) -> Answer? {
        route.isKept ? answers.value(for: Self.question(request, of: route), at: version) : nil
    }

    /// - Parameter version: asked for before the answer was read.
    func keep(_ answer: Answer, to request: ServiceRequest, of route: Route, at version: CatalogVersion) {
        guard route.isKept, answer.status == .ok else { return }
        let question = Self.question(request, of: route)
        let size = answer.body.count + question.target.utf8.count + Self.entryBytes
        answers.keep(answer, for: question, size: size, at: version)
    }

    private static func question(_ request: ServiceRequest, of route: Route) -> Question {
        Question(
            operation: route.operation, project: request.parameters["project_id"] ?? "",
            user: request.principal?.user.id, role: request.role, target: request.head.path ?? "")
    }
}

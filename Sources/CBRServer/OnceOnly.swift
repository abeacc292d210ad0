import Catalog
import ControlPlane
import HTTPTypes
import HoldfastCore
import Identity

/// Carries out a creating request that its sender named once, however often it comes within a minute.
struct OnceOnly: Sendable {
    let control: ControlPlane

    func carryOut(
        _ request: ServiceRequest, _ handle: @Sendable (ServiceRequest) async throws -> Answer
    ) async throws -> Answer {
        // Of who asks, too: one user's answer is not another's, nor that of the same user who may less by now.
        let parts = [request.principal?.user.id.text ?? "", request.role?.rawValue ?? "", request.head.path ?? ""]
        let key = RepeatKey(
            project: ProjectID(try request.parameter("project_id")), requestID: request.requestID,
            digest: ContentDigest.hex(parts.flatMap { Array($0.utf8) + [0] } + request.body))
        switch try await control.beginRequest(key) {
        case .answered(let answer):
            return Answer(
                status: HTTPResponse.Status(code: answer.status), headers: [.contentType: "application/json"],
                body: Array(answer.body.utf8))
        case .running:
            throw Refusal(
                status: .conflict, code: "BackupService.9900",
                message: "this request was sent a moment ago and has not ended; look at what is there, or wait a minute"
            )
        case .first:
            return try await first(key, request, handle)
        }
    }

    private func first(
        _ key: RepeatKey, _ request: ServiceRequest, _ handle: @Sendable (ServiceRequest) async throws -> Answer
    ) async throws -> Answer {
        let answer: Answer
        do { answer = try await handle(request) } catch {
            // After a fault nobody knows whether something was made: then the turn stays taken for its minute.
            if ErrorMapping.refusal(for: error).status.kind == .clientError { try await control.dropRequest(key) }
            throw error
        }
        try await control.endRequest(
            key, RepeatAnswer(status: answer.status.code, body: String(decoding: answer.body, as: UTF8.self)))
        return answer
    }
}

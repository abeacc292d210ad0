import Catalog
import Foundation
import HTTPTypes
import HoldfastCore
public import Hummingbird
import HummingbirdCore
import Identity
import Logging

/// Every request's way: id, route, body, sender, handler, answer, log line. No request gets past a step that refuses it.
public struct ServiceResponder: HTTPResponder {
    public typealias Context = BasicRequestContext

    let table: RouteTable
    let identity: IdentityService
    let once: OnceOnly
    let metrics: ServiceMetrics
    let bodies: BodyReader
    let seams: Seams
    let logger: Logger
    let largeBodies = LargeBodies(countMax: Limits.largeBodiesMax)
    let kept = KeptAnswers()

    public func respond(to request: Request, context: Context) async throws -> Response {
        let started = seams.uptime()
        let given = HTTPField.Name(ServiceRequestID.header).flatMap { request.headers[$0] }
        let requestID = ServiceRequestID.choose(given, randomBytes: seams.randomBytes)
        var logger = logger
        logger[metadataKey: "request.id"] = .string(requestID)

        let path = request.uri.path
        let match = table.match(request.method, path)
        let baseURL = "http://\(request.head.authority ?? "127.0.0.1")"
        var refused: Refusal?
        var answer: Answer
        var template = "none"
        var style = path.hasPrefix("/v3/auth") || path.hasPrefix("/v3/users") ? Route.ErrorStyle.identity : .cbr
        do {
            switch match {
            case .none: throw Refusal.notFound("there is nothing at this path")
            case .otherMethods(let methods):
                template = "other-method"
                throw Refusal.methodNotAllowed(methods)
            case .route(let route, let parameters):
                template = route.template
                // As the path has it: whether it is anyone's is not known yet.
                if let project = parameters["project_id"] {
                    logger[metadataKey: "project.id"] = .string(String(project.prefix(64)))
                }
                style = route.style
                answer = try await carryOut(route, parameters, request, requestID: requestID, logger: logger)
            }
        } catch {
            let refusal = ErrorMapping.refusal(for: error)
            refused = refusal
            answer = ErrorMapping.answer(refusal, style: style, baseURL: baseURL)
        }
        if let name = HTTPField.Name(ServiceRequestID.header) { answer.headers[name] = requestID }

        let duration = seams.uptime() - started
        metrics.count(
            method: request.method.rawValue, route: template, status: answer.status.code, duration: duration)
        log(request, template: template, status: answer.status.code, refused: refused, duration: duration, to: logger)
        return answer.response(isHead: request.method == .head)
    }

    /// The answer to bytes that are no HTTP request.
    func answerUnreadable() -> Answer {
        let requestID = ServiceRequestID.choose(nil, randomBytes: seams.randomBytes)
        let refusal = Refusal.unreadable
        var answer = ErrorMapping.answer(refusal, style: .cbr, baseURL: "")
        if let name = HTTPField.Name(ServiceRequestID.header) { answer.headers[name] = requestID }
        metrics.count(method: "none", route: "unreadable", status: refusal.status.code, duration: .zero)
        logger.info(
            "request",
            metadata: [
                "request.id": .string(requestID), "http.route": "unreadable",
                "http.status": .stringConvertible(refusal.status.code), "error.code": .string(refusal.code),
                "error.message": .string(refusal.message),
            ])
        return answer
    }

    private func carryOut(
        _ route: Route, _ parameters: [String: String], _ request: Request, requestID: String, logger: Logger
    ) async throws -> Answer {
        if route.bodyBytesMax > Limits.bodyBytesMax {
            return try await carryOutLarge(route, parameters, request, requestID: requestID, logger: logger)
        }
        let body = try await bodies.read(request)
        let service = ServiceRequest(
            head: request.head, parameters: parameters, query: Self.query(of: request.uri), body: body,
            requestID: requestID, logger: logger)
        guard route.access != .open else { return try await route.handle(service) }
        // Whoever writes finds the catalog in another state each time.
        let version = service.head.method == .get ? identity.version() : nil
        // What is kept is answered where the request came in: a change of threads costs more than such an answer.
        if let version, let answer = try keptAnswer(to: service, of: route, at: version) { return answer }
        guard let threads = identity.readingThreads else { return try await carryOut(route, service, at: version) }
        // One change of threads for all that a request reads.
        return try await withTaskExecutorPreference(threads) { try await carryOut(route, service, at: version) }
    }

    private func keptAnswer(
        to given: ServiceRequest, of route: Route, at version: CatalogVersion
    ) throws -> Answer? {
        var service = given
        guard route.isKept,
            let principal = try identity.keptPrincipal(of: Self.signed(service.head, body: service.body), at: version)
        else { return nil }
        service.principal = principal
        if route.access == .project {
            service.role = try identity.keptRole(
                of: principal, in: ProjectID(service.parameter("project_id")),
                claimedProject: service.header("x-project-id"), at: version)
            guard service.role != nil else { return nil }
        }
        return kept.answer(to: service, of: route, at: version)
    }

    private func carryOut(
        _ route: Route, _ given: ServiceRequest, at version: CatalogVersion?
    ) async throws -> Answer {
        var service = given
        let principal = try await identity.authenticate(Self.signed(service.head, body: service.body), at: version)
        service.principal = principal
        if route.access == .project {
            service.role = try await identity.role(
                of: principal, in: ProjectID(service.parameter("project_id")),
                claimedProject: service.header("x-project-id"), at: version)
        }
        if route.isCreate, service.header(ServiceRequestID.header) == service.requestID {
            return try await once.carryOut(service, route.handle)
        }
        // After a commit many come at once; who waited for a thread finds what another read meanwhile.
        if let version, let answer = kept.answer(to: service, of: route, at: version) { return answer }
        let answer = try await route.handle(service)
        if let version { kept.keep(answer, to: service, of: route, at: version) }
        return answer
    }

    /// The sender first, the body after: nobody unknown makes us hold large bodies.
    private func carryOutLarge(
        _ route: Route, _ parameters: [String: String], _ request: Request, requestID: String, logger: Logger
    ) async throws -> Answer {
        var service = ServiceRequest(
            head: request.head, parameters: parameters, query: Self.query(of: request.uri), body: [],
            requestID: requestID, logger: logger)
        guard largeBodies.take() else { throw Refusal.tooManyLargeBodies }
        defer { largeBodies.give() }
        do {
            // A signature covers the body; a token does not.
            guard service.header("x-auth-token")?.isEmpty == false else {
                throw Refusal.unauthenticated("a body of this size needs a token")
            }
            let principal = try await identity.authenticate(Self.signed(request.head, body: []))
            service.principal = principal
            let role = try await identity.role(
                of: principal, in: ProjectID(service.parameter("project_id")),
                claimedProject: service.header("x-project-id"))
            service.role = role
            guard role.mayWrite else { throw Refusal.forbidden("the role '\(role.rawValue)' may not change anything") }
        } catch {
            var refusal = ErrorMapping.refusal(for: error)
            refusal.closesConnection = true
            throw refusal
        }
        service.body = try await bodies.read(request, atMost: route.bodyBytesMax, within: Limits.chunksBodySeconds)
        return try await route.handle(service)
    }

    private func log(
        _ request: Request, template: String, status: Int, refused: Refusal?, duration: Duration, to logger: Logger
    ) {
        var metadata: Logger.Metadata = [
            "http.method": .string(request.method.rawValue), "http.route": .string(template),
            "http.status": .stringConvertible(status), "duration_ms": .stringConvertible(duration.milliseconds),
        ]
        if let refused {
            metadata["error.code"] = .string(refused.code)
            metadata["error.message"] = .string(refused.reason ?? refused.message)
        }
        logger.log(level: status >= 500 ? .error : .info, "request", metadata: metadata)
    }

    private static func signed(_ head: HTTPRequest, body: [UInt8]) -> SignedRequest {
        var headers = head.headerFields.map { (name: $0.name.rawName, value: $0.value) }
        // The HTTP/1 `Host` header becomes the authority on its way through the codec.
        if let authority = head.authority { headers.append(("host", authority)) }
        let uri = URI(head.path ?? "")
        return SignedRequest(
            method: head.method.rawValue, path: uri.path, query: uri.query ?? "", headers: headers, body: body)
    }

    private static func query(of uri: URI) -> [(key: String, value: String)] {
        (uri.query ?? "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decoded(_ text: Substring) -> String {
                text.replacing("+", with: " ").removingPercentEncoding ?? String(text)
            }
            return (decoded(parts[0]), parts.count == 2 ? decoded(parts[1]) : "")
        }
    }
}

extension Duration {
    /// With three digits behind the point.
    var milliseconds: Double {
        let (seconds, attoseconds) = components
        return (Double(seconds) * 1e6 + Double(attoseconds) / 1e12).rounded() / 1e3
    }

    var seconds: Double { milliseconds / 1e3 }
}

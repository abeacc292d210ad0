import HTTPTypes

/// Operations of the interface that this version does not carry out. Each answers with an error that says so.
enum MissingRoutes {
    static let routes: [Route] = [
        missing("ListOrganizationPolicies", .get, organization),
        missing("CreateOrganizationPolicy", .post, organization),
        missing("ShowOrganizationPolicy", .get, organization + "/{organization_policy_id}"),
        missing("UpdateOrganizationPolicy", .put, organization + "/{organization_policy_id}"),
        missing("DeleteOrganizationPolicy", .delete, organization + "/{organization_policy_id}"),
        missing("ListOrganizationPolicyDetail", .get, organization + "/{organization_policy_id}/policy-detail"),
    ]

    private static let organization = "/v3/{project_id}/organization-policies"

    private static func missing(
        _ operation: String, _ method: HTTPRequest.Method, _ template: String, access: Route.Access = .project
    ) -> Route {
        Route(operation: operation, method: method, template: template, access: access, isOffered: false) { _ in
            throw Refusal.badRequest("this version does not offer the operation \(operation)")
        }
    }
}

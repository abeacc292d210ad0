extension Credentials {
    /// Reads the `OS_*` variables that OpenStack's own tools read.
    ///
    /// Needed: `OS_AUTH_URL`, and one of `OS_TOKEN`, `OS_APPLICATION_CREDENTIAL_ID` with its `_SECRET`, or a user
    /// (`OS_USERNAME` or `OS_USER_ID`) with `OS_PASSWORD` and a project (`OS_PROJECT_ID` or `OS_PROJECT_NAME`).
    /// A domain that is not named is `Default`.
    ///
    /// - Throws: ``ClientError`` `.credentialsMissing`, naming every variable that is missing.
    public static func read(environment: [String: String]) throws -> Credentials {
        let variables = Variables(environment)
        var missing: [String] = []
        let identity = variables["OS_AUTH_URL"]
        if identity == nil { missing.append("OS_AUTH_URL") }
        let proof = variables.proof(missing: &missing)
        let project = variables.project()
        if case .password = proof, project == nil { missing.append("OS_PROJECT_ID or OS_PROJECT_NAME") }
        guard let identity, let proof, missing.isEmpty else { throw Self.incomplete(missing, of: environment) }
        return Credentials(
            proof: proof, project: project, identityURL: identityRoot(identity), region: variables["OS_REGION_NAME"])
    }

    private static func incomplete(_ missing: [String], of environment: [String: String]) -> ClientError {
        let isStarted = environment.keys.contains { $0.hasPrefix("OS_") }
        let lead =
            isStarted
            ? "the OS_* variables are incomplete: "
            : "no credentials: give --credentials FILE, set HOLDFAST_CREDENTIALS, or set the OS_* variables; "
        return ClientError(.credentialsMissing, lead + missing.joined(separator: ", ") + " missing")
    }

    private struct Variables {
        let values: [String: String]

        /// An empty variable counts as absent, as in OpenStack's tools.
        init(_ environment: [String: String]) { values = environment.filter { !$0.value.isEmpty } }

        subscript(_ name: String) -> String? { values[name] }

        func proof(missing: inout [String]) -> Proof? {
            if let token = self["OS_TOKEN"] ?? self["OS_AUTH_TOKEN"] { return .token(token) }
            if let id = self["OS_APPLICATION_CREDENTIAL_ID"] {
                guard let secret = self["OS_APPLICATION_CREDENTIAL_SECRET"] else {
                    missing.append("OS_APPLICATION_CREDENTIAL_SECRET")
                    return nil
                }
                return .applicationCredential(id: id, secret: secret)
            }
            let user =
                self["OS_USER_ID"].map(Named.id)
                ?? self["OS_USERNAME"].map { .name($0, domain: domain("OS_USER_DOMAIN")) }
            if user == nil { missing.append("OS_USERNAME") }
            let password = self["OS_PASSWORD"]
            if password == nil { missing.append("OS_PASSWORD") }
            guard let user, let password else { return nil }
            return .password(user: user, password: password)
        }

        func project() -> Named? {
            self["OS_PROJECT_ID"].map(Named.id)
                ?? self["OS_PROJECT_NAME"].map { .name($0, domain: domain("OS_PROJECT_DOMAIN")) }
        }

        private func domain(_ stem: String) -> Domain {
            self["\(stem)_ID"].map(Domain.id)
                ?? self["\(stem)_NAME"].map(Domain.name)
                ?? self["OS_DEFAULT_DOMAIN"].map(Domain.name)
                ?? .name("Default")
        }
    }
}

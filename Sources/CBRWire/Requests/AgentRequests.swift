/// `POST …/agents`.
public struct RegisterAgentRequest: Sendable {
    public let id: String
    public let hostIP: String
    public let hostName: String
    public let hostSystem: String
    public let nickname: String?
    public let type: String?
    public let version: String?

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("agent", body.object("agent"))
        id = try fields.require("agent_id", fields.text("agent_id", .id))
        hostIP = try fields.require("host_ip", fields.text("host_ip", TextRule(1...255)))
        hostName = try fields.require("host_name", fields.text("host_name", TextRule(1...255)))
        hostSystem = try fields.require("host_os", fields.text("host_os", TextRule(1...255)))
        nickname = try fields.text("host_nickname", TextRule(0...255))
        type = try fields.text("agent_type", TextRule(0...64))
        version = try fields.text("agent_version", TextRule(0...64))
        guard version.map(Self.isVersion) ?? true else {
            throw FieldError(
                field: fields.field("agent_version"), rule: "must end with three numbers of 1 to 3 digits, like 1.20.3")
        }
    }

    /// `((\d){1,3}\.){2}(\d){1,3}$`, found anywhere.
    private static func isVersion(_ text: String) -> Bool {
        text.firstMatch(of: #/[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}$/#) != nil
    }
}

/// `PUT …/agents/{agent_id}`. There is one thing to say.
public struct UpdateAgentRequest: Sendable {
    private enum Status: String, CaseIterable { case uninstall }

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("agent", body.object("agent"))
        _ = try fields.require("status", fields.choice("status", of: Status.self))
    }
}

/// `POST …/agents/{agent_id}/add-path`.
public struct AddAgentPathRequest: Sendable {
    public struct Exclusion: Sendable, Equatable {
        public let path: String
        public let excluded: [String]
    }

    public let paths: [String]
    public let exclusions: [Exclusion]

    public init(_ body: Fields) throws(FieldError) {
        paths = try body.require("add_path", body.texts("add_path", count: 1...256, .path))
        for (index, path) in paths.enumerated() where !Self.isAbsolute(path) {
            throw FieldError(
                field: "add_path[\(index)]", rule: "must be an absolute path, such as /srv/data or C:\\data")
        }
        exclusions =
            try body.objects("exclude_path", count: 0...256) { fields throws(FieldError) in
                Exclusion(
                    path: try fields.require("path_name", fields.text("path_name", .path)),
                    excluded: try fields.texts("exclude_path_name", count: 0...256, .path) ?? [])
            } ?? []
    }

    /// A path from the root of a POSIX host, of a share, or of a drive; not the root of a host itself.
    private static func isAbsolute(_ path: String) -> Bool {
        if path.hasPrefix("/") { return path.contains { $0 != "/" } }
        let scalars = Array(path.unicodeScalars.prefix(3))
        guard scalars.count == 3, scalars[0].isASCII, scalars[0].properties.isAlphabetic else { return false }
        return scalars[1] == ":" && (scalars[2] == "\\" || scalars[2] == "/")
    }
}

/// `POST …/agents/{agent_id}/remove-path`.
public struct RemoveAgentPathRequest: Sendable {
    public let paths: [String]

    public init(_ body: Fields) throws(FieldError) {
        paths = try body.require("remove_path", body.texts("remove_path", count: 1...256, .path))
    }
}

/// `POST …/agent/check`.
public struct CheckAgentRequest: Sendable {
    public struct Question: Sendable {
        public let resourceID: String
        public let name: String?
        public let type: String
        /// Where the type stands in the request, for an error's sentence.
        public let typeField: String
    }

    public let questions: [Question]

    public init(_ body: Fields) throws(FieldError) {
        questions = try body.require(
            "agent_status",
            body.objects("agent_status", count: 1...256) { fields throws(FieldError) in
                Question(
                    resourceID: try fields.require("resource_id", fields.text("resource_id", .id)),
                    name: try fields.text("resource_name", .resourceName),
                    type: try fields.require("resource_type", fields.text("resource_type")),
                    typeField: fields.field("resource_type"))
            })
    }
}

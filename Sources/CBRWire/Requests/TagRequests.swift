/// A tag as requests give it.
public struct TagBody: Sendable, Equatable {
    public let key: String
    /// Nil when the request names the key alone.
    public let value: String?

    init(_ fields: Fields) throws(FieldError) {
        key = try fields.require("key", fields.text("key", .tagKey))
        value = try fields.text("value", .tagValue)
    }
}

/// `POST …/vault/{vault_id}/tags`.
public struct CreateTagRequest: Sendable {
    public let tag: TagBody

    public init(_ body: Fields) throws(FieldError) {
        let fields = try body.require("tag", body.object("tag"))
        tag = try TagBody(fields)
        _ = try fields.require("value", tag.value)
    }
}

/// `POST …/vault/{vault_id}/tags/action`.
public struct TagActionRequest: Sendable {
    public enum Action: String, CaseIterable, Sendable { case create, delete }

    public let action: Action
    /// 1 to 10.
    public let tags: [TagBody]

    public init(_ body: Fields) throws(FieldError) {
        action = try body.require("action", body.choice("action"))
        try body.refuseSystemTags()
        tags = try body.require(
            "tags", body.objects("tags", count: 1...10) { fields throws(FieldError) in try TagBody(fields) })
    }
}

/// `POST …/vault/resource_instances/action`.
public struct TagSearchRequest: Sendable {
    public enum Action: String, CaseIterable, Sendable { case filter, count }

    public struct Condition: Sendable, Equatable {
        public let key: String
        public let values: [String]
    }

    public let action: Action
    public let withoutAnyTag: Bool
    public let tags: [Condition]
    public let tagsAny: [Condition]
    public let notTags: [Condition]
    public let notTagsAny: [Condition]
    public let limit: Int
    public let offset: Int
    /// A part of the vault's name.
    public let name: String?
    public let objectType: String?
    public let cloudType: String?

    public init(_ body: Fields) throws(FieldError) {
        action = try body.require("action", body.choice("action"))
        try body.refuseSystemTags()
        withoutAnyTag = try body.flag("without_any_tag") ?? false
        tags = try body.conditions("tags")
        tagsAny = try body.conditions("tags_any")
        notTags = try body.conditions("not_tags")
        notTagsAny = try body.conditions("not_tags_any")
        if action == .count {
            for name in ["limit", "offset"] where body.has(name) {
                throw FieldError(field: name, rule: "can't be given when action is count")
            }
        }
        limit = try body.numberText("limit", in: 1...1000) ?? 1000
        offset = try body.numberText("offset", in: 0...Int64(Int32.max)) ?? 0
        name = try body.objects("matches", count: 0...1) { fields throws(FieldError) in
            _ = try fields.require("key", fields.choice("key", of: MatchKey.self))
            return try fields.require("value", fields.text("value", TextRule(0...255)))
        }?.first
        objectType = try body.choice("object_type", of: ObjectType.self)?.rawValue
        cloudType = try body.choice("cloud_type", of: CloudType.self)?.rawValue
    }

    private enum MatchKey: String, CaseIterable { case resourceName = "resource_name" }
}

extension Fields {
    fileprivate func conditions(_ name: String) throws(FieldError) -> [TagSearchRequest.Condition] {
        let found = try objects(name, count: 0...20) { fields throws(FieldError) in
            TagSearchRequest.Condition(
                key: try fields.require("key", fields.text("key", TextRule(1...127))),
                values: try fields.require("values", fields.texts("values", count: 0...10, TextRule(0...255))))
        }
        var seen: Set<String> = []
        for condition in found ?? [] where !seen.insert(condition.key).inserted {
            throw FieldError(field: field(name), rule: "has the key '\(condition.key)' twice")
        }
        return found ?? []
    }

    /// System tags belong to the operators of a public cloud.
    fileprivate func refuseSystemTags() throws(FieldError) {
        guard let given = try objects("sys_tags", { fields throws(FieldError) in fields.path }), !given.isEmpty else {
            return
        }
        throw FieldError(field: field("sys_tags"), rule: "can't be given: vaults have no system tags here")
    }

    /// A number that the interface writes as text; a number is taken too.
    fileprivate func numberText(_ name: String, in range: ClosedRange<Int64>) throws(FieldError) -> Int? {
        guard case .text(let text)? = value(name) else { return try integer(name, in: range).map { Int($0) } }
        guard let number = Int64(text), range.contains(number) else {
            throw FieldError(
                field: field(name), rule: "must be a number from \(range.lowerBound) to \(range.upperBound), as text")
        }
        return Int(number)
    }
}

extension TextRule {
    /// Keys of tags: `^[^\x00-\x1f=*<>\\,|/]*$`, 1 to 36.
    static let tagKey = TextRule(1...36, allowed: tagRule, isTagCharacter)
    /// Values of tags: the same characters, up to 43.
    static let tagValue = TextRule(0...43, allowed: tagRule, isTagCharacter)

    private static let tagRule = "characters other than control characters and = * < > \\ , | /"
    private static let isTagCharacter: @Sendable (Unicode.Scalar) -> Bool = { scalar in
        scalar.value > 0x1F && !"=*<>\\,|/".unicodeScalars.contains(scalar)
    }
}

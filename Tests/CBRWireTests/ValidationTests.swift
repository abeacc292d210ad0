import Testing

@testable import CBRWire

/// One rule of a request: a body, and the field that the error names, or none where the body is right.
struct RuleCase: Sendable, CustomTestStringConvertible {
    let about: String
    let body: String
    /// The path of the field as the error's sentence begins with it.
    let field: String?
    /// What else the sentence says: the limit.
    let limit: String

    var testDescription: String { about }

    static func good(_ about: String, _ body: String) -> Self { Self(about: about, body: body, field: nil, limit: "") }

    static func bad(_ about: String, _ body: String, _ field: String, _ limit: String = "") -> Self {
        Self(about: about, body: body, field: field, limit: limit)
    }

    func check(_ parse: (Fields) throws(FieldError) -> Void, sourceLocation: SourceLocation = #_sourceLocation) {
        do throws(FieldError) {
            try parse(Fields(parsing: Array(body.utf8)))
            #expect(field == nil, "\(about): accepted \(body)", sourceLocation: sourceLocation)
        } catch {
            #expect(
                error.field == field && error.rule.contains(limit), "\(about): \(error.message)",
                sourceLocation: sourceLocation)
        }
    }
}

@Suite("Requests are held to the interface's limits, and an error names the field and the rule")
struct ValidationTests {
    private static func text(_ count: Int, _ letter: String = "a") -> String { String(repeating: letter, count: count) }
    private static func list(_ count: Int, _ item: String) -> String {
        "[" + Array(repeating: item, count: count).joined(separator: ",") + "]"
    }
    private static let uuid = "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"
    private static let resource = #"{"id":"r","type":"OS::Cinder::Volume"}"#

    private static func checkpoint(_ parameters: String) -> String {
        #"{"checkpoint":{"vault_id":"v","parameters":{\#(parameters)}}}"#
    }

    static let checkpoints: [RuleCase] = [
        .good("the least", #"{"checkpoint":{"vault_id":"v"}}"#),
        .good("null is absent", #"{"checkpoint":{"vault_id":"v","parameters":null}}"#),
        .good("unknown fields", checkpoint(#""surprise":{"a":[1]}"#)),
        .good("the longest name", checkpoint(#""name":"\#(text(64, "_"))""#)),
        .good("the longest description, in scalars", checkpoint(#""description":"\#(text(255, "é"))""#)),
        .good("most details", checkpoint(#""resource_details":\#(list(256, resource))"#)),
        .bad("no object", "[]", "body"),
        .bad("no checkpoint", "{}", "checkpoint"),
        .bad("checkpoint of another type", #"{"checkpoint":[]}"#, "checkpoint"),
        .bad("no vault", #"{"checkpoint":{}}"#, "checkpoint.vault_id"),
        .bad("vault of another type", #"{"checkpoint":{"vault_id":7}}"#, "checkpoint.vault_id"),
        .bad("empty name", checkpoint(#""name":"""#), "checkpoint.parameters.name", "1 to 64"),
        .bad("long name", checkpoint(#""name":"\#(text(65))""#), "checkpoint.parameters.name", "1 to 64"),
        .bad("name with a space", checkpoint(#""name":"a b""#), "checkpoint.parameters.name"),
        .bad("name beyond ASCII", checkpoint(#""name":"é""#), "checkpoint.parameters.name"),
        .bad(
            "long description", checkpoint(#""description":"\#(text(256, "é"))""#),
            "checkpoint.parameters.description", "255"),
        .bad("flag as text", checkpoint(#""auto_trigger":"true""#), "checkpoint.parameters.auto_trigger"),
        .bad("flag as number", checkpoint(#""incremental":1"#), "checkpoint.parameters.incremental"),
        .bad("resources not a list", checkpoint(#""resources":"r""#), "checkpoint.parameters.resources"),
        .bad("resource not a text", checkpoint(#""resources":["r",1]"#), "checkpoint.parameters.resources[1]"),
        .bad(
            "too many details", checkpoint(#""resource_details":\#(list(257, resource))"#),
            "checkpoint.parameters.resource_details", "256"),
        .bad(
            "detail without type", checkpoint(#""resource_details":[{"id":"r"}]"#),
            "checkpoint.parameters.resource_details[0].type"),
        .bad(
            "detail without id", checkpoint(#""resource_details":[{"type":"OS::Nova::Server"}]"#),
            "checkpoint.parameters.resource_details[0].id"),
        .bad(
            "excluded volumes not a list",
            checkpoint(#""resource_details":[{"id":"r","type":"t","extra_info":{"exclude_volumes":"v"}}]"#),
            "checkpoint.parameters.resource_details[0].extra_info.exclude_volumes"),
        .bad(
            "included volume without an id",
            checkpoint(#""resource_details":[{"id":"r","type":"t","extra_info":{"include_volumes":[{}]}}]"#),
            "checkpoint.parameters.resource_details[0].extra_info.include_volumes[0].id"),
        .good("a policy", checkpoint(#""policy_id":"\#(uuid)""#)),
        .bad("policy as number", checkpoint(#""policy_id":7"#), "checkpoint.parameters.policy_id"),
        .bad("empty policy", checkpoint(#""policy_id":"""#), "checkpoint.parameters.policy_id", "1 to 255"),
        .bad(
            "retention of no days", checkpoint(#""retention_duration_days":0"#),
            "checkpoint.parameters.retention_duration_days", "36500"),
        .bad(
            "retention as text", checkpoint(#""retention_duration_days":"7""#),
            "checkpoint.parameters.retention_duration_days"),
        .bad(
            "retention with an automatic one", checkpoint(#""auto_trigger":true,"retention_duration_days":7"#),
            "checkpoint.parameters.retention_duration_days", "auto_trigger"),
    ]

    @Test("create a restore point", arguments: checkpoints)
    func checkpoint(_ rule: RuleCase) {
        rule.check { fields throws(FieldError) in _ = try CreateCheckpointRequest(fields) }
    }

    private static func vault(_ more: String, billing: String = #","size":100"#, name: String = "v") -> String {
        let required = #""object_type":"disk","protect_type":"backup""#
        return #"{"vault":{"name":"\#(name)","billing":{\#(required)\#(billing)},"resources":[]\#(more)}}"#
    }

    static let vaults: [RuleCase] = [
        .good("the least", vault("")),
        .good(
            "no resources at all",
            #"{"vault":{"name":"v","billing":{"object_type":"server","protect_type":"backup","size":10}}}"#),
        .good("the smallest and the largest", vault("", billing: #","size":10485760"#)),
        .good("bounds", vault(#","threshold":100,"description":"\#(text(64))","tags":[{"key":"\#(text(36))"}]"#)),
        .bad("no name", #"{"vault":{"billing":{}}}"#, "vault.name"),
        .bad("empty name", vault("", name: ""), "vault.name", "1 to 64"),
        .bad("long name", vault("", name: text(65)), "vault.name", "1 to 64"),
        .bad("no billing", #"{"vault":{"name":"v"}}"#, "vault.billing"),
        .bad("no object type", #"{"vault":{"name":"v","billing":{"size":10}}}"#, "vault.billing.object_type"),
        .bad(
            "unknown object type", #"{"vault":{"name":"v","billing":{"object_type":"tape"}}}"#,
            "vault.billing.object_type", "server"),
        .bad(
            "no protect type", #"{"vault":{"name":"v","billing":{"object_type":"disk"}}}"#, "vault.billing.protect_type"
        ),
        .bad("no size", vault("", billing: ""), "vault.billing.size"),
        .bad("too small", vault("", billing: #","size":9"#), "vault.billing.size", "10"),
        .bad("too large", vault("", billing: #","size":10485761"#), "vault.billing.size", "10485760"),
        .bad("size as text", vault("", billing: #","size":"10""#), "vault.billing.size"),
        .bad("size with a fraction", vault("", billing: #","size":10.5"#), "vault.billing.size"),
        .bad(
            "unknown consistency", vault("", billing: #","size":10,"consistent_level":"x""#),
            "vault.billing.consistent_level", "crash_consistent"),
        .bad(
            "paid before", vault("", billing: #","size":10,"charging_mode":"pre_paid""#),
            "vault.billing.charging_mode", "post_paid"),
        .bad("threshold 0", vault(#","threshold":0"#), "vault.threshold", "1"),
        .bad("threshold 101", vault(#","threshold":101"#), "vault.threshold", "100"),
        .bad("long description", vault(#","description":"\#(text(65))""#), "vault.description", "64"),
        .bad("21 tags", vault(#","tags":\#(list(21, #"{"key":"k"}"#))"#), "vault.tags", "20"),
        .bad("tag without key", vault(#","tags":[{"value":"v"}]"#), "vault.tags[0].key"),
        .bad("long key", vault(#","tags":[{"key":"\#(text(37))"}]"#), "vault.tags[0].key", "36"),
        .bad("long value", vault(#","tags":[{"key":"k","value":"\#(text(44))"}]"#), "vault.tags[0].value", "43"),
        .bad("key with a slash", vault(#","tags":[{"key":"a/b"}]"#), "vault.tags[0].key"),
        .bad("bind rules not an object", vault(#","bind_rules":[]"#), "vault.bind_rules"),
        .bad("flag as text", vault(#","auto_bind":"yes""#), "vault.auto_bind"),
        .good("no bind rules", vault(#","bind_rules":{"tags":[]}"#)),
        .bad(
            "bind rule without value", vault(#","bind_rules":{"tags":[{"key":"k"}]}"#), "vault.bind_rules.tags[0].value"
        ),
        .bad(
            "one key in two bind rules",
            vault(#","bind_rules":{"tags":[{"key":"k","value":"a"},{"key":"k","value":"b"}]}"#),
            "vault.bind_rules.tags", "'k' twice"),
        .good("a prefix in Chinese", vault(#","backup_name_prefix":"每日""#)),
        .bad("a prefix with a space", vault(#","backup_name_prefix":"a b""#), "vault.backup_name_prefix"),
        .bad("a long prefix", vault(#","backup_name_prefix":"\#(text(33))""#), "vault.backup_name_prefix", "32"),
        .good("no billing on demand", vault(#","demand_billing":false"#)),
        .bad("billing on demand", vault(#","demand_billing":true"#), "vault.demand_billing", "pre_paid"),
        .good(
            "what subscriptions have",
            vault(
                "",
                billing: #","size":10,"charging_mode":"post_paid","is_auto_pay":false,"is_auto_renew":true,"#
                    + #""period_type":"month","period_num":1,"console_url":"\#(text(255))""#)),
        .bad(
            "unknown period", vault("", billing: #","size":10,"period_type":"week""#), "vault.billing.period_type",
            "year, month"),
        .bad("periods as text", vault("", billing: #","size":10,"period_num":"1""#), "vault.billing.period_num"),
        .bad(
            "periods beyond 32 bits", vault("", billing: #","size":10,"period_num":2147483648"#),
            "vault.billing.period_num", "2147483647"),
        .bad("pay as text", vault("", billing: #","size":10,"is_auto_pay":"true""#), "vault.billing.is_auto_pay"),
        .bad("renew as number", vault("", billing: #","size":10,"is_auto_renew":1"#), "vault.billing.is_auto_renew"),
        .bad(
            "empty console", vault("", billing: #","size":10,"console_url":"""#), "vault.billing.console_url",
            "1 to 255"),
        .bad(
            "long console", vault("", billing: #","size":10,"console_url":"\#(text(256))""#),
            "vault.billing.console_url", "255"),
    ]

    @Test("create a vault", arguments: vaults)
    func vault(_ rule: RuleCase) { rule.check { fields throws(FieldError) in _ = try CreateVaultRequest(fields) } }

    static let updates: [RuleCase] = [
        .good("nothing to change", #"{"vault":{}}"#),
        .good("an empty billing object", #"{"vault":{"name":"w","billing":{}}}"#),
        .good(
            "what only new vaults have",
            #"{"vault":{"demand_billing":true,"availability_zone":1,"enterprise_project_id":2,"tags":3}}"#),
        .bad("no vault", "{}", "vault"),
        .bad("long name", #"{"vault":{"name":"\#(text(65))"}}"#, "vault.name", "1 to 64"),
        .bad("size 0", #"{"vault":{"billing":{"size":0}}}"#, "vault.billing.size", "1"),
        .bad("size as text", #"{"vault":{"billing":{"size":"20"}}}"#, "vault.billing.size"),
    ]

    @Test("update a vault", arguments: updates)
    func update(_ rule: RuleCase) { rule.check { fields throws(FieldError) in _ = try UpdateVaultRequest(fields) } }

    static let additions: [RuleCase] = [
        .good("one", #"{"resources":[\#(resource)]}"#), .good("most", #"{"resources":\#(list(256, resource))}"#),
        .bad("none", #"{"resources":[]}"#, "resources", "at least 1"),
        .bad("too many", #"{"resources":\#(list(257, resource))}"#, "resources", "at most 256"),
        .bad("absent", "{}", "resources"), .bad("not objects", #"{"resources":["r"]}"#, "resources[0]"),
        .bad("no type", #"{"resources":[{"id":"r"}]}"#, "resources[0].type"),
        .bad(
            "a long name", #"{"resources":[{"id":"r","type":"t","name":"\#(text(256))"}]}"#, "resources[0].name", "255"),
    ]

    @Test("add resources", arguments: additions)
    func add(_ rule: RuleCase) { rule.check { fields throws(FieldError) in _ = try AddResourcesRequest(fields) } }

    static let removals: [RuleCase] = [
        .good("one", #"{"resource_ids":["r"]}"#), .bad("absent", "{}", "resource_ids"),
        .bad("none", #"{"resource_ids":[]}"#, "resource_ids", "at least 1"),
        .bad("too many", #"{"resource_ids":\#(list(257, #""r""#))}"#, "resource_ids", "at most 256"),
        .bad("not texts", #"{"resource_ids":[{}]}"#, "resource_ids[0]"),
    ]

    @Test("remove resources", arguments: removals)
    func remove(_ rule: RuleCase) { rule.check { fields throws(FieldError) in _ = try RemoveResourcesRequest(fields) } }

    static let settings: [RuleCase] = [
        .good("suspend", #"{"action":"suspend","resource_ids":["r"]}"#),
        .bad("no action", #"{"resource_ids":["r"]}"#, "action"),
        .bad("unknown action", #"{"action":"stop","resource_ids":["r"]}"#, "action", "unsuspend"),
        .bad("no ids", #"{"action":"suspend"}"#, "resource_ids"),
    ]

    @Test("suspend resources", arguments: settings)
    func set(_ rule: RuleCase) { rule.check { fields throws(FieldError) in _ = try SetResourcesRequest(fields) } }

    static let restores: [RuleCase] = [
        .good("to the original", #"{"restore":{}}"#), .good("to a volume", #"{"restore":{"volume_id":"v"}}"#),
        .good("to a path", #"{"restore":{"details":{"destination_path":"/srv"}}}"#),
        .good("mappings", #"{"restore":{"mappings":[{"backup_id":"b","volume_id":"v"}]}}"#),
        .good("no mappings", #"{"restore":{"volume_id":"v","mappings":[]}}"#),
        .good(
            "a mapping that says the same",
            #"{"restore":{"volume_id":"v","mappings":[{"backup_id":"b","volume_id":"v"}]}}"#),
        .good(
            "a server",
            #"{"restore":{"server_id":"s","mappings":[{"backup_id":"b1","volume_id":"v"},{"backup_id":"b2","volume_id":"w"}]}}"#
        ),
        .bad("a server without mappings", #"{"restore":{"server_id":"s"}}"#, "restore.server_id", "needs mappings"),
        .bad(
            "a server and no mappings", #"{"restore":{"server_id":"s","volume_id":"v","mappings":[]}}"#,
            "restore.server_id", "needs mappings"),
        .bad(
            "two mappings",
            #"{"restore":{"mappings":[{"backup_id":"b","volume_id":"v"},{"backup_id":"b","volume_id":"w"}]}}"#,
            "restore.mappings", "one item"),
        .bad(
            "a mapping of another backup", #"{"restore":{"mappings":[{"backup_id":"c","volume_id":"v"}]}}"#,
            "restore.mappings[0].backup_id", "the backup that is restored"),
        .bad(
            "a mapping that says otherwise",
            #"{"restore":{"volume_id":"v","mappings":[{"backup_id":"b","volume_id":"w"}]}}"#,
            "restore.mappings[0].volume_id", "restore.volume_id"),
        .bad(
            "a mapping and a path",
            #"{"restore":{"mappings":[{"backup_id":"b","volume_id":"v"}],"details":{"destination_path":"/srv"}}}"#,
            "restore", "not several"),
        .bad("absent", "{}", "restore"), .bad("a list", #"{"restore":[]}"#, "restore"),
        .bad("volume as number", #"{"restore":{"volume_id":1}}"#, "restore.volume_id"),
        .bad("power_on as text", #"{"restore":{"power_on":"yes"}}"#, "restore.power_on"),
        .bad(
            "mapping without backup", #"{"restore":{"mappings":[{"volume_id":"v"}]}}"#, "restore.mappings[0].backup_id"),
        .bad("details without path", #"{"restore":{"details":{}}}"#, "restore.details.destination_path"),
        .bad(
            "a long path", #"{"restore":{"details":{"destination_path":"\#(text(256))"}}}"#,
            "restore.details.destination_path", "255"),
        .bad("two targets", #"{"restore":{"volume_id":"v","resource_id":"r"}}"#, "restore", "not several"),
    ]

    @Test("restore a backup", arguments: restores)
    func restore(_ rule: RuleCase) {
        rule.check { fields throws(FieldError) in _ = try RestoreRequestBody(fields, backup: "b") }
    }

    @Test("a restore goes to what is named, and to the original only when nothing is")
    func targets() throws {
        let mapping = #""mappings":[{"backup_id":"b","volume_id":"v"}]"#
        let wanted: [(String, RestoreRequestBody.Target)] = [
            ("", .original), (#""mappings":[]"#, .original), (#""power_on":true"#, .original),
            (#""volume_id":"v""#, .resource("v")), (#""resource_id":"r""#, .resource("r")),
            (mapping, .resource("v")), (#""volume_id":"v",\#(mapping)"#, .resource("v")),
            (#""server_id":"s",\#(mapping)"#, .server("s")),
            (#""details":{"destination_path":"/srv"}"#, .path("/srv")),
        ]
        for (parts, target) in wanted {
            let fields = try Fields(parsing: Array(#"{"restore":{\#(parts)}}"#.utf8))
            #expect(try RestoreRequestBody(fields, backup: "b").target == target, "\(parts)")
        }
    }

    static let registrations: [RuleCase] = [
        .good("with an id", #"{"resource":{"id":"\#(uuid)","type":"t","name":"n","location":"file:///a"}}"#),
        .bad("absent", "{}", "resource"), .bad("no type", #"{"resource":{"name":"n"}}"#, "resource.type"),
        .bad("no name", #"{"resource":{"type":"t"}}"#, "resource.name"),
        .bad("empty name", #"{"resource":{"type":"t","name":""}}"#, "resource.name", "1 to 255"),
        .bad("no location", #"{"resource":{"type":"t","name":"n"}}"#, "resource.location"),
        .bad("short id", #"{"resource":{"id":"a","type":"t","name":"n","location":"l"}}"#, "resource.id", "36"),
        .bad(
            "id that is no UUID", #"{"resource":{"id":"\#(text(36, "z"))","type":"t","name":"n","location":"l"}}"#,
            "resource.id", "hex"),
    ]

    @Test("register a resource", arguments: registrations)
    func register(_ rule: RuleCase) {
        rule.check { fields throws(FieldError) in _ = try RegisterResourceRequest(fields) }
    }

    static let renames: [RuleCase] = [
        .good("a name", #"{"backup":{"name":"n"}}"#), .bad("absent", "{}", "backup"),
        .bad("no name", #"{"backup":{}}"#, "backup.name"),
        .bad("long name", #"{"backup":{"name":"\#(text(65))"}}"#, "backup.name", "1 to 64"),
    ]

    private static func policy(_ definition: String) -> String {
        #"{"policy":{"name":"p","operation_type":"backup","operation_definition":{\#(definition)},"#
            + #""trigger":{"properties":{"pattern":["x"]}}}}"#
    }

    private static func monthly(_ rule: String) -> String {
        policy(#""advanced_retention_rules":{"monthly_retention_rules":{\#(rule)}}"#)
    }

    private static let definition = "policy.operation_definition"
    private static let month = definition + ".advanced_retention_rules.monthly_retention_rules"

    /// The rules are off: what they say has to be possible all the same.
    static let policies: [RuleCase] = [
        .good("the least", policy("")),
        .good("every day of a month", monthly(#""retention_type":"Monthly","days_of_month":[1,28,-1]"#)),
        .bad("unknown type", monthly(#""retention_type":"foo""#), month + ".retention_type", "Weekly, Monthly"),
        .bad("day 0", monthly(#""days_of_month":[0]"#), month + ".days_of_month", "1 to 28"),
        .bad("day 29", monthly(#""days_of_month":[29]"#), month + ".days_of_month[0]", "28"),
        .bad(
            "no periods", monthly(#""retention_duration_periods":0"#), month + ".retention_duration_periods", "1200"),
        .good("another account", policy(#""cross_account_urn":"\#(text(255))""#)),
        .bad("account as number", policy(#""cross_account_urn":1"#), definition + ".cross_account_urn"),
        .bad(
            "long account", policy(#""cross_account_urn":"\#(text(256))""#), definition + ".cross_account_urn", "255"),
    ]

    @Test("create a policy", arguments: policies)
    func policy(_ rule: RuleCase) { rule.check { fields throws(FieldError) in _ = try CreatePolicyRequest(fields) } }

    static let organizationPolicies: [RuleCase] = [
        .good("any characters", organization(name: "every < day", description: "<b>")),
        .good("the longest", organization(name: text(64), description: text(255))),
        .bad("empty name", organization(name: ""), "policy.name", "1 to 64"),
        .bad("long name", organization(name: text(65)), "policy.name", "1 to 64"),
        .bad("long description", organization(description: text(256)), "policy.description", "255"),
    ]

    private static func organization(name: String = "n", description: String = "") -> String {
        #"{"policy":{"name":"\#(name)","description":"\#(description)","operation_type":"backup","policy_name":"a b","#
            + #""policy_enabled":true,"policy_operation_definition":{},"#
            + #""policy_trigger":{"properties":{"pattern":["x"]}}}}"#
    }

    @Test("create a policy of an organization", arguments: organizationPolicies)
    func organization(_ rule: RuleCase) {
        rule.check { fields throws(FieldError) in
            _ = try CreateOrganizationPolicyRequest(fields)
            _ = try UpdateOrganizationPolicyRequest(fields)
        }
    }

    static let alerts: [RuleCase] = [
        .good("nothing to change", #"{"vault":{}}"#), .bad("absent", "{}", "vault"),
        .bad("threshold 0", #"{"vault":{"threshold":0}}"#, "vault.threshold", "1 to 100"),
    ]

    @Test("update all vaults", arguments: alerts)
    func alert(_ rule: RuleCase) { rule.check { fields throws(FieldError) in _ = try BatchUpdateVaultRequest(fields) } }

    @Test("rename a backup", arguments: renames)
    func rename(_ rule: RuleCase) { rule.check { fields throws(FieldError) in _ = try UpdateBackupRequest(fields) } }
}

import Testing

@testable import CBRWire

@Suite("Sharing's requests are held to the interface's limits")
struct MemberRequestTests {
    private static let uuid = "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"

    private static func list(_ count: Int, _ item: String = #""p""#) -> String {
        "[" + Array(repeating: item, count: count).joined(separator: ",") + "]"
    }

    @Test(
        "members to add",
        arguments: [
            .good("ten projects", #"{"members":\#(list(10))}"#),
            .good("domains alone", #"{"domains":["d"]}"#),
            .good("both, and a field of somebody else's", #"{"members":["p"],"domains":["d"],"color":1}"#),
            .bad("nothing", "{}", "members", "required"),
            .bad("no domain", #"{"domains":[]}"#, "members", "required"),
            .bad("an empty list", #"{"members":[]}"#, "members", "at least 1"),
            .bad("eleven", #"{"members":\#(list(11))}"#, "members", "at most 10"),
            .bad("eleven beside a domain", #"{"members":\#(list(11)),"domains":["d"]}"#, "members", "at most 10"),
            .bad("one that is not a list", #"{"members":"p"}"#, "members", "an array"),
            .bad("a number", #"{"members":["p",1]}"#, "members[1]", "a string"),
            .bad("an empty id", #"{"members":[""]}"#, "members[0]", "1 to 255"),
            .bad("an empty domain", #"{"domains":[""]}"#, "domains[0]", "1 to 255"),
        ] as [RuleCase])
    func add(_ rule: RuleCase) {
        rule.check { fields throws(FieldError) in _ = try AddMembersRequest(fields) }
    }

    @Test(
        "a member's answer",
        arguments: [
            .good("accepted, with a vault", #"{"status":"accepted","vault_id":"\#(uuid)"}"#),
            .good("rejected", #"{"status":"rejected"}"#),
            .good("rejected, with whatever a vault", #"{"status":"rejected","vault_id":""}"#),
            .good("pending", #"{"status":"pending","vault_id":null}"#),
            .bad("nothing", "{}", "status", "required"),
            .bad("another word", #"{"status":"maybe"}"#, "status", "accepted, pending, rejected"),
            .bad("accepted, into nothing", #"{"status":"accepted"}"#, "vault_id", "required"),
            .bad("accepted, into no UUID", #"{"status":"accepted","vault_id":"vault"}"#, "vault_id", "exactly 36"),
            .bad("a wrapped one", #"{"member":{"status":"rejected"}}"#, "status", "required"),
        ] as [RuleCase])
    func answer(_ rule: RuleCase) {
        rule.check { fields throws(FieldError) in _ = try UpdateMemberRequest(fields) }
    }
}

"""What `openstack cbr …` and the SDK below it can do: for each a call that has to succeed, and one that has to be refused.

`{name}` in a word is replaced by what earlier rows have kept.
"""

from dataclasses import dataclass, field
from typing import Any, Callable

from openstack import exceptions

from holdfast_process import Api, wait_until
import sample_data
from test_openstack_story import vault_attributes

NOWHERE = "00000000-0000-4000-8000-000000000000"
DISK = "OS::Cinder::Volume"
RULE = "FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=14;BYMINUTE=00"

#: Looks at the server afterwards.
Look = Callable[[Api, dict], bool]


def gone(path: str) -> Look:
    return lambda api, k: wait_until(
        lambda: api.call("GET", path.format(**k)).status_code == 404, 60, f"{path} gone", 0.1)


def restored(api: Api, k: dict) -> bool:
    for log in api.get("/operation-logs", params={"operation_type": "restore"})["operation_logs"]:
        assert api.wait_operation(log["id"])["status"] == "success"
    return sample_data.sha256(k["disk_file"]) == sample_data.sha256(k["other_file"])


def inside(*names: str) -> Look:
    """These resources, and no others, are in the vault, at once or soon."""
    return lambda api, k: wait_until(
        lambda: [one["id"] for one in api.get(f"/vaults/{k['vault']}")["vault"]["resources"]] == [k[name] for name in names],
        60, "resources of the vault", 0.1)


def bound(*names: str) -> Look:
    return lambda api, k: [one["id"] for one in api.get("/policies", params={"vault_id": k["vault"]})["policies"]] == [
        k[name] for name in names]


def code(number: int) -> str:
    """What the client shows of a refusal: the code, and nothing of the sentence beside it."""
    return rf"BackupService\.{number}\b"


@dataclass
class Command:
    #: As it is typed.
    name: str
    good: list[str]
    bad: list[str]
    #: What standard error has to say of the bad one: a regular expression.
    says: str
    #: What has to hold of what is printed; of None where a command prints nothing.
    gives: Callable[[Any, dict], bool] = lambda shown, known: shown is None
    leaves: Look | None = None
    keep: dict[str, Callable[[Any], str]] = field(default_factory=dict)
    #: Options before the bad command.
    before_bad: list[str] = field(default_factory=list)
    #: The client fails by itself, whatever the server answers: good and bad both say this.
    broken: str | None = None
    #: The client does not look at the status, and says nothing of the refusal: status and code that plain HTTP gets for a body
    #: at a path below the vault.
    deaf: tuple[int, str, str, dict] | None = None


#: The client's own words for a call that it makes wrongly.
WRONG_CALL = r"find_policy\(\) got an unexpected keyword argument 'policy_id'"
NEW_VAULT = ["--consistent-level", "crash_consistent", "--object-type", "disk", "--size", "100"]

COMMANDS = [
    Command("cbr vault create", ["v", *NEW_VAULT, "--tag", "team=red"], ["a b", *NEW_VAULT], code(9900),
            gives=lambda s, k: (s["name"], s["size"], s["status"]) == ("v", 100, "available"),
            keep={"vault": lambda s: s["id"]},
            leaves=lambda api, k: api.get(f"/vaults/{k['vault']}")["vault"]["tags"][0]["key"] == "team"),
    Command("cbr vault list", ["--name", "v"], ["--limit", "1001"], code(9900),
            gives=lambda s, k: [one["id"] for one in s] == [k["vault"]]),
    Command("cbr vault show", ["v"], ["nobody"], "No Vault found for nobody",
            gives=lambda s, k: (s["id"], s["object_type"]) == (k["vault"], "disk")),
    Command("cbr vault update", ["v", "--name", "w", "--auto-expand", "yes", "--size", "200"], ["w", "--name", "a b"],
            code(9900), gives=lambda s, k: (s["id"], s["name"], s["size"]) == (k["vault"], "w", 200),
            leaves=lambda api, k: api.get(f"/vaults/{k['vault']}")["vault"]["auto_expand"] is True),
    Command("cbr policy create", ["weekly", "--operation-type", "backup", "--pattern", RULE, "--max-backups", "5"],
            ["bad", "--operation-type", "backup", "--pattern", "FREQ=SOMETIMES", "--max-backups", "5"], code(9900),
            gives=lambda s, k: s["name"] == "weekly" and RULE in str(s), keep={"policy": lambda s: s["id"]}),
    Command("cbr policy list", [], ["--operation-type", "dance"], "invalid choice: 'dance'",
            gives=lambda s, k: [one["id"] for one in s] == [k["policy"]]),
    Command("cbr policy show", ["weekly"], ["nobody"], WRONG_CALL, broken=WRONG_CALL),
    Command("cbr policy update", ["weekly", "--name", "daily"], ["nobody", "--name", "daily"], WRONG_CALL, broken=WRONG_CALL),
    Command("cbr policy delete", ["weekly"], ["nobody"], WRONG_CALL, broken=WRONG_CALL,
            leaves=lambda api, k: api.get(f"/policies/{k['policy']}")["policy"]["name"] == "weekly"),
    # The client hands a policy's name on as it is, so an id it has to be.
    Command("cbr vault bind", ["w", "{policy}"], ["w", NOWHERE], "^'associate_policy'$",
            deaf=(404, "6000", "associatepolicy", {"policy_id": NOWHERE}), gives=lambda s, k: k["policy"] in str(s), leaves=bound("policy")),
    Command("cbr vault unbind", ["w", "{policy}"], ["w", "{policy}"], "^$", leaves=bound(),
            deaf=(404, "6002", "dissociatepolicy", {"policy_id": "{policy}"})),
    Command("cbr vault associate", ["w", "--resource", f"id={{disk}},type={DISK}"],
            ["w", "--resource", f"id={NOWHERE},type={DISK}"], "^'add_resource_ids'$",
            deaf=(404, "6302", "addresources", {"resources": [{"id": NOWHERE, "type": DISK}]}),
            gives=lambda s, k: k["disk"] in str(s), leaves=inside("disk")),
    Command("cbr checkpoint create", ["--vault-id", "{vault}", "--backup-name", "by-hand"], ["--vault-id", NOWHERE],
            code(6105), gives=lambda s, k: s["vault_id"] == k["vault"], keep={"checkpoint": lambda s: s["id"]},
            leaves=lambda api, k: api.wait_checkpoint(k["checkpoint"])["status"] == "available"),
    Command("cbr checkpoint show", ["{checkpoint}"], ["nobody"], code(6217),
            gives=lambda s, k: (s["id"], s["status"], s["vault_name"]) == (k["checkpoint"], "available", "w")),
    Command("cbr backup list", ["--checkpoint-id", "{checkpoint}"], ["--limit", "1001"], code(9900),
            gives=lambda s, k: [one["name"] for one in s] == ["by-hand"], keep={"backup": lambda s: s[0]["id"]}),
    Command("cbr backup show", ["by-hand"], ["nobody"], "No Backup found for nobody",
            gives=lambda s, k: (s["id"], s["resource_id"]) == (k["backup"], k["disk"])),
    Command("cbr backup restore", ["by-hand", "--volume-id", "{other}"], ["by-hand", "--volume-id", NOWHERE],
            code(6302), leaves=restored),
    Command("cbr task list", [], [], "requires authentication", before_bad=["--os-password", "wrong"],
            gives=lambda s, k: {one["operation_type"] for one in s} == {"backup", "restore"},
            keep={"task": lambda s: s[0]["id"]}),
    Command("cbr task show", ["{task}"], [NOWHERE], code(6500),
            gives=lambda s, k: (s["id"], s["vault_id"]) == (k["task"], k["vault"])),
    Command("cbr backup delete", ["by-hand"], ["nobody"], "No Backup found for nobody", leaves=gone("/backups/{backup}")),
    Command("cbr vault dissociate", ["w", "--resource", "{disk}"], ["w", "--resource", NOWHERE], "^$",
            leaves=inside(), deaf=(400, "6135", "removeresources", {"resource_ids": [NOWHERE]})),
    Command("cbr vault delete", ["w"], ["nobody"], "No Vault found for nobody", leaves=gone("/vaults/{vault}")),
]


def given(*arguments, **named):
    return arguments, named


@dataclass
class Call:
    #: The proxy's method.
    name: str
    #: What it is given, from what is known.
    good: Callable[[dict], tuple]
    #: What has to hold of what comes back; lists are lists, whatever the client makes of them.
    holds: Callable[[Any, dict], bool]
    bad: Callable[[dict], tuple]
    #: A status where the client hands the answer on as it is.
    error: type[Exception] | int
    says: str
    leaves: Look | None = None
    keep: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    #: Who calls: `owner`, `member` (the second project) or `trespasser` (the owner, on the other's path).
    by: str = "owner"
    bad_by: str | None = None


NOT_FOUND, BAD = exceptions.NotFoundException, exceptions.BadRequestException
UNKNOWN = lambda k: given(NOWHERE)  # noqa: E731
NOBODY = lambda k: given("nobody", ignore_missing=False)  # noqa: E731

CALLS = [
    Call("create_vault", lambda k: given(**vault_attributes("v", "disk")), lambda a, k: a.name == "v" and a.billing.size == 100,
         lambda k: given(name="a b", billing={}), BAD, code(9900), keep={"vault": lambda a: a.id}),
    Call("update_vault", lambda k: given(k["vault"], name="w"), lambda a, k: a.name == "w",
         lambda k: given(k["vault"], name="a b"), BAD, code(9900)),
    Call("get_vault", lambda k: given(k["vault"]), lambda a, k: a.name == "w", UNKNOWN, NOT_FOUND, code(6105)),
    Call("find_vault", lambda k: given("w"), lambda a, k: a.id == k["vault"], NOBODY, NOT_FOUND, "No Vault found for nobody"),
    Call("vaults", lambda k: given(limit=1), lambda a, k: [one.id for one in a] == [k["vault"]],
         lambda k: given(limit=1001), BAD, code(9900)),
    Call("create_policy", lambda k: given(
        name="p", operation_type="backup", operation_definition={"max_backups": 5},
        trigger={"properties": {"pattern": [RULE]}}),
        lambda a, k: a.name == "p" and a.trigger.properties.pattern == [RULE],
        lambda k: given(name="p", operation_type="dance"), BAD, code(9900), keep={"policy": lambda a: a.id}),
    Call("get_policy", lambda k: given(k["policy"]), lambda a, k: a.name == "p", UNKNOWN, NOT_FOUND, code(6000)),
    Call("find_policy", lambda k: given("p"), lambda a, k: a.id == k["policy"], NOBODY, NOT_FOUND, "No Policy found for nobody"),
    Call("update_policy", lambda k: given(k["policy"], name="q"), lambda a, k: a.name == "q",
         lambda k: given(k["policy"], name="a b"), BAD, code(9900)),
    Call("policies", lambda k: given(), lambda a, k: [one.name for one in a] == ["q"],
         lambda k: given(), exceptions.HttpException, code(8600), bad_by="trespasser"),
    Call("bind_policy", lambda k: given(k["vault"], k["policy"]), lambda a, k: a.status_code == 200,
         lambda k: given(k["vault"], NOWHERE), 404, code(6000), leaves=bound("policy")),
    Call("unbind_policy", lambda k: given(k["vault"], k["policy"]), lambda a, k: a.status_code == 200,
         lambda k: given(k["vault"], k["policy"]), 404, code(6002), leaves=bound()),
    Call("delete_policy", lambda k: given(k["policy"]), lambda a, k: True,
         lambda k: given(k["policy"], ignore_missing=False), NOT_FOUND, code(6000), leaves=gone("/policies/{policy}")),
    Call("associate_resources", lambda k: given(k["vault"], [dict(id=k["disk"], type=DISK)]), lambda a, k: a.status_code == 200,
         lambda k: given(k["vault"], [dict(id=NOWHERE, type=DISK)]), 404, code(6302),
         leaves=inside("disk")),
    Call("create_checkpoint", lambda k: given(vault_id=k["vault"], parameters=dict(name="n")),
         lambda a, k: a.status in ("protecting", "available"), lambda k: given(vault_id=NOWHERE), NOT_FOUND,
         code(6105), keep={"checkpoint": lambda a: a.id}),
    Call("get_checkpoint", lambda k: given(k["checkpoint"]), lambda a, k: a.id == k["checkpoint"], UNKNOWN, NOT_FOUND,
         code(6217), keep={"point": lambda a: a}),
    Call("wait_for_checkpoint", lambda k: given(k["point"]), lambda a, k: a.status == "available",
         lambda k: given(k["point"], status="deleted", failures=["available"]), exceptions.ResourceFailure, "available"),
    Call("backups", lambda k: given(checkpoint_id=k["checkpoint"], limit=1), lambda a, k: [one.name for one in a] == ["n"],
         lambda k: given(limit=1001), BAD, code(9900), keep={"backup": lambda a: a[0].id}),
    Call("get_backup", lambda k: given(k["backup"]), lambda a, k: a.resource_id == k["disk"], UNKNOWN, NOT_FOUND,
         code(6200)),
    Call("find_backup", lambda k: given("n"), lambda a, k: a.id == k["backup"], NOBODY, NOT_FOUND, "No Backup found for nobody"),
    Call("restore_data", lambda k: given(k["backup"], volume_id=k["other"]), lambda a, k: a is not None,
         lambda k: given(k["backup"], volume_id=NOWHERE), NOT_FOUND, code(6302), leaves=restored),
    Call("tasks", lambda k: given(), lambda a, k: {one.operation_type for one in a} == {"backup", "restore"},
         lambda k: given(limit=1001), BAD, code(9900), keep={"task": lambda a: a[0].id}),
    Call("get_task", lambda k: given(k["task"]), lambda a, k: a.vault_id == k["vault"], UNKNOWN, NOT_FOUND,
         code(6500)),
    Call("add_members", lambda k: given(k["backup"], [k["member"]]),
         lambda a, k: [(one.dest_project_id, one.status) for one in a] == [(k["member"], "pending")],
         lambda k: given(k["backup"], ["nobody"]), NOT_FOUND, code(6705)),
    Call("get_member", lambda k: given(k["backup"], k["member"]), lambda a, k: a.status == "pending",
         lambda k: given(k["backup"], "nobody"), NOT_FOUND, code(6705)),
    Call("update_member", lambda k: given(k["backup"], k["member"], "accepted", k["received"]),
         lambda a, k: (a.status, a.vault_id) == ("accepted", k["received"]),
         lambda k: given(k["backup"], k["member"], "rejected"), BAD, code(6706), by="member", bad_by="owner"),
    Call("members", lambda k: given(k["backup"], limit=1), lambda a, k: [one.vault_id for one in a] == [k["received"]],
         lambda k: given(NOWHERE), NOT_FOUND, code(6200)),
    Call("delete_member", lambda k: given(k["backup"], k["member"]), lambda a, k: True,
         lambda k: given(k["backup"], k["member"], ignore_missing=False), NOT_FOUND, code(6705),
         leaves=lambda api, k: api.get(f"/backups/{k['backup']}/members")["members"] == []),
    Call("delete_backup", lambda k: given(k["backup"]), lambda a, k: True,
         lambda k: given(NOWHERE, ignore_missing=False), NOT_FOUND, code(6200), leaves=gone("/backups/{backup}")),
    Call("dissociate_resources", lambda k: given(k["vault"], [k["disk"]]), lambda a, k: a.status_code == 200,
         lambda k: given(k["vault"], [NOWHERE]), 400, code(6135), leaves=inside()),
    Call("delete_vault", lambda k: given(k["vault"]), lambda a, k: True,
         lambda k: given(NOWHERE, ignore_missing=False), NOT_FOUND, code(6105), leaves=gone("/vaults/{vault}")),
]

"""One row for each operation of the vendor's SDK: a call that has to succeed, and one that has to be refused.

Bodies are plain objects, as the SDK serialises them. `{name}` in a text is replaced by what earlier rows have kept.
"""

from dataclasses import dataclass, field
from typing import Any, Callable

from holdfast_process import Api, wait_until
import sample_data

NOWHERE = "00000000-0000-4000-8000-000000000000"
AGENT = "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"
RULE = "FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=6;BYMINUTE=00"


#: Where replicas go: a vault of a second server.
FAR = {"destination_project_id": "{far_project}", "destination_region": "south-1",
       "destination_vault_id": "{far_vault}"}


@dataclass
class Row:
    operation: str
    #: What the good call is given.
    good: dict[str, Any] = field(default_factory=dict)
    #: What the bad call is given.
    bad: dict[str, Any] | None = None
    #: The status and the code of the bad call.
    refusal: tuple[int, str | None] = (400, "9900")
    #: Values that later rows need, from the answer.
    keep: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    #: What has to hold of the good answer; an answer without fields must not pass.
    holds: Callable[[Any, dict], bool] | None = None
    #: What plain HTTP has to find after the good call, for what changes something and says little.
    leaves: Callable[[Api, dict], bool] | None = None
    #: Why there is no bad call but a stranger's, where nothing can be wrong with one.
    never_bad: str | None = None
    #: The good call has to be refused like this, because a house without a cashier or a peer can't carry it out.
    declined: tuple[int, str] | None = None
    #: What has to be over before the call: the name of a kept id.
    waits: str | None = None
    #: The second project makes the call.
    as_member: bool = False
    #: The bad call is made on the second project's path with the first one's key.
    bad_elsewhere: bool = False


def vault(**fields):
    billing = {"consistent_level": "crash_consistent", "object_type": "disk", "protect_type": "backup", "size": 100}
    return {"vault": {"name": "swept", "resources": [], "billing": billing} | fields}


def policy(**fields):
    return {"policy": {"name": "weekly", "operation_type": "backup", "operation_definition": {"max_backups": 5},
                       "trigger": {"properties": {"pattern": [RULE]}}} | fields}


def organization(**fields):
    return {"policy": {"name": "all", "operation_type": "backup", "policy_operation_definition": {"max_backups": 5},
                       "policy_trigger": {"properties": {"pattern": [RULE]}}, "effective_scope": "{domain}",
                       "policy_name": "swept", "policy_enabled": True} | fields}


DISK = "OS::Cinder::Volume"


def gone(path: str) -> Callable[[Api, dict], bool]:
    """It is no more; what takes its time has a minute."""
    def look(api: Api, known: dict) -> bool:
        return wait_until(lambda: api.call("GET", path.format(**known)).status_code == 404, 60, f"{path} gone", 0.1)
    return look


def restored(api: Api, known: dict) -> bool:
    """The other disk holds what the backed up one does, once the restore is over."""
    for log in api.get("/operation-logs", params={"operation_type": "restore"})["operation_logs"]:
        assert api.wait_operation(log["id"])["status"] == "success"
    return sample_data.sha256(known["disk_file"]) == sample_data.sha256(known["other_file"])


def read_vault(api: Api, known: dict) -> dict:
    return api.get(f"/vaults/{known['vault']}")["vault"]


def tags(api: Api, known: dict) -> dict:
    return {one["key"]: one["value"] for one in api.get(f"/vault/{known['vault']}/tags")["tags"]}


def bound(api: Api, known: dict) -> list[str]:
    return [one["id"] for one in api.get("/policies", params={"vault_id": known["vault"]})["policies"]]


def as_it_was(api: Api, known: dict) -> bool:
    """What can't be ordered has changed nothing."""
    billing = read_vault(api, known)["billing"]
    return (billing["size"], billing["charging_mode"]) == (100, "post_paid")


#: In the order of a life: what is made first is used by what follows, and taken down at the end.
ROWS = [
    # Vaults and their resources.
    Row("create_vault", dict(body=vault()), dict(body=vault(name="a b")),
        keep={"vault": lambda a: a.vault.id}, holds=lambda a, k: a.vault.billing.size == 100),
    Row("show_vault", dict(vault_id="{vault}"), dict(vault_id=NOWHERE), (404, "6105"),
        holds=lambda a, k: a.vault.name == "swept"),
    Row("list_vault", dict(limit=10, id=["{vault}"]), dict(limit=0), holds=lambda a, k: a.count == 1),
    Row("update_vault", dict(vault_id="{vault}", body={"vault": {"name": "swept-2", "billing": {}}}),
        dict(vault_id="{vault}", body={"vault": {"threshold": 101}}), holds=lambda a, k: a.vault.name == "swept-2"),
    Row("add_vault_resource", dict(vault_id="{vault}", body={"resources": [{"id": "{disk}", "type": DISK}]}),
        dict(vault_id="{vault}", body={"resources": [{"id": NOWHERE, "type": DISK}]}), (404, "6302"),
        holds=lambda a, k: a.add_resource_ids == [k["disk"]]),
    Row("list_protectable", dict(protectable_type="disk"), dict(protectable_type="tape"),
        holds=lambda a, k: k["disk"] in [one.id for one in a.instances]),
    Row("show_protectable", dict(protectable_type="disk", instance_id="{disk}"),
        dict(protectable_type="disk", instance_id=NOWHERE), (404, "6302"),
        holds=lambda a, k: (a.instance.id, a.instance.type, a.instance.name) == (k["disk"], DISK, "disk")),
    Row("show_summary", {}, {}, (403, None), bad_elsewhere=True, holds=lambda a, k: a.size == 200),
    Row("batch_update_vault", dict(body={"vault": {"smn_notify": True, "threshold": 70}}),
        dict(body={"vault": {"smn_notify": True, "threshold": 0}}),
        holds=lambda a, k: k["vault"] in a.updated_vaults_id),
    Row("list_external_vault", dict(external_project_id="{far_project}", region_id="south-1", objcet_type="disk",
                                    protect_type="replication", limit=10),
        dict(external_project_id="{project}", region_id="south-1"), (400, "1011"),
        holds=lambda a, k: [one.id for one in a.vaults] == [k["far_vault"]] and a.count == 1),
    # Tags.
    Row("create_vault_tags", dict(vault_id="{vault}", body={"tag": {"key": "stage", "value": "test"}}),
        dict(vault_id="{vault}", body={"tag": {"key": "a=b", "value": ""}}),
        leaves=lambda api, k: tags(api, k) == {"stage": "test"}),
    Row("batch_create_and_delete_vault_tags",
        dict(vault_id="{vault}", body={"action": "create", "tags": [{"key": "team", "value": "red"}]}),
        dict(vault_id="{vault}", body={"action": "create", "tags": []}),
        leaves=lambda api, k: tags(api, k) == {"stage": "test", "team": "red"}),
    Row("show_vault_tag", dict(vault_id="{vault}"), dict(vault_id=NOWHERE), (404, "6105"),
        holds=lambda a, k: {one.key for one in a.tags} == {"stage", "team"}),
    Row("show_vault_project_tag", {}, {}, (403, None), bad_elsewhere=True,
        holds=lambda a, k: {one.key: one.values for one in a.tags} == {"stage": ["test"], "team": ["red"]}),
    Row("show_vault_resource_instances",
        dict(body={"action": "filter", "limit": "10", "offset": "0", "tags": [{"key": "team", "values": ["red"]}]}),
        dict(body={"action": "count", "limit": "10"}), holds=lambda a, k: a.total_count == 1),
    Row("delete_vault_tag", dict(vault_id="{vault}", key="team"), dict(vault_id="{vault}", key="a/b"), (404, "6601"),
        leaves=lambda api, k: tags(api, k) == {"stage": "test"}),
    # Policies.
    Row("create_policy", dict(body=policy()), dict(body=policy(operation_type="dance")),
        keep={"policy": lambda a: a.policy.id},
        holds=lambda a, k: a.policy.enabled and a.policy.operation_definition.max_backups == 5
        and a.policy.trigger.properties.pattern == [RULE]),
    Row("list_policies", dict(operation_type="backup"), dict(operation_type="backup"), (403, None), bad_elsewhere=True,
        holds=lambda a, k: k["policy"] in [one.id for one in a.policies]),
    Row("show_policy", dict(policy_id="{policy}"), dict(policy_id=NOWHERE), (404, "6000"),
        holds=lambda a, k: a.policy.trigger.properties.pattern == [RULE]),
    Row("update_policy", dict(policy_id="{policy}", body={"policy": {"name": "daily"}}),
        dict(policy_id="{policy}", body={"policy": {"name": "a b"}}), holds=lambda a, k: a.policy.name == "daily"),
    Row("associate_vault_policy", dict(vault_id="{vault}", body={"policy_id": "{policy}"}),
        dict(vault_id="{vault}", body={"policy_id": NOWHERE}), (404, "6000"),
        holds=lambda a, k: (a.associate_policy.vault_id, a.associate_policy.policy_id) == (k["vault"], k["policy"]),
        leaves=lambda api, k: bound(api, k) == [k["policy"]]),
    Row("disassociate_vault_policy", dict(vault_id="{vault}", body={"policy_id": "{policy}"}),
        dict(vault_id="{vault}", body={"policy_id": "{policy}"}), (404, "6002"),
        holds=lambda a, k: (a.dissociate_policy.vault_id, a.dissociate_policy.policy_id) == (k["vault"], k["policy"]),
        leaves=lambda api, k: bound(api, k) == []),
    Row("delete_policy", dict(policy_id="{policy}"), dict(policy_id=NOWHERE), (404, "6000"),
        leaves=gone("/policies/{policy}")),
    # Restore points, backups, restores.
    Row("create_checkpoint", dict(body={"checkpoint": {"vault_id": "{vault}", "parameters": {"name": "one"}}}),
        dict(body={"checkpoint": {"vault_id": NOWHERE}}), (404, "6105"), keep={"checkpoint": lambda a: a.checkpoint.id},
        holds=lambda a, k: a.checkpoint.vault.id == k["vault"] and a.checkpoint.status in ("protecting", "available")),
    Row("show_checkpoint", dict(checkpoint_id="{checkpoint}"), dict(checkpoint_id=NOWHERE), (404, "6217"),
        holds=lambda a, k: a.checkpoint.id == k["checkpoint"]
        and [one.id for one in a.checkpoint.vault.resources] == [k["disk"]]),
    Row("list_backups", dict(checkpoint_id="{checkpoint}"), dict(sort="taste"), waits="checkpoint",
        keep={"backup": lambda a: a.backups[0].id}, holds=lambda a, k: a.count == 1),
    Row("show_backup", dict(backup_id="{backup}"), dict(backup_id=NOWHERE), (404, "6200"),
        holds=lambda a, k: a.backup.status == "available"),
    Row("show_metadata", dict(backup_id="{backup}"), dict(backup_id=NOWHERE), (404, "6200"),
        holds=lambda a, k: a.backup_id == k["backup"] and a.server == "{}"),
    Row("update_backup", dict(backup_id="{backup}", body={"backup": {"name": "renamed"}}),
        dict(backup_id="{backup}", body={"backup": {"name": "a b"}}), holds=lambda a, k: a.backup.name == "renamed"),
    Row("restore_backup", dict(backup_id="{backup}", body={"restore": {"volume_id": "{other}"}}),
        dict(backup_id="{backup}", body={"restore": {"volume_id": NOWHERE}}), (404, "6302"), leaves=restored),
    Row("list_op_logs", dict(operation_type="backup", vault_id="{vault}"), dict(limit=1001),
        keep={"log": lambda a: a.operation_logs[0].id}, holds=lambda a, k: a.count == 1),
    Row("show_op_log", dict(operation_log_id="{log}"), dict(operation_log_id=NOWHERE), (404, "6500"),
        holds=lambda a, k: (a.operation_log.id, a.operation_log.operation_type, a.operation_log.vault_id) == (
            k["log"], "backup", k["vault"])),
    Row("show_storage_usage", dict(resource_id="{disk}"), dict(resource_type="OS::No::Such"), (400, "6116"),
        holds=lambda a, k: a.resource_count == 1 and a.storage_usage[0].backup_count == 1),
    Row("update_expiration_time", dict(vault_id="{vault}", body={
        "expect_expiration_date": "2099-01-01", "time_zone": "UTC+08:00"}),
        dict(vault_id="{vault}", body={"expect_expiration_date": "2099-02-30", "time_zone": "UTC+08:00"}),
        holds=lambda a, k: a.affected_backups_count == 1 and a.new_expiration_day == "2099-01-01"),
    # Agents.
    Row("register_agent", dict(body={"agent": {"agent_id": AGENT, "host_ip": "192.0.2.1", "host_name": "web-1",
                                               "host_os": "Debian 12", "agent_version": "1.0.0"}}),
        dict(body={"agent": {"agent_id": "me", "host_ip": "::1", "host_name": "h", "host_os": "o"}}), (400, "7403"),
        holds=lambda a, k: a.agent.status == "online"),
    Row("list_agent", dict(limit="10", agent_id=[AGENT]), dict(limit="many"), holds=lambda a, k: a.count == 1),
    Row("add_agent_path", dict(agent_id=AGENT, body={"add_path": ["/srv", "/etc"]}),
        dict(agent_id=AGENT, body={"add_path": ["srv"]}), holds=lambda a, k: a.added == ["/srv", "/etc"]),
    Row("remove_agent_path", dict(agent_id=AGENT, body={"remove_path": ["/etc", "/no"]}),
        dict(agent_id=NOWHERE, body={"remove_path": ["/etc"]}), (404, "7410"),
        holds=lambda a, k: a.removed == ["/etc"] and a.not_existed == ["/no"]),
    Row("show_agent", dict(agent_id=AGENT), dict(agent_id=NOWHERE), (404, "7410"),
        holds=lambda a, k: [one.dir_path for one in a.agent.paths] == ["/srv"]),
    Row("check_agent", dict(body={"agent_status": [{"resource_id": "{disk}", "resource_type": DISK}]}),
        dict(body={"agent_status": [{"resource_id": "x", "resource_type": "Nothing"}]}), (400, "6116"),
        holds=lambda a, k: a.agent_status[0].installed is False),
    Row("update_agent", dict(agent_id=AGENT, body={"agent": {"status": "uninstall"}}),
        dict(agent_id=AGENT, body={"agent": {"status": "online"}}), holds=lambda a, k: a.agent.status == "uninstalled"),
    Row("unregister_agent", dict(agent_id=AGENT), dict(agent_id=NOWHERE), (404, "7410"),
        leaves=gone("/agents/" + AGENT)),
    # Sharing with a second project. Replication to a second server; imports.
    Row("add_member", dict(backup_id="{backup}", body={"members": ["{project_2}"]}),
        dict(backup_id="{backup}", body={"members": ["{project_2}"]}), (400, "6703"),
        holds=lambda a, k: [(one.dest_project_id, one.status) for one in a.members] == [(k["project_2"], "pending")]),
    Row("show_members_detail", dict(backup_id="{backup}", status="pending"), dict(backup_id=NOWHERE), (404, "6200"),
        holds=lambda a, k: a.count == 1 and a.members[0].backup_id == k["backup"]),
    Row("update_member_status", dict(backup_id="{backup}", member_id="{project_2}", body={
        "status": "accepted", "vault_id": "{member_vault}"}),
        dict(backup_id="{backup}", member_id="{project_2}", body={"status": "accepted"}), as_member=True,
        holds=lambda a, k: (a.member.status, a.member.vault_id) == ("accepted", k["member_vault"])),
    Row("show_member_detail", dict(backup_id="{backup}", member_id="{project_2}"),
        dict(backup_id="{backup}", member_id=NOWHERE), (404, "6705"),
        holds=lambda a, k: a.member.status == "accepted"),
    Row("delete_member", dict(backup_id="{backup}", member_id="{project_2}"),
        dict(backup_id="{backup}", member_id="{project_2}"), (404, "6705"),
        leaves=lambda api, k: api.get(f"/backups/{k['backup']}/members")["members"] == []),
    Row("show_replication_capabilities", {}, {}, (403, None), bad_elsewhere=True,
        holds=lambda a, k: a.regions[0].replication_destinations == ["south-1"]),
    Row("copy_backup", dict(backup_id="{backup}", body={"replicate": FAR}),
        dict(backup_id="{backup}", body={"replicate": FAR | {"destination_region": "elsewhere"}}), (400, "1005"),
        holds=lambda a, k: a.replication.backup_id == k["backup"], waits="operations"),
    Row("copy_checkpoint", dict(body={"replicate": FAR | {"vault_id": "{vault_2}"}}),
        dict(body={"replicate": FAR | {"vault_id": "{vault_2}", "destination_vault_id": NOWHERE}}), (400, "6120"),
        holds=lambda a, k: [one.backup_id for one in a.replication.backups] == [k["lonely"]]),
    Row("import_backup", dict(body={"sync": [{
        "backup_id": NOWHERE, "backup_name": "b", "bucket_name": "b", "image_path": "nowhere", "resource_id": "r",
        "resource_name": "n", "resource_type": DISK, "created_at": 0}]}), dict(body={"sync": []}), (400, "9900"),
        holds=lambda a, k: a.sync[0].backup_id == NOWHERE and len(a.sync[0].operation_log_id) == 36),
    Row("import_checkpoint", dict(body={"sync": {"vault_id": "{vault}", "auto_trigger": False}}),
        dict(body={"sync": {"vault_id": NOWHERE, "auto_trigger": False}}), (404, "6105"), waits="operations",
        holds=lambda a, k: a.sync.vault_id == k["vault"] and len(a.sync.operation_log_id) == 36),
    # The house itself.
    Row("list_features", dict(limit=10), dict(offset=1001), holds=lambda a, k: len(a.body) == 10 and a.body["agents"] is True),
    Row("show_feature", dict(feature_key="vault.locked"), dict(feature_key="no such thing"),
        holds=lambda a, k: a.body == {"vault.locked": True}),
    Row("list_projects", {}, never_bad="it takes nothing, and everybody has projects", holds=lambda a, k: k["project"] in [one.id for one in a.projects]),
    Row("list_domain_projects", dict(domain_name="{domain_name}"), dict(domain_name="nobody"), (404, None),
        holds=lambda a, k: k["project"] in [one.project_id for one in a.projects]),
    Row("show_domain", dict(source_project_id="{project}"), dict(source_project_id=NOWHERE), (404, None),
        holds=lambda a, k: a.domain_name == k["domain_name"]),
    Row("show_migrate_status", {}, never_bad="its one parameter is free text", holds=lambda a, k: a.status == "success"),
    Row("migrate_domain", dict(body={"all_regions": False, "reservation": 0.2}),
        dict(body={"all_regions": False, "reservation": 2}), holds=lambda a, k: "nothing" in str(a)),
    Row("change_order", dict(body={"resource_id": "{vault}", "product_info": {
        "product_id": "p", "resource_size": 200, "resource_spec_code": "vault.backup.volume.normal"}}),
        dict(body={"resource_id": "{vault}"}), declined=(400, "9900"), leaves=as_it_was),
    Row("update_order", dict(order_id="1", body={"resourceId": "{vault}", "productInfo": {
        "productId": "p", "resourceSize": 200, "resourceSpecCode": "vault.backup.volume.normal"}}),
        dict(order_id="1", body={"resourceId": "{vault}"}), declined=(400, "9900"), leaves=as_it_was),
    Row("change_vault_charge_mode", dict(body={
        "vault_ids": ["{vault}"], "charging_mode": "pre_paid", "period_type": "month", "period_num": 1}),
        dict(body={"vault_ids": []}), declined=(400, "9900"), leaves=as_it_was),
    Row("create_post_paid_vault", dict(body=vault(name="ordered")), dict(body={"vault": {}}),
        holds=lambda a, k: a.ret_code == 0 and a.orders[0].resource_id),
    Row("create_organization_policy", dict(body=organization()), dict(body={"policy": {}}),
        keep={"organization": lambda a: a.policy.id}, holds=lambda a, k: a.policy.domain_id == k["domain"]),
    Row("list_organization_policies", dict(operation_type="backup"), dict(operation_type="tape"),
        holds=lambda a, k: [one.id for one in a.policies] == [k["organization"]]),
    Row("show_organization_policy", dict(organization_policy_id="{organization}"),
        dict(organization_policy_id=NOWHERE), (404, "6000"), holds=lambda a, k: a.policy.policy_name == "swept"),
    Row("update_organization_policy", dict(
        organization_policy_id="{organization}", body={"policy": {"policy_enabled": False}}),
        dict(organization_policy_id="{organization}", body={"policy": {"effective_scope": "nowhere"}}),
        holds=lambda a, k: a.policy.policy_enabled is False),
    Row("list_organization_policy_detail", dict(organization_policy_id="{organization}"),
        dict(organization_policy_id=NOWHERE), (404, "6000"),
        holds=lambda a, k: {k["project"], k["project_2"]} <= {one.project_id for one in a.policies}
        and all(one.status == "success" for one in a.policies)),
    Row("delete_organization_policy", dict(organization_policy_id="{organization}"),
        dict(organization_policy_id=NOWHERE), (404, "6000"), leaves=gone("/organization-policies/{organization}")),
    # And down again.
    Row("set_vault_resource", dict(vault_id="{vault}", body={"action": "suspend", "resource_ids": ["{disk}"]}),
        dict(vault_id="{vault}", body={"action": "stop", "resource_ids": ["{disk}"]}),
        leaves=lambda api, k: [one["auto_protect"] for one in read_vault(api, k)["resources"]
                               if one["id"] == k["disk"]] == [False]),
    Row("migrate_vault_resource", dict(vault_id="{vault_2}", body={
        "destination_vault_id": "{vault}", "resource_ids": ["{third}"]}),
        dict(vault_id="{vault}", body={"destination_vault_id": "{vault_2}", "resource_ids": []}),
        waits="operations", holds=lambda a, k: a.migrated_resources == [k["third"]]),
    Row("remove_vault_resource", dict(vault_id="{vault}", body={"resource_ids": ["{disk}"]}),
        dict(vault_id="{vault}", body={"resource_ids": [NOWHERE]}), (400, "6135"), waits="operations",
        leaves=lambda api, k: wait_until(
            lambda: [one["id"] for one in read_vault(api, k)["resources"]] == [k["third"]], 60, "disk out", 0.1)),
    Row("delete_backup", dict(backup_id="{lonely}"), dict(backup_id=NOWHERE), (404, "6200"),
        leaves=gone("/backups/{lonely}")),
    Row("delete_vault", dict(vault_id="{vault}"), dict(vault_id=NOWHERE), (404, "6105"), waits="operations",
        leaves=gone("/vaults/{vault}")),
]

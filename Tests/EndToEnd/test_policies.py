"""Policies with the official SDK and the command line, and one that really runs."""

from huaweicloudsdkcbr.v1 import (
    AssociateVaultPolicyRequest, CreatePolicyRequest, DeletePolicyRequest, DisassociateVaultPolicyRequest, ListPoliciesRequest,
    ListVaultRequest, PolicyCreate, PolicyCreateReq, PolicyTriggerPropertiesReq, PolicyTriggerPropertiesUpdateReq,
    PolicyTriggerReq, PolicyTriggerUpdateReq, PolicyUpdate, PolicyUpdateReq, PolicyoODCreate, ShowPolicyRequest,
    UpdatePolicyRequest, VaultAssociate, VaultDissociate)

from holdfast_process import Api, CommandLine, wait_until
from test_sdk_story import client_by_endpoint


def test_the_sdk_makes_binds_changes_and_removes_policies(server, api, tree):
    client = client_by_endpoint(server)
    resource = api.register("OS::Sfs::Turbo", "share", tree)
    vault = api.create_vault("vault", "turbo", [{"id": resource, "type": "OS::Sfs::Turbo"}])["id"]
    pattern = ["FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=14,20;BYMINUTE=00"]
    made = client.create_policy(CreatePolicyRequest(body=PolicyCreateReq(policy=PolicyCreate(
        name="weekly", operation_type="backup", operation_definition=PolicyoODCreate(retention_duration_days=20),
        trigger=PolicyTriggerReq(properties=PolicyTriggerPropertiesReq(pattern=pattern)))))).policy
    assert made.trigger.properties.pattern == pattern and made.operation_definition.retention_duration_days == 20
    client.associate_vault_policy(AssociateVaultPolicyRequest(vault_id=vault, body=VaultAssociate(policy_id=made.id)))
    assert [one.id for one in client.list_policies(ListPoliciesRequest(vault_id=vault)).policies] == [made.id]
    assert [one.id for one in client.list_vault(ListVaultRequest(policy_id=made.id)).vaults] == [vault]
    new = ["FREQ=DAILY;INTERVAL=5;BYHOUR=06;BYMINUTE=30"]
    client.update_policy(UpdatePolicyRequest(policy_id=made.id, body=PolicyUpdateReq(policy=PolicyUpdate(
        name="daily", operation_definition=PolicyoODCreate(max_backups=5),
        trigger=PolicyTriggerUpdateReq(properties=PolicyTriggerPropertiesUpdateReq(pattern=new))))))
    shown = client.show_policy(ShowPolicyRequest(policy_id=made.id)).policy
    assert (shown.name, shown.trigger.properties.pattern, shown.operation_definition.max_backups) == ("daily", new, 5)
    assert shown.associated_vaults[0].vault_id == vault and shown.enabled
    client.disassociate_vault_policy(
        DisassociateVaultPolicyRequest(vault_id=vault, body=VaultDissociate(policy_id=made.id)))
    client.delete_policy(DeletePolicyRequest(policy_id=made.id))
    assert client.list_policies(ListPoliciesRequest()).policies == []


def test_a_policy_runs_by_itself_and_its_preview_says_what_goes(make_server, tree):
    server = make_server(environment={"HOLDFAST_POLICIES_MINUTES_BETWEEN_RUNS": "1"}).start()
    api, cli = Api(server), CommandLine(server)
    resource = api.register("OS::Sfs::Turbo", "share", tree)
    vault = api.create_vault("vault", "turbo", [{"id": resource, "type": "OS::Sfs::Turbo"}])["id"]
    cli.run("policy", "create", "--name", "often", "--pattern", "FREQ=MINUTELY;INTERVAL=1", "--keep-last", "2")
    cli.run("policy", "associate", "often", "--vault", "vault")
    manual = api.create_checkpoint(vault)["id"]
    api.wait_checkpoint(manual)
    # The next minute comes within one; the rest is the backup.
    wait_until(
        lambda: [one for one in api.backups() if one["status"] == "available" and one["extend_info"]["auto_trigger"]], 120,
        "a backup by the policy")
    preview = cli.json("policy", "preview", "often")["preview"]
    assert len(preview["next_runs"]) == 5
    (found,) = preview["vaults"]
    assert found["keep"] == len(found["backups"]) >= 1 and found["backups"][0]["reasons"] == ["number 1 of the newest"]
    stricter = cli.json("policy", "preview", "often", "--keep-days", "1")["preview"]["vaults"][0]
    assert stricter["vault_id"] == vault
    assert "stays" in cli.run("policy", "preview", "often").stdout
    assert manual not in [one["backup_id"] for one in found["backups"]], "manual backups are no policy's"
    cli.run("policy", "dissociate", "often", "--vault", "vault")
    cli.run("policy", "delete", "often")
    assert cli.json("policy", "list")["policies"] == []


def test_the_command_line_changes_policies(make_server):
    cli = CommandLine(make_server(environment={"HOLDFAST_POLICIES_TIME_ZONES": "true"}).start())
    pattern = "FREQ=DAILY;INTERVAL=1;BYHOUR=2;BYMINUTE=30"
    cli.run("policy", "create", "--name", "p", "--pattern", pattern, "--pattern-zone", "Europe/Berlin", "--window", "60",
            "--keep-last", "3", "--full-every", "7", "--disabled")

    def policy() -> dict:
        (found,) = cli.json("policy", "list")["policies"]
        return found

    assert not policy()["enabled"] and policy()["operation_type"] == "backup"
    cli.run("policy", "update", "p", "--name", "q", "--enable", "--no-window")
    found = policy()
    assert found["enabled"] and found["name"] == "q"
    properties = found["trigger"]["properties"]
    assert properties["pattern"] == [pattern] and properties.get("start_window_minutes") is None
    assert properties["holdfast_time_zone"] == "Europe/Berlin"
    assert found["operation_definition"] == {"max_backups": 3, "full_backup_interval": 7}
    cli.run("policy", "update", "q", "--keep-days", "30", "--no-pattern-zone")
    found = policy()
    assert found["operation_definition"] == {"retention_duration_days": 30, "full_backup_interval": 7}
    assert found["trigger"]["properties"].get("holdfast_time_zone") is None
    cli.run("policy", "update", "q", "--keep-all", "--full-every", "-1", "--disable", "--pattern",
            "FREQ=WEEKLY;BYDAY=MO;BYHOUR=10;BYMINUTE=00", "--pattern", "FREQ=WEEKLY;BYDAY=WE;BYHOUR=10;BYMINUTE=30")
    found = policy()
    assert found["operation_definition"] == {"full_backup_interval": -1} and not found["enabled"]
    assert len(found["trigger"]["properties"]["pattern"]) == 2
    cli.run("policy", "update", "q", expect=2)
    cli.run("policy", "update", "q", "--enable", "--disable", expect=2)
    cli.run("policy", "create", "--name", "r", "--pattern", pattern, "--destination-region", "x", expect=2)

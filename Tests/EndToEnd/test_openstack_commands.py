"""Every `openstack cbr` command and every call of the SDK's cbr proxy that stories leave out; a table is printed."""

import inspect

from openstack import exceptions
from otcextensions.sdk.cbr.v3 import _proxy
import pytest

from projects import Neighbour
from test_openstack_story import OpenStack, connection, vault_attributes, wait_checkpoint

DISK = "OS::Cinder::Volume"
RULE = "FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=14;BYMINUTE=00"


def show(capsys, title, rows):
    with capsys.disabled():
        print(f"\n{title}: {len(rows)}")
        for name, result in rows:
            print(f"  {name:<44}{result}")


def test_every_command_is_answered(server, api, image, capsys):
    cli = OpenStack(server)
    disk = api.register(DISK, "disk", image)
    rows = []

    def run(*words, expect=0, broken=False):
        """`broken`: the client itself fails, whatever the server answers."""
        name = " ".join(words[:3])
        if broken:
            rows.append((name, "the client's own fault"))
            return cli.run(*words, expect=1)
        rows.append((name, "refused, as it has to be" if expect else "ok"))
        return cli.run(*words, expect=expect)

    def json(*words):
        rows.append((" ".join(words[:3]), "ok"))
        return cli.json(*words)

    vault = json("cbr", "vault", "create", "v", "--consistent-level", "crash_consistent", "--object-type", "disk",
                 "--size", "100")["id"]
    policy = json("cbr", "policy", "create", "weekly", "--operation-type", "backup", "--pattern", RULE,
                  "--max-backups", "5")["id"]
    assert [one["id"] for one in json("cbr", "policy", "list")] == [policy]
    # The client hands a name on as it is, so an id it has to be.
    run("cbr", "vault", "bind", "v", policy)
    assert [one["id"] for one in api.get("/policies", params={"vault_id": vault})["policies"]] == [policy]
    run("cbr", "vault", "unbind", "v", policy)
    assert api.get("/policies", params={"vault_id": vault})["policies"] == []
    run("cbr", "policy", "show", "weekly", broken=True)
    run("cbr", "vault", "associate", "v", "--resource", f"id={disk},type={DISK}")
    assert [one["id"] for one in api.get(f"/vaults/{vault}")["vault"]["resources"]] == [disk]
    point = json("cbr", "checkpoint", "create", "--vault-id", vault, "--backup-name", "by-hand")["id"]
    api.wait_checkpoint(point)
    assert json("cbr", "checkpoint", "show", point)["status"] == "available"
    backup = json("cbr", "backup", "list")[0]["id"]
    run("cbr", "backup", "restore", backup, "--volume-id", disk)
    tasks = json("cbr", "task", "list")
    for task in tasks:
        api.wait_operation(task["id"])
        assert json("cbr", "task", "show", task["id"])["id"] == task["id"]
    run("cbr", "vault", "dissociate", "v", "--resource", disk)
    run("cbr", "vault", "show", "nobody", expect=1)
    run("cbr", "backup", "show", "nobody", expect=1)
    run("cbr", "checkpoint", "show", "nobody", expect=1)
    show(capsys, "openstack cbr commands", rows)


def test_every_call_of_the_proxy_is_answered(server, api, image, capsys):
    neighbour = Neighbour(server)
    cbr = connection(server).cbr
    disk = api.register(DISK, "disk", image)
    rows = []

    class Counted:
        def __init__(self, proxy):
            self.proxy = proxy

        def __getattr__(self, name):
            def call(*arguments, **named):
                rows.append((name, "ok"))
                answer = getattr(self.proxy, name)(*arguments, **named)
                return list(answer) if inspect.isgenerator(answer) else answer
            return call

        def refuses(self, name, error, /, *arguments, **named):
            rows.append((name, f"refused: {error.__name__}"))
            with pytest.raises(error):
                answer = getattr(self.proxy, name)(*arguments, **named)
                if inspect.isgenerator(answer):
                    list(answer)

    one, other = Counted(cbr), Counted(connection(neighbour).cbr)
    vault = one.create_vault(**vault_attributes("v", "disk"))
    assert one.update_vault(vault, name="w").name == "w"
    assert one.get_vault(vault.id).name == "w" and one.find_vault("w").id == vault.id
    assert [found.id for found in one.vaults()] == [vault.id]
    policy = one.create_policy(name="p", operation_type="backup", operation_definition={"max_backups": 5},
                               trigger={"properties": {"pattern": [RULE]}})
    assert one.get_policy(policy.id).name == "p" and one.find_policy("p").id == policy.id
    one.update_policy(policy, name="q")
    assert [found.name for found in one.policies()] == ["q"]
    one.bind_policy(vault.id, policy.id)
    one.unbind_policy(vault.id, policy.id)
    one.delete_policy(policy.id)
    one.refuses("get_policy", exceptions.NotFoundException, policy.id)
    one.associate_resources(vault, [dict(id=disk, type=DISK)])
    point = one.create_checkpoint(vault_id=vault.id, parameters=dict(name="n"))
    wait_checkpoint(cbr, point)
    assert one.wait_for_checkpoint(one.get_checkpoint(point.id)).status == "available"
    backup = one.backups(vault_id=vault.id)[0]
    assert one.get_backup(backup.id).id == one.find_backup("n").id == backup.id
    one.restore_data(backup.id, volume_id=disk)
    for task in one.tasks():
        api.wait_operation(task.id)
        assert one.get_task(task.id).id == task.id
    project = neighbour.credentials["project_id"]
    assert [(found.dest_project_id, found.status) for found in one.add_members(backup, [project])] == [
        (project, "pending")]
    assert [found.id for found in other.backups(own_type="shared", limit=1)] == [backup.id], "paging ends"
    received = other.create_vault(**vault_attributes("received", "disk"))
    assert other.update_member(backup.id, project, "accepted", received.id).vault_id == received.id
    assert one.get_member(backup, project).status == "accepted"
    assert [found.vault_id for found in one.members(backup, limit=1)] == [received.id]
    one.refuses("update_member", exceptions.BadRequestException, backup.id, project, "rejected")
    one.delete_member(backup, project)
    one.refuses("delete_member", exceptions.NotFoundException, backup, project, ignore_missing=False)
    other.refuses("get_backup", exceptions.NotFoundException, backup.id)
    other.refuses("members", exceptions.NotFoundException, backup.id)
    one.refuses("get_backup", exceptions.NotFoundException, "nobody")
    one.refuses("get_checkpoint", exceptions.NotFoundException, "nobody")
    one.refuses("create_vault", exceptions.BadRequestException, name="a b", billing={})
    one.delete_backup(backup.id)
    one.dissociate_resources(vault, [disk])
    for log in api.get("/operation-logs")["operation_logs"]:
        api.wait_operation(log["id"])
    one.delete_vault(vault.id)
    show(capsys, "calls of the openstacksdk proxy", rows)
    known = {name for name, member in inspect.getmembers(_proxy.Proxy, inspect.isfunction)
             if member.__module__ == _proxy.__name__ and not name.startswith("_")}
    assert known <= {name for name, _ in rows}, "each call of the proxy is made"

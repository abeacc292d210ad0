"""Vaults of each kind as the Terraform provider makes, changes, reads and destroys them."""

import pytest

from golang_client import GolangClient
from holdfast_process import Api, wait_until
from peers import pair, replica_vault
from terraform_data import POLICIES, vault
from terraform_steps import add, agrees, assert_imported, destroy_vault, inside, make_vault, read_vault, remove, update
import sample_data

SERVER, TURBO = "OS::Nova::Server", "OS::Sfs::Turbo"


@pytest.fixture
def trees(api, workplace):
    """Registers directories as resources of a kind, and gives their ids."""
    def make(kind: str, count: int) -> list[str]:
        return [api.register(kind, f"tree-{n}", sample_data.make_tree(workplace / "srv" / f"tree-{n}", files=3, seed=n))
                for n in range(count)]
    return make


def tags(client, identifier) -> dict:
    return {tag["key"]: tag["value"] for tag in read_vault(client, identifier)["tags"]}


def tag(client, identifier, action: str, pairs: dict) -> None:
    client.call("POST", f"/vault/{identifier}/tags/action", {
        "action": action, "tags": [{"key": key, "value": value} for key, value in pairs.items()]}, only={200, 204})


def test_a_server_vault_lives(client):
    """Without servers, which can't be backed up yet: the rest of its life."""
    sent = vault("tf-server", "server", 200, backup_name_prefix="test-prefix-", is_multi_az=True)
    made = make_vault(client, sent)
    tag(client, made, "create", {"foo": "bar", "key": "value"})
    assert agrees(sent["vault"], read_vault(client, made)) and tags(client, made) == {"foo": "bar", "key": "value"}

    shown = update(client, made, name="tf-server-2", billing={"size": 300, "consistent_level": "app_consistent"})
    assert (shown["name"], shown["billing"]["size"], shown["billing"]["consistent_level"]) == (
        "tf-server-2", 300, "app_consistent")
    tag(client, made, "delete", {"foo": "bar", "key": "value"})
    tag(client, made, "create", {"foo1": "bar", "key": "value_update"})
    assert tags(client, made) == {"foo1": "bar", "key": "value_update"}
    assert_imported(client, made)
    destroy_vault(client, made)


def test_what_is_left_out_of_a_resource_changes(client, trees):
    """The provider adds a resource again to change what is left out of it, and with an empty list to take that back."""
    one, two = trees(TURBO, 2)
    volumes = [f"00000000-0000-4000-8000-00000000000{n}" for n in range(3)]

    def excluded() -> dict:
        return {found["id"]: found["extra_info"]["exclude_volumes"] for found in read_vault(client, made)["resources"]}

    made = make_vault(client, vault("tf-left-out", "turbo", 800))
    for wanted in ({one: volumes[:2]}, {one: volumes[1:2], two: volumes[2:]}, {one: [], two: volumes}, {one: [], two: []}):
        add(client, made, [
            {"id": name, "type": TURBO, "extra_info": {"exclude_volumes": left}} for name, left in wanted.items()])
        assert excluded() == wanted
    destroy_vault(client, made)


def test_a_turbo_vault_lives(client, trees):
    first, second, third, fourth = trees(TURBO, 4)
    made = make_vault(client, vault("tf-turbo", "turbo", 800), [first, second], TURBO)
    assert set(inside(client, made)) == {first, second}
    assert update(client, made, name="tf-turbo-2", billing={"size": 1000})["billing"]["size"] == 1000
    remove(client, made, [first, second])
    add(client, made, [{"id": one, "type": TURBO} for one in (third, fourth)])
    assert set(inside(client, made)) == {third, fourth}
    refused = client.send("POST", f"/vaults/{made}/addresources", {"resources": [{"id": first, "type": SERVER}]})
    assert refused.status_code == 400, "another kind of resource has no place in it"
    destroy_vault(client, made)


@pytest.mark.parametrize("object_type", ["server", "turbo", "disk"])
def test_a_replication_vault_lives(client, object_type):
    """It takes replicas alone: resources are refused, and it is renamed, grown and destroyed like any other."""
    sent = vault("tf-replicas", object_type, 200)
    sent["vault"]["billing"]["protect_type"] = "replication"
    made = make_vault(client, sent)
    assert agrees(sent["vault"], read_vault(client, made))
    shown = update(client, made, name="tf-replicas-2", billing={"size": 300})
    assert (shown["name"], shown["billing"]["size"], shown["billing"]["protect_type"]) == (
        "tf-replicas-2", 300, "replication")
    assert_imported(client, made)
    destroy_vault(client, made)


@pytest.mark.parametrize("object_type", ["workspace", "vmware", "file"])
def test_a_vault_of_another_kind_lives(client, object_type):
    sent = vault("tf-other", object_type, 100)
    made = make_vault(client, sent)
    assert agrees(sent["vault"], read_vault(client, made))
    shown = update(client, made, name="tf-other-2", billing={"size": 200})
    assert (shown["name"], shown["billing"]["size"], shown["resources"]) == ("tf-other-2", 200, [])
    destroy_vault(client, made)


def test_a_vault_binds_by_rules_that_change_and_end(client):
    rules = {"tags": [{"key": "foo", "value": "bar"}, {"key": "key", "value": "value"}]}
    sent = vault("tf-bind", "server", 800)
    sent["vault"] |= {"auto_bind": True, "bind_rules": rules}
    made = make_vault(client, sent)
    assert agrees(sent["vault"], read_vault(client, made))
    changed = {"tags": [{"key": "foo", "value": "bar_update"}]}
    assert update(client, made, bind_rules=changed)["bind_rules"] == changed
    shown = update(client, made, auto_bind=False, bind_rules={"tags": []})
    assert shown["auto_bind"] is False and shown["bind_rules"].get("tags", []) == []
    destroy_vault(client, made)


def test_a_vault_changes_its_two_policies(make_server, workplace):
    """One that backs up and one that replicates to a vault of another region; both are exchanged, then taken away."""
    south = make_server("south", "--region", "south-1").start()
    north = make_server("north", "--region", "north-1").start()
    far = Api(south)
    pair(north, south, workplace)
    client = GolangClient(north)
    targets = [replica_vault(far, "server") for _ in range(2)]
    made = make_vault(client, vault("tf-policies", "server", 200))
    path = f"/vaults/{made}"

    def policy(name: str, kind: str) -> str:
        body = POLICIES["kept for ever"][0] | {"name": name, "operation_type": kind}
        if kind == "replication":
            body |= {"operation_definition": {
                "destination_region": "south-1", "destination_project_id": far.project, "max_backups": 20,
                "enable_acceleration": False}}
        return client.call("POST", "/policies", {"policy": body}, only={200})["policy"]["id"]

    def bound() -> dict:
        return {one["id"]: one["associated_vaults"][0].get("destination_vault_id") or None
                for one in client.call("GET", "/policies", query={"vault_id": made})["policies"]}

    pairs = [(policy(f"tf-backup-{n}", "backup"), policy(f"tf-far-{n}", "replication")) for n in range(2)]
    for (backs_up, replicates), target in zip(pairs, targets):
        for old in bound():
            client.call("POST", path + "/dissociatepolicy", {"policy_id": old})
        client.call("POST", path + "/associatepolicy", {"policy_id": backs_up})
        client.call("POST", path + "/associatepolicy", {"policy_id": replicates, "destination_vault_id": target})
        assert bound() == {backs_up: None, replicates: target}
    for old in bound():
        client.call("POST", path + "/dissociatepolicy", {"policy_id": old})
    assert bound() == {}
    destroy_vault(client, made)
    for both in pairs:
        for one in both:
            client.call("DELETE", f"/policies/{one}")


def test_a_replication_policy_lives(make_server, workplace):
    south = make_server("south", "--region", "south-1").start()
    north = make_server("north", "--region", "north-1").start()
    pair(north, south, workplace)
    client, project = GolangClient(north), Api(south).project
    body = {"name": "tf-far", "operation_type": "replication", "enabled": True,
            "operation_definition": {"destination_region": "south-1", "destination_project_id": project,
                                     "retention_duration_days": 20, "enable_acceleration": False},
            "trigger": {"properties": {"pattern": ["FREQ=DAILY;INTERVAL=5;BYHOUR=06;BYMINUTE=00"]}}}
    path = "/policies/" + client.call("POST", "/policies", {"policy": body}, only={200})["policy"]["id"]
    assert agrees(body, client.call("GET", path)["policy"])
    change = {"name": "tf-far-2", "enabled": False, "operation_definition": {
        "destination_region": "south-1", "destination_project_id": project, "max_backups": 5},
        "trigger": {"properties": {"pattern": ["FREQ=WEEKLY;BYDAY=SA,SU;BYHOUR=08;BYMINUTE=00"]}}}
    client.call("PUT", path, {"policy": change}, only={200})
    assert agrees(change, client.call("GET", path)["policy"])
    client.call("DELETE", path)
    wait_until(lambda: client.status(path) == 404, 30, "policy gone", 0.1)

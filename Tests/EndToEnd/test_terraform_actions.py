"""What the Terraform provider does once and does not keep: renaming, moving, suspending, copying, asking."""

import pytest

from golang_client import GolangClient
from holdfast_process import Api, wait_until
from peers import pair, replica_vault
from terraform_data import vault
from terraform_steps import destroy_vault, finish, inside, make_point, make_vault, read_vault
import sample_data

DISK, TURBO = "OS::Cinder::Volume", "OS::Sfs::Turbo"
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def disks(api, workplace) -> list[str]:
    return [api.register(DISK, f"disk-{n}", sample_data.make_image(workplace / "srv" / f"{n}.raw", 1 << 20, seed=n))
            for n in range(2)]


def test_a_checkpoint_of_two_goes_with_its_backups(client, disks):
    made = make_vault(client, vault("tf-two", "disk", 100), disks, DISK)
    point = make_point(client, made, name="tf-two")
    assert [one["protect_status"] for one in point["vault"]["resources"]] == ["available", "available"]
    assert point["extra_info"]["description"] == "Created by terraform"
    backups = client.pages("/backups", "backups", {"checkpoint_id": point["id"]})
    assert {one["resource_id"] for one in backups} == set(disks)
    assert {one["status"] for one in backups} == {"available"}
    for one in backups:
        client.call("DELETE", f"/backups/{one['id']}")
    wait_until(lambda: client.status(f"/checkpoints/{point['id']}") == 404, 60, "checkpoint gone", 0.1)
    destroy_vault(client, made)


def test_a_tree_is_restored_by_its_own_name(client, api, tree):
    """Restore of a file system in place: what was changed since is as it was."""
    resource = api.register(TURBO, "tree", tree)
    made = make_vault(client, vault("tf-tree", "turbo", 100), [resource], TURBO)
    point = make_point(client, made)
    backup, = client.pages("/backups", "backups", {"checkpoint_id": point["id"]})
    before = sample_data.describe(tree)
    victim = next(path for path in sorted(tree.rglob("*")) if path.is_file() and not path.is_symlink())
    victim.write_bytes(b"changed")
    finish(client, client.call("POST", f"/backups/{backup['id']}/restore", {"restore": {"resource_id": resource}})["job_id"])
    assert sample_data.describe(tree) == before


def test_a_backup_is_renamed_and_moves_with_its_resource(client, disks):
    first = make_vault(client, vault("tf-from", "disk", 100), disks, DISK)
    second = make_vault(client, vault("tf-to", "disk", 100))
    point = make_point(client, first)
    backup = next(one for one in client.pages("/backups", "backups", {"checkpoint_id": point["id"]})
                  if one["resource_id"] == disks[0])["id"]
    client.call("PUT", f"/backups/{backup}", {"backup": {"name": "tf-renamed"}})
    assert client.call("GET", f"/backups/{backup}")["backup"]["name"] == "tf-renamed"

    moved = client.call("POST", f"/vaults/{first}/migrateresources", {
        "destination_vault_id": second, "resource_ids": [disks[0]]})["migrated_resources"]
    assert moved == [disks[0]]
    assert (inside(client, first), inside(client, second)) == ([disks[1]], [disks[0]])
    assert client.call("GET", f"/backups/{backup}")["backup"]["vault_id"] == second


def test_resources_are_suspended_and_vaults_told_to_notify(client, disks):
    made = make_vault(client, vault("tf-suspended", "disk", 100), disks, DISK)
    for action, kept in (("suspend", False), ("unsuspend", True)):
        client.call("PUT", f"/vaults/{made}/set-resources", {"action": action, "resource_ids": [disks[0]]})
        backed = {one["id"]: one["auto_protect"] for one in read_vault(client, made)["resources"]}
        assert backed[disks[0]] is kept and backed[disks[1]] is True
    changed = client.call("PUT", "/vaults/batch-update", {"vault": {"smn_notify": False, "threshold": 90}})
    assert made in changed["updated_vaults_id"]
    shown = read_vault(client, made)
    assert (shown["smn_notify"], shown["threshold"]) == (False, 90)


def test_copies_to_another_region_are_made_one_by_one_and_all_together(make_server, workplace):
    south = make_server("south", "--region", "south-1").start()
    north = make_server("north", "--region", "north-1").start()
    pair(north, south, workplace)
    client, far = GolangClient(north), Api(south)
    source = Api(north).register(
        DISK, "disk", sample_data.make_image(workplace / "srv" / "far.raw", 1 << 20, seed=9))
    made = make_vault(client, vault("tf-source", "disk", 100), [source], DISK)
    where = {"destination_project_id": far.project, "destination_region": "south-1",
             "destination_vault_id": replica_vault(far, "disk"), "enable_acceleration": False}

    def arrived() -> int:
        return len(far.get("/backups", params={"image_type": "replication", "status": "available"})["backups"])

    point = make_point(client, made)
    backup, = client.pages("/backups", "backups", {"checkpoint_id": point["id"]})
    copied = client.call("POST", f"/backups/{backup['id']}/replicate", {"replicate": where | {"name": "tf-copy"}})
    assert copied["replication"]["backup_id"] == backup["id"]
    wait_until(lambda: arrived() == 1, 60, "first copy", 0.1)
    make_point(client, made)
    copied = client.call("POST", "/checkpoints/replicate", {
        "replicate": where | {"vault_id": made, "auto_trigger": False}})["replication"]
    assert len(copied["backups"]) == 1, "the first is there already"
    wait_until(lambda: arrived() == 2, 60, "second copy", 0.1)


def test_a_search_for_what_is_nowhere_fails_by_its_log(client):
    made = make_vault(client, vault("tf-search", "disk", 100))
    begun = client.call("POST", "/backups/sync", {"sync": [{
        "backup_id": NOWHERE, "backup_name": "none", "bucket_name": "none", "image_path": "none",
        "resource_id": NOWHERE, "resource_name": "none", "resource_type": DISK, "created_at": 1700000000}]})
    log = begun["sync"][0]["operation_log_id"]

    def ended():
        found = client.call("GET", f"/operation-logs/{log}")["operation_log"]
        return found if found["status"] not in ("waiting", "running") else None
    found = wait_until(ended, 60, "search ended", 0.1)
    assert found["status"] == "failed" and found["error_info"]["message"]
    whole = client.call("POST", "/checkpoints/sync", {"sync": {"vault_id": made, "auto_trigger": False}})
    assert finish(client, whole["sync"]["operation_log_id"])["status"] == "success"
    refused = client.send("POST", "/checkpoints/sync", {"sync": {"vault_id": NOWHERE, "auto_trigger": False}})
    assert refused.status_code == 404 and NOWHERE in refused.json()["error_msg"]


def test_data_sources_return_matches_alone(client, api, disks, tree):
    """Each filter with a value that fits and one that fits nothing."""
    resource = api.register(TURBO, "tree", tree)
    disk_vault = make_vault(client, vault("tf-disk", "disk", 100), disks, DISK)
    tree_vault = make_vault(client, vault("tf-tree", "turbo", 200), [resource], TURBO)
    client.call("POST", f"/vault/{disk_vault}/tags/action", {
        "action": "create", "tags": [{"key": "team", "value": "red"}]}, only={200, 204})
    policy = client.call("POST", "/policies", {"policy": {
        "name": "tf-bound", "operation_type": "backup", "operation_definition": {"max_backups": 5},
        "trigger": {"properties": {"pattern": ["FREQ=DAILY;INTERVAL=1;BYHOUR=02;BYMINUTE=30"]}}}}, only={200})["policy"]["id"]
    client.call("POST", f"/vaults/{tree_vault}/associatepolicy", {"policy_id": policy})
    point = make_point(client, tree_vault, name="tf-point")
    backup, = client.pages("/backups", "backups", {"checkpoint_id": point["id"]})

    def ids(path: str, key: str, /, **query) -> list[str]:
        return [one["id"] for one in client.call("GET", path, query=query)[key]]

    for query, expected in (
            ({"id": disk_vault}, [disk_vault]), ({"name": "tf-tree"}, [tree_vault]), ({"object_type": "turbo"}, [tree_vault]),
            ({"policy_id": policy}, [tree_vault]), ({"resource_ids": disks[0]}, [disk_vault]),
            ({"protect_type": "replication"}, []), ({"status": "frozen"}, []), ({"policy_id": NOWHERE}, [])):
        assert ids("/vaults", "vaults", **query) == expected, query
    for query, expected in (
            ({"id": backup["id"]}, 1), ({"name": backup["name"]}, 1), ({"resource_type": TURBO}, 1), ({"status": "available"}, 1),
            ({"vault_id": tree_vault}, 1), ({"resource_id": resource}, 1), ({"resource_name": "tree"}, 1),
            ({"image_type": "backup"}, 1), ({"checkpoint_id": point["id"]}, 1), ({"own_type": "private"}, 1),
            ({"vault_id": disk_vault}, 0), ({"resource_type": DISK}, 0), ({"status": "error"}, 0), ({"name": "none"}, 0),
            ({"image_type": "replication"}, 0), ({"own_type": "shared"}, 0)):
        assert ids("/backups", "backups", **query) == [backup["id"]] * expected, query
    for query, expected in (
            ({"operation_type": "backup"}, 1), ({"status": "success"}, 1), ({"vault_id": tree_vault}, 1),
            ({"resource_id": resource}, 1), ({"vault_name": "tf-tree"}, 1), ({"resource_name": "tree"}, 1),
            ({"operation_type": "restore"}, 0), ({"status": "failed"}, 0), ({"vault_id": disk_vault}, 0),
            ({"provider_id": NOWHERE}, 0), ({"start_time": "2099-01-01T00:00:00Z"}, 0)):
        assert len(ids("/operation-logs", "operation_logs", **query)) == expected, query
    assert ids("/policies", "policies", operation_type="backup") == [policy]
    assert ids("/policies", "policies", vault_id=disk_vault) == []
    for kind, expected in (("disk", set(disks)), ("turbo", {resource})):
        assert set(ids(f"/protectables/{kind}/instances", "instances")) == expected
        assert ids(f"/protectables/{kind}/instances", "instances", name="none") == []

    def tagged(**body) -> list[str]:
        found = client.call("POST", "/vault/resource_instances/action", {"action": "filter", "limit": "100", **body})
        return [one["resource_id"] for one in found["resources"]]
    assert tagged(tags=[{"key": "team", "values": ["red"]}]) == [disk_vault]
    assert tagged(tags_any=[{"key": "team", "values": ["red", "blue"]}]) == [disk_vault]
    assert tagged(not_tags=[{"key": "team", "values": ["red"]}]) == [tree_vault]
    assert tagged(tags=[{"key": "team", "values": ["blue"]}]) == []
    assert client.call("POST", "/vault/resource_instances/action", {
        "action": "count", "tags": [{"key": "team", "values": ["red"]}]})["total_count"] == 1
    assert client.call("GET", "/vault/tags")["tags"] == [{"key": "team", "values": ["red"]}]
    assert client.call("GET", "/vaults/summary")["size"] == 300
    usage = client.call("GET", "/storage_usage", query={"resource_id": resource})["storage_usage"]
    assert [one["backup_count"] for one in usage] == [1]
    assert client.call("GET", f"/backups/{backup['id']}/metadata")["backup_id"] == backup["id"]
    assert client.call("GET", "/replication-capabilities")["regions"]
    assert client.call("GET", "/cbr-features/vault.locked"), "a feature by its name"

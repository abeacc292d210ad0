"""What the Terraform provider does over HTTP, replayed by a client that signs as its SDK does."""

import pytest

from golang_client import GolangClient
from holdfast_process import wait_until
from projects import Neighbour
from terraform_data import POLICIES, vault
from terraform_steps import agrees, assert_imported, destroy_vault, inside, read_vault, remove
import sample_data

DISK = "OS::Cinder::Volume"


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_lives(name, client):
    create, update = POLICIES[name]
    made = client.call("POST", "/policies", {"policy": create}, only={200})["policy"]
    path = f"/policies/{made['id']}"
    for body in (create, update):
        if body is update:
            client.call("PUT", path, {"policy": update}, only={200})
        shown = client.call("GET", path)["policy"]
        assert agrees(body, shown), (body, shown)
        assert shown["trigger"]["properties"]["pattern"], "the provider looks at the first without asking"
        assert shown["operation_definition"] is not None
    client.call("PUT", path, {"policy": {"name": "tf-partial"}}, only={200})
    shown["name"] = "tf-partial"
    assert client.call("GET", path)["policy"] == shown, "what is not sent stays"
    client.call("PUT", path, {"policy": {}}, only={200})
    assert client.call("GET", path)["policy"] == shown, "nothing sent, nothing changed"
    assert [one for one in client.call("GET", "/policies")["policies"] if one["id"] == made["id"]] == [shown]
    client.call("DELETE", path)
    assert client.status(path) == 404


def test_a_disk_vault_lives(client, api, image, workplace):
    disks = [api.register(DISK, "disk-0", image)] + [
        api.register(DISK, f"disk-{n}", sample_data.make_image(workplace / "srv" / "images" / f"{n}.raw", 1 << 20, seed=n))
        for n in (1, 2)]
    rule = client.call("POST", "/policies", {"policy": POLICIES["kept for ever"][0]}, only={200})["policy"]["id"]
    sent = vault("tf-disks", "disk", 50, backup_name_prefix="tf-", enterprise_project_id="0", is_multi_az=True)
    made = client.call("POST", "/vaults", sent)["vault"]["id"]
    path = f"/vaults/{made}"
    client.call("POST", path + "/associatepolicy", {"policy_id": rule})
    client.call("POST", f"/vault/{made}/tags/action", {
        "action": "create", "tags": [{"key": "foo", "value": "bar"}, {"key": "key", "value": "value"}]}, only={200, 204})
    client.call("POST", path + "/addresources", {"resources": [{"id": one, "type": DISK} for one in disks[:2]]})
    shown = read_vault(client, made)
    assert {one["id"] for one in shown["resources"]} == set(disks[:2])
    assert {(tag["key"], tag["value"]) for tag in shown["tags"]} == {("foo", "bar"), ("key", "value")}
    assert shown["billing"]["is_multi_az"] is True and shown["backup_name_prefix"] == "tf-"
    assert [one["id"] for one in client.call("GET", "/policies", query={"vault_id": made})["policies"]] == [rule]

    client.call("PUT", path, {"vault": {
        "name": "tf-disks-2", "auto_expand": True, "billing": {"size": 100, "consistent_level": "crash_consistent"},
        "bind_rules": {"tags": []}}})
    client.call("POST", path + "/removeresources", {"resource_ids": [disks[0]]})
    wait_until(lambda: disks[0] not in [one["id"] for one in read_vault(client, made)["resources"]], 30, "resource out")
    client.call("POST", path + "/addresources", {"resources": [{"id": disks[2], "type": DISK}]})
    client.call("POST", path + "/dissociatepolicy", {"policy_id": rule})
    client.call("POST", f"/vault/{made}/tags/action", {"action": "delete", "tags": [{"key": "foo", "value": "bar"}]},
                only={200, 204})
    shown = read_vault(client, made)
    assert (shown["name"], shown["billing"]["size"], shown["auto_expand"]) == ("tf-disks-2", 100, True)
    assert {one["id"] for one in shown["resources"]} == {disks[1], disks[2]}
    assert [tag["key"] for tag in shown["tags"]] == ["key"]
    assert client.call("GET", "/policies", query={"vault_id": made})["policies"] == []
    remove(client, made, [disks[2]])
    assert inside(client, made) == [disks[1]]
    assert_imported(client, made)

    # Adding a resource that is there already is how the provider changes what is left out of it.
    client.call("POST", path + "/addresources", {
        "resources": [{"id": disks[1], "type": DISK, "extra_info": {"exclude_volumes": []}}]})
    assert inside(client, made) == [disks[1]]
    destroy_vault(client, made)
    client.call("DELETE", f"/policies/{rule}")


def test_a_locked_vault_stays_locked(client):
    made = client.call("POST", "/vaults", vault("tf-locked", "disk", 10))["vault"]["id"]
    client.call("PUT", f"/vaults/{made}", {"vault": {"locked": True}})
    refused = client.send("PUT", f"/vaults/{made}", {"vault": {"locked": False}})
    assert refused.status_code == 400
    assert "vault not support to modify locked attribute from true to false." in refused.json()["error_msg"]
    assert read_vault(client, made)["locked"] is True


def test_a_checkpoint_lives_and_is_restored(client, api, image, workplace):
    disk = api.register(DISK, "disk", image)
    other = api.register(DISK, "other", sample_data.make_image(workplace / "srv" / "images" / "other.raw", 64 << 20, seed=8))
    made = client.call("POST", "/vaults", vault("tf-points", "disk", 100))["vault"]["id"]
    client.call("POST", f"/vaults/{made}/addresources", {"resources": [{"id": disk, "type": DISK}]})
    point = client.call("POST", "/checkpoints", {"checkpoint": {"vault_id": made, "parameters": {
        "auto_trigger": False, "description": "Created by terraform", "incremental": True, "name": "tf-point",
        "resources": [disk]}}})["checkpoint"]["id"]

    def ready():
        found = client.call("GET", f"/checkpoints/{point}")["checkpoint"]
        assert found["status"] in ("protecting", "available"), found["status"]
        return found if found["status"] == "available" else None
    shown = wait_until(ready, 60, "checkpoint available", 0.1)
    assert [one["protect_status"] for one in shown["vault"]["resources"]] == ["available"]
    for one in shown["vault"]["resources"]:
        for text in ("resource_size", "backup_size", "backup_count", "extra_info"):
            assert isinstance(one[text], str), f"{text} has to be a string for the Go SDK"
    backups = client.pages("/backups", "backups", {"checkpoint_id": point, "incremental": "true"})
    assert len(backups) == 1 and isinstance(backups[0]["resource_size"], int)
    backup = backups[0]["id"]

    job = client.call("POST", f"/backups/{backup}/restore", {"restore": {"volume_id": other}})["job_id"]
    wait_until(lambda: client.call("GET", f"/operation-logs/{job}")["operation_log"]["status"] == "success", 60,
               "restored", 0.1)
    assert sample_data.sha256(image) == sample_data.sha256(workplace / "srv" / "images" / "other.raw")

    client.call("DELETE", f"/backups/{backup}")
    wait_until(lambda: client.status(f"/checkpoints/{point}") == 404, 60, "checkpoint gone with its backups", 0.1)
    destroy_vault(client, made)


def test_a_share_lives_on_both_sides(server, client, api, image):
    """The share's resource in one project, with a list of members that changes; the accepter's in the others."""
    one, two = Neighbour(server, "one"), Neighbour(server, "two")
    disk = api.register(DISK, "disk", image)
    made = client.call("POST", "/vaults", vault("tf-shared", "disk", 100))["vault"]["id"]
    client.call("POST", f"/vaults/{made}/addresources", {"resources": [{"id": disk, "type": DISK}]})
    point = client.call("POST", "/checkpoints", {"checkpoint": {"vault_id": made, "parameters": {
        "auto_trigger": False, "incremental": True, "name": "tf-shared"}}})["checkpoint"]["id"]
    assert api.wait_checkpoint(point)["status"] == "available"
    backup = client.pages("/backups", "backups", {"checkpoint_id": point})[0]["id"]
    path = f"/backups/{backup}/members"
    projects = [other.credentials["project_id"] for other in (one, two)]

    client.call("POST", path, {"members": projects})
    read = {member["dest_project_id"]: member for member in client.pages(path, "members", {"limit": 1})}
    assert set(read) == set(projects) and {member["status"] for member in read.values()} == {"pending"}
    for member in read.values():
        for text in ("id", "backup_id", "created_at", "updated_at"):
            assert isinstance(member[text], str), text
        assert member["vault_id"] is None and member["image_id"] is None

    accepter = GolangClient(one)
    own = accepter.call("POST", "/vaults", vault("tf-received", "disk", 10))["vault"]["id"]
    accepter.call("PUT", f"{path}/{accepter.project}", {"status": "accepted", "vault_id": own})
    found = accepter.pages(path, "members")
    assert [(member["status"], member["vault_id"]) for member in found] == [("accepted", own)]
    assert [listed["id"] for listed in accepter.pages("/backups", "backups", {"own_type": "shared"})] == [backup]

    # The list changes: what leaves it is deleted one by one, what comes is added.
    client.call("DELETE", f"{path}/{projects[1]}")
    assert [member["dest_project_id"] for member in client.pages(path, "members")] == [projects[0]]
    assert GolangClient(two).status(path) == 404
    client.call("POST", path, {"members": [projects[1]]})

    # The accepter rejects when it is destroyed, and accepts again when it is made anew.
    for status in ("rejected", "accepted", "rejected"):
        member = accepter.call("PUT", f"{path}/{accepter.project}", {"status": status, "vault_id": own})["member"]
        assert member["status"] == status
    for project in projects:
        client.call("DELETE", f"{path}/{project}")
    assert client.pages(path, "members") == [], "an empty list is what gone means"
    assert accepter.status(path) == 404


def test_an_organization_policy_lives(server, client):
    """Its resource reads the policy back after each step, and takes 404 for gone."""
    neighbour = Neighbour(server)
    body = {
        "name": "tf-organization", "description": "for everybody", "operation_type": "backup",
        "policy_name": "tf-nightly", "policy_enabled": True, "effective_scope": "",
        "policy_operation_definition": {"day_backups": 7, "max_backups": 20, "timezone": "UTC+08:00"},
        "policy_trigger": {"properties": {"pattern": ["FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=06;BYMINUTE=00"]}}}
    identifier = client.call("POST", "/organization-policies", {"policy": body})["policy"]["id"]
    path = f"/organization-policies/{identifier}"
    assert agrees(body, client.call("GET", path)["policy"])
    rollout = client.call("GET", f"{path}/policy-detail")["policies"]
    assert {one["project_id"]: one["status"] for one in rollout} == {
        client.project: "success", neighbour.credentials["project_id"]: "success"}

    change = {"name": "tf-organization-2", "policy_name": "tf-weekly", "policy_enabled": False,
              "policy_operation_definition": {"max_backups": 3},
              "policy_trigger": {"properties": {"pattern": ["FREQ=DAILY;INTERVAL=2;BYHOUR=06;BYMINUTE=00"]}}}
    client.call("PUT", path, {"policy": change})
    assert agrees(change, client.call("GET", path)["policy"])
    other = GolangClient(neighbour)
    copy, = other.call("GET", "/policies")["policies"]
    assert copy["policy_type"] == "organization_policy_v2" and copy["name"] == "tf-weekly" and not copy["enabled"]
    assert copy["operation_definition"]["max_backups"] == 3
    assert other.status(path) == 403, "another project does not manage it"

    client.call("DELETE", path)
    assert client.status(path) == 404
    assert other.call("GET", "/policies")["policies"] == []


def test_data_sources_filter_and_end(client, api):
    names = [f"tf-{n}" for n in range(3)]
    made = {name: client.call("POST", "/vaults", vault(name, "disk", 10))["vault"]["id"] for name in names}
    found = client.pages("/vaults", "vaults", {"limit": 2})
    assert {one["id"] for one in found} == set(made.values())
    assert [one["name"] for one in client.pages("/vaults", "vaults", {"name": "tf-1"})] == ["tf-1"]
    for query in ({"object_type": "server"}, {"name": "nobody"}, {"id": "nobody"}, {"status": "frozen"}, {"offset": 5}):
        assert client.call("GET", "/vaults", query=query)["vaults"] == [], query
    for path, name in (("/backups", "backups"), ("/operation-logs", "operation_logs"), ("/policies", "policies"),
                       ("/vault/tags", "tags")):
        assert client.call("GET", path)[name] == [], f"{path}: empty is an array"


def test_a_signature_that_does_not_fit_is_refused(client):
    client.secret = "x" * 40
    assert client.status("/vaults") == 401

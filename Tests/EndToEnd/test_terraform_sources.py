"""How the Terraform provider starts, what its remaining data sources read, and the calls that a house has no cashier for."""

import pytest

from golang_client import GolangClient
from holdfast_process import Api
from peers import pair, replica_vault
from projects import Neighbour
from terraform_data import vault
from terraform_steps import destroy_vault, make_point, make_vault, read_vault
import sample_data

DISK, TURBO, SERVER = "OS::Cinder::Volume", "OS::Sfs::Turbo", "OS::Nova::Server"
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def disks(api, workplace) -> list[str]:
    return [api.register(DISK, f"disk-{n}", sample_data.make_image(workplace / "srv" / f"{n}.raw", 1 << 20, seed=n))
            for n in range(2)]


def ids(client, path: str, key: str, /, **query) -> set[str]:
    return {one["id"] for one in client.call("GET", path, query=query)[key]}


def test_the_provider_finds_its_domain_and_its_project(server, client):
    """Before it knows a project it signs without one; then it asks for it by name."""
    known = server.credentials
    client.project = None
    versions = client.send("GET", "/")
    assert versions.status_code in (200, 300)
    v3, = [one for one in versions.json()["versions"]["values"] if one["id"].startswith("v3")]
    assert v3["links"][0]["href"].startswith(server.url)
    domain, = client.call("GET", "/v3/auth/domains")["domains"]
    assert (domain["id"], domain["name"]) == (known["domain_id"], known["domain_name"])
    project, = client.call("GET", "/v3/projects", query={"name": known["project_name"]})["projects"]
    assert (project["id"], project["domain_id"]) == (known["project_id"], domain["id"])
    assert client.call("GET", "/v3/projects", query={"name": "nobody"})["projects"] == []
    client.project = project["id"]
    assert client.call("GET", "/vaults")["vaults"] == []


def test_calls_in_a_language_are_signed_and_answered(client):
    """Some resources send it, and sign it."""
    language = {"X-Language": "en-us"}
    made = client.call("POST", "/vaults", vault("tf-language", "disk", 10), headers=language)["vault"]["id"]
    assert client.call("GET", f"/vaults/{made}", headers=language)["vault"]["name"] == "tf-language"
    client.call("PUT", "/vaults/batch-update", {"vault": {"smn_notify": True, "threshold": 70}}, headers=language)
    assert client.call("GET", "/cbr-features", headers=language)["vault.tags"] is True
    client.call("DELETE", f"/vaults/{made}", headers=language)


def test_vaults_are_found_by_what_they_are(client):
    sent = vault("tf-plain", "disk", 10)
    plain = make_vault(client, sent)
    sent = vault("tf-server", "server", 20, enterprise_project_id=NOWHERE)
    sent["vault"]["billing"]["consistent_level"] = "app_consistent"
    server_vault = make_vault(client, sent)
    both = {plain, server_vault}
    for query, expected in (
            ({"cloud_type": "public"}, both), ({"cloud_type": "hybrid"}, set()), ({"status": "available"}, both),
            ({"status": "error"}, set()), ({"enterprise_project_id": NOWHERE}, {server_vault}),
            ({"enterprise_project_id": "11111111-1111-4111-8111-111111111111"}, set()),
            ({"enterprise_project_id": "all_granted_eps"}, both), ({"protect_type": "backup"}, both),
            ({"id": [plain, server_vault]}, both), ({"id": [server_vault]}, {server_vault}),
            ({"name": "tf-plain", "status": "available", "object_type": "server"}, set())):
        assert ids(client, "/vaults", "vaults", **query) == expected, query
    # By their level the provider picks them out itself.
    levels = {one["id"]: one["billing"]["consistent_level"] for one in client.pages("/vaults", "vaults")}
    assert levels == {plain: "crash_consistent", server_vault: "app_consistent"}


def test_what_can_be_protected_is_found(client, api, disks):
    path = "/protectables/disk/instances"
    for query, expected in (
            ({"id": disks[0]}, {disks[0]}), ({"id": NOWHERE}, set()), ({"name": "disk-1"}, {disks[1]}),
            ({"name": "none"}, set()), ({"status": "available"}, set(disks)), ({"status": "error"}, set()),
            ({"server_id": NOWHERE}, set())):
        assert ids(client, path, "instances", **query) == expected, query
    shown = client.call("GET", f"{path}/{disks[0]}")["instance"]
    assert (shown["id"], shown["name"], shown["type"]) == (disks[0], "disk-0", DISK)
    paged = client.pages(path, "instances", {"limit": 1})
    assert [len(paged), {one["id"] for one in paged}] == [2, set(disks)]


def test_operation_logs_are_found_by_provider_and_time(client, api, disks, tree):
    resource = api.register(TURBO, "tree", tree)
    disk_vault = make_vault(client, vault("tf-disk", "disk", 100), disks[:1], DISK)
    tree_vault = make_vault(client, vault("tf-tree", "turbo", 100), [resource], TURBO)
    make_point(client, disk_vault)
    make_point(client, tree_vault)
    logs = {one["vault_id"]: one for one in client.pages("/operation-logs", "operation_logs")}
    disk, turbo = logs[disk_vault], logs[tree_vault]
    assert disk["provider_id"] != turbo["provider_id"]
    long_ago, some_day = "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
    for query, expected in (
            ({"provider_id": disk["provider_id"]}, {disk["id"]}), ({"provider_id": turbo["provider_id"]}, {turbo["id"]}),
            ({"start_time": long_ago, "end_time": some_day}, {disk["id"], turbo["id"]}),
            ({"start_time": long_ago, "end_time": long_ago}, set()), ({"start_time": some_day, "end_time": some_day}, set()),
            ({"start_time": disk["started_at"], "provider_id": disk["provider_id"]}, {disk["id"]}),
            ({"start_time": long_ago, "vault_name": "tf-tree", "operation_type": "backup", "status": "success"}, {turbo["id"]}),
            ({"start_time": long_ago, "vault_name": "tf-tree", "operation_type": "restore"}, set())):
        assert ids(client, "/operation-logs", "operation_logs", **query) == expected, query


def test_vaults_are_found_by_their_tags(client):
    made = {}
    for name, tags in (("tf-red", {"team": "red", "stage": "test"}), ("tf-blue", {"team": "blue"}), ("tf-none", {})):
        made[name] = make_vault(client, vault(name, "disk", 10))
        if tags:
            client.call("POST", f"/vault/{made[name]}/tags/action", {
                "action": "create", "tags": [{"key": key, "value": value} for key, value in tags.items()]}, only={200, 204})

    def wanted(**pairs):
        return [{"key": key, "values": values} for key, values in pairs.items()]

    red, blue, none = made.values()
    for body, expected in (
            ({"tags": wanted(team=["red", "blue"])}, {red, blue}), ({"tags": wanted(team=["red"], stage=["test"])}, {red}),
            ({"tags": wanted(team=["blue"], stage=["test"])}, set()),
            ({"tags_any": wanted(team=["blue"], stage=["test"])}, {red, blue}), ({"tags_any": wanted(team=["green"])}, set()),
            ({"not_tags": wanted(team=["red"], stage=["test"])}, {blue, none}),
            ({"not_tags": wanted(team=["red"], stage=["other"])}, {red, blue, none}),
            ({"not_tags_any": wanted(team=["red"], stage=["other"])}, {blue, none}),
            ({"not_tags_any": wanted(team=["red", "blue"])}, {none}),
            ({"tags": wanted(team=["red", "blue"]), "not_tags_any": wanted(stage=["test"])}, {blue}),
            ({"without_any_tag": True}, {none}), ({"matches": [{"key": "resource_name", "value": "tf-blue"}]}, {blue}),
            ({"matches": [{"key": "resource_name", "value": "nobody"}]}, set()),
            ({"object_type": "disk"}, {red, blue, none}), ({"object_type": "server"}, set()), ({"cloud_type": "hybrid"}, set())):
        found = client.call("POST", "/vault/resource_instances/action", {
            "action": "filter", "limit": "100", "offset": "0", **body})
        assert {one["resource_id"] for one in found["resources"]} == expected and found["total_count"] == len(expected), body
        counted = client.call("POST", "/vault/resource_instances/action", {"action": "count", **body})
        assert counted["total_count"] == len(expected), body
    assert client.call("GET", "/vault/tags")["tags"] == [
        {"key": "stage", "values": ["test"]}, {"key": "team", "values": ["blue", "red"]}]


def test_what_the_house_has_is_read(server, client, disks):
    """Region projects, features, migrations, agents."""
    neighbour = Neighbour(server)
    assert client.project in {one["id"] for one in client.call("GET", "/v3/region-projects")["projects"]}
    own = {one["id"] for one in GolangClient(neighbour).call("GET", "/v3/region-projects")["projects"]}
    assert neighbour.credentials["project_id"] in own and client.project not in own
    features = client.call("GET", "/cbr-features")
    assert features["vault.locked"] is True and features["orders"] is False
    assert all(isinstance(value, (bool, int, str)) for value in features.values())
    some = client.call("GET", "/cbr-features", query={"limit": 2, "offset": 1})
    assert list(some) == sorted(features)[1:3]
    for name in some:
        assert client.call("GET", f"/cbr-features/{name}") == {name: features[name]}
    assert client.send("GET", "/cbr-features/nothing").status_code == 400
    status = client.call("GET", "/v3/migrates")
    assert (status["status"], status["project_status"]) == ("success", [])
    assert client.call("GET", "/v3/migrates", query={"all_regions": "true"})["status"] == "success"
    checked = client.call("POST", "/agent/check", {"agent_status": [
        {"resource_id": disks[0], "resource_type": DISK, "resource_name": "disk-0"},
        {"resource_id": NOWHERE, "resource_type": SERVER}]})["agent_status"]
    assert [(one["resource_id"], one["installed"]) for one in checked] == [(disks[0], False), (NOWHERE, False)]
    assert all(one["code"] and one["message"] for one in checked)


def test_vaults_of_another_region_are_read(make_server, workplace):
    south = make_server("south", "--region", "south-1").start()
    north = make_server("north", "--region", "north-1").start()
    pair(north, south, workplace)
    client, far = GolangClient(north), Api(south)
    target = replica_vault(far, "disk")
    far.create_vault("backups", "disk")
    where = {"external_project_id": far.project, "region_id": "south-1"}
    for query, expected in (
            ({"protect_type": "replication"}, {target}), ({"protect_type": "replication", "objcet_type": "disk"}, {target}),
            ({"protect_type": "replication", "objcet_type": "server"}, set()), ({"vault_id": target}, {target}),
            ({"vault_id": NOWHERE}, set())):
        assert ids(client, "/vaults/external", "vaults", **where, **query) == expected, query
    assert client.call("GET", "/vaults/external", query=where | {"region_id": "nowhere"})["vaults"] == []
    capable, = client.call("GET", "/replication-capabilities")["regions"]
    assert (capable["name"], capable["replication_destinations"]) == ("north-1", ["south-1"])


def test_what_needs_a_cashier_is_refused_and_changes_nothing(client):
    """Orders, subscriptions and moves from older services: an error that says why, and never half a change."""
    moved = client.call("POST", "/v3/migrates", {"all_regions": False, "reservation": 0.2})
    assert moved["status"] == "success"
    made = make_vault(client, vault("tf-ordered", "disk", 50))
    before = read_vault(client, made)
    prepaid = vault("tf-prepaid", "disk", 50)
    prepaid["vault"]["billing"] |= {
        "charging_mode": "pre_paid", "period_type": "month", "period_num": 1, "is_auto_renew": True, "is_auto_pay": True}
    for path, body, told in (
            ("/orders/change", {"resource_id": made, "product_info": {
                "product_id": "p", "resource_size": 200, "resource_size_measure_id": 17,
                "resource_spec_code": "vault.backup.volume.normal"}}, "no orders here"),
            ("/vaults/change-charge-mode", {
                "vault_ids": [made], "charging_mode": "pre_paid", "period_type": "month", "period_num": 1,
                "is_auto_renew": False, "is_auto_pay": True}, "post_paid"),
            ("/vaults/order", prepaid, "no orders"), ("/vaults", prepaid, "no orders")):
        refused = client.send("POST", path, body)
        assert refused.status_code == 400 and told in refused.json()["error_msg"], refused.text
    assert read_vault(client, made) == before
    assert [one["id"] for one in client.call("GET", "/vaults")["vaults"]] == [made]
    destroy_vault(client, made)

"""Steps of the Terraform provider that several of its resources take."""

import copy

import requests

from holdfast_process import wait_until
from terraform_data import BILLING_FIELDS, VAULT_FIELDS


def read_vault(client, identifier) -> dict:
    found = client.call("GET", f"/vaults/{identifier}")["vault"]
    missing = [name for name in VAULT_FIELDS if name not in found] + [
        name for name in BILLING_FIELDS if name not in found["billing"]]
    assert not missing, missing
    for number in ("allocated", "used", "size"):
        assert isinstance(found["billing"][number], (int, float)), number
    assert isinstance(found["bind_rules"], dict) and isinstance(found["resources"], list)
    assert found["billing"]["status"] in ("available", "deleting")
    return found


def destroy_vault(client, identifier):
    client.call("DELETE", f"/vaults/{identifier}")

    def gone():
        answer = client.send("GET", f"/vaults/{identifier}")
        if answer.status_code == 404:
            return True
        assert answer.status_code == 200 and answer.json()["vault"]["billing"]["status"] in ("available", "deleting")
        return False
    wait_until(gone, 60, "vault gone", 0.1)


def assert_imported(client, identifier) -> None:
    """An import reads by the id alone, and finds what the resource has."""
    other = copy.copy(client)
    other.session = requests.Session()
    other.session.headers.clear()
    assert read_vault(other, identifier) == read_vault(client, identifier)
    listed = [one for one in other.pages("/vaults", "vaults") if one["id"] == identifier]
    assert [(one["name"], one["billing"]["size"], one["resources"]) for one in listed] == [
        (one["name"], one["billing"]["size"], one["resources"]) for one in [read_vault(client, identifier)]]


def agrees(sent, found) -> bool:
    """Everything that was sent is there again, as it was sent."""
    if isinstance(sent, dict):
        return all(name in found and agrees(value, found[name]) for name, value in sent.items())
    return sent == found


def make_vault(client, sent: dict, resources=(), kind: str | None = None) -> str:
    """A vault the provider's way: empty at first, its resources added afterwards."""
    made = client.call("POST", "/vaults", sent)["vault"]["id"]
    if resources:
        add(client, made, [{"id": one, "type": kind} for one in resources])
    return made


def add(client, identifier: str, resources: list[dict]) -> None:
    client.call("POST", f"/vaults/{identifier}/addresources", {"resources": resources})


def remove(client, identifier: str, resources: list[str]) -> None:
    """The provider goes on once they are out."""
    client.call("POST", f"/vaults/{identifier}/removeresources", {"resource_ids": resources})
    wait_until(lambda: not set(resources) & set(inside(client, identifier)), 30, "resources out", 0.1)


def inside(client, identifier: str) -> list[str]:
    return [one["id"] for one in read_vault(client, identifier)["resources"]]


def update(client, identifier: str, **fields) -> dict:
    client.call("PUT", f"/vaults/{identifier}", {"vault": fields})
    return read_vault(client, identifier)


def make_point(client, identifier: str, **parameters) -> dict:
    """A checkpoint, once it is available."""
    point = client.call("POST", "/checkpoints", {"checkpoint": {"vault_id": identifier, "parameters": {
        "auto_trigger": False, "description": "Created by terraform", "incremental": False} | parameters}})
    path = f"/checkpoints/{point['checkpoint']['id']}"

    def ready():
        found = client.call("GET", path)["checkpoint"]
        assert found["status"] in ("protecting", "available"), found["status"]
        return found if found["status"] == "available" else None
    found = wait_until(ready, 60, "checkpoint available", 0.1)
    assert found["vault"]["resources"], "an empty list is an error"
    for one in found["vault"]["resources"]:
        for text in ("resource_size", "backup_size", "backup_count", "extra_info"):
            assert isinstance(one[text], (str, type(None))), f"{text} has to be a string for the Go SDK: {one[text]!r}"
    return found


def finish(client, job: str) -> dict:
    """The operation's log, once it is a success; anything else that ends it is an error."""
    def ended():
        log = client.call("GET", f"/operation-logs/{job}")["operation_log"]
        assert log["status"] in ("waiting", "running", "success"), log["error_info"]
        return log if log["status"] == "success" else None
    return wait_until(ended, 60, "operation succeeded", 0.1)

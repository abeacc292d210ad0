"""The whole story with tokens: openstacksdk with its CBR extension, keystoneauth, and the openstack command line."""

import json
import pathlib
import subprocess
import sys

import keystoneauth1.exceptions
from keystoneauth1 import session
from keystoneauth1.identity import generic, v3
import openstack
from openstack import exceptions
import otcextensions.sdk
import pytest

from holdfast_process import CommandLine, clean_environment, wait_until
import sample_data


def connection(server) -> openstack.connection.Connection:
    known = server.credentials
    made = openstack.connection.Connection(
        auth_type="password", region_name=known["region"], auth=dict(
            auth_url=server.url + "/v3", username=known["user_name"], password=known["password"],
            user_domain_name=known["domain_name"], project_name=known["project_name"],
            project_domain_name=known["domain_name"]))
    otcextensions.sdk.load(made)
    return made


class OpenStack:
    """The openstack command line, told where to go as its users do: by variables."""

    def __init__(self, server):
        known = server.credentials
        self.environment = clean_environment(
            OS_AUTH_URL=server.url + "/v3", OS_USERNAME=known["user_name"], OS_PASSWORD=known["password"],
            OS_USER_DOMAIN_NAME=known["domain_name"], OS_PROJECT_NAME=known["project_name"],
            OS_PROJECT_DOMAIN_NAME=known["domain_name"], OS_REGION_NAME=known["region"],
            OS_IDENTITY_API_VERSION="3")

    def done(self, *arguments) -> subprocess.CompletedProcess:
        program = pathlib.Path(sys.executable).parent / "openstack"
        return subprocess.run(
            [str(program), *arguments], capture_output=True, text=True, timeout=120, env=self.environment)

    def run(self, *arguments, expect: int = 0) -> str:
        done = self.done(*arguments)
        assert done.returncode == expect, (
            f"openstack {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def spelt(self, found):
        """Columns' names in one spelling: verbs differ in theirs."""
        if isinstance(found, list):
            return [self.spelt(one) for one in found]
        return {key.lower().replace(" ", "_"): value for key, value in found.items()}

    def json(self, *arguments):
        return self.spelt(json.loads(self.run(*arguments, "-f", "json")))


def vault_attributes(name, object_type):
    return dict(name=name, resources=[], billing=dict(
        consistent_level="crash_consistent", object_type=object_type, protect_type="backup", size=100,
        charging_mode="post_paid"))


def wait_checkpoint(cbr, checkpoint):
    def finished():
        found = cbr.get_checkpoint(checkpoint.id)
        return found if found.status != "protecting" else None
    return wait_until(finished, 60, "checkpoint finished", 0.1)


def test_the_sdk_backs_up_a_volume_and_gives_it_back(server, api, image, workplace):
    resource = api.register("OS::Cinder::Volume", "disk", image)
    cbr = connection(server).cbr
    vault = cbr.create_vault(**vault_attributes("volumes", "disk"))
    cbr.associate_resources(vault, [dict(id=resource, type="OS::Cinder::Volume")])
    vault = cbr.update_vault(vault.id, name="volumes-2")
    assert cbr.find_vault("volumes-2").id == vault.id
    assert cbr.find_vault("volumes") is None
    shown = cbr.get_vault(vault.id)
    assert shown.name == "volumes-2" and [one.id for one in shown.resources] == [resource]
    assert [one.id for one in cbr.vaults(limit=1)] == [vault.id], "paging ends"

    checkpoint = cbr.create_checkpoint(
        vault_id=vault.id, parameters=dict(name="before-upgrade", description="by the SDK: \u00e4\u6f22"))
    assert checkpoint.status == "protecting"
    assert wait_checkpoint(cbr, checkpoint).status == "available"
    backups = list(cbr.backups(vault_id=vault.id))
    assert [one.name for one in backups] == ["before-upgrade"]
    backup = cbr.find_backup("before-upgrade")
    assert (backup.status, backup.resource_id, backup.checkpoint_id) == ("available", resource, checkpoint.id)

    before = sample_data.sha256(image)
    sample_data.change_image(image, seed=7)
    other = sample_data.make_image(workplace / "srv" / "images" / "other.raw", 64 << 20, seed=8)
    target = api.register("OS::Cinder::Volume", "other", other)
    cbr.restore_data(backup.id, volume_id=target)
    wait_until(lambda: sample_data.sha256(other) == before, 60, "restored", 0.2)
    logs = api.get("/operation-logs", params={"operation_type": "restore"})["operation_logs"]
    api.wait_operation(logs[0]["id"])

    cbr.delete_backup(backup.id)
    wait_until(lambda: not list(cbr.backups(vault_id=vault.id)), 30, "backup gone")
    with pytest.raises(exceptions.NotFoundException):
        cbr.get_backup(backup.id)
    cbr.dissociate_resources(vault.id, [resource])
    wait_until(lambda: not cbr.get_vault(vault.id).resources, 30, "resource removed")
    cbr.delete_vault(vault.id)
    wait_until(lambda: not list(cbr.vaults()), 30, "vault gone")


def test_the_command_line_backs_up_a_tree_and_gives_it_back(server, api, tree):
    openstack_cli = OpenStack(server)
    assert openstack_cli.json("token", "issue")["project_id"] == server.credentials["project_id"]
    services = {one["type"] for one in openstack_cli.json("catalog", "list")}
    assert services == {"identity", "cbr"}
    assert openstack_cli.json("project", "show", server.credentials["project_id"])["name"] == "local-1"

    resource = api.register("OS::Sfs::Turbo", "share", tree)
    vault = openstack_cli.json(
        "cbr", "vault", "create", "shares", "--consistent-level", "crash_consistent", "--object-type", "turbo",
        "--size", "100", "--resource", f"id={resource},type=OS::Sfs::Turbo")
    assert [one["name"] for one in openstack_cli.json("cbr", "vault", "list")] == ["shares"]
    assert openstack_cli.json("cbr", "vault", "show", "shares")["id"] == vault["id"]
    openstack_cli.run("cbr", "vault", "update", "shares", "--name", "shares-2")

    made = openstack_cli.json("cbr", "checkpoint", "create", "--vault-id", vault["id"], "--backup-name", "by-hand")
    wait_until(
        lambda: openstack_cli.json("cbr", "checkpoint", "show", made["id"])["status"] == "available", 60,
        "checkpoint available")
    backups = openstack_cli.json("cbr", "backup", "list")
    assert [one["name"] for one in backups] == ["by-hand"]
    backup = backups[0]["id"]
    assert openstack_cli.json("cbr", "backup", "show", "by-hand")["id"] == backup

    was = sample_data.describe(tree)
    (tree / "mode").unlink()
    (tree / "new\nline").write_text("overwritten")
    answer = api.call("POST", f"/backups/{backup}/restore", {"restore": {"resource_id": resource}}, expect=202).json()
    api.wait_operation(answer["job_id"])
    now = sample_data.describe(tree)
    assert {path: now[path] for path in was if path in now and "content" in was[path]} == {
        path: one for path, one in was.items() if "content" in one}

    openstack_cli.run("cbr", "backup", "delete", backup)
    wait_until(lambda: not openstack_cli.json("cbr", "backup", "list"), 30, "backup gone")
    openstack_cli.run("cbr", "vault", "delete", "shares-2")
    wait_until(lambda: not openstack_cli.json("cbr", "vault", "list"), 30, "vault gone")
    openstack_cli.run("cbr", "vault", "show", "shares-2", expect=1)


@pytest.mark.parametrize("root", ["", "/", "/v3", "/v3/"])
def test_any_form_of_the_identity_address_is_found(server, root):
    known = server.credentials
    plugin = generic.Password(
        auth_url=server.url + root, username=known["user_name"], password=known["password"],
        user_domain_id=known["domain_id"], project_id=known["project_id"])
    one = session.Session(auth=plugin)
    assert one.get_project_id() == known["project_id"]
    endpoint = one.get_endpoint(service_type="cbr", region_name=known["region"], interface="public")
    assert endpoint == f"{server.url}/v3/{known['project_id']}"
    assert one.get("/vaults", endpoint_filter=dict(service_type="cbr")).json()["vaults"] == []
    with pytest.raises(keystoneauth1.exceptions.EndpointNotFound):
        one.get("/vaults", endpoint_filter=dict(service_type="cbr", region_name="elsewhere"))


def test_application_credentials_and_revocation(server):
    known = server.credentials
    made = connection(server)
    user = made.current_user_id
    credential = made.identity.create_application_credential(user=user, name="nightly")
    by_credential = session.Session(auth=v3.ApplicationCredential(
        auth_url=server.url + "/v3", application_credential_id=credential.id,
        application_credential_secret=credential.secret))
    assert by_credential.get_project_id() == known["project_id"]
    token = by_credential.get_token()
    assert by_credential.get(f"{server.url}/v3/{known['project_id']}/vaults").status_code == 200
    assert [one.name for one in made.identity.application_credentials(user=user)] == ["nightly"]

    made.identity.delete_application_credential(user, credential.id)
    by_token = session.Session(auth=v3.Token(auth_url=server.url + "/v3", token=token))
    with pytest.raises(keystoneauth1.exceptions.Unauthorized):
        by_token.get_token()
    with pytest.raises(keystoneauth1.exceptions.Unauthorized):
        session.Session(auth=v3.ApplicationCredential(
            auth_url=server.url + "/v3", application_credential_id=credential.id,
            application_credential_secret=credential.secret)).get_token()

    cli = OpenStack(server)
    issued = cli.json("token", "issue")["id"]
    cli.run("token", "revoke", "--", issued)
    with pytest.raises(keystoneauth1.exceptions.Unauthorized):
        session.Session(auth=v3.Token(auth_url=server.url + "/v3", token=issued)).get_token()


def test_a_wrong_password_is_refused(server):
    known = server.credentials
    for user, password in [(known["user_name"], "wrong"), ("nobody", known["password"])]:
        plugin = generic.Password(
            auth_url=server.url, username=user, password=password, user_domain_name=known["domain_name"],
            project_id=known["project_id"])
        with pytest.raises(keystoneauth1.exceptions.Unauthorized):
            session.Session(auth=plugin).get_token()


def test_roles_granted_beside_a_running_server(server):
    """The administrator's verbs work on the data directory; clients feel them at their next request."""
    known = server.credentials
    verbs = CommandLine(environment={"HOLDFAST_DATA": str(server.data)})
    made = verbs.json("identity", "user", "create", "bob", "--project", "local-1", "--role", "cbr_viewer")
    plugin = v3.Password(
        auth_url=server.url + "/v3", username="bob", password=made["password"],
        user_domain_name=known["domain_name"], project_id=known["project_id"])
    bob = session.Session(auth=plugin)
    vaults = f"{server.url}/v3/{known['project_id']}/vaults"
    body = {"vault": vault_attributes("bobs", "disk")}
    assert bob.get(vaults).status_code == 200
    assert bob.post(vaults, json=body, raise_exc=False).status_code == 403
    verbs.run("identity", "user", "grant", "bob", "--project", "local-1", "--role", "cbr_user")
    vault = bob.post(vaults, json=body).json()["vault"]["id"]
    assert bob.delete(f"{vaults}/{vault}", raise_exc=False).status_code == 403
    verbs.run("identity", "user", "disable", "bob")
    with pytest.raises(keystoneauth1.exceptions.Unauthorized):
        bob.get(vaults)
    assert made["password"] not in server.log_text()

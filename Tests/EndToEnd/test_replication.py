"""Two servers know each other as regions: what one backs up, the other gives back."""

import json
import pathlib
import random
import socket
import sqlite3
import ssl
import subprocess
import threading

import huaweicloudsdkcbr.v1 as sdk
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
import pytest
import yaml

from holdfast_process import Api, CommandLine, wait_until
from peers import pair as pair_servers, replica_vault
from test_sdk_story import client_by_endpoint
import sample_data

TREE, DISK = "OS::Sfs::Turbo", "OS::Cinder::Volume"


class Pair:
    """A server `north` that may send to a server `south`."""

    def __init__(self, make_server, workplace):
        self.workplace = workplace
        self.south = make_server("south", "--region", "south-1").start()
        self.north = make_server("north", "--region", "north-1").start()
        self.far = Api(self.south)
        self.configure()

    def configure(self, endpoint: str | None = None, **changes):
        pair_servers(self.north, self.south, self.workplace, endpoint=endpoint, **changes)
        self.near = Api(self.north)

    def far_vault(self, object_type: str, protect_type: str = "replication") -> str:
        return replica_vault(self.far, object_type, protect_type)

    def near_vault(self, kind: str, path: pathlib.Path) -> tuple[str, str]:
        resource = self.near.register(kind, path.name, path)
        object_type = {TREE: "turbo", DISK: "disk"}[kind]
        return self.near.create_vault("source", object_type, [{"id": resource, "type": kind}])["id"], resource

    def back_up(self, vault: str) -> str:
        found = self.near.wait_checkpoint(self.near.create_checkpoint(vault)["id"])
        assert found["status"] == "available"
        return self.near.backups(checkpoint_id=found["id"])[0]["id"]

    def where(self, vault: str) -> dict:
        return {"destination_project_id": self.far.project, "destination_region": "south-1",
                "destination_vault_id": vault}

    def copy(self, backup: str, vault: str) -> str:
        """The operation log of a replication that was begun."""
        self.near.call("POST", f"/backups/{backup}/replicate", {"replicate": self.where(vault)}, expect=200)
        return self.near.get("/operation-logs", params={"operation_type": "replication", "limit": 1}
                             )["operation_logs"][0]["id"]

    def record(self, backup: str) -> dict:
        return self.near.get(f"/backups/{backup}")["backup"]["replication_records"][-1]


@pytest.fixture
def pair(make_server, workplace) -> Pair:
    return Pair(make_server, workplace)


def restored(api, backup: str, target: pathlib.Path, **where):
    job = api.call("POST", f"/backups/{backup}/restore",
                   {"restore": where or {"details": {"destination_path": str(target)}}}, expect=202).json()["job_id"]
    log = api.wait_operation(job)
    assert log["status"] == "success", log["error_info"]


def refused(call) -> str:
    with pytest.raises(ServiceResponseException) as error:
        call()
    assert error.value.status_code == 400, error.value
    return error.value.error_code.removeprefix("BackupService.")


def test_a_tree_is_sent_and_given_back_by_the_other_region(pair, tree, workplace):
    client = client_by_endpoint(pair.north)
    capabilities = client.show_replication_capabilities(sdk.ShowReplicationCapabilitiesRequest()).regions
    assert [(one.name, one.replication_destinations) for one in capabilities] == [("north-1", ["south-1"])]
    target, (source, _) = pair.far_vault("turbo"), pair.near_vault(TREE, tree)
    listed = client.list_external_vault(sdk.ListExternalVaultRequest(
        external_project_id=pair.far.project, region_id="south-1", protect_type="replication", objcet_type="turbo"))
    assert [(one.id, one.billing.protect_type) for one in listed.vaults] == [(target, "replication")]

    backup = pair.back_up(source)
    answer = client.copy_backup(sdk.CopyBackupRequest(backup_id=backup, body=sdk.BackupReplicateReq(
        replicate=sdk.BackupReplicateReqBody(**pair.where(target), name="far-away")))).replication
    assert (answer.backup_id, answer.source_region, answer.destination_region) == (backup, "north-1", "south-1")
    log = pair.near.get("/operation-logs", params={"operation_type": "replication"})["operation_logs"][0]
    log = pair.near.wait_operation(log["id"])
    assert log["status"] == "success", log["error_info"]
    record = client.show_backup(sdk.ShowBackupRequest(backup_id=backup)).backup.replication_records[0]
    assert (record.id, record.status, record.destination_vault_id) == (answer.replication_record_id, "success", target)
    told = log["extra_info"]["replication"]
    assert told["destination_backup_id"] == record.destination_backup_id and told["source_backup_id"] == backup

    far = pair.far.get(f"/backups/{record.destination_backup_id}")["backup"]
    assert (far["image_type"], far["name"], far["vault_id"], far["status"]) == (
        "replication", "far-away", target, "available")
    assert pair.far.backups(image_type="replication")[0]["id"] == far["id"]
    assert pair.far.backups(image_type="backup") == []
    restored(pair.far, far["id"], workplace / "srv" / "back")
    sample_data.assert_same_tree(tree, workplace / "srv" / "back")
    answer = pair.far.call("POST", f"/backups/{far['id']}/restore", {"restore": {}})
    assert answer.status_code == 400 and "replica" in answer.json()["error_msg"], "its own place is elsewhere"

    # A second one: what is there already does not travel again, and the rest of the vault follows.
    ours = log["extra_info"]["holdfast"]
    first = ours["written_bytes"]
    assert ours["done_bytes"] == ours["total_bytes"] > 0 and len(ours["restore_point"]) == 64
    (tree / "new").write_bytes(random.Random(5).randbytes(300_000))
    second = pair.back_up(source)
    sent = client.copy_checkpoint(sdk.CopyCheckpointRequest(body=sdk.CheckpointReplicateReq(
        replicate=sdk.CheckpointReplicateParam(vault_id=source, **pair.where(target))))).replication.backups
    assert [one.backup_id for one in sent] == [second]
    log = pair.near.wait_operation(pair.near.get(
        "/operation-logs", params={"operation_type": "replication"})["operation_logs"][0]["id"])
    assert log["status"] == "success", log["error_info"]
    assert 300_000 < log["extra_info"]["holdfast"]["written_bytes"] < 400_000 + first / 2
    restored(pair.far, pair.record(second)["destination_backup_id"], workplace / "srv" / "again")
    sample_data.assert_same_tree(tree, workplace / "srv" / "again")
    where = ("--region", "south-1", "--remote-project", pair.far.project, "--remote-vault", target)
    assert CommandLine(pair.north).json("vault", "replicate", "source", *where)["replication"]["backups"] == []
    done = CommandLine(pair.north).run("backup", "replicate", second, *where, expect=1)
    assert "BackupService.1009" in done.stderr
    again = client.copy_checkpoint(sdk.CopyCheckpointRequest(body=sdk.CheckpointReplicateReq(
        replicate=sdk.CheckpointReplicateParam(vault_id=source, **pair.where(target))))).replication.backups
    assert again == []

    # The bytes there are whole, by the other repository's own judgement, and a lost catalog gets replicas back too.
    assert pair.south.stop() == 0
    before = far
    with sqlite3.connect(pair.south.data / "catalog.sqlite") as catalog:
        catalog.execute("DELETE FROM backups WHERE id = ?", (far["id"],))
    pair.south.start()
    pair.far = Api(pair.south)
    answer = pair.far.call("POST", "/checkpoints/sync", {"sync": {"vault_id": target, "auto_trigger": False}}, expect=200)
    pair.far.wait_operation(answer.json()["sync"]["operation_log_id"])
    again = pair.far.get(f"/backups/{far['id']}")["backup"]
    assert {key: again[key] for key in again if key != "updated_at"} == {
        key: before[key] for key in before if key != "updated_at"}


def test_what_can_not_be_sent_is_refused(pair, tree, image):
    client = client_by_endpoint(pair.north)
    target, disks = pair.far_vault("turbo"), pair.far_vault("disk")
    plain = pair.far_vault("turbo", "backup")
    source, _ = pair.near_vault(TREE, tree)
    backup = pair.back_up(source)

    def copy(of=backup, **changes):
        return lambda: client.copy_backup(sdk.CopyBackupRequest(backup_id=of, body=sdk.BackupReplicateReq(
            replicate=sdk.BackupReplicateReqBody(**{**pair.where(target), **changes}))))

    assert refused(copy(destination_region="west-1")) == "1005"
    assert refused(copy(destination_project_id="0" * 32)) == "1011"
    assert refused(copy(destination_vault_id="00000000-0000-4000-8000-000000000000")) == "6120"
    assert refused(copy(destination_vault_id=plain)) == "6119"
    assert refused(copy(destination_vault_id=disks)) == "6119"
    assert refused(copy(destination_region="a b")) == "9900"
    copy()()
    pair.near.wait_operation(pair.near.get(
        "/operation-logs", params={"operation_type": "replication"})["operation_logs"][0]["id"])
    assert refused(copy()) == "1009"
    # What was deleted there may be sent again.
    pair.far.call("DELETE", f"/backups/{pair.record(backup)['destination_backup_id']}", expect=204)
    wait_until(lambda: not pair.far.backups(), 30, "the replica is gone")
    assert pair.near.wait_operation(pair.copy(backup, target))["status"] == "success"
    assert [one["status"] for one in pair.near.get(f"/backups/{backup}")["backup"]["replication_records"]] == [
        "success", "success"]

    # Nobody else's project: what is paired is one project with one.
    assert refused(lambda: client.list_external_vault(sdk.ListExternalVaultRequest(
        external_project_id="0" * 32, region_id="south-1"))) == "1011"
    elsewhere = client.list_external_vault(sdk.ListExternalVaultRequest(
        external_project_id=pair.far.project, region_id="west-1"))
    assert elsewhere.vaults == [] and elsewhere.count == 0
    assert client_by_endpoint(pair.south).show_replication_capabilities(
        sdk.ShowReplicationCapabilitiesRequest()).regions[0].replication_destinations == []
    pair.south.kill()
    assert refused(copy(of=pair.back_up(source))) == "1005"
    pair.south.start()


@pytest.mark.parametrize("killed", ["south", "north"])
def test_a_replication_outlives_both_sides(pair, workplace, killed):
    path = workplace / "srv" / "big.raw"
    size = 96 << 20
    path.write_bytes(random.Random(11).randbytes(size))
    target, (source, _) = pair.far_vault("disk"), pair.near_vault(DISK, path)
    backup = pair.back_up(source)
    pair.configure(bytes_per_second=24 << 20)
    log = pair.copy(backup, target)

    def progress():
        return pair.near.get(f"/operation-logs/{log}")["operation_log"]["extra_info"]["common"]["progress"]

    wait_until(lambda: progress() >= 65, 60, "two thirds are sent")
    server = getattr(pair, killed)
    server.kill()
    server.start()
    pair.near, pair.far = Api(pair.north), Api(pair.south)
    ended = pair.near.wait_operation(log, 120)
    assert ended["status"] == "success", ended["error_info"]
    sent = ended["extra_info"]["holdfast"]["written_bytes"]
    if killed == "north":
        # What the one that died had sent nobody counts; the other side had made 32 MiB of it durable, at least.
        assert ended["extra_info"]["holdfast"]["attempt"] == 2 and sent < size - (30 << 20)
    else:
        # What it lost is sent again: less than what it makes durable at once, and what was on its way.
        assert size <= sent < size + (50 << 20)
    (found,) = pair.far.backups()
    other = workplace / "srv" / "other.raw"
    sample_data.make_image(other, size, data=0)
    disk = pair.far.register(DISK, "other", other)
    restored(pair.far, found["id"], other, volume_id=disk)
    sample_data.assert_same_image(path, other)
    assert pair.record(backup)["status"] == "success"


class Proxy:
    """TLS in front of a server, as a reverse proxy would do it."""

    def __init__(self, workplace, port: int):
        self.ca = workplace / "ca.pem"
        key = workplace / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(self.ca)],
            check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.ca, key)
        self.upstream = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        try:
            secure = self.context.wrap_socket(client, server_side=True)
            server = socket.create_connection(("127.0.0.1", self.upstream))
        except OSError:
            return client.close()
        threading.Thread(target=self.pump, args=(server, secure), daemon=True).start()
        self.pump(secure, server)

    @staticmethod
    def pump(source, sink):
        try:
            while data := source.recv(1 << 16):
                sink.sendall(data)
        except OSError:
            pass
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def test_the_line_is_tls_with_the_authority_that_was_set_up(pair, tree, workplace):
    proxy = Proxy(workplace, pair.south.port)
    target, (source, _) = pair.far_vault("turbo"), pair.near_vault(TREE, tree)
    backup = pair.back_up(source)
    pair.configure(proxy.url)
    answer = pair.near.call("POST", f"/backups/{backup}/replicate", {"replicate": pair.where(target)})
    assert answer.status_code == 400 and answer.json()["error_code"] == "BackupService.1005", "nobody vouches for it"
    pair.configure(proxy.url, ca_file=str(proxy.ca))
    assert pair.near.wait_operation(pair.copy(backup, target))["status"] == "success"
    assert len(pair.far.backups()) == 1
    proxy.listener.close()


@pytest.mark.parametrize("content, sentence", [
    ({"peers": [{"region": "south-1", "endpoint": "http://example.org:80", "projects": []}]}, "must be https"),
    ({"peers": [{"region": "here-1", "endpoint": "https://a:1", "projects": []}]}, "this server's own region"),
    ({"peers": [{"endpoint": "https://a:1"}]}, "region: is required"),
    ({"peers": [{"region": "a", "endpoint": "https://a:1", "surprise": 1}]}, "'surprise' is not known"),
    ({"peers": [{"region": "a", "endpoint": "https://a:1", "bytes_per_second": 0}]}, "must be a whole number"),
])
def test_a_wrong_file_of_peers_is_said_at_the_start(make_server, workplace, content, sentence):
    file = workplace / "peers.yaml"
    file.write_text(yaml.safe_dump(content))
    server = make_server("data", "--region", "here-1", environment={"HOLDFAST_REPLICATION_PEERS": file})
    with pytest.raises(AssertionError) as error:
        server.start()
    assert sentence in str(error.value)
    server.process = None


def test_the_command_line_makes_a_replication_policy_and_binds_it_where_it_can_send(pair, tree):
    cli = CommandLine(pair.north)
    pair.near_vault(TREE, tree)
    target = pair.far_vault("turbo")
    cli.run("policy", "create", "--name", "away", "--pattern", "FREQ=DAILY;BYHOUR=2;BYMINUTE=30", "--destination-region",
            "south-1", "--destination-project", pair.far.project)
    no = cli.run("policy", "associate", "away", "--vault", "source", "--destination-vault", "nowhere", expect=None)
    assert no.returncode != 0 and "6120" in no.stderr
    cli.run("policy", "associate", "away", "--vault", "source", "--destination-vault", target)
    cli.run("policy", "update", "away", "--full-every", "3")
    (found,) = cli.json("policy", "list")["policies"]
    assert found["operation_type"] == "replication"
    assert found["operation_definition"] == {
        "destination_region": "south-1", "destination_project_id": pair.far.project, "full_backup_interval": 3}
    assert found["associated_vaults"][0]["destination_vault_id"] == target
    assert cli.json("policy", "preview", "away")["preview"]["vaults"][0]["backups"] == []


def test_what_a_policy_sends_comes_with_its_rules(pair, tree):
    pair.north.environment["HOLDFAST_POLICIES_MINUTES_BETWEEN_RUNS"] = "1"
    pair.configure()
    cli = CommandLine(pair.north)
    source, _ = pair.near_vault(TREE, tree)
    target = pair.far_vault("turbo")
    pair.back_up(source)
    cli.run("policy", "create", "--name", "away", "--pattern", "FREQ=MINUTELY;INTERVAL=1", "--destination-region", "south-1",
            "--destination-project", pair.far.project, "--keep-last", "2", "--keep-daily", "3", "--full-every", "4")
    cli.run("policy", "associate", "away", "--vault", "source", "--destination-vault", target)
    (policy,) = cli.json("policy", "list")["policies"]

    def rules() -> list:
        with sqlite3.connect(pair.south.data / "catalog.sqlite") as catalog:
            return catalog.execute("SELECT policy_id, definition FROM replica_rules").fetchall()

    wait_until(lambda: rules(), 150, "a replica with rules")
    ((sender, definition),) = rules()
    assert sender == policy["id"]
    assert json.loads(definition) == {"maxBackups": 2, "dayBackups": 3, "timezone": "UTC+00:00"}

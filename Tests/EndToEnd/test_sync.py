"""Backups come back into a catalog that does not know them: a lost one, an old one, one of another machine."""

import json
import shutil
import sqlite3

from holdfast_process import Api, CommandLine
from test_sdk_story import client_by_endpoint
import huaweicloudsdkcbr.v1 as sdk
import sample_data


def protect(api, tree, image) -> dict:
    """A tree and an image with two restore points each; their ids, and what was in them."""
    share = api.register("OS::Sfs::Turbo", "share", tree)
    disk = api.register("OS::Cinder::Volume", "disk", image)
    shares = api.create_vault("shares", "turbo", [{"id": share, "type": "OS::Sfs::Turbo"}], size=40)["id"]
    disks = api.create_vault("disks", "disk", [{"id": disk, "type": "OS::Cinder::Volume"}])["id"]
    for vault in (shares, disks, shares, disks):
        api.wait_checkpoint(api.create_checkpoint(vault)["id"])
    return {"share": share, "disk": disk, "shares": shares, "disks": disks}


def facts(backups: list[dict]) -> dict:
    kept = ("id", "vault_id", "checkpoint_id", "resource_id", "resource_name", "resource_type", "name", "created_at",
            "incremental", "project_id", "status")
    return {one["id"]: {key: one[key] for key in kept} for one in backups}


def restore(api, backup: str, target) -> None:
    job = api.call("POST", f"/backups/{backup}/restore", {"restore": {"details": {"destination_path": str(target)}}},
                   expect=202).json()["job_id"]
    assert api.wait_operation(job)["status"] == "success"


def in_project(server, project: str) -> Api:
    """The administrator, in a project that was made again."""
    api = Api(server)
    api.project = project
    api.session.headers["X-Auth-Token"] = api.token()
    return api


def test_a_lost_catalog_is_made_again_from_the_repository(make_server, tree, image, workplace):
    server = make_server().start()
    api = Api(server)
    known = protect(api, tree, image)
    before, project = facts(api.backups()), api.project
    assert server.stop() == 0
    for name in ("catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm", "admin-credentials.json"):
        (server.data / name).unlink(missing_ok=True)

    cli = CommandLine()
    refused = cli.run("server", "recover-catalog", "--data", server.data, expect=1)
    assert "start the server there once" in refused.stderr
    server.start()
    assert "in use by another" in cli.run("server", "recover-catalog", "--data", server.data, expect=1).stderr
    assert Api(server).backups() == [], "a new catalog knows of nothing"
    assert server.stop() == 0

    found = json.loads(cli.run("server", "recover-catalog", "--data", server.data, "-o", "json").stdout)
    assert found["projects"] == [project] and sorted(found["backups"]) == sorted(before)
    assert sorted(found["vaults"]) == sorted([known["shares"], known["disks"]])
    again = json.loads(cli.run("server", "recover-catalog", "--data", server.data, "-o", "json").stdout)
    assert again["backups"] == [] and again["present_count"] == 4 and again["projects"] == []

    server.start()
    api = in_project(server, project)
    assert facts(api.backups()) == before
    assert {one["id"]: one["billing"]["size"] for one in api.get("/vaults")["vaults"]} == {
        known["shares"]: 40, known["disks"]: 100}
    newest = max((one for one in before.values() if one["resource_id"] == known["share"]), key=lambda b: b["created_at"])
    restore(api, newest["id"], workplace / "srv" / "back")
    sample_data.assert_same_tree(tree, workplace / "srv" / "back")

    wanted = image.read_bytes()
    image.write_bytes(b"\0" * len(wanted))
    disk = max((one for one in before.values() if one["resource_id"] == known["disk"]), key=lambda b: b["created_at"])
    job = api.call("POST", f"/backups/{disk['id']}/restore", {"restore": {"volume_id": known["disk"]}}, expect=202)
    assert api.wait_operation(job.json()["job_id"])["status"] == "success"
    assert image.read_bytes() == wanted

    # Life goes on: the next backup builds on what came back.
    api.wait_checkpoint(api.create_checkpoint(known["shares"])["id"])
    newest = max(api.backups(resource_id=known["share"]), key=lambda one: one["created_at"])
    assert newest["status"] == "available" and newest["parent_id"] in before


def test_a_vault_finds_what_an_old_catalog_does_not_know(make_server, tree, image, workplace):
    server = make_server().start()
    api = Api(server)
    known = protect(api, tree, image)
    assert server.stop() == 0
    shutil.copy(server.data / "catalog.sqlite", workplace / "old.sqlite")
    server.start()
    api = Api(server)
    api.wait_checkpoint(api.create_checkpoint(known["shares"], name="later")["id"])
    before = facts(api.backups())
    assert server.stop() == 0
    for name in ("catalog.sqlite-wal", "catalog.sqlite-shm"):
        (server.data / name).unlink(missing_ok=True)
    shutil.copy(workplace / "old.sqlite", server.data / "catalog.sqlite")

    server.start()
    api, client = Api(server), client_by_endpoint(server)
    assert len(api.backups()) == 4 and len(before) == 5

    def sync(vault):
        answer = client.import_checkpoint(sdk.ImportCheckpointRequest(body=sdk.SyncReq(
            sync=sdk.SyncParam(vault_id=vault, auto_trigger=False))))
        assert answer.sync.vault_id == vault
        return api.wait_operation(answer.sync.operation_log_id)

    log = sync(known["disks"])
    assert log["status"] == "success" and log["extra_info"]["sync"]["sync_backup_num"] == 0
    log = sync(known["shares"])
    assert (log["status"], log["operation_type"], log["vault_id"]) == ("success", "sync", known["shares"])
    assert log["extra_info"]["sync"] == {"delete_backup_num": 0, "err_sync_backup_num": 0, "sync_backup_num": 1}
    assert facts(api.backups()) == before
    assert sync(known["shares"])["extra_info"]["sync"]["sync_backup_num"] == 0, "a second search finds nothing new"
    log = CommandLine(server).json("vault", "sync", "shares")["operation_log"]
    assert (log["operation_type"], log["status"]) == ("sync", "success")
    assert api.get("/operation-logs", params={"operation_type": "sync"})["count"] == 4


def test_single_backups_are_found_by_their_ids(make_server, tree, image, workplace):
    server = make_server().start()
    api = Api(server)
    protect(api, tree, image)
    gone = api.backups()[0]
    assert server.stop() == 0
    with sqlite3.connect(server.data / "catalog.sqlite") as catalog:
        catalog.execute("DELETE FROM backups WHERE id = ?", (gone["id"],))
    server.start()
    api, client = Api(server), client_by_endpoint(server)

    def item(**changes):
        values = dict(
            backup_id=gone["id"], backup_name="b", bucket_name="b", image_path="", resource_id=gone["resource_id"],
            resource_name="r", resource_type=gone["resource_type"], created_at=0)
        return sdk.BackupSync(**{**values, **changes})

    answer = client.import_backup(sdk.ImportBackupRequest(body=sdk.BackupSyncReq(sync=[
        item(), item(backup_id="00000000-0000-4000-8000-000000000000")])))
    logs = {one.backup_id: api.wait_operation(one.operation_log_id) for one in answer.sync}
    assert logs[gone["id"]]["status"] == "success"
    lost = logs["00000000-0000-4000-8000-000000000000"]
    assert lost["status"] == "failed" and lost["error_info"]["code"] == "BackupService.6200"
    assert "has no restore point of backup" in lost["error_info"]["message"]
    assert facts([api.get(f"/backups/{gone['id']}")["backup"]]) == facts([gone])
    wrong = client.import_backup(sdk.ImportBackupRequest(body=sdk.BackupSyncReq(sync=[item(resource_id="another")])))
    assert api.wait_operation(wrong.sync[0].operation_log_id)["status"] == "failed"

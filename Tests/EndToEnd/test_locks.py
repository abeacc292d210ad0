"""Locks and holds bind whoever has the key and the files, and outlive the catalog."""

import json
import pathlib

from holdfast_process import Api, CommandLine, wait_until
from test_sync import in_project
import immutable
import sample_data


def verbs(server):
    return ("--repository", server.data / "repository", "--key-file", server.data / "repository.key")


def points(server) -> dict:
    """Restore points as the repository has them, by their backups."""
    listed = json.loads(CommandLine().run("repo", "list", *verbs(server), "-o", "json").stdout)
    return {one["labels"]["backup_id"]: one for one in listed}


def back_up(api, tree, locked: bool) -> tuple[str, str]:
    share = api.register("OS::Sfs::Turbo", "share", tree)
    vault = api.create_vault("shares", "turbo", [{"id": share, "type": "OS::Sfs::Turbo"}], size=40)["id"]
    api.wait_checkpoint(api.create_checkpoint(vault)["id"])
    if locked:
        api.call("PUT", f"/vaults/{vault}", {"vault": {"locked": True}}, expect=200)
    return vault, api.backups()[0]["id"]


def lose_catalog(server) -> None:
    for name in ("catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm", "admin-credentials.json"):
        (server.data / name).unlink(missing_ok=True)


def test_a_locked_backup_stays_without_the_server_and_after_the_catalog(make_server, tree, workplace):
    server = make_server().start()
    api = Api(server)
    _, backup = back_up(api, tree, locked=True)
    wait_until(lambda: points(server)[backup]["is_locked"], 30, "the lock is in the repository")
    project, point = api.project, points(server)[backup]["id"]
    repository = server.data / "repository"
    refuses = immutable.can_be_set(workplace)
    wait_until(lambda: "refuse" in server.log_text(), 30, "the store was asked")
    assert server.stop() == 0

    cli = CommandLine()
    assert "is locked for ever" in cli.run("repo", "forget", point, *verbs(server), expect=1).stderr
    cli.run("repo", "prune", "--max-unused", "0", *verbs(server))
    cli.run("repo", "repair", *verbs(server))
    stats = json.loads(cli.run("repo", "stats", "-o", "json", *verbs(server)).stdout)
    assert (stats["locked_restore_points"], stats["held_restore_points"]) == (1, 0)
    assert stats["store_refuses_removal"] == refuses

    needed = [repository / "config", repository / "points" / point, *(repository / "locks" / point).iterdir(),
              *(path for path in (repository / "packs").rglob("*") if path.is_file()), *(repository / "keys").iterdir()]
    assert len(needed) >= 5
    for path in needed:
        assert immutable.is_set(path) == refuses, path
    if refuses:
        for path in needed:
            assert not removed(path), f"{path} was removed"
    else:
        assert "can't refuse" in server.log_text()

    lose_catalog(server)
    server.start()
    assert server.stop() == 0
    found = json.loads(cli.run("server", "recover-catalog", "--data", server.data, "-o", "json").stdout)
    assert found["backups"] == [backup]
    server.start()
    api = in_project(server, project)
    refused = api.call("DELETE", f"/backups/{backup}", expect=400)
    assert "locked" in refused.text
    job = api.call("POST", f"/backups/{backup}/restore",
                   {"restore": {"details": {"destination_path": str(workplace / "srv" / "back")}}}, expect=202)
    assert api.wait_operation(job.json()["job_id"])["status"] == "success"
    sample_data.assert_same_tree(tree, workplace / "srv" / "back")


def test_a_hold_binds_the_commands_until_the_server_ends_it(make_server, tree):
    server = make_server().start()
    api = Api(server)
    _, backup = back_up(api, tree, locked=False)
    CommandLine(server).run("backup", "hold", backup, "--reason", "a lawsuit")
    wait_until(lambda: points(server)[backup]["is_held"], 30, "the hold is in the repository")
    point = points(server)[backup]["id"]
    refused = CommandLine().run("repo", "forget", point, *verbs(server), expect=1)
    assert "under a legal hold (a lawsuit)" in refused.stderr
    # Released and deleted at once: the deletion does not wait for anything.
    CommandLine(server).run("backup", "release", backup)
    api.call("DELETE", f"/backups/{backup}", expect=204)
    wait_until(lambda: not api.backups(), 30, "it is gone")
    assert points(server) == {}


def removed(path: pathlib.Path) -> bool:
    try:
        path.unlink()
        return True
    except PermissionError:
        return False

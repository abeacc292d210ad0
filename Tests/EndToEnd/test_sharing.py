"""Backups that one project shares with another: restored there, bit for bit, and nothing else opened."""

import os

import huaweicloudsdkcbr.v1 as sdk
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
import pytest

from holdfast_process import Api, CommandLine, wait_until
from projects import Neighbour
from test_sdk_story import client_by_endpoint
import sample_data

VOLUME, TREE = "OS::Cinder::Volume", "OS::Sfs::Turbo"


@pytest.fixture
def neighbour(server) -> Neighbour:
    return Neighbour(server)


@pytest.fixture
def theirs(neighbour) -> Api:
    return Api(neighbour)


def back_up(api: Api, vault: str) -> dict:
    point = api.create_checkpoint(vault, name="shared")["id"]
    assert api.wait_checkpoint(point)["status"] == "available"
    return api.backups(checkpoint_id=point)[0]


def stored(server) -> dict[str, int]:
    """Every pack of the repository, with its size."""
    packs = server.data / "repository" / "packs"
    return {str(path.relative_to(packs)): path.stat().st_size for path in packs.rglob("*") if path.is_file()}


def restore(api: Api, backup: str, **where) -> dict:
    job = api.call("POST", f"/backups/{backup}/restore", {"restore": where}, expect=202).json()["job_id"]
    return api.wait_operation(job)


def accept(theirs: Api, backup: str, vault: str):
    theirs.call("PUT", f"/backups/{backup}/members/{theirs.project}", {"status": "accepted", "vault_id": vault},
                expect=200)


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["error_code"].removeprefix("BackupService.")


def test_an_image_is_shared_and_given_back_in_the_other_project(server, api, neighbour, theirs, image, workplace):
    """By the vendor's SDK: the second backup of a chain, and the first one stays the owner's alone."""
    ours, others = client_by_endpoint(server), client_by_endpoint(neighbour)
    disk = api.register(VOLUME, "disk", image)
    vault = api.create_vault("disks", "disk", [{"id": disk, "type": VOLUME}])["id"]
    first = back_up(api, vault)
    sample_data.change_image(image, seed=3)
    second = back_up(api, vault)
    wanted = sample_data.sha256(image)
    target = sample_data.make_image(workplace / "srv" / "images" / "theirs.raw", 64 << 20, seed=9)
    own = theirs.register(VOLUME, "theirs", target)
    their_vault = theirs.create_vault("received", "disk")["id"]
    before = set(stored(server))
    # The neighbour has a backup of the same bytes: in its own project, named by another key.
    same = workplace / "srv" / "images" / "same.raw"
    same.write_bytes(image.read_bytes())
    back_up(theirs, theirs.create_vault("own", "disk", [
        {"id": theirs.register(VOLUME, "same", same), "type": VOLUME}])["id"])
    done = {one["id"] for one in theirs.get("/operation-logs")["operation_logs"]}
    kept = stored(server)
    foreign = set(kept) - before
    assert foreign, "equal bytes of two projects are stored twice"

    members = ours.add_member(sdk.AddMemberRequest(
        backup_id=second["id"], body=sdk.AddMembersReq(members=[theirs.project]))).members
    assert [(one.dest_project_id, one.status) for one in members] == [(theirs.project, "pending")]
    found = others.list_backups(sdk.ListBackupsRequest(own_type="shared", member_status="pending")).backups
    assert [one.id for one in found] == [second["id"]]
    assert second["id"] not in [one.id for one in others.list_backups(sdk.ListBackupsRequest()).backups]
    answer = theirs.call("POST", f"/backups/{second['id']}/restore", {"restore": {"volume_id": own}})
    assert code(answer) == (400, "2005"), "not before it is accepted"
    accepted = others.update_member_status(sdk.UpdateMemberStatusRequest(
        backup_id=second["id"], member_id=theirs.project,
        body=sdk.UpdateMember(status="accepted", vault_id=their_vault))).member
    assert (accepted.status, accepted.vault_id) == ("accepted", their_vault)

    answer = theirs.call("POST", f"/backups/{second['id']}/restore", {"restore": {}})
    assert answer.status_code == 400 and "another project's" in answer.json()["error_msg"]
    assert code(theirs.call("POST", f"/backups/{second['id']}/restore", {"restore": {"volume_id": disk}})) == (404, "6302")
    # What the neighbour has stored is not read: it could be gone.
    packs = server.data / "repository" / "packs"
    for name in foreign:
        (packs / name).rename(packs / (name + ".away"))
    log = restore(theirs, second["id"], volume_id=own)
    for name in foreign:
        (packs / (name + ".away")).rename(packs / name)
    assert log["status"] == "success", log["error_info"]
    assert sample_data.sha256(target) == wanted == sample_data.sha256(image)
    assert log["vault_id"] == their_vault and not log["checkpoint_id"]
    assert {one["id"] for one in theirs.get("/operation-logs")["operation_logs"]} == done | {log["id"]}
    assert stored(server) == kept, "nothing was copied"
    shown = theirs.get(f"/vaults/{their_vault}")["vault"]
    assert shown["billing"]["used"] == 0 and shown["resources"] == []

    assert theirs.call("GET", f"/backups/{first['id']}").status_code == 404
    assert code(theirs.call("DELETE", f"/backups/{second['id']}")) == (403, "8600")
    ours.delete_member(sdk.DeleteMemberRequest(backup_id=second["id"], member_id=theirs.project))
    for call in (lambda: others.show_backup(sdk.ShowBackupRequest(backup_id=second["id"])),
                 lambda: others.show_members_detail(sdk.ShowMembersDetailRequest(backup_id=second["id"])),
                 lambda: others.show_metadata(sdk.ShowMetadataRequest(backup_id=second["id"]))):
        with pytest.raises(ServiceResponseException) as refused:
            call()
        assert (refused.value.status_code, refused.value.error_code) == (404, "BackupService.6200")
    answer = theirs.call("POST", f"/backups/{second['id']}/restore", {"restore": {"volume_id": own}})
    assert code(answer) == (404, "6200")
    assert restore(api, second["id"], volume_id=disk)["status"] == "success", "the owner's it stays"


def test_the_verbs_share_a_tree(server, cli, neighbour, tree, workplace):
    others = CommandLine(neighbour)
    project = neighbour.credentials["project_id"]
    cli.json("resource", "register", "--type", TREE, "--name", "share", "--location", tree.as_uri())
    cli.json("vault", "create", "--name", "shares", "--type", "turbo", "--size", "50", "--resource", "share")
    cli.run("checkpoint", "create", "--vault", "shares", "--name", "for-you", "--wait")
    others.json("vault", "create", "--name", "received", "--type", "turbo", "--size", "50")

    assert "pending" in cli.run("backup", "share", "for-you", "--with", project).stdout
    backup = others.json("backup", "list", "--shared")["backups"][0]["id"]
    assert others.json("backup", "list")["backups"] == []
    assert "accepted" in others.run("backup", "accept", "for-you", "--vault", "received").stdout
    assert backup in others.run("backup", "list", "--shared").stdout
    assert [one["status"] for one in cli.json("backup", "members", "for-you")["members"]] == ["accepted"]
    assert len(others.json("backup", "members", backup)["members"]) == 1
    assert others.json("backup", "show", backup)["backup"]["name"] == "for-you"

    target = workplace / "srv" / "given"
    refused = others.run("backup", "restore", "for-you", "--destination", target, expect=1)
    assert "not found" in refused.stderr, "a name that somebody else made up is not taken for one's own"
    others.run("backup", "restore", backup, "--destination", target, "--wait")
    sample_data.assert_same_tree(tree, target)

    assert "rejected" in others.run("backup", "reject", "for-you").stdout
    assert others.run("backup", "restore", backup, "--destination", target, expect=1).stderr.startswith("holdfast: ")
    others.run("backup", "accept", backup, "--vault", "received")
    cli.run("backup", "unshare", "for-you", "--with", project)
    assert others.json("backup", "list", "--shared")["backups"] == []
    assert "not found" in others.run("backup", "show", backup, expect=1).stderr
    assert cli.run("backup", "unshare", "for-you", "--with", project, expect=1).stderr.startswith("holdfast: ")


class Big:
    """An accepted backup that takes a while to restore."""

    def __init__(self, api: Api, theirs: Api, workplace):
        self.api, self.theirs = api, theirs
        self.source = sample_data.make_image(workplace / "srv" / "images" / "big.raw", 512 << 20, seed=5)
        disk = api.register(VOLUME, "big", self.source)
        self.backup = back_up(api, api.create_vault("disks", "disk", [{"id": disk, "type": VOLUME}])["id"])["id"]
        self.target = workplace / "srv" / "images" / "given.raw"
        self.target.write_bytes(b"")
        os.truncate(self.target, 512 << 20)
        self.own = theirs.register(VOLUME, "given", self.target)
        api.call("POST", f"/backups/{self.backup}/members", {"members": [theirs.project]}, expect=200)
        accept(theirs, self.backup, theirs.create_vault("received", "disk")["id"])

    def begin(self) -> str:
        """The operation of a restore that a worker has begun."""
        job = self.theirs.call("POST", f"/backups/{self.backup}/restore", {"restore": {"volume_id": self.own}},
                               expect=202).json()["job_id"]
        wait_until(lambda: self.theirs.get(f"/operation-logs/{job}")["operation_log"]["status"] != "waiting", 30,
                   "begun", 0.01)
        return job

    def revoke(self):
        self.api.call("DELETE", f"/backups/{self.backup}/members/{self.theirs.project}", expect=204)

    def assert_goes(self):
        wait_until(lambda: self.api.call("DELETE", f"/backups/{self.backup}").status_code in (204, 404), 30, "deleted")
        wait_until(lambda: self.api.call("GET", f"/backups/{self.backup}").status_code == 404, 30, "backup gone")
        assert self.api.call("GET", f"/backups/{self.backup}/members").status_code == 404


def test_a_backup_is_not_deleted_under_a_restore_of_a_member(api, theirs, workplace):
    """The owner revokes while the restore runs: it ends well, and only then the backup goes."""
    big = Big(api, theirs, workplace)
    job = big.begin()
    big.revoke()
    answer = api.call("DELETE", f"/backups/{big.backup}")
    # 204 if the restore was over by then.
    assert answer.status_code == 204 or code(answer) == (400, "6216")
    log = theirs.wait_operation(job)
    assert log["status"] == "success", log["error_info"]
    assert sample_data.sha256(big.target) == sample_data.sha256(big.source)
    big.assert_goes()


def test_a_restore_that_was_killed_is_not_begun_again_after_the_sharing_has_ended(server, api, theirs, workplace):
    big = Big(api, theirs, workplace)
    job = big.begin()
    big.revoke()
    server.kill()
    server.start()
    log = theirs.wait_operation(job)
    if log["status"] == "success":
        assert sample_data.sha256(big.target) == sample_data.sha256(big.source), "it was over before the kill"
    else:
        assert log["status"] == "failed" and log["error_info"]["code"] == "BackupService.6200", log["error_info"]
    big.assert_goes()

"""The server dies, or is told to stop, at random moments; the next start loses nothing and finishes everything.

HOLDFAST_SEED repeats a run; the seed is printed with every failure.
"""

import os
import random
import time

import pytest

from holdfast_process import Api, CommandLine, wait_until
import sample_data

SEED = int(os.environ.get("HOLDFAST_SEED") or random.SystemRandom().randrange(1 << 32))
BACKUP_KILLS = 50
RESTORE_KILLS = 8
DELETE_KILLS = 6
UNFINISHED = ("waiting", "running")


@pytest.fixture
def rng():
    print(f"HOLDFAST_SEED={SEED}")
    return random.Random(SEED)


class Place:
    """Two resources in two vaults, a server that is killed and started, and what each backup has to give back."""

    def __init__(self, server, tree, image):
        self.server, self.tree, self.image = server, tree, image
        self.api = Api(server)
        self.resources = {
            "tree": self.api.register("OS::Sfs::Turbo", "share", tree),
            "image": self.api.register("OS::Cinder::Volume", "disk", image),
        }
        self.vaults = {
            "tree": self._vault("turbo", "OS::Sfs::Turbo", self.resources["tree"]),
            "image": self._vault("disk", "OS::Cinder::Volume", self.resources["image"]),
        }
        self.contents = {}  # checkpoint id -> what the source was

    def _vault(self, object_type, resource_type, resource):
        return self.api.create_vault(object_type, object_type, [{"id": resource, "type": resource_type}])["id"]

    def begin_backups(self, within=lambda: 0.0, **parameters) -> list[str]:
        """Asks for a restore point of each; the sources must not change until both have ended.

        Returns no sooner than `within()` seconds after it asked for the first.
        """
        contents = {"tree": sample_data.describe(self.tree), "image": sample_data.sha256(self.image)}
        moment = time.monotonic() + within()
        started = []
        for kind, content in contents.items():
            checkpoint = self.api.create_checkpoint(self.vaults[kind], **parameters)["id"]
            self.contents[checkpoint] = (kind, content)
            started.append(checkpoint)
        time.sleep(max(0.0, moment - time.monotonic()))
        return started

    def kill_and_start(self) -> bool:
        """Tells whether the kill met something that was running."""
        self.server.kill()
        before = len(self.server.log_text())
        self.server.start()
        return "interrupted operations go on" in self.server.log_text()[before:]

    def finish(self, checkpoints, timeout=60):
        return [self.api.wait_checkpoint(one, timeout) for one in checkpoints]

    def operations(self) -> list[dict]:
        return self.api.get("/operation-logs", params={"limit": 1000})["operation_logs"]

    def wait_idle(self, timeout=60):
        wait_until(lambda: not [one for one in self.operations() if one["status"] in UNFINISHED], timeout,
                   "every operation ended", 0.1)

    def assert_consistent(self):
        """Everything has ended, well, and nothing is stuck."""
        operations = self.operations()
        assert all(one["status"] == "success" for one in operations), [
            (one["id"], one["operation_type"], one["status"], one["error_info"])
            for one in operations if one["status"] != "success"]
        assert all(one["extra_info"]["common"]["progress"] == 100 and one["ended_at"] for one in operations)
        backups = self.api.backups(limit=1000)
        assert {one["status"] for one in backups} <= {"available"}, backups
        assert len({one["id"] for one in backups}) == len(backups)
        for kind, vault in self.vaults.items():
            shown = self.api.get(f"/vaults/{vault}")["vault"]
            assert [one["protect_status"] for one in shown["resources"]] == ["available"], shown
            assert shown["billing"]["status"] == "available"

    def assert_gives_back(self, checkpoint: str, target):
        """Restores what a restore point holds to a new place, and compares it with what was there then."""
        kind, content = self.contents[checkpoint]
        backup = self.api.backups(checkpoint_id=checkpoint)[0]
        operation = self.begin_restore(backup["id"], kind, target)
        assert self.api.wait_operation(operation)["status"] == "success"
        self.assert_equal(kind, content, target)

    def begin_restore(self, backup: str, kind: str, target) -> str:
        if kind == "tree":
            where = {"details": {"destination_path": str(target)}}
        else:
            where = {"volume_id": self.volume_at(target)}
        return self.api.call("POST", f"/backups/{backup}/restore", {"restore": where}, expect=202).json()["job_id"]

    def volume_at(self, target) -> str:
        """An empty image to restore to."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "wb") as file:
            file.truncate(os.path.getsize(self.image))
        return self.api.register("OS::Cinder::Volume", target.name, target)

    def assert_equal(self, kind, content, target):
        assert (sample_data.describe(target) if kind == "tree" else sample_data.sha256(target)) == content, target


@pytest.fixture
def place(server, workplace):
    tree = sample_data.make_tree(workplace / "srv" / "share", files=150)
    image = sample_data.make_image(workplace / "srv" / "images" / "disk.raw", 64 << 20, data=40 << 20)
    return Place(server, tree, image)


def change(place, rng):
    """Some files change, come and go; some of the image is written."""
    for name in rng.sample(sorted(place.tree.glob("d*/file-*")), 10):
        if rng.random() < 0.3:
            name.unlink()
        else:
            name.write_bytes(rng.randbytes(rng.choice([10, 5_000, 400_000])))
    (place.tree / "d1").mkdir(exist_ok=True)
    (place.tree / "d1" / f"file-new-{rng.randrange(1 << 40)}").write_bytes(rng.randbytes(50_000))
    with open(place.image, "r+b") as image:
        for _ in range(40):
            image.seek(rng.randrange(0, os.path.getsize(place.image) - 200_000))
            image.write(rng.randbytes(rng.choice([4096, 100_000, 200_000])))


def usual_seconds(place, rng) -> float:
    """How long both backups of a round take: the mean of three."""
    seconds = []
    for _ in range(3):
        change(place, rng)
        checkpoints = place.begin_backups(incremental=False)
        began = time.monotonic()
        for checkpoint in checkpoints:
            wait_until(lambda: place.api.get(f"/checkpoints/{checkpoint}")["checkpoint"]["status"] == "available", 60,
                       "a backup", 0.005)
        seconds.append(time.monotonic() - began)
    return sum(seconds) / len(seconds)


def test_kill_during_backups(place, workplace, rng):
    usual = usual_seconds(place, rng)
    interrupted = 0
    for round_number in range(BACKUP_KILLS):
        change(place, rng)
        acknowledged = {one["id"] for one in place.api.backups(limit=1000) if one["status"] == "available"}
        checkpoints = place.begin_backups(lambda: rng.uniform(0, usual), incremental=rng.random() < 0.3)
        interrupted += place.kill_and_start()
        if rng.random() < 0.3:  # and once more, while what was interrupted goes on
            time.sleep(rng.uniform(0, usual / 2))
            place.kill_and_start()
        still = {one["id"] for one in place.api.backups(limit=1000) if one["status"] == "available"}
        assert acknowledged <= still, "an acknowledged backup is gone"
        ended = place.finish(checkpoints)
        assert [one["status"] for one in ended] == ["available", "available"], (round_number, ended)
    print(f"{interrupted} of {BACKUP_KILLS} kills met a running backup, which takes {usual:.2f} s")
    assert interrupted > BACKUP_KILLS // 4, f"only {interrupted} kills met a running backup: it is over too soon"

    place.wait_idle()
    place.assert_consistent()
    assert len(place.api.backups(limit=1000)) == 2 * (BACKUP_KILLS + 3)
    for number, checkpoint in enumerate([*rng.sample(sorted(place.contents), 8), *list(place.contents)[-2:]]):
        place.assert_gives_back(checkpoint, workplace / "srv" / "back" / f"{number}")

    assert place.server.stop() == 0
    CommandLine().run(
        "repo", "check", "--read-data", "--repository", place.server.data / "repository",
        "--key-file", place.server.data / "repository.key")


def test_kill_during_restores(place, workplace, rng):
    checkpoints = place.begin_backups()
    place.finish(checkpoints)
    began = time.monotonic()
    for number, checkpoint in enumerate(checkpoints):
        place.assert_gives_back(checkpoint, workplace / "srv" / "back" / f"usual-{number}")
    usual = (time.monotonic() - began) / 2

    for number in range(RESTORE_KILLS):
        checkpoint = checkpoints[number % 2]
        kind, content = place.contents[checkpoint]
        target = workplace / "srv" / "back" / f"{number}"
        backup = place.api.backups(checkpoint_id=checkpoint)[0]["id"]
        operation = place.begin_restore(backup, kind, target)
        time.sleep(rng.uniform(0, usual))
        place.kill_and_start()
        assert place.api.wait_operation(operation)["status"] == "success"
        place.assert_equal(kind, content, target)
    place.wait_idle()
    place.assert_consistent()


def test_kill_during_deletes(place, workplace, rng):
    rounds = []
    for _ in range(DELETE_KILLS):
        change(place, rng)
        rounds.append(place.begin_backups())
        place.finish(rounds[-1])

    for doomed in rounds[:-1]:
        for checkpoint in doomed:
            backup = place.api.backups(checkpoint_id=checkpoint)[0]["id"]
            place.api.call("DELETE", f"/backups/{backup}", expect=204)
        time.sleep(rng.uniform(0, 0.05))
        place.kill_and_start()
        for checkpoint in doomed:
            wait_until(lambda: place.api.call("GET", f"/checkpoints/{checkpoint}").status_code == 404, 30,
                       "the deleted backup is gone with its restore point")

    place.wait_idle()
    place.assert_consistent()
    assert {one["checkpoint_id"] for one in place.api.backups()} == set(rounds[-1])
    for number, checkpoint in enumerate(rounds[-1]):
        place.assert_gives_back(checkpoint, workplace / "srv" / "back" / f"{number}")

    vault = place.vaults["image"]
    place.api.call("DELETE", f"/vaults/{vault}", expect=204)
    place.kill_and_start()
    wait_until(lambda: place.api.call("GET", f"/vaults/{vault}").status_code == 404, 30, "the vault is gone")


def test_stop_during_a_backup(place, workplace, rng):
    with open(place.image, "r+b") as image:
        image.truncate(512 << 20)
        for _ in range(24):
            image.seek(rng.randrange(0, 500 << 20))
            image.write(rng.randbytes(8 << 20))
    checkpoints = place.begin_backups()
    wait_until(lambda: [one for one in place.operations() if one["status"] == "running"], 30, "a backup runs", 0.005)

    began = time.monotonic()
    assert place.server.stop(timeout=30) == 0
    assert time.monotonic() - began < 30
    assert "operation back in the queue" in place.server.log_text(), "the backup had ended before the stop"

    place.server.start()
    assert [one["status"] for one in place.finish(checkpoints)] == ["available", "available"]
    place.wait_idle()
    place.assert_consistent()
    for number, checkpoint in enumerate(checkpoints):
        place.assert_gives_back(checkpoint, workplace / "srv" / "back" / f"{number}")

"""Backups, prunes and restores beside each other, killed at random moments: nothing that was acknowledged is lost.

HOLDFAST_SEED repeats a run; HOLDFAST_KILLS says how many processes die (`make nightly`: a thousand).
"""

import json
import os
import random
import shutil
import subprocess
import time

from holdfast_process import Repo, binary, clean_environment
import sample_data

SEED = int(os.environ.get("HOLDFAST_SEED", "1"))
KILLS = int(os.environ.get("HOLDFAST_KILLS", "20"))


def start(*arguments) -> subprocess.Popen:
    return subprocess.Popen(
        [binary(), "repo", *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=clean_environment())


class Round:
    """A backup, a prune and a restore at once; at a random moment one of them dies."""

    def __init__(self, rand, repo: Repo, source, point: str, target):
        self.rand, self.repo = rand, repo
        self.began = time.monotonic()
        self.processes = {
            "backup": start("backup", source, *repo.options),
            "prune": start("prune", "--max-unused", rand.choice(["0", "5"]), *repo.options),
            "restore": start("restore", point, "--target", target, *repo.options),
        }

    def kill_one(self, within: float) -> str:
        victim = self.rand.choice(sorted(self.processes))
        # A moment, not a wait for something: whatever it is doing then is what is tried.
        time.sleep(self.rand.uniform(0, within))
        self.processes[victim].kill()
        return victim

    def finish(self) -> dict:
        return {name: one.communicate(timeout=600) for name, one in self.processes.items()}

    def has_failed(self, name: str) -> bool:
        return self.processes[name].returncode != 0


def test_processes_are_killed(workplace, image, tree):
    rand = random.Random(SEED)
    repo = Repo(workplace)
    sources = {"image": image, "tree": tree}
    state = {"image": sample_data.sha256, "tree": sample_data.describe}
    points: dict[str, tuple] = {}
    for kind, source in sources.items():
        points[repo.back_up(source)] = (kind, state[kind](source))
    usual, killed, rounds = 0.3, {"backup": 0, "prune": 0, "restore": 0}, 0
    while sum(killed.values()) < KILLS:
        rounds += 1
        assert rounds < 8 * KILLS + 20, f"seed {SEED}: {killed}: everything is over before it can be killed"
        where = f"seed {SEED}, round {rounds}"
        kind = rand.choice(sorted(sources))
        if kind == "image":
            sample_data.change_image(image, seed=SEED + rounds)
        else:
            (tree / "d0" / f"new-{rand.randrange(6)}").write_bytes(rand.randbytes(rand.randrange(200_000)))
        expected = state[kind](sources[kind])
        doomed = rand.sample(sorted(points), k=max(0, min(len(points) - 1, rand.randint(0, 2) + len(points) // 8)))
        wanted = rand.choice(sorted(points.keys() - set(doomed)))
        for point in doomed:
            repo.run("forget", point)
            del points[point]
        target = workplace / "back"
        if points[wanted][0] == "tree":
            target.mkdir()
        round_ = Round(rand, repo, sources[kind], wanted, target)
        victim = round_.kill_one(usual)
        said = round_.finish()
        usual = 0.8 * usual + 0.2 * (time.monotonic() - round_.began)
        for name in ("backup", "prune", "restore"):
            assert not round_.has_failed(name) or name == victim, f"{where}: {name}: {said[name][1]}"
        killed[victim] += round_.has_failed(victim)
        if not round_.has_failed("backup"):
            points[said["backup"][0].split()[-1]] = (kind, expected)
        if round_.has_failed("restore"):
            repo.run("restore", wanted, "--target", target)  # the same again finishes it
        assert state[points[wanted][0]](target) == points[wanted][1], where
        shutil.rmtree(target) if target.is_dir() else target.unlink()
        if rounds % 50 == 0:
            repo.run("check", "--read-data")
    print(f"{killed} in {rounds} rounds")
    if KILLS >= 20:
        assert all(killed.values()), f"seed {SEED}: {killed}"

    listed = {one["id"] for one in json.loads(repo.run("list", "-o", "json").stdout)}
    assert set(points) <= listed, f"seed {SEED}"
    repo.run("check", "--read-data")
    for number, (point, (kind, expected)) in enumerate(points.items()):
        target = workplace / f"restored-{number}"
        if kind == "tree":
            target.mkdir()
        repo.run("restore", point, "--target", target)
        assert state[kind](target) == expected, f"seed {SEED}, point {point}"

    # What the dead left is in nobody's way: everything goes when nothing is wanted any more.
    for point in listed:
        repo.run("forget", point)
    report = json.loads(repo.run("prune", "-o", "json").stdout)
    assert report["waiting_for"] == 0 and report["unused_bytes"] == 0
    left = [str(path.relative_to(repo.place)) for path in repo.place.rglob("*") if path.is_file()]
    assert sorted(name.split("/")[0] for name in left) == ["config", "keys"], f"seed {SEED}: {left}"

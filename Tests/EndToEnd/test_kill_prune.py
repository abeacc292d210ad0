"""Backups and prunes beside each other, killed at random moments: nothing that was acknowledged is lost."""

import json
import os
import random
import subprocess
import time

from holdfast_process import CommandLine, binary, clean_environment
import sample_data

ROUNDS = 30


def start(*arguments) -> subprocess.Popen:
    return subprocess.Popen(
        [binary(), "repo", *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=clean_environment())


def test_backups_and_prunes_are_killed(workplace, image):
    seed = int(os.environ.get("HOLDFAST_SEED", "1"))
    rand = random.Random(seed)
    options = ("--repository", workplace / "repo", "--key-file", workplace / "key")
    cli = CommandLine()
    cli.run("repo", "init", *options)
    acknowledged: dict[str, str] = {}
    killed = 0
    for round_number in range(ROUNDS):
        sample_data.change_image(image, seed=seed + round_number)
        expected = sample_data.sha256(image)
        for point in rand.sample(sorted(acknowledged), k=min(len(acknowledged), rand.randint(0, 2))):
            cli.run("repo", "forget", point, *options)
            del acknowledged[point]
        backup = start("backup", image, *options)
        prune = start("prune", "--max-unused", rand.choice(["0", "5"]), *options)
        victim = rand.choice([backup, prune, None])
        if victim is not None:
            # A moment, not a wait for something: whatever it is doing then is what is tried.
            time.sleep(rand.uniform(0, 0.25))
            victim.kill()
        output, errors = backup.communicate(timeout=120)
        _, complaint = prune.communicate(timeout=120)
        if backup.returncode == 0:
            acknowledged[output.split()[-1]] = expected
        else:
            assert victim is backup, f"seed {seed}, round {round_number}: {errors}"
        assert prune.returncode == 0 or victim is prune, f"seed {seed}, round {round_number}: {complaint}"
        killed += victim is not None and victim.returncode != 0
    assert killed > 0 and acknowledged, f"seed {seed}"

    listed = {one["id"] for one in json.loads(cli.run("repo", "list", *options, "-o", "json").stdout)}
    assert set(acknowledged) <= listed, f"seed {seed}"
    cli.run("repo", "check", "--read-data", *options)
    for number, (point, expected) in enumerate(acknowledged.items()):
        target = workplace / f"restored-{number}"
        cli.run("repo", "restore", point, "--target", target, *options)
        assert sample_data.sha256(target) == expected, f"seed {seed}, point {point}"
        target.unlink()

    # What the dead left is in nobody's way: everything goes when nothing is wanted any more.
    for point in listed:
        cli.run("repo", "forget", point, *options)
    report = json.loads(cli.run("repo", "prune", "-o", "json", *options).stdout)
    assert report["waiting_for"] == 0 and report["unused_bytes"] == 0
    left = [str(path.relative_to(workplace / "repo")) for path in (workplace / "repo").rglob("*") if path.is_file()]
    assert sorted(name.split("/")[0] for name in left) == ["config", "keys"], f"seed {seed}: {left}"

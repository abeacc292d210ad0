"""The engine's verbs: what they print where, how they end, and what they do when things are missing."""

import json
import os
import pty
import select
import subprocess

from holdfast_process import CommandLine, Repo, binary, clean_environment
import sample_data


def test_progress_goes_to_standard_error(repo, image, workplace):
    loud = repo.run("backup", image)
    assert "MiB" in loud.stderr and "\r" not in loud.stderr and loud.stdout.splitlines()[-1].startswith("saved ")
    assert repo.run("backup", image, "--full", "--quiet").stderr == ""
    point = loud.stdout.split()[-1]
    assert "MiB" in repo.run("restore", point, "--target", workplace / "one").stderr
    assert repo.run("restore", point, "--target", workplace / "two", "-q").stderr == ""


def test_verbs_answer_in_json_and_say_where_the_time_went(repo, tree, workplace):
    saved = repo.json("backup", tree, "--label", "a=b")
    parts = ("source_seconds", "cpu_seconds", "store_seconds", "target_seconds")
    assert abs(sum(saved["time"][part] for part in parts) - saved["time"]["total_seconds"]) < 0.001
    assert saved["warnings"] == [] and saved["stored_bytes"] > 0 and "parent" not in saved
    point = saved["restore_point"]
    assert repo.json("backup", tree)["parent"] == point
    back = repo.json("restore", point, "--target", workplace / "back")
    assert back["restore_point"] == point and back["verified_bytes"] >= back["written_bytes"] > 0
    assert back["entry_count"] == saved["entry_count"] and back["is_resumed"] is False
    told = repo.run("backup", tree, "--full").stderr.splitlines()[-1]
    assert told.startswith("took ") and "source" in told and "CPU" in told

    whole = repo.json("check", "--read-data")
    assert whole["is_clean"] is True and whole["hits"] == [] and whole["restore_points"] == 3
    (repo.place / "points" / point).chmod(0o600)
    (repo.place / "points" / point).write_bytes(b"x")
    hurt = repo.json("check", expect=1)
    assert hurt["is_clean"] is False and point in hurt["faults"][0]["place"]


def test_a_bar_is_drawn_on_a_terminal(repo, image):
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [binary(), "repo", "backup", str(image), *map(str, repo.options)], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=follower, env=clean_environment())
    os.close(follower)
    drawn = b""
    while select.select([leader], [], [], 60)[0]:
        try:
            piece = os.read(leader, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        drawn += piece
    os.close(leader)
    assert process.communicate(timeout=60)[0].splitlines()[-1].startswith(b"saved ")
    assert process.returncode == 0 and b"\r" in drawn and b"[====" in drawn


def test_a_damaged_restore_point_is_named(repo, tree):
    whole, damaged = repo.back_up(tree), repo.back_up(tree)
    place = repo.place / "points" / damaged
    stored = bytearray(place.read_bytes())
    stored[-1] ^= 1
    place.chmod(0o600)
    place.write_bytes(stored)
    done = repo.run("list", "-o", "json", expect=3)
    assert [one["id"] for one in json.loads(done.stdout)] == [whole]
    assert damaged in done.stderr and "1 restore points can't be read" in done.stderr


def test_a_lost_index_is_made_again(repo, tree, workplace):
    point = repo.back_up(tree)
    segments = list((repo.place / "index").iterdir())
    assert segments
    for segment in segments:
        segment.unlink()
    repo.run("restore", point, "--target", workplace / "too-early", expect=1)
    assert "chunks are in the index again" in repo.run("rebuild-index").stdout
    repo.run("restore", point, "--target", workplace / "back")
    sample_data.assert_same_tree(tree, workplace / "back")
    repo.run("check", "--read-data")
    assert repo.run("rebuild-index").stdout.startswith("0 packs")


def test_prune_frees_what_it_says_to_the_byte(repo, image, tree, workplace):
    first, kept = repo.back_up(image), repo.back_up(tree)
    sample_data.change_image(image, seed=9)
    second = repo.back_up(image)
    predicted = json.loads(repo.run(
        "prune", "--dry-run", "--without", first, "--max-unused", "0", "-o", "json").stdout)
    assert predicted["freed_bytes"] > 0
    repo.run("forget", first)
    before = stored_bytes(repo)
    done = json.loads(repo.run("prune", "--max-unused", "0", "-o", "json").stdout)
    assert done == predicted and before - stored_bytes(repo) == done["freed_bytes"]
    repo.run("check", "--read-data")
    repo.run("restore", second, "--target", workplace / "image")
    sample_data.assert_same_image(image, workplace / "image")
    repo.run("restore", kept, "--target", workplace / "tree")
    sample_data.assert_same_tree(tree, workplace / "tree")
    assert "--dry-run" in repo.run("prune", "--without", kept, expect=2).stderr


def stored_bytes(repo) -> int:
    return sum(path.stat().st_size for path in repo.place.rglob("*") if path.is_file())


def test_stats_say_what_forgetting_frees(repo, image, tree):
    first, second = repo.back_up(image), repo.back_up(tree)
    sample_data.change_image(image, seed=5)
    third = repo.back_up(image)
    one, both = repo.json("stats", first), repo.json("stats", first[:12], third)
    assert one["shared_bytes"] > one["unique_bytes"] > 0 and both["unique_bytes"] > one["shared_bytes"]
    assert both["restore_points"] == 2 and both["logical_bytes"] == 2 * image.stat().st_size
    before = repo.stored_bytes()
    repo.run("forget", first, third)
    repo.run("prune", "--max-unused", "0")
    assert before - repo.stored_bytes() == both["freed_bytes"] > both["unique_bytes"]
    assert "freed when forgotten" in repo.run("stats", second).stdout
    assert "no restore point" in repo.run("stats", first, expect=1).stderr


def test_keys_are_added_and_taken_away(repo, image, workplace):
    point = repo.back_up(image)
    passphrase, other = workplace / "passphrase", workplace / "other-key"
    passphrase.write_text("correct horse battery staple\n")
    repo.run("key", "add", "--new-passphrase-file", passphrase)
    assert "keep a copy" in repo.run("key", "add", "--new-key-file", other).stdout
    keys = json.loads(repo.run("key", "list", "-o", "json").stdout)
    assert sorted(one["kind"] for one in keys) == ["key-file", "key-file", "passphrase"]
    used = next(one["id"] for one in keys if one["is_in_use"])
    assert "open it with another one" in repo.run("key", "remove", used, expect=1).stderr

    by_passphrase = ("--repository", repo.place, "--passphrase-file", passphrase)
    repo.cli.run("repo", "key", "remove", used, *by_passphrase)
    assert "does not open" in repo.run("list", expect=1).stderr
    repo.cli.run("repo", "restore", point, *by_passphrase, "--target", workplace / "one")
    sample_data.assert_same_image(image, workplace / "one")
    by_variable = CommandLine(environment={"HOLDFAST_PASSPHRASE": "correct horse battery staple"})
    assert point in by_variable.run("repo", "list", "--repository", repo.place).stdout
    wrong = CommandLine(environment={"HOLDFAST_PASSPHRASE": "wrong"})
    assert "wrong" not in wrong.run("repo", "list", "--repository", repo.place, expect=1).stderr
    assert "--passphrase-file" in repo.cli.run("repo", "list", "--repository", repo.place, expect=2).stderr


def test_a_stolen_key_opens_nothing_new(repo, image, workplace):
    point = repo.run("backup", image).stdout.split()[-1]
    stolen, safe = workplace / "stolen", workplace / "safe"
    safe.write_text("in the safe\n")
    repo.run("key", "add", "--new-key-file", stolen, "--label", "laptop")
    repo.run("key", "add", "--new-passphrase-file", safe, "--label", "safe")
    laptop = next(one["id"] for one in json.loads(repo.run("key", "list", "-o", "json").stdout) if one["label"] == "laptop")
    assert "key epoch 1 has begun" in repo.run("key", "revoke", laptop[:12]).stdout
    by_stolen = ("--repository", repo.place, "--key-file", stolen)
    assert "does not open" in repo.cli.run("repo", "list", *by_stolen, expect=1).stderr
    assert json.loads(repo.run("key", "report", "-o", "json").stdout)[0]["packs"] > 0
    repo.run("prune", "--reseal")
    report = json.loads(repo.run("key", "report", "-o", "json").stdout)
    assert report[0]["packs"] == 0 and report[1]["packs"] > 0
    target = workplace / "back"
    repo.cli.run("repo", "restore", point, "--repository", repo.place, "--passphrase-file", safe, "--target", target)
    assert target.read_bytes() == image.read_bytes()


def test_repair_and_a_new_backup_heal(repo, image, tree, workplace):
    point, other = repo.back_up(image), repo.back_up(tree)
    pack = max((path for path in (repo.place / "packs").rglob("*") if path.is_file()), key=lambda one: one.stat().st_size)
    stored = bytearray(pack.read_bytes())
    stored[len(stored) // 2] ^= 1
    pack.chmod(0o600)
    pack.write_bytes(stored)
    assert point in repo.run("check", "--read-data", expect=1).stderr
    assert "1 lost" in repo.run("repair", expect=3).stdout
    hit = repo.run("check", "--read-data", expect=1).stderr
    assert point in hit and other not in hit
    image.touch()
    repo.back_up(image)
    repo.run("check", "--read-data")
    repo.run("restore", point, "--target", workplace / "back")
    sample_data.assert_same_image(image, workplace / "back")


def test_trees_are_looked_into_without_restoring(repo, workplace, image):
    root = workplace / "srv" / "docs"
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "b" / "letter.txt").write_bytes(b"dear\x00reader")
    (root / "same").write_text("same")
    (root / "gone").mkdir()
    (root / "gone" / "x").write_text("x")
    with open(root / "sparse", "wb") as file:
        file.truncate(3 << 20)
        file.seek(1 << 20)
        file.write(b"middle")
    first = repo.back_up(root)
    (root / "a" / "b" / "letter.txt").write_bytes(b"dear readers")
    (root / "gone" / "x").unlink()
    (root / "gone").rmdir()
    (root / "new\nline").write_text("n")
    (root / "same").chmod(0o600)
    second = repo.back_up(root)

    def cat(point, path):
        return subprocess.run([binary(), "repo", "cat", point, path, *map(str, repo.options)], check=True,
                              capture_output=True, env=clean_environment()).stdout

    assert cat(first, "a/b/letter.txt") == b"dear\x00reader" and cat(second[:10], "/a/b/letter.txt") == b"dear readers"
    assert cat(first, "sparse") == (root / "sparse").read_bytes()
    assert "not a regular file" in repo.run("cat", first, "a", expect=1).stderr
    assert "there is no" in repo.run("cat", first, "a/nothing", expect=1).stderr

    lines = repo.run("find", "letter.*").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [second[:12], first[:12]]
    assert all(line.endswith("a/b/letter.txt") for line in lines)
    assert "named 'nothing'" in repo.run("find", "nothing", expect=1).stderr

    changes = set(repo.run("diff", first, second).stdout.splitlines())
    assert {"M a/b/letter.txt", "- gone", "- gone/x", "+ new\\x0aline", "a same"} <= changes
    assert not any("sparse" in line for line in changes)
    assert repo.run("diff", second, second).stdout == ""
    assert "is an image" in repo.run("diff", first, repo.back_up(image), expect=1).stderr


def test_unchanged_sources_heal_what_a_repair_lost(repo, image, tree):
    for source in (image, tree):
        repo.back_up(source)
    for pack in (repo.place / "packs").rglob("*"):
        if pack.is_file():
            pack.chmod(0o600)
            data = bytearray(pack.read_bytes())
            for place in range(1000, len(data) - 1000, 50_000):
                data[place] ^= 1
            pack.write_bytes(data)
    repo.run("repair", expect=None)
    assert repo.run("check", expect=1).stderr.count("can't be given back whole") == 2
    # Nothing says that they changed, and what they stored is gone.
    for source in (image, tree):
        repo.back_up(source)
    repo.run("check", "--read-data")
    assert (repo.place / "prune" / "lost").exists()
    repo.run("prune")
    assert not (repo.place / "prune" / "lost").exists()


def test_a_pack_that_is_gone_is_stored_again(repo, image):
    repo.back_up(image)
    max((one for one in (repo.place / "packs").rglob("*") if one.is_file()), key=lambda one: one.stat().st_size).unlink()
    repo.back_up(image)
    repo.run("check", "--read-data")

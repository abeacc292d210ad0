"""Copies between repositories with different keys."""

import json

import sample_data
from holdfast_process import CommandLine, Repo


def test_a_copy_is_what_was_backed_up_and_moves_only_what_is_missing(repo, tree, image, workplace):
    other = Repo(workplace, "offsite")
    to = ("--to", other.place, "--to-key-file", other.key, "--quiet")
    first, disk = repo.back_up(tree), repo.back_up(image)
    done = repo.json("copy", *to)
    assert [one["source"] for one in done["copied"]] == [first, disk] and done["present_count"] == 0

    (tree / "d0" / "new").write_bytes(b"added later")
    sample_data.change_image(image, seed=4)
    second = repo.back_up(tree)
    changed = repo.back_up(image)
    before = other.stored_bytes()
    again = repo.json("copy", *to)
    assert [one["source"] for one in again["copied"]] == [second, changed] and again["present_count"] == 2
    assert again["read_bytes"] < 1 << 20 and other.stored_bytes() - before < 1 << 20
    assert "0 restore points copied, 4 were there; read 0 B" in repo.run("copy", *to).stdout

    copies = {one["source"]: one["target"] for one in done["copied"] + again["copied"]}
    other.run("restore", copies[second], "--target", workplace / "tree")
    sample_data.assert_same_tree(tree, workplace / "tree")
    other.run("restore", copies[changed], "--target", workplace / "image")
    sample_data.assert_same_image(image, workplace / "image")
    other.run("check", "--read-data")
    labels = {one["id"]: one["labels"] for one in other.json("list")}
    assert labels[copies[first]]["origin_restore_point"] == first


def test_what_opens_the_target_is_asked_for_by_itself(repo, image, workplace):
    point = repo.back_up(image)
    other = Repo(workplace, "offsite")
    missing = repo.run("copy", "--to", other.place, expect=2).stderr
    assert "--to-key-file or --to-passphrase-file, or set HOLDFAST_TO_PASSPHRASE" in missing
    assert "does not open" in repo.run(
        "copy", "--to", other.place, "--to-key-file", repo.key, expect=1).stderr
    (workplace / "words").write_text("a passphrase for the target\n")
    other.run("key", "add", "--new-passphrase-file", workplace / "words")
    variable = CommandLine(environment={"HOLDFAST_TO_PASSPHRASE": "a passphrase for the target"})
    done = variable.run("repo", "copy", point[:12], "--to", other.place, *repo.options, "-q", "-o", "json")
    assert len(json.loads(done.stdout)["copied"]) == 1
    assert "same repository" in repo.run("copy", "--to", repo.place, "--to-key-file", repo.key, expect=1).stderr

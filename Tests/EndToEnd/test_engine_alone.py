"""Disaster recovery: the catalog is lost, and the repository with its key alone gives every byte back."""

import json
import os

from holdfast_process import CommandLine
import sample_data


def test_a_lost_catalog_loses_no_bytes(server, api, tree, image, workplace):
    resources = {
        "turbo": (api.register("OS::Sfs::Turbo", "share", tree), "OS::Sfs::Turbo"),
        "disk": (api.register("OS::Cinder::Volume", "disk", image), "OS::Cinder::Volume"),
    }
    contents = {}
    for object_type, (resource, resource_type) in resources.items():
        vault = api.create_vault(object_type, object_type, [{"id": resource, "type": resource_type}])
        for number in (1, 2):
            source = tree if object_type == "turbo" else image
            api.wait_checkpoint(api.create_checkpoint(vault["id"], name=f"{object_type}-{number}")["id"])
            contents[f"{object_type}-{number}"] = (
                sample_data.describe(tree) if source is tree else sample_data.sha256(image))
            if number == 1:
                (tree / "mode").write_text("changed")
                sample_data.change_image(image, seed=number)
    assert server.stop() == 0
    for name in os.listdir(server.data):
        if name.startswith(("catalog", "secrets", "admin", "holdfast", "version")):
            (server.data / name).unlink()

    repository = ("--repository", server.data / "repository", "--key-file", server.data / "repository.key")
    cli = CommandLine()
    listed = json.loads(cli.run("repo", "list", *repository, "-o", "json").stdout)
    assert len(listed) == 4
    assert {one["source"] for one in listed} == {str(tree), str(image)}
    for number, one in enumerate(listed):
        assert one["created_at"]
        target = workplace / f"restored-{number}"
        cli.run("repo", "restore", one["id"], *repository, "--target", target)
        is_tree = one["source"] == str(tree)
        found = sample_data.describe(target) if is_tree else sample_data.sha256(target)
        assert found == contents[one["labels"]["checkpoint_name"]]
        assert one["labels"]["resource_name"] == ("share" if is_tree else "disk")
    cli.run("repo", "check", "--read-data", *repository)

"""The disk with the repository is away for a while, or for good: nothing is acknowledged without it, nothing made in its place."""

import os
import subprocess

from holdfast_process import binary, clean_environment, wait_until
import requests
import sample_data


def test_away_and_back(server, cli, image, workplace):
    cli.run("resource", "register", "--type", "OS::Cinder::Volume", "--name", "disk", "--location", image.as_uri())
    cli.run("vault", "create", "--name", "disks", "--type", "disk", "--resource", "disk")
    cli.run("checkpoint", "create", "--vault", "disks", "--name", "before", "--wait")
    repository, away = server.data / "repository", server.data / "repository-away"
    repository.rename(away)
    assert requests.get(f"{server.url}/readyz", timeout=10).json()["parts"]["repository"] == "unavailable"
    # Nothing changed since: the backup would need no byte to be stored.
    failed = cli.run("checkpoint", "create", "--vault", "disks", "--name", "without", "--wait", expect=1)
    assert "failed" in failed.stderr and not repository.exists()
    away.rename(repository)
    assert requests.get(f"{server.url}/readyz", timeout=10).status_code == 200
    cli.run("checkpoint", "create", "--vault", "disks", "--name", "after", "--wait")
    for name in ("before", "after"):
        target = workplace / "srv" / f"{name}.raw"
        target.touch()
        os.truncate(target, image.stat().st_size)
        cli.run("resource", "register", "--type", "OS::Cinder::Volume", "--name", name, "--location", target.as_uri())
        cli.run("backup", "restore", name, "--volume", name, "--wait")
        sample_data.assert_same_image(image, target)


def test_a_server_does_not_begin_anew_over_its_backups(server, cli, image):
    cli.run("resource", "register", "--type", "OS::Cinder::Volume", "--name", "disk", "--location", image.as_uri())
    cli.run("vault", "create", "--name", "disks", "--type", "disk", "--resource", "disk")
    cli.run("checkpoint", "create", "--vault", "disks", "--name", "one", "--wait")
    assert server.stop() == 0
    repository, away = server.data / "repository", server.data / "repository-away"
    repository.rename(away)
    done = subprocess.run(
        [binary(), "serve", "--data", str(server.data), "--listen", "127.0.0.1:0"], capture_output=True, text=True,
        timeout=60, env=clean_environment())
    assert done.returncode == 1 and "there is no repository at" in done.stderr and not repository.exists()
    away.rename(repository)
    server.start()
    assert [one["name"] for one in cli.json("backup", "list")["backups"]] == ["one"]
    wait_until(lambda: "lost=0" in server.log_text(), 30, "repository compared with the catalog")

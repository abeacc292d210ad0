"""The client verbs: what they do, what they print where, and how they end."""

import json
import os
import pty
import select
import socket
import subprocess

import pytest

from holdfast_process import CommandLine, binary, clean_environment, free_port, wait_until
import sample_data

VOLUME, TREE = "OS::Cinder::Volume", "OS::Sfs::Turbo"


@pytest.fixture
def protected(cli, tree):
    """A registered tree named `share` in a vault named `shares`."""
    resource = cli.json("resource", "register", "--type", TREE, "--name", "share", "--location", tree.as_uri())
    vault = cli.json("vault", "create", "--name", "shares", "--type", "turbo", "--size", "50", "--resource", "share")
    return resource["resource"]["id"], vault["vault"]["id"]


def test_the_whole_story_by_name(cli, tree, workplace, protected):
    resource, vault = protected
    assert [one["id"] for one in cli.json("resource", "list")["resources"]] == [resource]
    assert cli.json("resource", "show", "share")["resource"]["id"] == resource
    assert [one["id"] for one in cli.json("vault", "list")["vaults"]] == [vault]
    assert cli.json("vault", "show", "shares")["vault"]["billing"]["size"] == 50
    cli.run("vault", "update", "shares", "--name", "shares-2", "--size", "60")
    assert cli.json("vault", "show", "shares-2")["vault"]["billing"]["size"] == 60

    done = cli.run("checkpoint", "create", "--vault", "shares-2", "--name", "first", "--description", "by hand",
                   "--resource", "share", "--wait", "-o", "json")
    checkpoint = json.loads(done.stdout)["checkpoint"]
    assert checkpoint["status"] == "available" and checkpoint["extra_info"]["description"] == "by hand"
    assert "100%" in done.stderr and "\r" not in done.stderr, "plain lines where standard error is not a terminal"
    assert cli.json("checkpoint", "show", checkpoint["id"])["checkpoint"] == checkpoint

    backup = cli.json("backup", "list")["backups"][0]
    assert cli.json("backup", "show", "first")["backup"]["id"] == backup["id"]
    target = workplace / "srv" / "back"
    restored = cli.run("backup", "restore", "first", "--destination", target, "--wait", "-o", "json")
    operation = json.loads(restored.stdout)["operation_log"]
    assert (operation["operation_type"], operation["status"]) == ("restore", "success")
    sample_data.assert_same_tree(tree, target)

    assert cli.json("operation", "show", operation["id"])["operation_log"]["status"] == "success"
    cli.run("operation", "wait", operation["id"])
    kinds = [one["operation_type"] for one in cli.json("operation", "list")["operation_logs"]]
    assert kinds == ["restore", "backup"], "newest first"

    cli.run("backup", "delete", "first")
    wait_until(lambda: not cli.json("backup", "list")["backups"], 30, "backup gone")
    cli.run("vault", "remove-resource", "shares-2", "share")
    wait_until(lambda: not cli.json("vault", "show", "shares-2")["vault"]["resources"], 30, "resource removed")
    cli.run("vault", "add-resource", "shares-2", "share")
    cli.run("vault", "delete", "shares-2")
    wait_until(lambda: not cli.json("vault", "list")["vaults"], 30, "vault gone")
    cli.run("resource", "remove", "share")
    assert cli.json("resource", "list")["resources"] == []


def test_tables_show_names_and_ids(cli, protected):
    for verb, shown in (("resource", "share"), ("vault", "shares")):
        lines = cli.run(verb, "list").stdout.splitlines()
        assert "NAME" in lines[0] and any(shown in line for line in lines[1:])


def test_a_misspelt_name_gets_a_hint(cli, protected):
    for verb in (["vault", "show", "sharse"], ["checkpoint", "create", "--vault", "Shares"]):
        done = cli.run(*verb, expect=1)
        assert done.stdout == "" and "not found; did you mean 'shares'?" in done.stderr.splitlines()[0]
    far = cli.run("vault", "show", "something else entirely", expect=1)
    assert "did you mean" not in far.stderr


def test_a_name_that_two_have_is_refused_with_their_ids(cli):
    ids = [cli.json("vault", "create", "--name", "twin", "--type", "disk")["vault"]["id"] for _ in range(2)]
    done = cli.run("vault", "delete", "twin", expect=1)
    assert all(one in done.stderr for one in ids)
    cli.run("vault", "delete", ids[0])


def test_exit_codes_tell_what_happened(cli, server, tree, protected, api):
    assert cli.run("vault", "no-such-verb", expect=2).stderr
    assert cli.run("vault", "create", expect=2).stderr
    assert cli.run("vault", "create", "--name", "bad name!", expect=1).stderr.startswith("holdfast: ")
    # One resource of two cannot be reached: the rest goes on, and the code says that something was left out.
    gone = sample_data.make_tree(server.protected / "gone", files=2)
    api.register(TREE, "gone", gone)
    cli.run("vault", "add-resource", "shares", "gone")
    gone.rename(server.protected / "moved away")
    done = cli.run("checkpoint", "create", "--vault", "shares", "--wait", "-o", "json", expect=3)
    skipped = json.loads(done.stdout)["checkpoint"]["vault"]["skipped_resources"]
    assert [one["name"] for one in skipped] == ["gone"] and skipped[0]["code"] and skipped[0]["reason"]
    assert done.stderr
    # Without waiting too, and by name.
    done = cli.run("checkpoint", "create", "--vault", "shares", "-o", "json", expect=3)
    assert json.loads(done.stdout)["checkpoint"]["id"] and "1 resource was skipped: gone (" in done.stderr


def test_waiting_outlives_a_restart_of_the_server(cli, server, api, protected):
    cli.run("checkpoint", "create", "--vault", "shares", "--wait")
    operation = cli.json("operation", "list")["operation_logs"][0]["id"]
    assert server.stop() == 0
    process = subprocess.Popen(
        [binary(), "operation", "wait", operation], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env=clean_environment(HOLDFAST_CREDENTIALS=server.credentials_path))
    assert process.stderr.readline().startswith("waiting for the server: ")
    server.start()
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 0 and "the server answers again" in rest and "100%" in rest


def test_credentials_are_asked_for_by_name(server):
    without = CommandLine()
    assert "OS_AUTH_URL" in without.run("vault", "list", expect=1).stderr
    half = CommandLine(environment={"OS_AUTH_URL": f"{server.url}/v3", "OS_USERNAME": "admin"})
    assert "OS_PASSWORD" in half.run("vault", "list", expect=1).stderr
    missing = CommandLine().run("vault", "list", "--credentials", "/nowhere/credentials.json", expect=1)
    assert "/nowhere/credentials.json" in missing.stderr


def test_openstack_variables_and_tokens_do_as_well(server, api):
    known = server.credentials
    whole = {"OS_AUTH_URL": server.url, "OS_USERNAME": known["user_name"], "OS_PASSWORD": known["password"],
             "OS_PROJECT_NAME": known["project_name"], "OS_USER_DOMAIN_NAME": known["domain_name"],
             "OS_PROJECT_DOMAIN_NAME": known["domain_name"], "OS_REGION_NAME": known["region"]}
    assert CommandLine(environment=whole).json("vault", "list")["vaults"] == []
    by_token = {"OS_AUTH_URL": f"{server.url}/v3", "OS_TOKEN": api.token()}
    assert CommandLine(environment=by_token).json("vault", "list")["vaults"] == []
    wrong = CommandLine(environment={**whole, "OS_PASSWORD": "wrong"}).run("vault", "list", expect=1)
    assert "wrong password" in wrong.stderr and known["password"] not in wrong.stderr


def test_a_server_that_is_not_there_is_one_sentence(server, workplace):
    port = free_port()
    known = {**server.credentials, "endpoint": f"http://127.0.0.1:{port}", "iam_endpoint": f"http://127.0.0.1:{port}"}
    path = workplace / "elsewhere.json"
    path.write_text(json.dumps(known))
    done = CommandLine().run("vault", "list", "--credentials", path, expect=1)
    assert len(done.stderr.splitlines()) == 1 and f"http://127.0.0.1:{port}" in done.stderr


def test_a_bar_is_drawn_on_a_terminal(server, protected):
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [binary(), "checkpoint", "create", "--vault", "shares", "--wait", "-o", "json"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=follower,
        env=clean_environment(HOLDFAST_CREDENTIALS=server.credentials_path))
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
    out = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert json.loads(out)["checkpoint"]["status"] == "available"
    assert b"\r" in drawn and b"[" in drawn and b"100%" in drawn


def test_a_failed_restore_ends_with_1(cli, server, protected, workplace):
    cli.run("checkpoint", "create", "--vault", "shares", "--name", "one", "--wait")
    outside = cli.run("backup", "restore", "one", "--destination", workplace / "outside", "--wait", expect=1)
    assert outside.stdout == "" and not (workplace / "outside").exists()


def test_an_address_that_answers_nonsense_is_one_sentence(workplace, server):
    """A service that is no Identity v3: a clear refusal, not a crash."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            [binary(), "vault", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=clean_environment(OS_AUTH_URL=f"http://127.0.0.1:{port}/v3", OS_TOKEN="x", OS_PROJECT_ID="y"))
        listener.settimeout(30)
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        connection.close()
        out, err = process.communicate(timeout=60)
    assert process.returncode == 1 and out == "" and len(err.splitlines()) == 1

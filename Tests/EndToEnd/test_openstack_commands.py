"""Every `openstack cbr` command and every call of the SDK's cbr proxy, from a row each; both tables are printed."""

import importlib.metadata
import inspect
import json
import re

from cliff import lister, show
from openstack import connection as openstack_connection
import otcextensions.sdk
from otcextensions.sdk.cbr.v3 import _proxy
import pytest

from openstack_rows import CALLS, COMMANDS, DISK
from projects import Neighbour
from test_sdk_operations import filled
from test_openstack_story import OpenStack, connection, vault_attributes
import sample_data


def installed() -> dict:
    """The class of every command that the client has, by what is typed."""
    return {point.name.replace("_", " "): point.load() for point in importlib.metadata.entry_points(group="openstack.cbr.v3")}


def print_table(capsys, title, rows):
    with capsys.disabled():
        print(f"\n{title}: {len(rows)}")
        for name, good, bad in rows:
            print(f"  {name:<24}{good:<26}{bad}")


@pytest.fixture
def known(api, image, workplace) -> dict:
    """Two disks."""
    other = sample_data.make_image(workplace / "srv" / "images" / "other.raw", 64 << 20, seed=8)
    return {"disk": api.register(DISK, "disk", image), "other": api.register(DISK, "other", other),
            "disk_file": image, "other_file": other}


def test_every_command_is_answered(server, api, known, capsys):
    classes = installed()
    assert sorted(row.name for row in COMMANDS) == sorted(classes), "one row for each command of the client"
    cli = OpenStack(server)
    table, problems = [], []
    for row in COMMANDS:
        def words(given):
            return [word.format(**known) for word in given]

        def holds(what, done, value):
            if not value:
                problems.append(f"{row.name}: {what}: {done.returncode}\n{done.stdout}{done.stderr}")

        prints = issubclass(classes[row.name], (lister.Lister, show.ShowOne))
        good = cli.done(*row.name.split(), *words(row.good), *(["-f", "json"] if prints else []))
        if row.broken:
            holds("the client's fault", good, good.returncode == 1 and re.search(row.broken, good.stderr))
        else:
            assert good.returncode == 0, f"{row.name}: {good}, {problems}"
            shown = cli.spelt(json.loads(good.stdout)) if good.stdout.strip() else None
            holds("what it gives", good, row.gives(shown, known))
            known |= {name: read(shown) for name, read in row.keep.items()}
        holds("what is there afterwards", good, row.leaves is None or row.leaves(api, known))
        bad = cli.done(*row.before_bad, *row.name.split(), *words(row.bad))
        holds("the refusal", bad, bad.stdout == "" and re.search(row.says, bad.stderr) and (
            bad.returncode in (1, 2) or row.deaf and row.says == "^$"))
        if row.deaf:
            status, code, path, body = row.deaf
            answer = api.call("POST", f"/vaults/{known['vault']}/{path}", filled(body, known))
            holds("what the client did not hear", bad, (answer.status_code, answer.json()["error_code"]) == (
                status, f"BackupService.{code}"))
            holds("what is there after the refusal", bad, row.leaves(api, known))
        told = (bad.stderr.strip().splitlines() or ["nothing"])[-1]
        table.append((row.name, "the client's own fault" if row.broken else "ok", told[:100]))
    print_table(capsys, "openstack cbr commands", table)
    assert not problems, "\n".join(problems)


class Proxy:
    """Calls the proxy, and makes lists of what it gives bit by bit."""

    def __init__(self, proxy):
        self.proxy = proxy

    def call(self, name, given):
        arguments, named = given
        answer = getattr(self.proxy, name)(*arguments, **named)
        return list(answer) if inspect.isgenerator(answer) else answer


def trespasser(server, project: str):
    """The server's own user, on the path of another project."""
    known = server.credentials
    made = openstack_connection.Connection(
        auth_type="password", region_name=known["region"], cbr_endpoint_override=f"{server.url}/v3/{project}",
        auth=dict(auth_url=server.url + "/v3", username=known["user_name"], password=known["password"],
                  user_domain_name=known["domain_name"], project_name=known["project_name"],
                  project_domain_name=known["domain_name"]))
    otcextensions.sdk.load(made)
    return made


def test_every_call_of_the_proxy_is_answered(server, api, known, capsys):
    methods = {name for name, member in inspect.getmembers(_proxy.Proxy, inspect.isfunction)
               if member.__module__ == _proxy.__name__ and not name.startswith("_")}
    neighbour = Neighbour(server)
    known["member"] = neighbour.credentials["project_id"]
    proxies = {who: Proxy(made.cbr) for who, made in (
        ("owner", connection(server)), ("member", connection(neighbour)),
        ("trespasser", trespasser(server, known["member"])))}
    known["received"] = proxies["member"].proxy.create_vault(**vault_attributes("received", "disk")).id
    table, problems = [], []
    for row in CALLS:
        answer = proxies[row.by].call(row.name, row.good(known))
        if not row.holds(answer, known):
            problems.append(f"{row.name}: {answer}")
        known |= {name: read(answer) for name, read in row.keep.items()}
        if row.leaves and not row.leaves(api, known):
            problems.append(f"{row.name}: what is there afterwards")
        expected = row.error if isinstance(row.error, type) else ()
        try:
            answer = proxies[row.bad_by or row.by].call(row.name, row.bad(known))
            if getattr(answer, "status_code", None) != row.error or not re.search(row.says, answer.text):
                problems.append(f"{row.name}: the bad call gave {answer}")
            table.append((row.name, "ok", f"{answer.status_code}, and no exception"))
        except expected as refused:
            if not re.search(row.says, str(refused)):
                problems.append(f"{row.name}: {refused}")
            table.append((row.name, "ok", f"{row.error.__name__}: {refused}"[:110]))
    print_table(capsys, "calls of the openstacksdk proxy", table)
    assert not problems, "\n".join(problems)
    assert sorted(name for name, _, _ in table) == sorted(methods), "each call of the proxy succeeds once, and once not"

"""Requests in a crowd, and requests of the wrong kind, against the real binary: a right answer or a clean refusal,
never a fault of the server, never a resource that stays stuck."""

import concurrent.futures
import json
import os
import socket
import time

import pytest

from holdfast_process import Api, wait_until
import sample_data

TREE = "OS::Sfs::Turbo"


@pytest.fixture
def vault(api, tree):
    """A vault with one tree; when the test is over, the same vault must still make a good restore point."""
    resource = api.register(TREE, "share", tree)
    made = api.create_vault("shares", "turbo", [{"id": resource, "type": TREE}])
    yield made["id"]
    # A request that was sent whole may still be taken up after its client is gone.
    answer = wait_until(lambda: accepted(post_checkpoint(api, made["id"])), 60, "the resource is free again")
    done = api.wait_checkpoint(answer["checkpoint"]["id"])
    assert done["status"] == "available" and done["vault"]["skipped_resources"] == []


def accepted(answer) -> dict | None:
    assert answer.status_code in (200, 400), answer.text
    return answer.json() if answer.status_code == 200 else None


def wait_idle(api: Api) -> None:
    """Every operation has come to an end."""
    wait_until(
        lambda: all(one["status"] not in ("running", "waiting") for one in api.get("/operation-logs")["operation_logs"]),
        60, "operations ended")


def post_checkpoint(api: Api, vault: str):
    return api.call("POST", "/checkpoints", {"checkpoint": {"vault_id": vault}})


@pytest.mark.parametrize("count", [2, 100])
def test_restore_points_asked_for_at_once(api, vault, count):
    with concurrent.futures.ThreadPoolExecutor(max_workers=min(count, 32)) as crowd:
        answers = list(crowd.map(lambda _: post_checkpoint(api, vault), range(count)))
    made = [one.json()["checkpoint"] for one in answers if one.status_code == 200]
    assert made, "at least one is carried out"
    for refused in (one for one in answers if one.status_code != 200):
        assert refused.status_code == 400, refused.text
        assert refused.json()["error_code"].startswith("BackupService.") and refused.json()["error_msg"]
    wait_idle(api)
    for one in made:
        assert api.get(f"/checkpoints/{one['id']}")["checkpoint"]["status"] == "available"
    assert all(one["status"] == "available" for one in api.backups())
    assert len(api.backups()) == len(made)


def raw(api: Api, head: str, body: bytes = b"", declared: int | None = None, timeout: float = 60) -> bytes:
    """Sends bytes as they are, and returns all that comes back until the server closes or `timeout` passes."""
    length = len(body) if declared is None else declared
    text = (f"{head} HTTP/1.1\r\nHost: 127.0.0.1:{api.server.port}\r\nX-Auth-Token: {api.session.headers['X-Auth-Token']}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
    with socket.create_connection(("127.0.0.1", api.server.port), timeout=timeout) as connection:
        answer = b""
        try:
            connection.sendall(text.encode() + body)
            while piece := connection.recv(65536):
                answer += piece
        except (ConnectionError, TimeoutError):
            pass
        return answer


def test_clients_that_drop_the_connection(api, vault):
    body = json.dumps({"checkpoint": {"vault_id": vault}}).encode()
    for kept in (0, 10, len(body) - 1, len(body)):
        with socket.create_connection(("127.0.0.1", api.server.port)) as connection:
            connection.sendall((
                f"POST /v3/{api.project}/checkpoints HTTP/1.1\r\nHost: x\r\n"
                f"X-Auth-Token: {api.session.headers['X-Auth-Token']}\r\nContent-Length: {len(body)}\r\n\r\n"
            ).encode() + body[:kept])
    assert api.get("/vaults")["count"] == 1


@pytest.mark.parametrize("size", [10 << 20, 1 << 30])
def test_huge_bodies_are_refused_without_being_kept(api, vault, size):
    piece = b"[" * (1 << 20)
    memory_before = resident_bytes(api.server.process.pid)
    started = time.monotonic()
    answer = b""
    with socket.create_connection(("127.0.0.1", api.server.port), timeout=60) as connection:
        try:
            connection.sendall((
                f"POST /v3/{api.project}/checkpoints HTTP/1.1\r\nHost: x\r\n"
                f"X-Auth-Token: {api.session.headers['X-Auth-Token']}\r\nContent-Length: {size}\r\n\r\n").encode())
            for _ in range(size >> 20):
                connection.sendall(piece)
        except ConnectionError:
            pass
        try:
            answer = connection.recv(65536)
        except ConnectionError:  # the server closed while we were still sending: our answer is lost with the rest
            pass
    assert answer == b"" or answer.split(b" ")[1] in (b"400", b"413"), answer[:200]
    assert time.monotonic() - started < 30
    assert resident_bytes(api.server.process.pid) - memory_before < 64 << 20


def resident_bytes(pid: int) -> int:
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_body_sent_a_byte_a_second_does_not_hold_others_up(api, vault):
    with socket.create_connection(("127.0.0.1", api.server.port)) as slow:
        slow.sendall((
            f"POST /v3/{api.project}/checkpoints HTTP/1.1\r\nHost: x\r\n"
            f"X-Auth-Token: {api.session.headers['X-Auth-Token']}\r\nContent-Length: 1000\r\n\r\n").encode())
        for _ in range(3):
            slow.sendall(b"{")
            sent = time.monotonic()

            def a_second_of_answers() -> bool:
                started = time.monotonic()
                api.get("/vaults")
                assert time.monotonic() - started < 5
                return time.monotonic() - sent > 1
            wait_until(a_second_of_answers, 30, "others are answered between two bytes")


def test_lengths_that_lie(api, vault):
    path = f"POST /v3/{api.project}/checkpoints"
    good = json.dumps({"checkpoint": {"vault_id": vault}}).encode()
    short = raw(api, path, good, declared=len(good) - 5)
    assert short.split(b" ")[1] == b"400"
    for declared in ("-1", "abc", "99999999999999999999"):
        answer = raw(api, path, good, declared=declared)
        assert answer == b"" or answer.split(b" ")[1].startswith(b"4"), answer[:200]


MALFORMED = [
    b"", b"{", b"null", b"[]", b'"x"', b"{}", b"\xff\xfe", b'{"checkpoint":[]}', b'{"checkpoint":{"vault_id":7}}',
    b'{"checkpoint":{"vault_id":null}}', b"[" * 100_000, b'{"checkpoint":' * 5_000,
]


@pytest.mark.parametrize("body", MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_bodies_are_400(api, vault, body):
    answer = api.call("POST", "/checkpoints", data=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error_code"] and answer.json()["error_msg"] and answer.headers["X-Request-Id"]


def limits():
    """Each limit of a restore point's parameters: the field that must be named, one value that passes, one that does not."""
    return [
        ("name", {"name": "n" * 64}, {"name": "n" * 65}),
        ("name", {"name": "a-b_C9"}, {"name": ""}),
        ("name", {"name": "x"}, {"name": "a b"}),
        ("name", {"name": "y"}, {"name": 7}),
        ("description", {"description": "\U0001F600" * 255}, {"description": "\U0001F600" * 256}),
        ("description", {"description": ""}, {"description": ["x"]}),
        ("incremental", {"incremental": False}, {"incremental": "false"}),
        ("auto_trigger", {"auto_trigger": True}, {"auto_trigger": 1}),
        ("resources", {}, {"resources": "all"}),
        ("resources", {}, {"resources": [1]}),
        ("resource_details", {}, {"resource_details": [{"id": "x", "type": TREE}] * 257}),
        ("resource_details", {}, {"resource_details": [{"type": TREE}]}),
        ("type", {}, {"resource_details": [{"id": "x", "type": "OS::No::Such"}]}),
    ]


@pytest.mark.parametrize("field,good,bad", limits())
def test_each_limit_of_a_restore_point(api, vault, field, good, bad):
    refused = api.call("POST", "/checkpoints", {"checkpoint": {"vault_id": vault, "parameters": bad}})
    assert refused.status_code == 400, refused.text
    assert refused.json()["error_code"].startswith("BackupService.") and field in refused.json()["error_msg"]
    assert api.wait_checkpoint(api.create_checkpoint(vault, **good)["id"])["status"] == "available"

"""The vendor's SDK calls every one of its operations against the real server; a table of the result is printed."""

import inspect
import re

import huaweicloudsdkcbr.v1 as sdk
from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
import pytest

from holdfast_process import Api
from peers import pair, replica_vault
from projects import Neighbour
from sdk_rows import ROWS
from test_sdk_story import client_by_endpoint
import sample_data

#: Answers that the SDK hands on as they are.
FREE = {"list_features", "show_feature", "migrate_domain"}
CODE = re.compile(r"^(BackupService|APIGW)\.\d{4}$")


def operations() -> set[str]:
    """Every operation that the SDK has."""
    return {name for name, _ in inspect.getmembers(sdk.CbrClient, inspect.isfunction)
            if hasattr(sdk.CbrClient, f"_{name}_http_info")}


def pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def filled(value, known):
    """`{name}` in texts, however deep, becomes what is known by that name."""
    if isinstance(value, str):
        return known.get(value[1:-1], "unknown") if re.fullmatch(r"\{[a-z_0-9]+\}", value) else value
    if isinstance(value, dict):
        return {key: filled(one, known) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, known) for one in value]
    return value


def held(row, answer, known) -> bool:
    """A field that is missing does not hold."""
    try:
        return bool(row.holds(answer, known))
    except (AttributeError, IndexError, KeyError, TypeError):
        return False


def test_no_row_can_pass_by_an_empty_answer():
    known = dict.fromkeys(["vault", "policy", "disk", "backup", "checkpoint", "log", "organization", "lonely", "third",
                           "project", "project_2", "domain", "domain_name", "member_vault", "far_vault"], "kept")
    for row in ROWS:
        assert row.holds or row.leaves, f"{row.operation}: nothing has to hold of its answer"
        empty = getattr(sdk, pascal(row.operation) + "Response")()
        says_nothing = not (set(empty.openapi_types) - {"x_request_id", "body"})
        takes_away = '"method": "DELETE"' in inspect.getsource(getattr(sdk.CbrClient, f"_{row.operation}_http_info"))
        assert row.leaves or not (takes_away or row.declined), f"{row.operation}: nobody looks what it left behind"
        assert row.leaves or not says_nothing or row.operation in FREE, f"{row.operation}: its answer says nothing"
        assert row.holds is None or not held(row, empty, known), f"{row.operation}: an answer without fields passes"
        assert (row.bad is None) == bool(row.never_bad), f"{row.operation}: a bad call, or why there is none"


class Sweep:
    def __init__(self, server, neighbour, api, known):
        self.client = client_by_endpoint(server)
        self.member = client_by_endpoint(neighbour)
        own = server.credentials
        self.elsewhere = sdk.CbrClient.new_builder().with_credentials(BasicCredentials(
            own["access_key"], own["secret_key"], known["project_2"])).with_endpoint(server.url).build()
        self.api = api
        self.known = known
        self.problems: list[str] = []
        self.table: list[tuple[str, str, str]] = []

    def call(self, row, arguments, client=None):
        """The answer, or the SDK's exception."""
        client = client or (self.member if row.as_member else self.client)
        request = getattr(sdk, pascal(row.operation) + "Request")(**filled(arguments, self.known))
        try:
            return getattr(client, row.operation)(request)
        except ServiceResponseException as refused:
            return refused

    def refused(self, row, answer, wanted: tuple[int, str] | None, which) -> str:
        if not isinstance(answer, ServiceResponseException):
            self.problems.append(f"{row.operation}: the {which} call succeeded")
            return "NOT REFUSED"
        found = f"{answer.status_code} {answer.error_code}"
        if not CODE.match(answer.error_code) or not answer.error_msg or not answer.request_id:
            self.problems.append(f"{row.operation}: the {which} call's error is not the interface's: {answer}")
        elif answer.status_code >= 500:
            self.problems.append(f"{row.operation}: the {which} call was a fault: {answer}")
        elif wanted and not re.fullmatch(rf"{wanted[0]} \w+\.{wanted[1] or '....'}", found):
            self.problems.append(f"{row.operation}: the {which} call: {found} {answer.error_msg}, not {wanted}")
        return found

    def wait(self, what):
        if what == "checkpoint":
            self.api.wait_checkpoint(self.known["checkpoint"])
        elif what is not None:
            for log in self.api.get("/operation-logs")["operation_logs"]:
                self.api.wait_operation(log["id"])

    def run(self, row):
        self.wait(row.waits)
        answer = self.call(row, row.good)
        if row.declined:
            good = self.refused(row, answer, row.declined, "good")
        elif isinstance(answer, ServiceResponseException):
            good = self.refused(row, answer, None, "good")
            self.problems.append(f"{row.operation}: the good call was refused: {good} {answer.error_msg}")
            # What follows needs what this one should have made.
            assert not row.keep, self.problems
        else:
            good = str(answer.status_code)
            if row.holds and not held(row, answer, self.known):
                self.problems.append(f"{row.operation}: the answer is not as it has to be: {answer}")
            self.known |= {name: read(answer) for name, read in row.keep.items()}
        if row.leaves and not row.leaves(self.api, self.known):
            self.problems.append(f"{row.operation}: what is there afterwards is not as it has to be")
        bad = row.never_bad or self.refused(
            row, self.call(row, row.bad, self.elsewhere if row.bad_elsewhere else None), row.refusal, "bad")
        self.table.append((row.operation, good, bad))


def test_every_operation_of_the_sdk_is_answered(server, make_server, image, workplace, capsys):
    named = [row.operation for row in ROWS]
    assert sorted(named) == sorted(operations()), "one row for each operation of the SDK"
    assert len(named) == 74

    south = make_server("south", "--region", "south-1").start()
    pair(server, south, workplace)
    api, far = Api(server), Api(south)
    other = sample_data.make_image(workplace / "srv" / "images" / "other.raw", 64 << 20, seed=8)
    third = sample_data.make_image(workplace / "srv" / "images" / "third.raw", 1 << 20, seed=9)
    credentials, neighbour = server.credentials, Neighbour(server)
    known = {
        "project": api.project, "domain": credentials["domain_id"], "domain_name": credentials["domain_name"],
        "project_2": neighbour.credentials["project_id"],
        "member_vault": Api(neighbour).create_vault("received", "disk")["id"], "far_project": far.project,
        "disk_file": image, "other_file": other,
        "far_vault": replica_vault(far, "disk"), "disk": api.register("OS::Cinder::Volume", "disk", image),
        "other": api.register("OS::Cinder::Volume", "other", other)}
    lonely = api.register("OS::Cinder::Volume", "third", third)
    known["third"] = lonely
    known["vault_2"] = api.create_vault("second", "disk", [{"id": lonely, "type": "OS::Cinder::Volume"}])["id"]
    api.wait_checkpoint(api.create_checkpoint(known["vault_2"], name="lonely")["id"])
    known["lonely"] = api.backups(vault_id=known["vault_2"])[0]["id"]

    sweep = Sweep(server, neighbour, api, known)
    for row in ROWS:
        sweep.run(row)
    with capsys.disabled():
        print(f"\n{'operation':<38}{'good call':<36}bad call")
        for operation, good, bad in sorted(sweep.table):
            print(f"{operation:<38}{good:<36}{bad}")
        print(f"{len(sweep.table)} operations of the SDK")
    assert not sweep.problems, "\n".join(sweep.problems)
    assert len(sweep.table) == 74


@pytest.mark.parametrize("change", ["secret", "key"])
def test_every_operation_refuses_a_stranger(server, change):
    """A wrong secret or an unknown key is 401 for each operation, before anything else is looked at."""
    known = server.credentials
    key, secret = known["access_key"], known["secret_key"]
    stranger = BasicCredentials(
        key if change == "secret" else "A" * 20, secret if change == "key" else "s" * 40, known["project_id"])
    client = sdk.CbrClient.new_builder().with_credentials(stranger).with_endpoint(server.url).build()
    for row in ROWS:
        request = getattr(sdk, pascal(row.operation) + "Request")(**filled(row.good, {}))
        with pytest.raises(ServiceResponseException) as refused:
            getattr(client, row.operation)(request)
        assert refused.value.status_code == 401, row.operation
        assert refused.value.error_code == "APIGW.0301", row.operation

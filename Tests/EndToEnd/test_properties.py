"""Property-based requests made from the served OpenAPI document, held to all of schemathesis's checks."""

import base64
from dataclasses import dataclass
import json
import pathlib
import re
import subprocess
import sys

import requests

from holdfast_process import clean_environment

SEED = 20260401
EXAMPLES = 6
#: Where this does not suffice, something is too slow.
SECONDS = 180
#: `examples` has nothing to do as long as the document has none.
PHASES = {"examples", "coverage", "fuzzing", "stateful"}


@dataclass
class Difference:
    """Where a check does not hold, and why that is as it should be."""
    check: str
    #: Of the request: method and path, as the document has it, and the query.
    request: str
    #: Of the answer: its sentence, or its text.
    answer: str
    why: str


ANY = r".*"
REFUSED, TAKEN, ALLOW = "positive_data_acceptance", "negative_data_rejection", "allow_header_conformance"

DIFFERENCES = [
    # The document is the interface's: it leaves out what its pages say in words, and the server asks for all the same.
    Difference(REFUSED, ANY, r"must have (1 to \d+|exactly \d+) characters, not ", "the document has no lengths for ids and keys"),
    Difference(REFUSED, ANY, r"must have at (least 1|most \d+) items", "nor how many things a list may name"),
    Difference(REFUSED, ANY, r"may contain only ", "which letters names and keys have is in words"),
    Difference(REFUSED, ANY, r"must be (-1, or )?from -?\d+ to \d+|must be a number from \d+ to \d+, as text",
               "ranges that pages have, and the document has not"),
    Difference(REFUSED, ANY, r"must be like 2026-11-23T10:00:00Z|must be a day as|a day that the calendar does not have",
               "a pattern of digits is not a day"),
    Difference(REFUSED, ANY, r"sort: must be a list of key", "free text in the document"),
    Difference(REFUSED, r"/agents", r"has to be a UUID|must be an absolute path", "free text in the document"),
    Difference(REFUSED, ANY, r"is no resource type|operation_type: must be backup or replication", "free text in the document"),
    Difference(REFUSED, r"policies", r"can't be used: it has to be NAME=VALUE", "free text in the document"),
    Difference(REFUSED, r"cbr-features/", r"must be one of", "an unknown feature is 400 in the interface"),
    Difference(REFUSED, r"PUT .*/backups/|/vault/\{vault_id\}/tags", r"is required|body: must be JSON",
               "bodies that the document calls optional, and that say what is to be done"),
    Difference(REFUSED, r"/vaults/external|/organization-policies\?", r"is required", "an empty parameter is a missing one"),
    Difference(REFUSED, r"/members|/associatepolicy|/batch-update|/(add|remove)-path", r"is required|must have smn_notify or",
               "one of several, or what another field asks for"),
    Difference(REFUSED, ANY, r"can't be given|has the key .* twice|takes one of", "fields that exclude each other"),
    Difference(REFUSED, ANY, r"NUL character", "no catalog stores it"),
    Difference(REFUSED, ANY, r"must be post_paid|there are no orders here|every vault is post_paid", "a house has no cashier"),
    Difference(REFUSED, ANY, r"has nothing to back up|holds replicas|takes no replicas of this project|is not in this vault",
               "what is there does not allow it"),
    # What is broken by the document's letter, and is taken.
    Difference(TAKEN, r"GET .*[?&](status|operation_type|protect_type|object_type|image_type|resource_type|cloud_type|"
               r"own_type|member_status|name)=", r'"(vaults|backups|operation_logs|policies|instances)":\[\]',
               "a filter with a value that nothing has finds nothing: clients count on an empty list"),
    Difference(TAKEN, r"GET .*[?&]\w+=(&|$)", r'count":', "an empty parameter is a missing one"),
    Difference(TAKEN, r"(POST|PUT) ", r'^\{"(vault|updated_vaults_id)":',
               "null is a field that is left out, and a vault without `resources` is empty"),
    Difference(ALLOW, r"OPTIONS .*/(vaults|backups|checkpoints|orders|tags)/[a-z-]+(\?|$)", r"this path takes",
               "such a word may also be an id, to which other methods are open"),
]


def told(response: dict) -> str:
    """The sentence of an error, or the text of any other answer."""
    text = base64.b64decode((response.get("content") or {}).get("$base64", "")).decode(errors="replace")
    try:
        return json.loads(text)["error_msg"]
    except (ValueError, KeyError, TypeError):
        return text


def is_expected(check: str, request: str, answer: str) -> bool:
    return any(one.check == check and re.search(one.request, request) and re.search(one.answer, answer)
               for one in DIFFERENCES)


def test_requests_made_from_the_served_document_are_answered_as_documented(server, api, workplace):
    report = workplace / "report.ndjson"
    # What the paths name: the own project, so that requests get past the door; all else is made up.
    (workplace / "schemathesis.toml").write_text(f'[parameters]\n"path.project_id" = "{api.project}"\n')
    program = pathlib.Path(sys.executable).parent / "schemathesis"
    done = subprocess.run(
        [str(program), "--config-file", str(workplace / "schemathesis.toml"), "run",
         server.url + "/holdfast/v1/openapi.json", "--header", f"X-Auth-Token: {api.token()}",
         "--checks", "all", "--phases", ",".join(sorted(PHASES)), "--seed", str(SEED), "--max-examples", str(EXAMPLES),
         "--generation-database", "none", "--continue-on-failure", "--no-shrink", "--no-color",
         "--suppress-health-check", "all", "--warnings", "off", "--report", "ndjson",
         "--report-ndjson-path", str(report)],
        capture_output=True, text=True, timeout=SECONDS, cwd=workplace, env=clean_environment())
    # 1 says that checks failed: which ones may is told below.
    assert done.returncode in (0, 1), f"schemathesis ended with {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-2000:]}"
    assert server.process.poll() is None

    failures, called, checks, phases = [], set(), set(), set()
    with open(report) as lines:
        for line in lines:
            (kind, event), = json.loads(line).items()
            assert not kind.endswith(("Error", "Interrupted")), f"{kind}: {event}"
            if kind != "ScenarioFinished":
                continue
            phases.add(event["phase"])
            recorder = event["recorder"]
            interactions = recorder.get("interactions", {})
            for case, ran in recorder.get("checks", {}).items():
                made, interaction = recorder["cases"][case]["value"], interactions[case]
                response = interaction["response"]
                assert response, f"no answer to {interaction['request']}"
                query = interaction["request"]["uri"].partition("?")
                request = f"{made['method']} {made['path']}{query[1]}{query[2]}"
                if response["status_code"] not in (401, 405):
                    called.add((made["method"], made["path"]))
                for check in ran:
                    checks.add(check["name"])
                    if check["status"] != "success" and not is_expected(check["name"], request, told(response)):
                        failures.append(f"{check['name']}: {request}: {response['status_code']} {told(response)[:300]}")
    assert not failures, f"{len(failures)} failures\n" + "\n".join(sorted(set(failures))[:60])
    assert phases == PHASES
    assert checks >= {"unsupported_method", "ignored_auth", REFUSED, TAKEN, "status_code_conformance"}, checks
    document = requests.get(server.url + "/holdfast/v1/openapi.json", timeout=10).json()
    missed = [operation["operationId"] for path, item in document["paths"].items() for method, operation in item.items()
              if method in ("get", "post", "put", "delete") and (method.upper(), path) not in called]
    assert not missed, f"never called: {missed}"

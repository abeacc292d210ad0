"""Property-based requests made from the served OpenAPI document: no fault, and no answer but those it documents."""

import json
import pathlib
import subprocess
import sys

from holdfast_process import clean_environment

SEED = 20260401
EXAMPLES = 6
#: Where this does not suffice, something is too slow.
SECONDS = 120
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def test_requests_made_from_the_served_document_are_answered_as_documented(server, api, workplace):
    report = workplace / "report.ndjson"
    # What the paths name: the own project, so that requests get past the door; all else is made up.
    (workplace / "schemathesis.toml").write_text(f'[parameters]\n"path.project_id" = "{api.project}"\n')
    program = pathlib.Path(sys.executable).parent / "schemathesis"
    done = subprocess.run(
        [str(program), "--config-file", str(workplace / "schemathesis.toml"), "run",
         server.url + "/holdfast/v1/openapi.json", "--header", f"X-Auth-Token: {api.token()}",
         "--checks", CHECKS, "--phases", "coverage,fuzzing", "--seed", str(SEED), "--max-examples", str(EXAMPLES),
         "--generation-database", "none", "--continue-on-failure", "--no-color",
         "--suppress-health-check", "all", "--warnings", "off", "--report", "ndjson",
         "--report-ndjson-path", str(report)],
        capture_output=True, text=True, timeout=SECONDS, cwd=workplace, env=clean_environment())
    tail = "\n".join(done.stdout.splitlines()[-200:])
    assert done.returncode == 0, f"schemathesis ended with {done.returncode}\n{tail}\n{done.stderr[-2000:]}"
    kinds = [next(iter(json.loads(line))) for line in report.read_text().splitlines() if line]
    assert len(kinds) > 100, "it has to have tried every operation"
    assert server.process.poll() is None

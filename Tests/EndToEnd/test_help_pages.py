"""docs/cli holds the help of every verb, and holds it true.

HOLDFAST_UPDATE_DOCS=1 writes the pages in place of comparing them.
"""

import json
import os
import subprocess

from holdfast_process import ROOT, binary, clean_environment

PAGES = ROOT / "docs" / "cli"


def output(*arguments: str) -> str:
    environment = clean_environment(COLUMNS="100", TERM="dumb")
    return subprocess.run([binary(), *arguments], check=True, capture_output=True, text=True, env=environment).stdout


def verbs(command: dict, path: tuple = ()):
    """Every path of subcommands, the groups included."""
    for one in command.get("subcommands", []):
        if one["commandName"] == "help" or not one.get("shouldDisplay", True):
            continue
        yield (*path, one["commandName"])
        yield from verbs(one, (*path, one["commandName"]))


def pages() -> dict[str, str]:
    """One page a group of verbs, and one list of the groups."""
    tree = json.loads(output("--experimental-dump-help"))["command"]
    groups: dict[str, list[str]] = {}
    for path in verbs(tree):
        text = "\n".join(line.rstrip() for line in output(*path, "--help").rstrip().splitlines())
        groups.setdefault(path[0], []).append(f"## `holdfast {' '.join(path)}`\n\n```\n{text}\n```\n")
    found = {f"{name}.md": f"# holdfast {name}\n\n" + "\n".join(parts) for name, parts in groups.items()}
    about = {one["commandName"]: one.get("abstract", "") for one in tree["subcommands"]}
    rows = "\n".join(f"| [{name}]({name}.md) | {about[name]} |" for name in sorted(groups))
    found["README.md"] = (
        "# The command line\n\nThe help of every verb, as the binary prints it; a test holds these pages to it.\n\n"
        f"| verb | what it is for |\n|---|---|\n{rows}\n\n"
        "Exit codes: 0 done; 1 failed; 2 bad usage; 3 done, with items that were skipped or found damaged. Errors go to standard\n"
        "error, one line first. With `-o json` standard output holds the answer's JSON and nothing else.\n\n"
        "Client verbs read `--credentials FILE`, else the file that `HOLDFAST_CREDENTIALS` names, else the variables that OpenStack\n"
        "users have set: `OS_AUTH_URL`, `OS_USERNAME`, `OS_PASSWORD`, `OS_PROJECT_ID` or `OS_PROJECT_NAME`,\n"
        "`OS_USER_DOMAIN_NAME`, `OS_PROJECT_DOMAIN_NAME`, or `OS_TOKEN`.\n\n"
        "Shell completions: `holdfast --generate-completion-script bash` (or `zsh`, `fish`) prints the script. For bash put it in\n"
        "`~/.local/share/bash-completion/completions/holdfast`, for zsh in a file `_holdfast` on `$fpath`, for fish in\n"
        "`~/.config/fish/completions/holdfast.fish`.\n")
    return found


def test_the_pages_say_what_the_binary_says():
    now = pages()
    if os.environ.get("HOLDFAST_UPDATE_DOCS"):
        PAGES.mkdir(parents=True, exist_ok=True)
        for name, text in now.items():
            (PAGES / name).write_text(text)
    kept = {path.name: path.read_text() for path in PAGES.glob("*.md")}
    assert kept.keys() == now.keys()
    for name in now:
        assert kept[name] == now[name], f"docs/cli/{name}: run with HOLDFAST_UPDATE_DOCS=1 to write it anew"


def test_completion_scripts_are_made_for_each_shell():
    for shell in ("bash", "zsh", "fish"):
        script = output("--generate-completion-script", shell)
        assert "holdfast" in script and "checkpoint" in script
    checked = subprocess.run(["bash", "-n"], input=output("--generate-completion-script", "bash"), text=True)
    assert checked.returncode == 0

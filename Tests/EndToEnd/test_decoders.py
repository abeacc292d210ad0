"""Every decoder of stored bytes, in a process with little memory: what bytes only claim is not allocated."""

import os
import pathlib
import resource
import subprocess

from holdfast_process import binary

SEED = os.environ.get("HOLDFAST_SEED", "1")
ROUNDS = 20000 * int(os.environ.get("HOLDFAST_EFFORT", "1"))
# The runtime takes some 300 MiB of addresses; a length of 32 bits can ask for 4 GiB.
ADDRESS_SPACE = 1 << 30


def run(rounds: int, address_space: int) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(pathlib.Path(binary()).parent / "DecoderMutations"), str(rounds), SEED], capture_output=True, text=True,
        timeout=1200, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space)))


def test_no_decoder_believes_a_length():
    done = run(ROUNDS, ADDRESS_SPACE)
    assert done.returncode == 0 and done.stdout.split()[-1] == "done", (SEED, done.stdout[-100:], done.stderr[-2000:])

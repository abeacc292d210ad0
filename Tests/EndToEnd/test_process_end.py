"""How the process ends: at once, with all that was printed, and without what libraries do at an exit.

Threads that have told their result may still be on their way out, with memory of libcrypto that its exit handler frees: a backup
that was whole then ended with "double free" once in some ten thousand times.
"""

import os
import subprocess

from holdfast_process import binary, clean_environment

AT_EXIT = """
#include <stdlib.h>
#include <fcntl.h>
__attribute__((destructor)) static void at_exit(void) { open(getenv("AT_EXIT_FILE"), O_CREAT | O_WRONLY, 0600); }
"""


def test_no_exit_handler_runs_beside_threads(workplace):
    source, library, witness = (workplace / name for name in ("at_exit.c", "at_exit.so", "witness"))
    source.write_text(AT_EXIT)
    subprocess.run(["clang", "-shared", "-fPIC", "-o", library, source], check=True)
    # The witness works: another program runs the handler.
    environment = dict(clean_environment(), LD_PRELOAD=str(library), AT_EXIT_FILE=str(witness))
    subprocess.run(["/bin/true"], env=environment, check=True)
    assert witness.exists()
    witness.unlink()

    options = ["--repository", str(workplace / "repo"), "--key-file", str(workplace / "key")]
    (workplace / "file").write_bytes(os.urandom(100_000))
    for arguments, code in [(["init"], 0), (["backup", workplace / "file"], 0), (["restore", "0" * 64, "--target", "/x"], 1)]:
        with open(workplace / "printed", "w+") as printed:
            ended = subprocess.run(
                [binary(), "repo", *map(str, arguments), *options], env=environment, stdout=printed,
                stderr=subprocess.PIPE)
            printed.seek(0)
            assert ended.returncode == code, ended.stderr
            assert code != 0 or printed.read().endswith("\n")
        assert not witness.exists(), arguments

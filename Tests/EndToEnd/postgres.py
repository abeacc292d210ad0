"""A PostgreSQL server for one test: started, killed and started again as the test wants."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import urllib.parse

from holdfast_process import ROOT, free_port, wait_until

SCRIPT = ROOT / "scripts" / "throwaway-postgres.sh"


def is_alive(pid: str) -> bool:
    """False also for one that has ended and that nobody has asked about yet."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Postgres:
    """`scripts/throwaway-postgres.sh` in a directory of its own; `url` leads to its empty database `catalog`."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="holdfast-pg-"))
        self.port = free_port()
        self.settings = [f"port={self.port}"]
        self.process: subprocess.Popen | None = None
        done = subprocess.run([SCRIPT, "make", self.folder], capture_output=True, text=True)
        assert done.returncode == 0, f"no PostgreSQL for the tests: {done.stderr}"
        print(done.stderr.strip())
        self.start()
        self.sql("CREATE DATABASE catalog")

    @property
    def url(self) -> str:
        return f"postgres://holdfast@/catalog?host={urllib.parse.quote(str(self.folder), safe='')}&port={self.port}"

    def start(self):
        with open(self.folder / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [SCRIPT, "serve", self.folder, *self.settings], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(self._is_ready, 60, f"PostgreSQL ready ({self.folder}/server.log)")
        return self

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, (self.folder / "server.log").read_text()[-2000:]
        return self._psql("SELECT 1", "postgres").returncode == 0

    def _psql(self, sql: str, database: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", str(self.port), "-U", "holdfast", "-d", database, "-c", sql],
            capture_output=True, text=True, env={**os.environ, "PGCONNECT_TIMEOUT": "5"})

    def sql(self, sql: str, database: str = "postgres") -> str:
        done = self._psql(sql, database)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _processes(self) -> list[str]:
        """Its first process, then the rest: nothing but the first makes more."""
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True).stdout.split()
        return [str(self.process.pid), *children]

    def _signal(self, pids: list[str], what: signal.Signals):
        for pid in pids:
            try:
                os.kill(int(pid), what)
            except ProcessLookupError:
                pass

    def kill(self):
        """SIGKILL for all of its processes at once, as when the machine stops."""
        pids = self._processes()
        self._signal(pids, signal.SIGKILL)
        self.process.wait()
        wait_until(lambda: not any(map(is_alive, pids[1:])), 20, "PostgreSQL's processes gone")

    def freeze(self):
        """SIGSTOP for all of them: connections are taken, and nothing answers."""
        self._signal([str(self.process.pid)], signal.SIGSTOP)
        self._signal(self._processes()[1:], signal.SIGSTOP)

    def thaw(self):
        self._signal(self._processes(), signal.SIGCONT)

    def serve_tls(self, password: str) -> pathlib.Path:
        """Restarts it with TLS on `port`, and a role `distant` that needs a password there. Returns the authority's certificate.

        Beside it is `other-ca.pem`, of an authority that has nothing to do with it.
        """
        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

        for authority in ("ca", "other-ca"):
            openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN=test {authority}",
                    "-keyout", f"{authority}.key", "-out", f"{authority}.pem")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout", "tls.key", "-out", "tls.csr")
        (self.folder / "names").write_text("subjectAltName=DNS:localhost\n")
        openssl("x509", "-req", "-in", "tls.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2",
                "-extfile", "names", "-out", "tls.pem")
        if os.geteuid() == 0:
            shutil.chown(self.folder / "tls.key", "postgres", "postgres")
        os.chmod(self.folder / "tls.key", 0o600)
        access = self.folder / "data" / "pg_hba.conf"
        access.write_text("hostssl all distant 127.0.0.1/32 scram-sha-256\nhostnossl all distant all reject\n"
                          + access.read_text())
        self.kill()
        self.settings += ["listen_addresses=127.0.0.1", "ssl=on", f"ssl_cert_file={self.folder}/tls.pem",
                          f"ssl_key_file={self.folder}/tls.key"]
        self.start()
        self.sql(f"CREATE ROLE distant LOGIN PASSWORD '{password}'")
        self.sql("ALTER DATABASE catalog OWNER TO distant")
        return self.folder / "ca.pem"

    def remove(self):
        if self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

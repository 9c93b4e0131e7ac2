"""Backup and restore: one tar with the database, the stored files and a manifest of their fingerprints.

The database is dumped first, from one snapshot; files are only ever added, so every file the dump speaks of is there when
they are copied. A backup holds personal data: it is written for its owner's eyes only, and belongs on an encrypted disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from thongsuot import __version__
from thongsuot.config.embedded_postgres import MAJOR, binaries
from thongsuot.config.terminal import Trouble
from thongsuot.files import queries as files
from thongsuot.kernel.history import faults

DUMP, FILES, MANIFEST = "database.dump", "files", "manifest.json"
FORMAT = 1
_STORED = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})")
Note = Callable[[str], None]


def backup(target: Path, *, at: datetime, note: Note) -> Path:
    """Write a backup to `target`, or into it when it is a folder. The file appears only when it is whole. Raises Trouble."""
    if target.is_dir():
        target = target / f"thongsuot-{at:%Y%m%d-%H%M%S}.tar"
    if target.exists():
        raise Trouble(f"Đã có {target}; bản sao lưu không ghi đè. (It exists already and is not overwritten.)")
    half = target.with_name(target.name + ".partial")
    try:
        with _private(half) as out, tempfile.TemporaryDirectory(dir=target.parent, prefix=".thongsuot-") as folder:
            note("cơ sở dữ liệu (database)")
            dump = Path(folder) / DUMP
            _run(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", _where()])
            manifest = {
                "format": FORMAT,
                "version": __version__,
                "made_at": at.isoformat(),
                "server": _server_major(),
                "database": {"sha256": _fingerprint(dump.open("rb")), "bytes": dump.stat().st_size},
            }
            with tarfile.open(fileobj=out, mode="w") as tar:
                tar.add(dump, arcname=DUMP)
                manifest["files"] = _add_files(tar, note)
                _add_text(tar, MANIFEST, json.dumps(manifest, indent=2), at)
            out.flush()
            os.fsync(out.fileno())
        half.rename(target)
    finally:
        half.unlink(missing_ok=True)
    return target


def restore(source: Path, *, note: Note) -> dict[str, Any]:
    """Put a backup into an empty database and an empty files folder, then prove both. Returns the manifest. Raises Trouble.

    All is checked before anything is touched; the database comes in one transaction, or not at all.
    """
    root = settings.DATA_DIR / FILES
    if _tables():
        raise Trouble(
            "Cơ sở dữ liệu này không trống. Hãy khôi phục vào cơ sở dữ liệu và thư mục dữ liệu mới. "
            "(The database is not empty: restore into a new one.)"
        )
    if root.exists() and any(root.iterdir()):
        raise Trouble(f"Thư mục {root} không trống. (The files folder is not empty.)")
    note("soát bản sao lưu (checking the backup)")
    manifest = _checked_manifest(source)
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="restoring-") as folder, tarfile.open(source) as tar:
        note("tệp (files)")
        _unpack(tar, Path(folder))
        note("cơ sở dữ liệu (database)")
        _restore_database(Path(folder) / DUMP)
        unpacked = Path(folder) / FILES
        unpacked.mkdir(exist_ok=True)
        if root.exists():
            root.rmdir()
        unpacked.chmod(0o700)
        shutil.move(unpacked, root)
    note("chứng minh lịch sử và tệp (proving history and files)")
    broken = [f"{fault.where}: {fault.what}" for fault in faults()]
    broken += [str(one) for one in files.damaged()]
    if broken:
        raise Trouble("Đã khôi phục nhưng có chỗ không nguyên vẹn (restored, but not whole):\n  " + "\n  ".join(broken[:20]))
    return manifest


def _add_files(tar: tarfile.TarFile, note: Note) -> dict[str, int]:
    root, count, size = settings.DATA_DIR / FILES, 0, 0
    for path in sorted(root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
        try:
            tar.add(path, arcname=f"{FILES}/{path.relative_to(root)}")
        except FileNotFoundError:
            continue  # bytes no row speaks of, swept away meanwhile
        count, size = count + 1, size + path.stat().st_size
        note(f"{count} tệp (files)")
    return {"count": count, "bytes": size}


def _checked_manifest(source: Path) -> dict[str, Any]:
    """Reads every byte of the backup against its fingerprint. Raises Trouble."""
    found: dict[str, Any] = {"files": 0}
    manifest: dict[str, Any] = {}
    try:
        with tarfile.open(source) as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None:
                    continue
                stored = _STORED.fullmatch(member.name)
                if member.name == MANIFEST:
                    manifest = json.load(content)
                elif member.name == DUMP:
                    found["database"] = _fingerprint(content)
                elif stored is None:
                    raise Trouble(f"{source}: mục lạ {member.name}. (Not one of our backups.)")
                elif _fingerprint(content) != stored[1]:
                    raise Trouble(f"{source}: tệp {stored[1][:12]}… đã hỏng. (A stored file is damaged.)")
                else:
                    found["files"] += 1
    except (tarfile.TarError, OSError, ValueError, EOFError) as reason:
        raise Trouble(f"{source}: không đọc được ({reason}). (Cannot be read.)") from None
    if manifest.get("format") != FORMAT:
        raise Trouble(f"{source}: thiếu phần cuối, hoặc không phải bản sao lưu. (Incomplete, or not a backup.)")
    if manifest["database"]["sha256"] != found.get("database") or manifest["files"]["count"] != found["files"]:
        raise Trouble(f"{source}: không khớp với bản kê của nó. (It does not match its manifest.)")
    return manifest


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """Only what a backup of ours holds, by names that were checked: no links, no paths that lead elsewhere."""
    for member in tar:
        content = tar.extractfile(member)
        if content is None or (member.name != DUMP and not _STORED.fullmatch(member.name)):
            continue
        place = folder / member.name
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with content, _private(place) as out:
            shutil.copyfileobj(content, out)


def _restore_database(dump: Path) -> None:
    """Through psql in one transaction: pg_restore alone would set what an older server does not know, and stop there."""
    script = dump.with_suffix(".sql")
    _run(["pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump)])
    with script.open("rb") as whole, tempfile.TemporaryFile() as said:
        psql = [_program("psql"), "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", _where()]
        reader = subprocess.Popen(psql, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, env=_environment())
        with suppress(BrokenPipeError), cast(IO[bytes], reader.stdin) as rows:  # when psql stops early, it says why below
            for line in understood(whole):
                rows.write(line)
        if reader.wait() != 0:
            said.seek(0)
            raise Trouble(f"psql: {said.read().decode(errors='replace').strip()[-1000:]}")


def _tables() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')"
        )
        return int(cursor.fetchone()[0])


def _server_major() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def understood(lines: Iterable[bytes]) -> Iterator[bytes]:
    """A dump without what only another version knows: a setting of sessions, marks that a minor release puts on columns."""
    in_data = False
    for line in lines:
        marks = line.startswith(b"ALTER TABLE ONLY ") and b" SET (pg_attver=" in line
        if in_data:
            in_data = line != b"\\.\n"
        elif marks or line.startswith(b"SET transaction_timeout"):
            continue
        else:
            in_data = line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n")
        yield line


def _program(name: str) -> str:
    """To dump: the server's own program where it is installed, for it knows its minor releases. Else ours, which speak to every
    server up to their own version."""
    major = _server_major()
    if name == "pg_dump" or major > int(MAJOR):
        for found in (shutil.which(name), f"/usr/lib/postgresql/{major}/bin/{name}", f"/usr/pgsql-{major}/bin/{name}"):
            if found and _major_of(found) == major:
                return found
    if major <= int(MAJOR):
        return str(binaries() / name)
    raise Trouble(f"Cần {name} của PostgreSQL {major} trong PATH. (The server's own {name} is needed on PATH.)")


def _major_of(program: str) -> int:
    if not Path(program).exists():
        return 0
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def _where() -> str:
    """The database as libpq reads it; the password goes by environment, where no list of processes shows it."""
    database = settings.DATABASES["default"]
    return make_conninfo(
        dbname=connection.settings_dict["NAME"],
        user=database["USER"] or None,
        host=database["HOST"] or None,
        port=database.get("PORT") or None,
        **database.get("OPTIONS", {}),
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "PGPASSWORD": settings.DATABASES["default"].get("PASSWORD", "")}


def _run(command: list[str]) -> None:
    done = subprocess.run(
        [_program(command[0]), *command[1:]], stdin=subprocess.DEVNULL, capture_output=True, text=True, env=_environment()
    )
    if done.returncode != 0:
        raise Trouble(f"{command[0]}: {done.stderr.strip()[-1000:]}")


def _fingerprint(content: IO[bytes]) -> str:
    with content:
        return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]  # a tar member reads like a file


def _add_text(tar: tarfile.TarFile, name: str, text: str, at: datetime) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(text.encode())
        file.seek(0)
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = len(text.encode()), int(at.timestamp()), 0o600
        tar.addfile(member, file)


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        yield out

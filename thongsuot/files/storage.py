"""Bytes on disk: DATA_DIR/files/ab/cd/<sha256>. Written whole and synced before anyone may speak of them.

Order of a hand-in: temporary file, fsync, rename, fsync of the folder, then the row. A crash in between leaves bytes
without a row, never a row without bytes; `sweep` takes such bytes away.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Protocol

from django.conf import settings
from django.db import connection, transaction

from thongsuot.files.models import Blob

CHUNK = 2**18
# Any number works as long as no one else takes it: it keeps `sweep` away from hand-ins that are not committed yet.
_HAND_IN_LOCK = 0x7461_7065


class TooLong(Exception):
    """More bytes came than were allowed; nothing of them is kept."""


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """Bytes that have arrived but are not kept yet. `file` is open for reading."""

    path: Path
    file: IO[bytes]
    sha256: str
    size: int


def root() -> Path:
    folder: Path = settings.DATA_DIR / "files"
    return folder


def path_of(sha256: str) -> Path:
    return root() / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def received(content: Readable, *, max_bytes: int) -> Iterator[Incoming]:
    """Take the bytes into a temporary file beside the store; it is gone afterwards unless `keep` moved it. Raises TooLong."""
    incoming = root() / "incoming"
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=incoming)
    path, digest, size = Path(name), hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "w+b") as file:
            while chunk := content.read(CHUNK):
                size += len(chunk)
                if size > max_bytes:
                    raise TooLong
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            file.seek(0)
            yield Incoming(path=path, file=file, sha256=digest.hexdigest(), size=size)
    finally:
        path.unlink(missing_ok=True)


def keep(incoming: Incoming) -> None:
    """Move the bytes to their place, safe against a power cut. Inside the transaction that will write the row.

    Bytes that are there already are replaced by equal ones: that mends a damaged copy.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_HAND_IN_LOCK])
    os.fsync(incoming.file.fileno())
    place = path_of(incoming.sha256)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    incoming.path.replace(place)
    # Every folder on the way: another hand-in may have made one a moment ago and not have synced it yet.
    for folder in (place.parent, place.parent.parent, root(), root().parent):
        _sync_folder(folder)


def wait_for_hand_ins() -> None:
    """Until the end of the transaction nobody hands anything in: whether bytes have other rows can be asked and acted on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_HAND_IN_LOCK])


def open_intact(sha256: str) -> IO[bytes] | None:
    """The bytes, open at the start, after all of them were read and checked; None when missing or changed."""
    try:
        file = path_of(sha256).open("rb")
    except (FileNotFoundError, PermissionError):  # a restore by another account left it unreadable: as good as missing
        return None
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
        file.close()
        return None
    file.seek(0)
    return file


def sweep(*, at: datetime, older_than: timedelta = timedelta(days=1)) -> int:
    """Take away bytes that no row speaks of and temporary files left by a crash; the number taken away."""
    limit = (at - older_than).timestamp()
    taken = 0
    for path in sorted((root() / "incoming").glob("*")):
        taken += _taken_away(path, limit)
    for folder in sorted(root().glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
        names = {path.name for path in folder.iterdir() if _is_older(path, limit)}
        # Looked at twice: without the lock to find the few, under it to be sure.
        if not names - _known(names):
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_HAND_IN_LOCK])
            for name in sorted(names - _known(names)):
                taken += _taken_away(folder / name, limit)
    return taken


def _known(names: set[str]) -> set[str]:
    return set(Blob.objects.filter(sha256__in=names).values_list("sha256", flat=True))


def _is_older(path: Path, limit: float) -> bool:
    try:
        return path.stat().st_mtime < limit
    except FileNotFoundError:
        return False


def _taken_away(path: Path, limit: float) -> bool:
    if not _is_older(path, limit):
        return False
    path.unlink(missing_ok=True)
    return True


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

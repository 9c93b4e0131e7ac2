"""Reading files back: rows ready to show, and bytes that were checked."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from django.utils.translation import gettext_lazy as _

from thongsuot.files import storage
from thongsuot.files.models import Blob, StoredFile
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, TellPerson

log = logging.getLogger(__name__)


class FileDamaged(TellPerson):
    """The bytes on disk are not those that were handed in, or are gone. Nothing of them is served."""

    code = "files.damaged"
    status = 500
    says = _("Tệp này bị hỏng ở phía chúng tôi nên chưa tải được. Hãy báo nơi nhận hồ sơ, chúng tôi sẽ tìm lại từ bản lưu.")

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256


@dataclass(frozen=True, kw_only=True)
class FileRow:
    id: int
    name: str
    content_type: str
    size: int
    sha256: str
    uploaded_at: datetime
    purpose: str


def file_row(file_id: int) -> FileRow:
    """Raises NotFound. One query."""
    if row := file_rows([file_id]):
        return row[0]
    raise NotFound


def file_rows(file_ids: Iterable[int]) -> list[FileRow]:
    """Those that exist, by id. One query."""
    rows = (
        StoredFile.objects.filter(pk__in=list(file_ids))
        .order_by("pk")
        .values(
            "id",
            "name",
            "uploaded_at",
            "purpose",
            "blob__content_type",
            "blob__size",
            "blob__sha256",
        )
    )
    return [
        FileRow(
            id=r["id"],
            name=r["name"],
            content_type=r["blob__content_type"],
            size=r["blob__size"],
            sha256=r["blob__sha256"],
            uploaded_at=r["uploaded_at"],
            purpose=r["purpose"],
        )
        for r in rows
    ]


def handed_in_by(file_ids: Iterable[int], *, actor: Actor) -> frozenset[int]:
    """Those of these files that the actor stored. Ids follow each other: naming one proves nothing about whose it is.

    The house itself may take any that exists. One query.
    """
    found = StoredFile.objects.filter(pk__in=list(file_ids))
    if not actor.trusted:
        found = found.filter(uploaded_by_id=actor.person_id)
    return frozenset(found.values_list("pk", flat=True))


def open_checked(file_id: int) -> IO[bytes]:
    """The file's bytes, open at the start; all of them were compared with the fingerprint first.

    The caller closes it, and has already checked that this person may read it. Raises NotFound, FileDamaged.
    """
    return _opened(file_row(file_id))


def open_row(row: FileRow) -> IO[bytes]:
    """`open_checked` for a row that was read before: touches no database, so also good in a thread. Raises FileDamaged."""
    return _opened(row)


def opened_row(file_id: int) -> tuple[FileRow, IO[bytes]]:
    """`file_row` and `open_checked` at once, for serving."""
    row = file_row(file_id)
    return row, _opened(row)


def damaged() -> Iterator[str]:
    """Fingerprints whose bytes are missing or changed. Reads every stored byte: for a drill or after a restore."""
    for sha256 in Blob.objects.order_by("id").values_list("sha256", flat=True).iterator():
        if file := storage.open_intact(sha256):
            file.close()
        else:
            yield sha256


def _opened(row: FileRow) -> IO[bytes]:
    file = storage.open_intact(row.sha256)
    if file is None:
        log.error("stored file %s: bytes %s are missing or changed", row.id, row.sha256)
        raise FileDamaged(row.sha256)
    return file

"""Handing in a file, and taking one away whose time is over."""

from __future__ import annotations

import io
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.files import events, rules, storage
from thongsuot.files.inspection import inspect
from thongsuot.files.models import Blob, StoredFile
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotFound, TellPerson, must_exist


class FileTooBig(TellPerson):
    code = "files.too_big"
    status = 413

    def __init__(self, *, size: int | None, limit: int) -> None:
        self.size, self.limit = size, limit

    def message(self) -> str:
        limit = self.limit // rules.MEGABYTE
        if self.size is None:
            return _("Tệp nặng hơn %(limit)s MB là giới hạn. Hãy chụp lại ở cỡ nhỏ hơn, hoặc mang bản giấy đến quầy.") % {
                "limit": limit,
            }
        return _("Tệp nặng %(size)s MB, giới hạn là %(limit)s MB. Hãy chụp lại ở cỡ nhỏ hơn, hoặc mang bản giấy đến quầy.") % {
            "size": _megabytes(self.size),
            "limit": limit,
        }

    def details(self) -> dict[str, object]:
        return {"size": self.size, "limit": self.limit}


class EndingDisagrees(TellPerson):
    """The name says one type, the content is another."""

    code = "files.ending_disagrees"
    status = 415

    def __init__(self, *, ending: str, file_type: rules.FileType) -> None:
        self.ending, self.file_type = ending, file_type

    def message(self) -> str:
        return _("Tên tệp có đuôi .%(ending)s nhưng nội dung là %(type)s. Hãy lưu lại tệp cho đúng loại rồi gửi.") % {
            "ending": self.ending,
            "type": self.file_type.name,
        }

    def details(self) -> dict[str, object]:
        return {"ending": self.ending, "content_type": self.file_type.value}


@command
def store(
    content: bytes | storage.Readable,
    *,
    name: str,
    actor: Actor,
    at: datetime,
    purpose: str = "",
    rule: rules.UploadRule | None = None,
) -> StoredFile:
    """Keep a file that passed all checks; its bytes are safe on disk before its row can be committed.

    content   bytes, or anything with `read(size)`: an upload is never held in memory whole
    name      as the sender called it; what is kept is `rules.clean_name` of it with an ending that is true
    rule      what it may be; None: what anyone may hand in on that day
    Duties are the caller's business: this is called inside its commands. Call it before drawing a number there,
    writing to disk takes some milliseconds.

    Raises FileTooBig, EndingDisagrees, and what `inspection` refuses: FileTypeRefused, FileBroken, FileProtected, FileUnsafe.
    """
    rule = rule or rules.upload_rule(timezone.localtime(at).date())
    stated = len(content) if isinstance(content, bytes) else getattr(content, "size", None)
    if isinstance(stated, int) and stated > rule.max_bytes:
        raise FileTooBig(size=stated, limit=rule.max_bytes)
    name = rules.clean_name(name)
    try:
        with storage.received(_from_the_start(content), max_bytes=rule.max_bytes) as incoming:
            file_type = inspect(incoming.file, rule)
            if not rules.ending_fits(rules.ending_of(name), file_type):
                raise EndingDisagrees(ending=rules.ending_of(name), file_type=file_type)
            storage.keep(incoming)
            sha256, size = incoming.sha256, incoming.size
    except storage.TooLong:
        raise FileTooBig(size=None, limit=rule.max_bytes) from None

    # Two equal hand-ins at once: the second waits here for the first to commit, then both share its blob.
    fresh = Blob(sha256=sha256, size=size, content_type=file_type.value, stored_at=at)
    Blob.objects.bulk_create([fresh], ignore_conflicts=True)
    blob = Blob.objects.get(sha256=sha256)
    stored = StoredFile.objects.create(
        blob=blob,
        name=rules.with_ending(name, file_type),
        uploaded_by_id=actor.person_id,
        uploaded_at=at,
        purpose=purpose,
    )
    record(events.STORED, stored, actor=actor, at=at, sha256=sha256, size=size, content_type=file_type.value, purpose=purpose)
    return stored


@command
def discard(file_id: int, *, actor: Actor, at: datetime) -> None:
    """For good, within the caller's command, which took away whatever pointed to it; its bytes go with the next sweep, unless
    somebody handed the same ones in too. Raises NotFound.
    """
    stored = must_exist(StoredFile.objects.select_for_update(of=("self",)).select_related("blob").filter(pk=file_id).first())
    storage.wait_for_hand_ins()
    blob = stored.blob
    record(events.DISCARDED, stored, actor=actor, at=at, sha256=blob.sha256)
    stored.delete()
    if not blob.files.exists():
        blob.delete()


def let_go(file_id: int, *, actor: Actor, at: datetime) -> bool:
    """Discard it, unless something else points to it still: then it stays, for that. Whether it is gone."""
    try:
        with transaction.atomic():
            discard(file_id, actor=actor, at=at)
    except ProtectedError:
        return False
    except NotFound:
        pass
    return True


def _from_the_start(content: bytes | storage.Readable) -> storage.Readable:
    if isinstance(content, bytes):
        return io.BytesIO(content)
    if callable(seek := getattr(content, "seek", None)):
        seek(0)  # a form may have read it already
    return content


def _megabytes(size: int) -> str:
    """Rounded up to a tenth: a file just over the limit never reads as the limit itself."""
    tenths = -(-size * 10 // rules.MEGABYTE)
    return f"{tenths // 10},{tenths % 10}" if tenths % 10 else str(tenths // 10)

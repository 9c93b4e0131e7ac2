"""Searches with a reason, and books taken out for inspection: each leaves its trace."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.dossiers.models import Dossier
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.people.actions import log_look_up
from thongsuot.people.models import Person
from thongsuot.registers import events
from thongsuot.registers.models import Book, Entry, EntryPerson, IssuedPaper, RegisterImport, RegisterSearch
from thongsuot.registers.rules import DUTY

SEEN = ("full_name", "birth_date", "id_number", "address", "civil_status")


@command
def note_search(
    *,
    purpose: RegisterSearch.Purpose,
    reason: str,
    asked_by: Collection[str],
    found: int,
    dossier_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> RegisterSearch:
    """Who asked the registers, by what, why, and how many entries came. Raises NotYourDuty, BadInput."""
    actor.must_somewhere(DUTY)
    reason = one_line(reason)
    if not reason or len(reason) > 300:
        raise BadInput({"reason": _("Chưa có lý do tra cứu, hoặc lý do dài quá 300 chữ. Hãy ghi mã hồ sơ hoặc việc đang làm.")})
    search = RegisterSearch.objects.create(
        purpose=purpose,
        dossier_id=dossier_id,
        asked_by=sorted(asked_by),
        found=found,
        reason=reason,
        by_name=actor.name,
        at=at,
    )
    unit_id = Dossier.objects.filter(pk=dossier_id).values_list("resolving_unit_id", flat=True).first() if dossier_id else None
    record(
        events.SEARCHED,
        search,
        actor=actor,
        at=at,
        unit_id=unit_id,
        purpose=purpose,
        asked_by=search.asked_by,
        found=found,
        dossier=dossier_id,
    )
    return search


@command
def open_entry(entry_id: int, *, reason: str, actor: Actor, at: datetime) -> Entry:
    """Note why the entry is opened, before it is shown; whoever of its persons has an account can see that.

    Raises NotYourDuty, NotFound, BadInput.
    """
    entry = must_exist(Entry.objects.filter(pk=entry_id).first())
    actor.must(DUTY, unit_id=entry.keeper_id)
    note_look(entry, reason=reason, actor=actor, at=at)
    return entry


def note_look(entry: Entry, *, paper: IssuedPaper | None = None, reason: str, actor: Actor, at: datetime) -> None:
    """Inside a command: the entry is shown in full, on its page or on a paper. Raises BadInput.

    paper   what was seen was this paper: the page of the entry still asks for a reason of its own
    """
    for about_id in _accounts_of(entry) or [None]:
        log_look_up(paper or entry, fields=SEEN, reason=reason, about_id=about_id, actor=actor, at=at)


def _accounts_of(entry: Entry) -> list[int | None]:
    """By the number of a card that an officer has seen. One query."""
    numbers = EntryPerson.objects.filter(entry=entry).exclude(id_number="").values("id_number")
    return list(Person.objects.filter(id_number__in=numbers).order_by("pk").values_list("pk", flat=True))


@command
def take_out_book(book_id: int, *, reason: str, actor: Actor, at: datetime) -> Book:
    """Note why a whole book is printed or exported. Raises NotYourDuty, NotFound, BadInput."""
    book = must_exist(Book.objects.filter(pk=book_id).first())
    actor.must(DUTY, unit_id=book.keeper_id)
    log_look_up(book, fields=SEEN, reason=reason, actor=actor, at=at)
    record(events.EXPORTED, book, actor=actor, at=at, unit_id=book.keeper_id)
    return book


@command
def take_out_rejects(import_id: int, *, actor: Actor, at: datetime) -> RegisterImport:
    """Note that the rejected rows of a file are taken out, names and numbers in full, to be mended.

    Raises NotYourDuty, NotFound.
    """
    sent = must_exist(RegisterImport.objects.filter(pk=import_id).first())
    actor.must(DUTY, unit_id=sent.unit_id)
    reason = _("Tải các dòng bị loại của tệp %(file)s để sửa") % {"file": sent.file_name}
    log_look_up(sent, fields=SEEN, reason=reason, actor=actor, at=at)
    record(events.REJECTS_EXPORTED, sent, actor=actor, at=at, unit_id=sent.unit_id, rows=sent.rejected)
    return sent

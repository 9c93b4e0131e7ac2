"""What citizen reception and feedback have of each other: the ticket made from an entry, the entry made from a ticket."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.citizen_reception.panels import Part
from thongsuot.feedback.facts import PhotoUpload
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.models.tickets import HELD_TOO
from thongsuot.feedback.pictures.facts import read_photo
from thongsuot.feedback.rules.keys import key_made_from
from thongsuot.feedback.words import Suspected
from thongsuot.files.queries import opened_row
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import TellPerson

_FROM = "reception:"
_TICKET = FeedbackTicket._meta.label_lower


def of_entry(entry_id: int) -> str:
    """What a ticket is made from (`ReportFacts.made_from`)."""
    return f"{_FROM}{entry_id}"


def ticket_of(entry_id: int) -> FeedbackTicket | None:
    """The one made from an entry."""
    return FeedbackTicket.objects.filter(key=key_made_from(of_entry(entry_id))).first()


def entry_of(ticket: FeedbackTicket) -> ReceptionEntry | None:
    """The complaint or denunciation as which it was handed over. For officers. None: it was not."""
    if ticket.state != FeedbackTicket.State.HANDED_OVER:
        return None
    about = ReceptionEntry.objects.filter(about_subject=_TICKET, about_id=ticket.pk).order_by("-pk").first()
    return about or ReceptionEntry.objects.filter(pk__in=[_made_from(ticket) or 0]).first()


def _made_from(ticket: FeedbackTicket) -> int | None:
    return int(ticket.made_from.removeprefix(_FROM)) if ticket.made_from.startswith(_FROM) else None


def close_tickets() -> QuerySet[FeedbackTicket, Any]:
    """Ids of those that are a denunciation at citizen reception, to which they were handed over or where they were told: who
    sent one is for citizen reception alone, nobody else opens name, pictures, recordings or letters here.
    """
    denunciations = ReceptionEntry.objects.filter(kind=ReceptionEntry.Kind.DENUNCIATION)
    handed = ReceptionEntry.objects.filter(about_subject=_TICKET, about_id__isnull=False)
    told = Concat(Value(_FROM), Cast("pk", CharField()), output_field=CharField())
    known = Q(pk__in=handed.values("about_id")) | Q(made_from__startswith=_FROM)
    unread = Q(suspected=Suspected.DENUNCIATION) & ~known
    of_another = Q(pk__in=handed.filter(kind=ReceptionEntry.Kind.DENUNCIATION).values("about_id")) | unread
    kept = Q(state=FeedbackTicket.State.HANDED_OVER) & of_another | Q(made_from__in=denunciations.values(at=told))
    return FeedbackTicket.objects.filter(HELD_TOO, kept).values("pk")


def kept_close(tickets: Collection[FeedbackTicket]) -> frozenset[int]:
    """Which of them `close_tickets` names. One query, none where no ticket was handed over or told there."""
    asked = [one.pk for one in tickets if one.state == FeedbackTicket.State.HANDED_OVER or one.made_from]
    return frozenset(close_tickets().filter(pk__in=asked).values_list("pk", flat=True)) if asked else frozenset()


def keeps_sender_close(ticket: FeedbackTicket) -> bool:
    return ticket.pk in kept_close([ticket])


def photos_among(file_ids: Sequence[int], *, most: int) -> tuple[list[PhotoUpload], int]:
    """The pictures among an entry's papers, so many at most, and how many others there are."""
    photos: list[PhotoUpload] = []
    for file_id in file_ids:
        with suppress(TellPerson):
            row, file = opened_row(file_id)
            with file:
                content = file.read()
            read_photo(content)
            photos.append(PhotoUpload(name=row.name, content=content))
        if len(photos) == most:
            break
    return photos, len(file_ids) - len(photos)


def part_of_entry(entry: ReceptionEntry, actor: Actor, now: datetime) -> Part | None:
    """On the page of an entry that is feedback: its ticket, or that there is none yet."""
    if entry.kind != ReceptionEntry.Kind.FEEDBACK:
        return None
    return Part(template="feedback/_of_entry.html", part=ticket_of(entry.pk))

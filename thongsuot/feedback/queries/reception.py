"""What citizen reception and feedback have of each other: the ticket made from an entry, the entry made from a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from thongsuot.citizen_reception.models import ReceptionEntry
from thongsuot.citizen_reception.panels import Part
from thongsuot.feedback.facts import PhotoUpload
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.pictures.facts import read_photo
from thongsuot.feedback.rules.keys import key_made_from
from thongsuot.feedback.words import Suspected
from thongsuot.files.queries import opened_row
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import TellPerson


def of_entry(entry_id: int) -> str:
    """What a ticket is made from (`ReportFacts.made_from`)."""
    return f"reception:{entry_id}"


def entry_of(ticket: FeedbackTicket) -> ReceptionEntry | None:
    """The complaint or denunciation as which it was handed over. For officers. None: it was not."""
    if ticket.state != FeedbackTicket.State.HANDED_OVER:
        return None
    return ReceptionEntry.objects.filter(about_subject=ticket._meta.label_lower, about_id=ticket.pk).first()


def keeps_sender_close(ticket: FeedbackTicket) -> bool:
    """Handed over as a denunciation, who sent it is for citizen reception alone: nobody else opens name or pictures here."""
    if ticket.state != FeedbackTicket.State.HANDED_OVER:
        return False
    entry = entry_of(ticket)
    return entry.is_kept_close if entry is not None else ticket.suspected == Suspected.DENUNCIATION


def close_tickets() -> QuerySet[FeedbackTicket, Any]:
    """Ids of the tickets of which `keeps_sender_close` is true."""
    entries = ReceptionEntry.objects.filter(about_subject=FeedbackTicket._meta.label_lower, about_id__isnull=False)
    denunciations = entries.filter(kind=ReceptionEntry.Kind.DENUNCIATION).values("about_id")
    kept = Q(pk__in=denunciations) | Q(suspected=Suspected.DENUNCIATION) & ~Q(pk__in=entries.values("about_id"))
    return FeedbackTicket.objects.filter(kept, state=FeedbackTicket.State.HANDED_OVER).values("pk")


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
    ticket = FeedbackTicket.objects.filter(key=key_made_from(of_entry(entry.pk))).first()
    return Part(template="feedback/_of_entry.html", part=ticket)

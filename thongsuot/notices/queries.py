"""Reads: the outbox of those who look after it, and a person's own messages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.text import masked_name, masked_phone
from thongsuot.notices import rules
from thongsuot.notices.models import Notice

DUTY = "see outbox"


@dataclass(frozen=True, kw_only=True)
class OutboxRow:
    """One line of the outbox: names and addresses are masked."""

    id: int
    to: str
    address: str
    channel: str
    subject: str
    state: str
    state_label: str
    trouble_label: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    next_attempt_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OwnRow:
    """One message as its recipient reads it."""

    id: int
    subject: str
    body: str
    created_at: datetime
    by_mail: bool


def mail_leaves_the_house() -> bool:
    """Is a mail server set? Without one every notice is kept and read on our pages."""
    return bool(settings.EMAIL_HOST)


def outbox_counts(actor: Actor, *, address: str = "") -> dict[str, int]:
    """State -> number, of the notices this actor looks after. One query."""
    found = _outbox(actor, address).values("state").annotate(count=Count("id")).order_by()
    return dict.fromkeys(Notice.State.values, 0) | {row["state"]: row["count"] for row in found}


def outbox(actor: Actor, *, state: str = "", address: str = "", limit: int, offset: int = 0) -> list[OutboxRow]:
    """Newest first. One query.

    address   a whole e-mail address or telephone number: a part of one would let its reader guess the rest
    """
    notices = _outbox(actor, address)
    if state:
        notices = notices.filter(state=state)
    return [row_of(notice) for notice in notices.defer("body").order_by("-id")[offset : offset + limit]]


def notice_for(notice_id: int, *, actor: Actor) -> Notice:
    """The notice itself: `row_of` masks it, its own words are shown after a logged look-up. Raises NotFound, also for a
    notice of a unit the actor does not look after. One query."""
    notice = must_exist(Notice.objects.filter(pk=notice_id, unit_id__in=actor.units_for(DUTY)).first())
    return notice


def own_count(person_id: int, *, emails: Collection[str]) -> int:
    return _own(person_id, emails).count()


def own(person_id: int, *, emails: Collection[str], limit: int, offset: int = 0) -> list[OwnRow]:
    """What was told to this account, or to one of its addresses. Newest first. One query.

    emails   only those the person has proven to own: anybody may register with the address of another
    """
    notices = _own(person_id, emails).order_by("-id")[offset : offset + limit]
    return [
        OwnRow(
            id=notice.pk,
            subject=notice.subject,
            body=notice.body,
            created_at=notice.created_at,
            by_mail=notice.state == Notice.State.SENT,
        )
        for notice in notices
    ]


def _outbox(actor: Actor, address: str) -> QuerySet[Notice]:
    notices = Notice.objects.filter(unit_id__in=actor.units_for(DUTY))
    if "@" in address:
        return notices.filter(email=rules.clean_email(address))
    return notices.filter(phone=rules.clean_phone(address)) if address else notices


def _own(person_id: int, emails: Collection[str]) -> QuerySet[Notice]:
    return Notice.objects.filter(Q(to_person_id=person_id) | Q(to_person=None, email__in=[email.lower() for email in emails]))


def row_of(notice: Notice) -> OutboxRow:
    """No query."""
    address = rules.masked_email(notice.email) if notice.email else masked_phone(notice.phone) if notice.phone else ""
    return OutboxRow(
        id=notice.pk,
        to=masked_name(notice.to_name),
        address=address,
        channel=notice.get_channel_display(),
        subject=notice.subject,
        state=notice.state,
        state_label=notice.get_state_display(),
        trouble_label=notice.get_trouble_display() if notice.trouble else "",
        attempts=notice.attempts,
        created_at=notice.created_at,
        sent_at=notice.sent_at,
        next_attempt_at=notice.next_attempt_at,
    )

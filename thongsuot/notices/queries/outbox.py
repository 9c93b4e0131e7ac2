"""Reads: the outbox of those who look after it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.text import masked_name, masked_phone
from thongsuot.notices import close, kinds, rules
from thongsuot.notices.models import Delivery, Notice
from thongsuot.notices.stand_in.core import Kept

DUTY = "see outbox"


@dataclass(frozen=True, kw_only=True)
class OutboxRow:
    """One line of the outbox: names and addresses are masked; `is_close`: not told at all, nor opened (`notices.close`)."""

    id: int
    to: str
    address: str
    channel: str
    about: str
    subject: str
    state: str
    state_label: str
    trouble_label: str
    attempts: int
    created_at: datetime
    sent_at: datetime | None
    next_attempt_at: datetime | None
    is_close: bool


def mail_leaves_the_house() -> bool:
    """Is a mail server set? Without one every notice is kept and read on our pages."""
    return bool(settings.EMAIL_HOST)


def outbox_counts(actor: Actor, *, address: str = "") -> dict[str, int]:
    """State -> number, of the notices this actor looks after. One query."""
    found = _outbox(actor, address).values("state").annotate(count=Count("id")).order_by()
    return dict.fromkeys(Notice.State.values, 0) | {row["state"]: row["count"] for row in found}


def outbox(actor: Actor, *, state: str = "", address: str = "", limit: int, offset: int = 0) -> list[OutboxRow]:
    """Newest first. One query, and one for each kind of thing among them that may be kept close.

    address   a whole e-mail address or telephone number: a part of one would let its reader guess the rest, and finds nothing
    """
    notices = _outbox(actor, address)
    if state:
        notices = notices.filter(state=state)
    return _rows_of(notices.defer("body").order_by("-id")[offset : offset + limit])


def notice_for(notice_id: int, *, actor: Actor) -> Notice:
    """The notice itself: `row_of` masks it, its own words are shown after a logged look-up. Raises NotFound, also for a
    notice of a unit the actor does not look after. One query."""
    return must_exist(Notice.objects.filter(unit_id__in=actor.units_for(DUTY), pk=notice_id).first())


def is_repeatable(notice: Notice, *, at: datetime) -> bool:
    """Not what is of no use any more, nor what carries a secret: once sent, nobody has it any more."""
    kind = kinds.LETTERS.get(notice.key)
    return not notice.is_over(at) and not (kind and kind.has_secrets)


def _outbox(actor: Actor, address: str) -> QuerySet[Notice]:
    notices = Notice.objects.filter(unit_id__in=actor.units_for(DUTY))
    if not address:
        return notices
    whom = found_address(address)
    # An address finds nothing that is kept close: that would tell to whom it went.
    return notices.none() if whom is None else notices.filter(whom).exclude(close.is_close())


def found_address(asked: str) -> Q | None:
    """What goes to a whole mail address, or to a telephone number however it is written. None: it is neither."""
    if "@" in asked:
        return Q(email=rules.clean_email(asked))
    phone = rules.clean_phone(asked)
    kept = rules.mobile(phone)
    forms = {phone, *([kept, "+84" + kept[1:], "84" + kept[1:]] if kept else [])}
    return Q(phone__in=forms) if len(phone) >= 8 else None


def row_of(notice: Notice) -> OutboxRow:
    """Of one that `notice_for` found. One query where it may be kept close."""
    return _rows_of([notice])[0]


def _rows_of(notices: Iterable[Notice]) -> list[OutboxRow]:
    rows = list(notices)
    kept = close.among(rows)
    return [_row(notice, is_close=notice.pk in kept) for notice in rows]


def _row(notice: Notice, *, is_close: bool) -> OutboxRow:
    address = rules.masked_email(notice.email) if notice.email else masked_phone(notice.phone) if notice.phone else ""
    return OutboxRow(
        id=notice.pk,
        to=_("Giữ kín") if is_close else masked_name(notice.to_name),
        address="" if is_close else address,
        channel=notice.get_channel_display(),
        about=notice.about_code,
        subject=notice.subject,
        state=notice.state,
        state_label=notice.get_state_display(),
        trouble_label=notice.get_trouble_display() if notice.trouble else "",
        attempts=notice.attempts,
        created_at=notice.created_at,
        sent_at=notice.sent_at,
        next_attempt_at=notice.next_attempt_at,
        is_close=is_close,
    )


def waiting_after_trouble() -> dict[str, int]:
    """Way -> how many deliveries were tried in vain and wait to be tried again. One query, by an index of what waits."""
    rows = Delivery.objects.filter(state__in=["queued", "held"], attempts__gt=0).values("way").annotate(count=Count("id"))
    return dict.fromkeys(rules.WAYS, 0) | {row["way"]: row["count"] for row in rows.order_by()}


@dataclass(frozen=True, kw_only=True)
class PlayedRow:
    """One message that the stand-in took: the number is masked, and it leads to the notice that it is of."""

    number: int
    way: str
    phone: str
    words: str
    state: str
    repeated: int
    at: datetime
    notice_id: int | None


def played(kept: Sequence[Kept]) -> list[PlayedRow]:
    """One query."""
    rows = Delivery.objects.filter(reference__in=[one.reference for one in kept]).values_list("reference", "notice_id")
    notices = dict(rows)
    return [
        PlayedRow(
            number=one.number,
            way=one.way,
            phone=masked_phone(one.phone),
            words=one.words,
            state=one.state,
            repeated=one.repeated,
            at=one.at,
            notice_id=notices.get(one.reference),
        )
        for one in kept
    ]

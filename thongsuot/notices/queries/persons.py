"""All that went to a person and why: for the person, and for an officer who has said why they ask."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.contact import digits_of, is_id_number
from thongsuot.kernel.events import KINDS
from thongsuot.notices import close, kinds, letters, rules
from thongsuot.notices.models import Delivery, DeliveryReport, Notice
from thongsuot.notices.queries.outbox import DUTY, found_address
from thongsuot.people.models import Person


@dataclass(frozen=True, kw_only=True)
class WayRow:
    """One way of a notice: how it stands, since when, and what is in the way."""

    way: str
    label: str
    state: str
    state_label: str
    trouble_label: str
    at: datetime | None  # delivered, sent, or tried next
    words: str  # what this way said; empty: the words of the notice
    gateway_id: str  # by which the partner knows it; empty: it gave none


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """One message to a person, with everything that is known of it."""

    id: int
    subject: str
    body: str
    created_at: datetime
    state: str
    state_label: str
    ways: list[WayRow]
    letter: str
    because: str  # what happened, as histories say it; empty when its caller named no event
    about: str
    optional: bool
    version: int
    gone_by: str  # the ways by which it left: "Thư điện tử, SMS"
    to_person_id: int | None


def own_count(person_id: int, *, emails: Collection[str]) -> int:
    return _own(person_id, emails).count()


def own(person_id: int, *, emails: Collection[str], limit: int, offset: int = 0) -> list[PersonRow]:
    """What was told to this account, or to one of its addresses. Newest first. Two queries.

    emails   only those the person has proven to own: anybody may register with the address of another
    """
    return _rows(_own(person_id, emails), limit=limit, offset=offset)


def found_person(asked: str) -> tuple[Q, Person | None] | None:
    """Whom a whole mail address, telephone or ID number means: of notices, and of an account. None: it is none of them."""
    asked = asked.strip()
    at_address = found_address(asked)
    if at_address and "@" in asked:
        person = Person.objects.filter(email=rules.clean_email(asked)).first()
        return at_address | (Q(to_person=person) if person else Q(pk=None)), person
    if is_id_number(digits_of(asked)):
        person = Person.objects.filter(id_number=digits_of(asked)).first()
        return (Q(to_person=person) if person else Q(pk=None)), person
    return (at_address, None) if at_address else None


def told_to(whom: Q, *, actor: Actor, limit: int, offset: int = 0) -> list[PersonRow]:
    """All notices to somebody, of the units the actor looks after, but what is kept close. The look-up is the caller's to log.
    Two queries."""
    return _rows(_told(whom, actor), limit=limit, offset=offset)


def told_to_count(whom: Q, *, actor: Actor) -> int:
    return _told(whom, actor).count()


def _told(whom: Q, actor: Actor) -> QuerySet[Notice]:
    return Notice.objects.filter(whom, unit_id__in=actor.units_for(DUTY)).exclude(close.is_close())


def ways_of(notice: Notice) -> list[WayRow]:
    """One query unless they were fetched along."""
    return [_way(delivery) for delivery in sorted(notice.deliveries.all(), key=lambda one: (one.chain, one.place, one.pk))]


def reports_of(notice: Notice) -> list[DeliveryReport]:
    """What gateways told later of a notice, in the order it came. One query."""
    rows = DeliveryReport.objects.filter(delivery__notice=notice).select_related("delivery")
    return list(rows.order_by("arrived_at", "pk"))


def _own(person_id: int, emails: Collection[str]) -> QuerySet[Notice]:
    return Notice.objects.filter(Q(to_person_id=person_id) | Q(to_person=None, email__in=[email.lower() for email in emails]))


def _rows(found: QuerySet[Notice], *, limit: int, offset: int) -> list[PersonRow]:
    notices = found.select_related("version").prefetch_related("deliveries").order_by("-id")[offset : offset + limit]
    return [_row(notice) for notice in notices]


def _row(notice: Notice) -> PersonRow:
    ways = ways_of(notice)
    gone = [str(way.label) for way in ways if way.state in {Notice.State.SENT, Notice.State.DELIVERED}]
    if not ways and notice.state == Notice.State.SENT:  # written before ways were told apart, when there was one
        gone = [str(rules.WAYS[rules.SMTP])]
    kind, event = kinds.LETTERS.get(notice.key), KINDS.get(notice.send_key.partition("/")[0])
    return PersonRow(
        id=notice.pk,
        subject=notice.subject,
        body=notice.body,
        created_at=notice.created_at,
        state=notice.state,
        state_label=notice.get_state_display(),
        ways=ways,
        letter=str(kind.title) if kind else notice.key,
        because=str(event.label) if event else "",
        about=notice.about_code,
        optional=bool(kind and kind.optional),
        version=notice.version.number if notice.version else letters.SHIPPED,
        gone_by=", ".join(gone),
        to_person_id=notice.to_person_id,
    )


def _way(delivery: Delivery) -> WayRow:
    return WayRow(
        way=delivery.way,
        label=delivery.get_way_display(),
        state=delivery.state,
        state_label=delivery.get_state_display(),
        trouble_label=delivery.get_trouble_display() if delivery.trouble else "",
        at=delivery.delivered_at or delivery.sent_at or delivery.next_attempt_at,
        words=_parameters(delivery) if delivery.template else delivery.words,
        gateway_id=delivery.gateway_id,
    )


def _parameters(delivery: Delivery) -> str:
    """What the partner's own template was filled with."""
    values = "; ".join(f"{name} = {text}" for name, text in json.loads(delivery.words).items())
    return _("Mẫu %(template)s: %(values)s") % {"template": delivery.template, "values": values}

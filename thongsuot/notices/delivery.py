"""Handing one notice to whoever carries it, by one way.

At least once: the notice is locked while we talk to the partner, so two jobs never send it together; only a crash after the
partner's "taken" and before our commit makes it go twice, then under the same reference, by which mailboxes recognise a copy
and a gateway that keeps its word sends once.
"""

from __future__ import annotations

import json
from datetime import datetime

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from thongsuot.kernel.actor import Actor
from thongsuot.notices import actions, kinds, links, queries, rules
from thongsuot.notices.actions.sending import TO_SEND
from thongsuot.notices.models import Delivery, Notice
from thongsuot.notices.ways import Message, NotTaken, connected, way_named


def deliver(notice_id: int, *, way: str = rules.SMTP, actor: Actor, at: datetime) -> None:
    """Send it unless it was sent, given up, taken back or delivered meanwhile."""
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
        delivery = _delivery_of(notice, way) if notice else None
        if notice is None or delivery is None or delivery.state not in TO_SEND:
            return
        if way not in connected():
            actions.note_kept(delivery, actor=actor, at=at)
            return
        if notice.is_over(at):
            actions.end_use(notice.pk, actor=actor, at=at)
            return
        if way in queries.declined_ways(notice):
            actions.note_declined(delivery, actor=actor, at=at)
            return
        if until := queries.held_until(notice, way, at=at):
            actions.note_held(delivery, until=until, actor=actor, at=at)
            return
        try:
            gateway_id = way_named(way).send(message_of(delivery))
        except NotTaken as refusal:
            actions.note_trouble(delivery, refusal.trouble, for_good=refusal.for_good, actor=actor, at=at)
        else:
            actions.note_sent(delivery, gateway_id=gateway_id, actor=actor, at=at)


def message_of(delivery: Delivery) -> Message:
    notice = delivery.notice
    optional = kinds.LETTERS[notice.key].optional
    words = get_adapter().decrypt(delivery.sealed) if delivery.sealed else delivery.words or notice.body
    return Message(
        to=notice.email if delivery.way == rules.SMTP else rules.mobile(notice.phone) or "",
        reference=delivery.reference,
        subject=notice.subject,
        words=words,
        template=delivery.template,
        values=json.loads(words) if delivery.template else {},
        unsubscribe=links.unsubscribe(delivery) if optional else "",
        answers_to=settings.REPLY_ADDRESSES.get(notice.about_subject.partition(".")[0], ""),
    )


def release(notice_id: int, *, way: str, actor: Actor, at: datetime) -> None:
    """What is held goes as early as the quiet hours of today let it. Longer ones it meets when its time comes."""
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
        held = notice.deliveries.filter(way=way, state=Delivery.State.HELD).first() if notice else None
        if notice is None or held is None:
            return
        until = queries.held_until(notice, way, at=at)
        if until is None or (held.next_attempt_at and until < held.next_attempt_at):
            actions.note_released(held, until=until, actor=actor, at=at)


def end_use(notice_id: int, *, actor: Actor, at: datetime) -> None:
    """Its last useful instant has come. Twice is once."""
    notice = Notice.objects.filter(pk=notice_id).first()
    waits = Q(state__in=TO_SEND) | ~Q(sealed="")
    if notice is not None and notice.is_over(at) and notice.deliveries.filter(waits).exists():
        actions.end_use(notice_id, actor=actor, at=at)


def _delivery_of(notice: Notice, way: str) -> Delivery | None:
    found = notice.deliveries.filter(way=way).first()
    if found is None and notice.state == Notice.State.QUEUED and way == rules.SMTP and not notice.deliveries.exists():
        # Written by the release before, which knew one way and kept no row of it.
        found = Delivery(notice=notice, way=way, chain=0, place=0, state=Delivery.State.QUEUED, reference=f"{notice.pk}")
        found.next_attempt_at, found.attempts = notice.next_attempt_at or notice.created_at, notice.attempts
        found.save()
    return found

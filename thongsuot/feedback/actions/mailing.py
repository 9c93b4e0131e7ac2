"""A letter becomes a ticket, or a word of its sender about one; else the sender is told why not, where that is safe."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from thongsuot.feedback import events
from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.common import locked, must_handle
from thongsuot.feedback.actions.flooding import one_at_a_time
from thongsuot.feedback.actions.following import reply
from thongsuot.feedback.actions.handling import message, note
from thongsuot.feedback.actions.reporting import report
from thongsuot.feedback.facts import ReportFacts, SenderFacts
from thongsuot.feedback.mail_in import mailbox
from thongsuot.feedback.mail_in.reading import MOST_BYTES, Heading, Letter, Unreadable, read, read_heading
from thongsuot.feedback.models import FeedbackTicket, HeldMail, IncomingMail
from thongsuot.feedback.queries.settings import setting
from thongsuot.feedback.words import Channel
from thongsuot.kernel.actor import ANYONE, Actor, system
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.text import instant
from thongsuot.notices import actions as notices
from thongsuot.notices.models import Delivery
from thongsuot.notices.rules import Recipient
from thongsuot.units import queries as units

VIA = "mail"
_TOLD_IN_A_DAY = 3  # answers to one address that a letter was not taken: two machines do not talk for ever
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
Refused, Why = IncomingMail.Refused, HeldMail.Why
_UNASKED = frozenset({Refused.AUTOMATIC, Refused.LIST, Refused.SPAM, Refused.OWN, Refused.NO_SENDER})


class MailWaits(Exception):
    """So many came of late that this one is not taken yet: whoever brought it keeps it. `why`: of HeldMail.Why."""

    def __init__(self, why: str, until: datetime) -> None:
        super().__init__(why)
        self.why, self.until = why, until


def take_mail(city_id: int, raw: bytes, *, whole: bool = True, at: datetime) -> IncomingMail:
    """One letter as it came; the same again, by whatever way, gives what it became the first time. Raises MailWaits.

    whole   False: only its head was fetched, for the rest is too large
    """
    with translation.override("vi"):  # who writes to us by mail has chosen no language
        try:
            heading = read_heading(raw, own=_own(), trusted=frozenset(settings.FEEDBACK_AUTHSERV))
        except Unreadable:
            heading = Heading(digest=hmac.new(b"", raw[:MOST_BYTES], "sha256").hexdigest(), sender="", name="", subject="")
            return _known(heading) or _refused(city_id, heading, Refused.UNREADABLE, "", actor=system(VIA), at=at)
        if known := _known(heading):
            return known
        if heading.why_not:
            return _refused(city_id, heading, heading.why_not, "", actor=system(VIA), at=at)
        _must_fit(city_id, heading, at)
        if not whole or len(raw) > MOST_BYTES:
            most = _("Thư lớn quá %(most)s MB. Hãy gửi ít ảnh hơn, hoặc gửi trên trang phản ánh.") % {
                "most": MOST_BYTES // 2**20
            }
            return _refused(city_id, heading, Refused.TOO_LARGE, most, actor=system(VIA), at=at)
        try:
            return _taken(city_id, read(raw, heading), actor=replace(ANYONE, via=VIA), at=at)
        except (Unreadable, DataError):  # what cannot be kept is no better than what cannot be read
            words = _("Không đọc được thư của bạn. Hãy viết lại bằng chữ thường, kèm ảnh JPEG hoặc PNG nếu có.")
            return _refused(city_id, heading, Refused.UNREADABLE, words, actor=system(VIA), at=at)
        except errors.TooMany as refusal:
            raise MailWaits(Why.SENDER, refusal.again_at) from None
        except TellPerson as refusal:
            return _refused(city_id, heading, Refused.UNFIT, refusal.message(), actor=system(VIA), at=at)
        except IntegrityError:  # it came by the other way in the same moment
            if known := _known(heading):
                return known
            raise


def _must_fit(city_id: int, heading: Heading, at: datetime) -> None:
    """So many of one address in a day, of one domain in an hour, of all in an hour. Raises MailWaits."""
    counted, day = IncomingMail.objects.exclude(domain=""), timezone.localdate(at)
    for why, mine, key, within in (
        (Why.SENDER, {"sender": _keyed(heading.sender, heading)}, "mail_sender_day", _DAY),
        (Why.DOMAIN, {"domain": _keyed(heading.domain, heading)}, "mail_domain_hour", _HOUR),
        (Why.BOX, {}, "mail_box_hour", _HOUR),
    ):
        most = setting(key, city_id=city_id, on=day)
        lately = counted.filter(at__gt=at - within, **mine).order_by("-at").values_list("at", flat=True)
        for earliest in lately[most - 1 : most]:
            raise MailWaits(why, earliest + within)


def _row(heading: Heading, at: datetime, **more: Any) -> IncomingMail:
    counts = more.get("refused") not in _UNASKED
    return IncomingMail(
        digest=heading.digest,
        sender=_keyed(heading.sender, heading),
        domain=_keyed(heading.domain, heading) if counts else "",
        at=at,
        **more,
    )


@command
def _taken(city_id: int, letter: Letter, *, actor: Actor, at: datetime) -> IncomingMail:
    heading = letter.heading
    most = setting("photos_most", city_id=city_id, on=timezone.localdate(at))
    photos, too_many = letter.photos[:most], letter.photos[most:]
    ticket = _spoken_of(letter)
    row = _row(heading, at)
    if ticket is not None:
        row.ticket = ticket
        row.save()  # before the words: a second one of it waits here, and then is none
        reply(ticket.pk, letter.said, photos=photos, secret=ticket.secret, actor=actor, at=at)
    else:
        facts = ReportFacts(
            words=letter.words,
            sender=SenderFacts(name=heading.name, email=heading.sender, unverified=not heading.vouched),
            photos=photos,
            key=f"mail:{heading.digest}",
        )
        row.ticket = ticket = report(city_id, facts, channel=Channel.EMAIL, actor=actor, at=at)
        row.save()
    if left_out := [*letter.left_out, *(photo.name for photo in too_many)]:
        _tell_left_out(ticket, left_out, most, at)
    return row


def _tell_left_out(ticket: FeedbackTicket, names: list[str], most: int, at: datetime) -> None:
    if ticket.reporter.unverified:
        words = _("Thư có các tệp sau không nhận được: %(files)s.") % {"files": "; ".join(names[:10])}
        note(ticket.pk, words, actor=system(VIA), at=at)
        return
    words = _(
        "Đã nhận thư của bạn, nhưng không nhận các tệp sau: %(files)s. Mỗi thư nhận nhiều nhất %(most)s ảnh, dạng JPEG hoặc "
        "PNG. Nếu cần, hãy trả lời thư này kèm ảnh khác."
    ) % {"files": "; ".join(names[:10]), "most": most}
    message(ticket.pk, words, actor=system(VIA), at=at)


def _spoken_of(letter: Letter) -> FeedbackTicket | None:
    """The sender's own ticket that this answers. A number proves nothing, for anybody may have read it: only what we sent to
    this very address does, the reference of our letter or the secret link that stood in it.
    """
    sender = letter.heading.sender
    ours = Delivery.objects.filter(
        reference__in=letter.references, notice__email__iexact=sender, notice__about_subject=FeedbackTicket._meta.label_lower
    )
    about = [pk for pk in ours.values_list("notice__about_id", flat=True) if pk is not None]
    for found in FeedbackTicket.objects.select_related("reporter").filter(pk__in=about, reporter__email=sender).order_by("-pk"):
        return found
    # A ticket told by telephone has no address to compare with; whoever has its link was sent it.
    linked = FeedbackTicket.objects.filter(secret__in=letter.secrets, reporter__email__in=["", sender])
    return linked.order_by("-pk").first()


@command
def _refused(city_id: int, heading: Heading, why: str, words: str, *, actor: Actor, at: datetime) -> IncomingMail:
    """Kept that it came and why it was not taken; `words`: what its sender is told, as long as that is no conversation and
    it is sure who that is.
    """
    row = _row(heading, at, refused=why)
    if words and row.sender:
        one_at_a_time([f"told {row.sender}"])
    row.told = told = bool(words and heading.vouched) and _may_be_told(row.sender, why, at)
    row.save()
    city = units.unit_row(city_id, as_of=timezone.localdate(at))
    if told:
        notices.queue(
            "feedback_mail_refused",
            to=Recipient(name=heading.name if "@" not in heading.name else _("bạn"), email=heading.sender),
            about=row,
            unit_id=city_id,
            context={
                "code": instant(at),
                "procedure": heading.subject or _("không có tiêu đề"),
                "agency": city.full_name,
                "contact": settings.HOTLINE,
                "link": settings.PUBLIC_URL.rstrip("/") + reverse("feedback:report"),
                "reason": words,
            },
            send_key=f"feedback.mail_refused/{row.pk}",
            actor=system(VIA),
            at=at,
        )
    record(events.MAIL_REFUSED, row, actor=actor, at=at, unit_id=city_id, why=why, told=told)
    return row


def _may_be_told(sender: str, why: str, at: datetime) -> bool:
    """The same thing once an hour, and so many things a day."""
    lately = IncomingMail.objects.filter(sender=sender, told=True, at__gt=at - _DAY).values_list("refused", "at")
    return len(lately) < _TOLD_IN_A_DAY and not any(said == why and then > at - _HOUR for said, then in lately)


def _known(heading: Heading) -> IncomingMail | None:
    return IncomingMail.objects.filter(digest=heading.digest).first()


def _keyed(said: str, heading: Heading) -> str:
    """What is forged uses up nothing of what the true owner of the address may send."""
    told = f"feedback.mail\x00{'' if heading.vouched else '?'}{said}"
    return hmac.new(settings.SECRET_KEY.encode(), told.encode(), "sha256").hexdigest()[:32] if said else ""


def _own() -> frozenset[str]:
    """What we write from, or are written to."""
    box = mailbox.address_of(settings.FEEDBACK_IMAP)
    ours = [settings.FEEDBACK_MAIL, parseaddr(settings.DEFAULT_FROM_EMAIL)[1], box.user if box else ""]
    return frozenset(one.lower() for one in ours if "@" in one)


@command
def confirm_sender(ticket_id: int, *, actor: Actor, at: datetime) -> FeedbackTicket:
    """Somebody made sure that the owner of the address sent it: from now on it is written to. Raises NotFound, NotYourDuty,
    NotInThisState.
    """
    ticket = locked(ticket_id)
    must_handle(ticket, actor)
    sender = ticket.reporter
    if not sender.unverified or sender.forgotten_at is not None:
        raise errors.NotInThisState
    sender.unverified, sender.confirmed_at = False, at
    sender.save(update_fields=["unverified", "confirmed_at"])
    record(events.SENDER_CONFIRMED, ticket, actor=actor, at=at, unit_id=ticket.unit_id or ticket.city_id)
    return ticket

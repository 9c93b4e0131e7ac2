"""A letter becomes a ticket, or a word of its sender about one; else the sender is told why not, where that is safe."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from thongsuot.feedback import events
from thongsuot.feedback.actions import errors
from thongsuot.feedback.actions.flooding import one_at_a_time
from thongsuot.feedback.actions.following import reply
from thongsuot.feedback.actions.handling import message
from thongsuot.feedback.actions.reporting import report
from thongsuot.feedback.facts import ReportFacts, SenderFacts
from thongsuot.feedback.mail_in import mailbox
from thongsuot.feedback.mail_in.reading import MOST_BYTES, Heading, Letter, Unreadable, read, read_heading
from thongsuot.feedback.models import FeedbackTicket, IncomingMail
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
Refused = IncomingMail.Refused


def take_mail(city_id: int, raw: bytes, *, whole: bool = True, at: datetime) -> IncomingMail:
    """One letter as it came; the same again, by whatever way, gives what it became the first time.

    whole   False: only its head was fetched, for the rest is too large
    """
    with translation.override("vi"):  # who writes to us by mail has chosen no language
        try:
            heading = read_heading(raw, own=_own())
        except Unreadable:
            heading = Heading(digest=hmac.new(b"", raw[:MOST_BYTES], "sha256").hexdigest(), sender="", name="", subject="")
            return _known(heading) or _refused(city_id, heading, Refused.UNREADABLE, "", actor=system(VIA), at=at)
        if known := _known(heading):
            return known
        if heading.why_not:
            return _refused(city_id, heading, heading.why_not, "", actor=system(VIA), at=at)
        if not whole or len(raw) > MOST_BYTES:
            most = _("Thư lớn quá %(most)s MB. Hãy gửi ít ảnh hơn, hoặc gửi trên trang phản ánh.") % {
                "most": MOST_BYTES // 2**20
            }
            return _refused(city_id, heading, Refused.TOO_LARGE, most, actor=system(VIA), at=at)
        try:
            return _taken(city_id, read(raw, heading), actor=replace(ANYONE, via=VIA), at=at)
        except Unreadable:
            words = _("Không đọc được thư của bạn. Hãy viết lại bằng chữ thường, kèm ảnh JPEG hoặc PNG nếu có.")
            return _refused(city_id, heading, Refused.UNREADABLE, words, actor=system(VIA), at=at)
        except TellPerson as refusal:
            why = Refused.TOO_MANY if isinstance(refusal, errors.TooMany) else Refused.UNFIT
            return _refused(city_id, heading, why, refusal.message(), actor=system(VIA), at=at)
        except IntegrityError:  # it came by the other way in the same moment
            if known := _known(heading):
                return known
            raise


@command
def _taken(city_id: int, letter: Letter, *, actor: Actor, at: datetime) -> IncomingMail:
    heading = letter.heading
    most = setting("photos_most", city_id=city_id, on=timezone.localdate(at))
    photos, too_many = letter.photos[:most], letter.photos[most:]
    ticket = _spoken_of(letter)
    row = IncomingMail(digest=heading.digest, sender=_keyed(heading.sender), at=at)
    if ticket is not None:
        row.ticket = ticket
        row.save()  # before the words: a second one of it waits here, and then is none
        reply(ticket.pk, letter.said, photos=photos, secret=ticket.secret, actor=actor, at=at)
    else:
        facts = ReportFacts(
            words=letter.words,
            sender=SenderFacts(name=heading.name, email=heading.sender),
            photos=photos,
            key=f"mail:{heading.digest}",
        )
        row.ticket = ticket = report(city_id, facts, channel=Channel.EMAIL, actor=actor, at=at)
        row.save()
    if left_out := [*letter.left_out, *(photo.name for photo in too_many)]:
        _tell_left_out(ticket, left_out, most, at)
    return row


def _tell_left_out(ticket: FeedbackTicket, names: list[str], most: int, at: datetime) -> None:
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
    """Kept that it came and why it was not taken; `words`: what its sender is told, as long as that is no conversation."""
    sender = _keyed(heading.sender)
    if words and sender:
        one_at_a_time([f"told {sender}"])
    told = bool(words and heading.sender) and _may_be_told(sender, why, at)
    row = IncomingMail.objects.create(digest=heading.digest, sender=sender, refused=why, told=told, at=at)
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


def _keyed(address: str) -> str:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"feedback.mail\x00{address}".encode(), "sha256").hexdigest()[:32] if address else ""


def _own() -> frozenset[str]:
    """What we write from, or are written to."""
    box = mailbox.address_of(settings.FEEDBACK_IMAP)
    ours = [settings.FEEDBACK_MAIL, parseaddr(settings.DEFAULT_FROM_EMAIL)[1], box.user if box else ""]
    return frozenset(one.lower() for one in ours if "@" in one)

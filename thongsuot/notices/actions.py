"""Telling people: a message is written in the command that causes it and leaves the house in a job."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, models
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.contact import is_email
from thongsuot.kernel.errors import TellPerson, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.notices import events, letters, rules
from thongsuot.notices.models import Notice
from thongsuot.notices.rules import Recipient

State, Channel, Trouble = Notice.State, Notice.Channel, Notice.Trouble


class NoticeOnItsWay(TellPerson):
    code = "notices.on_its_way"
    says = _("Tin này đang chờ gửi. Không cần gửi lại, hãy xem kết quả sau ít phút.")


class NoticeHasNoAddress(TellPerson):
    code = "notices.no_address"
    says = _("Người nhận không có thư điện tử dùng được. Hãy gọi điện, hoặc sửa địa chỉ trong hồ sơ.")


class NoMailServer(TellPerson):
    code = "notices.no_mail_server"
    says = _("Chưa nối máy chủ thư nên không gửi ra ngoài được. Người nhận vẫn đọc được tin trong tài khoản của mình.")


def queue(
    key: str,
    *,
    to: Recipient,
    about: models.Model | None,
    unit_id: int,
    context: Mapping[str, object],
    send_key: str,
    actor: Actor,
    at: datetime,
) -> Notice:
    """Write a letter of `letters.LETTERS` to someone and have it sent. Call it in a command or in a reaction.

    about     what it speaks of, usually the dossier
    unit_id   on whose behalf: whose outbox shows it
    context   exactly what the letter is told (`letters.LETTERS`)
    send_key  the caller's own name for this message ("dossiers.received/4711"): asked again, the first one is returned
    A wrong address does not raise: the citizen's matter goes on, and the notice is listed as failed.
    """
    if known := Notice.objects.filter(send_key=send_key).first():
        return known
    try:
        return write(key, to=to, about=about, unit_id=unit_id, context=context, send_key=send_key, actor=actor, at=at)
    except IntegrityError:
        # Somebody else wrote it between these lines.
        if known := Notice.objects.filter(send_key=send_key).first():
            return known
        raise


@command
def write(
    key: str,
    *,
    to: Recipient,
    about: models.Model | None,
    unit_id: int,
    context: Mapping[str, object],
    send_key: str,
    actor: Actor,
    at: datetime,
) -> Notice:
    """`queue` for a message that is surely new; IntegrityError when its `send_key` is taken."""
    name = one_line(to.name)[:200]
    letter = letters.written(key, name=name, context=context)
    email, phone = rules.clean_email(to.email), rules.clean_phone(to.phone)
    notice = Notice(
        to_name=name,
        to_person_id=to.person_id,
        channel=Channel.EMAIL if email else Channel.PHONE if phone else Channel.NONE,
        email=email,
        phone=phone,
        key=key,
        subject=letter.subject,
        body=letter.body,
        unit_id=unit_id,
        send_key=send_key,
        about_subject=about._meta.label_lower if about else "",
        about_id=about.pk if about else None,
        created_at=at,
        state=State.KEPT,
    )
    if email and not is_email(email):
        notice.state, notice.trouble = State.FAILED, Trouble.BAD_ADDRESS
    elif email and settings.EMAIL_HOST:
        notice.state, notice.next_attempt_at = State.QUEUED, at
    notice.save()
    record(events.QUEUED, notice, actor=actor, at=at, unit_id=unit_id, key=key, channel=notice.channel, state=notice.state)
    if notice.state == State.QUEUED:
        _put_in_line(notice)
    return notice


@command
def send_again(notice_id: int, *, actor: Actor, at: datetime) -> Notice:
    """Try once more what failed, was kept, or did arrive but cannot be found. Counting starts anew.

    Raises NotFound, NotYourDuty, NoticeOnItsWay, NoticeHasNoAddress, NoMailServer.
    """
    notice = _locked(notice_id)
    actor.must("see outbox", unit_id=notice.unit_id)
    if notice.state == State.QUEUED:
        raise NoticeOnItsWay
    if not is_email(notice.email):
        raise NoticeHasNoAddress
    if not settings.EMAIL_HOST:
        raise NoMailServer
    notice.state, notice.attempts, notice.trouble, notice.next_attempt_at = State.QUEUED, 0, "", at
    notice.save(update_fields=["state", "attempts", "trouble", "next_attempt_at"])
    record(events.QUEUED_AGAIN, notice, actor=actor, at=at, unit_id=notice.unit_id, key=notice.key)
    _put_in_line(notice)
    return notice


@command
def note_sent(notice: Notice, *, actor: Actor, at: datetime) -> Notice:
    """The mail server took it. The caller holds the row's lock."""
    notice.state, notice.sent_at, notice.next_attempt_at, notice.trouble = State.SENT, at, None, ""
    notice.attempts += 1
    notice.save(update_fields=["state", "sent_at", "next_attempt_at", "trouble", "attempts"])
    record(events.SENT, notice, actor=actor, at=at, unit_id=notice.unit_id, attempts=notice.attempts)
    return notice


@command
def note_trouble(notice: Notice, trouble: Notice.Trouble, *, for_good: bool, actor: Actor, at: datetime) -> Notice:
    """It was not taken: try again later, or give up. The caller holds the row's lock."""
    notice.attempts += 1
    notice.trouble = trouble
    wait = None if for_good else rules.wait_after(notice.attempts)
    notice.state = State.QUEUED if wait else State.FAILED
    notice.next_attempt_at = at + wait if wait else None
    notice.save(update_fields=["state", "trouble", "attempts", "next_attempt_at"])
    kind = events.POSTPONED if wait else events.FAILED
    record(kind, notice, actor=actor, at=at, unit_id=notice.unit_id, attempts=notice.attempts, trouble=trouble.value)
    if wait:
        _put_in_line(notice)
    return notice


@command
def note_kept(notice: Notice, *, actor: Actor, at: datetime) -> Notice:
    """The mail server's setting was taken away while it waited. The caller holds the row's lock."""
    notice.state, notice.next_attempt_at = State.KEPT, None
    notice.save(update_fields=["state", "next_attempt_at"])
    record(events.KEPT, notice, actor=actor, at=at, unit_id=notice.unit_id)
    return notice


def _locked(notice_id: int) -> Notice:
    notice = must_exist(Notice.objects.select_for_update().filter(pk=notice_id).first())
    return notice


def _put_in_line(notice: Notice) -> None:
    """The job row stands in the same transaction as the notice: both exist or neither."""
    job = app.configure_task("notices.send", schedule_at=notice.next_attempt_at, lock=f"notice {notice.pk}")
    job.defer(notice_id=notice.pk)

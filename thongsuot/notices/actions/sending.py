"""Telling people: a message is written in the command that causes it and leaves the house in a job, by one way or several."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import uuid4

from allauth.mfa.adapter import get_adapter
from django.db import IntegrityError, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.contact import is_email
from thongsuot.kernel.errors import TellPerson, must_exist
from thongsuot.kernel.events import EventKind
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import local_day
from thongsuot.notices import events, kinds, letters, queries, rules
from thongsuot.notices.models import Delivery, Notice, Trouble
from thongsuot.notices.rules import Recipient
from thongsuot.notices.ways import connected
from thongsuot.units import queries as units

State, Channel = Notice.State, Notice.Channel
By = Delivery.State
TO_SEND = (By.QUEUED, By.HELD)


class NoticeOnItsWay(TellPerson):
    code = "notices.on_its_way"
    says = _("Tin này đang chờ gửi. Không cần gửi lại, hãy xem kết quả sau ít phút.")


class NoticeHasNoAddress(TellPerson):
    code = "notices.no_address"
    says = _("Người nhận không có thư điện tử, số điện thoại dùng được. Hãy gọi điện, hoặc sửa địa chỉ trong hồ sơ.")


class NoticeOutOfUse(TellPerson):
    code = "notices.out_of_use"
    says = _("Tin này chỉ dùng được một lúc hoặc có mã dùng một lần, nên không gửi lại. Hãy làm lại việc đã sinh ra tin.")


class RecipientKept(TellPerson):
    """Who looks after the outbox reads it of no denunciation, whatever the reason."""

    code = "notices.recipient_kept"
    status = 403
    says = _("Tin này về việc được giữ kín nên không mở được ở đây. Hãy hỏi người đứng đầu đơn vị đang giải quyết.")


class RecipientDeclined(TellPerson):
    code = "notices.recipient_declined"
    says = _("Người nhận đã chọn không nhận loại tin này. Nếu vẫn cần báo, hãy gọi điện.")


class NoWayConnected(TellPerson):
    code = "notices.no_way_connected"
    says = _(
        "Chưa nối máy chủ thư hay cổng tin nhắn nào tới được người này. Người nhận vẫn đọc được tin trong tài khoản của mình."
    )


def queue(
    key: str,
    *,
    to: Recipient,
    about: models.Model | None,
    unit_id: int,
    context: Mapping[str, object],
    send_key: str,
    useful_until: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> Notice:
    """Write a letter of `kinds.LETTERS` to someone and have it sent. Call it in a command or in a reaction.

    about     what it speaks of, usually the dossier
    unit_id   on whose behalf: whose outbox shows it
    context   exactly what the letter is told (`kinds.LETTERS`)
    send_key  the event it is told for, and what of ("dossiers.received/4711"): asked again, the first one is returned
    useful_until  after it the message helps nobody: it is given up. A letter with secret places must say so
    A wrong address does not raise: the citizen's matter goes on, and the notice is listed as failed.
    """
    if known := Notice.objects.filter(send_key=send_key).first():
        return known
    try:
        return write(
            key,
            to=to,
            about=about,
            unit_id=unit_id,
            context=context,
            send_key=send_key,
            useful_until=useful_until,
            actor=actor,
            at=at,
        )
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
    useful_until: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> Notice:
    """The command of `queue`, which records; one that is there already is no event. IntegrityError when `send_key` is taken."""
    name = one_line(to.name)[:200]
    city_id, day = units.city_of(unit_id), local_day(at)
    version = queries.version_in_force(city_id, key, on=day)
    words = queries.words_of(version) if version else None
    letter, whole = letters.written(key, name=name, context=context, words=words), None
    if kinds.LETTERS[key].has_secrets:
        if useful_until is None:
            raise TypeError(f"letter {key}: its secrets must be forgotten one day, so it needs useful_until")
        letter, whole = letters.written(key, name=name, context=context, words=words, dotted=True), letter
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
        version=version,
        send_key=send_key,
        about_subject=about._meta.label_lower if about else "",
        about_id=about.pk if about else None,
        about_code=one_line(str(context["code"]))[:60],
        created_at=at,
        useful_until=useful_until,
        state=State.KEPT,
    )
    deliveries = _planned(notice, letter, route=queries.route_of(city_id, key, on=day))
    if whole:
        for delivery in deliveries:
            said = {rules.SMTP: whole.body, rules.SMS: whole.sms, rules.ZALO: _as_json(whole.zalo)}[delivery.way]
            delivery.sealed = get_adapter().encrypt(said)
    for delivery in deliveries:
        if delivery.state == By.QUEUED:
            _start(delivery, notice, at=at)
    _follow(notice, deliveries)
    if notice.state == State.KEPT and not deliveries and (trouble := _unreachable(email, phone)):
        notice.state, notice.trouble = State.FAILED, trouble
    notice.save()
    Delivery.objects.bulk_create(deliveries)
    ways = {delivery.way: delivery.state for delivery in deliveries}
    record(
        events.QUEUED,
        notice,
        actor=actor,
        at=at,
        unit_id=unit_id,
        key=key,
        channel=notice.channel,
        state=notice.state,
        ways=ways,
        version=version.number if version else letters.SHIPPED,
    )
    for delivery in deliveries:
        _put_in_line(delivery)
    if useful_until:
        app.configure_task("notices.end_use", schedule_at=useful_until).defer(notice_id=notice.pk)
    return notice


@command
def send_again(notice_id: int, *, actor: Actor, at: datetime) -> Notice:
    """Try once more what failed, was kept, or did arrive but cannot be found. Counting starts anew, under new references, and
    the ways are planned anew: by those connected, declined and set today.

    Raises NotFound, NotYourDuty, NoticeOnItsWay, NoticeOutOfUse, NoticeHasNoAddress, RecipientDeclined,
    NoWayConnected.
    """
    notice, deliveries = locked(notice_id)
    actor.must("see outbox", unit_id=notice.unit_id)
    if any(delivery.state in TO_SEND for delivery in deliveries) or notice.state == State.QUEUED:
        raise NoticeOnItsWay
    if not queries.is_repeatable(notice, at=at):
        raise NoticeOutOfUse
    if not deliveries and is_email(notice.email):
        deliveries = [Delivery(notice=notice, way=rules.SMTP, chain=0, place=0)]  # written before ways were told apart
    if not deliveries:
        raise NoticeHasNoAddress
    declined = queries.declined_ways(notice)
    wanted = {delivery.way for delivery in deliveries} - declined
    if not wanted:
        raise RecipientDeclined
    if not wanted & connected():
        raise NoWayConnected
    route = queries.route_of(units.city_of(notice.unit_id), notice.key, on=local_day(at))
    places = rules.places(route, open_ways=wanted & connected())
    for delivery in deliveries:
        delivery.chain, delivery.place = places.get(delivery.way, (len(places), 0))
        if delivery.way in places:
            delivery.reference, delivery.gateway_id, delivery.attempts, delivery.trouble = _reference(), "", 0, ""
            delivery.sent_at, delivery.delivered_at, delivery.next_attempt_at = None, None, None
            delivery.state = By.RESERVE
            if not delivery.place:
                _start(delivery, notice, at=at)
        elif delivery.state not in {By.SENT, By.DELIVERED}:  # what it did before stays told
            delivery.state = By.DECLINED if delivery.way in declined else By.KEPT
        delivery.save()
    save_standing(notice, deliveries)
    record(events.QUEUED_AGAIN, notice, actor=actor, at=at, unit_id=notice.unit_id, key=notice.key)
    for delivery in deliveries:
        _put_in_line(delivery)
    return notice


@command
def note_sent(delivery: Delivery, *, gateway_id: str = "", actor: Actor, at: datetime) -> Delivery:
    """The mail server or the gateway took it. The caller holds the notice's lock."""
    delivery.state, delivery.sent_at, delivery.next_attempt_at, delivery.trouble = By.SENT, at, None, ""
    delivery.gateway_id, delivery.sealed = gateway_id, ""
    delivery.attempts += 1
    delivery.save(update_fields=["state", "sent_at", "next_attempt_at", "trouble", "attempts", "gateway_id", "sealed"])
    _stands(delivery, events.SENT, actor=actor, at=at, attempts=delivery.attempts)
    return delivery


@command
def note_trouble(delivery: Delivery, trouble: Trouble, *, for_good: bool, actor: Actor, at: datetime) -> Delivery:
    """It was not taken: try again later, or give up and go on to the next way. The caller holds the notice's lock."""
    delivery.attempts += 1
    delivery.trouble = trouble
    wait = None if for_good else rules.wait_after(delivery.attempts)
    if wait and delivery.notice.is_over(at + wait):
        give_up(delivery, By.FAILED, Trouble.TOO_LATE, actor=actor, at=at)
        return delivery
    if wait:
        delivery.state = By.QUEUED
        delivery.next_attempt_at = at + wait
        delivery.save(update_fields=["state", "trouble", "attempts", "next_attempt_at"])
        _stands(delivery, events.POSTPONED, actor=actor, at=at, attempts=delivery.attempts, trouble=trouble.value)
        _put_in_line(delivery)
        return delivery
    give_up(delivery, By.REFUSED if for_good else By.FAILED, trouble, actor=actor, at=at)
    return delivery


@command
def end_use(notice_id: int, *, actor: Actor, at: datetime) -> Notice:
    """Its last useful instant is over: what still waits is given up, what was sealed is forgotten. Raises NotFound."""
    notice, deliveries = locked(notice_id)
    for delivery in deliveries:
        if delivery.state in TO_SEND:
            give_up(delivery, By.FAILED, Trouble.TOO_LATE, actor=actor, at=at)
    notice.deliveries.exclude(sealed="").update(sealed="")
    record(events.USE_ENDED, notice, actor=actor, at=at, unit_id=notice.unit_id, key=notice.key)
    return notice


@command
def note_held(delivery: Delivery, *, until: datetime, actor: Actor, at: datetime) -> Delivery:
    """Its time came within the quiet hours. The caller holds the notice's lock."""
    delivery.state, delivery.next_attempt_at = By.HELD, until
    delivery.save(update_fields=["state", "next_attempt_at"])
    _stands(delivery, events.HELD, actor=actor, at=at, until=until)
    _put_in_line(delivery)
    return delivery


@command
def note_released(delivery: Delivery, *, until: datetime | None, actor: Actor, at: datetime) -> Delivery:
    """The quiet hours became shorter while it was held. The caller holds the notice's lock."""
    delivery.state, delivery.next_attempt_at = By.HELD if until else By.QUEUED, until or at
    delivery.save(update_fields=["state", "next_attempt_at"])
    _stands(delivery, events.RELEASED, actor=actor, at=at, until=until)
    _put_in_line(delivery)
    return delivery


@command
def note_kept(delivery: Delivery, *, actor: Actor, at: datetime) -> Delivery:
    """The way was disconnected while it waited. The caller holds the notice's lock."""
    return _set_aside(delivery, By.KEPT, events.KEPT, actor=actor, at=at)


@command
def note_declined(delivery: Delivery, *, actor: Actor, at: datetime) -> Delivery:
    """Its person chose while it waited not to get such letters by this way. The caller holds the notice's lock."""
    return _set_aside(delivery, By.DECLINED, events.NOT_WANTED, actor=actor, at=at)


def _set_aside(delivery: Delivery, state: Delivery.State, kind: EventKind, *, actor: Actor, at: datetime) -> Delivery:
    delivery.state, delivery.next_attempt_at = state, None
    delivery.save(update_fields=["state", "next_attempt_at"])
    _stands(delivery, kind, actor=actor, at=at)
    _next_way(delivery, actor=actor, at=at)
    return delivery


def give_up(delivery: Delivery, state: Delivery.State, trouble: Trouble, *, actor: Actor, at: datetime) -> None:
    """By this way for good; the next of its chain is tried. Part of a command."""
    delivery.state, delivery.trouble, delivery.next_attempt_at, delivery.sealed = state, trouble, None, ""
    delivery.save(update_fields=["state", "trouble", "attempts", "next_attempt_at", "sealed"])
    _stands(delivery, events.FAILED, actor=actor, at=at, attempts=delivery.attempts, trouble=trouble.value)
    _next_way(delivery, actor=actor, at=at)


def _next_way(delivery: Delivery, *, actor: Actor, at: datetime) -> None:
    if delivery.notice.is_over(at):
        return
    reserve = delivery.notice.deliveries.filter(chain=delivery.chain, place__gt=delivery.place, state=By.RESERVE)
    declined = queries.declined_ways(delivery.notice)
    reserve.filter(way__in=declined).update(state=By.DECLINED)
    following = next((one for one in reserve.order_by("place") if one.way in connected()), None)
    if following is None:
        return
    following.notice = delivery.notice
    _start(following, delivery.notice, at=at)
    following.save(update_fields=["state", "next_attempt_at"])
    _stands(following, events.NEXT_WAY, actor=actor, at=at)
    _put_in_line(following)


def locked(notice_id: int) -> tuple[Notice, list[Delivery]]:
    """Raises NotFound."""
    notice = must_exist(Notice.objects.select_for_update().filter(pk=notice_id).first())
    return notice, list(notice.deliveries.order_by("chain", "place"))


def save_standing(notice: Notice, deliveries: Iterable[Delivery]) -> None:
    _follow(notice, deliveries)
    notice.save(update_fields=["state", "attempts", "trouble", "sent_at", "next_attempt_at"])


def _stands(delivery: Delivery, kind: EventKind, *, actor: Actor, at: datetime, **facts: object) -> None:
    notice = delivery.notice
    save_standing(notice, notice.deliveries.all())
    record(kind, notice, actor=actor, at=at, unit_id=notice.unit_id, way=delivery.way, **facts)


def _follow(notice: Notice, deliveries: Iterable[Delivery]) -> None:
    """Copy to the notice how its deliveries stand together."""
    rows = sorted(deliveries, key=lambda row: (row.chain, row.place))
    notice.state = State(rules.standing({row.way: row.state for row in rows}))
    notice.attempts = sum(row.attempts for row in rows)
    arrived = notice.state in {State.SENT, State.DELIVERED}
    notice.trouble = "" if arrived else next((row.trouble for row in reversed(rows) if row.trouble), "")
    notice.sent_at = max((row.sent_at for row in rows if row.sent_at), default=notice.sent_at)
    notice.next_attempt_at = min((row.next_attempt_at for row in rows if row.next_attempt_at), default=None)


def _planned(notice: Notice, letter: letters.Letter, *, route: str) -> list[Delivery]:
    """A row for every way that reaches this person: to be tried, in reserve, not connected, or declined."""
    reached = rules.addressed(email=notice.email, phone=notice.phone) - ({rules.ZALO} if not letter.zalo_template else set())
    declined = queries.declined_ways(notice)
    places = rules.places(route, open_ways=(reached & connected()) - declined)
    rows = []
    for way in (way for chain in rules.ROUTES[route] for way in chain if way in reached):
        chain, place = places.get(way, (len(places), 0))
        state = By.DECLINED if way in declined else By.KEPT if way not in places else By.RESERVE if place else By.QUEUED
        row = Delivery(notice=notice, way=way, chain=chain, place=place, state=state, reference=_reference())
        if way == rules.SMS:
            row.words = letter.sms
        elif way == rules.ZALO:
            row.words, row.template = _as_json(letter.zalo), letter.zalo_template
        rows.append(row)
    return rows


def _as_json(values: Mapping[str, str]) -> str:
    return json.dumps(dict(values), ensure_ascii=False)


def _unreachable(email: str, phone: str) -> Trouble | None:
    """What is wrong with addresses that lead nowhere; None: there are none, or no way would use them."""
    if email:
        return Trouble.BAD_ADDRESS
    return Trouble.BAD_NUMBER if phone and connected() & rules.BY_PHONE else None


def _start(delivery: Delivery, notice: Notice, *, at: datetime) -> None:
    until = queries.held_until(notice, delivery.way, at=at)
    delivery.state = By.HELD if until else By.QUEUED
    delivery.next_attempt_at = until or at


def _reference() -> str:
    return uuid4().hex


def _put_in_line(delivery: Delivery) -> None:
    """The job row stands in the same transaction as the notice: both exist or neither.

    Without a lock of the queue: it would keep a job that is due behind one that waits for tomorrow. `deliver` locks the notice.
    """
    if delivery.state in TO_SEND:
        job = app.configure_task("notices.send", schedule_at=delivery.next_attempt_at)
        job.defer(notice_id=delivery.notice_id, way=delivery.way)


def told_about(about: models.Model, *, to: Recipient) -> list[int]:
    """Notices about it that went to this person, by account, address or name."""
    told = Q(to_name=to.name) | Q(email=to.email) & ~Q(email="") | Q(phone=to.phone) & ~Q(phone="")
    if to.person_id is not None:
        told |= Q(to_person=to.person_id)
    found = Notice.objects.filter(told, about_subject=about._meta.label_lower, about_id=about.pk)
    return list(found.order_by("pk").values_list("pk", flat=True))


@command
def forget_recipient(notice_id: int, *, actor: Actor, at: datetime) -> Notice:
    """Within the command that forgets a person: to whom a letter went, and their name in what it said. Raises NotFound."""
    notice = must_exist(Notice.objects.select_for_update(of=("self",)).filter(pk=notice_id).first())
    for one in notice.deliveries.exclude(words="", sealed=""):
        one.words, one.sealed = _without_name(one.words, notice.to_name), ""
        one.save(update_fields=["words", "sealed"])
    notice.body = _without_name(notice.body, notice.to_name)
    notice.to_name, notice.to_person, notice.email, notice.phone = "", None, "", ""
    notice.save(update_fields=["body", "to_name", "to_person", "email", "phone"])
    record(events.FORGOTTEN, notice, actor=actor, at=at, unit_id=notice.unit_id)
    return notice


def _without_name(words: str, name: str) -> str:
    return words.replace(name, kinds.DOTS) if name else words

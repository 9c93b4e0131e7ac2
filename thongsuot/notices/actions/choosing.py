"""What the city sets: quiet hours, the order of ways. What each person chooses: which optional letters, by which way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, TellPerson, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import VIET_NAM, local_day
from thongsuot.notices import events, kinds, queries, rules
from thongsuot.notices.actions.wording import WRITE, AlreadyBegun
from thongsuot.notices.models import Delivery, LetterRoute, OptOut, QuietHours
from thongsuot.people.drafted import must_be_near


class PlaceInThePast(TellPerson):
    code = "notices.set_in_the_past"
    says = gettext_lazy(
        "Đã có thiết lập dùng từ một ngày sau ngày này. Hãy bỏ thiết lập đó trước, hoặc chọn ngày đó hay ngày sau."
    )


@command
def set_quiet_hours(
    city_id: int,
    *,
    starts: time,
    ends: time,
    ways: Collection[str],
    basis: str,
    valid_from: date,
    actor: Actor,
    at: datetime,
) -> QuietHours:
    """From a day on, for what is held already too. Equal times: none. Raises NotYourDuty, BadInput, PlaceInThePast."""
    actor.must(WRITE, unit_id=city_id)
    basis = one_line(basis)[:300]
    if not basis:
        raise BadInput({"basis": _("Chưa có căn cứ. Hãy ghi văn bản hoặc quyết định nói về giờ nhắn tin.")})
    if not set(ways) <= rules.WAYS.keys():
        raise BadInput({"ways": _("Có cách gửi không dùng được. Hãy chọn lại.")})
    row = QuietHours(city_id=city_id, starts=starts, ends=ends, ways=sorted(set(ways)), basis=basis)
    _from_a_day_on(row, QuietHours.objects.filter(city_id=city_id), valid_from, at=at)
    record(
        events.QUIET_HOURS_SET,
        row,
        actor=actor,
        at=at,
        unit_id=city_id,
        starts=starts,
        ends=ends,
        ways=row.ways,
        valid_from=valid_from,
    )
    begins = datetime.combine(valid_from, time(0), VIET_NAM)
    app.configure_task("notices.release_held", schedule_at=max(at, begins)).defer()
    return row


@command
def withdraw_quiet_hours(row_id: int, *, actor: Actor, at: datetime) -> QuietHours:
    """Those of before go on instead. Raises NotFound, NotYourDuty, AlreadyBegun."""
    row = must_exist(QuietHours.objects.select_for_update().filter(pk=row_id).first())
    actor.must(WRITE, unit_id=row.city_id)
    said = {"starts": row.starts, "ends": row.ends, "ways": row.ways, "basis": row.basis, "valid_from": row.valid_from}
    record(events.QUIET_HOURS_WITHDRAWN, row, actor=actor, at=at, unit_id=row.city_id, **said)
    _withdraw(row, QuietHours.objects.filter(city_id=row.city_id), at=at)
    return row


@command
def set_route(city_id: int, *, key: str, route: str, valid_from: date, actor: Actor, at: datetime) -> LetterRoute:
    """By which ways a letter goes out, from a day on. Raises NotYourDuty, NotFound, BadInput, PlaceInThePast."""
    actor.must(WRITE, unit_id=city_id)
    must_exist(kinds.LETTERS.get(key))
    if route not in rules.ROUTES:
        raise BadInput({"route": _("Chưa chọn cách gửi. Hãy chọn một mục.")})
    row = LetterRoute(city_id=city_id, key=key, route=route)
    _from_a_day_on(row, LetterRoute.objects.filter(city_id=city_id, key=key), valid_from, at=at)
    record(events.ROUTE_SET, row, actor=actor, at=at, unit_id=city_id, key=key, route=route, valid_from=valid_from)
    return row


@command
def withdraw_route(row_id: int, *, actor: Actor, at: datetime) -> LetterRoute:
    """The one of before goes on instead. Raises NotFound, NotYourDuty, AlreadyBegun."""
    row = must_exist(LetterRoute.objects.select_for_update().filter(pk=row_id).first())
    actor.must(WRITE, unit_id=row.city_id)
    said = {"key": row.key, "route": row.route, "valid_from": row.valid_from}
    record(events.ROUTE_WITHDRAWN, row, actor=actor, at=at, unit_id=row.city_id, **said)
    _withdraw(row, LetterRoute.objects.filter(city_id=row.city_id, key=row.key), at=at)
    return row


def _withdraw(row: Any, rows: models.QuerySet[Any], *, at: datetime) -> None:
    """It never held, and its event says what it was."""
    if row.valid_from <= local_day(at):
        raise AlreadyBegun
    rows.filter(valid_to=row.valid_from).update(valid_to=row.valid_to)
    rows.filter(pk=row.pk).delete()


def _from_a_day_on(row: Any, before: models.QuerySet[Any], valid_from: date, *, at: datetime) -> None:
    """What was set before holds until that day; a row of the very day is replaced: its event says what it was."""
    must_be_near(valid_from, at=at)
    last = before.select_for_update().order_by("valid_from").last()
    if last and last.valid_from > valid_from:
        raise PlaceInThePast
    if last and last.valid_from == valid_from:
        row.pk = last.pk
    elif last:
        last.valid_to = valid_from
        last.save(update_fields=["valid_to"])
    row.valid_from = valid_from
    try:
        row.save()
    except IntegrityError:  # somebody else's, of the same day, came between
        raise PlaceInThePast from None


@command
def decline(person_id: int, *, kind: str, way: str, actor: Actor, at: datetime) -> OptOut:
    """An account does not want an optional kind by a way. Twice is once. Raises NotYourDuty, BadInput."""
    _must_be_oneself(person_id, actor)
    row, _new = OptOut.objects.get_or_create(
        person_id=person_id, kind=_optional(kind), way=_way(way), ended_at=None, defaults={"since": at}
    )
    record(events.DECLINED, row, actor=actor, at=at, letters=kind, way=way)
    return row


@command
def want_again(person_id: int, *, kind: str, way: str, actor: Actor, at: datetime) -> OptOut:
    """Also what was declined by a link at a mail address that is proven to be theirs.

    Raises NotYourDuty, NotFound when it was not declined.
    """
    _must_be_oneself(person_id, actor)
    rows = OptOut.objects.filter(queries.choices_of(person_id), kind=kind, way=way)
    return must_exist(next(iter(_end(rows, actor=actor, at=at)), None))


@command
def want_again_at(delivery_id: int, *, actor: Actor, at: datetime) -> list[OptOut]:
    """By the link in a letter: what was declined at its addresses without an account. An account's own choice stays.

    Raises NotFound: no such letter, the law orders it to be told, or nothing was declined.
    """
    delivery = must_exist(Delivery.objects.select_related("notice").filter(pk=delivery_id).first())
    kind = must_exist(kinds.LETTERS[delivery.notice.key].optional or None)
    rows = OptOut.objects.filter(queries.by_address(delivery.notice), kind=kind)
    return must_exist(_end(rows, actor=actor, at=at, unit_id=delivery.notice.unit_id, by_link=True) or None)


def _end(rows: models.QuerySet[OptOut], *, actor: Actor, at: datetime, **facts: Any) -> list[OptOut]:
    ended = list(rows.filter(ended_at=None).select_for_update())
    for row in ended:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        record(events.WANTED_AGAIN, row, actor=actor, at=at, letters=row.kind, way=row.way, **facts)
    return ended


@command
def decline_at(delivery_id: int, *, every_way: bool = False, actor: Actor, at: datetime) -> list[OptOut]:
    """By the link in a letter: whoever has it has the letter. For its account, else for the address it went to.

    Raises NotFound: no such letter, or the law orders it to be told.
    """
    delivery = must_exist(Delivery.objects.select_related("notice").filter(pk=delivery_id).first())
    notice, kind = delivery.notice, kinds.LETTERS[delivery.notice.key].optional
    must_exist(kind or None)
    made, owner = [], queries.owner_of(notice)
    for way in rules.WAYS if every_way else [delivery.way]:
        address = notice.email if way == rules.SMTP else rules.mobile(notice.phone) or ""
        whose: dict[str, Any] = {"person_id": owner} if owner else {"address": address}
        if not any(whose.values()):
            continue
        row, _new = OptOut.objects.get_or_create(**whose, kind=kind, way=way, ended_at=None, defaults={"since": at})
        record(events.DECLINED, row, actor=actor, at=at, unit_id=notice.unit_id, letters=kind, way=way, by_link=True)
        made.append(row)
    return made


def _must_be_oneself(person_id: int, actor: Actor) -> None:
    if actor.person_id != person_id:
        raise NotYourDuty("own account")


def _optional(kind: str) -> str:
    if kind not in kinds.OPTIONAL:
        raise BadInput({"kind": _("Loại tin này pháp luật buộc phải báo, không bỏ được.")})
    return kind


def _way(way: str) -> str:
    if way not in rules.WAYS:
        raise BadInput({"way": _("Có cách gửi không dùng được. Hãy chọn lại.")})
    return way

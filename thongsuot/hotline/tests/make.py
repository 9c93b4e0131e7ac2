"""Thành phố Ví Dụ answers 1022: Lan and Hoa at telephones, Hạnh leads, An administers; Bảo of phường Sông may nothing."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.urls import reverse

from thongsuot.feedback.actions import load_rules
from thongsuot.feedback.models import Category
from thongsuot.hotline import actions, exchange
from thongsuot.hotline.exchange.protocol import Notice
from thongsuot.hotline.models import Call, HotlineLine
from thongsuot.hotline.rules import ANSWER, FIGURES, LEAD, MANAGE
from thongsuot.kernel.actor import Actor, system
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.actions import open_account
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.units.tests.make import MadeCity, make_city

HOUSE, EXCHANGE = system("cli"), system("gateway")
MONDAY = datetime(2025, 10, 6, 8, tzinfo=VIET_NAM)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
NUMBER = "0912000111"
CAST = (
    ("lan", "city", [ANSWER]),
    ("hoa", "city", [ANSWER]),
    ("hanh", "city", [ANSWER, LEAD, FIGURES]),
    ("an", "city", [MANAGE, FIGURES]),
    ("bao", "river", ["process dossiers"]),
)
_calls = itertools.count(1)
# What an operator writes down of a call.
SAID = {"words": "Dây điện đứt vắt ngang hè phố", "address": "Chợ Sông", "name": "Trần Văn Minh", "phone": NUMBER}


def url(name: str, *args: object) -> str:
    return reverse(f"hotline:{name}", args=args)


@dataclass
class Office:
    city: MadeCity
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def line(self) -> HotlineLine:
        return HotlineLine.objects.get(code="1022")

    def actor(self, name: str, at: datetime = MONDAY) -> Actor:
        return actor_for(self.people[name], at=at)

    def category(self, code: str = "o-ga") -> Category:
        return Category.objects.get(city=self.city.city, code=code)

    def sits(self, name: str = "lan", extension: str = "101", at: datetime = MONDAY) -> None:
        actions.sit_at(self.line.pk, extension=extension, actor=self.actor(name, at), at=at)


def make_office() -> Office:
    office = Office(make_city())
    for name, where, duties in CAST:
        office.people[name] = open_account(
            email=f"{name}@vidu.vn",
            full_name=f"Trần Thị {name.title()}",
            body_id=office.city.body(getattr(office.city, where), "service_centre").pk,
            title="Chuyên viên",
            duties=duties,
            valid_from=date(2025, 7, 1),
            actor=HOUSE,
            at=datetime(2025, 7, 1, 8, tzinfo=VIET_NAM),
        )
    load_rules(office.city.city.pk, actor=HOUSE, at=MONDAY - DAY)
    actions.open_line(office.city.city.pk, code="1022", name="Đường dây 1022", actor=HOUSE, at=MONDAY - DAY)
    return office


def said(event: str, call: str, at: datetime, **more: object) -> Notice:
    """What the exchange tells of a call."""
    return Notice(call=call, event=event, at=at, line="1022", nonce=secrets.token_hex(10), **more)  # type: ignore[arg-type]  # tests say some more


def told(event: str, call: str, at: datetime, *, came_at: datetime | None = None, **more: object) -> Call:
    """It told so at that instant, and it came then or later."""
    actions.take_notice(exchange.name(), said(event, call, at, **more), actor=EXCHANGE, at=came_at or at)
    return Call.objects.get(exchange=exchange.name(), exchange_id=call)


def ringing(at: datetime = MONDAY, *, caller: str = NUMBER) -> Call:
    return told("ringing", f"c-{next(_calls)}", at, caller=caller)


def talking(office: Office, at: datetime = MONDAY, *, by: str = "lan", extension: str = "101", caller: str = NUMBER) -> Call:
    """Rung, and answered after ten seconds by who sits there."""
    call = ringing(at, caller=caller)
    return told("answered", call.exchange_id, at + 10 * SECOND, extension=extension)


def ended(call: Call, at: datetime, **more: object) -> Call:
    return told("ended", call.exchange_id, at, **more)

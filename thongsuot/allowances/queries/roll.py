"""The roll: whom a unit pays, one person, groups and what they bring."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Q, QuerySet

from thongsuot.allowances.models import AllowanceImport, BaseAmount, Beneficiary, BenefitGroup, GroupRate, Payment, PayRun
from thongsuot.allowances.rules import KEEP, amount_dong, next_month
from thongsuot.allowances.rules.roll import GroupFact, id_number_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.history import HistoryRow, history_of
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import masked_id, masked_name, search_key
from thongsuot.people.models import LookUp
from thongsuot.units import queries as units


def paying_city(unit_id: int, *, on: date) -> int:
    """The city that pays for the people of a unit, ended ones too."""
    return units.keeper_of(units.city_of(unit_id), on=on)


def earliest_open_month(city_id: int) -> date | None:
    """The first month whose list is not frozen; None while no list ever was. One query."""
    frozen = PayRun.objects.filter(city_id=city_id).exclude(state=PayRun.State.DRAFT).order_by("-month")
    last = frozen.values_list("month", flat=True).first()
    return next_month(last) if last else None


def group_facts() -> dict[str, GroupFact]:
    """By code. One query."""
    rows = BenefitGroup.objects.values_list("code", "id", "rates__coefficient")
    facts: dict[str, GroupFact] = {}
    for code, group_id, coefficient in rows:
        before = facts.get(code)
        facts[code] = GroupFact(id=group_id, has_rate=coefficient is not None or bool(before and before.has_rate))
    return facts


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    """A group with what it brings in a month; `checked`: rate and base were compared with their texts."""

    id: int
    code: str
    kind: str
    name: str
    coefficient: Decimal | None
    dong: int | None
    basis: str
    checked: bool


def base_on(month: date) -> BaseAmount | None:
    return BaseAmount.objects.filter(in_force(month)).first()


def group_lines(month: date) -> list[GroupLine]:
    """Groups that have a rate in the month, in order of codes. Two queries."""
    base = base_on(month)
    rates = GroupRate.objects.filter(in_force(month)).select_related("group").order_by("group__kind", "group__code")
    return [
        GroupLine(
            id=rate.group_id,
            code=rate.group.code,
            kind=rate.group.kind,
            name=rate.group.name,
            coefficient=rate.coefficient,
            dong=amount_dong(own=None, coefficient=rate.coefficient, base=base.amount_dong if base else None),
            basis=rate.basis,
            checked=rate.checked and (base is None or base.checked),
        )
        for rate in rates
    ]


@dataclass(frozen=True, kw_only=True)
class RollRow:
    """One line of the list: which person it is can be guessed by who knows them, no more."""

    id: int
    code: str
    name: str
    id_number: str
    group: str
    unit_id: int
    payer: str
    start_month: date
    stop_month: date | None
    stop_reason: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of the list is asked for. `words`: part of a name or a whole number."""

    unit_id: int | None = None
    state: str = ""  # "", "stopped"
    words: str = ""


def _wanted(wanted: Wanted, unit_ids: Collection[int]) -> QuerySet[Beneficiary]:
    found = Beneficiary.objects.filter(unit_id__in=[wanted.unit_id] if wanted.unit_id else list(unit_ids))
    found = found.filter(stop_month__isnull=wanted.state != "stopped")
    if number := id_number_of(wanted.words):
        return found.filter(id_number=number)
    for word in search_key(wanted.words).split():
        found = found.filter(Q(name_key__contains=word))
    return found


def count(wanted: Wanted, *, unit_ids: Collection[int]) -> int:
    return _wanted(wanted, unit_ids).count()


def rows(wanted: Wanted, *, unit_ids: Collection[int], limit: int, offset: int = 0) -> list[RollRow]:
    """One query. `unit_ids`: those whose lists the actor keeps."""
    found = _wanted(wanted, unit_ids).select_related("group").order_by("unit_id", "id")[offset : offset + limit]
    return [
        RollRow(
            id=one.pk,
            code=str(one),
            name=masked_name(one.full_name),
            id_number=masked_id(one.id_number),
            group=str(one.group),
            unit_id=one.unit_id,
            payer=str(one.get_payer_display()),
            start_month=one.start_month,
            stop_month=one.stop_month,
            stop_reason=str(one.get_stop_reason_display()) if one.stop_reason else "",
        )
        for one in found
    ]


def beneficiary_for(beneficiary_id: int, *, actor: Actor) -> Beneficiary:
    """The one guarded way to a person of the roll. Raises NotFound."""
    one = Beneficiary.objects.select_related("group", "source").filter(pk=beneficiary_id).first()
    if one is None or not actor.may(KEEP, unit_id=one.unit_id):
        raise NotFound
    return one


@dataclass(frozen=True, kw_only=True)
class PersonPage:
    """What stands on a person's page beside the row itself."""

    amount: int | None
    own_amount: bool
    payments: list[Payment]
    history: list[HistoryRow]
    looks: list[LookUp]


def person_page(one: Beneficiary, *, month: date) -> PersonPage:
    """Five queries."""
    base = base_on(month)
    rate = GroupRate.objects.filter(in_force(month), group_id=one.group_id).first()
    coefficient = one.coefficient if one.coefficient is not None else (rate.coefficient if rate else None)
    looks = LookUp.objects.filter(subject=one._meta.label_lower, subject_id=one.pk).order_by("-at")[:20]
    return PersonPage(
        amount=amount_dong(own=one.amount_dong, coefficient=coefficient, base=base.amount_dong if base else None),
        own_amount=one.amount_dong is not None,
        payments=list(Payment.objects.filter(beneficiary=one).order_by("-month")[:36]),
        history=history_of(one)[::-1],
        looks=list(looks),
    )


def reason_stands(one: Beneficiary, actor: Actor, *, since: datetime) -> bool:
    """Has this officer given a reason for this person since then? One query."""
    if actor.person_id is None:
        return False
    looks = LookUp.objects.filter(subject=one._meta.label_lower, subject_id=one.pk, by_id=actor.person_id, at__gt=since)
    return looks.exists()


# -- imports -----------------------------------------------------------------------------------------------------------


def import_for(import_id: int, *, actor: Actor) -> AllowanceImport:
    """The one guarded way to an import. Raises NotFound."""
    found = AllowanceImport.objects.filter(pk=import_id).select_related("file__blob").first()
    if found is None or not actor.may(KEEP, unit_id=found.unit_id):
        raise NotFound
    return found


def imports(*, unit_ids: Collection[int], limit: int = 30) -> list[AllowanceImport]:
    return list(AllowanceImport.objects.filter(unit_id__in=list(unit_ids)).order_by("-sent_at", "-id")[:limit])


_BY_REASON = """
SELECT reason, count(*) FROM allowances_allowancerow, unnest(reasons) AS reason WHERE source_id = %s GROUP BY 1 ORDER BY 2 DESC
"""


def by_reason(sent: AllowanceImport) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_BY_REASON, [sent.pk])
        return [(code, count) for code, count in cursor.fetchall()]

"""The roll: whom a unit pays, one person, groups and what they bring."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from thongsuot.allowances.models import BaseAmount, Beneficiary, BenefitGroup, GroupRate, Payment
from thongsuot.allowances.queries.keeping import earliest_open_month, keeps, paying_city
from thongsuot.allowances.rules import amount_dong
from thongsuot.allowances.rules.roll import GroupFact, id_number_of
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.history import HistoryRow, history_of
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import masked_id, masked_name, search_key
from thongsuot.people.models import LookUp


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
    """One line of the list: which person it is can be guessed by who knows them, no more; of the group the kind alone."""

    id: int
    code: str
    name: str
    id_number: str
    kind: str
    unit_id: int
    payer: str
    start_month: date
    stop_month: date | None
    stop_reason: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of the list is asked for in a month. `words`: part of a name or a whole number."""

    month: date
    unit_id: int | None = None
    state: str = ""  # "", "stopped"
    words: str = ""


def _wanted(wanted: Wanted, unit_ids: Collection[int]) -> QuerySet[Beneficiary]:
    found = Beneficiary.objects.filter(unit_id__in=[wanted.unit_id] if wanted.unit_id else list(unit_ids))
    # Who stops in a month to come is on both: still paid, and known to stop.
    still = Q(stop_month=None) | Q(stop_month__gt=wanted.month)
    found = found.filter(stop_month__isnull=False) if wanted.state == "stopped" else found.filter(still)
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
            kind=str(one.group.get_kind_display()),
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
    if one is None or not keeps(actor, one.unit_id):
        raise NotFound
    return one


@dataclass(frozen=True, kw_only=True)
class PersonPage:
    """What stands on a person's page beside the row itself."""

    amount: int | None
    own_amount: bool
    checked: bool  # rate and base were compared with their texts
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
        checked=one.amount_dong is not None or bool(rate and rate.checked and base and base.checked),
        payments=list(Payment.objects.filter(beneficiary=one).order_by("-month")[:36]),
        history=history_of(one)[::-1],
        looks=list(looks),
    )


@dataclass(frozen=True, kw_only=True)
class MayBe:
    """What may be done with a person now.

    changed         data, list and stop: while no stop lies in a frozen month
    paid_elsewhere  where the money goes, for what failed
    resumed         the stop taken back
    """

    changed: bool
    paid_elsewhere: bool
    resumed: bool


def has_stopped(one: Beneficiary, earliest: date | None) -> bool:
    """The stop lies in a month that is frozen: it cannot be taken back. `earliest`: the first month that is not."""
    return one.stop_month is not None and earliest is not None and one.stop_month < earliest


def has_failed_line(one: Beneficiary) -> bool:
    return Payment.objects.filter(beneficiary=one, state=Payment.State.FAILED).exists()


def what_may_be(one: Beneficiary, *, today: date) -> MayBe:
    """Three queries."""
    stopped = has_stopped(one, earliest_open_month(paying_city(one.unit_id, on=today)))
    return MayBe(
        changed=not stopped,
        paid_elsewhere=not stopped or has_failed_line(one),
        resumed=one.stop_month is not None and not stopped and not one.followers.exists(),
    )

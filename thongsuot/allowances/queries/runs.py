"""Months of a city: where each is, what adds up, what failed, what payers said."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from thongsuot.allowances.models import PayAttempt, PayBatch, PayerReport, PayerReportRow, Payment, PayRun
from thongsuot.allowances.queries.keeping import keeps
from thongsuot.allowances.rules import APPROVE, next_month
from thongsuot.allowances.rules.outcomes import reference
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.text import masked_id, masked_name
from thongsuot.units import queries as units


def may_see(actor: Actor, city_id: int) -> bool:
    return keeps(actor, city_id) or keeps(actor, city_id, duty=APPROVE)


def run_for(run_id: int, *, actor: Actor) -> PayRun:
    """The one guarded way to a month of a city. Raises NotFound."""
    run = PayRun.objects.filter(pk=run_id).first()
    if run is None or not may_see(actor, run.city_id):
        raise NotFound
    return run


def batch_for(batch_id: int, *, actor: Actor) -> PayBatch:
    """Raises NotFound."""
    batch = PayBatch.objects.select_related("run").filter(pk=batch_id).first()
    if batch is None or not may_see(actor, batch.run.city_id):
        raise NotFound
    return batch


def report_for(report_id: int, *, actor: Actor) -> PayerReport:
    """Raises NotFound."""
    report = PayerReport.objects.select_related("run").filter(pk=report_id).first()
    if report is None or not may_see(actor, report.run.city_id):
        raise NotFound
    return report


def runs(city_id: int, *, limit: int = 36) -> list[PayRun]:
    return list(PayRun.objects.filter(city_id=city_id).order_by("-month")[:limit])


def month_to_open(city_id: int, *, today: date) -> date:
    """The month after the last one; without any the month of today."""
    last = PayRun.objects.filter(city_id=city_id).order_by("-month").values_list("month", flat=True).first()
    return next_month(last) if last else today.replace(day=1)


# -- what adds up ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Lines and đồng: frozen = paid + failed + waiting."""

    lines: int = 0
    dong: int = 0
    paid: int = 0
    paid_dong: int = 0
    failed: int = 0
    failed_dong: int = 0
    waiting: int = 0
    waiting_dong: int = 0

    @property
    def adds_up(self) -> bool:
        return (
            self.lines == self.paid + self.failed + self.waiting
            and self.dong == self.paid_dong + self.failed_dong + self.waiting_dong
        )

    def __add__(self, other: Sums) -> Sums:
        return Sums(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(Sums)})


@dataclass(frozen=True, kw_only=True)
class UnitSums:
    """Of one unit: lines, and how many different people they are of.

    `decided` is False for an ended unit's lines that nobody answers for yet.
    """

    unit_id: int
    code: str
    name: str
    sort_name: str
    decided: bool
    people: int
    sums: Sums


@dataclass(frozen=True, kw_only=True)
class PaidTwice:
    """A line that was paid a second time, as a person found out: the second sum is to be recovered."""

    reference: str
    code: str
    beneficiary_id: int
    unit_id: int
    dong: int
    note: str


def paid_twice(run: PayRun) -> list[PaidTwice]:
    """One query."""
    rows = PayerReportRow.objects.filter(report__run=run, state=PayerReportRow.State.PAID_TWICE)
    return [
        PaidTwice(
            reference=row.reference,
            code=str(row.attempt.payment.beneficiary),
            beneficiary_id=row.attempt.payment.beneficiary_id,
            unit_id=row.attempt.payment.answering_unit_id or row.attempt.payment.unit_id,
            dong=row.attempt.payment.amount_dong,
            note=row.note,
        )
        for row in rows.select_related("attempt__payment__beneficiary").order_by("pk")
        if row.attempt is not None
    ]


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """A month by unit and as a whole."""

    units: list[UnitSums]
    city: Sums
    people: int
    frozen_lines: int
    frozen_dong: int
    payers: dict[str, Sums]
    twice: list[PaidTwice]

    @property
    def twice_dong(self) -> int:
        return sum(one.dong for one in self.twice)

    @property
    def adds_up(self) -> bool:
        """The parts make the units, the units make the city, the city is what was frozen."""
        whole = sum((one.sums for one in self.units), Sums())
        return (
            all(one.sums.adds_up for one in self.units)
            and whole == self.city == sum(self.payers.values(), Sums())
            and (self.city.lines, self.city.dong) == (self.frozen_lines, self.frozen_dong)
        )


_FIGURES = """
  count(DISTINCT id_number), count(*), coalesce(sum(amount_dong), 0)::bigint,
  count(*) FILTER (WHERE state = 'paid'), coalesce(sum(amount_dong) FILTER (WHERE state = 'paid'), 0)::bigint,
  count(*) FILTER (WHERE state = 'failed'), coalesce(sum(amount_dong) FILTER (WHERE state = 'failed'), 0)::bigint,
  count(*) FILTER (WHERE state = 'waiting'), coalesce(sum(amount_dong) FILTER (WHERE state = 'waiting'), 0)::bigint
"""
_BY = {
    "unit": "coalesce(answering_unit_id, unit_id), answering_unit_id IS NOT NULL",
    "payer": "payer, true",
    "city": "1, true",
}


def _figures(run: PayRun, by: str) -> list[tuple[object, bool, int, Sums]]:
    """By what, whether that is decided, how many people, their lines."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_BY[by]}, {_FIGURES} FROM allowances_payment WHERE run_id = %s GROUP BY 1, 2",  # noqa: S608 - constants
            [run.pk],
        )
        names = [one.name for one in fields(Sums)]
        return [(row[0], row[1], row[2], Sums(**dict(zip(names, row[3:], strict=True)))) for row in cursor.fetchall()]


def reconcile(run: PayRun) -> Reconciled:
    """Each counted from the lines by itself, so that a mistake would show.

    Four queries, and one for names of units not seen lately.
    """
    by_unit = _figures(run, "unit")
    rows = units.unit_rows([int(str(key)) for key, *_rest in by_unit], as_of=run.month)
    listed = [
        UnitSums(
            unit_id=row.id,
            code=row.code,
            name=row.full_name,
            sort_name=row.sort_name,
            decided=decided,
            people=people,
            sums=sums,
        )
        for key, decided, people, sums in by_unit
        if (row := rows[int(str(key))])
    ]
    city = _figures(run, "city")
    return Reconciled(
        units=sorted(listed, key=lambda one: (one.decided, one.sort_name, one.code)),
        city=city[0][3] if city else Sums(),
        people=city[0][2] if city else 0,
        frozen_lines=run.lines,
        frozen_dong=run.total_dong,
        payers={str(key): sums for key, _decided, _people, sums in _figures(run, "payer")},
        twice=paid_twice(run),
    )


# -- lines -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PaymentRow:
    """A line of a month as lists show it."""

    id: int
    beneficiary_id: int
    code: str
    name: str
    id_number: str
    unit_id: int
    answering_unit_id: int | None
    amount_dong: int
    payer: str
    state: str
    state_label: str
    reason: str
    tries: int
    unsettled: bool  # payers contradict each other about it: it is not paid again before that is settled


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which lines of a month: of units (by who answers, or whose list it was), in a state."""

    unit_ids: Collection[int] | None = None
    state: str = ""


def _lines(run: PayRun, asked: Asked) -> tuple[str, dict[str, Any]]:
    where, given = "p.run_id = %(run)s", {"run": run.pk}
    if asked.unit_ids is not None:
        where += " AND coalesce(p.answering_unit_id, p.unit_id) = ANY(%(units)s)"
    if asked.state:
        where += " AND p.state = %(state)s"
    return where, {**given, "units": list(asked.unit_ids or ()), "state": asked.state}


def line_count(run: PayRun, asked: Asked) -> int:
    where, given = _lines(run, asked)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM allowances_payment p WHERE {where}", given)  # noqa: S608 - constants
        (count,) = cursor.fetchone()
    return int(count)


def lines(run: PayRun, asked: Asked, *, limit: int, offset: int = 0) -> list[PaymentRow]:
    """One query, names masked."""
    where, given = _lines(run, asked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT p.id, p.beneficiary_id, b.full_name, p.id_number, p.unit_id, p.answering_unit_id, p.amount_dong, p.payer,
                       p.state, p.reason, (SELECT count(*) FROM allowances_payattempt a
                                               JOIN allowances_paybatch batch ON batch.id = a.batch_id
                                             WHERE a.payment_id = p.id AND batch.withdrawn_at IS NULL),
                       EXISTS (SELECT FROM allowances_payerreportrow r JOIN allowances_payattempt a ON a.id = r.attempt_id
                                WHERE a.payment_id = p.id AND r.state = 'contradicts')
                  FROM allowances_payment p JOIN allowances_beneficiary b ON b.id = p.beneficiary_id
                 WHERE {where} ORDER BY p.id LIMIT %(limit)s OFFSET %(offset)s""",  # noqa: S608 - constants
            {**given, "limit": limit, "offset": offset},
        )
        found = cursor.fetchall()
    return [
        PaymentRow(
            id=pk,
            beneficiary_id=beneficiary_id,
            code=f"TC-{beneficiary_id:06d}",
            name=masked_name(name),
            id_number=masked_id(id_number),
            unit_id=unit_id,
            answering_unit_id=answering,
            amount_dong=dong,
            payer=payer,
            state=state,
            state_label=str(Payment.State(state).label),
            reason=reason,
            tries=tries,
            unsettled=unsettled,
        )
        for pk, beneficiary_id, name, id_number, unit_id, answering, dong, payer, state, reason, tries, unsettled in found
    ]


def unsettled(run: PayRun) -> QuerySet[Payment]:
    """Lines about which payers contradict each other, as long as nobody has settled it."""
    open_rows = PayerReportRow.objects.filter(attempt__payment=OuterRef("pk"), state=PayerReportRow.State.CONTRADICTING)
    return Payment.objects.filter(Exists(open_rows), run=run)


def units_in(run: PayRun, *, unit_ids: Collection[int]) -> list[tuple[int, str]]:
    """Of these units those with lines in the month, with their names, in Vietnamese order. Two queries."""
    answering = Coalesce("answering_unit_id", "unit_id")
    lines = Payment.objects.filter(run=run).annotate(by=answering).filter(by__in=list(unit_ids))
    rows = units.unit_rows(list(lines.order_by("by").values_list("by", flat=True).distinct()), as_of=run.month).values()
    return [(row.id, row.full_name) for row in sorted(rows, key=lambda row: (row.sort_name, row.code))]


def sheet_lines(run: PayRun, unit_id: int) -> Iterator[list[str | int]]:
    """For signing: code, name, group, amount, receiver, and a place for the signature. In Vietnamese order of names."""
    found = Payment.objects.filter(run=run).filter(Q(answering_unit=unit_id) | Q(answering_unit=None, unit=unit_id))
    rows = found.select_related("beneficiary", "group").order_by("beneficiary__name_key", "pk")
    for row in rows.iterator(chunk_size=2_000):
        yield [str(row.beneficiary), row.beneficiary.full_name, row.group.name, row.amount_dong, row.payee, ""]


def lines_of_batch(batch: PayBatch) -> Iterator[list[str]]:
    """What the payer is told, in the order of `rules.outcomes.SENT_COLUMNS`; read in pieces."""
    run = batch.run
    attempts = (
        PayAttempt.objects.filter(batch=batch)
        .order_by("payment_id")
        .values_list(
            "payment_id",
            "payment__beneficiary__full_name",
            "payment__id_number",
            "payment__payee",
            "payment__bank",
            "payment__account",
            "payment__beneficiary__address",
            "payment__cash_point",
            "payment__unit_id",
            "payment__amount_dong",
        )
    )
    held = Payment.objects.filter(run=run).order_by("unit_id").values_list("unit_id", flat=True).distinct()
    names = {pk: row.full_name for pk, row in units.unit_rows(list(held), as_of=run.month).items()}
    for payment_id, name, number, payee, bank, account, address, point, unit_id, dong in attempts.iterator(chunk_size=5_000):
        named = reference(run.month, batch.number, payment_id)
        yield [named, name, number, payee, bank, account, address, point, names[unit_id], str(dong)]


def batches(run: PayRun) -> list[PayBatch]:
    return list(run.batches.order_by("number"))


def reports(run: PayRun) -> list[PayerReport]:
    return list(run.reports.order_by("-sent_at", "-pk"))


def open_contradictions(run: PayRun) -> int:
    return PayerReportRow.objects.filter(report__run=run, state=PayerReportRow.State.CONTRADICTING).count()


def report_rows(report: PayerReport) -> QuerySet[PayerReportRow]:
    """Those that were not simply applied, open contradictions first. Two queries for a page of them."""
    first = When(state=PayerReportRow.State.CONTRADICTING, then=Value(0))
    attempts = Prefetch("attempt", PayAttempt.objects.select_related("payment"))
    return report.rows.prefetch_related(attempts).order_by(
        Case(first, default=Value(1), output_field=IntegerField()), "place", "pk"
    )

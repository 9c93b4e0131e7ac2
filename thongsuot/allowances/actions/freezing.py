"""A month: opened, its list frozen, looked at by a second person, given back when it is not right."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.allowances import events
from thongsuot.allowances.actions import errors
from thongsuot.allowances.models import Payment, PayRun
from thongsuot.allowances.queries.checks import DUE, check
from thongsuot.allowances.queries.groups import becoming
from thongsuot.allowances.queries.keeping import must_keep, paid_units
from thongsuot.allowances.rules import APPROVE, KEEP, first_of, last_day, next_month
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.units.heirs import Clue, Heirs, heirs_on
from thongsuot.units.models import Unit

PIECE = 5_000


def locked_run(run_id: int, *states: PayRun.State, actor: Actor, duty: str = KEEP) -> PayRun:
    """Every command about a run begins so: one at a time, in these states. Raises NotFound, NotYourDuty, RunNotThere."""
    run = must_exist(PayRun.objects.select_for_update(of=("self",)).filter(pk=run_id).first())
    must_keep(actor, run.city_id, duty=duty)
    if run.state not in states:
        raise errors.RunNotThere
    return run


EARLIEST = date(2000, 1, 1)


@command
def open_run(city_id: int, *, month: date, actor: Actor, at: datetime) -> PayRun:
    """Months follow each other; the last one must be frozen. Not before 2000, not more than two months ahead.

    Raises NotFound, NotYourDuty, BadInput, MonthsInOrder, LastRunIsOpen.
    """
    must_exist(Unit.objects.select_for_update(of=("self",)).filter(pk=city_id, level=Unit.Level.PROVINCE).first())
    must_keep(actor, city_id)
    # Locked: whoever adds or stops somebody holds the last month until they are done.
    last = PayRun.objects.select_for_update(of=("self",)).filter(city_id=city_id).order_by("-month").first()
    if last is not None and last.state == PayRun.State.DRAFT:
        raise errors.LastRunIsOpen
    if last is not None and first_of(month) != next_month(last.month):
        raise errors.MonthsInOrder(next_month(last.month))
    latest = next_month(next_month(first_of(timezone.localdate(at))))
    if not EARLIEST <= month <= latest:
        raise BadInput({"month": _("Chỉ mở kỳ đến tháng %(latest)s. Hãy xem lại tháng.") % {"latest": f"{latest:%m/%Y}"}})
    run = PayRun.objects.create(city_id=city_id, month=first_of(month))
    record(events.RUN_OPENED, run, actor=actor, at=at, unit_id=city_id, month=run.month)
    return run


@command
def discard_run(run_id: int, *, actor: Actor, at: datetime) -> None:
    """A draft that is not wanted: opened by mistake, or in the way of the month before.

    Raises NotFound, NotYourDuty, RunNotThere.
    """
    run = locked_run(run_id, PayRun.State.DRAFT, actor=actor)
    record(events.RUN_DISCARDED, run, actor=actor, at=at, unit_id=run.city_id, month=run.month)
    run.delete()


_LINES = f"""
  FROM allowances_beneficiary b
  JOIN allowances_benefitgroup g ON g.id = b.group_id
  LEFT JOIN allowances_grouprate r
    ON r.group_id = b.group_id AND r.valid_from <= %(month)s AND (r.valid_to IS NULL OR r.valid_to > %(month)s)
  LEFT JOIN allowances_baseamount base
    ON base.valid_from <= %(month)s AND (base.valid_to IS NULL OR base.valid_to > %(month)s)
 WHERE {DUE}
"""
_OVERLAPS = f"""
SELECT array_agg(b.id ORDER BY b.id) FROM allowances_beneficiary b WHERE {DUE}
 GROUP BY b.id_number, b.group_id HAVING count(*) > 1 ORDER BY 1 LIMIT 100
"""  # noqa: S608 - constants
# As rules.amount_dong: the person's own amount, else coefficient x base, half a đồng up.
_AMOUNT = "coalesce(b.amount_dong, round(coalesce(b.coefficient, r.coefficient) * base.amount_dong)::int)"
_NO_AMOUNT = f"SELECT g.code, count(*) {_LINES} AND {_AMOUNT} IS NULL GROUP BY 1 ORDER BY 1"
_FREEZE = f"""
INSERT INTO allowances_payment
  (run_id, beneficiary_id, group_id, month, id_number, unit_id, answering_unit_id, coefficient, base_dong, amount_dong, payer,
   payee, bank, account, cash_point, state, reason)
SELECT %(run)s, b.id, b.group_id, %(month)s, b.id_number, b.unit_id,
       CASE WHEN b.unit_id <> ALL(%(ended)s) THEN b.unit_id END,
       CASE WHEN b.amount_dong IS NULL THEN coalesce(b.coefficient, r.coefficient) END,
       CASE WHEN b.amount_dong IS NULL THEN base.amount_dong END,
       {_AMOUNT}, b.payer, coalesce(nullif(b.receiver_name, ''), b.full_name), b.bank, b.account, b.cash_point, 'waiting', ''
{_LINES} ORDER BY b.unit_id, b.id
"""
_COUNT = "SELECT count(*), coalesce(sum(amount_dong), 0)::bigint FROM allowances_payment WHERE run_id = %s"


@command
def freeze_run(run_id: int, *, actor: Actor, at: datetime) -> PayRun:
    """Everybody who is paid in the month, once, with the unit and amount of this moment. One statement.

    People of units that ended are among them: the list of the month of change is paid by the old list. Who answers for
    those lines is looked for afterwards (`place_lines`).
    Raises NotFound, NotYourDuty, RunNotThere, StandsTwice, NoAmount, NobodyToPay.
    """
    run = locked_run(run_id, PayRun.State.DRAFT, actor=actor)
    ours = paid_units(run.city_id, on=run.month)
    day = last_day(run.month)
    # From the table: what is remembered of units may be some seconds old, and the freeze is for good.
    ended = list(Unit.objects.filter(pk__in=ours, valid_to__lte=day).values_list("pk", flat=True))
    asked: dict[str, Any] = {"run": run.pk, "month": run.month, "units": ours, "ended": ended}
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAPS, asked)
        if twice := cursor.fetchall():
            raise errors.StandsTwice([" và ".join(f"TC-{pk:06d}" for pk in ids) for (ids,) in twice])
        cursor.execute(_NO_AMOUNT, asked)
        if unknown := cursor.fetchall():
            codes = [code for code, _count in unknown]
            changes = [f"{one.code} → {one.becomes_code}" for one in becoming(run.month) if one.code in codes]
            raise errors.NoAmount(sum(count for _code, count in unknown), codes, changes)
        cursor.execute(_FREEZE, asked)
        cursor.execute(_COUNT, [run.pk])
        run.lines, run.total_dong = cursor.fetchone()
        cursor.execute("ANALYZE allowances_payment")
    if not run.lines:
        raise errors.NobodyToPay
    run.state, run.frozen_at = PayRun.State.FROZEN, at
    run.frozen_by_id, run.frozen_by_name = actor.person_id, actor.name
    run.placed_at = None if ended else at
    run.save()
    record(
        events.FROZEN,
        run,
        actor=actor,
        at=at,
        unit_id=run.city_id,
        month=run.month,
        lines=run.lines,
        total_dong=run.total_dong,
    )
    return run


# Who came to a successor already, by the changeover, is answered for by that one.
_PLACE_MOVED = """
UPDATE allowances_payment p SET answering_unit_id = b.unit_id FROM allowances_beneficiary b
 WHERE p.run_id = %s AND p.answering_unit_id IS NULL AND b.id = p.beneficiary_id AND b.unit_id <> p.unit_id
"""
_PLACE_UNIT = """
UPDATE allowances_payment SET answering_unit_id = %s WHERE run_id = %s AND unit_id = %s AND answering_unit_id IS NULL
"""
_PLACE_LINES = """
UPDATE allowances_payment p SET answering_unit_id = placed.unit
  FROM unnest(%s::bigint[], %s::bigint[]) AS placed(id, unit) WHERE p.id = placed.id
"""


@command
def place_lines(run_id: int, *, actor: Actor, at: datetime) -> PayRun:
    """For lines of ended units: which successor answers, by the rules of `units.heirs`. What none decides stays empty.

    Runs in the worker after the freeze, maybe twice. Raises NotFound, RunNotThere.
    """
    run = locked_run(run_id, PayRun.State.FROZEN, actor=actor)
    heirs = heirs_on(last_day(run.month), city_id=run.city_id)
    with connection.cursor() as cursor:
        cursor.execute(_PLACE_MOVED, [run.pk])
    lines = Payment.objects.filter(run=run, answering_unit=None)
    ended = list(lines.order_by("unit_id").values_list("unit_id", flat=True).distinct())
    for unit_id in ended:
        to = heirs.of(unit_id)
        if len(to) == 1:
            with connection.cursor() as cursor:
                cursor.execute(_PLACE_UNIT, [to[0].unit_id, run.pk, unit_id])
        elif to:
            _place_by_address(run, unit_id, heirs)
    undecided = lines.count()
    run.placed_at = at
    run.save(update_fields=["placed_at"])
    record(events.PLACED, run, actor=actor, at=at, unit_id=run.city_id, ended_units=len(ended), undecided=undecided)
    return run


def _place_by_address(run: PayRun, unit_id: int, heirs: Heirs) -> None:
    """A unit that was split: each line by its person's address. The same address is read once."""
    known: dict[str, int | None] = {}
    after = 0
    while True:
        rows = list(
            Payment.objects.filter(run=run, unit_id=unit_id, answering_unit=None, pk__gt=after)
            .order_by("pk")
            .values_list("pk", "beneficiary__address")[:PIECE]
        )
        if not rows:
            return
        after = rows[-1][0]
        placed: dict[int, int] = {}
        for pk, address in rows:
            if address not in known:
                known[address] = heirs.choose(unit_id, Clue(addresses=(address,))).to_unit_id
            to = known[address]
            if to is not None:
                placed[pk] = to
        with connection.cursor() as cursor:
            cursor.execute(_PLACE_LINES, [list(placed), list(placed.values())])


@command
def return_run(run_id: int, *, reason: str, actor: Actor, at: datetime) -> PayRun:
    """The list is not right: its lines are taken away, people are put right, and it is frozen anew.

    Also when it was approved, as long as no file was sent and no payer has answered: files that were made are void with it.
    Raises NotFound, NotYourDuty, RunNotThere, AlreadyLeft, LaterMonthIsOpen, BadInput.
    """
    run = locked_run(run_id, PayRun.State.FROZEN, PayRun.State.APPROVED, actor=actor, duty=APPROVE)
    if run.batches.exclude(sent_at=None).exists() or run.reports.exists():
        raise errors.AlreadyLeft
    if PayRun.objects.filter(city_id=run.city_id, month__gt=run.month).exists():
        raise errors.LaterMonthIsOpen
    reason = reason_of(reason)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_AWAY, {"run": run.pk})
    lines, run.lines, run.total_dong, was, run.state = run.lines, 0, 0, run.state, PayRun.State.DRAFT
    run.frozen_at, run.frozen_by, run.placed_at, run.return_reason = None, None, None, reason
    run.approved_at, run.approved_by, run.approved_by_name = None, None, ""
    run.save()
    record(events.RETURNED, run, actor=actor, at=at, unit_id=run.city_id, lines=lines, was=was)
    return run


_TAKE_AWAY = """
DELETE FROM allowances_payattempt a USING allowances_paybatch batch WHERE batch.id = a.batch_id AND batch.run_id = %(run)s;
DELETE FROM allowances_paybatch WHERE run_id = %(run)s;
DELETE FROM allowances_payment WHERE run_id = %(run)s
"""


def reason_of(text: str) -> str:
    """Raises BadInput."""
    reason = one_line(text)
    if not reason or len(reason) > 300:
        raise BadInput({"reason": _("Chưa có lý do, hoặc lý do dài quá 300 chữ.")})
    return reason


@command
def approve_run(run_id: int, *, accepted: str = "", actor: Actor, at: datetime) -> PayRun:
    """By a second person, when the check found the list whole and they accept what stands out.

    accepted  `Check.figures` as that person saw them: who is due and not in, files and rows not brought in, ID numbers in
              several groups. Needed when any of them is not 0.
    Raises NotFound, NotYourDuty, RunNotThere, SecondPersonNeeded, StillPlacing, NotWhole, NotAccepted.
    """
    run = locked_run(run_id, PayRun.State.FROZEN, actor=actor, duty=APPROVE)
    if actor.person_id is not None and actor.person_id == run.frozen_by_id:
        raise errors.SecondPersonNeeded
    if run.placed_at is None:
        raise errors.StillPlacing
    found = check(run)
    if not found.good:
        raise errors.NotWhole
    if found.stands_out and accepted != found.figures:
        raise errors.NotAccepted
    run.state, run.approved_at = PayRun.State.APPROVED, at
    run.approved_by_id, run.approved_by_name = actor.person_id, actor.name
    run.save()
    record(
        events.APPROVED,
        run,
        actor=actor,
        at=at,
        unit_id=run.city_id,
        lines=run.lines,
        total_dong=run.total_dong,
        units=found.units,
        undecided=found.undecided,
        people=found.people,
        accepted=found.to_accept,
    )
    return run

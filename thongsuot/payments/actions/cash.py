"""The drawer at the end of a shift: counted against the books, then brought to the bank."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.payments import events
from thongsuot.payments.actions import errors
from thongsuot.payments.actions.books import A, Why, balance, enter
from thongsuot.payments.keeping import must_answer
from thongsuot.payments.models import CashShift, LedgerEntry
from thongsuot.payments.rules import FACES
from thongsuot.payments.rules.references import plain

KEEP = "keep fees"
NOTES_AT_MOST = 100_000


@command
def close_shift(shift_id: int, *, counts: Mapping[int, int], reason: str = "", actor: Actor, at: datetime) -> CashShift:
    """Count the drawer: {face value: how many}. What differs from the books needs a reason and stands in them from then on.

    What is missing stands with the unit most of whose cash is there, then the next; what is too much with the first. A drawer
    that is empty then is done with.

    Its own person closes it, or who keeps the fees of the unit. Raises NotFound, NotYourDuty, ShiftNotOpen, BadInput.
    """
    shift = must_exist(CashShift.objects.select_for_update().filter(pk=shift_id).first())
    if actor.person_id is None or shift.person_id != actor.person_id:
        must_answer(actor, KEEP, shift.unit_id, at=at)
    if shift.state != CashShift.State.OPEN:
        raise errors.ShiftNotOpen
    if any(face not in FACES or not 0 <= count <= NOTES_AT_MOST for face, count in counts.items()):
        raise BadInput({"counts": _("Số tờ của mỗi mệnh giá từ 0 đến 100.000.")})
    expected, reason = balance(A.CASH, shift=shift), one_line(reason)[:300]
    counted = sum(face * count for face, count in counts.items())
    if counted != expected and not reason:
        raise BadInput({"reason": _("Số đếm được khác sổ. Hãy đếm lại, hoặc ghi lý do chênh lệch.")})
    for unit_id, amount in _shares(counted - expected, held(shift), desk=shift.unit_id):
        enter(Why.COUNTED, amount, debit=A.CASH, credit=A.DIFFERENCES, unit_id=unit_id, at=at, shift=shift)
    shift.state, shift.closed_at = CashShift.State.CLOSED, at
    if not held(shift):
        shift.state = CashShift.State.BANKED  # nothing to bring there
    shift.expected_dong, shift.counted_dong = expected, counted
    shift.counts = {str(face): count for face, count in counts.items() if count}
    shift.reason = reason if counted != expected else ""
    shift.save()
    record(
        events.SHIFT_CLOSED,
        shift,
        actor=actor,
        at=at,
        unit_id=shift.unit_id,
        expected_dong=expected,
        counted_dong=counted,
        reason=shift.reason,
    )
    return shift


@command
def bank_shift(
    shift_id: int, *, slip_number: str = "", slips: Mapping[int, str] | None = None, actor: Actor, at: datetime
) -> CashShift:
    """The money of a counted shift was paid in at the bank, for each unit it was taken for, into its own account.

    slip_number  of the one slip, when all of it is of one unit
    slips        {unit: number of its slip}, when it is of several; problems are told under slip_<unit>

    Raises NotFound, NotYourDuty, ShiftNotClosed, BadInput.
    """
    shift = must_exist(CashShift.objects.select_for_update().filter(pk=shift_id).first())
    must_answer(actor, KEEP, shift.unit_id, at=at)
    if shift.state != CashShift.State.CLOSED:
        raise errors.ShiftNotClosed
    there = held(shift)
    unit_ids = [unit_id for unit_id, amount in there.items() if amount > 0]
    if slips is None and len(unit_ids) <= 1:
        slips = dict.fromkeys(unit_ids, slip_number)
    wanted = {unit_id: one_line((slips or {}).get(unit_id, ""))[:60] for unit_id in unit_ids}
    missing = [unit_id for unit_id, number in wanted.items() if not plain(number)]
    if missing:
        one = len(wanted) == 1
        says = _("Hãy ghi số giấy nộp tiền của ngân hàng.")
        raise BadInput({"slip_number" if one else f"slip_{unit_id}": says for unit_id in missing})
    for unit_id, amount in there.items():
        enter(Why.BANKED, amount, debit=A.TRANSIT, credit=A.CASH, unit_id=unit_id, at=at, shift=shift)
    shift.state, shift.slips = CashShift.State.BANKED, {str(unit_id): number for unit_id, number in wanted.items()}
    slip_number = shift.slip_number = ", ".join(dict.fromkeys(wanted.values()))[:60]
    shift.banked_at, shift.banked_by_name = at, actor.name
    shift.save()
    record(events.SHIFT_BANKED, shift, actor=actor, at=at, unit_id=shift.unit_id, slip=slip_number)
    return shift


def held(shift: CashShift) -> dict[int, int]:
    """{unit whose money it is: what the drawer holds of it}, most first; what holds nothing is left out."""
    unit_ids = LedgerEntry.objects.filter(shift=shift).order_by("unit").values_list("unit_id", flat=True).distinct()
    found = {unit_id: balance(A.CASH, shift=shift, unit_id=unit_id) for unit_id in unit_ids}
    return dict(sorted(((unit_id, amount) for unit_id, amount in found.items() if amount), key=lambda one: (-one[1], one[0])))


def _shares(differs: int, there: Mapping[int, int], *, desk: int) -> list[tuple[int, int]]:
    """Whose books a counted difference stands in: what is missing is never more than a unit has."""
    shares = []
    for unit_id, amount in there.items():
        if differs < 0 < amount:
            shares.append((unit_id, -min(amount, -differs)))
            differs += min(amount, -differs)
    return [*shares, (next(iter(there), desk), differs)]

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

KEEP = "keep fees"
NOTES_AT_MOST = 100_000


@command
def close_shift(shift_id: int, *, counts: Mapping[int, int], reason: str = "", actor: Actor, at: datetime) -> CashShift:
    """Count the drawer: {face value: how many}. What differs from the books needs a reason and stands in them from then on.

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
    enter(
        Why.COUNTED,
        counted - expected,
        debit=A.CASH,
        credit=A.DIFFERENCES,
        unit_id=shift.unit_id,
        at=at,
        shift=shift,
    )
    shift.state, shift.closed_at = CashShift.State.CLOSED, at
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
def bank_shift(shift_id: int, *, slip_number: str, actor: Actor, at: datetime) -> CashShift:
    """The money of a counted shift was paid in at the bank, for each unit it was taken for.

    Raises NotFound, NotYourDuty, ShiftNotClosed, BadInput.
    """
    shift = must_exist(CashShift.objects.select_for_update().filter(pk=shift_id).first())
    must_answer(actor, KEEP, shift.unit_id, at=at)
    if shift.state != CashShift.State.CLOSED:
        raise errors.ShiftNotClosed
    slip_number = one_line(slip_number)[:60]
    if not slip_number:
        raise BadInput({"slip_number": _("Hãy ghi số giấy nộp tiền của ngân hàng.")})
    units = LedgerEntry.objects.filter(shift=shift).order_by("unit").values_list("unit_id", flat=True).distinct()
    for unit_id in list(units):
        enter(
            Why.BANKED,
            balance(A.CASH, shift=shift, unit_id=unit_id),
            debit=A.TRANSIT,
            credit=A.CASH,
            unit_id=unit_id,
            at=at,
            shift=shift,
        )
    shift.state, shift.slip_number = CashShift.State.BANKED, slip_number
    shift.banked_at, shift.banked_by_name = at, actor.name
    shift.save()
    record(events.SHIFT_BANKED, shift, actor=actor, at=at, unit_id=shift.unit_id, slip=slip_number)
    return shift

"""A group ends and the law puts another in its place: everybody goes over at once, nobody has a month without."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from thongsuot.allowances import events
from thongsuot.allowances.actions import errors
from thongsuot.allowances.actions.freezing import locked_run
from thongsuot.allowances.models import PayRun
from thongsuot.allowances.queries.groups import becoming
from thongsuot.allowances.queries.keeping import paid_units
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record

# From the later of the run's month and one's own first month. A stop that was set already stays, with its reason.
# Who stands in the new group already (then or later) is not added again: the old row is stopped all the same.
_GO_OVER = """
WITH going AS (
SELECT b.id, greatest(b.start_month, %(month)s::date) AS month, b.stop_month, b.stop_reason,
       EXISTS (SELECT FROM allowances_beneficiary other
                WHERE other.id_number = b.id_number AND other.group_id = %(to)s
                  AND (other.stop_month IS NULL OR other.stop_month > greatest(b.start_month, %(month)s::date))) AS is_there
  FROM allowances_beneficiary b
 WHERE b.group_id = %(from)s AND b.unit_id = ANY(%(units)s) AND (b.stop_month IS NULL OR b.stop_month > %(month)s)
   FOR UPDATE OF b
), stopped AS (
UPDATE allowances_beneficiary b SET stop_month = going.month, stop_reason = 'group' FROM going WHERE going.id = b.id
), added AS (
INSERT INTO allowances_beneficiary
  (unit_id, group_id, full_name, name_key, id_number, born, address, coefficient, amount_dong, start_month, stop_month,
   stop_reason, payer, bank, account, cash_point, receiver_name, receiver_id_number, receiver_paper, added_at, follows_id)
SELECT b.unit_id, %(to)s, b.full_name, b.name_key, b.id_number, b.born, b.address, b.coefficient, b.amount_dong, going.month,
       going.stop_month, going.stop_reason, b.payer, b.bank, b.account, b.cash_point, b.receiver_name, b.receiver_id_number,
       b.receiver_paper, %(at)s, b.id
  FROM going JOIN allowances_beneficiary b ON b.id = going.id WHERE NOT going.is_there ORDER BY b.id
)
SELECT count(*), count(*) FILTER (WHERE is_there) FROM going
"""


@command
def change_groups(run_id: int, *, actor: Actor, at: datetime) -> dict[str, int]:
    """Stop and add in one go, from the month of a draft on: identity, address, account and own amount stay what they were.

    Returns how many went over by group. A second time there is nobody left.
    Raises NotFound, NotYourDuty, RunNotThere, NoGroupChanges.
    """
    run = locked_run(run_id, PayRun.State.DRAFT, actor=actor)
    ours = paid_units(run.city_id, on=run.month)
    went: dict[str, int] = {}
    known = 0
    with connection.cursor() as cursor:
        for one in becoming(run.month):
            asked: dict[str, Any] = {"from": one.group_id, "to": one.becomes_id, "month": run.month, "units": ours, "at": at}
            cursor.execute(_GO_OVER, asked)
            count, there = cursor.fetchone()
            if count:
                went[f"{one.code} > {one.becomes_code}"] = count
                known += there
    if not went:
        raise errors.NoGroupChanges
    record(events.GROUPS_CHANGED, run, actor=actor, at=at, unit_id=run.city_id, month=run.month, went=went, known=known)
    return went

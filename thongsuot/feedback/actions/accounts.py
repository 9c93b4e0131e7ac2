"""Accounts for whoever handles and approves feedback in every unit, from one list, looked at before they are opened."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from thongsuot.feedback import events
from thongsuot.feedback.actions.common import MANAGE
from thongsuot.feedback.queries.account_files import AccountPlan, account_plan
from thongsuot.feedback.sheets import ACCOUNTS
from thongsuot.files.actions import store
from thongsuot.files.models import StoredFile
from thongsuot.files.rules import TABLE_RULE
from thongsuot.files.storage import Readable
from thongsuot.files.table_rows import told_by_row
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, TellPerson, must_exist
from thongsuot.people import actions as people
from thongsuot.units.models import Unit

PURPOSE = "feedback.accounts"
PEOPLE = "manage people"
_COLUMNS = {"full_name": "name", "email": "email", "phone": "phone", "title": "title", "duties": "duties"}


@command
def send_accounts(content: bytes | Readable, *, name: str, city_id: int, actor: Actor, at: datetime) -> StoredFile:
    """Keep a list whose every row can be used, to be looked at. Raises NotYourDuty, RowsRefused, NotATable, and as `store`."""
    _must_open(actor, city_id)
    stored = store(content, name=name, actor=actor, at=at, purpose=PURPOSE, rule=TABLE_RULE)
    account_plan(stored, city_id=city_id, on=timezone.localdate(at))
    return stored


@command
def open_accounts(file_id: int, *, city_id: int, actor: Actor, at: datetime) -> AccountPlan:
    """All of a list that was sent, judged anew; whoever holds the post already stays as they are.

    They set their password from the login page, by the address of the list.
    Raises NotFound, NotYourDuty, NotYoursToGive, RowsRefused.
    """
    _must_open(actor, city_id)
    stored, today = account_file(file_id), timezone.localdate(at)
    city = must_exist(Unit.objects.select_for_update(no_key=True).filter(pk=city_id).first())
    plan = account_plan(stored, city_id=city_id, on=today)
    with told_by_row(plan.rows, ACCOUNTS):
        for place, line in enumerate(plan.lines):
            if line.same:
                continue
            try:
                people.open_account(
                    email=line.email,
                    full_name=line.name,
                    phone=line.phone,
                    body_id=line.body_id,
                    title=line.title,
                    duties=line.duties,
                    valid_from=today,
                    actor=actor,
                    at=at,
                )
            except NotYourDuty:
                raise
            except BadInput as refusal:
                raise BadInput(
                    {f"{place}.{_COLUMNS.get(key, 'email')}": why for key, why in refusal.problems.items()}
                ) from None
            except TellPerson as refusal:
                raise BadInput({f"{place}.email": refusal.message()}) from None
    record(events.ACCOUNTS_READ, city, actor=actor, at=at, unit_id=city_id, sha256=stored.blob.sha256, **plan.figures)
    return plan


def account_file(file_id: int) -> StoredFile:
    """Raises NotFound."""
    return must_exist(StoredFile.objects.select_related("blob").filter(pk=file_id, purpose=PURPOSE).first())


def _must_open(actor: Actor, city_id: int) -> None:
    actor.must(MANAGE, unit_id=city_id)
    actor.must(PEOPLE, unit_id=city_id)

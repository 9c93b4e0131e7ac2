"""A unit's receiving account: declared, given a code by the platform, proved by a test transaction, closed."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.payments import events
from thongsuot.payments.actions import errors
from thongsuot.payments.actions.cash import KEEP
from thongsuot.payments.models import FeeAccount, FeePayment
from thongsuot.payments.rules.references import unmarked

State = FeeAccount.State
_TAKEN = {"fee_account_number": errors.NumberTaken, "fee_account_merchant": errors.MerchantTaken}


@command
def declare_account(
    unit_id: int,
    *,
    bank_bin: str,
    number: str,
    holder: str,
    treasury_number: str = "",
    merchant: str = "",
    actor: Actor,
    at: datetime,
) -> FeeAccount:
    """Where a unit's fees go. One that has an open account closes it first. Raises NotYourDuty, BadInput, AccountTaken."""
    actor.must(KEEP, unit_id=unit_id)
    account = FeeAccount(unit_id=unit_id, declared_at=at)
    _fill(account, bank_bin=bank_bin, number=number, holder=holder, treasury_number=treasury_number, merchant=merchant)
    _save(account)
    record(
        events.ACCOUNT_DECLARED,
        account,
        actor=actor,
        at=at,
        unit_id=unit_id,
        bank=account.bank_bin,
        number=account.number,
        state=account.state,
    )
    return account


@command
def change_account(
    account_id: int,
    *,
    bank_bin: str,
    number: str,
    holder: str,
    treasury_number: str = "",
    merchant: str = "",
    actor: Actor,
    at: datetime,
) -> FeeAccount:
    """Put right what is not proved yet; a proved account is closed and declared anew. Raises NotFound, AccountNotReady, …."""
    account = _locked(account_id, actor=actor)
    if account.state not in (State.DECLARED, State.ON_PLATFORM):
        raise errors.AccountNotReady
    was = {"bank": account.bank_bin, "number": account.number, "merchant": account.merchant}
    _fill(account, bank_bin=bank_bin, number=number, holder=holder, treasury_number=treasury_number, merchant=merchant)
    _save(account)
    kind = events.ACCOUNT_ON_PLATFORM if account.merchant and not was["merchant"] else events.ACCOUNT_CHANGED
    record(
        kind,
        account,
        actor=actor,
        at=at,
        unit_id=account.unit_id,
        was=was,
        bank=account.bank_bin,
        number=account.number,
        merchant=account.merchant,
    )
    return account


@command
def close_account(account_id: int, *, reason: str, actor: Actor, at: datetime) -> FeeAccount:
    """Nothing is paid into it any more; what was stays readable. Raises NotFound, NotYourDuty, AccountInUse, BadInput."""
    account = _locked(account_id, actor=actor)
    reason = one_line(reason)[:300]
    if not reason:
        raise BadInput({"reason": _("Hãy ghi lý do đóng tài khoản.")})
    if account.state == State.CLOSED:
        raise errors.AccountNotReady
    if account.payments.filter(state=FeePayment.State.WAITING).exists():
        raise errors.AccountInUse
    account.state, account.closed_at = State.CLOSED, at
    account.save(update_fields=["state", "closed_at"])
    record(events.ACCOUNT_CLOSED, account, actor=actor, at=at, unit_id=account.unit_id, reason=reason)
    return account


def _locked(account_id: int, *, actor: Actor) -> FeeAccount:
    account = must_exist(FeeAccount.objects.select_for_update().filter(pk=account_id).first())
    actor.must(KEEP, unit_id=account.unit_id)
    return account


def _fill(account: FeeAccount, *, bank_bin: str, number: str, holder: str, treasury_number: str, merchant: str) -> None:
    """Raises BadInput with every problem at once."""
    number = re.sub(r"[\s.-]", "", number).upper()
    holder = unmarked(one_line(holder)).upper()
    problems = {}
    if not re.fullmatch(r"[0-9]{6}", bank_bin):
        problems["bank_bin"] = _("Mã ngân hàng (BIN) có 6 chữ số, ví dụ 970436.")
    if not re.fullmatch(r"[0-9A-Z]{4,19}", number):
        problems["number"] = _("Số tài khoản có từ 4 đến 19 chữ số hoặc chữ cái.")
    if not 3 <= len(holder) <= 120:
        problems["holder"] = _("Hãy ghi tên chủ tài khoản như ngân hàng ghi.")
    if not re.fullmatch(r"[0-9A-Za-z.-]{0,30}", treasury_number.strip()):
        problems["treasury_number"] = _("Số tài khoản kho bạc có tối đa 30 chữ số.")
    if not re.fullmatch(r"[0-9A-Za-z_.-]{0,40}", merchant.strip()):
        problems["merchant"] = _("Mã của cổng thanh toán có tối đa 40 chữ số, chữ cái.")
    if problems:
        raise BadInput(problems)
    account.bank_bin, account.number, account.holder = bank_bin, number, holder
    account.treasury_number, account.merchant = treasury_number.strip(), merchant.strip()
    account.state = State.ON_PLATFORM if account.merchant else State.DECLARED


def _save(account: FeeAccount) -> None:
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as no:
        raise _TAKEN.get(_constraint(no), errors.AccountTaken) from None


def _constraint(no: IntegrityError) -> str:
    return getattr(getattr(no.__cause__, "diag", None), "constraint_name", None) or ""

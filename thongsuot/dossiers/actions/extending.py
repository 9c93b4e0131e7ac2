"""The limit made longer, once: a complex case the procedure allows days for, or longer as the filer agreed in writing."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from thongsuot.dossiers import events, rules
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.actions.moving import Case, date_work, locked, must_be, put_off
from thongsuot.dossiers.models import Dossier, Extension, Status
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import one_line

MOST_DAYS = 365


@command
def extend(dossier_id: int, *, days: int, reason: str, agreement: str = "", actor: Actor, at: datetime) -> Dossier:
    """Make the limit longer by working days, while it still runs and at most once. Decided by a head or a signer.

    agreement  the paper in which the filer agreed to more days than the procedure gives: certification alone knows that
    source     NĐ 23/2015/NĐ-CP, art. 21, 33, 37 for certification; others as their procedures say (`extension_days`)
    raises     NotYourDuty, MoveNotAllowed, NotExtendable, AlreadyExtended, AlreadyReappointed, TooLateToExtend, BadInput
    """
    case = locked(dossier_id, at=at)
    dossier, unit_id = case.dossier, case.dossier.resolving_unit_id
    if not actor.may("sign results", unit_id=unit_id):
        actor.must("review dossiers", unit_id=unit_id)
    must_be(dossier, Status.RECEIVED, Status.PROCESSING)
    before = dossier.due_at
    assert before is not None  # constraint dossier_code_once_received
    if not case.version.extension_days:
        raise errors.NotExtendable
    if Extension.objects.filter(dossier=dossier).exists():
        raise errors.AlreadyExtended
    if dossier.promised_at is not None:
        raise errors.AlreadyReappointed
    if at > before:
        raise errors.TooLateToExtend(before)
    reason, agreement = one_line(reason)[:1000], one_line(agreement)[:300]
    _check(case, days=days, reason=reason, agreement=agreement)
    after = rules.extended_due(before, days, case.calendar)
    put_off(case, after, at=at)
    date_work(case, more=days * case.calendar.minutes_per_day())
    dossier.extended_days += days
    dossier.extended_at = dossier.extended_at or at
    dossier.save()
    Extension.objects.create(
        dossier=dossier,
        days=days,
        reason=reason,
        agreement=agreement,
        extended_at=at,
        extended_by_name=actor.name,
        due_before=before,
        due_after=after,
    )
    record(
        events.EXTENDED,
        dossier,
        actor=actor,
        at=at,
        unit_id=unit_id,
        days=days,
        reason=reason,
        agreement=agreement,
        due_before=before,
        due_after=after,
    )
    return dossier


def _check(case: Case, *, days: int, reason: str, agreement: str) -> None:
    version, problems = case.version, {}
    longer = rules.may_be_agreed_longer(version.field)
    most = MOST_DAYS if longer else version.extension_days
    if not 1 <= days <= most:
        problems["days"] = _("Số ngày phải từ 1 đến %(most)s. Hãy nhập lại.") % {"most": most}
    elif days > version.extension_days and not agreement:
        problems["agreement"] = _(
            "Kéo dài quá %(days)s ngày làm việc phải được người yêu cầu đồng ý bằng văn bản. Hãy ghi văn bản đó."
        ) % {"days": version.extension_days}
    if not reason:
        problems["reason"] = _("Hãy ghi lý do, người dân sẽ đọc câu này.")
    if problems:
        raise BadInput(problems)

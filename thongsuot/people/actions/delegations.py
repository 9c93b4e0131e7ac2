"""Standing in: while one is away, another of the same unit does the work."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.people import events, rules
from thongsuot.people.actions.guards import locked
from thongsuot.people.models import Appointment, Delegation, Person


class NoPostThere(TellPerson):
    """One of the two has no post in that unit on the first day."""

    code = "people.no_post_there"
    says = gettext_lazy("%(name)s không giữ chức vụ nào tại đơn vị này vào ngày bắt đầu. Hãy chọn người khác hoặc ngày khác.")

    def __init__(self, name: str) -> None:
        self.name = name


class AlreadyAway(TellPerson):
    """Someone stands in for that person already in those days."""

    code = "people.already_away"
    says = gettext_lazy("Trong những ngày này đã có người làm thay. Hãy kết thúc lần trước, rồi giao lại.")


class DelegatedOnward(TellPerson):
    """What was delegated cannot be delegated again (Luật 72/2025/QH15)."""

    code = "people.delegated_onward"
    says = gettext_lazy("Việc đã nhận làm thay thì không giao tiếp cho người thứ ba. Hãy chọn một người đang có mặt.")


class NothingToSign(TellPerson):
    code = "people.nothing_to_sign"
    says = gettext_lazy("Người đi vắng không có quyền ký kết quả tại đơn vị này. Hãy bỏ phần ký, rồi gửi lại.")


class DelegationOver(TellPerson):
    code = "people.delegation_over"
    says = gettext_lazy("Lần làm thay này đã kết thúc. Hãy tải lại trang.")


@command
def delegate_work(
    from_person_id: int,
    *,
    to_person_id: int,
    unit_id: int,
    valid_from: date,
    valid_to: date,
    reason: str,
    includes_signing: bool = False,
    decision_number: str = "",
    actor: Actor,
    at: datetime,
) -> Delegation:
    """Hand one's work in a unit to a colleague for some days; also done by whoever manages the unit's people.

    valid_to           the first day back
    includes_signing   the stand-in may sign results; needs the number of the written decision
    Raises NotFound, NotYourDuty, BadInput, NoPostThere, AlreadyAway, DelegatedOnward, NothingToSign.
    """
    # In order of ids, so that two people delegating to each other at once do not wait for each other for ever.
    people = {person_id: locked(person_id) for person_id in sorted({from_person_id, to_person_id})}
    giver, taker = people[from_person_id], people[to_person_id]
    if actor.person_id != from_person_id:
        actor.must("manage people", unit_id=unit_id)
    reason, decision_number = one_line(reason), one_line(decision_number)
    _must_fit(giver, taker, valid_from, valid_to, reason, includes_signing, decision_number, today=timezone.localdate(at))
    held = _duties_there(giver, unit_id, valid_from)
    _duties_there(taker, unit_id, valid_from)
    if includes_signing and "sign results" not in held:
        raise NothingToSign
    overlapping = Delegation.objects.filter(Q(valid_from__lt=valid_to), Q(valid_to__gt=valid_from), unit_id=unit_id)
    if overlapping.filter(from_person=giver).exists():
        raise AlreadyAway
    if overlapping.filter(Q(from_person=taker) | Q(to_person=giver)).exists():
        raise DelegatedOnward
    delegation = Delegation.objects.create(
        from_person=giver,
        to_person=taker,
        unit_id=unit_id,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        includes_signing=includes_signing,
        decision_number=decision_number,
    )
    record(
        events.WORK_DELEGATED,
        giver,
        actor=actor,
        at=at,
        unit_id=unit_id,
        delegation_id=delegation.pk,
        to_person_id=to_person_id,
        valid_from=valid_from,
        valid_to=valid_to,
        includes_signing=includes_signing,
    )
    return delegation


@command
def end_delegation(delegation_id: int, *, actor: Actor, at: datetime) -> Delegation:
    """Back early: from today on the stand-in has no part in it any more. Raises NotFound, NotYourDuty, DelegationOver."""
    giver_id = must_exist(Delegation.objects.filter(pk=delegation_id).values_list("from_person_id", flat=True).first())
    giver = locked(giver_id)
    delegation = Delegation.objects.get(pk=delegation_id)
    if actor.person_id != giver_id:
        actor.must("manage people", unit_id=delegation.unit_id)
    today = timezone.localdate(at)
    if delegation.valid_to is not None and delegation.valid_to <= today:
        raise DelegationOver
    delegation.valid_to = max(delegation.valid_from, today)
    delegation.save(update_fields=["valid_to"])
    record(
        events.DELEGATION_ENDED,
        giver,
        actor=actor,
        at=at,
        unit_id=delegation.unit_id,
        delegation_id=delegation.pk,
        on=delegation.valid_to,
    )
    return delegation


def _must_fit(
    giver: Person,
    taker: Person,
    valid_from: date,
    valid_to: date,
    reason: str,
    includes_signing: bool,
    decision_number: str,
    *,
    today: date,
) -> None:
    problems = {}
    if giver.pk == taker.pk:
        problems["to_person"] = _("Người làm thay phải là người khác. Hãy chọn một đồng nghiệp.")
    elif not taker.is_active:
        problems["to_person"] = _("Tài khoản của người làm thay đang khóa. Hãy chọn người khác.")
    if valid_from < today:
        problems["valid_from"] = _("Ngày bắt đầu ở trước hôm nay. Hãy chọn từ hôm nay trở đi.")
    if valid_to <= valid_from:
        problems["valid_to"] = _("Ngày làm việc trở lại phải sau ngày bắt đầu vắng. Hãy chọn lại.")
    elif valid_to - valid_from > timedelta(days=rules.DELEGATION_DAYS_AT_MOST):
        problems["valid_to"] = _("Thời gian làm thay dài quá một năm. Hãy chọn ngày sớm hơn.")
    if not reason:
        problems["reason"] = _("Chưa có lý do. Hãy ghi một câu ngắn, ví dụ: nghỉ phép.")
    elif len(reason) > 300:
        problems["reason"] = _("Lý do dài quá 300 chữ. Hãy viết ngắn lại.")
    if includes_signing and not decision_number:
        problems["decision_number"] = _("Giao cả quyền ký thì phải có văn bản ủy quyền. Hãy ghi số văn bản.")
    elif len(decision_number) > 60:
        problems["decision_number"] = _("Số văn bản dài quá 60 chữ. Hãy xem lại.")
    if problems:
        raise BadInput(problems)


def _duties_there(person: Person, unit_id: int, day: date) -> set[str]:
    """What the person's own posts in that unit bring on that day. Raises NoPostThere."""
    posts = Appointment.objects.filter(in_force(day), person=person, body__unit_id=unit_id)
    brought = list(posts.values_list("duties", flat=True))
    if not brought:
        raise NoPostThere(person.full_name)
    return {duty for duties in brought for duty in duties}

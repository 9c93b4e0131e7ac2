"""Posts: giving them, ending them, changing what they bring."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.people import events, rules
from thongsuot.people.actions import posts
from thongsuot.people.actions.guards import PersonInactive, end_all_sessions, locked, must_not_be_self
from thongsuot.people.models import Appointment
from thongsuot.units import queries as units
from thongsuot.units.models import Body, ServicePoint


class AlreadyAppointed(TellPerson):
    code = "people.already_appointed"
    says = gettext_lazy("Người này đã giữ đúng chức vụ ấy trong thời gian đó. Hãy đổi nhiệm vụ, hoặc kết thúc lần trước.")


class PostsNotTogether(TellPerson):
    """A rule forbids one person to hold both posts at that time."""

    code = "people.posts_not_together"

    def __init__(self, rule: rules.Doubling) -> None:
        self.rule = rule

    def message(self) -> str:
        return _("Từ ngày %(day)s, %(first)s không kiêm %(second)s (%(basis)s). Hãy kết thúc chức vụ kia trước.") % {
            "day": f"{self.rule.valid_from:%d/%m/%Y}",
            "first": self.rule.first[1],
            "second": self.rule.second[1],
            "basis": self.rule.basis,
        }

    def details(self) -> dict[str, object]:
        return {"basis": self.rule.basis, "valid_from": self.rule.valid_from.isoformat()}


class NotYoursToGive(TellPerson):
    """A duty of administrators, given or taken away by someone who does not hold it there."""

    code = "people.not_yours_to_give"
    status = 403

    def __init__(self, duty: str) -> None:
        self.duty = duty

    def message(self) -> str:
        return _("Nhiệm vụ “%(duty)s” chỉ do người đang giữ nhiệm vụ ấy giao hoặc thu. Hãy nhờ người quản trị thành phố.") % {
            "duty": rules.DUTIES[self.duty].label
        }

    def details(self) -> dict[str, object]:
        return {"duty": self.duty}


class AppointmentOver(TellPerson):
    code = "people.appointment_over"

    def __init__(self, ended_on: date) -> None:
        self.ended_on = ended_on

    def message(self) -> str:
        return _("Chức vụ này đã kết thúc từ ngày %(day)s. Hãy tải lại trang để xem tình trạng mới nhất.") % {
            "day": f"{self.ended_on:%d/%m/%Y}"
        }


@command
def appoint(
    person_id: int,
    *,
    body_id: int,
    title: str,
    point_id: int | None = None,
    duties: Collection[str] | None = None,
    valid_from: date,
    valid_to: date | None = None,
    decided_by: str = "",
    decision_number: str = "",
    actor: Actor,
    at: datetime,
) -> Appointment:
    """Give a person a post in a body.

    point_id   where the post works, of those the body runs; it goes with the point when another body gets to run that
    duties     None: what the post usually brings today (or on its first day, if later). Duties of administrators are given
               only by someone who holds them there
    valid_to   the first day without the post; None: open
    Raises NotFound, NotYourDuty, NotYourself, NotYoursToGive, PersonInactive, BadInput, AlreadyAppointed, PostsNotTogether.
    """
    person = locked(person_id)
    body = must_exist(Body.objects.select_related("unit").filter(pk=body_id).first())
    actor.must("manage people", unit_id=body.unit_id)
    must_not_be_self(person_id, actor)
    if not person.is_active:
        raise PersonInactive
    title = one_line(title)
    if duties is None:
        duties = rules.usual_duties(title, body.kind, body.unit.level, on=max(valid_from, timezone.localdate(at)))
    _must_fit(body, title, duties, valid_from, valid_to)
    if point_id is not None:
        _must_be_run_by(body, point_id, valid_from)
    _must_be_given_to_give(duties, body.unit_id, actor)

    overlapping = Appointment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from), person=person, body__unit_id=body.unit_id
    )
    if valid_to is not None:
        overlapping = overlapping.filter(valid_from__lt=valid_to)
    for other_body, other_kind, other_title, other_end in overlapping.values_list("body_id", "body__kind", "title", "valid_to"):
        if (other_body, other_title) == (body.pk, title):
            raise AlreadyAppointed
        ends = [end for end in (valid_to, other_end) if end is not None]
        rule = rules.forbidden_doubling(
            (body.kind, title), [(other_kind, other_title)], last_day=min(ends) - timedelta(days=1) if ends else None
        )
        if rule is not None:
            raise PostsNotTogether(rule)

    appointment = Appointment.objects.create(
        person=person,
        body=body,
        title=title,
        point_id=point_id,
        duties=_in_order(duties),
        valid_from=valid_from,
        valid_to=valid_to,
        decided_by=one_line(decided_by),
        decision_number=one_line(decision_number),
    )
    record(
        events.APPOINTED,
        person,
        actor=actor,
        at=at,
        unit_id=body.unit_id,
        appointment_id=appointment.pk,
        body_id=body.pk,
        title=title,
        point=point_id,
        duties=appointment.duties,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    if point_id is not None:
        # That it goes to another body later may be known already.
        posts.follow(point_id, day=valid_from, actor=actor, at=at)
    return appointment


@command
def end_appointment(appointment_id: int, *, on: date, decision_number: str = "", actor: Actor, at: datetime) -> Appointment:
    """End a post; `on` is the first day without it. Ended today or before, every session of the person ends at once.

    On the day of its beginning it is taken back: it then never held.
    Raises NotFound, NotYourDuty, NotYourself, AppointmentOver, BadInput.
    """
    appointment = _locked_appointment(appointment_id, actor)
    today = timezone.localdate(at)
    if appointment.valid_to is not None and appointment.valid_to <= today:
        raise AppointmentOver(appointment.valid_to)
    if on < appointment.valid_from:
        raise BadInput(
            {
                "on": _("Ngày thôi giữ chức ở trước ngày bắt đầu. Hãy chọn từ ngày %(day)s trở đi.")
                % {"day": f"{appointment.valid_from:%d/%m/%Y}"}
            }
        )
    if appointment.valid_to is not None and on > appointment.valid_to:
        raise BadInput(
            {
                "on": _("Chức vụ đã có hạn đến %(day)s. Hãy chọn ngày sớm hơn, hoặc bổ nhiệm lần mới.")
                % {"day": f"{appointment.valid_to:%d/%m/%Y}"}
            }
        )
    appointment.valid_to = on
    appointment.save(update_fields=["valid_to"])
    if on <= today:
        end_all_sessions(appointment.person)
    record(
        events.APPOINTMENT_ENDED,
        appointment.person,
        actor=actor,
        at=at,
        unit_id=appointment.body.unit_id,
        appointment_id=appointment.pk,
        on=on,
        decision_number=one_line(decision_number)[:60],
    )
    return appointment


@command
def change_duties(appointment_id: int, *, duties: Collection[str], actor: Actor, at: datetime) -> Appointment:
    """State anew what a post brings its holder, from now on. What it brought before stands in the person's history.

    Raises NotFound, NotYourDuty, NotYourself, NotYoursToGive, AppointmentOver, BadInput.
    """
    appointment = _locked_appointment(appointment_id, actor)
    today = timezone.localdate(at)
    if appointment.valid_to is not None and appointment.valid_to <= today:
        raise AppointmentOver(appointment.valid_to)
    if unknown := rules.unknown_duties(duties):
        raise BadInput({"duties": _("Không có nhiệm vụ này: %(names)s.") % {"names": ", ".join(unknown)}})
    # Taking a duty of administrators away is as weighty as giving it.
    _must_be_given_to_give(set(duties) ^ set(appointment.duties), appointment.body.unit_id, actor)
    return _changed(appointment, duties, actor=actor, at=at)


@command
def give_owed(appointment_id: int, *, actor: Actor, at: datetime) -> Appointment:
    """What an upgrade gives a post beside what it brings already (`Appointment.owed`). Raises NotFound, NotYourDuty."""
    appointment = _locked_appointment(appointment_id, actor)
    return _changed(appointment, [*appointment.duties, *(appointment.owed or [])], actor=actor, at=at)


def _changed(appointment: Appointment, duties: Iterable[str], *, actor: Actor, at: datetime) -> Appointment:
    before, appointment.duties, appointment.owed = appointment.duties, _in_order(duties), None
    appointment.save(update_fields=["duties", "owed"])
    record(
        events.DUTIES_CHANGED,
        appointment.person,
        actor=actor,
        at=at,
        unit_id=appointment.body.unit_id,
        appointment_id=appointment.pk,
        before=before,
        after=appointment.duties,
    )
    return appointment


def _locked_appointment(appointment_id: int, actor: Actor) -> Appointment:
    person_id = must_exist(Appointment.objects.filter(pk=appointment_id).values_list("person_id", flat=True).first())
    person = locked(person_id)
    appointment = Appointment.objects.select_related("body").get(pk=appointment_id)
    appointment.person = person
    actor.must("manage people", unit_id=appointment.body.unit_id)
    must_not_be_self(person_id, actor)
    return appointment


def _must_fit(body: Body, title: str, duties: Iterable[str], valid_from: date, valid_to: date | None) -> None:
    problems = {}
    if not title:
        problems["title"] = _("Chưa có chức danh. Hãy chọn trong danh sách hoặc nhập tên chức danh.")
    elif len(title) > 200:
        problems["title"] = _("Chức danh dài quá 200 chữ. Hãy viết ngắn lại.")
    if unknown := rules.unknown_duties(duties):
        problems["duties"] = _("Không có nhiệm vụ này: %(names)s.") % {"names": ", ".join(unknown)}
    if valid_to is not None and valid_to <= valid_from:
        problems["valid_to"] = _("Ngày kết thúc phải sau ngày bắt đầu. Hãy chọn lại, hoặc để trống nếu chưa có hạn.")
    if valid_from < body.valid_from or (body.valid_to is not None and valid_from >= body.valid_to):
        problems["valid_from"] = _("Vào ngày này cơ quan chưa hoạt động hoặc đã kết thúc. Hãy chọn lại ngày hoặc cơ quan.")
    if problems:
        raise BadInput(problems)


def _must_be_run_by(body: Body, point_id: int, day: date) -> None:
    # Locked: were the point given to another body just now, that one's people are looked through after us.
    ServicePoint.objects.select_for_update().filter(pk=point_id).first()
    if units.manager_of(point_id, as_of=day) != body.pk:
        raise BadInput({"point": _("Vào ngày này điểm phục vụ không do cơ quan ấy quản lý. Hãy chọn điểm khác.")})


def _must_be_given_to_give(duties: Iterable[str], unit_id: int, actor: Actor) -> None:
    for duty in sorted(set(duties) & rules.OF_ADMINISTRATORS):
        if not actor.may(duty, unit_id=unit_id):
            raise NotYoursToGive(duty)


def _in_order(duties: Iterable[str]) -> list[str]:
    wanted = set(duties)
    return [duty for duty in rules.DUTIES if duty in wanted]

"""Units, what they keep and hand over, who works there, where they meet, what they send."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tests.house.things import HOUSE
from thongsuot.dossiers.tests.make import MONDAY, Town, a_file, minh
from thongsuot.handover import actions as handover
from thongsuot.handover.models import HandoverMinutes
from thongsuot.handover.queries.transfers import ended_by, heirs_of
from thongsuot.handover.rules.classes import classes, read_line
from thongsuot.meetings import actions as meetings
from thongsuot.notices import actions as notices
from thongsuot.notices import letters
from thongsuot.people import rules
from thongsuot.people.models import Appointment, Person
from thongsuot.people.tests.make import make_officer
from thongsuot.staffing import actions as staffing
from thongsuot.staffing.loading import load as load_positions
from thongsuot.staffing.models import JobPosition
from thongsuot.units import actions as units
from thongsuot.units.facts import ConversionFacts, FacilityFact
from thongsuot.units.models import Body, Decision, Serving, Unit


def an_ended_ward() -> Unit:
    """Phường Bến, which went whole to phường Sông; its bodies were never ended by anybody, the ward itself was."""
    ward = Unit.objects.get(code="98101")
    Body.objects.create(unit=ward, kind="service_centre", name="Bộ phận Một cửa", valid_from=ward.valid_from)
    return ward


def with_every_duty(unit: Unit) -> Person:
    """More than the practice allows one person to hold: if even they are kept out, everyone is."""
    title = "Quản trị hệ thống" if unit.level == Unit.Level.PROVINCE else "Công chức tiếp nhận"
    person = make_officer(unit, title=title, at=timezone.now())
    Appointment.objects.filter(person=person).update(duties=sorted(rules.DUTIES))
    return person


def a_partner(town: Town) -> Serving:
    """A tax office that serves the city."""
    tax = units.set_up_agency(
        town.city.city.pk,
        code="98T09",
        kind="tax",
        name="Thuế thành phố",
        identifier="H98.909",
        valid_from=MONDAY.date(),
        actor=HOUSE,
        at=MONDAY,
    )
    return units.put_serving("tax", body_id=tax.pk, city_id=town.city.city.pk, valid_from=MONDAY.date(), actor=HOUSE, at=MONDAY)


def a_facility(town: Town) -> dict[str, int]:
    """A health station of the first ward, and a draft about it."""
    fact = FacilityFact(
        code="T1", kind="health_station", name="Trạm y tế Sông", unit_id=town.river, valid_from=date(2025, 7, 1)
    )
    city = town.city.city.pk
    (station,) = units.add_facilities([fact], city_id=city, actor=HOUSE, at=MONDAY)
    head = ConversionFacts(number="9/QĐ", title="Chuyển đổi", signed_on=None, effective_on=date(2030, 1, 1))
    draft = units.draft_conversion(head, city_id=city, actor=HOUSE, at=MONDAY)
    return {"facility_id": station.pk, "conversion_id": draft.pk}


def a_handover(town: Town, own: Person) -> dict[str, Any]:
    """Old units of the town hand over to phường Sông; whoever is of that ward also hands over for one that ended."""
    now = timezone.now()
    one = handover.open_changeover(Decision.objects.latest("pk").pk, actor=HOUSE, at=now)
    old = next(unit for unit in ended_by(one.decision) if heirs_of(unit, one.effective_on) == (town.river,))
    handover.name_representative(one.pk, unit_id=old, email=own.email, title="Chủ tịch", heads=True, actor=HOUSE, at=now)
    premises = {"klass": "premises", "name": "Nhà cũ", "use": "Dôi dư"}
    line, _wrong = read_line(classes()["premises"], premises)
    assert line is not None
    item = handover.list_item(one.pk, unit_id=old, klass="premises", line=line, actor=HOUSE, at=now)
    box = handover.open_box(one.pk, unit_id=old, to_unit_id=town.river, actor=HOUSE, at=now)
    minutes = HandoverMinutes.objects.create(
        changeover=one,
        from_unit_id=old,
        to_unit_id=town.river,
        number=1,
        content={},
        digest="",
        place="",
        file_id=a_file(),
        drafted_at=now,
        drafted_by_name="Lan",
    )
    pair = {"from_unit_id": old, "to_unit_id": town.river}
    return {
        "changeover_id": one.pk,
        "item_id": item.pk,
        "box_id": box.pk,
        "minutes_id": minutes.pk,
        "klass": "premises",
        "handover": {"unit_id": old},
        "handover:receiving": {"unit_id": town.river},
        "handover:coming": {"unit_id": town.river, "from_unit_id": old},
        "handover:minutes": pair,
    }


def a_person_to_place(town: Town) -> dict[str, int]:
    """Someone of phường Sông with a proposal and an application to leave; a plan and a distribution of the city."""
    city = town.city.city.pk
    load_positions(at=MONDAY)
    said = {"full_name": minh().name, "unit": "98001", "email": "duoc-bo-tri@vidu.vn"}
    member = staffing.add_member(city, said=said, counted=MONDAY.date(), actor=HOUSE, at=MONDAY)
    office, justice = town.city.body(town.city.river, "office"), JobPosition.objects.get(code="VT17")
    placement = staffing.propose(
        member.pk,
        becomes="assigned",
        to_body_id=office.pk,
        position_id=justice.pk,
        effective_on=MONDAY.date(),
        actor=HOUSE,
        at=MONDAY,
    )
    days = {"applied_on": MONDAY.date(), "leaves_on": MONDAY.date(), "reorganised_on": MONDAY.date()}
    leave = staffing.apply_for_leave(member.pk, kind="leaving", **days, actor=HOUSE, at=MONDAY)
    plan = staffing.make_plan(
        city_id=city,
        title="Phương án",
        decision_number="1",
        total_persons=1,
        total_units=1,
        effective_on=MONDAY.date(),
        actor=HOUSE,
        at=MONDAY,
    )
    dealt = staffing.distribute(city, title="Phân bổ", group="both", total=1, shares={town.river: 1}, actor=HOUSE, at=MONDAY)
    return {
        "member_id": member.pk,
        "position_id": justice.pk,
        "placement_id": placement.pk,
        "leave_id": leave.pk,
        "plan_id": plan.pk,
        "distribution_id": dealt.pk,
    }


def a_conference(town: Town) -> dict[str, int]:
    """Planned, with a site of phường Sông."""
    now, city = timezone.now(), town.city.city.pk
    made = meetings.plan_conference(
        city, title="Giao ban", starts_at=now + timedelta(days=9), hub_phone="02438253536", actor=HOUSE, at=now
    )
    return {"conference_id": made.pk, "site_id": made.sites.get(unit=town.river).pk}


def a_letter_version(town: Town) -> int:
    """Waits for approval."""
    words = letters.shipped("received")
    facts = {"subject": words.subject, "body": words.body, "sms": words.sms}
    made = notices.draft_version("received", city_id=town.city.city.pk, **facts, actor=HOUSE, at=MONDAY)
    return notices.submit_version(made.pk, actor=HOUSE, at=MONDAY).pk

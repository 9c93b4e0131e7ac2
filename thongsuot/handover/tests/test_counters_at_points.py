"""The counters of a point go through a reorganisation, and back, with their queue; nothing of them has to be moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from django.urls import reverse

from thongsuot.counters import actions
from thongsuot.counters.models import Counter, Queue, RosterEntry, Ticket
from thongsuot.counters.queries.ahead import bookings_at
from thongsuot.counters.queries.centre import equipment, premises
from thongsuot.counters.queries.figures import by_body, days
from thongsuot.counters.queries.hall import hall, houses_for, point_of
from thongsuot.counters.queries.opening import open_times, settings_of
from thongsuot.counters.rules.settings import USUAL
from thongsuot.handover import running
from thongsuot.handover.tests.make import HOUSE, JULY, JUNE, Eve, decide, make_plan, open_for, plan_and_run
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.text import slug
from thongsuot.kernel.working_time import Shift
from thongsuot.people import actions as people
from thongsuot.people import queries
from thongsuot.people.models import Person
from thongsuot.people.tests.make import make_citizen
from thongsuot.units import actions as units
from thongsuot.units.facts import PlannedSuccessionFact, PointFact
from thongsuot.units.models import Body, ServicePoint
from thongsuot.units.tests.make import BEFORE, THE_DAY, VIET_NAM

pytestmark = pytest.mark.django_db
AUGUST = date(2025, 8, 1)
IN_AUGUST = datetime(2025, 8, 1, 9, tzinfo=VIET_NAM)
DUTIES = ["receive dossiers", "arrange counters"]


@pytest.fixture
def point(eve: Eve) -> ServicePoint:
    facts = PointFact(name="Một cửa Bến", address="1 phố Bến", opening_hours="8:00-17:00", phone="024 111")
    body = Body.objects.get(unit=eve.unit("98101"), kind="service_centre")
    return units.open_point(eve.unit("98101"), facts, managed_by_id=body.pk, valid_from=BEFORE, actor=HOUSE, at=JUNE)


def officer(eve: Eve, code: str, name: str, *, since=BEFORE, at=JUNE) -> Person:
    return people.open_account(
        email=f"{slug(name.split()[-1])}@vidu.vn",
        full_name=name,
        body_id=Body.objects.get(unit=eve.unit(code), kind="service_centre").pk,
        title="Công chức tiếp nhận",
        duties=DUTIES,
        valid_from=since,
        actor=HOUSE,
        at=at,
    )


def actor(person: Person, at):
    return queries.actor_for(person, at=at)


@pytest.fixture
def stood(eve, point) -> tuple[Queue, Counter, Person]:
    """One queue, one counter, two tickets in June, one of them served."""
    old = officer(eve, "98101", "Lý Thị Quầy")
    who = actor(old, JUNE)
    queue = actions.open_queue(point.pk, letter="A", name="Chứng thực", fields=[], actor=who, at=JUNE)
    counter = actions.open_counter(point.pk, number=1, name="", queues=[queue.pk], actor=who, at=JUNE)
    actions.sit_down(counter.pk, actor=who, at=JUNE)
    for _twice in range(2):
        actions.take_ticket(queue.pk, actor=who, at=JUNE)
    actions.call_next(counter.pk, actor=who, at=JUNE)
    actions.begin(counter.pk, actor=who, at=JUNE)
    actions.finish(counter.pk, actor=who, at=JUNE)
    return queue, counter, old


def june(point) -> list:
    return days(point.pk, first=JUNE.date(), last=JUNE.date())


def test_the_successors_people_call_from_the_same_counters_and_undone_nothing_is_left(eve, point, stood, client):
    queue, counter, _old = stood
    before = june(point)
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    new = officer(eve, "98001", "Bùi Văn Mới", since=THE_DAY, at=JULY)
    following = ServicePoint.objects.get(continues=point)

    # One house by both of its numbers, with the name of the day.
    assert point_of(following.pk, on=JULY.date())[0] == point_of(point.pk, on=JULY.date())[0] == point.pk
    assert point_of(point.pk, on=JULY.date())[1].unit_id == eve.unit("98001")
    assert houses_for(actor(new, JULY), on=JULY.date()) >= {point.pk}
    ticket = actions.take_ticket(queue.pk, actor=actor(new, JULY), at=JULY)
    actions.sit_down(counter.pk, actor=actor(new, JULY), at=JULY)
    assert actions.call_next(counter.pk, actor=actor(new, JULY), at=JULY) == ticket
    assert [row.id for row in hall(point.pk, on=JULY.date()).counters] == [counter.pk]
    for point_id in (point.pk, following.pk):
        shown = client.get(reverse("counters:board", args=[point_id]))
        assert shown.status_code == 200
    assert june(point) == before
    rows = by_body(days(point.pk, first=JUNE.date(), last=JULY.date()))
    assert [(row.run_by.endswith(unit), row.figures.taken) for row, unit in zip(rows, ("Bến", "Sông"), strict=True)] == [
        (True, 2),
        (True, 1),
    ]

    # A counter that the new unit set up does not stand in the way of going back, and is not lost.
    second = actions.open_counter(following.pk, number=2, name="", queues=[queue.pk], actor=actor(new, JULY), at=JULY)
    actions.absent(counter.pk, actor=actor(new, JULY), at=JULY)
    tickets = sorted(Ticket.objects.values_list("pk", "queue", "number", "day", "state"))
    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)
    assert not ServicePoint.objects.filter(continues=point).exists()
    assert point.pk not in houses_for(actor(new, JULY), on=JULY.date())
    assert sorted(Ticket.objects.values_list("pk", "queue", "number", "day", "state")) == tickets
    assert {row.id for row in hall(point.pk, on=JULY.date()).counters} == {counter.pk, second.pk}
    assert june(point) == before


def test_people_of_the_ended_ward_call_nobody_after_its_day(eve, point, stood):
    queue, counter, old = stood
    plan_and_run(open_for(decide(eve)))
    for act in (
        lambda who: actions.take_ticket(queue.pk, actor=who, at=JULY),
        lambda who: actions.sit_down(counter.pk, actor=who, at=JULY),
        lambda who: actions.close_queue(queue.pk, actor=who, at=JULY),
    ):
        with pytest.raises(NotYourDuty):
            act(actor(old, JULY))
    assert Ticket.objects.filter(day=JULY.date()).count() == 0


def test_what_was_said_of_the_old_point_holds_no_more_once_it_goes_on(eve, point, stood):
    """The city ran it before and after the day; given to the new ward then, it is the city's no longer."""
    queue, _counter, _old = stood
    centre = Body.objects.create(unit=eve.city, kind="service_centre", name="Trung tâm thành phố", valid_from=BEFORE)
    units.move_point(point.pk, to_body_id=centre.pk, valid_from=JUNE.date(), basis="9/QĐ", actor=HOUSE, at=JUNE)
    of_city = people.open_account(
        email="bao@vidu.vn",
        full_name="Võ Văn Bảo",
        body_id=centre.pk,
        title="Chuyên viên",
        duties=DUTIES,
        valid_from=BEFORE,
        actor=HOUSE,
        at=JUNE,
    )
    plan_and_run(open_for(decide(eve)))
    assert actions.take_ticket(queue.pk, actor=actor(of_city, JULY), at=JULY).code == "A 001"
    following = ServicePoint.objects.get(continues=point)
    ward = Body.objects.get(unit=eve.unit("98001"), kind="service_centre")
    units.move_point(following.pk, to_body_id=ward.pk, valid_from=AUGUST, basis="10/QĐ", actor=HOUSE, at=JULY)
    new = officer(eve, "98001", "Bùi Văn Mới", since=THE_DAY, at=JULY)
    with pytest.raises(NotYourDuty):
        actions.take_ticket(queue.pk, actor=actor(of_city, IN_AUGUST), at=IN_AUGUST)
    assert actions.take_ticket(queue.pk, actor=actor(new, IN_AUGUST), at=IN_AUGUST).code == "A 001"


def test_through_two_reorganisations_and_the_numbers_of_a_day_do_not_begin_anew(eve, point, stood):
    queue, counter, _old = stood
    plan_and_run(open_for(decide(eve)))
    pairs = [PlannedSuccessionFact(old_code=old, new_code="98003", extent="whole") for old in ("98001", "98002")]
    plan = make_plan(pairs, number="2/NQ-VD", day=AUGUST, new={"98003": "Sông Đồi"})
    again = open_for(decide(eve, plan, at=JULY), at=JULY)
    # Taken on the day itself, before things were moved: the unit whose point it is changes behind it.
    first = actions.take_ticket(queue.pk, actor=HOUSE, at=IN_AUGUST)
    plan_and_run(again, at=IN_AUGUST)
    last = actor(officer(eve, "98003", "Tạ Thị Ba", since=AUGUST, at=IN_AUGUST), IN_AUGUST)
    second = actions.take_ticket(queue.pk, actor=last, at=IN_AUGUST)
    assert (first.code, second.code) == ("A 001", "A 002")
    assert [row.facts["code"] for row in history_of(second)] == ["A 002"]
    actions.sit_down(counter.pk, actor=last, at=IN_AUGUST)
    assert actions.call_next(counter.pk, actor=last, at=IN_AUGUST) == first


def test_hours_appointments_machines_and_the_room_go_on_with_the_house_and_back(eve, point, stood):
    queue, _counter, old = stood
    who, july = actor(old, JUNE), JULY.date()
    morning = (Shift(time(7, 30), time(11, 30)),)
    actions.set_hours(point.pk, week=(morning,) * 7, valid_from=JUNE.date(), actor=who, at=JUNE)
    actions.put_exception(point.pk, day=july, spans=morning, reason="Ngày đầu", actor=who, at=JUNE)
    actions.set_settings(replace(USUAL, days_ahead=28), point_id=point.pk, actor=who, at=JUNE)
    actions.set_premises(point.pk, area_m2=112, actor=who, at=JUNE)
    item = actions.add_equipment(point.pk, kind="printer", code="MI-01", name="Máy in", actor=who, at=JUNE)
    section = actions.open_section(point.pk, name="Hộ tịch", fields=[], posts=2, actor=who, at=JUNE)
    actions.set_booking_plan(queue.pk, weekday=july.weekday(), minutes=30, seats=1, actor=who, at=JUNE)
    minh = queries.actor_for(make_citizen(at=JUNE), at=JUNE)
    hour = datetime.combine(july, time(10), VIET_NAM)
    booking = actions.book(queue.pk, starts_at=hour, actor=minh, at=JUNE)

    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    following = ServicePoint.objects.get(continues=point)
    new = actor(officer(eve, "98001", "Bùi Văn Mới", since=THE_DAY, at=JULY), JULY)

    times = open_times(point.pk, on=july)
    assert (times.known, times.spans(july), times.reason) == (True, morning, "Ngày đầu")
    assert settings_of(point.pk, on=july).days_ahead == 28
    assert premises(point.pk, on=july).area_m2 == 112
    assert [row.pk for row in equipment(point.pk)] == [item.pk]
    assert bookings_at(point.pk, on=july) == [booking]
    seats = {one.pk: new.person_id for one in Counter.objects.filter(point=point)}
    actions.set_shift(following.pk, day=july, starts=time(7, 30), seats=seats, actor=new, at=JULY)
    actions.change_section(section.pk, name="Một cửa", fields=[], posts=3, actor=new, at=JULY)
    assert actions.check_in(booking.pk, actor=minh, at=hour).point_id == point.pk

    rows = RosterEntry.objects.values_list("point", "person_name")
    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)
    assert list(rows) == [(point.pk, "Bùi Văn Mới")]
    assert open_times(point.pk, on=july).spans(july) == morning

"""A point that another body gets to run takes its counters and its queue along; numbers and figures of before stay."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from thongsuot.counters import actions
from thongsuot.counters.actions.errors import NotAtPoint
from thongsuot.counters.models import Queue, Ticket
from thongsuot.counters.queries.figures import by_body, days
from thongsuot.counters.queries.hall import hall, houses_for, my_points
from thongsuot.counters.tests.make import DAY, HOUSE, MINUTE, MONDAY, a_counter, a_queue, taken
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.people import actions as people
from thongsuot.people.models import Person
from thongsuot.people.tests.make import browser_of
from thongsuot.units import actions as units
from thongsuot.units import queries as units_queries
from thongsuot.units.facts import ConversionFacts, ConversionLineFact

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + DAY


@pytest.fixture
def queue(office) -> Queue:
    """One counter, at which Lan sits on Monday."""
    queue = a_queue(office)
    counter = a_counter(office, queue)
    actions.sit_down(counter.pk, actor=office.actor("lan"), at=MONDAY)
    return queue


def follow(office, *, at=MONDAY, since=TUESDAY) -> None:
    """What the worker does when it hears that the point was moved."""
    people.follow_point(office.point.pk, valid_from=since.date(), actor=HOUSE, at=at)


def served(office, counter, *, by: str, at) -> Ticket:
    actor = office.actor(by, at)
    ticket = actions.call_next(counter.pk, actor=actor, at=at)
    assert ticket is not None
    actions.begin(counter.pk, actor=actor, at=at + MINUTE)
    return actions.finish(counter.pk, actor=actor, at=at + 4 * MINUTE)


def test_counters_and_queue_are_the_new_bodys_from_that_day_and_no_more_the_old_ones(office, queue):
    counter = queue.counters.get()
    for _each in range(3):
        taken(queue, office)
    first = served(office, counter, by="lan", at=MONDAY + 5 * MINUTE)
    waiting = hall(office.point.pk, on=MONDAY.date())
    office.give_point_to_city(TUESDAY.date())

    # Until the day all is as it was.
    assert served(office, counter, by="lan", at=MONDAY + 10 * MINUTE).code == "A 002"
    with pytest.raises(NotAtPoint) as refused:
        actions.sit_down(counter.pk, actor=office.actor("bao"), at=MONDAY)
    assert "Trung tâm" in refused.value.message()

    # From the day on: the same counter and queue, other people.
    seen = hall(office.point.pk, on=TUESDAY.date())
    assert [row.id for row in seen.counters] == [row.id for row in waiting.counters]
    assert [row.id for row in seen.queues] == [queue.pk]
    with pytest.raises(NotAtPoint):
        taken(queue, office, at=TUESDAY)
    with pytest.raises(NotAtPoint):
        actions.change_queue(queue.pk, name="Khác", fields=[], actor=office.actor("hong", TUESDAY), at=TUESDAY)
    bao = office.actor("bao", TUESDAY)
    assert taken(queue, office, at=TUESDAY, by="bao").code == "A 001"
    actions.sit_down(counter.pk, actor=bao, at=TUESDAY)
    assert served(office, counter, by="bao", at=TUESDAY).state == "done"
    actions.change_queue(queue.pk, name="Sao y", fields=[], actor=office.actor("an", TUESDAY), at=TUESDAY)
    first.refresh_from_db()
    assert (first.code, first.day) == ("A 001", MONDAY.date())


def test_the_queue_of_the_day_itself_goes_on_in_its_order(office, queue):
    """Moved in the middle of a day, for that day: who waits keeps number and place, and the others call them."""
    counter = queue.counters.get()
    waits = [taken(queue, office, at=MONDAY + place * MINUTE) for place in range(2)]
    old = taken(queue, office, at=MONDAY + 3 * MINUTE, priority="old")
    actions.get_up(counter.pk, actor=office.actor("lan"), at=MONDAY)
    office.give_point_to_city(MONDAY.date())

    bao = office.actor("bao")
    assert taken(queue, office, at=MONDAY + 5 * MINUTE, by="bao").code == "A 004"
    actions.sit_down(counter.pk, actor=bao, at=MONDAY)
    called = [served(office, counter, by="bao", at=MONDAY + (10 + 5 * place) * MINUTE).pk for place in range(3)]
    assert called == [old.pk, *(one.pk for one in waits)]


def test_whoever_sits_there_when_it_is_moved_at_noon_ends_by_who_runs_it_now(office, queue):
    counter = queue.counters.get()
    taken(queue, office)
    actions.call_next(counter.pk, actor=office.actor("lan"), at=MONDAY)
    office.give_point_to_city(MONDAY.date())
    with pytest.raises(NotYourDuty):
        actions.begin(counter.pk, actor=office.actor("lan"), at=MONDAY)
    an = office.actor("an")
    actions.absent(counter.pk, actor=an, at=MONDAY)
    actions.get_up(counter.pk, actor=an, at=MONDAY)
    actions.sit_down(counter.pk, actor=office.actor("bao"), at=MONDAY)
    assert served(office, counter, by="bao", at=MONDAY).code == "A 001"


def test_people_whose_post_is_at_the_point_serve_there_before_and_after(office, queue):
    quay = at_the_point(office)
    for day in (MONDAY, TUESDAY):
        assert office.point.pk in houses_for(office.actor("quay", day), on=day.date())
    office.give_point_to_city(TUESDAY.date())
    follow(office)
    counter = queue.counters.get()
    actions.get_up(counter.pk, actor=office.actor("lan"), at=MONDAY)
    for day in (MONDAY, TUESDAY):
        actions.sit_down(counter.pk, actor=office.actor("quay", day), at=day)
        ticket = taken(queue, office, at=day, by="quay")
        assert served(office, counter, by="quay", at=day) == ticket
    assert [row.point.id for row in my_points(office.actor("quay", TUESDAY), on=TUESDAY.date())] == [office.point.pk]
    assert my_points(office.actor("lan", TUESDAY), on=TUESDAY.date()) == []
    assert quay.pk in office_sitters(queue)


def office_sitters(queue) -> set[int]:
    return set(queue.counters.get().sittings.values_list("person", flat=True))


def at_the_point(office) -> Person:
    body = office.city.body(office.city.river, "service_centre")
    office.people["quay"] = people.open_account(
        email="quay@vidu.vn",
        full_name="Lý Thị Quầy",
        body_id=body.pk,
        title="Công chức tiếp nhận",
        point_id=office.point.pk,
        duties=["receive dossiers"],
        valid_from=office.point.valid_from,
        actor=HOUSE,
        at=MONDAY,
    )
    return office.people["quay"]


def test_figures_of_days_gone_by_stay_with_who_ran_the_point_then(office, queue):
    counter = queue.counters.get()
    for place in range(3):
        taken(queue, office, at=MONDAY + place * MINUTE)
    served(office, counter, by="lan", at=MONDAY + 5 * MINUTE)
    before = days(office.point.pk, first=MONDAY.date(), last=MONDAY.date())
    office.give_point_to_city(TUESDAY.date())
    assert days(office.point.pk, first=MONDAY.date(), last=MONDAY.date()) == before

    actions.sit_down(counter.pk, actor=office.actor("bao", TUESDAY), at=TUESDAY)
    taken(queue, office, at=TUESDAY, by="bao")
    served(office, counter, by="bao", at=TUESDAY + 2 * MINUTE)
    rows = days(office.point.pk, first=MONDAY.date(), last=TUESDAY.date())
    assert rows[:1] == before
    sums = by_body(rows)
    name = "Trung tâm Phục vụ hành chính công"
    assert [(one.run_by, one.figures.taken, one.figures.served, one.figures.unserved) for one in sums] == [
        (f"{name} phường Sông", 3, 1, 2),
        (f"{name} thành phố Ví Dụ", 1, 1, 0),
    ]


def test_a_planned_conversion_takes_them_along_and_withdrawn_leaves_them(office, queue):
    city = office.city.body(office.city.city, "service_centre")
    found = ConversionFacts(number="9/QĐ", title="Về thành phố", signed_on=None, effective_on=TUESDAY.date())
    draft = units.draft_conversion(found, city_id=office.city.city.pk, actor=HOUSE, at=MONDAY)
    line = ConversionLineFact(point_id=office.point.pk, managed_by_id=city.pk)
    units.put_conversion_line(draft.pk, line, actor=HOUSE, at=MONDAY)
    units.check_conversion(draft.pk, actor=HOUSE, at=MONDAY)
    units.approve_conversion(draft.pk, actor=HOUSE, at=MONDAY)
    on = TUESDAY.date()
    assert houses_for(office.actor("bao", TUESDAY), on=on) >= {office.point.pk}
    assert office.point.pk not in houses_for(office.actor("lan", TUESDAY), on=on)

    units.withdraw_conversion(draft.pk, reason="Chưa đủ người", actor=HOUSE, at=MONDAY)
    assert office.point.pk in houses_for(office.actor("lan", TUESDAY), on=on)
    assert office.point.pk not in houses_for(office.actor("bao", TUESDAY), on=on)


def test_a_branch_that_gets_the_point_serves_there_though_the_ward_is_not_its_own(office, queue):
    branch = units.set_up_agency(
        office.city.city.pk,
        code="98C01",
        kind="branch",
        name="Chi nhánh số 1",
        identifier="H98.70",
        part_of_id=office.city.body(office.city.city, "service_centre").pk,
        valid_from=MONDAY.date(),
        actor=HOUSE,
        at=MONDAY,
    )
    office.people["chi"] = people.open_account(
        email="chi@vidu.vn",
        full_name="Quách Thu Chi",
        body_id=branch.pk,
        title="Nhân viên chi nhánh",
        duties=["receive dossiers"],
        valid_from=MONDAY.date(),
        actor=HOUSE,
        at=MONDAY,
    )
    units.move_point(office.point.pk, to_body_id=branch.pk, valid_from=TUESDAY.date(), basis="9/QĐ", actor=HOUSE, at=MONDAY)
    assert taken(queue, office, at=TUESDAY, by="chi").code == "A 001"
    with pytest.raises(NotAtPoint):
        taken(queue, office, at=TUESDAY)


def test_the_page_that_moves_a_point_says_what_goes_with_it(office, queue, clock):
    taken(queue, office)
    office.people["quantri"] = people.open_account(
        email="quantri@vidu.vn",
        full_name="Hồ Quản",
        body_id=office.city.body(office.city.city, "service_centre").pk,
        title="Quản trị hệ thống",
        duties=["manage units"],
        valid_from=MONDAY.date(),
        actor=HOUSE,
        at=MONDAY,
    )
    page = browser_of(office.people["quantri"]).get(reverse("units:move_point", args=[office.point.pk]))
    text = page.content.decode()
    assert "Quầy, hàng chờ của điểm" in text
    assert "<dd>Trung tâm Phục vụ hành chính công Phường Sông</dd>" in text
    assert "Hàng A, Chứng thực" in text
    assert "Đang chờ: 1" in text
    assert "Trần Thị Lan" in text


MOVES = st.lists(st.tuples(st.integers(1, 12), st.booleans()), max_size=5)


@hypothesis_settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(moves=MOVES)
def test_on_every_day_exactly_the_people_of_who_runs_it_serve_and_days_gone_by_stand(office, moves):
    """The point goes to and fro on any days, told in any order."""
    point, ward = office.point, office.city.body(office.city.river, "service_centre")
    city = office.city.body(office.city.city, "service_centre")
    with transaction.atomic():
        queue = a_queue(office)
        ticket = taken(queue, office)
        before = days(point.pk, first=MONDAY.date(), last=MONDAY.date())
        for days_on, to_city in moves:
            day = (MONDAY + days_on * DAY).date()
            body = city if to_city else ward
            units.move_point(point.pk, to_body_id=body.pk, valid_from=day, basis="9/QĐ", actor=HOUSE, at=MONDAY)
        for days_on in range(14):
            at = MONDAY + days_on * DAY
            runs = units_queries.manager_of(point.pk, as_of=at.date())
            assert (point.pk in houses_for(office.actor("lan", at), on=at.date())) == (runs == ward.pk)
            assert (point.pk in houses_for(office.actor("bao", at), on=at.date())) == (runs == city.pk)
            assert [one.body_id for one in units_queries.house_runs(point.pk) if one.holds_on(at.date())] == [runs]
        assert days(point.pk, first=MONDAY.date(), last=MONDAY.date()) == before
        assert Ticket.objects.get() == ticket
        transaction.set_rollback(True)

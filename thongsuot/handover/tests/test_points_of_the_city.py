"""Service points given to the city's centre: a merger leaves them there, and keeps what was decided for a later day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from thongsuot.handover import actions, running
from thongsuot.handover.models import Changeover, Transfer
from thongsuot.handover.tests.make import HOUSE, JULY, JUNE, Eve, decide, make_plan, open_for, plan_and_run
from thongsuot.units import actions as units
from thongsuot.units import queries
from thongsuot.units.facts import ConversionFacts, ConversionLineFact, PlannedSuccessionFact, PointFact
from thongsuot.units.models import Body, FacilityConversion, PointManagement, ServicePoint
from thongsuot.units.tests.make import BEFORE, THE_DAY, VIET_NAM

pytestmark = pytest.mark.django_db

EVE_DAY, AUGUST, OCTOBER = THE_DAY - timedelta(days=1), date(2025, 8, 1), date(2025, 10, 1)
NUMBER = "9/QĐ-VD"


@pytest.fixture
def centre(eve: Eve) -> Body:
    return Body.objects.create(unit=eve.city, kind="service_centre", name="Trung tâm thành phố", valid_from=BEFORE)


def a_point(eve: Eve) -> ServicePoint:
    facts = PointFact(name="Một cửa Bến", address="1 phố Bến", opening_hours="8:00-17:00", phone="024 111")
    local = local_centre(eve, "98101")
    return units.open_point(eve.unit("98101"), facts, managed_by_id=local.pk, valid_from=BEFORE, actor=HOUSE, at=JUNE)


def local_centre(eve: Eve, code: str) -> Body:
    return Body.objects.get(unit=eve.unit(code), kind="service_centre")


def give_to(eve: Eve, point: ServicePoint, body: Body, day: date, number: str = NUMBER) -> FacilityConversion:
    head = ConversionFacts(number=number, title="Điểm phục vụ về thành phố", signed_on=None, effective_on=day)
    draft = units.draft_conversion(head, city_id=eve.city.pk, actor=HOUSE, at=JUNE)
    line = ConversionLineFact(point_id=point.pk, managed_by_id=body.pk)
    units.put_conversion_line(draft.pk, line, actor=HOUSE, at=JUNE)
    assert units.check_conversion(draft.pk, actor=HOUSE, at=JUNE) == []
    return units.approve_conversion(draft.pk, actor=HOUSE, at=JUNE)


def managed(point: ServicePoint) -> list[tuple[int, str, date, date | None]]:
    rows = PointManagement.objects.filter(point=point).order_by("valid_from")
    return list(rows.values_list("managed_by_id", "basis", "valid_from", "valid_to"))


def undo(changeover: Changeover) -> None:
    actions.begin_undo(changeover.pk, actor=HOUSE, at=JULY)
    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)


def test_a_point_the_city_runs_is_run_by_it_after_the_merger_and_all_of_it_back(eve, centre):
    point = a_point(eve)
    give_to(eve, point, centre, EVE_DAY)
    changeover = open_for(decide(eve))
    before = managed(point)
    plan_and_run(changeover)

    following = point.continued_by
    assert managed(following) == [(centre.pk, NUMBER, THE_DAY, None)]
    shown = queries.point_row(following.pk, as_of=THE_DAY)
    assert (shown.managed_by_id, shown.basis, shown.unit_id) == (centre.pk, NUMBER, eve.unit("98001"))
    assert managed(point) == before

    undo(changeover)
    assert not ServicePoint.objects.filter(continues=point).exists()
    assert managed(point) == before


def test_what_is_decided_for_a_later_day_goes_with_the_point_and_all_of_it_back(eve, centre):
    point = a_point(eve)
    give_to(eve, point, centre, AUGUST)
    changeover = open_for(decide(eve))
    before = managed(point)
    plan_and_run(changeover)

    following = point.continued_by
    assert managed(following) == [
        (local_centre(eve, "98001").pk, "", THE_DAY, AUGUST),
        (centre.pk, NUMBER, AUGUST, None),
    ]

    undo(changeover)
    assert not ServicePoint.objects.filter(continues=point).exists()
    assert managed(point) == before


def test_what_is_decided_for_the_very_day_of_the_merger_holds_from_it(eve, centre):
    point = a_point(eve)
    give_to(eve, point, centre, THE_DAY)
    plan_and_run(open_for(decide(eve)))

    assert managed(point.continued_by) == [(centre.pk, NUMBER, THE_DAY, None)]


def test_what_is_to_go_back_to_the_ward_later_goes_to_the_successor(eve, centre):
    point = a_point(eve)
    give_to(eve, point, centre, EVE_DAY)
    give_to(eve, point, local_centre(eve, "98101"), AUGUST, "10/QĐ-VD")
    plan_and_run(open_for(decide(eve)))

    assert managed(point.continued_by) == [
        (centre.pk, NUMBER, THE_DAY, AUGUST),
        (local_centre(eve, "98001").pk, "10/QĐ-VD", AUGUST, None),
    ]


def test_a_body_of_the_city_that_is_no_more_runs_nothing(eve, centre):
    point = a_point(eve)
    give_to(eve, point, centre, EVE_DAY)
    Body.objects.filter(pk=centre.pk).update(valid_to=THE_DAY)
    plan_and_run(open_for(decide(eve)))

    assert managed(point.continued_by) == [(local_centre(eve, "98001").pk, "", THE_DAY, None)]


def test_a_plan_taken_back_after_the_merger_is_taken_back_where_the_point_is_now(eve, centre):
    point = a_point(eve)
    conversion = give_to(eve, point, centre, AUGUST)
    plan_and_run(open_for(decide(eve)))

    units.withdraw_conversion(conversion.pk, reason="Chưa đủ người", actor=HOUSE, at=JULY)

    assert managed(point.continued_by) == [(local_centre(eve, "98001").pk, "", THE_DAY, None)]


def test_a_point_given_to_the_city_since_the_merger_stays_where_it_is(eve, centre):
    point = a_point(eve)
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    following = point.continued_by
    # On the very day: as many rows as the move made, by another body.
    units.move_point(following.pk, to_body_id=centre.pk, valid_from=THE_DAY, basis=NUMBER, actor=HOUSE, at=JULY)

    undo(changeover)

    assert Transfer.objects.get(kind="units.points").stays_at is not None
    assert managed(following) == [(centre.pk, NUMBER, THE_DAY, None)]


def test_through_two_mergers_the_city_keeps_the_point(eve, centre):
    point = a_point(eve)
    give_to(eve, point, centre, EVE_DAY)
    plan_and_run(open_for(decide(eve)))
    pairs = [PlannedSuccessionFact(old_code=old, new_code="98003", extent="whole") for old in ("98001", "98002")]
    again = decide(eve, make_plan(pairs, number="2/NQ-VD", day=OCTOBER, new={"98003": "Sông Đồi"}), at=JULY)
    plan_and_run(open_for(again, at=JULY), at=datetime(2025, 10, 1, 0, 5, tzinfo=VIET_NAM))

    assert managed(point.continued_by.continued_by) == [(centre.pk, NUMBER, OCTOBER, None)]

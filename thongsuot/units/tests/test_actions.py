"""Commands on bodies, service points and the calendar: what they change, what they refuse, what they leave alone."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.units import actions, loading, queries, rules
from thongsuot.units.facts import BodyFact, CalendarChange, DayFact, HoursFact, NameFact, PointFact
from thongsuot.units.models import Body, CalendarDay, PointDetails, PointManagement, Unit, UnitName, WorkingHours
from thongsuot.units.tests.acting import keeper
from thongsuot.units.tests.make import LOADED_AT, LOADER, THE_DAY, make_city, make_city_facts

pytestmark = pytest.mark.django_db

AT = LOADED_AT
NEXT_YEAR = date(2026, 1, 1)
FACTS = PointFact(
    name="Điểm phục vụ phường Sông", address="Số 9 phố Bờ Sông", opening_hours="08:00-17:00", phone="024 3333 4444"
)


def stored():
    """Everything a refused command must leave as it was."""
    return (
        Event.objects.count(),
        *(
            list(model.objects.order_by("pk").values())
            for model in (PointDetails, PointManagement, CalendarDay, WorkingHours, Body, Unit)
        ),
    )


# --- Bodies and identifiers ---


@pytest.mark.parametrize(
    ("kind", "name", "office"),
    [
        ("phuong", "Sông", "Phòng Kinh tế, Hạ tầng và Đô thị"),
        ("xa", "Sông", "Phòng Kinh tế"),
        ("dac_khu", "Lý Sơn", "Phòng Kinh tế"),
        ("dac_khu", "Phú Quốc", "Phòng Kinh tế, Hạ tầng và Đô thị"),
    ],
)
def test_the_economy_office_is_called_as_its_kind_of_unit_demands(kind, name, office):
    bodies = rules.commune_bodies([NameFact(kind=kind, name=name, valid_from=THE_DAY)])

    assert [body.name for body in bodies if body.kind == "economy_office"] == [office]


def test_a_new_ward_gets_the_offices_of_a_ward(city):
    ward = Unit.objects.create(code="98003", level="commune", parent=city.city, valid_from=THE_DAY)
    names = [NameFact(kind="phuong", name="Mới", valid_from=THE_DAY)]

    bodies = actions.set_up_bodies(ward.pk, rules.commune_bodies(names), actor=LOADER, at=AT)

    assert {body.kind for body in bodies} == {
        "people_council",
        "people_committee",
        "office",
        "economy_office",
        "culture_society_office",
        "service_centre",
    }
    assert {body.part_of.kind for body in bodies if body.part_of} == {"people_committee"}


def test_bodies_are_set_up_once(city):
    before = stored()

    with pytest.raises(actions.BodiesAlreadySetUp):
        actions.set_up_bodies(city.river.pk, [BodyFact(kind="office", name="Văn phòng")], actor=LOADER, at=AT)

    assert stored() == before


def test_a_body_cannot_be_part_of_one_that_is_not_there(city):
    ward = Unit.objects.create(code="98003", level="commune", parent=city.city, valid_from=THE_DAY)
    before = stored()

    office = BodyFact(kind="office", name="Văn phòng", part_of="people_committee")
    with pytest.raises(BadInput):
        actions.set_up_bodies(ward.pk, [office], actor=LOADER, at=AT)

    assert stored() == before


def test_a_real_identifier_takes_the_place_of_an_example_and_stays(city):
    set_, kept = ({"98001": "H98.7"}, {"98001": "H98.8"})

    first = actions.give_identifiers(city.city.pk, set_, are_examples=False, actor=LOADER, at=AT)
    second = actions.give_identifiers(city.city.pk, kept, are_examples=False, actor=LOADER, at=AT)

    row = queries.unit_by_code("98001", as_of=THE_DAY)
    assert (first, second) == (1, 0)
    assert (row.agency_identifier, row.identifier_is_example) == ("H98.7", False)


@pytest.mark.parametrize("identifier", ["", "h98.7", "H98.", "H98.123456", "H98.7; DROP", "H98.1.2.3.4.5", "000.00.15.H26"])
def test_an_identifier_of_another_shape_is_refused(city, identifier):
    before = stored()

    with pytest.raises(BadInput):
        actions.give_identifiers(city.city.pk, {"98001": identifier}, are_examples=False, actor=LOADER, at=AT)

    assert stored() == before


def test_identifiers_come_from_a_file(city, tmp_path):
    path = tmp_path / "ma.csv"
    path.write_text("code,identifier\n98001,H98.7\n98002,H98.8\n12345,H98.9\n", encoding="utf-8-sig")

    assert loading.load_identifiers(path, "98", at=AT + timedelta(days=60)) == 2
    assert queries.unit_by_code("98002", as_of=THE_DAY).agency_identifier == "H98.8"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"ma,so\n1,2\n", b"code\n98001\n"])
def test_a_file_of_identifiers_that_cannot_be_read_is_refused(city, tmp_path, content):
    path = tmp_path / "ma.csv"
    path.write_bytes(content)
    before = stored()

    with pytest.raises(BadInput):
        loading.load_identifiers(path, "98", at=AT)

    assert stored() == before


# --- Service points ---


def test_a_point_that_moves_to_the_city_centre_keeps_its_past(city):
    point = city.point(city.river)
    centre = city.body(city.city, "service_centre")

    actions.move_point(
        point.pk, to_body_id=centre.pk, valid_from=NEXT_YEAR, basis="12/QĐ-UBND", actor=keeper(city.city.pk), at=AT
    )

    def manager(day):
        return queries.point_row(point.pk, as_of=day).managed_by_unit_id

    assert (manager(date(2025, 12, 31)), manager(NEXT_YEAR)) == (city.river.pk, city.city.pk)
    assert [(period.valid_from, period.valid_to) for period in queries.managers_of(point.pk)] == [
        (THE_DAY, NEXT_YEAR),
        (NEXT_YEAR, None),
    ]
    assert [row.name for row in history_of(point)] == ["units.point_opened", "units.point_moved"]


def test_only_the_city_moves_a_point(city):
    point, centre = city.point(city.river), city.body(city.city, "service_centre")
    before = stored()

    for actor in (ANYONE, keeper(city.river.pk), keeper(city.hill.pk), keeper(city.city.pk, duty="manage calendar")):
        with pytest.raises(NotYourDuty):
            actions.move_point(point.pk, to_body_id=centre.pk, valid_from=NEXT_YEAR, basis="x", actor=actor, at=AT)

    assert stored() == before


def test_a_point_goes_to_no_body_of_another_commune_or_another_time(city):
    point = city.point(city.river)
    ended = Body.objects.create(
        unit=city.city, kind="branch", name="Chi nhánh cũ", valid_from=date(2025, 1, 1), valid_to=THE_DAY
    )
    before = stored()

    for body_id, day in (
        (city.body(city.hill, "service_centre").pk, NEXT_YEAR),
        (ended.pk, NEXT_YEAR),
        (0, NEXT_YEAR),
        (city.body(city.city, "service_centre").pk, date(2025, 6, 30)),
    ):
        with pytest.raises(actions.NotAManager):
            actions.move_point(point.pk, to_body_id=body_id, valid_from=day, basis="x", actor=LOADER, at=AT)

    assert stored() == before


def test_a_new_address_holds_from_its_day_and_the_old_one_until_then(city):
    point = city.point(city.river)

    actions.change_point(point.pk, FACTS, valid_from=NEXT_YEAR, actor=keeper(city.river.pk), at=AT)

    old, new = (queries.point_row(point.pk, as_of=day) for day in (date(2025, 12, 31), NEXT_YEAR))
    assert (old.is_example, new.is_example, new.address) == (True, False, "Số 9 phố Bờ Sông")
    assert history_of(point)[-1].facts["address"] == "Số 9 phố Bờ Sông"


def test_a_second_change_for_the_same_day_corrects_the_first(city):
    point = city.point(city.river)

    for address in ("Số 9 phố Bờ Sông", "Số 10 phố Bờ Sông"):
        actions.change_point(point.pk, replace(FACTS, address=address), valid_from=NEXT_YEAR, actor=LOADER, at=AT)

    assert [period.text for period in queries.addresses_of(point.pk)][1:] == ["Số 10 phố Bờ Sông"]


def test_a_change_before_an_announced_one_ends_where_that_begins(city):
    point, april = city.point(city.river), date(2026, 4, 1)

    actions.change_point(point.pk, replace(FACTS, address="Xa"), valid_from=april, actor=LOADER, at=AT)
    actions.change_point(point.pk, replace(FACTS, address="Gần"), valid_from=NEXT_YEAR, actor=LOADER, at=AT)

    assert [(period.text, period.valid_from, period.valid_to) for period in queries.addresses_of(point.pk)][1:] == [
        ("Gần", NEXT_YEAR, april),
        ("Xa", april, None),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_leave_one_address_on_each_day():
    point = (made := make_city()).point(made.river)
    barrier, refusals = threading.Barrier(2), []

    def change(offset):
        try:
            barrier.wait(timeout=10)
            facts = replace(FACTS, address=f"Số {offset}")
            actions.change_point(point.pk, facts, valid_from=NEXT_YEAR + timedelta(days=offset), actor=LOADER, at=AT)
        except Exception as refusal:
            refusals.append(refusal)
        finally:
            connection.close()

    both = [threading.Thread(target=change, args=[offset]) for offset in (1, 2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(timeout=20)

    assert refusals == []
    assert [(period.text, period.valid_to) for period in queries.addresses_of(point.pk)][1:] == [
        ("Số 1", NEXT_YEAR + timedelta(days=2)),
        ("Số 2", None),
    ]
    assert [row.number for row in history_of(point)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"address": ""}, "address"),
        ({"opening_hours": "\u200b"}, "opening_hours"),
        ({"address": "a" * 301}, "address"),
        ({"phone": "gọi tôi"}, "phone"),
        ({"phone": ""}, "phone"),
        ({"latitude": 21.0}, "latitude"),
        ({"latitude": 105.8, "longitude": 21.0}, "latitude"),
    ],
)
def test_a_point_nobody_could_find_is_refused(city, wrong, field):
    point = city.point(city.river)
    before = stored()

    with pytest.raises(BadInput) as refusal:
        actions.change_point(point.pk, replace(FACTS, **wrong), valid_from=NEXT_YEAR, actor=LOADER, at=AT)

    assert field in refusal.value.problems
    assert stored() == before


def test_a_point_is_changed_by_its_own_commune_or_the_city_only(city):
    point = city.point(city.river)
    before = stored()

    for actor in (ANYONE, keeper(city.hill.pk)):
        with pytest.raises(NotYourDuty):
            actions.change_point(point.pk, FACTS, valid_from=NEXT_YEAR, actor=actor, at=AT)
    with pytest.raises(NotFound):
        actions.change_point(0, FACTS, valid_from=NEXT_YEAR, actor=LOADER, at=AT)
    with pytest.raises(BadInput):
        actions.change_point(point.pk, FACTS, valid_from=date(2025, 6, 30), actor=LOADER, at=AT)

    assert stored() == before


def test_the_database_itself_refuses_two_names_at_once(city):
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitName.objects.create(
            unit=city.river, kind="xa", name="Khác", full_name="Xã Khác", search_name="khac", sort_name="", valid_from=NEXT_YEAR
        )


class ChangesInAnyOrder(TestCase):
    """Whatever days changes are announced for, one and only one holds on each day."""

    @settings(max_examples=15)
    @given(st.lists(st.integers(0, 400), min_size=1, max_size=8))
    def test_periods_stay_without_gap_or_overlap(self, offsets):
        point = (made := make_city()).point(made.river)
        for number, offset in enumerate(offsets):
            actions.change_point(
                point.pk,
                replace(FACTS, address=f"Số {number}"),
                valid_from=THE_DAY + timedelta(days=offset),
                actor=LOADER,
                at=AT,
            )

        periods = queries.addresses_of(point.pk)
        assert periods[0].valid_from == THE_DAY
        assert periods[-1].valid_to is None
        assert all(one.valid_to == after.valid_from for one, after in pairwise(periods))
        last_said = {offset: f"Số {number}" for number, offset in enumerate(offsets)}
        for offset, said in last_said.items():
            assert queries.point_row(point.pk, as_of=THE_DAY + timedelta(days=offset)).address == said


# --- The calendar ---

TET = DayFact(day=date(2027, 2, 8), effect="off", name="Mùng ba Tết", basis="1/TB")


def change_days(city, *, actor=LOADER, **days):
    actions.change_days(city.city.pk, CalendarChange(**days), actor=actor, at=AT)


def test_a_day_off_is_added_told_and_counted_at_once(city):
    change_days(city, add=(TET,), actor=keeper(city.city.pk, duty="manage calendar"))
    queries.clear_caches()

    assert not queries.working_calendar(city.city.pk, on=TET.day).works(TET.day)
    told = history_of(city.city)[-1].facts["added"]
    assert told == [{"day": "2027-02-08", "effect": "off", "name": "Mùng ba Tết", "basis": "1/TB"}]


def test_a_worked_saturday_works(city):
    saturday = replace(TET, day=date(2027, 2, 13), effect="work", name="Ngày làm bù")

    change_days(city, add=(saturday,))
    queries.clear_caches()

    assert queries.working_calendar(city.city.pk, on=TET.day).works(saturday.day)


def test_a_removed_day_is_what_its_weekday_makes_it(city):
    change_days(city, remove=(date(2025, 9, 2),), actor=keeper(city.city.pk, duty="manage calendar"))
    queries.clear_caches()

    assert queries.working_calendar(city.city.pk, on=THE_DAY).works(date(2025, 9, 2))
    removed = Event.objects.get(name="units.days_changed").facts["removed"]
    assert [(day["day"], day["effect"], day["name"]) for day in removed] == [("2025-09-02", "off", "Quốc khánh")]


def test_a_swap_is_one_change_all_or_nothing(city):
    friday, saturday = replace(TET, day=date(2027, 1, 8)), replace(TET, day=date(2027, 1, 16), effect="work", name="Làm bù")

    change_days(city, add=(friday, saturday))
    queries.clear_caches()
    calendar = queries.working_calendar(city.city.pk, on=friday.day)

    assert (calendar.works(friday.day), calendar.works(saturday.day)) == (False, True)
    before = stored()
    with pytest.raises(actions.DayAlreadySet):
        change_days(city, add=(replace(TET, day=date(2027, 1, 11)), friday))
    with pytest.raises(actions.DayAlreadySet):
        change_days(city, add=(TET, TET))
    with pytest.raises(BadInput):
        change_days(city)
    assert stored() == before


def test_the_calendar_refuses_what_would_mislead(city):
    before = stored()

    for fact, refusal in (
        (replace(TET, day=date(2025, 9, 2)), actions.DayAlreadySet),
        (replace(TET, effect="work"), actions.DayChangesNothing),  # a Monday
        (replace(TET, name=" "), BadInput),
    ):
        with pytest.raises(refusal):
            change_days(city, add=(fact,))
    with pytest.raises(actions.DayNotSet):
        change_days(city, remove=(TET.day,))

    assert stored() == before


def test_only_who_keeps_the_calendar_of_the_city_changes_it(city):
    before = stored()

    for actor in (ANYONE, keeper(city.river.pk, duty="manage calendar"), keeper(city.city.pk)):
        with pytest.raises(NotYourDuty):
            change_days(city, add=(TET,), actor=actor)
        with pytest.raises(NotYourDuty):
            actions.put_days([TET], city_id=city.city.pk, actor=actor, at=AT)
        with pytest.raises(NotYourDuty):
            actions.set_hours(city.city.pk, HoursFact(), valid_from=NEXT_YEAR, actor=actor, at=AT)

    assert stored() == before


def test_days_of_a_file_never_overwrite_ours(city):
    ours = replace(TET, day=date(2025, 9, 2), effect="work", name="khác")

    assert actions.put_days([ours, TET], city_id=city.city.pk, actor=LOADER, at=AT) == 1
    assert CalendarDay.objects.get(date=date(2025, 9, 2)).name == "Quốc khánh"


def test_hours_hold_from_their_day(city):
    summer = HoursFact(morning=(time(7), time(11, 30)), afternoon=(time(13, 30), time(17)), cut_off=time(15, 30), basis="9/QĐ")

    actions.set_hours(city.city.pk, summer, valid_from=NEXT_YEAR, actor=LOADER, at=AT)
    queries.clear_caches()

    old, new = (queries.working_calendar(city.river.pk, on=day) for day in (date(2025, 12, 31), NEXT_YEAR))
    assert (old.shifts[0].starts, old.cut_off) == (time(8), time(15))
    assert (new.shifts[0].starts, new.cut_off, new.minutes_per_day()) == (time(7), time(15, 30), 480)


@pytest.mark.parametrize(
    "wrong",
    [
        {"morning": (time(12), time(8))},
        {"afternoon": (time(11), time(17))},
        {"cut_off": time(18)},
        {"cut_off": time(8)},
    ],
)
def test_hours_out_of_order_are_refused(city, wrong):
    before = stored()

    with pytest.raises(BadInput):
        actions.set_hours(city.city.pk, replace(HoursFact(), **wrong), valid_from=NEXT_YEAR, actor=LOADER, at=AT)

    assert stored() == before


def test_a_city_without_hours_promises_no_date(city):
    WorkingHours.objects.all().delete()
    queries.clear_caches()

    with pytest.raises(queries.NoWorkingHours):
        queries.working_calendar(city.city.pk, on=THE_DAY)


def test_only_the_house_loads_units(city):
    with pytest.raises(NotYourDuty):
        actions.add_units(make_city_facts(), actor=keeper(city.city.pk), at=AT)


def test_a_change_of_name_is_loaded_beside_the_old_one(city):
    facts = make_city_facts()
    renamed = [
        replace(
            unit,
            names=(
                replace(unit.names[0], valid_to=NEXT_YEAR),
                NameFact(kind="phuong", name="Sông Xanh", valid_from=NEXT_YEAR, decision="1/NQ-VD"),
            ),
        )
        if unit.code == "98001"
        else unit
        for unit in facts.units
    ]

    report = loading.load(replace(facts, units=tuple(renamed)), actor=LOADER, at=AT)
    queries.clear_caches()

    assert (report.names, report.units) == (1, 0)
    assert queries.unit_by_code("98001", as_of=date(2025, 12, 31)).name == "Sông"
    assert queries.unit_by_code("98001", as_of=NEXT_YEAR).name == "Sông Xanh"


def test_a_file_that_says_otherwise_is_named_and_overwrites_nothing(city):
    facts = make_city_facts()
    other = [
        replace(unit, names=(replace(unit.names[0], name="Suối"),)) if unit.code == "98001" else unit for unit in facts.units
    ]
    before = stored()

    report = loading.load(replace(facts, units=tuple(other)), actor=LOADER, at=AT)

    assert report.differing == ["98001: Phường Sông / Phường Suối"]
    assert not report.changed
    assert stored() == before


def test_facts_that_hang_in_the_air_are_refused_whole(db):
    facts = make_city_facts()
    before = stored()

    with pytest.raises(BadInput):
        loading.load(replace(facts, units=facts.units[1:]), actor=LOADER, at=AT)

    assert stored() == before

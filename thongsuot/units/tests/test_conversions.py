"""Facilities and their conversions: what is wrong with a draft, the proposal, approval, the day itself, and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.units import actions, facility_sheets, queries
from thongsuot.units.conversion_words import SENTENCES, conversion_fault
from thongsuot.units.facts import ConversionFacts, ConversionLineFact, FacilityDetailsFact, FacilityFact
from thongsuot.units.models import (
    Body,
    Facility,
    FacilityConversion,
    FacilityStanding,
    PointManagement,
    ServicePoint,
    Succession,
    Unit,
)
from thongsuot.units.queries import facilities as reading
from thongsuot.units.rules.conversions import Around, ChosenBy, Managed, Seat, Standing, distance_km, faults, proposed
from thongsuot.units.tests.acting import keeper
from thongsuot.units.tests.make import LOADER, THE_DAY, VIET_NAM, MadeCity

D = date(2026, 10, 1)
EVE = D - timedelta(days=1)
AUGUST = datetime(2026, 8, 3, 9, tzinfo=VIET_NAM)
OCTOBER = datetime(2026, 10, 1, 0, 0, tzinfo=VIET_NAM)
HEAD = ConversionFacts(number="9/QĐ-VD", title="Chuyển đổi trạm y tế", signed_on=None, effective_on=D)


# --- what is wrong with a draft, without a database


def standing(pk: int, unit: int = 1, kind: str = "health_station", **more: object) -> Standing:
    given = {"parent_id": None, "valid_from": THE_DAY, "ends": None, **more}
    return Standing(facility_id=pk, code=f"T{pk}", kind=kind, name=f"Trạm y tế {pk}", unit_id=unit, **given)


def around(*facilities: Standing, **more: object) -> Around:
    points = {7: Managed(point_id=7, name="Điểm", unit_id=1, managed_by_id=70, valid_from=THE_DAY, ends=None)}
    given = {"points": points, "units": {1: "Phường Sông", 2: "Phường Đồi"}, "bodies": {70: 1, 71: 98, 72: 2}, **more}
    known = {one.facility_id: one for one in facilities or (standing(1), standing(2), standing(3, unit=2))}
    codes = {("facility", pk): f"T{pk}" for pk in range(1, 10)} | {("point", 7): "Điểm"}
    return Around(city_id=98, facilities=known, codes=codes, **given)


def station(pk: int, **more: object) -> ConversionLineFact:
    return ConversionLineFact(facility_id=pk, kind="health_station", **more)


def its_point(pk: int, parent: int | None = 1, **more: object) -> ConversionLineFact:
    return ConversionLineFact(facility_id=pk, kind="health_point", parent_id=parent, **more)


def run_by(body: int, point: int = 7) -> ConversionLineFact:
    return ConversionLineFact(point_id=point, managed_by_id=body)


GOOD = (station(1), its_point(2), run_by(71))


def keys(*lines: ConversionLineFact, head: ConversionFacts = HEAD, **more: object) -> set[tuple[str, str]]:
    met = more.pop("met", None) or around(**more)
    return {(one.key, one.about) for one in faults(head, lines, met)}


def test_a_whole_conversion_has_no_fault():
    counted = replace(HEAD, expected={"health_station": 1, "health_point": 1, "point": 1})
    assert keys(*GOOD, head=counted) == set()


@pytest.mark.parametrize(
    ("lines", "met", "found"),
    [
        ((), around(), ("empty", "")),
        ((*GOOD, its_point(2)), around(), ("twice", "T2")),
        ((*GOOD, its_point(9)), around(), ("facility_unknown", "T9")),
        ((*GOOD, run_by(71, point=8)), around(), ("point_unknown", "8")),
        ((station(1), its_point(2)), around(standing(1), standing(2, ends=date(2027, 1, 1))), ("changes_otherwise", "T2")),
        ((station(1), its_point(2)), around(standing(1), standing(2, valid_from=D)), ("begins_then", "T2")),
        ((station(1, unit_id=3), its_point(2)), around(), ("unit_unknown", "T1")),
        ((run_by(79),), around(), ("body_unknown", "Điểm")),
        ((run_by(72),), around(), ("body_elsewhere", "Điểm")),
        ((run_by(70),), around(), ("same_manager", "Điểm")),
        ((its_point(2),), around(standing(1, kind="health_point", parent_id=2), standing(2)), ("no_central", "Phường Sông")),
        ((station(1),), around(), ("two_central", "Phường Sông")),
        ((station(1, parent_id=3), its_point(2)), around(), ("station_with_parent", "T1")),
        ((station(1), its_point(2, parent=None)), around(), ("point_without_parent", "T2")),
        ((station(1), its_point(2, parent=2)), around(), ("parent_unknown", "T2")),
        ((station(1), its_point(2, parent=9)), around(), ("parent_unknown", "T2")),
        (
            (station(1), its_point(2), its_point(4, parent=2)),
            around(standing(1), standing(2), standing(4)),
            ("parent_no_station", "T4"),
        ),
        ((station(1), its_point(2, parent=3)), around(), ("parent_elsewhere", "T2")),
        # A point that lies elsewhere, of a station that a line names, though no line names the point.
        (
            (station(1), its_point(2)),
            around(standing(1), standing(2), standing(3, 2, "health_point", parent_id=1), standing(4, unit=2)),
            ("parent_elsewhere", "T3"),
        ),
        # A station that moves away leaves its points without one in their unit.
        (
            (station(1, unit_id=2), its_point(3)),
            around(standing(1), standing(2, kind="health_point", parent_id=1), standing(3, unit=2)),
            ("parent_elsewhere", "T2"),
        ),
    ],
)
def test_each_fault_is_found_and_told_in_a_sentence(lines, met, found):
    told = faults(HEAD, lines, met)

    assert found in {(one.key, one.about) for one in told}
    assert all(conversion_fault(one).endswith(".") and "%(" not in conversion_fault(one) for one in told)


def test_counts_are_those_of_the_text():
    wrong = faults(replace(HEAD, expected={"health_station": 126, "health_point": 1}), GOOD, around())

    assert [conversion_fault(one) for one in wrong] == ["Trạm y tế trung tâm: bản soạn có 1, quyết định ghi 126."]


def test_every_fault_that_is_looked_for_has_a_sentence():
    source = (reading.__file__ or "").replace("queries/facilities.py", "rules/conversions.py")
    with open(source, encoding="utf-8") as file:
        text = file.read()
    assert [key for key in SENTENCES if f'"{key}"' not in text] == []


# --- the proposal


SEAT = Seat(unit_id=1, name="Sông", full_name="Phường Sông", place=(21.0, 105.8))


def test_the_station_nearest_to_the_seat_becomes_central_unless_one_is_chosen():
    far, near, unplaced = standing(1, place=(21.2, 105.8)), standing(2, place=(21.01, 105.8)), standing(3)

    lines = proposed(SEAT, [far, near, unplaced])
    assert [(one.facility_id, one.kind, one.parent_id) for one in lines] == [
        (2, "health_station", None),
        (1, "health_point", 2),
        (3, "health_point", 2),
    ]
    assert (lines[0].name, lines[0].chosen_by) == ("Trạm y tế phường Sông", ChosenBy.NEAREST)
    assert lines[1].name == "Điểm y tế 1"
    chosen = proposed(SEAT, [far, near, unplaced], chosen=3)[0]
    assert (chosen.facility_id, chosen.chosen_by) == (3, ChosenBy.PERSON)


def test_without_places_the_station_of_the_same_name_or_the_first_is_proposed_and_said_so():
    other, same = standing(1), replace(standing(2), name="Trạm y tế phường Sông")

    first = proposed(SEAT, [other, same])[0]
    assert (first.facility_id, first.chosen_by) == (2, ChosenBy.NAME)
    assert proposed(SEAT, [other])[0].chosen_by == ChosenBy.ONLY
    assert proposed(replace(SEAT, name="Khác"), [other, same])[0].chosen_by == ChosenBy.FIRST
    assert proposed(SEAT, []) == []
    assert 10.9 < distance_km((21.0, 105.8), (21.1, 105.8)) < 11.3


# --- with a city


def a_station(city: MadeCity, code: str, unit: Unit, name: str, *, place: tuple[float, float] | None = None) -> FacilityFact:
    details = FacilityDetailsFact(
        address=f"{code} phố Sông", phone="024 1234", latitude=place and place[0], longitude=place and place[1]
    )
    return FacilityFact(code=code, kind="health_station", name=name, unit_id=unit.pk, valid_from=THE_DAY, details=details)


@pytest.fixture
def stations(city: MadeCity) -> dict[str, Facility]:
    """Two stations in phường Sông, one in phường Đồi; the seats of both are at 21.0, 105.8."""
    Unit.objects.filter(pk__in=[city.river.pk, city.hill.pk]).update(latitude=21.0, longitude=105.8)
    made = actions.add_facilities(
        [
            a_station(city, "T1", city.river, "Trạm y tế Bến", place=(21.3, 105.8)),
            a_station(city, "T2", city.river, "Trạm y tế Chợ", place=(21.02, 105.8)),
            a_station(city, "T3", city.hill, "Trạm y tế Đồi"),
        ],
        city_id=city.city.pk,
        actor=keeper(city.city.pk),
        at=AUGUST,
    )
    return {one.code: one for one in made}


def a_draft(city: MadeCity, **more: object) -> FacilityConversion:
    return actions.draft_conversion(replace(HEAD, **more), city_id=city.city.pk, actor=keeper(city.city.pk), at=AUGUST)


def kinds_on(city: MadeCity, day: date) -> dict[str, int]:
    return queries.facility_counts(city.city.pk, as_of=day)


def approved(city: MadeCity, **more: object) -> FacilityConversion:
    draft, actor = a_draft(city, **more), keeper(city.city.pk)
    actions.propose_lines(draft.pk, actor=actor, at=AUGUST)
    assert actions.check_conversion(draft.pk, actor=actor, at=AUGUST) == []
    return actions.approve_conversion(draft.pk, actor=actor, at=AUGUST)


def test_from_the_proposal_to_the_day_and_what_was_before_stays(city, stations):
    approved(city, expected={"health_station": 2, "health_point": 1})

    before = queries.facilities_of([city.river.pk], as_of=EVE)[city.river.pk]
    after = queries.facilities_of([city.river.pk], as_of=D)[city.river.pk]
    assert [(one.code, one.kind, one.name) for one in before] == [
        ("T1", "health_station", "Trạm y tế Bến"),
        ("T2", "health_station", "Trạm y tế Chợ"),
    ]
    assert [(one.code, one.kind, one.name, one.parent_id) for one in after] == [
        ("T2", "health_station", "Trạm y tế phường Sông", None),
        ("T1", "health_point", "Điểm y tế Bến", stations["T2"].pk),
    ]
    assert [one.address for one in after] == ["T2 phố Sông", "T1 phố Sông"]
    assert kinds_on(city, EVE) == {"health_station": 3}
    assert kinds_on(city, D) == {"health_station": 2, "health_point": 1}
    told = reading.standings_of(stations["T1"].pk)
    assert [(one.name, one.parent_name, one.conversion) for one in told] == [
        ("Trạm y tế Bến", "", ""),
        ("Điểm y tế Bến", "Trạm y tế phường Sông", "9/QĐ-VD"),
    ]
    assert [one.name for one in history_of(stations["T1"])] == ["units.facility_added", "units.facility_converted"]


def test_what_was_edited_must_be_checked_again(city, stations):
    actor = keeper(city.city.pk)
    draft = a_draft(city)
    actions.propose_lines(draft.pk, actor=actor, at=AUGUST)
    with pytest.raises(actions.DecisionNotChecked):
        actions.approve_conversion(draft.pk, actor=actor, at=AUGUST)
    actions.check_conversion(draft.pk, actor=actor, at=AUGUST)
    actions.put_conversion_line(draft.pk, station(stations["T1"].pk), actor=actor, at=AUGUST)
    with pytest.raises(actions.DecisionNotChecked):
        actions.approve_conversion(draft.pk, actor=actor, at=AUGUST)
    wrong = actions.check_conversion(draft.pk, actor=actor, at=AUGUST)

    assert [one.key for one in wrong] == ["two_central"]
    assert draft.lines.count() == 3  # the line about a thing is put right, never a second one
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.lines.create(facility=stations["T1"], kind="health_station")
    actions.propose_lines(draft.pk, unit_ids=[city.river.pk], chosen={city.river.pk: stations["T1"].pk}, actor=actor, at=AUGUST)
    assert actions.check_conversion(draft.pk, actor=actor, at=AUGUST) == []


def test_what_changed_since_the_check_is_found_at_the_approval(city, stations):
    actor = keeper(city.city.pk)
    first, second = a_draft(city), a_draft(city, number="10/QĐ-VD", effective_on=D - timedelta(days=5))
    for draft in (first, second):
        actions.propose_lines(draft.pk, actor=actor, at=AUGUST)
        assert actions.check_conversion(draft.pk, actor=actor, at=AUGUST) == []
    actions.approve_conversion(first.pk, actor=actor, at=AUGUST)
    rows = list(FacilityStanding.objects.order_by("pk").values())

    with pytest.raises(actions.DecisionHasFaults) as refusal:
        actions.approve_conversion(second.pk, actor=actor, at=AUGUST)

    assert {one.key for one in refusal.value.faults} == {"changes_otherwise"}
    assert list(FacilityStanding.objects.order_by("pk").values()) == rows


def test_a_service_point_changes_its_body_and_keeps_its_id_and_history(city, stations):
    actor, point = keeper(city.city.pk), city.point(city.river)
    centre = Body.objects.get(unit=city.city, kind="service_centre")
    before = list(PointManagement.objects.filter(point=point).values_list("managed_by", flat=True))
    draft = a_draft(city, expected={"point": 1})
    actions.put_conversion_line(draft.pk, run_by(centre.pk, point.pk), actor=actor, at=AUGUST)
    assert actions.check_conversion(draft.pk, actor=actor, at=AUGUST) == []
    actions.approve_conversion(draft.pk, actor=actor, at=AUGUST)

    eve, day = (queries.point_row(point.pk, as_of=one) for one in (EVE, D))
    assert eve.managed_by_id == before[0]
    assert (day.managed_by_id, day.basis, day.managed_since) == (centre.pk, "9/QĐ-VD", D)
    assert (day.id, day.unit_id, day.name, day.address) == (eve.id, eve.unit_id, eve.name, eve.address)
    assert [one.name for one in history_of(point)][-1] == "units.point_moved"
    actions.withdraw_conversion(draft.pk, reason="Chưa đủ người", actor=actor, at=AUGUST)
    assert PointManagement.objects.filter(point=point, valid_to=None).values_list("managed_by", flat=True).get() == before[0]


def test_until_its_day_it_can_be_taken_back_and_then_no_more(city, stations):
    actor = keeper(city.city.pk)
    rows = list(FacilityStanding.objects.order_by("pk").values())
    first = approved(city)
    actions.withdraw_conversion(first.pk, reason="Sai số", actor=actor, at=AUGUST)
    assert list(FacilityStanding.objects.order_by("pk").values()) == rows
    assert [one.name for one in history_of(stations["T1"])][-1] == "units.facility_conversion_undone"
    with pytest.raises(actions.DecisionNotOpen):
        actions.withdraw_conversion(first.pk, reason="Lần nữa", actor=actor, at=AUGUST)

    second = approved(city, number="10/QĐ-VD")
    later = approved(city, number="11/QĐ-VD", effective_on=D + timedelta(days=30))
    with pytest.raises(actions.ConversionBuiltUpon):
        actions.withdraw_conversion(second.pk, reason="Đổi", actor=actor, at=AUGUST)
    actions.withdraw_conversion(later.pk, reason="Đổi", actor=actor, at=AUGUST)
    with pytest.raises(actions.DecisionInForce):
        actions.withdraw_conversion(second.pk, reason="Muộn", actor=actor, at=OCTOBER)
    assert kinds_on(city, D) == {"health_station": 2, "health_point": 1}


def test_only_the_city_orders_and_nothing_is_taken_in_that_could_not_be(city, stations):
    ward = keeper(city.river.pk)
    with pytest.raises(NotYourDuty):
        actions.draft_conversion(HEAD, city_id=city.city.pk, actor=ward, at=AUGUST)
    draft, actor = a_draft(city), keeper(city.city.pk)
    for refused, line in (
        (BadInput, ConversionLineFact()),
        (BadInput, ConversionLineFact(facility_id=stations["T1"].pk, kind="làng")),
        (BadInput, ConversionLineFact(point_id=city.point(city.river).pk)),
        (NotFound, station(10**9)),
        (NotFound, station(stations["T1"].pk, unit_id=10**9)),
        (NotFound, run_by(1, point=10**9)),
    ):
        with pytest.raises(refused):
            actions.put_conversion_line(draft.pk, line, actor=actor, at=AUGUST)
    with pytest.raises(BadInput):
        a_draft(city, expected={"làng": 1})
    with pytest.raises(BadInput):
        a_draft(city, number=" ")
    with pytest.raises(NotYourDuty):
        actions.propose_lines(draft.pk, actor=ward, at=AUGUST)
    with pytest.raises(BadInput):
        actions.withdraw_conversion(draft.pk, reason=" ", actor=actor, at=AUGUST)
    with pytest.raises(actions.FacilityCodeTaken):
        actions.add_facilities([a_station(city, "T1", city.river, "Trạm")], city_id=city.city.pk, actor=actor, at=AUGUST)
    twice = a_station(city, "T8", city.river, "Trạm")
    with pytest.raises(actions.FacilityCodeTaken):
        actions.add_facilities([twice, twice], city_id=city.city.pk, actor=actor, at=AUGUST)
    old = Unit.objects.get(code="98101")
    for wrong in (
        replace(a_station(city, "T9", old, "Trạm"), valid_from=THE_DAY),  # the unit had ended
        replace(a_station(city, "", city.river, "Trạm")),
        replace(a_station(city, "T9", city.river, " ")),
        replace(a_station(city, "T9", city.river, "Trạm"), kind="health_point"),
        replace(a_station(city, "T9", city.river, "Trạm"), kind="health_point", parent_code="T77"),
        replace(a_station(city, "T9", city.river, "Trạm"), details=FacilityDetailsFact(phone="gọi")),
        replace(a_station(city, "T9", city.river, "Trạm"), details=FacilityDetailsFact(latitude=1.0, longitude=2.0)),
        replace(a_station(city, "T9", city.river, "Trạm"), details=FacilityDetailsFact(latitude=21.0)),
    ):
        with pytest.raises(BadInput):
            actions.add_facilities([wrong], city_id=city.city.pk, actor=actor, at=AUGUST)
    assert Facility.objects.count() == 3


def test_an_address_that_changes_is_dated_and_survives_a_conversion(city, stations):
    actor = keeper(city.city.pk, city.river.pk)
    approved(city)
    new = FacilityDetailsFact(address="99 phố Mới", phone="024 9999")
    actions.change_facility(stations["T1"].pk, new, valid_from=date(2026, 9, 1), actor=actor, at=AUGUST)

    addresses = {day: queries.facility_row(stations["T1"].pk, as_of=day) for day in (date(2026, 8, 31), EVE, D)}
    assert [row.address for row in addresses.values() if row] == ["T1 phố Sông", "99 phố Mới", "99 phố Mới"]
    with pytest.raises(BadInput):
        actions.change_facility(stations["T1"].pk, new, valid_from=date(2025, 1, 1), actor=actor, at=AUGUST)
    with pytest.raises(NotYourDuty):
        actions.change_facility(stations["T1"].pk, new, valid_from=D, actor=keeper(city.hill.pk), at=AUGUST)
    assert queries.facility_row(stations["T1"].pk, as_of=date(2025, 6, 30)) is None


def test_a_facility_that_ends_is_no_more_from_its_day_and_never_leaves_points_alone(city, stations):
    actor = keeper(city.city.pk, city.river.pk, city.hill.pk)

    def end(code: str, *, day: date = D, reason: str = "Sáp nhập", by: Actor = actor) -> Facility:
        return actions.end_facility(stations[code].pk, valid_to=day, reason=reason, actor=by, at=AUGUST)

    approved(city)
    for refused, asked in (
        (actions.FacilityStillNeeded, {"code": "T2"}),  # T1 is its point from then on
        (actions.FacilityStillNeeded, {"code": "T1", "day": EVE}),  # the conversion would come after
        (BadInput, {"code": "T3", "reason": " "}),
        (BadInput, {"code": "T3", "day": THE_DAY}),
        (NotYourDuty, {"code": "T3", "by": keeper(city.river.pk)}),
    ):
        with pytest.raises(refused):
            end(**asked)
    later = D + timedelta(days=31)
    actions.change_facility(stations["T1"].pk, FacilityDetailsFact(address="x"), valid_from=later, actor=actor, at=AUGUST)
    end("T1", day=later)

    assert kinds_on(city, later - timedelta(days=1)) == {"health_station": 2, "health_point": 1}
    assert kinds_on(city, later) == {"health_station": 2}
    assert queries.facility_row(stations["T1"].pk, as_of=later) is None
    assert [one.name for one in history_of(stations["T1"])][-1] == "units.facility_ended"
    with pytest.raises(BadInput):
        end("T1", day=later + timedelta(days=1))
    end("T2", day=later)
    with pytest.raises(actions.ConversionBuiltUpon):
        actions.withdraw_conversion(FacilityConversion.objects.get().pk, reason="Đổi", actor=actor, at=AUGUST)


# --- a file


HEADS = "code,name,kind,unit_code,old_code,parent_code,address,latitude,longitude,valid_from\n"


def read(city: MadeCity, lines: str) -> facility_sheets.FacilitySheet:
    return facility_sheets.read((HEADS + lines).encode("utf-8-sig"), city_id=city.city.pk)


def test_a_file_is_read_by_new_codes_and_by_those_of_before(city, stations):
    Succession.objects.get(old_unit__code="98102", new_unit=city.hill).places.create(name="thôn Hạ", key="thon ha")
    sheet = read(
        city,
        "A1,Trạm y tế Bến,,,98101,,,,,2025-07-01\n"
        "A2,Trạm y tế Chợ,Trạm y tế,,98102,,thôn Hạ phường Chợ,,,2025-07-01\n"
        'A3,Điểm y tế Bãi,điểm y tế,98001,,A1,,21.01,"105,8",2025-07-01\n'
        "A4,Điểm y tế Gò,health_point,98002,,T3,,,,2025-07-01\n"
        "T1,Trạm y tế Bến,,98001,,,,,,2025-07-01\n",
    )

    assert (sheet.lines, sheet.known, sheet.bad) == (5, 1, [])
    assert [one.unit_id for one in sheet.facts] == [city.river.pk, city.hill.pk, city.river.pk, city.hill.pk]
    actions.add_facilities(sheet.facts, city_id=city.city.pk, actor=LOADER, at=AUGUST)
    bay = next(one for one in queries.facilities_of([city.river.pk], as_of=D)[city.river.pk] if one.code == "A3")
    assert (bay.kind, bay.latitude, bay.longitude) == ("health_point", 21.01, 105.8)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",Trạm,,98001,,,,,,2025-07-01", "Chưa có mã hoặc tên"),
        ("A1,Trạm,làng,98001,,,,,,2025-07-01", "Không có loại cơ sở “làng”"),
        ("A1,Trạm,,98001,,,,,,1/7/2025", "không đọc được"),
        ("A1,Trạm,,98001,,,,x,1,2025-07-01", "không đọc được"),
        ("A1,Trạm,,98777,,,,,,2025-07-01", "Mã 98777 không phải xã, phường đang hoạt động ngày 01/07/2025"),
        ("A1,Trạm,,98001,,,,,,2025-06-30", "Mã 98001 không phải xã, phường"),
        ("A1,Trạm,,,98102,,,,,2025-07-01", "Đơn vị cũ 98102 nay thuộc nhiều nơi: Phường Sông 98001, Phường Đồi 98002"),
        ("A1,Trạm,,,,,,,,2025-07-01", "Chưa có mã đơn vị"),
        ("A1,Điểm,điểm y tế,98001,,,,,,2025-07-01", "Điểm y tế ghi mã trạm quản lý"),
        ("A1,Điểm,điểm y tế,98001,,T77,,,,2025-07-01", "Không có trạm mã T77"),
        ("A1,Trạm,,98001,,,,1,2,2025-07-01", "nằm ngoài Việt Nam"),
        ("A1,Trạm,,98001,,,,nan,nan,2025-07-01", "nằm ngoài Việt Nam"),
        ("A1,Trạm,,98001,,,,21.0,,2025-07-01", "Hãy ghi cả vĩ độ và kinh độ"),
    ],
)
def test_a_line_nobody_can_use_is_told_by_its_number(city, stations, line, why):
    sheet = read(city, line + "\n")

    assert sheet.facts == []
    assert [one.line for one in sheet.bad] == [2]
    assert why in sheet.bad[0].why


def test_a_code_on_two_lines_and_a_point_of_a_station_left_out_are_left_out(city, stations):
    sheet = read(
        city,
        "A1,Trạm,,98001,,,,,,2025-07-01\nA1,Trạm,,98002,,,,,,2025-07-01\nA2,Điểm,điểm y tế,98001,,A1,,,,2025-07-01\n",
    )

    assert sheet.facts == []
    assert len(sheet.bad) == 3
    for content in (b"\x00\xff", b"a,b\n1,2\n"):
        with pytest.raises(BadInput):
            facility_sheets.read(content, city_id=city.city.pk)
    assert facility_sheets.example().startswith(",".join(facility_sheets.COLUMNS))


def test_points_of_service_are_still_what_they_were(city, stations):
    approved(city)

    assert ServicePoint.objects.filter(valid_to=None).count() == 2

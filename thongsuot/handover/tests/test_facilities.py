"""Health stations of ended units go to successors by rule, else by a person, and back; what they were before stays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from thongsuot.handover import actions, running
from thongsuot.handover.models import Changeover, Transfer
from thongsuot.handover.queries import transfers as queries
from thongsuot.handover.tests.make import HOUSE, JULY, JUNE, MIDNIGHT, Eve, decide, open_for, plan_and_run
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.units import actions as units
from thongsuot.units.boundaries import import_boundaries
from thongsuot.units.facts import ConversionFacts, ConversionLineFact, FacilityDetailsFact, FacilityFact
from thongsuot.units.models import (
    Body,
    ConversionLine,
    Facility,
    FacilityConversion,
    FacilityDetails,
    FacilityStanding,
    PointDetails,
    ServicePoint,
)
from thongsuot.units.queries import facilities_of, facility_row, unit_ids_under
from thongsuot.units.tests.acting import keeper
from thongsuot.units.tests.make import BEFORE, THE_DAY
from thongsuot.units.tests.test_outlines import HILL, RIVER, collection

pytestmark = pytest.mark.django_db

EVE_DAY, AUGUST = THE_DAY - timedelta(days=1), date(2025, 8, 1)


def stations(eve: Eve) -> None:
    """Bến went whole to Sông; Chợ was split, one of its stations says in which part it stands, the other does not."""
    addresses = {"T1": ("98101", "1 phố Bến"), "T2": ("98102", "thôn Hạ, phường Chợ"), "T3": ("98102", "số 9, phường Chợ")}
    units.add_facilities(
        [
            FacilityFact(
                code=code,
                kind="health_station",
                name=f"Trạm y tế {code}",
                unit_id=eve.unit(unit),
                valid_from=BEFORE,
                details=FacilityDetailsFact(address=address),
            )
            for code, (unit, address) in addresses.items()
        ],
        city_id=eve.city.pk,
        actor=HOUSE,
        at=JUNE,
    )


def where(eve: Eve, day: date) -> dict[str, str]:
    codes = {pk: code for code, pk in eve.units.items()}
    return {one.code: codes[pk] for pk, those in facilities_of(codes, as_of=day).items() for one in those}


def test_each_goes_where_it_stands_the_unclear_to_a_person_and_all_of_it_back(eve):
    stations(eve)
    changeover = open_for(decide(eve))
    plan_and_run(changeover)

    assert where(eve, EVE_DAY) == {"T1": "98101", "T2": "98102", "T3": "98102"}
    assert where(eve, THE_DAY) == {"T1": "98001", "T2": "98002", "T3": "98102"}
    mine = Transfer.objects.filter(kind="units.facility")
    assert {one.rule for one in mine.exclude(to_unit=None)} == {"whole", "place"}
    waits = mine.get(to_unit=None)
    actions.choose(changeover.pk, [waits.pk], to_unit_id=eve.unit("98001"), actor=HOUSE, at=MIDNIGHT)
    plan_and_run(changeover)
    assert where(eve, THE_DAY) == {"T1": "98001", "T2": "98002", "T3": "98001"}
    assert queries.reconcile(changeover).good

    actions.begin_undo(changeover.pk, actor=HOUSE, at=JULY)
    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)
    assert where(eve, THE_DAY) == {"T1": "98101", "T2": "98102", "T3": "98102"}
    assert FacilityStanding.objects.filter(valid_to=None).count() == FacilityStanding.objects.count() == 3
    told = [one.name for one in history_of(Facility.objects.get(code="T1"))]
    assert told == ["units.facility_added", "units.facility_continued", "units.facility_taken_back"]


def test_a_station_that_waits_for_a_choice_is_put_right_by_the_city_and_no_ward(eve):
    stations(eve)
    plan_and_run(open_for(decide(eve)))
    waits = Facility.objects.get(code="T3")  # of phường Chợ, which is no more
    city, ward = keeper(*unit_ids_under(eve.city.pk, as_of=THE_DAY)), keeper(eve.unit("98001"))
    moved_house = FacilityDetailsFact(address="số 10, phường Chợ")

    with pytest.raises(NotYourDuty):
        units.change_facility(waits.pk, moved_house, valid_from=AUGUST, actor=ward, at=JULY)
    units.change_facility(waits.pk, moved_house, valid_from=AUGUST, actor=city, at=JULY)
    with pytest.raises(NotYourDuty):
        units.end_facility(waits.pk, valid_to=AUGUST, reason="Nhập vào T2", actor=ward, at=JULY)
    units.end_facility(waits.pk, valid_to=AUGUST + timedelta(days=9), reason="Nhập vào T2", actor=city, at=JULY)

    row = facility_row(waits.pk, as_of=AUGUST)
    assert row is not None
    assert (row.address, row.unit_id) == ("số 10, phường Chợ", eve.unit("98102"))


def test_what_was_decided_about_it_since_stays_where_it_is_when_all_else_goes_back(eve):
    stations(eve)
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    first = Facility.objects.get(code="T1")
    head = ConversionFacts(number="9/QĐ", title="Đổi tên", signed_on=None, effective_on=AUGUST)
    draft = units.draft_conversion(head, city_id=eve.city.pk, actor=HOUSE, at=JULY)
    line = ConversionLineFact(facility_id=first.pk, kind="health_station", name="Trạm y tế mới")
    units.put_conversion_line(draft.pk, line, actor=HOUSE, at=JULY)
    assert units.check_conversion(draft.pk, actor=HOUSE, at=JULY) == []
    units.approve_conversion(draft.pk, actor=HOUSE, at=JULY)

    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)

    assert where(eve, THE_DAY) == {"T1": "98001", "T2": "98102", "T3": "98102"}
    stays = Transfer.objects.get(stays_at__isnull=False)
    assert FacilityStanding.objects.get(pk=stays.subject_id).facility_id == first.pk


def test_a_point_that_went_on_in_its_new_unit_stays_there(eve):
    point = ServicePoint.objects.create(unit_id=eve.unit("98101"), valid_from=BEFORE)
    PointDetails.objects.create(point=point, valid_from=BEFORE, name="Một cửa Bến", address="1 phố Bến")
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    following = point.continued_by
    draft = FacilityConversion.objects.create(city=eve.city, number="1/QĐ", title="x", effective_on=AUGUST, drafted_at=JULY)
    body = Body.objects.filter(unit=eve.unit("98001")).first()
    ConversionLine.objects.create(conversion=draft, point=following, managed_by=body)

    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)

    assert Transfer.objects.get(kind="units.points").stays_at is not None
    assert ServicePoint.objects.filter(pk=following.pk).exists()
    assert Changeover.objects.get().state == Changeover.State.OPEN


def test_a_conversion_planned_before_the_unit_was_to_end_moves_with_the_facility(eve):
    stations(eve)
    first = Facility.objects.get(code="T1")
    head = ConversionFacts(number="9/QĐ", title="Đổi tên", signed_on=None, effective_on=AUGUST)
    draft = units.draft_conversion(head, city_id=eve.city.pk, actor=HOUSE, at=JUNE)
    line = ConversionLineFact(facility_id=first.pk, kind="health_station", name="Trạm y tế mới")
    units.put_conversion_line(draft.pk, line, actor=HOUSE, at=JUNE)
    assert units.check_conversion(draft.pk, actor=HOUSE, at=JUNE) == []
    units.approve_conversion(draft.pk, actor=HOUSE, at=JUNE)
    before = list(FacilityStanding.objects.filter(facility=first).order_by("valid_from").values())
    changeover = open_for(decide(eve))
    plan_and_run(changeover)

    rows = FacilityStanding.objects.filter(facility=first).order_by("valid_from")
    assert [(row.valid_from, row.valid_to, row.unit_id, row.name) for row in rows] == [
        (BEFORE, THE_DAY, eve.unit("98101"), "Trạm y tế T1"),
        (THE_DAY, AUGUST, eve.unit("98001"), "Trạm y tế T1"),
        (AUGUST, None, eve.unit("98001"), "Trạm y tế mới"),
    ]
    assert queries.reconcile(changeover).good
    actions.begin_undo(changeover.pk, actor=HOUSE, at=JULY)
    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)
    assert list(FacilityStanding.objects.filter(facility=first).order_by("valid_from").values()) == before


def test_where_no_address_tells_the_map_does_once_outlines_are_here(eve, tmp_path):
    stations(eve)
    in_the_hills = Facility.objects.get(code="T3")  # "số 9, phường Chợ": no word of which part
    FacilityDetails.objects.filter(facility=in_the_hills).update(latitude=21.05, longitude=105.15)
    changeover = open_for(decide(eve))
    import_boundaries(collection(tmp_path, RIVER, HILL), at=JULY)
    plan_and_run(changeover)
    assert where(eve, THE_DAY)["T3"] == "98002"
    assert Transfer.objects.get(subject_id=in_the_hills.standings.earliest("pk").pk, kind="units.facility").rule == "point"

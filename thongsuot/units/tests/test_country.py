"""The country as loaded: counts, names over time, successions, Hà Nội with its bodies."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.db.models import Count

from thongsuot.kernel.models import Event
from thongsuot.kernel.periods import in_force
from thongsuot.units import loading, proposals, queries
from thongsuot.units.models import Body, CalendarDay, Decision, PointDetails, ServicePoint, Succession, Unit, UnitName
from thongsuot.units.tests.make import LOADED_AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]

BEFORE, THE_DAY, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 22)


def kinds_on(day, **under):
    return Counter(
        UnitName.objects.filter(in_force(day), in_force(day, "unit__"), unit__level="commune", **under).values_list(
            "kind", flat=True
        )
    )


def unit(code, day=TODAY):
    return queries.unit_by_code(code, as_of=day)


def names_of(successions):
    rows = queries.unit_rows(successions.values_list("new_unit_id", flat=True), as_of=TODAY)
    return {row.full_name for row in rows.values()}


def test_34_provinces_and_3321_communes_began_on_2025_07_01():
    assert Unit.objects.filter(in_force(THE_DAY), level="province").count() == 34
    assert kinds_on(THE_DAY) == {"xa": 2621, "phuong": 687, "dac_khu": 13}


def test_63_provinces_696_districts_and_10035_communes_were_before():
    levels = Counter(Unit.objects.filter(in_force(BEFORE)).values_list("level", flat=True))

    assert levels == {"province": 63, "district": 696, "commune": 10_035}
    assert not Unit.objects.filter(in_force(THE_DAY), level="district").exists()


def test_ten_communes_of_dong_nai_became_wards_on_2026_04_30():
    assert kinds_on(date(2026, 4, 29))["phuong"] == 687
    assert kinds_on(date(2026, 4, 30)) == {"xa": 2611, "phuong": 697, "dac_khu": 13}
    assert unit("75", date(2026, 4, 29)).full_name == "Tỉnh Đồng Nai"
    assert unit("75", date(2026, 4, 30)).full_name == "Thành phố Đồng Nai"
    assert unit("26368", date(2026, 4, 29)).full_name == "Xã Long Thành"
    assert unit("26368", date(2026, 4, 30)).full_name == "Phường Long Thành"
    assert unit("26368", date(2026, 4, 30)).id == unit("26368", date(2026, 4, 29)).id


@pytest.mark.parametrize(("code", "wards", "communes", "zones"), [("01", 51, 75, 0), ("79", 113, 54, 1), ("31", 45, 67, 2)])
def test_the_three_cities_have_their_units(code, wards, communes, zones):
    counted = Counter(row.kind for row in queries.units_under(unit(code).id, as_of=TODAY))

    assert (counted["phuong"], counted["xa"], counted["dac_khu"]) == (wards, communes, zones)


def test_the_resolution_of_a_city_made_its_units():
    names = UnitName.objects.filter(decision__isnull=False, unit__level="commune")
    made = Counter(names.values_list("decision__number", flat=True))

    assert (made["1656/NQ-UBTVQH15"], made["1685/NQ-UBTVQH15"], made["1669/NQ-UBTVQH15"]) == (126, 168, 114)
    assert made["237/NQ-UBTVQH16"] == 10
    assert Decision.objects.filter(number__endswith="/NQ-UBTVQH15").count() == 34


def test_a_code_used_again_means_another_unit_after_the_day():
    old, new = unit("00004", BEFORE), unit("00004", THE_DAY)

    assert (old.full_name, new.full_name) == ("Phường Trúc Bạch", "Phường Ba Đình")
    assert [row.id for row in queries.units_with_code("00004", as_of=TODAY)] == [new.id, old.id]


def test_an_ended_unit_keeps_its_last_name():
    old = unit("00004", BEFORE)

    later = queries.unit_row(old.id, as_of=TODAY)

    assert later.full_name == "Phường Trúc Bạch"
    assert not later.exists_on(TODAY)


def test_a_merged_province_is_a_new_unit_and_an_unmerged_one_goes_on():
    assert unit("79", BEFORE).id != unit("79", THE_DAY).id
    assert unit("01", BEFORE).id == unit("01", THE_DAY).id
    assert Succession.objects.filter(old_unit__level="province").count() == 52


def test_phuong_hoan_kiem_was_made_of_seven_whole_and_seven_parts():
    sources = Counter(Succession.objects.filter(new_unit_id=unit("00070").id).values_list("extent", flat=True))

    assert sources == {"whole": 7, "part": 7}


def test_district_1_of_ho_chi_minh_city_became_four_wards():
    went_to = Succession.objects.filter(old_unit__parent_id=unit("760", BEFORE).id).exclude(extent="land_only")

    assert names_of(went_to) == {"Phường Sài Gòn", "Phường Bến Thành", "Phường Tân Định", "Phường Cầu Ông Lãnh"}


def test_every_commune_of_before_has_a_successor_that_took_its_people():
    ended = Unit.objects.filter(level="commune", valid_to=THE_DAY)
    peopled = Succession.objects.exclude(extent="land_only").values("old_unit_id")

    assert not ended.exclude(pk__in=peopled).exists()
    assert Succession.objects.filter(old_unit__level="commune").count() == 10_566


def test_the_five_islands_without_a_commune_went_from_district_to_special_zone():
    islands = Succession.objects.filter(old_unit__level="district")

    assert names_of(islands) == {
        "Đặc khu Bạch Long Vĩ",
        "Đặc khu Cồn Cỏ",
        "Đặc khu Hoàng Sa",
        "Đặc khu Lý Sơn",
        "Đặc khu Côn Đảo",
    }


def test_every_new_commune_has_an_origin_and_every_split_one_likeliest():
    assert not Unit.objects.filter(level="commune", valid_to=None, origins=None).exists()
    split = Succession.objects.filter(extent__in=["part", "part_land_all_population"]).values("old_unit")
    likeliest = Succession.objects.filter(likeliest=True).values("old_unit").annotate(n=Count("id"))

    assert {row["old_unit"] for row in likeliest} == {row["old_unit"] for row in split.distinct()}
    assert all(row["n"] == 1 for row in likeliest)


def test_names_never_overlap_and_cover_a_unit_from_its_first_day_to_its_last():
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT u.id FROM units_unit u LEFT JOIN units_unitname n ON n.unit_id = u.id
             GROUP BY u.id
            HAVING min(n.valid_from) IS DISTINCT FROM u.valid_from
                OR nullif(max(coalesce(n.valid_to, 'infinity')), 'infinity') IS DISTINCT FROM u.valid_to
                OR sum(coalesce(n.valid_to, DATE '9999-01-01') - n.valid_from)
                   <> coalesce(u.valid_to, DATE '9999-01-01') - u.valid_from
        """)
        assert cursor.fetchall() == []


def test_units_lie_in_parents_that_exist_when_they_begin():
    assert not Unit.objects.filter(level="province").exclude(parent=None).exists()
    orphans = Unit.objects.exclude(level="province").filter(parent=None)
    assert not orphans.exists()
    with connection.cursor() as cursor:
        cursor.execute("""SELECT count(*) FROM units_unit u JOIN units_unit p ON p.id = u.parent_id
                           WHERE u.valid_from < p.valid_from OR u.valid_from >= coalesce(p.valid_to, DATE '9999-01-01')""")
        assert cursor.fetchone() == (0,)


def test_a_city_contains_different_units_on_both_sides_of_the_day():
    hanoi = unit("01").id

    before, after = queries.unit_ids_under(hanoi, as_of=BEFORE), queries.unit_ids_under(hanoi, as_of=THE_DAY)

    assert (len(before), len(after)) == (1 + 30 + 526, 1 + 126)
    assert before & after == {hanoi}
    assert queries.city_of(unit("00070").id) == hanoi
    assert queries.city_of(unit("00001", BEFORE).id) == hanoi


def test_units_are_listed_in_vietnamese_order():
    names = [row.name for row in queries.units_under(unit("01").id, as_of=TODAY)]

    assert names[:3] == ["An Khánh", "Ba Đình", "Ba Vì"]
    assert names.index("Đại Mỗ") > names.index("Dương Nội")


def test_a_list_of_126_units_is_one_query_and_then_none(django_assert_num_queries):
    hanoi = unit("01").id
    with django_assert_num_queries(2):  # which, and their names
        queries.units_under(hanoi, as_of=TODAY)
    with django_assert_num_queries(0):
        queries.units_under(hanoi, as_of=TODAY)


def test_loading_the_country_and_the_city_again_changes_nothing():
    events = Event.objects.count()

    again, city = loading.load_country(at=LOADED_AT), loading.load_city("01", at=LOADED_AT)

    assert not again.changed
    assert not again.differing
    assert not city.changed
    assert Event.objects.count() == events


def test_each_province_tells_how_many_of_its_units_came():
    loaded = Event.objects.filter(name="units.loaded")

    assert loaded.count() == 86
    assert sum(event.facts["units"] for event in loaded) == 63 + 23 + 696 + 10_035 + 3_321


def test_an_office_bears_the_name_its_kind_of_unit_gives_it():
    def office(code, day=TODAY):
        return queries.body(unit(code, day).id, "economy_office", as_of=day).name

    assert office("00070") == "Phòng Kinh tế, Hạ tầng và Đô thị"
    assert office("00376") == "Phòng Kinh tế"


def test_a_commune_that_became_a_ward_got_the_office_of_a_ward():
    loading.load_city("75", at=LOADED_AT)
    long_thanh = unit("26368").id

    assert queries.body(long_thanh, "economy_office", as_of=date(2026, 4, 29)).name == "Phòng Kinh tế"
    assert queries.body(long_thanh, "economy_office", as_of=date(2026, 4, 30)).name == "Phòng Kinh tế, Hạ tầng và Đô thị"
    assert len(queries.bodies_of(long_thanh, as_of=TODAY)) == 6


def test_a_special_zone_has_the_office_of_a_commune_but_phu_quoc_that_of_a_ward():
    loading.load_city("91", at=LOADED_AT)
    zones = {
        row.name: queries.body(row.id, "economy_office", as_of=TODAY).name
        for row in queries.units_under(unit("91").id, as_of=TODAY)
        if row.kind == "dac_khu"
    }

    assert zones["Phú Quốc"] == "Phòng Kinh tế, Hạ tầng và Đô thị"
    assert zones["Thổ Châu"] == "Phòng Kinh tế"


def test_the_city_centre_of_hanoi_has_four_divisions_two_units_and_twelve_branches():
    centre = Body.objects.get(unit_id=unit("01").id, kind="service_centre")

    assert Counter(centre.parts.values_list("kind", flat=True)) == {"division": 4, "public_service_unit": 2, "branch": 12}
    assert all(centre.parts.values_list("is_example", flat=True))


def test_every_commune_of_hanoi_has_six_bodies_and_one_point_run_by_its_own_centre():
    communes = [row.id for row in queries.units_under(unit("01").id, as_of=TODAY)]
    bodies = Counter(Body.objects.filter(unit_id__in=communes).values_list("unit_id", flat=True))
    points = ServicePoint.objects.filter(unit_id__in=communes)

    assert set(bodies.values()) == {6}
    assert points.count() == 126
    for point in points.prefetch_related("managements__managed_by"):
        manager = point.managements.get().managed_by
        assert (manager.unit_id, manager.kind) == (point.unit_id, "service_centre")
    assert not PointDetails.objects.filter(is_example=False).exists()


def test_identifiers_made_up_for_communes_are_stable_and_marked():
    communes = Unit.objects.filter(parent_id=unit("01").id, level="commune", valid_to=None)
    identifiers = dict(communes.values_list("code", "agency_identifier"))

    assert identifiers["00070"] == "H26.107"
    assert len(set(identifiers.values())) == 126
    assert not communes.filter(identifier_is_example=False).exists()
    assert (unit("01").agency_identifier, unit("01").identifier_is_example) == ("H26", False)


def test_the_calendar_has_the_swapped_days_the_library_misses():
    days = {day.date: day for day in CalendarDay.objects.filter(date__in=[date(2026, 1, 2), date(2026, 1, 10)])}
    calendar = queries.working_calendar(unit("01").id, on=TODAY)

    assert (days[date(2026, 1, 2)].effect, days[date(2026, 1, 10)].effect) == ("off", "work")
    assert "12729/VPCP-KGVX" in days[date(2026, 1, 10)].basis
    assert calendar.works(date(2026, 1, 10))
    assert not calendar.works(date(2026, 1, 2))
    assert CalendarDay.objects.count() == 46


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/xa-phuong/?q=phuong+lang+ha+dong+da", 9),
        ("/xa-phuong/00070/", 16),
        ("/xa-phuong/danh-sach/", 9),
    ],
)
def test_a_page_of_the_whole_city_asks_few_questions(client, path, most, django_assert_max_num_queries):
    client.get(path)
    queries.clear_caches()
    with django_assert_max_num_queries(most):
        assert client.get(path).status_code == 200


def test_our_calendar_has_all_days_the_library_knows_and_the_swapped_ones_it_misses():
    found = proposals.proposals_for(2026, today=TODAY)

    assert (found.missing, found.differing) == ((), ())
    assert {row.date for row in found.ours} == {date(2026, 1, 2), date(2026, 1, 10)}

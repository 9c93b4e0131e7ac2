"""Find my unit: every old commune of the country, and the ways people write where they live."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from datetime import date

import pytest

from thongsuot.kernel.errors import BadInput
from thongsuot.units import finding, queries
from thongsuot.units.models import Succession, Unit, UnitName
from thongsuot.units.rules.reading import best_of, readings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]

TODAY, BEFORE, THE_DAY = date(2026, 11, 22), date(2025, 6, 30), date(2025, 7, 1)


def names(candidates):
    return [candidate.unit.full_name for candidate in candidates]


def plain(text):
    return "".join(ch for ch in unicodedata.normalize("NFD", text.lower().replace("đ", "d")) if not unicodedata.combining(ch))


@pytest.fixture(scope="module")
def old_communes(country, django_db_blocker):
    """(id, "Phường Hàng Bạc, Quận Hoàn Kiếm, Thành phố Hà Nội") of all 10,035; and whom each one's people and land went to."""
    with django_db_blocker.unblock():
        called = dict(UnitName.objects.filter(valid_from=date(2025, 1, 1)).values_list("unit_id", "full_name"))
        ended = Unit.objects.filter(level="commune", valid_to=THE_DAY).values_list("id", "parent_id", "parent__parent_id")
        went = defaultdict(set)
        for old, new, extent in Succession.objects.values_list("old_unit_id", "new_unit_id", "extent"):
            went[old].add((new, extent == "land_only"))
        return [(ids[0], ", ".join(called[one] for one in ids)) for ids in ended], went


def answers(text, gazetteer):
    found = best_of(readings(text, gazetteer, day=TODAY))
    return {(heir.unit_id, not heir.took_people) for reading in found for heir in gazetteer.on(reading.place.unit_id, TODAY)}


def test_every_commune_of_before_written_with_marks_gives_exactly_its_successors(old_communes):
    communes, went = old_communes
    gazetteer = finding.gazetteer_now()

    wrong = [text for unit_id, text in communes if answers(text, gazetteer) != went[unit_id]]

    assert len(communes) == 10_035
    assert wrong == []


def test_every_commune_of_before_written_without_marks_gives_its_successors_and_those_of_its_homonyms_only(old_communes):
    communes, went = old_communes
    gazetteer = finding.gazetteer_now()
    alike = defaultdict(set)
    for unit_id, text in communes:
        alike[plain(text)] |= went[unit_id]

    wrong = [text for text, expected in alike.items() if answers(text, gazetteer) != expected]

    assert len(alike) == 10_035 - 22  # Hoàng Phú and Hoằng Phú, Nam Cấn and Nậm Càn, ...
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("12 hang bac, hoan kiem", "Phường Hoàn Kiếm"),
        ("số 12 phố Hàng Bạc, phường Hàng Bạc, quận Hoàn Kiếm, Hà Nội, Việt Nam", "Phường Hoàn Kiếm"),
        ("phường Hoàn Kiếm", "Phường Hoàn Kiếm"),
        ("p.14 q gò vấp", "Phường An Hội Tây"),
        ("P14 Go Vap", "Phường An Hội Tây"),
        ("Phường 14, Quận Gò Vấp, TP.HCM", "Phường An Hội Tây"),
        ("Q. Gò Vấp - P.14 - TPHCM", "Phường An Hội Tây"),
        ("Phường 1, Quận 3", "Phường Bàn Cờ"),
        ("P.01 Q.03", "Phường Bàn Cờ"),
        ("ward 1, district 3, HCMC", "Phường Bàn Cờ"),
        ("TT. Trâu Quỳ", "Xã Gia Lâm"),
        ("thi tran trau quy gia lam", "Xã Gia Lâm"),
        ("xã Tân Lập, Đan Phượng", "Xã Ô Diên"),
        ("Xã Long Thành, Đồng Nai", "Phường Long Thành"),  # the name of 2025, a ward since 2026
        ("thị trấn Long Thành, huyện Long Thành, Đồng Nai", "Phường Long Thành"),
        ("huyện Côn Đảo", "Đặc khu Côn Đảo"),
        ("dao Bach Long Vi, Hai Phong", "Đặc khu Bạch Long Vĩ"),
        ("phường Xuân Hương, Đà Lạt", "Phường Xuân Hương - Đà Lạt"),
        ("Phường 2 Bảo Lộc", "Phường 2 Bảo Lộc"),
        ("Xã Hoà Bình, Thường Tín", "Xã Thường Tín"),  # the tone on the other vowel
        ("ấp Tân Lập, xã Tân Thạnh Đông, huyện Củ Chi", "Xã Phú Hòa Đông"),
        ("Lao Bảo, Hướng Hóa, Quảng Trị", "Xã Lao Bảo"),
        ("X. Ea Hleo, H. Ea H'Leo, Đắk Lắk", "Xã Ea H'Leo"),
    ],
)
def test_an_address_that_leaves_no_choice_is_certain(text, new):
    found = finding.find(text, as_of=TODAY)

    assert (found.certainty, names(found.candidates)) == ("certain", [new])


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("phuong lang ha dong da", {"Phường Láng", "Phường Đống Đa", "Phường Giảng Võ"}),
        ("Láng Hạ", {"Phường Láng", "Phường Đống Đa", "Phường Giảng Võ"}),
        ("P. Đa Kao Q1", {"Phường Sài Gòn", "Phường Tân Định"}),
        ("Dakao, quan 1", {"Phường Sài Gòn", "Phường Tân Định"}),
        ("Da Kao Ward, District 1, Ho Chi Minh City, Vietnam", {"Phường Sài Gòn", "Phường Tân Định"}),
        ("Q. 1", {"Phường Sài Gòn", "Phường Bến Thành", "Phường Tân Định", "Phường Cầu Ông Lãnh"}),
        ("TX Sơn Tây", {"Phường Sơn Tây", "Phường Tùng Thiện", "Xã Đoài Phương", "Xã Hòa Lạc"}),
        ("144 Xuân Thuỷ, Dịch Vọng Hậu, Cầu Giấy, Hà Nội", {"Phường Cầu Giấy", "Phường Nghĩa Đô"}),
    ],
)
def test_a_split_or_a_district_lists_all_it_may_be(text, new):
    found = finding.find(text, as_of=TODAY)

    assert (found.certainty, set(names(found.candidates))) == ("one_of_several", new)


def test_the_likeliest_of_a_split_comes_first_and_is_only_called_so():
    found = finding.find("P. Đa Kao Q1", as_of=TODAY)

    assert [(one.unit.name, one.likeliest, one.extent) for one in found.candidates] == [
        ("Sài Gòn", True, "part"),
        ("Tân Định", False, "part"),
    ]
    assert [one.full for one in found.read_as] == ["Phường Đa Kao, Quận 1, Thành phố Hồ Chí Minh"]
    assert found.read_as[0].ended_on == THE_DAY


def test_land_without_people_is_no_candidate():
    found = finding.find("xã Văn Khê, Mê Linh", as_of=TODAY)

    assert names(found.candidates) == ["Xã Mê Linh", "Xã Tiến Thắng"]
    assert set(names(found.land_only)) == {"Xã Yên Lãng", "Xã Ô Diên"}


def test_thu_duc_city_became_twelve_wards_and_the_answer_asks_for_the_ward():
    found = finding.find("tp thu duc", as_of=TODAY)

    assert (found.certainty, len(found.candidates)) == ("one_of_several", 12)
    assert "Thành phố Thủ Đức" in found.remarks[0]


def test_a_bare_name_of_a_ward_and_a_district_lists_both_with_the_ward_of_today_first():
    found = finding.find("hoan kiem", as_of=TODAY)

    assert found.certainty == "one_of_several"
    assert names(found.candidates)[0] == "Phường Hoàn Kiếm"
    assert {"Phường Cửa Nam", "Phường Hồng Hà"} <= set(names(found.candidates))


def test_homonyms_of_other_provinces_are_set_aside_and_said_so():
    found = finding.find("xã Tân Lập", as_of=TODAY)

    assert names(found.candidates) == ["Xã Ô Diên"]
    assert found.elsewhere
    assert all("Hà Nội" not in one.within for one in found.elsewhere)
    assert "Thành phố Hà Nội" in found.remarks[0]


def test_a_province_that_is_written_wins_over_the_city_of_the_house():
    found = finding.find("xã Tân Lập, Bắc Quang, Hà Giang", as_of=TODAY)

    assert [one.city.name for one in found.candidates] == ["Tuyên Quang"]
    assert not found.elsewhere


def test_the_preferred_city_can_be_another():
    found = finding.find("phường Tân Lập", as_of=TODAY, city_code="19")

    assert {one.city.name for one in found.candidates} == {"Thái Nguyên"}


def test_marks_choose_between_names_that_are_equal_without_them():
    written = finding.find("Xã Văn Lăng, Thái Nguyên", as_of=TODAY)
    bare = finding.find("xa van lang, thai nguyen", as_of=TODAY)

    assert names(written.candidates) == ["Xã Văn Lăng"]
    assert {"Xã Văn Lăng", "Xã Văn Lang"} <= set(names(bare.candidates))
    assert bare.certainty == "one_of_several"


def test_a_ward_in_a_district_it_does_not_lie_in_is_not_guessed():
    found = finding.find("P. Đa Kao, Q3", as_of=TODAY)

    assert (found.certainty, found.candidates) == ("unknown", ())
    assert "Phường Đa Kao, Quận 1, Thành phố Hồ Chí Minh" in found.suggestions


def test_a_street_is_not_taken_for_the_ward_that_bears_its_name():
    street = finding.find("Số 10 phố Quang Trung, Hà Đông", as_of=TODAY)
    number = finding.find("10 Quang Trung, Hà Đông", as_of=TODAY)

    assert len(street.candidates) > 2
    assert "Phường Quang Trung, Quận Hà Đông, Thành phố Hà Nội" in street.suggestions
    assert any("Quang Trung" in remark for remark in number.remarks)


@pytest.mark.parametrize("text", ["qwerty", "hà nội", "12", "đường Lê Lợi", "🙂", "' OR 1=1 --", "<script>alert(1)</script>"])
def test_what_names_no_unit_is_unknown_with_a_word_on_what_to_write(text):
    found = finding.find(text, as_of=TODAY)

    assert (found.certainty, found.candidates) == ("unknown", ())
    assert found.remarks


def test_a_near_miss_is_suggested():
    found = finding.find("phường lág hạ", as_of=TODAY)

    assert found.certainty == "unknown"
    assert "Phường Láng Hạ, Quận Đống Đa, Thành phố Hà Nội" in found.suggestions


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "a" * 301])
def test_nothing_and_too_much_are_refused(text):
    with pytest.raises(BadInput):
        finding.find(text, as_of=TODAY)


def test_before_the_day_an_old_ward_is_itself_and_a_new_one_is_yet_to_come():
    old = finding.find("phường Hàng Bạc, Hoàn Kiếm", as_of=BEFORE)
    new = finding.find("phường Cửa Nam, Hà Nội", as_of=BEFORE)
    to_come = finding.find("xã Ô Diên", as_of=BEFORE)

    assert (old.certainty, names(old.candidates)) == ("certain", ["Phường Hàng Bạc"])
    assert names(new.candidates) == ["Phường Cửa Nam"]  # the old ward of that name
    assert new.candidates[0].unit.valid_to == THE_DAY
    assert to_come.certainty == "unknown"
    assert "01/07/2025" in to_come.remarks[0]


def test_a_changed_name_is_shown_as_of_the_day():
    assert names(finding.find("Long Thành, Đồng Nai", as_of=date(2026, 4, 29)).candidates)[0] == "Xã Long Thành"
    assert names(finding.find("Long Thành, Đồng Nai", as_of=date(2026, 4, 30)).candidates)[0] == "Phường Long Thành"


def test_a_search_costs_few_queries_at_first_and_none_afterwards(django_assert_max_num_queries):
    finding.find("khởi động", as_of=TODAY)
    queries.clear_caches()
    with django_assert_max_num_queries(5):
        finding.find("xã Tân Lập", as_of=TODAY)
    with django_assert_max_num_queries(0):
        finding.find("xã Tân Lập", as_of=TODAY)


def test_names_that_come_later_are_found_without_a_restart():
    assert finding.find("xã Mới Toanh", as_of=TODAY).certainty == "unknown"
    hoan_kiem = queries.unit_by_code("00070", as_of=TODAY)
    UnitName.objects.filter(unit_id=hoan_kiem.id, valid_to=None).update(valid_to=date(2026, 11, 1))
    UnitName.objects.create(
        unit_id=hoan_kiem.id,
        kind="xa",
        name="Mới Toanh",
        full_name="Xã Mới Toanh",
        search_name="",
        sort_name="x",
        valid_from=date(2026, 11, 1),
    )
    queries.clear_caches()

    found = finding.find("xã Mới Toanh", as_of=TODAY)

    assert names(found.candidates) == ["Xã Mới Toanh"]

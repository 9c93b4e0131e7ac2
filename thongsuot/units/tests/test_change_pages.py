"""The citizen's page about what changes: from the unit on an old paper to that of today, and where to go."""

from __future__ import annotations

import logging
import re
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.models import Event
from thongsuot.units import actions, files, loading, queries
from thongsuot.units.facts import (
    CountryFacts,
    FacilityFact,
    NameFact,
    PlanFacts,
    PlannedSuccessionFact,
    PlannedUnitFact,
    SuccessionFact,
    UnitFact,
)
from thongsuot.units.models import PartPlace, Succession
from thongsuot.units.queries import changes as reading
from thongsuot.units.rules.parts import part_named
from thongsuot.units.tests.make import BEFORE, THE_DAY, VIET_NAM, MadeCity

HOUSE = system("cli")
HERE = "/xa-phuong/thay-doi/"
NOVEMBER = datetime(2026, 11, 20, 9, tzinfo=VIET_NAM)
AUGUST = datetime(2026, 8, 3, 9, tzinfo=VIET_NAM)
LATER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOVEMBER)


def page(client: Client, **asked: str) -> str:
    queries.clear_caches()
    response = client.post(HERE, asked)
    assert response.status_code == 200
    return words(response.content.decode())


def words(html: str) -> str:
    """What is read, without the marks of the page."""
    main = html[html.index("<main") : html.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", main)).replace(" .", ".")


def a_place(city: MadeCity, unit: str, name: str, key: str, *, old: str = "98102") -> None:
    part = Succession.objects.get(old_unit__code=old, new_unit__code=unit)
    PartPlace.objects.create(succession=part, name=name, key=key)


def decide(*, number: str, ends: dict[str, list[tuple[str, str]]], begins: dict[str, str], day: date = LATER) -> None:
    """A later decision: {ended code: [(new code, extent)]}, {new code: name}."""
    plan = PlanFacts(
        number=number,
        title="Sắp xếp tiếp",
        signed_on=None,
        effective_on=day,
        province_code="98",
        units=(
            *(PlannedUnitFact(what="ends", code=code, level="commune") for code in ends),
            *(
                PlannedUnitFact(what="begins", code=code, level="commune", parent_code="98", kind="phuong", name=name)
                for code, name in begins.items()
            ),
        ),
        successions=tuple(
            PlannedSuccessionFact(old_code=old, new_code=new, extent=extent) for old, to in ends.items() for new, extent in to
        ),
    )
    decision = actions.draft_decision(plan, actor=HOUSE, at=AUGUST)
    assert actions.check_decision(decision.pk, actor=HOUSE, at=AUGUST) == []
    actions.approve_decision(decision.pk, actor=HOUSE, at=AUGUST)


def rename(code: str, name: str) -> None:
    plan = PlanFacts(
        number="3/NQ-VD",
        title="Đổi tên",
        signed_on=None,
        effective_on=LATER,
        province_code="98",
        units=(PlannedUnitFact(what="changes", code=code, level="commune", kind="phuong", name=name),),
    )
    decision = actions.draft_decision(plan, actor=HOUSE, at=AUGUST)
    assert actions.check_decision(decision.pk, actor=HOUSE, at=AUGUST) == []
    actions.approve_decision(decision.pk, actor=HOUSE, at=AUGUST)


def test_an_old_ward_that_went_whole_leads_to_the_new_one_its_day_its_act_and_where_to_go(client: Client, city):
    fact = FacilityFact(code="T1", kind="health_station", name="Trạm y tế Bến", unit_id=city.river.pk, valid_from=THE_DAY)
    actions.add_facilities([fact], city_id=city.city.pk, actor=HOUSE, at=AUGUST)
    point = queries.points_of([city.river.pk], as_of=NOVEMBER.date())[city.river.pk][0]

    shown = page(client, q="12 phố X, phường Bến, quận Giữa")

    assert "Phường Bến Quận Giữa, Thành phố Ví Dụ" in shown
    assert "Nay thuộc Phường Sông." in shown
    assert "Từ 01/07/2025, theo 1/NQ-VD" in shown
    for told in (point.address, point.opening_hours, point.phone, "Trạm y tế Bến"):
        assert told in shown
    assert "chia cho" not in shown
    html = client.get(HERE, {"q": "phường Bến"}).content.decode()
    assert f'href="{reverse("dossiers:track")}"' in html
    assert "<script>" not in html


def test_of_a_split_ward_each_part_is_told_and_what_to_do_when_in_doubt(client: Client, city):
    a_place(city, "98001", "thôn Thượng", "thon thuong")
    a_place(city, "98002", "thôn Hạ", "thon ha")

    shown = page(client, q="phường Chợ, quận Giữa")

    assert "Phường Chợ đã chia cho 2 nơi. Nhà bạn ở phần nào?" in shown
    assert "Gồm: thôn Thượng" in shown
    assert "Gồm: thôn Hạ" in shown
    assert "Không chắc nhà mình ở phần nào?" in shown
    assert shown.count("nơi có thể nhất của một địa chỉ không ghi đường") == 1
    assert shown.count("Nơi đến") == 2  # both points are shown
    mine = page(client, q="số 5 thôn Hạ, phường Chợ, quận Giữa")
    assert "Theo địa chỉ bạn ghi (“thôn Hạ”), nhà bạn nay thuộc Phường Đồi." in mine
    assert "Gồm: thôn Thượng" in mine  # the other part can still be seen


def test_a_part_without_a_list_says_so(client: Client, city):
    assert page(client, q="phường Chợ").count("Chưa có danh sách đường, thôn, tổ dân phố của phần này.") == 2


def test_who_got_land_alone_is_no_place_to_go(client: Client, city):
    Succession.objects.filter(old_unit__code="98102", new_unit=city.hill).update(extent="land_only")
    Succession.objects.filter(old_unit__code="98102", new_unit=city.river).update(extent="part_land_all_population")

    shown = page(client, q="phường Chợ, quận Giữa")

    assert "Nay thuộc Phường Sông." in shown
    assert "Phường Đồi nhận một phần đất không có dân ở của nơi này, từ 01/07/2025." in shown
    assert "Phường Đồi hiện nay" not in shown
    assert "một phần của" not in shown


def test_a_chain_of_two_decisions_is_told_step_by_step(client: Client, city):
    decide(number="2/NQ-VD", ends={"98001": [("98003", "whole")], "98002": [("98003", "whole")]}, begins={"98003": "Sông Đồi"})

    shown = page(client, q="phường Bến, quận Giữa")

    assert shown.index("Từ 01/07/2025, theo 1/NQ-VD") < shown.index("Từ 01/10/2026, theo 2/NQ-VD")
    assert "Nay thuộc Phường Sông Đồi." in shown
    split = page(client, q="phường Chợ, quận Giữa")
    assert "Nay thuộc Phường Sông Đồi." in split  # both parts are one again


def test_what_is_decided_but_has_not_come_yet_is_told_as_such(client: Client, city):
    day = date(2027, 1, 1)
    decide(number="2/NQ-VD", ends={"98001": [("98003", "whole")]}, begins={"98003": "Mới"}, day=day)

    shown = page(client, q="phường Bến, quận Giữa")

    assert "Nay thuộc Phường Sông." in shown
    assert "Nơi này sẽ thay đổi tiếp từ 01/01/2027." in shown
    assert "Sẽ thay đổi từ 01/01/2027, theo 2/NQ-VD" in shown
    assert "Phường Sông đang hoạt động." in page(client, q="phường Sông")


JANUARY = date(2027, 1, 1)


def split_in_january(city: MadeCity) -> None:
    """Sông will be Mới and, with thôn Hạ, Khác."""
    decide(
        number="2/NQ-VD",
        ends={"98001": [("98003", "part"), ("98004", "part")]},
        begins={"98003": "Mới", "98004": "Khác"},
        day=JANUARY,
    )
    a_place(city, "98004", "thôn Hạ", "thon ha", old="98001")
    a_place(city, "98003", "thôn Cao", "thon cao", old="98001")


def test_a_ward_of_tomorrow_has_no_page_today_neither_by_name_nor_by_code(client: Client, city):
    split_in_january(city)

    assert "Phường Khác bắt đầu hoạt động từ ngày 01/01/2027" in page(client, q="phường Khác")
    assert client.get(HERE, {"ma": "98004", "ngay": "2027-01-01"}).status_code == 404
    assert "Phường Sông đang hoạt động." in page(client, ma="98001", ngay="2026-12-31")  # as its own links ask


@pytest.mark.parametrize(
    ("asked", "today"),
    [
        ("thôn Hạ, phường Sông", "Phường Sông đang hoạt động."),
        ("thôn Hạ, phường Bến, quận Giữa", "Nay thuộc Phường Sông."),
    ],
)
def test_nobody_is_sent_to_a_ward_that_does_not_exist_yet(client: Client, city, asked, today):
    split_in_january(city)

    shown = page(client, q=asked)

    assert today in shown
    assert "nay thuộc Phường Khác" not in shown
    assert "Phường Khác hiện nay" not in shown
    assert "Nơi này sẽ thay đổi tiếp từ 01/01/2027." in shown
    assert "Theo địa chỉ bạn ghi (“thôn Hạ”), từ 01/01/2027 nhà bạn sẽ thuộc Phường Khác." in shown


def test_from_its_day_on_the_named_part_is_told_as_of_today(client: Client, city, monkeypatch):
    split_in_january(city)
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 1, 9, tzinfo=VIET_NAM))

    for asked in ("thôn Hạ, phường Sông", "thôn Hạ, phường Bến, quận Giữa"):
        shown = page(client, q=asked)
        assert "Theo địa chỉ bạn ghi (“thôn Hạ”), nhà bạn nay thuộc Phường Khác." in shown
        assert "sẽ thuộc" not in shown


def test_the_part_of_today_is_told_though_another_split_is_to_come(client: Client, city):
    a_place(city, "98001", "thôn Thượng", "thon thuong")
    a_place(city, "98002", "thôn Hạ", "thon ha")
    split_in_january(city)

    shown = page(client, q="thôn Thượng, phường Chợ, quận Giữa")

    assert "Theo địa chỉ bạn ghi (“thôn Thượng”), nhà bạn nay thuộc Phường Sông." in shown
    assert "sẽ thuộc" not in shown  # of the parts of January this name says nothing
    assert "sẽ thuộc" not in page(client, q="thôn Hạ, phường Chợ, quận Giữa")  # Đồi goes on


def test_a_unit_of_today_that_did_not_change_says_so(client: Client, city):
    shown = page(client, q="phường Đồi")

    assert "Phường Đồi đang hoạt động và không đổi." in shown
    assert "Nếu giấy tờ của bạn ghi tên phường, xã, quận, huyện khác" in shown


def test_a_unit_that_only_got_another_name_is_told_by_both(client: Client, city):
    rename("98002", "Núi")

    shown = page(client, q="phường Đồi")

    assert "Từ 01/10/2026 Phường Đồi gọi là Phường Núi, theo 3/NQ-VD." in shown
    assert "Phường Núi đang hoạt động." in shown
    assert "không đổi." not in shown.split("Giấy tờ và hồ sơ")[0]
    assert "Từ 01/10/2026 Phường Đồi gọi là Phường Núi" in page(client, q="phường Chợ, quận Giữa")


def test_a_district_lists_its_wards_and_their_successors(client: Client, city, django_assert_max_num_queries):
    queries.clear_caches()
    with django_assert_max_num_queries(40):
        shown = words(client.get(HERE, {"q": "Quận Giữa"}).content.decode())

    assert "Quận Giữa không còn từ 01/07/2025" in shown
    assert "Phường Bến Phường Sông 1/NQ-VD" in shown
    assert re.search(r"Phường Chợ Phường (Sông, Phường Đồi|Đồi, Phường Sông) tùy nhà ở phần nào", shown)
    html = client.get(HERE).content.decode()
    link = re.search(r'href="([^"]+)">Quận Giữa</a>', html)
    assert link
    assert "Quận Giữa không còn" in client.get(link[1].replace("&amp;", "&")).content.decode()


def test_unknown_and_ambiguous_names_are_a_question_never_a_guess(client: Client, city):
    twin = "98103"
    facts = CountryFacts(
        source="made up for tests",
        units=(
            UnitFact(
                code="981",
                level="district",
                parent_code="98",
                valid_from=BEFORE,
                valid_to=THE_DAY,
                names=(NameFact(kind="huyen", name="Xa", valid_from=BEFORE, valid_to=THE_DAY),),
            ),
            UnitFact(
                code=twin,
                level="commune",
                parent_code="981",
                valid_from=BEFORE,
                valid_to=THE_DAY,
                names=(NameFact(kind="phuong", name="Bến", valid_from=BEFORE, valid_to=THE_DAY),),
            ),
        ),
        successions=(SuccessionFact(old_code=twin, new_code="98002", on=THE_DAY, extent="whole", decision="1/NQ-VD"),),
    )
    loading.load(facts, actor=HOUSE, at=AUGUST)

    asked = page(client, q="phường Bến")
    assert "Bạn muốn hỏi nơi nào?" in asked
    assert "Phường Bến, Huyện Xa" in asked
    assert "Nay thuộc" not in asked
    html = client.post(HERE, {"q": "số 7, phường Bến"}).content.decode()
    press = re.search(r'name="noi" value="(98103[^"]*)"', html)
    assert press
    assert not re.search(r'(href|action)="[^"]*q=', html), "what was typed stands in no address"
    assert "Nay thuộc Phường Đồi." in page(client, q="số 7, phường Bến", noi=press[1])
    unknown = page(client, q="phường Không Có Thật")
    assert "Chưa biết chắc nơi bạn muốn tìm" in unknown
    assert "Nay cần đến đâu" not in unknown
    for wrong in ("", "x" * 400):
        assert client.post(HERE, {"q": wrong}).status_code == 422
    assert client.get(HERE, {"ma": "00000"}).status_code == 404


def kept_alike(city: MadeCity) -> None:
    """An old Phường Đồi became the Phường Đồi of today, which was made of nothing else."""
    Succession.objects.filter(new_unit=city.hill).delete()  # Chợ went whole to Sông
    old = Succession.objects.get(old_unit__code="98102")
    old.extent = "whole"
    old.save()
    facts = CountryFacts(
        source="made up for tests",
        units=(
            UnitFact(
                code="98104",
                level="commune",
                parent_code="98",
                valid_from=BEFORE,
                valid_to=THE_DAY,
                names=(NameFact(kind="phuong", name="Đồi", valid_from=BEFORE, valid_to=THE_DAY),),
            ),
        ),
        successions=(SuccessionFact(old_code="98104", new_code="98002", on=THE_DAY, extent="whole", decision="1/NQ-VD"),),
    )
    loading.load(facts, actor=HOUSE, at=AUGUST)


ALIKE = "Tên và địa giới của nơi này giữ nguyên."


def test_a_unit_that_kept_name_and_land_is_told_so(client: Client, city):
    kept_alike(city)

    shown = page(client, q="phường Đồi")

    assert ALIKE in shown
    assert "Bạn muốn hỏi" not in shown  # old and new of one name are one story


def test_what_was_kept_alike_and_split_later_is_not_told_as_unchanged(client: Client, city):
    kept_alike(city)
    decide(
        number="2/NQ-VD",
        ends={"98002": [("98003", "part"), ("98004", "part")]},
        begins={"98003": "Mới", "98004": "Khác"},
    )

    shown = page(client, ma="98104", ngay="2025-06-30")

    assert ALIKE not in shown
    assert "Phường Đồi đã chia cho 2 nơi. Nhà bạn ở phần nào?" in shown


def test_what_was_kept_alike_and_is_to_change_later_is_told_as_of_today_and_as_to_come(client: Client, city):
    kept_alike(city)
    decide(number="2/NQ-VD", ends={"98002": [("98003", "whole")]}, begins={"98003": "Mới"}, day=JANUARY)

    shown = page(client, q="phường Đồi")

    assert ALIKE not in shown
    assert "Nay thuộc Phường Đồi." in shown
    assert "Sẽ thay đổi từ 01/01/2027, theo 2/NQ-VD" in shown


def test_what_was_kept_alike_and_renamed_later_is_not_told_as_unchanged(client: Client, city):
    kept_alike(city)
    rename("98002", "Núi")

    shown = page(client, ma="98104", ngay="2025-06-30")

    assert ALIKE not in shown
    assert "Nay thuộc Phường Núi." in shown
    assert "Từ 01/10/2026 Phường Đồi gọi là Phường Núi, theo 3/NQ-VD." in shown


def test_before_its_day_nothing_has_stayed_or_gone(client: Client, city):
    decide(number="2/NQ-VD", ends={"98002": [("98003", "whole")]}, begins={"98003": "Đồi"}, day=JANUARY)

    shown = page(client, q="phường Đồi")

    assert ALIKE not in shown
    assert "không còn quận, huyện" not in shown
    assert "Phường Đồi đang hoạt động." in shown
    assert "Sẽ thay đổi từ 01/01/2027, theo 2/NQ-VD" in shown


def test_papers_stay_valid_with_the_basis_and_that_nobody_checked_it_yet(client: Client, city):
    shown = page(client)

    assert "Giấy tờ đã cấp vẫn có giá trị đến hết thời hạn, không bắt buộc phải đổi." in shown
    assert "Căn cứ: Luật Tổ chức chính quyền địa phương 72/2025/QH15, Điều 54 chờ đối chiếu văn bản" in shown
    assert "Hồ sơ đã nộp ở đơn vị cũ giữ nguyên mã và ngày hẹn trả." in shown
    assert files.assurances(on=date(2025, 6, 30)) == []
    english = client.get(HERE, headers={"accept-language": "en"}).content.decode()
    client.cookies["django_language"] = "en"
    english += client.get(HERE).content.decode()
    assert "Papers already issued stay valid until their term ends" in english


def test_nothing_is_kept_and_nothing_of_it_is_logged(client: Client, city, caplog):
    events = Event.objects.count()
    with caplog.at_level(logging.DEBUG, logger="thongsuot"), caplog.at_level(logging.INFO, logger="django"):
        page(client, q="77 phố Rất Riêng, phường Bến, quận Giữa")

    assert Event.objects.count() == events
    assert "Riêng" not in caplog.text


def test_it_is_found_from_home_the_find_page_tracking_and_an_ended_ward(client: Client, city):
    for address in ("/", "/xa-phuong/", reverse("dossiers:track"), "/xa-phuong/98101/?ngay=2026-01-01"):
        assert 'href="/xa-phuong/thay-doi/' in client.get(address).content.decode(), address


def test_the_longest_name_of_a_part_decides_and_two_of_one_length_do_not():
    parts = {1: ["phố Hạ", "tổ 5"], 2: ["phố Hạ Long", "tổ 15", "thôn Đông"], 3: ["thôn Đông"]}

    assert part_named("số 3 phố Hạ Long", parts) == (2, "phố Hạ Long")
    assert part_named("số 3, pho ha", parts) == (1, "phố Hạ")
    assert part_named("tổ 05 phường Chợ", parts) == (1, "tổ 5")
    assert part_named("thôn Đông", parts) is None
    assert part_named("", parts) is None


def test_a_story_is_read_in_few_queries(city, django_assert_max_num_queries):
    ids = list(Succession.objects.values_list("old_unit_id", flat=True).distinct())
    queries.clear_caches()
    with django_assert_max_num_queries(9):
        told = reading.stories(ids, as_of=NOVEMBER.date())

    assert {len(story.steps) for story in told.values()} == {1, 2}

"""Pages on which the city sets up its agencies and says who is whose partner."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from thongsuot.kernel import clock
from thongsuot.kernel.models import Event
from thongsuot.units import loading, queries
from thongsuot.units.models import Body, Serving, Unit, UnitName
from thongsuot.units.tests.acting import keeper
from thongsuot.units.tests.make import VIET_NAM

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 6, 9, tzinfo=VIET_NAM)
LIST = "/quan-tri/co-quan/"
NEW = {"kind": "tax", "name": "Thuế cơ sở 2", "sign": "t02", "identifier": "H98.91", "day": "06/10/2025"}


@pytest.fixture(autouse=True)
def keeping(city, acting, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: NOW.date())
    acting(keeper(city.city.pk))


@pytest.fixture
def tax(city) -> Unit:
    """The tax office that serves the whole city."""
    loading.load_agencies("98", at=NOW)
    return Serving.objects.get(role="tax").body.unit


def page(answer) -> str:
    return answer.content.decode()


def plan_of(answer) -> dict[str, str]:
    assert answer.status_code == 200, page(answer)
    return {"thay_doi": re.search(r'name="thay_doi" value="([^"]+)"', page(answer))[1]}


def stored() -> tuple[int, ...]:
    return (
        *(model.objects.count() for model in (Event, Unit, UnitName, Body, Serving)),
        Serving.objects.filter(valid_to=None).count(),
    )


def set_up(client, **changes) -> Unit:
    answer = client.post(f"{LIST}lap/", {**NEW, **changes})
    assert answer.status_code == 302, page(answer)
    queries.clear_caches()  # the test's transaction is never committed
    return Unit.objects.get(code="98T02")


def test_without_agencies_the_list_says_what_to_set_up_and_which_roles_nobody_plays(client, city):
    shown = page(client.get(LIST))

    assert "Chưa lập cơ quan nào" in shown
    assert shown.count("Chưa giao cơ quan nào") == 7
    assert f"{LIST}phoi-hop/?vai-tro=police" in shown


def test_an_agency_is_set_up_with_its_place_in_the_tree_and_its_event(client, city):
    centre = city.body(city.city, "service_centre")

    unit = set_up(client, kind="branch", name="Chi nhánh số 2", part_of_id=centre.pk)

    body = Body.objects.get(unit=unit)
    assert (unit.level, unit.code, unit.agency_identifier, body.part_of) == ("agency", "98T02", "H98.91", centre)
    assert Event.objects.filter(name="units.agency_set_up", subject_id=unit.pk).count() == 1
    listed = page(client.get(LIST))
    assert "Chi nhánh số 2" in listed
    assert centre.name in listed
    assert "Đã lập cơ quan nhận hoặc giải quyết hồ sơ" in page(client.get(f"{LIST}{unit.pk}/"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": ""}, "Chưa chọn “Loại cơ quan”"),
        ({"kind": "people_council"}, "Loại cơ quan"),
        ({"sign": "001"}, "Ký hiệu gồm một chữ cái"),
        ({"sign": "T0"}, "3"),
        ({"identifier": "thue"}, "sai dạng"),
        ({"identifier": "H98.104"}, "đã là của một đơn vị khác"),
        ({"day": "31/02/2026"}, "Không có ngày"),
        ({"part_of_id": "999999"}, "Trực thuộc"),
        ({"name": " "}, "Chưa điền “Tên cơ quan”"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_made(client, city, wrong, said):
    before = stored()

    answer = client.post(f"{LIST}lap/", {**NEW, **wrong})

    assert answer.status_code == 422
    assert said in page(answer)
    assert stored() == before


def test_an_agency_set_up_twice_is_told_so(client, city):
    set_up(client)
    before = stored()

    answer = client.post(f"{LIST}lap/", {**NEW, "identifier": "H98.92"})

    assert (answer.status_code, "đã được lập" in page(answer)) == (422, True)
    assert stored() == before


def test_a_new_name_holds_from_its_day_and_the_old_one_stays_with_its_own(client, city, tax):
    old = tax.names.get().full_name
    form = {"name": "Thuế thành phố Ví Dụ", "day": "01/10/2025", "part_of_id": "", "identifier": "H98.7777"}

    answer = client.post(f"{LIST}{tax.pk}/", form)

    assert answer.status_code == 302, page(answer)
    queries.clear_caches()
    assert queries.unit_row(tax.pk, as_of=date(2025, 9, 30)).full_name == old
    assert queries.unit_row(tax.pk, as_of=date(2025, 10, 1)).full_name == "Thuế thành phố Ví Dụ"
    assert queries.serving("tax", unit_id=city.river.pk, on=NOW.date()).body == "Thuế thành phố Ví Dụ"
    tax.refresh_from_db()
    assert (tax.agency_identifier, tax.identifier_is_example) == ("H98.7777", False)
    event = Event.objects.get(name="units.agency_changed")
    assert (event.facts["name_before"], event.facts["valid_from"]) == (old, "2025-10-01")
    again = client.post(f"{LIST}{tax.pk}/", {**form, "identifier": "H98.8888"})
    assert (again.status_code, "không đổi được" in page(again)) == (422, True)
    later = client.post(f"{LIST}{tax.pk}/", {**form, "name": "Tên mai sau", "day": "07/10/2025"})
    assert (later.status_code, "không muộn hơn hôm nay" in page(later)) == (422, True)


def test_no_body_is_part_of_itself(client, city, tax):
    branch = set_up(client, kind="branch", name="Chi nhánh thuế", part_of_id=Body.objects.get(unit=tax).pk)
    form = {"name": tax.names.get().full_name, "day": "06/10/2025", "identifier": tax.agency_identifier}

    answer = client.post(f"{LIST}{tax.pk}/", {**form, "part_of_id": Body.objects.get(unit=branch).pk})

    assert (answer.status_code, "trực thuộc chính nó" in page(answer)) == (422, True)


def test_a_partner_is_put_after_its_effects_were_seen_and_once(client, city, tax):
    other = set_up(client)
    form = {"role": "tax", "unit_id": city.river.pk, "body_id": Body.objects.get(unit=other).pk, "day": "01/11/2025"}
    before = stored()

    seen = client.post(f"{LIST}phoi-hop/", form)
    assert stored() == before
    made = client.post(f"{LIST}phoi-hop/", plan_of(seen))
    twice = client.post(f"{LIST}phoi-hop/", plan_of(seen))

    assert "Phường Sông" in page(seen)
    assert made.status_code == 302
    assert (twice.status_code, "Hãy chọn ngày khác" in page(twice)) == (422, True)
    queries.clear_caches()
    assert queries.serving("tax", unit_id=city.river.pk, on=date(2025, 11, 1)).unit_id == other.pk
    assert queries.serving("tax", unit_id=city.hill.pk, on=date(2025, 11, 1)).unit_id == tax.pk
    assert "Cơ quan thuế: " in page(client.get(LIST)).split("Đã giao cơ quan phối hợp cho đơn vị")[1]


def test_a_serving_ends_with_its_day_and_the_role_is_nobodys_then(client, city, tax):
    serving = Serving.objects.get(role="tax")

    seen = client.post(f"{LIST}phoi-hop/{serving.pk}/ket-thuc/", {"day": "01/12/2025"})
    made = client.post(f"{LIST}phoi-hop/{serving.pk}/ket-thuc/", plan_of(seen))

    assert "Không cơ quan nào" in page(seen)
    assert made.status_code == 302
    queries.clear_caches()
    assert queries.serving("tax", unit_id=city.river.pk, on=date(2025, 11, 30)).unit_id == tax.pk
    with pytest.raises(queries.NobodyServes):
        queries.serving("tax", unit_id=city.river.pk, on=date(2025, 12, 1))
    assert Event.objects.get(name="units.serving_ended").facts["valid_to"] == "2025-12-01"
    again = client.post(f"{LIST}phoi-hop/{serving.pk}/ket-thuc/", {"day": "02/12/2025"})
    assert (again.status_code, "không có cơ quan nào được giao" in page(again)) == (422, True)


def test_an_agency_ends_when_nobody_counts_on_it_any_more(client, city, tax):
    address = f"{LIST}{tax.pk}/ket-thuc/"
    before = stored()
    refused = client.post(address, {"day": "01/12/2025"})
    early = client.post(address, {"day": "01/07/2025"})
    assert (refused.status_code, "vẫn được giao phối hợp: Cơ quan thuế" in page(refused)) == (422, True)
    assert (early.status_code, "phải sau ngày bắt đầu" in page(early)) == (422, True)
    assert stored() == before
    serving = Serving.objects.get(role="tax")
    end = f"{LIST}phoi-hop/{serving.pk}/ket-thuc/"
    client.post(end, plan_of(client.post(end, {"day": "01/12/2025"})))

    made = client.post(address, plan_of(client.post(address, {"day": "01/12/2025"})))

    assert made.status_code == 302
    queries.clear_caches()
    assert tax.pk in {row.id for row in queries.agencies_of(city.city.pk, on=date(2025, 11, 30))}
    assert tax.pk not in {row.id for row in queries.agencies_of(city.city.pk, on=date(2025, 12, 1))}
    assert "Kết thúc từ 01/12/2025" in page(client.get(LIST))
    assert "kết thúc từ ngày 01/12/2025" in page(client.post(address, {"day": "02/12/2025"}))
    late = {"role": "tax", "body_id": Body.objects.get(unit=tax).pk, "day": "02/12/2025"}
    assert client.post(f"{LIST}phoi-hop/", late).status_code == 422


@pytest.mark.parametrize("path", ["", "lap/", "{id}/", "{id}/ket-thuc/", "phoi-hop/", "phoi-hop/{serving}/ket-thuc/"])
def test_who_manages_one_ward_alone_may_not_set_up_agencies(client, city, tax, acting, path):
    address = LIST + path.format(id=tax.pk, serving=Serving.objects.get(role="tax").pk)
    before = stored()
    acting(keeper(city.river.pk))

    assert client.get(address).status_code in {302, 403}
    assert client.post(address, NEW).status_code in {302, 403, 405}
    assert stored() == before


def test_a_preview_of_something_else_or_of_before_is_refused(client, city, tax):
    assert client.post(f"{LIST}phoi-hop/", {"thay_doi": "x"}).status_code == 422
    assert client.post(f"{LIST}{tax.pk}/ket-thuc/", {"thay_doi": "x"}).status_code == 422
    assert client.get(f"{LIST}{city.river.pk}/").status_code == 404
    assert client.get(f"{LIST}phoi-hop/999999/ket-thuc/").status_code == 404

"""The pages: the whole way of a placement and of a leave case by their buttons, who sees what, and what an empty page says."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from thongsuot.kernel import clock
from thongsuot.people.models import LookUp, Person
from thongsuot.people.tests.make import MONDAY, logged_in
from thongsuot.staffing import sheets
from thongsuot.staffing.models import Distribution, LeaveCase, Placement, StaffingPlan, StaffMember
from thongsuot.staffing.tests.make import (
    CHAIR,
    JUSTICE,
    LATER,
    Office,
    csv_of,
    decided,
    make_leave,
    make_member,
    make_plan,
    position,
    propose,
)
from thongsuot.staffing.tests.test_plans import row

RIVER, HILL = "98001", "98002"


@pytest.fixture(autouse=True)
def monday(monkeypatch) -> None:
    at(monkeypatch, MONDAY)


def at(monkeypatch, instant) -> None:
    monkeypatch.setattr(clock, "now", lambda: instant)


@pytest.fixture
def doors(office) -> dict[str, Client]:
    Person.objects.filter(pk__in=[person.pk for person in office.people.values()]).update(is_demo=True)  # no second factor
    return {who: logged_in(Person.objects.get(pk=person.pk)) for who, person in office.people.items()}


def page(client: Client, name: str, *args: int, status: int = 200, **query: object) -> str:
    response = client.get(reverse(f"staffing:{name}", args=args), query)
    assert response.status_code == status
    return response.content.decode()


def send(client: Client, page_name: str, /, *args: int, status: int = 302, **said: object):
    response = client.post(reverse(f"staffing:{page_name}", args=args), said)
    assert response.status_code == status, re.findall(r'class="errors".*?</div>', response.content.decode(), re.S)
    return response


def text(response) -> str:
    return response.content.decode()


# -- placements --------------------------------------------------------------------------------------------------------


def test_a_placement_by_its_buttons_from_the_empty_place_to_the_account(office: Office, doors, monkeypatch):
    make_plan(office, [row(RIVER, JUSTICE, 2)], persons=2, units=1)
    member = make_member(office, full_name="Hoàng Thị Mai", email="mai@vidu.vn", wish=RIVER)
    assert "Thiếu 2 người ở 1 vị trí" in page(doors["hanh"], "unit", office.river.pk)
    found = page(doors["hanh"], "candidates", office.river.pk, position(JUSTICE).pk)
    assert "Có nguyện vọng về đây" in found
    asked = {"don_vi": office.river.pk, "vi_tri": position(JUSTICE).pk}
    shown = page(doors["hanh"], "propose", member.pk, **asked)
    place = f"{office.body(office.river).pk}:{position(JUSTICE).pk}"
    assert f'value="{place}" selected' in shown
    assert "Tư pháp, hộ tịch (thiếu 2)" in shown

    send(doors["hanh"], "propose", member.pk, becomes="assigned", place=place, effective_on="24/11/2025")
    placement = Placement.objects.get()
    assert "Hoàng Thị Mai" in page(doors["nga"], "placements")
    assert "Duyệt: Chính quyền" in page(doors["nga"], "placement", placement.pk)
    assert "Duyệt: Chính quyền" not in page(doors["hanh"], "placement", placement.pk)
    send(doors["nga"], "placement", placement.pk, viec="duyet", ben="government", note="Đồng ý")
    send(
        doors["tam"],
        "placement",
        placement.pk,
        viec="quyet_dinh",
        decision_number="12/QĐ",
        decided_by="UBND",
        decided_on="17/11/2025",
    )
    waits = page(doors["nga"], "placement", placement.pk)
    assert "Có hiệu lực từ 0 giờ ngày 24/11/2025" in waits
    assert "Cho có hiệu lực" not in waits

    at(monkeypatch, LATER)
    send(doors["tam"], "placement", placement.pk, viec="hieu_luc")
    assert Person.objects.get(email="mai@vidu.vn").appointments.get().valid_from == LATER.date()
    assert "Đã có hiệu lực" in page(doors["nga"], "placement", placement.pk)
    assert "Thiếu 1 người ở 1 vị trí" in page(doors["hanh"], "unit", office.river.pk)


def test_the_page_of_a_party_post_shows_each_side_its_own_button(office, doors):
    placement = propose(office, make_member(office), code=CHAIR)
    government, party = (page(doors[who], "placement", placement.pk) for who in ("nga", "dung"))
    assert ("Duyệt: Chính quyền" in government, "Duyệt: Đảng" in government) == (True, False)
    assert ("Duyệt: Chính quyền" in party, "Duyệt: Đảng" in party) == (False, True)
    assert "cần cả hai bên" in party
    send(doors["dung"], "placement", placement.pk, viec="duyet", ben="party")

    refused = send(doors["nga"], "placement", placement.pk, viec="khong", ben="government", reason="", status=422)
    assert 'href="#khong_government_reason"' in text(refused)
    send(doors["nga"], "placement", placement.pk, viec="khong", ben="government", reason="Chưa đủ điều kiện")
    placement.refresh_from_db()
    assert (placement.status, placement.closed_reason) == ("refused", "Chưa đủ điều kiện")
    assert "Không duyệt" in page(doors["hanh"], "placement", placement.pk)


def test_a_proposal_that_does_not_fit_is_shown_beside_its_field(office, doors):
    member = make_member(office)
    place = f"{office.body(office.river).pk}:{position(JUSTICE).pk}"
    said = {"becomes": "seconded", "place": place, "effective_on": "24/11/2025"}
    assert "Biệt phái có thời hạn" in text(send(doors["hanh"], "propose", member.pk, status=422, **said))
    said = {"becomes": "assigned", "place": "", "effective_on": "24/11/2025"}
    assert "Hãy chọn cơ quan nhận" in text(send(doors["hanh"], "propose", member.pk, status=422, **said))
    assert not Placement.objects.exists()


def test_what_could_not_take_effect_says_why(office, doors, monkeypatch):
    placement = decided(office, propose(office, make_member(office)))
    Placement.objects.filter(pk=placement.pk).update(trouble="Tài khoản này đang khóa.")
    at(monkeypatch, LATER)

    assert "Chưa có hiệu lực được" in page(doors["nga"], "placements")
    shown = page(doors["nga"], "placement", placement.pk)
    assert "Tài khoản này đang khóa." in shown
    assert "Cho có hiệu lực" in shown


def test_a_withdrawn_placement(office, doors):
    placement = propose(office, make_member(office))
    send(doors["hanh"], "placement", placement.pk, viec="rut", reason="Đề xuất nhầm")

    assert "Đề xuất nhầm" in page(doors["nga"], "placement", placement.pk)
    assert "Không có phương án nào ở đây" in page(doors["nga"], "placements")
    assert "Đã rút" in page(doors["nga"], "placements", loc="")


# -- leave cases -------------------------------------------------------------------------------------------------------


def test_a_leave_case_by_its_buttons(office, doors):
    lan = office.people["lan"]
    own = {"state": "Bố trí ở đơn vị mới", "position": JUSTICE}
    member = make_member(office, full_name="Nguyễn Thị Lan", email=lan.email, **own)
    assert "Nộp đơn xin nghỉ" in page(doors["lan"], "mine")
    days = {"applied_on": "17/11/2025", "leaves_on": "01/12/2025", "reorganised_on": "01/07/2025"}
    send(doors["lan"], "mine", kind="early_retirement", reason="Sức khỏe", **days)
    case = LeaveCase.objects.get()
    assert "Chưa đủ số liệu để tính" in page(doors["lan"], "leave", case.pk)
    assert "Nộp đơn xin nghỉ" not in page(doors["lan"], "mine")

    send(
        doors["hanh"],
        "leave",
        case.pk,
        viec="so_lieu",
        leaves_on="01/12/2025",
        reorganised_on="01/07/2025",
        pay_dong="15.000.000",
        months_insured="240",
        retires_on="01/12/2028",
    )
    shown = page(doors["lan"], "leave", case.pk)
    # 36 x 15 + 15 x 15 (3 years x 5) + 75 + 37,5 millions.
    assert "877.500.000 đồng" in shown
    assert "178/2024" in shown
    assert "cần đối chiếu" in shown
    assert "để tham khảo" in shown
    for who, stage in (("hanh", "unit_head"), ("nga", "council"), ("nga", "home_affairs")):
        send(doors[who], "leave", case.pk, viec="chuyen", buoc=stage, note="")
    assert 'value="877500000"' in page(doors["tam"], "leave", case.pk)
    send(
        doors["tam"],
        "leave",
        case.pk,
        viec="quyet_dinh",
        decision_number="34/QĐ",
        decided_by="UBND",
        decided_on="17/11/2025",
        decided_dong="877.500.000",
    )
    send(doors["nga"], "leave", case.pk, viec="chuyen", buoc="payment")
    send(doors["nga"], "leave", case.pk, viec="chuyen", buoc="insurance")

    case.refresh_from_db()
    assert (case.stage, case.decided_dong) == ("settled", 877_500_000)
    assert member.placements.get().status == "decided"
    assert "Đã giải quyết xong" in page(doors["lan"], "leave", case.pk)


def test_pay_is_not_shown_to_others_and_who_looks_is_noted(office, doors):
    member = make_member(
        office, full_name="Nguyễn Thị Lan", email=office.people["lan"].email, state="Hợp đồng", position="VT20"
    )
    case = make_leave(office, member)
    for who in ("doan", "dung"):
        page(doors[who], "leave", case.pk, status=404)
        send(doors[who], "leave", case.pk, viec="chuyen", buoc="unit_head", status=404)
    assert "Nguyễn Thị Lan" not in page(doors["doan"], "leaves", buoc="")
    assert "15.000.000" not in page(doors["nga"], "leaves", buoc="")
    assert not LookUp.objects.exists()

    assert "15.000.000 đồng" in page(doors["nga"], "leave", case.pk)
    page(doors["nga"], "leave", case.pk)
    page(doors["lan"], "leave", case.pk)
    assert [look.by_name for look in LookUp.objects.filter(about=office.people["lan"])] == ["Dương Thúy Nga"]


def test_an_officer_writes_the_paper_down_sends_back_and_withdraws(office, doors):
    member = make_member(office)
    days = {"applied_on": "10/11/2025", "leaves_on": "01/12/2025", "reorganised_on": "01/07/2025"}
    send(doors["hanh"], "apply", member.pk, kind="leaving", **days)
    case = LeaveCase.objects.get()
    again = send(doors["hanh"], "apply", member.pk, kind="leaving", status=422, **days)
    assert "đang có đơn xin nghỉ" in text(again)
    send(doors["hanh"], "leave", case.pk, viec="tra", buoc="unit_head", reason="", status=422)
    send(doors["hanh"], "leave", case.pk, viec="tra", buoc="unit_head", reason="Đơn chưa ký")
    assert "Đơn chưa ký" in page(doors["hanh"], "leave", case.pk)
    send(doors["hanh"], "leave", case.pk, viec="rut", reason="Ở lại")

    assert "Không có đơn nào ở đây" in page(doors["hanh"], "leaves")
    assert "Đã rút đơn" in page(doors["hanh"], "leaves", buoc="")


# -- plans, persons, distributions -------------------------------------------------------------------------------------


def upload(columns, rows, name: str = "tep.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, csv_of(columns, rows), content_type="text/csv")


def test_a_plan_by_its_pages(office, doors):
    nga = doors["nga"]
    assert "Chưa có phương án nào" in page(nga, "plans")
    send(
        nga,
        "plans",
        title="Phương án",
        decision_number="1/QĐ",
        total_persons="4",
        total_units="2",
        effective_on="01/07/2025",
    )
    plan = StaffingPlan.objects.get()
    wrong = send(
        nga, "plan", plan.pk, viec="tep", file=upload(sheets.PLAN, [row("1", JUSTICE, 1), row(RIVER, "X", 1)]), status=422
    )
    assert "Các dòng chưa dùng được" in text(wrong)
    assert "“X”" in text(wrong)
    assert "Phương án chưa có dòng nào" in page(nga, "plan", plan.pk)

    send(nga, "plan", plan.pk, viec="tep", file=upload(sheets.PLAN, [row(RIVER, JUSTICE, 2), row(HILL, JUSTICE, 1)]))
    assert "Chưa khớp với quyết định" in page(nga, "plan", plan.pk)
    send(nga, "plan", plan.pk, viec="chot", status=409)
    send(nga, "plan", plan.pk, viec="tong", decision_number="1/QĐ", total_persons="3", total_units="2")
    send(nga, "plan", plan.pk, viec="chot")
    board = page(nga, "board")
    assert "Theo phương án Phương án, quyết định 1/QĐ" in board
    assert board.index("Phường Đồi") < board.index("Phường Sông")
    by_need = page(nga, "board", xep="thieu")
    assert by_need.index("Phường Sông") < by_need.index("Phường Đồi")
    assert "Không có đơn vị nào như vậy" in page(nga, "board", loc="thua")


def test_templates_are_workbooks(office, doors):
    for kind in ("phuong-an", "can-bo"):
        response = doors["hanh"].get(reverse("staffing:template", args=[kind]))
        assert f"mau-{kind}.xlsx" in response.headers["Content-Disposition"]
        assert openpyxl.load_workbook(io.BytesIO(response.content)).active is not None
    assert doors["hanh"].get(reverse("staffing:template", args=["khac"])).status_code == 404


def test_persons_come_from_a_file_and_one_by_one(office, doors):
    rows = [{"full_name": "Người Một", "unit": "98101"}, {"full_name": "Người Hai", "unit": "98102"}]
    bad = send(doors["nga"], "import_members", counted="17/11/2025", file=upload(sheets.MEMBERS, rows), status=422)
    assert "Các dòng chưa dùng được" in text(bad)
    send(doors["nga"], "import_members", counted="30/06/2025", file=upload(sheets.MEMBERS, rows))
    pool = page(doors["nga"], "pool")
    assert "Dôi dư, chưa bố trí: 2 người" in pool
    assert "Phường Bến" in pool
    one = StaffMember.objects.get(full_name="Người Một")
    assert "Người Hai" not in page(doors["nga"], "pool", don_vi=one.old_unit_id)

    said = {"unit": RIVER, "counted": "17/11/2025", "state": "Dôi dư, chưa bố trí", "qualification": "đại học"}
    send(doors["nga"], "add_member", full_name="Người Ba", email="ba@vidu.vn", **said)
    twice = send(doors["nga"], "add_member", full_name="Người Ba", email="ba@vidu.vn", status=422, **said)
    assert "đã có trong danh sách" in text(twice)
    three = StaffMember.objects.get(full_name="Người Ba")
    send(
        doors["nga"],
        "edit_member",
        three.pk,
        full_name="Người Ba",
        unit=RIVER,
        counted="17/11/2025",
        state="waiting",
        email="ba@vidu.vn",
        qualification="4",
        fields_text="luật; đất đai",
        years_in_field="9",
        wish_unit=office.hill.pk,
    )
    shown = page(doors["hanh"], "member", three.pk)
    assert "luật, đất đai, 9 năm" in shown
    assert "Phường Đồi" in shown
    assert "Người Ba" in page(doors["nga"], "members", q="nguoi ba")
    assert "Không có ai khớp" in page(doors["nga"], "members", q="không ai tên thế")


def test_a_distribution_keeps_what_was_typed_and_says_the_difference(office, doors):
    said: dict[str, object] = {
        "title": "Không chuyên trách",
        "group": "both",
        "effective_on": "17/11/2025",
        "total": "217",
        "unit_0": office.river.pk,
        "persons_0": "109",
        "unit_1": office.hill.pk,
        "persons_1": "107",
        "so_dong": "6",
    }
    more = send(doors["nga"], "new_distribution", status=200, **said, them="1")
    assert 'name="unit_9"' in text(more)
    assert 'value="109"' in text(more)
    short = send(doors["nga"], "new_distribution", status=422, **said)
    assert "216 người, thiếu 1 so với tổng 217" in text(short)
    assert not Distribution.objects.exists()
    send(doors["nga"], "new_distribution", **{**said, "persons_1": "108"})

    kept = Distribution.objects.get()
    assert 'value="108"' in page(doors["nga"], "distribution", kept.pk)
    send(doors["nga"], "distribution", kept.pk, **{**said, "persons_1": "109"}, status=422)
    assert kept.shares.get(unit=office.hill).persons == 108
    twice = send(doors["nga"], "new_distribution", status=422, **{**said, "unit_1": office.river.pk})
    assert "đã có ở dòng trên" in text(twice)


def test_a_position_is_compared_and_ticked(office, doors):
    assert "57 vị trí cần đối chiếu" in page(doors["hanh"], "positions")
    justice = position(JUSTICE)
    assert "Vị trí VT17" in page(doors["nga"], "position", justice.pk)
    said = {
        "name": justice.name,
        "group": justice.group,
        "body_kind": justice.body_kind,
        "title": justice.title,
        "applies_to": ["xa", "phuong"],
        "headcount": "3",
        "qualification": "3",
        "fields_text": "luật",
        "in_use": "on",
        "checked": "on",
    }
    send(doors["nga"], "position", justice.pk, **said)
    assert "56 vị trí cần đối chiếu" in page(doors["hanh"], "positions")
    none = send(doors["nga"], "position", justice.pk, status=422, **{**said, "applies_to": []})
    assert "xã, phường hay đặc khu" in text(none)
    assert "Mã này đã có" in text(send(doors["nga"], "new_position", status=422, **said, code="vt17"))
    send(doors["nga"], "new_position", **said, code="vt58")
    assert position("VT58").headcount == 3


# -- who comes in ------------------------------------------------------------------------------------------------------


def test_heads_see_their_unit_and_home_affairs_the_city(office, doors):
    member = make_member(office, full_name="Hoàng Thị Mai")
    placement = propose(office, member)
    for name, args in (("unit", (office.river.pk,)), ("member", (member.pk,)), ("placement", (placement.pk,))):
        page(doors["hanh"], name, *args)
        page(doors["nga"], name, *args)
        assert doors["doan"].get(reverse(f"staffing:{name}", args=args)).status_code in {403, 404}
        assert doors["lan"].get(reverse(f"staffing:{name}", args=args)).status_code in {403, 404}
    assert "Hoàng Thị Mai" not in page(doors["doan"], "members")
    assert "Phường Sông" not in page(doors["doan"], "board")


def test_the_board_of_the_party_leads_to_what_it_has_to_approve(office, doors):
    assert "Việc cần bạn duyệt nằm ở Duyệt bố trí" in page(doors["dung"], "board")
    placement = propose(office, make_member(office), code=CHAIR)
    other = propose(office, make_member(office))
    page(doors["dung"], "placement", placement.pk)
    page(doors["dung"], "placement", other.pk, status=404)


def test_one_sees_oneself_and_who_is_not_listed_is_told(office, doors):
    assert "chưa có trong danh sách sắp xếp" in page(doors["lan"], "mine")
    make_member(office, full_name="Nguyễn Thị Lan", email=office.people["lan"].email, state="Hợp đồng", position="VT20")
    shown = page(doors["lan"], "mine")
    assert "Hợp đồng" in shown
    assert "Hành chính tổng hợp" in shown


def test_lists_cost_few_queries(office, doors, django_assert_max_num_queries):
    for _number in range(5):
        propose(office, make_member(office))
    for name in ("members", "placements", "pool", "board"):
        page(doors["nga"], name)
        with django_assert_max_num_queries(28):
            page(doors["nga"], name)


def test_the_ages_of_applications_are_shown(office, doors):
    make_leave(office, make_member(office), applied_on=MONDAY.date() - timedelta(days=40))

    shown = page(doors["nga"], "leaves")
    assert "31 đến 60 ngày" in shown
    assert "từ 61 ngày" in shown
    assert date(2025, 12, 1).strftime("%d/%m/%Y") in shown

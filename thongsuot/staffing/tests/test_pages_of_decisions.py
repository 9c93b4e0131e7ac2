"""Pages of what is decided, taken back, refused and released: who finds which button, what the Party's side does not see."""

from __future__ import annotations

import re
from datetime import date

import pytest

from thongsuot.people.models import LookUp
from thongsuot.staffing import sheets
from thongsuot.staffing.models import Placement, StaffImport, StaffMember
from thongsuot.staffing.tests.make import (
    CHAIR,
    JUSTICE,
    LATER,
    RECEPTION,
    approved,
    at_decision,
    decide_leave,
    decided,
    in_effect,
    make_leave,
    make_member,
    make_plan,
    position,
    propose,
)
from thongsuot.staffing.tests.test_pages import HILL, RIVER, at, doors, monday, page, send, text, upload
from thongsuot.staffing.tests.test_plans import row

__all__ = ["doors", "monday"]  # fixtures

DOCUMENT = {"decision_number": "56/QĐ", "decided_by": "UBND", "decided_on": "17/11/2025"}


def test_a_decision_on_leaving_is_taken_back_by_its_button(office, doors):
    case = decide_leave(office, at_decision(office, make_leave(office, make_member(office))), dong=1_234_567)
    assert "Hủy quyết định đã ghi" not in page(doors["hanh"], "leave", case.pk)
    shown = page(doors["nga"], "leave", case.pk)
    assert "1.234.567 đồng" in shown
    assert "Số tiền hệ thống tính khi quyết định" in shown
    assert "Cách tính khi quyết định" in shown
    empty = send(doors["nga"], "leave", case.pk, viec="huy", status=422)
    assert 'href="#huy_decision_number"' in text(empty)
    send(doors["nga"], "leave", case.pk, viec="huy", **DOCUMENT)

    shown = page(doors["tam"], "leave", case.pk)
    assert "Hủy hoặc sửa quyết định" in shown
    assert "56/QĐ" in shown
    assert "Ghi quyết định đã ký" in shown
    assert Placement.objects.get().status == "withdrawn"


def test_the_council_refuses_by_its_button(office, doors):
    case = make_leave(office, make_member(office))
    assert "Không thống nhất cho nghỉ" not in page(doors["hanh"], "leave", case.pk)
    send(doors["hanh"], "leave", case.pk, viec="chuyen", buoc="unit_head")
    assert "Không thống nhất cho nghỉ" in page(doors["nga"], "leave", case.pk)
    send(doors["nga"], "leave", case.pk, viec="khong", buoc="council", reason="Đang thiếu người")

    shown = page(doors["hanh"], "leave", case.pk)
    assert "Không được giải quyết" in shown
    assert "Đang thiếu người" in shown
    assert "Rút đơn</button>" not in shown
    assert "Không được giải quyết" in page(doors["nga"], "leaves", buoc="refused")


def test_facts_are_closed_where_it_is_decided(office, doors):
    case = at_decision(office, make_leave(office, make_member(office)))
    assert "Ghi số liệu" not in page(doors["tam"], "leave", case.pk)
    said = {"leaves_on": "01/12/2025", "reorganised_on": "01/07/2025", "pay_dong": "99.000.000", "months_insured": "240"}
    refused = send(doors["tam"], "leave", case.pk, viec="so_lieu", status=422, **said, retires_on="01/12/2028")

    assert "trả lại bước thẩm định" in text(refused)


def test_a_decision_that_counts_back_is_ticked(office, doors):
    placement = approved(office, propose(office, make_member(office), effective_on=date(2025, 10, 1)))
    wrong = send(doors["tam"], "placement", placement.pk, viec="quyet_dinh", status=422, **DOCUMENT)
    assert 'href="#id_backdated"' in text(wrong)
    send(doors["tam"], "placement", placement.pk, viec="quyet_dinh", **DOCUMENT, backdated="on")

    placement.refresh_from_db()
    assert placement.status == "decided"


def test_the_party_agrees_to_the_leave_of_a_chair_and_sees_no_pay(office, doors):
    member = make_member(office, full_name="Trần Chủ Tịch", state="Bố trí ở đơn vị mới", position=CHAIR)
    case = at_decision(office, make_leave(office, member, reason="Bệnh tim"))
    other = make_leave(office, make_member(office, full_name="Người Thường"))
    page(doors["dung"], "leave", other.pk, status=404)
    listed = page(doors["dung"], "leaves")
    assert ("Trần Chủ Tịch" in listed, "Người Thường" in listed) == (True, False)
    shown = page(doors["dung"], "leave", case.pk)
    assert not [words for words in ("15.000.000", "Bệnh tim", "240 tháng", "Cách tính") if words in shown]
    assert not LookUp.objects.exists()
    assert "Bên Đảng thống nhất</" in shown.replace("</span>", "")
    assert "Bên Đảng thống nhất</" not in page(doors["tam"], "leave", case.pk).replace("</span>", "")
    decision = {"decision_number": "34", "decided_by": "UBND", "decided_on": "17/11/2025", "decided_dong": "1"}
    held = send(doors["tam"], "leave", case.pk, viec="quyet_dinh", status=422, **decision)
    assert "cần bên Đảng thống nhất" in text(held)

    send(doors["dung"], "leave", case.pk, viec="dang", note="Đồng ý")
    assert "Đã thống nhất" in page(doors["tam"], "leave", case.pk)
    send(doors["tam"], "leave", case.pk, viec="quyet_dinh", **decision)


def test_the_party_releases_a_position_and_home_affairs_cannot(office, doors):
    chair = position(CHAIR)
    assert f"/vi-tri/{chair.pk}/" in page(doors["dung"], "positions")
    assert "Không còn thuộc diện cấp ủy quản lý" in page(doors["dung"], "position", chair.pk)
    assert "Không còn thuộc diện cấp ủy quản lý" not in page(doors["nga"], "position", chair.pk)
    send(doors["nga"], "position", chair.pk, viec="bo_dien", status=422)
    send(doors["dung"], "position", chair.pk, status=403, name="x")
    assert position(CHAIR).party_managed
    send(doors["dung"], "position", chair.pk, viec="bo_dien")

    assert not position(CHAIR).party_managed
    page(doors["hanh"], "position", chair.pk, status=403)


def test_moving_a_chair_shows_both_sides(office, doors):
    member = make_member(office, full_name="Trần Chủ Tịch", state="Bố trí ở đơn vị mới", position=CHAIR)
    placement = propose(office, member)

    assert "Chức vụ đang giữ thuộc diện này" in page(doors["dung"], "placement", placement.pk)
    assert "Duyệt: Đảng" in page(doors["dung"], "placement", placement.pk)


def test_a_free_title_is_ticked_as_the_partys(office, doors):
    city = office.body(office.city.city, "people_committee")
    said = {"becomes": "assigned", "place": f"{city.pk}:", "title": "Phó Giám đốc Sở", "effective_on": "24/11/2025"}
    assert "Chức danh thuộc diện cấp ủy quản lý" in page(doors["nga"], "propose", make_member(office).pk)
    send(doors["nga"], "propose", make_member(office).pk, **said, party_managed="on")

    assert Placement.objects.get().party_managed


def test_a_list_that_came_by_mistake_goes_by_its_button(office, doors):
    rows = [{"full_name": "Người Một", "unit": "98101"}]
    send(doors["nga"], "import_members", counted="30/06/2025", file=upload(sheets.MEMBERS, rows))
    came = StaffImport.objects.get()
    assert "Rút lần nhập này" in page(doors["nga"], "import_members")
    send(doors["nga"], "import_members", viec="rut", lan=came.pk)
    assert not StaffMember.objects.exists()
    assert "Đã rút" in page(doors["nga"], "import_members")
    send(doors["nga"], "import_members", viec="rut", lan=came.pk, status=404)
    send(doors["nga"], "import_members", viec="rut", lan="x", status=404)

    send(doors["nga"], "import_members", counted="30/06/2025", file=upload(sheets.MEMBERS, rows))
    propose(office, StaffMember.objects.get())
    assert "Rút lần nhập này" not in page(doors["nga"], "import_members")
    send(doors["nga"], "import_members", viec="rut", lan=StaffImport.objects.latest("pk").pk, status=409)


def test_a_row_of_the_list_is_put_right_on_its_page(office, doors):
    member = make_member(office, full_name="Hoàng Thị Mai")
    shown = page(doors["nga"], "edit_member", member.pk)
    assert 'value="Hoàng Thị Mai"' in shown
    assert f'value="{RIVER}"' in shown
    said = {"counted": "17/11/2025", "qualification": "3", "years_in_field": "1", "full_name": "Hoàng Thị May", "unit": HILL}
    wrong = send(doors["nga"], "edit_member", member.pk, status=422, **said, state="assigned", position="")
    assert "phải có mã vị trí" in text(wrong)
    send(doors["nga"], "edit_member", member.pk, **said, state="assigned", position=JUSTICE)

    member.refresh_from_db()
    assert (member.full_name, member.unit_id, member.position.code) == ("Hoàng Thị May", office.hill.pk, JUSTICE)


def test_whose_time_has_run_out_is_found_by_the_filter(office, doors, monkeypatch):
    in_effect(office, propose(office, make_member(office, full_name="Hết Hạn"), becomes="seconded", until=date(2026, 3, 1)))
    assert "Hết Hạn" not in page(doors["nga"], "members", tinh_trang="het-han")
    at(monkeypatch, LATER.replace(year=2026, month=3, day=1))

    shown = page(doors["nga"], "members", tinh_trang="het-han")
    assert "Hết Hạn" in shown
    assert "Đã hết hạn" in shown


def test_plan_and_unit_pages_show_sums_of_bodies(office, doors):
    rows = [row(RIVER, JUSTICE, 2), row(RIVER, "VT20", 1), row(RIVER, RECEPTION, 3), row(HILL, RECEPTION, 4)]
    plan = make_plan(office, rows, persons=10, units=2)
    shown = re.sub(r"\s+", " ", page(doors["nga"], "plan", plan.pk))
    assert "Văn phòng HĐND và UBND 3; Trung tâm Phục vụ hành chính công 3" in shown
    assert "Theo cơ quan, cả thành phố" in shown

    of_river = page(doors["hanh"], "unit", office.river.pk)
    assert "Từng cơ quan" in of_river


def test_nobody_finds_buttons_about_themselves(office, doors):
    tam = office.people["tam"]
    own = make_member(office, full_name=tam.full_name, email=tam.email, state="Bố trí ở đơn vị mới", position=JUSTICE)
    placement = propose(office, own, code="VT20")
    assert "Rút phương án</" not in page(doors["tam"], "placement", placement.pk).replace("</span>", "")
    assert "Rút phương án</" in page(doors["nga"], "placement", placement.pk).replace("</span>", "")
    send(doors["tam"], "placement", placement.pk, viec="rut", reason="x", status=422)
    assert Placement.objects.get().status == "proposed"


@pytest.mark.parametrize("who", ["doan", "lan"])
def test_others_still_see_nothing(office, doors, who):
    case = make_leave(office, make_member(office))
    placement = decided(office, propose(office, make_member(office)))

    page(doors[who], "leave", case.pk, status=404)
    page(doors[who], "placement", placement.pk, status=404)

"""Nonsense in addresses, forms and files is a clear no: never a fault, never half of anything."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from thongsuot.files.table_rows import RowsRefused
from thongsuot.files.tests.make import pdf
from thongsuot.kernel import clock
from thongsuot.people.models import Person
from thongsuot.people.tests.make import MONDAY, logged_in
from thongsuot.staffing import actions, sheets
from thongsuot.staffing.models import Distribution, LeaveCase, Placement, StaffImport, StaffingPlan, StaffMember
from thongsuot.staffing.tests.make import csv_of, make_leave, make_member, make_plan, position, propose, xlsx_of
from thongsuot.staffing.tests.test_plans import row
from thongsuot.staffing.urls import urlpatterns

HUGE = 10**25


@pytest.fixture
def nga(office, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    Person.objects.filter(pk=office.people["nga"].pk).update(is_demo=True)
    return logged_in(Person.objects.get(pk=office.people["nga"].pk))


def test_ids_that_are_not_there_and_numbers_beyond_all_ids(office, nga):
    for pattern in urlpatterns:
        names = list(pattern.pattern.converters)
        for wrong in (0, 999_999_999, HUGE):
            values = {name: "x" if name == "kind" else wrong for name in names}
            for method in (nga.get, nga.post):
                status = method(reverse(f"staffing:{pattern.name}", kwargs=values)).status_code
                assert status in ({403, 404, 405} if names else {200, 403, 405, 422}), (pattern.name, wrong, status)


def test_nonsense_behind_addresses_changes_nothing_but_what_is_shown(office, nga):
    make_plan(office, [row("98001", "VT17", 1)], persons=1, units=1)
    member = make_member(office)
    for name, args in (
        ("board", ()),
        ("unit", (office.river.pk,)),
        ("pool", ()),
        ("members", ()),
        ("placements", ()),
        ("leaves", ()),
        ("propose", (member.pk,)),
        ("new_distribution", ()),
        ("import_members", ()),
    ):
        for value in ("", "-1", "9" * 30, "x\x00y", "١٢", "'; --", "ă" * 5_000):
            query = dict.fromkeys(
                ("xep", "loc", "don_vi", "vi_tri", "q", "tinh_trang", "buoc", "dien", "trang", "ngay", "phuong_an"), value
            )
            status = nga.get(reverse(f"staffing:{name}", args=args), query).status_code
            assert status == (400 if "\x00" in value else 200), (name, value)


NONSENSE = ("", "\x00", "x" * 3_000, "-1", "9" * 40, "1e9", "31/02/2025", "01/01/0001", "31/12/9999", "<b>", "=1+1")


FIELDS = """
    title decision_number total_persons total_units effective_on becomes place until note reason decided_by decided_on ben buoc
    decided_dong kind applied_on leaves_on reorganised_on pay_dong months_insured months_served retires_on full_name email unit
    counted old_title state position qualification fields_text years wish years_in_field wish_unit group basis total unit_0
    persons_0 so_dong lan backdated party_managed keeps_posts name body_kind applies_to headcount code
"""


@pytest.mark.parametrize("value", NONSENSE)
def test_forms_full_of_nonsense_are_refused_or_kept_as_text(office, nga, value):
    member = make_member(office)
    placement, case = propose(office, make_member(office)), make_leave(office, make_member(office))
    plan = make_plan(office, [row("98001", "VT17", 1)], persons=2, units=1, accept=False)
    said = dict.fromkeys(FIELDS.split(), value)
    pages = [
        ("plans", (), ("",)),
        ("plan", (plan.pk,), ("tong", "tep", "")),
        ("new_distribution", (), ("",)),
        ("position", (position("VT17").pk,), ("",)),
        ("new_position", (), ("",)),
        ("add_member", (), ("",)),
        ("import_members", (), ("",)),
        ("edit_member", (member.pk,), ("",)),
        ("propose", (member.pk,), ("",)),
        ("apply", (member.pk,), ("",)),
        ("placement", (placement.pk,), ("duyet", "khong", "quyet_dinh", "x")),
        ("leave", (case.pk,), ("chuyen", "tra", "so_lieu", "quyet_dinh", "khong", "dang", "huy", "x")),
    ]
    for name, args, things in pages:
        for thing in things:
            response = nga.post(reverse(f"staffing:{name}", args=args), {**said, "viec": thing})
            assert response.status_code in {200, 400, 403, 409, 422}, (name, thing, response.status_code)
    assert Placement.objects.get(pk=placement.pk).status == "proposed"
    assert LeaveCase.objects.get(pk=case.pk).stage == "unit_head"
    assert not Distribution.objects.exists()
    assert StaffingPlan.objects.count() == 1


WRONG_FILES = [
    (b"", "rong.csv"),
    (b"\x00" * 500, "khong.xlsx"),
    (b"PK\x03\x04" + b"\x00" * 200, "vo.xlsx"),
    (pdf("x"), "that-ra-la.pdf"),
    (pdf("x"), "gia.xlsx"),
    ("Họ tên\nA".encode("utf-16"), "utf16.csv"),
    (("Họ tên;Mã đơn vị\n" + ";".join("x" * 400 for _ in range(50))).encode(), "dai.csv"),
    (("Họ tên;Mã đơn vị\n" + "A;98001\n" * 20_001).encode(), "nhieu-dong.csv"),
    (b'"chua dong ngoac;98001\n' * 3, "ngoac.csv"),
]


@pytest.mark.parametrize(("content", "name"), WRONG_FILES, ids=[name for _content, name in WRONG_FILES])
def test_files_that_are_no_list_bring_nobody(office, nga, content, name):
    response = nga.post(
        reverse("staffing:import_members"), {"counted": "17/11/2025", "file": SimpleUploadedFile(name, content)}
    )

    assert response.status_code == 422
    assert not StaffMember.objects.exists()
    assert not StaffImport.objects.exists()


def test_cells_of_other_kinds_are_faults_of_their_row(office):
    plan = make_plan(office, [row("98001", "VT17", 1)], persons=1, units=1, accept=False)
    rows = [row("98001", "VT17", value) for value in (True, 1.5, "=SUM(A1:A9)", 10**12)]
    with pytest.raises(RowsRefused) as refusal:
        actions.fill_plan(plan.pk, xlsx_of(sheets.PLAN, rows), name="x.xlsx", actor=office.actor("nga"), at=MONDAY)

    assert [row.place for row in refusal.value.rows] == [2, 3, 4, 5]


def test_script_is_shown_as_text(office, nga):
    rows = [{"full_name": "<script>alert(1)</script>", "unit": "98001", "old_title": "<img src=x>"}]
    actions.import_members(
        office.city.city.pk,
        csv_of(sheets.MEMBERS, rows),
        name="x.csv",
        counted=MONDAY.date(),
        actor=office.actor("nga"),
        at=MONDAY,
    )
    for name, args in (("members", ()), ("pool", ()), ("member", (StaffMember.objects.get().pk,))):
        shown = nga.get(reverse(f"staffing:{name}", args=args)).content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x>" not in shown

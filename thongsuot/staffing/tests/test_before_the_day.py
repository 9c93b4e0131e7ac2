"""On 19 June 2025 only districts exist: people are placed, numbers dealt out and plans looked at for the units of 1 July."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client

from thongsuot.kernel import clock
from thongsuot.people.models import Appointment, Person
from thongsuot.people.tests.make import MONDAY, VIET_NAM, logged_in
from thongsuot.staffing import actions
from thongsuot.staffing.models import Distribution, Placement, StaffMember
from thongsuot.staffing.queries import board as boards
from thongsuot.staffing.tests.make import JUSTICE, Office, make_member, make_plan, position
from thongsuot.staffing.tests.test_pages import page, send, text
from thongsuot.staffing.tests.test_plans import RIVER, city_of_126, row
from thongsuot.units.tests.make import THE_DAY

JUNE = datetime(2025, 6, 19, 9, tzinfo=VIET_NAM)


@pytest.fixture
def june(office: Office, monkeypatch) -> Client:
    """Home Affairs before the day; who decides and heads of the new wards come later."""
    Appointment.objects.filter(person__in=[office.people[who] for who in ("nga", "tam")]).update(valid_from=date(2025, 1, 1))
    Person.objects.filter(pk=office.people["nga"].pk).update(is_demo=True)
    monkeypatch.setattr(clock, "now", lambda: JUNE)
    return logged_in(Person.objects.get(pk=office.people["nga"].pk))


def waits(office, **said: str) -> StaffMember:
    """Of phường Bến, which ends on 30 June."""
    return make_member(office, unit="98101", counted=JUNE.date(), at=JUNE, **said)


def test_the_board_shows_9536_planned_in_126_units_that_are_still_to_begin(office, june):
    make_plan(office, city_of_126(office), persons=9_536, units=126, at=JUNE)

    shown = page(june, "board")
    assert "9.536" in shown
    assert "126 đơn vị" in shown
    assert "Phương án áp dụng từ 01/07/2025" in shown
    assert "Phường Sông" in shown
    assert "Phường Bến" not in shown
    assert "Tư pháp, hộ tịch" in page(june, "unit", office.river.pk)


def test_a_person_is_proposed_into_a_ward_that_is_still_to_begin(office, june):
    make_plan(office, [row(RIVER, JUSTICE, 2)], persons=2, units=1, at=JUNE)
    member = waits(office)
    assert "Tư pháp, hộ tịch" in page(june, "member", member.pk)  # an opening that fits
    asked = {"don_vi": office.river.pk, "vi_tri": position(JUSTICE).pk}
    shown = page(june, "propose", member.pk, **asked)
    place = f"{office.body(office.river).pk}:{position(JUSTICE).pk}"
    assert f'value="{place}" selected' in shown
    assert "Tư pháp, hộ tịch (thiếu 2)" in shown
    assert "01/07/2025" in shown
    assert "Phường Bến" in page(june, "propose", member.pk, ngay="20/06/2025") or "Quận Giữa" in page(
        june, "propose", member.pk, ngay="20/06/2025"
    )

    send(june, "propose", member.pk, becomes="assigned", place=place, effective_on="01/07/2025")
    placement = Placement.objects.get()
    assert (placement.effective_on, placement.to_body.unit_id) == (THE_DAY, office.river.pk)
    wrong = send(june, "propose", waits(office).pk, status=422, becomes="assigned", place=place, effective_on="20/06/2025")
    assert "cơ quan nhận chưa hoạt động" in text(wrong)


def test_217_are_dealt_out_to_wards_that_are_still_to_begin(office, june):
    make_plan(office, [row(RIVER, JUSTICE, 2)], persons=2, units=1, at=JUNE)
    shown = page(june, "new_distribution")
    assert "Phường Sông" in shown
    assert 'value="01/07/2025"' in shown
    said: dict[str, object] = {
        "title": "Không chuyên trách",
        "group": "both",
        "effective_on": "01/07/2025",
        "total": "217",
        "unit_0": office.river.pk,
        "persons_0": "109",
        "unit_1": office.hill.pk,
        "persons_1": "108",
        "so_dong": "6",
    }
    send(june, "new_distribution", status=422, **{**said, "effective_on": "20/06/2025"})
    send(june, "new_distribution", **said)

    kept = Distribution.objects.get()
    assert (kept.effective_on, sum(kept.shares.values_list("persons", flat=True))) == (THE_DAY, 217)


def test_a_wish_may_be_for_a_unit_that_is_still_to_begin(office, june):
    member = waits(office, wish=RIVER)
    assert member.wish_unit_id == office.river.pk
    other = waits(office)
    assert "Phường Đồi" in page(june, "edit_member", other.pk)
    said = {"email": other.email, "qualification": "3", "fields": "", "years_in_field": 1}
    actions.change_member(other.pk, **said, wish_unit_id=office.hill.pk, actor=office.actor("nga", JUNE), at=JUNE)

    assert StaffMember.objects.get(pk=other.pk).wish_unit_id == office.hill.pk


def test_an_accepted_plan_counts_from_its_day_and_the_one_before_until_then(office):
    first = make_plan(office, [row(RIVER, JUSTICE, 1)], persons=1, units=1)
    second = make_plan(office, [row(RIVER, JUSTICE, 2)], persons=2, units=1, effective_on=date(2026, 1, 1))
    city = office.city.city.pk
    assert boards.plan_in_force(city, on=MONDAY.date()) == first
    assert boards.plan_in_force(city, on=date(2025, 12, 31)) == first
    assert boards.plan_in_force(city, on=date(2026, 1, 1)) == second

    third = make_plan(office, [row(RIVER, JUSTICE, 3)], persons=3, units=1, effective_on=date(2026, 1, 1))
    second.refresh_from_db()
    assert second.state == "replaced"
    assert boards.accepted_plans(city) == [first, third]


def test_a_coming_plan_is_looked_at_by_its_tab(office, june, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)
    make_plan(office, [row(RIVER, JUSTICE, 1)], persons=1, units=1)
    later = make_plan(office, [row(RIVER, JUSTICE, 777)], persons=777, units=1, effective_on=date(2026, 1, 1))

    assert "777" not in page(june, "board")
    shown = page(june, "board", phuong_an=later.pk)
    assert "777" in shown
    assert f"loc=thieu&amp;phuong_an={later.pk}" in shown

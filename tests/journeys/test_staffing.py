"""Staff of the demo city are placed from the pages: every page is looked at, on a phone and on a screen."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.journeys.browsing import PHONE
from thongsuot.staffing.models import Distribution, JobPosition, LeaveCase, Placement, StaffingPlan, StaffMember
from thongsuot.staffing.queries.board import positions_of

pytestmark = pytest.mark.browser
ROOT = "/dieu-hanh/bo-tri"


def test_nothing_is_wrong_with_any_page_of_home_affairs(staff, address):
    visitor = staff("noivu")
    waiting = StaffMember.objects.filter(state="waiting", placements=None).first()
    plan = StaffingPlan.objects.get()
    unit = plan.posts.first().unit_id
    short = next(row.position_id for row in positions_of(unit, plan=plan, on=timezone.localdate()) if row.short)
    for path in (
        "/",
        "/?xep=thieu&loc=thieu",
        f"/don-vi/{unit}/",
        f"/don-vi/{unit}/vi-tri/{short}/",
        "/doi-du/",
        "/vi-tri/",
        f"/vi-tri/{JobPosition.objects.get(code='VT17').pk}/",
        "/phuong-an/",
        f"/phuong-an/{plan.pk}/",
        "/phan-bo/",
        "/phan-bo/moi/",
        f"/phan-bo/{Distribution.objects.get().pk}/",
        "/can-bo/",
        "/can-bo/?q=khong+co+ai",
        "/can-bo/them/",
        "/can-bo/nhap/",
        f"/can-bo/{waiting.pk}/",
        f"/can-bo/{waiting.pk}/sua/",
        f"/can-bo/{waiting.pk}/de-xuat/",
        f"/can-bo/{waiting.pk}/xin-nghi/",
        "/duyet/",
        "/duyet/?loc=in_effect",
        "/nghi/",
        f"/nghi/{LeaveCase.objects.get(stage='council').pk}/",
    ):
        visitor.visit(ROOT + path)
    visitor.visit(f"{ROOT}/nghi/{LeaveCase.objects.get(stage='home_affairs').pk}/", name="leave-home-affairs", dark=True)


def test_both_sides_approve_by_their_buttons(staff, address):
    placement = Placement.objects.get(party_managed=True)
    page_of_it = f"{ROOT}/duyet/{placement.pk}/"
    party = staff("tochuc")
    party.visit(f"{ROOT}/", name="board-of-the-party")
    party.visit(f"{ROOT}/vi-tri/")
    party.visit(f"{ROOT}/vi-tri/{JobPosition.objects.get(code='VT07').pk}/", name="position-of-the-party")
    party.visit(f"{ROOT}/nghi/")
    party.visit(page_of_it, name="placement-of-the-party")
    party.press("Duyệt: Đảng (Ban Tổ chức)")
    home_affairs = staff("noivu")
    home_affairs.visit(page_of_it, name="placement-of-home-affairs")
    home_affairs.press("Duyệt: Chính quyền (Sở Nội vụ)")
    placement.refresh_from_db()
    assert placement.status == "approved"
    home_affairs.visit(page_of_it, name="placement-approved")


def test_an_officer_sees_the_own_page(staff, address):
    visitor = staff("lan")
    visitor.page.set_viewport_size({"width": PHONE, "height": 800})
    visitor.visit("/can-bo/bo-tri-cua-toi/")

"""A citizen comes in with the national identity, on a phone, at the stand-in: once refusing, once agreeing."""

from __future__ import annotations

import pytest

from tests.journeys.browsing import PHONE
from thongsuot.people.models import Person

pytestmark = pytest.mark.browser


def test_a_citizen_comes_in_with_the_national_identity(browsing, settings):
    settings.VNEID = "stand-in"
    citizen = browsing.visitor(width=PHONE)
    citizen.visit("/tai-khoan/dang-nhap/")
    citizen.follow("Đăng nhập bằng VNeID")
    citizen.sees("Đây là bản giả lập.", "Lê Đăng Khoa", "không có thư điện tử")
    citizen.look(dark=True)
    citizen.page.get_by_label("Lê Đăng Khoa").check()
    citizen.press("Đồng ý và tiếp tục")
    citizen.visit("/tai-khoan/")
    citizen.sees("Lê Đăng Khoa", "Chưa có. Tin về hồ sơ", "Đã gắn, mức 2")

    assert Person.objects.get(full_name="Lê Đăng Khoa").id_number == "001431000102"

"""A citizen at the pages of filing, without scripts: a procedure with a form in two parts, and the way through it."""

from __future__ import annotations

import html
import re
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from thongsuot.dossiers.tests.make import PDF, Town, make_town
from thongsuot.procedures.content import FeeRule, Tier

CODE = "9.000001"
SCHEMA = {
    "type": "object",
    "title": "Tờ khai",
    "additionalProperties": False,
    "required": ["name", "born", "things"],
    "x-groups": [{"key": "who", "title": "Người yêu cầu"}, {"key": "what", "title": "Giấy tờ cần sao"}],
    "properties": {
        "name": {"type": "string", "title": "Họ tên", "maxLength": 60, "x-group": "who", "x-prefill": "full_name"},
        "phone": {"type": "string", "format": "phone", "title": "Điện thoại", "x-group": "who", "x-prefill": "phone"},
        "born": {"type": "string", "format": "date", "title": "Ngày sinh", "x-group": "who", "x-not-future": True},
        "things": {
            "type": "array",
            "title": "Giấy tờ",
            "x-group": "what",
            "minItems": 1,
            "maxItems": 3,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["title", "pages", "copies"],
                "properties": {
                    "title": {"type": "string", "title": "Tên giấy tờ", "maxLength": 60},
                    "pages": {"type": "integer", "title": "Số trang", "minimum": 1, "maximum": 500, "x-quantity": "pages"},
                    "copies": {"type": "integer", "title": "Số bản", "minimum": 1, "maximum": 50, "x-quantity": "copies"},
                },
            },
        },
    },
}
BY_PAGE = FeeRule(
    code="phi",
    name="Phí sao",
    kind="fee",
    form="per_page",
    tiers=(Tier(dong=2000, up_to=2), Tier(dong=1000)),
    cap_dong=200_000,
    basis="Thông tư ví dụ",
    valid_from=date(2025, 7, 1),
)


def make_filing_town() -> Town:
    return make_town(form_schema=SCHEMA, fee_rules=(BY_PAGE,))


def words(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def a_file(name="giấy.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def start(browser, unit="98001", code=CODE) -> str:
    response = browser.post(reverse("dossiers:apply", args=[code]), {"unit": unit})
    assert response.status_code == 302, words(response)
    return response["Location"].rstrip("/").rsplit("/", 1)[1]


def page(name, code, *more) -> str:
    return reverse(f"dossiers:{name}", args=[code, *more])


WHO = {"name": "Hoàng Văn Minh", "phone": "0912 345 678", "born_d": "5", "born_m": "1", "born_y": "1990"}
WHAT = {"things-0-title": "Bằng đại học", "things-0-pages": "3", "things-0-copies": "2"}
OWNER = {"filing_for": "self", "name": "Hoàng Văn Minh", "phone": "0912345678", "id_number": "001412345678"}


def fill_in(browser, code) -> None:
    for name, group, data in (
        ("draft_form", ["who"], WHO),
        ("draft_form", ["what"], WHAT),
        ("draft_contact", [], OWNER),
        ("draft_contact", ["nhan-ket-qua"], {"return_by": "counter"}),
    ):
        response = browser.post(page(name, code, *group), data)
        assert response.status_code == 302, words(response)
    response = browser.post(page("draft_papers", code), {"files-giay-chung-nhan": a_file()})
    assert response.status_code == 302, words(response)


def submit(browser, code, **more):
    return browser.post(page("draft_check", code), {"promise": "on", **more})


def states(browser, code) -> list[str]:
    return re.findall(r'class="tag[^"]*">([^<]+)<', browser.get(page("draft", code)).content.decode())

"""Windows of a real browser: of a person or of anybody; what their console complains of; whether a page is sound."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from thongsuot.people.models import Person
from thongsuot.people.tests.make import browser_of
from thongsuot.web.tests.chromium import faults


def window(browser: Browser, address: str, person: Person | None = None, **options: Any) -> BrowserContext:
    """Logged in as the person; nobody's without one."""
    context = browser.new_context(base_url=address, reduced_motion="reduce", locale="vi-VN", **options)
    if person is not None:
        value = browser_of(person).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": address}])
    return context


def opened(context: BrowserContext, address: str) -> tuple[Page, list[str]]:
    """A page that answered well, and what its console complains of from now on."""
    page, complaints = context.new_page(), []
    page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answered = page.goto(address)
    assert answered is not None
    assert answered.status == 200
    return page, complaints


def look(page: Page, complaints: list[str]) -> None:
    """Nothing scrolls sideways, axe finds nothing, nothing was complained of: on a phone and on a screen."""
    assert [(one["width"], one["id"], one["nodes"][:1]) for one in faults(page)] == [], page.url
    assert complaints == []

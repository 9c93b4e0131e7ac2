"""People at a browser. Whatever page they come to is looked at: axe, sideways scrolling, errors of script and policy."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import resolve
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from thongsuot.web.tests.chromium import HEIGHT, PHONE, SCREEN, faults

PICTURES = Path(__file__).resolve().parents[2] / "build" / "screenshots" if os.environ.get("SCREENSHOTS") == "1" else None


class Seen:
    """Kinds of page and time of day that were looked at: once in a run is enough, whichever process came there first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def first(self, *key: object) -> bool:
        """Nobody was there before; from now on somebody was."""
        try:
            self._mark(key).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def has(self, *key: object) -> bool:
        return self._mark(key).exists()

    def _mark(self, key: tuple[object, ...]) -> Path:
        return self._folder / hashlib.sha256(repr(key).encode()).hexdigest()


class Browsing:
    """One browser for a module of journeys."""

    def __init__(self, browser: Browser, address: str, seen: Seen) -> None:
        self.browser, self.address, self.seen = browser, address, seen

    def visitor(self, *, width: int = SCREEN, **options: object) -> Visitor:
        # Without movement: colours that are still changing have no contrast that could be judged.
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHT[width]}, locale="vi-VN", reduced_motion="reduce", **options
        )
        context.set_default_timeout(20_000)
        return Visitor(self, context, width, scripts=options.get("java_script_enabled", True) is True)


class Visitor:
    """A person with a browser window of their own (own cookies)."""

    def __init__(self, browsing: Browsing, context: BrowserContext, width: int, *, scripts: bool) -> None:
        self.browsing, self.context, self.width, self.scripts = browsing, context, width, scripts
        self.page: Page = context.new_page()
        self.trouble: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("response", self._response)

    def _console(self, said: object) -> None:
        if "Content Security Policy" in said.text:
            self.trouble.append(said.text)

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.trouble.append(f"{response.status} {response.url}")

    def visit(self, path: str, *, status: int = 200, name: str = "", dark: bool = False) -> Page:
        """Go to an address and look at the page."""
        answer = self.page.goto(path if path.startswith("http") else self.browsing.address + path)
        assert answer is not None
        assert answer.status == status, (path, answer.status)
        self.look(name)
        if dark:
            self.look(name, dark=True)
        return self.page

    def look(self, name: str = "", *, dark: bool = False) -> None:
        """Nothing for axe to find and nothing to scroll sideways, on a phone and on a screen; once per kind of page and state.

        name   of the state, where the address and a refused form do not tell it apart
        dark   by night, on a screen
        """
        page, seen = self.page, self.browsing.seen
        page.wait_for_load_state()
        route = name or _route(page)
        if seen.first(route, dark):
            found = faults(
                page,
                widths=(SCREEN,) if dark else (PHONE, SCREEN),
                dark=dark,
                only_contrast=dark and seen.has(route, False),
                scripts=self.scripts,
                pictures=PICTURES and PICTURES / route,
            )
            found = [
                (one["width"], one["id"], [(node["html"][:200], node.get("failureSummary")) for node in one["nodes"]])
                for one in found
            ]
            assert not found, f"{route}{', by night' if dark else ''}: {found}"
        assert self.trouble == [], self.trouble

    def press(self, name: str) -> None:
        """Press a button that leads on, and look at what comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()
        self.look()

    def follow(self, name: str) -> None:
        """The same for a link."""
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
        self.look()

    def fill(self, **fields: str) -> None:
        """What is typed into fields, by their names in the form."""
        for name, text in fields.items():
            field = self.page.locator(f"[name={name}]").first
            if field.evaluate("one => one.tagName") == "SELECT":
                chosen = [one.get_attribute("value") for one in field.locator("option").all() if text in one.inner_text()]
                assert len(chosen) == 1, (name, text, field.inner_text())
                field.select_option(chosen[0])
            elif field.get_attribute("type") in ("radio", "checkbox"):
                self.page.locator(f"[name={name}][value='{text}']").check()
            else:
                field.fill(text)

    def sees(self, *texts: str) -> None:
        """The words stand on the page, whatever the marks and spaces between; what an answer under way brings is waited for."""
        main = self.page.locator("main")
        for text in texts:
            expect(main, f"no “{text}” on {self.page.url}").to_contain_text(text, use_inner_text=True)

    def fetch(self, path: str) -> bytes:
        """What lies at an address, with this visitor's cookies: a PDF is not shown by a browser without a window."""
        answer = self.context.request.get(path if path.startswith("http") else self.browsing.address + path)
        assert answer.ok, (path, answer.status)
        return answer.body()

    def close(self) -> None:
        self.context.close()


def _route(page: Page) -> str:
    """A name for the kind of page and its state: the same form right and refused are two."""
    parts = urlsplit(page.url)
    try:
        match = resolve(parts.path)
        name = match.view_name + "".join(f"-{value}" for key, value in match.kwargs.items() if key in {"key", "slug", "group"})
    except Exception:
        name = "unknown"
    if parts.query:
        name += "-" + re.sub(r"[^a-z_=&-].*", "", parts.query.split("=")[0])
    if page.locator(".errors").count():
        name += "-refused"
    return re.sub(r"[^\w.-]+", "-", name)

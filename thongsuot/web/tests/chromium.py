"""The browser that tests of pages drive, and axe in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from axe_playwright_python.base import AXE_SCRIPT
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # nothing is drawn on a screen: a process less
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window.

    While it is driven an event loop runs in this thread, and asgiref then hands out database connections of another context.
    They are closed here: left open, they would lead the next module to the database of this one.
    """
    program = (
        os.environ.get("CHROMIUM")
        or shutil.which("chromium-headless-shell")
        or shutil.which("chromium")
        or shutil.which("google-chrome")
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        connections.close_all()
        try:
            yield browser
        finally:
            browser.close()
            connections.close_all()


# Most of axe's work is the same work again and again. Rows of one shape (the same elements with the same attributes, each with
# or without words) are one row: three of them stay in the copy that is judged, once all have been looked at for their ids.
THREE_OF_A_SHAPE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  const kept = ["class", "role", "type", "scope", "tabindex", "style", "hidden"];
  const one_shape = (one) => one.tagName + (one.textContent.trim() ? "+" : "-") + [...one.attributes].map(
    ({name, value}) => name + (kept.includes(name) ? "=" + value : value.trim() ? "" : "-")).sort().join();
  const shapes = {};
  const alike = [...document.body.querySelectorAll("tbody > tr, ul > li, ol > li")].filter((row) => {
    const whole = [row.parentElement.parentElement, row.parentElement, row, ...row.querySelectorAll("*")];
    const shape = whole.map(one_shape).join();
    shapes[shape] = (shapes[shape] || 0) + 1;
    return shapes[shape] > 3;
  });
  alike.forEach((row) => row.remove());
  return twice;
}"""
# Text of the same colour, size and weight on the same grounds is judged for its contrast four times on the first page that has
# it, and on no page after. At another width every rule looks at what was not to be seen before, and at what scrolls.
LOOK = """async ([onlyContrast, sound, atAnotherWidth]) => {
  const known = new Map([[null, ""]]);
  const before = new Set(sound);
  const shortened = (text) => {
    let high = 0xdeadbeef, low = 0x41c6ce57;
    for (let place = 0; place < text.length; place++) {
      high = Math.imul(high ^ text.charCodeAt(place), 2654435761);
      low = Math.imul(low ^ text.charCodeAt(place), 1597334677);
    }
    return 4294967296 * (2097151 & low) + (high >>> 0);
  };
  const ground = (one) => {
    if (!known.has(one)) {
      const style = getComputedStyle(one);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.position].join();
      known.set(one, own + ";" + ground(one.parentElement));
    }
    return known.get(one);
  };
  const seen = {};
  const judged = [];
  const shown = [...document.querySelectorAll("*")].filter((one) => one.checkVisibility({visibilityProperty: true}));
  const fresh = atAnotherWidth ? shown.filter((one) => !shownBefore.has(one) || one.scrollWidth > one.clientWidth) : [];
  if (!atAnotherWidth) window.shownBefore = new Set(shown);
  for (const one of shown) {
    const field = one.matches("input, select, textarea");
    const text = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!field && !text || !document.body.contains(one)) continue;
    const style = getComputedStyle(one);
    const looks = shortened([field, style.color, style.fontSize, style.fontWeight, style.textShadow, ground(one)].join());
    if (before.has(looks)) continue;
    seen[looks] = (seen[looks] || 0) + 1;
    if (seen[looks] <= 4) judged.push(one);
  }
  const looked_at = atAnotherWidth ? [...fresh, ...judged] : document;
  if (atAnotherWidth && !looked_at.length) return [[], []];
  judged.forEach((one) => one.setAttribute("data-judged", ""));
  axe.configure({rules: [{id: "color-contrast", selector: "[data-judged]"}]});
  const only = onlyContrast ? {runOnly: ["color-contrast"]} : {};
  const found = await axe.run(looked_at, {resultTypes: ["violations"], preload: {assets: ["media"]}, ...only});
  judged.forEach((one) => one.removeAttribute("data-judged"));
  return [found.violations, Object.keys(seen).map(Number)];
}"""
PHONE, SCREEN = 360, 1280
HEIGHT = {PHONE: 800, SCREEN: 900}

# As it stands: with what was typed and ticked, without scripts, which would begin anew.
AS_IT_STANDS = """(scripts) => {
  const root = document.documentElement, copy = root.cloneNode(true);
  const fields = copy.querySelectorAll("input, textarea, option");
  [...root.querySelectorAll("input, textarea, option")].forEach((real, place) => {
    const field = fields[place];
    if (real.matches("option")) field.toggleAttribute("selected", real.selected);
    else if (real.matches("[type=checkbox], [type=radio]")) field.toggleAttribute("checked", real.checked);
    else if (real.matches("textarea")) field.textContent = real.value;
    else if (!real.matches("[type=file]")) field.setAttribute("value", real.value);
  });
  copy.querySelectorAll("script, meta[http-equiv=refresh]").forEach((one) => one.remove());
  if (!scripts) copy.querySelectorAll("noscript").forEach((one) => one.replaceWith(...one.childNodes));
  return "<!DOCTYPE html>" + copy.outerHTML;
}"""
_sound: set[int] = set()  # looks of text that had contrast enough, in this process
_judges: WeakKeyDictionary[Browser, Page] = WeakKeyDictionary()


def faults(
    page: Page,
    *,
    widths: Sequence[int] = (PHONE, SCREEN),
    dark: bool = False,
    only_contrast: bool = False,
    scripts: bool = True,
    pictures: Path | None = None,
) -> list[dict[str, Any]]:
    """What is wrong with the page as it stands: what axe finds, and whether it scrolls sideways. Each says at which width.

    A copy of it is judged, in one window for all pages of a browser: axe is warm there, and the page itself is left as it is.

    dark           by night
    only_contrast  where nothing but colours changed since it was judged last
    scripts        False of a page whose scripts do not run: what it says then is shown
    pictures       where to keep one of each width: its name begins with this one's
    """
    page.wait_for_load_state()  # a click ends when the next page has begun, which is before it has anything to look at
    judge, found = _judge_at(page), []
    judge.emulate_media(color_scheme="dark" if dark else "light")

    def put_at(width: int) -> None:
        if judge.viewport_size != {"width": width, "height": HEIGHT[width]}:
            judge.set_viewport_size({"width": width, "height": HEIGHT[width]})

    put_at(widths[0])
    judge.set_content(page.evaluate(AS_IT_STANDS, scripts))
    judge.evaluate("document.fonts.ready")
    for width in widths:
        put_at(width)
        if judge.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append({"id": "scrolls-sideways", "nodes": [], "width": width})
        if pictures is not None:
            judge.screenshot(path=pictures.with_name(f"{pictures.name}-{width}{'-dark' if dark else ''}.png"), full_page=True)
    if twice := judge.evaluate(THREE_OF_A_SHAPE):
        found.append({"id": "id-twice", "nodes": [{"html": one} for one in twice], "width": widths[0]})
    for place, width in enumerate(reversed(widths)):
        put_at(width)
        violations, judged = judge.evaluate(LOOK, [only_contrast, list(_sound), place > 0])
        if not violations:
            _sound.update(judged)
        found += [{**one, "width": width} for one in violations]
    return found


def _judge_at(page: Page) -> Page:
    """The window in which the copies of a browser's pages are judged, at the address of this one: links know where they are."""
    browser = page.context.browser
    assert browser is not None
    judge = _judges.get(browser)
    if judge is None:
        # Without movement: colours that are still changing have no contrast that could be judged.
        _judges[browser] = judge = browser.new_context(locale="vi-VN", reduced_motion="reduce").new_page()
    place = urlsplit(page.url)
    if place.scheme == "http" and not judge.url.startswith(f"http://{place.netloc}/"):
        judge.route(page.url, lambda route: route.fulfill(body="", content_type="text/html"))
        judge.goto(page.url)
        judge.unroute(page.url)
    elif place.scheme == "http":
        judge.evaluate("(url) => history.replaceState(null, '', url)", page.url)
    if not judge.evaluate("typeof axe === 'object'"):
        judge.evaluate(AXE_SCRIPT)
    return judge

"""The browser that tests of pages drive, and axe in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
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


# Most of axe's work is the same work again and again. Text of the same colour, size and weight on the same grounds is judged
# for its contrast four times on the first page that has it, and on no page after. Rows of one shape (the same elements with
# the same attributes, each with or without words) are one row: every rule looks at three of them, and all at their ids.
LOOK = """async ([onlyContrast, sound]) => {
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
  const kept = ["class", "role", "type", "scope", "tabindex", "style", "hidden"];
  const one_shape = (one) => one.tagName + (one.textContent.trim() ? "+" : "-") + [...one.attributes].map(
    ({name, value}) => name + (kept.includes(name) ? "=" + value : value.trim() ? "" : "-")).sort().join();
  const shapes = {};
  const alike = [...document.body.querySelectorAll("tbody > tr, ul > li, ol > li")].filter((row) => {
    const whole = [row.parentElement.parentElement, row.parentElement, row, ...row.querySelectorAll("*")];
    const shape = shortened(whole.map(one_shape).join());
    shapes[shape] = (shapes[shape] || 0) + 1;
    return shapes[shape] > 3;
  });
  const again = new Set(alike.flatMap((row) => [row, ...row.querySelectorAll("*")]));
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
  if (twice.length) return [[{id: "id-twice", nodes: twice.map((id) => ({html: id}))}], []];
  const seen = {};
  const judged = [];
  for (const one of document.body.querySelectorAll("*")) {
    const field = one.matches("input, select, textarea");
    const text = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (again.has(one) || !field && !text || !one.checkVisibility({visibilityProperty: true})) continue;
    const style = getComputedStyle(one);
    const looks = shortened([field, style.color, style.fontSize, style.fontWeight, style.textShadow, ground(one)].join());
    if (before.has(looks)) continue;
    seen[looks] = (seen[looks] || 0) + 1;
    if (seen[looks] <= 4) judged.push(one);
  }
  judged.forEach((one) => one.setAttribute("data-judged", ""));
  axe.configure({rules: [{id: "color-contrast", selector: "[data-judged]"}]});
  const only = onlyContrast ? {runOnly: ["color-contrast"]} : {};
  const looked_at = {include: document, exclude: alike};
  const found = await axe.run(looked_at, {resultTypes: ["violations"], preload: {assets: ["media"]}, ...only});
  judged.forEach((one) => one.removeAttribute("data-judged"));
  return [found.violations, Object.keys(seen).map(Number)];
}"""
_sound: set[int] = set()  # looks of text that had contrast enough, in this process


def axe(page: Page, *, only_contrast: bool = False) -> list[dict[str, Any]]:
    """What axe finds wrong with the page as it is. `only_contrast`: where nothing but colours changed since it last looked."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    violations: list[dict[str, Any]]
    violations, judged = page.evaluate(LOOK, [only_contrast, list(_sound)])
    if not violations:
        _sound.update(judged)
    return violations

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
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS)
        connections.close_all()
        try:
            yield browser
        finally:
            browser.close()
            connections.close_all()


# Contrast is most of axe's work, and in a list of a hundred rows it is the same work a hundred times: what is made of the same
# elements with the same classes is judged four times in each list. Every other rule looks at all rows.
LOOK = """async (onlyContrast) => {
  const options = {resultTypes: ["violations"], preload: {assets: ["media"]}};
  const run = async (context, more) => (await axe.run(context, {...options, ...more})).violations;
  const named = (one) => one.tagName + "." + one.getAttribute("class");
  const shape = (one) => [one, ...one.querySelectorAll("*")].map(named).join();
  const again = [];
  for (const list of document.querySelectorAll("tbody, ul, ol, dl")) {
    const seen = {};
    for (const one of list.children) {
      const known = shape(one);
      seen[known] = (seen[known] || 0) + 1;
      if (seen[known] > 4) again.push(one);
    }
  }
  again.forEach((one) => one.setAttribute("data-seen-before", ""));
  const rest = {include: [["html"]], exclude: [["[data-seen-before]"]]};
  const contrast = {runOnly: ["color-contrast"]};
  let found;
  if (onlyContrast) found = await run(rest, contrast);
  else if (again.length < 10) found = await run(document, {});
  else found = [...await run(document, {rules: {"color-contrast": {enabled: false}}}), ...await run(rest, contrast)];
  again.forEach((one) => one.removeAttribute("data-seen-before"));
  return found;
}"""


def axe(page: Page, *, only_contrast: bool = False) -> list[dict[str, Any]]:
    """What axe finds wrong with the page as it is. `only_contrast`: where nothing but colours changed since it last looked."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    violations: list[dict[str, Any]] = page.evaluate(LOOK, only_contrast)
    return violations

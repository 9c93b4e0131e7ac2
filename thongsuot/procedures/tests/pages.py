"""Reading a page the way a browser does: what its form would send if the reader pressed the button."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._inside = False
        self._area = self._select = ""
        self._text: list[str] = []

    def handle_starttag(self, tag, attributes):
        facts = dict(attributes)
        if tag == "form" and facts.get("method") == "post" and "hx-post" in facts:
            self._inside = True
        if not self._inside:
            return
        name = facts.get("name", "")
        if tag == "input" and name and (facts.get("type") not in ("checkbox", "radio") or "checked" in facts):
            usual = "on" if facts.get("type") in ("checkbox", "radio") else ""
            self.sent.setdefault(name, []).append(facts.get("value", usual))
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in facts:
            self.sent[self._select] = [facts.get("value", "")]
        elif tag == "option" and self._select:
            self.sent.setdefault(self._select, [facts.get("value", "")])

    def handle_data(self, data):
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area:
            # A browser drops the line break after the opening tag.
            self.sent[self._area] = ["".join(self._text).removeprefix("\r\n").removeprefix("\n")]
            self._area = ""
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False


def form_of(page: str) -> dict[str, list[str]]:
    """The fields of the form with live checks, as a browser would send them."""
    form = _Form()
    form.feed(page)
    return form.sent

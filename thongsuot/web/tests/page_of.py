"""Draws a bit of template with the components, and reads the result as a tree."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.template import engines
from django.test import RequestFactory

from thongsuot.kernel.actor import Actor

VOID = {"input", "br", "hr", "img", "link", "meta"}


class Element:
    """One element: `attrs`, its words, what it contains. `find` and `all` take a tag and wanted attributes."""

    def __init__(self, tag: str, attrs: dict[str, str]) -> None:
        self.tag, self.attrs, self.children, self.parts = tag, attrs, [], []

    @property
    def words(self) -> str:
        return " ".join("".join(part if isinstance(part, str) else f" {part.words} " for part in self.parts).split())

    def all(self, tag: str = "", **wanted: str) -> list[Element]:
        found = []
        for child in self.children:
            if tag in ("", child.tag) and all(child.attrs.get(k.rstrip("_").replace("_", "-")) == v for k, v in wanted.items()):
                found.append(child)
            found += child.all(tag, **wanted)
        return found

    def find(self, tag: str = "", **wanted: str) -> Element:
        found = self.all(tag, **wanted)
        assert found, f"no <{tag}> with {wanted}"
        return found[0]

    def by_id(self, id_: str) -> Element:
        return self.find(id=id_)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].parts.append(data)


def tree(html: str) -> Element:
    """Fails when an element is closed out of turn or never."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root], f"<{reader.open[-1].tag}> is never closed"
    return reader.root


def drawn(source: str, /, *, actor: Actor | None = None, cookies: dict[str, str] | None = None, **context: Any) -> Element:
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies or {})
    if actor:
        request.actor = actor
    template = engines["jinja2"].from_string('{% import "web/components.html" as c with context %}' + source)
    return tree(template.render(context, request))

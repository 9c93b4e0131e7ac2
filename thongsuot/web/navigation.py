"""What the bars of all pages lead to. Capabilities add their own entries: `web` knows none of them.

A capability has a file `navigation.py`, loaded when the application is ready:

    from thongsuot.web import navigation
    navigation.staff("dossiers:inbox", _("Việc của tôi"), icon="dossier", duty="process dossiers", order=10)
    navigation.citizen("procedures:list", _("Thủ tục"), icon="dossier", order=10, tile=_("Trực tuyến, mọi lúc"))
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.web.addresses import address
from thongsuot.web.request import actor_of

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry of a bar.

    match   addresses that begin so belong to this entry; the entry's own address when empty
    duties  any of them, held in any unit, shows the entry; none: everybody of that bar sees it
    tile    citizens only: the line under a big way in on the home page; no tile when empty
    """

    url_name: str
    label: Words
    icon: str
    order: int
    match: str = ""
    duties: frozenset[str] = frozenset()
    tile: Words = ""

    @property
    def href(self) -> str:
        return address(self.url_name)

    def shown_to(self, actor: Actor) -> bool:
        return not self.duties or any(actor.units_for(duty) for duty in self.duties)


@dataclass(frozen=True, kw_only=True)
class Link:
    """An entry as drawn for one request; with `parts` a word of the bar that opens several."""

    href: str
    label: Words
    icon: str
    current: bool
    tile: Words = ""
    parts: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section:
    """Addresses that begin alike and share one word of the officers' bar, so that it stays short."""

    begins: tuple[str, ...]
    label: Words
    icon: str


SECTIONS = (
    Section(
        begins=("/can-bo/so-theo-doi/", "/can-bo/so-ket-qua/", "/can-bo/ho-tich/", "/can-bo/tro-cap/", "/can-bo/tiep-dan/"),
        label=_("Sổ"),
        icon="calendar",
    ),
    Section(begins=("/can-bo/giao-nhan/", "/can-bo/so-hoa/"), label=_("Giấy tờ"), icon="scan"),
    Section(
        begins=("/can-bo/chi-so-cua-toi/", "/can-bo/chu-ky-so/", "/can-bo/bo-tri-cua-toi/"), label=_("Của tôi"), icon="user"
    ),
    Section(begins=("/dieu-hanh/",), label=_("Điều hành"), icon="up"),
    Section(begins=("/quan-tri/",), label=_("Quản trị"), icon="unit"),
)


@dataclass(frozen=True, kw_only=True)
class SearchLine:
    """A search line on a page of ours that another capability answers, by GET with `param`."""

    url_name: str
    param: str
    label: Words
    hint: Words
    button: Words

    @property
    def href(self) -> str:
        return address(self.url_name)


_staff: dict[str, Entry] = {}
_citizen: dict[str, Entry] = {}
_person: dict[str, Entry] = {}
_searches: dict[str, SearchLine] = {}
_kept: list[str] = []


def only(prefixes: Collection[str]) -> None:
    """Of all entries only those whose names begin so are shown: where the program can do no more (a local node)."""
    _kept.extend(prefixes)


def staff(
    url_name: str, label: Words, *, icon: str, order: int, duty: str | Collection[str] | None = None, match: str = ""
) -> None:
    """Add to the dark bar of officers. `duty`: one name, several (any of them is enough) or None for everyone with a post."""
    duties = frozenset([duty] if isinstance(duty, str) else duty or ())
    _staff[url_name] = Entry(url_name=url_name, label=label, icon=icon, order=order, match=match, duties=duties)


def citizen(url_name: str, label: Words, *, icon: str, order: int, match: str = "", tile: Words = "") -> None:
    """Add to the bar of citizens; with `tile` also one of the few big ways in on the home page."""
    _citizen[url_name] = Entry(url_name=url_name, label=label, icon=icon, order=order, match=match, tile=tile)


def person(url_name: str, label: Words, *, icon: str, order: int) -> None:
    """Add to the menu under the name of whoever is logged in: my account, my dossiers."""
    _person[url_name] = Entry(url_name=url_name, label=label, icon=icon, order=order)


def search(place: str, url_name: str, *, param: str, label: Words, hint: Words, button: Words) -> None:
    """Give the home page ("home") or the not-found page ("not-found") its search line."""
    _searches[place] = SearchLine(url_name=url_name, param=param, label=label, hint=hint, button=button)


def search_line(place: str) -> SearchLine | None:
    return _searches.get(place)


def _all(entries: Mapping[str, Entry]) -> list[Entry]:
    return [entry for name, entry in entries.items() if not _kept or name.startswith(tuple(_kept))]


def staff_links(request: HttpRequest) -> list[Link]:
    """The bar of officers: what this actor's duties open; of a section with several entries one word that opens them."""
    actor = actor_of(request)
    return _gathered(_drawn([entry for entry in _all(_staff) if entry.shown_to(actor)], request.path))


def citizen_links(request: HttpRequest) -> list[Link]:
    return _drawn(_all(_citizen), request.path)


def person_links(request: HttpRequest) -> list[Link]:
    return _drawn(_all(_person), request.path)


def first_for(actor: Actor) -> str | None:
    """Where an officer's day begins: the first entry this actor sees."""
    seen = sorted((entry for entry in _all(_staff) if entry.shown_to(actor)), key=lambda entry: entry.order)
    return seen[0].href if seen else None


def all_url_names() -> list[str]:
    return sorted({*_staff, *_citizen, *_person, *(line.url_name for line in _searches.values())})


def all_duties() -> frozenset[str]:
    return frozenset().union(*(entry.duties for entry in _staff.values()))


def _gathered(links: list[Link]) -> list[Link]:
    """Each section stands where its first entry stood; one entry alone stands for itself."""
    sections: dict[Section, list[Link]] = {section: [] for section in SECTIONS}
    for link in links:
        if section := _section_of(link):
            sections[section].append(link)
    bar: list[Link] = []
    for link in links:
        section = _section_of(link)
        parts = sections[section] if section else []
        if section is None or len(parts) == 1:
            bar.append(link)
        elif link is parts[0]:
            current = any(part.current for part in parts)
            bar.append(Link(href=link.href, label=section.label, icon=section.icon, current=current, parts=tuple(parts)))
    return bar


def _section_of(link: Link) -> Section | None:
    return next((section for section in SECTIONS if link.href.startswith(section.begins)), None)


def _drawn(entries: Collection[Entry], path: str) -> list[Link]:
    ordered = sorted(entries, key=lambda entry: entry.order)
    places = [(entry, entry.href) for entry in ordered]
    # The longest fitting prefix wins: /can-bo/ is not current on /can-bo/so-ho-so/ when that is an entry too.
    fits = [entry.match or href for entry, href in places if path.startswith(entry.match or href)]
    best = max(fits, key=len, default=None)
    return [
        Link(href=href, label=entry.label, icon=entry.icon, current=(entry.match or href) == best, tile=entry.tile)
        for entry, href in places
    ]

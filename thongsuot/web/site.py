"""What every page shows around its own words: city, language, theme, bars, banners. A context processor gives it as `site`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.urls import NoReverseMatch
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from thongsuot.kernel.actor import ANYONE, Actor
from thongsuot.web import maintenance, maps, navigation, stand_ins
from thongsuot.web.addresses import address
from thongsuot.web.request import actor_of

THEME_COOKIE = "giao_dien"
KEYS_COOKIE = "phim_tat"
LINES_COOKIE = "danh_sach"
THEMES = ("light", "dark")

_city_name: list[Callable[[], str]] = []


def city_named_by(name_of_city: Callable[[], str]) -> None:
    """`units` says what the city of this installation is called; the last one to say so is asked, once a page."""
    _city_name[:] = [name_of_city]


class Site:
    """Lazy: a page pays only for what it shows.

    bare  for faults: asks no database, so it knows neither the city nor who is logged in, and draws no forms
    """

    def __init__(self, request: HttpRequest, *, bare: bool = False) -> None:
        self.request = request
        self.bare = bare

    @cached_property
    def city(self) -> str:
        return _city_name[0]() if _city_name and not self.bare else ""

    @property
    def hotline(self) -> str:
        return settings.HOTLINE

    @cached_property
    def csrf(self) -> SafeString:
        """The hidden token, masked once a page and not once a form. A bare page draws no forms."""
        return SafeString("") if self.bare else csrf_input(self.request)

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def theme(self) -> str:
        """light, dark, or empty: as the system of the reader has it."""
        chosen = self.request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else ""

    @property
    def keys(self) -> bool:
        """Single-letter keys can be switched off: they disturb people who dictate (WCAG 2.1.4)."""
        return self.request.COOKIES.get(KEYS_COOKIE) != "off"

    @property
    def compact(self) -> bool:
        """Long lists in one line a row, for officers who want eighteen on a screen instead of ten."""
        return self.request.COOKIES.get(LINES_COOKIE) == "one"

    @property
    def here(self) -> str:
        """Where a small form (language, theme) brings the reader back to."""
        return self.request.get_full_path() if self.request.method == "GET" else ""

    @property
    def actor(self) -> Actor:
        return ANYONE if self.bare else actor_of(self.request)

    @cached_property
    def staff_links(self) -> list[navigation.Link]:
        return [] if self.bare else navigation.staff_links(self.request)

    @cached_property
    def citizen_links(self) -> list[navigation.Link]:
        return navigation.citizen_links(self.request)

    @property
    def not_found_search(self) -> navigation.SearchLine | None:
        return navigation.search_line("not-found")

    @property
    def sending(self) -> bool:
        """The reader was sending something, so a fault must say what became of it."""
        return self.request.method not in {"GET", "HEAD"}

    @cached_property
    def ground(self) -> maps.Ground:
        """What maps of the page are drawn on."""
        return maps.ground()

    @property
    def demo(self) -> bool:
        return not settings.PRODUCTION and not settings.LOCAL_NODE

    @property
    def stand_ins(self) -> list[str]:
        return stand_ins.announced()

    @property
    def maintenance(self) -> maintenance.Pause | None:
        return maintenance.announced()

    @property
    def login_href(self) -> str:
        return _href(settings.LOGIN_URL)

    @property
    def logout_href(self) -> str:
        return _href("account_logout")

    @cached_property
    def person_links(self) -> list[navigation.Link]:
        return [] if self.bare else navigation.person_links(self.request)


def _href(name: str) -> str:
    """Empty when this installation has no such page."""
    try:
        return address(name)
    except NoReverseMatch:
        return ""


def safe_next(request: HttpRequest, address: str) -> str:
    """The address when it lies on this site, otherwise empty: a login must never send people elsewhere."""
    hosts = {request.get_host()}
    return address if address and url_has_allowed_host_and_scheme(address, hosts, require_https=request.is_secure()) else ""


def came_from(request: HttpRequest) -> str:
    """The page the reader was on, when it was one of ours."""
    try:
        return safe_next(request, request.META.get("HTTP_REFERER", ""))
    except DisallowedHost:  # asked by a page about exactly that
        return ""


def page(request: HttpRequest) -> dict[str, Site]:
    return {"site": Site(request)}

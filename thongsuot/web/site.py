"""What every page shows around its own words: city, language, theme, bars, banners. A context processor gives it as `site`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from thongsuot.kernel.actor import ANYONE, Actor
from thongsuot.web import maintenance, navigation, stand_ins
from thongsuot.web.request import actor_of

THEME_COOKIE = "giao_dien"
KEYS_COOKIE = "phim_tat"
THEMES = ("light", "dark")

_city_name: list[Callable[[], str]] = []


def city_named_by(name_of_city: Callable[[], str]) -> None:
    """`units` says what the city of this installation is called; the last one to say so is asked, once a page."""
    _city_name[:] = [name_of_city]


class Site:
    """Lazy: a page pays only for what it shows. Without a request (faults) it asks no database."""

    def __init__(self, request: HttpRequest | None) -> None:
        self.request = request

    @cached_property
    def city(self) -> str:
        return _city_name[0]() if _city_name and self.request is not None else ""

    @property
    def hotline(self) -> str:
        return settings.HOTLINE

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def theme(self) -> str:
        """light, dark, or empty: as the system of the reader has it."""
        chosen = self.request.COOKIES.get(THEME_COOKIE, "") if self.request else ""
        return chosen if chosen in THEMES else ""

    @property
    def keys(self) -> bool:
        """Single-letter keys can be switched off: they disturb people who dictate (WCAG 2.1.4)."""
        return self.request is None or self.request.COOKIES.get(KEYS_COOKIE) != "off"

    @property
    def here(self) -> str:
        """Where a small form (language, theme) brings the reader back to."""
        if self.request is None or self.request.method != "GET":
            return ""
        return self.request.get_full_path()

    @property
    def actor(self) -> Actor:
        return actor_of(self.request) if self.request is not None else ANYONE

    @cached_property
    def staff_links(self) -> list[navigation.Link]:
        return navigation.staff_links(self.request) if self.request is not None else []

    @cached_property
    def citizen_links(self) -> list[navigation.Link]:
        return navigation.citizen_links(self.request) if self.request is not None else []

    @property
    def demo(self) -> bool:
        return not settings.PRODUCTION

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
        return navigation.person_links(self.request) if self.request is not None else []


def _href(name: str) -> str:
    """Empty when this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def page(request: HttpRequest) -> dict[str, Site]:
    return {"site": Site(request)}

"""Pages of no capability: home, where to go after login, language and theme, what the site says of itself."""

from __future__ import annotations

from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_GET, require_POST

from thongsuot.web import home as home_page
from thongsuot.web import navigation, site
from thongsuot.web.request import actor_of

YEAR_SECONDS = 365 * 24 * 3600


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The portal. All but the greeting comes from capabilities: `navigation` and `home`."""
    return render(request, "web/home.html", {
        "search": navigation.search_line("home"),
        "tiles": [link for link in navigation.citizen_links(request) if link.tile],
        "main_sections": home_page.drawn(request, "main"),
        "side_sections": home_page.drawn(request, "side"),
    })


@require_GET
def after_login(request: HttpRequest) -> HttpResponse:
    """Officers to the first thing their duties show them, citizens home. A `next` of our own goes before both."""
    actor = actor_of(request)
    asked = safe_next(request, request.GET.get("next", ""))
    return redirect(asked or (navigation.first_for(actor) if actor.is_staff else None) or "web:home")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Vietnamese or English, remembered in a cookie. An unknown language changes nothing."""
    answer = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        _remember(answer, settings.LANGUAGE_COOKIE_NAME, chosen)
    return answer


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the system; single-letter keys on or off. Unknown values change nothing."""
    answer = _back(request)
    theme = request.POST.get("theme", "")
    if theme in site.THEMES:
        _remember(answer, site.THEME_COOKIE, theme)
    elif theme == "system":
        answer.delete_cookie(site.THEME_COOKIE)
    keys = request.POST.get("keys", "")
    if keys == "off":
        _remember(answer, site.KEYS_COOKIE, "off")
    elif keys == "on":
        answer.delete_cookie(site.KEYS_COOKIE)
    return answer


@require_GET
def personal_data(request: HttpRequest) -> HttpResponse:
    return render(request, "web/personal_data.html")


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html")


@require_GET
def source(request: HttpRequest) -> HttpResponse:
    return render(request, "web/source.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token did not fit: most often the page was left open for long."""
    return render(request, "web/csrf.html", {"back": came_from(request)}, status=403)


def safe_next(request: HttpRequest, address: str) -> str:
    """The address when it lies on this site, otherwise empty: a login must never send people elsewhere."""
    hosts = {request.get_host()}
    return address if address and url_has_allowed_host_and_scheme(address, hosts, require_https=request.is_secure()) else ""


def came_from(request: HttpRequest) -> str:
    """The page the reader was on, when it was one of ours."""
    return safe_next(request, request.META.get("HTTP_REFERER", ""))


def _back(request: HttpRequest) -> HttpResponseRedirect:
    asked = safe_next(request, unquote(request.POST.get("next", ""))) or came_from(request)
    return HttpResponseRedirect(asked or "/")


def _remember(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=YEAR_SECONDS, httponly=True, samesite="Lax", secure=settings.TLS)

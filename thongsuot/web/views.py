"""Pages of no capability: home, where to go after login, language and theme, what the site says of itself."""

from __future__ import annotations

import sys
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language
from django.views.decorators.http import require_GET, require_POST

from thongsuot.web import components_used, faults, navigation, site
from thongsuot.web import home as home_page
from thongsuot.web.request import actor_of
from thongsuot.web.site import came_from, safe_next

YEAR_SECONDS = 365 * 24 * 3600
# Field of the small forms: (its cookie, values that are kept, value that is the same as no cookie).
PREFERENCES = {
    "theme": (site.THEME_COOKIE, site.THEMES, "system"),
    "keys": (site.KEYS_COOKIE, ("off",), "on"),
    "lines": (site.LINES_COOKIE, ("one",), "two"),
}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The portal. All but the greeting comes from capabilities: `navigation` and `home`."""
    return render(
        request,
        "web/home.html",
        {
            "search": navigation.search_line("home"),
            "tiles": [link for link in navigation.citizen_links(request) if link.tile],
            "main_sections": home_page.drawn(request, "main"),
            "side_sections": home_page.drawn(request, "side"),
        },
    )


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
    """Light, dark or as the system; single-letter keys; lists in one line a row. Unknown values change nothing."""
    answer = _back(request)
    for field, (cookie, kept, default) in PREFERENCES.items():
        chosen = request.POST.get(field, "")
        if chosen in kept:
            _remember(answer, cookie, chosen)
        elif chosen == default:
            answer.delete_cookie(cookie)
    return answer


@require_GET
def personal_data(request: HttpRequest) -> HttpResponse:
    return render(request, "web/personal_data.html")


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "web/accessibility.html")


@require_GET
def source(request: HttpRequest) -> HttpResponse:
    return render(request, "web/source.html", {"packages": components_used.packages()})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token did not fit: most often the page was left open for long."""
    return render(request, "web/csrf.html", {"back": came_from(request)}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return faults.answer(request, faults.known_fault(exception) or faults.malformed())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return faults.answer(request, faults.forbidden())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return faults.answer(request, faults.not_found())


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this while the exception is being handled; middleware that lost the database ends here too."""
    return faults.answer(request, faults.of(request, sys.exc_info()[1]))


def _back(request: HttpRequest) -> HttpResponseRedirect:
    asked = safe_next(request, unquote(request.POST.get("next", ""))) or came_from(request)
    return HttpResponseRedirect(asked or "/")


def _remember(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(name, value, max_age=YEAR_SECONDS, httponly=True, samesite="Lax", secure=settings.TLS)

"""At a node: while it runs the hall, the pages of the hall and nothing else; while it follows, the way to the city."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import urlencode

from thongsuot.kernel import clock
from thongsuot.local_nodes import queries
from thongsuot.local_nodes.actions import errors
from thongsuot.local_nodes.actions.node import in_the_hall
from thongsuot.web.middleware import refused

# What people do in a hall; setting one up is the city's, and would not be told to it.
HALL = frozenset(
    f"counters:{name}"
    for name in (
        *("board", "board_live", "spoken", "notice_board", "notice_screen"),
        *("kiosk", "kiosk_live", "kiosk_priority", "kiosk_booking", "kiosk_ticket"),
        *("rating", "rating_live", "rating_reasons"),
        *("points", "hall", "hall_live", "desk", "desk_live", "ticket", "bookings"),
    )
)
ALWAYS = ("/static/", "/ngon-ngu/", "/tuy-chon/", "/healthz", "/readyz", "/nut-tai-cho/")
READ_ONLY = {"counters:bookings"}  # who booked is written to, by the city
HEARD_WITHIN = timedelta(seconds=5)
LOGIN, HOME = "/tai-khoan/dang-nhap/", "/nut-tai-cho/"


class AtNode:
    """Stands after sessions and before who asks is known: nothing of it needs an account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.LOCAL_NODE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ALWAYS) and request.method in {"GET", "HEAD", "POST"}:
            return self.get_response(request)
        if request.path == "/":
            return redirect(HOME)
        if request.method == "POST":
            with in_the_hall():  # and it stays ours until this is done
                return self._acting(request)
        return self._acting(request)

    def _acting(self, request: HttpRequest) -> HttpResponse:
        found = queries.standing()
        if found is None or found.acting_since is None:
            if request.method == "POST":
                return refused(request, errors.NotActing())
            if (
                found
                and found.heard_at
                and clock.now() - found.heard_at > HEARD_WITHIN
                and not request.headers.get("HX-Request")
            ):
                return render(request, "local_nodes/wait.html")  # the city would not answer there, and we do not act yet
            # What the page itself asks for is no address of a page: whoever asked so begins at the page they have open.
            asked_by = request.headers.get("HX-Current-URL", "")
            path = "/" + asked_by.split("/", 3)[-1] if asked_by.count("/") >= 3 else request.get_full_path()
            return redirect((found.city if found else "") + path)
        if request.path == LOGIN:
            return redirect(f"{HOME}vao/?{urlencode({'next': request.GET.get('next', '/can-bo/quay/')})}")
        page = _page_of(request.path)
        if page not in HALL or (request.method == "POST" and page in READ_ONLY):
            return refused(request, errors.NeedsCity())
        return self.get_response(request)


def _page_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""

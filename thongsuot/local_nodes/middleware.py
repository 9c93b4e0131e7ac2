"""At a node: while it runs the hall, the pages of the hall and nothing else; while it follows, the way to the city."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from thongsuot.kernel import clock
from thongsuot.local_nodes import queries
from thongsuot.local_nodes.actions import errors
from thongsuot.local_nodes.actions.node import in_the_hall
from thongsuot.web.middleware import refused

HALL = ("/can-bo/quay/", "/bang-goi-so/", "/lay-so/", "/danh-gia/", "/nut-tai-cho/")
ALWAYS = ("/static/", "/ngon-ngu/", "/tuy-chon/", "/healthz", "/readyz", "/nut-tai-cho/")
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
        if not request.path.startswith(HALL):
            return refused(request, errors.NeedsCity())
        return self.get_response(request)

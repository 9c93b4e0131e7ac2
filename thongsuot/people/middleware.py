"""Who asks: puts the actor on every request, and watches the doors of the pages for officers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from thongsuot.kernel import clock
from thongsuot.kernel.actor import ANYONE, Actor
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.people.models import Person
from thongsuot.people.second_factor import NeedsSecondFactor, WithoutSecondFactor, actor_at_the_door
from thongsuot.web.middleware import refused

# Pages for officers, leaders and administrators. Their views and commands check the very duty; this only keeps strangers out.
STAFF_PAGES = ("/can-bo/", "/dieu-hanh/", "/quan-tri/")
LEVEL_IN_SESSION = "identity_level"  # set at login: people.adapter
HAD_A_POST = "had_a_post"  # in the session: logged in as an officer


def note_post(request: HttpRequest, actor: Actor) -> None:
    """At login: remember that this session is an officer's, so that it ends with the last post."""
    if actor.post:
        request.session[HAD_A_POST] = True


class ActorMiddleware:
    """`request.actor`: who asks. A stranger costs no query, a person one (two when a second factor is due).

    - A session of an officer whose last post has ended is closed at the next request (a locked account, or "log out
      everywhere", ends it even sooner: Django then no longer accepts the session at all).
    - Pages for officers: a stranger is asked to log in, someone without a post is refused, someone whose second factor
      is missing is led to set it up.
    Stands last: it needs sessions, authentication and messages, and htmx turns its redirects into ones a fragment can follow.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        actor = actor_at_the_door(person, at=clock.now()) if isinstance(person, Person) else ANYONE
        if person.is_authenticated and (level := request.session.get(LEVEL_IN_SESSION)):
            actor = replace(actor, identity_level=level)
        request.actor = actor  # type: ignore[attr-defined]  # read by web.request.actor_of
        if person.is_authenticated and not actor.post and request.session.get(HAD_A_POST):
            return _closed(request)
        if request.path.startswith(STAFF_PAGES):
            return _stopped_at_the_door(request, actor) or self.get_response(request)
        return self.get_response(request)


def _closed(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.info(request, _("Nhiệm vụ của bạn đã kết thúc, phiên làm việc đã đóng. Bạn vẫn đăng nhập được như mọi người dân."))
    return redirect("account_login")


def _stopped_at_the_door(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    if isinstance(actor, WithoutSecondFactor):
        if request.method != "GET":
            return refused(request, NeedsSecondFactor())
        messages.warning(request, NeedsSecondFactor().message())
        return redirect("mfa_index")
    # For someone not logged in at all this becomes the way to login.
    return None if actor.is_staff else refused(request, NotYourDuty(""))

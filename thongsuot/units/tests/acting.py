"""Who asks, in tests of pages: `people`, which says so in the house, lies above us."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from thongsuot.kernel.actor import ANYONE, Actor

PEOPLE = "thongsuot.people.middleware.ActorMiddleware"
HERE = "thongsuot.units.tests.acting.ActingMiddleware"

_acting: list[Actor] = [ANYONE]


def act_as(actor: Actor) -> None:
    _acting[0] = actor


class ActingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = _acting[0]
        return self.get_response(request)


def keeper(*unit_ids: int, duty: str = "manage units", name: str = "Lê Thị Hạnh") -> Actor:
    """Someone who holds one duty in these units."""
    return Actor(person_id=None, name=name, post="Quản trị", duties={duty: frozenset(unit_ids)})

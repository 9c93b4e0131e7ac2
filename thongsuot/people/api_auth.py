"""How programs show who they are: `Authorization: Bearer ts_...`."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.people import queries


class BearerActor(HttpBearer):
    """For `auth=` of a router: the handler finds the Actor in `request.auth` and `request.actor`.

    Without a good key the answer is a 401. A key remembered from a moment ago costs no query.
    """

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = queries.actor_for_token(token, at=clock.now())
        if actor is not None:
            request.actor = actor  # type: ignore[attr-defined]  # read by web.request.actor_of
        return actor

"""Who asks: the one place where a page turns a request into an Actor."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from thongsuot.kernel.actor import ANYONE, Actor


def actor_of(request: HttpRequest) -> Actor:
    """The actor the middleware of `people` put on the request; anyone at all where there is none."""
    return cast(Actor, getattr(request, "actor", ANYONE))

"""A pulse tells the pages that follow something that it changed; each then asks anew for what it shows (`web.live`).

A pulse says nothing else, so it needs no rights and can be lost without harm: who connects again asks anew as well. It is sent
by the command that changes something and leaves with its commit, as a NOTIFY of PostgreSQL; `web.pulse_server` passes it on
to browsers as a server-sent event. Without that process pages ask by themselves every few seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.core.exceptions import DisallowedHost
from django.db import connection
from django.db.models import Model
from django.http import HttpRequest

from thongsuot.kernel.events import EventKind, witness

CHANNEL = "thongsuot_pulses"
PATH = "/truc-tiep/"
_signer = signing.Signer(salt="web.pulses")


def pulse(topic: str) -> None:
    """Whoever follows the topic asks anew once this transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])


def told_of(capability: str, topics: Callable[[Model], Iterable[str]]) -> None:
    """Each event of the capability is a pulse to the topics of its subject."""

    def tell(subject: Model, _kind: EventKind, _at: datetime) -> None:
        for topic in topics(subject):
            pulse(topic)

    witness(capability, tell)


def address(request: HttpRequest, topic: str) -> str:
    """Where a page that was allowed to be seen follows the topic; empty when this installation has no pulse server."""
    if not settings.PULSES:
        return ""
    return f"{origin(request)}{PATH}?{urlencode({'theo': _signer.sign(topic)})}"


def origin(request: HttpRequest) -> str:
    """Of the pulse server when it answers on a port of its own, for the content policy; empty when it shares ours."""
    if not settings.PULSES.startswith(":"):
        return ""
    try:
        host = request.get_host()
    except DisallowedHost:  # it gets a refusal, which follows nothing
        return ""
    name = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return f"{request.scheme}://{name}{settings.PULSES}"


def topic_in(signed: str) -> str | None:
    """None when we did not sign it."""
    try:
        return _signer.unsign(signed)
    except signing.BadSignature:
        return None

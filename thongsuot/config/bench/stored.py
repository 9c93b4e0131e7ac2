"""How long the pages take with much stored: each read as the program does it, in one table and JSON.

Tracking is asked over loopback by some clients; pages are drawn in this process, so that the time is theirs alone.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from thongsuot.config.bench import load
from thongsuot.config.wsgi import application
from thongsuot.dossiers.queries import leading, search
from thongsuot.kernel.actor import Actor
from thongsuot.people.queries import actor_for

ROUNDS = 9
MOST_MILLISECONDS = 200.0  # of a dashboard
# Pages of `indicators`, of the whole city; the index may take longer.
INDICATORS = {"index": 2000.0, "compare": 200.0, "steps": None, "series": 200.0, "map": 200.0, "report": None, "fifteen": None}
MOST_TIMES = 1.5  # of tracking, against the time with little stored


@dataclass(frozen=True)
class Read:
    """One measured read. `ours` in milliseconds, the median; `most` of them are allowed, None: no budget."""

    work: str
    stored: int
    ours: float
    slowest: float
    queries: int
    bytes: int
    most: float | None = None

    @property
    def good(self) -> bool:
        return self.most is None or self.ours <= self.most


class Reader:
    """Asks for pages as a logged-in person, without a server between."""

    def __init__(self, person: Any) -> None:
        client = Client(HTTP_HOST="localhost")
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        self._cookies = "; ".join(f"{key}={value.value}" for key, value in client.cookies.items())

    def page(self, path: str, **asked: str) -> Callable[[], int]:
        """Draws the page when called; gives its length. Raises AssertionError for another status than 200."""
        content = self.content(path, **asked)
        return lambda: len(content())

    def content(self, path: str, **asked: str) -> Callable[[], bytes]:
        environ = RequestFactory().get(path, asked).environ | {"HTTP_HOST": "localhost", "HTTP_COOKIE": self._cookies}

        def draw() -> bytes:
            sent: list[str] = []
            answer: Any = application(dict(environ), lambda status, *_rest: sent.append(status))
            content = b"".join(answer)
            if hasattr(answer, "close"):
                answer.close()
            assert sent == ["200 OK"], (path, sent)
            return content

        return draw


def measure(world: Any, *, port: int, now: datetime) -> list[Read]:
    """All reads, one after the other."""
    return [*_tracking(_stored(), port), *pages(world, now=now)]


def pages(world: Any, *, now: datetime) -> Iterator[Read]:
    """What officers and leaders read. Also part of the benchmark beside pgbench."""
    stored = _stored()
    for work, run, most in _reads(world, now):
        yield _timed(work, stored, run, most)


def _stored() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dossiers_dossier")
        count: int = cursor.fetchone()[0]
    return count


def _tracking(stored: int, port: int) -> Iterator[Read]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM dossiers_dossier TABLESAMPLE SYSTEM (%s) LIMIT 4000", [min(100, 4e7 / max(stored, 1))])
        codes = [row[0] for row in cursor.fetchall()]
    requests = [load.request("GET", f"/api/v1/track/{quote(code)}") for code in codes]
    load.run(requests, port=port, clients=4, seconds=2)
    # The median of a round differs from that of the next by up to twice, whatever is stored.
    rounds = [load.run(requests, port=port, clients=4, seconds=2) for _ in range(ROUNDS)]
    for answers in rounds:
        assert answers.good == sum(answers.by_status.values()), dict(answers.by_status)
    yield Read(
        work="track by code, 4 clients",
        stored=stored,
        ours=statistics.median(answers.percentile(0.5) for answers in rounds),
        slowest=max(answers.percentile(0.99) for answers in rounds),
        queries=1,
        bytes=0,
    )


def _reads(world: Any, now: datetime) -> Iterator[tuple[str, Callable[[], int], float | None]]:
    city, ward = frozenset(world.unit_ids), world.unit_ids[len(world.unit_ids) // 2]
    reader, chosen = Reader(world.officer), str(ward)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, code, owner_phone, owner_name FROM dossiers_dossier WHERE resolving_unit_id = %s "
            "ORDER BY id DESC LIMIT 1",
            [ward],
        )
        dossier_id, code, phone, name = cursor.fetchone()
    today = timezone.localdate(now)

    def city_figures(days: int) -> Callable[[], int]:
        def run() -> int:
            first = today - timedelta(days=days)
            leading.unit_figures(city, first=first, last=today, now=now)
            leading.received_by_day(city, first=first, last=today)
            leading.late_dossiers(city, now=now)
            leading.late_by_duty(city, now=now)
            return 0

        return run

    yield "officer's inbox of a ward", reader.page("/can-bo/", hang="tat-ca", don_vi=chosen), None
    yield "leader's dashboard of a ward, 30 days", reader.page("/dieu-hanh/", don_vi=chosen), MOST_MILLISECONDS
    yield "leader's dashboard of a ward, a year", reader.page("/dieu-hanh/", don_vi=chosen, ngay="365"), MOST_MILLISECONDS
    yield "city dashboard, figures of 13 days", city_figures(13), MOST_MILLISECONDS
    yield "city dashboard, figures of a year", city_figures(365), MOST_MILLISECONDS
    yield "city dashboard, page of 30 days", reader.page("/dieu-hanh/"), None
    yield "one dossier", reader.page(f"/can-bo/ho-so/{dossier_id}/"), None
    for page, most in INDICATORS.items():
        with suppress(NoReverseMatch):  # an installation without them
            yield f"city, {page}", reader.page(reverse(f"indicators:{page}")), most
    asked = {
        "code": code,
        "telephone": phone,
        "a whole name": name,
        "a common family name": "Nguyễn",
        "a name nobody has": "Zzz",
    }
    for whose, actor in (("a ward", _of(world, now, frozenset({ward}))), ("the city", _of(world, now, city))):
        for what, words in asked.items():
            yield f"find by {what}, officer of {whose}", partial(_found, words, actor), None
    yield "logbook of a ward, this month", reader.page("/can-bo/so-theo-doi/", don_vi=chosen), None


def _of(world: Any, now: datetime, unit_ids: frozenset[int]) -> Actor:
    """The officer as if all duties held in these units alone."""
    actor = actor_for(world.officer, at=now)
    return replace(actor, duties=dict.fromkeys(actor.duties, unit_ids))


def _found(words: str, actor: Actor) -> int:
    return len(search.found(words, actor=actor))


class _Counter:
    """Counts statements; a request of its own would empty Django's list of them."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.queries += 1
        return execute(*arguments)


def _timed(work: str, stored: int, run: Callable[[], int], most: float | None) -> Read:
    run()
    asked = _Counter()
    with connection.execute_wrapper(asked):
        length = run()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run()
        taken.append((time.perf_counter() - began) * 1000)
        if sum(taken) > 20_000:
            break
    return Read(
        work=work,
        stored=stored,
        ours=statistics.median(taken),
        slowest=max(taken),
        queries=asked.queries,
        bytes=length,
        most=most,
    )


def shown(read: Read, before: float | None) -> str:
    """One line of the table, beside the same work with less stored."""
    times = f"{read.ours / before:5.2f}x" if before else "      "
    budget = f"{'✓' if read.good else '✗'} <= {read.most:.0f} ms" if read.most else ""
    figures = f"{read.ours:9.1f} ms {read.slowest:9.1f} ms {times} {read.queries:3d} queries"
    return f"{read.work:<42} {read.stored:>12,} {figures} {budget}"


def plain(reads: list[Read]) -> list[dict[str, Any]]:
    return [{**asdict(read), "good": read.good} for read in reads]

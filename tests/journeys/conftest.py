"""Journeys walk the real pages of a demo city, Hà Nội, in Chromium.

Loading the city takes a while, so it is done once, into a database of its own (`city`). Every module of journeys gets a copy
of it (half a second), a server on a free port, and a clock that it moves itself. With --reuse-db the loaded city is kept for
the next run; drop the database test_journeys_city when what is loaded has changed. SCREENSHOTS=1 keeps a picture of every
kind of page in build/screenshots.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection
from django.test.testcases import QuietWSGIRequestHandler
from django.utils import timezone

from tests.journeys.browsing import Browsing, Seen, Visitor
from thongsuot.config.loading import STEPS
from thongsuot.kernel.tests.databases import drop, exists, in_database, migrated, run
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.demo import PASSWORD
from thongsuot.web.tests.chromium import chromium

# Not pytest-django's database: that one is there only in runs whose tests are marked for it, and is emptied between them.
CITY = f"test_journeys_{os.environ.get('PYTEST_XDIST_WORKER', 'city')}"
MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=VIET_NAM)  # an ordinary working week
_real_now = timezone.now


class Clock:
    """What `timezone.now()` says while a journey lasts: it starts on a Monday at nine and runs on."""

    def __init__(self, begins: datetime = MONDAY) -> None:
        self._ahead = begins - _real_now()

    def now(self) -> datetime:
        return _real_now() + self._ahead

    def move_to(self, at: datetime) -> None:
        """Only forward: history is written in order."""
        assert at > self.now()
        self._ahead = at - _real_now()

    def move(self, **by: int) -> None:
        self.move_to(self.now() + timedelta(**by))


@pytest.fixture(scope="session")
def city(django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a database in which the whole demo city is loaded; journeys use copies of it."""
    kept = request.config.getoption("reuse_db")
    with django_db_blocker.unblock():
        if not (kept and exists(CITY)):
            half = f"{CITY}_half"
            drop(CITY)
            drop(half)
            run(f'CREATE DATABASE "{half}" TEMPLATE "{migrated()}"')
            with in_database(half):
                for step in STEPS:
                    step.run("01", MONDAY - timedelta(hours=1), lambda what, done, total: None)
            run(f'ALTER DATABASE "{half}" RENAME TO "{CITY}"')
    yield CITY
    if not kept:
        with django_db_blocker.unblock():
            drop(CITY)


@pytest.fixture(scope="session")
def worked_city(city: str, django_db_blocker: Any) -> Iterator[str]:
    """The city after its worker has done all that the loading left to do; no module that lets the worker run waits for it."""
    name, now = f"{city}_worked", timezone.now
    with django_db_blocker.unblock():
        drop(name)
        run(f'CREATE DATABASE "{name}" TEMPLATE "{city}"')
        timezone.now = Clock(MONDAY - timedelta(hours=1)).now
        try:
            with in_database(name):
                _work_off()
        finally:
            timezone.now = now
        # Connections of threads that the worker had are open until somebody looks for rubbish; nobody may copy meanwhile.
        run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - our own name
    yield name
    with django_db_blocker.unblock():
        drop(name)


def _work_off() -> None:
    """In a thread of its own: a browser keeps an event loop in this one."""
    from procrastinate.contrib.django import app

    def work() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:
            worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful")
        connection.close()

    thread = Thread(target=work)
    thread.start()
    thread.join(180)
    assert not thread.is_alive()
    with connection.cursor() as cursor:
        # Those with a timestamp are called by the clock and not by what people did.
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs WHERE args->>'timestamp' IS NULL")
        assert cursor.fetchall() == []


@pytest.fixture(scope="module")
def clock() -> Iterator[Clock]:
    own = Clock()
    timezone.now = own.now
    yield own
    timezone.now = _real_now


@pytest.fixture(scope="module")
def address(city: str, clock: Clock, django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server in this process, on a copy of the city. Tests of the module see the same database."""
    from thongsuot.config.wsgi import application

    copy = f"{city}_copy"
    works = any("run_jobs" in one.fixturenames for one in request.session.items if one.path == request.path)
    template = request.getfixturevalue("worked_city") if works else city
    with django_db_blocker.unblock():
        drop(copy)
        run(f'CREATE DATABASE "{copy}" TEMPLATE "{template}"')
        with in_database(copy):
            server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
            server.set_app(application)
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()
            server.server_close()
            thread.join(5)
        drop(copy)


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    folder = tmp_path_factory.getbasetemp()
    return Seen((folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "pages-seen")


@pytest.fixture(scope="module")
def browsing(address: str, seen: Seen) -> Iterator[Browsing]:
    with chromium() as browser:
        yield Browsing(browser, address, seen)


@pytest.fixture(scope="module")
def staff(browsing: Browsing, clock: Clock) -> Callable[[str], Visitor]:
    """Officers by name. Each logs in on the morning of a day they are needed, and stays at their desk."""
    at_work: dict[str, tuple[datetime, Visitor]] = {}

    def officer(who: str) -> Visitor:
        if who not in at_work or clock.now() - at_work[who][0] > timedelta(hours=8):
            visitor = browsing.visitor()
            visitor.visit("/tai-khoan/dang-nhap/")
            visitor.fill(login=f"{who}@demo.thongsuot.vn", password=PASSWORD)
            visitor.press("Đăng nhập")
            at_work[who] = (clock.now(), visitor)
        return at_work[who][1]

    return officer


@pytest.fixture
def run_jobs(address: str) -> Callable[[], None]:
    """Let the worker do all that waits."""
    return _work_off

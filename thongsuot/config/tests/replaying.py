"""A town of two wards and three procedures in which a replay takes seconds, and what two replays are compared by."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
from django.db import connection

from thongsuot.config import rehearsal
from thongsuot.config.bench.run import free_port, wait_for
from thongsuot.config.replay.arrivals import Arrival, arrivals
from thongsuot.config.replay.doors import Doors, Request
from thongsuot.config.replay.facts import City, read_city
from thongsuot.config.replay.lives import Act, Lives
from thongsuot.config.replay.play import OverHttp, Player, Transport
from thongsuot.config.replay.staff import Keys, open_accounts, planned
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.make import FEE, HOUSE, STEPS, make_procedure
from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.die_with_parent import with_parent
from thongsuot.kernel.models import Event
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.procedures.content import Condition, Paper, Way
from thongsuot.units.tests.make import make_city

FIRST = date(2025, 7, 1)
MORNING = datetime(2025, 7, 1, 6, tzinfo=VIET_NAM)
SEED = 7


# What is filed online is not reviewed: a process that branches.
BRANCHING = tuple(
    msgspec.structs.replace(step, ways=(Way(to="ky", when=Condition(field="channel", value=2)), Way(to="soat")))
    if step.key == "tham-dinh"
    else msgspec.structs.replace(step, minutes=120 if step.key == "tham-dinh" else step.minutes)
    for step in STEPS
)


def make_town_to_replay() -> City:
    city = make_city()
    papers = (Paper(code="giay-chung-nhan", name="Giấy chứng nhận", originals=1),)
    for code, limit, more in (
        ("9.000001", Limit(1, LimitUnit.SAME_DAY), {"fee_rules": (FEE,)}),
        ("9.000002", Limit(5, LimitUnit.WORKING_DAYS), {"papers": papers, "non_boundary": True, "steps": BRANCHING}),
        ("9.000003", Limit(8, LimitUnit.WORKING_HOURS), {"channels": frozenset({2})}),
    ):
        make_procedure(code, city_id=city.city.pk, limit=limit, **more)
    return read_city("98", first=FIRST, days=2, until=FIRST + timedelta(days=3))


class Plan:
    """What is to be played: the same for every replay of the town."""

    def __init__(self, city: City, dossiers: int, seed: int = SEED) -> None:
        self.city, self.dossiers, self.seed = city, dossiers, seed
        self.arrivals: list[Arrival] = arrivals(city, dossiers, seed)

    def acts(self) -> Iterator[Act]:
        return Lives(self.city, planned(self.city, self.arrivals), self.seed).acts(self.arrivals)

    def keys(self) -> Keys:
        return open_accounts(
            self.city,
            planned(self.city, self.arrivals),
            at=MORNING,
            lasts=timedelta(days=90),
            seed=self.seed,
            progress=lambda done, total: None,
        )

    def player(self, transport: Transport, *, workers: int, log: Path | None = None, **more: Any) -> Player:
        return Player(transport, Doors(self.keys()), self.arrivals, seed=self.seed, workers=workers, log=log, **more)


class InProcess:
    """The program without a network. Nobody knows which answer is a thread's last: it closes its connection after each."""

    def __init__(self) -> None:
        from thongsuot.config.wsgi import application

        self._application = rehearsal.with_simulated_time(application)

    def send(self, request: Request, headers: dict[str, str]) -> tuple[int, bytes]:
        from io import BytesIO

        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "PATH_INFO": request.path,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(request.body),
            "CONTENT_TYPE": request.kind,
            "CONTENT_LENGTH": str(len(request.body)),
            "HTTP_HOST": "localhost",
        }
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        sent: list[str] = []
        answer: Any = self._application(environ, lambda status, _headers, *_rest: sent.append(status))
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        connection.close()
        return int(sent[0][:3]), body


@contextmanager
def server(folder: Path) -> Iterator[OverHttp]:
    """The real web server on the test's own database, in a folder that is marked."""
    rehearsal.mark(folder, "test")
    (folder / "static").mkdir()
    settings, port = connection.settings_dict, free_port()
    login = quote(settings["USER"], safe="") + (f":{quote(settings['PASSWORD'], safe='')}" if settings.get("PASSWORD") else "")
    host, options = settings["HOST"], dict(settings.get("OPTIONS", {}))
    if host.startswith("/"):
        options["host"], host = host, ""
    place = f"{host}:{settings['PORT']}" if host and settings.get("PORT") else host
    query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in options.items() if isinstance(value, str))
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{login}@{place}/{settings['NAME']}?{query}",
        "THONGSUOT_DATA": str(folder),
        "THONGSUOT_ENV": "test",
        "THONGSUOT_CITY": "98",
        "THONGSUOT_SIMULATED_CLOCK": "1",
        "THONGSUOT_LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "thongsuot.config.cli", "web", "--port", str(port)],
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=with_parent(signal.SIGTERM),
    )
    try:
        wait_for(port)
        yield OverHttp(port)
    finally:
        process.terminate()
        process.wait(20)


def fingerprint() -> list[tuple[Any, ...]]:
    """Codes and events of all dossiers but what differs by nature: ids of rows, random codes, the machine's clock."""
    codes = dict(Dossier.objects.values_list("pk", "code"))
    owners = dict(Dossier.objects.values_list("pk", "owner_id_number"))
    events = Event.objects.filter(subject="dossiers.dossier").values_list(
        "subject_id", "number", "name", "at", "actor_name", "unit_id", "facts"
    )
    # `picked` for a second look follows from the ids of component and file, so that nobody can foretell it.
    own = ("file", "result", "submission_code", "scan", "picked")
    return sorted(
        (owners[subject], codes[subject] or "", number, name, at, actor, unit, str(sorted(_without(facts, own).items())))
        for subject, number, name, at, actor, unit, facts in events
    )


def _without(facts: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in names}


__all__ = ["HOUSE", "InProcess", "Plan", "fingerprint", "make_town_to_replay", "server"]

"""The city a benchmark runs in: the real units and catalogue, one officer with a key for all of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import msgspec
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from thongsuot.config import loading
from thongsuot.config.wsgi import application
from thongsuot.dossiers import events
from thongsuot.dossiers.actions.intake import prepare
from thongsuot.dossiers.api.bodies import DossierBody
from thongsuot.dossiers.queries import leading, tracking
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.events import REACTIONS
from thongsuot.people.actions import create_token, open_account
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

PROCEDURE = "2.000815"  # certified copies: the commonest of all
HOUSE = system("cli")
OFFICER = "bench@vidu.vn"
DUTIES = ["receive dossiers", "process dossiers"]


@dataclass
class World:
    unit_ids: list[int]
    unit_codes: list[str]
    version_id: int
    procedure_id: int
    token: str
    officer: Any
    papers: list[str]

    def body(self, unit_code: str, number: int) -> dict[str, Any]:
        """A reception as a counter's program sends it."""
        return {
            "procedure": PROCEDURE,
            "receiving_unit": unit_code,
            "owner": {
                "name": f"Nguyễn Văn Thử {number}",
                "id_number": f"0014{number:08d}",
                "phone": f"09{number:08d}",
                "address": "12 phố Ví Dụ",
                "email": f"thu{number}@vidu.vn",
            },
            "papers": [{"code": code, "how": "scanned", "originals": 1} for code in self.papers],
            "quantities": {"pages": 3, "copies": 2},
        }

    def receive_sql(self, items: int) -> list[str]:
        """The statement our program sends, with the values of some receptions written into it."""
        at = clock.now()
        reactions = "ARRAY[" + ",".join(f"'{name}'" for name in REACTIONS.get(events.RECEIVED.name, ())) + "]::text[]"
        statements = []
        for start in range(40 if items == 1 else 4):
            prepared = []
            for place in range(items):
                number = start * items + place
                body = msgspec.convert(self.body(self.unit_codes[number * 7 % len(self.unit_codes)], number), DossierBody)
                item = prepare(body.intake(timezone.localdate(at)), actor=actor_for(self.officer, at=at, via="api"), at=at)
                prepared.append({**item, "place": place})
            prepared.sort(key=lambda item: item["series"]["unit_id"])
            text = msgspec.json.encode(prepared).decode().replace("'", "''")
            statements.append(f"SELECT outcome, answers FROM dossiers_receive('{text}', {reactions}, NULL, NULL, NULL, now())")
        return statements

    def track_sql(self, codes: list[str]) -> list[str]:
        return [tracking.BY_CODE.sql.strip().replace("$1", f"'{code}'") for code in codes[:100]]

    def in_process(self, size: int) -> Iterator[dict[str, Any]]:
        """What is measured without the network: queries and CPU of the inbox page, time of the dashboard."""
        now = clock.now()
        reader = Client(HTTP_HOST="localhost")
        reader.force_login(self.officer, backend="allauth.account.auth_backends.AuthenticationBackend")
        asked = RequestFactory().get("/can-bo/", {"hang": "tat-ca", "don_vi": str(self.unit_ids[0])}).environ
        asked |= {"HTTP_HOST": "localhost", "HTTP_COOKIE": "; ".join(f"{k}={v.value}" for k, v in reader.cookies.items())}

        def inbox() -> bytes:
            sent: list[str] = []
            answer = application(dict(asked), lambda status, *_rest: sent.append(status))
            page = b"".join(answer)
            answer.close()  # type: ignore[attr-defined]  # a stub says iterable; Django's response closes
            assert sent == ["200 OK"]
            return page

        inbox()
        with CaptureQueriesContext(connection) as queries:
            rows = inbox().count(b'name="hs"')
        statements = [query["sql"] for query in queries]
        own = sum("dossiers_dossier" in statement for statement in statements)
        cpu = _times(inbox, time.process_time)
        yield {
            "work": "inbox page, CPU of the application",
            "stored": size,
            **cpu,
            "note": f"{rows} rows, {len(statements)} queries of which {own} on dossiers, "
            f"{_times(inbox, time.perf_counter)['ours']:.1f} ms in all",
        }
        ids = frozenset(self.unit_ids)

        def dashboard() -> None:
            leading.unit_figures(ids, first=timezone.localdate(now) - timedelta(days=13), last=timezone.localdate(now), now=now)

        wall = _times(dashboard, time.perf_counter)
        yield {"work": "city dashboard, 13 days", "stored": size, **wall, "note": f"{len(ids)} units"}


def _times(run: Any, clock: Any, rounds: int = 9, times: int = 5) -> dict[str, Any]:
    """Milliseconds by that clock: the median round, the quickest, the slowest."""
    run()
    taken = []
    for _ in range(rounds):
        began = clock()
        for _ in range(times):
            run()
        taken.append((clock() - began) * 1000 / times)
    return {"ours": median(taken), "unit": " ms", "lowest": min(taken), "highest": max(taken)}


def make_world(*, at: datetime) -> World:
    city_code = "01"
    for step in loading.STEPS:
        if not step.demo:
            step.run(city_code, at, lambda *_progress: None)
    day = timezone.localdate(at)
    city = units.default_city(as_of=day)
    wards = units.units_under(city.id, as_of=day)
    centre = units.body(city.id, "people_committee", as_of=day)
    assert centre is not None  # every city has one
    officer = Person.objects.filter(email=OFFICER).first() or open_account(
        email=OFFICER,
        full_name="Người Thử",
        body_id=centre.id,
        title="Chuyên viên",
        duties=[*DUTIES, "see figures"],
        valid_from=day - timedelta(days=400),
        actor=HOUSE,
        at=at,
    )
    token = create_token(
        officer.pk,
        name="bench",
        duties=DUTIES,
        expires_at=at + timedelta(days=1),
        actor=HOUSE,
        at=at,
    )
    version = procedures.version_in_force(PROCEDURE, on=day)
    return World(
        unit_ids=[ward.id for ward in wards],
        unit_codes=[ward.code for ward in wards],
        version_id=version.id,
        procedure_id=version.procedure_id,
        token=token.secret,
        officer=officer,
        papers=[paper.code for paper in version.papers if paper.is_needed],
    )

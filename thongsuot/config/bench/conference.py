"""`thongsuot bench conference`: 126 sites beat through the web server, answer a roll call, and some lines fall silent.

Every site is a browser's page as the server sees it: a session, its token, what it knows already; so is the hub's board.
"""

from __future__ import annotations

import argparse
import http.client
import random
import re
import threading
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import quantiles
from urllib.parse import urlencode

from thongsuot.config.bench import filling
from thongsuot.config.bench.cookies import TOKEN, cookies_of
from thongsuot.config.terminal import Trouble, say

EVERY, PROMISED = 3.0, 10.0  # seconds: of the page's script; until a drop must be on the hub's board
FALL_SILENT = 12
_KNOWN = re.compile(r'name="co" value="([\w-]+):(\w+)"')
_LOST = re.compile(r'name="mat" value="([\d-]*)"')


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=filling._number, default=90, help="thời gian họp (how long it lasts): %(default)s")
    parser.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="thư mục riêng (a folder of its own)")


def run(options: argparse.Namespace) -> None:
    """Raises Trouble when a roll call is short of a site, or a drop is seen too late or not at all."""
    folder = filling.new_folder(options, ".bench-conference")
    with filling._database(folder, loading=False) as port:
        _play(port, seconds=options.seconds)


@dataclass
class _Page:
    """A page that stays open: asks every 3 seconds what has changed, from its own moment on."""

    port: int
    path: str
    cookies: str
    method: str = "POST"
    stops: float | None = None  # by the clock of the run
    known: dict[str, str] = field(default_factory=dict)
    lost: str = ""
    took: list[float] = field(default_factory=list)
    last: float = 0.0
    refused: list[int] = field(default_factory=list)
    first_lost: dict[str, float] = field(default_factory=dict)

    def ask(self, connection: http.client.HTTPConnection) -> None:
        said: list[tuple[str, str]] = [("co", f"{part}:{version}") for part, version in self.known.items()]
        if self.method == "GET":
            status, text = _send(connection, "GET", f"{self.path}?{urlencode([*said, ('mat', self.lost)])}", self.cookies)
        else:
            status, text = _send(connection, "POST", self.path, self.cookies, urlencode(said), htmx=True)
        self.known |= dict(_KNOWN.findall(text))
        if status not in {200, 204}:
            self.refused.append(status)
        if (lost := _LOST.search(text)) is not None:
            self.lost = lost[1]
            for site in filter(None, self.lost.split("-")):
                self.first_lost.setdefault(site, time.monotonic())

    def live(self, until: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        due = time.monotonic() + random.random() * EVERY  # noqa: S311
        while due < min(until, self.stops or until):
            time.sleep(max(0.0, due - time.monotonic()))
            began = time.monotonic()
            self.ask(connection)
            self.last = time.monotonic()
            self.took.append(self.last - began)
            due += EVERY
        connection.close()


def _send(
    connection: http.client.HTTPConnection, method: str, path: str, cookies: str, body: str = "", *, htmx: bool = False
) -> tuple[int, str]:
    headers = {"Cookie": cookies, "X-CSRFToken": TOKEN}
    if method == "POST":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    if htmx:
        headers["HX-Request"] = "true"
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def _play(port: int, *, seconds: int) -> None:
    from django.core.management import call_command
    from django.urls import reverse

    from thongsuot.config.bench.world import HOUSE, make_world
    from thongsuot.kernel import clock
    from thongsuot.meetings import actions
    from thongsuot.meetings.models import Drop, RollCallAnswer, Site

    call_command("migrate", verbosity=0)
    world, now = make_world(at=clock.now()), clock.now()
    city_id, hub_cookies, cookies = _people(world.unit_ids, now)
    made = actions.plan_conference(
        city_id, title="Hội nghị đo", starts_at=now + timedelta(hours=1), hub_phone="024 3825 1022", actor=HOUSE, at=now
    )
    actions.start_conference(made.pk, actor=HOUSE, at=clock.now())
    call = actions.open_roll_call(made.pk, actor=HOUSE, at=clock.now())
    sites = list(Site.objects.filter(conference=made).order_by("pk"))
    until = time.monotonic() + seconds
    pages = {
        site.pk: _Page(port=port, path=reverse("meetings:beat", args=[site.pk]), cookies=cookies[site.unit_id])
        for site in sites
    }
    silent = sites[:: max(1, len(sites) // FALL_SILENT)][:FALL_SILENT]
    for number, site in enumerate(silent):  # at any moment of the three seconds, while there is time to see it
        pages[site.pk].stops = until - seconds / 2 + number * 0.7
    hub = _Page(port=port, path=reverse("meetings:board_live", args=[made.pk]), cookies=hub_cookies, method="GET")
    with ExitStack() as ends:
        for page in (*pages.values(), hub):
            thread = threading.Thread(target=page.live, args=(until,), daemon=True)
            thread.start()
            ends.callback(thread.join, seconds + 20)
        began = time.monotonic()
        _answer(port, {reverse("meetings:site", args=[site.pk]): cookies[site.unit_id] for site in sites}, call.pk)
        answered = RollCallAnswer.objects.filter(roll_call=call).count()
        say(f"  điểm danh {answered}/{len(sites)} sau {time.monotonic() - began:.1f} s (roll call)")
    actions.end_conference(made.pk, actor=HOUSE, at=clock.now())
    beats = sorted(ms for page in pages.values() for ms in page.took)
    noticed = [hub.first_lost[str(site.pk)] - pages[site.pk].last for site in silent if str(site.pk) in hub.first_lost]
    wrong = set(hub.first_lost) - {str(site.pk) for site in silent}
    say(f"  {len(beats):,} nhịp của {len(sites)} điểm, {len(beats) / seconds:.0f}/s: {_spread(beats)} (beats)")
    say(f"  bảng của trung tâm: {_spread(hub.took)} (the hub's board)")
    if noticed:
        say(f"  {len(noticed)}/{len(silent)} điểm mất, thấy sau {min(noticed):.1f}-{max(noticed):.1f} s (drops seen)")
    say(f"  {Drop.objects.filter(site__conference=made).count()} khoảng mất được ghi (gaps kept)")
    refused = sum(len(page.refused) for page in (*pages.values(), hub))
    if answered != len(sites) or len(noticed) != len(silent) or max(noticed) >= PROMISED or wrong or refused:
        raise Trouble("Có điểm không trả lời, mất mà thấy muộn, hoặc báo nhầm. (A site missing, seen late, or wrongly.)")


def _people(unit_ids: Iterable[int], now: datetime) -> tuple[int, str, dict[int, str]]:
    """The city, the cookies of its hub's operator, and those of one operator of each unit."""
    from thongsuot.config.bench.world import HOUSE
    from thongsuot.kernel import clock
    from thongsuot.meetings.rules import ATTEND, HOLD
    from thongsuot.people.actions import open_account
    from thongsuot.people.models import Person
    from thongsuot.units import queries as units

    city = units.default_city(as_of=clock.today())

    def cookies(unit_id: int, duty: str) -> str:
        body = units.body(unit_id, "people_committee", as_of=clock.today())
        assert body is not None
        email = f"diem-cau-{unit_id}@vidu.vn"
        person = Person.objects.filter(email=email).first() or open_account(
            email=email,
            full_name="Người Trực",
            body_id=body.id,
            title="Chuyên viên",
            duties=[duty],
            valid_from=clock.today(),
            is_demo=True,
            actor=HOUSE,
            at=now,
        )
        return cookies_of(person)

    return city.id, cookies(city.id, HOLD), {unit_id: cookies(unit_id, ATTEND) for unit_id in unit_ids}


def _answer(port: int, sites: dict[str, str], call_id: int) -> None:
    """All answer as fast as one after the other can, by the form of their page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for path, cookies in sites.items():
        said = {"viec": "diem-danh", "lan": str(call_id), "people": "12", "leader": "Phó Chủ tịch"}
        _send(connection, "POST", path, cookies, urlencode(said))
    connection.close()


def _spread(seconds: list[float]) -> str:
    cuts = quantiles(seconds, n=100) if len(seconds) > 1 else [0.0] * 99
    return f"{cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms"

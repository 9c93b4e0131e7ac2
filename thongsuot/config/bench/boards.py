"""`thongsuot bench boards`: the busiest hour of a replay at the points of Hà Nội, with call boards connected all the while.

Everybody comes through the web server: a person presses the kiosk, an officer at a counter calls, receives and ends. Boards
follow by their lines of pulses, with `--all-pages` counters and kiosks as well. What an officer does with a person takes
seconds here instead of minutes: the four acts of each person come as often as in that hour.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from thongsuot.config.bench import filling
from thongsuot.config.bench.conference import _spread
from thongsuot.config.bench.cookies import ANYBODY, cookies_of
from thongsuot.config.bench.open_pages import EVEN_SO, GOOD, Board, Page, Web, number_here
from thongsuot.config.bench.pages import _family
from thongsuot.config.terminal import Trouble, say

PROMISED = 1.0  # seconds: 95 of 100 boards show a call within
COUNTERS, WAITING = 3, 2  # at each point; people who wait there all the while
COMES, SERVED = 5.0, 12.0  # seconds until who was called is there, and until they are done
OPENED, SETTLES = 2 * EVEN_SO, 5.0  # seconds: in which all pages are opened; until nothing is under way
KIOSK = "/lay-so/"
FIRST, DAYS, DOSSIERS, SEED = date(2025, 7, 1), 13, 66_307, 1  # of `thongsuot replay`
KINDS = {"postgres": "PostgreSQL", "cli pulses": "pulses", "cli worker": "worker", "cli web": "web"}


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--boards", type=filling._number, default=300, help="số bảng gọi số (call boards): %(default)s")
    parser.add_argument("--seconds", type=filling._number, default=120, help="thời gian mỗi lượt (of each round): %(default)s")
    parser.add_argument(
        "--times", type=_times, default="1,5", help="gấp mấy lần giờ đông nhất (times the busiest hour): %(default)s"
    )
    parser.add_argument(
        "--all-pages", action="store_true", help="cả quầy và máy lấy số cũng theo dõi (counters and kiosks follow as well)"
    )
    parser.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="thư mục riêng (a folder of its own)")


def _times(text: str) -> list[int]:
    if not all(found := [filling._number(one) for one in text.split(",")]):
        raise argparse.ArgumentTypeError("1, 2, ...")
    return found


def run(options: argparse.Namespace) -> None:
    """Raises Trouble when a board misses a call, or shows it too late in the hour as it was."""
    from thongsuot.config.bench.run import free_port, wait_for

    folder, pulses = filling.new_folder(options, ".bench-boards"), free_port()
    os.environ["THONGSUOT_PULSES"] = f":{pulses}"
    with filling._database(folder, loading=False) as port, ExitStack() as ends:
        halls, hour = _prepare()
        ends.enter_context(filling.running("pulses", "--port", str(pulses)))
        ends.enter_context(filling.running("worker"))
        wait_for(pulses)
        say(f"  {len(halls)} điểm, {COUNTERS * len(halls)} quầy, {len(hour)} người trong giờ (points, counters, people)")
        judged = []
        for times in options.times:
            said = [(at / times, place) for at, place in hour if at / times < options.seconds]
            found = asyncio.run(play(port, halls, said, boards=options.boards, all_pages=options.all_pages))
            say(f"  gấp {times} lần (times the hour): {found.words()}")
            judged.append(found)
    if any(found.missed or found.wrong or found.refused for found in judged):
        raise Trouble(
            "Có bảng thiếu một lần gọi, hoặc có yêu cầu bị từ chối. (A call missed by a board, or something refused.)"
        )
    if min(options.times) == 1 and _at(judged[options.times.index(1)].seconds, 0.95) >= PROMISED:
        raise Trouble(f"Bảng hiện số gọi chậm hơn {PROMISED:.0f} giây. (Boards show a call too late.)")


@dataclass(frozen=True)
class Hall:
    """A point as its browsers know it: addresses, and cookies of its officers and its kiosk."""

    board: str
    kiosk: str
    desks: dict[str, str]  # cookies by address
    queues: tuple[int, ...]


@dataclass
class Found:
    """`seconds`: from the officer's press to each board of the hall; `storm`: the same when all points call at once.

    missed  (call, board) never shown; wrong: boards that show another number at the end than the last called
    """

    lasted: float = 0.0
    calls: int = 0
    seconds: list[float] = field(default_factory=list)
    storm: list[float] = field(default_factory=list)
    missed: int = 0
    wrong: int = 0
    refused: int = 0
    answers: int = 0
    asked: int = 0
    late: int = 0
    cut: int = 0
    lines: int = 0
    cpu: dict[str, float] = field(default_factory=dict)

    def words(self) -> str:
        cpu = ", ".join(f"{kind} {seconds / self.lasted:.0%}" for kind, seconds in sorted(self.cpu.items()))
        return (
            f"{self.calls} lần gọi trong {self.lasted:.0f} s, {self.calls / self.lasted:.2f}/s (calls)\n"
            f"    đến bảng (to a board): {_spread(self.seconds)}, max {max(self.seconds, default=0):.3f} s, "
            f"{len(self.seconds):,} lần hiện, {self.missed} thiếu (shown, missed)\n"
            f"    mọi điểm cùng gọi (all points at once): {_spread(self.storm)}, max {max(self.storm, default=0):.3f} s, "
            f"{self.wrong} bảng sai (boards wrong)\n"
            f"    {self.lines} đường nối (lines), {self.answers / self.lasted:.0f} yêu cầu/s, trong đó hỏi có gì mới "
            f"{self.asked / self.lasted:.0f}/s (requests, of them questions), {self.late} muộn, {self.cut} đứt, "
            f"{self.refused} bị từ chối (late, cut, refused)\n"
            f"    CPU, của một lõi (of one core): {cpu}"
        )


def _at(seconds: list[float], share: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] if seconds else 0.0


async def play(
    port: int, halls: Sequence[Hall], people: Sequence[tuple[float, int]], *, boards: int, all_pages: bool = False
) -> Found:
    """People press the kiosk of the hall of that place when their second comes; all halls call once more at the end.

    all_pages  counters and kiosks follow as well, as in an office; otherwise the boards alone
    """
    web, found = Web(port), Found()
    rooms = [_Room(web, hall, range(place, boards, len(halls))) for place, hall in enumerate(halls)]
    pages = [page for room in rooms for page in room.pages]
    for room in rooms:
        for page in (*room.desks, room.kiosk):
            page.follows = all_pages
    try:
        for page in pages:  # as many in each second, and so do their own questions every half minute come
            await page.come()
            await asyncio.sleep(OPENED / len(pages))
        await asyncio.sleep(SETTLES)
        asked, answers = sum(page.asked for page in pages), web.answers.total()
        used, began = _cpu(), time.monotonic()
        async with asyncio.TaskGroup() as hour:  # whatever goes wrong at a counter ends it
            desks = [hour.create_task(room.serve(desk)) for room in rooms for desk in room.desks]
            await asyncio.gather(*(rooms[place].arrive(began + second) for second, place in people))
            for room in rooms:
                await room.waiting.join()
            for task in desks:
                task.cancel()
        found.lasted = time.monotonic() - began
        found.cpu = {kind: seconds - used.get(kind, 0.0) for kind, seconds in _cpu().items()}
        found.asked, found.answers = sum(page.asked for page in pages) - asked, web.answers.total() - answers
        await asyncio.sleep(1)
        found.calls = sum(len(room.called) for room in rooms)
        for room in rooms:
            for code, at in room.called.items():
                _judge(found, room, code, at, found.seconds)
        for room in rooms:
            await room.take()
        await asyncio.sleep(SETTLES)
        await asyncio.gather(*(room.call(room.desks[0]) for room in rooms))
        late = time.monotonic() + EVEN_SO  # by then every board has asked once more by itself
        while time.monotonic() < late and not all(
            board.call == list(room.called)[-1] for room in rooms for board in room.boards
        ):
            await asyncio.sleep(0.5)
        for room in rooms:
            code = list(room.called)[-1]
            _judge(found, room, code, room.called[code], found.storm)
            found.wrong += sum(board.call != code for board in room.boards)
        await asyncio.gather(*(room.end(room.desks[0]) for room in rooms))
    finally:
        for page in pages:
            page.leave()
        web.close()
    found.refused = sum(times for status, times in web.answers.items() if status not in GOOD)
    found.late, found.cut, found.lines = (
        sum(page.late for page in pages),
        sum(page.cut for page in pages),
        sum(page.follows for page in pages),
    )
    return found


def _judge(found: Found, room: _Room, code: str, at: float, seconds: list[float]) -> None:
    for board in room.boards:
        if code in board.seen:
            seconds.append(board.seen[code] - at)
        else:
            found.missed += 1


class _Room:
    """A hall during a round. `called`: number -> when the officer pressed."""

    def __init__(self, web: Web, hall: Hall, boards: range) -> None:
        self.boards = [Board(web, hall.board) for _number in boards]
        self.desks = [Page(web, path, cookies) for path, cookies in hall.desks.items()]
        self.kiosk, self.queues = Page(web, KIOSK, hall.kiosk), hall.queues
        self.pages: list[Page] = [*self.boards, *self.desks, self.kiosk]
        self.waiting: asyncio.Queue[None] = asyncio.Queue()
        self.called: dict[str, float] = {}
        self._pressing, self._number = asyncio.Lock(), 0

    async def arrive(self, at: float) -> None:
        await asyncio.sleep(max(0.0, at - time.monotonic()))
        await self.take()
        self.waiting.put_nowait(None)

    async def take(self) -> None:
        async with self._pressing:
            self._number += 1
            await self.kiosk.press(hang=str(self.queues[self._number % len(self.queues)]))
            await self.kiosk.come()

    async def serve(self, desk: Page) -> None:
        while True:
            await self.waiting.get()
            await self.call(desk)
            await asyncio.sleep(COMES)
            await desk.press(viec="den")
            await asyncio.sleep(SERVED)
            await desk.press(viec="xong")
            self.waiting.task_done()

    async def call(self, desk: Page) -> None:
        at = time.monotonic()
        self.called[number_here(await desk.press(viec="tiep"))] = at

    async def end(self, desk: Page) -> None:
        await desk.press(viec="den")
        await desk.press(viec="xong")


def _cpu() -> dict[str, float]:
    """Seconds of CPU so far by kind of process; `bench` is this one, with the load."""
    found: dict[str, float] = {}
    for pid, command in _family(os.getpid()).items():
        kind = next((name for word, name in KINDS.items() if word in command), "bench")
        with suppress(OSError):  # it ended meanwhile
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            found[kind] = found.get(kind, 0.0) + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return found


def _prepare() -> tuple[list[Hall], list[tuple[float, int]]]:
    """The halls of the city, and its busiest hour: (second, place of the hall)."""
    from django.core.management import call_command

    from thongsuot.config.bench.world import make_world
    from thongsuot.config.replay.facts import read_city
    from thongsuot.kernel import clock
    from thongsuot.units import queries as units

    call_command("migrate", verbosity=0)
    world = make_world(at=clock.now())
    city = read_city("01", first=FIRST, days=DAYS, until=FIRST + timedelta(days=DAYS + 1))
    before, hour = busiest_hour(city, DOSSIERS)
    points = units.points_of(world.unit_ids, as_of=clock.today())
    halls = [make_hall(points[place.unit_id][0], before[place.unit_id]) for place in city.places]
    places = {place.unit_id: number for number, place in enumerate(city.places)}
    return halls, [(second, places[unit_id]) for second, unit_id in hour]


def busiest_hour(city: Any, dossiers: int) -> tuple[Counter[int], list[tuple[float, int]]]:
    """How many came to each unit before it on that day; who comes in it: (second, unit), in order of time."""
    from thongsuot.config.replay.arrivals import COUNTER, arrivals

    came = [one for one in arrivals(city, dossiers, SEED) if one.channel == COUNTER]
    hours = Counter(one.at.replace(minute=0, second=0, microsecond=0) for one in came)
    begins, _most = hours.most_common(1)[0]
    before = Counter(one.filed_at.unit_id for one in came if one.at.date() == begins.date() and one.at < begins)
    ends = begins + timedelta(hours=1)
    return before, [((one.at - begins).total_seconds(), one.filed_at.unit_id) for one in came if begins <= one.at < ends]


def make_hall(point: Any, served: int) -> Hall:
    """Queues, counters with officers who sit there, a kiosk; people served this morning, and some who wait."""
    from django.urls import reverse

    from thongsuot.config.bench.world import HOUSE
    from thongsuot.counters import actions
    from thongsuot.counters.demo import ALL_DAY, QUEUES
    from thongsuot.counters.models import Device
    from thongsuot.counters.queries.devices import COOKIE
    from thongsuot.kernel import clock

    now = clock.now()
    actions.set_hours(point.id, week=(ALL_DAY,) * 7, valid_from=clock.today(), actor=HOUSE, at=now)
    queues = [
        actions.open_queue(point.id, letter=letter, name=name, name_en=english, fields=[], actor=HOUSE, at=now).pk
        for letter, name, english, _fields in QUEUES
    ]
    kiosk = actions.set_up_device(point.id, kind=Device.Kind.KIOSK, name="Máy cửa chính", actor=HOUSE, at=now)
    key = actions.join_device(kiosk.code, actor=HOUSE, at=now).key
    desks, first = {}, None
    for number in range(1, COUNTERS + 1):
        counter = actions.open_counter(point.id, number=number, name="", queues=queues, actor=HOUSE, at=now)
        officer, cookies = _officer(point, number, now)
        actions.sit_down(counter.pk, actor=officer, at=now)
        desks[reverse("counters:desk", args=[counter.pk])] = cookies
        first = first or (counter.pk, officer)
    assert first is not None
    _morning(first, queues, served, now)
    return Hall(
        board=reverse("counters:board", args=[point.id]),
        kiosk=f"{COOKIE}={key}; {ANYBODY}",
        desks=desks,
        queues=tuple(queues),
    )


def _officer(point: Any, number: int, now: datetime) -> tuple[Any, str]:
    """As whom they act, and the cookies of their browser."""
    from thongsuot.config.bench.world import HOUSE
    from thongsuot.counters.rules import SERVE
    from thongsuot.kernel import clock
    from thongsuot.people.actions import open_account
    from thongsuot.people.queries import actor_for

    person = open_account(
        email=f"quay-{point.id}-{number}@vidu.vn",
        full_name="Người Tiếp Nhận",
        body_id=point.managed_by_id,
        title="Chuyên viên",
        duties=[SERVE],
        valid_from=clock.today(),
        is_demo=True,
        actor=HOUSE,
        at=now,
    )
    return actor_for(person, at=now), cookies_of(person)


def _morning(counter: tuple[int, Any], queues: Sequence[int], served: int, now: datetime) -> None:
    from thongsuot.config.bench.world import HOUSE
    from thongsuot.counters import actions

    counter_id, officer = counter
    for number in range(served + WAITING):
        actions.take_ticket(queues[number % len(queues)], actor=HOUSE, at=now)
        if number >= WAITING:
            actions.call_next(counter_id, actor=officer, at=now)
            actions.begin(counter_id, actor=officer, at=now)
            actions.finish(counter_id, actor=officer, at=now + timedelta(minutes=5 + number % 8))

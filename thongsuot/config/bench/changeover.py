"""`thongsuot bench changeover`: Hà Nội on the eve of 1 July 2025, and the night on which all that is open changes hands.

The real units and the real decision; people, dossiers and addresses are made up. In a folder of its own, with its own database.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from thongsuot.config.bench import filling
from thongsuot.config.terminal import Trouble, say

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
EVE = datetime(2025, 6, 29, 9, tzinfo=VIET_NAM)
NIGHT = datetime(2025, 7, 1, 0, 5, tzinfo=VIET_NAM)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dossiers", type=filling._number, default=200_000, help="hồ sơ đang giải quyết (open): %(default)s")
    parser.add_argument("--results", type=filling._number, default=50_000, help="kết quả chưa trả (not given yet): %(default)s")
    parser.add_argument("--people", type=filling._number, default=10_000, help="cán bộ, công chức (staff): %(default)s")
    parser.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="thư mục riêng (a folder of its own)")


@dataclass
class Figures:
    """Seconds by piece of work, and the most memory the process had when it was over, in MB."""

    seconds: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)

    def timed(self, what: str, work: Callable[[], Any]) -> Any:
        began = time.monotonic()
        answer = work()
        self.seconds[what] = time.monotonic() - began
        self.memory[what] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        say(f"  {what}: {self.seconds[what]:.1f} s, {self.memory[what]:.0f} MB")
        return answer


def run(options: argparse.Namespace) -> None:
    """Build the eve, play the night, hold what came out against what was there. Raises Trouble when anything is missing."""
    folder = filling.new_folder(options, ".bench-changeover")
    with filling._database(folder, loading=False):
        _play(options)


def _play(options: argparse.Namespace) -> None:
    from django.core.management import call_command

    from thongsuot.config.bench import eve, eve_things
    from thongsuot.handover import actions, running
    from thongsuot.handover.queries import intake, owing
    from thongsuot.handover.queries import transfers as queries
    from thongsuot.kernel.actor import system

    house, figures = system("cli"), Figures()
    figures.timed("migrate", lambda: call_command("migrate", verbosity=0))
    world = figures.timed("eve: units, bodies, catalogue", lambda: eve.make_eve(EVE))
    figures.timed("eve: people", lambda: eve.add_people(world, options.people))
    figures.timed("eve: dossiers", lambda: eve.add_dossiers(world, options.dossiers + options.results, options.results))
    decision = figures.timed("decision: draft, check, approve, new units", lambda: eve.decide(world, EVE))
    changeover = actions.open_changeover(decision.pk, actor=house, at=EVE)
    figures.timed("people placed", lambda: eve_things.place_people(world))
    listed = figures.timed("things listed", lambda: eve_things.list_things(world, changeover, EVE))
    sealed = figures.timed("seals noted, go given", lambda: eve_things.give_go(changeover, EVE))
    things = eve_things.sums(changeover)
    before = eve.open_by_due(world)
    planned = figures.timed("plan", lambda: actions.plan(changeover.pk, actor=house, at=NIGHT))
    figures.timed("run", lambda: running.run(changeover.pk, plan_hash=planned.plan_hash, actor=house, now=lambda: NIGHT))
    found = figures.timed("reconcile", lambda: queries.reconcile(changeover))
    for line in found.lines:
        say(
            f"  {line.label}: {line.held:,} = {line.moved:,} đã chuyển + {line.undecided:,} chờ người chọn + "
            f"{line.waiting:,} chờ chuyển + {line.gone:,} đã kết thúc"
        )
    moved = sum(line.moved for line in found.lines)
    say(f"  {moved / figures.seconds['run']:,.0f} mục/s (items a second, run); {moved / figures.seconds['plan']:,.0f} (plan)")
    lost = figures.timed("things decided by people", lambda: eve_things.decide_rest(changeover, NIGHT))
    taken = figures.timed("things counted in", lambda: eve_things.count_in(changeover, NIGHT))
    figures.timed("board: who owes what", lambda: owing.owed(changeover))
    gaps = figures.timed("gaps in intake", lambda: intake.intake(changeover, first=EVE.date(), last=NIGHT.date()))
    say(f"  {sealed} đơn vị mới có con dấu (new units with a seal)")
    say(f"  {listed:,} mục kê, {lost:,} do người chọn, {taken:,} đã đếm (things listed, decided by people, counted in)")
    say(f"  {listed / figures.seconds['things listed']:,.0f} mục/s kê, {taken / figures.seconds['things counted in']:,.0f} đếm")
    for klass, (count, quantity, dong) in things.items():
        say(f"  {klass}: {count:,}, {quantity:,.2f}, {dong:,} đồng")
    say(f"  {sum(line.minutes for line in gaps) / 60:.1f} giờ không tiếp nhận ở {len(gaps)} đơn vị (hours without intake)")
    if eve_things.sums(changeover) != things or taken != listed:
        raise Trouble("Bảng kê trước và sau không khớp. (What was listed and what was counted in differ.)")
    if eve.open_by_due(world) != before or not found.good:
        raise Trouble("Số liệu trước và sau không khớp. (Counts before and after differ.)")

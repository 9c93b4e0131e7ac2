"""`thongsuot bench allowances`: Hà Nội's July 2025, paid by the lists of 30 districts while 526 communes become 126.

The real units and the real decision; the people and their addresses are made up. In a folder of its own, with its own database.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from thongsuot.config.bench import filling
from thongsuot.config.bench.changeover import EVE, NIGHT, Figures
from thongsuot.config.terminal import Trouble, say

JUNE, JULY = date(2025, 6, 1), date(2025, 7, 1)
UNDECIDED = 12  # one in so many says no group of people in the address: in a split commune nobody can tell then
FAILED = 100  # one in so many cannot be paid the first time
# Of ten people: three whose group became another on the day, two with merit and an amount of their own.
GROUPS = ("CT-5C", "CT-5C", "CT-5C", "KT-6C", "KT-6A", "CT-5B", "TE-1B", "CS-20", "NCC-TB", "NCC-TN")


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=filling._number, default=82_000, help="người hưởng (beneficiaries): %(default)s")
    parser.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="thư mục riêng (a folder of its own)")


def run(options: argparse.Namespace) -> None:
    """Build the eve, pay July, let the units change, hold what came out against what went in. Raises Trouble."""
    folder = filling.new_folder(options, ".bench-allowances")
    with filling._database(folder, loading=False):
        _play(options, folder)


def _play(options: argparse.Namespace, folder: Path) -> None:
    from django.core.management import call_command
    from django.db.models import Count

    from thongsuot.allowances import actions as allowances
    from thongsuot.allowances.loading import load_rates
    from thongsuot.allowances.models import PayAttempt, Payment
    from thongsuot.allowances.queries import runs
    from thongsuot.allowances.queries.checks import check
    from thongsuot.config.bench import eve, eve_things
    from thongsuot.handover import actions, running
    from thongsuot.handover.queries import transfers
    from thongsuot.kernel.actor import system

    house, figures = system("cli"), Figures()
    figures.timed("migrate", lambda: call_command("migrate", verbosity=0))
    world = figures.timed("eve: units, bodies, catalogue", lambda: eve.make_eve(EVE))
    load_rates(at=EVE)
    decision = figures.timed("decision: draft, check, approve, new units", lambda: eve.decide(world, EVE))
    changeover = actions.open_changeover(decision.pk, actor=house, at=EVE)
    files = _lists(world, options.people, folder)
    stored = figures.timed(
        f"{len(files)} lists: sent, read, stored", lambda: sum(_bring_in(unit_id, file) for unit_id, file in files)
    )

    run = allowances.open_run(world.city_id, month=JULY, actor=house, at=NIGHT)
    went = figures.timed("groups that became others", lambda: allowances.change_groups(run.pk, actor=house, at=NIGHT))
    run = figures.timed("freeze", lambda: allowances.freeze_run(run.pk, actor=house, at=NIGHT))
    run = figures.timed("units that answer", lambda: allowances.place_lines(run.pk, actor=house, at=NIGHT))
    found = figures.timed("check", lambda: check(run))
    say(f"  {found.people:,} người, {found.lines:,} khoản, {found.total_dong:,} đồng, {found.units} đơn vị; đổi nhóm {went}")
    allowances.approve_run(run.pk, accepted=found.figures, actor=house, at=NIGHT)
    figures.timed("files for the payers", lambda: allowances.make_batches(run.pk, actor=house, at=NIGHT))
    failed = figures.timed("results", lambda: _answer(run.pk, folder, failing=True))
    listed = runs.line_count(run, runs.Asked(state="failed"))
    figures.timed("retry", lambda: allowances.make_retry(run.pk, actor=house, at=NIGHT))
    still = figures.timed("results of the retry", lambda: _answer(run.pk, folder, failing=False))
    say(f"  {failed:,} chưa trả được, {listed:,} trong danh sách chi lại, {still} còn lại (failed, listed, left)")

    eve_things.give_go(changeover, EVE)
    planned = figures.timed("changeover: plan", lambda: actions.plan(changeover.pk, actor=house, at=NIGHT))
    figures.timed(
        "changeover: run", lambda: running.run(changeover.pk, plan_hash=planned.plan_hash, actor=house, now=lambda: NIGHT)
    )
    unclear = figures.timed("changeover: what people decide", lambda: _decide_rest(changeover.pk))
    sums = figures.timed("reconcile", lambda: runs.reconcile(run))
    moved = transfers.reconcile(changeover)
    once = PayAttempt.objects.filter(payment__run=run, state="paid").values("payment").annotate(n=Count("pk"))
    units, people = len(sums.units), sum(one.people for one in sums.units)
    numbers = Payment.objects.filter(run=run).values("id_number").distinct().count()
    say(f"  {unclear:,} do người chọn (decided by people); {units} đơn vị, {people:,} người, {sums.city.paid:,} khoản đã trả")
    if not (sums.adds_up and moved.good and all(one.decided for one in sums.units)):
        raise Trouble("Số liệu không khớp. (Figures do not add up.)")
    if not (stored == people == numbers == sums.people == sums.city.paid == once.filter(n=1).count() == options.people):
        raise Trouble("Có người bị mất hoặc được trả hai lần. (Somebody was lost, or paid twice.)")
    if failed != listed or still:
        raise Trouble("Có khoản chưa trả được không vào đợt chi lại. (Something that failed was not paid again.)")


def _lists(world: Any, count: int, folder: Path) -> list[tuple[int, Path]]:
    """A file of each district as it was paid in June: everybody in the commune they live in."""
    from thongsuot.units.models import Unit

    codes = dict(Unit.objects.filter(pk__in=world.communes).values_list("pk", "code"))
    homes = {address: unit_id for unit_id, address in world.communes.items()}
    spots = [(district, address) for district, addresses in world.districts.items() for address in addresses]
    rows: dict[int, list[list[str]]] = defaultdict(list)
    for number in range(count):
        district, address = spots[number % len(spots)]
        rows[district].append(_row(number, codes[homes[address]], address))
    files = []
    for place, (district, listed) in enumerate(rows.items()):
        file = folder / f"danh-sach-{place}.csv"
        _write(file, iter(listed))
        files.append((district, file))
    return files


def _row(number: int, code: str, address: str) -> list[str]:
    """In the order of the template's columns."""
    from thongsuot.config.bench.eve import GROUPS as PEOPLE

    round_ = number // 526
    where = (
        f"Số {number % 90 + 1}, " if round_ % UNDECIDED == 0 else f"Số {number % 90 + 1}, tổ dân phố số {1 + round_ % PEOPLE}, "
    )
    group = GROUPS[number % len(GROUPS)]
    own = str(1_500_000 + number % 900 * 1_000) if group.startswith("NCC") else ""
    bank = number % 5 > 1
    name, id_number = f"Nguyễn Thị Thử {number}", f"0014{number:08d}"
    paid = ["Ngân hàng", "Ngân hàng Ví Dụ", f"10{number:08d}", ""] if bank else ["Bưu điện", "", "", "Bưu cục Ví Dụ"]
    return [code, name, id_number, str(1935 + number % 60), where + address, group, "", own, "01/2023", *paid, "", "", ""]


def _write(file: Path, rows: Iterator[list[str]]) -> None:
    from thongsuot.allowances.rules.roll import COLUMNS

    with file.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow([str(column.heading) for column in COLUMNS])
        writer.writerows(rows)


def _bring_in(unit_id: int, path: Path) -> int:
    """As the pages and the worker do. Returns how many came onto the roll."""
    from thongsuot.allowances import actions
    from thongsuot.kernel.actor import system

    house = system("cli")
    with path.open("rb") as file:
        sent = actions.send_file(file, name=path.name, unit_id=unit_id, month=JUNE, actor=house, at=EVE)
    actions.read_file(sent.pk, actor=house, at=EVE)
    actions.start_import(sent.pk, actor=house, at=EVE)
    done = actions.store_import(sent.pk, actor=house, at=EVE)
    if done.stored != done.rows_in:
        raise Trouble(f"{path.name}: {done.to_correct} cần sửa, {done.rejected} loại (to correct, rejected)")
    return done.stored


def _answer(run_id: int, folder: Path, *, failing: bool) -> int:
    """Every file that was not sent yet goes out, and its payer answers. Returns how many lines failed."""
    from thongsuot.allowances import actions
    from thongsuot.allowances.models import PayAttempt, PayBatch
    from thongsuot.allowances.rules.outcomes import reference
    from thongsuot.kernel.actor import system

    house, failed = system("cli"), 0
    for batch in PayBatch.objects.filter(run=run_id, sent_at=None).select_related("run").order_by("number"):
        actions.mark_sent(batch.pk, actor=house, at=NIGHT)
        path = folder / f"ket-qua-{batch.number}.csv"
        ids = PayAttempt.objects.filter(batch=batch).order_by("payment_id").values_list("payment_id", flat=True)
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target)
            writer.writerow(["Mã chi trả", "Kết quả", "Lý do"])
            for place, payment_id in enumerate(ids.iterator(chunk_size=5_000)):
                fails = failing and place % FAILED == 0
                failed += fails
                outcome = ["Không trả được", "Sai số tài khoản"] if fails else ["Đã trả", ""]
                writer.writerow([reference(batch.run.month, batch.number, payment_id), *outcome])
        with path.open("rb") as file:
            report = actions.send_report(run_id, file, name=path.name, actor=house, at=NIGHT)
        if actions.apply_report(report.pk, actor=house, at=NIGHT).rejected:
            raise Trouble(f"{path.name}: có dòng không dùng được (rows that could not be used)")
    return failed


def _decide_rest(changeover_id: int) -> int:
    """People whose address does not say which successor they live in: a person chooses, unit by unit. Returns how many."""
    from thongsuot.config.bench.eve import DAY
    from thongsuot.handover import actions, running
    from thongsuot.handover.models import Transfer
    from thongsuot.handover.queries.transfers import heirs_of
    from thongsuot.kernel.actor import system

    house = system("cli")
    waiting: dict[int, list[int]] = defaultdict(list)
    unclear = Transfer.objects.filter(changeover=changeover_id, kind="allowances.roll", to_unit=None)
    for pk, unit_id in unclear.values_list("pk", "from_unit_id"):
        waiting[unit_id].append(pk)
    for unit_id, ids in waiting.items():
        actions.choose(changeover_id, ids, to_unit_id=heirs_of(unit_id, DAY)[0], why="Đã hỏi", actor=house, at=NIGHT)
    planned = actions.plan(changeover_id, actor=house, at=NIGHT)
    running.run(changeover_id, plan_hash=planned.plan_hash, actor=house, now=lambda: NIGHT)
    return sum(len(ids) for ids in waiting.values())

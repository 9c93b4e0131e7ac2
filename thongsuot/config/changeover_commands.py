"""The changeover on the command line: preview, go, run, status, undo, reconcile. Django is imported by what needs it."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from thongsuot.config.terminal import Trouble, say, step

PARTS = {
    "plan": "xem trước: cái gì về đâu, theo quy tắc nào (preview; nothing moves)",
    "go": "cho chuyển, khi mọi đơn vị mới đã có con dấu (let it begin, once every new unit has its seal)",
    "run": "chuyển theo bản xem trước; dừng, đứt giữa chừng thì chạy lại (carry out the preview; goes on after a stop)",
    "status": "đã chuyển đến đâu, còn thiếu gì (how far it is)",
    "undo": "chuyển trở lại tất cả, khi chưa khép (put everything back, until it is closed)",
    "reconcile": "đối chiếu số liệu với từng mục (hold the counts against the things themselves)",
}
_MOST_SHOWN = 20


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("part", choices=list(PARTS), metavar="VIỆC", help="; ".join(f"{k}: {v}" for k, v in PARTS.items()))
    parser.add_argument("--decision", metavar="SỐ", help="số quyết định, khi có nhiều (the decision's number, if several)")
    parser.add_argument("--hash", metavar="MÃ", help="run: mã của bản xem trước (the preview's hash)")
    parser.add_argument("--basis", metavar="VĂN BẢN", help="go: theo văn bản nào (the document that says so)")
    parser.add_argument("--batch", type=int, default=500, metavar="N", help="số mục mỗi loạt (things in a batch): %(default)s")


def run(options: argparse.Namespace) -> None:
    """One part. Raises Trouble with a sentence for whoever sits at the terminal."""
    changeover_id = _changeover(options.decision)
    parts: dict[str, Callable[[int, argparse.Namespace], None]] = {
        "plan": _plan,
        "go": _go,
        "run": _run,
        "status": _status,
        "undo": _undo,
        "reconcile": _reconcile,
    }
    parts[options.part](changeover_id, options)


def _changeover(number: str | None) -> int:
    """The one asked for, or the only one there is. Opened when it is not yet."""
    from thongsuot.handover.actions import open_changeover
    from thongsuot.handover.queries.transfers import changeable
    from thongsuot.kernel import clock
    from thongsuot.kernel.actor import system

    known = changeable()
    if number is not None:
        known = [decision for decision in known if decision.number == number]
    if not known:
        raise Trouble("Không có quyết định đã duyệt nào như vậy có đơn vị kết thúc. (No such approved decision ends units.)")
    if len(known) > 1:
        numbers = ", ".join(decision.number for decision in known[:_MOST_SHOWN])
        raise Trouble(f"Có nhiều quyết định, chọn một bằng --decision: {numbers}. (Choose one.)")
    return open_changeover(known[0].pk, actor=system("cli"), at=clock.now()).pk


def _plan(changeover_id: int, options: argparse.Namespace) -> None:
    from thongsuot.handover import actions
    from thongsuot.handover.queries import transfers as queries
    from thongsuot.kernel import clock
    from thongsuot.kernel.actor import system
    from thongsuot.units.heirs import RULE_LABELS

    with step("Xem trước", "looking at everything that is held") as work:
        planned = actions.plan(changeover_id, actor=system("cli"), at=clock.now(), progress=work.count)
    counts: dict[tuple[str, str], int] = {}
    pairs: dict[tuple[str, str], set[tuple[int, int | None]]] = {}
    for one in queries.by_rule(changeover_id):
        key = (one.kind, one.rule)
        counts[key] = counts.get(key, 0) + one.count
        pairs.setdefault(key, set()).add((one.from_unit_id, one.to_unit_id))
    for (kind, rule), count in sorted(counts.items()):
        say(f"  {queries.label_of(kind)}: {count:>9,}  {RULE_LABELS[rule]} ({len(pairs[kind, rule])} cặp, pairs)")
    undecided = sum(line.undecided for line in queries.lines(changeover_id))
    if undecided:
        say(f"  ✗ {undecided:,} mục cần người chọn nơi nhận; xem trên trang điều hành. (A person must choose.)")
    say(f"Mã bản xem trước (hash of the preview): {planned.plan_hash}")
    say(f"Để chuyển (to carry it out): thongsuot changeover run --hash {planned.plan_hash}")


def _go(changeover_id: int, options: argparse.Namespace) -> None:
    from thongsuot.handover import actions
    from thongsuot.kernel import clock
    from thongsuot.kernel.actor import system

    if not options.basis:
        raise Trouble("Cần văn bản cho chuyển: --basis. (Say by which document.)")
    actions.give_go(changeover_id, basis=options.basis, actor=system("cli"), at=clock.now())
    say("Đã cho chuyển. (It may begin.)")


def _run(changeover_id: int, options: argparse.Namespace) -> None:
    from thongsuot.handover import running
    from thongsuot.handover.models import Changeover
    from thongsuot.kernel import clock
    from thongsuot.kernel.actor import system

    if not options.hash:
        raise Trouble("Cần mã của bản xem trước: --hash. Chạy `thongsuot changeover plan` trước. (Preview first.)")
    with step("Chuyển", "moving") as work:
        done = running.run(
            changeover_id,
            plan_hash=options.hash,
            actor=system("cli"),
            now=clock.now,
            progress=work.count,
            size=max(1, min(options.batch, 5_000)),
        )
    if done.state == Changeover.State.RUNNING:
        raise Trouble("Đã dừng theo yêu cầu. Chạy lại lệnh này để đi tiếp. (Stopped as asked; run again to go on.)")
    _status(changeover_id, options)


def _status(changeover_id: int, options: argparse.Namespace) -> None:
    from thongsuot.handover.models import Changeover
    from thongsuot.handover.queries import transfers as queries

    changeover = Changeover.objects.select_related("decision").get(pk=changeover_id)
    say(f"{changeover.decision.number}, {changeover.effective_on:%d/%m/%Y}: {changeover.get_state_display()}")
    for line in queries.lines(changeover_id):
        say(
            f"  {line.label}: {line.held:,} = {line.moved:,} đã chuyển + {line.waiting:,} chờ chuyển + "
            f"{line.undecided:,} chờ người chọn + {line.gone:,} đã kết thúc (moved, waiting, undecided, ended)"
        )


def _undo(changeover_id: int, options: argparse.Namespace) -> None:
    from thongsuot.handover import running
    from thongsuot.kernel import clock
    from thongsuot.kernel.actor import system

    with step("Chuyển trở lại", "putting back") as work:
        running.undo(
            changeover_id, actor=system("cli"), now=clock.now, progress=work.count, size=max(1, min(options.batch, 5_000))
        )
    _status(changeover_id, options)


def _reconcile(changeover_id: int, options: argparse.Namespace) -> None:
    from thongsuot.handover.models import Changeover
    from thongsuot.handover.queries import transfers as queries

    with step("Đối chiếu", "reconciling"):
        found = queries.reconcile(Changeover.objects.select_related("decision").get(pk=changeover_id))
    _status(changeover_id, options)
    for one in found.elsewhere[:_MOST_SHOWN]:
        say(f"  ✗ {queries.label_of(one.kind)} {one.label}: {one.found_unit_id} / {one.expected_unit_id}")
    for kind, count in found.still_held.items():
        say(f"  - {queries.label_of(kind)}: {count:,} còn ở đơn vị cũ (still with ended units)")
    if not found.good:
        raise Trouble("Số liệu không khớp. (The counts do not agree.)")
    say("Khớp. (All counts agree.)")

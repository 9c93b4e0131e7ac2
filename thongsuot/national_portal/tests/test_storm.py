"""The portal cut off for an hour while a town works, with delays, doubles and drops around it; then everything is counted.

What the portal should have is reckoned here anew from the history alone, by other means than the program's.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.make import MONDAY, a_file, receive
from thongsuot.kernel.history import history_of
from thongsuot.national_portal.models import Lane, Message
from thongsuot.national_portal.queries import synced_share
from thongsuot.national_portal.tests.make import Wired, filed

# Reckoned by hand from the list of statuses, not taken from rules.
LEADS_TO = {
    "received": 2,
    "forwarded": 4,
    "supplement_requested": 5,
    "payment_requested": 6,
    "withdrawn": 7,
    "stopped": 8,
    "resolved": 9,
    "returned": 10,
    "refused": 3,
}


def expected(dossier: Dossier) -> list[tuple[int, int]]:
    """(number of the event, status after it) of every line of progress the portal should have, in order."""
    found, running, status, received = [], 0, 1, False
    for row in history_of(dossier):
        name = row.name.split(".")[1]
        if name in {"supplemented", "payment_confirmed"}:
            status = running
        elif name in LEADS_TO:
            status = LEADS_TO[name]
        elif name != "reappointed":
            continue
        if status in {1, 2, 4}:
            running = status
        received = received or name == "received"
        if received or status in {3, 7, 8}:
            found.append((row.number, status))
    return found


def what_came(wire: Wired, dossier: Dossier) -> list[tuple[int, int]]:
    code = dossier.code or dossier.submission_code
    lines = [row for row in wire.stand_in.arrivals(code) if row[1] == "progress"]
    return [(int(reference.split("/")[1]), status) for reference, _service, status in lines]


def some_move(wire: Wired, dossier: Dossier, dice: random.Random, at: datetime) -> None:
    """One thing an office does with a dossier as it stands."""
    town, pk, status = wire.town, dossier.pk, dossier.status
    lan, toan, viet = town.actor("lan"), town.actor("toan"), town.actor("viet")
    if status == 1:
        if dice.random() < 0.2:
            dossiers.refuse_submission(pk, reasons=["Nộp nhầm nơi"], actor=lan, at=at)
        else:
            dossiers.accept_submission(pk, actor=lan, at=at)
    elif status == 5:
        dossiers.complete_supplement(pk, papers=(), answer="đã có", actor=lan, at=at)
    elif status == 6:
        dossiers.confirm_payment(pk, actor=lan, at=at)
    elif status == 9:
        dossiers.hand_back(pk, handed_to="Người nhận", actor=lan, at=at)
    elif status in {2, 4}:
        roll = dice.random()
        step = dossiers_step(dossier)
        doer = {"tiep-nhan": lan, "phan-cong": viet, "tham-dinh": toan, "soat": viet}.get(step)
        doer = doer or town.actor("hanh" if step == "ky" else "thu")
        if roll < 0.05:
            dossiers.withdraw(pk, actor=lan, at=at) if step not in {"ky", "vao-so"} else None
        elif roll < 0.12 and not dossier.supplement_count:
            dossiers.request_supplement(pk, items=["Bản chính"], actor=doer, at=at)
        elif roll < 0.18:
            dossiers.request_payment(pk, reason="Thuế", amount_dong=5000, actor=doer, at=at)
        else:
            if step == "tham-dinh":
                dossiers.draft_result(pk, title="Giấy", file_id=wire.file, actor=toan, at=at)
            to = town.people["toan"].pk if step == "phan-cong" else None
            dossiers.forward(pk, step_key=step, to_person=to, actor=doer, at=at)


def dossiers_step(dossier: Dossier) -> str:
    keys = ["tiep-nhan", "phan-cong", "tham-dinh", "soat", "ky", "vao-so", "tra"]
    return keys[dossier.step_no or 0]


def test_an_hour_without_the_portal_loses_nothing_doubles_nothing_and_keeps_the_order(wire):
    dice = random.Random(20250701)  # noqa: S311 - the same storm each time
    wire.file = a_file()
    begins = wire.clock()
    away = (begins + timedelta(minutes=60), begins + timedelta(minutes=120))
    wire.stand_in.mischief.cut_off = away
    wire.stand_in.mischief.roll = lambda: dice.choices(
        ["", "error", "hang", "hang_stored", "drop", "drop_stored", "double", "garbage"], weights=[80, 3, 2, 3, 3, 3, 4, 2]
    )[0]
    waited = 0
    for turn in range(40):
        at = wire.clock.on(minutes=5)
        for _number in range(5):
            filed(wire.town, at=at) if dice.random() < 0.14 else receive(wire.town, at=at)
        for dossier in Dossier.objects.filter(ended_at=None).order_by("?")[:4]:
            some_move(wire, dossier, dice, at)
        wire.turn()
        if turn == 22:
            waited = Lane.objects.filter(state="waiting").count()
    made = Dossier.objects.count()
    assert made == 200
    assert waited > 50, "an hour's work waits"

    wire.settle()

    for dossier in Dossier.objects.all():
        assert what_came(wire, dossier) == expected(dossier), dossier
        code = dossier.code or dossier.submission_code
        if expected(dossier):
            assert wire.stand_in.record(code)["TrangThaiHoSo"] == str(dossier.status)
            assert Counter(service for _r, service, _s in wire.stand_in.arrivals(code))["create"] == 1
    counts = wire.stand_in.counts()
    references = [reference for reference, _service, _status in wire.stand_in.arrivals()]
    assert len(references) == len(set(references)) == counts["messages"]
    assert counts["repeated"] > 10, "the storm was no storm"
    assert counts["refused"] == 0
    assert not Message.objects.filter(state="waiting").exists()
    day = MONDAY.date()
    share = synced_share([wire.town.river], day, day)
    assert share.received == share.synced == Dossier.objects.filter(received_at__isnull=False).count()

"""The portal cut off for an hour while a town works, with delays, doubles and drops around it; then everything is counted.

What the portal should have is reckoned anew from the history alone (stand_in/judge.py).
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.make import a_file, receive, resolve
from thongsuot.national_portal.models import Lane, Message
from thongsuot.national_portal.stand_in import StandIn
from thongsuot.national_portal.stand_in.judge import Verdict, verdict
from thongsuot.national_portal.tests.make import Wired, filed


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
    wire.file = a_file(by=wire.town.actor("toan"))
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
    done = resolve(wire.town, receive(wire.town, at=wire.clock()), at=wire.clock())

    wire.settle()

    found = verdict(wire.stand_in)
    assert found.good, found
    _the_judge_sees_what_is_wrong(wire, done)
    assert found.dossiers > 150
    for dossier in Dossier.objects.filter(received_at__isnull=False):
        assert wire.stand_in.record(dossier.code)["TrangThaiHoSo"] == str(dossier.status)
    counts = wire.stand_in.counts()
    references = [reference for reference, _service, _status in wire.stand_in.arrivals()]
    assert len(references) == len(set(references)) == counts["messages"]
    assert counts["repeated"] > 10, "the storm was no storm"
    assert counts["refused"] == 0
    assert not Message.objects.filter(state="waiting").exists()
    received = set(Dossier.objects.filter(received_at__isnull=False).values_list("pk", flat=True))
    assert received <= set(Lane.objects.filter(known_since__isnull=False).values_list("pk", flat=True))


def _the_judge_sees_what_is_wrong(wire: Wired, done: Dossier) -> None:
    """Each thing broken once in a copy of what came."""
    several = Dossier.objects.filter(code__isnull=False, step_no__gte=2).order_by("pk").first()

    def broken(*statements: str, of: Dossier = several) -> Verdict:
        copy = StandIn()
        wire.stand_in._base.backup(copy._base)
        for statement in statements:
            copy._base.execute(statement, {"code": of.code})
        return verdict(copy)

    out_of_order = (
        "UPDATE arrival SET number = 1000000 "
        "WHERE number = (SELECT min(number) FROM arrival WHERE code = :code AND service = 'progress')"
    )
    assert broken().good
    assert broken("DELETE FROM arrival WHERE code = :code AND service = 'progress' AND status = 4").lost == [several.code]
    assert broken("UPDATE dossier SET status = 99 WHERE code = :code").otherwise == [several.code]
    assert broken("DELETE FROM arrival WHERE code = :code AND service = 'create'").otherwise == [several.code]
    lost_record = "DELETE FROM arrival WHERE code = :code AND service = 'status' AND status = 4"
    assert broken(lost_record).otherwise == [several.code]
    twice = (
        "INSERT INTO arrival (reference, service, code, status, record, answer, at) "
        "SELECT reference || '.1', service, code, status, record, answer, at FROM arrival "
        "WHERE code = :code AND service = 'create'"
    )
    assert broken(twice).doubled == 1
    fileless = 'UPDATE arrival SET record = replace(record, \'"GiayToId": "GLT\', \'"GiayToId": "", "x": "\') '
    fileless += "WHERE code = :code AND service = 'result'"
    assert broken(fileless, of=done).otherwise == [done.code]
    assert broken("DELETE FROM arrival WHERE code = :code AND service = 'result'", of=done).otherwise == [done.code]
    assert broken(out_of_order).out_of_order == [several.code]

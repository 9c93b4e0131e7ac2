"""Monthly allowances of a demo city: people on the lists of its first units, a month that was paid but for two, a month begun.

Everyone is made up, with numbers of the next century. Production never has them: `load_demo` refuses.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from thongsuot.allowances import actions
from thongsuot.allowances.models import Beneficiary, PayBatch, Payment, PayRun
from thongsuot.allowances.queries.checks import check
from thongsuot.allowances.rules import first_of
from thongsuot.allowances.rules.outcomes import reference
from thongsuot.kernel.actor import Actor, system
from thongsuot.people.demo import DemoInProduction, demo_units, email_of
from thongsuot.people.models import Person
from thongsuot.people.queries import actor_for

HOUSE = system("cli")
FAMILIES = ("Lò", "Vi", "Hà", "Quàng", "Cầm", "Lường", "Đèo", "Tòng")
GIVENS = ("Thị Mẫu", "Văn Thử", "Thị Ví", "Văn Dụ", "Thị Nháp", "Văn Tạm", "Thị Giả", "Văn Vờ", "Thị Phỏng")
GROUPS = ("HT-1", "HT-1", "KT-6A", "KT-6C", "TE-1B", "DT-4", "HT-1", "KT-6C")
FAILED = 2


def load_demo(city_id: int, *, at: datetime) -> int:
    """Make them all, once; how many persons came. Raises DemoInProduction."""
    if settings.PRODUCTION:
        raise DemoInProduction
    pays, approves = _officer("chitra", at), _officer("duyetchi", at)
    if Beneficiary.objects.exists() or pays is None or approves is None:
        return 0
    place = 0
    for unit in demo_units(city_id, at=at):
        for group in GROUPS:
            name = f"{FAMILIES[place % len(FAMILIES)]} {GIVENS[place % len(GIVENS)]}"  # 72 before one comes again
            place += 1
            actions.add_beneficiary(_row(place, name, group, unit.full_name), unit_id=unit.id, actor=HOUSE, at=at)
    this_month = first_of(timezone.localdate(at))
    run = actions.open_run(city_id, month=this_month - timedelta(days=1), actor=pays, at=at)
    run = actions.freeze_run(run.pk, actor=pays, at=at)
    if run.placed_at is None:
        run = actions.place_lines(run.pk, actor=HOUSE, at=at)
    run = actions.approve_run(run.pk, accepted=check(run).figures, actor=approves, at=at)
    for batch in actions.make_batches(run.pk, actor=pays, at=at):
        actions.mark_sent(batch.pk, actor=pays, at=at)
        _answered(run, batch, actor=pays, at=at)
    actions.open_run(city_id, month=this_month, actor=pays, at=at)
    return place


def _officer(who: str, at: datetime) -> Actor | None:
    person = Person.objects.filter(email=email_of(who, None)).first()
    return actor_for(person, at=at) if person is not None else None


def _row(place: int, name: str, group: str, unit: str) -> dict[str, str]:
    by_bank = place % 2 == 1
    return {
        "full_name": name,
        "id_number": f"0014{58_000_000 + place:08d}",
        "born": "2017" if group.startswith("TE") else f"12/03/{1938 + place % 8}",
        "address": f"Tổ dân phố {place % 9 + 1}, {unit}",
        "group": group,
        "start": "07/2025",
        "payer": "Ngân hàng" if by_bank else "Bưu điện",
        "bank": "Ngân hàng Ví Dụ" if by_bank else "",
        "account": f"10{place:08d}" if by_bank else "",
        "cash_point": "" if by_bank else "Bưu cục Ví Dụ",
    }


def _answered(run: PayRun, batch: PayBatch, *, actor: Actor, at: datetime) -> None:
    """The payer's file: paid, but for the first of its lines where it is the bank's."""
    lines = list(Payment.objects.filter(attempts__batch=batch).order_by("pk").values_list("pk", "payer"))
    failed = {pk for pk, payer in lines[:FAILED] if payer == "bank"}
    content = _report(run, batch, [(pk, pk in failed) for pk, _payer in lines])
    report = actions.send_report(run.pk, content, name="ket-qua.csv", actor=actor, at=at)
    actions.read_report(report.pk, actor=HOUSE, at=at)  # or the worker did, which runs already


def _report(run: PayRun, batch: PayBatch, lines: Iterable[tuple[int, bool]]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(["Mã chi trả", "Kết quả", "Lý do"])
    for payment_id, failed in lines:
        said = ("Không trả được", "Sai số tài khoản") if failed else ("Đã trả", "")
        writer.writerow([reference(run.month, batch.number, payment_id), *said])
    return target.getvalue().encode()

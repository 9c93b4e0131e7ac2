"""Dossiers, papers, fees, lists of who is paid, and files that came in."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from tests.house.things import HOUSE
from thongsuot.allowances import actions as allowances
from thongsuot.allowances.loading import load_rates
from thongsuot.allowances.models import Payment
from thongsuot.allowances.queries.checks import check
from thongsuot.allowances.tests.make import a_row as a_beneficiary_row
from thongsuot.allowances.tests.make import answer
from thongsuot.allowances.tests.make import as_csv as as_a_list
from thongsuot.assistance import actions as assistance
from thongsuot.assistance.tests.make import a_helper, an_agent
from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.models import Carriage, CertifiedCopy, Dossier, FeeDue, PaperDebt, Recomputation
from thongsuot.dossiers.tests.make import MONDAY, Town, a_file, forward_to, minh, receive
from thongsuot.files.tests.make import pdf
from thongsuot.indicators.actions import load_rules
from thongsuot.indicators.models import Export
from thongsuot.payments import actions as payments
from thongsuot.payments.models import Difference, FeeAccount, PaymentLine, StatementLine
from thongsuot.payments.rules.reconcile import Found
from thongsuot.people.models import Appointment, Person
from thongsuot.people.queries import actor_for
from thongsuot.personal_store.actions import Use as StoreUse
from thongsuot.personal_store.actions import reuse
from thongsuot.personal_store.tests.make import make_paper
from thongsuot.procedures.models import CatalogueImport
from thongsuot.registers.tests.make import a_row, imported


def papers_of(town: Town, owner: Person) -> dict[str, Any]:
    """A paper in the owner's store with a use of it; a changed result and a certified copy of another dossier."""
    paper = make_paper(account_id=owner.pk, owner_id_number=minh().id_number)
    use = StoreUse(
        dossier_id=1,
        dossier_code="H98",
        procedure_code="9",
        procedure="Cấp giấy",
        unit_id=town.river,
        unit_name="Sông",
        how="spoken",
    )
    used = reuse(paper.pk, use=use, on=MONDAY.date(), actor=HOUSE, at=MONDAY)
    other = forward_to(town, receive(town), "tra", at=MONDAY)
    change = dossiers.open_change(
        other.pk, kind="correction", reason="Sai ngày", basis="Đơn", actor=town.actor("toan"), at=MONDAY
    )
    copy = CertifiedCopy.objects.create(
        dossier=other, unit_id=town.river, title="Bằng", pages=1, scan_id=a_file(), compared_at=MONDAY, compared_by_name="Lan"
    )
    return {
        "paper_id": paper.pk,
        "consent_id": used.consent_id,
        "change_id": change.pk,
        "copy_id": copy.pk,
        "dossiers:change": {"dossier_id": other.pk},
        "dossiers:case_cop": {"dossier_id": other.pk},
    }


def a_carriage(town: Town, dossier: Dossier) -> int:
    """From the city to the first ward: the other ward has nothing to do with it."""
    carriage = Carriage.objects.create(
        code="GN-2222-2222",
        number=1,
        year=2025,
        from_unit=town.city.city,
        to_unit=town.city.river,
        sent_at=MONDAY,
        sent_by_name="Lan",
    )
    PaperDebt.objects.create(
        dossier=dossier,
        what="result",
        from_unit=town.city.city,
        to_unit=town.city.river,
        owed_since=MONDAY,
        due_at=MONDAY + timedelta(days=1),
        carriage=carriage,
    )
    return carriage.pk


def a_payment(town: Town, dossier: Dossier) -> dict[str, Any]:
    """Phường Sông's account waits for its test; the dossier's fee was taken in cash and is to go back; a day differs."""
    now = timezone.now()
    account = payments.declare_account(
        town.river, bank_bin="970436", number="1133666688", holder="UBND", merchant="SONG", actor=HOUSE, at=now
    )
    test = payments.begin_test_payment(account.pk, actor=HOUSE, at=now)
    fees = FeeDue.objects.filter(dossier=dossier, amount_dong__gt=0)
    payments.take_cash("dossiers.dossier", dossier.pk, owed_ids=[fee.pk for fee in fees], actor=HOUSE, at=now)
    line = PaymentLine.objects.filter(subject="dossiers.dossier").latest("pk")
    refund = payments.propose_refund(line.pk, how="cash", reason="thu nhầm", actor=HOUSE, at=now)
    account = FeeAccount.objects.get(unit=town.river)
    content = "Ngày;Số tham chiếu;Số tiền;Nội dung\n01/01/2026;FT9;5000;nop phi\n01/01/2026;FT8;-3000;phi\n".encode()
    payments.bring_statement(account.pk, content, name="so-phu.csv", actor=HOUSE, at=now)
    found = Found(kind="not_banks", key="bank:X", unit_id=town.river, ours_dong=1, payment_id=line.payment_id)
    payments.note_differences(date(2026, 1, 1), lambda: [found], actor=HOUSE, at=now)
    return {
        "payments": {
            "secret": test.secret,
            "reference": test.reference,
            "payment_id": test.pk,
            "shift_id": line.payment.shift_id,
            "line_id": line.pk,
            "refund_id": refund.pk,
            "difference_id": Difference.objects.latest("pk").pk,
            "unit_id": town.river,
            "day": "2026-01-01",
            "account": "fees",
        },
        "payments:receipt": {"secret": line.receipt.secret},
        "payments:assign": {"line_id": StatementLine.objects.get(bank_reference="FT9").pk},
        "payments:outflow": {"line_id": StatementLine.objects.get(bank_reference="FT8").pk},
    }


def an_old_register(town: Town) -> dict[str, int]:
    """An entry that stands and a row that waits, kept by Toàn for a moment."""
    Appointment.objects.filter(person=town.people["toan"]).update(duties=["keep civil status", "process dossiers"])
    done = imported(town, [a_row(), a_row(number="16", child_name="Lò Văn Hai", child_born="31/02/2004")])
    stored, unclear = done.rows.order_by("place")
    assert stored.entry is not None
    return {
        "register_import_id": done.pk,
        "row_id": unclear.pk,
        "entry_id": stored.entry.pk,
        "book_id": stored.entry.book_id,
    }


def a_month_of_allowances(town: Town) -> dict[str, int]:
    """Somebody on the list of phường Sông, paid by a bank whose answer came; and an old list that waits for a look."""
    now, month = timezone.now(), timezone.localdate().replace(day=1)
    load_rates(at=now)
    rows = [a_beneficiary_row(1), a_beneficiary_row(2, id_number="12")]
    sent = allowances.send_file(as_a_list(rows), name="a.csv", unit_id=town.river, month=month, actor=HOUSE, at=now)
    allowances.read_file(sent.pk, actor=HOUSE, at=now)
    one = allowances.add_beneficiary(a_beneficiary_row(3), unit_id=town.river, actor=HOUSE, at=now)
    run = allowances.open_run(town.city.city.pk, month=month, actor=HOUSE, at=now)
    allowances.freeze_run(run.pk, actor=HOUSE, at=now)
    allowances.approve_run(run.pk, accepted=check(run).figures, actor=HOUSE, at=now)
    (batch,) = allowances.make_batches(run.pk, actor=HOUSE, at=now)
    allowances.mark_sent(batch.pk, actor=HOUSE, at=now)
    said = answer(run, 1, {Payment.objects.get(run=run).pk: "failed"})
    report = allowances.send_report(run.pk, said, name="k.csv", actor=HOUSE, at=now)
    allowances.apply_report(report.pk, actor=HOUSE, at=now)
    return {
        "beneficiary_id": one.pk,
        "import_id": sent.pk,
        "run_id": run.pk,
        "batch_id": batch.pk,
        "report_id": report.pk,
    }


def a_helping_hand(town: Town, owner: Person, citizen: Person) -> dict[str, Any]:
    """The citizen is an agent's person whom the owner let help, and is helped by the owner as a volunteer.

    So the walk of all doors shows that whoever helps comes in nowhere else.
    """
    now, code = timezone.now(), town.version.procedure.code
    agent = an_agent(town.river)
    helper = a_helper(town.river, agent_id=agent.pk, full_name=citizen.full_name, email=citizen.email)
    given = assistance.give_consent(helper.number, procedure_code=code, actor=actor_for(owner, at=now), at=now)
    helping = a_helper(town.river, "volunteer", full_name=owner.full_name, email=owner.email)
    helped = assistance.give_consent(helping.number, procedure_code=code, actor=actor_for(helper.person, at=now), at=now)
    opened = assistance.open_with_code(helping.pk, helped.code, actor=actor_for(owner, at=now), at=now)
    hours, point = {"day": timezone.localdate(now), "starts": time(8), "ends": time(11)}, town.city.point(town.city.river).pk
    shift = assistance.put_shift(helping.number, point_id=point, **hours, actor=HOUSE, at=now)
    lawyer = a_helper(town.city.city.pk, "lawyer", full_name="Lò Thị Luật")
    advising = assistance.put_shift(lawyer.number, point_id=point, **hours, actor=HOUSE, at=now)
    said = {"topic": "land", "outcome": "advised", "words": minh().name}
    note = assistance.note_consultation(advising.pk, **said, actor=actor_for(lawyer.person, at=now), at=now)
    targets = {"people": 9, "accounts": 9, "dossiers": 9}
    campaign = assistance.start_campaign(
        town.city.city.pk, name="30 ngày", starts_on=now.date(), days=30, targets=targets, actor=HOUSE, at=now
    )
    paper = assistance.take_paper(
        helper.pk, pdf(), file_name="a.pdf", name="Lò A", procedure_code=code, actor=actor_for(helper.person, at=now), at=now
    )
    own_paper = assistance.take_paper(
        helping.pk, pdf(), file_name="b.pdf", name="Lò B", procedure_code=code, actor=actor_for(owner, at=now), at=now
    )
    return {
        "assistance": {
            "consent_id": given.consent.pk,
            "secret": given.consent.secret,
            "session_id": opened.pk,
            "agent_id": agent.pk,
            "helper_id": helper.pk,
            "shift_id": shift.pk,
            "note_id": note.pk,
            "campaign_id": campaign.pk,
        },
        "assistance:paper": {"consent_id": paper.pk},
        "assistance:slip": {"session_id": own_paper.pk},
    }


def an_export(person: Person, town: Town) -> int:
    """A list that an officer asked for; and the rules of the index, without which there is nothing to list."""
    load_rules(actor=HOUSE, at=timezone.now())
    wanted = {
        "units": [town.river],
        "procedures": None,
        "first": "2025-10-01",
        "last": "2025-10-31",
        "item": "2.1",
        "part": "tu-so",
    }
    export = Export.objects.create(
        asked_by=person,
        asked_at=timezone.now(),
        title="2.1",
        wanted=wanted,
        rows=1,
        done=1,
        made_at=timezone.now(),
        content=b"PK",
    )
    return export.pk


def an_import(town: Town) -> int:
    report = CatalogueImport.objects.create(
        file_name="thu-tuc.json",
        city=town.city.city,
        imported_at=MONDAY,
        imported_by_name="Hệ thống",
        loaded=0,
        unchanged=0,
        kept=0,
    )
    return report.pk


def a_recomputation() -> int:
    row = Recomputation.objects.create(
        change_event_id=1, days=[MONDAY.date()], announced_at=MONDAY, announced_by_name="Hệ thống", to_look_at=0
    )
    return row.pk

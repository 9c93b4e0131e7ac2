"""Dossiers go to successors: by rule, to the last one, and back."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.actions.signatures import Way
from thongsuot.dossiers.models import (
    Component,
    Digitisation,
    Dossier,
    PaperDebt,
    Result,
    ResultSigning,
    Tally,
    TallyChange,
)
from thongsuot.dossiers.queries import search
from thongsuot.dossiers.queries.leading import fold_tally
from thongsuot.dossiers.queries.result_register import register_rows
from thongsuot.dossiers.tests.make import FIVE_DAYS, PAPERS, STEPS, a_file
from thongsuot.handover import actions, running, tasks
from thongsuot.handover.models import Changeover, Transfer
from thongsuot.handover.queries import transfers as queries
from thongsuot.handover.tests.make import (
    HOUSE,
    JULY,
    JUNE,
    MIDNIGHT,
    Eve,
    decide,
    give_go,
    open_for,
    plan_and_run,
    receive,
)
from thongsuot.kernel import clock
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import faults, history_of
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.numbering.actions import draw
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.units.heirs import Clue, Heirs, Rule
from thongsuot.units.tests.make import BEFORE

pytestmark = pytest.mark.django_db


def where(eve: Eve) -> dict[str, str]:
    codes = {pk: code for code, pk in eve.units.items()}
    return {d.code: codes[d.resolving_unit_id] for d in Dossier.objects.all()}


def test_each_dossier_goes_where_its_rule_says_and_the_unclear_to_a_person_alone(eve):
    (whole,) = receive(eve, "98101", "12 phố Bến, phường Bến")
    (upper,) = receive(eve, "98102", "thôn Thượng, phường Chợ, quận Giữa")
    (lower,) = receive(eve, "98102", "số 5 phố Hạ, phường Chợ")
    (unclear,) = receive(eve, "98102", "số 9, phường Chợ, quận Giữa")
    (land,) = receive(eve, "98104", "phường Gò")
    changeover = open_for(decide(eve))

    plan_and_run(changeover)

    found = where(eve)
    assert [found[one.code] for one in (whole, upper, lower, land)] == ["98001", "98001", "98002", "98002"]
    assert found[unclear.code] == "98102"
    waits = Transfer.objects.get(to_unit=None)
    assert (waits.subject_id, waits.rule) == (unclear.pk, "nobody")
    assert waits.candidates == [eve.unit("98001"), eve.unit("98002")]
    assert {t.rule for t in Transfer.objects.exclude(to_unit=None)} == {"whole", "place"}
    assert queries.reconcile(changeover).good


def test_the_old_code_answers_before_between_and_after(eve, client, monkeypatch):
    (moving,) = receive(eve, "98101", "phường Bến")
    (over,) = receive(eve, "98102", "phường Chợ")
    Dossier.objects.filter(pk=over.pk).update(status=7, ended_at=JUNE)
    changeover = open_for(decide(eve))

    def tracked(code: str, at: datetime) -> tuple[str, dict[str, object]]:
        forget_all()
        monkeypatch.setattr(clock, "now", lambda: at)
        page = client.get(reverse("dossiers:tracked", args=[code])).content.decode()
        return page, client.get(f"/api/v1/track/{code}").json()

    assert tracked(moving.code, JUNE)[1]["responsible_unit"] == "Phường Bến"
    page, answer = tracked(moving.code, MIDNIGHT)
    assert "Hồ sơ đang được chuyển sang đơn vị kế tục" in page
    assert (answer["resolving_unit"], answer["responsible_unit"]) == ("Phường Bến", "Phường Sông")
    plan_and_run(changeover)
    page, answer = tracked(moving.code, JULY)
    assert "đã kết thúc hoạt động" not in page
    assert (answer["code"], answer["resolving_unit"], answer["due_at"]) == (
        moving.code,
        "Phường Sông",
        tracked(moving.code, JUNE)[1]["due_at"],
    )
    page, answer = tracked(over.code, JULY)  # ended at the old ward: it stays there, its keeper answers
    assert "Nay Phường Sông trả lời về hồ sơ này" in page
    assert (answer["resolving_unit"], answer["responsible_unit"]) == ("Phường Chợ", "Phường Sông")


def test_officers_of_the_ended_unit_can_do_nothing_and_those_of_the_new_see_theirs(eve):
    (dossier,) = receive(eve, "98101", "phường Bến")
    (other,) = receive(eve, "98103", "phường Đình")
    changeover = open_for(decide(eve))
    assert eve.actor("98101", MIDNIGHT - timedelta(minutes=6)).units_for("process dossiers") == {eve.unit("98101")}
    assert not eve.actor("98101", MIDNIGHT).is_staff  # at the instant, with no switch
    plan_and_run(changeover)
    old, new = eve.actor("98101", JULY), eve.actor("98001", JULY)

    with pytest.raises(NotYourDuty):
        dossiers.forward(dossier.pk, step_key="tiep-nhan", to_person=None, actor=old, at=JULY)
    assert [row.id for row in search.found(dossier.code, actor=new)] == [dossier.pk]
    assert search.found(other.code, actor=new) == []
    assert search.found(dossier.code, actor=old) == []
    dossiers.forward(dossier.pk, step_key="tiep-nhan", to_person=None, actor=new, at=JULY)


def test_a_run_needs_the_preview_that_still_holds_and_the_day(eve):
    receive(eve, "98101", "phường Bến")
    changeover = open_for(decide(eve))
    give_go(changeover)
    planned = actions.plan(changeover.pk, actor=HOUSE, at=JUNE)
    with pytest.raises(actions.NotInForceYet):
        actions.begin_run(changeover.pk, plan_hash=planned.plan_hash, actor=HOUSE, at=JUNE)
    with pytest.raises(actions.PlanOutdated):
        actions.begin_run(changeover.pk, plan_hash="0" * 64, actor=HOUSE, at=JULY)
    (late,) = receive(eve, "98103", "phường Đình")
    with pytest.raises(actions.PlanOutdated):
        actions.begin_run(changeover.pk, plan_hash=planned.plan_hash, actor=HOUSE, at=JULY)
    Dossier.objects.filter(pk=late.pk).update(status=7, ended_at=JULY)
    actions.begin_run(changeover.pk, plan_hash=planned.plan_hash, actor=HOUSE, at=JULY)  # as it was seen again
    with pytest.raises(actions.AlreadyRunning):
        actions.plan(changeover.pk, actor=HOUSE, at=JULY)
    with pytest.raises(actions.PlanOutdated):
        actions.begin_run(changeover.pk, plan_hash="0" * 64, actor=HOUSE, at=JULY)


def test_what_ended_after_the_preview_is_counted_as_ended(eve):
    (gone,) = receive(eve, "98101", "phường Bến")
    receive(eve, "98101", "phường Bến", at=JUNE + timedelta(hours=1))
    changeover = open_for(decide(eve))
    give_go(changeover)
    planned = actions.plan(changeover.pk, actor=HOUSE, at=MIDNIGHT)
    actions.begin_run(changeover.pk, plan_hash=planned.plan_hash, actor=HOUSE, at=MIDNIGHT)
    dossiers.withdraw(gone.pk, reason="Không cần nữa", actor=HOUSE, at=MIDNIGHT)  # its owner, while the run went on
    running.go_on(changeover.pk, actor=HOUSE, now=lambda: MIDNIGHT)

    (line,) = queries.lines(changeover.pk)
    assert (line.held, line.moved, line.gone) == (2, 1, 1)
    assert queries.reconcile(changeover).good


def test_an_undo_leaves_what_the_successor_finished_and_says_so(eve):
    (kept, back) = receive(eve, "98101", "phường Bến", count=2)
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    with pytest.raises(NotYourDuty):
        actions.begin_undo(changeover.pk, actor=eve.actor("98001", JULY), at=JULY)
    dossiers.withdraw(kept.pk, reason="Rút", actor=eve.actor("98001", JULY), at=JULY)
    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)

    assert where(eve) == {kept.code: "98001", back.code: "98101"}
    assert Transfer.objects.get(subject_id=kept.pk).stays_at is not None
    assert [row.name for row in history_of(back)][-2:] == ["dossiers.moved", "dossiers.moved_back"]
    with pytest.raises(actions.NothingToUndo):
        Transfer.objects.filter(subject_id=kept.pk).delete()
        actions.begin_undo(changeover.pk, actor=HOUSE, at=JULY)


def test_stopped_it_rests_and_goes_on_with_the_same_hash(eve):
    receive(eve, "98101", "phường Bến", count=5)
    changeover = open_for(decide(eve))
    give_go(changeover)
    planned = actions.plan(changeover.pk, actor=HOUSE, at=MIDNIGHT)
    running.run(changeover.pk, plan_hash=planned.plan_hash, actor=HOUSE, now=lambda: MIDNIGHT, size=2, most_batches=1)
    actions.stop(changeover.pk, actor=HOUSE, at=MIDNIGHT)
    assert running.go_on(changeover.pk, actor=HOUSE, now=lambda: MIDNIGHT).state == Changeover.State.RUNNING
    assert Transfer.objects.filter(moved_at__isnull=False).count() == 2
    done = running.run(changeover.pk, plan_hash=planned.plan_hash, actor=HOUSE, now=lambda: MIDNIGHT)
    assert done.state == Changeover.State.OPEN
    assert Transfer.objects.filter(moved_at__isnull=False).count() == 5


def told_of(changeover: Changeover) -> list[str]:
    """What its history says of runs and undos, batches left out."""
    names = [row.name.removeprefix("handover.") for row in history_of(changeover)]
    return [name for name in names if name.startswith(("run_", "undo_"))]


def test_a_run_in_several_jobs_tells_that_it_began_once_and_that_it_ended_once(eve):
    receive(eve, "98101", "phường Bến", count=5)
    changeover = open_for(decide(eve))
    give_go(changeover)
    planned = actions.plan(changeover.pk, actor=HOUSE, at=MIDNIGHT)
    running.run(changeover.pk, plan_hash=planned.plan_hash, actor=HOUSE, now=lambda: MIDNIGHT, size=2, most_batches=1)
    for _job in range(2):
        running.go_on(changeover.pk, actor=HOUSE, now=lambda: MIDNIGHT, size=2, most_batches=2)

    assert told_of(changeover) == ["run_begun", "run_ended"]  # nobody stopped it


def test_a_stop_between_two_jobs_of_an_undo_stops_it_and_it_is_not_told_as_finished(eve, monkeypatch):
    receive(eve, "98101", "phường Bến", count=5)
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    monkeypatch.setattr(tasks, "BATCHES", 2)
    monkeypatch.setattr(clock, "now", lambda: JULY)
    batch = actions.put_back_batch
    monkeypatch.setattr(actions, "put_back_batch", lambda pk, **said: batch(pk, **said | {"size": 1}))
    again: list[dict[str, object]] = []
    monkeypatch.setattr(tasks.do, "defer", lambda **kwargs: again.append(kwargs))
    actions.ask(changeover.pk, what=Changeover.Asked.UNDO, actor=HOUSE, at=JULY)
    tasks.do(changeover.pk, Changeover.Asked.UNDO)
    actions.stop(changeover.pk, actor=HOUSE, at=JULY)
    tasks.do(**again.pop())

    rests = Changeover.objects.get()
    assert (rests.state, rests.asked) == (Changeover.State.UNDOING, "")
    assert Transfer.objects.filter(moved_at__isnull=False).count() == 3
    assert told_of(changeover)[2:] == ["undo_begun", "run_stopped", "run_stopped"]  # asked, and done
    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)
    assert told_of(changeover)[5:] == ["undo_begun", "undo_ended"]
    assert not Transfer.objects.filter(moved_at__isnull=False).exists()


def test_an_undo_that_was_stopped_or_killed_when_all_was_back_can_be_ended(eve):
    receive(eve, "98101", "phường Bến")
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    actions.begin_undo(changeover.pk, actor=HOUSE, at=JULY)
    actions.put_back_batch(changeover.pk, actor=HOUSE, at=JULY)
    actions.stop(changeover.pk, actor=HOUSE, at=JULY)

    assert running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY).state == Changeover.State.OPEN


def test_nobody_may_send_a_thing_to_a_unit_that_took_over_nothing_of_its_own(eve):
    receive(eve, "98102", "số 9, phường Chợ")
    changeover = open_for(decide(eve))
    actions.plan(changeover.pk, actor=HOUSE, at=MIDNIGHT)
    unclear = Transfer.objects.get()
    with pytest.raises(actions.CannotReceive):
        actions.choose(changeover.pk, [unclear.pk], to_unit_id=eve.unit("98103"), actor=HOUSE, at=MIDNIGHT)
    with pytest.raises(NotFound):
        actions.choose(changeover.pk, [0], to_unit_id=eve.unit("98001"), actor=HOUSE, at=MIDNIGHT)
    actions.choose(changeover.pk, [unclear.pk], to_unit_id=eve.city.pk, actor=HOUSE, at=MIDNIGHT)
    # A person's word survives the next preview.
    actions.plan(changeover.pk, actor=HOUSE, at=MIDNIGHT)
    assert Transfer.objects.get().rule == "person"


def test_counts_of_dashboards_move_with_the_dossiers(eve):
    receive(eve, "98101", "phường Bến", count=3)
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    fold_tally()

    assert dict(Tally.objects.exclude(dossiers=0).values_list("unit_id", "dossiers")) == {eve.unit("98001"): 3}
    assert not TallyChange.objects.exists()
    assert list(faults()) == []


def test_paper_between_two_wards_that_become_one_is_owed_no_more_until_it_goes_back(eve):
    intake = dossiers.Intake(
        procedure=eve.version.procedure.code,
        receiving_unit_id=eve.unit("98101"),
        resolving_unit_id=eve.unit("98102"),
        owner=dossiers.Owner(name="Hoàng Văn Minh", phone="0912345678", address="thôn Thượng, phường Chợ"),
        papers=(dossiers.PaperIn(code="giay-chung-nhan"),),
    )
    desk = eve.actor("98101")
    answer = dossiers.receive_dossier(intake, actor=desk, at=JUNE)
    dossiers.forward(answer["id"], step_key="tiep-nhan", to_person=None, actor=desk, at=JUNE)
    debt = PaperDebt.objects.get()
    changeover = open_for(decide(eve))
    plan_and_run(changeover)

    dossier = Dossier.objects.get(pk=answer["id"])
    assert (dossier.receiving_unit_id, dossier.resolving_unit_id) == (eve.unit("98001"), eve.unit("98001"))
    assert not PaperDebt.objects.filter(settled_at=None).exists()
    running.undo(changeover.pk, actor=HOUSE, now=lambda: MIDNIGHT)
    again = PaperDebt.objects.get()
    assert (again.from_unit_id, again.to_unit_id, again.settled_at) == (debt.from_unit_id, debt.to_unit_id, None)


def test_due_dates_stay_or_follow_the_rule_of_the_decision_and_come_back_with_an_undo(eve):
    (dossier,) = receive(eve, "98101", "phường Bến")
    before = Dossier.objects.get(pk=dossier.pk).due_at
    changeover = open_for(decide(eve))
    with pytest.raises(BadInput):
        actions.set_due_rule(changeover.pk, days=3, basis=" ", actor=HOUSE, at=JUNE)
    actions.set_due_rule(changeover.pk, days=3, basis="Điều 5 Nghị quyết 1/NQ-VD", actor=HOUSE, at=JUNE)

    plan_and_run(changeover)

    moved = Dossier.objects.get(pk=dossier.pk)
    days = [before + timedelta(days=n) for n in range(1, 8)]
    working = [one for one in days if one.astimezone(VIET_NAM).weekday() < 5]
    assert moved.due_at == working[2]
    assert moved.warn_at is not None
    assert moved.warn_at < moved.due_at
    with pytest.raises(BadInput):
        actions.set_due_rule(changeover.pk, days=0, basis="", actor=HOUSE, at=JULY)
    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)
    assert Dossier.objects.get(pk=dossier.pk).due_at == before


def test_numbers_stay_in_the_register_that_drew_them_and_the_keeper_corrects_what_the_old_unit_closed(eve):
    """A result not yet given moves with its old number; a closed one stays, its correction is numbered by the keeper."""
    code = "98101"
    officer = eve.actor(code)
    waiting, closed = receive(eve, code, "phường Bến", count=2)
    for dossier in (waiting, closed):
        for step in ("tiep-nhan", "phan-cong", "tham-dinh", "soat", "ky", "vao-so"):
            if step == "tham-dinh":
                dossiers.draft_result(dossier.pk, title="Giấy", file_id=a_file(JUNE, by=officer), actor=officer, at=JUNE)
            by_hand = Way(paper_reason="Chưa có chứng thư") if step in ("ky", "vao-so") else None
            dossiers.forward(dossier.pk, step_key=step, way=by_hand, actor=officer, at=JUNE)
    dossiers.hand_back(closed.pk, handed_to="Minh", actor=officer, at=JUNE)
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    old, new = eve.unit(code), eve.unit("98001")
    assert Dossier.objects.get(pk=waiting.pk).resolving_unit_id == new
    assert [row.number for row in register_rows([old], year=2025)] == ["01", "02"]
    assert register_rows([new], year=2025) == []

    keeper = eve.actor("98001", JULY)
    assert [row.id for row in search.found(str(Dossier.objects.get(pk=closed.pk)), actor=keeper)] == [closed.pk]
    with pytest.raises(NotYourDuty):
        dossiers.open_change(closed.pk, kind="correction", reason="Sai", basis="Đơn", actor=eve.actor("98002", JULY), at=JULY)
    change = dossiers.open_change(closed.pk, kind="correction", reason="Sai tên", basis="Đơn", actor=keeper, at=JULY)
    dossiers.draft_change(change.pk, title="Đính chính", file_id=a_file(JULY, by=keeper), actor=keeper, at=JULY)
    dossiers.review_change(change.pk, approve=True, actor=keeper, at=JULY)
    dossiers.sign_change(change.pk, actor=keeper, at=JULY)
    dossiers.issue_change(change.pk, actor=keeper, at=JULY)
    assert [row.number for row in register_rows([new], year=2025)] == ["01"]
    assert [row.state for row in register_rows([old], year=2025)] == ["valid", "corrected"]


def test_the_place_a_dossier_is_about_goes_before_where_its_owner_lives(eve):
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": [],
        "properties": {
            "plot_address": {"type": "string", "title": "Thửa đất", "maxLength": 200, "x-concerns": True, "x-group": "plot"}
        },
        "x-groups": [{"key": "plot", "title": "Thửa đất"}],
    }
    eve.version = make_procedure(
        "9.000002", valid_from=BEFORE, city_id=eve.city.pk, limit=FIVE_DAYS, steps=STEPS, papers=PAPERS, form_schema=schema
    )
    form = {"plot_address": "thửa 12, thôn Hạ, phường Chợ"}
    (land,) = receive(eve, "98102", "thôn Thượng, phường Chợ, quận Giữa", form=form)
    (home,) = receive(eve, "98102", "thôn Thượng, phường Chợ, quận Giữa")
    plan_and_run(open_for(decide(eve)))
    assert where(eve) == {land.code: "98002", home.code: "98001"}


def through_to(officer, dossier_id: int, last: str, *, at: datetime) -> None:
    """Every step up to and with `last`, signed and numbered by hand."""
    for step in ("tiep-nhan", "phan-cong", "tham-dinh", "soat", "ky", "vao-so"):
        if step == "tham-dinh":
            dossiers.draft_result(dossier_id, title="Giấy", file_id=a_file(at, by=officer), actor=officer, at=at)
        by_hand = Way(paper_reason="Chưa có chứng thư") if step in ("ky", "vao-so") else None
        dossiers.forward(dossier_id, step_key=step, way=by_hand, actor=officer, at=at)
        if step == last:
            return


def test_what_the_successor_numbered_stays_in_its_register_when_the_dossier_goes_back(eve):
    (dossier,) = receive(eve, "98101", "phường Bến")
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    through_to(eve.actor("98001", JULY), dossier.pk, "vao-so", at=JULY)
    old, new = eve.unit("98101"), eve.unit("98001")
    assert [row.number for row in register_rows([new], year=2025)] == ["01"]

    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)

    assert Dossier.objects.get(pk=dossier.pk).resolving_unit_id == old
    assert [row.number for row in register_rows([new], year=2025)] == ["01"]
    assert register_rows([old], year=2025) == []


def test_a_number_that_waits_for_the_agency_stays_the_old_units_and_is_cancelled_there(eve):
    (dossier,) = receive(eve, "98101", "phường Bến")
    through_to(eve.actor("98101"), dossier.pk, "ky", at=JUNE)
    result = Result.objects.get(dossier=dossier.pk)
    with transaction.atomic():
        number, _at = draw("result", unit_id=eve.unit("98101"), bucket="2025", at=JUNE)
    ResultSigning.objects.filter(result=result).update(number=f"{number:02}", issued_on=JUNE.date())
    plan_and_run(open_for(decide(eve)))
    keeper = eve.actor("98001", JULY)
    old, new = eve.unit("98101"), eve.unit("98001")
    assert [row.state for row in register_rows([old], year=2025)] == ["reserved"]

    dossiers.stop(dossier.pk, reason="Chủ hồ sơ đã mất", actor=keeper, at=JULY)

    assert [row.state for row in register_rows([old], year=2025)] == ["cancelled"]
    assert register_rows([new], year=2025) == []


def test_a_successor_that_was_there_keeps_its_own_part_of_a_dossier_that_goes_back(eve):
    """Its own scan waits in the dossier before: only what came goes back."""
    (dossier,) = receive(eve, "98101", "phường Bến")
    changeover = open_for(decide(eve))
    first, second = (Component.objects.filter(dossier=dossier.pk).first() for _each in range(2))
    second.pk, second.code = None, "giay-khac"
    second.save(force_insert=True)
    old, new = eve.unit("98101"), eve.unit("98001")
    theirs, own = (
        Digitisation.objects.create(
            component=component, unit_id=unit, file_id=a_file(JUNE), state="waiting", scanned_by_name="Lan", scanned_at=JUNE
        )
        for component, unit in ((first, old), (second, new))
    )
    plan_and_run(changeover)
    assert set(Digitisation.objects.values_list("unit_id", flat=True)) == {new}
    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)
    assert dict(Digitisation.objects.values_list("pk", "unit_id")) == {theirs.pk: old, own.pk: new}


def test_another_rule_of_dates_and_choices_during_a_run_ask_for_a_new_preview(eve):
    receive(eve, "98101", "phường Bến")
    (unclear,) = receive(eve, "98102", "phường Chợ")
    changeover = open_for(decide(eve))
    give_go(changeover)
    seen = actions.plan(changeover.pk, actor=HOUSE, at=JULY).plan_hash
    actions.set_due_rule(changeover.pk, days=5, basis="Điều 3", actor=HOUSE, at=JULY)
    with pytest.raises(actions.PlanOutdated):
        actions.begin_run(changeover.pk, plan_hash=seen, actor=HOUSE, at=JULY)
    again = actions.plan(changeover.pk, actor=HOUSE, at=JULY).plan_hash
    assert again != seen
    actions.begin_run(changeover.pk, plan_hash=again, actor=HOUSE, at=JULY)
    waits = Transfer.objects.get(subject_id=unclear.pk, kind="dossiers.pending")
    with pytest.raises(actions.AlreadyRunning):
        actions.choose(changeover.pk, [waits.pk], to_unit_id=eve.unit("98001"), actor=HOUSE, at=JULY)


def test_what_is_not_divided_goes_whole_to_the_one_successor_or_to_the_keeper(eve):
    heirs_of_day = Heirs(MIDNIGHT.date()) if decide(eve) else None
    assert heirs_of_day is not None
    rules = {code: heirs_of_day.keeper(eve.unit(code)).rule for code in ("98101", "98102", "98103", "980")}
    assert rules == {"98101": Rule.WHOLE, "98102": Rule.KEEPER, "98103": Rule.WHOLE, "980": Rule.KEEPER}
    assert heirs_of_day.candidates(eve.unit("98102")) == (eve.unit("98001"), eve.unit("98002"))


@pytest.mark.parametrize(
    ("old", "address", "new", "rule"),
    [
        ("98101", "", "98001", Rule.WHOLE),
        ("98102", "thôn Thượng, phường Chợ", "98001", Rule.PLACE),
        ("98102", "5 thôn Hạ", "98002", Rule.PLACE),
        ("98102", "phố Hạ", "98002", Rule.PLACE),
        ("98102", "tổ 5, phường Chợ, quận Giữa", "98002", Rule.PLACE),
        ("98102", "tổ 50, phường Chợ, quận Giữa", None, Rule.NOBODY),
        ("98102", "thôn Hạ, thôn Thượng", None, Rule.NOBODY),  # both parts are named
        ("98102", "phường Sông", "98001", Rule.ADDRESS),  # what it went to
        ("98102", "phường Chợ", None, Rule.NOBODY),
        ("98102", "thôn Hạ, phường Bến, quận Giữa", None, Rule.NOBODY),  # lies in another
        ("980", "phường Bến, quận Giữa", "98001", Rule.ADDRESS),
        ("980", "phường Đình, quận Giữa", "98002", Rule.ADDRESS),
        ("980", "quận Giữa", None, Rule.NOBODY),
    ],
)
def test_an_address_leads_to_the_successor_that_got_its_part_and_no_further(eve, old, address, new, rule):
    heirs_of_day = Heirs(MIDNIGHT.date()) if decide(eve) else None
    assert heirs_of_day is not None
    found = heirs_of_day.choose(eve.unit(old), Clue(addresses=(address,)))
    assert (found.to_unit_id, found.rule) == (new and eve.unit(new), rule)
    assert heirs_of_day.city_of(eve.unit(old)) == eve.city.pk


def test_a_street_alone_in_a_district_is_nobodys_guess(eve):
    """Phố Hạ is a part of phường Chợ, but a street of that name may run through other wards of the district too."""
    heirs_of_day = Heirs(MIDNIGHT.date()) if decide(eve) else None
    assert heirs_of_day is not None
    district = eve.unit("980")
    street = heirs_of_day.choose(district, Clue(addresses=("12 phố Hạ, quận Giữa",)))
    assert (street.to_unit_id, street.rule) == (None, Rule.NOBODY)
    told = heirs_of_day.choose(district, Clue(addresses=("12 phố Hạ, phường Chợ, quận Giữa",)))
    assert (told.to_unit_id, told.rule) == (eve.unit("98002"), Rule.PLACE)

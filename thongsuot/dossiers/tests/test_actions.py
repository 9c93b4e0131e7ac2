"""The life of a dossier through its commands."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from thongsuot.dossiers import actions
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.models import Dossier, FeeDue, Opinion, Pause, Rating, Result, Status, StepRun
from thongsuot.dossiers.queries.leading import fold_tally, unit_figures
from thongsuot.dossiers.tests.make import (
    HOUSE,
    MONDAY,
    PDF,
    a_file,
    forward_to,
    receive,
    resolve,
)
from thongsuot.kernel.actor import ANYONE, Actor
from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import faults, history_of
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.people.actions import delegate_work
from thongsuot.procedures import actions as procedure_actions
from thongsuot.procedures.models import Competence
from thongsuot.procedures.queries import CompetenceEnded
from thongsuot.procedures.tests.make import make_draft

HOUR = timedelta(hours=1)


def local(at: datetime) -> str:
    return at.astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M")


def owner_of(dossier: Dossier) -> Actor:
    return Actor(person_id=None, name="Chủ hồ sơ", owns=frozenset({("dossiers.dossier", dossier.pk)}))


def unchanged(dossier: Dossier) -> bool:
    now = Dossier.objects.get(pk=dossier.pk)
    fields = [f.attname for f in Dossier._meta.concrete_fields]
    return all(getattr(now, name) == getattr(dossier, name) for name in fields)


# -- the e-process -----------------------------------------------------------------------------------------------------


def test_a_dossier_runs_through_its_steps_to_the_result(town):
    dossier = receive(town)
    dossier = resolve(town, dossier, at=MONDAY + HOUR)

    assert dossier.status == Status.RESOLVED
    result = Result.objects.get(dossier=dossier)
    assert (result.number, result.issued_on, result.signer_name) == ("01", date(2025, 10, 6), "Phạm Thị Hạnh")
    assert "Phó Chủ tịch" in result.signer_post
    runs = StepRun.objects.filter(dossier=dossier).order_by("number")
    assert [run.step_key for run in runs] == ["tiep-nhan", "phan-cong", "tham-dinh", "soat", "ky", "vao-so", "tra"]
    assert all(run.finished_at for run in list(runs)[:-1])
    names = [line.name for line in history_of(dossier)]
    assert names[0] == "dossiers.received"
    assert names[-1] == "dossiers.resolved"
    assert "dossiers.signed" in names


def test_the_result_is_handed_back_and_rated_once(town):
    dossier = resolve(town, receive(town), at=MONDAY + HOUR)
    dossier = actions.hand_back(dossier.pk, handed_to="Hoàng Văn Minh", actor=town.actor("lan"), at=MONDAY + 2 * HOUR)
    assert (dossier.status, dossier.ended_at) == (Status.RETURNED, MONDAY + 2 * HOUR)

    actions.rate(dossier.pk, level=5, reasons=["attitude"], actor=owner_of(dossier), at=MONDAY + 3 * HOUR)
    with pytest.raises(errors.AlreadyRated):
        actions.rate(dossier.pk, level=1, actor=owner_of(dossier), at=MONDAY + 3 * HOUR)
    assert Rating.objects.get(dossier=dossier).level == 5


def test_a_rating_needs_a_result_and_an_owner(town):
    dossier = receive(town)
    with pytest.raises(errors.NotYetRateable):
        actions.rate(dossier.pk, level=5, actor=owner_of(dossier), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.rate(dossier.pk, level=5, actor=ANYONE, at=MONDAY)


def test_leaving_the_desk_after_three_the_file_counts_from_the_next_morning(town):
    at = datetime(2025, 10, 6, 15, 30, tzinfo=VIET_NAM)
    dossier = receive(town, at=at)
    dossier = forward_to(town, dossier, "phan-cong", at=at)
    run = StepRun.objects.get(dossier=dossier, finished_at=None)
    assert local(run.started_at) == "07/10/2025 08:00"
    assert local(run.due_at) == "07/10/2025 12:00"


def test_the_control_slip_names_who_did_a_step_whoever_it_was_given_to(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    actor = town.actor("tam")
    actions.draft_result(dossier.pk, title="Giấy thử nghiệm", file_id=a_file(MONDAY, by=actor), actor=actor, at=MONDAY)
    actions.forward(dossier.pk, step_key="tham-dinh", actor=actor, at=MONDAY)

    done = StepRun.objects.get(dossier=dossier, step_key="tham-dinh")
    assert (done.assignee_id, done.assignee_name) == (actor.person_id, actor.name)
    dossier = actions.return_step(
        dossier.pk, step_key="soat", to_step="tham-dinh", reason="sai tên", actor=town.actor("viet"), at=MONDAY
    )
    assert dossier.assignee_id == actor.person_id


def test_a_step_is_done_only_by_who_has_its_duty(town):
    dossier = receive(town)
    with pytest.raises(NotYourDuty):
        actions.forward(dossier.pk, step_key="tiep-nhan", actor=town.actor("toan"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.forward(dossier.pk, step_key="tiep-nhan", actor=town.actor("doi"), at=MONDAY)
    assert unchanged(dossier)


def test_two_officers_pressing_at_once_move_one_step(town):
    dossier = receive(town)
    actions.forward(dossier.pk, step_key="tiep-nhan", actor=town.actor("lan"), at=MONDAY)
    with pytest.raises(errors.WrongStep):
        actions.forward(dossier.pk, step_key="tiep-nhan", actor=town.actor("lan"), at=MONDAY)
    assert StepRun.objects.filter(dossier=dossier).count() == 2


def test_the_only_person_with_a_duty_gets_the_step_and_of_several_none_until_assigned(town):
    dossier = receive(town)
    dossier = actions.forward(dossier.pk, step_key="tiep-nhan", actor=town.actor("lan"), at=MONDAY)
    assert dossier.assignee_id == town.people["viet"].pk
    dossier = actions.forward(dossier.pk, step_key="phan-cong", actor=town.actor("viet"), at=MONDAY)
    assert dossier.assignee_id is None  # Toàn and Tâm both process


def _away(town, who, stand_in, **more):
    delegate_work(
        town.people[who].pk,
        to_person_id=town.people[stand_in].pk,
        unit_id=town.river,
        valid_from=date(2025, 10, 6),
        valid_to=date(2025, 10, 10),
        reason="nghỉ phép",
        actor=HOUSE,
        at=MONDAY,
        **more,
    )


def test_work_for_someone_away_goes_to_the_stand_in(town):
    _away(town, "toan", "tam")
    dossier = forward_to(town, receive(town), "phan-cong", at=MONDAY)
    dossier = actions.forward(
        dossier.pk, step_key="phan-cong", to_person=town.people["toan"].pk, actor=town.actor("viet"), at=MONDAY
    )
    assert dossier.assignee_id == town.people["tam"].pk


def test_the_stand_in_of_the_only_one_with_a_duty_gets_the_step_though_it_is_not_their_own_duty(town):
    _away(town, "viet", "toan")
    dossier = actions.forward(receive(town).pk, step_key="tiep-nhan", actor=town.actor("lan"), at=MONDAY)
    assert dossier.assignee_id == town.people["toan"].pk
    actions.forward(dossier.pk, step_key="phan-cong", actor=town.actor("toan"), at=MONDAY)


def test_a_step_that_was_finished_meanwhile_is_not_given_to_another(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    with pytest.raises(errors.WrongStep):
        actions.reassign(dossier.pk, step_key="phan-cong", to_person=town.people["tam"].pk, actor=town.actor("viet"), at=MONDAY)
    assert unchanged(dossier)


def test_a_step_goes_only_to_someone_with_its_duty(town):
    dossier = forward_to(town, receive(town), "phan-cong", at=MONDAY)
    with pytest.raises(errors.WrongPerson):
        actions.forward(dossier.pk, step_key="phan-cong", to_person=town.people["lan"].pk, actor=town.actor("viet"), at=MONDAY)
    assert unchanged(dossier)


def test_processing_ends_with_a_draft_and_issuing_needs_a_signature(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    with pytest.raises(errors.ResultNotReady):
        actions.forward(dossier.pk, step_key="tham-dinh", actor=town.actor("toan"), at=MONDAY)
    assert unchanged(dossier)


def test_a_dossier_returned_goes_to_whoever_had_it_and_loses_its_signature(town):
    dossier = forward_to(town, receive(town), "vao-so", at=MONDAY)
    dossier = actions.return_step(
        dossier.pk, step_key="vao-so", to_step="tham-dinh", reason="sai tên", actor=town.actor("thu"), at=MONDAY
    )

    assert dossier.assignee_id == town.people["toan"].pk
    assert Result.objects.get(dossier=dossier).signed_at is None
    assert StepRun.objects.filter(dossier=dossier, outcome="returned").count() == 1
    assert resolve(town, dossier, at=MONDAY + HOUR).status == Status.RESOLVED


@pytest.mark.parametrize("to_step", ["tiep-nhan", "ky", "vao-so", "khong-co"])
def test_a_dossier_is_returned_only_to_a_step_it_has_passed_in_the_house(town, to_step):
    dossier = forward_to(town, receive(town), "ky", at=MONDAY)
    with pytest.raises(BadInput):
        actions.return_step(dossier.pk, step_key="ky", to_step=to_step, reason="x", actor=town.actor("hanh"), at=MONDAY)
    assert unchanged(dossier)


def test_bulk_reassignment_answers_for_each(town):
    first, second = (forward_to(town, receive(town), "tham-dinh", at=MONDAY) for _ in range(2))
    done = resolve(town, receive(town), at=MONDAY)
    done = actions.hand_back(done.pk, handed_to="Minh", actor=town.actor("lan"), at=MONDAY)

    results = actions.for_each(
        [first.pk, done.pk, second.pk, 999_999],
        lambda dossier_id: actions.reassign(dossier_id, to_person=town.people["tam"].pk, actor=town.actor("viet"), at=MONDAY),
    )

    assert [each.done for each in results] == [True, False, True, False]
    assert results[1].message
    assert Dossier.objects.filter(assignee=town.people["tam"]).count() == 2


def test_an_open_opinion_holds_the_step_until_answered_or_explained(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    body = town.city.body(town.city.river, "economy_office")
    opinion = actions.ask_opinion(
        dossier.pk, body_id=body.pk, question="Có nằm trong quy hoạch?", actor=town.actor("toan"), at=MONDAY
    )
    actions.draft_result(dossier.pk, title="Giấy", file_id=a_file(by=town.actor("toan")), actor=town.actor("toan"), at=MONDAY)
    due = Dossier.objects.get(pk=dossier.pk).due_at

    with pytest.raises(errors.OpinionsOpen):
        actions.forward(dossier.pk, step_key="tham-dinh", actor=town.actor("toan"), at=MONDAY)
    with pytest.raises(errors.OpinionsOpen):
        actions.forward(dossier.pk, step_key="tham-dinh", without_opinions=True, actor=town.actor("toan"), at=MONDAY)
    actions.give_opinion(opinion.pk, answer="Không", actor=town.actor("tam"), at=MONDAY + HOUR)
    moved = actions.forward(dossier.pk, step_key="tham-dinh", actor=town.actor("toan"), at=MONDAY + HOUR)

    assert moved.due_at == due  # asking stays inside the limit
    assert Opinion.objects.get().answered_by_name == "Lê Thị Tâm"


# -- clocks ------------------------------------------------------------------------------------------------------------


def test_a_supplement_stops_the_clock_and_gives_back_what_was_left(town):
    dossier = receive(town)  # Monday 06/10, due Monday 13/10 17:00
    paused = datetime(2025, 10, 8, 10, tzinfo=VIET_NAM)
    request = actions.request_supplement(
        dossier.pk, items=["Giấy chứng nhận bản chính"], actor=town.actor("lan", paused), at=paused
    )
    dossier.refresh_from_db()
    assert (dossier.status, dossier.paused_at) == (Status.SUPPLEMENT_REQUESTED, paused)
    assert request.slip_number == 1

    resumed = datetime(2025, 10, 20, 14, tzinfo=VIET_NAM)
    dossier = actions.complete_supplement(
        dossier.pk, papers=[actions.PaperIn(code="van-ban-khac")], actor=owner_of(dossier), at=resumed
    )

    assert dossier.status == Status.RECEIVED
    assert local(dossier.due_at) == "23/10/2025 17:00"  # Thursday, Friday and Monday were left
    pause = Pause.objects.get(dossier=dossier)
    assert (local(pause.due_before), local(pause.due_after)) == ("13/10/2025 17:00", "23/10/2025 17:00")
    line = history_of(dossier)[-1]
    assert (line.name, line.facts["due_before"][:10], line.facts["due_after"][:10]) == (
        "dossiers.supplemented",
        "2025-10-13",
        "2025-10-23",
    )


def test_supplement_is_asked_once_with_everything(town):
    dossier = receive(town)
    actions.request_supplement(dossier.pk, items=["A", " ", "B"], actor=town.actor("lan"), at=MONDAY)
    actions.complete_supplement(dossier.pk, papers=(), answer="đã gửi", actor=owner_of(dossier), at=MONDAY + HOUR)
    dossier.refresh_from_db()
    with pytest.raises(errors.SupplementAlreadyRequested):
        actions.request_supplement(dossier.pk, items=["C"], actor=town.actor("lan"), at=MONDAY + 2 * HOUR)
    assert unchanged(dossier)


@pytest.mark.parametrize("items", [[], ["", "  "], ["x"] * 51])
def test_a_supplement_request_says_what_is_missing(town, items):
    dossier = receive(town)
    with pytest.raises(BadInput):
        actions.request_supplement(dossier.pk, items=items, actor=town.actor("lan"), at=MONDAY)
    assert unchanged(dossier)


def test_an_obligation_stops_the_clock_too(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    actions.request_payment(dossier.pk, reason="Thông báo thuế 15", actor=town.actor("toan"), at=MONDAY + HOUR)
    later = MONDAY + timedelta(days=7)
    dossier = actions.confirm_payment(dossier.pk, actor=town.actor("toan", later), at=later)
    assert dossier.status == Status.PROCESSING
    assert local(dossier.due_at) == "20/10/2025 17:00"


def test_the_new_appointment_is_set_once_and_changes_no_deadline(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    due = dossier.due_at
    new_at = datetime(2025, 10, 15, 17, tzinfo=VIET_NAM)
    with pytest.raises(errors.BadAppointment):
        actions.reappoint(dossier.pk, new_at=due, reason="chờ", actor=town.actor("toan"), at=MONDAY)
    with pytest.raises(errors.BadAppointment):  # a Sunday
        actions.reappoint(
            dossier.pk, new_at=datetime(2025, 10, 19, 9, tzinfo=VIET_NAM), reason="chờ", actor=town.actor("toan"), at=MONDAY
        )
    dossier = actions.reappoint(dossier.pk, new_at=new_at, reason="chờ xác minh", actor=town.actor("toan"), at=MONDAY)
    assert (dossier.promised_at, dossier.due_at) == (new_at, due)
    assert history_of(dossier)[-1].facts["told_in_time"] is True
    with pytest.raises(errors.AlreadyReappointed):
        actions.reappoint(dossier.pk, new_at=new_at + timedelta(days=1), reason="nữa", actor=town.actor("toan"), at=MONDAY)


def test_a_pause_moves_the_new_appointment_as_it_moves_the_deadline(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    new_at = datetime(2025, 10, 15, 17, tzinfo=VIET_NAM)
    actions.reappoint(dossier.pk, new_at=new_at, reason="chờ", actor=town.actor("toan"), at=MONDAY)
    tuesday = MONDAY + timedelta(days=1)
    actions.request_supplement(dossier.pk, items=["Giấy bản chính"], actor=town.actor("toan", tuesday), at=tuesday)
    dossier = actions.complete_supplement(
        dossier.pk,
        papers=[actions.PaperIn(code="van-ban-khac")],
        actor=owner_of(dossier),
        at=tuesday + timedelta(days=7),
    )
    assert local(dossier.promised_at) == "22/10/2025 17:00"


def test_an_apology_never_makes_a_late_dossier_on_time(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    actions.reappoint(
        dossier.pk, new_at=datetime(2025, 10, 20, 17, tzinfo=VIET_NAM), reason="chờ", actor=town.actor("toan"), at=MONDAY
    )
    late = datetime(2025, 10, 16, 9, tzinfo=VIET_NAM)
    resolve(town, dossier, at=late)
    assert history_of(dossier)[-1].facts["on_time"] is False


def test_an_open_dossier_keeps_the_version_it_was_received_under(town):
    dossier = receive(town)
    procedure_actions.publish_version(
        "9.000001",
        draft=make_draft(limit=Limit(2, LimitUnit.WORKING_DAYS)),
        valid_from=date(2025, 10, 7),
        city_id=town.city.city.pk,
        actor=HOUSE,
        at=MONDAY,
    )
    tuesday = MONDAY + timedelta(days=1)
    later = receive(town, at=tuesday, papers=(), quantities={})
    assert local(dossier.due_at) == "13/10/2025 17:00"
    assert local(later.due_at) == "09/10/2025 17:00"
    assert resolve(town, dossier, at=tuesday).version_id == town.version.pk


# -- ways out ----------------------------------------------------------------------------------------------------------


def test_the_owner_withdraws_before_a_decision_and_not_after(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    gone = actions.withdraw(dossier.pk, reason="đổi ý", actor=owner_of(dossier), at=MONDAY + HOUR)
    assert (gone.status, gone.step_no, gone.assignee_id) == (Status.WITHDRAWN, None, None)
    assert not StepRun.objects.filter(dossier=dossier, finished_at=None).exists()

    signed = forward_to(town, receive(town), "vao-so", at=MONDAY)
    with pytest.raises(errors.AlreadyDecided):
        actions.withdraw(signed.pk, actor=owner_of(signed), at=MONDAY + HOUR)
    assert unchanged(signed)


def test_a_stranger_does_not_withdraw_someone_elses_dossier(town):
    dossier = receive(town)
    other = receive(town)
    with pytest.raises(NotYourDuty):
        actions.withdraw(dossier.pk, actor=owner_of(other), at=MONDAY)
    assert unchanged(dossier)


def test_a_head_stops_with_a_reason_and_it_is_final(town):
    dossier = receive(town)
    with pytest.raises(BadInput):
        actions.stop(dossier.pk, reason=" ", actor=town.actor("viet"), at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.stop(dossier.pk, reason="không đủ điều kiện", actor=town.actor("lan"), at=MONDAY)
    dossier = actions.stop(dossier.pk, reason="không đủ điều kiện", actor=town.actor("viet"), at=MONDAY)
    assert dossier.status == Status.STOPPED
    with pytest.raises(errors.MoveNotAllowed):
        actions.withdraw(dossier.pk, actor=town.actor("lan"), at=MONDAY)


def test_stopping_a_paused_dossier_ends_its_pause(town):
    dossier = receive(town)
    actions.request_supplement(dossier.pk, items=["A"], actor=town.actor("lan"), at=MONDAY)
    dossier = actions.stop(dossier.pk, reason="quá hạn bổ sung", actor=town.actor("viet"), at=MONDAY + timedelta(days=60))
    assert dossier.paused_at is None
    assert not Pause.objects.filter(dossier=dossier, ends_at=None).exists()


def test_a_fee_is_collected_once_at_the_counter(town):
    fee = FeeDue.objects.get(dossier=receive(town))
    with pytest.raises(NotYourDuty):
        actions.collect_fee(fee.pk, actor=town.actor("doi"), at=MONDAY)
    paid = actions.collect_fee(fee.pk, actor=town.actor("lan"), at=MONDAY)
    assert (paid.receipt_number, paid.collected_by_name) == (1, "Nguyễn Thị Lan")
    with pytest.raises(errors.FeeAlreadyPaid):
        actions.collect_fee(fee.pk, actor=town.actor("lan"), at=MONDAY)


def test_unknown_dossiers_are_not_found(town):
    with pytest.raises(NotFound):
        actions.withdraw(999_999, actor=HOUSE, at=MONDAY)


# -- filing online -----------------------------------------------------------------------------------------------------


def filed(town, *, at=MONDAY, owner=None):
    draft = actions.start_draft("9.000001", unit_id=town.river, actor=ANYONE, at=at)
    actions.add_draft_file(draft.code, "giay-chung-nhan", PDF, name="giấy.pdf", actor=ANYONE, at=at)
    actions.save_page(
        draft.code,
        "lien-he",
        {"owner": owner or {"name": "Hoàng Văn Minh", "phone": "0912345678"}, "return_by": "counter"},
        actor=ANYONE,
        at=at,
    )
    return draft


def test_a_draft_survives_and_becomes_a_dossier_once(town):
    draft = filed(town)
    first = actions.submit_draft(draft.code, actor=ANYONE, at=MONDAY)
    again = actions.submit_draft(draft.code.lower(), actor=ANYONE, at=MONDAY + HOUR)

    assert first.pk == again.pk
    assert Dossier.objects.count() == 1
    assert first.status == Status.REGISTERED
    assert first.code is None
    assert first.submission_code.startswith("TS-")
    assert local(first.answer_due_at) == "07/10/2025 09:00"  # eight working hours
    assert actions.open_draft(draft.code, at=MONDAY).data == {}


def test_a_draft_ends_after_its_days(town):
    draft = filed(town)
    with pytest.raises(errors.DraftNotFound):
        actions.open_draft(draft.code, at=MONDAY + timedelta(days=31))
    with pytest.raises(errors.DraftNotFound):
        actions.open_draft("KS-AAAA-AAAA", at=MONDAY)


def test_an_incomplete_draft_is_not_submitted(town):
    draft = actions.start_draft("9.000001", unit_id=town.river, actor=ANYONE, at=MONDAY)
    actions.save_page(
        draft.code,
        "lien-he",
        {"owner": {"name": "Minh", "phone": "0912345678"}, "return_by": "counter"},
        actor=ANYONE,
        at=MONDAY,
    )
    with pytest.raises(errors.DossierIncomplete):
        actions.submit_draft(draft.code, actor=ANYONE, at=MONDAY)
    nobody = filed(town, owner={"name": ""})
    with pytest.raises(BadInput):
        actions.submit_draft(nobody.code, actor=ANYONE, at=MONDAY)
    assert not Dossier.objects.exists()


def test_an_online_filing_is_accepted_with_code_and_dates(town):
    dossier = actions.submit_draft(filed(town).code, actor=ANYONE, at=MONDAY)
    dossier = actions.accept_submission(dossier.pk, actor=town.actor("lan"), at=MONDAY + HOUR)
    assert (dossier.status, dossier.code) == (Status.RECEIVED, "H98.104-251006-0001")
    assert local(dossier.due_at) == "13/10/2025 17:00"
    with pytest.raises(errors.MoveNotAllowed):
        actions.accept_submission(dossier.pk, actor=town.actor("lan"), at=MONDAY + HOUR)
    assert resolve(town, dossier, at=MONDAY + HOUR).status == Status.RESOLVED


def test_an_online_filing_is_not_received_once_the_right_to_resolve_it_has_ended(town):
    dossier = actions.submit_draft(filed(town).code, actor=ANYONE, at=MONDAY)
    tomorrow = MONDAY + timedelta(days=1)
    Competence.objects.filter(procedure=town.version.procedure).update(valid_to=tomorrow.date())
    forget_all()

    with pytest.raises(CompetenceEnded):
        actions.accept_submission(dossier.pk, actor=town.actor("lan"), at=tomorrow)

    dossier.refresh_from_db()
    assert (dossier.status, dossier.code) == (Status.REGISTERED, None)


def test_an_online_filing_is_refused_with_every_reason(town):
    dossier = actions.submit_draft(filed(town).code, actor=ANYONE, at=MONDAY)
    with pytest.raises(BadInput):
        actions.refuse_submission(dossier.pk, reasons=[], actor=town.actor("lan"), at=MONDAY)
    dossier = actions.refuse_submission(dossier.pk, reasons=["Không thuộc thẩm quyền"], actor=town.actor("lan"), at=MONDAY)
    assert (dossier.status, dossier.code) == (Status.REFUSED_INTAKE, None)


def test_a_supplement_before_reception_leads_back_to_the_desk(town):
    dossier = actions.submit_draft(filed(town).code, actor=ANYONE, at=MONDAY)
    actions.request_supplement(dossier.pk, items=["Ảnh rõ hơn"], actor=town.actor("lan"), at=MONDAY)
    later = MONDAY + timedelta(days=2)
    dossier = actions.complete_supplement(dossier.pk, papers=(), answer="đã sửa", actor=owner_of(dossier), at=later)
    assert (dossier.status, dossier.due_at) == (Status.REGISTERED, None)
    assert local(dossier.answer_due_at) == "09/10/2025 09:00"
    dossier = actions.accept_submission(dossier.pk, actor=town.actor("lan", later), at=later)
    assert local(dossier.due_at) == "15/10/2025 17:00"


# -- counts ------------------------------------------------------------------------------------------------------------


def test_the_counts_follow_every_move_and_folding_changes_no_sum(town):
    for _ in range(3):
        receive(town)
    resolve(town, receive(town), at=MONDAY + HOUR)
    resolve(town, receive(town), at=datetime(2025, 10, 20, 9, tzinfo=VIET_NAM))
    stopped = receive(town)
    actions.stop(stopped.pk, reason="x", actor=town.actor("viet"), at=MONDAY)

    def line():
        [figures] = unit_figures(frozenset({town.river}), first=date(2025, 10, 1), last=date(2025, 10, 31), now=MONDAY)
        return figures

    before = line()
    assert (before.received, before.on_time, before.not_on_time, before.running) == (6, 1, 1, 3)
    fold_tally()
    assert line() == before
    resolve(town, receive(town), at=MONDAY + HOUR)
    fold_tally()
    fold_tally()
    assert line().received == 7


def test_the_history_of_a_long_life_is_whole(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)
    actions.request_supplement(dossier.pk, items=["A"], actor=town.actor("toan"), at=MONDAY)
    actions.complete_supplement(dossier.pk, papers=(), answer="x", actor=town.actor("lan"), at=MONDAY + HOUR)
    dossier = actions.hand_back(
        resolve(town, dossier, at=MONDAY + HOUR).pk, handed_to="Minh", actor=town.actor("lan"), at=MONDAY + HOUR
    )
    lines = history_of(dossier)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert not list(faults())

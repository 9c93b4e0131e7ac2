"""Several agencies on one dossier: legs, what each is charged, and the tax office's notice."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO
from threading import Barrier, Thread

import msgspec
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from thongsuot.dossiers import actions, rules
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.actions.opinions import RemindedJustNow
from thongsuot.dossiers.documents import document
from thongsuot.dossiers.forms.officer import PartnerAnswerForm
from thongsuot.dossiers.models import Dossier, Leg, PaymentNotice, Status, StepRun
from thongsuot.dossiers.printing import Meaning
from thongsuot.dossiers.queries import case as cases
from thongsuot.dossiers.queries.worklist import Queue, worklist
from thongsuot.dossiers.tests.make import (
    FIVE_DAYS,
    HOUSE,
    LAND_STEPS,
    MONDAY,
    STEPS,
    TEN_DAYS,
    Town,
    a_file,
    agency_body,
    agency_officer,
    forward_to,
    make_land_town,
    receive,
)
from thongsuot.kernel.deadlines import counts_from
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.kernel.working_time import VIET_NAM, WorkingCalendar, add_working_minutes
from thongsuot.procedures.content import Step
from thongsuot.procedures.tests.make import make_procedure
from thongsuot.units import actions as unit_actions
from thongsuot.units.facts import CalendarChange, DayFact
from thongsuot.units.models import Serving
from thongsuot.units.queries import NobodyServes, clear_caches


@pytest.fixture(scope="module")
def begins_with():
    return make_land_town


@pytest.fixture
def land(town: Town) -> Town:
    return town


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 10, day, hour, minute, tzinfo=VIET_NAM)


def at_land_office(town: Town) -> Dossier:
    """Received on Monday at 9, given to land registration on Tuesday at 10."""
    dossier = receive(town)
    dossier = actions.forward(dossier.pk, step_key="tiep-nhan", actor=town.actor("lan"), at=on(6, 10))
    return actions.forward(dossier.pk, step_key="kiem-tra", actor=town.actor("toan"), at=on(7, 10))


def at_tax_office(town: Town, *, when: datetime) -> Dossier:
    dossier = at_land_office(town)
    return actions.forward(dossier.pk, step_key="dia-chinh", actor=town.actor("dia"), at=when)


def notice(town: Town, dossier: Dossier, *, when: datetime, **changes) -> PaymentNotice:
    facts = {"number": "12/TB-CCT", "amount_dong": 15_000_000, "pay_by": date(2025, 11, 7), **changes}
    return actions.issue_payment_notice(dossier.pk, step_key="thue", actor=town.actor("thue", when), at=when, **facts)


def test_each_agency_gets_a_leg_with_the_limit_of_its_own_steps(land):
    dossier = at_land_office(land)

    own, registration = Leg.objects.filter(dossier=dossier).order_by("number")
    assert (own.role, own.unit_id, own.minutes, own.late_minutes) == ("", land.river, 240 + 960, 0)
    assert (own.handed_over_at, own.finished_at, own.outcome) == (dossier.received_at, on(7, 10), "done")
    assert (registration.role, registration.body) == ("land_registration", agency_body(land, "land_registration"))
    assert (registration.starts_at, registration.due_at, registration.taken_at) == (on(7, 10), on(9, 10), None)
    assert dossier.step_unit_id == registration.unit_id


def test_a_dossier_of_one_agency_has_no_legs(land):
    make_procedure("9.000002", city_id=land.city.city.pk, limit=FIVE_DAYS, steps=STEPS)
    dossier = receive(land, procedure="9.000002", papers=(), quantities={})
    actions.forward(dossier.pk, step_key="tiep-nhan", actor=land.actor("lan"), at=on(6, 10))
    assert not Leg.objects.exists()


def test_handed_over_after_three_the_limit_runs_from_the_next_working_morning(land):
    dossier = receive(land)
    actions.forward(dossier.pk, step_key="tiep-nhan", actor=land.actor("lan"), at=on(6, 10))
    actions.forward(dossier.pk, step_key="kiem-tra", actor=land.actor("toan"), at=on(7, 16))

    leg = Leg.objects.get(finished_at=None)
    assert (leg.starts_at, leg.due_at) == (on(8, 8), on(9, 17))
    assert actions.to_take_over(at=on(7, 17)) == []
    assert actions.to_take_over(at=on(8, 8)) == [dossier.pk]
    actions.count_as_taken(dossier.pk, actor=HOUSE, at=on(8, 8, 5))
    leg.refresh_from_db()
    assert (leg.taken_at, leg.taken_by_name) == (on(8, 8), "")
    with pytest.raises(errors.AlreadyTaken):
        actions.count_as_taken(dossier.pk, actor=HOUSE, at=on(8, 9))


def test_only_the_late_leg_is_charged_and_the_due_date_of_the_law_stays(land):
    dossier = at_land_office(land)
    due_at = dossier.due_at
    dossier = actions.forward(dossier.pk, step_key="dia-chinh", actor=land.actor("dia"), at=on(9, 14))  # due at 10: 3 h late
    notice(land, dossier, when=on(13, 10))

    late = list(Leg.objects.filter(dossier=dossier).order_by("number").values_list("role", "late_minutes"))
    assert late == [("", 0), ("land_registration", 180), ("tax", 0), ("", 0)]
    dossier.refresh_from_db()
    assert dossier.due_at == due_at


def test_the_control_slip_tells_each_agency_s_turn_its_own_limit_and_who_was_late(land):
    dossier = at_land_office(land)
    actions.take_over_leg(dossier.pk, actor=land.actor("dia"), at=on(7, 11))
    dossier = actions.forward(dossier.pk, step_key="dia-chinh", actor=land.actor("dia"), at=on(9, 14))

    pdf = document(dossier, Meaning.CONTROL_SLIP).pdf

    said = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    said = said.partition("Các cơ quan cùng giải quyết")[2]
    own = said.partition(agency_body(land, "land_registration").name)[0]
    assert "20 giờ làm việc Hạn: 14:00 08/10/2025" in own
    assert "Trước hạn" in own
    for words in (
        agency_body(land, "land_registration").name,
        "Chuyển đến: 10:00 07/10/2025",
        "Nhận: 11:00 07/10/2025",
        land.people["dia"].full_name,
        "16 giờ làm việc Hạn: 10:00 09/10/2025",
        "Xong: 14:00 09/10/2025 Quá hạn: chậm 3 giờ làm việc",
    ):
        assert words in said, words
    assert "chậm" not in own
    assert "Đang giữ" in said
    assert "Chưa xác nhận nhận" in said


def test_a_pause_is_not_charged_even_when_the_leg_was_late_before(land):
    dossier = at_land_office(land)
    dia = land.actor("dia")
    actions.request_supplement(dossier.pk, items=["Sơ đồ thửa đất"], actor=dia, at=on(9, 11))  # an hour late already
    actions.complete_supplement(dossier.pk, papers=(), answer="đã nộp", actor=land.actor("lan"), at=on(20, 11))
    actions.forward(dossier.pk, step_key="dia-chinh", actor=dia, at=on(20, 14))

    assert Leg.objects.get(role="land_registration").late_minutes == 60 + 60 + 60  # before, 11-12 and 13-14 after


def test_a_pause_moves_the_end_of_the_leg(land):
    dossier = at_land_office(land)
    actions.request_supplement(dossier.pk, items=["Sơ đồ thửa đất"], actor=land.actor("dia"), at=on(8, 10))
    actions.complete_supplement(dossier.pk, papers=(), answer="đã nộp", actor=land.actor("lan"), at=on(15, 10))
    assert Leg.objects.get(role="land_registration").due_at == on(16, 10)


def test_only_officers_of_the_partner_do_its_step(land):
    dossier = at_land_office(land)
    before = Event.objects.count()
    for who in ("toan", "thue", "lan", "viet", "doi"):
        with pytest.raises(NotYourDuty):
            actions.forward(dossier.pk, step_key="dia-chinh", actor=land.actor(who), at=on(8, 9))
        with pytest.raises(NotYourDuty):
            actions.take_over_leg(dossier.pk, actor=land.actor(who), at=on(8, 9))
    assert Event.objects.count() == before
    assert Leg.objects.get(finished_at=None).taken_at is None


def test_a_partner_sees_a_dossier_while_its_leg_runs_and_no_longer(land):
    dossier = at_land_office(land)
    dia, thue = land.actor("dia"), land.actor("thue")
    assert cases.access_dossier(dossier.pk, actor=dia) == dossier
    assert [row.id for row in worklist(dia, queue=Queue.TO_DO, now=on(8, 9)).rows] == [dossier.pk]
    assert worklist(thue, queue=Queue.ALL, now=on(8, 9)).rows == []
    with pytest.raises(NotFound):
        cases.access_dossier(dossier.pk, actor=thue)
    # The ward keeps the overview, but has nothing to do with the open step.
    toan = land.actor("toan")
    assert [row.id for row in worklist(toan, queue=Queue.ALL, now=on(8, 9)).rows] == [dossier.pk]
    assert worklist(toan, queue=Queue.TO_DO, now=on(8, 9)).rows == []

    actions.forward(dossier.pk, step_key="dia-chinh", actor=dia, at=on(8, 10))
    with pytest.raises(NotFound):
        cases.access_dossier(dossier.pk, actor=dia)
    assert cases.access_dossier(dossier.pk, actor=thue) == dossier


def test_a_person_takes_the_leg_over_once_and_holds_its_step(land):
    land.people["dia2"] = agency_officer(land, "land_registration", "dia2", ["process dossiers"])
    dossier = at_land_office(land)
    assert dossier.assignee_id is None  # two could do it
    dossier = actions.take_over_leg(dossier.pk, actor=land.actor("dia"), at=on(7, 11))
    leg = Leg.objects.get(finished_at=None)
    assert (leg.taken_at, leg.taken_by_name) == (on(7, 11), "Dia Ví Dụ")
    assert dossier.assignee_id == land.people["dia"].pk
    with pytest.raises(errors.AlreadyTaken):
        actions.take_over_leg(dossier.pk, actor=land.actor("dia2"), at=on(7, 12))


def test_hand_over_and_taking_stand_in_the_history_of_the_owner(land):
    dossier = at_land_office(land)
    actions.take_over_leg(dossier.pk, actor=land.actor("dia"), at=on(7, 11))
    kinds = [row.name for row in history_of(dossier, public_only=True)]
    assert kinds.count("dossiers.leg_handed_over") == 1
    assert "dossiers.leg_taken" in kinds


def test_a_partner_gives_back_to_who_sent_it_and_its_visit_is_measured(land):
    dossier = at_land_office(land)
    with pytest.raises(BadInput):
        actions.return_leg(dossier.pk, reason=" ", actor=land.actor("dia"), at=on(8, 9))
    dossier = actions.return_leg(dossier.pk, reason="Thiếu sơ đồ ranh giới.", actor=land.actor("dia"), at=on(9, 11))

    _own, registration, again = Leg.objects.filter(dossier=dossier).order_by("number")
    assert (registration.outcome, registration.reason, registration.late_minutes) == ("returned", "Thiếu sơ đồ ranh giới.", 60)
    assert (again.role, again.minutes, again.handed_over_at, again.finished_at) == ("", 960, on(9, 11), None)
    assert dossier.step_unit_id is None
    assert dossier.assignee_id == land.people["toan"].pk


def test_what_the_desk_sent_straight_to_a_partner_cannot_be_given_back(db):
    desk, check, registration, *rest = LAND_STEPS
    steps = (desk, msgspec.structs.replace(registration, minutes=registration.minutes + check.minutes), *rest)
    town = make_land_town(steps=steps)
    dossier = receive(town)
    actions.forward(dossier.pk, step_key="tiep-nhan", actor=town.actor("lan"), at=on(6, 10))
    with pytest.raises(errors.NoEarlierLeg):
        actions.return_leg(dossier.pk, reason="Thiếu", actor=town.actor("dia"), at=on(7, 10))
    assert Leg.objects.get(finished_at=None).role == "land_registration"


def test_the_resolving_unit_reminds_and_not_twice_within_hours(land):
    dossier = at_land_office(land)
    actions.remind_leg(dossier.pk, actor=land.actor("viet"), at=on(8, 9))
    with pytest.raises(RemindedJustNow):
        actions.remind_leg(dossier.pk, actor=land.actor("viet"), at=on(8, 10))
    with pytest.raises(NotYourDuty):
        actions.remind_leg(dossier.pk, actor=land.actor("doi"), at=on(9, 9))
    assert Leg.objects.get(finished_at=None).reminded_at == on(8, 9)


def test_nobody_serves_and_the_hand_over_is_refused_with_nothing_changed(land):
    Serving.objects.filter(role="land_registration").delete()
    clear_caches()
    dossier = receive(land)
    with pytest.raises(NobodyServes):
        actions.forward(dossier.pk, step_key="tiep-nhan", actor=land.actor("lan"), at=on(6, 10))
    dossier.refresh_from_db()
    assert (dossier.status, dossier.step_no) == (Status.RECEIVED, 0)


def nobody_serves(role: str) -> None:
    Serving.objects.filter(role=role).delete()
    clear_caches()


def test_a_partner_that_ended_holds_up_no_dossier_that_is_past_it(land):
    dossier = at_tax_office(land, when=on(8, 9))
    actions.forward(dossier.pk, step_key="thue", note="Không phát sinh", actor=land.actor("thue"), at=on(9, 9))
    nobody_serves("tax")
    nobody_serves("land_registration")

    dossier = forward_to(land, Dossier.objects.get(pk=dossier.pk), "tra", at=on(10, 9))

    assert (dossier.status, dossier.step_unit_id) == (Status.RESOLVED, None)
    assert not Leg.objects.filter(dossier=dossier, finished_at=None).exists()


def another_serves_from_the_8th(land: Town) -> None:
    unit_actions.put_serving(
        "land_registration",
        body_id=agency_body(land, "Sở Xây dựng").pk,
        city_id=land.city.city.pk,
        valid_from=date(2025, 10, 8),
        actor=HOUSE,
        at=on(7, 12),
    )
    clear_caches()


def test_a_visit_of_two_steps_stays_where_it_began_when_another_serves_from_then_on(land):
    measured = Step(key="do", name="Đo đạc", duty="process dossiers", minutes=480, agency="land_registration")
    mapped = msgspec.structs.replace(LAND_STEPS[2], minutes=480)
    steps = (*LAND_STEPS[:2], measured, mapped, *LAND_STEPS[3:])
    make_procedure("9.000003", city_id=land.city.city.pk, limit=TEN_DAYS, steps=steps)
    dossier = receive(land, procedure="9.000003", papers=(), quantities={})
    actions.forward(dossier.pk, step_key="tiep-nhan", actor=land.actor("lan"), at=on(6, 10))
    actions.forward(dossier.pk, step_key="kiem-tra", actor=land.actor("toan"), at=on(7, 10))
    another_serves_from_the_8th(land)

    dossier = actions.forward(dossier.pk, step_key="do", actor=land.actor("dia", on(8, 9)), at=on(8, 9))

    leg = Leg.objects.get(dossier=dossier, role="land_registration")
    assert (dossier.step_unit_id, leg.finished_at) == (leg.unit_id, None)
    actions.forward(dossier.pk, step_key="dia-chinh", actor=land.actor("dia", on(8, 15)), at=on(8, 15))
    assert Leg.objects.filter(dossier=dossier, role="tax").exists()


def test_who_got_the_dossier_keeps_it_when_another_serves_from_then_on(land):
    dossier = at_land_office(land)
    another_serves_from_the_8th(land)
    actions.forward(dossier.pk, step_key="dia-chinh", actor=land.actor("dia", on(8, 9)), at=on(8, 9))
    assert Leg.objects.filter(dossier=dossier, role="tax").exists()


# -- the tax office ------------------------------------------------------------------------------------------------------


def test_the_notice_ends_the_tax_leg_and_holds_the_clock_until_payment_is_proved(land):
    dossier = at_tax_office(land, when=on(8, 9))
    issued = notice(land, dossier, when=on(9, 10))

    dossier.refresh_from_db()
    assert (dossier.status, dossier.step_no, dossier.step_unit_id) == (Status.PAYMENT_REQUESTED, 4, None)
    assert (issued.number, issued.amount_dong, issued.leg.role) == ("12/TB-CCT", 15_000_000, "tax")
    own = Leg.objects.get(finished_at=None)
    with pytest.raises(errors.ProofMissing):
        actions.confirm_payment(dossier.pk, actor=land.actor("lan"), at=on(20, 9))
    dossier = actions.confirm_payment(dossier.pk, proof_number="GNT 77", actor=land.actor("lan"), at=on(20, 9))

    issued.refresh_from_db()
    assert (issued.paid_at, issued.proof_number, issued.confirmed_by_name) == (on(20, 9), "GNT 77", "Nguyễn Thị Lan")
    assert dossier.status == Status.PROCESSING
    moved = Leg.objects.get(finished_at=None)
    assert (own.due_at, moved.due_at) == (on(14, 15), on(23, 14))  # what was left runs on


def test_the_tax_step_ends_with_a_notice_or_with_a_reason(land):
    dossier = at_tax_office(land, when=on(8, 9))
    with pytest.raises(errors.NoticeMissing):
        actions.forward(dossier.pk, step_key="thue", actor=land.actor("thue"), at=on(9, 9))
    dossier = actions.forward(
        dossier.pk, step_key="thue", note="Được miễn tiền sử dụng đất.", actor=land.actor("thue"), at=on(9, 9)
    )
    assert (dossier.status, dossier.step_no) == (Status.PROCESSING, 4)


@pytest.mark.parametrize(
    "wrong", [{"number": ""}, {"amount_dong": 0}, {"amount_dong": -5}, {"pay_by": date(2025, 10, 1)}, {"file_id": 0}]
)
def test_a_notice_with_something_wrong_is_refused_and_nothing_changes(land, wrong):
    dossier = at_tax_office(land, when=on(8, 9))
    wrong = {"file_id": a_file(by=land.actor("thue")), **wrong}
    before = Event.objects.count()
    with pytest.raises(BadInput):
        notice(land, dossier, when=on(9, 10), **wrong)
    dossier.refresh_from_db()
    assert (dossier.status, Event.objects.count(), PaymentNotice.objects.count()) == (Status.PROCESSING, before, 0)


def test_only_the_tax_office_issues_the_notice(land):
    dossier = at_tax_office(land, when=on(8, 9))
    for who in ("toan", "dia", "lan", "hanh"):
        with pytest.raises(NotYourDuty):
            actions.issue_payment_notice(
                dossier.pk,
                step_key="thue",
                number="1",
                amount_dong=1,
                pay_by=date(2025, 11, 7),
                actor=land.actor(who),
                at=on(9, 9),
            )


def test_where_the_tax_office_has_its_leg_nobody_else_asks_for_payment(land):
    dossier = at_land_office(land)
    with pytest.raises(errors.OnlyTheTaxOffice):
        actions.request_payment(dossier.pk, reason="Nộp thuế", actor=land.actor("dia"), at=on(8, 9))


# -- the mailbox ---------------------------------------------------------------------------------------------------------


def test_the_answer_of_a_partner_without_accounts_is_entered_by_the_ward_under_its_own_name(db):
    land = make_land_town(accounts=("tax",))
    dossier = at_land_office(land)
    facts = {"step_key": "dia-chinh", "answered_by": "Ông Trích", "document": "45/VPĐK ngày 08/10/2025"}
    with pytest.raises(NotYourDuty):
        actions.answer_for_partner(dossier.pk, **facts, actor=land.actor("doi"), at=on(8, 9))
    with pytest.raises(BadInput):
        actions.answer_for_partner(dossier.pk, **{**facts, "document": ""}, actor=land.actor("toan"), at=on(8, 9))
    dossier = actions.answer_for_partner(dossier.pk, **facts, actor=land.actor("toan"), at=on(8, 9))

    assert dossier.step_unit_id == agency_body(land, "tax").unit_id
    run = dossier.runs.get(step_key="dia-chinh")
    assert "Ông Trích" in run.note
    assert run.assignee_name == "Nguyễn Văn Toàn"
    forwarded = history_of(dossier)[-1]
    assert forwarded.actor_post.startswith("Nhập thay Văn phòng đăng ký đất đai")


def test_nobody_answers_for_a_partner_whose_people_work_here(land):
    dossier = at_land_office(land)
    with pytest.raises(NotYourDuty):
        actions.answer_for_partner(
            dossier.pk, step_key="dia-chinh", answered_by="A", document="1", actor=land.actor("toan"), at=on(8, 9)
        )


def test_the_notice_of_a_tax_office_without_accounts_is_entered_too(db):
    land = make_land_town(accounts=("land_registration",))
    dossier = at_tax_office(land, when=on(8, 9))
    actions.notice_for_partner(
        dossier.pk,
        step_key="thue",
        answered_by="Bà Thuế",
        document="9/TB",
        number="9/TB",
        amount_dong=2_000_000,
        pay_by=date(2025, 11, 7),
        actor=land.actor("toan"),
        at=on(9, 9),
    )
    dossier.refresh_from_db()
    assert dossier.status == Status.PAYMENT_REQUESTED


def test_a_tax_step_does_not_end_by_mailbox_without_a_notice_and_without_a_reason(db):
    land = make_land_town(accounts=("land_registration",))
    dossier = at_tax_office(land, when=on(8, 9))
    toan = land.actor("toan")
    facts = {"step_key": "thue", "answered_by": "Bà Thuế", "document": "9/TB", "actor": toan, "at": on(9, 9)}
    with pytest.raises(errors.NoticeMissing):
        actions.answer_for_partner(dossier.pk, **facts, note=" ")
    dossier.refresh_from_db()
    assert case_step(dossier) == "thue"
    actions.answer_for_partner(dossier.pk, **facts, note="Được miễn thuế")
    dossier.refresh_from_db()
    assert case_step(dossier) == "lap-giay"


def test_half_a_notice_typed_in_the_mailbox_is_asked_for_whole(db):
    given = {"step_key": "thue", "answered_by": "Bà Thuế", "document": "9/TB", "note": "Đã ra thông báo"}
    half = PartnerAnswerForm({**given, "amount_dong": "2000000", "pay_by": "07/11/2025"}, asks_payment=True)
    assert list(half.errors) == ["number"]
    assert PartnerAnswerForm(given, asks_payment=True).is_valid()


def case_step(dossier) -> str:
    return dossier.runs.get(finished_at=None).step_key


# -- what holds for every path -------------------------------------------------------------------------------------------

CALENDAR = WorkingCalendar()
LEGS = st.lists(
    st.tuples(st.integers(1, 3000), st.integers(0, 5000), st.integers(0, 2000), st.integers(0, 4000)), min_size=1, max_size=6
)


@given(legs=LEGS, start=st.integers(0, 3000))
def test_charged_delays_are_exactly_the_lateness_of_the_path(legs, start):
    """Each leg: own limit, minutes worked, when its pause begins, how long that lasts."""
    at = add_working_minutes(MONDAY, start, CALENDAR)
    charged = saved = worked = limits = 0
    for limit, used, pause_after, pause in legs:
        begins = counts_from(at, CALENDAR)
        stood = add_working_minutes(begins, min(pause_after, used), CALENDAR)
        ran = add_working_minutes(stood, pause, CALENDAR)
        ends = add_working_minutes(ran, used - min(pause_after, used), CALENDAR)
        minutes = rules.minutes_used(begins, ends, [(stood, ran)], CALENDAR)
        late = max(0, minutes - limit)
        assert minutes == used
        assert late == 0 if used <= limit else late == used - limit  # a leg on time is never charged
        charged, saved = charged + late, saved + max(0, limit - used)
        worked, limits = worked + used, limits + limit
        at = ends
    assert charged - saved == worked - limits


@pytest.mark.django_db(transaction=True)
def test_two_who_take_over_at_once_leave_one_holder():
    town = make_land_town()
    town.people["dia2"] = agency_officer(town, "land_registration", "dia2", ["process dossiers"])
    dossier = at_land_office(town)
    start, answers = Barrier(2), []

    def take(who: str) -> None:
        actor = town.actor(who)
        start.wait()
        try:
            actions.take_over_leg(dossier.pk, actor=actor, at=on(8, 9))
            answers.append("taken")
        except errors.AlreadyTaken:
            answers.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=take, args=(who,)) for who in ("dia", "dia2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["refused", "taken"]
    assert Event.objects.filter(name="dossiers.leg_taken").count() == 1


# -- the calendar and the clock ------------------------------------------------------------------------------------------


def day_off(town: Town, day: int, *, month: int = 10, when: datetime) -> None:
    """A day off is announced, and the worker has dated everything again."""
    fact = DayFact(day=date(2025, month, day), effect="off", name="Nghỉ bão")
    unit_actions.change_days(town.city.city.pk, CalendarChange(add=(fact,)), actor=HOUSE, at=when)
    clear_caches()
    event = Event.objects.filter(name="units.days_changed").latest("pk")
    begun = actions.begin_recomputation(event.pk, actor=HOUSE, at=when)
    actions.recompute_slice(begun.pk, actor=HOUSE, at=when)


def due_of(dossier: Dossier) -> tuple[datetime | None, datetime]:
    """Of the open step, and of the leg."""
    run = StepRun.objects.get(dossier=dossier, finished_at=None)
    return run.due_at, Leg.objects.get(dossier=dossier, finished_at=None).due_at


def test_a_pause_begun_before_the_next_morning_is_counted_from_that_morning_on(land):
    """Handed over after 15:00: the time starts next morning, the pause the evening before. Nothing is lost, nothing given."""
    dossier = at_tax_office(land, when=on(13, 9))
    notice(land, dossier, when=on(14, 16))
    paid = datetime(2025, 11, 3, 9, tzinfo=VIET_NAM)
    actions.confirm_payment(dossier.pk, proof_number="1", actor=land.actor("lan"), at=paid)
    step = datetime(2025, 11, 5, 9, tzinfo=VIET_NAM)  # its sixteen hours, whole
    leg = Leg.objects.get(dossier=dossier, finished_at=None)
    assert due_of(dossier) == (step, add_working_minutes(paid, leg.minutes, CALENDAR))

    day_off(land, 4, month=11, when=paid + timedelta(minutes=5))

    later = step + timedelta(days=1)
    off = WorkingCalendar(off=frozenset({date(2025, 11, 4)}))
    assert due_of(dossier) == (later, add_working_minutes(paid, leg.minutes, off))


@pytest.mark.parametrize("by_hand", [False, True])
def test_leg_and_step_move_with_the_calendar_even_where_the_appointment_stays(land, by_hand):
    dossier = at_land_office(land)
    assert due_of(dossier)[1] == on(9, 10)
    if by_hand:
        Dossier.objects.filter(pk=dossier.pk).update(due_at=on(22, 17))

    day_off(land, 8, when=on(7, 11))

    assert due_of(dossier) == (on(10, 10), on(10, 10))
    dossier.refresh_from_db()
    assert dossier.due_at == (on(22, 17) if by_hand else on(21, 17))

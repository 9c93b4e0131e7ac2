"""Asking bodies of other units: their date, reminders, and silence where the procedure says what it means."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
import pytest
from django.urls import reverse

from thongsuot.dossiers import actions
from thongsuot.dossiers.actions import errors
from thongsuot.dossiers.actions.opinions import RemindedJustNow
from thongsuot.dossiers.models import Dossier, Opinion
from thongsuot.dossiers.queries import partners
from thongsuot.dossiers.tests.desk import browser
from thongsuot.dossiers.tests.make import (
    FIVE_DAYS,
    HOUSE,
    STEPS,
    Town,
    a_file,
    agency_body,
    agency_officer,
    make_land_town,
    make_officer,
    make_town,
    receive,
)
from thongsuot.dossiers.tests.test_recomputing import change
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.events import REACTIONS
from thongsuot.kernel.jobs import react
from thongsuot.kernel.models import Event
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.units.facts import DayFact
from thongsuot.web.tests.words import said


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 10, day, hour, minute, tzinfo=VIET_NAM)


def at_appraisal(town: Town) -> Dossier:
    dossier = receive(town)
    actions.forward(dossier.pk, step_key="tiep-nhan", actor=town.actor("lan"), at=on(6, 10))
    to = town.people["toan"].pk
    return actions.forward(dossier.pk, step_key="phan-cong", to_person=to, actor=town.actor("viet"), at=on(6, 11))


def ask(town: Town, dossier: Dossier, body_id: int, **changes) -> Opinion:
    facts = {"question": "Thửa đất có tranh chấp không?", "actor": town.actor("toan"), "at": on(6, 14), **changes}
    return actions.ask_opinion(dossier.pk, body_id=body_id, **facts)


def test_a_committee_of_another_commune_is_asked_and_only_its_people_answer(town):
    town.people["hang"] = make_officer(town.city, town.city.hill, "office", "hang", "Chuyên viên", ["process dossiers"])
    dossier = at_appraisal(town)
    opinion = ask(town, dossier, town.city.body(town.city.hill, "people_committee").pk, answer_by=date(2025, 10, 10))
    assert opinion.answer_until == on(10, 17)
    with pytest.raises(NotYourDuty):
        actions.give_opinion(opinion.pk, answer="Không.", actor=town.actor("toan"), at=on(7, 9))
    actions.give_opinion(opinion.pk, answer="Không.", actor=town.actor("hang"), at=on(7, 9))
    dossier.refresh_from_db()
    assert dossier.paused_at is None  # the clock goes on


def test_a_department_is_asked_and_answers(db):
    town = make_land_town(limit=FIVE_DAYS, steps=STEPS)
    town.people["an"] = agency_officer(town, "Sở Xây dựng", "an", ["process dossiers"])
    opinion = ask(town, at_appraisal(town), agency_body(town, "Sở Xây dựng").pk)
    actions.give_opinion(opinion.pk, answer="Phù hợp quy hoạch.", actor=town.actor("an"), at=on(7, 9))


@pytest.mark.parametrize("answer_by", [date(2025, 10, 3), date(2025, 10, 12), date(2026, 3, 2)])
def test_a_date_that_is_past_no_working_day_or_too_far_is_refused(town, answer_by):
    dossier = at_appraisal(town)
    with pytest.raises(BadInput):
        ask(town, dossier, town.city.body(town.city.river, "office").pk, answer_by=answer_by)
    assert not Opinion.objects.exists()


def test_a_body_outside_the_city_is_not_found(town):
    with pytest.raises(NotFound):
        ask(town, at_appraisal(town), 0)


def test_silence_says_nothing_unless_the_procedure_names_the_text(town):
    dossier = at_appraisal(town)
    opinion = ask(town, dossier, town.city.body(town.city.river, "office").pk)
    assert actions.silent_ones(at=on(20, 9)) == []
    with pytest.raises(BadInput):
        actions.settle_silence(opinion.pk, actor=HOUSE, at=on(20, 9))
    actions.draft_result(
        dossier.pk, title="Giấy", file_id=a_file(by=town.actor("toan")), actor=town.actor("toan"), at=on(20, 9)
    )
    with pytest.raises(errors.OpinionsOpen):
        actions.forward(dossier.pk, step_key="tham-dinh", actor=town.actor("toan"), at=on(20, 9))


def test_where_a_text_says_so_silence_past_the_date_is_agreement(db):
    basis, town = "Nghị định ví dụ, Điều 9", silent_town()
    dossier = at_appraisal(town)
    opinion = ask(town, dossier, town.city.body(town.city.river, "office").pk)
    with pytest.raises(BadInput):
        actions.settle_silence(opinion.pk, actor=HOUSE, at=opinion.answer_until)
    assert actions.silent_ones(at=on(10, 9)) == [opinion.pk]
    actions.settle_silence(opinion.pk, actor=HOUSE, at=on(10, 9))
    opinion.refresh_from_db()
    assert (opinion.by_silence, opinion.silence_basis, opinion.answer) == (True, basis, "")
    actions.draft_result(
        dossier.pk, title="Giấy", file_id=a_file(by=town.actor("toan")), actor=town.actor("toan"), at=on(10, 10)
    )
    actions.forward(dossier.pk, step_key="tham-dinh", actor=town.actor("toan"), at=on(10, 10))


def silent_town() -> Town:
    basis = "Nghị định ví dụ, Điều 9"
    steps = tuple(msgspec.structs.replace(step, silence_basis=basis) if step.key == "tham-dinh" else step for step in STEPS)
    return make_town(steps=steps)


@pytest.mark.parametrize("end", ["withdraw", "stop"])
def test_silence_agrees_to_nothing_that_is_over(db, end):
    town = silent_town()
    dossier = at_appraisal(town)
    opinion = ask(town, dossier, town.city.body(town.city.river, "office").pk)
    if end == "withdraw":
        actions.withdraw(dossier.pk, actor=town.actor("lan"), at=on(7, 9))
    else:
        actions.stop(dossier.pk, reason="x", actor=town.actor("viet"), at=on(7, 9))
    assert actions.silent_ones(at=on(20, 9)) == []
    with pytest.raises(errors.MoveNotAllowed):
        actions.settle_silence(opinion.pk, actor=HOUSE, at=on(20, 9))
    opinion.refresh_from_db()
    assert (opinion.answered_at, opinion.by_silence) == (None, False)


def test_a_last_day_that_becomes_a_day_off_is_the_next_working_day(db):
    town = silent_town()
    dossier = at_appraisal(town)
    office = town.city.body(town.city.river, "office").pk
    struck, kept = ask(town, dossier, office), ask(town, dossier, office, answer_by=date(2025, 10, 8))
    assert (struck.answer_until, kept.answer_until) == (on(9, 17), on(8, 17))

    change(town, add=(DayFact(day=date(2025, 10, 9), effect="off", name="Nghỉ bão"),))
    react_again()  # the worker may run a reaction twice

    assert [Opinion.objects.get(pk=one.pk).answer_until for one in (struck, kept)] == [on(10, 17), on(8, 17)]
    assert actions.silent_ones(at=on(10, 9)) == [kept.pk]
    with pytest.raises(BadInput):
        actions.settle_silence(struck.pk, actor=HOUSE, at=on(10, 9))
    actions.settle_silence(struck.pk, actor=HOUSE, at=on(11, 9))
    with pytest.raises(NotYourDuty):
        actions.put_off_answer(kept.pk, actor=town.actor("toan"), at=on(10, 9))


def react_again() -> None:
    for event in Event.objects.filter(name="units.days_changed"):
        for name in REACTIONS[event.name]:
            react(event.pk, name)


def test_who_asked_reminds_and_leaders_see_what_is_overdue(town, clock, django_assert_num_queries):
    opinion = ask(town, at_appraisal(town), town.city.body(town.city.river, "office").pk)
    with django_assert_num_queries(1):  # names are remembered
        [row] = partners.overdue_opinions(frozenset({town.river}), now=on(20, 9))
    assert row.late
    clock.now = on(20, 9)
    officer = browser(town, "toan")
    assert "quá hạn" in said(officer.get(reverse("dossiers:opinions")))
    officer.post(reverse("dossiers:remind_opinion", args=[opinion.pk]))
    opinion.refresh_from_db()
    assert opinion.reminded_at == on(20, 9)
    with pytest.raises(RemindedJustNow):
        actions.remind_opinion(opinion.pk, actor=town.actor("viet"), at=on(20, 10))

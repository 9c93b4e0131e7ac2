"""The calendar changes while dossiers run: who moves, where to, what they are told; and that nobody else is touched."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from thongsuot.dossiers import actions, rules, tasks
from thongsuot.dossiers.models import Dossier, MovedDue, Recomputation, StepRun
from thongsuot.dossiers.queries import recomputing as queries
from thongsuot.dossiers.tests.desk import browser
from thongsuot.dossiers.tests.make import FIVE_DAYS, HOUSE, MONDAY, Town, forward_to, make_officer, receive, resolve
from thongsuot.dossiers.tests.test_actions import filed
from thongsuot.dossiers.tests.test_reactions import deliver
from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.deadlines import due_at
from thongsuot.kernel.events import REACTIONS
from thongsuot.kernel.history import history_of
from thongsuot.kernel.jobs import react
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.clocks import Clock
from thongsuot.kernel.working_time import VIET_NAM, WorkingCalendar
from thongsuot.notices.models import Notice
from thongsuot.units import actions as units
from thongsuot.units import queries as unit_queries
from thongsuot.units.facts import CalendarChange, DayFact

TUESDAY = MONDAY + timedelta(days=1)
FRIDAY_OFF = DayFact(day=date(2025, 10, 10), effect="off", name="Nghỉ hoán đổi", basis="1/TB")
SATURDAY_WORKED = DayFact(day=date(2025, 10, 11), effect="work", name="Làm bù", basis="2/TB")


def at(day: int, hour: int = 17) -> datetime:
    return datetime(2025, 10, day, hour, tzinfo=VIET_NAM)


def change(town: Town, *, when: datetime = TUESDAY, work: bool = True, **days: Any) -> None:
    """Change the calendar and let the worker do what follows."""
    units.change_days(town.city.city.pk, CalendarChange(**days), actor=HOUSE, at=when)
    unit_queries.clear_caches()
    if work:
        for event in Event.objects.filter(name="units.days_changed"):
            for name in REACTIONS[event.name]:
                react(event.pk, name)
        for recomputation in Recomputation.objects.all():
            tasks.recompute_dues(recomputation.pk)
            tasks.recompute_dues(recomputation.pk, again=True)


def again(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def test_a_day_off_moves_what_runs_over_it_with_an_event_and_a_letter(town, settings):
    settings.PUBLIC_URL = "https://vidu.vn"
    dossier = receive(town)
    assert dossier.due_at == at(13)

    change(town, add=(FRIDAY_OFF,))

    moved = again(dossier)
    event = history_of(moved)[-1]
    assert moved.due_at == at(14)
    assert event.name == "dossiers.due_recomputed"
    assert (event.facts["days"], event.facts["due_before"][:10]) == (["2025-10-10"], "2025-10-13")
    assert MovedDue.objects.get().outcome == "later"
    assert deliver() == ["received", "due_moved"]
    letter = Notice.objects.get(key="due_moved").body
    assert "Lịch làm việc vừa thay đổi" in letter
    assert "14/10/2025" in letter


def test_a_worked_saturday_brings_the_day_nearer(town):
    dossiers = [receive(town), receive(town, at=MONDAY + timedelta(hours=1))]

    change(town, add=(SATURDAY_WORKED,), when=TUESDAY)

    assert [again(one).due_at for one in dossiers] == [at(11), at(11)]
    assert set(MovedDue.objects.values_list("outcome", flat=True)) == {"earlier"}


def test_two_changes_before_the_worker_came_to_the_first(town):
    dossier = receive(town)

    change(town, add=(FRIDAY_OFF,), work=False)
    change(town, add=(DayFact(day=date(2025, 10, 9), effect="off", name="Nghỉ bão"),))

    assert again(dossier).due_at == at(15)
    assert [moved.outcome for moved in MovedDue.objects.all()] == ["later"]


def test_walks_of_two_changes_come_one_after_the_other(db):
    for number in (1, 2):
        tasks.recompute_dues.defer(recomputation_id=number)

    def taken() -> dict[str, int] | None:
        """What a free worker would be given."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT args FROM procrastinate_fetch_job_v2(NULL, NULL)")
            args = cursor.fetchone()[0]
        return json.loads(args) if args else None

    assert taken() == {"recomputation_id": 1}
    assert taken() is None
    for status in ("todo", "failed"):  # a killed worker's job is queued again, or given up: neither bars the way for ever
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE status = 'doing'", [status])
        assert taken() == {"recomputation_id": 1 if status == "todo" else 2}


def test_told_on_the_very_day_the_old_appointment_holds(town):
    dossier = receive(town)

    change(town, add=(SATURDAY_WORKED,), when=at(11, 10))

    assert again(dossier).due_at == at(13)
    assert not MovedDue.objects.exists()


def test_the_open_step_and_the_warning_move_with_it(town):
    dossier = forward_to(town, receive(town), "tham-dinh", at=MONDAY)  # 16 hours: until Wednesday 9:00
    before = StepRun.objects.get(dossier=dossier, finished_at=None).due_at

    change(town, add=(DayFact(day=date(2025, 10, 7), effect="off", name="Nghỉ bão"),), when=MONDAY)

    run = StepRun.objects.get(dossier=dossier, finished_at=None)
    assert run.due_at == before + timedelta(days=1)
    assert again(dossier).warn_at == dossier.warn_at + timedelta(days=1)


def test_a_paused_dossier_moves_now_and_runs_on_by_the_new_calendar(town):
    dossier = receive(town)
    actions.request_supplement(dossier.pk, items=["Bản chính"], actor=town.actor("lan"), at=MONDAY)

    change(town, add=(FRIDAY_OFF,))
    assert again(dossier).due_at == at(14)
    wednesday = MONDAY + timedelta(days=2)
    actions.complete_supplement(dossier.pk, papers=(), answer="x", actor=town.actor("lan", wednesday), at=wednesday)

    # Five working days from Wednesday: 9, 13, 14, 15, 16.
    assert again(dossier).due_at == at(16)


def test_pauses_of_before_are_run_through_again(town):
    dossier = receive(town)
    actions.request_supplement(dossier.pk, items=["Bản chính"], actor=town.actor("lan"), at=MONDAY)
    actions.complete_supplement(dossier.pk, papers=(), answer="x", actor=town.actor("lan", TUESDAY), at=TUESDAY)
    assert again(dossier).due_at == at(14)

    change(town, add=(FRIDAY_OFF,), when=TUESDAY)

    assert again(dossier).due_at == at(15)


def test_the_answer_to_an_online_filing_moves_without_a_letter(town):
    dossier = actions.submit_draft(filed(town).code, actor=ANYONE, at=at(6, 16))
    before = dossier.answer_due_at

    change(town, add=(DayFact(day=date(2025, 10, 7), effect="off", name="Nghỉ bão"),), when=at(6, 16))

    assert again(dossier).answer_due_at == before + timedelta(days=1)
    assert deliver() == ["submission_received"]


def test_what_is_judged_ended_or_elsewhere_in_time_stays(town):
    done = resolve(town, receive(town), at=MONDAY)
    gone = receive(town)
    actions.withdraw(gone.pk, actor=town.actor("lan"), at=MONDAY)
    later = receive(town, at=at(20, 9))
    stood = [again(one).due_at for one in (done, gone, later)]

    change(town, add=(FRIDAY_OFF,), when=at(20, 10))

    assert [again(one).due_at for one in (done, gone, later)] == stood
    assert not MovedDue.objects.exists()
    assert Recomputation.objects.get().finished_at is not None


def test_a_date_that_the_old_calendar_does_not_explain_is_left_to_a_person(town):
    dossier = receive(town)
    Dossier.objects.filter(pk=dossier.pk).update(due_at=at(20))

    change(town, add=(FRIDAY_OFF,))

    assert again(dossier).due_at == at(20)
    assert MovedDue.objects.get().outcome == "by_hand"
    assert history_of(dossier)[-1].name == "dossiers.due_left_to_person"


def test_a_removed_day_moves_back(town):
    dossier = receive(town)
    change(town, add=(FRIDAY_OFF,))

    change(town, remove=(FRIDAY_OFF.day,), when=TUESDAY + timedelta(hours=1))

    assert again(dossier).due_at == at(13)


def test_the_preview_says_what_then_happens_and_changes_nothing(town, django_assert_max_num_queries):
    dossiers = [receive(town, at=MONDAY + timedelta(minutes=n)) for n in range(3)]
    before = Event.objects.count()

    with django_assert_max_num_queries(8):
        seen = queries.preview(CalendarChange(add=(FRIDAY_OFF,)), now=TUESDAY)
    assert Event.objects.count() == before
    change(town, add=(FRIDAY_OFF,))

    assert (seen.looked_at, seen.by_outcome) == (3, {"later": 3})
    assert [(move.row.id, move.due_after) for move in seen.first] == [(one.pk, again(one).due_at) for one in dossiers]


def test_a_worker_killed_between_slices_goes_on_and_nothing_moves_twice(town, monkeypatch):
    dossiers = [receive(town, at=MONDAY + timedelta(minutes=n)) for n in range(5)]
    monkeypatch.setattr(queries, "SLICE", 2)
    monkeypatch.setattr(queries.running, "__kwdefaults__", {"after": 0, "limit": 2})
    change(town, add=(FRIDAY_OFF,), work=False)
    event = Event.objects.get(name="units.days_changed")
    for name in REACTIONS[event.name]:
        react(event.pk, name)
        react(event.pk, name)  # the job ran twice
    begun = Recomputation.objects.get()

    actions.recompute_slice(begun.pk, actor=HOUSE, at=TUESDAY)
    half = Recomputation.objects.get()
    tasks.recompute_dues(begun.pk)
    tasks.recompute_dues(begun.pk, again=True)
    tasks.recompute_dues(begun.pk)

    assert (half.looked_at, half.finished_at) == (2, None)
    assert Recomputation.objects.get().looked_at == 5
    assert {again(one).due_at for one in dossiers} == {at(14)}
    assert Event.objects.filter(name="dossiers.due_recomputed").count() == 5


@given(
    limit=st.integers(1, 30),
    start=st.integers(0, 40),
    known_after=st.integers(0, 40),
    off=st.sets(st.integers(0, 60), max_size=3),
    worked=st.sets(st.integers(0, 60), max_size=3),
)
def test_no_change_of_the_calendar_makes_a_dossier_late_by_itself(limit, start, known_after, off, worked):
    first = date(2025, 9, 1)
    before = WorkingCalendar()
    after = WorkingCalendar(
        off=frozenset(first + timedelta(days=n) for n in off), on=frozenset(first + timedelta(days=n) for n in worked)
    )
    received = datetime(2025, 9, 1, 9, tzinfo=VIET_NAM) + timedelta(days=start)
    now = received + timedelta(days=known_after)
    law = FIVE_DAYS._replace(value=limit)
    old, new = due_at(received, law, before), due_at(received, law, after)

    moved = rules.moved_due(old, new, now=now, calendar=after)

    assert moved >= min(old, new)
    assert (moved > now) or not (old > now)


# -- pages -------------------------------------------------------------------------------------------------------------


def keeper(town: Town) -> Client:
    """A browser of whoever keeps the city's calendar."""
    city = town.city.city
    town.people["quan"] = make_officer(town.city, city, "service_centre", "quan", "Quản trị hệ thống", ["manage calendar"])
    return browser(town, "quan")


def test_the_calendar_page_shows_who_would_move_and_the_list_who_moved(town, clock: Clock):
    dossier = receive(town)
    client = keeper(town)

    seen = client.post("/quan-tri/lich/", {"day": "10/10/2025", "effect": "off", "name": "Nghỉ hoán đổi", "basis": "1/TB"})
    change(town, add=(FRIDAY_OFF,))
    listed = client.get("/quan-tri/lich/tinh-lai/").content.decode()
    one = client.get(f"/quan-tri/lich/tinh-lai/{Recomputation.objects.get().pk}/").content.decode()

    shown = seen.content.decode()
    assert dossier.code in shown
    assert "17:00 14/10/2025" in shown or "14/10/2025 17:00" in shown
    assert "10/10/2025" in listed
    assert dossier.code in one
    assert "Hẹn lùi lại" in one
    assert client.get("/quan-tri/lich/tinh-lai/999/").status_code == 404


def test_without_anyone_to_move_the_page_says_so(town, clock: Clock):
    client = keeper(town)

    seen = client.post("/quan-tri/lich/", {"day": "10/10/2025", "effect": "off", "name": "Nghỉ", "basis": ""}).content.decode()

    assert "Không hồ sơ đang mở nào đổi hẹn." in seen
    assert "Lịch chưa đổi lần nào" in client.get("/quan-tri/lich/tinh-lai/").content.decode()
    assert timezone.now() == clock()

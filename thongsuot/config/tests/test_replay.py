"""A small replay through the real API, and what its checks are worth."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date, datetime, time, timedelta
from random import Random

import pytest
from django.db import connection

from thongsuot.config import rehearsal
from thongsuot.config.cli import parser
from thongsuot.config.replay import mix, people, proof, signing, slow_time
from thongsuot.config.replay.doors import SCAN, Doors
from thongsuot.config.replay.lives import RECEIVING
from thongsuot.config.replay.play import Player, read_log
from thongsuot.config.replay.run import _same_as_before
from thongsuot.config.replay.staff import planned
from thongsuot.config.terminal import Trouble
from thongsuot.config.tests.replaying import MORNING, InProcess, Plan, fingerprint, make_town_to_replay, server
from thongsuot.dossiers.models import Dossier, Rating, Result, ResultSigning, Tally
from thongsuot.files.models import StoredFile
from thongsuot.kernel import deadlines
from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.models import Event
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.working_time import VIET_NAM, Shift, WorkingCalendar

SHIFTS = ((time(8), time(12)), (time(13), time(17)))
OFF, WORKED = frozenset({date(2025, 9, 1), date(2025, 9, 2), date(2026, 1, 2)}), frozenset({date(2026, 1, 10)})
SLOW = slow_time.SlowCalendar(shifts=SHIFTS, off=OFF, worked=WORKED, cut_off=time(15), zone=VIET_NAM)
QUICK = WorkingCalendar(shifts=tuple(Shift(*shift) for shift in SHIFTS), off=OFF, on=WORKED, cut_off=time(15))
DOSSIERS = 30


# -- due dates, counted twice ------------------------------------------------------------------------------------------


def test_the_slow_count_and_the_programs_agree_on_thousands_of_due_dates():
    random = Random(1)  # noqa: S311
    for _ in range(3000):
        limit = Limit(random.randrange(1, 40), random.choice(list(LimitUnit)))
        at = datetime(2025, 8, 20, tzinfo=VIET_NAM) + timedelta(seconds=random.randrange(150 * 86_400))
        if limit.unit is LimitUnit.MONTHS:
            limit = Limit(limit.value % 7 + 1, limit.unit)
        assert slow_time.due(at, (limit.value, str(limit.unit)), SLOW) == deadlines.due_at(at, limit, QUICK), (at, limit)


def test_the_slow_count_and_the_programs_agree_on_pauses():
    random = Random(2)  # noqa: S311
    for _ in range(400):
        limit = Limit(random.randrange(1, 20), random.choice(list(LimitUnit)))
        at = datetime(2025, 8, 25, tzinfo=VIET_NAM) + timedelta(seconds=random.randrange(120 * 86_400))
        due = deadlines.due_at(at, limit, QUICK)
        paused = at + timedelta(seconds=random.randrange(1, 20 * 86_400))
        resumed = paused + timedelta(seconds=random.randrange(1, 15 * 86_400))
        slow = slow_time.after_pause(due, paused, resumed, (limit.value, str(limit.unit)), SLOW)
        assert slow == deadlines.due_after_pause(due, paused, resumed, limit, QUICK), (at, paused, resumed, limit)


@pytest.mark.parametrize(
    ("received", "limit", "due"),
    [
        ("2025-08-29 15:00:00", (1, "same_day"), "2025-08-29 17:00:00"),
        ("2025-08-29 15:00:01", (1, "same_day"), "2025-09-03 17:00:00"),
        ("2025-08-29 16:00:00", (8, "working_hours"), "2025-09-03 16:00:00"),
        ("2025-08-29 09:00:00", (2, "working_days"), "2025-09-04 17:00:00"),
        ("2026-01-09 09:00:00", (1, "working_days"), "2026-01-10 17:00:00"),
    ],
)
def test_the_slow_count_knows_the_cut_off_and_the_calendar(received, limit, due):
    at = datetime.fromisoformat(received).replace(tzinfo=VIET_NAM)

    assert slow_time.due(at, limit, SLOW) == datetime.fromisoformat(due).replace(tzinfo=VIET_NAM)


# -- the plan ----------------------------------------------------------------------------------------------------------


def test_nobody_can_have_the_number_or_telephone_of_a_made_up_person():
    random = Random(3)  # noqa: S311
    for _ in range(500):
        person = people.made_up(random)
        assert len(person.id_number) == 12
        assert person.id_number[3] in "45"
        assert person.phone.startswith("010")


def test_the_weights_of_procedures_leave_room_for_all_others():
    assert sum(mix.PROCEDURE_WEIGHTS.values()) + sum(mix.BODY_WEIGHTS.values()) == 1000


def test_a_plan_comes_from_its_seed_alone_and_keeps_its_shares(db):
    city = make_town_to_replay()

    first, again, other = Plan(city, 600), Plan(city, 600), Plan(city, 600, seed=8)

    assert first.arrivals == again.arrivals != other.arrivals
    assert list(first.acts()) == list(again.acts())
    online = [arrival for arrival in first.arrivals if arrival.channel == 2 and not arrival.refused]
    only_online = sum(arrival.kind.channels == {2} for arrival in first.arrivals if not arrival.refused)
    assert len(online) == max(round(600 * mix.ONLINE_SHARE), only_online)
    assert {arrival.kind.code for arrival in first.arrivals} == {kind.code for kind in city.kinds}


def test_acts_come_in_order_of_time_and_offices_act_in_working_hours(db):
    city = make_town_to_replay()
    plan = Plan(city, 200)

    acts = list(plan.acts())

    assert [act.at for act in acts] == sorted(act.at for act in acts)
    by_offices = [act for act in acts if act.by and act.by != "portal"]
    assert len(by_offices) > 1000
    assert all(city.calendar.works(act.at.date()) and time(8) <= act.at.time() <= time(17) for act in by_offices)
    assert {"receive", "submit", "accept", "refuse", "forward", "result", "hand-back", "rate"} <= {act.door for act in acts}


# -- the play ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(transactional_db):
    """A copy of the database as it is when asked for; then a way to go there, and back at the end."""
    here = connection.settings_dict["NAME"]
    copy = f"{here}_replay"

    def run(sql: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = "postgres"
        with connection.cursor() as cursor:
            cursor.execute(sql)
        connection.close()
        connection.settings_dict["NAME"] = here

    def make() -> None:
        run(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        run(f'CREATE DATABASE "{copy}" TEMPLATE "{here}"')

    def go() -> None:
        connection.close()
        connection.settings_dict["NAME"] = copy
        forget_all()

    yield make, go
    connection.close()
    connection.settings_dict["NAME"] = here
    run(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
    forget_all()


def found(plan: Plan, player, acts: int, more: int = 0) -> dict[str, proof.Check]:
    """`more`: so many receptions more than the plan has."""
    planned = more + sum(act.door in RECEIVING for act in plan.acts())
    checks = proof.checks(
        plan.city,
        plan.arrivals,
        player.known,
        player.score,
        asked=plan.dossiers,
        planned=planned,
        acts=acts,
        jobs=False,
        share=False,
    )
    return {check.name: check for check in checks}


def test_the_same_seed_plays_the_same_over_http_and_stopped_half_way(elsewhere, settings, tmp_path):
    """Once by four clients against the real server; once in this process by one, stopped and taken up again."""
    settings.CITY_CODE = "98"
    plan = Plan(make_town_to_replay(), DOSSIERS)
    plan.keys()
    acts = sum(1 for _act in plan.acts())
    make_copy, go_elsewhere = elsewhere
    make_copy()

    with server(tmp_path / "data") as transport:
        player = plan.player(transport, workers=4)
        score = player.play(plan.acts())
    checks = found(plan, player, acts)
    assert score.problems == []
    assert [check for check in checks.values() if not check.holds] == []
    played = fingerprint()
    assert Rating.objects.exists()
    assert Dossier.objects.filter(channel=2).exists()

    go_elsewhere()
    settings.SIMULATED_CLOCK, settings.DATA_DIR = True, tmp_path / "data"
    log = tmp_path / "replay.log"
    half = plan.player(InProcess(), workers=1, log=log)

    def stopped_half_way():
        for number, act in enumerate(plan.acts()):
            if number == acts // 2:
                half.stop()
            yield act

    half.play(stopped_half_way())
    assert 0 < len(read_log(log)) < acts
    rest = plan.player(InProcess(), workers=1, log=log, replayed=read_log(log))
    rest.play(plan.acts())
    assert [check for check in found(plan, rest, acts).values() if not check.holds] == []
    assert fingerprint() == played
    scans = list(StoredFile.objects.filter(name__startswith=SCAN).values_list("uploaded_by_id", "name"))
    assert len(scans) == len(set(scans)) > 1  # each officer's own; the run that went on found those of the one before

    _the_checks_see_what_is_wrong(plan, rest, acts)


def _the_checks_see_what_is_wrong(plan: Plan, player, acts: int) -> None:
    """Each thing broken once: its own check says so."""

    def fails(name: str) -> bool:
        return not found(plan, player, acts)[name].holds

    dossier = Dossier.objects.filter(code__isnull=False).order_by("-received_at", "-id").first()
    Dossier.objects.filter(pk=dossier.pk).update(due_at=dossier.due_at + timedelta(days=1))
    assert fails("due dates")
    Dossier.objects.filter(pk=dossier.pk).update(due_at=dossier.due_at)
    assert not fails("due dates")

    Dossier.objects.filter(pk=dossier.pk).update(code="H98.1-250701-9999")
    broken = found(plan, player, acts)
    assert not broken["codes"].holds
    assert not broken["series"].holds
    Dossier.objects.filter(pk=dossier.pk).update(code=dossier.code)

    assert not found(plan, player, acts, more=1)["received"].holds, "one that is missing is one too many"

    Tally.objects.filter(pk=Tally.objects.first().pk).update(dossiers=10_000)
    assert fails("tally")

    one = next(known for known in player.known.values() if known.code)
    one.status = 99
    assert fails("statuses")
    one.status = Dossier.objects.get(pk=one.id).status

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE kernel_event SET actor_name = 'x' WHERE id = %s", [Event.objects.latest("id").pk])
        cursor.execute("SET session_replication_role = origin")
    assert fails("history")

    player.score.intake = [("2025-07-01 09", 2000.0)] * 100
    assert fails("intake p50, p95, p99 of the busiest hour")


# -- the command -------------------------------------------------------------------------------------------------------


def test_a_city_is_named_by_its_name_or_its_code():
    assert parser().parse_args(["replay", "--city", "ha-noi"]).city == "01"
    assert parser().parse_args(["replay", "--city", "79"]).city == "79"
    for wrong in (["--city", "nowhere"], ["--from", "13/07/2025"], ["--days", "-1"]):
        with pytest.raises(SystemExit):
            parser().parse_args(["replay", *wrong])


def test_a_folder_keeps_one_replay(tmp_path):
    options = argparse.Namespace(
        city="01", first="2025-07-01", days=13, seed=1, dossiers=100, units=0, signing_units=2, portal_away=60
    )
    _same_as_before(tmp_path / "replay.json", options)
    _same_as_before(tmp_path / "replay.json", options)

    with pytest.raises(Trouble, match="thư mục khác"):
        _same_as_before(tmp_path / "replay.json", argparse.Namespace(**{**vars(options), "seed": 2}))


def test_percentiles_are_those_of_the_hour_with_the_most_receptions():
    score = proof.Score(intake=[("a", 5000.0)] * 3 + [("b", float(number)) for number in range(1, 101)])

    busiest = proof.latency(score)

    assert (busiest.hour, busiest.count, busiest.p50, busiest.p95, busiest.p99) == ("b", 100, 50.0, 95.0, 99.0)
    assert Counter(hour for hour, _took in score.intake)["a"] == 3


def test_one_dossier_that_is_not_received_is_one_too_many():
    assert proof.received_check(66_310, planned=66_310, asked=66_400).holds
    for received in (65_736, 66_309, 66_311):
        assert not proof.received_check(received, planned=66_310, asked=66_400).holds


# -- signatures --------------------------------------------------------------------------------------------------------


def test_some_units_sign_digitally_and_what_they_issue_is_validated(transactional_db, settings, tmp_path):
    rehearsal.mark(tmp_path / "data", "test")
    settings.CITY_CODE, settings.SIMULATED_CLOCK, settings.DATA_DIR = "98", True, tmp_path / "data"
    plan = Plan(make_town_to_replay(), 2, seed=3)
    keys = plan.keys()
    lasts = timedelta(days=90)
    staff = planned(plan.city, plan.arrivals)
    for _ in range(2):  # the second time nothing is missing
        signing.certify(plan.city, staff, keys, how_many=2, at=MORNING, lasts=lasts)
    assert {address.split(".")[0].rstrip("0123456789") for address in keys.signers} == {"leader", "clerk"}

    score = Player(InProcess(), Doors(keys), plan.arrivals, seed=3, workers=1).play(plan.acts())

    assert score.problems == []
    at = MORNING + timedelta(days=5)
    found = signing.check(plan.city, how_many=2, at=at)
    assert found.holds, found
    assert Result.objects.filter(issued_on__isnull=False).exists()
    one = ResultSigning.objects.filter(issued_how="digital").first()
    ResultSigning.objects.filter(pk=one.pk).update(issued_how="paper", issue_paper_reason="x")
    assert not signing.check(plan.city, how_many=2, at=at).holds

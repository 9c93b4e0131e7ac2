"""A service point that another body gets to run takes its people along; codes and figures of before stay."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.queries import search
from thongsuot.handover import running
from thongsuot.handover.queries.intake import intake
from thongsuot.handover.tests.make import HOUSE, JULY, JUNE, Eve, decide, make_plan, open_for, plan_and_run, receive
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.events import REACTIONS
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.kernel.text import slug
from thongsuot.people import actions, queries
from thongsuot.people.models import Appointment, Person
from thongsuot.units import actions as units
from thongsuot.units import queries as units_queries
from thongsuot.units.facts import ConversionFacts, ConversionLineFact, PlannedSuccessionFact, PointFact
from thongsuot.units.models import Body, ServicePoint
from thongsuot.units.tests.acting import HERE, PEOPLE, act_as
from thongsuot.units.tests.make import BEFORE, THE_DAY, VIET_NAM

pytestmark = pytest.mark.django_db

AUGUST = date(2025, 8, 1)
IN_AUGUST = datetime(2025, 8, 1, 9, tzinfo=VIET_NAM)
COUNTER = ["receive dossiers", "hand back results"]
NUMBER = "9/QĐ-VD"


@pytest.fixture(autouse=True)
def acting_here(settings) -> None:
    settings.MIDDLEWARE = [HERE if name == PEOPLE else name for name in settings.MIDDLEWARE]


@pytest.fixture
def centre(eve: Eve) -> Body:
    return Body.objects.create(unit=eve.city, kind="service_centre", name="Trung tâm thành phố", valid_from=BEFORE)


@pytest.fixture
def point(eve: Eve) -> ServicePoint:
    facts = PointFact(name="Một cửa Bến", address="1 phố Bến", opening_hours="8:00-17:00", phone="024 111")
    return units.open_point(eve.unit("98101"), facts, managed_by_id=local(eve).pk, valid_from=BEFORE, actor=HOUSE, at=JUNE)


def local(eve: Eve, code: str = "98101") -> Body:
    return Body.objects.get(unit=eve.unit(code), kind="service_centre")


def works_at(point: ServicePoint, body: Body, name: str = "Lý Thị Quầy", **more: object) -> Person:
    facts = {"valid_from": BEFORE, "duties": COUNTER, **more}
    return actions.open_account(
        email=f"{slug(name.split()[-1])}@vidu.vn",
        full_name=name,
        body_id=body.pk,
        title="Công chức tiếp nhận",
        point_id=point.pk,
        actor=HOUSE,
        at=JUNE,
        **facts,
    )


def move(point: ServicePoint, body: Body, day: date = AUGUST, *, at: datetime = JUNE) -> None:
    units.move_point(point.pk, to_body_id=body.pk, valid_from=day, basis=NUMBER, actor=HOUSE, at=at)
    react(at=at)


def react(*, at: datetime = JUNE) -> None:
    """What the worker does with the newest word about a point. The clock of the worker is the one of the test."""
    event = Event.objects.filter(name="units.point_moved").latest("pk")
    assert any("take_people_along" in name for name in REACTIONS["units.point_moved"])
    since = date.fromisoformat(event.facts["valid_from"])
    actions.follow_point(event.subject_id, valid_from=since, actor=HOUSE, at=at)


def held(person: Person) -> list[tuple[int, date, date | None]]:
    """Posts that held or will, without those taken back before."""
    rows = Appointment.objects.filter(person=person).order_by("valid_from", "pk")
    return [
        (row.body_id, row.valid_from, row.valid_to) for row in rows if row.valid_to is None or row.valid_to > row.valid_from
    ]


def actor(person: Person, at: datetime) -> Actor:
    return queries.actor_for(person, at=at)


def test_the_people_of_a_point_go_with_it_and_keep_what_they_do(eve, centre, point):
    quay, other = works_at(point, local(eve)), eve.people["98101"]
    (dossier,) = receive(eve, "98101", "phường Bến")
    code, at_bien = dossier.code, Dossier.objects.filter(receiving_unit=eve.unit("98101")).count()
    move(point, centre)

    assert held(quay) == [(local(eve).pk, BEFORE, AUGUST), (centre.pk, AUGUST, None)]
    assert "Trung tâm thành phố" not in actor(quay, JULY).post
    assert "Trung tâm thành phố" in actor(quay, IN_AUGUST).post
    # For the ward whose point it is and for nobody else, though the body is the city's.
    assert actor(quay, IN_AUGUST).units_for("receive dossiers") == {eve.unit("98101")}
    assert [row.id for row in search.found(code, actor=actor(quay, IN_AUGUST))] == [dossier.pk]
    assert held(other) == [(local(eve).pk, BEFORE, None)]
    assert "Lý Thị Quầy" in {row.name for row in queries.staff_with_duty("receive dossiers", eve.unit("98101"), on=AUGUST)}
    assert "people.post_followed_point" in [row.name for row in history_of(quay)]
    dossier.refresh_from_db()
    assert (dossier.code, dossier.receiving_unit_id) == (code, eve.unit("98101"))
    assert Dossier.objects.filter(receiving_unit=eve.unit("98101")).count() == at_bien


def test_told_twice_or_taken_back_the_posts_are_as_who_runs_it_says(eve, centre, point):
    quay = works_at(point, local(eve))
    before = held(quay)
    found = ConversionFacts(number=NUMBER, title="Điểm về thành phố", signed_on=None, effective_on=AUGUST)
    draft = units.draft_conversion(found, city_id=eve.city.pk, actor=HOUSE, at=JUNE)
    line = ConversionLineFact(point_id=point.pk, managed_by_id=centre.pk)
    units.put_conversion_line(draft.pk, line, actor=HOUSE, at=JUNE)
    units.check_conversion(draft.pk, actor=HOUSE, at=JUNE)
    units.approve_conversion(draft.pk, actor=HOUSE, at=JUNE)
    for _twice in range(2):
        react()
        assert held(quay) == [(local(eve).pk, BEFORE, AUGUST), (centre.pk, AUGUST, None)]

    units.withdraw_conversion(draft.pk, reason="Chưa đủ người", actor=HOUSE, at=JUNE)
    react()
    assert held(quay) == before


def test_days_gone_by_stay_as_they_were(eve, centre, point):
    quay = works_at(point, local(eve))
    move(point, centre, JUNE.date() - timedelta(days=20))
    assert held(quay) == [(local(eve).pk, BEFORE, JUNE.date()), (centre.pk, JUNE.date(), None)]


def test_whoever_comes_later_or_goes_before_goes_along_for_their_days(eve, centre, point):
    move(point, centre)
    comes = works_at(point, local(eve), "Lê Văn Tới", valid_from=date(2025, 7, 10))
    goes = works_at(point, local(eve), "Bùi Văn Rời", valid_to=date(2025, 7, 10))
    stays = works_at(point, local(eve), "Đỗ Thị Hạn", valid_to=date(2025, 9, 1))

    assert held(comes) == [(local(eve).pk, date(2025, 7, 10), AUGUST), (centre.pk, AUGUST, None)]
    assert held(goes) == [(local(eve).pk, BEFORE, date(2025, 7, 10))]
    assert held(stays) == [(local(eve).pk, BEFORE, AUGUST), (centre.pk, AUGUST, date(2025, 9, 1))]


def test_a_post_is_only_at_a_point_that_its_body_runs(eve, centre, point):
    with pytest.raises(BadInput) as refused:
        works_at(point, centre)
    assert "point" in refused.value.problems


def test_through_a_reorganisation_they_work_for_the_successor_and_back(eve, centre, point):
    quay = works_at(point, local(eve))
    move(point, centre, JUNE.date() + timedelta(days=1))
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    assert actor(quay, JULY).units_for("receive dossiers") == {eve.unit("98001")}
    Appointment.objects.filter(person=eve.people["98001"]).update(duties=[])
    assert [line.gaps for line in intake(changeover, first=THE_DAY, last=THE_DAY)] == [(), ()]
    at_new = {row.name for row in queries.staff_with_duty("receive dossiers", eve.unit("98001"), on=THE_DAY)}
    assert at_new == {"Lý Thị Quầy"}

    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)
    assert not ServicePoint.objects.filter(continues=point).exists()
    assert actor(quay, JULY).units_for("receive dossiers") <= {eve.unit("98101")}


def test_through_two_reorganisations_too(eve, centre, point):
    quay = works_at(point, local(eve))
    move(point, centre, JUNE.date() + timedelta(days=1))
    plan_and_run(open_for(decide(eve)))
    pairs = [PlannedSuccessionFact(old_code=old, new_code="98003", extent="whole") for old in ("98001", "98002")]
    again = open_for(decide(eve, make_plan(pairs, number="2/NQ-VD", day=AUGUST, new={"98003": "Sông Đồi"}), at=JULY), at=JULY)
    plan_and_run(again, at=IN_AUGUST)
    assert actor(quay, IN_AUGUST).units_for("receive dossiers") == {eve.unit("98003")}
    at_new = {row.name for row in queries.staff_with_duty("receive dossiers", eve.unit("98003"), on=AUGUST)}
    assert "Lý Thị Quầy" in at_new


def test_a_branch_of_the_citys_centre_may_run_it_and_keeps_it(eve, centre, point):
    branch = units.set_up_agency(
        eve.city.pk,
        code="98C01",
        kind="branch",
        name="Chi nhánh số 1",
        identifier="H98.70",
        part_of_id=centre.pk,
        valid_from=BEFORE,
        actor=HOUSE,
        at=JUNE,
    )
    quay = works_at(point, local(eve))
    found = ConversionFacts(number=NUMBER, title="Điểm về chi nhánh", signed_on=None, effective_on=THE_DAY)
    draft = units.draft_conversion(found, city_id=eve.city.pk, actor=HOUSE, at=JUNE)
    line = ConversionLineFact(point_id=point.pk, managed_by_id=branch.pk)
    units.put_conversion_line(draft.pk, line, actor=HOUSE, at=JUNE)
    assert units.check_conversion(draft.pk, actor=HOUSE, at=JUNE) == []
    units.withdraw_conversion(draft.pk, reason="Chuyển ngay", actor=HOUSE, at=JUNE)
    move(point, branch, JUNE.date() + timedelta(days=1))
    assert actor(quay, JUNE + timedelta(days=1)).units_for("receive dossiers") == {eve.unit("98101")}
    assert actor(quay, JUNE + timedelta(days=1)).post == "Công chức tiếp nhận, Chi nhánh số 1"
    assert (point.pk, "Một cửa Bến") in units_queries.points_run_in(branch.unit_id, as_of=THE_DAY - timedelta(days=1))

    plan_and_run(open_for(decide(eve)))
    following = ServicePoint.objects.get(continues=point)
    assert units_queries.manager_of(following.pk, as_of=THE_DAY) == branch.pk
    assert actor(quay, JULY).units_for("receive dossiers") == {eve.unit("98001")}


def test_a_point_where_somebody_was_appointed_since_stays(eve, centre, point):
    move(point, centre, JUNE.date() + timedelta(days=1))
    changeover = open_for(decide(eve))
    plan_and_run(changeover)
    following = ServicePoint.objects.get(continues=point)
    works_at(following, centre, "Mai Thị Mới", valid_from=THE_DAY)
    running.undo(changeover.pk, actor=HOUSE, now=lambda: JULY)
    assert ServicePoint.objects.filter(continues=point).exists()


@hypothesis_settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moves=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40)), max_size=6),
    begin=st.integers(-30, 30),
    length=st.none() | st.integers(1, 60),
)
def test_on_every_day_to_come_they_are_where_the_point_is(eve, centre, point, moves, begin, length):
    with transaction.atomic():
        branch = Body.objects.create(unit=eve.city, kind="branch", name="Chi nhánh", valid_from=BEFORE)
        bodies, today = [local(eve), centre, branch], JUNE.date()
        first = today + timedelta(days=begin)
        until = first + timedelta(days=length) if length is not None else None
        quay = works_at(point, bodies[0], valid_from=first, valid_to=until)
        for body, day in moves:
            move(point, bodies[body], today + timedelta(days=day))
        for offset in range(90):
            day = today + timedelta(days=offset)
            there = [one for one, since, to in held(quay) if since <= day and (to is None or day < to)]
            holds = first <= day and (until is None or day < until)
            assert there == ([units_queries.manager_of(point.pk, as_of=day)] if holds else [])
        transaction.set_rollback(True)
    units_queries.clear_caches()


def test_the_pages_say_who_works_there_and_take_where_one_works(eve, point, client):
    quay = works_at(point, local(eve))
    boss = Actor(
        person_id=None,
        name="Hồ Quốc Quân",
        duties={duty: frozenset({eve.city.pk, eve.unit("98101")}) for duty in ("manage units", "manage people")},
        day=JUNE.date(),
    )
    act_as(boss)
    for name in ("point", "move_point"):
        shown = client.get(reverse(f"units:{name}", args=[point.pk])).content.decode()
        assert "Người làm việc tại điểm" in shown
        assert "Lý Thị Quầy" in shown
    assert "làm tại Một cửa Bến" in client.get(reverse("people:person", args=[quay.pk])).content.decode()
    appoint = reverse("people:appoint", args=[eve.people["98101"].pk]) + f"?don_vi={eve.unit('98101')}"
    assert "Một cửa Bến" in client.get(appoint).content.decode()

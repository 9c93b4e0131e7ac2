"""Who someone is at a moment, who can do a job, and what lists cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import NotFound, NotYourDuty
from thongsuot.people import actions, queries, rules
from thongsuot.people.models import Delegation
from thongsuot.people.tests.make import MONDAY, actor, make_administrator, make_citizen, make_officer

DAY = MONDAY.date()


@pytest.mark.parametrize("duty", sorted(rules.DUTIES))
def test_a_duty_of_a_commune_holds_there_and_nowhere_else(city, duty):
    person = make_officer(city.river, duties=[duty])
    who = actor(person)
    assert who.duties == {duty: frozenset({city.river.pk})}
    assert who.may(duty, unit_id=city.river.pk)
    for other in (city.hill.pk, city.city.pk):
        with pytest.raises(NotYourDuty):
            who.must(duty, unit_id=other)


@pytest.mark.parametrize("duty", sorted(rules.DUTIES))
def test_a_duty_of_the_city_holds_in_the_city_and_every_commune_under_it(city, duty):
    who = actor(make_officer(city.city, title="Chuyên viên", duties=[duty]))
    assert who.duties == {duty: frozenset({city.city.pk, city.river.pk, city.hill.pk})}


def test_duties_of_several_posts_add_up_and_each_keeps_its_place(city):
    person = make_officer(city.river, duties=["receive dossiers"])
    actions.appoint(
        person.pk,
        body_id=city.body(city.hill, "office").pk,
        title="Văn thư",
        valid_from=DAY,
        actor=actor(make_administrator(city.city)),
        at=MONDAY,
    )
    who = actor(person)
    assert who.units_for("receive dossiers") == {city.river.pk}
    assert who.units_for("issue results") == {city.hill.pk}
    assert who.post == (
        "Công chức tiếp nhận, Trung tâm Phục vụ hành chính công phường Sông; Văn thư, Văn phòng HĐND và UBND phường Đồi"
    )


def test_a_post_holds_from_its_first_day_to_the_day_before_its_end(city):
    person = make_officer(city.river, since=DAY, until=DAY + timedelta(days=2))
    held = [bool(actor(person, at=MONDAY + timedelta(days=days)).duties) for days in (-1, 0, 1, 2)]
    assert held == [False, True, True, False]


def test_the_local_day_counts_not_that_of_london(city):
    person = make_officer(city.river, since=DAY)
    half_past_midnight = MONDAY.replace(hour=0, minute=30)  # 17:30 UTC on Sunday
    assert actor(person, at=half_past_midnight).duties
    assert not actor(person, at=half_past_midnight - timedelta(hours=1)).duties


def test_a_body_that_has_ended_gives_nothing(city):
    person = make_officer(city.river, kind="office", title="Văn thư")
    body = city.body(city.river, "office")
    body.valid_to = DAY
    body.save()
    assert not actor(person).duties
    assert actor(person, at=MONDAY - timedelta(days=1)).duties


def test_a_locked_account_is_an_actor_without_duties(city):
    person = make_officer(city.river)
    actions.deactivate_person(person.pk, reason="nghỉ việc", actor=actor(make_administrator(city.city)), at=MONDAY)
    person.refresh_from_db()
    assert not actor(person).is_staff
    assert actor(person).person_id == person.pk


def test_a_citizen_is_an_actor_without_duties_or_post(city):
    who = actor(make_citizen())
    assert (who.duties, who.post, who.is_staff) == ({}, "", False)


def test_an_actor_costs_one_query(city, django_assert_num_queries):
    person = make_officer(city.river)
    actor(person)
    with django_assert_num_queries(1):
        actor(person)


# --- standing in -------------------------------------------------------------------------------------------------------


def _away(giver, taker, unit, *, days=3, signing=False):
    return actions.delegate_work(
        giver.pk,
        to_person_id=taker.pk,
        unit_id=unit.pk,
        valid_from=DAY,
        valid_to=DAY + timedelta(days=days),
        reason="nghỉ phép",
        includes_signing=signing,
        decision_number="12/UQ" if signing else "",
        actor=actor(giver),
        at=MONDAY,
    )


def _doing(duty, person, unit, on=DAY):
    """Who does on that day what is given to `person`."""
    [row] = [row for row in queries.staff_with_duty(duty, unit.pk, on=on) if row.id == person.pk]
    return row.doing.id


def test_a_stand_in_has_the_absent_persons_duties_for_those_days_but_does_not_sign(city):
    leader = make_officer(city.river, kind="people_committee", title="Chủ tịch", name="Lê Thị Hạnh")
    deputy = make_officer(city.river, kind="office", title="Chánh Văn phòng")
    _away(leader, deputy, city.river)
    who = actor(deputy)
    assert who.may("review dossiers", unit_id=city.river.pk)
    assert not who.may("sign results", unit_id=city.river.pk)
    assert who.post == "Chánh Văn phòng, Văn phòng HĐND và UBND phường Sông"
    assert _doing("review dossiers", leader, city.river) == deputy.pk
    assert _doing("sign results", leader, city.river) == leader.pk
    after = MONDAY + timedelta(days=3)
    assert set(actor(deputy, at=after).duties) == set(rules.HEAD_OF_OFFICE)
    assert _doing("review dossiers", leader, city.river, on=after.date()) == leader.pk


def test_a_stand_in_signs_when_the_delegation_says_so(city):
    leader = make_officer(city.river, kind="people_committee", title="Chủ tịch")
    deputy = make_officer(city.river, kind="people_committee", title="Phó Chủ tịch", duties=["review dossiers"])
    _away(leader, deputy, city.river, signing=True)
    assert actor(deputy).may("sign results", unit_id=city.river.pk)
    assert _doing("sign results", leader, city.river) == deputy.pk


def test_a_delegation_covers_only_posts_in_its_unit(city):
    clerk = make_officer(city.river, kind="office", title="Văn thư")
    actions.appoint(
        clerk.pk,
        body_id=city.body(city.hill, "office").pk,
        title="Văn thư",
        valid_from=DAY,
        actor=actor(make_administrator(city.city)),
        at=MONDAY,
    )
    lan = make_officer(city.river)
    _away(clerk, lan, city.river)
    assert actor(lan).units_for("issue results") == {city.river.pk}


def test_a_stand_in_whose_own_post_ended_stands_in_no_more(city):
    clerk = make_officer(city.river, kind="office", title="Văn thư")
    lan = make_officer(city.river, until=DAY + timedelta(days=1))
    _away(clerk, lan, city.river)
    assert actor(lan).units_for("issue results")
    assert not actor(lan, at=MONDAY + timedelta(days=1)).duties
    assert _doing("issue results", clerk, city.river, on=DAY + timedelta(days=1)) == clerk.pk


def test_what_was_delegated_is_not_passed_on(city):
    clerk = make_officer(city.river, kind="office", title="Văn thư")
    lan = make_officer(city.river)
    other = make_officer(city.river, kind="office", title="Chuyên viên")
    _away(clerk, lan, city.river, days=1)
    # Written behind the commands' back: even then only the giver's own posts count.
    Delegation.objects.create(
        from_person=lan, to_person=other, unit=city.river, valid_from=DAY, valid_to=DAY + timedelta(days=1), reason="thử"
    )
    assert "receive dossiers" in actor(other).duties
    assert "issue results" not in actor(other).duties


# --- staff lists -------------------------------------------------------------------------------------------------------


def test_staff_with_a_duty_are_the_units_own_in_vietnamese_order_with_their_stand_ins(city, django_assert_num_queries):
    an = make_officer(city.river, kind="office", title="Chuyên viên", name="Đỗ Thị An")
    anh = make_officer(city.river, kind="economy_office", title="Chuyên viên", name="Bùi Ánh")
    make_officer(city.hill, kind="office", title="Chuyên viên", name="Của Phường Khác")
    make_officer(city.city, title="Chuyên viên", duties=["process dossiers"], name="Của Thành Phố")
    make_officer(city.river, name="Không Xử Lý")
    locked = make_officer(city.river, kind="office", title="Chuyên viên", name="Đã Khóa")
    actions.deactivate_person(locked.pk, reason="nghỉ việc", actor=actor(make_administrator(city.city)), at=MONDAY)
    _away(an, anh, city.river)
    with django_assert_num_queries(1):
        rows = queries.staff_with_duty("process dossiers", city.river.pk, on=DAY)
    assert [(row.name, row.doing.id) for row in rows] == [("Bùi Ánh", anh.pk), ("Đỗ Thị An", anh.pk)]
    assert rows[1].post == "Chuyên viên, Văn phòng HĐND và UBND"
    assert queries.staff_with_duty("process dossiers", city.river.pk, on=date(2025, 6, 30)) == []


def test_one_person_with_two_posts_is_listed_once(city):
    person = make_officer(city.river, kind="office", title="Chuyên viên")
    actions.appoint(
        person.pk,
        body_id=city.body(city.river, "economy_office").pk,
        title="Chuyên viên",
        valid_from=DAY,
        actor=actor(make_administrator(city.city)),
        at=MONDAY,
    )
    assert len(queries.staff_with_duty("process dossiers", city.river.pk, on=DAY)) == 1


# --- guarded ways ------------------------------------------------------------------------------------------------------


def test_an_id_number_leads_to_an_account_only_for_those_who_receive_dossiers(city):
    lan, minh = make_officer(city.river), make_citizen("Trần Văn Minh")
    actions.confirm_identity(minh.pk, id_number="001431000077", unit_id=city.river.pk, actor=actor(lan), at=MONDAY)
    card = queries.person_by_id_number("001431000077", actor=actor(lan))
    assert (card.id, card.full_name) == (minh.pk, "Trần Văn Minh")
    assert queries.person_by_id_number("001431000078", actor=actor(lan)) is None
    assert queries.person_by_id_number("", actor=actor(lan)) is None
    for stranger in (ANYONE, actor(minh), actor(make_officer(city.river, kind="office", title="Văn thư"))):
        with pytest.raises(NotYourDuty):
            queries.person_by_id_number("001431000077", actor=stranger)
        with pytest.raises(NotYourDuty):
            queries.id_of_email(minh.email, actor=stranger)


def test_a_persons_row_is_open_to_oneself_and_to_who_manages_the_posts(city):
    lan, minh = make_officer(city.river), make_citizen()
    assert queries.person_for(lan.pk, actor=actor(lan)) == lan
    assert queries.person_for(minh.pk, actor=actor(minh)) == minh
    assert queries.person_for(lan.pk, actor=actor(make_administrator(city.river))) == lan
    assert queries.person_for(lan.pk, actor=actor(make_administrator(city.city))) == lan
    strangers = [(lan, make_administrator(city.hill)), (lan, minh), (minh, lan), (minh, make_administrator(city.city))]
    for person, stranger in strangers:
        with pytest.raises(NotFound):
            queries.person_for(person.pk, actor=actor(stranger))
    with pytest.raises(NotFound):
        queries.person_for(lan.pk, actor=ANYONE)


def test_the_list_holds_those_one_manages_found_without_marks_and_costs_four_queries(city, django_assert_num_queries):
    for name in ("Nguyễn Thị Lan", "Đỗ Lan Hương", "Ánh Lan"):
        make_officer(city.river, name=name)
    make_officer(city.hill, name="Lan Phường Khác")
    make_citizen("Lan Người Dân")
    admin = actor(make_administrator(city.river, name="Quản Trị"))
    with django_assert_num_queries(4):
        rows = queries.people_list(admin, on=DAY, words="lan", limit=10)
    assert [row.full_name for row in rows] == ["Ánh Lan", "Đỗ Lan Hương", "Nguyễn Thị Lan"]
    assert queries.people_count(admin, words="lan") == 3
    assert [row.full_name for row in queries.people_list(admin, on=DAY, words="huong do", limit=10)] == ["Đỗ Lan Hương"]
    assert [row.full_name for row in queries.people_list(admin, on=DAY, words=rows[0].email.upper(), limit=10)] == ["Ánh Lan"]
    assert queries.people_list(actor(make_officer(city.river)), on=DAY, limit=10) == []
    assert queries.people_count(actor(make_administrator(city.city)), words="lan") == 5  # the four above and the one just made


def test_the_list_says_whose_second_factor_is_missing(city):
    make_officer(city.river, kind="people_committee", title="Chủ tịch", name="A Chủ Tịch")
    make_officer(city.river, name="B Tiếp Nhận")
    rows = queries.people_list(actor(make_administrator(city.river, name="C Quản Trị")), on=DAY, limit=10)
    assert [row.factor for row in rows] == ["missing", "none", "missing"]


def test_many_people_cost_as_many_queries_as_few(city):
    admin = actor(make_administrator(city.river))

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            queries.people_list(admin, on=DAY, limit=50)
            queries.delegations(admin, on=DAY)
        return len(found)

    few = cost()
    people = [make_officer(city.river, kind="office", title="Chuyên viên") for _ in range(6)]
    for giver, taker in zip(people[:3], people[3:], strict=True):
        _away(giver, taker, city.river)
    assert cost() <= few + 1  # the names of units, once there is a delegation to name

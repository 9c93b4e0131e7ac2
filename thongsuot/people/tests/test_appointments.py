"""Posts: who gives them, what they bring, how they end."""

from datetime import date, timedelta

import pytest

from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.people import actions, rules
from thongsuot.people.actions.appointments import AlreadyAppointed, AppointmentOver, NotYoursToGive, PostsNotTogether
from thongsuot.people.tests.make import MONDAY, actor, make_administrator, make_citizen, make_officer
from thongsuot.people.tests.refusals import refused

DAY = MONDAY.date()


@pytest.mark.parametrize("place", ["river", "hill", "city"])
@pytest.mark.parametrize("admins", ["river", "hill", "city"])
def test_posts_are_given_by_who_manages_people_of_that_unit(city, place, admins):
    minh, unit = make_citizen(), getattr(city, place)
    admin = actor(make_administrator(getattr(city, admins)))
    facts = {
        "body_id": city.body(unit, "people_committee").pk,
        "title": "Phó Chủ tịch",
        "valid_from": DAY,
        "actor": admin,
        "at": MONDAY,
    }
    if admins in (place, "city"):
        appointment = actions.appoint(minh.pk, **facts)
        assert Event.objects.filter(name="people.appointed", unit_id=unit.pk, facts__appointment_id=appointment.pk).exists()
    else:
        refused(NotYourDuty, actions.appoint, minh.pk, **facts)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("title", {"title": " "}),
        ("title", {"title": "x" * 201}),
        ("duties", {"duties": ["rule the world"]}),
        ("valid_to", {"valid_to": DAY}),
        ("valid_from", {"valid_from": date(2020, 1, 1)}),
    ],
)
def test_a_post_that_does_not_fit_names_the_field(city, field, facts):
    minh, admin = make_citizen(), actor(make_administrator(city.river))
    good = {"body_id": city.body(city.river, "office").pk, "title": "Văn thư", "valid_from": DAY, "actor": admin, "at": MONDAY}
    refusal = refused(BadInput, actions.appoint, minh.pk, **{**good, **facts})
    assert list(refusal.problems) == [field]


def test_what_is_not_there_is_not_found(city):
    admin, minh = actor(make_administrator(city.city)), make_citizen()
    post = {"title": "Văn thư", "valid_from": DAY, "actor": admin, "at": MONDAY}
    refused(NotFound, actions.appoint, minh.pk, body_id=0, **post)
    refused(NotFound, actions.appoint, 0, body_id=city.body(city.river, "office").pk, **post)
    refused(NotFound, actions.end_appointment, 0, on=DAY, actor=admin, at=MONDAY)
    refused(NotFound, actions.end_delegation, 0, actor=admin, at=MONDAY)


def test_duties_of_administrators_are_given_only_by_who_holds_them_there(city):
    minh, ward = make_citizen(), actor(make_administrator(city.river))
    office = city.body(city.river, "office")
    facts = {"body_id": office.pk, "title": "Chuyên viên", "valid_from": DAY, "actor": ward, "at": MONDAY}
    for duty in sorted(rules.OF_ADMINISTRATORS - {"manage people"}):
        refusal = refused(NotYoursToGive, actions.appoint, minh.pk, duties=[duty], **facts)
        assert refusal.details() == {"duty": duty}
    post = actions.appoint(minh.pk, duties=["manage people"], **facts)
    of_city = actor(make_administrator(city.city))
    actions.change_duties(post.pk, duties=["manage people", "manage calendar"], actor=of_city, at=MONDAY)
    refused(NotYoursToGive, actions.change_duties, post.pk, duties=["manage people"], actor=ward, at=MONDAY)  # nor taken away


def test_a_post_is_held_once_at_a_time(city):
    lan, admin = make_officer(city.river, until=DAY), actor(make_administrator(city.river))
    centre = city.body(city.river, "service_centre")
    facts = {"body_id": centre.pk, "title": "Công chức tiếp nhận", "actor": admin, "at": MONDAY}
    refused(AlreadyAppointed, actions.appoint, lan.pk, valid_from=DAY - timedelta(days=1), **facts)
    refused(AlreadyAppointed, actions.appoint, lan.pk, valid_from=date(2025, 7, 1), valid_to=date(2025, 7, 2), **facts)
    actions.appoint(lan.pk, valid_from=DAY, **facts)  # right after the first is no overlap


def test_a_vice_chair_cannot_direct_the_centre_after_the_resolution(city):
    hanh, admin = make_officer(city.river, kind="people_committee", title="Phó Chủ tịch"), actor(make_administrator(city.city))
    facts = {"title": "Giám đốc", "actor": admin, "at": MONDAY}
    refusal = refused(
        PostsNotTogether, actions.appoint, hanh.pk, body_id=city.body(city.river, "service_centre").pk, valid_from=DAY, **facts
    )
    assert "332/NQ-CP" in refusal.message()
    # Lawful while it lasted, and in another unit.
    actions.appoint(
        hanh.pk,
        body_id=city.body(city.river, "service_centre").pk,
        valid_from=date(2025, 7, 1),
        valid_to=date(2025, 10, 15),
        **facts,
    )
    actions.appoint(hanh.pk, body_id=city.body(city.hill, "service_centre").pk, valid_from=DAY, **facts)


def test_a_post_ended_today_ends_every_session_one_ended_later_does_not_yet(city):
    lan, admin = make_officer(city.river), actor(make_administrator(city.river))
    post = lan.appointments.get()
    actions.end_appointment(post.pk, on=DAY + timedelta(days=5), actor=admin, at=MONDAY)
    lan.refresh_from_db()
    assert (lan.session_generation, actor(lan).is_staff) == (0, True)
    actions.end_appointment(post.pk, on=DAY, decision_number="15/QĐ", actor=admin, at=MONDAY)
    lan.refresh_from_db()
    assert (lan.session_generation, actor(lan).is_staff) == (1, False)
    assert actor(lan, at=MONDAY - timedelta(days=1)).is_staff
    refusal = refused(AppointmentOver, actions.end_appointment, post.pk, on=DAY, actor=admin, at=MONDAY)
    assert "17/11/2025" in refusal.message()
    refused(AppointmentOver, actions.change_duties, post.pk, duties=[], actor=admin, at=MONDAY)


def test_a_post_can_be_taken_back_but_not_ended_before_it_began_nor_prolonged(city):
    lan, admin = make_officer(city.river, since=DAY, until=DAY + timedelta(days=9)), actor(make_administrator(city.river))
    post = lan.appointments.get()
    refused(BadInput, actions.end_appointment, post.pk, on=DAY - timedelta(days=1), actor=admin, at=MONDAY)
    refused(BadInput, actions.end_appointment, post.pk, on=DAY + timedelta(days=10), actor=admin, at=MONDAY)
    actions.end_appointment(post.pk, on=DAY, actor=admin, at=MONDAY)
    assert not actor(lan).is_staff


def test_duties_change_at_once_and_the_history_keeps_both(city):
    lan, admin = make_officer(city.river), actor(make_administrator(city.river))
    post = lan.appointments.get()
    refused(NotYourDuty, actions.change_duties, post.pk, duties=[], actor=actor(make_administrator(city.hill)), at=MONDAY)
    refused(BadInput, actions.change_duties, post.pk, duties=["fly"], actor=admin, at=MONDAY)
    actions.change_duties(post.pk, duties=["hand back results", "see figures"], actor=admin, at=MONDAY)
    assert set(actor(lan).duties) == {"hand back results", "see figures"}
    facts = history_of(lan)[-1].facts
    assert facts["before"] == ["receive dossiers", "hand back results"]
    assert facts["after"] == ["hand back results", "see figures"]

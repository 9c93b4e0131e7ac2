"""A conference from its plan to its end: who is asked, who may do what, what is refused and then changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.meetings import actions
from thongsuot.meetings.actions import errors
from thongsuot.meetings.models import Conference, Site, SiteTest
from thongsuot.meetings.queries import planning
from thongsuot.meetings.tests.make import MONDAY, STARTS, planned, running, site_of

pytestmark = pytest.mark.django_db


def test_every_commune_of_the_day_is_a_site_and_no_ended_one(office):
    made = planned(office)

    assert set(made.sites.values_list("unit_id", flat=True)) == {office.city.river.pk, office.city.hill.pk}
    assert made.hub_phone == "02438253536"
    assert [event.name for event in history_of(made)] == ["meetings.planned"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "  "),
        ("title", "x" * 201),
        ("hub_phone", "gọi tôi"),
        ("link", "http://hop.vidu.vn"),
        ("link", "javascript:alert(1)"),
        ("link", "https://"),
        ("link", "https://[x"),
        ("starts_at", MONDAY),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(office, field, value):
    with pytest.raises(BadInput) as refusal:
        planned(office, **{field: value})

    assert list(refusal.value.problems) == [field]
    assert not Conference.objects.exists()
    assert not Event.objects.filter(name__startswith="meetings.").exists()


@pytest.mark.parametrize("who", ["mai", "khach"])
def test_only_the_hub_holds_conferences(office, who):
    made, actor = planned(office), office.actor(who)
    site = site_of(made, office.city.river.pk)
    before = Event.objects.count()

    for order in (
        lambda: actions.plan_conference(
            office.city.city.pk, title="x", starts_at=STARTS, hub_phone="0240", actor=actor, at=MONDAY
        ),
        lambda: actions.change_conference(
            made.pk, title="x", starts_at=STARTS, hub_phone="0240", link="", actor=actor, at=MONDAY
        ),
        lambda: actions.start_conference(made.pk, actor=actor, at=STARTS),
        lambda: actions.cancel_conference(made.pk, actor=actor, at=STARTS),
        lambda: actions.leave_out_site(site.pk, actor=actor, at=MONDAY),
        lambda: actions.add_site(made.pk, unit_id=office.city.hill.pk, actor=actor, at=MONDAY),
    ):
        with pytest.raises(NotYourDuty):
            order()

    assert Event.objects.count() == before


def test_a_site_is_left_out_and_added_until_it_starts(office):
    made, hub = planned(office), office.actor("an")
    hill = site_of(made, office.city.hill.pk)

    actions.leave_out_site(hill.pk, actor=hub, at=MONDAY)
    assert [row.id for row in planning.addable(made)] == [office.city.hill.pk]
    with pytest.raises(errors.SiteLeftOut):
        actions.leave_out_site(hill.pk, actor=hub, at=MONDAY)
    assert actions.add_site(made.pk, unit_id=office.city.hill.pk, actor=hub, at=MONDAY).pk == hill.pk
    with pytest.raises(errors.AlreadyASite):
        actions.add_site(made.pk, unit_id=office.city.hill.pk, actor=hub, at=MONDAY)

    actions.start_conference(made.pk, actor=hub, at=STARTS)
    with pytest.raises(errors.ConferenceNotThere):
        actions.leave_out_site(hill.pk, actor=hub, at=STARTS)
    assert made.sites.filter(left_out=False).count() == 2


def test_a_unit_that_has_ended_or_is_of_elsewhere_is_no_site(office):
    made = planned(office)
    for unit_id in (office.city.city.pk, 0):
        with pytest.raises(BadInput):
            actions.add_site(made.pk, unit_id=unit_id, actor=office.actor("an"), at=MONDAY)


def test_nothing_starts_without_sites_or_twice(office):
    made, hub = planned(office), office.actor("an")
    Site.objects.filter(conference=made).update(left_out=True)
    with pytest.raises(errors.NoSites):
        actions.start_conference(made.pk, actor=hub, at=STARTS)
    Site.objects.filter(conference=made).update(left_out=False)

    started = actions.start_conference(made.pk, actor=hub, at=STARTS)

    assert (started.started_at, started.started_by_name) == (STARTS, "Trần Thị An")
    with pytest.raises(errors.ConferenceNotThere) as refusal:
        actions.start_conference(made.pk, actor=hub, at=STARTS)
    assert "đang họp" in refusal.value.message()


def test_what_is_over_takes_nothing_more(office):
    made, hub, mai = running(office), office.actor("an"), office.actor("mai")
    site, end = site_of(made, office.city.river.pk), STARTS + timedelta(hours=1)
    actions.end_conference(made.pk, actor=hub, at=end)
    before = Event.objects.count()

    for order in (
        lambda: actions.open_roll_call(made.pk, actor=hub, at=end),
        lambda: actions.join_site(site.pk, backup_phone="0240", actor=mai, at=end),
        lambda: actions.note_test(site.pk, picture_ok=True, sound_ok=True, line_ok=True, actor=mai, at=end),
        lambda: actions.ask_to_speak(site.pk, topic="x", actor=mai, at=end),
        lambda: actions.change_conference(made.pk, title="x", starts_at=STARTS, hub_phone="0240", link="", actor=hub, at=end),
        lambda: actions.cancel_conference(made.pk, actor=hub, at=end),
        lambda: actions.end_conference(made.pk, actor=hub, at=end),
    ):
        with pytest.raises(errors.ConferenceNotThere) as refusal:
            order()
        assert "đã kết thúc" in refusal.value.message()
    assert Event.objects.count() == before


def test_while_it_runs_words_change_and_the_start_does_not(office):
    made = running(office)

    changed = actions.change_conference(
        made.pk,
        title="Tên mới",
        starts_at=STARTS + timedelta(days=1),
        hub_phone="1022",
        link="",
        actor=office.actor("an"),
        at=STARTS,
    )

    assert (changed.title, changed.hub_phone, changed.link, changed.starts_at) == ("Tên mới", "1022", "", STARTS)


def test_a_site_is_joined_and_tested_by_its_own_unit_alone(office):
    made = planned(office)
    river = site_of(made, office.city.river.pk)

    joined = actions.join_site(river.pk, backup_phone="0912.000.111", actor=office.actor("mai"), at=MONDAY)
    assert (joined.operator_name, joined.backup_phone) == ("Trần Thị Mai", "0912000111")
    for actor in (office.actor("dao"), office.actor("khach"), office.actor("an")):
        with pytest.raises(NotYourDuty):
            actions.join_site(river.pk, backup_phone="0999", actor=actor, at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.note_test(river.pk, picture_ok=True, sound_ok=True, line_ok=True, actor=office.actor("dao"), at=MONDAY)
    with pytest.raises(NotFound):
        actions.join_site(0, backup_phone="0999", actor=office.actor("mai"), at=MONDAY)

    bad = actions.note_test(river.pk, picture_ok=True, sound_ok=False, line_ok=True, actor=office.actor("an"), at=MONDAY)
    good = actions.note_test(river.pk, picture_ok=True, sound_ok=True, line_ok=True, actor=office.actor("mai"), at=MONDAY)
    assert (bad.passed, good.passed) == (False, True)
    assert SiteTest.objects.filter(site=river).count() == 2
    river.refresh_from_db()
    assert river.backup_phone == "0912000111"


def test_events_say_no_names_and_no_numbers(office):
    made = running(office)
    site = site_of(made, office.city.river.pk)
    actions.join_site(site.pk, backup_phone="0912000111", actor=office.actor("mai"), at=STARTS)
    asked = actions.ask_to_speak(site.pk, topic="Chuyện riêng", actor=office.actor("mai"), at=STARTS)
    call = actions.open_roll_call(made.pk, actor=office.actor("an"), at=STARTS)
    actions.answer_roll_call(call.pk, site_id=site.pk, people=9, leader="Bà Hạnh", actor=office.actor("mai"), at=STARTS)

    facts = str(list(Event.objects.filter(name__startswith="meetings.").values_list("facts", flat=True)))

    assert asked.topic == "Chuyện riêng"
    for secret in ("0912000111", "Chuyện", "Hạnh"):
        assert secret not in facts

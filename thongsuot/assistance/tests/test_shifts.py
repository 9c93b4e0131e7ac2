"""Rosters, what volunteers enter, campaigns; and that what a lawyer notes stays with the lawyer."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from thongsuot.assistance import actions
from thongsuot.assistance.actions import errors
from thongsuot.assistance.models import Consultation, HelpShift
from thongsuot.assistance.queries import campaigns as campaign_queries
from thongsuot.assistance.queries import shifts as queries
from thongsuot.assistance.rules import ARRANGE, LEAD_AID, day_number, overlaps
from thongsuot.assistance.tests.make import MINUTE, a_helper
from thongsuot.dossiers.tests.citizen import words
from thongsuot.dossiers.tests.make import HOUSE, MONDAY
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.people import rules as people_rules
from thongsuot.people.models import LookUp
from thongsuot.people.tests.make import browser_of, logged_in, make_citizen, make_officer
from thongsuot.units import queries as units
from thongsuot.units.models import Unit

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DAY = timedelta(days=1)
MORNING = {"day": TODAY, "starts": time(8), "ends": time(11)}
TARGETS = {"people": 100, "accounts": 50, "dossiers": 0}


@pytest.fixture
def point(aid) -> int:
    return aid.town.city.point(aid.town.city.river).pk


@pytest.fixture
def lawyer(aid):
    return a_helper(aid.town.city.city.pk, "lawyer", full_name="Lò Thị Luật")


@pytest.fixture
def volunteer(aid):
    return a_helper(aid.town.river, "volunteer", full_name="Vàng A Trẻ")


@pytest.fixture
def leads(aid):
    return make_officer(aid.town.city.city, kind="service_centre", title="Phụ trách", duties=[LEAD_AID], email="pt@vidu.vn")


@pytest.fixture
def manages(aid):
    return make_officer(aid.town.city.river, title="Giám đốc", duties=[ARRANGE], email="gd@vidu.vn")


def put(helper, point, actor=HOUSE, **said):
    return actions.put_shift(helper.number, point_id=point, **(MORNING | said), actor=actor, at=MONDAY)


def test_lawyers_are_put_at_points_by_who_leads_legal_aid_volunteers_by_who_manages_there(
    aid, point, lawyer, volunteer, leads, manages
):
    with pytest.raises(NotYourDuty):
        put(lawyer, point, aid.acts(manages))
    with pytest.raises(NotYourDuty):
        put(volunteer, point, aid.acts(leads))
    with pytest.raises(NotYourDuty):
        put(volunteer, aid.town.city.point(aid.town.city.hill).pk, aid.acts(manages))
    assert put(lawyer, point, aid.acts(leads))
    assert put(volunteer, point, aid.acts(manages))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"day": TODAY - DAY}, "day"),
        ({"day": TODAY + 400 * DAY}, "day"),
        ({"starts": time(11), "ends": time(8)}, "ends"),
        ({"starts": time(8), "ends": time(8)}, "ends"),
        ({"starts": time(5)}, "ends"),
        ({"ends": time(23)}, "ends"),
    ],
)
def test_a_shift_that_cannot_be_is_refused(point, volunteer, said, field):
    with pytest.raises(BadInput) as refusal:
        put(volunteer, point, **said)
    assert field in refusal.value.problems
    assert not HelpShift.objects.exists()


def test_nobody_is_in_two_places_and_agents_have_no_shifts(aid, point, volunteer):
    put(volunteer, point)
    with pytest.raises(errors.ShiftTaken):
        put(volunteer, aid.town.city.point(aid.town.city.hill).pk, starts=time(10), ends=time(12))
    assert put(volunteer, point, starts=time(11), ends=time(12)), "one ends as the other begins"
    with pytest.raises(BadInput):
        put(aid.helper, point)


def test_a_shift_is_taken_off_before_it_is_over_and_counted(aid, point, volunteer):
    shift = put(volunteer, point)
    actions.take_off_shift(shift.pk, actor=HOUSE, at=MONDAY)
    with pytest.raises(errors.ShiftNotThere):
        actions.take_off_shift(shift.pk, actor=HOUSE, at=MONDAY)
    late = put(volunteer, point)
    with pytest.raises(errors.ShiftNotThere):
        actions.take_off_shift(late.pk, actor=HOUSE, at=MONDAY + DAY)


def test_a_week_is_copied_once_and_again_only_what_is_missing(aid, point, volunteer, lawyer, manages):
    for n in range(3):
        put(volunteer, point, day=TODAY + n * DAY)
    put(lawyer, point)
    week = {"first": TODAY, "house_ids": [point], "actor": aid.acts(manages), "at": MONDAY}

    assert actions.copy_week("volunteer", **week) == 3
    with pytest.raises(errors.NothingToCopy):
        actions.copy_week("volunteer", **week)
    with pytest.raises(NotYourDuty):
        actions.copy_week("lawyer", **week)
    assert HelpShift.objects.filter(helper=volunteer).count() == 6
    assert HelpShift.objects.filter(helper=lawyer).count() == 1


def test_a_helper_counts_their_own_shift_on_its_day_and_once_in_the_week_after(aid, point, volunteer):
    shift = put(volunteer, point)
    own, said = aid.acts(volunteer.person), {"came": True, "people": 12, "accounts": 3}
    with pytest.raises(NotFound):
        actions.count_shift(shift.pk, **said, actor=aid.helping, at=MONDAY)
    actions.count_shift(shift.pk, **said, actor=own, at=MONDAY)
    actions.count_shift(shift.pk, **(said | {"people": 13}), actor=own, at=MONDAY + MINUTE)
    with pytest.raises(errors.ShiftNotThere):
        actions.count_shift(shift.pk, **said, actor=own, at=MONDAY + DAY)
    later = put(volunteer, point, day=TODAY + DAY)
    with pytest.raises(errors.ShiftNotThere):
        actions.count_shift(later.pk, **said, actor=own, at=MONDAY)
    with pytest.raises(errors.WeekOver):
        actions.count_shift(later.pk, **said, actor=own, at=MONDAY + 9 * DAY)
    shift.refresh_from_db()
    assert (shift.people, shift.counted_by_name) == (13, "Vàng A Trẻ")


@pytest.mark.parametrize("said", [{"people": -1}, {"people": 2001}, {"accounts": -1}, {"came": False}])
def test_counts_that_cannot_be_are_refused(aid, point, volunteer, said):
    shift = put(volunteer, point)
    with pytest.raises(BadInput):
        actions.count_shift(
            shift.pk, **({"came": True, "people": 1, "accounts": 1} | said), actor=aid.acts(volunteer.person), at=MONDAY
        )
    shift.refresh_from_db()
    assert shift.people is None


def test_a_head_corrects_with_a_reason_and_what_was_said_before_stays_in_the_history(aid, point, volunteer, manages):
    shift, said = put(volunteer, point), {"came": True, "people": 5, "accounts": 0}
    actions.count_shift(shift.pk, came=True, people=50, accounts=0, actor=aid.acts(volunteer.person), at=MONDAY)
    with pytest.raises(BadInput):
        actions.correct_shift(shift.pk, **said, reason=" ", actor=aid.acts(manages), at=MONDAY)
    with pytest.raises(NotFound):
        actions.correct_shift(shift.pk, **said, reason="gõ nhầm", actor=aid.town.actor("lan"), at=MONDAY)
    actions.correct_shift(shift.pk, **said, reason="gõ nhầm", actor=aid.acts(manages), at=MONDAY)

    facts = history_of(shift)[-1].facts
    assert (facts["people"], facts["people_before"]) == (5, 50)
    assert "gõ nhầm" not in str(facts)


# -- legal aid ---------------------------------------------------------------------------------------------------------

WORDS = "ông Giàng xin ly hôn, bị đánh"
SECRETS = (WORDS, "ly hôn", "Trung tâm Bí mật")


@pytest.fixture
def advised(aid, point, lawyer):
    shift = put(lawyer, point)
    return actions.note_consultation(
        shift.pk,
        topic="family",
        outcome="referred",
        referred_to="Trung tâm Bí mật",
        words=WORDS,
        actor=aid.acts(lawyer.person),
        at=MONDAY,
    )


def everything_stored() -> str:
    """All texts of all tables, and bytes as they lie there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - names of our own tables
            found += [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT encode(note, 'escape') FROM assistance_consultation")
        return "\n".join([*found, *(row[0] for row in cursor.fetchall())])


def test_what_a_lawyer_notes_lies_sealed_and_in_no_table_event_or_log(advised, caplog):
    stored = everything_stored()

    for secret in SECRETS:
        assert secret not in stored
        assert secret not in caplog.text
    assert '"family"' not in stored
    (told,) = history_of(advised)
    assert (told.name, told.facts) == ("assistance.consulted", {})


def test_no_page_export_or_search_shows_a_note_to_anybody_but_its_lawyer(aid, advised, lawyer, volunteer, manages, leads):
    """Every post with every duty but leading legal aid, other lawyers, helpers, citizens: at all pages of helping and more."""
    every = sorted(set(people_rules.DUTIES) - {LEAD_AID})
    town, city = aid.town, aid.town.city.city
    admin = make_officer(city, title="Quản trị hệ thống", duties=every, email="qt@vidu.vn")
    desk = make_officer(town.city.river, duties=every, email="quay@vidu.vn")
    other = a_helper(city.pk, "lawyer", full_name="Lò Thị Khác", bar_number="00002/LS")
    comers = [admin, desk, manages, other.person, volunteer.person, aid.helper.person, make_citizen(), *town.people.values()]
    shift, campaign = advised.shift, a_campaign(aid)
    addresses = [
        reverse(f"assistance:{name}", args=args)
        for name, args in {
            "shift": [shift.pk],
            "legal_aid": [],
            "note": [advised.pk],
            "roster": [],
            "correct": [shift.pk],
            "campaign": [campaign.pk],
            "campaign_public": [campaign.pk],
            "helpers": [],
            "helper": [lawyer.pk],
            "city_log": [],
            "city_log_sheet": [],
            "desk": [],
            "log": [],
            "log_sheet": [],
            "near": [],
        }.items()
    ]
    addresses += [reverse("assistance:roster") + "?loai=luat-su", reverse("people:people") + "?q=ly+hon"]
    addresses += [reverse("dossiers:search") + "?q=ly+hôn", reverse("notices:outbox")]
    for browser in [Client(), *map(browser_of, comers)]:
        for address in addresses:
            for answer in (browser.get(address), browser.post(address, {"reason": "xem"})):
                content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                # The search repeats what was asked for: look for what it could not know.
                assert not any(secret.encode() in content for secret in (WORDS, SECRETS[2])), address
        assert browser.get(reverse("assistance:note", args=[advised.pk])).status_code in {302, 403, 404}
        assert browser.get(reverse("assistance:shift", args=[shift.pk])).status_code in {302, 403, 404}
    assert not LookUp.objects.filter(subject="assistance.consultation").exists()


def test_the_lawyer_reads_it_and_who_leads_legal_aid_after_a_reason_that_is_kept(aid, advised, lawyer, leads):
    assert WORDS in words(logged_in(lawyer.person).get(reverse("assistance:shift", args=[advised.shift_id])))
    browser, address = browser_of(leads), reverse("assistance:note", args=[advised.pk])

    assert WORDS not in words(browser.get(address))
    assert browser.post(address, {"reason": ""}).status_code == 422
    assert WORDS in words(browser.post(address, {"reason": "Khiếu nại về lượt tư vấn"}))
    assert "Lò Thị Luật" in words(browser.get(reverse("assistance:legal_aid")))
    looked = LookUp.objects.get(subject="assistance.consultation")
    assert (looked.by_id, looked.fields, looked.about_id) == (leads.pk, ["legal_note"], lawyer.person_id)
    assert "luật sư đã ghi lượt tư vấn đọc được" in words(browser.get(address))


def test_a_shift_in_which_somebody_was_advised_is_not_taken_off(aid, advised, lawyer, leads):
    with pytest.raises(errors.ShiftAdvised):
        actions.take_off_shift(advised.shift_id, actor=aid.acts(leads), at=MONDAY)
    roster = browser_of(leads).get(reverse("assistance:roster"), {"loai": "luat-su"})
    assert "Lò Thị Luật" in words(roster)
    assert b'value="bo"' not in roster.content
    HelpShift.objects.filter(pk=advised.shift_id).update(cancelled_at=MONDAY)  # as it was possible before
    own, address = logged_in(lawyer.person), reverse("assistance:shift", args=[advised.shift_id])
    assert WORDS in words(own.get(address))
    assert own.post(address, {"topic": "land", "outcome": "advised"}).status_code == 422
    assert Consultation.objects.count() == 1


def test_a_lawyer_notes_for_seven_days_and_then_reads_why_not(aid, advised, lawyer, clock):
    address, said = reverse("assistance:shift", args=[advised.shift_id]), {"topic": "land", "outcome": "advised"}
    clock.now = MONDAY + 7 * DAY
    own = logged_in(lawyer.person)
    assert b'name="topic"' in own.get(address).content
    assert own.post(address, said).status_code == 302
    clock.now += DAY
    own = logged_in(lawyer.person)
    assert b'name="topic"' not in own.get(address).content
    assert WORDS in words(own.get(address))
    refused = own.post(address, said)
    assert refused.status_code == 422
    assert "bảy ngày sau ngày đó" in words(refused)


def test_nobody_else_opens_a_note_by_the_command(aid, advised, manages, lawyer):
    for actor in (aid.acts(manages), aid.acts(lawyer.person), aid.town.actor("lan"), aid.helping):
        with pytest.raises(NotYourDuty):
            actions.open_note(advised.pk, reason="xem", actor=actor, at=MONDAY)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"topic": "x"}, "topic"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "referred", "referred_to": ""}, "referred_to"),
        ({"words": "a" * 5001}, "words"),
        ({"referred_to": "a" * 201}, "referred_to"),
    ],
)
def test_a_note_that_cannot_be_kept_is_refused(aid, point, lawyer, said, field):
    shift = put(lawyer, point)
    with pytest.raises(BadInput) as refusal:
        actions.note_consultation(
            shift.pk, **({"topic": "land", "outcome": "advised"} | said), actor=aid.acts(lawyer.person), at=MONDAY
        )
    assert field in refusal.value.problems
    assert not Consultation.objects.exists()


def test_a_lawyer_notes_in_their_own_shift_alone_from_its_day_on(aid, point, lawyer, volunteer):
    shift, said = put(lawyer, point, day=TODAY + DAY), {"topic": "land", "outcome": "advised"}
    with pytest.raises(errors.ShiftNotThere):
        actions.note_consultation(shift.pk, **said, actor=aid.acts(lawyer.person), at=MONDAY)
    for actor in (aid.acts(volunteer.person), HOUSE):
        with pytest.raises(NotFound):
            actions.note_consultation(shift.pk, **said, actor=actor, at=MONDAY + DAY)
    assert actions.note_consultation(shift.pk, **said, actor=aid.acts(lawyer.person), at=MONDAY + DAY)


# -- campaigns ---------------------------------------------------------------------------------------------------------


def a_campaign(aid, **said):
    kept = {"name": "30 ngày cao điểm", "starts_on": TODAY, "days": 30, "targets": TARGETS} | said
    return actions.start_campaign(aid.town.city.city.pk, **kept, actor=HOUSE, at=MONDAY)


def test_a_campaign_counts_shifts_and_by_itself_what_was_filed_with_help(
    aid, point, volunteer, advised, django_assert_max_num_queries
):
    one = a_campaign(aid)
    team = actions.form_team(one.pk, point_id=point, name="Đội Bến", actor=HOUSE, at=MONDAY)
    shift = put(volunteer, point, team_id=team.pk, starts=time(13), ends=time(17))
    absent = put(volunteer, point, team_id=team.pk, day=TODAY + DAY)
    own = aid.acts(volunteer.person)
    actions.count_shift(shift.pk, came=True, people=12, accounts=3, actor=own, at=MONDAY)
    actions.count_shift(absent.pk, came=False, people=0, accounts=0, actor=own, at=MONDAY + DAY)
    aid.filed(aid.opened())

    with django_assert_max_num_queries(8):
        seen = campaign_queries.board(one, on=TODAY + 4 * DAY)

    assert (seen.number, seen.people.done, seen.people.percent) == (5, 13, 13)
    assert (seen.accounts.done, seen.dossiers.done, seen.dossiers.percent, seen.consulted) == (3, 1, None, 1)
    first = seen.chart.columns[0].point
    assert (first.all, first.part, len(seen.chart.columns)) == (13, 1, 30)
    (line,) = seen.units
    assert (line.people, line.accounts, line.filed, line.consulted, line.came, line.shifts) == (13, 3, 1, 1, 1, 2)


def test_what_was_filed_in_a_unit_that_ended_meanwhile_stays_on_the_board(aid):
    one = a_campaign(aid)
    aid.filed(aid.opened())
    Unit.objects.filter(pk=aid.town.river).update(valid_to=TODAY + 5 * DAY)
    units.clear_caches()

    for day in (TODAY, TODAY + 10 * DAY, TODAY + 90 * DAY):
        assert campaign_queries.board(one, on=day).dossiers.done == 1
    before = a_campaign(aid, name="Đợt trước", starts_on=TODAY + 5 * DAY)
    assert campaign_queries.board(before, on=TODAY + 10 * DAY).dossiers.done == 0


def test_a_campaign_that_was_shortened_sums_its_own_days_and_then_says_that_it_is_over(aid, point, volunteer):
    one = a_campaign(aid)
    team = actions.form_team(one.pk, point_id=point, name="Đội Bến", actor=HOUSE, at=MONDAY)
    for day in (TODAY, TODAY + 2 * DAY):
        shift = put(volunteer, point, team_id=team.pk, day=day)
        at = MONDAY + (day - TODAY)
        actions.count_shift(shift.pk, came=True, people=5, accounts=1, actor=aid.acts(volunteer.person), at=at)
    one = actions.change_campaign(one.pk, name=one.name, days=2, targets=TARGETS, actor=HOUSE, at=MONDAY)
    seen = campaign_queries.board(one, on=TODAY + DAY)

    assert (seen.people.done, seen.is_over) == (sum(column.point.all for column in seen.chart.columns), False)
    assert (seen.people.done, seen.accounts.done, seen.units[0].shifts) == (5, 1, 1)
    assert campaign_queries.board(one, on=TODAY + 2 * DAY).is_over


def test_the_public_page_of_a_campaign_that_is_over_says_so(aid, clock):
    address = reverse("assistance:campaign_public", args=[a_campaign(aid).pk])
    clock.now = MONDAY + 29 * DAY
    assert "Ngày 30 trên 30" in words(Client().get(address))
    clock.now += DAY
    shown = words(Client().get(address))
    assert "Đã kết thúc ngày 04/11/2025" in shown
    assert "Ngày 30 trên 30" not in shown


def test_a_campaign_does_not_take_the_name_of_another(aid):
    a_campaign(aid)
    other = a_campaign(aid, name="Đợt khác")
    with pytest.raises(errors.CampaignNamed):
        actions.change_campaign(other.pk, name="30 ngày cao điểm", days=30, targets=TARGETS, actor=HOUSE, at=MONDAY)


def test_the_public_page_names_nobody(aid, point, volunteer):
    one = a_campaign(aid)
    team = actions.form_team(one.pk, point_id=point, name="Đội Bến", actor=HOUSE, at=MONDAY)
    put(volunteer, point, team_id=team.pk)
    shown = words(Client().get(reverse("assistance:campaign_public", args=[one.pk])))

    assert "Ngày 1 trên 30" in shown
    assert volunteer.full_name not in shown
    assert volunteer.number not in shown


def test_a_team_stands_at_its_point_in_the_days_of_its_campaign(aid, point, volunteer):
    one = a_campaign(aid, days=2)
    team = actions.form_team(one.pk, point_id=point, name="Đội Bến", actor=HOUSE, at=MONDAY)
    hill = aid.town.city.point(aid.town.city.hill).pk
    for said in ({"day": TODAY + 2 * DAY}, {"point": hill}):
        with pytest.raises(BadInput):
            put(volunteer, said.pop("point", point), team_id=team.pk, **said)
    with pytest.raises(errors.CampaignNamed):
        actions.form_team(one.pk, point_id=point, name="Đội Bến", actor=HOUSE, at=MONDAY)
    with pytest.raises(errors.CampaignNamed):
        a_campaign(aid)


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""},
        {"days": 0},
        {"days": 367},
        {"targets": {}},
        {"targets": TARGETS | {"people": -1}},
        {"starts_on": date(9999, 12, 31)},
    ],
)
def test_a_campaign_that_cannot_be_is_refused(aid, said):
    with pytest.raises(BadInput):
        a_campaign(aid, **said)


def test_days_and_hours():
    assert [day_number(TODAY, 30, TODAY + n * DAY) for n in (-1, 0, 29, 99)] == [0, 1, 30, 30]
    assert overlaps((time(8), time(10)), (time(9), time(11)))
    assert not overlaps((time(8), time(10)), (time(10), time(11)))
    assert queries.monday_of(date(2025, 10, 12)) == TODAY


# -- pages -------------------------------------------------------------------------------------------------------------


def test_a_week_is_arranged_on_the_page(aid, point, volunteer, manages):
    browser, address = browser_of(manages), reverse("assistance:roster")
    said = {"viec": "them", "helper": volunteer.number, "point": point, "day": "06/10/2025", "starts": "8:00", "ends": "11:00"}
    assert "chưa xếp ca nào" in words(browser.get(address))
    assert browser.post(address, said).status_code == 302
    assert browser.post(address, said).status_code == 422, "the same again"
    for wrong in ({"starts": "x"}, {"helper": "TG-0000"}, {"point": "999999"}, {"day": "hôm nay"}, {"day": ""}):
        assert browser.post(address, said | wrong).status_code == 422, wrong
    assert "Vàng A Trẻ" in words(browser.get(address))
    assert browser.post(address, {"viec": "chep"}).status_code == 302
    assert "Vàng A Trẻ" in words(browser.get(address, {"tuan": "2025-10-13"}))
    assert browser.get(address, {"tuan": "9999-99-99", "diem": "x", "loai": "luat-su"}).status_code == 200
    shift = HelpShift.objects.earliest("day")
    assert browser.post(address, {"viec": "bo", "ca": shift.pk}).status_code == 302
    assert browser.post(address, {"viec": "x"}).status_code == 422


def test_a_volunteer_counts_on_the_telephone_and_the_head_puts_it_right(aid, point, volunteer, manages):
    shift = put(volunteer, point)
    own, address = logged_in(volunteer.person), reverse("assistance:shift", args=[shift.pk])
    assert "Ca trực của tôi" in words(own.get(reverse("assistance:desk")))
    assert own.post(address, {"came": "1", "people": "mười", "accounts": "0"}).status_code == 422
    assert own.post(address, {"came": "1", "people": "12", "accounts": "3"}).status_code == 302
    assert "12 người, 3 tài khoản" in words(own.get(address))
    head, page = browser_of(manages), reverse("assistance:correct", args=[shift.pk])
    assert head.post(page, {"came": "1", "people": "10", "accounts": "3", "reason": ""}).status_code == 422
    assert head.post(page, {"came": "1", "people": "10", "accounts": "3", "reason": "đếm lại"}).status_code == 302
    assert "Đã sửa kết quả ca trực" in words(head.get(page))


def test_everybody_sees_where_a_lawyer_is(aid, point, lawyer):
    put(lawyer, point)
    shown = words(Client().get(reverse("assistance:near"), {"xa-phuong": "98001"}))

    assert "Lò Thị Luật" in shown
    assert "08:00-11:00" in shown


def test_everybody_sees_where_volunteers_are_and_not_who(aid, point, volunteer):
    put(volunteer, point)
    put(a_helper(aid.town.river, "volunteer", full_name="Vàng A Già"), point, starts=time(13), ends=time(17))
    put(volunteer, point, day=TODAY + 5 * DAY)
    leaves = a_helper(aid.town.river, "volunteer", full_name="Vàng A Đi")
    put(leaves, point, day=TODAY + 6 * DAY)
    actions.end_helper(leaves.pk, on=TODAY + 2 * DAY, actor=HOUSE, at=MONDAY)
    ward = words(Client().get(reverse("assistance:near"), {"xa-phuong": "98001"}))
    city = words(Client().get(reverse("assistance:near")))

    assert "06/10/2025: 08:00-11:00, 13:00-17:00" in ward
    assert "11/10/2025: 08:00-11:00" in ward
    assert "12/10/2025" not in ward, "who has left by then"
    assert "06/10/2025: 08:00-11:00" in city
    assert "11/10/2025" not in city
    assert "Chọn phường, xã để xem hai tuần" in city
    assert "Vàng A" not in ward + city


def test_no_shift_of_a_lawyer_in_the_days_that_are_told_is_left_out(aid, point, lawyer):
    every = [(TODAY + n * DAY, time(8 + hour, part)) for n in range(3) for hour in range(12) for part in range(6)]
    HelpShift.objects.bulk_create(
        HelpShift(helper=lawyer, point_id=point, day=day, starts=starts, ends=time(21)) for day, starts in every
    )

    assert words(Client().get(reverse("assistance:near"))).count("Lò Thị Luật") == len(every) > 200


def test_a_campaign_is_started_and_changed_on_the_pages(aid, point):
    head = browser_of(make_officer(aid.town.city.city, kind="service_centre", title="Giám đốc", email="gdtp@vidu.vn"))
    said = {"name": "30 ngày", "starts_on": "06/10/2025", "days": "30", "people": "100", "accounts": "5", "dossiers": "0"}
    assert head.post(reverse("assistance:start_campaign"), said | {"days": "x"}).status_code == 422
    made = head.post(reverse("assistance:start_campaign"), said)
    assert made.status_code == 302
    assert head.post(made["Location"], {"point": point, "name": "Đội Bến"}).status_code == 302
    assert head.post(made["Location"], {"point": point, "name": "Đội Bến"}).status_code == 422
    change = made["Location"] + "sua/"
    assert head.post(change, said | {"people": "200"}).status_code == 302
    assert "200" in words(head.get(made["Location"]))
    assert "30 ngày" in words(head.get(reverse("assistance:campaigns")))

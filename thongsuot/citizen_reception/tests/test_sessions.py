"""Online receptions: told, tested and connected in the law's times or not held; recorded, minuted, signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from thongsuot.citizen_reception import actions
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.facts import PartyFacts
from thongsuot.citizen_reception.models import OnlineSession, ReceptionSetting, SessionParty
from thongsuot.citizen_reception.queries.sessions import checklist, silent
from thongsuot.citizen_reception.rules import LEAD
from thongsuot.citizen_reception.tests.make import HOUSE, MONDAY, STARTS, a_session, came, told
from thongsuot.files.queries import open_checked
from thongsuot.files.tests.make import pdf
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.remember import forget_all
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.notices.models import Notice
from thongsuot.people.models import Appointment
from thongsuot.people.tests.make import browser_of
from thongsuot.signing import actions as signing
from thongsuot.signing.errors import CannotSign
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
# Five and one working days before Monday 17/08/2026.
NOTICE_DUE = datetime(2026, 8, 10, 17, tzinfo=VIET_NAM)
TEST_DUE = datetime(2026, 8, 14, 17, tzinfo=VIET_NAM)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PIN = "260705"


def try_lines(office, session, *, at, passed=True):
    for site in session.sites.all():
        actions.note_test(site.pk, passed=passed, actor=office.actor("viet", at), at=at)


def connect(office, session, *, at=STARTS - HOUR):
    for site in session.sites.all():
        actions.note_connected(site.pk, actor=office.actor("viet", at), at=at)


def started(office, session, *, at=STARTS):
    return actions.start_session(session.pk, actor=office.actor("viet", at), at=at)


def ready(office, **changes):
    session = a_session(office, **changes)
    told(office, session)
    try_lines(office, session, at=TEST_DUE)
    connect(office, session)
    return session


def ended(office):
    session = started(office, ready(office))
    return actions.end_session(session.pk, actor=office.actor("viet", STARTS), at=STARTS + HOUR)


def recording(session, actor):
    return actions.keep_recording(session.pk, link="https://luu.vidu.vn/1", sha256="ab" * 32, actor=actor, at=STARTS)


def states(session, now=STARTS):
    return [step.state for step in checklist(session, now=now).steps]


def test_all_in_time_it_is_held(office):
    session = ready(office)

    seen = checklist(session, now=STARTS)
    assert {step.state for step in seen.steps} == {"done"}
    assert [step.due_at for step in seen.steps] == [NOTICE_DUE, TEST_DUE, STARTS - HOUR]
    assert started(office, session).state == "running"


def test_parties_are_told_five_working_days_before_or_the_session_is_moved(office):
    session = a_session(office)
    assert told(office, session, at=NOTICE_DUE) == 1
    late = a_session(office)
    with pytest.raises(errors.TooLateToNotify) as refusal:
        told(office, late, at=NOTICE_DUE + MINUTE)
    assert refusal.value.earliest == date(2026, 8, 18)
    assert "18/08/2026" in refusal.value.message()
    assert SessionParty.objects.filter(session=late, told_at=None).exists()

    # Moved to the day it says, telling works at once; who was told before is told anew.
    at = NOTICE_DUE + MINUTE
    viet = office.actor("viet", at)
    moved = datetime(2026, 8, 18, 8, tzinfo=VIET_NAM)
    for one in (session, late):
        actions.change_session(one.pk, starts_at=moved, reason="Dời ngày", actor=viet, at=at)
        assert told(office, one, at=at) == 1


def test_who_is_planned_too_near_is_told_the_first_day(office):
    with pytest.raises(errors.TooLateToNotify) as refusal:
        a_session(office, starts_at=MONDAY + timedelta(days=4))
    assert refusal.value.earliest == date(2026, 8, 10)
    assert not OnlineSession.objects.exists()


def test_the_law_begins_on_the_first_of_july(office):
    june = datetime(2026, 6, 1, 9, tzinfo=VIET_NAM)
    with pytest.raises(errors.OnlineNotYet):
        a_session(office, at=june, starts_at=datetime(2026, 6, 30, 9, tzinfo=VIET_NAM))
    assert a_session(office, at=june, starts_at=datetime(2026, 7, 1, 9, tzinfo=VIET_NAM))


@pytest.mark.parametrize(
    "said",
    [
        {"starts_at": MONDAY - HOUR},
        {"starts_at": datetime(9999, 12, 1, tzinfo=VIET_NAM)},
        {"title": " "},
        {"title": "x" * 201},
        {"heard_by": ""},
        {"link": "http://hop.vidu.vn"},
        {"link": "https://hop.vidu.vn/<script>"},
        {"link": "javascript:alert(1)"},
    ],
)
def test_a_plan_that_cannot_be_is_refused(office, said):
    with pytest.raises(BadInput):
        a_session(office, **said)
    assert not OnlineSession.objects.exists()


def test_a_test_that_failed_came_late_or_is_missing_holds_the_session_up(office):
    session = a_session(office)
    told(office, session)
    connect(office, session)
    assert states(session) == ["done", "overdue", "done"]
    with pytest.raises(errors.NotReadyToStart):
        started(office, session)
    try_lines(office, session, at=MONDAY)
    try_lines(office, session, at=MONDAY + HOUR, passed=False)  # the latest counts
    with pytest.raises(errors.NotReadyToStart) as refusal:
        started(office, session)
    assert "Trụ sở thành phố" in refusal.value.message()
    try_lines(office, session, at=TEST_DUE + MINUTE)
    assert states(session) == ["done", "late", "done"]
    with pytest.raises(errors.NotReadyToStart) as refusal:
        started(office, session)
    assert "quá hạn" in refusal.value.message()


def test_sites_that_connect_late_make_it_begin_as_much_later(office):
    session = a_session(office)
    told(office, session)
    try_lines(office, session, at=TEST_DUE)
    connect(office, session, at=STARTS - 20 * MINUTE)

    assert states(session)[2] == "late"
    with pytest.raises(errors.TooEarlyToStart) as refusal:
        started(office, session)
    assert refusal.value.earliest == STARTS + 40 * MINUTE
    assert started(office, session, at=STARTS + 40 * MINUTE).state == "running"


def test_a_second_good_test_or_connection_makes_nothing_later_and_every_test_is_kept(office):
    session = ready(office)
    try_lines(office, session, at=TEST_DUE + HOUR)
    connect(office, session, at=STARTS - MINUTE)

    assert states(session) == ["done", "done", "done"]
    site = session.sites.first()
    assert (site.tested_at, site.connected_at) == (TEST_DUE, STARTS - HOUR)
    assert [(one.at, one.passed) for one in site.tests.order_by("pk")] == [(TEST_DUE, True), (TEST_DUE + HOUR, True)]
    try_lines(office, session, at=TEST_DUE + 2 * HOUR, passed=False)
    assert states(session)[1] == "overdue", "a line that failed since is not tested"


def test_a_party_or_a_site_noted_by_mistake_holds_nothing_up(office):
    session = ready(office)
    viet = office.actor("viet", TEST_DUE)
    extra = actions.add_party(session.pk, PartyFacts(name="Sở Xây dựng", role="Cơ quan"), actor=HOUSE, at=TEST_DUE)
    room = actions.add_site(session.pk, name="Phòng 9", actor=HOUSE, at=TEST_DUE)
    with pytest.raises(errors.NotReadyToStart):
        started(office, session)

    actions.remove_party(extra.pk, actor=viet, at=TEST_DUE)
    actions.remove_site(room.pk, actor=viet, at=TEST_DUE)

    assert started(office, session).state == "running"
    assert session.parties.count() == 2, "kept, for they may have been told"
    with pytest.raises(NotFound):
        actions.remove_party(extra.pk, actor=viet, at=TEST_DUE)


def test_a_site_taken_away_in_time_asks_for_a_new_invitation_and_comes_back_untested(office):
    session, viet = a_session(office), office.actor("viet")
    told(office, session)
    try_lines(office, session, at=MONDAY)
    site = session.sites.order_by("pk").last()

    actions.remove_site(site.pk, actor=viet, at=MONDAY)
    assert states(session, MONDAY)[0] == "waiting"
    again = actions.add_site(session.pk, name=site.name, actor=viet, at=MONDAY)

    assert (again.pk, again.test_passed, again.tests.count()) == (site.pk, None, 1)
    assert told(office, session) == 1


def test_it_begins_not_before_its_hour_and_not_without_parties_and_sites(office):
    with pytest.raises(errors.TooEarlyToStart):
        started(office, ready(office), at=STARTS - MINUTE)
    bare = actions.plan_session(
        office.river, title="Trống", starts_at=STARTS, heard_by="Chủ tịch", actor=office.actor("viet"), at=MONDAY
    )
    with pytest.raises(errors.NotReadyToStart):
        started(office, bare)
    with pytest.raises(errors.NothingToTell):
        told(office, bare)


def test_a_party_added_after_the_notice_must_be_told_too(office):
    session = ready(office)
    actions.add_party(session.pk, PartyFacts(name="Sở Xây dựng", role="Cơ quan liên quan"), actor=HOUSE, at=TEST_DUE)

    with pytest.raises(errors.NotReadyToStart):
        started(office, session)


def test_parties_with_an_address_get_a_letter_once_and_one_more_when_it_is_called_off(office):
    session = a_session(office)
    who = PartyFacts(name="Lò Thị Mời", role="Người khiếu nại", phone="0912 000 077", email="moi@vidu.vn")
    actions.add_party(session.pk, who, actor=HOUSE, at=MONDAY)
    told(office, session)
    actions.cancel_session(session.pk, reason="Người khiếu nại rút đơn", actor=office.actor("viet"), at=MONDAY)

    invited, called_off = Notice.objects.order_by("pk")
    assert "17/08/2026 14:00" in invited.body
    assert "đã hủy" in called_off.body
    with pytest.raises(errors.SessionNotPlanned):
        told(office, session)


def test_who_was_told_learns_at_once_that_it_is_moved_and_so_does_who_came_with_the_matter(office):
    session = a_session(office, entry_id=came(office).pk)
    who = PartyFacts(name="Lò Thị Mời", role="Người khiếu nại", email="moi@vidu.vn")
    late = PartyFacts(name="Lò Thị Chưa", role="Người dân", email="chua@vidu.vn")
    actions.add_party(session.pk, who, actor=HOUSE, at=MONDAY)
    told(office, session)
    actions.add_party(session.pk, late, actor=HOUSE, at=MONDAY)
    before = set(Notice.objects.values_list("pk", flat=True))
    assert silent(session) == 1  # Lò Văn Diện left neither telephone nor mail

    moved = STARTS + timedelta(days=1)
    actions.change_session(session.pk, starts_at=moved, reason="Bão", actor=office.actor("viet"), at=MONDAY)

    bodies = {one.email: one.body for one in Notice.objects.exclude(pk__in=before)}
    assert set(bodies) == {"moi@vidu.vn", "den@vidu.vn"}
    assert all("17/08/2026 14:00 dời sang 18/08/2026 14:00. Lý do: Bão" in body for body in bodies.values())
    # There and back, with no invitation in between: each move is told.
    for minutes, starts in enumerate((STARTS, moved, STARTS), start=1):
        at = MONDAY + minutes * MINUTE
        actions.change_session(session.pk, starts_at=starts, reason="Lại", actor=office.actor("viet"), at=at)
    assert Notice.objects.filter(email="moi@vidu.vn", body__contains="dời sang").count() == 4


def test_a_site_taken_away_too_late_for_invitations_is_told_by_letter(office):
    session = a_session(office)
    who = PartyFacts(name="Lò Thị Mời", role="Người khiếu nại", email="moi@vidu.vn")
    actions.add_party(session.pk, who, actor=HOUSE, at=MONDAY)
    told(office, session)

    actions.remove_site(session.sites.order_by("pk").last().pk, actor=office.actor("viet", TEST_DUE), at=TEST_DUE)

    assert "không dùng điểm tiếp Trụ sở thành phố nữa" in Notice.objects.latest("pk").body
    assert states(session)[0] == "done"


@pytest.mark.parametrize(
    "said",
    [{"name": ""}, {"role": ""}, {"people": 0}, {"phone": "x"}, {"email": "x"}, {"name": "x" * 201}, {"email": "x" * 300}],
)
def test_a_party_that_cannot_be_is_refused(office, said):
    session = a_session(office)
    with pytest.raises(BadInput):
        actions.add_party(
            session.pk, replace(PartyFacts(name="Lò", role="Người dân"), **said), actor=office.actor("viet"), at=MONDAY
        )
    assert session.parties.count() == 1


def test_a_site_is_a_point_a_unit_or_a_name_and_none_twice(office):
    session, viet = a_session(office), office.actor("viet")
    point = office.city.point(office.city.river)
    assert actions.add_site(session.pk, point_id=point.pk, actor=viet, at=MONDAY).point_id == point.pk
    for wrong in ({}, {"unit_id": office.river}, {"name": "x" * 201}):
        with pytest.raises(BadInput):
            actions.add_site(session.pk, **wrong, actor=viet, at=MONDAY)


def test_only_who_receives_in_its_unit_runs_it(office):
    session = a_session(office)
    for name in ("dao", "phung", "khach"):
        with pytest.raises(NotYourDuty):
            actions.notify_parties(session.pk, how="Gọi", actor=office.actor(name), at=MONDAY)
        with pytest.raises(NotYourDuty):
            actions.note_test(session.sites.first().pk, passed=True, actor=office.actor(name), at=MONDAY)


def test_what_was_noted_of_a_test_stands_with_it_until_another_counts(office):
    session, viet = a_session(office), office.actor("viet")
    site = session.sites.first()

    def tried(passed, note):
        found = actions.note_test(site.pk, passed=passed, note=note, actor=viet, at=MONDAY)
        return found.test_passed, found.test_note

    assert tried(False, " Mất\ntiếng ") == (False, "Mất tiếng")
    assert tried(True, "Rõ") == (True, "Rõ")
    assert tried(True, "Vẫn rõ") == (True, "Rõ"), "the first good one counts"
    assert list(site.tests.order_by("pk").values_list("note", flat=True)) == ["Mất tiếng", "Rõ", "Vẫn rõ"]
    with pytest.raises(BadInput):
        tried(True, "x" * 301)
    actions.remove_site(site.pk, actor=viet, at=MONDAY)
    again = actions.add_site(session.pk, name=site.name, actor=viet, at=MONDAY)
    assert (again.pk, again.test_passed, again.test_note) == (site.pk, None, "")


def test_a_recording_is_an_address_with_its_fingerprint_or_a_file(office):
    session, viet = ended(office), office.actor("viet", STARTS)
    link, print_ = "https://luu-tru.vidu.vn/phien/1", "ab" * 32
    for wrong in (
        {"link": link},
        {"sha256": print_},
        {"link": link, "sha256": "xyz"},
        {"link": "http://a.b", "sha256": print_},
    ):
        with pytest.raises(BadInput):
            actions.keep_recording(session.pk, **wrong, actor=viet, at=STARTS)

    kept = actions.keep_recording(session.pk, link=link, sha256=print_.upper(), actor=viet, at=STARTS)
    assert (kept.recording_link, kept.recording_sha256) == (link, print_)
    kept = actions.keep_recording(session.pk, file=pdf(), file_name="a.pdf", actor=viet, at=STARTS)
    assert kept.recording_sha256 == kept.recording_file.blob.sha256
    with pytest.raises(errors.SessionNotOver):
        actions.keep_recording(a_session(office).pk, link=link, sha256=print_, actor=viet, at=STARTS)


def test_minutes_are_drafted_as_often_as_needed_and_signed_by_hand_once(office):
    session, viet = ended(office), office.actor("viet", STARTS)
    with pytest.raises(errors.NoMinutes):
        actions.keep_paper(session.pk, pdf(), file_name="a.pdf", actor=viet, at=STARTS)
    first = actions.draft_minutes(session.pk, words="Các hộ trình bày.", actor=viet, at=STARTS).minutes_file_id
    with pytest.raises(errors.NoRecording):
        actions.keep_paper(session.pk, pdf(), file_name="ky.pdf", actor=viet, at=STARTS)
    recorded = recording(session, viet)
    assert recorded.minutes_file_id != first, "drawn anew: they name the fingerprint"
    drafted = actions.draft_minutes(session.pk, words="Các hộ trình bày.\nKết luận.", actor=viet, at=STARTS)
    assert drafted.minutes_file_id != first
    with open_checked(drafted.minutes_file_id) as file:
        assert file.read(5) == b"%PDF-"

    kept = actions.keep_paper(session.pk, pdf(), file_name="ky.pdf", actor=viet, at=STARTS)

    assert (kept.minutes_signed_at, kept.minutes_signed_by_name) == (STARTS, "Chủ tịch UBND")
    assert [event.name for event in history_of(kept)][-1] == "citizen_reception.minutes_signed"
    for again in (
        lambda: actions.draft_minutes(session.pk, words="Khác", actor=viet, at=STARTS),
        lambda: actions.keep_paper(session.pk, pdf(), file_name="ky.pdf", actor=viet, at=STARTS),
        lambda: actions.sign_minutes(session.pk, pin=PIN, actor=viet, at=STARTS),
        lambda: actions.keep_recording(session.pk, link="https://a.vn", sha256="ab" * 32, actor=viet, at=STARTS),
    ):
        with pytest.raises(errors.MinutesAreSigned):
            again()


def with_certificate(office, name, kind, post):
    signing.issue_test_certificate(
        person_id=office.people[name].pk,
        body_id=office.city.body(office.city.river, kind).pk,
        post=post,
        pin=PIN,
        actor=HOUSE,
        at=MONDAY,
    )


def test_minutes_are_signed_with_the_chairs_own_certificate(office):
    session = ended(office)
    signing.make_authority(actor=HOUSE, at=MONDAY)
    with_certificate(office, "hanh", "people_committee", "Phó Chủ tịch")
    with_certificate(office, "viet", "office", "Chuyên viên")
    hanh = office.actor("hanh", STARTS)
    with pytest.raises(errors.NoMinutes):
        actions.sign_minutes(session.pk, pin=PIN, actor=hanh, at=STARTS)
    actions.draft_minutes(session.pk, words="Kết luận.", actor=hanh, at=STARTS)
    with pytest.raises(errors.NoRecording):
        actions.sign_minutes(session.pk, pin=PIN, actor=hanh, at=STARTS)
    drafted = recording(session, hanh)
    with pytest.raises(CannotSign):
        actions.sign_minutes(session.pk, pin="000000", actor=hanh, at=STARTS)
    with pytest.raises(errors.NotTheChair):  # a good certificate, and not who led it
        actions.sign_minutes(session.pk, pin=PIN, actor=office.actor("viet", STARTS), at=STARTS)

    signed = actions.sign_minutes(session.pk, pin=PIN, actor=hanh, at=STARTS)

    assert signed.minutes_file_id != drafted.minutes_file_id
    assert (signed.minutes_signed_at, signed.minutes_signed_by_name) == (STARTS, "Trần Thị Hanh")
    with open_checked(signed.minutes_file_id) as file:
        assert b"/ByteRange" in file.read()


def test_who_was_named_as_the_chair_signs_and_nobody_who_does_not_receive_there_is_named(office):
    with pytest.raises(BadInput) as refusal:
        a_session(office, chair_id=office.people["dao"].pk)
    assert "chair" in refusal.value.problems
    session = started(office, ready(office, chair_id=office.people["viet"].pk))
    viet = office.actor("viet", STARTS)
    actions.end_session(session.pk, actor=viet, at=STARTS + HOUR)
    actions.draft_minutes(session.pk, words="Kết luận.", actor=viet, at=STARTS)
    recording(session, viet)

    with pytest.raises(errors.NotTheChair) as not_theirs:
        actions.sign_minutes(session.pk, pin=PIN, actor=office.actor("hanh", STARTS), at=STARTS)
    assert "Trần Thị Viet" in not_theirs.value.message()


def over(office, **changes):
    """Written up, with a recording."""
    viet = office.actor("viet", STARTS)
    session = started(office, ready(office, **changes))
    actions.end_session(session.pk, actor=viet, at=STARTS + HOUR)
    actions.draft_minutes(session.pk, words="Kết luận.", actor=viet, at=STARTS)
    return recording(session, viet)


def test_a_head_who_receives_nobody_is_named_as_the_chair_reads_the_session_and_signs(office, clock):
    Appointment.objects.filter(person=office.people["hanh"]).update(duties=[LEAD])
    session = over(office, chair_id=office.people["hanh"].pk)
    signing.make_authority(actor=HOUSE, at=MONDAY)
    with_certificate(office, "hanh", "people_committee", "Phó Chủ tịch")
    hanh = browser_of(office.people["hanh"])
    here = f"/can-bo/tiep-dan/truc-tuyen/{session.pk}/"
    assert "Ký số" in said(hanh.get(here))
    assert hanh.get(f"{here}tep/{session.minutes_file_id}/").status_code == 200
    assert hanh.get("/can-bo/tiep-dan/").status_code == 403

    signed = actions.sign_minutes(session.pk, pin=PIN, actor=office.actor("hanh", STARTS), at=STARTS)

    assert signed.minutes_signed_by_name == "Trần Thị Hanh"


def test_another_chair_is_named_by_who_leads_with_a_reason_until_it_is_signed(office, clock):
    session, viet = over(office, chair_id=office.people["viet"].pk), office.actor("viet", STARTS)
    drafted, hanh = session.minutes_file_id, office.actor("hanh", STARTS)
    named = {"chair_id": office.people["hanh"].pk, "reason": "Chủ tịch ốm", "at": STARTS}
    with pytest.raises(NotYourDuty):
        actions.name_chair(session.pk, **named, actor=viet)
    for wrong in ({"reason": " "}, {"chair_id": office.people["dao"].pk}):
        with pytest.raises(BadInput):
            actions.name_chair(session.pk, **(named | wrong), actor=hanh)

    browser = browser_of(office.people["hanh"])
    posted = {"viec": "chu-tri", "chair": named["chair_id"], "heard_by": "Phó Chủ tịch", "reason": "Chủ tịch ốm"}
    page = said(browser.post(f"/can-bo/tiep-dan/truc-tuyen/{session.pk}/", posted, follow=True))

    assert "Đổi người chủ trì vì: Chủ tịch ốm" in page
    session.refresh_from_db()
    assert (session.chair_id, session.heard_by) == (named["chair_id"], "Phó Chủ tịch")
    assert session.minutes_file_id != drafted, "drawn anew: they name the chair"
    kept = actions.keep_paper(session.pk, pdf(), file_name="ky.pdf", actor=viet, at=STARTS)
    assert (kept.minutes_signed_by_name, kept.minutes_brought_by_name) == ("Trần Thị Hanh", "Trần Thị Viet")
    assert "Bản ký tay do Trần Thị Viet đưa vào" in said(browser.get(f"/can-bo/tiep-dan/truc-tuyen/{session.pk}/"))
    with pytest.raises(errors.MinutesAreSigned):
        actions.name_chair(session.pk, **named, actor=hanh)
    off = a_session(office)
    actions.cancel_session(off.pk, reason="Hoãn", actor=viet, at=MONDAY)
    with pytest.raises(errors.SessionIsOff):
        actions.name_chair(off.pk, **named, actor=hanh)


def test_at_the_city_who_only_receives_signs_nothing_unless_named(office):
    session = OnlineSession(unit_id=office.city.city.pk, heard_by="Chủ tịch")
    phung = office.actor("phung")
    assert not actions.may_sign(phung, session, on=MONDAY.date())
    session.chair_id = phung.person_id
    assert actions.may_sign(phung, session, on=MONDAY.date())


def test_where_the_rule_of_its_day_asks_for_no_recording_minutes_are_signed_without(office):
    session, viet = ended(office), office.actor("viet", STARTS)
    ReceptionSetting.objects.filter(key="online_recording_needed").update(value=0)
    forget_all()
    actions.draft_minutes(session.pk, words="Kết luận.", actor=viet, at=STARTS)

    assert actions.keep_paper(session.pk, pdf(), file_name="ky.pdf", actor=viet, at=STARTS).minutes_paper_id


def test_a_session_about_an_entry_is_planned_by_who_may_read_it(office):
    entry = came(office, unit_id=office.hill, by="dao")
    with pytest.raises(NotYourDuty):
        a_session(office, entry_id=entry.pk)
    own = came(office)
    assert a_session(office, entry_id=own.pk).entry_id == own.pk

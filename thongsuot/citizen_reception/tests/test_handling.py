"""What is done about a matter: slips, refusals in time, receipts, results, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from thongsuot.citizen_reception import actions, letters, reactions, tasks
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.facts import PaperFacts
from thongsuot.citizen_reception.models import ReceptionEntry, ReceptionSlip
from thongsuot.citizen_reception.queries import access, statistics
from thongsuot.citizen_reception.queries import register as queries
from thongsuot.citizen_reception.queries.sessions import chairs_of
from thongsuot.citizen_reception.rules import DECIDE, DUTY, LEAD
from thongsuot.citizen_reception.tests.make import HOUSE, MONDAY, WHO, a_session, came
from thongsuot.files.queries import open_checked
from thongsuot.files.tests.make import pdf
from thongsuot.kernel import clock as clocks
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.events import Happened
from thongsuot.kernel.history import history_of
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.notices.models import Notice
from thongsuot.people.models import Appointment
from thongsuot.people.queries import actor_for
from thongsuot.people.tests.make import browser_of, make_officer
from thongsuot.web.tests.words import said

pytestmark = pytest.mark.django_db
THURSDAY_CLOSE = datetime(2026, 8, 6, 17, tzinfo=VIET_NAM)


def handled(office, entry, way="accepted", *, at=MONDAY, by="viet", **said):
    return actions.handle(entry.pk, way=way, words=said.pop("words", "Đúng thẩm quyền."), **said, actor=office.actor(by), at=at)


def test_accepted_it_goes_on_to_a_result_and_who_came_is_told_twice(office):
    entry = handled(office, came(office))
    slip = entry.slips.get()

    assert (entry.state, slip.form, slip.number) == ("accepted", "handling", 1)
    with open_checked(slip.file_id) as file:
        assert file.read(5) == b"%PDF-"
    done = actions.close_entry(entry.pk, result="Đã hủy quyết định xử phạt.", actor=office.actor("viet"), at=MONDAY)
    assert (done.state, done.closed_at) == ("closed", MONDAY)
    bodies = list(Notice.objects.order_by("pk").values_list("body", flat=True))
    assert "được tiếp nhận để giải quyết" in bodies[0]
    assert "Đã hủy quyết định xử phạt." in bodies[1]
    with pytest.raises(errors.NotAccepted):
        actions.close_entry(entry.pk, result="Nữa", actor=office.actor("viet"), at=MONDAY)


def test_a_letter_about_a_denunciation_tells_nothing_of_it(office):
    entry = handled(office, came(office, kind="denunciation"))
    actions.close_entry(entry.pk, result="Đã kết luận tố cáo đúng.", actor=office.actor("hanh"), at=MONDAY)

    for notice in Notice.objects.all():
        for word in ("tố cáo", "Tố cáo", "kết luận"):
            assert word not in notice.body + notice.subject


def test_without_an_address_nobody_is_told_and_nothing_fails(office):
    entry = handled(office, came(office, visitor=replace(WHO, phone="", email="")))

    assert entry.state == "accepted"
    assert not Notice.objects.exists()


@pytest.mark.parametrize("way", ["guided", "transferred"])
def test_guided_or_transferred_it_is_done_here_and_the_slip_names_where_to(office, way):
    entry = handled(office, came(office, competence="others", competent_body="Thanh tra thành phố"), way)

    assert (entry.state, entry.competent_body) == ("closed", "Thanh tra thành phố")
    assert "Thanh tra thành phố" in Notice.objects.get().body
    with pytest.raises(BadInput):
        handled(office, came(office), way)


def test_a_refusal_has_its_notice_in_three_working_days_and_what_is_late_is_listed(office):
    entry, viet = came(office), office.actor("viet")
    actions.note_grounds(entry.pk, grounds="Đã có quyết định cuối cùng", since=MONDAY, actor=viet, at=MONDAY)

    def listed(at):
        return list(queries.entries(viet, queries.Asked(state="qua-han"), now=at, on=at.date()))

    entry.refresh_from_db()
    assert entry.refusal_due_at == THURSDAY_CLOSE
    assert listed(THURSDAY_CLOSE) == []
    late = THURSDAY_CLOSE + timedelta(minutes=1)
    assert listed(late) == [entry]
    with pytest.raises(errors.GroundsKnown):
        actions.note_grounds(entry.pk, grounds="Lại", since=MONDAY, actor=viet, at=MONDAY)
    refused = handled(office, entry, "refused", at=late)
    assert (refused.state, refused.grounds, listed(late)) == ("closed", "Đã có quyết định cuối cùng", [])
    (row,) = statistics.figures([office.river], first=MONDAY.date(), last=late.date(), now=late)
    assert (row.refused, row.late) == (1, 1)


def test_a_refusal_says_from_when_on_there_were_grounds_and_its_days_run_from_then(office):
    friday = THURSDAY_CLOSE + timedelta(days=1)
    with pytest.raises(BadInput) as refusal:
        handled(office, came(office), "refused", words="Người đến say rượu.", at=friday)
    assert "since" in refusal.value.problems

    entry = handled(office, came(office), "refused", words="Người đến say rượu.", since=MONDAY, at=friday)

    assert (entry.grounds, entry.grounds_at, entry.refusal_due_at) == ("Người đến say rượu.", MONDAY, THURSDAY_CLOSE)
    (row,) = statistics.figures([office.river], first=MONDAY.date(), last=friday.date(), now=friday)
    assert (row.refused, row.late) == (1, 1), "it came a day late, whenever it was written"


@pytest.mark.parametrize(
    ("said", "day", "is_settled_by_law"),
    [
        ({}, 13, True),  # a complaint: ten days, then thirty
        ({"kind": "denunciation"}, 12, True),  # seven working days
        ({"kind": "proposal"}, 17, False),  # ten working days; for a result no law says
        ({"kind": "", "competence": ""}, 17, False),
        ({"competence": "others", "competent_body": "Tòa án"}, 10, False),  # five to send it on
    ],
)
def test_the_law_says_until_when_and_what_is_late_is_listed(office, said, day, is_settled_by_law):
    entry, viet = came(office, **said), office.actor("viet")
    due = datetime(2026, 8, day, 17, tzinfo=VIET_NAM)
    late = due + timedelta(minutes=1)

    def listed(at):
        return list(queries.entries(viet, queries.Asked(state="tre"), now=at, on=at.date()))

    assert (entry.due_at, listed(due), listed(late)) == (due, [], [entry])
    assert queries.counts(viet, now=late, on=late.date())["tre"] == 1
    if is_settled_by_law:
        accepted = handled(office, entry)
        assert accepted.due_at.date() >= date(2026, 9, 2)
        assert listed(late) == []
        assert listed(accepted.due_at + timedelta(minutes=1)) == [entry]


def test_a_complex_matter_is_extended_as_often_as_the_law_allows_by_who_leads(office):
    entry, hanh = handled(office, came(office)), office.actor("hanh")
    first = entry.due_at
    with pytest.raises(NotYourDuty):
        actions.extend(entry.pk, reason="Phức tạp", actor=office.actor("viet"), at=MONDAY)
    with pytest.raises(BadInput):
        actions.extend(entry.pk, reason=" ", actor=hanh, at=MONDAY)

    more = actions.extend(entry.pk, reason="Phải giám định", actor=hanh, at=MONDAY)

    assert (more.due_at - first).days >= 15
    assert f"{more.due_at.astimezone(VIET_NAM):%d/%m/%Y}" in Notice.objects.latest("pk").body
    with pytest.raises(errors.TooLateToExtend):  # no day that was promised is made up afterwards
        actions.extend(entry.pk, reason="Lại", actor=hanh, at=more.due_at + timedelta(minutes=1))
    with pytest.raises(errors.NoMoreTime):
        actions.extend(entry.pk, reason="Lại", actor=hanh, at=MONDAY)
    with pytest.raises(errors.NotAccepted):
        actions.extend(came(office).pk, reason="Chưa", actor=hanh, at=MONDAY)


def test_whoever_must_go_on_with_an_entry_gets_a_letter_when_it_comes_and_when_it_is_late(office, monkeypatch):
    entry = handled(office, came(office, visitor=replace(WHO, phone="", email="")), "transferred", to_unit_id=office.hill)
    event = history_of(entry)[-1]
    happened = Happened(id=1, name=event.name, subject="", subject_id=entry.pk, facts=event.facts)
    for _twice in range(2):
        reactions.tell_transferred(happened)
    assert [one.email for one in Notice.objects.filter(key="reception_due")] == ["dao@vidu.vn"]

    late = entry.due_at + timedelta(minutes=1)
    monkeypatch.setattr(clocks, "now", lambda: late)
    for _twice in range(2):
        tasks.remind(0)
    letter = Notice.objects.get(body__contains="đã trễ hạn")
    assert letter.email == "dao@vidu.vn"
    assert WHO.name not in letter.body


def test_of_a_denunciation_only_who_leads_is_told(office):
    entry = came(office, kind="denunciation")
    letters.tell_officers(entry, "đã trễ hạn", send_key="x", at=MONDAY)

    assert [one.email for one in Notice.objects.filter(key="reception_due")] == ["hanh@vidu.vn"]


def test_put_right_its_days_are_those_of_its_kind_from_when_it_came(office):
    entry, wednesday = came(office, kind="", competence=""), MONDAY + timedelta(days=2)
    entry = actions.classify(entry.pk, kind="denunciation", competence="ours", actor=office.actor("viet"), at=wednesday)

    assert entry.due_at == datetime(2026, 8, 12, 17, tzinfo=VIET_NAM)


def test_transferred_to_a_unit_of_the_city_it_arrives_there_and_both_see_it(office):
    entry, tuesday = came(office, competence="others", competent_body="Phường Đồi"), MONDAY + timedelta(days=1)
    moved = handled(office, entry, "transferred", to_unit_id=office.hill, at=tuesday)
    dao, viet, day = office.actor("dao"), office.actor("viet"), tuesday.date()

    assert (moved.unit_id, moved.book_unit_id, moved.state, moved.way, str(moved)) == (
        office.hill,
        office.river,
        "received",
        "",
        "1/2026",
    )
    assert moved.due_at == datetime(2026, 8, 14, 17, tzinfo=VIET_NAM), "ten days from when it came there"
    assert "Phường Đồi" in Notice.objects.get().body
    one = moved.transfers.get()
    assert (one.from_unit_id, one.to_unit_id, one.slip.series_unit) == (office.river, office.hill, office.river)
    for reader in (dao, viet):
        assert access.entry_for(entry.pk, actor=reader, on=day) == entry
        assert list(queries.entries(reader, queries.Asked(), now=tuesday, on=day)) == [entry]
    assert "citizen_reception.transferred" in [event.name for event in history_of(entry)]
    with pytest.raises(NotYourDuty):
        handled(office, entry)

    actions.classify(entry.pk, kind="complaint", competence="ours", actor=dao, at=tuesday)
    again = handled(office, entry, "accepted", by="dao", at=tuesday)
    assert (again.state, again.slips.count()) == ("accepted", 2)


def test_what_was_late_stays_late_whatever_step_or_unit_comes_next(office):
    viet, late = office.actor("viet"), MONDAY + timedelta(days=30)
    accepted, sent, refusing, in_time = came(office), came(office), came(office), came(office)
    actions.note_grounds(refusing.pk, grounds="Đã có quyết định cuối cùng", since=MONDAY, actor=viet, at=MONDAY)
    first = accepted.due_at

    accepted = handled(office, accepted, at=late)
    for entry in (sent, refusing):
        handled(office, entry, "transferred", to_unit_id=office.hill, at=late)
    in_time = handled(office, in_time, at=MONDAY)

    assert (accepted.late_since, in_time.late_since) == (first, None)
    one, other = sent.transfers.get(), refusing.transfers.get()
    assert (one.due_at, one.refusal_due_at, other.refusal_due_at) == (first, None, THURSDAY_CLOSE)
    (row,) = statistics.figures([office.river], first=MONDAY.date(), last=late.date(), now=late)
    assert (row.entries, row.overdue, row.late) == (4, 3, 1)
    assert statistics.total([row, row]).overdue == 6


def test_it_is_not_sent_there_and_back_for_ever(office):
    entry = handled(office, came(office), "transferred", to_unit_id=office.hill)
    entry = handled(office, entry, "transferred", to_unit_id=office.river, by="dao")
    assert office.hill not in dict(queries.units_to_send_to(entry, on=MONDAY.date()))
    with pytest.raises(BadInput) as refusal:
        handled(office, entry, "transferred", to_unit_id=office.hill)
    assert "một lần" in refusal.value.problems["to_unit"]


def test_a_denunciation_goes_only_where_somebody_would_read_it(office):
    entry, day = came(office, kind="denunciation"), MONDAY.date()
    hill, city = office.hill, office.city.city.pk
    assert hill in dict(queries.receiving_units("complaint", on=day))
    assert set(dict(queries.receiving_units("denunciation", on=day))) == {office.river, city}
    with pytest.raises(BadInput) as refusal:
        handled(office, entry, "transferred", to_unit_id=hill)
    assert "to_unit" in refusal.value.problems
    for kind, unit_id in (("denunciation", hill), ("complaint", 999_999)):
        with pytest.raises(errors.NobodyReceives):
            actions.take_over(unit_id, kind=kind, words="x", visitor=WHO, came_as="app", about=None, actor=HOUSE, at=MONDAY)
    taken = actions.take_over(hill, kind="complaint", words="x", visitor=WHO, came_as="app", about=None, actor=HOUSE, at=MONDAY)
    with pytest.raises(errors.NobodyReceives):
        actions.classify(taken.pk, kind="denunciation", competence="ours", actor=office.actor("dao"), at=MONDAY)


def test_what_was_open_before_due_instants_were_kept_gets_its_own_at_night(office, monkeypatch):
    waits, accepted, proposal, sent = came(office), handled(office, came(office)), came(office, kind="proposal"), came(office)
    handled(office, proposal)
    tuesday = MONDAY + timedelta(days=1)
    sent = handled(office, sent, "transferred", to_unit_id=office.hill, at=tuesday)
    had = {one.pk: one.due_at for one in (waits, accepted, sent)}
    ReceptionEntry.objects.update(due_at=None)
    with pytest.raises(NotYourDuty):
        actions.fill_due(waits.pk, actor=office.actor("hanh"), at=MONDAY)
    monkeypatch.setattr(clocks, "now", lambda: tuesday)
    for _twice in range(2):
        tasks.fill_due(0)

    due = dict(ReceptionEntry.objects.values_list("pk", "due_at"))
    assert due == had | {proposal.pk: None}
    assert [event.name for event in history_of(waits)].count("citizen_reception.due_filled") == 1
    assert actions.extend(accepted.pk, reason="Phải giám định", actor=office.actor("hanh"), at=tuesday).extensions == 1


def test_who_gave_it_on_still_reads_it_though_it_is_in_no_book_of_theirs(office):
    entry = handled(office, came(office), "transferred", to_unit_id=office.hill)
    handled(office, entry, "transferred", to_unit_id=office.city.city.pk, by="dao")

    assert access.entry_for(entry.pk, actor=office.actor("dao"), on=MONDAY.date()) == entry


@pytest.mark.parametrize("wrong", ["itself", "nowhere", "where nobody receives"])
def test_it_goes_to_another_unit_of_the_city_where_somebody_receives_or_nowhere(office, wrong):
    entry = came(office)
    to_unit_id = {"itself": office.river, "nowhere": 999_999, "where nobody receives": office.hill}[wrong]
    if wrong == "where nobody receives":
        Appointment.objects.filter(person=office.people["dao"]).update(duties=["process dossiers"])
    with pytest.raises(BadInput) as refusal:
        handled(office, entry, "transferred", to_unit_id=to_unit_id)

    entry.refresh_from_db()
    assert "to_unit" in refusal.value.problems
    assert (entry.unit_id, entry.slips.count()) == (office.river, 0)


def test_with_a_session_to_come_it_goes_nowhere_and_ends_not_until_the_parties_heard(office):
    entry, viet = came(office), office.actor("viet")
    session = a_session(office, entry_id=entry.pk)
    for act in (
        lambda: handled(office, entry, "transferred", to_unit_id=office.hill),
        lambda: actions.end_entry(entry.pk, because="withdrawn", reason="Rút", actor=viet, at=MONDAY),
    ):
        with pytest.raises(errors.SessionAhead):
            act()
    actions.cancel_session(session.pk, reason="Rút đơn", actor=viet, at=MONDAY)
    assert actions.end_entry(entry.pk, because="withdrawn", reason="Rút", actor=viet, at=MONDAY).state == "closed"


def test_a_denunciation_that_went_on_is_seen_by_who_leads_there(office):
    entry = handled(office, came(office, kind="denunciation"), "transferred", to_unit_id=office.city.city.pk)

    assert actions.open_visitor(entry.pk, reason="Thụ lý", actor=office.actor("phung"), at=MONDAY).name == WHO.name
    with pytest.raises(errors.VisitorKept):
        actions.open_visitor(entry.pk, reason="Xem", actor=office.actor("hanh"), at=MONDAY)


def test_it_ends_without_a_result_for_a_reason_and_once(office):
    viet, entry = office.actor("viet"), handled(office, came(office))
    said = {"because": "withdrawn", "reason": "Đã thỏa thuận", "actor": viet, "at": MONDAY}
    for wrong in ({"because": "tired"}, {"reason": " "}):
        with pytest.raises(BadInput):
            actions.end_entry(entry.pk, **(said | wrong))
    with pytest.raises(errors.NothingHandedOver):
        actions.end_entry(entry.pk, **(said | {"because": "returned"}))

    ended = actions.end_entry(entry.pk, **said)

    assert (ended.state, ended.ended_because, ended.closed_at) == ("closed", "withdrawn", MONDAY)
    assert "đã kết thúc" in Notice.objects.latest("pk").body
    with pytest.raises(errors.AlreadyHandled):
        actions.end_entry(entry.pk, **said)
    assert queries.counts(viet, now=MONDAY + timedelta(days=90), on=MONDAY.date())["tre"] == 0


def test_who_may_not_see_a_denunciations_visitor_does_not_end_it(office):
    entry = came(office, kind="denunciation")
    with pytest.raises(errors.VisitorKept):
        actions.end_entry(entry.pk, because="mistaken", reason="Nhầm", actor=office.actor("thu"), at=MONDAY)


@pytest.mark.parametrize("since", [MONDAY - timedelta(minutes=1), MONDAY + timedelta(days=1)])
def test_grounds_come_neither_before_the_visit_nor_from_the_future(office, since):
    with pytest.raises(BadInput):
        actions.note_grounds(came(office).pk, grounds="Lý do", since=since, actor=office.actor("viet"), at=MONDAY)


def test_one_slip_for_one_matter_and_none_before_it_is_classified(office):
    with pytest.raises(errors.NotClassified):
        handled(office, came(office, kind="", competence=""))
    entry = handled(office, came(office), "guided", body="Tòa án")
    viet = office.actor("viet")
    for again in (
        lambda: handled(office, entry),
        lambda: actions.classify(entry.pk, kind="proposal", competence="ours", actor=viet, at=MONDAY),
        lambda: actions.note_grounds(entry.pk, grounds="Lý do", since=MONDAY, actor=viet, at=MONDAY),
        lambda: actions.add_papers(entry.pk, [PaperFacts(title="Đơn")], actor=viet, at=MONDAY),
    ):
        with pytest.raises(errors.AlreadyHandled):
            again()
    assert ReceptionSlip.objects.count() == 1


@pytest.mark.parametrize("said", [{"way": "lost"}, {"words": " "}, {"words": "x" * 4001}, {"body": "x" * 201}])
def test_a_slip_that_cannot_be_is_not_made(office, said):
    with pytest.raises(BadInput):
        handled(office, came(office), **said)
    assert not ReceptionSlip.objects.exists()


def test_a_receipt_lists_papers_and_has_its_own_series(office):
    entry, viet = came(office), office.actor("viet")
    with pytest.raises(errors.NothingHandedIn):
        actions.make_receipt(entry.pk, actor=viet, at=MONDAY)
    paper = PaperFacts(title="Đơn khiếu nại", content=pdf(), file_name="don.pdf")
    actions.add_papers(entry.pk, [paper, PaperFacts(title="Bản sao quyết định")], actor=viet, at=MONDAY)

    slips = [actions.make_receipt(entry.pk, actor=viet, at=MONDAY) for _number in range(2)]
    handled(office, entry)

    assert [(slip.form, slip.number) for slip in slips] == [("receipt", 1), ("receipt", 2)]
    assert ReceptionSlip.objects.get(form="handling").number == 1


def test_hostile_words_are_set_as_words(office):
    words = '#import "x" \\ $ <script>alert(1)</script> [*] 🚧 ' + "x" * 200
    visitor = replace(WHO, name='<b>"Lò"</b> #let', people=2, representatives="#panic()")

    entry = handled(office, came(office, visitor=visitor, papers=[PaperFacts(title="#{1}")]), words=words)

    assert entry.slips.count() == 1


def test_who_may_not_see_the_visitor_makes_no_slip_of_a_denunciation(office):
    entry = came(office, kind="denunciation")
    with pytest.raises(errors.VisitorKept):
        handled(office, entry, by="thu")
    with pytest.raises(errors.VisitorKept):
        actions.note_grounds(entry.pk, grounds="Lý do", since=MONDAY, actor=office.actor("thu"), at=MONDAY)
    assert handled(office, entry, by="hanh").way == "accepted"
    with pytest.raises(errors.VisitorKept):
        actions.close_entry(entry.pk, result="Xong", actor=office.actor("thu"), at=MONDAY)
    assert "Ghi kết quả" not in said(browser_of(office.people["thu"]).get(f"/can-bo/tiep-dan/{entry.pk}/"))
    assert "Ghi kết quả" in said(browser_of(office.people["hanh"]).get(f"/can-bo/tiep-dan/{entry.pk}/"))


def test_at_the_city_who_only_receives_extends_nothing(office):
    city = office.city.city.pk
    entry = came(office, unit_id=city, by="phung")
    handled(office, entry, by="phung")
    with pytest.raises(NotYourDuty):
        actions.extend(entry.pk, reason="Phức tạp", actor=office.actor("phung"), at=MONDAY)
    Appointment.objects.filter(person=office.people["phung"]).update(duties=[DUTY, LEAD])
    assert actions.extend(entry.pk, reason="Phức tạp", actor=office.actor("phung"), at=MONDAY).extensions == 1


@pytest.mark.parametrize(
    ("title", "extends"),
    [("Chủ tịch", True), ("Phó Chủ tịch", True), ("Phụ trách tiếp công dân", False), ("Chuyên viên", False)],
)
def test_by_the_shipped_posts_a_chair_of_the_city_extends_at_the_city_and_nowhere_else(office, title, extends):
    city = office.city.city
    kind = "department" if title == "Chuyên viên" else "people_committee"
    person = make_officer(city, kind=kind, title=title, name="Lò Thị Đứng", at=MONDAY)
    of_city = handled(office, came(office, unit_id=city.pk, by="phung"), by="phung")
    of_commune = handled(office, came(office))
    actor = actor_for(person, at=MONDAY)

    assert not actor.may(LEAD, unit_id=office.river), "no post of the city signs the dossiers of a commune"
    with pytest.raises(NotYourDuty):
        actions.extend(of_commune.pk, reason="Phức tạp", actor=actor, at=MONDAY)
    if extends:
        assert actions.extend(of_city.pk, reason="Phức tạp", actor=actor, at=MONDAY).extensions == 1
        assert (person.pk in access.leaders_of(city.pk, on=MONDAY.date())) is True
        assert person.pk in dict(chairs_of(city.pk, on=MONDAY.date()))
    else:
        with pytest.raises(NotYourDuty):
            actions.extend(of_city.pk, reason="Phức tạp", actor=actor, at=MONDAY)
        assert person.pk not in access.leaders_of(city.pk, on=MONDAY.date())


def test_the_duty_of_the_city_decides_nothing_in_a_commune(office):
    Appointment.objects.filter(person=office.people["viet"]).update(duties=[DUTY, DECIDE])
    entry = handled(office, came(office))
    with pytest.raises(NotYourDuty):
        actions.extend(entry.pk, reason="Phức tạp", actor=office.actor("viet"), at=MONDAY)

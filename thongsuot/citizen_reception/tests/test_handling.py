"""What is done about a matter: slips, refusals in time, receipts, results, and who is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from thongsuot.citizen_reception import actions
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.facts import PaperFacts
from thongsuot.citizen_reception.models import ReceptionSlip
from thongsuot.citizen_reception.queries import register as queries
from thongsuot.citizen_reception.queries import statistics
from thongsuot.citizen_reception.tests.make import MONDAY, WHO, came
from thongsuot.files.queries import open_checked
from thongsuot.files.tests.make import pdf
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.notices.models import Notice

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


def test_refused_at_once_its_grounds_are_of_that_moment(office):
    entry = handled(office, came(office), "refused", words="Người đến say rượu.")

    assert (entry.grounds, entry.grounds_at, entry.refusal_due_at) == ("Người đến say rượu.", MONDAY, THURSDAY_CLOSE)


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
    assert handled(office, entry, by="hanh").way == "accepted"

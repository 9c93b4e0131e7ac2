"""The limit made longer, once, by a leader: a certification of many pages is not late at 17:00."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from thongsuot.dossiers import actions, documents
from thongsuot.dossiers.actions.errors import AlreadyExtended, AlreadyReappointed, NotExtendable, TooLateToExtend
from thongsuot.dossiers.models import Dossier, Extension, MovedDue, Pause, StepRun
from thongsuot.dossiers.queries import case as cases
from thongsuot.dossiers.queries.dates import due_of
from thongsuot.dossiers.queries.tracking import tracked
from thongsuot.dossiers.queries.worklist import Queue, worklist
from thongsuot.dossiers.rules import resolved_on_time
from thongsuot.dossiers.tests.desk import act_url, browser, case_url, do
from thongsuot.dossiers.tests.make import FIVE_DAYS, MONDAY, STEPS, Town, forward_to, make_town, receive, resolve
from thongsuot.dossiers.tests.test_documents import printed
from thongsuot.dossiers.tests.test_reactions import deliver
from thongsuot.dossiers.tests.test_recomputing import again, at, change
from thongsuot.kernel.deadlines import Limit, LimitUnit
from thongsuot.kernel.errors import BadInput, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.notices.models import Notice
from thongsuot.units.facts import DayFact
from thongsuot.web.tests.words import said

NOON = MONDAY + timedelta(hours=3)
SAME_DAY = Limit(1, LimitUnit.SAME_DAY)
WEDNESDAY_OFF = DayFact(day=at(8).date(), effect="off", name="Nghỉ bão")


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.PUBLIC_URL = "https://vidu.vn"


# Eight hours: the limit of a day.
IN_A_DAY = tuple(
    msgspec.structs.replace(step, minutes=minutes) for step, minutes in zip(STEPS, (60, 60, 120, 60, 120, 60, 0), strict=True)
)


def certifying_town() -> Town:
    return make_town(limit=SAME_DAY, steps=IN_A_DAY, extension_days=2, field="Chứng thực")


@pytest.fixture(scope="module")
def begins_with():
    return certifying_town


def extend(town: Town, dossier: Dossier, *, when=NOON, by="hanh", **changes) -> Dossier:
    given = {"days": 2, "reason": "Bản chính 200 trang", **changes}
    return actions.extend(dossier.pk, **given, actor=town.actor(by, when), at=when)


def test_two_working_days_more_with_a_line_in_the_history_and_a_letter(town):
    dossier = receive(town)
    step_due = StepRun.objects.get(dossier=dossier).due_at
    assert dossier.due_at == at(6)

    extend(town, dossier)

    moved, event = again(dossier), history_of(dossier)[-1]
    assert (moved.due_at, moved.warn_at > at(7)) == (at(8), True)
    run = StepRun.objects.get(dossier=dossier)
    assert run.due_at == step_due + timedelta(days=2)
    assert (event.name, event.facts["days"], event.facts["reason"]) == ("dossiers.extended", 2, "Bản chính 200 trang")
    assert deliver() == ["received", "extended"]
    letter = Notice.objects.get(key="extended").body
    assert "Hẹn cũ: 06/10/2025 17:00" in letter
    assert "Hẹn mới: 08/10/2025 17:00" in letter
    assert "Bản chính 200 trang" in letter
    assert "Kéo dài 2 ngày làm việc" in printed(dossier, documents.Meaning.CONTROL_SLIP)


def test_bars_count_the_days_added_wherever_they_are_drawn(town):
    dossier, plain = receive(town), receive(town)
    extend(town, dossier)
    now = at(7, 9)

    dues = {row.id: row.due for row in worklist(town.actor("hanh", now), queue=Queue.ALL, now=now).rows}
    followed, due = tracked(dossier.code), dues[dossier.pk]

    assert (due.blocks, due.used, due.left, due.in_hours) == (3, 2, 1, False)
    assert (dues[plain.pk].blocks, dues[plain.pk].in_hours) == (8, True)
    assert cases.case_page(again(dossier), now=now).due == due
    assert due_of(followed, followed.version, now=now) == due


def test_what_is_done_by_the_new_day_is_on_time(town):
    extended, plain = receive(town), receive(town)
    extend(town, extended)

    done = [resolve(town, again(one), at=at(8, 16)) for one in (extended, plain)]

    assert [resolved_on_time(one.resolved_at, one.due_at) for one in done] == [True, False]
    assert [history_of(one)[-1].facts["on_time"] for one in done] == [True, False]


def test_more_days_than_the_procedure_gives_need_an_agreement_in_writing(town):
    dossier = receive(town)

    for wrong, field in ({"days": 3}, "agreement"), ({"days": 0}, "days"), ({"days": 366}, "days"), ({"reason": " "}, "reason"):
        with pytest.raises(BadInput) as refusal:
            extend(town, dossier, **wrong)
        assert list(refusal.value.problems) == [field]
    assert again(dossier).due_at == at(6)

    extend(town, dossier, days=5, agreement="Giấy thỏa thuận ngày 06/10/2025")
    assert again(dossier).due_at == at(13)
    assert Extension.objects.get().agreement == "Giấy thỏa thuận ngày 06/10/2025"


def test_only_certification_is_made_longer_by_agreement(db):
    town = make_town(limit=FIVE_DAYS, extension_days=20)
    with pytest.raises(BadInput) as refusal:
        extend(town, receive(town), days=21, agreement="Giấy thỏa thuận")
    assert "từ 1 đến 20" in refusal.value.problems["days"]


def test_once_by_a_leader_and_while_the_limit_runs(town):
    dossier, late, apologised = receive(town), receive(town), receive(town)
    for nobody in ("lan", "toan"):
        with pytest.raises(NotYourDuty):
            extend(town, dossier, by=nobody)
    extend(town, dossier, by="viet")
    with pytest.raises(AlreadyExtended):
        extend(town, dossier)
    with pytest.raises(TooLateToExtend):
        extend(town, late, when=at(7, 9))
    actions.reappoint(apologised.pk, new_at=at(9, 16), reason="chậm", actor=town.actor("viet"), at=NOON)
    with pytest.raises(AlreadyReappointed):
        extend(town, apologised)
    assert (again(dossier).due_at, again(late).due_at, again(apologised).due_at) == (at(8), at(6), at(6))


def test_a_procedure_that_gives_no_days_is_not_extended(db):
    town = make_town()
    dossier = receive(town)
    with pytest.raises(NotExtendable):
        extend(town, dossier)
    assert "keo-dai" not in offered(town, dossier)


def test_a_change_of_the_calendar_counts_the_extension_again(town):
    dossier = receive(town)
    extend(town, dossier)

    change(town, add=(WEDNESDAY_OFF,))

    assert again(dossier).due_at == at(9)
    assert list(MovedDue.objects.values_list("outcome", flat=True)) == ["later"]
    assert StepRun.objects.get(dossier=dossier).due_at <= at(9)


def test_pauses_before_and_after_it_are_run_through_in_their_order(town):
    dossier = receive(town)
    actions.request_payment(dossier.pk, reason="phí", actor=town.actor("lan"), at=MONDAY + timedelta(hours=1))
    actions.confirm_payment(dossier.pk, actor=town.actor("lan"), at=at(7, 10))
    extend(town, dossier, when=at(7, 11))
    actions.request_payment(dossier.pk, reason="phí", actor=town.actor("lan"), at=at(7, 14))
    actions.confirm_payment(dossier.pk, actor=town.actor("lan"), at=at(8, 14))
    before = again(dossier).due_at
    assert Pause.objects.count() == 2

    change(town, add=(DayFact(day=at(13).date(), effect="off", name="Nghỉ bão"),))

    assert again(dossier).due_at == before
    assert not MovedDue.objects.exists()

    change(town, add=(DayFact(day=at(9).date(), effect="off", name="Nghỉ bão"),), when=at(8, 15))
    assert "by_hand" not in MovedDue.objects.values_list("outcome", flat=True)


def offered(town: Town, dossier: Dossier, by: str = "hanh", *, now=NOON) -> dict[str, str]:
    page = cases.case_page(again(dossier), now=now)
    return {one.key: one.because for one in cases.next_actions(page, actor=town.actor(by))}


def test_the_page_offers_it_to_leaders_and_says_why_not(town):
    dossier, late = receive(town), receive(town)
    assert offered(town, dossier)["keo-dai"] == ""
    assert "keo-dai" not in offered(town, dossier, "lan")
    assert offered(town, late, now=at(7, 9))["keo-dai"] == "Đã quá hẹn trả."
    extend(town, dossier)
    assert offered(town, dossier)["keo-dai"] == "Đã kéo dài một lần."


def test_a_leader_extends_through_the_page(town, clock):
    dossier = forward_to(town, receive(town), "ky", at=MONDAY)
    hanh = browser(town, "hanh")
    form = said(hanh.get(act_url(dossier, "keo-dai")))
    assert "Thủ tục cho kéo dài nhiều nhất 2 ngày làm việc." in form

    refused = do(hanh, dossier, "keo-dai", days=4, reason="Bản chính 200 trang")
    assert refused.status_code == 422
    assert "phải được người yêu cầu đồng ý bằng văn bản" in said(refused)
    assert do(hanh, dossier, "keo-dai", days=2, reason="Bản chính 200 trang").status_code == 302

    page = said(hanh.get(case_url(dossier)))
    assert "Kéo dài 2 ngày làm việc. Hẹn trả từ 06/10/2025 17:00 thành 08/10/2025 17:00." in page

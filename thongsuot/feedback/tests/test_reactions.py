"""Who is told what of a ticket, once, whatever the worker does twice; nobody at night."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from thongsuot.feedback import actions
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.tests.make import ANYONE, DAY, HOUR, MINUTE, MONDAY, SENDER, WORKER, a_photo
from thongsuot.feedback.tests.telling import delivering
from thongsuot.kernel.working_time import VIET_NAM
from thongsuot.notices.models import Notice


@pytest.fixture
def deliver(desk, settings, monkeypatch):
    return delivering(settings, monkeypatch)


MAU = SENDER.name


def test_the_whole_way_is_told_once_each(desk, deliver):
    ticket = desk.accepted()
    actions.ask(ticket.pk, "Trước nhà số mấy?", actor=desk.actor("toan"), at=MONDAY)
    assert deliver() == [("feedback_routed", MAU), ("feedback_asked", MAU)]
    actions.reply(ticket.pk, "Số 9", secret=ticket.secret, actor=ANYONE, at=MONDAY)
    actions.message(ticket.pk, "Chiều nay đội đến", actor=desk.actor("toan"), at=MONDAY)
    desk.answered(ticket=FeedbackTicket.objects.get(pk=ticket.pk))
    assert [key for key, _name in deliver()][2:] == ["feedback_message", "feedback_answered"]
    said = Notice.objects.get(key="feedback_answered")
    assert "Đã vá xong chỗ hỏng." in said.body
    assert ticket.secret not in said.body, "whoever reads the outbox must not act as the sender"
    assert (said.email, said.unit_id, said.about_id) == (SENDER.email, desk.river, ticket.pk)


def test_what_waits_for_an_operator_is_acknowledged_and_a_refusal_says_why(desk, deliver):
    ticket = desk.report(category="trat-tu")
    assert deliver() == [("feedback_received", MAU)]
    actions.refuse(ticket.pk, "unclear", words="Chưa rõ ở đâu.", actor=desk.actor("ngan"), at=MONDAY)
    assert deliver()[1:] == [("feedback_refused", MAU)]
    assert "Nội dung chưa rõ. Chưa rõ ở đâu." in Notice.objects.get(key="feedback_refused").body


def test_every_sender_of_one_thing_gets_the_answer_by_their_own_link(desk, deliver):
    parent = desk.report()
    child = desk.report(sender=replace(SENDER, name="Lục Thị Hai", phone="0912000997", email=""))
    joined = desk.report(same_as=parent.number, sender=replace(SENDER, name="Ông Văn Ba", phone="0912000996", email=""))
    actions.merge(parent.pk, [child.pk], actor=desk.actor("ngan"), at=MONDAY)
    desk.answered(ticket=actions.accept(parent.pk, actor=desk.actor("toan"), at=MONDAY))
    told = deliver()
    assert sorted(name for key, name in told if key == "feedback_answered") == sorted([MAU, "Lục Thị Hai", "Ông Văn Ba"])
    assert sorted(name for key, name in told if key == "feedback_merged") == ["Lục Thị Hai", "Ông Văn Ba"]
    assert joined.parent_id == parent.pk


def test_urgent_and_rungs_reach_those_who_must_act(desk, deliver):
    ticket = desk.report(urgent=True)
    assert ("feedback_urgent", "Nguyễn Văn Toàn") in deliver()
    actions.accept(ticket.pk, actor=desk.actor("toan"), at=MONDAY)
    for at, told in (
        (MONDAY + 2 * HOUR, ["Nguyễn Văn Toàn"]),
        (MONDAY + 4 * HOUR + 15 * MINUTE, ["Phạm Thị Hạnh", "Lê Thị Tâm"]),
        (MONDAY + 5 * HOUR, ["Ngân Thị Nghe", "Trương Văn Trưởng"]),
        (MONDAY + DAY + 8 * HOUR, ["Trương Văn Trưởng"]),
    ):
        actions.climb(ticket.pk, actor=WORKER, at=at)
        before = Notice.objects.filter(key="feedback_rung").count()
        deliver(at)
        names = Notice.objects.filter(key="feedback_rung").order_by("id").values_list("to_name", flat=True)[before:]
        assert sorted(names) == sorted(told)
    assert Notice.objects.filter(key="feedback_late").count() == 1


def test_what_a_worker_comes_to_at_night_waits_for_the_morning(desk, deliver):
    ticket = desk.accepted(urgent=True)
    actions.climb(ticket.pk, actor=WORKER, at=MONDAY + 2 * HOUR)
    deliver(datetime(2025, 10, 6, 23, 0, tzinfo=VIET_NAM))
    assert not Notice.objects.filter(key__in=["feedback_rung", "feedback_urgent"]).exists()
    waiting = ProcrastinateJob.objects.filter(task_name="feedback.remind")
    assert {job.scheduled_at for job in waiting} == {datetime(2025, 10, 7, 8, 0, tzinfo=VIET_NAM)}


def test_pictures_are_drawn_without_their_facts(desk, deliver):
    ticket = desk.report(photos=[a_photo()])
    deliver()
    photo = ticket.photos.get()
    assert photo.shown is not None
    assert photo.shown.blob_id != photo.original.blob_id


def test_whose_name_was_forgotten_is_told_nothing(desk, deliver):
    ticket = desk.report()
    ticket.reporter.forgotten_at, ticket.reporter.phone, ticket.reporter.email = MONDAY, "", ""
    ticket.reporter.save()
    assert deliver() == []


def test_who_must_do_a_step_is_told_and_nobody_is_told_what_is_so_no_more(desk, deliver):
    ticket = desk.report()
    half, near = MONDAY + 5 * HOUR, datetime(2025, 10, 6, 16, 24, tzinfo=VIET_NAM)
    actions.arm_steps(at=MONDAY)
    actions.climb(ticket.pk, actor=WORKER, at=half)
    told = [name for key, name in deliver(half) if key == "feedback_step"]
    assert "Nguyễn Văn Toàn" in told
    said = Notice.objects.filter(key="feedback_step").first()
    assert said is not None
    assert "Đơn vị nhận việc, kiểm tra tại chỗ" in said.body
    actions.climb(ticket.pk, actor=WORKER, at=near)
    actions.accept(ticket.pk, actor=desk.actor("toan"), at=near)
    assert len([key for key, _name in deliver(near) if key == "feedback_step"]) == len(told)


def test_an_operators_step_is_told_to_who_took_it_and_to_who_leads_them(desk, deliver):
    ticket = desk.report(category="")
    actions.take(ticket.pk, actor=desk.actor("ngan"), at=MONDAY)
    actions.arm_steps(at=MONDAY)
    for at, told in (
        (MONDAY + 2 * HOUR, ["Ngân Thị Nghe"]),
        (MONDAY + 4 * HOUR + 15 * MINUTE, ["Trương Văn Trưởng"]),
        (MONDAY + 5 * HOUR, ["Ngân Thị Nghe", "Trương Văn Trưởng"]),
    ):
        actions.climb(ticket.pk, actor=WORKER, at=at)
        before = Notice.objects.filter(key="feedback_step").count()
        deliver(at)
        names = Notice.objects.filter(key="feedback_step").order_by("id").values_list("to_name", flat=True)[before:]
        assert sorted(names) == told


def test_nobody_is_told_that_it_is_late_when_it_was_answered_meanwhile(desk, deliver):
    ticket = desk.accepted(urgent=True)
    actions.climb(ticket.pk, actor=WORKER, at=MONDAY + 5 * HOUR)
    desk.answered(MONDAY + 5 * HOUR + MINUTE, ticket=FeedbackTicket.objects.get(pk=ticket.pk))
    told = {key for key, _name in deliver(MONDAY + 6 * HOUR)}
    assert not told & {"feedback_late", "feedback_rung"}


def test_taken_off_and_hung_there_again_its_sender_is_told_again(desk, deliver):
    other = replace(SENDER, name="Lục Thị Hai", phone="0912000997", email="")
    child, parent, ngan = desk.report(sender=other), desk.report(), desk.actor("ngan")

    def merged() -> int:
        actions.merge(parent.pk, [child.pk], actor=ngan, at=MONDAY)
        return deliver().count(("feedback_merged", "Lục Thị Hai"))

    assert merged() == 1
    actions.unmerge(child.pk, actor=ngan, at=MONDAY)
    deliver()
    assert merged() == 2

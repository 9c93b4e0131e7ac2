"""Writing, sending, trying again: with a mail server that keeps state and misbehaves."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from thongsuot.kernel.actor import system
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotFound, NotYourDuty, TellPerson
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.notices import actions, delivery, events, rules, tasks
from thongsuot.notices.models import Notice
from thongsuot.notices.rules import Recipient
from thongsuot.notices.tests.make import MINH, MONDAY, context_for, make_notice
from thongsuot.people.tests.make import actor, make_administrator, make_officer

WORKER = system("worker")


def jobs():
    return list(ProcrastinateJob.objects.filter(task_name="notices.send").order_by("id"))


def deliver(notice, *, at=MONDAY):
    delivery.deliver(notice.pk, actor=WORKER, at=at)
    notice.refresh_from_db()
    return notice


def names(notice):
    return [row.name for row in history_of(notice)]


def test_without_a_mail_server_a_notice_is_kept_and_no_job_is_made(city):
    notice = make_notice(city.river.pk)

    assert (notice.state, notice.channel, notice.email, notice.phone) == ("kept", "email", "minh@vidu.vn", "0912000048")
    assert jobs() == []
    assert names(notice) == ["notices.queued"]


def test_a_letter_goes_out_as_it_was_written(city, mail_server):
    notice = make_notice(city.river.pk)
    assert notice.state == "queued"
    assert [job.args for job in jobs()] == [{"notice_id": notice.pk, "way": "smtp"}]

    tasks.send(notice.pk)

    notice.refresh_from_db()
    assert notice.state == "sent"
    [mail] = mail_server.taken
    assert mail["To"] == "minh@vidu.vn"
    assert mail["From"] == "Thông Suốt <bao-tin@vidu.vn>"
    assert mail["Subject"].strip() == notice.subject == "Đã nhận hồ sơ H98.1-251117-0011, hẹn trả 18/11/2025 09:00"
    assert mail["Message-ID"] == f"<notice-{notice.deliveries.get(way='smtp').reference}@vidu.vn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n") == notice.body
    assert names(notice) == ["notices.queued", "notices.sent"]


def test_the_same_send_key_is_one_notice_even_with_other_words(city, mail_server):
    first = make_notice(city.river.pk, send_key="dossiers.received/1")
    second = make_notice(city.river.pk, send_key="dossiers.received/1", procedure="Khác")

    assert first == second
    assert Notice.objects.count() == 1
    assert len(jobs()) == 1


def test_a_notice_falls_with_the_command_that_wrote_it(city, mail_server):
    @command
    def receive():
        make_notice(city.river.pk)
        raise NotFound

    with pytest.raises(NotFound):
        receive()

    assert not Notice.objects.exists()
    assert jobs() == []


def test_a_notice_asked_for_twice_in_a_command_does_not_break_it(city):
    make_notice(city.river.pk, send_key="a")

    @command
    def again():
        notice = make_notice(city.river.pk, send_key="a")
        record(events.KEPT, notice, actor=WORKER, at=MONDAY)

    again()
    assert Notice.objects.count() == 1


def test_a_broken_constraint_is_not_taken_for_a_repetition(city):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        actions.queue(
            "received",
            to=replace(MINH, name="x"),
            about=None,
            unit_id=city.river.pk,
            context=context_for("received"),
            send_key=None,
            actor=WORKER,
            at=MONDAY,
        )


def test_a_job_that_runs_twice_sends_once(city, mail_server):
    notice = make_notice(city.river.pk)

    tasks.send(notice.pk)
    tasks.send(notice.pk)

    assert len(mail_server.taken) == 1


@pytest.mark.parametrize("email", ["minh", "minh@vidu.vn\nBcc: lan@vidu.vn", "minh@vidu.vn, lan@vidu.vn", "mình@vidu.vn"])
def test_a_wrong_address_stops_nothing_and_is_listed(city, mail_server, email):
    notice = make_notice(city.river.pk, to=Recipient(name="Minh", email=email))

    assert (notice.state, notice.trouble) == ("failed", "bad_address")
    assert jobs() == []
    assert mail_server.sessions == 0


def test_a_telephone_alone_or_nothing_is_kept(city, mail_server):
    by_phone = make_notice(city.river.pk, to=Recipient(name="Minh", phone="+84 912 000 048"))
    nowhere = make_notice(city.river.pk, to=Recipient(name="Minh"))

    assert (by_phone.channel, by_phone.state, by_phone.phone) == ("phone", "kept", "+84912000048")
    assert (nowhere.channel, nowhere.state) == ("none", "kept")
    assert jobs() == []


def test_no_header_can_be_slipped_in(city, mail_server):
    notice = make_notice(
        city.river.pk,
        to=Recipient(name="Minh\r\nBcc: lan@vidu.vn", email="minh@vidu.vn"),
        code="H98\r\nBcc: lan@vidu.vn\r\n\r\nthư khác",
    )

    deliver(notice)

    [mail] = mail_server.taken
    assert mail["Bcc"] is None
    assert mail["To"] == "minh@vidu.vn"
    assert mail["Subject"].strip().startswith("Đã nhận hồ sơ H98 Bcc: lan@vidu.vn thư khác")


LATER = [
    {"RCPT": ["450 mailbox busy"]},
    {"MAIL": ["421 too many"]},
    {"BODY": ["451 try later"]},
    {"EHLO": ["hang up"]},
    {"BODY": ["hang up"]},
    {"DATA": ["421 closing"]},
    {"MAIL": ["550 sender unknown"]},
]


@pytest.mark.parametrize("answers", LATER, ids=str)
def test_a_server_that_says_later_is_asked_again(city, mail_server, answers):
    notice = make_notice(city.river.pk)
    mail_server.answers.update({word: list(lines) for word, lines in answers.items()})

    deliver(notice)

    assert (notice.state, notice.attempts) == ("queued", 1)
    assert notice.trouble in {"server", "refused_address", "refused_content"}
    assert notice.next_attempt_at == MONDAY + timedelta(minutes=1)
    assert jobs()[-1].scheduled_at == notice.next_attempt_at
    assert names(notice) == ["notices.queued", "notices.postponed"]

    deliver(notice, at=notice.next_attempt_at)

    assert (notice.state, notice.attempts, notice.trouble) == ("sent", 2, "")
    assert len(mail_server.taken) == 1


def test_no_server_at_all_is_later_too(city, mail_server):
    notice = make_notice(city.river.pk)
    mail_server.stop()

    deliver(notice)

    assert (notice.state, notice.trouble) == ("queued", "server")


@pytest.mark.parametrize(
    ("answers", "trouble"),
    [({"RCPT": ["550 no such user minh@vidu.vn"]}, "refused_address"), ({"BODY": ["554 looks like spam"]}, "refused_content")],
)
def test_a_final_no_is_final_and_quotes_nobody(city, mail_server, answers, trouble, caplog):
    notice = make_notice(city.river.pk)
    mail_server.answers.update(answers)

    deliver(notice)
    deliver(notice)

    assert (notice.state, notice.trouble, notice.attempts) == ("failed", trouble, 1)
    assert len(jobs()) == 1
    assert names(notice) == ["notices.queued", "notices.failed"]
    assert "minh" not in str([row.facts for row in history_of(notice)])
    assert "minh" not in caplog.text


def test_it_is_given_up_after_the_last_wait(city, mail_server):
    notice = make_notice(city.river.pk)
    mail_server.answers["RCPT"] = ["450 busy"] * 20
    at = MONDAY

    for _ in range(len(rules.WAITS) + 1):
        deliver(notice, at=at)
        at = notice.next_attempt_at or at

    assert (notice.state, notice.attempts) == ("failed", len(rules.WAITS) + 1)
    assert len(jobs()) == len(rules.WAITS) + 1
    assert mail_server.taken == []


def test_when_the_mail_server_is_taken_away_a_waiting_notice_is_kept(city, mail_server, settings):
    notice = make_notice(city.river.pk)
    settings.EMAIL_HOST = ""

    deliver(notice)

    assert notice.state == "kept"
    assert names(notice) == ["notices.queued", "notices.kept"]


def test_a_crash_after_the_server_took_it_sends_the_same_message_again(city, mail_server, monkeypatch):
    notice = make_notice(city.river.pk)

    def crash(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(actions, "note_sent", crash)
        with pytest.raises(KeyboardInterrupt):
            deliver(notice)
    deliver(notice)

    assert notice.state == "sent"
    assert len({mail["Message-ID"] for mail in mail_server.taken}) == 1
    assert len(mail_server.taken) == 2


@pytest.mark.django_db(transaction=True)
def test_two_jobs_at_once_send_once(mail_server):
    from thongsuot.units.tests.make import make_city

    notice = make_notice(make_city().river.pk)

    assert at_once(*[lambda: tasks.send(notice.pk)] * 4) == []
    assert len(mail_server.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_message_written_at_once_is_one():
    from thongsuot.units.tests.make import make_city

    unit_id = make_city().river.pk
    together = threading.Barrier(6)

    def write():
        together.wait(10)
        make_notice(unit_id, send_key="one")

    assert at_once(*[write] * 6) == []
    assert Notice.objects.count() == 1
    assert Event.objects.filter(name="notices.queued").count() == 1


def test_what_failed_can_be_sent_again(city, mail_server):
    keeper = actor(make_administrator(city.city))
    notice = make_notice(city.river.pk)
    mail_server.answers["RCPT"] = ["550 no such user"]
    deliver(notice)

    actions.send_again(notice.pk, actor=keeper, at=MONDAY)
    deliver(notice)

    assert (notice.state, notice.attempts, notice.trouble) == ("sent", 1, "")
    assert len(mail_server.taken) == 1
    assert names(notice) == ["notices.queued", "notices.failed", "notices.queued_again", "notices.sent"]


def unchanged_after(refusal, notice, keeper):
    before, events_before, jobs_before = Notice.objects.values().get(pk=notice.pk), Event.objects.count(), len(jobs())
    with pytest.raises(refusal) as refused:
        actions.send_again(notice.pk, actor=keeper, at=MONDAY)
    assert Notice.objects.values().get(pk=notice.pk) == before
    assert (Event.objects.count(), len(jobs())) == (events_before, jobs_before)
    assert isinstance(refused.value, TellPerson)
    assert refused.value.message()


def test_what_cannot_be_sent_again_says_why_and_changes_nothing(city, mail_server, settings):
    keeper = actor(make_administrator(city.city))
    waiting = make_notice(city.river.pk)
    unchanged_after(actions.NoticeOnItsWay, waiting, keeper)
    unchanged_after(actions.NoticeHasNoAddress, make_notice(city.river.pk, to=Recipient(name="Minh", phone="0912")), keeper)
    unchanged_after(actions.NoticeHasNoAddress, make_notice(city.river.pk, to=Recipient(name="Minh", email="minh")), keeper)
    sent = deliver(waiting)
    unchanged_after(NotYourDuty, sent, actor(make_officer(city.river)))
    settings.EMAIL_HOST = ""
    unchanged_after(actions.NoWayConnected, sent, keeper)
    with pytest.raises(NotFound):
        actions.send_again(0, actor=keeper, at=MONDAY)


def test_an_administrator_of_one_ward_has_no_say_over_another(city, mail_server):
    keeper = actor(make_administrator(city.hill))

    unchanged_after(NotYourDuty, deliver(make_notice(city.river.pk)), keeper)

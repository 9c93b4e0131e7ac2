"""Reports by e-mail: from a mailbox and from a pipe, once; what is no report is not answered; a reply needs its proof."""

from __future__ import annotations

import subprocess
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import override_settings

from thongsuot.feedback import actions, tasks
from thongsuot.feedback.actions import holding
from thongsuot.feedback.mail_in import mailbox
from thongsuot.feedback.models import FeedbackTicket, IncomingMail, Message, Reporter
from thongsuot.feedback.tests.imap_server import Box, mailbox_of
from thongsuot.feedback.tests.letters import letter, raw
from thongsuot.feedback.tests.make import HOUR, MINUTE, MONDAY, make_desk
from thongsuot.kernel.models import Event
from thongsuot.notices.models import Delivery, Notice

pytestmark = pytest.mark.django_db
Refused = IncomingMail.Refused


@pytest.fixture(autouse=True)
def mail_settings(settings):
    settings.EMAIL_HOST, settings.FEEDBACK_MAIL, settings.CITY_CODE = "mail.invalid", "phananh@vidu.vn", "98"
    settings.REPLY_ADDRESSES = {"feedback": "phananh@vidu.vn"}
    settings.FEEDBACK_AUTHSERV = ["mx.vidu.vn"]


def take(desk, content: bytes | None = None, at=MONDAY, whole=True, **said) -> IncomingMail:
    return actions.take_mail(desk.whole, content if content is not None else raw(**said), whole=whole, at=at)


def told(ticket: FeedbackTicket, at=MONDAY, email="mau@vidu.vn") -> str:
    """The reference of a letter that the sender of a ticket was sent."""
    from thongsuot.notices.actions import queue
    from thongsuot.notices.rules import Recipient

    context = {
        "code": ticket.number,
        "procedure": "Ổ gà",
        "agency": "Thành phố",
        "contact": "1022",
        "link": "https://vidu.vn/x/",
    }
    notice = queue(
        "feedback_received",
        to=Recipient(name="Lò Văn Mẫu", email=email),
        about=ticket,
        unit_id=ticket.city_id,
        context=context,
        send_key=f"{ticket.pk}/{email}",
        useful_until=at + timedelta(days=30),
        actor=tasks.system("worker"),
        at=at,
    )
    return Delivery.objects.get(notice=notice, way="smtp").reference


def test_a_letter_becomes_a_ticket_with_its_pictures(desk):
    row = take(desk, photos=2)

    ticket = FeedbackTicket.objects.get()
    sender = Reporter.objects.get()
    assert (row.ticket, row.refused, row.told) == (ticket, "", False)
    assert (ticket.channel, ticket.state, ticket.category) == ("email", "new", None)
    assert ticket.words.startswith("Ổ gà phố Bến\nỔ gà sâu trước cổng trường")
    assert (sender.name, sender.email, sender.phone) == ("Lò Văn Mẫu", "mau@vidu.vn", "")
    assert ticket.photos.count() == 2
    assert not Notice.objects.filter(key="feedback_mail_refused").exists()


def test_the_same_letter_twice_by_whatever_way_is_one_ticket(desk):
    first = take(desk)

    assert take(desk, raw().replace(b"\r\n", b"\n"), at=MONDAY + HOUR) == first
    assert take(desk, b"Received: x\r\n" + raw()) == first
    assert FeedbackTicket.objects.count() == IncomingMail.objects.count() == 1


@pytest.mark.parametrize("bad", [{"Auto_Submitted": "auto-replied"}, {"List_Id": "<x>"}, {"sender": "phananh@vidu.vn"}])
def test_robots_lists_and_ourselves_get_neither_a_ticket_nor_an_answer(desk, bad):
    row = take(desk, **bad)

    assert (row.ticket, row.told) == (None, False)
    assert row.refused in {Refused.AUTOMATIC, Refused.LIST, Refused.OWN}
    assert not FeedbackTicket.objects.exists()
    assert not Notice.objects.exists()
    assert Event.objects.get(name="feedback.mail_refused").facts == {"why": row.refused, "told": False}


def test_what_we_answer_says_itself_that_a_machine_wrote_it(desk):
    """So that two machines never talk: the other one leaves ours unanswered, and we leave its."""
    answered = raw(Auto_Submitted="auto-generated", sender="Hệ thống khác <phananh@tinhkhac.vn>")

    assert take(desk, answered).refused == Refused.AUTOMATIC


def test_one_that_is_too_short_is_kept_without_its_words_and_answered(desk):
    row = take(desk, words="Hỏng", subject="a")

    assert (row.refused, row.told) == (Refused.UNFIT, True)
    assert not FeedbackTicket.objects.exists()
    notice = Notice.objects.get(key="feedback_mail_refused")
    assert notice.email == "mau@vidu.vn"
    assert "ít nhất 10 ký tự" in notice.body
    kept = [str(getattr(row, field.attname)) for field in IncomingMail._meta.fields]
    assert not any(word in " ".join(kept) for word in ("Hỏng", "mau@", "Mẫu"))


def test_too_large_ones_are_answered_from_their_head_alone(desk):
    row = take(desk, raw(), whole=False)

    assert (row.refused, row.told) == (Refused.TOO_LARGE, True)
    assert "30 MB" in Notice.objects.get().body


def test_who_writes_too_much_waits_and_loses_nothing(desk):
    for n in range(10):
        take(desk, number=str(n), at=MONDAY + n * MINUTE)

    with pytest.raises(actions.MailWaits) as waits:
        take(desk, number="10", at=MONDAY + 10 * MINUTE)

    assert (waits.value.why, waits.value.until) == ("sender", MONDAY + HOUR)
    assert take(desk, number="10", at=MONDAY + HOUR).ticket
    assert not Notice.objects.filter(key="feedback_mail_refused").exists()


def test_files_that_are_no_pictures_are_told_and_the_report_is_taken(desk):
    message = letter(photos=6)
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="don.pdf")

    ticket = take(desk, raw(message)).ticket

    said = Message.objects.get(ticket=ticket)
    assert (said.by_sender, ticket.photos.count()) == (False, 5)
    assert "don.pdf; anh5.jpg" in said.words


def test_a_reply_to_our_letter_is_said_in_its_ticket(desk):
    ticket = take(desk).ticket
    reference = told(ticket)
    answer = "Ngay cổng chính.\n\nVào Th 2, 6 thg 10, 2025 Phản ánh <phananh@vidu.vn> đã viết:\n> Bạn cho biết"

    row = take(desk, words=answer, number="2", In_Reply_To=f"<notice-{reference}@vidu.vn>", photos=1)

    assert row.ticket == ticket
    said = Message.objects.get(ticket=ticket, by_sender=True)
    assert (said.words, said.photos.count()) == ("Ngay cổng chính.", 1)
    assert take(desk, words=answer, number="2", References=f"<notice-{reference}@vidu.vn>") == row
    assert Message.objects.filter(by_sender=True).count() == 1


def test_a_reply_lets_what_was_asked_go_on(desk):
    ticket = take(desk).ticket
    actions.ask(ticket.pk, "Trước nhà số mấy?", actor=desk.actor("ngan"), at=MONDAY + HOUR)
    reference = told(ticket)

    take(desk, words="Trước nhà số 12.", number="2", References=f"<a@b> <notice-{reference}@x>", at=MONDAY + 2 * HOUR)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.paused_at) == ("new", None)


@pytest.mark.parametrize("proof", ["number", "foreign reference", "officer", "foreign link", "made up"])
def test_a_number_or_what_another_was_sent_proves_nothing(desk, proof):
    ticket = desk.report()
    stranger = "Kẻ Lạ <la@vidu.vn>"
    said = {
        "number": {"sender": stranger, "subject": f"Re: [{ticket.number}]"},
        "foreign reference": {"sender": stranger, "In_Reply_To": f"<notice-{told(ticket)}@vidu.vn>"},
        "officer": {"sender": "toan@vidu.vn", "In_Reply_To": f"<notice-{told(ticket, email='toan@vidu.vn')}@vidu.vn>"},
        "foreign link": {"sender": stranger, "words": f"Xem https://vidu.vn/phan-anh/theo-doi/{ticket.secret}/ rồi trả lời"},
        "made up": {"In_Reply_To": f"<notice-{'0' * 32}@vidu.vn>"},
    }[proof]

    row = take(desk, number="2", **said)

    assert row.ticket != ticket
    assert not ticket.messages.exists()
    assert row.ticket.channel == "email"


def test_the_secret_link_of_ones_own_ticket_is_proof(desk):
    ticket = desk.report()

    row = take(desk, words=f"Đã vá rồi, cảm ơn.\n\n> Theo dõi: https://vidu.vn/phan-anh/theo-doi/{ticket.secret}/", number="2")

    assert row.ticket == ticket
    assert ticket.messages.get().words == "Đã vá rồi, cảm ơn."


def test_a_reply_to_what_has_ended_is_answered_in_plain_words(desk):
    ticket = take(desk).ticket
    actions.take(ticket.pk, actor=desk.actor("ngan"), at=MONDAY)
    actions.refuse(ticket.pk, "unclear", words="Chưa rõ nơi nào.", actor=desk.actor("ngan"), at=MONDAY)

    row = take(desk, words="Ở phố Bến, trước cổng.", number="2", In_Reply_To=f"<notice-{told(ticket)}@x>")

    assert (row.refused, row.told) == (Refused.UNFIT, True)
    assert "đã khép lại" in Notice.objects.get(key="feedback_mail_refused").body


def test_our_letters_about_tickets_ask_for_answers_where_they_are_read(desk, monkeypatch):
    from django.core.mail import EmailMessage

    from thongsuot.notices.delivery import deliver

    sent = []
    monkeypatch.setattr(EmailMessage, "send", lambda self: sent.append(self))
    told(desk.report())

    deliver(Notice.objects.get(key="feedback_received").pk, actor=tasks.system("worker"), at=MONDAY)

    assert sent[0].reply_to == ["phananh@vidu.vn"]
    assert sent[0].extra_headers["Auto-Submitted"] == "auto-generated"


# --- The mailbox ---


def fetch(url: str) -> None:
    with override_settings(FEEDBACK_IMAP=url, FEEDBACK_IMAP_PASSWORD="right"):
        tasks.fetch_mail(0)


def test_unread_letters_are_taken_and_marked(desk):
    box = Box(letters=[raw(number="1"), raw(number="2", words="Hỏng", subject=""), raw(number="3", List_Id="<x>")])
    with mailbox_of(box) as url:
        fetch(url)
        fetch(url)

    assert FeedbackTicket.objects.count() == 1
    assert [row.refused for row in IncomingMail.objects.order_by("pk")] == ["", Refused.UNFIT, Refused.LIST]
    assert (box.seen, box.handed) == ({1, 2, 3}, 3)


@pytest.mark.parametrize("trick", [{"twice": True}, {"forgets": True}])
def test_a_mailbox_that_gives_letters_again_makes_no_second_ticket(desk, trick):
    box = Box(letters=[raw(number="1"), raw(number="2")], **trick)
    with mailbox_of(box) as url:
        fetch(url)
        fetch(url)

    assert FeedbackTicket.objects.count() == IncomingMail.objects.count() == 2


def test_a_line_that_breaks_keeps_what_was_taken_and_the_rest_for_later(desk):
    box = Box(letters=[raw(number=str(n)) for n in range(1, 4)], drop_after=1)
    with mailbox_of(box) as url:
        fetch(url)
        assert (FeedbackTicket.objects.count(), box.seen) == (1, {1})
        box.drop_after = None
        fetch(url)

    assert (FeedbackTicket.objects.count(), box.seen) == (3, {1, 2, 3})


def test_nothing_is_marked_before_it_is_kept_and_one_bad_letter_holds_up_none(desk, monkeypatch):
    box, real = Box(letters=[raw(number="1"), raw(number="2")]), actions.take_mail

    def failing(city_id, content, **said):
        if b"letter-1@" in content:
            raise ZeroDivisionError
        return real(city_id, content, **said)

    with mailbox_of(box) as url:
        monkeypatch.setattr(holding, "take_mail", failing)
        fetch(url)
        assert (FeedbackTicket.objects.count(), box.seen) == (1, {2})
        monkeypatch.setattr(holding, "take_mail", real)
        fetch(url)

    assert (FeedbackTicket.objects.count(), box.seen) == (2, {1, 2})


def test_a_too_large_letter_is_never_fetched_whole(desk, monkeypatch):
    monkeypatch.setattr(mailbox, "MOST_BYTES", 600)
    box = Box(letters=[raw(words="Ổ gà. " * 400)])
    with mailbox_of(box) as url:
        fetch(url)

    assert IncomingMail.objects.get().refused == Refused.TOO_LARGE
    assert box.seen == {1}


def test_broken_letters_stop_nothing(desk):
    broken = b"From: mau@vidu.vn\r\nMessage-ID: <9@vidu.vn>\r\nSubject: \xff\xfe h\xe1\xbb\r\n"
    broken += b"\r\n\xc4\x90\xc6\xb0\xe1\xbb \xff\xff duong hong nang"
    box = Box(letters=[b"\x00\xff" * 400, broken, raw()])
    with mailbox_of(box) as url:
        fetch(url)

    assert box.seen == {1, 2, 3}
    assert FeedbackTicket.objects.count() == 2


@pytest.mark.parametrize("how", ["silent", "password", "folder", "nobody"])
def test_a_mailbox_in_trouble_is_said_without_a_word_of_anybody(desk, caplog, how):
    box = Box(silent=how == "silent")
    with mailbox_of(box) as url:
        address = mailbox.address_of(url.replace("INBOX", "Khac") if how == "folder" else url)
        desk_of = actions.MailDesk(desk.whole, mailbox.address_of(url), lambda: MONDAY)
        if how == "nobody":
            address = mailbox.Address(host="127.0.0.1", port=1, user="a@vidu.vn", folder="INBOX", tls=False)
        password = "wrong" if how == "password" else "right"
        with pytest.raises(mailbox.MailboxTrouble) as trouble:
            mailbox.fetch(address, password, desk_of, time_is_up=lambda: False, seconds=0.2)

    assert "@" not in trouble.value.why


def test_it_stops_when_its_time_is_up(desk):
    box = Box(letters=[raw(number=str(n)) for n in range(5)])
    ends = iter([False, False, True])
    with mailbox_of(box) as url:
        address = mailbox.address_of(url)
        taker = actions.MailDesk(desk.whole, address, lambda: MONDAY)
        assert mailbox.fetch(address, "right", taker, time_is_up=lambda: next(ends)) == 2


@pytest.mark.parametrize(
    "url",
    [
        "imap://a%40b.vn@imap.vidu.vn/INBOX",
        "imaps://imap.vidu.vn/",
        "https://a@b.vn",
        "imaps://a:b@c.vn/",
        "imaps://a@c.vn/%E1%BA%A3",
    ],
)
def test_an_address_that_would_not_be_safe_is_refused(url):
    with pytest.raises(ValueError, match=r"imap|UTF-7"):
        mailbox.address_of(url)


def test_addresses_of_mailboxes():
    assert mailbox.address_of("") is None
    found = mailbox.address_of("imaps://phananh%40vidu.vn@imap.vidu.vn/Nhan/Moi%20den")
    assert (found.host, found.port, found.user, found.folder, found.tls) == (
        "imap.vidu.vn",
        993,
        "phananh@vidu.vn",
        "Nhan/Moi den",
        True,
    )


@pytest.mark.django_db(transaction=True)
def test_both_ways_at_one_moment_make_one_ticket(settings):
    desk, rows, gate = make_desk(), [], threading.Barrier(2)

    def run():
        gate.wait()
        rows.append(take(desk).pk)
        connection.close()

    threads = [threading.Thread(target=run) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(rows)) == 1
    assert FeedbackTicket.objects.count() == IncomingMail.objects.count() == 1


# --- The pipe ---


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_pipes_a_letter_in_and_keeps_it_while_we_are_not_there():
    import os
    import sys

    from thongsuot.kernel.tests.outside import database_url

    make_desk()
    told_city = {**os.environ, "DATABASE_URL": database_url(), "THONGSUOT_CITY": "98"}
    program = [sys.executable, "-m", "thongsuot.config.cli", "feedback-mail"]
    nobody = told_city | {"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}

    away = subprocess.run(program, input=raw(), capture_output=True, env=nobody, timeout=60, check=False)
    done = [subprocess.run(program, input=raw(), capture_output=True, env=told_city, timeout=60, check=False) for _n in "ab"]

    assert away.returncode == 75
    assert [one.returncode for one in done] == [0, 0], done[0].stderr
    ticket = FeedbackTicket.objects.get()
    assert [one.stdout.decode().strip() for one in done] == [ticket.number] * 2

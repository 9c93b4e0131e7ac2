"""Floods wait, forged senders are not written to, letters that break or kill are held: the others come in all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DataError, OperationalError
from django.test import override_settings

from thongsuot.feedback import actions, reactions, tasks
from thongsuot.feedback.actions import holding, mailing
from thongsuot.feedback.actions.errors import SenderUnverified
from thongsuot.feedback.models import FeedbackTicket, HeldMail, IncomingMail, Reporter, Setting
from thongsuot.feedback.tests.imap_server import Box, mailbox_of
from thongsuot.feedback.tests.letters import letter, raw
from thongsuot.feedback.tests.make import DAY, HOUR, MINUTE, MONDAY
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.events import Happened
from thongsuot.kernel.models import Event
from thongsuot.kernel.remember import forget_all
from thongsuot.notices.models import Notice
from thongsuot.people.tests.make import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/can-bo/phan-anh/thu/"


@pytest.fixture(autouse=True)
def mail_settings(settings):
    settings.EMAIL_HOST, settings.FEEDBACK_MAIL, settings.CITY_CODE = "mail.invalid", "phananh@vidu.vn", "98"
    settings.FEEDBACK_AUTHSERV = ["mx.vidu.vn"]
    yield
    forget_all()


def most(**numbers: int) -> None:
    for key, value in numbers.items():
        Setting.objects.filter(key=key).update(value=value)
    forget_all()


def take(desk, at=MONDAY, **said) -> IncomingMail:
    return actions.take_mail(desk.whole, raw(**said), at=at)


def fetch(url: str) -> None:
    with override_settings(FEEDBACK_IMAP=url, FEEDBACK_IMAP_PASSWORD="right"):
        tasks.fetch_mail(0)


def from_(sender: str, number: int) -> bytes:
    domain = sender.rpartition("@")[2]
    return raw(sender=sender, number=f"{number}", vouched=f"mx.vidu.vn; dmarc=pass header.from={domain}")


# --- Floods ---


@pytest.mark.parametrize(
    ("numbers", "senders", "why", "until"),
    [
        ({"mail_sender_day": 2}, ["a@vidu.vn"] * 3, "sender", DAY),
        ({"mail_domain_hour": 2}, ["a@vidu.vn", "b@vidu.vn", "c@vidu.vn"], "domain", HOUR),
        ({"mail_box_hour": 2}, ["a@x.vidu.vn", "b@y.vidu.vn", "c@z.vidu.vn"], "box", HOUR),
    ],
)
def test_more_than_the_city_allows_waits_until_there_is_room(desk, numbers, senders, why, until):
    most(**numbers)
    for n, sender in enumerate(senders[:2]):
        actions.take_mail(desk.whole, from_(sender, n), at=MONDAY + n * MINUTE)

    with pytest.raises(actions.MailWaits) as waits:
        actions.take_mail(desk.whole, from_(senders[2], 2), at=MONDAY + 2 * MINUTE)

    assert (waits.value.why, waits.value.until) == (why, MONDAY + until)
    assert actions.take_mail(desk.whole, from_(senders[2], 2), at=MONDAY + until).ticket
    assert actions.take_mail(desk.whole, from_(senders[0], 0), at=MONDAY + 2 * MINUTE).ticket  # known: never in the way


def test_robots_and_forged_senders_use_up_nothing_of_a_persons_limit(desk):
    most(mail_sender_day=1, person_hour=1)
    for n in range(3):
        take(desk, number=f"r{n}", Auto_Submitted="auto-replied")
    take(desk, number="f", vouched="mx.vidu.vn; dmarc=fail")

    assert take(desk, number="true").ticket.reporter.unverified is False


def test_one_that_floods_waits_in_the_mailbox_and_others_are_taken(desk, clock):
    most(mail_sender_day=2)
    box = Box(letters=[*(from_("lu@vidu.vn", n) for n in range(5)), from_("mau@vidu.vn", 9)])
    with mailbox_of(box) as url:
        fetch(url)
        fetch(url)
        assert (FeedbackTicket.objects.count(), box.seen, box.handed) == (3, {1, 2, 6}, 6)
        told = Notice.objects.filter(key="feedback_mail_held")
        assert {notice.to_person for notice in told} == {desk.people["ngan"], desk.people["truong"]}
        assert "3 thư" in told[0].subject
        clock.now = MONDAY + DAY
        fetch(url)

    assert box.seen == {1, 2, 3, 4, 6}
    assert list(HeldMail.objects.values_list("uid", "why")) == [(5, "sender")]
    assert Notice.objects.filter(key="feedback_mail_held").count() == 2 * told.values("to_person").distinct().count()


def test_a_full_mailbox_rests_and_goes_on(desk, clock):
    most(mail_box_hour=2)
    box = Box(letters=[from_(f"ai{n}@vidu.vn", n) for n in range(4)])
    with mailbox_of(box) as url:
        fetch(url)
        fetch(url)
        assert (box.seen, box.handed) == ({1, 2}, 3)
        assert "Cả hộp thư tạm nghỉ" in browser_of(desk.people["ngan"]).get(PAGE).content.decode()
        clock.now = MONDAY + HOUR
        fetch(url)

    assert box.seen == {1, 2, 3, 4}


# --- Senders nobody vouches for ---


def react(name: str, how) -> None:
    for event in Event.objects.filter(name=name):
        how(Happened(id=event.pk, name=event.name, subject=event.subject, subject_id=event.subject_id, facts=event.facts))


@pytest.mark.parametrize("vouched", ["", "mx.vidu.vn; dmarc=fail header.from=vidu.vn", "khac.vn; dmarc=pass"])
def test_an_address_that_only_the_letter_claims_is_not_written_to_before_somebody_made_sure(desk, vouched):
    message = letter(vouched=vouched)
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="don.pdf")
    ticket = actions.take_mail(desk.whole, raw(message), at=MONDAY).ticket
    react("feedback.reported", reactions.tell_received)
    operator = desk.actor("ngan")

    assert not Notice.objects.exists()
    assert (ticket.reporter.person, ticket.reporter.email, ticket.reporter.unverified) == (None, "mau@vidu.vn", True)
    assert "don.pdf" in ticket.notes.get().words
    page = browser_of(desk.people["ngan"]).get(f"/can-bo/phan-anh/{ticket.pk}/").content.decode()
    assert "Địa chỉ chưa kiểm chứng" in page
    assert "viec/xac-nhan/" in page
    assert "viec/hoi/" not in page
    for tell in (actions.ask, actions.message):
        with pytest.raises(SenderUnverified):
            tell(ticket.pk, "Trước nhà số mấy?", actor=operator, at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.confirm_sender(ticket.pk, actor=desk.actor("do"), at=MONDAY)

    actions.confirm_sender(ticket.pk, actor=operator, at=MONDAY)
    react("feedback.sender_confirmed", reactions.tell_confirmed)

    assert Notice.objects.get().email == "mau@vidu.vn"
    assert actions.ask(ticket.pk, "Trước nhà số mấy?", actor=operator, at=MONDAY).state == "asked"


def test_no_refusal_goes_to_an_address_that_may_be_anybodys(desk):
    rows = [
        take(desk, words="Hỏng", subject="a", number=f"{n}", vouched=vouched) for n, vouched in enumerate(["", "x; dmarc=pass"])
    ]
    rows.append(actions.take_mail(desk.whole, raw(vouched="", number="9"), whole=False, at=MONDAY))

    assert [(row.refused, row.told) for row in rows] == [("unfit", False), ("unfit", False), ("too_large", False)]
    assert not Notice.objects.exists()


def test_a_complaint_handed_over_takes_no_unsure_address_along(desk):
    ticket = take(desk, words="Đơn khiếu nại quyết định xử phạt của phường.", vouched="").ticket

    actions.hand_over(ticket.pk, "complaint", to_unit_id=desk.river, actor=desk.actor("ngan"), at=MONDAY)

    from thongsuot.citizen_reception.models import ReceptionEntry

    assert ReceptionEntry.objects.get().visitor.email == ""


# --- Letters that break, or kill ---


def breaking(monkeypatch, fault: Exception) -> None:
    """Whoever takes the letter of bad@vidu.vn meets it."""
    real = mailing.take_mail

    def failing(city_id, content, **said):
        if b"bad@vidu.vn" in content:
            raise fault
        return real(city_id, content, **said)

    monkeypatch.setattr(holding, "take_mail", failing)


def test_a_letter_that_breaks_is_tried_so_often_then_held_and_shown_and_tried_again_when_asked(desk, clock, monkeypatch):
    most(mail_tries=3)
    breaking(monkeypatch, ZeroDivisionError("mau@vidu.vn"))
    box = Box(letters=[from_("bad@vidu.vn", 1), from_("mau@vidu.vn", 2)])
    with mailbox_of(box) as url:
        for hour in range(6):
            clock.now = MONDAY + hour * HOUR
            fetch(url)
        assert (box.seen, box.handed) == ({2}, 4)
        held = HeldMail.objects.get()
        assert (held.why, held.tries, held.again_at, held.fault) == ("fault", 3, None, "ZeroDivisionError")
        operator = browser_of(desk.people["ngan"])
        assert "Đã thử 3 lần" in operator.get(PAGE).content.decode()
        assert Notice.objects.filter(key="feedback_mail_held").exists()
        assert browser_of(desk.people["toan"]).get(PAGE).status_code == 403
        assert [operator.post(PAGE, {"thu": thu}).status_code for thu in ("x", "999999")] == [422, 404]
        monkeypatch.setattr(holding, "take_mail", mailing.take_mail)
        operator.post(PAGE, {"thu": held.pk})
        clock.now += MINUTE
        fetch(url)

    assert box.seen == {1, 2}
    assert not HeldMail.objects.exists()
    assert Event.objects.get(name="feedback.mail_tried_again").facts == {"uid": 1}


def test_a_letter_that_takes_the_line_or_the_database_with_it_is_passed_over_in_the_end(desk, clock, monkeypatch):
    """Nobody lives to write down what happened: each try was counted before it began."""
    most(mail_tries=2)
    breaking(monkeypatch, OperationalError("gone"))
    box = Box(letters=[from_("bad@vidu.vn", 1), from_("mau@vidu.vn", 2)])
    with mailbox_of(box) as url:
        for _time in range(2):
            with pytest.raises(OperationalError):
                fetch(url)
        clock.now = MONDAY + DAY
        fetch(url)
        fetch(url)

    assert box.seen == {2}
    assert HeldMail.objects.get().why == "fault"


def test_what_the_database_cannot_keep_is_refused_like_what_cannot_be_read(desk, monkeypatch):
    def cannot(*args, **said):
        raise DataError("value too long")

    monkeypatch.setattr(mailing, "report", cannot)

    assert (take(desk).refused, FeedbackTicket.objects.count()) == ("unreadable", 0)


def test_a_letter_read_or_taken_away_by_somebody_leaves_the_list(desk, monkeypatch):
    breaking(monkeypatch, ZeroDivisionError())
    box = Box(letters=[from_("bad@vidu.vn", 1)])
    with mailbox_of(box) as url:
        fetch(url)
        assert HeldMail.objects.count() == 1
        box.seen.add(1)
        fetch(url)

    assert not HeldMail.objects.exists()
    assert not Reporter.objects.exists()


def test_numbers_that_count_from_elsewhere_are_other_letters(desk):
    address = holding.Address(host="h", port=1, user="u", folder="INBOX", tls=False)
    taker = actions.MailDesk(desk.whole, address, lambda: MONDAY)
    assert taker.due("1", [5, 6]) == [5, 6]
    HeldMail.objects.create(box=taker._box, uid=5, why="fault", since=MONDAY)
    HeldMail.objects.create(box=taker._box, uid=6, why="sender", since=MONDAY, again_at=MONDAY - timedelta(minutes=1))

    assert taker.due("1", [5, 6, 7]) == [7, 6]
    assert taker.due("2", [5, 6, 7]) == [5, 6, 7]
    assert not HeldMail.objects.exists()

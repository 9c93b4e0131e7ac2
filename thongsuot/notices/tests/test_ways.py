"""SMS and Zalo out of the house, by a stand-in that keeps state and misbehaves: their order, what fails, what is told later."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from thongsuot.kernel import clock
from thongsuot.kernel.history import history_of
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.notices import actions, tasks
from thongsuot.notices.models import LetterRoute, QuietHours
from thongsuot.notices.rules import Recipient
from thongsuot.notices.tests.make import MONDAY, make_notice
from thongsuot.notices.tests.ways import BY_PHONE, finish, jobs, names, send, states, taken, tell, with_zalo
from thongsuot.people.tests.make import actor, make_administrator


def test_an_sms_goes_out_in_the_short_alphabet_and_the_telephone_reports_it(city, gateways):
    notice = make_notice(city.river.pk, to=BY_PHONE)
    assert (notice.state, states(notice), [way for way, _at in jobs()]) == ("queued", {"sms": "queued"}, ["sms"])

    assert send(notice, "sms") == {"sms": "sent"}

    [kept] = gateways.kept()
    assert kept.phone == "84912000048"
    assert kept.words == (
        "Da nhan ho so H98.1-251117-0011, hen tra ket qua 18/11/2025 09:00. "
        "Xem: https://thongsuot.example/tra-cuu/?ma=H98.1-251117-0011"
    )
    assert kept.reference == notice.deliveries.get().reference
    assert ProcrastinateJob.objects.filter(task_name="notices.play_reports").count() == 1

    assert tell(notice, "sms")
    assert (notice.state, names(notice)) == ("delivered", ["queued", "sent", "delivered"])
    assert "912000048" not in str([row.facts for row in history_of(notice)])


def test_the_reports_of_the_stand_in_come_by_the_same_way_as_a_partners(city, gateways):
    notice = make_notice(city.river.pk, to=BY_PHONE)
    send(notice, "sms")

    tasks.play_reports("sms", gateways.kept()[0].reference)

    assert states(notice) == {"sms": "delivered"}
    assert gateways.kept()[0].state == "delivered"


def test_zalo_gets_its_template_and_parameters(city, gateways):
    with_zalo(city=city.city.pk)
    notice = make_notice(city.river.pk, to=BY_PHONE)
    assert states(notice) == {"zalo": "queued", "sms": "reserve"}

    send(notice, "zalo")

    [kept] = gateways.kept()
    assert (kept.way, kept.words) == ("zalo", '301 {"ma": "H98.1-251117-0011"}')
    tell(notice, "zalo")
    assert (notice.state, states(notice)) == ("delivered", {"zalo": "delivered", "sms": "reserve"})


def test_a_letter_of_both_routes_goes_by_mail_and_by_telephone(city, mail_server, gateways):
    notice = make_notice(city.river.pk)
    assert states(notice) == {"smtp": "queued", "sms": "queued"}

    assert send(notice, "smtp", "sms") == {"smtp": "sent", "sms": "sent"}

    assert len(mail_server.taken) == len(gateways.kept()) == 1


def test_a_letter_of_one_chain_costs_an_sms_only_when_the_mail_fails(city, mail_server, gateways):
    notice = make_notice(city.river.pk, key="returned")
    assert states(notice) == {"smtp": "queued", "sms": "reserve"}
    mail_server.answers["RCPT"] = ["550 no such user"]

    assert send(notice, "smtp") == {"smtp": "refused", "sms": "queued"}
    assert notice.state == "queued"
    assert send(notice, "sms") == {"smtp": "refused", "sms": "sent"}
    assert (notice.state, names(notice)) == ("sent", ["queued", "failed", "next_way", "sent"])
    assert [way for way, _at in jobs()] == ["smtp", "sms"]


def test_the_order_of_ways_is_a_dated_setting(city, mail_server, gateways):
    keeper = actor(make_administrator(city.city))
    tomorrow = MONDAY + timedelta(days=1)
    actions.set_route(city.city.pk, key="returned", route="phone_first", valid_from=tomorrow.date(), actor=keeper, at=MONDAY)

    assert states(make_notice(city.river.pk, key="returned")) == {"smtp": "queued", "sms": "reserve"}
    assert states(make_notice(city.river.pk, key="returned", at=tomorrow)) == {"sms": "queued", "smtp": "reserve"}
    assert LetterRoute.objects.count() == 1


@pytest.mark.parametrize("mischief", ["error", "limit", "hang", "hang_stored", "garbage"])
def test_a_gateway_that_does_not_answer_is_asked_again_under_the_same_reference(city, gateways, mischief):
    notice = make_notice(city.river.pk, to=BY_PHONE)
    gateways.plan("sms", mischief)

    send(notice, "sms")

    row = notice.deliveries.get()
    assert (row.state, row.attempts, row.trouble) == ("queued", 1, "gateway")
    assert row.next_attempt_at == MONDAY + timedelta(minutes=1) == jobs()[-1][1]
    send(notice, "sms", at=row.next_attempt_at)
    [kept] = gateways.kept()
    assert (states(notice), kept.repeated) == ({"sms": "sent"}, int(mischief in {"hang_stored", "garbage"}))


def test_after_the_last_wait_the_next_way_is_tried(city, mail_server, gateways):
    notice = make_notice(city.river.pk, key="returned")
    mail_server.answers["RCPT"] = ["450 busy"] * 20
    at = MONDAY
    for _ in range(8):
        send(notice, "smtp", at=at)
        at = notice.deliveries.get(way="smtp").next_attempt_at or at

    assert states(notice)["smtp"] == "failed"
    assert states(notice)["sms"] in {"queued", "held"}


@pytest.mark.parametrize(("mischief", "trouble"), [("refuse", "refused_number"), ("refuse_words", "refused_words")])
def test_a_no_of_the_gateway_is_final(city, gateways, mischief, trouble):
    notice = make_notice(city.river.pk, to=BY_PHONE)
    gateways.plan("sms", mischief)

    send(notice, "sms")
    send(notice, "sms")

    row = notice.deliveries.get()
    assert (row.state, row.trouble, row.attempts) == ("refused", trouble, 1)
    assert (notice.state, notice.trouble) == ("failed", trouble)


def test_a_failure_told_later_sends_it_by_the_next_way(city, mail_server, gateways):
    LetterRoute.objects.create(city=city.city, key="received", route="phone_first", valid_from=MONDAY.date())
    notice = make_notice(city.river.pk)
    assert send(notice, "sms") == {"sms": "sent", "smtp": "reserve"}

    tell(notice, "sms", "failed")

    assert (notice.state, states(notice)) == ("queued", {"sms": "failed", "smtp": "queued"})
    assert names(notice)[-2:] == ["failed", "next_way"]


def test_a_failure_of_the_last_way_is_a_failure_of_the_notice(city, gateways):
    with_zalo(city=city.city.pk)
    notice = make_notice(city.river.pk, to=BY_PHONE)
    gateways.plan("zalo", "refuse")
    assert send(notice, "zalo") == {"zalo": "refused", "sms": "queued"}
    send(notice, "sms")

    tell(notice, "sms", "failed")

    assert states(notice) == {"zalo": "refused", "sms": "failed"}
    assert (notice.state, notice.trouble) == ("failed", "not_delivered")


def test_reports_twice_and_out_of_order_change_nothing_that_is_known(city, gateways):
    notice = make_notice(city.river.pk, to=BY_PHONE)
    send(notice, "sms")

    assert tell(notice, "sms")
    events = len(names(notice))
    assert not tell(notice, "sms")
    assert len(names(notice)) == events
    assert tell(notice, "sms", said_at=MONDAY + timedelta(minutes=1))
    assert notice.deliveries.get().delivered_at == MONDAY
    assert tell(notice, "sms", "failed", said_at=MONDAY - timedelta(minutes=1))
    assert notice.state == "delivered"
    assert names(notice)[-1] == "reported"


def test_a_report_that_overtakes_our_own_note_ends_the_retries(city, gateways):
    notice = make_notice(city.river.pk, to=BY_PHONE)
    gateways.plan("sms", "hang_stored")
    send(notice, "sms")

    tell(notice, "sms")
    send(notice, "sms", at=MONDAY + timedelta(minutes=1))

    assert (notice.state, gateways.kept()[0].repeated) == ("delivered", 0)


def test_a_worker_killed_between_the_answer_and_our_commit_asks_again_and_the_gateway_sends_once(city, gateways, monkeypatch):
    notice = make_notice(city.river.pk, to=BY_PHONE)

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(actions, "note_sent", killed)
        with pytest.raises(KeyboardInterrupt):
            send(notice, "sms")
    assert states(notice) == {"sms": "queued"}
    send(notice, "sms")

    [kept] = gateways.kept()
    assert (states(notice), kept.repeated) == ({"sms": "sent"}, 1)


def test_zalo_promises_nothing_about_a_repeated_reference_so_a_copy_may_go(city, gateways):
    with_zalo(city=city.city.pk)
    notice = make_notice(city.river.pk, to=BY_PHONE)
    gateways.plan("zalo", "hang_stored")
    send(notice, "zalo")
    send(notice, "zalo", at=MONDAY + timedelta(minutes=1))

    first, second = gateways.kept()
    assert first.reference == second.reference


@pytest.mark.django_db(transaction=True)
def test_jobs_of_two_ways_and_a_report_at_once_leave_one_message_each(mail_server, gateways, monkeypatch):
    from thongsuot.units.tests.make import make_city

    monkeypatch.setattr(clock, "now", lambda: MONDAY)  # at night the telephone would wait
    notice = make_notice(make_city().river.pk)
    assert at_once(*[lambda way=way: tasks.send(notice.pk, way) for way in ("smtp", "sms") * 3]) == []
    assert at_once(*[lambda: tell(notice, "sms")] * 3) == []

    assert states(notice) == {"smtp": "sent", "sms": "delivered"}
    assert len(mail_server.taken) == len(gateways.kept()) == 1
    assert names(notice).count("delivered") == 1


@pytest.mark.parametrize("phone", ["0912", "024 3825 0000", "+1 202 555 0100", "0212000048"])
def test_a_number_no_message_reaches_is_listed_and_a_mail_goes_instead(city, mail_server, gateways, phone):
    alone = make_notice(city.river.pk, to=Recipient(name="Minh", phone=phone))
    both = make_notice(city.river.pk, to=Recipient(name="Minh", phone=phone, email="minh@vidu.vn"))

    assert (alone.state, alone.trouble) == ("failed", "bad_number")
    assert states(both) == {"smtp": "queued"}


def test_a_wrong_mail_address_does_not_stop_the_telephone(city, mail_server, gateways):
    notice = make_notice(city.river.pk, to=Recipient(name="Minh", phone="0912000048", email="minh"))

    assert (notice.state, states(notice)) == ("queued", {"sms": "queued"})


def test_a_way_that_is_disconnected_meanwhile_gives_way_to_the_next(city, mail_server, gateways, settings):
    notice = make_notice(city.river.pk, key="returned")
    settings.EMAIL_HOST = ""

    assert send(notice, "smtp") == {"smtp": "kept", "sms": "queued"}
    assert names(notice) == ["queued", "kept", "next_way"]


def test_what_was_kept_goes_out_once_a_way_is_connected_and_somebody_asks(city, settings, gateways):
    settings.SMS_URL = settings.ZALO_URL = ""
    notice = make_notice(city.river.pk, to=BY_PHONE)
    assert (notice.state, states(notice)) == ("kept", {"sms": "kept"})
    settings.SMS_URL = "stand-in"
    before = notice.deliveries.get().reference

    actions.send_again(notice.pk, actor=actor(make_administrator(city.city)), at=MONDAY)
    send(notice, "sms")

    assert notice.state == "sent"
    assert gateways.kept()[0].reference != before


def test_what_is_left_of_a_message_that_arrived_does_not_keep_it_from_being_sent_again(city, gateways):
    now = timezone.now() - timedelta(minutes=5)
    QuietHours.objects.create(city=city.city, starts=time(0), ends=time(0), ways=[], basis="QĐ 1", valid_from=MONDAY.date())
    notice = make_notice(city.river.pk, to=BY_PHONE, at=now)
    gateways.plan("sms", "hang_stored")
    assert taken() == "sms"
    send(notice, "sms", at=timezone.now())
    finish()
    tell(notice, "sms", at=now)  # the job of its retry waits on

    actions.send_again(notice.pk, actor=actor(make_administrator(city.city)), at=now)

    assert taken() == "sms"


def test_sending_again_plans_the_ways_anew(city, settings, mail_server, gateways):
    with_zalo(city=city.city.pk)
    settings.EMAIL_HOST = settings.SMS_URL = settings.ZALO_URL = ""
    keeper = actor(make_administrator(city.city))
    notice = make_notice(city.river.pk)
    assert states(notice) == {"smtp": "kept", "zalo": "kept", "sms": "kept"}
    settings.EMAIL_HOST, settings.SMS_URL = mail_server.host, "stand-in"
    mail_server.answers["RCPT"] = ["550 no such user"]

    actions.send_again(notice.pk, actor=keeper, at=MONDAY)
    assert states(notice) == {"smtp": "queued", "zalo": "kept", "sms": "queued"}
    assert send(notice, "smtp", "sms") == {"smtp": "refused", "zalo": "kept", "sms": "sent"}

    settings.ZALO_URL = "stand-in"
    actions.send_again(notice.pk, actor=keeper, at=MONDAY)
    assert states(notice) == {"smtp": "queued", "zalo": "queued", "sms": "reserve"}
    gateways.plan("zalo", "refuse")
    assert send(notice, "zalo") == {"smtp": "queued", "zalo": "refused", "sms": "queued"}


def test_the_reserve_of_what_was_kept_is_tried_when_the_first_way_fails(city, settings, mail_server, gateways):
    settings.EMAIL_HOST = settings.SMS_URL = settings.ZALO_URL = ""
    notice = make_notice(city.river.pk, key="returned")
    settings.EMAIL_HOST, settings.SMS_URL = mail_server.host, "stand-in"
    mail_server.answers["RCPT"] = ["550 no such user"]
    actions.send_again(notice.pk, actor=actor(make_administrator(city.city)), at=MONDAY)
    assert states(notice) == {"smtp": "queued", "sms": "reserve"}

    assert send(notice, "smtp") == {"smtp": "refused", "sms": "queued"}


def test_a_notice_of_the_release_before_is_still_sent(city, mail_server):
    notice = make_notice(city.river.pk)
    notice.deliveries.all().delete()

    tasks.send(notice.pk)

    notice.refresh_from_db()
    assert (notice.state, len(mail_server.taken)) == ("sent", 1)

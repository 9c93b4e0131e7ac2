"""SMS and Zalo out of the house, with a stand-in that keeps state and misbehaves: in this process, and over HTTP."""

import json
from contextlib import closing
from datetime import time, timedelta
from http.client import HTTPConnection
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.history import history_of
from thongsuot.kernel.tests.at_once import at_once
from thongsuot.notices import actions, delivery, kinds, letters, queries, tasks
from thongsuot.notices.models import Delivery, LetterRoute, Notice, QuietHours, ZaloToken
from thongsuot.notices.rules import Recipient
from thongsuot.notices.stand_in.near import report
from thongsuot.notices.tests.make import MONDAY, VIET_NAM, context_for, make_notice, what_goes_out
from thongsuot.notices.ways import way_named
from thongsuot.people.tests.make import actor, make_administrator

WORKER = system("worker")
BY_PHONE = Recipient(name="Nguyễn Đức Minh", phone="+84 912 000 048")


def send(notice, *ways, at=MONDAY):
    """Run what is due of these ways, as the jobs would."""
    for way in ways:
        delivery.deliver(notice.pk, way=way, actor=WORKER, at=at)
    notice.refresh_from_db()
    return states(notice)


def states(notice):
    return dict(Delivery.objects.filter(notice=notice).values_list("way", "state"))


def tell(notice, way, outcome="delivered", *, at=MONDAY, said_at=None):
    """A report by the partner's own form and signature, read and taken as by the page."""
    reference = Delivery.objects.get(notice=notice, way=way).reference
    body, headers = report(way, reference, outcome, said_at=said_at or at, at=at)
    found = way_named(way).read_report(body, headers, at=at)
    taken = actions.take_report(way, found, actor=WORKER, at=at)
    notice.refresh_from_db()
    return taken


def jobs():
    return [
        (job.args["way"], job.scheduled_at) for job in ProcrastinateJob.objects.filter(task_name="notices.send").order_by("id")
    ]


def names(notice):
    return [row.name.partition(".")[2] for row in history_of(notice)]


def with_zalo(key="received", city=None, values=None):
    """The shipped words with a template of Zalo's, in force."""
    words = letters.shipped(key)
    made = actions.draft_version(
        key,
        city_id=city,
        subject=words.subject,
        body=words.body,
        sms=words.sms,
        zalo_template="301",
        zalo_values=values or {"ma": "{mã đồng ý}" if key == "help_code" else "{mã hồ sơ}"},
        actor=WORKER,
        at=MONDAY,
    )
    actions.submit_version(made.pk, actor=WORKER, at=MONDAY)
    return actions.approve_version(made.pk, digest=queries.digest_of(made), valid_from=MONDAY.date(), actor=WORKER, at=MONDAY)


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


def taken():
    """Way of the job that a free worker would be given now, by the real queue."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_fetch_job_v2(NULL, NULL)")
        args = cursor.fetchone()[0]
    return json.loads(args)["way"] if args else None


def finish(status="succeeded"):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE status = 'doing'", [status])


def quiet_now(city, now):
    around = [(now + timedelta(hours=hours)).astimezone(VIET_NAM).time() for hours in (-1, 1)]
    QuietHours.objects.create(
        city=city.city, starts=around[0], ends=around[1], ways=["sms"], basis="QĐ 1", valid_from=MONDAY.date()
    )


def test_a_mail_that_is_tried_again_does_not_wait_for_an_sms_held_until_the_morning(city, mail_server, gateways):
    now = timezone.now()
    quiet_now(city, now)
    notice = make_notice(city.river.pk, at=now - timedelta(minutes=2))
    assert states(notice) == {"smtp": "queued", "sms": "held"}
    mail_server.answers["RCPT"] = ["450 later"]

    assert taken() == "smtp"
    assert send(notice, "smtp", at=now - timedelta(minutes=2))["smtp"] == "queued"  # again after a minute: that is now
    finish()

    assert taken() == "smtp"
    assert send(notice, "smtp", at=now)["smtp"] == "sent"
    finish()
    assert taken() is None


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


def test_quiet_hours_hold_the_telephone_and_not_the_mail(city, mail_server, gateways):
    night, morning = MONDAY.replace(hour=23), MONDAY.replace(day=18, hour=7)
    notice = make_notice(city.river.pk, at=night)

    assert states(notice) == {"smtp": "queued", "sms": "held"}
    assert dict(jobs())["sms"] == morning
    assert send(notice, "smtp", "sms", at=night)["sms"] == "held"
    assert gateways.kept() == []
    assert send(notice, "sms", at=morning)["sms"] == "sent"


def test_a_retry_that_falls_into_the_night_waits_too_and_a_code_does_not(city, gateways, monkeypatch):
    late = MONDAY.replace(hour=20, minute=59)
    notice = make_notice(city.river.pk, to=BY_PHONE, at=late)
    gateways.plan("sms", "error")
    send(notice, "sms", at=late)
    due = notice.deliveries.get().next_attempt_at

    assert send(notice, "sms", at=due) == {"sms": "held"}
    assert (notice.state, names(notice)[-1]) == ("held", "held")
    assert notice.next_attempt_at == MONDAY.replace(day=18, hour=7)
    kind = kinds.LETTERS["received"]
    monkeypatch.setitem(kinds.LETTERS, "received", kinds.Kind(**{**vars(kind), "at_once": True}))
    assert states(make_notice(city.river.pk, to=BY_PHONE, at=due)) == {"sms": "queued"}


def test_a_code_is_given_up_when_it_is_of_no_use_any_more_and_no_other_way_is_tried(city, gateways, mail_server):
    with_zalo("help_code", city=city.city.pk)
    night = MONDAY.replace(hour=22)
    notice = make_notice(city.river.pk, key="help_code", at=night)
    assert states(notice) == {"smtp": "queued", "zalo": "queued", "sms": "reserve"}
    for minutes in (0, 1, 6):  # the next would be after the code's ten minutes: there is still time for the SMS
        mail_server.answers["RCPT"] = ["450 later"]
        gateways.plan("zalo", "error")
        send(notice, "smtp", "zalo", at=night + timedelta(minutes=minutes))
    assert states(notice) == {"smtp": "failed", "zalo": "failed", "sms": "queued"}

    assert send(notice, "sms", at=night + timedelta(minutes=10)) == {"smtp": "failed", "zalo": "failed", "sms": "failed"}
    assert (notice.state, notice.trouble, gateways.kept()) == ("failed", "too_late", [])
    keeper = actor(make_administrator(city.city))
    with pytest.raises(actions.NoticeOutOfUse):
        actions.send_again(notice.pk, actor=keeper, at=night + timedelta(minutes=10))


def test_at_its_last_useful_instant_a_job_gives_up_what_waits(city, gateways):
    notice = make_notice(city.river.pk, to=BY_PHONE, useful_until=MONDAY + timedelta(hours=1))
    [job] = ProcrastinateJob.objects.filter(task_name="notices.end_use")
    assert job.scheduled_at == notice.useful_until
    delivery.end_use(notice.pk, actor=WORKER, at=MONDAY + timedelta(minutes=59))
    assert states(notice) == {"sms": "queued"}

    for _ in range(2):
        delivery.end_use(notice.pk, actor=WORKER, at=MONDAY + timedelta(hours=1))

    assert states(notice) == {"sms": "failed"}
    assert names(notice) == ["queued", "failed", "use_ended"]


def test_a_code_is_kept_sealed_until_sent_and_nowhere_afterwards(city, gateways, mail_server):
    with_zalo("help_code", city=city.city.pk)
    link = "https://thongsuot.example/nho-nop-giup/bi-mat/"
    notice = make_notice(city.river.pk, key="help_code", link=link, at=MONDAY)

    def all_that_is_kept():
        rows = [*Notice.objects.filter(pk=notice.pk).values(), *Delivery.objects.filter(notice=notice).values()]
        return str(rows) + str([row.facts for row in history_of(notice)])

    for secret in ("482 913", "482913", "bi-mat"):
        assert secret not in all_that_is_kept()
    assert "mã này: ••••" in notice.body
    assert send(notice, "smtp", "zalo") == {"smtp": "sent", "zalo": "sent", "sms": "reserve"}
    mail = mail_server.taken[0].get_content()
    assert "mã này: 482 913" in mail
    assert link in mail
    assert dict(Delivery.objects.filter(notice=notice, sealed="").values_list("way", "state")) == {
        "smtp": "sent",
        "zalo": "sent",
    }

    delivery.end_use(notice.pk, actor=WORKER, at=MONDAY + timedelta(minutes=10))

    assert not Delivery.objects.exclude(sealed="").exists()
    assert names(notice)[-1] == "use_ended"


def test_codes_written_by_the_release_before_are_hidden(city, gateways):
    hide = import_module("thongsuot.notices.migrations.0003_useful_until").HIDE
    with_zalo("help_code", city=city.city.pk)
    notice = make_notice(city.river.pk, key="help_code", link="https://vidu.vn/bi-mat/")
    rows = {row.way: what_goes_out(notice, row.way) for row in notice.deliveries.all()}
    for way, words in rows.items():
        notice.deliveries.filter(way=way).update(words=words)
    Notice.objects.update(body=rows["sms"], useful_until=None)

    with connection.cursor() as cursor:
        for sql in hide:
            cursor.execute(sql)

    notice.refresh_from_db()
    assert notice.useful_until == MONDAY + timedelta(minutes=10)
    assert notice.body.startswith("•••• la ma")
    assert notice.deliveries.get(way="zalo").words == '{"ma": "••••"}'
    assert "bi-mat" not in notice.body + notice.deliveries.get(way="sms").words


def test_a_code_in_reserve_goes_out_whole(city, gateways):
    with_zalo("help_code", city=city.city.pk, values={"ma": "{mã đồng ý}", "nguoi": "{người giúp}"})
    notice = make_notice(city.river.pk, key="help_code", to=BY_PHONE)
    gateways.plan("zalo", "refuse")
    send(notice, "zalo", "sms")

    kept = gateways.kept()[0]
    assert kept.words.startswith("482 913 la ma de Lo Thi Mau")
    with pytest.raises(TypeError, match="useful_until"):
        actions.queue(
            "help_code",
            to=BY_PHONE,
            about=None,
            unit_id=city.river.pk,
            context=context_for("help_code"),
            send_key="x",
            actor=WORKER,
            at=MONDAY,
        )


def test_a_change_of_quiet_hours_is_obeyed_by_what_waits_already(city, gateways):
    night = MONDAY.replace(hour=23)
    notice = make_notice(city.river.pk, to=BY_PHONE, at=night)
    keeper = actor(make_administrator(city.city))
    tuesday = MONDAY + timedelta(days=1)
    actions.set_quiet_hours(
        city.city.pk,
        starts=time(20),
        ends=time(8),
        ways=["sms"],
        basis="QĐ 1",
        valid_from=tuesday.date(),
        actor=keeper,
        at=MONDAY,
    )

    assert send(notice, "sms", at=MONDAY.replace(day=18, hour=7)) == {"sms": "held"}
    assert notice.next_attempt_at == MONDAY.replace(day=18, hour=8)


# --- Over HTTP, by the adapters that talk to real partners ---


def test_over_http_by_bearer_and_by_hmac(city, gateway_server, settings):
    first, second = make_notice(city.river.pk, to=BY_PHONE), make_notice(city.river.pk, to=BY_PHONE)
    send(first, "sms")
    settings.SMS_AUTH = "hmac"
    send(second, "sms")

    bearer, signed = gateway_server.seen
    assert (states(first), states(second)) == ({"sms": "sent"}, {"sms": "sent"})
    assert bearer["authorization"] == "Bearer khoa"
    assert bearer["idempotency-key"] == first.deliveries.get().reference
    assert signed["x-signature"].startswith("sha256=")
    assert "authorization" not in signed


def test_over_http_zalo_gets_its_token(city, gateway_server):
    with_zalo(city=city.city.pk)
    notice = make_notice(city.river.pk, to=BY_PHONE)

    send(notice, "zalo")

    assert states(notice)["zalo"] == "sent"
    assert gateway_server.seen[0]["access_token"] == "the-vao"
    assert notice.deliveries.get(way="zalo").gateway_id == "GL1"


@pytest.mark.parametrize("mischief", ["error", "limit", "hang", "hang_stored", "garbage"])
def test_over_http_every_silence_is_later(city, gateway_server, mischief):
    notice = make_notice(city.river.pk, to=BY_PHONE)
    gateway_server.stand_in.plan("sms", mischief)

    send(notice, "sms")
    assert notice.deliveries.get().trouble == "gateway"
    send(notice, "sms", at=MONDAY + timedelta(minutes=1))

    assert states(notice) == {"sms": "sent"}
    assert len(gateway_server.stand_in.kept()) == 1


def test_over_http_nobody_at_the_port_is_later_too(city, gateway_server, settings):
    notice = make_notice(city.river.pk, to=BY_PHONE)
    settings.SMS_URL = "http://127.0.0.1:9/sms"

    send(notice, "sms")

    assert (states(notice), notice.deliveries.get().trouble) == ({"sms": "queued"}, "gateway")


@pytest.mark.parametrize(
    ("answer", "trouble", "for_good"),
    [
        ((401, {}), "refused_us", False),
        ((422, {"error": "number"}), "refused_number", True),
        ((422, {"error": "text"}), "refused_words", True),
        ((400, {"error": "sender"}), "refused_us", False),
        ((302, {}), "gateway", False),
        ((503, {}), "gateway", False),
        ((200, {"status": "?"}), "gateway", False),
    ],
)
def test_what_an_answer_of_the_sms_gateway_means(answer, trouble, for_good):
    from thongsuot.notices.ways import NotTaken
    from thongsuot.notices.ways.sms import understood

    with pytest.raises(NotTaken) as refused:
        understood(*answer)
    assert (refused.value.trouble, refused.value.for_good) == (trouble, for_good)


@pytest.mark.parametrize(
    ("code", "trouble", "for_good"),
    [(-118, "refused_number", True), (-131, "refused_words", True), (-124, "refused_us", False), (-999, "gateway", False)],
)
def test_what_an_answer_of_zalo_means(code, trouble, for_good):
    from thongsuot.notices.ways import NotTaken
    from thongsuot.notices.ways.zalo import understood

    with pytest.raises(NotTaken) as refused:
        understood(200, {"error": code})
    assert (refused.value.trouble, refused.value.for_good) == (trouble, for_good)


def test_what_the_stand_in_is_asked_over_http_it_says_it_is_one(gateway_server):
    with closing(HTTPConnection(gateway_server.address.removeprefix("http://"), timeout=5)) as connection:
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.headers["X-Stand-In"] == "notices"
        assert "giả lập" in json.loads(answer.read())["message"]


def test_a_notice_of_the_release_before_is_still_sent(city, mail_server):
    notice = make_notice(city.river.pk)
    notice.deliveries.all().delete()

    tasks.send(notice.pk)

    notice.refresh_from_db()
    assert (notice.state, len(mail_server.taken)) == ("sent", 1)


# --- Zalo's token ---


@pytest.fixture
def renewing(gateway_server, settings):
    settings.ZALO_RENEWING_URL, settings.ZALO_RENEWING_TOKEN = f"{gateway_server.address}/zalo/token", "lần đầu"
    settings.ZALO_APP_SECRET, settings.ZALO_TOKEN = "khoa-ung-dung", ""
    return gateway_server


def test_zalos_token_is_renewed_in_time_kept_encrypted_and_used(city, renewing, settings):
    tasks.renew_zalo_token(0)
    tasks.renew_zalo_token(0)

    row = ZaloToken.objects.get()
    assert renewing.spent == {"lần đầu"}
    assert "vao-1" not in row.access
    assert "gia-han-1" not in row.renewing
    with_zalo(city=city.city.pk)
    send(make_notice(city.river.pk, to=BY_PHONE), "zalo")
    assert renewing.seen[0]["access_token"] == "vao-1"

    ZaloToken.objects.update(ends_at=row.renewed_at + timedelta(hours=1))
    tasks.renew_zalo_token(0)
    assert renewing.spent == {"lần đầu", "gia-han-1"}
    settings.ZALO_RENEWING_TOKEN = "lấy lại"
    tasks.renew_zalo_token(0)
    assert "lấy lại" in renewing.spent
    assert ZaloToken.objects.count() == 1


def test_a_token_that_is_not_renewed_is_an_error_in_the_log_without_the_token(city, renewing, caplog):
    renewing.spent.add("lần đầu")

    tasks.renew_zalo_token(0)

    assert not ZaloToken.objects.exists()
    assert "was not renewed" in caplog.text
    assert "lần đầu" not in caplog.text


def test_without_a_renewing_token_nothing_is_asked(city, gateway_server):
    tasks.renew_zalo_token(0)
    assert gateway_server.spent == set()

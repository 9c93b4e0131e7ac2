"""What waits for the morning, and what is of no use any more by then: codes, sealed until they are sent."""

from datetime import time, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from thongsuot.kernel.history import history_of
from thongsuot.notices import actions, delivery, kinds
from thongsuot.notices.models import Delivery, Notice, QuietHours
from thongsuot.notices.tests.make import MONDAY, VIET_NAM, context_for, make_notice, what_goes_out
from thongsuot.notices.tests.ways import BY_PHONE, WORKER, finish, jobs, names, send, states, taken, with_zalo
from thongsuot.people.tests.make import actor, make_administrator


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

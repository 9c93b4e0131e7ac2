"""What a person declines, what nobody can decline, and when telephones are quiet."""

import re
from datetime import time, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from thongsuot.kernel import clock
from thongsuot.kernel.actor import ANYONE, system
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.kernel.models import Event
from thongsuot.notices import actions, delivery, kinds, links, tasks
from thongsuot.notices.models import Delivery, LetterRoute, OptOut, QuietHours
from thongsuot.notices.rules import Recipient
from thongsuot.notices.tests.make import MONDAY, make_notice
from thongsuot.people.tests.make import actor, logged_in, make_administrator, make_citizen, make_officer, with_second_factor

CHOICES = "/tai-khoan/tin-nhan/chon/"
ADDRESS = Recipient(name="Minh", email="minh@vidu.vn", phone="0912000048")


def states(notice):
    return dict(Delivery.objects.filter(notice=notice).values_list("way", "state"))


def invited(city, to=ADDRESS):
    return make_notice(city.river.pk, key="rate_invited", to=to)


def test_what_an_account_declined_does_not_go_by_that_way_and_obligatory_letters_do(city, mail_server, gateways):
    minh = make_citizen(email="minh@vidu.vn")
    to = Recipient(name="Minh", email="minh@vidu.vn", phone="0912000048", person_id=minh.pk)
    actions.decline(minh.pk, kind="survey", way="smtp", actor=actor(minh), at=MONDAY)

    assert states(invited(city, to)) == {"smtp": "declined", "sms": "queued"}
    assert states(make_notice(city.river.pk, key="returned", to=to)) == {"smtp": "queued", "sms": "reserve"}
    actions.decline(minh.pk, kind="survey", way="sms", actor=actor(minh), at=MONDAY)
    kept = invited(city, to)
    assert (kept.state, states(kept)) == ("kept", {"smtp": "declined", "sms": "declined"})
    actions.want_again(minh.pk, kind="survey", way="smtp", actor=actor(minh), at=MONDAY)
    assert states(invited(city, to))["smtp"] == "queued"


@pytest.mark.parametrize("key", [key for key, kind in kinds.LETTERS.items() if not kind.optional])
def test_no_choice_keeps_an_obligatory_letter_from_leaving(city, mail_server, gateways, key):
    for way in ("smtp", "sms", "zalo"):
        OptOut.objects.create(address="minh@vidu.vn" if way == "smtp" else "0912000048", kind="survey", way=way, since=MONDAY)

    notice = make_notice(city.river.pk, key=key, to=ADDRESS)

    assert "queued" in states(notice).values()
    assert "declined" not in states(notice).values()


def test_declining_twice_is_once_and_only_what_is_optional_and_ones_own(city):
    minh, thu = make_citizen(), make_citizen()
    for _ in range(2):
        actions.decline(minh.pk, kind="survey", way="sms", actor=actor(minh), at=MONDAY)
    assert OptOut.objects.count() == 1
    events = Event.objects.count()
    for refusal, act in [
        (NotYourDuty, lambda: actions.decline(minh.pk, kind="survey", way="smtp", actor=actor(thu), at=MONDAY)),
        (NotYourDuty, lambda: actions.want_again(minh.pk, kind="survey", way="sms", actor=ANYONE, at=MONDAY)),
        (BadInput, lambda: actions.decline(minh.pk, kind="received", way="sms", actor=actor(minh), at=MONDAY)),
        (BadInput, lambda: actions.decline(minh.pk, kind="survey", way="bồ câu", actor=actor(minh), at=MONDAY)),
        (NotFound, lambda: actions.want_again(minh.pk, kind="survey", way="smtp", actor=actor(minh), at=MONDAY)),
    ]:
        with pytest.raises(refusal):
            act()
    assert (OptOut.objects.count(), Event.objects.count()) == (1, events)


def decline(who, way):
    actions.decline(who.pk, kind="survey", way=way, actor=actor(who), at=MONDAY)


def test_what_is_declined_while_it_waits_does_not_go_and_another_way_is_tried(city, mail_server, gateways):
    minh = make_citizen(email="minh@vidu.vn")
    to = Recipient(name="Minh", email="minh@vidu.vn", phone="0912000048", person_id=minh.pk)
    night = MONDAY.replace(hour=22)
    LetterRoute.objects.create(city=city.city, key="rate_invited", route="phone_first", valid_from=MONDAY.date())
    notice = make_notice(city.river.pk, key="rate_invited", to=to, at=night)
    assert states(notice) == {"sms": "held", "smtp": "reserve"}
    decline(minh, "sms")

    delivery.deliver(notice.pk, way="sms", actor=system("worker"), at=MONDAY.replace(day=18, hour=7))

    assert states(notice) == {"sms": "declined", "smtp": "queued"}
    assert gateways.kept() == []
    assert [row.name for row in history_of(notice)][-2:] == ["notices.not_wanted", "notices.next_way"]
    decline(minh, "smtp")
    delivery.deliver(notice.pk, way="smtp", actor=system("worker"), at=MONDAY.replace(day=18, hour=7))
    notice.refresh_from_db()
    assert (notice.state, states(notice), mail_server.taken) == ("kept", {"sms": "declined", "smtp": "declined"}, [])


def test_a_way_in_reserve_that_was_declined_meanwhile_is_not_tried(city, mail_server, gateways):
    minh = make_citizen(email="minh@vidu.vn")
    notice = invited(city, Recipient(name="Minh", email="minh@vidu.vn", phone="0912000048", person_id=minh.pk))
    assert states(notice) == {"smtp": "queued", "sms": "reserve"}
    decline(minh, "sms")
    mail_server.answers["RCPT"] = ["550 no such user"]

    delivery.deliver(notice.pk, actor=system("worker"), at=MONDAY)

    assert states(notice) == {"smtp": "refused", "sms": "declined"}
    assert not ProcrastinateJob.objects.filter(task_name="notices.send", args__way="sms").exists()


def test_sending_again_asks_what_the_person_wants_now(city, mail_server, gateways):
    minh, keeper = make_citizen(email="minh@vidu.vn"), actor(make_administrator(city.city))
    notice = invited(city, Recipient(name="Minh", email="minh@vidu.vn", phone="0912000048", person_id=minh.pk))
    mail_server.answers["RCPT"] = ["550 no such user"]
    delivery.deliver(notice.pk, actor=system("worker"), at=MONDAY)
    delivery.deliver(notice.pk, way="sms", actor=system("worker"), at=MONDAY)
    decline(minh, "smtp")

    actions.send_again(notice.pk, actor=keeper, at=MONDAY)

    assert states(notice) == {"smtp": "declined", "sms": "queued"}
    decline(minh, "sms")
    delivery.deliver(notice.pk, way="sms", actor=system("worker"), at=MONDAY)
    with pytest.raises(actions.RecipientDeclined):
        actions.send_again(notice.pk, actor=keeper, at=MONDAY)
    actions.want_again(minh.pk, kind="survey", way="smtp", actor=actor(minh), at=MONDAY)
    actions.send_again(notice.pk, actor=keeper, at=MONDAY)
    assert states(notice) == {"smtp": "queued", "sms": "declined"}


# --- The link in the letter ---


def token_in(text):
    return re.search(r"/thoi-nhan/([^/\s]+)/", text)[1]


def test_an_optional_mail_carries_the_link_and_the_headers_of_one_click(city, mail_server, settings):
    settings.PUBLIC_URL = "https://vidu.vn"
    notice = invited(city)
    delivery.deliver(notice.pk, actor=system("worker"), at=MONDAY)
    delivery.deliver(make_notice(city.river.pk).pk, actor=system("worker"), at=MONDAY)

    mail, obligatory = mail_server.taken
    link = f"https://vidu.vn/thoi-nhan/{token_in(mail.get_content())}/"
    assert mail["List-Unsubscribe"] == f"<{link}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert obligatory["List-Unsubscribe"] is None
    assert "thoi-nhan" not in obligatory.get_content()


def test_an_optional_sms_carries_the_link_too(city, gateways):
    notice = invited(city, Recipient(name="Minh", phone="0912000048"))
    delivery.deliver(notice.pk, way="sms", actor=system("worker"), at=MONDAY)

    words = gateways.kept()[0].words
    assert links.delivery_in(token_in(words)) == notice.deliveries.get().pk


def test_opening_the_link_changes_nothing_and_the_button_does(city, mail_server):
    notice = invited(city)
    address = f"/thoi-nhan/{links.token_of(notice.deliveries.get(way='smtp').pk)}/"
    page = Client().get(address)
    assert "Thôi nhận qua Thư điện tử" in page.content.decode()
    assert not OptOut.objects.exists()

    done = Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"})

    assert (done.status_code, "Đã thôi nhận" in done.content.decode()) == (200, True)
    row = OptOut.objects.get()
    assert (row.address, row.person, row.kind, row.way) == ("minh@vidu.vn", None, "survey", "smtp")
    assert states(invited(city))["smtp"] == "declined"
    assert "minh" not in str(Event.objects.filter(name="notices.declined").values_list("facts", flat=True)[0])
    Client().post(address, {"viec": "tat-ca"})
    assert set(OptOut.objects.values_list("address", "way")) == {
        ("minh@vidu.vn", "smtp"),
        ("0912000048", "sms"),
        ("0912000048", "zalo"),
    }


def test_the_link_of_an_address_that_an_account_has_proven_is_that_accounts_choice(city, mail_server):
    minh = make_citizen(email="minh@vidu.vn")
    notice = invited(city)
    actions.decline_at(notice.deliveries.get(way="smtp").pk, actor=ANYONE, at=MONDAY)

    assert OptOut.objects.get().person == minh
    page = logged_in(minh).get(CHOICES).content.decode()
    assert page.count("checked") == 2
    EmailAddress.objects.filter(user=minh).update(verified=False)
    assert states(invited(city))["smtp"] == "queued"


def test_what_was_declined_by_the_link_before_there_was_an_account_is_taken_back_on_the_page_of_choices(city, mail_server):
    row = invited(city).deliveries.get(way="smtp")
    actions.decline_at(row.pk, actor=ANYONE, at=MONDAY)
    minh = make_citizen(email="minh@vidu.vn", verified=False)
    assert logged_in(minh).get(CHOICES).content.decode().count("checked") == 3  # only claimed: nothing is told
    with pytest.raises(NotFound):
        actions.want_again(minh.pk, kind="survey", way="smtp", actor=actor(minh), at=MONDAY)
    EmailAddress.objects.filter(user=minh).update(verified=True)
    assert logged_in(minh).get(CHOICES).content.decode().count("checked") == 2

    assert logged_in(minh).post(CHOICES, {"survey": ["smtp", "sms", "zalo"]}).status_code == 302

    assert not OptOut.objects.filter(ended_at=None).exists()
    assert states(invited(city))["smtp"] == "queued"


def test_what_was_declined_by_the_link_is_taken_back_by_the_link(city, mail_server, gateways):
    only_phone = Recipient(name="Minh", phone="0912000048")
    row = invited(city, only_phone).deliveries.get(way="sms")
    address, browser = f"/thoi-nhan/{links.token_of(row.pk)}/", Client()
    assert "Nhận lại" not in browser.get(address).content.decode()
    assert "Nhận lại" in browser.post(address, {"viec": "tat-ca"}).content.decode()
    assert states(invited(city, only_phone)) == {"sms": "declined"}
    assert "Hiện không nhận qua: Zalo, SMS." in browser.get(address).content.decode()

    for _ in range(2):
        assert "Đã nhận lại" in browser.post(address, {"viec": "nhan-lai"}).content.decode()

    assert states(invited(city, only_phone)) == {"sms": "queued"}
    with pytest.raises(NotFound):
        obligatory = make_notice(city.river.pk).deliveries.get(way="smtp")
        actions.want_again_at(obligatory.pk, actor=ANYONE, at=MONDAY)


def test_the_link_does_not_undo_what_an_account_chose(city, mail_server):
    minh = make_citizen(email="minh@vidu.vn")
    row = invited(city).deliveries.get(way="smtp")
    decline(minh, "smtp")

    assert "Nhận lại" not in Client().get(f"/thoi-nhan/{links.token_of(row.pk)}/").content.decode()
    with pytest.raises(NotFound):
        actions.want_again_at(row.pk, actor=ANYONE, at=MONDAY)
    assert states(invited(city))["smtp"] == "declined"


@pytest.mark.parametrize("token", ["1", "1-", "x-y", "1-AAAAAAAAAAAAAAAA", "9" * 30 + "-a", "é-ạ"])
def test_a_link_nobody_made_leads_nowhere(city, token):
    assert Client().get(f"/thoi-nhan/{token}/").status_code == 404
    assert Client().post(f"/thoi-nhan/{token}/").status_code == 404


def test_the_link_of_an_obligatory_letter_leads_nowhere(city):
    row = make_notice(city.river.pk).deliveries.get(way="smtp")
    assert Client().post(f"/thoi-nhan/{links.token_of(row.pk)}/").status_code == 404
    with pytest.raises(NotFound):
        actions.decline_at(row.pk, actor=ANYONE, at=MONDAY)
    assert not OptOut.objects.exists()


def test_a_link_made_under_the_key_of_before_still_opens(settings):
    token, settings.SECRET_KEY_FALLBACKS = links.token_of(7), [settings.SECRET_KEY]
    settings.SECRET_KEY = "một khóa mới"

    assert links.delivery_in(token) == 7
    settings.SECRET_KEY_FALLBACKS = []
    assert links.delivery_in(token) is None


def test_choices_on_ones_own_page(city):
    minh = make_citizen()
    browser = logged_in(minh)
    assert browser.get(CHOICES).content.decode().count("checked") == 3

    assert browser.post(CHOICES, {"survey": ["smtp"]}).status_code == 302
    assert set(OptOut.objects.values_list("person", "way")) == {(minh.pk, "sms"), (minh.pk, "zalo")}
    assert browser.post(CHOICES, {"survey": ["smtp", "sms"]}).status_code == 302
    assert set(OptOut.objects.filter(ended_at=None).values_list("way", flat=True)) == {"zalo"}
    assert browser.post(CHOICES, {"survey": ["bồ câu"]}).status_code == 422
    assert Client().get(CHOICES).status_code == 302


# --- Quiet hours ---


def quiet(city, **changes):
    facts = {"starts": time(22), "ends": time(6), "ways": ["sms"], "basis": "QĐ 1", "valid_from": MONDAY.date()}
    return actions.set_quiet_hours(city.city.pk, **{**facts, **changes}, at=MONDAY, actor=actor(make_administrator(city.city)))


def test_quiet_hours_are_dated_and_one_follows_the_other(city):
    first = quiet(city)
    second = quiet(city, valid_from=MONDAY.date() + timedelta(days=9), starts=time(0), ends=time(0))

    first.refresh_from_db()
    assert (first.valid_to, second.valid_to) == (second.valid_from, None)
    assert QuietHours.objects.count() == 2


def test_what_was_set_for_a_day_is_mended_on_that_day(city):
    before = quiet(city)
    again = quiet(city, starts=time(23))

    assert (again.pk, QuietHours.objects.get().starts) == (before.pk, time(23))
    said = [row.facts["starts"] for row in history_of(again)]
    assert [text[:5] for text in said] == ["22:00", "23:00"]


def test_what_has_not_begun_is_withdrawn_and_the_one_before_goes_on(city):
    keeper = actor(make_administrator(city.city))
    first = quiet(city)
    mistyped = quiet(city, valid_from=MONDAY.date() + timedelta(days=300))
    with pytest.raises(actions.PlaceInThePast):
        quiet(city, valid_from=MONDAY.date() + timedelta(days=2))
    with pytest.raises(actions.AlreadyBegun):
        actions.withdraw_quiet_hours(first.pk, actor=keeper, at=MONDAY)
    with pytest.raises(NotYourDuty):
        actions.withdraw_quiet_hours(mistyped.pk, actor=actor(make_officer(city.river)), at=MONDAY)

    actions.withdraw_quiet_hours(mistyped.pk, actor=keeper, at=MONDAY)

    first.refresh_from_db()
    assert (first.valid_to, QuietHours.objects.count()) == (None, 1)
    assert history_of(mistyped)[-1].name == "notices.quiet_hours_withdrawn"
    assert quiet(city, valid_from=MONDAY.date() + timedelta(days=2)).pk


def test_shorter_quiet_hours_let_go_what_is_held(city, gateways):
    night = MONDAY.replace(hour=22)
    held = make_notice(city.river.pk, to=Recipient(name="Minh", phone="0912000048"), at=night)
    longer = make_notice(city.river.pk, to=Recipient(name="Minh", phone="0912000048"), at=night.replace(hour=23))

    quiet(city, starts=time(23), ends=time(5))
    assert ProcrastinateJob.objects.get(task_name="notices.release_held").scheduled_at == MONDAY
    for notice, at in ((held, night), (longer, night.replace(hour=23))):
        delivery.release(notice.pk, way="sms", actor=system("worker"), at=at)

    row, other = held.deliveries.get(), longer.deliveries.get()
    assert (row.state, row.next_attempt_at) == ("queued", night)
    assert (other.state, other.next_attempt_at) == ("held", MONDAY.replace(day=18, hour=5))
    jobs = ProcrastinateJob.objects.filter(task_name="notices.send").order_by("id")
    assert [job.scheduled_at for job in jobs][2:] == [night, other.next_attempt_at]
    assert history_of(held)[-1].name == "notices.released"
    tasks.release_held()  # of today, long after
    longer.refresh_from_db()
    assert longer.state in {"queued", "held"}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"basis": " "}, BadInput),
        ({"ways": ["bồ câu"]}, BadInput),
        ({"valid_from": MONDAY.date() - timedelta(days=1)}, BadInput),
        ({"valid_from": MONDAY.date().replace(year=2062)}, BadInput),
    ],
)
def test_quiet_hours_that_cannot_be_are_refused(city, changes, refusal):
    quiet(city)
    with pytest.raises(refusal):
        quiet(city, **changes)
    assert QuietHours.objects.count() == 1


def test_only_who_writes_letters_for_the_city_sets_them(city):
    with pytest.raises(NotYourDuty):
        actions.set_quiet_hours(
            city.city.pk,
            starts=time(1),
            ends=time(2),
            ways=[],
            basis="x",
            valid_from=MONDAY.date(),
            actor=actor(make_officer(city.river)),
            at=MONDAY,
        )


def test_quiet_hours_through_the_page(city, settings):
    settings.CITY_CODE = "98"
    keeper, address = logged_in(with_second_factor(make_administrator(city.city))), "/quan-tri/mau-tin/gio-yen-lang/"
    soon = clock.today() + timedelta(days=30)
    good = {"starts": "22:00", "ends": "06:30", "ways": ["sms"], "basis": "QĐ 1", "valid_from": f"{soon:%d/%m/%Y}"}
    assert "từ 21:00 đến 07:00" in keeper.get(address).content.decode()

    for wrong in (
        {"starts": "25:00"},
        {"basis": ""},
        {"valid_from": "32/01/2099"},
        {"ways": ["x"]},
        {"valid_from": "01/01/2020"},
        {"valid_from": "01/01/2099"},
    ):
        assert keeper.post(address, {**good, **wrong}).status_code == 422
    assert not QuietHours.objects.exists()
    assert keeper.post(address, good).status_code == 302
    assert "22:00 - 06:30" in keeper.get(address).content.decode()
    sooner = {**good, "valid_from": f"{soon - timedelta(days=1):%d/%m/%Y}"}
    refused = keeper.post(address, sooner)
    assert refused.status_code == 422
    assert "Hãy bỏ thiết lập đó trước" in refused.content.decode()

    assert "Bỏ, chưa dùng" in keeper.get(address).content.decode()
    assert keeper.post(address, {"viec": "bo", "so": QuietHours.objects.get().pk}).status_code == 302

    assert not QuietHours.objects.exists()
    assert keeper.post(address, {"viec": "bo", "so": "x"}).status_code == 404
    assert keeper.post(address, sooner).status_code == 302

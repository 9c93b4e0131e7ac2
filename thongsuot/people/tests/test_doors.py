"""Doors of the pages: who gets in, second factors, and how sessions end."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.kernel.history import history_of
from thongsuot.people import actions, middleware, rules, second_factor
from thongsuot.people.models import Person
from thongsuot.people.second_factor import NeedsSecondFactor, WithoutSecondFactor, actor_at_the_door
from thongsuot.people.tests.make import (
    PASSWORD,
    actor,
    logged_in,
    make_administrator,
    make_citizen,
    make_officer,
    with_second_factor,
)
from thongsuot.web.request import actor_of

LOGIN = "/tai-khoan/dang-nhap/"
PEOPLE = "/quan-tri/nguoi-dung/"
OWN_KEYS = "/quan-tri/khoa-api/"  # open to every officer


@pytest.fixture(autouse=True)
def nothing_counted_before(db):
    cache.clear()


def signer(city, **facts):
    return make_officer(city.river, kind="people_committee", title="Phó Chủ tịch", name="Lê Thị Hạnh", **facts)


def log_in(person, client=None):
    client = client or Client()
    client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    return client


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


# --- pages for officers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [PEOPLE, OWN_KEYS, "/can-bo/", "/dieu-hanh/"])
def test_a_stranger_is_asked_to_log_in_and_comes_back(city, page):
    answer = Client().get(page)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{LOGIN}?next={page.replace('/', '%2F')}"
    assert Client().post(page).headers["Location"].startswith(LOGIN)


def test_strangers_and_people_are_told_apart_on_every_page(city, rf, django_assert_num_queries):
    seen = []

    def answer(request):
        seen.append(actor_of(request))

    lan = make_officer(city.river)
    actor(lan, at=timezone.now())  # its unit is remembered from now on
    for user in (None, make_citizen(), lan):
        request = rf.get("/")
        request.session = {}
        request.user = user or AnonymousUser()
        with django_assert_num_queries(0 if user is None else 1):
            middleware.ActorMiddleware(answer)(request)
    assert seen[0] is ANYONE
    assert [who.is_staff for who in seen] == [False, False, True]


# --- the second factor is compulsory -------------------------------------------------------------------------------------


@pytest.mark.parametrize("duty", sorted(rules.DUTIES))
def test_exactly_administrators_and_signers_need_a_second_factor(city, duty):
    person = make_officer(city.river, duties=[duty])
    withheld = isinstance(actor_at_the_door(person, at=timezone.now()), WithoutSecondFactor)
    others = (
        "sign results",
        "lead legal aid",
        "approve Party posts",
        "approve allowances",
        "see outbox",
        "steer changeover",
        "write letters",
        "approve letters",
        "decide receptions",
    )
    assert withheld == (duty.startswith("manage") or duty in others)
    with_second_factor(person)
    assert actor_at_the_door(person, at=timezone.now()).may(duty, unit_id=city.river.pk)


def test_without_it_no_page_opens_and_the_way_to_set_it_up_is_shown(city):
    client = logged_in(signer(city))
    answer = client.get(OWN_KEYS)
    assert answer.headers["Location"] == "/tai-khoan/hai-lop/"
    assert "cần đăng nhập hai lớp" in client.get(OWN_KEYS, follow=True).content.decode()
    assert client.post(OWN_KEYS, {"name": "x"}).status_code == 403
    assert client.get("/tai-khoan/").status_code == 200
    assert client.get("/tai-khoan/dang-xuat/").status_code == 200


def test_without_it_no_command_obeys_and_no_list_shows(city):
    hanh = signer(city)
    who = actor_at_the_door(hanh, at=timezone.now())
    assert who.is_staff
    assert (who.duties, who.units_for("sign results")) == ({}, frozenset())
    for duty in ("sign results", "see figures"):
        assert not who.may(duty, unit_id=city.river.pk)
        with pytest.raises(NeedsSecondFactor):
            who.must(duty, unit_id=city.river.pk)
    with pytest.raises(NotYourDuty):
        who.must("sign results", unit_id=city.hill.pk)
    # A real command through this door.
    admin = make_administrator(city.river)
    with pytest.raises(NeedsSecondFactor):
        actions.change_duties(
            hanh.appointments.get().pk, duties=[], actor=actor_at_the_door(admin, at=timezone.now()), at=timezone.now()
        )


def test_recovery_codes_alone_are_no_second_factor(city):
    hanh = signer(city)
    Authenticator.objects.create(user=hanh, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert not second_factor.has_one(hanh)
    assert isinstance(actor_at_the_door(hanh, at=timezone.now()), WithoutSecondFactor)


def test_a_stand_in_who_may_sign_needs_it_too(city):
    hanh, lan = signer(city), make_officer(city.river)
    now = timezone.now()
    today = timezone.localdate(now)
    actions.delegate_work(
        hanh.pk,
        to_person_id=lan.pk,
        unit_id=city.river.pk,
        valid_from=today,
        valid_to=today + timedelta(days=2),
        reason="công tác",
        includes_signing=True,
        decision_number="1/UQ",
        actor=actor(hanh, at=now),
        at=now,
    )
    assert isinstance(actor_at_the_door(lan, at=now), WithoutSecondFactor)


@pytest.mark.parametrize(
    ("is_demo", "setting", "production", "withheld"),
    [(True, True, False, False), (True, False, False, True), (False, True, False, True), (True, True, True, True)],
)
def test_only_demo_people_are_let_off_only_by_the_setting_and_never_in_production(
    city, settings, is_demo, setting, production, withheld
):
    settings.DEMO_WITHOUT_MFA, settings.PRODUCTION = setting, production
    hanh = signer(city)
    Person.objects.filter(pk=hanh.pk).update(is_demo=is_demo)
    hanh.refresh_from_db()
    assert isinstance(actor_at_the_door(hanh, at=timezone.now()), WithoutSecondFactor) is withheld


def test_login_leads_first_to_setting_it_up(city):
    answer = Client().post(LOGIN, {"login": signer(city, password=PASSWORD).email, "password": PASSWORD})
    assert answer.headers["Location"] == "/tai-khoan/hai-lop/"


def test_setting_it_up_opens_the_doors_and_is_recorded(city, django_capture_on_commit_callbacks):
    hanh = signer(city, password=PASSWORD)
    client = log_in(hanh)
    assert client.get(OWN_KEYS).status_code == 302
    setup = "/tai-khoan/hai-lop/ung-dung/cai/"
    again = client.get(setup)
    assert again.headers["Location"].startswith("/tai-khoan/nhap-lai-mat-khau/")  # who left the desk loses nothing
    client.post(again.headers["Location"], {"password": PASSWORD})
    page = client.get(setup).content.decode()
    secret = client.session["mfa.totp.secret"]
    assert secret in page
    assert "Mã chưa đúng" in client.post(setup, {"code": "000000"}).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(setup, {"code": code_of(secret)})
    assert done.headers["Location"] == "/tai-khoan/hai-lop/ma-du-phong/"
    assert client.get(OWN_KEYS).status_code == 200
    assert [row.facts for row in history_of(hanh) if row.name == "people.second_factor_changed"] == [
        {"change": "added", "factor": "totp"},
        {"change": "added", "factor": "recovery_codes"},
    ]
    kept = Authenticator.objects.get(user=hanh, type="totp").data["secret"]
    assert secret not in kept  # encrypted where it lies


def test_login_with_two_factors(city):
    hanh = signer(city, password=PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(hanh, secret)
    RecoveryCodes.activate(hanh)
    recovery = Authenticator.objects.get(user=hanh, type="recovery_codes").wrap().get_unused_codes()[0]
    second = "/tai-khoan/hai-lop/dang-nhap/"

    client = log_in(hanh)
    assert client.get(OWN_KEYS).headers["Location"].startswith(LOGIN)  # the password alone is no login
    assert "Mã chưa đúng" in client.post(second, {"code": "000000"}).content.decode()
    client.post(second, {"code": code_of(secret)})
    assert client.get(OWN_KEYS).status_code == 200

    lost_phone = log_in(hanh)
    lost_phone.post(second, {"code": recovery})
    assert lost_phone.get(OWN_KEYS).status_code == 200
    again = log_in(hanh)
    again.post(second, {"code": recovery})
    assert again.get(OWN_KEYS).status_code == 302  # a recovery code works once


def test_guessing_codes_is_stopped(city):
    hanh = signer(city, password=PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(hanh, secret)
    client = log_in(hanh)
    for _ in range(5):
        client.post("/tai-khoan/hai-lop/dang-nhap/", {"code": "000000"})
    answer = client.post("/tai-khoan/hai-lop/dang-nhap/", {"code": code_of(secret)})
    assert "Đã sai nhiều lần" in answer.content.decode()
    assert client.get(OWN_KEYS).status_code == 302


@pytest.mark.parametrize(("who", "stays"), [("signer", True), ("citizen", False)])
def test_the_last_factor_stays_where_duties_need_one(city, who, stays):
    person = signer(city, password=PASSWORD) if who == "signer" else make_citizen(password=PASSWORD)
    with_second_factor(person)
    client = logged_in(person)
    off = "/tai-khoan/hai-lop/ung-dung/go/"
    again = client.get(off).headers["Location"]
    client.post(again, {"password": PASSWORD})
    client.post(off)
    assert second_factor.has_one(person) is stays


def test_the_last_passkey_stays_too_and_one_of_two_goes(city, monkeypatch):
    hanh = signer(city, password=PASSWORD)
    keys = [
        Authenticator.objects.create(user=hanh, type="webauthn", data={"name": name, "credential": {}})
        for name in ("một", "hai")
    ]
    client = logged_in(hanh)
    address = "/tai-khoan/hai-lop/khoa/{}/go/"
    client.post(client.get(address.format(keys[0].pk)).headers["Location"], {"password": PASSWORD})
    client.post(address.format(keys[0].pk))
    answer = client.post(address.format(keys[1].pk))
    assert "Hãy cài một lớp khác trước" in answer.content.decode()
    assert list(Authenticator.objects.filter(user=hanh)) == [keys[1]]


# --- how sessions end ----------------------------------------------------------------------------------------------------


def test_a_session_dies_at_once_when_the_post_is_ended_everywhere(city):
    lan = make_officer(city.river, password=PASSWORD)
    desk, phone = log_in(lan), log_in(lan)
    now = timezone.now()
    admin = actor(make_administrator(city.river), at=now)
    actions.end_appointment(lan.appointments.get().pk, on=timezone.localdate(now), actor=admin, at=now)
    for client in (desk, phone):
        assert client.get("/tai-khoan/").status_code == 302
    again = log_in(lan)  # as a citizen
    assert again.get("/tai-khoan/").status_code == 200
    assert again.get(OWN_KEYS).status_code == 403


def test_a_session_closes_by_itself_on_the_day_the_last_post_runs_out(city, monkeypatch):
    now = timezone.now()
    lan = make_officer(city.river, password=PASSWORD, until=timezone.localdate(now) + timedelta(days=1))
    client = log_in(lan)
    assert client.get(OWN_KEYS).status_code == 200
    monkeypatch.setattr(middleware, "clock", SimpleNamespace(now=lambda: now + timedelta(days=1)))
    answer = client.get("/tai-khoan/", follow=True)
    assert answer.redirect_chain[0][0] == LOGIN
    assert "Nhiệm vụ của bạn đã kết thúc" in answer.content.decode()
    assert client.get("/tai-khoan/").status_code == 302


def test_a_session_outlives_one_of_two_posts_but_not_its_duties(city, monkeypatch):
    now = timezone.now()
    lan = make_officer(city.river, password=PASSWORD, until=timezone.localdate(now) + timedelta(days=1))
    actions.appoint(
        lan.pk,
        body_id=city.body(city.hill, "office").pk,
        title="Văn thư",
        valid_from=timezone.localdate(now),
        actor=actor(make_administrator(city.hill), at=now),
        at=now,
    )
    client = log_in(lan)
    monkeypatch.setattr(middleware, "clock", SimpleNamespace(now=lambda: now + timedelta(days=1)))
    page = client.get(OWN_KEYS)
    assert page.status_code == 200
    assert "Tiếp nhận hồ sơ" not in page.content.decode()


def test_a_citizens_session_has_no_post_to_lose(city):
    client = log_in(make_citizen(password=PASSWORD))
    assert middleware.HAD_A_POST not in client.session
    assert client.get("/tai-khoan/").status_code == 200


def test_a_locked_account_is_out_at_once(city):
    lan = make_officer(city.river, password=PASSWORD)
    client = log_in(lan)
    now = timezone.now()
    actions.deactivate_person(lan.pk, reason="x", actor=actor(make_administrator(city.river), at=now), at=now)
    assert client.get("/tai-khoan/").status_code == 302
    assert log_in(lan).get("/tai-khoan/").status_code == 302


def test_logging_out_everywhere_ends_every_session_also_this_one(city):
    lan = make_officer(city.river, password=PASSWORD)
    desk, phone = log_in(lan), log_in(lan)
    assert "Đăng xuất trên mọi thiết bị?" in desk.get("/tai-khoan/dang-xuat-moi-noi/").content.decode()
    assert "Đã đăng xuất trên mọi thiết bị" in desk.post("/tai-khoan/dang-xuat-moi-noi/", follow=True).content.decode()
    assert [client.get("/tai-khoan/").status_code for client in (desk, phone)] == [302, 302]


def test_the_list_of_sessions_names_devices_and_closes_the_others(city):
    lan = make_officer(city.river, password=PASSWORD)
    desk = log_in(lan, Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}))
    phone = log_in(lan, Client(headers={"User-Agent": "Mozilla/5.0 (Linux; Android 15) Chrome/131.0 Mobile Safari/537.36"}))
    page = desk.get("/tai-khoan/phien-dang-nhap/").content.decode()
    assert "Firefox, Windows" in page
    assert "Chrome, Android" in page
    desk.post("/tai-khoan/phien-dang-nhap/")
    assert [client.get("/tai-khoan/").status_code for client in (desk, phone)] == [200, 302]


def test_a_fragment_is_told_to_load_the_login_page_as_a_whole(city):
    answer = Client().get(PEOPLE, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"].startswith(LOGIN)

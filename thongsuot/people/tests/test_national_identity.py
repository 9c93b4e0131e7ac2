"""Login with the national identity, against the stand-in, in this process; and the ways somebody could try to get around it."""

from __future__ import annotations

import threading
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.db import connection
from django.test import Client

from thongsuot.kernel.actor import ANYONE
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.history import history_of
from thongsuot.people import actions, queries, stand_in_vneid
from thongsuot.people.actions.national_identity import (
    EmailOfAnotherAccount,
    IdentityDiffers,
    IdentityOfAnother,
    NumberOfAnother,
)
from thongsuot.people.models import Person
from thongsuot.people.national_identity import Claims
from thongsuot.people.tests.make import MONDAY, actor, logged_in, make_citizen, make_officer, with_second_factor

START = "/tai-khoan/dinh-danh/"
BACK = "/tai-khoan/dinh-danh/ve/"


@pytest.fixture(autouse=True)
def stand_in(db, settings):
    settings.VNEID = "stand-in"
    cache.clear()


def hoa(**changes) -> Claims:
    known = Claims(subject="s-hoa", level=2, name="Nguyễn Thị Hoa", id_number="001530000101", phone="", email="")
    return replace(known, **changes)


def at_the_provider(client: Client, query: str = "") -> str:
    """The address of the provider's page, as the browser is sent there."""
    answer = client.get(START + query)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def chosen(client: Client, address: str, person: str) -> str:
    answer = client.post(address, {"person": person})
    assert answer.status_code == 302
    return answer["Location"]


def come_in(client: Client, person: str, query: str = ""):
    return client.get(chosen(client, at_the_provider(client, query), person))


def is_in(client: Client) -> bool:
    return client.get("/tai-khoan/").status_code == 200


def test_someone_new_of_level_two_comes_in_with_name_and_number():
    client = Client()

    answer = come_in(client, "hoa")

    assert answer.status_code == 302
    person = Person.objects.get(id_number="001530000101")
    assert (person.full_name, person.phone, person.email) == ("Nguyễn Thị Hoa", "0912000101", "hoa@demo.thongsuot.vn")
    assert not person.has_usable_password()
    assert person.is_demo, "production refuses a database in which somebody of the stand-in is left"
    assert is_in(client)
    login = history_of(person)[-1]
    assert (login.name, login.facts) == ("people.logged_in", {"way": "national_identity", "level": 2})
    assert client.session["identity_level"] == 2


def test_nothing_of_the_claims_is_kept_beside_the_account():
    come_in(Client(), "hoa")

    assert SocialAccount.objects.get().extra_data == {"level": 2}


def test_the_second_time_it_is_the_same_account():
    come_in(Client(), "hoa")
    come_in(Client(), "hoa")

    assert Person.objects.count() == SocialAccount.objects.count() == 1


def test_at_level_one_no_number_is_believed():
    come_in(Client(), "thao")

    person = Person.objects.get()
    assert (person.full_name, person.id_number) == ("Phạm Thu Thảo", "")


def test_an_empty_address_names_nobody(city):
    come_in(Client(), "khoa")
    officer = actor(make_officer(city.river))

    assert queries.id_of_email("", actor=officer) is None
    with pytest.raises(BadInput):
        make_officer(city.river, name="Lê Đăng Khoa", email=" ")


def test_two_people_without_an_address_have_two_accounts():
    come_in(Client(), "khoa")
    come_in(Client(), "dung")

    assert list(Person.objects.values_list("email", flat=True)) == ["", ""]
    assert Client().post("/tai-khoan/dang-nhap/", {"login": "", "password": ""}).status_code != 302


def test_a_confirmed_number_leads_to_its_account(settings):
    person = make_citizen("Trần Văn Minh", email="cu@vidu.vn")
    Person.objects.filter(pk=person.pk).update(id_number=stand_in_vneid.CITIZEN_ID_NUMBER)
    client = Client()

    come_in(client, "minh")

    assert Person.objects.count() == 1
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_number_tied_to_a_stranger_by_mistake_lets_nobody_in():
    """One wrong digit at the counter, and the number of somebody else stands in Minh's account."""
    minh = make_citizen("Trần Văn Minh")
    Person.objects.filter(pk=minh.pk).update(id_number="001530000101")
    client = Client()

    answer = come_in(client, "hoa")

    assert answer.status_code == 409
    assert "mang thẻ đến quầy" in answer.content.decode()
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_an_address_alone_leads_to_no_account():
    make_citizen("Người Khác", email="hoa@demo.thongsuot.vn")
    client = Client()

    answer = come_in(client, "hoa")

    assert answer.status_code == 409
    assert "mở bằng mật khẩu" in answer.content.decode()
    assert not is_in(client)
    assert Person.objects.count() == 1
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_that_nobody_verified_is_not_kept(monkeypatch, city, verified):
    """Otherwise whoever gives an officer's future address and name would be the one appointed by it."""
    real = stand_in_vneid._userinfo

    def unverified(bearer):
        status, found = real(bearer)
        return status, {**found, "email": "can-bo@vidu.vn", "email_verified": verified}

    monkeypatch.setattr(stand_in_vneid, "_userinfo", unverified)
    client = Client()

    come_in(client, "thao")

    stranger = Person.objects.get()
    assert stranger.email == ""
    assert is_in(client)
    officer = make_officer(city.river, name="Phạm Thu Thảo", email="can-bo@vidu.vn")
    assert officer.pk != stranger.pk


def test_the_provider_asks_anew_who_sits_there():
    """Its own session may still be the one of whoever used this machine before."""
    for client, query in ((Client(), ""), (logged_in(make_citizen()), "?gan=1")):
        assert parse_qs(urlsplit(at_the_provider(client, query)).query)["prompt"] == ["login"]


def test_whoever_is_logged_in_links_the_identity():
    person = make_citizen("Nguyễn Thị Hoa", email="hoa@demo.thongsuot.vn")
    client = logged_in(person)

    answer = come_in(client, "hoa", "?gan=1")

    assert answer["Location"] == "/tai-khoan/"
    person.refresh_from_db()
    assert person.id_number == "001530000101"
    assert "Đã gắn, mức 2" in client.get("/tai-khoan/").content.decode()


def test_linking_by_a_stranger_asks_for_login_first():
    assert Client().get(START + "?gan=1")["Location"] == "/tai-khoan/dang-nhap/"


def test_an_identity_of_another_name_is_not_linked():
    person = make_citizen("Lê Văn Khác")

    answer = come_in(logged_in(person), "hoa", "?gan=1")

    assert answer.status_code == 409
    assert not SocialAccount.objects.exists()


def test_the_second_factor_is_still_asked_for():
    person = with_second_factor(make_citizen("Nguyễn Thị Hoa"))
    actions.link_identity(person.pk, claims=hoa(subject="gia-lap-hoa"), actor=actor(person), at=MONDAY)
    client = Client()

    answer = come_in(client, "hoa")

    assert answer["Location"].startswith("/tai-khoan/hai-lop/dang-nhap/")
    assert not is_in(client)


def test_it_leads_back_to_the_page_one_came_from_and_to_no_other_site():
    assert come_in(Client(), "hoa", "?next=/thu-tuc/")["Location"] == "/thu-tuc/"
    assert "vidu.vn" not in come_in(Client(), "hoa", "?next=https://vidu.vn/")["Location"]


def test_the_login_page_offers_it_only_where_it_is(settings):
    assert "Đăng nhập bằng VNeID" in Client().get("/tai-khoan/dang-nhap/?next=/thu-tuc/").content.decode()
    settings.VNEID = ""
    assert "VNeID" not in Client().get("/tai-khoan/dang-nhap/").content.decode()
    assert Client().get(START).status_code == Client().get(BACK).status_code == 404
    assert Client().get("/gia-lap/vneid/").status_code == 404


# --- what goes wrong ------------------------------------------------------------------------------------------------------


def test_not_agreeing_is_a_sentence_and_no_login():
    client = Client()
    back = client.post(at_the_provider(client), {"refuse": "1"})["Location"]

    answer = client.get(back)

    assert answer.status_code == 400
    assert "Bạn đã dừng việc đăng nhập" in answer.content.decode()
    assert not is_in(client)


def test_an_answer_of_another_browser_is_refused():
    """Someone sends a victim the address that would log them in as the sender."""
    sender, victim = Client(), Client()
    back = chosen(sender, at_the_provider(sender), "hoa")

    answer = victim.get(back)

    assert answer.status_code == 400
    assert "bắt đầu ở trình duyệt khác" in answer.content.decode()
    assert not is_in(victim)


def test_the_same_answer_twice_is_refused():
    client = Client()
    back = chosen(client, at_the_provider(client), "hoa")
    client.get(back)
    client.logout()

    assert client.get(back).status_code == 400
    assert not is_in(client)


def test_a_code_taken_into_another_login_is_refused():
    """State of one's own, code of another: PKCE binds the code to the login that asked for it."""
    thief, owner = Client(), Client()
    code = parse_qs(urlsplit(chosen(owner, at_the_provider(owner), "hoa")).query)["code"][0]
    state = parse_qs(urlsplit(at_the_provider(thief)).query)["state"][0]

    answer = thief.get(BACK, {"code": code, "state": state})

    assert answer.status_code == 400
    assert "chưa xác nhận được" in answer.content.decode()
    assert not is_in(thief)


def test_a_code_that_is_too_old_is_refused():
    client = Client()
    back = chosen(client, at_the_provider(client), "hoa")
    cache.clear()

    assert client.get(back).status_code == 400
    assert not is_in(client)


@pytest.mark.parametrize(
    "forge",
    [
        lambda claims, key: jwt.encode({**claims, "nonce": "khác"}, key, algorithm="EdDSA", headers={"kid": "gia-lap"}),
        lambda claims, key: jwt.encode({**claims, "aud": "khác"}, key, algorithm="EdDSA", headers={"kid": "gia-lap"}),
        lambda claims, key: jwt.encode(
            {**claims, "iss": "https://x.invalid"}, key, algorithm="EdDSA", headers={"kid": "gia-lap"}
        ),
        lambda claims, key: jwt.encode({**claims, "exp": 1}, key, algorithm="EdDSA", headers={"kid": "gia-lap"}),
        lambda claims, key: jwt.encode({**claims, "sub": "gia-lap-minh"}, key, algorithm="EdDSA", headers={"kid": "gia-lap"}),
        lambda claims, key: jwt.encode(claims, "x" * 40, algorithm="HS256", headers={"kid": "gia-lap"}),
        lambda claims, key: jwt.encode(claims, None, algorithm="none", headers={"kid": "gia-lap"}),
        lambda claims, key: jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": "khác"}),
        lambda claims, key: "không phải",
        lambda claims, key: "",
    ],
    ids=[
        "nonce",
        "audience",
        "issuer",
        "expired",
        "other person",
        "other algorithm",
        "unsigned",
        "unknown key",
        "garbage",
        "none",
    ],
)
def test_a_token_that_does_not_hold_is_refused(monkeypatch, forge):
    real = stand_in_vneid._token

    def forged(asked):
        status, found = real(asked)
        claims = jwt.decode(found["id_token"], options={"verify_signature": False})
        return status, {**found, "id_token": forge(claims, stand_in_vneid._key())}

    monkeypatch.setattr(stand_in_vneid, "_token", forged)
    client = Client()

    answer = come_in(client, "hoa")

    assert answer.status_code == 400, answer.content.decode()
    assert not is_in(client)
    assert not Person.objects.exists()


def test_a_provider_that_is_down_is_a_sentence(monkeypatch):
    import requests

    def down(self, *args, **kwargs):
        raise requests.ConnectionError

    client = Client()
    back = chosen(client, at_the_provider(client), "hoa")
    monkeypatch.setattr(stand_in_vneid.InProcess, "send", down)

    assert client.get(START).status_code == client.get(back).status_code == 503


def test_the_stand_in_answers_to_our_address_alone():
    client = Client()
    address = at_the_provider(client)

    for bad in (
        address.replace("redirect_uri=http%3A%2F%2Ftestserver", "redirect_uri=https%3A%2F%2Fxau.vidu.vn"),
        address.replace("client_id=thongsuot", "client_id=khac"),
        address.replace("code_challenge_method=S256", "code_challenge_method=plain"),
        address.split("?")[0],
    ):
        assert bad != address
        assert client.get(bad).status_code == 422
        assert client.post(bad, {"person": "hoa"}).status_code == 422
    assert client.post(address, {"person": "không có"}).status_code == 422


def test_the_page_of_the_stand_in_says_what_it_is():
    client = Client()
    page = client.get(at_the_provider(client)).content.decode()

    assert "Đây là bản giả lập." in page
    assert all(person.id_number[3] in "45" for person in stand_in_vneid.PEOPLE)


# --- the commands -----------------------------------------------------------------------------------------------------------


def test_a_number_that_another_identity_holds_is_refused():
    actions.enter_with_identity(claims=hoa(), actor=ANYONE, at=MONDAY)

    with pytest.raises(NumberOfAnother) as refusal:
        actions.enter_with_identity(claims=hoa(subject="s-khác"), actor=ANYONE, at=MONDAY)
    assert "mang thẻ đến quầy" in refusal.value.message(), "a citizen can look up nobody's account"
    assert Person.objects.count() == SocialAccount.objects.count() == 1


def test_level_one_becomes_level_two_without_a_second_account():
    person = actions.enter_with_identity(claims=hoa(level=1, id_number=""), actor=ANYONE, at=MONDAY)

    again = actions.enter_with_identity(claims=hoa(), actor=ANYONE, at=MONDAY)

    assert again.pk == person.pk
    assert again.id_number == "001530000101"


def test_level_two_with_the_number_of_another_account_is_refused():
    other = make_citizen("Nguyễn Thị Hoa")
    Person.objects.filter(pk=other.pk).update(id_number="001530000101")
    first = actions.enter_with_identity(claims=hoa(level=1, id_number=""), actor=ANYONE, at=MONDAY)

    with pytest.raises(NumberOfAnother):
        actions.enter_with_identity(claims=hoa(), actor=ANYONE, at=MONDAY)
    first.refresh_from_db()
    assert first.id_number == ""


def test_a_number_that_changes_is_refused():
    actions.enter_with_identity(claims=hoa(), actor=ANYONE, at=MONDAY)

    with pytest.raises(IdentityDiffers):
        actions.enter_with_identity(claims=hoa(id_number="001530000999"), actor=ANYONE, at=MONDAY)


def test_an_identity_linked_elsewhere_is_not_linked_again():
    actions.enter_with_identity(claims=hoa(), actor=ANYONE, at=MONDAY)
    person = make_citizen("Nguyễn Thị Hoa")

    with pytest.raises(IdentityOfAnother):
        actions.link_identity(person.pk, claims=hoa(), actor=actor(person), at=MONDAY)


def test_a_locked_account_stays_locked():
    person = actions.enter_with_identity(claims=hoa(subject="gia-lap-hoa"), actor=ANYONE, at=MONDAY)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    client = Client()

    assert come_in(client, "hoa").status_code in {403, 409}
    assert not is_in(client)


def test_an_address_taken_is_said_so_also_by_the_command():
    make_citizen(email="x@vidu.vn")

    with pytest.raises(EmailOfAnotherAccount):
        actions.enter_with_identity(claims=hoa(email="x@vidu.vn"), actor=ANYONE, at=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_two_first_logins_at_once_become_one_account():
    found, ready = [], threading.Barrier(2)

    def enter() -> None:
        ready.wait(10)
        found.append(actions.enter_with_identity(claims=hoa(), actor=ANYONE, at=MONDAY).pk)
        connection.close()

    threads = [threading.Thread(target=enter) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 2
    assert len(set(found)) == 1

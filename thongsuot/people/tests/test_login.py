"""Login, sign-up, lost passwords: what works, what is counted, what is never told."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from thongsuot.kernel.history import history_of
from thongsuot.people import actions, tasks
from thongsuot.people.account_urls import urlpatterns
from thongsuot.people.models import CacheEntry, Person
from thongsuot.people.tests.make import MONDAY, PASSWORD, actor, logged_in, make_citizen, make_officer, with_second_factor

LOGIN = "/tai-khoan/dang-nhap/"
SIGNUP = "/tai-khoan/dang-ky/"
FORGOT = "/tai-khoan/quen-mat-khau/"


@pytest.fixture(autouse=True)
def nothing_counted_before(db):
    cache.clear()


@pytest.fixture
def with_mail(settings):
    """As in an installation that has a mail server: sign-up waits for a code."""
    settings.EMAIL_HOST = "mail.vidu.vn"
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    settings.ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False


def delivered():
    """Run the mail jobs that wait, and return the mails."""
    for job in ProcrastinateJob.objects.filter(task_name="people.send_account_mail").order_by("id"):
        tasks.send_account_mail(**job.args)
    return mail.outbox


def log_in(email, password, client=None, **extra):
    client = client or Client()
    return client, client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_in(client):
    return client.get("/tai-khoan/").status_code == 200


def said(answer):
    """The words of a page without its tokens and without what was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|value="[^"]*"|<b>[^<]*@[^<]*</b>', "", answer.content.decode())
    return re.sub(r"\s+", " ", text)


# --- the front door ----------------------------------------------------------------------------------------------------


def test_a_person_logs_in_by_mail_address_in_any_case_and_it_is_recorded():
    minh = make_citizen(email="minh@vidu.vn", password=PASSWORD)
    client, answer = log_in("Minh@ViDu.VN", PASSWORD)
    assert answer.status_code == 302
    assert is_in(client)
    assert history_of(minh)[-1].name == "people.logged_in"
    assert client.cookies["sessionid"]["max-age"] == ""  # gone with the browser
    assert client.cookies["sessionid"]["httponly"]


def test_login_leads_where_one_wanted_to_go_but_never_off_the_site():
    make_citizen(email="minh@vidu.vn", password=PASSWORD)
    own = "/tai-khoan/ai-da-xem/"
    for wanted, goes in [(own, own), ("https://xau.vn/", "/vao/"), ("//xau.vn", "/vao/")]:
        answer = Client().post(LOGIN, {"login": "minh@vidu.vn", "password": PASSWORD, "next": wanted})
        assert answer.headers["Location"] == goes


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer():
    make_citizen(email="minh@vidu.vn", password=PASSWORD)
    _, wrong = log_in("minh@vidu.vn", "sai mật khẩu 12")
    _, unknown = log_in("khongco@vidu.vn", "sai mật khẩu 12")
    assert said(wrong) == said(unknown)
    assert "Thư điện tử hoặc mật khẩu chưa đúng" in said(wrong)


def test_a_locked_account_learns_it_only_with_the_right_password():
    minh = make_citizen(email="minh@vidu.vn", password=PASSWORD)
    Person.objects.filter(pk=minh.pk).update(is_active=False)
    client, answer = log_in("minh@vidu.vn", PASSWORD)
    assert answer.headers["Location"] == "/tai-khoan/dang-khoa/"
    assert not is_in(client)
    assert "chưa đúng" in said(log_in("minh@vidu.vn", "sai mật khẩu 12")[1])


def test_after_five_wrong_passwords_even_the_right_one_waits_and_others_do_not():
    make_citizen(email="minh@vidu.vn", password=PASSWORD)
    make_citizen(email="hoa@vidu.vn", password=PASSWORD)
    for _ in range(5):
        log_in("minh@vidu.vn", "sai mật khẩu 12")
    client, answer = log_in("MINH@vidu.vn", PASSWORD)
    assert "Đã sai nhiều lần" in said(answer)
    assert not is_in(client)
    assert is_in(log_in("hoa@vidu.vn", PASSWORD)[0])


def test_one_address_that_tries_many_accounts_is_stopped():
    make_citizen(email="minh@vidu.vn", password=PASSWORD)
    for number in range(10):
        log_in(f"ai{number}@vidu.vn", "sai mật khẩu 12")
    client, answer = log_in("minh@vidu.vn", PASSWORD)
    assert "Đã sai nhiều lần" in said(answer)
    assert is_in(log_in("minh@vidu.vn", PASSWORD, REMOTE_ADDR="10.9.8.7")[0])
    assert not is_in(client)


def test_attempts_are_counted_in_the_database_where_every_process_sees_them():
    log_in("minh@vidu.vn", "sai mật khẩu 12")
    assert CacheEntry.objects.filter(cache_key__contains="login_failed").count() == 2  # by network address and by account


def test_a_forged_forwarding_header_changes_nothing():
    for number in range(10):
        log_in(f"ai{number}@vidu.vn", "sai", headers={"X-Forwarded-For": f"10.0.0.{number}"})
    make_citizen(email="minh@vidu.vn", password=PASSWORD)
    assert "Đã sai nhiều lần" in said(log_in("minh@vidu.vn", PASSWORD, headers={"X-Forwarded-For": "10.0.0.99"})[1])


def test_too_many_posts_get_a_page_that_says_so():
    answers = [Client().post(SIGNUP, {}) for _ in range(11)]
    assert [answer.status_code for answer in answers[:10]] == [200] * 10
    assert answers[10].status_code == 429
    assert "Hãy chờ vài phút" in said(answers[10])


def test_logging_out_asks_first_and_then_does_it():
    client = logged_in(make_citizen())
    assert "Đăng xuất?" in said(client.get("/tai-khoan/dang-xuat/"))
    assert is_in(client)
    client.post("/tai-khoan/dang-xuat/")
    assert not is_in(client)


# --- sign-up -----------------------------------------------------------------------------------------------------------


NEW = {"full_name": "Trần Văn Minh", "email": "minh@vidu.vn", "phone": "0912 000 077", "password1": PASSWORD}


def test_without_a_mail_server_a_new_account_is_good_at_once():
    client = Client()
    assert client.post(SIGNUP, NEW).status_code == 302
    minh = Person.objects.get()
    assert (minh.full_name, minh.phone) == ("Trần Văn Minh", "0912000077")
    assert [row.name for row in history_of(minh)] == ["people.registered", "people.logged_in"]
    assert is_in(client)


def test_with_mail_a_new_account_waits_for_the_code(with_mail):
    client = Client()
    answer = client.post(SIGNUP, NEW, follow=True)
    assert "Nhập mã trong thư" in said(answer)
    assert not is_in(client)
    letter = delivered()[0]
    assert letter.to == ["minh@vidu.vn"]
    code = re.search(r"^[A-Z0-9-]{6,}$", letter.body, re.M).group()
    assert "Mã chưa đúng" in said(client.post("/tai-khoan/xac-nhan-thu/", {"code": "SAI-SAI"}))
    client.post("/tai-khoan/xac-nhan-thu/", {"code": code})
    assert is_in(client)


def test_sign_up_does_not_tell_whether_an_address_has_an_account(with_mail):
    make_citizen(email="hoa@vidu.vn", password=PASSWORD)
    pages = []
    for email in ("minh@vidu.vn", "hoa@vidu.vn"):
        client = Client()
        first = client.post(SIGNUP, {**NEW, "email": email})
        wrong = client.post("/tai-khoan/xac-nhan-thu/", {"code": "SAI-SAI"})
        pages.append((first.status_code, first.headers["Location"], said(client.get(first.headers["Location"])), said(wrong)))
    assert pages[0] == pages[1]
    assert Person.objects.filter(email="hoa@vidu.vn").count() == 1
    letters = {letter.to[0]: letter for letter in delivered()}
    assert "đã có tài khoản" in letters["hoa@vidu.vn"].body
    assert letters["hoa@vidu.vn"].subject == letters["minh@vidu.vn"].subject


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("ngắn 1", "ngắn hơn 12 ký tự"),
        ("837264950183745", "chỉ có chữ số"),
        ("qwertyuiop123", "dễ đoán"),
        ("minh@vidu.vn", "quá giống tên"),
    ],
)
def test_a_weak_password_is_refused_in_vietnamese_and_no_account_is_made(password, sentence):
    answer = Client().post(SIGNUP, {**NEW, "password1": password})
    assert sentence in said(answer)
    assert not Person.objects.exists()


def test_script_in_a_name_is_only_text():
    client = Client()
    client.post(SIGNUP, {**NEW, "full_name": "<script>alert(1)</script>"})
    assert "&lt;script&gt;alert" in client.get("/tai-khoan/").content.decode()


def test_production_without_mail_says_that_sign_up_is_closed(settings):
    settings.PRODUCTION = True
    answer = Client().post(SIGNUP, NEW)
    assert "Chưa mở tài khoản mới được" in said(answer)
    assert not Person.objects.exists()


# --- lost passwords ----------------------------------------------------------------------------------------------------


def test_a_lost_password_is_set_anew_by_a_link_that_works_once_and_ends_every_session():
    minh = make_citizen(email="minh@vidu.vn", password=PASSWORD)
    elsewhere, _ = log_in("minh@vidu.vn", PASSWORD)
    client = Client()
    client.post(FORGOT, {"email": "minh@vidu.vn"})
    letter = delivered()[0]
    link = re.search(r"http://testserver(\S+)", letter.body).group(1)
    page = client.get(link, follow=True)
    assert "Đặt mật khẩu mới" in said(page)
    assert link not in page.request["PATH_INFO"]  # the key leaves the address
    assert "ngắn hơn 12 ký tự" in said(client.post(page.request["PATH_INFO"], {"password1": "ngắn"}))
    client.post(page.request["PATH_INFO"], {"password1": "con mèo ngủ trưa 9"})
    assert not is_in(elsewhere)
    assert not is_in(client)  # the link is no login
    assert is_in(log_in("minh@vidu.vn", "con mèo ngủ trưa 9")[0])
    assert "không dùng được nữa" in said(Client().get(link, follow=True))
    assert "people.password_set" in [row.name for row in history_of(minh)]
    assert "vừa được đặt lại" in delivered()[-1].subject


def test_asking_for_a_link_does_not_tell_whether_an_address_has_an_account():
    make_citizen(email="minh@vidu.vn", password=PASSWORD)
    answers = [Client().post(FORGOT, {"email": email}, follow=True) for email in ("minh@vidu.vn", "khongco@vidu.vn")]
    assert said(answers[0]) == said(answers[1])
    letters = delivered()
    assert [letter.to for letter in letters] == [["minh@vidu.vn"], ["khongco@vidu.vn"]]
    assert letters[0].subject == letters[1].subject


def test_a_new_password_does_not_get_around_the_second_factor(client):
    minh = with_second_factor(make_citizen(email="minh@vidu.vn", password=PASSWORD))
    actions.set_password(minh.pk, password="con mèo ngủ trưa 9", actor=actor(minh), at=MONDAY)
    answer = client.post(LOGIN, {"login": "minh@vidu.vn", "password": "con mèo ngủ trưa 9"})
    assert answer.headers["Location"].startswith("/tai-khoan/hai-lop/dang-nhap/")
    assert not is_in(client)


def test_changing_ones_password_keeps_this_session_and_ends_the_others():
    make_citizen(email="minh@vidu.vn", password=PASSWORD)
    here, elsewhere = log_in("minh@vidu.vn", PASSWORD)[0], log_in("minh@vidu.vn", PASSWORD)[0]
    refused = here.post("/tai-khoan/mat-khau/", {"oldpassword": "sai", "password1": "con mèo ngủ trưa 9"})
    assert "chưa đúng" in said(refused)
    assert is_in(elsewhere)
    here.post("/tai-khoan/mat-khau/", {"oldpassword": PASSWORD, "password1": "con mèo ngủ trưa 9"})
    assert is_in(here)
    assert not is_in(elsewhere)


def test_a_link_from_the_administrator_works_like_one_from_the_mail(city):
    lan, admin = make_officer(city.river, email="lan@vidu.vn"), make_officer(city.river, duties=["manage people"])
    link = actions.issue_password_link(lan.pk, actor=actor(admin), at=MONDAY)
    client = Client()
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": PASSWORD})
    assert is_in(log_in("lan@vidu.vn", PASSWORD)[0])


# --- every address of allauth that we expose has a page ------------------------------------------------------------------


@pytest.mark.parametrize("who", ["stranger", "citizen", "with a factor"])
def test_no_page_of_login_is_broken(who):
    client = Client()
    if who != "stranger":
        person = make_citizen(password=PASSWORD)
        client = logged_in(person if who == "citizen" else with_second_factor(person))
    for pattern in urlpatterns:
        needed = {"pk": 1} if "<int:pk>" in str(pattern.pattern) else {}
        if "uidb36" in str(pattern.pattern):
            needed = {"uidb36": "1", "key": "x-y"}
        for method in (client.get, client.post):
            answer = method(reverse(pattern.name, kwargs=needed))
            assert answer.status_code in {200, 302, 404, 405}, (pattern.name, answer.status_code)
        if pattern.name == "account_logout" and who != "stranger":
            client.force_login(person)

"""Bad input, bad keys, too many calls: each is refused in the form of the standard, and nothing is kept."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from thongsuot.feedback import actions as feedback
from thongsuot.feedback.models import FeedbackTicket, Message
from thongsuot.feedback.tests.make import DAY, HOUR, MONDAY, a_photo
from thongsuot.kernel.errors import NotYourDuty
from thongsuot.open311 import actions
from thongsuot.open311.actions.keys import KeyFacts
from thongsuot.open311.errors import AlreadyWithdrawn
from thongsuot.open311.models import ApiKey, SentRequest, Usage
from thongsuot.open311.tests.make import FORM, Api, as_file, errors_of, make_key, set_terms


def sentences(answer) -> str:
    return " ".join(one["description"] for one in errors_of(answer))


@pytest.mark.parametrize(
    ("said", "status", "says"),
    [
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "khong-co"}, 404, "service_code"),
        ({"jurisdiction_id": "city.gov"}, 404, "jurisdiction_id"),
        ({"api_key": None}, 403, "api_key"),
        ({"api_key": "o311_sai"}, 403, "api_key"),
        ({"lat": None, "long": None, "address_string": None}, 400, "nơi xảy ra"),
        ({"lat": "21.01", "long": None}, 400, "lat và long"),
        ({"lat": "nan"}, 400, "lat"),
        ({"lat": "1e5"}, 400, "lat"),
        ({"lat": "52.5", "long": "13.4"}, 400, "Việt Nam"),
        ({"lat": None, "long": None, "address_string": None, "address_id": "00000"}, 400, "address_id"),
        ({"description": "x" * 4001}, 400, "4000"),
        ({"first_name": None, "last_name": None}, 400, "họ tên"),
        ({"email": None, "phone": None}, 400, "điện thoại"),
        ({"email": "khong phai thu"}, 400, "thư"),
        ({"phone": "12"}, 400, "10 chữ số"),
        ({"attribute[rong]": "khong-co"}, 400, "chọn trong danh sách"),
        ({"service_code": "dien-day"}, 400, "trả lời câu này"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"media_url": "http://" + "a" * 600}, 400, "media_url"),
    ],
)
def test_what_cannot_be_taken_is_told_and_not_kept(api, said, status, says):
    answer = api.post(**said)

    assert answer.status_code == status, answer.content.decode()
    assert says in sentences(answer)
    assert not FeedbackTicket.objects.exists()


def test_two_faults_are_two_errors(api):
    assert len(errors_of(api.post(first_name=None, last_name=None, email="sai", phone=None))) == 2


@pytest.mark.parametrize(
    "content_type", ["application/xml", "text/xml", "application/json", "text/plain", "application/octet-stream"]
)
def test_only_forms_are_read_and_no_xml_is_ever_opened(api, content_type):
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><request><service_code>&b;</service_code></request>'
    answer = api.client.post("/open311/v2/requests.xml", bomb, content_type=content_type)

    assert answer.status_code == 415
    assert fromstring(answer.content).tag == "errors"


def test_text_that_is_not_utf8_is_told(api):
    answer = api.client.post(
        f"/open311/v2/requests.json?api_key={api.key}", b"service_code=o-ga&description=%E1%BB", content_type=FORM
    )

    assert answer.status_code == 400
    assert "UTF-8" in sentences(answer)


@pytest.mark.parametrize(
    "body",
    [
        "service_code=o-ga&" + "&".join(f"a{n}=1" for n in range(600)),
        "service_code=o-ga&description=" + "x" * (6 * 2**20),
    ],
    ids=["fields", "bytes"],
)
def test_forms_beyond_measure_are_told(api, body):
    answer = api.client.post(f"/open311/v2/requests.json?api_key={api.key}", body, content_type=FORM)

    assert answer.status_code in {400, 413}
    assert errors_of(answer)


def test_a_body_said_to_be_huge_is_not_read(api):
    answer = api.client.post("/open311/v2/requests.xml", "a=1", content_type=FORM, CONTENT_LENGTH=str(2**40))

    assert answer.status_code == 413
    assert fromstring(answer.content)[0].findtext("code") == "413"


class Unread:
    """A body nobody may read yet."""

    def read(self, *_size):
        raise AssertionError("the body was read before the key")

    readline = read


@pytest.mark.parametrize(
    ("shown", "megabytes", "status"),
    [
        ({}, 17, 413),
        ({"query": "?api_key=o311_sai"}, 1, 403),
        ({"headers": {"X-API-Key": "o311_sai"}}, 1, 403),
        ({"query": "?api_key=KEY"}, 65, 413),
        ({"headers": {"X-API-Key": "KEY"}}, 65, 413),
    ],
)
def test_a_key_is_looked_at_before_the_form_and_a_form_beyond_measure_not_at_all(api, shown, megabytes, status):
    headers = {name: value.replace("KEY", api.key) for name, value in shown.get("headers", {}).items()}
    path = "/open311/v2/requests.json" + shown.get("query", "").replace("KEY", api.key)
    about = {"CONTENT_LENGTH": str(megabytes * 2**20), "wsgi.input": Unread()}
    answer = api.client.generic("POST", path, b"x", content_type="multipart/form-data; boundary=x", headers=headers, **about)

    assert answer.status_code == status
    assert errors_of(answer)


def test_a_key_in_a_header_opens_as_one_in_the_form(api):
    answer = api.post(api_key=None, headers={"X-API-Key": api.key})

    assert answer.status_code == 200
    number = json.loads(answer.content)[0]["service_request_id"]
    told = api.client.get("/open311/v2/requests.json", headers={"X-API-Key": api.key})
    assert [row["service_request_id"] for row in json.loads(told.content)] == [number]


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"GIF89a/*<script>*/", b"%PDF-1.4\n<html>", b""],
    ids=["svg", "polyglot", "pdf", "empty"],
)
def test_what_is_no_photograph_is_refused_with_the_whole_request(api, content):
    file = io.BytesIO(content)
    file.name = "anh.jpg"
    answer = api.post(media=file)

    assert answer.status_code in {400, 415}, answer.content.decode()
    assert errors_of(answer)
    assert not FeedbackTicket.objects.exists()


def test_too_many_pictures(api):
    answer = api.post(media=[as_file(a_photo(colour=(n, 9, 9))) for n in range(7)])

    assert answer.status_code == 400
    assert not FeedbackTicket.objects.exists()


def test_markup_is_words_and_stays_words(api):
    ticket = api.report(description="<script>alert('ổ gà sâu')</script> & ]]> \x0b", last_name="<b>Lò</b>")
    api.desk.published(ticket=accept(api, ticket), question="<i>Ổ gà</i> & sâu trước trường")
    (told,) = fromstring(api.get("requests.xml").content)

    assert "<script>" in ticket.words
    assert told.findtext("description") == "<i>Ổ gà</i> & sâu trước trường"
    assert b"<i>" not in api.get("requests.xml").content


def accept(api, ticket):
    return feedback.accept(ticket.pk, actor=api.desk.actor("toan"), at=MONDAY)


@pytest.mark.parametrize(
    "query",
    [
        {"start_date": "hôm qua"},
        {"start_date": "0001-01-01T00:00:00Z"},
        {"end_date": "9999-12-31T23:59:59Z"},
        {"start_date": "2025-10-06T00:00:00Z", "end_date": "2025-10-01T00:00:00Z"},
        {"status": "fixed"},
        {"page": "-1"},
        {"page": "0"},
        {"page": "1e9"},
        {"page_size": "1001"},
        {"page_size": "chín"},
        {"lat": "21"},
        {"lat": "inf", "long": "105"},
        {"lat": "21", "long": "105", "radius": "0"},
        {"lat": "21", "long": "105", "radius": "99999999"},
        {"updated_after": "2025-13-01"},
        {"q": "x" * 201},
        {"service_request_id": ",".join(f"PA98-25-{n:06d}" for n in range(1001))},
        {"service_code": ",".join(f"ma-{n}" for n in range(1001))},
    ],
)
def test_a_question_that_makes_no_sense_is_told(api, query):
    answer = api.get("requests.json", **query)

    assert answer.status_code == 400
    assert errors_of(answer)


@pytest.mark.parametrize(
    "path",
    [
        "requests/PA98-25-999999.json",
        "requests/%27%20OR%201=1.json",
        "requests/../../etc/passwd.json",
        "requests/" + "9" * 79 + ".json",
        "services/khong-co.json",
        "tokens/khong-co.json",
        "nothing.json",
        "services.json/",
    ],
)
def test_what_is_not_there_is_not_there(api, path):
    answer = api.get(path)

    assert answer.status_code == 404
    if path.endswith(".json"):
        assert errors_of(answer)


@pytest.mark.parametrize(
    "path", ["services", "services.html", "requests.JSON", "media/1.jpg", "media/99999999999999999999.jpg"]
)
def test_where_no_form_is_named_it_is_told_in_xml(api, path):
    answer = api.get(path)

    assert answer.status_code == 404
    assert fromstring(answer.content).tag == "errors"


def test_ids_by_the_thousand_are_answered(api):
    ticket = api.report()
    numbers = [ticket.number, *(f"PA98-25-{n:06d}" for n in range(500, 1499))]

    assert [row["service_request_id"] for row in api.json("requests", service_request_id=",".join(numbers))] == [ticket.number]


# --- Keys ---


def test_a_key_is_kept_as_its_digest_and_works_for_its_time(desk):
    key, secret = make_key(desk, valid_to=date(2025, 10, 8))
    api = Api(desk=desk, client=Client(), key=secret)

    assert secret not in str(ApiKey.objects.values().get(pk=key.pk))
    assert api.post().status_code == 200


def test_a_key_that_is_over_or_withdrawn_sends_nothing(desk, clock):
    key, secret = make_key(desk, valid_to=date(2025, 10, 8))
    api = Api(desk=desk, client=Client(), key=secret)
    clock.now = MONDAY + 2 * DAY
    assert api.post().status_code == 403
    clock.now = MONDAY
    actions.withdraw_key(key.pk, actor=desk.actor("quan"), at=MONDAY)
    assert api.post().status_code == 403
    with pytest.raises(AlreadyWithdrawn):
        actions.withdraw_key(key.pk, actor=desk.actor("quan"), at=MONDAY)


def test_a_key_does_what_it_may_and_no_more(desk):
    api = Api.with_key(desk, may_report=False)
    ticket = desk.report()

    assert api.post().status_code == 403
    said = {"service_request_id": ticket.number, "secret": ticket.secret, "description": "Chỗ hỏng rộng thêm"}
    assert api.post("servicerequestupdates.json", said).status_code == 200
    silent = Api.with_key(desk, may_update=False)
    assert silent.post("servicerequestupdates.json", said).status_code == 403
    assert Message.objects.count() == 1


def test_only_who_manages_feedback_of_the_city_gives_keys(desk):
    for name in ("ngan", "hanh", "toan"):
        with pytest.raises(NotYourDuty):
            actions.make_key(desk.whole, a_key(), actor=desk.actor(name), at=MONDAY)
    assert not ApiKey.objects.exists()


def a_key():
    return KeyFacts(organisation="Hội Mẫu", contact="app@vidu.vn", limit_hour=9, valid_from=MONDAY.date())


def test_without_a_key_where_the_city_allows_it(desk):
    api = Api(desk=desk, client=Client())
    assert api.post(api_key=None).status_code == 403
    set_terms(desk, keyless=True, keyless_hour=2)

    first, second, third = (api.post(api_key=None, email=f"n{n}@vidu.vn", phone=None) for n in range(3))
    assert (first.status_code, second.status_code, third.status_code) == (200, 200, 429)
    assert SentRequest.objects.filter(api_key=None).count() == 2


# --- Limits ---


def test_a_key_has_so_many_calls_an_hour(desk, clock):
    api = Api.with_key(desk, limit_hour=3)
    clock.now = MONDAY + timedelta(minutes=40)
    seen = [api.get("services.json", api_key=api.key).status_code for _ in range(4)]
    late = api.get("services.xml", api_key=api.key)

    assert seen == [200, 200, 200, 429]
    assert late.headers["Retry-After"] == "1200"
    assert fromstring(late.content)[0].findtext("code") == "429"
    assert api.get("services.json").status_code == 200  # without the key one reads as anybody
    clock.now = MONDAY + HOUR
    assert api.get("services.json", api_key=api.key).status_code == 200


def test_a_network_has_so_many_calls_an_hour_and_another_its_own(desk):
    set_terms(desk, read_hour=2)
    api = Api(desk=desk, client=Client())

    assert [api.get("services.json").status_code for _ in range(3)] == [200, 200, 429]
    assert api.client.get("/open311/v2/services.json", REMOTE_ADDR="10.0.0.9").status_code == 200


def test_one_person_reports_so_often_whatever_the_key(api):
    seen = [api.post(lat=str(21.01 + n / 100)).status_code for n in range(11)]

    assert seen == [*[200] * 10, 429]


# --- Twice ---


def test_the_same_report_twice_is_two_requests_as_the_standard_knows_no_other(api):
    assert api.report().pk != api.report().pk


def test_with_an_idempotency_key_it_is_one(api):
    first = api.post(headers={"Idempotency-Key": "a1"})
    again = api.post(headers={"Idempotency-Key": "a1"})
    other = api.post(headers={"Idempotency-Key": "a1"}, description="Đèn đường tắt cả dãy từ hôm qua")
    another = Api.with_key(api.desk).post(headers={"Idempotency-Key": "a1"})

    assert first.content == again.content
    assert other.status_code == 400
    assert json.loads(another.content)[0]["service_request_id"] != json.loads(first.content)[0]["service_request_id"]
    assert FeedbackTicket.objects.count() == 2


def test_an_update_sent_twice_is_one_message(api):
    ticket = api.report()
    said = {"service_request_id": ticket.number, "update_id": "77", "status": "OPEN", "description": "Chỗ hỏng rộng thêm"}
    first, again = (api.post("servicerequestupdates.json", said) for _ in range(2))

    assert first.content == again.content
    assert ticket.messages.count() == 1
    other = api.post("servicerequestupdates.json", said | {"description": "Nay đã sụt cả làn đường"})
    assert (other.status_code, "mã mới" in sentences(other)) == (400, True)
    photo = api.post("servicerequestupdates.json", said | {"media": as_file(a_photo())})
    assert photo.status_code == 400
    assert ticket.messages.count() == 1
    assert api.post("servicerequestupdates.json", said | {"update_id": "78"}).status_code == 200


def test_what_was_refused_is_counted_and_a_network_is_one_whatever_address_it_takes(desk):
    api, calls = Api(desk=desk, client=Client()), ({"api_key": "sai"}, {"jurisdiction_id": "khong.vn"}, {})
    for last, (more, status) in enumerate(zip(calls, (403, 404, 200), strict=True)):
        answer = api.client.get("/open311/v2/requests.json", more, REMOTE_ADDR=f"2001:db8:1:2::{last}")
        assert answer.status_code == status
    assert api.post().status_code == api.post(api_key="sai").status_code == 403

    six, four = Usage.objects.order_by("pk")
    assert (six.reads, six.refused) == (1, 2)
    assert (four.sends, four.refused) == (0, 2)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"service_request_id": None}, 400),
        ({"description": None}, 400),
        ({"status": "đã xong"}, 400),
        ({"updated_datetime": "hôm qua"}, 400),
        ({"update_id": "x" * 201}, 400),
    ],
)
def test_an_update_that_makes_no_sense_is_told(api, said, status):
    ticket = api.report()
    fine = {"service_request_id": ticket.number, "description": "Chỗ hỏng rộng thêm", "status": "CLOSED"}

    assert api.post("servicerequestupdates.json", fine | said).status_code == status
    assert ticket.messages.count() == 0

"""The answers held against the examples that GeoReport v2 publishes: names of elements, their order, what lies in what."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client

from thongsuot.feedback import actions as feedback
from thongsuot.feedback.facts import PhotoUpload
from thongsuot.feedback.models import FeedbackTicket, Message
from thongsuot.feedback.tests.make import DAY, HOUR, MONDAY, a_photo
from thongsuot.open311.tests.make import POTHOLE, Api, as_file, make_key, set_terms

SERVICE = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
ATTRIBUTE = ["variable", "code", "datatype", "required", "datatype_description", "order", "description", "values"]
REQUEST = [
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
]


def names(element: Element) -> list[str]:
    return [child.tag for child in element]


def test_services_are_those_of_the_city_by_the_names_of_the_standard(api):
    answer = api.get("services.xml", jurisdiction_id="98")
    root = fromstring(answer.content)

    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert root.tag == "services"
    assert {child.tag for child in root} == {"service"}
    assert all(names(service) == SERVICE for service in root)
    pothole = next(service for service in root if service.findtext("service_code") == "o-ga")
    assert pothole.findtext("service_name") == "Ổ gà, mặt đường hỏng"
    assert (pothole.findtext("metadata"), pothole.findtext("type")) == ("true", "realtime")
    assert next(s for s in root if s.findtext("service_code") == "via-he").findtext("metadata") == "false"


def test_json_is_the_same_by_the_spark_convention(api):
    answer = api.get("services.json")
    rows = json.loads(answer.content)

    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert isinstance(rows, list)
    assert all(list(row) == SERVICE for row in rows)
    assert {row["metadata"] for row in rows} == {True, False}
    told = api.xml("services")
    assert [row["service_code"] for row in rows] == [service.findtext("service_code") for service in told]


def test_a_definition_names_what_is_asked(api):
    root = api.xml("services/o-ga")
    (attribute,) = root.find("attributes")

    assert root.tag == "service_definition"
    assert names(root) == ["service_code", "attributes"]
    assert names(attribute) == ATTRIBUTE
    assert [attribute.findtext(name) for name in ("variable", "datatype", "required", "order")] == [
        "true",
        "singlevaluelist",
        "false",
        "1",
    ]
    assert names(attribute.find("values")) == ["value"] * 3
    assert names(attribute.find("values")[0]) == ["key", "name"]

    told = api.json("services/o-ga")
    assert list(told) == ["service_code", "attributes"]
    assert told["attributes"][0]["order"] == 1
    assert told["attributes"][0]["values"][1] == {"key": "vua", "name": "Cỡ mũ bảo hiểm"}


def test_a_service_without_questions_has_an_empty_definition(api):
    assert api.json("services/via-he") == {"service_code": "via-he", "attributes": []}


def test_a_request_is_taken_and_answered_as_in_the_example(api):
    answer = api.post("requests.xml", **{"attribute[rong]": "vua"})
    root = fromstring(answer.content)

    assert answer.status_code == 200
    assert root.tag == "service_requests"
    assert names(root) == ["request"]
    assert names(root[0]) == ["service_request_id", "service_notice", "account_id"]
    assert root[0].findtext("account_id") == "123456"
    assert root[0].findtext("service_notice").startswith("Đơn vị xử lý: Phường Sông. Hạn trả lời: 20/10/2025 17:00.")


def test_what_was_sent_is_a_ticket_like_any_other(api):
    ticket = api.report(**{"attribute[rong]": "vua"})

    assert (ticket.channel, ticket.category.code, ticket.state, ticket.unit_id) == ("open311", "o-ga", "routed", api.desk.river)
    assert (ticket.latitude, ticket.longitude, ticket.address) == (21.01, 105.05, POTHOLE["address_string"])
    assert ticket.answers == {"rong": "vua"}
    assert (ticket.reporter.name, ticket.reporter.phone, ticket.reporter.email) == ("Lò Văn Mẫu", "0912000999", "mau@vidu.vn")
    assert ticket.reporter.network == ""  # a key is counted, not the address of its server


def test_several_values_of_one_attribute(api):
    ticket = api.report(service_code="rac-thai", **{"attribute[loai][]": ["xay-dung", "cong-kenh"]})

    assert ticket.answers == {"loai": ["xay-dung", "cong-kenh"]}


def test_a_request_says_all_that_the_example_says(api):
    ticket = api.report()
    root = api.xml(f"requests/{ticket.number}")

    assert root.tag == "service_requests"
    assert names(root[0]) == REQUEST
    assert (root[0].findtext("status"), root[0].findtext("status_notes")) == ("open", "Đã chuyển đơn vị.")
    assert root[0].findtext("requested_datetime") == "2025-10-06T09:00:00+07:00"
    assert datetime.fromisoformat(root[0].findtext("expected_datetime")) > MONDAY
    assert list(api.json(f"requests/{ticket.number}")[0]) == REQUEST


def test_a_token_is_given_where_the_city_says_so_and_tells_the_number(api):
    set_terms(api.desk, by_token=True)
    (told,) = json.loads(api.post().content)

    assert list(told) == ["token", "service_notice", "account_id"]
    assert {service["type"] for service in api.json("services")} == {"batch"}
    root = api.xml(f"tokens/{told['token']}")
    assert root.tag == "service_requests"
    assert names(root[0]) == ["service_request_id", "token"]
    assert api.json(f"tokens/{told['token']}") == [
        {"service_request_id": root[0].findtext("service_request_id"), "token": told["token"]}
    ]
    assert api.get("tokens/1234.xml").status_code == 404


def test_updates_are_listed_as_in_the_extension(api, reacted):
    ticket = api.report()
    reacted()
    root = api.xml("servicerequestupdates", api_key=api.key)

    assert root.tag == "service_request_updates"
    assert names(root) == ["request_update"]
    assert names(root[0]) == ["update_id", "service_request_id", "status", "updated_datetime", "description", "media_url"]
    assert [root[0].findtext(name) for name in ("service_request_id", "status")] == [ticket.number, "open"]


def test_what_is_listed_late_is_listed_as_of_then(api, clock, reacted):
    """The worker was away for three hours: who asks for what is newer than they have still hears of it."""
    ticket = api.report()
    now = clock.now = clock.now + timedelta(hours=3)
    reacted()
    since = (now - timedelta(minutes=1)).isoformat()
    told = api.mine("servicerequestupdates", start_date=since, end_date=now.isoformat())
    assert {one["service_request_id"] for one in told} == {ticket.number}


def test_a_word_is_a_description_and_a_link_takes_nothing_from_its_length(api):
    """The standard asks for neither; how much our own forms ask for, no client of another city knows."""
    assert api.report(description="Pothole").words == "Pothole"
    long = api.report(description="x" * 4000, media_url="https://anh.vidu.vn/2.jpg", phone="0912000112")
    assert long.words == "x" * 4000
    assert long.notes.get().words.endswith("https://anh.vidu.vn/2.jpg")


def test_numbers_override_all_other_arguments_also_those_nobody_can_read(api):
    ticket = api.report()
    wide = {"start_date": "2024-01-01", "end_date": "2025-01-01", "status": "fixed", "page": "x"}
    (told,) = api.mine("requests", service_request_id=ticket.number, **wide)
    assert told["service_request_id"] == ticket.number


def test_the_jurisdiction_is_the_host_without_its_www_too(api, settings):
    settings.PUBLIC_URL = "https://www.dothi.vidu.vn"
    for named in ("www.dothi.vidu.vn", "dothi.vidu.vn", "98"):
        assert api.get("services.json", jurisdiction_id=named).status_code == 200, named


def test_errors_have_the_form_of_the_standard(api):
    answer = api.post("requests.xml", api_key="sai")
    root = fromstring(answer.content)

    assert answer.status_code == 403
    assert root.tag == "errors"
    assert names(root) == ["error"]
    assert names(root[0]) == ["code", "description"]
    assert root[0].findtext("code") == "403"


@pytest.mark.parametrize("at", ["/open311/discovery", "/open311/v2/discovery"])
def test_the_discovery_leads_here(desk, at):
    root = fromstring(Client().get(f"{at}.xml").content)
    told = json.loads(Client().get(f"{at}.json").content)

    assert root.tag == "discovery"
    assert names(root) == ["changeset", "contact", "key_service", "endpoints"]
    assert names(root.find("endpoints")[0]) == ["specification", "url", "changeset", "type", "formats"]
    assert [one.text for one in root.find("endpoints")[0].find("formats")] == ["text/xml", "application/json"]
    assert told["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert told["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert datetime.fromisoformat(told["changeset"]).tzinfo is not None


def test_by_address_or_by_the_code_of_a_commune_alone(api):
    by_address = api.report(lat=None, long=None, address_string="phố Bến, phường Sông")
    code = api.desk.city.river.code
    by_code = api.report(lat=None, long=None, address_string=None, address_id=code, phone="0912000111", email=None)

    assert (by_address.place_unit_id, by_address.place_by) == (api.desk.river, "address")
    assert (by_code.place_unit_id, by_code.place_by) == (api.desk.river, "unit")


def test_pictures_come_along_and_a_link_is_kept_unopened(api):
    photos = [a_photo(), a_photo(colour=(1, 200, 90))]
    ticket = api.report(
        media=[as_file(photo) for photo in photos], media_url="https://anh.vidu.vn/1.jpg", description="Ổ gà sâu trước trường"
    )

    assert ticket.photos.count() == 2
    assert ticket.words == "Ổ gà sâu trước trường"
    assert ticket.notes.get().words.endswith("https://anh.vidu.vn/1.jpg")


def test_no_description_is_none_that_the_standard_wants(api):
    assert api.report(description=None).words.startswith("Ổ gà, mặt đường hỏng")


def test_a_key_may_stand_in_the_address(api):
    answer = api.client.post(f"/open311/v2/requests.json?api_key={api.key}&jurisdiction_id=98", POTHOLE)

    assert answer.status_code == 200


def test_filters_of_the_standard(api, clock):
    old = api.report()
    clock.now = MONDAY + 10 * DAY
    light = api.report(service_code="den-duong", email="hai@vidu.vn", phone=None)
    closed = api.desk.published(clock.now)

    def found(**query):
        return {row["service_request_id"] for row in api.mine("requests", **query)}

    assert found() == {old.number, light.number, closed.number}
    assert found(service_code="den-duong,khong-co") == {light.number}
    assert found(service_code=["den-duong", "o-ga"], status="open") == {old.number, light.number}
    assert found(status="closed") == {closed.number}
    assert found(status="open,closed") == found(status=["open", "closed"]) == found(status="")
    assert found(start_date="2025-10-15T00:00:00Z") == {light.number, closed.number}
    assert found(end_date="2025-10-15T00:00:00 07:00") == {old.number}  # a plus that was not encoded
    assert found(start_date="2025-10-06", end_date="2025-10-07") == {old.number}
    assert found(service_request_id=f"{old.number},{closed.number},khong-co", status="open") == {old.number, closed.number}
    assert [row["service_request_id"] for row in api.mine("requests", page_size=1, page=3)] == [old.number]
    assert found(page_size=1, page=4) == set()
    assert found(updated_after="2025-10-16T08:59:00+07:00") == {light.number, closed.number}
    assert found(updated_before="2025-10-16T08:59:00+07:00") == {old.number}


def test_ninety_days_by_default_and_no_more_at_once(api, clock):
    old = api.report()
    clock.now = MONDAY + timedelta(days=91)

    assert api.mine("requests") == []
    assert [row["service_request_id"] for row in api.mine("requests", start_date="2025-10-01T00:00:00+07:00")] == [old.number]
    answer = api.get("requests.json", start_date="2025-01-01T00:00:00Z", end_date="2025-12-31T00:00:00Z")
    assert answer.status_code == 400


def test_what_changed_is_found_however_long_ago_it_was_requested(api, clock):
    """Answered before a client asked last, published after: what is new to it is the publishing."""
    ticket = api.desk.answered()
    clock.now = MONDAY + timedelta(days=120)
    asked_last = clock.now.isoformat()
    clock.now += DAY
    ngan = api.desk.actor("ngan", clock.now)
    feedback.publish(ticket.pk, question="Ổ gà sâu", answer="Đã vá xong.", address="phố Bến", actor=ngan, at=clock.now)

    def found(**query):
        return [row["service_request_id"] for row in api.json("requests", **query)]

    assert found() == []
    assert found(updated_after=asked_last) == [ticket.number]
    assert found(updated_after=clock.now.isoformat(), updated_before=clock.now.isoformat()) == [ticket.number]
    assert found(updated_after=(clock.now + DAY).isoformat()) == found(updated_before=asked_last) == []
    assert found(updated_after=asked_last, start_date="2025-12-01") == []


def test_what_is_taken_back_changed_too_and_never_earlier_than_before(api, clock):
    """Steps that leave no instant of their own, and those that take another's back: each is news to who asked before."""
    desk, told = api.desk, []
    other, ticket = desk.accepted(), api.report(email="hai@vidu.vn", phone=None)

    def step(act, *args, by="ngan", **said):
        asked_last, clock.now = clock.now + timedelta(minutes=1), clock.now + HOUR
        act(*args, actor=desk.actor(by, clock.now), at=clock.now, **said)
        (row,) = api.json("requests", service_request_id=ticket.number)
        told.append(datetime.fromisoformat(row["updated_datetime"]))
        changed = [row["service_request_id"] for row in api.mine("requests", updated_after=asked_last.isoformat())]
        assert changed == [ticket.number], act

    step(feedback.accept, ticket.pk, by="toan")
    step(feedback.start, ticket.pk, by="toan")
    step(feedback.ask, ticket.pk, "Chỗ nào trên phố Bến?", by="toan")
    step(feedback.reply, ticket.pk, "Trước cổng trường", secret=ticket.secret)
    step(feedback.merge, other.pk, [ticket.pk])
    step(feedback.unmerge, ticket.pk)
    assert told == [MONDAY + n * HOUR for n in range(1, 7)]


def test_what_two_write_to_each_other_is_no_news(api, clock):
    ticket = api.report()
    clock.now += HOUR
    feedback.reply(ticket.pk, "Chỗ hỏng rộng thêm", secret=ticket.secret, actor=api.desk.actor("ngan"), at=clock.now)

    assert api.mine("requests", updated_after=clock.now.isoformat()) == []


def test_a_reader_who_has_it_already_is_told_so_and_head_has_no_body(api):
    first = api.get("services.json")
    again = api.client.get("/open311/v2/services.json", headers={"If-None-Match": first.headers["ETag"]})
    head = api.client.head("/open311/v2/services.json")

    assert (again.status_code, again.content) == (304, b"")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["ETag"] == first.headers["ETag"]


def test_pages_of_others_may_read_and_not_send(api):
    assert api.get("services.xml").headers["Access-Control-Allow-Origin"] == "*"
    asked = api.client.options("/open311/v2/requests.json")
    assert (asked.status_code, asked.headers["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")
    assert "Access-Control-Allow-Origin" not in api.post().headers


def test_another_method_is_told_which_there_are(api):
    answer = api.client.post("/open311/v2/services.xml")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert b"<errors><error><code>405</code>" in answer.content


def test_a_key_for_tests_keeps_nothing(desk):
    _key, secret = make_key(desk, for_tests=True)
    api = Api(desk=desk, client=Client(), key=secret)
    (told,) = json.loads(api.post().content)

    assert told["service_request_id"].startswith("thu-")
    assert not FeedbackTicket.objects.exists()
    assert api.post(description="x" * 4001).status_code == 400


def test_a_key_for_tests_tries_updates_too_of_its_own_and_of_real_ones(desk, api):
    real = api.report()
    trying = Api(desk=desk, client=Client(), key=make_key(desk, for_tests=True)[1])
    (told,) = json.loads(trying.post(email="thu@vidu.vn", phone=None).content)

    def tried(key=trying, **said):
        fields = {"service_request_id": told["service_request_id"], "description": "Chỗ hỏng rộng thêm", **said}
        return key.post("servicerequestupdates.json", fields)

    for more in ({}, {"media": as_file(a_photo())}, {"service_request_id": real.number, "secret": real.secret}):
        answer = tried(**more)
        assert (answer.status_code, json.loads(answer.content)) == (200, [{"update_id": "thu"}]), answer.content.decode()
        assert tried(**more | {"description": "x" * 4001}).status_code == 400
        assert tried(**more | {"media": as_file(PhotoUpload(name="x.jpg", content=b"no picture"))}).status_code == 415
    assert tried(service_request_id=real.number).status_code == 403
    assert tried(api).status_code == 403  # what was tried is nowhere for a key that sends
    feedback.refuse(real.pk, "unclear", words="Chưa rõ ở đâu.", actor=desk.actor("ngan"), at=MONDAY)
    assert tried(service_request_id=real.number, secret=real.secret).status_code == 400
    assert FeedbackTicket.objects.count() == 1
    assert not Message.objects.filter(by_sender=True).exists()


def test_programs_are_answered_without_sessions_and_pages(api, settings):
    """As in production, where they come the short way (`config/wsgi.py`)."""
    settings.MIDDLEWARE = settings.API_MIDDLEWARE
    api.client.handler.load_middleware()

    assert api.post().status_code == 200
    assert api.post(api_key="sai").status_code == 403
    assert fromstring(api.get("nothing.xml").content).tag == "errors"
    answer = api.get("requests.xml")
    assert (answer.status_code, len(answer.cookies)) == (200, 0)

"""A client written by others, unchanged, against a running server: `georeport`, which knows the standard and nothing of us.

It only reads; what it reads back was sent as the standard's own example request is written, by the HTTP library it stands on.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests
from georeport import GeoReport

from thongsuot.feedback.tests.make import MONDAY, WORDS, a_photo
from thongsuot.open311.tests.make import Api

pytestmark = pytest.mark.django_db(transaction=True)
# As published, with the service, the place and the key of this city.
EXAMPLE = (
    "api_key={key}&jurisdiction_id=98&service_code=o-ga&lat=21.01524078&long=105.0512043&address_string=1234+5th+street"
    "&email=smit333%40vidu.vn&device_id=tt222111&account_id=123456&first_name=john&last_name=smith&phone=0912000111"
    "&description=A+large+sinkhole+is+destroying+the+street&media_url=http%3A%2F%2Fanh.vidu.vn%2F2002%2F2212426634_5ed.jpg"
    "&attribute[rong]=lon&attribute[WHISDORN]=COISL001"
)


def post(server, body, **more):
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    return requests.post(f"{server.url}/open311/v2/requests.xml", data=body, headers=headers, timeout=60, **more)


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_client_of_others_finds_its_way(desk, live_server, form, clock):
    api = Api.with_key(desk)
    client = GeoReport(f"{live_server.url}/open311/v2/", jurisdiction="98", output_format=form)
    sent = post(live_server, EXAMPLE.format(key=api.key))
    assert sent.status_code == 200, sent.text
    published, another = desk.published(photos=[]), desk.published(photos=[])

    services = {row["service_code"]: row for row in client.get_service_list()}
    assert services["o-ga"]["service_name"] == "Ổ gà, mặt đường hỏng"
    definition = client.get_service_definition("o-ga")
    attributes = definition["attributes"] if form == "json" else [definition["attributes"]["attribute"]]
    assert [row["code"] for row in attributes] == ["rong"]

    found = {row["service_request_id"]: row for row in client.get_service_requests()}
    number = sent.text.partition("<service_request_id>")[2].partition("</service_request_id>")[0]
    assert set(found) == {published.number, another.number}
    assert found[published.number]["description"] == "Ổ gà sâu trước cổng trường"

    alone = client.get_service_requests(service_request_id=number)
    assert (alone[0] if form == "json" else alone)["service_request_id"] == number
    day = timedelta(days=1)
    both = client.get_service_requests(
        service_code="o-ga", start_date=(MONDAY - day).isoformat(), end_date=(MONDAY + day).isoformat(), status="open,closed"
    )
    assert {row["service_request_id"] for row in both} == set(found)
    one = client.get_service_request(number)
    assert (one["status"], one["service_code"]) == ("open", "o-ga")
    assert not one["description"]
    assert client.get_service_request(published.number)["agency_responsible"] == "Phường Sông"

    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_definition("khong-co")
    with pytest.raises(requests.HTTPError, match="404"):
        client.get_service_request("PA98-25-999999")


def test_pictures_sent_in_parts_over_the_wire(desk, live_server):
    api = Api.with_key(desk)
    photo = a_photo()
    fields = {
        "api_key": api.key,
        "service_code": "o-ga",
        "address_string": "phố Bến, phường Sông",
        "first_name": "Mẫu",
        "last_name": "Lò Văn",
        "phone": "0912000999",
        "description": WORDS,
    }
    url = f"{live_server.url}/open311/v2/requests.json"
    sent = requests.post(url, data=fields, files={"media": (photo.name, photo.content, "image/jpeg")}, timeout=60)

    assert sent.status_code == 200, sent.text
    assert sent.encoding == "utf-8"
    assert sent.json()[0]["service_request_id"].startswith("PA98-25-")

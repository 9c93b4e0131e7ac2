"""A client of the interface, as an app of others would call it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from django.http import HttpResponse
from django.test import Client

from thongsuot.feedback.facts import PhotoUpload
from thongsuot.feedback.models import FeedbackTicket
from thongsuot.feedback.tests.make import MONDAY, WORDS, Desk
from thongsuot.open311 import actions
from thongsuot.open311.actions.keys import KeyFacts
from thongsuot.open311.models import ApiKey
from thongsuot.open311.queries.access import TermsRow

FORM = "application/x-www-form-urlencoded; charset=utf-8"
# What the standard's own example sends, of this city.
POTHOLE = {
    "service_code": "o-ga",
    "lat": "21.01",
    "long": "105.05",
    "address_string": "12 ngõ 4 phố Bến, phường Sông",
    "email": "mau@vidu.vn",
    "device_id": "tt222111",
    "account_id": "123456",
    "first_name": "Mẫu",
    "last_name": "Lò Văn",
    "phone": "0912000999",
    "description": WORDS,
}


def make_key(desk: Desk, *, at: datetime = MONDAY, **said: Any) -> tuple[ApiKey, str]:
    facts: dict[str, Any] = {
        "organisation": "Hội Mẫu",
        "contact": "app@vidu.vn",
        "limit_hour": 500,
        "valid_from": date(2025, 7, 1),
    } | said
    return actions.make_key(desk.whole, KeyFacts(**facts), actor=desk.actor("quan", at), at=at)


def set_terms(desk: Desk, *, at: datetime = MONDAY, **said: Any) -> None:
    facts = TermsRow(**({"basis": "thử"} | said))
    actions.change_terms(desk.whole, facts, from_day=at.date(), actor=desk.actor("quan", at), at=at)


@dataclass
class Api:
    desk: Desk
    client: Client
    key: str = ""

    @classmethod
    def with_key(cls, desk: Desk, **said: Any) -> Api:
        return cls(desk=desk, client=Client(), key=make_key(desk, **said)[1])

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"/open311/v2/{path}", query)

    def mine(self, path: str, **query: Any) -> Any:
        """As whoever holds the key reads it."""
        return self.json(path, api_key=self.key, **query)

    def json(self, path: str, **query: Any) -> Any:
        answer = self.get(f"{path}.json", **query)
        assert answer.status_code == 200, answer.content.decode()
        return json.loads(answer.content)

    def xml(self, path: str, **query: Any) -> Element:
        return fromstring(self.get(f"{path}.xml", **query).content)

    def post(self, path: str = "requests.json", said: dict[str, Any] | None = None, **more: Any) -> HttpResponse:
        """By a form; with files of `more` in several parts."""
        headers = more.pop("headers", {})
        fields = {"api_key": self.key, **(POTHOLE if said is None else said), **more}
        fields = {name: value for name, value in fields.items() if value is not None}
        if any(
            hasattr(value, "read") for values in fields.values() for value in (values if isinstance(values, list) else [values])
        ):
            return self.client.post(f"/open311/v2/{path}", fields, headers=headers)
        return self.client.post(f"/open311/v2/{path}", urlencode(fields, doseq=True), content_type=FORM, headers=headers)

    def report(self, **more: Any) -> FeedbackTicket:
        answer = self.post(**more)
        assert answer.status_code == 200, answer.content.decode()
        return FeedbackTicket.objects.get(number=json.loads(answer.content)[0]["service_request_id"])


def errors_of(answer: HttpResponse) -> list[dict[str, Any]]:
    found = json.loads(answer.content)
    assert all(set(one) == {"code", "description"} for one in found)
    assert all(one["code"] == answer.status_code for one in found)
    return list(found)


def as_file(photo: PhotoUpload) -> io.BytesIO:
    assert isinstance(photo.content, bytes)
    file = io.BytesIO(photo.content)
    file.name = photo.name
    return file

"""Browsers of officers in the made-up town, on a clock that stands still."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.make import Town
from thongsuot.people.second_factor import has_one
from thongsuot.people.tests.make import logged_in, with_second_factor


def browser(town: Town, name: str) -> Client:
    """Past login and, for who signs, past the second factor."""
    person = town.people[name]
    return logged_in(person if has_one(person) else with_second_factor(person))


def said(response: HttpResponse) -> str:
    """The words of a page, without its markup."""
    text = re.sub(r"<(script|style)\b.*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def case_url(dossier: Dossier) -> str:
    return reverse("dossiers:case", args=[dossier.pk])


def act_url(dossier: Dossier, key: str) -> str:
    return reverse("dossiers:act", args=[dossier.pk, key])


def do(client: Client, dossier: Dossier, key: str, **data: Any) -> HttpResponse:
    """Press the button of an action's page."""
    return client.post(act_url(dossier, key), data)


class Clock:
    """What `timezone.now` says; tests turn it forward."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

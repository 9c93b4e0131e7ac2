"""Browsers of officers in the made-up town."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.tests.make import Town
from thongsuot.people.tests.make import browser_of


def browser(town: Town, name: str) -> Client:
    """Past login and, for who signs, past the second factor."""
    return browser_of(town.people[name])


def case_url(dossier: Dossier) -> str:
    return reverse("dossiers:case", args=[dossier.pk])


def act_url(dossier: Dossier, key: str) -> str:
    return reverse("dossiers:act", args=[dossier.pk, key])


def do(client: Client, dossier: Dossier, key: str, **data: Any) -> HttpResponse:
    """Press the button of an action's page."""
    return client.post(act_url(dossier, key), data)

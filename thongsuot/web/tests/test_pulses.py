"""Pulses: who follows something is told when it changed; nobody else is, and nothing is told before it is true."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import RequestFactory

from thongsuot.web import pulses
from thongsuot.web.middleware import _policy
from thongsuot.web.tests.pulse_lines import Line, pulse_server, status, until


@pytest.mark.parametrize(
    ("where", "host", "origin"),
    [
        ("", "localhost:8000", ""),
        ("proxy", "mot-cua.example.vn", ""),
        (":8001", "localhost:8000", "http://localhost:8001"),
        (":8001", "localhost", "http://localhost:8001"),
        (":8001", "[::1]:8000", "http://[::1]:8001"),
        (":8001", "elsewhere.example", ""),  # no host of ours: it is refused anyway
    ],
)
def test_the_content_policy_lets_pages_reach_the_pulse_server_and_nothing_else(settings, where, host, origin):
    settings.PULSES, settings.ALLOWED_HOSTS = where, ["localhost", "[::1]", "mot-cua.example.vn"]
    request = RequestFactory().get("/", headers={"host": host})

    assert pulses.origin(request) == origin
    assert _policy(request).endswith(f"; connect-src 'self' {origin}".rstrip())


@pytest.mark.parametrize(
    ("where", "begins"), [("proxy", "/truc-tiep/?theo="), (":8001", "http://testserver:8001/truc-tiep/?theo=")]
)
def test_a_page_is_given_a_signed_address_to_follow(settings, where, begins):
    settings.PULSES = where

    address = pulses.address(RequestFactory().get("/"), "quay.1")

    assert address.startswith(begins)
    assert pulses.topic_in(address.partition("theo=")[2].replace("%3A", ":")) == "quay.1"


def test_without_a_pulse_server_pages_ask_by_themselves(settings):
    settings.PULSES = ""

    assert pulses.address(RequestFactory().get("/"), "quay.1") == ""


@pytest.mark.django_db(transaction=True)
def test_who_follows_is_told_at_the_commit_and_nobody_else():
    with pulse_server() as port:
        one, other = Line(port, "quay.1"), Line(port, "quay.2")
        assert [one.next(), other.next()] == ["here", "here"]

        with transaction.atomic():
            pulses.pulse("quay.1")
            transaction.set_rollback(True)
        pulses.pulse("quay.2")
        assert other.next() == "message"
        assert one.silent()

        with transaction.atomic():
            pulses.pulse("quay.1")
            pulses.pulse("quay.1")
        assert one.next() == "message"
        assert one.silent()
        assert other.silent()
        one.close()
        other.close()


@pytest.mark.django_db(transaction=True)
def test_after_the_database_was_away_everybody_asks_anew():
    """What was missed meanwhile nobody knows."""
    with pulse_server() as port:
        line = Line(port, "quay.1")
        assert line.next() == "here"

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")

        # Quicker than the line is told of it, it may be back.
        said = line.next()
        assert said == "message" or (said, line.next()) == ("cut", "message")
        until(lambda: status(port, "/healthz") == 200)
        pulses.pulse("quay.1")
        assert line.next() == "message"
        line.close()


@pytest.mark.django_db(transaction=True)
def test_what_was_not_signed_by_us_is_not_followed():
    signed = quote(pulses._signer.sign("quay.1"))
    with pulse_server() as port:
        wrong = ["", "?theo=quay.1", "?theo=quay.1:abc", f"?theo={signed}x", f"?theo={signed}&theo={signed}", "?theo=%00%ff"]
        assert {status(port, f"/truc-tiep/{query}") for query in wrong} == {404}
        assert status(port, f"/elsewhere/?theo={signed}") == 404

"""The quick way of tracking gives what the usual way gives, or nothing."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from thongsuot.config import quick
from thongsuot.config.handlers import ShortHandler
from thongsuot.dossiers.tests.make import make_town, receive

# A request that comes from outside gives up old connections, so there is no transaction round these tests.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def code(transactional_db):
    return receive(make_town(), at=timezone.now()).code


def ask(way, path, method="GET", **environ):
    """(status, headers, body) of one of the ways; None when it leaves the answer to another."""
    sent = []
    body = way(RequestFactory().generic(method, path, **environ).environ, lambda *head: sent.append(head))
    return None if body is None else (*sent[0], b"".join(body))


@pytest.fixture(autouse=True)
def _forget():
    quick._headers.cache_clear()
    yield
    quick._headers.cache_clear()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_both_ways_answer_alike(code, scheme, settings):
    settings.SECURE_HSTS_SECONDS = 3600
    path, environ = f"/api/v1/track/{code}", {"wsgi.url_scheme": scheme}

    short, long = ask(quick.answer, path, **environ), ask(ShortHandler(), path, **environ)

    assert (short[0], short[2]) == (long[0], long[2])
    assert sorted(short[1]) == sorted(long[1])
    assert json.loads(short[2])["code"] == code


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/track/H26.1-261005-9999"),
        ("GET", "/api/v1/track/khong-phai-ma"),
        ("GET", "/api/v1/units"),
        ("POST", "/api/v1/track/{code}"),
        ("GET", "/api/v1/track/{code}/"),
        ("GET", "/api/v1/track/{code}%0A"),
    ],
)
def test_whatever_needs_words_takes_the_usual_way(code, method, path):
    assert ask(quick.answer, path.replace("{code}", code), method) is None


def test_where_https_is_asked_http_gets_no_answer_here(code, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    path = f"/api/v1/track/{code}"

    assert ask(quick.answer, path) is None
    assert ask(ShortHandler(), path)[0].startswith("301")
    assert ask(quick.answer, path, HTTP_X_FORWARDED_PROTO="https")[0] == "200 OK"


def test_a_database_that_went_away_is_asked_again_the_usual_way(code):
    path = f"/api/v1/track/{code}"
    assert ask(quick.answer, path)[0] == "200 OK"
    connection.connection.close()

    assert ask(quick.answer, path) is None
    assert ask(ShortHandler(), path)[0] == "200 OK"
    assert ask(quick.answer, path)[0] == "200 OK"

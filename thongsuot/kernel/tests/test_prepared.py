"""Statements known to the server by name: found again when the server was told to forget them, also within a transaction."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from thongsuot.kernel.prepared import Statement, json_value

ECHO = Statement(name=b"tests_echo", sql="SELECT to_json($1::text)")


def forget() -> None:
    """As a pooler does between two who share a connection."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")


@pytest.mark.django_db(transaction=True)
def test_what_the_server_forgot_is_prepared_again():
    assert json_value(ECHO, "một") == b'"m\xe1\xbb\x99t"'
    forget()
    assert json_value(ECHO, "hai") == b'"hai"'
    with transaction.atomic():
        forget()
        assert json_value(ECHO, "ba") == b'"ba"'
    assert json_value(ECHO, "bốn") == '"bốn"'.encode()


@pytest.mark.django_db(transaction=True)
def test_a_fault_is_djangos_and_the_connection_goes_on():
    with pytest.raises(ProgrammingError):
        json_value(Statement(name=b"tests_wrong", sql="SELECT nothing_like_this($1::text)"), "x")
    assert json_value(ECHO, "y") == b'"y"'

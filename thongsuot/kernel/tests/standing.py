"""What many tests of a module begin with, made once: in a transaction that is taken back when the module ends.

Each test gets a copy and its own inner transaction, so none sees what another did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any, TypeVar

import pytest
from django.db import connection, transaction

from thongsuot.kernel.remember import forget_all

T = TypeVar("T")


def standing(request: pytest.FixtureRequest, blocker: Any, make: Callable[[], T]) -> Iterator[T | None]:
    """For a module-scoped fixture that asks for `django_db_setup`.

    None where a test of the module commits, which would empty the tables under what stands, or makes its own without
    asking for this one, which would meet it there: in such a module each test makes its own.
    """
    if not all(_gets_along(item, str(request.fixturename)) for item in request.session.items if item.path == request.path):
        yield None
        return
    with taken_back(blocker, make) as made:
        yield made


@contextmanager
def taken_back(blocker: Any, make: Callable[[], T]) -> Iterator[T]:
    """What is made, for as long as the context lasts."""
    with blocker.unblock(), transaction.atomic():
        forget_all()
        made = make()
        connection.check_constraints()  # once and not, with all the rows that were made, at the end of every test
        yield made
        transaction.set_rollback(True)
    forget_all()


def own(stood: T | None, make: Callable[[], T]) -> T:
    """For the fixture of a test, which asks for `db` as well."""
    forget_all()
    return make() if stood is None else deepcopy(stood)


def _gets_along(item: pytest.Item, fixture: str) -> bool:
    asked, mark = getattr(item, "fixturenames", ()), item.get_closest_marker("django_db")
    commits = "transactional_db" in asked or bool(mark and mark.kwargs.get("transaction"))
    uses_database = bool(mark) or "db" in asked
    return not commits and (fixture in asked or not uses_database)

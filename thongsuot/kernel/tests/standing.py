"""What many tests of a module begin with, made once: in a transaction that is taken back when the module ends.

Each test gets a copy and its own inner transaction, so none sees what another did. A test that commits, which would empty the
tables under what stands, and a test that does not ask for it, which would meet it there, run while nothing stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from typing import Any, Generic, TypeVar

import pytest
from django.db import connection, transaction

from thongsuot.kernel.remember import forget_all

T = TypeVar("T")


class Standing(Generic[T]):
    """Stands while the tests that run ask for it."""

    def __init__(self, fixture: str, blocker: Any, make: Callable[[], T]) -> None:
        self.fixture, self.blocker, self.make = fixture, blocker, make
        self._stack = ExitStack()
        self._made: list[T] = []

    def before(self, item: pytest.Item) -> None:
        asked, mark = getattr(item, "fixturenames", ()), item.get_closest_marker("django_db")
        commits = "transactional_db" in asked or "live_server" in asked or bool(mark and mark.kwargs.get("transaction"))
        wanted = self.fixture in asked and not commits
        if wanted and not self._made:
            self._made.append(self._stack.enter_context(taken_back(self.blocker, self.make)))
        elif self._made and not wanted:
            self.end()

    def end(self) -> None:
        self._made.clear()
        self._stack.close()

    def own(self) -> T:
        """A copy for one test; where nothing may stand, the test's alone."""
        forget_all()
        return deepcopy(self._made[0]) if self._made else self.make()


_all: list[Standing[Any]] = []
_running: list[pytest.Item] = []


def before(item: pytest.Item) -> None:
    """Called by the root conftest before anything is set up for a test."""
    _running[:] = [item]
    for one in sorted(_all, key=lambda one: one.fixture in getattr(item, "fixturenames", ())):  # first those that must go
        one.before(item)


def standing(request: pytest.FixtureRequest, blocker: Any, make: Callable[[], T]) -> Iterator[Standing[T]]:
    """For a module-scoped fixture that asks for `django_db_setup`. A test's asks for it and for `db` and gives `own()`."""
    one = Standing(str(request.fixturename), blocker, make)
    one.before(_running[0])
    _all.append(one)
    yield one
    _all.remove(one)
    one.end()


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

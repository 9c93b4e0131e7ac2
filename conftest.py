"""Tests run on a real PostgreSQL of their own: the embedded one in a throw-away folder, or DATABASE_URL when it is given.

A parallel run shares the cluster; each worker has its own database in it (test_thongsuot_gw0 and so on).
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any

import django
import pytest

_cluster = None
_folder: Path | None = None

if not os.environ.get("PYTEST_XDIST_WORKER"):
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a build machine that stops us: as tidy as Ctrl-C
    _folder = Path(tempfile.mkdtemp(prefix="thongsuot-test-"))
    _folder.chmod(0o755)  # root hands the cluster to another account, which must get here
    (_folder / "static").mkdir()
    os.environ["THONGSUOT_DATA"] = str(_folder)  # workers of a parallel run inherit it
    if not os.environ.get("DATABASE_URL"):
        from thongsuot.config.embedded_postgres import EmbeddedPostgres

        # Durability is tested by its own script with its own cluster; here it would only cost time.
        _cluster = EmbeddedPostgres(_folder, settings={"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
        _cluster.start(tied=True)
os.environ["THONGSUOT_ENV"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "thongsuot.config.settings"
# Playwright keeps an event loop in the test's thread; Django then refuses the database there unless told otherwise.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# Here and not by a line in pyproject.toml: that one would load the settings before the database above has its place.
django.setup()

from django.conf import settings  # noqa: E402
from django.db import OperationalError, connection, transaction  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from hypothesis import settings as hypothesis_settings  # noqa: E402
from whitenoise.middleware import WhiteNoiseMiddleware  # noqa: E402

from thongsuot.kernel.tests import databases, standing  # noqa: E402

# Argon2 is slow on purpose; here it would only cost time. That passwords are kept by it, tests/house/test_settings.py sees.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# What a machine under load takes for one example says nothing about the code.
hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.load_profile("house")

KEPT = {"django_content_type", "auth_permission"}  # what migrations put there
QUEUE = ["procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers"]  # none of Django's own tables


def _empty_what_was_filled(test: TransactionTestCase) -> None:
    """After a test that commits. Django would truncate a hundred tables and then act as after a migration."""
    tables = sorted([*(set(connection.introspection.django_table_names(include_views=False)) - KEPT), *QUEUE])
    if connection.connection is not None and not connection.in_atomic_block:
        connection.connection.rollback()  # what a test that failed left open by words of its own
    for last in (False, False, True):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for table in tables))  # noqa: S608
                if filled := [row[0] for row in cursor.fetchall()]:
                    # Without triggers: those of references, and the one by which history is append-only.
                    wipe = "".join(f'DELETE FROM "{table}";' for table in filled)  # noqa: S608
                    cursor.execute(f"SET LOCAL session_replication_role = replica; {wipe}")
        except OperationalError:  # a deadlock with what a browser or a process of the test still had under way
            if last:
                raise
        else:
            return


TransactionTestCase._fixture_teardown = _empty_what_was_filled

_static_files: dict[str, Any] = {}
_look_for_static_files = WhiteNoiseMiddleware.add_files_from_finders


def _static_files_looked_for_once(middleware: WhiteNoiseMiddleware) -> None:
    """Every Client of a test makes the middleware anew, and a quarter of its first request went into this."""
    if not _static_files:
        _look_for_static_files(middleware)
        _static_files.update(middleware.files)
    middleware.files.update(_static_files)


WhiteNoiseMiddleware.add_files_from_finders = _static_files_looked_for_once


# First and in one piece: the stories in the browser share a demo city, which takes half a minute to load, and what they have
# seen of its pages. Then what takes long by itself, so that at the end no worker waits for another.
STORIES = "tests/journeys"
LONG = (
    "tests/journeys/test_crash.py",
    "thongsuot/config/tests/test_up.py",
    "thongsuot/config/tests/test_replay.py",
    "tests/api",
)


@pytest.hookimpl(tryfirst=True)  # before what is chosen by its mark
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(item: pytest.Item) -> int:
        if "address" in getattr(item, "fixturenames", ()) and item.nodeid.startswith(STORIES):
            return 0
        if item.nodeid.startswith(LONG):
            item.add_marker("long")
            return 1
        return 2

    items.sort(key=turn)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            alone = file.endswith(("test_bad_input.py", "test_crash.py"))  # no browser, no city
            return STORIES if file.startswith(STORIES) and not alone else file

    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """Half a gigabyte of modules and collected tests is looked through no more for what can go: a sixth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: Any
) -> None:
    """Each process copies the tables that one of them made, unless its database was kept from the run before."""
    with django_db_blocker.unblock():
        if not (request.config.getoption("reuse_db") and databases.exists(connection.creation._get_test_db_name())):
            connection.settings_dict["TEST"]["TEMPLATE"] = databases.migrated()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    standing.before(item)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Also reached after Ctrl-C and SIGTERM. Killed outright, the system ends the cluster for us."""
    if _cluster is not None:
        _cluster.stop(mode="immediate")
    elif _folder is not None:
        databases.forget_migrated()
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)

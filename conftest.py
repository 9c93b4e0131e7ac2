"""Tests run on a real PostgreSQL of their own: the embedded one in a throw-away folder, or DATABASE_URL when it is given.

A parallel run shares the cluster; each worker has its own database in it (test_thongsuot_gw0 and so on).
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
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


@pytest.fixture(autouse=True)
def _no_job_left(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """What Django empties after a test that commits are its own tables; the queue's are not among them."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        from django.db import connection

        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Also reached after Ctrl-C and SIGTERM. Killed outright, the system ends the cluster for us."""
    if _cluster is not None:
        _cluster.stop(mode="immediate")
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)

from __future__ import annotations

import io
import logging

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from thongsuot.web.logs import Discreet


@pytest.fixture
def written():
    out, handler = io.StringIO(), None
    log = logging.getLogger("test.discreet")
    handler = logging.StreamHandler(out)
    handler.setFormatter(Discreet("%(levelname)s %(message)s"))
    log.addHandler(handler)
    yield log, out
    log.removeHandler(handler)


@pytest.mark.parametrize(
    ("statement", "error", "stays"),
    [
        ("INSERT INTO seen VALUES ('Nguyễn Thu Hằng')", IntegrityError, "seen_name_key"),
        ("SELECT 'Nguyễn Thu Hằng' FROM nowhere_at_all", ProgrammingError, "nowhere_at_all"),
    ],
)
def test_what_the_database_quotes_is_not_written(db, written, statement, error, stays):
    log, out = written
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE seen (name text UNIQUE) ON COMMIT DROP")
        cursor.execute("INSERT INTO seen VALUES (%s)", ["Nguyễn Thu Hằng"])
        try:
            with transaction.atomic():
                cursor.execute(statement)
        except error:
            log.exception("fault K7-2341-PX")
    text = out.getvalue()
    assert "fault K7-2341-PX" in text
    assert stays in text
    assert "Traceback" in text
    assert "Hằng" not in text.replace(statement, "")

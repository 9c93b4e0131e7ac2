"""What every refusal of bad input must be: a sentence a person can read, and everything as it was."""

from __future__ import annotations

import json
import re

import psycopg
from django.apps import apps
from django.db import connection

from thongsuot.dossiers.tests.citizen import words
from thongsuot.files import storage

PERSONAL = ("Hoàng Văn Minh", "0912345678", "0912 345 678", "001412345678", "minh@vidu.vn", "12 phố Bến")
VIETNAMESE = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)


WATCHING = {"dossiers.TrackTry", "people.LookUp", "people.CacheEntry", "kernel.Answered"}


def stored():
    """How much there is of everything; what only watches does not count."""
    tables = {
        model._meta.label: model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("thongsuot") and model._meta.label not in WATCHING
    }
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:  # prepared: a hundred tables are planned once
        counting = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables.values())  # noqa: S608
        cursor.execute(f"SELECT {counting}", prepare=True)
        counts = dict(zip(tables, cursor.fetchone(), strict=True))
    return counts, sorted(path for path in storage.root().rglob("*") if path.is_file())


def says_no(response, *, before, status=range(400, 500), draft_is_kept=False):
    """A 4xx that a person can read, and everything as it was. `draft_is_kept`: what was typed is saved, its one event."""
    assert response.status_code in status, (response.status_code, response.content[:400])
    if response.headers["Content-Type"].startswith("text/html"):
        said = words(response)
    else:
        said = json.loads(response.content)["detail"]
    assert VIETNAMESE.search(said), said
    assert not re.search(r"Traceback|Exception|Error at|psycopg|expected `|Internal", said), said
    (counts, files), (counts_before, files_before) = stored(), before
    if draft_is_kept:
        counts_before = {**counts_before, "kernel.Event": counts_before["kernel.Event"] + 1}
    assert {name: count for name, count in counts.items() if count != counts_before[name]} == {}
    assert files == files_before
    return said

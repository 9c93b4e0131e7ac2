"""Serving a file, and what a form says that sent a list. No address of its own: other capabilities' views call these."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.forms import Form
from django.http import HttpResponseBase

from thongsuot.files import queries, rules
from thongsuot.files.table_rows import BadRow, RowsRefused
from thongsuot.web.downloads import file_answer
from thongsuot.web.forms import refusals_on


@contextmanager
def refusals_on_list(form: Form, bad_rows: list[BadRow]) -> Iterator[None]:
    """What a command within refuses of a list stands beside its `file`, rows that hold it up in `bad_rows` for the page."""
    with refusals_on(form, beside="file"):
        try:
            yield
        except RowsRefused as refusal:
            bad_rows += refusal.rows
            raise


def serve(file_id: int, *, download_name: str = "") -> HttpResponseBase:
    """The file as a download, never shown inside our pages. After a check of permission. Raises NotFound, FileDamaged.

    download_name   instead of the name it was handed in with; its ending is made true
    """
    row, content = queries.opened_row(file_id)
    file_type = rules.FileType(row.content_type)
    name = rules.clean_name(download_name) if download_name else row.name
    if not rules.ending_fits(rules.ending_of(name), file_type):
        name = rules.clean_name(f"{name}.{rules.ENDINGS[file_type][0]}")
    name = rules.with_ending(name, file_type)
    return file_answer(content, name, row.content_type)

"""Serving a file. No address of its own: other capabilities call `serve` after their own permission check."""

from __future__ import annotations

from django.http import FileResponse, HttpResponseBase

from thongsuot.files import queries, rules


def serve(file_id: int, *, download_name: str = "") -> HttpResponseBase:
    """The file as a download, never shown inside our pages. Raises NotFound, FileDamaged.

    download_name   instead of the name it was handed in with; its ending is made true
    """
    row, content = queries.opened_row(file_id)
    file_type = rules.FileType(row.content_type)
    name = rules.clean_name(download_name) if download_name else row.name
    if not rules.ending_fits(rules.ending_of(name), file_type):
        name = rules.clean_name(f"{name}.{rules.ENDINGS[file_type][0]}")
    name = rules.with_ending(name, file_type)
    response = FileResponse(content, as_attachment=True, filename=name, content_type=row.content_type)
    response.headers["Content-Length"] = str(row.size)
    # Should a browser show it against our wish, it may do nothing there: no script, no form, no origin of ours.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response

"""What a scan must be, and which scans a second person looks over: pure functions."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _

from thongsuot.files.attributes import Attributes

LEAST_PDF = (1, 4)


def problems_of(scan: Attributes, *, pages: int | None, least_dpi: int, is_copy: bool = False) -> list[str]:
    """What keeps a scan from being a good one, as sentences; what the file does not say is no problem.

    pages      sides as counted by the officer: a side with a note stuck on is scanned twice and counted twice
    least_dpi  of the dated setting
    is_copy    to be signed as an electronic copy of the original: in colour too. A paper of a dossier may be grey.
    source     TT 01/2023/TT-VPCP Điều 8 (as many pictures as pages);
               NĐ 30/2020/NĐ-CP Phụ lục I (PDF 1.4 or later, 200 dpi, colour)
    """
    found = []
    if pages is not None and scan.pages is not None and pages != scan.pages:
        found.append(_("Giấy có %(pages)s trang nhưng tệp có %(images)s ảnh.") % {"pages": pages, "images": scan.pages})
    if scan.dpi is not None and scan.dpi < least_dpi:
        found.append(_("Ảnh chỉ có %(dpi)s dpi, cần từ %(least)s dpi.") % {"dpi": scan.dpi, "least": least_dpi})
    if scan.pdf_version and tuple(int(part) for part in scan.pdf_version.split(".")) < LEAST_PDF:
        found.append(_("Tệp là PDF %(version)s, cần PDF 1.4 trở lên.") % {"version": scan.pdf_version})
    if is_copy and scan.in_colour is False:
        found.append(_("Bản quét không có màu, cần quét màu."))
    return found


def is_picked(component_id: int, file_id: int, *, percent: int) -> bool:
    """Is this scan among the share that a second person checks? Nobody can foretell it, and asked again it is the same."""
    fingerprint = hashlib.sha256(f"{component_id}/{file_id}".encode()).digest()
    return int.from_bytes(fingerprint[:8]) % 100 < percent


def may_be_scanned(*, paper_kind: str, is_online: bool) -> bool:
    """Never what is only shown, never what came online (TT 01/2023/TT-VPCP Điều 8).

    Opinions, results of verification and classified papers are no components here, so there is nothing to scan.
    """
    return paper_kind != "show" and not is_online

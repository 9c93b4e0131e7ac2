"""An electronic result on paper: the original's pages with the marks that NĐ 45/2020/NĐ-CP Điều 18 asks for.

The marks stand on every page: that it was converted from an electronic original, from which, when, by whom, and a QR that
leads to the page where the original is proved. Who converts for others signs and seals below the marks by hand.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers.actions.changing import latest_change
from thongsuot.dossiers.actions.sealing import proof_of
from thongsuot.dossiers.models import Dossier, Result, ResultChange
from thongsuot.dossiers.queries.given import copies_given
from thongsuot.files.queries import opened_row
from thongsuot.files.rules import FileType
from thongsuot.kernel import text
from thongsuot.kernel.errors import TellPerson
from thongsuot.signing import appearance, pades, proofs
from thongsuot.signing.appearance import Place
from thongsuot.units import queries as units
from thongsuot.web.request import number_of

MOST_PAGES = 100


class NothingToPrint(TellPerson):
    code = "dossiers.nothing_to_print"
    says = _("Chưa có kết quả PDF còn giá trị để in. Hãy xem trạng thái hồ sơ, hoặc tải đúng tệp kết quả.")


def of_result(dossier: Dossier, *, by: str, at: datetime, copy_id: int | None = None) -> bytes:
    """The result that holds now, as a PDF to be printed. `by`: who converts it; empty when the owner prints it themselves.

    copy_id   which of the certified copies that make up the result; left out: the first
    Raises NothingToPrint while nothing is issued, after a revocation, or when the result is no PDF.
    """
    result = Result.objects.filter(dossier=dossier, issued_on__isnull=False, file__isnull=False).first()
    if result is None or result.void_reason:
        raise NothingToPrint
    change = latest_change(result)
    if change is not None and change.kind == ResultChange.Kind.REVOCATION:
        raise NothingToPrint
    holds = latest_change(result, kind=ResultChange.Kind.REPLACEMENT) or result  # a correction stands beside what it corrects
    assert holds.file_id is not None
    assert holds.issued_on is not None
    file_id, number, issued_on, code = holds.file_id, holds.number, holds.issued_on, proof_of(holds)
    if isinstance(holds, Result) and (copies := copies_given(holds)):
        one = next((one for one in copies if copy_id in (None, one.pk)), None)
        if one is None or one.file_id is None or one.numbered_on is None:
            raise NothingToPrint
        file_id, number, issued_on, code = one.file_id, one.number, one.numbered_on, one.proof_code
    row, content = opened_row(file_id)
    if row.content_type != FileType.PDF:
        raise NothingToPrint
    with content:
        original = content.read()
    with translation.override("vi"):
        agency = units.unit_row(dossier.resolving_unit_id, as_of=issued_on).full_name
        lines = [
            "BẢN GIẤY CHUYỂN ĐỔI TỪ BẢN ĐIỆN TỬ",
            f"Bản điện tử số {number} ngày {text.day(issued_on)}, {agency}",
            f"Mã hồ sơ {dossier}. In lúc {text.instant(timezone.localtime(at))}" + (f", {by}" if by else ""),
            "Quét mã để xem bản điện tử còn giá trị hay không",
            "Người, cơ quan chuyển đổi ký, đóng dấu: ........................................",
        ]
    address = (
        proofs.url(code)
        if code
        else f"{settings.PUBLIC_URL.rstrip('/')}{reverse('dossiers:track')}?{urlencode({'ma': str(dossier)})}"
    )
    return _marked(original, lines=lines, address=address, made_at=at)


def asked_copy(typed: str) -> int | None:
    """Which copy an address names; what is no number names none there is."""
    return number_of(typed) if typed else None


def _marked(original: bytes, *, lines: Sequence[str], address: str, made_at: datetime) -> bytes:
    """The marks in the upper left corner of every page, where forms keep a margin."""
    looked = pades.look(original, refuse_locked=False)
    width, height = looked.first
    drawing = io.BytesIO()
    segno.make_qr(address, error="m").save(drawing, kind="svg", border=1, xmldecl=False, svgns=True, omitsize=True)
    stamps = []
    for page in range(min(looked.pages, MOST_PAGES)):
        place = Place(page=page, x=22, y=height - 58, width=min(300, width - 44), height=48)
        style = appearance.style(place, title=lines[0], made_at=made_at, lines=lines, qr=drawing.getvalue().decode(), size=6.5)
        stamps.append((place, style))
    return pades.stamped(original, stamps=stamps, text_fields={})

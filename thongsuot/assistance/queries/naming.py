"""Which procedure somebody means: by its code, or by words that fit one alone."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from thongsuot.dossiers.models import Channel
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import one_line
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.queries.catalogue import CatalogueRow

SHOWN = 8


def procedures_named(words: str, *, on: date) -> list[CatalogueRow]:
    """Those that may be filed online: the one of this code, else what the words find."""
    words = one_line(words)[:200]
    exact = procedures.these([words], on=on) if words else []
    rows = exact or (procedures.catalogue(words, on=on).rows if words else [])
    return [row for row in rows if Channel.ONLINE in row.channels][:SHOWN]


def procedure_named(words: str, field: str, *, on: date) -> str:
    """Its code. Raises BadInput when none fits, or several do: then it names them."""
    found = procedures_named(words, on=on)
    if len(found) == 1:
        return found[0].code
    if not found:
        raise BadInput({field: _("Không có thủ tục nộp trực tuyến nào khớp. Hãy xem lại tên hoặc mã ở trang Thủ tục.")})
    names = "; ".join(f"{row.code} {row.name}" for row in found)
    raise BadInput({field: _("Có nhiều thủ tục khớp, hãy ghi mã của một thủ tục: %(names)s") % {"names": names}})

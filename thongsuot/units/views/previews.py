"""A change whose effects were shown first: it travels through the page sealed, so that what is made is what was seen."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from django.core import signing
from django.utils.translation import gettext as _

from thongsuot.kernel.errors import BadInput

Change = TypeVar("Change")
FIELD = "thay_doi"


def sealed(change: Any) -> str:
    return signing.dumps(msgspec.to_builtins(change), salt=_salt(type(change)))


def unsealed(plan: str, kind: type[Change]) -> Change:
    """Raises BadInput when it is not what a preview page of ours sent."""
    try:
        return msgspec.convert(signing.loads(plan, salt=_salt(kind)), kind)
    except (signing.BadSignature, msgspec.ValidationError):
        raise BadInput({FIELD: _("Trang xem trước đã cũ. Hãy quay lại và chọn lại.")}) from None


def _salt(kind: type[Any]) -> str:
    return f"units.{kind.__name__}"

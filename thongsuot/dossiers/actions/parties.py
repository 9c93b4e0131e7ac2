"""Owner and filer as typed in, cleaned or refused field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from thongsuot.dossiers.models import Dossier, OwnerKind
from thongsuot.kernel.contact import is_email, is_paper_number, phone_as_kept
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import one_line, search_key
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units


class Owner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom the dossier is about. Vietnamese: chủ hồ sơ."""

    name: str
    kind: int = OwnerKind.CITIZEN
    id_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


class Filer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who files for the owner. Vietnamese: người nộp."""

    name: str
    id_number: str = ""
    phone: str = ""
    relation: str = ""


def clean_owner(owner: Owner) -> dict[str, Any]:
    """Columns of the dossier. Raises BadInput with one sentence per field."""
    problems: dict[str, str] = {}
    name = _name(owner.name, "owner.name", problems)
    cleaned = {
        "owner_kind": int(owner.kind),
        "owner_name": name,
        "owner_search": search_key(name),
        "owner_id_number": _id_number(owner.id_number, "owner.id_number", problems),
        "owner_phone": _phone(owner.phone, "owner.phone", problems),
        "owner_email": _email(owner.email, "owner.email", problems),
        "owner_address": _short(owner.address, "owner.address", 300, problems),
    }
    if owner.kind not in OwnerKind.values:
        problems["owner.kind"] = _("Hãy chọn loại chủ hồ sơ.")
    if problems:
        raise BadInput(problems)
    return cleaned


def clean_filer(filer: Filer) -> dict[str, str]:
    """The filer as stored. Raises BadInput."""
    problems: dict[str, str] = {}
    cleaned = {
        "name": _name(filer.name, "filer.name", problems),
        "id_number": _id_number(filer.id_number, "filer.id_number", problems),
        "phone": _phone(filer.phone, "filer.phone", problems),
        "relation": _short(filer.relation, "filer.relation", 200, problems),
    }
    if problems:
        raise BadInput(problems)
    return cleaned


def clean_return(value: str) -> str:
    if value not in Dossier.Return.values:
        raise BadInput({"return_by": _("Hãy chọn cách nhận kết quả.")})
    return value


# -- filed online: the page of contacts, as typed ----------------------------------------------------------------------


def owner_in(contact: Mapping[str, Any]) -> dict[str, Any]:
    """The owner, as columns of the dossier. Raises BadInput."""
    return clean_online_owner(_read(Owner, contact.get("owner"), "owner"))


def clean_online_owner(owner: Owner) -> dict[str, Any]:
    """Whoever follows online opens the dossier with four digits of theirs. Raises BadInput."""
    cleaned = clean_owner(owner)
    if not cleaned["owner_phone"] and not cleaned["owner_id_number"]:
        raise BadInput({"owner.phone": _("Hãy nhập số điện thoại hoặc số định danh: bạn cần bốn số cuối để mở hồ sơ.")})
    return cleaned


def filer_in(contact: Mapping[str, Any]) -> dict[str, str] | None:
    """Who files for the owner; None when they file for themselves. Raises BadInput."""
    for_another = contact.get("filing_for", "another" if contact.get("filer") else "self") == "another"
    return clean_filer(_read(Filer, contact.get("filer"), "filer")) if for_another else None


def return_in(contact: Mapping[str, Any]) -> str:
    """How the result is to come. Raises BadInput."""
    return clean_online_return(str(contact.get("return_by", "")), address=str((contact.get("owner") or {}).get("address", "")))


def clean_online_return(return_by: str, *, address: str) -> str:
    if clean_return(return_by) == Dossier.Return.POST and not one_line(address):
        raise BadInput(
            {"return_by": _("Muốn nhận qua bưu điện thì cần địa chỉ. Hãy ghi nơi ở của chủ hồ sơ, hoặc chọn cách nhận khác.")}
        )
    return return_by


def collected_at(contact: Mapping[str, Any], version: procedures.VersionView, *, unit_id: int, on: date) -> int:
    """At whose desk the paper is fetched: another of the city, where the procedure may be filed anywhere. Raises BadInput."""
    code = str(contact.get("collected_at") or "")
    if not code or contact.get("return_by") != Dossier.Return.COUNTER or not version.non_boundary:
        return unit_id
    below = units.units_under(units.city_of(unit_id), as_of=on)
    found = next((unit.id for unit in below if unit.code == code), None)
    if found is None:
        raise BadInput({"collected_at": _("Không có nơi trả kết quả này. Hãy chọn trong danh sách.")})
    return found


def _read(kind: Any, value: Any, who: str) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise BadInput({f"{who}.name": _("Chưa có họ tên. Hãy nhập họ tên như trên giấy tờ.")}) from None


# -- field by field ----------------------------------------------------------------------------------------------------


def _name(value: str, field: str, problems: dict[str, str]) -> str:
    name = one_line(value)
    if not name:
        problems[field] = _("Chưa có họ tên. Hãy nhập họ tên như trên giấy tờ.")
    elif len(name) > 200 or not any(ch.isalpha() for ch in name):
        problems[field] = _("Họ tên chưa đúng. Hãy nhập họ tên như trên giấy tờ, không quá 200 chữ.")
    return name[:200]


def _id_number(value: str, field: str, problems: dict[str, str]) -> str:
    number = re.sub(r"[\s.]", "", one_line(value)).upper()
    if number and not is_paper_number(number):
        problems[field] = (
            _("Số định danh có 12 chữ số. Bạn đã nhập %(count)s, hãy xem lại trên thẻ.") % {"count": len(number)}
            if number.isdigit()
            else _("Số giấy tờ chưa đúng. Hãy xem lại trên thẻ hoặc hộ chiếu.")
        )
    return number[:20]


def _phone(value: str, field: str, problems: dict[str, str]) -> str:
    typed = one_line(value)
    phone = phone_as_kept(typed) if typed else ""
    if phone is None:
        problems[field] = _("Số điện thoại chưa đúng. Hãy nhập số bắt đầu bằng 0, ví dụ 0912 345 678.")
    return phone or ""


def _email(value: str, field: str, problems: dict[str, str]) -> str:
    email = one_line(value)
    if email and not is_email(email):
        problems[field] = _("Địa chỉ thư điện tử chưa đúng. Hãy nhập dạng ten@vidu.vn, hoặc để trống.")
    return email


def _short(value: str, field: str, most: int, problems: dict[str, str]) -> str:
    text = one_line(value)
    if len(text) > most:
        problems[field] = _("Nội dung dài quá %(most)s chữ. Hãy viết ngắn lại.") % {"most": most}
    return text[:most]

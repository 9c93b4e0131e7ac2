"""Electronic forms as JSON Schema (draft 2020-12), kept to what a page can show: flat fields and lists of small rows.

Beside the standard keywords a schema may say:

    x-groups      the pages of the form, in order: [{"key", "title", "description"?}]; a field names its page in `x-group`
    x-order       the fields in order, for PostgreSQL keeps no order of keys; written by `with_order` on publishing
    x-labels      {value: words} of an `enum`
    x-widget      how it is asked: text, textarea, radio, select, checkbox
    x-prefill     what of the filer's account fits: full_name, id_number, phone, email, address, birth_date
    x-quantity    the whole number feeds this quantity of the fee rules: pages, copies
    x-exemption   ticked, it claims this exemption of the fee rules
    x-within      {"days", "exemption"}: filed at most so many days after this date, the exemption holds
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

Schema = Mapping[str, Any]

FORMATS = ("date", "id-number", "phone", "email")
WIDGETS = ("text", "textarea", "radio", "select", "checkbox")
PREFILLS = ("full_name", "id_number", "phone", "email", "address", "birth_date")
MOST_FIELDS = 80
MOST_ROWS = 20
LONGEST_TEXT = 2000

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ROOT = {"$schema", "type", "title", "description", "additionalProperties", "properties", "required", "x-groups", "x-order"}
_COMMON = {"type", "title", "description", "x-group", "x-widget", "default"}
_ALLOWED = {
    "string": _COMMON | {"format", "maxLength", "minLength", "enum", "x-labels", "x-prefill", "x-within"},
    "integer": _COMMON | {"minimum", "maximum", "x-quantity"},
    "boolean": _COMMON | {"x-exemption"},
    "array": _COMMON | {"items", "minItems", "maxItems"},
}


def check_schema(schema: Schema) -> list[str]:
    """What keeps it from being a form, as sentences; empty when it can be published. An empty schema is no form: fine."""
    if not schema:
        return []
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return [_("Biểu mẫu không phải JSON Schema hợp lệ, tại: %(place)s.") % {"place": _place(error)}]
    problems = [*_unknown(schema, _ROOT, "")]
    if schema.get("type") != "object" or schema.get("additionalProperties") is not False:
        problems.append(_("Biểu mẫu phải là một đối tượng và không nhận thêm mục lạ."))
    groups = [group.get("key") if isinstance(group, dict) else None for group in schema.get("x-groups", [])]
    if any(group is None for group in groups) or len(set(groups)) != len(groups):
        problems.append(_("Mỗi phần của biểu mẫu cần một mã riêng."))
    problems.extend(_check_fields(schema, "", groups))
    return problems


def with_order(schema: Schema) -> dict[str, Any]:
    """The schema with its order of fields written down, where it is not yet."""
    if not schema:
        return {}
    fields = {key: ({**field, "items": with_order(field["items"])} if field.get("type") == "array" else dict(field))
              for key, field in schema["properties"].items()}
    return {**schema, "properties": fields, "x-order": schema.get("x-order") or list(fields)}


def ordered(schema: Schema) -> dict[str, Any]:
    """The schema with its fields in the order written down: what `with_order` stored, after a trip through jsonb."""
    if not schema:
        return {}
    fields = schema["properties"]
    in_order = [key for key in schema.get("x-order", []) if key in fields]
    in_order += [key for key in fields if key not in in_order]
    return {**schema, "properties": {
        key: {**fields[key], "items": ordered(fields[key]["items"])} if fields[key].get("type") == "array" else fields[key]
        for key in in_order
    }}


def quantities_in(schema: Schema, data: Mapping[str, Any]) -> list[dict[str, int]]:
    """What the fee rules count, one mapping per thing charged: the rows of a list with quantities, else the form itself."""
    fields = schema.get("properties", {})
    own = dict(_quantities(fields, data))
    for key, field in fields.items():
        if field.get("type") == "array" and any("x-quantity" in part for part in field["items"]["properties"].values()):
            rows = data.get(key) or []
            return [own | dict(_quantities(field["items"]["properties"], row)) for row in rows]
    return [own]


def exemptions_in(schema: Schema, data: Mapping[str, Any], *, on: date) -> set[str]:
    """The exemptions that the filled-in form claims when it is filed on that day."""
    claimed: set[str] = set()
    for key, field in schema.get("properties", {}).items():
        value = data.get(key)
        if "x-exemption" in field and value is True:
            claimed.add(field["x-exemption"])
        if "x-within" in field and isinstance(value, str):
            within = field["x-within"]
            if on <= date.fromisoformat(value) + timedelta(days=within["days"]):
                claimed.add(within["exemption"])
    return claimed


def _quantities(fields: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for key, field in fields.items():
        if "x-quantity" in field and isinstance(data.get(key), int):
            yield field["x-quantity"], data[key]


def _check_fields(schema: Schema, path: str, groups: list[Any]) -> Iterator[str]:
    fields = schema.get("properties") or {}
    if not 1 <= len(fields) <= MOST_FIELDS:
        yield _("Biểu mẫu cần từ 1 đến %(most)s mục.") % {"most": MOST_FIELDS}
    if unknown := [key for key in (*schema.get("required", []), *schema.get("x-order", [])) if key not in fields]:
        yield _("Biểu mẫu nhắc đến mục không có: %(keys)s.") % {"keys": ", ".join(map(str, unknown))}
    for key, field in fields.items():
        name = f"{path}{key}"
        kind = field.get("type") if isinstance(field, dict) else None
        if not _KEY.fullmatch(key):
            yield _("Mã mục “%(name)s” chỉ gồm chữ thường không dấu, số và dấu gạch dưới.") % {"name": name}
        if kind not in _ALLOWED or (path and kind == "array"):
            yield _("Mục “%(name)s” có kiểu không dùng được trên trang.") % {"name": name}
            continue
        yield from _unknown(field, _ALLOWED[kind], name)
        if not field.get("title"):
            yield _("Mục “%(name)s” thiếu nhãn.") % {"name": name}
        if not path and groups and field.get("x-group") not in groups:
            yield _("Mục “%(name)s” không thuộc phần nào của biểu mẫu.") % {"name": name}
        yield from _check_field(field, kind, name)


def _check_field(field: Mapping[str, Any], kind: str, name: str) -> Iterator[str]:
    if field.get("x-widget", "text") not in WIDGETS or field.get("x-prefill", "email") not in PREFILLS:
        yield _("Mục “%(name)s” ghi cách hỏi không có.") % {"name": name}
    if kind == "string":
        if "enum" in field:
            if set(field.get("x-labels", {})) != set(field["enum"]):
                yield _("Mục “%(name)s” cần đủ chữ cho từng lựa chọn.") % {"name": name}
        elif "format" in field:
            if field["format"] not in FORMATS:
                yield _("Mục “%(name)s” ghi định dạng không có.") % {"name": name}
        elif not 1 <= field.get("maxLength", 0) <= LONGEST_TEXT:
            yield _("Mục “%(name)s” cần độ dài tối đa, từ 1 đến %(most)s chữ.") % {"name": name, "most": LONGEST_TEXT}
        within = field.get("x-within")
        if within is not None and (field.get("format") != "date" or set(within) != {"days", "exemption"}):
            yield _("Mục “%(name)s” chỉ được tính hạn theo ngày.") % {"name": name}
    if kind == "integer" and not ("minimum" in field and "maximum" in field):
        yield _("Mục “%(name)s” cần số nhỏ nhất và số lớn nhất.") % {"name": name}
    if kind == "array":
        rows = field.get("items")
        if not isinstance(rows, dict) or rows.get("type") != "object" or rows.get("additionalProperties") is not False:
            yield _("Danh sách “%(name)s” cần các dòng là đối tượng, không nhận thêm mục lạ.") % {"name": name}
            return
        if not 1 <= field.get("maxItems", 0) <= MOST_ROWS:
            yield _("Danh sách “%(name)s” cần số dòng tối đa, từ 1 đến %(most)s.") % {"name": name, "most": MOST_ROWS}
        yield from _check_fields(rows, f"{name}.", [])


def _unknown(part: Mapping[str, Any], allowed: set[str], name: str) -> Iterator[str]:
    for keyword in sorted(set(part) - allowed):
        yield _("Biểu mẫu dùng từ khóa không hỗ trợ: %(keyword)s.") % {"keyword": f"{name} {keyword}".strip()}


def _place(error: SchemaError) -> str:
    return "/".join(str(part) for part in error.absolute_path) or "/"

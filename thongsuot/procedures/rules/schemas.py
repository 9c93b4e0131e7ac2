"""Electronic forms as JSON Schema (draft 2020-12), kept to what a page can show: flat fields and lists of small rows.

Beside the standard keywords a schema may say:

    x-groups      the pages of the form, in order: [{"key", "title", "description"?}]; a field names its page in `x-group`
    x-order       the fields in order, for PostgreSQL keeps no order of keys; written by `with_order` on publishing
    x-labels      {value: words} of an `enum`
    x-widget      how it is asked: text, textarea, radio, select, checkbox
    x-prefill     what of the filer's account fits: full_name, id_number, phone, email, address, birth_date
    x-concerns    true: the place the dossier is about (a plot, a shop); by it, before the owner's address, it finds the unit
                  that takes over when its own ends
    x-quantity    the whole number feeds this quantity of the fee rules: pages, copies
    x-exemption   ticked, it claims this exemption of the fee rules
    x-within      {"days", "exemption"}: filed at most so many days after this date, the exemption holds
    x-not-future  true: the date must not lie after the day of filing
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

Schema = Mapping[str, Any]

FORMATS = ("date", "id-number", "phone", "email")
WIDGETS = ("text", "textarea", "radio", "select", "checkbox")
PREFILLS = ("full_name", "id_number", "phone", "email", "address", "birth_date")
MOST_FIELDS = 80
MOST_ROWS = 20
LONGEST_TEXT = 2000
MOST_NUMBER = 1_000_000_000_000

_KEY = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"}
_WORDS = {"type": "string", "minLength": 1, "maxLength": 500}
_NUMBER = {"type": "integer", "minimum": 0, "maximum": MOST_NUMBER}
_COMMON = {
    "title": _WORDS,
    "description": {"type": "string", "maxLength": 1000},
    "x-group": _KEY,
    "x-widget": {"enum": list(WIDGETS)},
}


def _kind(name: str, *required: str, **keywords: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["type", "title", *required],
        "properties": {"type": {"const": name}, **_COMMON, **keywords},
    }


_TEXT = _kind(
    "string",
    "maxLength",
    maxLength={**_NUMBER, "minimum": 1, "maximum": LONGEST_TEXT},
    minLength=_NUMBER,
    **{"x-prefill": {"enum": list(PREFILLS)}, "x-concerns": {"type": "boolean"}},
)
_FORMATTED = _kind(
    "string",
    "format",
    format={"enum": list(FORMATS)},
    **{
        "x-prefill": {"enum": list(PREFILLS)},
        "x-not-future": {"type": "boolean"},
        "x-within": {
            "type": "object",
            "additionalProperties": False,
            "required": ["days", "exemption"],
            "properties": {"days": {**_NUMBER, "maximum": 36_500}, "exemption": _WORDS},
        },
    },
)
_CHOICE = _kind(
    "string",
    "enum",
    "x-labels",
    default={"type": "string"},
    enum={"type": "array", "minItems": 1, "maxItems": 300, "items": {"type": "string"}},
    **{"x-labels": {"type": "object", "additionalProperties": _WORDS}},
)
_COUNT = _kind("integer", "minimum", "maximum", minimum=_NUMBER, maximum=_NUMBER, default=_NUMBER, **{"x-quantity": _KEY})
_TICK = _kind("boolean", **{"x-exemption": _WORDS})
_ANSWER = [_TEXT, _FORMATTED, _CHOICE, _COUNT, _TICK]


def _object(fields: list[dict[str, Any]], **keywords: Any) -> dict[str, Any]:
    own = {
        "type": {"const": "object"},
        "additionalProperties": {"const": False},
        "title": _WORDS,
        "description": {"type": "string", "maxLength": 2000},
        "properties": {
            "type": "object",
            "minProperties": 1,
            "maxProperties": MOST_FIELDS,
            "propertyNames": _KEY,
            "additionalProperties": {"oneOf": fields},
        },
        "required": {"type": "array", "items": _KEY},
        "x-order": {"type": "array", "items": _KEY},
        **keywords,
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["type", "properties", "additionalProperties"],
        "properties": own,
    }


_LIST = _kind(
    "array",
    "items",
    "maxItems",
    items=_object(_ANSWER),
    minItems={**_NUMBER, "maximum": MOST_ROWS},
    maxItems={**_NUMBER, "minimum": 1, "maximum": MOST_ROWS},
)
_GROUP = {
    "type": "object",
    "additionalProperties": False,
    "required": ["key", "title"],
    "properties": {"key": _KEY, "title": _WORDS, "description": _WORDS},
}

# The shape of every form schema, as a schema: what is not named here cannot be used, so no schema can surprise a page.
SHAPE = _object(
    [*_ANSWER, _LIST],
    **{
        "$schema": {"const": "https://json-schema.org/draft/2020-12/schema"},
        "x-groups": {"type": "array", "minItems": 1, "maxItems": 20, "items": _GROUP},
    },
)
_shape = Draft202012Validator(SHAPE)


def check_schema(schema: Schema) -> list[str]:
    """What keeps it from being a form, as sentences; empty when it can be published. An empty schema is no form: fine."""
    if not schema:
        return []
    if error := best_match(_shape.iter_errors(schema)):
        return [_("Biểu mẫu chưa dùng được tại “%(place)s”: %(why)s.") % {"place": _place(error), "why": error.message[:200]}]
    groups = [group["key"] for group in schema.get("x-groups", [])]
    problems = list(_check_fields(schema, "", groups))
    if len(set(groups)) != len(groups):
        problems.append(_("Mỗi phần của biểu mẫu cần một mã riêng."))
    return problems


def with_order(schema: Schema) -> dict[str, Any]:
    """The schema with its order of fields written down, where it is not yet."""
    if not schema:
        return {}
    fields = {
        key: ({**field, "items": with_order(field["items"])} if field.get("type") == "array" else dict(field))
        for key, field in schema["properties"].items()
    }
    return {**schema, "properties": fields, "x-order": schema.get("x-order") or list(fields)}


def ordered(schema: Schema) -> dict[str, Any]:
    """The schema with its fields in the order written down: what `with_order` stored, after a trip through jsonb."""
    if not schema:
        return {}
    fields = schema["properties"]
    in_order = [key for key in schema.get("x-order", []) if key in fields]
    in_order += [key for key in fields if key not in in_order]
    return {
        **schema,
        "properties": {
            key: {**fields[key], "items": ordered(fields[key]["items"])} if fields[key].get("type") == "array" else fields[key]
            for key in in_order
        },
    }


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


def _check_fields(schema: Schema, path: str, groups: list[str]) -> Iterator[str]:
    """What a shape cannot say: names that must exist elsewhere in the schema."""
    fields = schema["properties"]
    if unknown := [key for key in (*schema.get("required", []), *schema.get("x-order", [])) if key not in fields]:
        yield _("Biểu mẫu nhắc đến mục không có: %(keys)s.") % {"keys": ", ".join(unknown)}
    for key, field in fields.items():
        name = {"name": f"{path}{key}"}
        if groups and field.get("x-group") not in groups:
            yield _("Mục “%(name)s” không thuộc phần nào của biểu mẫu.") % name
        if "enum" in field and set(field["x-labels"]) != set(field["enum"]):
            yield _("Mục “%(name)s” cần đủ chữ cho từng lựa chọn.") % name
        if "x-within" in field and field["format"] != "date":
            yield _("Mục “%(name)s” chỉ được tính hạn theo ngày.") % name
        if field["type"] == "array":
            yield from _check_fields(field["items"], f"{path}{key}.", [])


def _place(error: ValidationError) -> str:
    return "/".join(str(part) for part in error.absolute_path) or "/"

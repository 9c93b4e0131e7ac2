"""Forms that a procedure's schema describes: the same schema checks the page, the API and the counter."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from thongsuot.kernel import contact
from thongsuot.kernel.errors import BadInput
from thongsuot.kernel.text import nfc, number, one_line
from thongsuot.web.forms import DayField, DayParts, Form

MOST_CHARACTERS = 100_000
MOST_ROWS_SHOWN_EMPTY = 1

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AUTOCOMPLETE = {"full_name": "name", "phone": "tel", "email": "email", "address": "street-address"}

_formats = FormatChecker(formats=())


@_formats.checks("date")
def _is_day(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return bool(_DAY.fullmatch(value)) and 1800 <= date.fromisoformat(value).year <= 2200
    except ValueError:
        return False


for _name, _fits in (("id-number", contact.is_id_number), ("phone", contact.is_phone), ("email", contact.is_email)):
    _formats.checks(_name)(lambda value, fits=_fits: not isinstance(value, str) or fits(value))


# JSON Schema takes 2.0 for a whole number; what is counted and charged here is an int and nothing else.
_Validator = extend(  # type: ignore[no-untyped-call]  # the library's stub lacks it
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _checker, value: type(value) is int),
)


def clean_form_data(schema: Mapping[str, Any], data: object, *, on: date | None = None) -> dict[str, Any]:
    """What was filled in, normalised: NFC, no empty answers, days as ISO text, numbers without blanks.

    on      with it, days marked `x-not-future` must not lie after it
    raises  BadInput with one sentence per field ("papers.0.pages" for a field of a row); unknown keys are refused
    """
    if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
        raise BadInput({"form": _("Phần khai phải là một đối tượng gồm các mục.")})
    if not schema:
        if data:
            raise BadInput({"form": _("Thủ tục này chưa có tờ khai điện tử. Hãy nộp bản giấy kèm theo.")})
        return {}
    if _characters(data) > MOST_CHARACTERS:
        raise BadInput(
            {"form": _("Phần khai dài quá %(most)s chữ. Hãy rút gọn, hoặc đính kèm tệp.") % {"most": number(MOST_CHARACTERS)}}
        )
    clean = _normalised(schema["properties"], data)
    problems: dict[str, str] = {}
    for error in sorted(_Validator(schema, format_checker=_formats).iter_errors(clean), key=_depth):
        for place, sentence in _sentences(error, schema):
            problems.setdefault(place, sentence)
    if on is not None:
        for key, field in schema["properties"].items():
            if field.get("x-not-future") and key in clean and key not in problems and clean[key] > on.isoformat():
                problems[key] = _("%(title)s ở sau hôm nay. Hãy nhập ngày đã qua.") % {"title": field["title"]}
    if problems:
        raise BadInput(problems)
    return clean


def prefilled(schema: Mapping[str, Any], account: Mapping[str, str]) -> dict[str, Any]:
    """What the filer's account can answer already: {field: value} for each `x-prefill` the account has."""
    return {
        key: account[field["x-prefill"]]
        for key, field in schema.get("properties", {}).items()
        if account.get(field.get("x-prefill", ""))
    }


# -- the page ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A list in the form, as the page draws it: each row a few bound fields. `may_grow`: there is room for another."""

    key: str
    title: str
    description: str
    rows: list[list[BoundField]]
    may_grow: bool


class SchemaForm(Form):
    """A form made by `form_class`. Its `parts()` are what the page draws, in order; `form_data()` is the answer."""

    schema: ClassVar[Mapping[str, Any]] = {}
    shown_rows: ClassVar[Mapping[str, int]] = {}
    on: ClassVar[date | None] = None

    def parts(self) -> Iterator[BoundField | Rows]:
        for key, field in self.schema["properties"].items():
            if field["type"] != "array":
                yield self[key]
                continue
            shown = self.shown_rows[key]
            yield Rows(
                key=key,
                title=field["title"],
                description=field.get("description", ""),
                may_grow=shown < field["maxItems"],
                rows=[[self[f"{key}-{i}-{part}"] for part in field["items"]["properties"]] for i in range(shown)],
            )

    def form_data(self) -> dict[str, Any]:
        """The answers of this form (or page of it), normalised. Only after `is_valid()`."""
        return self._clean_data

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        answers, places = self._answers(lambda name: _plain(cleaned.get(name)))
        self._clean_data: dict[str, Any] = {}
        try:
            self._clean_data = clean_form_data(self.schema, answers, on=self.on)
        except BadInput as refusal:
            for place, sentence in refusal.problems.items():
                name = places.get(place, place)
                # A problem of a whole list stands beside the first field of its first row.
                field = name if name in self.fields else next((f for f in self.fields if f.startswith(f"{name}-")), None)
                if field not in self.errors:
                    self.add_error(field, sentence)
        return cleaned

    def typed(self) -> dict[str, Any]:
        """What was typed, right or wrong, in the shape a draft keeps: right answers as values, wrong ones as their text.

        Call after `is_valid()`. A key without an answer is None: it takes an earlier answer away.
        """
        answers, _places = self._answers(self._typed)
        for key in self.shown_rows:
            answers[key] = [{part: one for part, one in row.items() if one is not None} for row in answers[key]] or None
        return answers

    def _typed(self, name: str) -> Any:
        value = self.cleaned_data.get(name, self.fields[name].widget.value_from_datadict(self.data, self.files, name))
        if isinstance(value, str):
            return nfc(value)[:5000] or None
        return None if value is False else _plain(value)  # an empty box is no answer

    def _answers(self, read: Callable[[str], Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """The nested answers, and where each row's field stands on the page: empty rows between are left out."""
        answers: dict[str, Any] = {}
        places: dict[str, str] = {}
        for key, field in self.schema["properties"].items():
            if field["type"] != "array":
                answers[key] = read(key)
                continue
            rows: list[dict[str, Any]] = []
            for i in range(self.shown_rows[key]):
                row = {part: read(f"{key}-{i}-{part}") for part in field["items"]["properties"]}
                broken = any(f"{key}-{i}-{part}" in self.errors for part in row)
                if broken or any(value is not None and value is not False and value != "" for value in row.values()):
                    places.update({f"{key}.{len(rows)}.{part}": f"{key}-{i}-{part}" for part in row})
                    rows.append(row)
            answers[key] = rows
        return answers, places


def group_schema(schema: Mapping[str, Any], group: str) -> dict[str, Any]:
    """The schema of one page of the form: `group` is the key of one `x-groups` entry; empty = all of it."""
    fields = {key: field for key, field in schema["properties"].items() if not group or field.get("x-group") == group}
    return {**schema, "properties": fields, "required": [key for key in schema.get("required", []) if key in fields]}


def form_class(schema: Mapping[str, Any], *, rows: Mapping[str, int] | None = None, on: date | None = None) -> type[SchemaForm]:
    """The Django form of a schema.

    rows  how many rows each list shows; the rest show as many as they must have, at least one
    on    as for `clean_form_data`
    """
    required = schema.get("required", [])
    fields: dict[str, forms.Field] = {}
    shown: dict[str, int] = {}
    for key, field in schema["properties"].items():
        if field["type"] != "array":
            fields[key] = _form_field(field, required=key in required)
            continue
        asked = (rows or {}).get(key, 0)
        shown[key] = min(field["maxItems"], max(asked, field.get("minItems", 0), MOST_ROWS_SHOWN_EMPTY))
        for i in range(shown[key]):
            for part, cell in field["items"]["properties"].items():
                # An empty row is no answer, so nothing in a row is required until something in it is filled in.
                fields[f"{key}-{i}-{part}"] = _form_field(cell, required=False)
    return type("ProcedureForm", (SchemaForm,), {**fields, "schema": schema, "shown_rows": shown, "on": on})


def initial_for(schema: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers as the `initial` of the form; with `rows_for` the page shows a draft again."""
    initial: dict[str, Any] = {}
    for key, value in data.items():
        field = schema.get("properties", {}).get(key)
        if field is None:
            continue
        if field["type"] == "array":
            initial |= {
                f"{key}-{i}-{part}": _shown(field["items"]["properties"].get(part, {}), cell)
                for i, row in enumerate(value)
                for part, cell in row.items()
            }
        else:
            initial[key] = _shown(field, value)
    return initial


def rows_for(schema: Mapping[str, Any], data: Mapping[str, Any], *, grow: str = "") -> dict[str, int]:
    """How many rows each list needs for these answers or this posted page; `grow` names a list that gets one more."""
    counts: dict[str, int] = {}
    for key, field in schema.get("properties", {}).items():
        if field["type"] != "array":
            continue
        posted = [int(found[1]) + 1 for name in data if (found := re.fullmatch(rf"{key}-(\d{{1,2}})-\w+", name))]
        counts[key] = max([*posted, len(data.get(key) or []) if not posted else 0]) + (key == grow)
    return counts


def _form_field(field: Mapping[str, Any], *, required: bool) -> forms.Field:
    facts = {
        "label": field["title"],
        "help_text": field.get("description", ""),
        "required": required,
        "initial": field.get("default"),
    }
    match field["type"]:
        case "boolean":
            return forms.BooleanField(**facts)
        case "integer":
            digits = forms.TextInput(attrs={"inputmode": "numeric", "class": "w4", "autocomplete": "off"})
            return forms.IntegerField(widget=digits, error_messages={"invalid": _("Hãy nhập số, không kèm chữ.")}, **facts)
    if "enum" in field:
        choices = [(value, field["x-labels"][value]) for value in field["enum"]]
        if field.get("x-widget", "radio" if len(choices) <= 6 else "select") == "radio":
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, error_messages=_NOT_OFFERED, **facts)
        return forms.ChoiceField(choices=[("", _("Chọn một mục")), *choices], error_messages=_NOT_OFFERED, **facts)
    if field.get("format") == "date":
        return DayField(widget=DayParts(), **facts)
    return forms.CharField(widget=_text_widget(field), **facts)


_NOT_OFFERED = {"invalid_choice": gettext_lazy("Hãy chọn một mục trong danh sách.")}


def _text_widget(field: Mapping[str, Any]) -> forms.Widget:
    longest = field.get("maxLength", 0)
    attrs: dict[str, str] = {}
    if field.get("format") in ("id-number", "phone"):
        attrs |= {"inputmode": "numeric", "class": "w24"}
    elif 0 < longest <= 40:
        attrs["class"] = "w24" if longest > 12 else "w12"
    if autocomplete := _AUTOCOMPLETE.get(field.get("x-prefill", "")):
        attrs["autocomplete"] = autocomplete
    if field.get("x-widget") == "textarea" or longest > 300:
        return forms.Textarea(attrs={**attrs, "rows": "4"})
    return forms.EmailInput(attrs=attrs) if field.get("format") == "email" else forms.TextInput(attrs=attrs)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _shown(field: Mapping[str, Any], value: object) -> object:
    return date.fromisoformat(value) if field.get("format") == "date" and isinstance(value, str) and _is_day(value) else value


# -- what was filled in ------------------------------------------------------------------------------------------------


def _characters(data: object) -> int:
    try:
        return len(json.dumps(data, ensure_ascii=False))
    except (TypeError, ValueError, RecursionError):  # not JSON at all, or nested without end
        return MOST_CHARACTERS + 1


def _normalised(fields: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    clean: dict[str, Any] = {}
    for key, value in data.items():
        field = fields.get(key, {})
        if isinstance(value, str):
            value = _text(field, value)
        elif isinstance(value, list) and field.get("type") == "array":
            parts = field["items"]["properties"]
            value = [_normalised(parts, row) if isinstance(row, Mapping) else row for row in value]
        if value is not None and value != "" and value != []:
            clean[key] = value
    return clean


def _text(field: Mapping[str, Any], value: str) -> str:
    if field.get("format") == "phone":
        return contact.phone_as_kept(value) or nfc(contact.digits_of(value))
    if field.get("format") == "id-number":
        return nfc(contact.digits_of(value))
    return nfc(value) if field.get("x-widget") == "textarea" else one_line(value)


def _depth(error: ValidationError) -> tuple[int, str]:
    return (len(error.absolute_path), ".".join(str(part) for part in error.absolute_path))


def _sentences(error: ValidationError, schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    place = ".".join(str(part) for part in error.absolute_path)
    wanted: Any = error.validator_value
    inside: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    answers: Mapping[str, Any] = error.instance if isinstance(error.instance, Mapping) else {}
    title = {"title": inside.get("title") or schema.get("title") or place}
    at = f"{place}." if place else ""
    match error.validator:
        case "required":
            for key in wanted:
                if key not in answers:
                    field = inside["properties"].get(key, {})
                    yield f"{at}{key}", _missing(field) % {"label": field.get("title", key)}
        case "additionalProperties":
            for key in answers:
                if key not in inside.get("properties", {}):
                    yield f"{at}{key[:40]}", _("Tờ khai không có mục “%(key)s”. Hãy bỏ mục này.") % {"key": key[:40]}
        case "format":
            yield place, _WRONG[wanted]()
        case "enum":
            yield place, _("%(title)s: hãy chọn một mục trong danh sách.") % title
        case "maxLength":
            yield place, _("%(title)s dài quá %(most)s chữ. Hãy viết gọn lại.") % {**title, "most": wanted}
        case "minLength":
            yield place, _("%(title)s cần ít nhất %(least)s chữ.") % {**title, "least": wanted}
        case "minimum" | "maximum":
            yield (
                place,
                _("%(title)s phải từ %(least)s đến %(most)s.")
                % {**title, "least": number(inside["minimum"]), "most": number(inside["maximum"])},
            )
        case "minItems":
            yield place, _("%(title)s: hãy ghi ít nhất %(least)s dòng.") % {**title, "least": wanted}
        case "maxItems":
            yield place, _("%(title)s: nhiều nhất %(most)s dòng.") % {**title, "most": wanted}
        case "type" if inside.get("type") == "integer":
            yield place, _("%(title)s: hãy nhập số, không kèm chữ.") % title
        case _:
            yield place or "form", _("%(title)s: câu trả lời không đúng kiểu. Hãy nhập lại.") % title


def _missing(field: Mapping[str, Any]) -> str:
    if "enum" in field:
        return _("Chưa chọn: %(label)s. Hãy chọn một mục.")
    return _("Chưa có: %(label)s. Hãy điền phần này.")


_WRONG = {
    "date": lambda: _("Chưa đọc được ngày này. Hãy nhập ngày, tháng, năm, ví dụ: 20/11/2026."),
    "id-number": lambda: _("Số định danh có 12 chữ số. Hãy xem lại trên thẻ."),
    "phone": lambda: _("Số điện thoại có 10 chữ số, bắt đầu bằng 0. Hãy xem lại."),
    "email": lambda: _("Địa chỉ thư điện tử chưa đúng, ví dụ: ten@vidu.vn."),
}

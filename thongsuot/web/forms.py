"""What every form of ours shares: errors that name what is missing, and days as people here write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import pretty_name
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty, TellPerson
from thongsuot.web.request import FIRST_YEAR, LAST_YEAR

_DAY = re.compile(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4})|(\d{2})(\d{2})(\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class Form(forms.Form):
    """A Django form whose missing answers are named: 'Chưa điền “Nơi sinh”. Hãy điền phần này.'

    The browser's own checks are off (`novalidate` in the page): ours speak Vietnamese, name the place and lose nothing.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self._name_what_is_missing()

    def add(self, fields: Mapping[str, forms.Field]) -> None:
        """Fields that depend on what the form is about, after those of the class."""
        self.fields.update(fields)
        self._name_what_is_missing()

    def offer(self, **choices: Iterable[tuple[Any, Any]]) -> None:
        """What may be chosen in a field of the class, known when the form is made: field=[(value, words), ...]."""
        for name, offered in choices.items():
            self.fields[name].choices = list(offered)  # type: ignore[attr-defined]  # a field to choose in

    def explain(self, **hints: Mapping[str, Any]) -> None:
        """A line of help for each choice of a field: field={value: words}. Shown by `web.fields`."""
        for name, lines in hints.items():
            self.fields[name].choice_hints = lines  # type: ignore[attr-defined]  # ours: Django has one help for the whole field

    def _name_what_is_missing(self) -> None:
        for name, field in self.fields.items():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _missing(field) % {"label": field.label or pretty_name(name)}


@dataclass
class Answered:
    """With what status the page of a refused form answers: 422, or that of the refusal; and the refusal, if there was one."""

    status: int = 422
    refusal: TellPerson | None = None


@contextmanager
def refusals_on(
    form: forms.Form | None, *, places: Mapping[str, str] | None = None, beside: str | None = None
) -> Iterator[Answered]:
    """The "no" of a command within stands beside its field or above the form, and the page goes on below the block.

    It rises when no form can mend it: there is none, or nothing there to work on, or it is not this person's duty.
    What it yields knows the status to answer with, where a "no" may be more than a wrong field: too many tries, too big.
    places  where the form calls a field otherwise than the command: {"owner.name": "name"}
    beside  the field for what names no field of its own, instead of above the form
    """
    answered = Answered()
    try:
        yield answered
    except (NotYourDuty, NotFound):
        raise
    except TellPerson as refusal:
        if form is None:
            raise
        answered.status, answered.refusal = refusal.status, refusal
        if not isinstance(refusal, BadInput):
            form.add_error(beside, refusal.message())
            return
        for name, sentence in refusal.problems.items():
            field = (places or {}).get(name, name)
            form.add_error(field if field in form.fields else None, sentence)


def _missing(field: forms.Field) -> str:
    if isinstance(field, forms.BooleanField):
        return gettext("Chưa đánh dấu “%(label)s”. Hãy đọc rồi đánh dấu.")
    if isinstance(field, forms.FileField):
        return gettext("Chưa có tệp “%(label)s”. Hãy chọn tệp hoặc chụp ảnh.")
    if isinstance(field, forms.ChoiceField):
        return gettext("Chưa chọn “%(label)s”. Hãy chọn một mục.")
    return gettext("Chưa điền “%(label)s”. Hãy điền phần này.")


class AskedField(forms.CharField):
    """Asked of everybody, yet what is missing is for the command to say: it knows which of two will do."""

    def validate(self, value: Any) -> None:
        return


class ManyFiles(forms.FileInput):
    """Several files of one field, as a list."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile[Any]]:
        found: list[UploadedFile[Any]] = files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])
        return found

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files


class DayParts(forms.Widget):
    """A day in three small fields, for citizens: nothing to open, nothing to scroll through, works with any keyboard."""

    template_name = ""
    use_fieldset = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        parts = [str(data.get(f"{name}_{part}") or "").strip() for part in ("d", "m", "y")]
        return "/".join(parts) if any(parts) else str(data.get(name) or "")

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and not any(f"{name}_{part}" in data for part in ("d", "m", "y"))

    def id_for_label(self, id_: str | None) -> str:
        return ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The three fields only; label, hint and error stand around them (macro `field`)."""
        attrs = attrs or {}
        base = attrs.get("id") or f"id_{name}"
        invalid = ' aria-invalid="true"' if attrs.get("aria-invalid") else ""
        # The error is read out with the first part; a hint belongs to the whole group.
        labels = [("d", gettext("Ngày"), "w2"), ("m", gettext("Tháng"), "w2"), ("y", gettext("Năm"), "w4")]
        rows = [
            (label, f"{base}_{place}", f"{name}_{part}", width, text, mark_safe(invalid))  # noqa: S308 - a constant
            for place, ((part, label, width), text) in enumerate(zip(labels, _three(value), strict=True))
        ]
        return format_html_join(
            "",
            '<div class="field"><label class="label" for="{1}">{0}</label>'
            '<input class="input {3}" id="{1}" name="{2}" inputmode="numeric" autocomplete="off" value="{4}"{5}></div>',
            rows,
        )


def _three(value: Any) -> list[str]:
    if isinstance(value, date):
        return [str(value.day), str(value.month), str(value.year)]
    parts = str(value or "").split("/")
    return [*parts, "", "", ""][:3]


class DayField(forms.DateField):
    """A day, day first: 20/11/2026, 20-11-2026, 20 11 2026 or 20112026. In one field for officers, `DayParts` for citizens.

    Django's own list of formats would read 03/04/2026 as the 4th of March.
    """

    widget = forms.DateInput(format="%d/%m/%Y", attrs={"inputmode": "numeric", "autocomplete": "off", "class": "w12"})
    default_error_messages = {
        "invalid": _("Chưa đọc được ngày này. Hãy nhập ngày, tháng, năm, ví dụ: 20/11/2026."),
        "no_such_day": _("Không có ngày %(text)s. Hãy xem lại ngày và tháng."),
        "far": _("Năm phải từ %(first)s đến %(last)s. Hãy xem lại năm."),
    }

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        text = str(value).strip()
        if found := _DAY.fullmatch(text):
            day, month, year = (int(part) for part in found.groups() if part)
        elif found := _ISO_DAY.fullmatch(text):
            year, month, day = (int(part) for part in found.groups())
        else:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            found_day = date(year, month, day)
        except ValueError:
            raise ValidationError(self.error_messages["no_such_day"], code="no_such_day", params={"text": text}) from None
        if not FIRST_YEAR <= year <= LAST_YEAR:
            years = {"first": FIRST_YEAR, "last": LAST_YEAR}
            raise ValidationError(self.error_messages["far"], code="far", params=years)
        return found_day


class PeriodForm(Form):
    """First and last day, both included, at most a year; a longer one says so in `longest` and `too_long`."""

    longest = timedelta(days=366)
    too_long: ClassVar[Any] = _("Mỗi lần xem nhiều nhất một năm. Hãy chọn ngày gần hơn.")

    tu = DayField(label=_("Từ ngày"))
    den = DayField(label=_("Đến hết ngày"))

    def clean(self) -> dict[str, Any]:
        days = super().clean() or self.cleaned_data
        first, last = days.get("tu"), days.get("den")
        if first and last and last < first:
            self.add_error("den", gettext("Ngày cuối ở trước ngày đầu. Hãy xem lại."))
        elif first and last and last - first > self.longest:
            self.add_error("den", self.too_long)
        return days

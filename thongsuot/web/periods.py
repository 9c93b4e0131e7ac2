"""The period a page of figures is asked about: named ones as tabs, or days. The same words in every address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.periods import Period
from thongsuot.kernel.text import day
from thongsuot.web import forms

LONGEST = timedelta(days=731)
PRESETS: dict[str, Promise] = {
    "hom-nay": _("Hôm nay"),
    "tuan": _("Tuần này"),
    "thang": _("Tháng này"),
    "thang-truoc": _("Tháng trước"),
    "quy": _("Quý này"),
    "nam": _("Năm nay"),
}


class PeriodForm(forms.PeriodForm):
    """First and last day, both included, at most two years."""

    longest = LONGEST
    too_long = _("Mỗi lần xem nhiều nhất hai năm. Hãy chọn ngày gần hơn.")

    def clean_tu(self) -> date:
        first: date = self.cleaned_data["tu"]
        if first.year < 2000:
            self.add_error("tu", gettext("Ngày đầu sớm quá. Hãy chọn từ năm 2000."))
        return first


def preset_days(name: str, today: date) -> tuple[date, date]:
    """First and last day of a named period; a running one ends today."""
    month = today.replace(day=1)
    match name:
        case "hom-nay":
            return today, today
        case "tuan":
            return today - timedelta(days=today.weekday()), today
        case "thang-truoc":
            last = month - timedelta(days=1)
            return last.replace(day=1), last
        case "quy":
            return month.replace(month=(today.month - 1) // 3 * 3 + 1), today
        case "nam":
            return today.replace(month=1, day=1), today
    return month, today


def period_of(request: HttpRequest, now: datetime) -> tuple[Period, str, PeriodForm]:
    """(period, name of the preset or empty, the form of the days)."""
    today = timezone.localdate(now)
    preset = request.GET.get("ky", "thang")
    preset = preset if preset in PRESETS else "thang"
    first, last = preset_days(preset, today)
    usual = {"tu": first, "den": last}
    form = PeriodForm(request.GET if {"tu", "den"} & request.GET.keys() else None, initial=usual)
    if form.is_bound and form.is_valid():
        return Period(first=form.cleaned_data["tu"], last=form.cleaned_data["den"], now=now), "", form
    return Period(first=first, last=last, now=now), preset, form


def tabs(path: str, preset: str, others: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Named periods of a page; `others`: what else its address says."""
    return [
        {"text": label, "href": f"{path}?{urlencode([('ky', name), *others])}", "current": name == preset}
        for name, label in PRESETS.items()
    ]


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a page of figures is asked: a period, one unit or all one sees. A capability adds its own (`more`).

    app, named   of its addresses; the pages that stand beside each other: their names and labels
    """

    app: ClassVar[str]
    named: ClassVar[tuple[tuple[str, Promise], ...]]
    period: Period
    preset: str
    form: PeriodForm
    unit_id: int | None
    path: str

    @property
    def status(self) -> int:
        return 422 if self.form.is_bound and self.form.errors else 200

    @property
    def more(self) -> list[tuple[str, str]]:
        return []

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The question as parts of an address."""
        parts = [("ky", self.preset)] if self.preset else [("tu", day(self.period.first)), ("den", day(self.period.last))]
        if self.unit_id is not None:
            parts.append(("don_vi", str(self.unit_id)))
        return [*parts, *self.more]

    @property
    def query(self) -> str:
        return urlencode(self.kept)

    def href(self, name: str, *args: str, **changed: str) -> str:
        """Another page about the same, but for what is changed."""
        kept = [pair for pair in self.kept if pair[0] not in changed]
        return f"{reverse(f'{self.app}:{name}', args=args)}?{urlencode([*kept, *changed.items()])}"

    @property
    def tabs(self) -> list[dict[str, Any]]:
        return tabs(self.path, self.preset, [pair for pair in self.kept if pair[0] not in ("tu", "den", "ky")])

    @property
    def pages(self) -> list[dict[str, Any]]:
        return [
            {"text": label, "href": self.href(name), "current": self.path == reverse(f"{self.app}:{name}")}
            for name, label in self.named
        ]

    def context(self) -> dict[str, Any]:
        """For the frame of the pages."""
        return {"asked": self, "period": self.period, "form": self.form}

"""What a page of figures of feedback is asked for, and what several of them show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.feedback.queries import figures as queries
from thongsuot.feedback.queries.figures import Line, Scope, Sums
from thongsuot.feedback.words import RefusalReason, Stream
from thongsuot.kernel import clock
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.periods import Period
from thongsuot.kernel.text import number
from thongsuot.units import queries as units
from thongsuot.web.periods import Question, period_of
from thongsuot.web.request import actor_of, number_of

PAGES: tuple[tuple[str, Promise], ...] = (
    ("figures", gettext_lazy("Số liệu")),
    ("figures_map", gettext_lazy("Bản đồ nhiệt")),
    ("figures_report", gettext_lazy("Báo cáo tháng")),
    ("figures_series", gettext_lazy("14 ngày")),
)
_OF_CITY = "feedback:figures_series"  # accounts and calls belong to no unit


@dataclass(frozen=True, kw_only=True)
class Asked(Question):
    """The scope and the period of an address. `seen`: everything the actor may ask about; `of_city`: the city's own too."""

    app = "feedback"
    named = PAGES
    scope: Scope
    seen: Scope
    of_city: bool = False

    @property
    def pages(self) -> list[dict[str, Any]]:
        return [one for one in super().pages if self.of_city or not one["href"].startswith(reverse(_OF_CITY))]

    @property
    def more(self) -> list[tuple[str, str]]:
        return [("luong", stream) for stream in sorted(self.scope.streams or ())]

    @property
    def choices(self) -> list[tuple[int, str]]:
        return units.unit_choices(self.seen.unit_ids, timezone.localdate(self.period.now))

    @property
    def top(self) -> int:
        """The unit that reports: the only one, or the city above all."""
        return next(iter(self.scope.unit_ids)) if len(self.scope.unit_ids) == 1 else self.scope.city_id

    @property
    def title(self) -> str:
        if len(self.scope.unit_ids) == 1 or self.scope.whole_city:
            return units.unit_row(self.top, as_of=self.period.last).full_name
        return _("%(count)s đơn vị") % {"count": len(self.scope.unit_ids)}


def asked(request: HttpRequest) -> Asked:
    """This month of all one's units when the address says nothing. Raises NotYourDuty, NotFound for a unit one does not see."""
    now, actor = clock.now(), actor_of(request)
    seen = queries.seen_by(actor, on=timezone.localdate(now))
    scope, unit_id = seen, None
    if said := request.GET.get("don_vi", ""):
        unit_id = number_of(said)
        if unit_id not in seen.unit_ids:
            raise NotFound
        scope = replace(seen, unit_ids=frozenset({unit_id}), whole_city=False)
    streams = frozenset(request.GET.getlist("luong"))
    if not streams <= set(Stream.values):
        raise NotFound
    if streams:
        scope = replace(scope, streams=streams)
    period, preset, form = period_of(request, now)
    of_city = actor.may(queries.DUTY, unit_id=seen.city_id)
    return Asked(
        scope=scope,
        seen=seen,
        of_city=of_city,
        period=period,
        preset=preset,
        form=form,
        unit_id=unit_id,
        path=request.path,
    )


def percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f} %".replace(".", ",")


def rating(sums: Sums) -> str:
    """'4,2 (80,0 %)'; a dash for so few that one might guess who they are."""
    return "-" if sums.level is None else f"{sums.level:.1f} ({percent(sums.satisfied)})".replace(".", ",")


def tiles(sums: Sums) -> list[dict[str, Any]]:
    return [
        {
            "label": _("Đã nhận"),
            "figure": number(sums["received"]),
            "note": _("mở lại %(count)s") % {"count": number(sums["reopened"])},
        },
        {
            "label": _("Đã trả lời"),
            "figure": number(sums["answered"]),
            "note": _("đúng hạn %(share)s") % {"share": percent(sums.on_time)},
        },
        {"label": _("Đang chờ trả lời"), "figure": number(sums.waiting)},
        {"label": _("Đang quá hạn"), "figure": number(sums.overdue), "bad": sums.overdue > 0},
        {
            "label": _("Mức hài lòng"),
            "figure": rating(sums),
            "note": _("%(count)s lượt đánh giá") % {"count": number(sums["rated"])} if sums.rated_enough else _("chưa đủ lượt"),
        },
    ]


@dataclass(frozen=True)
class Section:
    """A table: what it is by, and its lines. `opens`: the name of a line leads to the tickets of that unit."""

    title: str
    head: str
    lines: Sequence[Line]
    opens: bool = False


def sections(scope: Scope, period: Period, *, months: bool = True) -> list[Section]:
    found = [
        Section(_("Theo đơn vị"), _("Đơn vị"), queries.unit_lines(scope, period), opens=True),
        Section(
            _("Theo lĩnh vực"),
            _("Lĩnh vực"),
            [replace(line, name=line.name or _("Chưa phân loại")) for line in queries.category_lines(scope, period)],
        ),
        Section(_("Theo kênh"), _("Kênh"), queries.channel_lines(scope, period)),
        Section(_("Theo luồng"), _("Luồng"), queries.stream_lines(scope, period)),
    ]
    if months and (period.first.year, period.first.month) != (period.last.year, period.last.month):
        found.append(Section(_("Theo tháng"), _("Tháng"), queries.by_month(scope, period)))
    return found


def refusals(scope: Scope, period: Period) -> list[tuple[str, int]]:
    names = {**dict(RefusalReason.choices), "not_completed": _("Người gửi không bổ sung")}
    return [(str(names.get(reason, reason)), count) for reason, count in queries.refusals(scope, period)]

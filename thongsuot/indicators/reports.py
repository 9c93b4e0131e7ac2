"""Reports: the monthly set over any period, and the figures of the first fifteen days. Counted, never typed in."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.indicators import counting, facts, words
from thongsuot.indicators.queries.seen import counted_units
from thongsuot.indicators.queries.sums import Scope, Sums, by_procedure, by_unit, total
from thongsuot.kernel.periods import Period, in_force
from thongsuot.kernel.text import day, number
from thongsuot.kernel.working_time import DAY, start_of
from thongsuot.national_portal.queries import failing_units
from thongsuot.procedures.models import Procedure
from thongsuot.signing.queries.coverage import coverage
from thongsuot.units import queries as units
from thongsuot.units.models import Body


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """One unit, field or procedure. `key`: its id or code."""

    key: str
    name: str
    sums: Sums


@dataclass(frozen=True, kw_only=True)
class Report:
    """The set of B18 over a period: everything that came, what became of it, what is left."""

    period: Period
    sums: Sums
    units: list[ReportLine]
    fields: list[ReportLine]
    procedures: list[ReportLine]

    @property
    def adds_up(self) -> bool:
        """Carried over + received = resolved + withdrawn, stopped + pending on every line; and each table sums to the whole."""
        sections = (self.units, self.fields, self.procedures)
        whole = _told(self.sums)
        return (
            all(balanced(line.sums) for section in sections for line in section)
            and balanced(self.sums)
            and all(_told(added([line.sums for line in section])) == whole for section in sections)
        )


def _told(sums: Sums) -> tuple[int, ...]:
    """What a line of the report says."""
    ended = (sums["early"], sums["on_the_day"], sums["result_late"], sums["withdrawn"], sums["stopped"])
    return (sums.carried, sums["received"], *ended, sums.open_in_time, sums.open_late, sums["submitted"], sums.waiting)


def balanced(sums: Sums) -> bool:
    ended = sums.resolved + sums["withdrawn"] + sums["stopped"]
    answered = sums["accepted"] + sums["refused"] + sums["dropped"]
    return sums.of_period == ended + sums.open and sums.waiting_before + sums["submitted"] == answered + sums.waiting


def report(scope: Scope, period: Period) -> Report:
    """The whole set. Seven queries at most."""
    found = _report(scope, period)
    return found if found.adds_up else _report(scope, period)  # a fold came between two of its queries


def _report(scope: Scope, period: Period) -> Report:
    names = units.unit_rows(scope.unit_ids, as_of=period.last)
    unit_sums = by_unit(scope, period)
    unit_lines = [
        ReportLine(key=str(unit_id), name=row.full_name, sums=unit_sums[unit_id])
        for unit_id, row in sorted(names.items(), key=lambda pair: pair[1].sort_name)
        if unit_id in unit_sums and has_any(unit_sums[unit_id])
    ]
    procedure_sums = {key: sums for key, sums in by_procedure(scope, period).items() if has_any(sums)}
    rows = Procedure.objects.filter(pk__in=procedure_sums).order_by("sort_name")
    procedure_lines: list[ReportLine] = []
    by_field: dict[tuple[str, str, str], list[Sums]] = {}
    for pk, code, name, field_code, field_name, sort_name in rows.values_list(
        "pk", "code", "name", "field__code", "field__name", "field__sort_name"
    ):
        procedure_lines.append(ReportLine(key=code, name=name, sums=procedure_sums[pk]))
        by_field.setdefault((sort_name, field_code, field_name), []).append(procedure_sums[pk])
    return Report(
        period=period,
        sums=total(scope, period),
        units=unit_lines,
        fields=[ReportLine(key=key, name=name, sums=added(sums)) for (_sort, key, name), sums in sorted(by_field.items())],
        procedures=procedure_lines,
    )


def has_any(sums: Sums) -> bool:
    """Was anything there in the period?"""
    return any((sums.of_period, sums["submitted"], sums.waiting_before, sums.waiting))


def added(many: list[Sums]) -> Sums:
    return Sums({name: sum(one[name] for one in many) for name in Sums()}, sum(one.still_in_time for one in many))


# -- the first fifteen days --------------------------------------------------------------------------------------------

DAYS = 15
FIRST_DAYS = 13


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure of the report.

    value   a number, or a list of (name, number)
    unit    "", "%" or "h"
    says    how it was counted, in words
    href    the page that shows what is behind it; empty when there is none
    """

    key: str
    label: str
    value: float | int | list[tuple[str, int]] | None
    unit: str = ""
    says: str = ""
    href: str = ""


def said(figure: Figure) -> str:
    """The value in words: the same on the page and on paper."""
    if figure.value is None or figure.value == []:
        return _("chưa có dữ liệu")
    if isinstance(figure.value, list):
        return "; ".join(f"{name}: {number(count)}" for name, count in figure.value)
    if figure.unit == "%":
        return words.percent(figure.value)
    if figure.unit == "h":
        return words.decimal(figure.value, places=1) + " " + _("giờ")
    return number(figure.value) if isinstance(figure.value, int) else words.decimal(figure.value, places=1)


@dataclass(frozen=True, kw_only=True)
class FifteenDays:
    """`as_json()` is the documented shape: city, first_day, last_day, as_of, figures, missing."""

    city_id: int
    city_code: str
    city: str
    first_day: date
    last_day: date
    as_of: datetime
    figures: list[Figure] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """{"city": {id, code, name}, "first_day", "last_day", "as_of", "figures": [{key, label, value, unit, says, href}],
        "missing": [words]}: days as 2025-07-01, the instant in ISO 8601; value null where there is no data."""
        return {
            "city": {"id": self.city_id, "code": self.city_code, "name": self.city},
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "as_of": self.as_of.isoformat(),
            "figures": [asdict(figure) for figure in self.figures],
            "missing": self.missing,
        }

    def value(self, key: str) -> Any:
        return next(figure.value for figure in self.figures if figure.key == key)


# What the change-over is judged by and no capability here keeps yet.
NOT_HERE: tuple[Promise, ...] = (
    gettext_lazy("Chỉ định cấp ủy, ban thường vụ; nhân sự lãnh đạo còn thiếu"),
    gettext_lazy("Đại hội Đảng bộ; thủ tục của Đảng, đảng viên đăng ký, đóng đảng phí"),
    gettext_lazy("Nghị quyết chuyên đề của các đơn vị"),
    gettext_lazy("Luật sư hỗ trợ pháp lý, đại lý dịch vụ công trực tuyến"),
    gettext_lazy("Đơn vị thiếu người, thiếu thiết bị"),
    gettext_lazy("Tập huấn, tổ công tác, đợt cao điểm, tình nguyện viên"),
)
_OF_COMMUNES = """
SELECT count(DISTINCT v.procedure_id),
       count(DISTINCT v.procedure_id) FILTER (WHERE c.kind IN ('decentralised', 'delegated')),
       count(DISTINCT v.procedure_id) FILTER (WHERE NOT v.has_own_process),
       count(DISTINCT v.procedure_id) FILTER (WHERE c.basis_is_assumed)
  FROM procedures_competence c
  JOIN procedures_procedureversion v ON v.procedure_id = c.procedure_id
   AND v.valid_from <= %(day)s AND (v.valid_to IS NULL OR v.valid_to > %(day)s)
 WHERE c.city_id = %(city)s AND c.level = 'commune'
   AND c.valid_from <= %(day)s AND (c.valid_to IS NULL OR c.valid_to > %(day)s)
"""
# Per series of codes: how many numbers are missing up to the last one given. A code is unique, none is there twice.
_CODES = """
SELECT count(*), coalesce(sum(highest - held), 0)
  FROM (SELECT greatest(max(split_part(d.code, '-', 3)::bigint), max(s.last)) AS highest, count(*) AS held
          FROM indicators_fact f JOIN dossiers_dossier d ON d.id = f.dossier_id
          LEFT JOIN numbering_series s ON s.kind = 'dossier' AND s.unit_id = d.resolving_unit_id
           AND s.bucket = split_part(d.code, '-', 2)
         WHERE f.received_on BETWEEN %(first)s AND %(last)s AND f.unit_id = ANY(%(units)s)
           AND d.code ~ '^[A-Z0-9.]+-[0-9]{6}-[0-9]+$'
         GROUP BY split_part(d.code, '-', 1), split_part(d.code, '-', 2)) AS series
"""


def fifteen_days(city_id: int, first_day: date, *, now: datetime | None = None) -> FifteenDays:
    """The figures of a city's first fifteen days that this system can count, and what it cannot.

    now   what is known by then; None: by the evening of the fifteenth day
    What waits to be counted is counted first. Raises UnitNotFound. About a dozen queries.
    """
    counting.fold()
    last_day = first_day + timedelta(days=DAYS - 1)
    known_at = now or start_of(last_day + DAY)
    city = units.unit_row(city_id, as_of=last_day)
    scope = Scope(unit_ids=units.unit_ids_under(city_id, as_of=last_day) | counted_units(city_id), whole_city=True)
    period = Period(first=first_day, last=last_day, now=known_at)
    first_13 = Period(first=first_day, last=first_day + timedelta(days=FIRST_DAYS - 1), now=known_at)
    return FifteenDays(
        city_id=city.id,
        city_code=city.code,
        city=city.full_name,
        first_day=first_day,
        last_day=last_day,
        as_of=period.as_of,
        figures=[
            *_work(scope, period, first_13),
            *_catalogue(city_id, first_day),
            *_places(scope, period),
            *_portal(scope, period),
        ],
        missing=_missing(),
    )


def _link(name: str, period: Period, *args: str, **more: str) -> str:
    query = urlencode({"tu": day(period.first), "den": day(period.last), **more})
    return f"{reverse(f'indicators:{name}', args=args)}?{query}"


def _share(part: int, whole: int) -> float | None:
    return round(part * 100 / whole, 2) if whole else None


def _work(scope: Scope, period: Period, first_13: Period) -> list[Figure]:
    early, sums = total(scope, first_13), total(scope, period)
    with connection.cursor() as cursor:
        cursor.execute(_CODES, {**scope.parameters, "first": first_13.first, "last": first_13.last})
        series, lost = cursor.fetchone()
    return [
        Figure(
            key="received_13_days",
            label=_("Hồ sơ tiếp nhận trong 13 ngày"),
            value=early["received"],
            says=_("Đếm hồ sơ theo ngày tiếp nhận, mọi đơn vị."),
            href=_link("report", first_13),
        ),
        Figure(
            key="per_day",
            label=_("Trung bình mỗi ngày"),
            value=round(early["received"] / FIRST_DAYS, 1),
            says=_("Chia đều cho 13 ngày."),
            href=_link("series", first_13),
        ),
        Figure(
            key="online_share",
            label=_("Tỷ lệ nộp trực tuyến"),
            value=_share(early["online"], early["received"]),
            unit="%",
            says=_("Hồ sơ kênh trực tuyến trên hồ sơ tiếp nhận trong 13 ngày."),
            href=_link("report", first_13),
        ),
        Figure(
            key="codes_lost",
            label=_("Mã hồ sơ bị mất"),
            value=int(lost),
            says=_("Số còn thiếu trong %(series)s dãy mã theo đơn vị và ngày; mã trùng thì cơ sở dữ liệu không nhận.")
            % {"series": series},
        ),
        Figure(
            key="resolved",
            label=_("Hồ sơ đã có kết quả"),
            value=sums.resolved,
            says=_("Có kết quả trong 15 ngày."),
            href=_link("report", period),
        ),
        Figure(
            key="on_time_share",
            label=_("Tỷ lệ sớm và đúng hạn"),
            value=_share(sums.in_time, sums.of_period),
            unit="%",
            says=_("Mục 2.1 của bộ chỉ số, tính đến hết ngày thứ 15."),
            href=_link("item", period, "2.1", "tu-so"),
        ),
        Figure(
            key="late_open",
            label=_("Hồ sơ đang quá hạn"),
            value=sums.open_late,
            says=_("Chưa xong và đã quá hạn vào cuối ngày thứ 15."),
            href=_link("item", period, "2.1", "con-lai"),
        ),
        Figure(
            key="open",
            label=_("Hồ sơ đang giải quyết"),
            value=sums.open,
            says=_("Đã tiếp nhận, chưa xong vào cuối ngày thứ 15."),
            href=_link("report", period),
        ),
        Figure(
            key="satisfied_share",
            label=_("Tỷ lệ hài lòng"),
            value=_share(sums["satisfied"], sums["rated"]),
            unit="%",
            says=_("Hài lòng hoặc rất hài lòng trên %(count)s lượt đánh giá.") % {"count": sums["rated"]},
            href=_link("compare", period),
        ),
        Figure(
            key="mean_hours",
            label=_("Thời gian giải quyết trung bình"),
            value=round(hours, 1) if (hours := sums.mean_hours) is not None else None,
            unit="h",
            says=_("Giờ làm việc từ tiếp nhận đến có kết quả, không kể lúc chờ người dân."),
            href=_link("steps", period),
        ),
        Figure(
            key="supplements",
            label=_("Hồ sơ phải bổ sung"),
            value=sums["supplements"],
            says=_("Hồ sơ được yêu cầu bổ sung lần đầu trong 15 ngày."),
            href=_link("report", period),
        ),
    ]


def _catalogue(city_id: int, first_day: date) -> list[Figure]:
    def on(which: date) -> tuple[int, int, int, int]:
        with connection.cursor() as cursor:
            cursor.execute(_OF_COMMUNES, {"city": city_id, "day": which})
            found: tuple[int, int, int, int] = cursor.fetchone()
        return found

    before, after = on(first_day - timedelta(days=1)), on(first_day)
    return [
        Figure(
            key="procedures_before",
            label=_("Thủ tục cấp xã trước ngày %(day)s") % {"day": day(first_day)},
            value=before[0],
            says=_("Thủ tục trong danh mục có thẩm quyền cấp xã vào ngày liền trước."),
        ),
        Figure(
            key="procedures_after",
            label=_("Thủ tục cấp xã từ ngày %(day)s") % {"day": day(first_day)},
            value=after[0],
            says=_("Trong đó phân cấp, ủy quyền: %(granted)s; căn cứ thẩm quyền chưa đối chiếu: %(assumed)s.")
            % {"granted": after[1], "assumed": after[3]},
            href=reverse("procedures:index"),
        ),
        Figure(
            key="procedures_without_process",
            label=_("Thủ tục cấp xã chưa có quy trình điện tử riêng"),
            value=after[2],
            says=_("Đang chạy theo quy trình chung."),
            href=reverse("procedures:index"),
        ),
    ]


def _places(scope: Scope, period: Period) -> list[Figure]:
    sums = by_unit(scope, period)
    rows = units.unit_rows(scope.unit_ids, as_of=period.last)
    communes = [row for row in rows.values() if row.level == "commune" and row.exists_on(period.last)]
    centres = Body.objects.filter(
        in_force(period.last), unit_id__in=[row.id for row in communes], kind=Body.Kind.SERVICE_CENTRE
    ).values_list("unit_id", flat=True)
    at_work = [row for row in communes if sums.get(row.id, Sums())["received"]]
    busiest = sorted(at_work, key=lambda row: -sums[row.id]["received"])[:5]
    return [
        Figure(key="units", label=_("Xã, phường, đặc khu"), value=len(communes), says=_("Đang tồn tại vào ngày thứ 15.")),
        Figure(
            key="units_with_centre",
            label=_("Đơn vị có Trung tâm Phục vụ hành chính công"),
            value=len(set(centres)),
            says=_("Có trung tâm đang hoạt động vào ngày thứ 15."),
        ),
        Figure(
            key="units_lacking_certificates",
            label=_("Đơn vị còn thiếu chứng thư chữ ký số"),
            value=sum(bool(one.lacking) for one in coverage([row.id for row in communes], at=period.ends_at)),
            says=_("Chủ tịch, Phó Chủ tịch, văn thư hoặc cơ quan chưa có chứng thư dùng được vào cuối ngày thứ 15."),
        ),
        Figure(
            key="units_at_work",
            label=_("Đơn vị đã tiếp nhận hồ sơ"),
            value=len(at_work),
            says=_("Có ít nhất một hồ sơ trong 15 ngày."),
            href=_link("compare", period),
        ),
        Figure(
            key="units_with_late",
            label=_("Đơn vị có hồ sơ đang quá hạn"),
            value=sum(1 for row in communes if row.id in sums and sums[row.id].open_late),
            says=_("Vào cuối ngày thứ 15."),
            href=_link("compare", period, sap="qua-han", chieu="giam"),
        ),
        Figure(
            key="busiest_units",
            label=_("Đơn vị nhận nhiều hồ sơ nhất"),
            value=[(row.full_name, sums[row.id]["received"]) for row in busiest],
            says=_("Hồ sơ tiếp nhận trong 15 ngày."),
            href=_link("compare", period, sap="nhan", chieu="giam"),
        ),
    ]


def _portal(scope: Scope, period: Period) -> list[Figure]:
    """How the national portal is reached; nothing where the installation tells it nothing (`_missing`)."""
    if not facts.has_source("synced"):
        return []
    sums = total(scope, period)
    return [
        Figure(
            key="units_not_reaching_portal",
            label=_("Đơn vị không kết nối được Cổng Dịch vụ công quốc gia"),
            value=failing_units(scope.unit_ids),
            says=_("Gửi lỗi nhiều lần liền, tính lúc lập báo cáo; không kể đơn vị đang tạm dừng."),
        ),
        Figure(
            key="synced_share",
            label=_("Tỷ lệ hồ sơ đã đồng bộ lên Cổng Dịch vụ công quốc gia"),
            value=_share(sums["synced"], sums["received"]),
            unit="%",
            says=_("Mục 1.4 của bộ chỉ số: hồ sơ Cổng đã nhận trên hồ sơ tiếp nhận trong 15 ngày."),
            href=_link("item", period, "1.4", "tu-so"),
        ),
    ]


def _missing() -> list[str]:
    said = [str(name) for name in NOT_HERE]
    if not facts.has_source("synced"):
        said.append(_("Kết nối và đồng bộ hồ sơ lên Cổng Dịch vụ công quốc gia của từng đơn vị"))
    return said

"""Pages for everyone: find my unit, one unit, all units of the city."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.kernel import clock
from thongsuot.kernel.text import search_key
from thongsuot.units import finding, opening, queries, words
from thongsuot.units.finding import Certainty, Found
from thongsuot.units.forms import FindForm, PlaceForm
from thongsuot.units.models import Unit, UnitName
from thongsuot.units.queries import UnitRow
from thongsuot.web.faults import for_fragment
from thongsuot.web.maintenance import stores_nothing
from thongsuot.web.request import day_of

DO_NOT_KNOW = "khong-biet"
# More than these are a list to search, not a question to answer.
MOST_CHOICES = 7


@stores_nothing
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """An address, a choice among several, or a point on the ground. Somebody lives or stands there: what is typed comes in the
    body and stands in no address. By `q` in the address our own links ask for a unit by its name; a point is never asked so.
    """
    today, asked = clock.today(), request.POST if request.method == "POST" else request.GET
    if asked.get("chon", "") not in {"", DO_NOT_KNOW}:
        return redirect("units:unit", queries.unit_by_code(asked["chon"], as_of=today).code)
    city = queries.default_city(as_of=today)
    context: dict[str, Any] = {
        "city": city,
        "today": today,
        "found": None,
        "place": None,
        "place_form": PlaceForm(),
        "has_boundaries": queries.has_boundaries(city.id, as_of=today),
    }
    form = FindForm(asked if "q" in asked else None)
    if form.is_bound and form.is_valid():
        found = finding.find(form.cleaned_data["q"], as_of=today)
        context |= answer_context(found, today, at_a_loss=asked.get("chon") == DO_NOT_KNOW)
    elif "lat" in request.POST:
        context |= _place_context(request.POST, today)
    alone = for_fragment(request)
    wrong = form.errors or context["place_form"].errors
    return render(
        request,
        "units/_answer.html" if alone else "units/find.html",
        {**context, "form": form, "alone": alone},
        status=422 if wrong else 200,
    )


def answer_context(found: Found, today: date, *, at_a_loss: bool = False) -> dict[str, Any]:
    """What `_answer.html` shows: the candidates with where to go, what each was made of, what else was meant.

    at_a_loss   the person does not know which of several: all their points are shown
    """
    ids = [candidate.unit.id for candidate in found.candidates]
    shown = len(ids) <= MOST_CHOICES
    origins = queries.origins_of(ids) if shown and found.certainty == Certainty.ONE_OF_SEVERAL else {}
    certain = found.certainty == Certainty.CERTAIN
    points = queries.points_of(ids, as_of=today) if certain or at_a_loss else {}
    drawing = queries.map_of(ids[0], as_of=today) if certain else None
    return {
        "drawing": drawing,
        "neighbours": queries.unit_rows(drawing.paths, as_of=today) if drawing else {},
        "found": found,
        "at_a_loss": at_a_loss,
        "asks": shown and found.certainty == Certainty.ONE_OF_SEVERAL,
        "points": points,
        "openings": openings_of(points),
        "choices": [(candidate, _hint(candidate, origins)) for candidate in found.candidates],
        "suggested": [(text, find_address(text)) for text in (*found.suggestions, *(one.full for one in found.elsewhere))],
        "one_old_unit": found.read_as[0].unit if len(found.read_as) == 1 and found.read_as[0].ended_on else None,
    }


def openings_of(points: Mapping[int, Iterable[queries.PointRow]]) -> dict[int, opening.Opening]:
    """Of points by unit, now."""
    return opening.openings((point for of_unit in points.values() for point in of_unit), clock.now())


def _hint(candidate: finding.Candidate, origins: dict[int, list[queries.Change]]) -> str:
    made_of = words.made_of(origins.get(candidate.unit.id, []))
    likely = _("Có thể nhất, nhưng chưa chắc: hãy xem lại theo tổ dân phố hoặc tên đường.") if candidate.likeliest else ""
    return ". ".join(part for part in (made_of, likely) if part)


def find_address(text: str) -> str:
    return f"{reverse('units:find')}?{urlencode({'q': text})}"


def _place_context(said: QueryDict, today: date) -> dict[str, Any]:
    form = PlaceForm(said)
    if not form.is_valid():
        return {"place_form": form}
    unit = queries.unit_at(form.cleaned_data["lat"], form.cleaned_data["lon"], as_of=today)
    points = queries.points_of([unit.id], as_of=today) if unit else {}
    return {"place_form": form, "place_asked": True, "place": unit, "points": points, "openings": openings_of(points)}


@dataclass(frozen=True, kw_only=True)
class UnitLink:
    """A unit to go to. One that has ended leads to its last day, when it still was what it is called here."""

    unit: UnitRow
    note: str = ""

    @property
    def text(self) -> str:
        return self.unit.full_name

    @property
    def href(self) -> str:
        address = reverse("units:unit", args=[self.unit.code])
        return f"{address}?ngay={self.unit.last_day.isoformat()}" if self.unit.last_day else address


@require_GET
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit, today or on the day `ngay`; a code nobody bears on that day leads to whoever bore it last."""
    day = _asked_day(request)
    bearers = queries.units_with_code(code, as_of=day)
    if not bearers:
        raise queries.UnitNotFound
    found = next((one for one in bearers if one.exists_on(day)), bearers[0])
    then = day if found.exists_on(day) else found.last_day or found.valid_from
    drawing = queries.map_of(found.id, as_of=day)
    successors = queries.successors_of([found.id]).get(found.id, [])
    origins = queries.origins_of([found.id]).get(found.id, [])
    points = queries.points_of([found.id], as_of=day)
    return render(
        request,
        "units/unit.html",
        {
            "unit": found,
            "day": day,
            "ended": found.valid_to is not None and found.valid_to <= clock.today(),
            "parents": [UnitLink(unit=one) for one in _parents(found, then)],
            "children": [UnitLink(unit=one) for one in queries.units_under(found.id, as_of=then)],
            "points": points.get(found.id, []),
            "openings": openings_of(points) if day == clock.today() else {},
            "facilities": queries.facilities_of([found.id], as_of=day).get(found.id, []),
            "bodies": _storeys(queries.bodies_of(found.id, as_of=day)),
            "names": [
                (name, words.period(name.valid_from, name.valid_to)) for name in reversed(queries.name_history(found.id))
            ],
            "existed": words.period(found.valid_from, found.valid_to),
            "origins": [UnitLink(unit=change.unit, note=words.extent_words(change.extent)) for change in origins],
            "made_by": origins[0] if origins else None,
            "successors": [UnitLink(unit=change.unit, note=_share(change, successors)) for change in successors],
            "others": [
                UnitLink(unit=one, note=words.period(one.valid_from, one.valid_to)) for one in bearers if one.id != found.id
            ],
            "drawing": drawing,
            "neighbours": queries.unit_rows(drawing.paths, as_of=day) if drawing else {},
        },
    )


@dataclass(frozen=True, kw_only=True)
class BodyNode:
    """A body with those that are part of it."""

    body: queries.BodyRow
    parts: list[BodyNode]


def _storeys(bodies: list[queries.BodyRow]) -> list[BodyNode]:
    """The bodies as a tree. A body whose upper body is not among them stands on top."""
    nodes = {row.id: BodyNode(body=row, parts=[]) for row in bodies}
    top: list[BodyNode] = []
    for row in bodies:
        above = nodes.get(row.part_of_id) if row.part_of_id else None
        (above.parts if above else top).append(nodes[row.id])
    return top


def _share(change: queries.Change, among: list[queries.Change]) -> str:
    share = words.extent_words(change.extent)
    if change.likeliest and len(among) > 1:
        return _("%(share)s, nơi có thể nhất của một địa chỉ không ghi đường") % {"share": share}
    return share


def _asked_day(request: HttpRequest) -> date:
    return day_of(request.GET.get("ngay", "")) or clock.today()


def _parents(row: UnitRow, day: date) -> list[UnitRow]:
    """From the province down."""
    found: list[UnitRow] = []
    while row.parent_id is not None:
        row = queries.unit_row(row.parent_id, as_of=day)
        found.insert(0, row)
    return found


KINDS = (UnitName.Kind.WARD, UnitName.Kind.COMMUNE, UnitName.Kind.SPECIAL_ZONE)


@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """All communes of the city with where to go; `q` part of a name, `loai` one kind."""
    today = clock.today()
    city = queries.default_city(as_of=today)
    communes = queries.units_under(city.id, as_of=today)
    written, kind = request.GET.get("q", "")[:100], request.GET.get("loai", "")
    rows = [
        row for row in communes if (kind not in KINDS or row.kind == kind) and search_key(written) in search_key(row.full_name)
    ]
    drawing = queries.map_of(city.id, as_of=today)
    points = queries.points_of([row.id for row in rows], as_of=today)
    return render(
        request,
        "units/units.html",
        {
            "city": city,
            "rows": rows,
            "points": points,
            "openings": openings_of(points),
            "words": written,
            "tabs": _kind_tabs(communes, kind, written),
            "drawing": drawing,
            "shown": {row.id for row in rows},
            "neighbours": {row.id: row for row in communes},
        },
    )


def _kind_tabs(communes: list[UnitRow], chosen: str, written: str) -> list[dict[str, Any]]:
    def tab(text: str, kind: str, count: int) -> dict[str, Any]:
        query = {name: value for name, value in (("q", written), ("loai", kind)) if value}
        return {"text": text, "count": count, "current": chosen == kind, "href": f"{reverse('units:units')}?{urlencode(query)}"}

    labels = {UnitName.Kind.WARD: _("Phường"), UnitName.Kind.COMMUNE: _("Xã"), UnitName.Kind.SPECIAL_ZONE: _("Đặc khu")}
    counts = {kind: sum(row.kind == kind for row in communes) for kind in KINDS}
    return [tab(_("Tất cả"), "", len(communes)), *(tab(labels[kind], kind, count) for kind, count in counts.items() if count)]


def home_part(request: HttpRequest) -> tuple[str, dict[str, Any]] | None:
    """The box on the home page; none while no units are loaded."""
    if not Unit.objects.filter(level=Unit.Level.COMMUNE, valid_to=None).exists():
        return None
    return "units/_home.html", {"form": FindForm()}


def city_name() -> str:
    """What the city of this installation is called in the bar; empty while no units are loaded."""
    try:
        return queries.default_city(as_of=clock.today()).name
    except queries.UnitNotFound:
        return ""

"""What may be the same thing reported again: near in place and time, of a like category, with common words or the same picture.

A person decides. Nothing here reads who sent anything.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from thongsuot.feedback.models import Category, FeedbackTicket
from thongsuot.feedback.pictures.fingerprints import mirrored, near_query, near_values
from thongsuot.feedback.queries.inbox import COLUMNS, WITH_OPERATOR, WITH_UNIT, TicketRow
from thongsuot.feedback.queries.reception import kept_close
from thongsuot.feedback.rules import sameness
from thongsuot.kernel.remember import SOON, remembered

MOST = 30
MOST_ALIKE = 100  # tickets looked at for each picture
MOST_GROUPED = 20_000  # open tickets looked at for clusters, the newest
MOST_SEEDS = 30  # different things in one square: of more the newest, so that a crowd in one place costs no square of itself
GROUPED_FOR = 30.0  # seconds
_NARROWER = 1.2  # a degree of longitude holds fewer metres, in the north of the country by a tenth: cells are that much wider
LIKE_ENOUGH = 0.34  # a third of the telling words in common: two of one street corner still differ in what is broken
_OPEN = "NOT t.drill AND t.state IN ('new','validating','asked','routed','accepted','in_progress','answered')"
_MORE = "(SELECT count(*) FROM feedback_photo p WHERE p.ticket_id = t.id), c.name, NULL"


@dataclass(frozen=True, kw_only=True)
class Near:
    """One that may be the same; `metres` None where one of the two has no point."""

    row: TicketRow
    metres: int | None
    days: int
    likeness: float
    same_picture: bool = False


def candidates(ticket: FeedbackTicket, *, now: datetime) -> list[Near]:
    """The likeliest first: three queries at the most."""
    category = ticket.category
    alike = same_pictures(ticket)
    shown = {pk for pk, _number, is_open in alike if is_open}
    rows = _around(ticket, category) if category is not None else []
    known = {row.id for row in rows}
    if missing := shown - known:
        rows += _rows("t.id = ANY(%(ids)s)", {"ids": list(missing)})
    # What an operator merges here is of one city; what is merged or ended already is not offered.
    found = [_judged(ticket, row, point, category, row.id in shown) for row, point in _with_points(rows)]
    wanted = [one for one in found if one is not None]
    return sorted(wanted, key=lambda one: (-one.same_picture, -one.likeness, one.row.id))[:MOST]


def _around(ticket: FeedbackTicket, category: Category) -> list[TicketRow]:
    window = timedelta(days=category.same_days)
    parameters: dict[str, Any] = {
        "city": ticket.city_id,
        "me": ticket.pk,
        "categories": list(_like(category.pk, category.city_id, category.group)),
        "since": ticket.reported_at - window,
        "until": ticket.reported_at + window,
    }
    condition = "t.city_id = %(city)s AND t.id <> %(me)s AND t.category_id = ANY(%(categories)s) AND t.suspected = ''"
    condition += " AND t.reported_at BETWEEN %(since)s AND %(until)s"
    if ticket.latitude is not None and ticket.longitude is not None:
        box = sameness.box_around(ticket.latitude, ticket.longitude, category.same_metres)
        parameters |= {"south": box.south, "north": box.north, "west": box.west, "east": box.east}
        condition += " AND t.latitude BETWEEN %(south)s AND %(north)s AND t.longitude BETWEEN %(west)s AND %(east)s"
        condition += " AND t.latitude IS NOT NULL"
    elif ticket.place_unit_id is not None:
        parameters["place"] = ticket.place_unit_id
        condition += " AND t.place_unit_id = %(place)s"
    else:
        return []
    return _rows(condition, parameters)


def _rows(condition: str, parameters: dict[str, Any], *, most: int = 300) -> list[TicketRow]:
    statement = f"""SELECT {COLUMNS}, {_MORE} FROM feedback_feedbackticket t
  LEFT JOIN feedback_category c ON c.id = t.category_id
 WHERE {condition} AND {_OPEN} ORDER BY t.reported_at DESC LIMIT {most}"""  # noqa: S608 - of constants of this file alone
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [TicketRow(*values) for values in cursor.fetchall()]


def _with_points(rows: Sequence[TicketRow]) -> Iterable[tuple[TicketRow, tuple[float, float] | None]]:
    found = FeedbackTicket.objects.filter(pk__in=[row.id for row in rows]).values_list("pk", "latitude", "longitude")
    points = {pk: (north, east) for pk, north, east in found if north is not None and east is not None}
    return [(row, points.get(row.id)) for row in rows]


def _judged(
    ticket: FeedbackTicket, row: TicketRow, point: tuple[float, float] | None, category: Category | None, same_picture: bool
) -> Near | None:
    within, days_within = (category.same_metres, category.same_days) if category else (60, 30)
    days = abs(row.reported_at - ticket.reported_at) / timedelta(days=1)
    words = sameness.common_words(ticket.words, row.words)
    metres = None
    if point is not None and ticket.latitude is not None and ticket.longitude is not None:
        metres = sameness.metres_between(ticket.latitude, ticket.longitude, *point)
        if metres > within and not same_picture:
            return None
    elif not same_picture and words < LIKE_ENOUGH and row.address != ticket.address:
        return None
    like = sameness.likeness(
        metres=within if metres is None else metres, within=within, days=days, within_days=days_within, words=words
    )
    return Near(
        row=row,
        metres=None if metres is None else round(metres),
        days=round(days),
        likeness=like,
        same_picture=same_picture,
    )


@remembered(seconds=SOON)
def _like(category_id: int, city_id: int, group: str) -> tuple[int, ...]:
    """The category and its group: people choose between a pothole and a broken road as they please."""
    ids = Category.objects.filter(city_id=city_id, group=group).values_list("pk", flat=True)
    return tuple(sorted({category_id, *ids}))


def same_pictures(ticket: FeedbackTicket) -> list[tuple[int, str, bool]]:
    """(id, number, still open) of other tickets of the city with a picture of this one, whenever they came, oldest first.

    So many of the most alike: one picture may have been sent thousands of times. None that is kept close at citizen reception.
    """
    mine = ticket.photos.filter(fingerprint__isnull=False).exclude(role__in=["before", "after"])
    prints = [one for one in mine.values_list("fingerprint", flat=True)[:10] if one is not None]
    found: set[int] = set()
    also = '"ticket_id" <> %(me)s'
    statement = f"{near_query('feedback_photo', 'fingerprint', key='ticket_id', also=also)} LIMIT {MOST_ALIKE}"
    with connection.cursor() as cursor:
        for value in prints:
            for turned in (value, mirrored(value)):
                values: dict[str, Any] = {**near_values(turned), "me": ticket.pk}
                cursor.execute(statement, values)
                found |= {row[0] for row in cursor.fetchall()}
    rows = list(FeedbackTicket.objects.filter(pk__in=found, city=ticket.city_id).order_by("pk")) if found else []
    close = kept_close(rows)
    return [(row.pk, row.number, row.ended_at is None and row.parent_id is None) for row in rows if row.pk not in close]


# -- clusters ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Member:
    """`key`: the beginning of its search key. `shown`: its line, read for the clusters of a page alone."""

    id: int
    key: str
    category_id: int
    latitude: float
    longitude: float
    days: float
    shown: TicketRow | None = None


@dataclass(slots=True)
class Cluster:
    """Open tickets that look like one thing. `seed`: the oldest, into which the others would go; it is the first member."""

    seed: Member
    members: list[Member] = field(default_factory=list)
    category: str = ""

    @property
    def count(self) -> int:
        return len(self.members)


def clusters(city_id: int, *, unit_ids: frozenset[int] | None, now: datetime) -> list[Cluster]:
    """The largest first, of two and more; of these units alone, unless None. Two queries, and one that is remembered.

    Grouped anew some times a minute; what was merged, ended or sent elsewhere meanwhile is gone at once.
    """
    made = _grouped(city_id, unit_ids, timezone.localdate(now))
    open_ids = _still_open(made, city_id, unit_ids)
    found = []
    for cluster in made:
        members = [one for one in cluster.members if one.id in open_ids]
        if len(members) > 1:
            found.append(Cluster(seed=members[0], members=members, category=cluster.category))
    return sorted(found, key=lambda one: (-one.count, one.seed.id))


@remembered(seconds=GROUPED_FOR)
def _grouped(city_id: int, unit_ids: frozenset[int] | None, day: date) -> tuple[Cluster, ...]:
    kinds = _kinds(city_id, day)
    seeds: dict[tuple[str, int, int], list[Cluster]] = defaultdict(list)
    made: list[Cluster] = []
    for one in _open_members(city_id, unit_ids):
        kind = kinds.get(one.category_id)
        if kind is None or not kind.metres:
            continue
        row, column = math.floor(one.latitude / kind.cell), math.floor(one.longitude / kind.cell / _NARROWER)
        found = _seed_for(one, kind, seeds, row, column)
        if found is None:
            found = Cluster(seed=one, category=kind.name)
            made.append(found)
            here = seeds[(kind.group, row, column)]
            here.append(found)
            if len(here) > MOST_SEEDS:
                del here[0]
        found.members.append(one)
    return tuple(one for one in made if one.count > 1)


def _still_open(made: Sequence[Cluster], city_id: int, unit_ids: frozenset[int] | None) -> set[int]:
    if not made:
        return set()
    ids = [one.id for cluster in made for one in cluster.members]
    where = f"t.id = ANY(%(ids)s) AND {_of(unit_ids)} AND {_OPEN} AND t.suspected = ''"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.id FROM feedback_feedbackticket t WHERE {where}",  # noqa: S608 - constants
            {"ids": ids, "city": city_id, "units": list(unit_ids or ())},
        )
        return {row[0] for row in cursor.fetchall()}


def _of(unit_ids: frozenset[int] | None) -> str:
    return "t.city_id = %(city)s" if unit_ids is None else "t.unit_id = ANY(%(units)s)"


def with_rows(found: Sequence[Cluster], *, most: int) -> list[Cluster]:
    """These clusters with what is shown of their members, of each so many. One query."""
    ids = [one.id for cluster in found for one in cluster.members[:most]]
    rows = {row.id: row for row in _rows("t.id = ANY(%(ids)s)", {"ids": ids}, most=MOST_GROUPED)} if ids else {}
    shown = []
    for cluster in found:
        members = [replace(one, shown=rows.get(one.id)) for one in cluster.members]
        if members[0].shown:  # else somebody ended it this very moment
            shown.append(Cluster(seed=members[0], members=members, category=cluster.category))
    return shown


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    group: str
    metres: float
    days: int
    cell: float


@remembered(seconds=SOON)
def _kinds(city_id: int, _day: object) -> dict[int, _Kind]:
    rows = list(Category.objects.filter(city_id=city_id).values_list("pk", "name", "group", "same_metres", "same_days"))
    widest: dict[str, int] = defaultdict(int)
    for _pk, _name, group, metres, _days in rows:
        widest[group] = max(widest[group], metres)
    return {pk: _Kind(name, group, metres, days, max(widest[group], 1) / 111_320.0) for pk, name, group, metres, days in rows}


def _open_members(city_id: int, unit_ids: frozenset[int] | None) -> list[Member]:
    """The oldest first, so that each cluster hangs on what was reported first. One query over two partial indexes."""
    states = [WITH_UNIT] if unit_ids is not None else [WITH_OPERATOR, WITH_UNIT]
    columns = "t.id, left(t.search_key, 200), t.category_id, t.latitude, t.longitude"
    columns += ", (extract(epoch FROM t.reported_at) / 86400)::float"
    parts = [
        f"""SELECT {columns} FROM feedback_feedbackticket t WHERE {_of(unit_ids)} AND {state} AND NOT t.drill
  AND t.suspected = '' AND t.category_id IS NOT NULL AND t.latitude IS NOT NULL"""  # noqa: S608 - constants
        for state in states
    ]
    statement = f"""SELECT * FROM ({" UNION ALL ".join(parts)} ORDER BY id DESC LIMIT {MOST_GROUPED}) newest ORDER BY id"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, {"city": city_id, "units": list(unit_ids or ())})
        return [Member(*values) for values in cursor.fetchall()]


def _seed_for(
    one: Member, kind: _Kind, seeds: dict[tuple[str, int, int], list[Cluster]], row: int, column: int
) -> Cluster | None:
    """The likeliest cluster whose first report is near enough in place, time and words. Never by way of another member."""
    best, most = None, 0.0
    for up in (row - 1, row, row + 1):
        for along in (column - 1, column, column + 1):
            for cluster in seeds.get((kind.group, up, along), ()):
                seed = cluster.seed
                if one.days - seed.days > kind.days or abs(one.latitude - seed.latitude) > kind.cell:
                    continue
                metres = sameness.metres_between(one.latitude, one.longitude, seed.latitude, seed.longitude)
                if metres > kind.metres:
                    continue
                words = sameness.common_words_of(one.key, seed.key)
                if words < LIKE_ENOUGH:
                    continue
                like = words + 1 - metres / kind.metres
                if like > most:
                    best, most = cluster, like
    return best

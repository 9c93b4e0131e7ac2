"""What everybody may read of published tickets: lists, one ticket, the map. Columns are named one by one, no others are read.

Nothing here may name what was sent (words, address, latitude, longitude, answers), who sent it, or what handlers wrote: of a
ticket its `public_` columns, of an answer `public_words`, of a photo whether it is public. tests/test_public.py reads the SQL.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.feedback.rules import sameness
from thongsuot.feedback.rules.squares import kept_level, middle_of, shown_level, square_at
from thongsuot.kernel.errors import BadInput, NotFound
from thongsuot.kernel.remember import SOON, remembered
from thongsuot.kernel.text import search_key
from thongsuot.kernel.working_time import local_day
from thongsuot.units import queries as units
from thongsuot.web.maps import Box, View

PAGE = 20
NEAR_METRES = 1000
MOST_POINTS = 200  # more than these are drawn as clusters
_MOST_CLUSTERS = 400
_EXTENT = 13  # level of the squares by which the map begins, where nobody knows how large the city is
_MOST_ACROSS = 40  # squares of a view, whatever zoom it claims
_NEWEST = 500  # of what holds the words looked for: these are put on the map
_SORTED = 5000  # a view with more is read by time, not by place
_NEAR_ZOOM = 13  # squares of about a kilometre are counted
_TICKET = """t.id, t.number, t.category_id, c.name, t.public_words, t.public_address, t.public_latitude, t.public_longitude,
    t.place_unit_id, t.unit_id, t.reported_at, t.answered_at, t.published_at, t.senders, t.masked"""
_FROM = "FROM feedback_feedbackticket t LEFT JOIN feedback_category c ON c.id = t.category_id"
_PUBLIC = "t.published_at IS NOT NULL AND t.city_id = %(city)s"
_WORDS = "to_tsvector('simple', COALESCE(t.public_key, '')) @@ to_tsquery('simple', %(words)s)"
# The same, read off one row: what is looked through in order of time is not parsed into words again.
_HAS_WORDS = "' ' || t.public_key || ' ' LIKE ALL (%(each)s)"
# Rows, newest first. Words that are not twenty times among them are rare, and the index has them quickly.
_LOOKED_THROUGH = 6_000
_IN_BOX = "point(p.longitude, p.latitude) <@ box(point(%(west)s, %(south)s), point(%(east)s, %(north)s))"
_BETWEEN = "p.longitude BETWEEN %(west)s AND %(east)s AND p.latitude BETWEEN %(south)s AND %(north)s"
# Near where the reader is: the box around, read by place or by time, and of it what is no farther.
_NEAR_BOX = _IN_BOX.replace("%(", "%(near_")
_NEAR_BETWEEN = _BETWEEN.replace("%(", "%(near_")
_NEAR = "power((p.latitude - %(near_lat)s) * %(near_high)s, 2) + power((p.longitude - %(near_lon)s) * %(near_wide)s, 2) <= 1"
_OF_WARD = """(SELECT t.id AS ticket_id, t.city_id, t.category_id, t.answered_at IS NULL AS open, t.published_at,
    t.public_latitude AS latitude, t.public_longitude AS longitude FROM feedback_feedbackticket t
    WHERE t.place_unit_id = %(unit)s AND t.published_at IS NOT NULL OFFSET 0) p"""
_AFTER = re.compile(r"(\d{1,17})-(\d{1,18})")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What of the public tickets is looked for. is_open: answered once, opened again; near: latitude, longitude."""

    category_id: int | None = None
    unit_id: int | None = None
    is_open: bool | None = None
    words: str = ""
    since: datetime | None = None
    near: tuple[float, float] | None = None

    @property
    def anything(self) -> bool:
        return self != Asked()


@dataclass(frozen=True, kw_only=True)
class PublicRow:
    """One published ticket. `metres`: from where the reader is, when they asked for what is near."""

    id: int
    number: str
    category_id: int | None
    category: str
    words: str
    address: str
    latitude: float | None
    longitude: float | None
    place_unit_id: int | None
    unit_id: int | None
    reported_at: datetime
    answered_at: datetime | None
    published_at: datetime
    senders: int
    masked: bool
    metres: int | None = None

    @property
    def published_on(self) -> date:
        return local_day(self.published_at)

    @property
    def after(self) -> str:
        """Where a list goes on behind this row."""
        return f"{int(self.published_at.timestamp() * 1_000_000)}-{self.id}"


@dataclass(frozen=True, kw_only=True)
class PublicAnswer:
    words: str
    unit_id: int
    at: datetime | None
    done: bool
    published_at: datetime | None = None
    corrected_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PublicPhoto:
    id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class PublicTicket:
    row: PublicRow
    answers: list[PublicAnswer]
    photos: list[PublicPhoto]
    level: int | None
    routed_at: datetime | None
    accepted_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Point:
    latitude: float
    longitude: float
    number: str
    category: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class Cluster:
    latitude: float
    longitude: float
    count: int


# --- What may be chosen ---


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A category or a commune: by its code in an address. `ended`: nothing is reported of it any more, what is public stays."""

    id: int
    code: str
    name: str
    ended: bool = False


@remembered(seconds=SOON)
def categories(city_id: int, on: date) -> tuple[Choice, ...]:
    """Those of that day, in their order; then ended ones of which something is public. One query."""
    rows = _asked(
        """SELECT * FROM (SELECT c.id, c.code, c.name, COALESCE(c.valid_to <= %(on)s, FALSE) AS ended
            FROM feedback_category c WHERE c.city_id = %(city)s AND c.valid_from <= %(on)s ORDER BY c.place, c.id) c
        WHERE NOT c.ended OR EXISTS (
            SELECT 1 FROM feedback_feedbackticket t WHERE t.category_id = c.id AND t.published_at IS NOT NULL)""",
        {"city": city_id, "on": on},
    )
    found = [Choice(id=pk, code=code, name=name, ended=ended) for pk, code, name, ended in rows]
    return tuple(sorted(found, key=lambda one: one.ended))


@remembered(seconds=SOON)
def communes(city_id: int, on: date) -> tuple[Choice, ...]:
    """The same of communes; a code that another one bears by now is that one's. One query, and what is remembered of units."""
    today = [Choice(id=one.id, code=one.code, name=one.full_name) for one in units.units_under(city_id, as_of=on)]
    public = "published_at IS NOT NULL AND city_id = %(city)s"
    known = set(units.values_in("feedback_feedbackticket", "place_unit_id", public, city=city_id))
    codes = {one.code for one in today}
    rows = sorted(units.unit_rows(known - {one.id for one in today}, as_of=on).values(), key=lambda one: one.sort_name)
    past = [Choice(id=one.id, code=one.code, name=one.full_name, ended=True) for one in rows if one.code not in codes]
    return (*today, *past)


# --- Lists ---


def page_of(
    city_id: int, asked: Asked, *, after: str = "", within: View | None = None, size: int = PAGE
) -> tuple[list[PublicRow], str]:
    """The newest first, and where the next page begins; "" on the last one. `within`: only what lies there. Raises BadInput."""
    said: dict[str, Any] = {"city": city_id, "size": size + 1}
    pins = within is not None or asked.near is not None or asked.is_open is True
    where, joins = _where(asked, said, pins=pins), f"{_FROM} JOIN feedback_publicpin p ON p.ticket_id = t.id" if pins else _FROM
    if within is not None:
        said |= _box(within)
        where.append(_IN_BOX if asked.near is None and _is_few(city_id, within) else _BETWEEN)
    if asked.near is not None:
        box = _near(asked.near, said)
        few = _is_few(city_id, View(west=box.west, south=box.south, east=box.east, north=box.north, zoom=_NEAR_ZOOM))
        where += [_NEAR_BOX if few else _NEAR_BETWEEN, _NEAR]
    if after:
        said["at"], said["id"] = _cursor(after)
        of = _time(joins)
        where.append(f"{of[0]} <= %(at)s AND ({', '.join(of)}) < (%(at)s, %(id)s)")
    found = _by_words(asked, where, joins, said) if search_key(asked.words) else _newest(_TICKET, where, joins, said)
    rows = [_row(one, asked.near) for one in found]
    return rows[:size], rows[size - 1].after if len(rows) > size else ""


def _is_few(city_id: int, view: View) -> bool:
    """May all that lies there be read by its place and then sorted? A guess is enough: by the counts of wider squares."""
    return sum(one.count for one in _rolled_up(city_id, Asked(), replace(view, zoom=max(0, view.zoom - 2)))) <= _SORTED


def _near(near: tuple[float, float], said: dict[str, Any]) -> sameness.Box:
    """The box around, and what `_NEAR` measures by: so many kilometres are a degree there."""
    box = sameness.box_around(*near, NEAR_METRES)
    said |= {f"near_{side}": degrees for side, degrees in box._asdict().items()}
    said |= {"near_lat": near[0], "near_high": 2 / (box.north - box.south)}
    said |= {"near_lon": near[1], "near_wide": 2 / (box.east - box.west)}
    return box


def _newest(columns: str, where: list[str], joins: str, said: dict[str, Any]) -> list[tuple[Any, ...]]:
    order = f"ORDER BY {' DESC, '.join(_time(joins))} DESC LIMIT %(size)s"
    return _asked(f"SELECT {columns} {joins} WHERE {' AND '.join(where)} {order}", said)


def _time(joins: str) -> tuple[str, str]:
    """What a list is ordered by. Pins are sorted before their tickets are fetched: of thousands near a place few are shown."""
    return ("p.published_at", "p.ticket_id") if " p ON " in joins else ("t.published_at", "t.id")


def _by_words(asked: Asked, where: list[str], joins: str, said: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Common words are found among the newest, rare ones by the index: each way would take seconds for what the other is for,
    and the database's planner cannot tell them apart."""
    words = search_key(asked.words).split()[:12]
    said |= {"words": " & ".join(words), "each": [f"% {word} %" for word in words], "most": _LOOKED_THROUGH}
    order = f"ORDER BY {' DESC, '.join(_time(joins))} DESC LIMIT %(most)s"
    inner = f"SELECT t.id, t.public_key {joins} WHERE {' AND '.join(where)} {order}"
    said["enough"] = min(said["size"], PAGE + 1)
    # Read no farther than to the last that is wanted: how many there are is counted only where those were too few.
    looked = _asked(
        f"""WITH looked AS MATERIALIZED ({inner}),
        found AS MATERIALIZED (SELECT t.id FROM looked t WHERE {_HAS_WORDS} LIMIT %(size)s)
        SELECT ids, cardinality(ids) >= %(enough)s OR (SELECT count(*) FROM looked) < %(most)s
        FROM (SELECT ARRAY(SELECT id FROM found) AS ids) one""",  # noqa: S608
        said,
    )
    ids, all_found = looked[0]
    if all_found:
        said["ids"] = ids
        return _newest(_TICKET, ["t.id = ANY(%(ids)s)"], joins, said)
    rare = f"SELECT t.id FROM feedback_feedbackticket t WHERE t.published_at IS NOT NULL AND {_WORDS} OFFSET 0"  # noqa: S608
    return _newest(_TICKET, [*where, f"t.id IN ({rare})"], joins, said)


def public_ticket(city_id: int, number: str) -> PublicTicket:
    """Raises NotFound: also for what was published once and is not now."""
    said = {"city": city_id, "number": number[:20]}
    found = _asked(f"SELECT {_TICKET}, t.routed_at, t.accepted_at {_FROM} WHERE {_PUBLIC} AND t.number = %(number)s", said)
    if not found:
        raise NotFound
    row = _row(found[0][:-2], None)
    photos = _asked(
        "SELECT id, role FROM feedback_photo WHERE ticket_id = %(id)s AND public_id IS NOT NULL ORDER BY id", {"id": row.id}
    )
    levels = _asked("SELECT level FROM feedback_rating WHERE ticket_id = %(id)s ORDER BY round DESC LIMIT 1", {"id": row.id})
    return PublicTicket(
        row=row,
        answers=answers_of([row.id])[row.id],
        photos=[PublicPhoto(id=one[0], role=one[1]) for one in photos],
        level=levels[0][0] if levels else None,
        routed_at=found[0][-2],
        accepted_at=found[0][-1],
    )


def answers_of(ticket_ids: Collection[int]) -> dict[int, list[PublicAnswer]]:
    """What is public of the answers of published tickets, the latest round first. One query."""
    found: dict[int, list[PublicAnswer]] = {one: [] for one in ticket_ids}
    rows = _asked(
        """SELECT a.ticket_id, a.public_words, a.unit_id, a.decided_at, a.done, a.published_at, a.corrected_at
        FROM feedback_answer a JOIN feedback_feedbackticket t ON t.id = a.ticket_id
        WHERE a.ticket_id = ANY(%(ids)s) AND a.public_words <> '' AND t.published_at IS NOT NULL ORDER BY a.round DESC""",
        {"ids": list(ticket_ids)},
    )
    for ticket_id, words, unit_id, at, done, published_at, corrected_at in rows:
        answer = PublicAnswer(
            words=words, unit_id=unit_id, at=at, done=done, published_at=published_at, corrected_at=corrected_at
        )
        found[ticket_id].append(answer)
    return found


def public_file(city_id: int, number: str, photo_id: int) -> int:
    """The stored copy that is public at this moment. Raises NotFound."""
    found = _asked(
        f"""SELECT p.public_id FROM feedback_photo p JOIN feedback_feedbackticket t ON t.id = p.ticket_id
        WHERE {_PUBLIC} AND t.number = %(number)s AND p.id = %(photo)s AND p.public_id IS NOT NULL""",  # noqa: S608
        {"city": city_id, "number": number[:20], "photo": photo_id},
    )
    if not found:
        raise NotFound
    return int(found[0][0])


def place_in_words(address: str, commune: str) -> str:
    """From the nearest to the widest; the commune once, also where the address names it."""
    named = commune and search_key(commune) in search_key(address)
    return ", ".join(part for part in (address, "" if named else commune) if part)


def _where(asked: Asked, said: dict[str, Any], *, pins: bool) -> list[str]:
    """With pins by theirs, so that what is not looked for is left out before its ticket is fetched."""
    of, where = "p" if pins else "t", [_PUBLIC]
    if pins:
        where.append("p.city_id = %(city)s")
    if asked.category_id is not None:
        said["category"] = asked.category_id
        where.append(f"{of}.category_id = %(category)s")
    if asked.unit_id is not None:
        said["unit"] = asked.unit_id
        where.append("t.place_unit_id = %(unit)s")
    if asked.is_open is not None:
        where.append("p.open" if asked.is_open else "NOT p.open" if pins else "t.answered_at IS NOT NULL")
    if asked.since is not None:
        said["since"] = asked.since
        where.append(f"{of}.published_at >= %(since)s")
    return where


def _cursor(after: str) -> tuple[datetime, int]:
    found = _AFTER.fullmatch(after)
    try:
        if found:
            seconds, micro = divmod(int(found[1]), 1_000_000)
            at = datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone()).replace(microsecond=micro)
            return at, int(found[2])
    except (ValueError, OverflowError, OSError):
        pass
    raise BadInput({"sau": _("Không có trang này của danh sách. Hãy mở lại từ đầu.")})


def _row(found: tuple[Any, ...], near: tuple[float, float] | None) -> PublicRow:
    names = (
        "id number category_id category words address latitude longitude place_unit_id unit_id "
        "reported_at answered_at published_at senders masked"
    )
    told = dict(zip(names.split(), found, strict=True))
    told["category"] = told["category"] or ""
    if near is not None and told["latitude"] is not None:
        told["metres"] = round(sameness.metres_between(*near, told["latitude"], told["longitude"]))
    return PublicRow(**told)


def _asked(sql: str, said: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, said)
        return list(cursor.fetchall())


# --- The map ---


def on_map(city_id: int, asked: Asked, view: View) -> list[Point] | list[Cluster]:
    """What a view shows: points while there are few, else how many lie in each square."""
    if search_key(asked.words):
        return _words_on_map(city_id, asked, view)
    by_month = asked.since is None or timezone.localtime(asked.since).day == 1
    plain = by_month and asked.unit_id is None and asked.near is None
    clusters = _rolled_up(city_id, asked, view) if plain and _level(view) <= kept_level(99) else _gathered(city_id, asked, view)
    return _points(city_id, asked, view) if sum(one.count for one in clusters) <= MOST_POINTS else clusters


def extent(city_id: int) -> Box | None:
    """What holds all public points, by squares of some five kilometres; None without any."""
    rows = _asked(
        """SELECT min(x), min(y), max(x), max(y) FROM feedback_publiccell
        WHERE city_id = %(city)s AND level = %(level)s AND count > 0""",
        {"city": city_id, "level": _EXTENT},
    )
    west, north, east, south = rows[0]
    if west is None:
        return None
    top, left = middle_of(_EXTENT, west - 0.5, north - 0.5)
    bottom, right = middle_of(_EXTENT, east + 0.5, south + 0.5)
    return left, bottom, right, top


def _level(view: View) -> int:
    """Of the squares that are drawn. Who says to look closely at a whole country gets squares as for a country."""
    widest = max(view.east - view.west, view.north - view.south, 1e-6)
    return max(1, min(shown_level(view.zoom), math.floor(math.log2(_MOST_ACROSS * 360 / widest))))


def _rolled_up(city_id: int, asked: Asked, view: View) -> list[Cluster]:
    """From the counts that are kept."""
    shown = _level(view)
    level = kept_level(shown)
    shift = max(0, level - shown)
    first, last = square_at(view.north, view.west, level), square_at(view.south, view.east, level)
    said: dict[str, Any] = {
        "city": city_id,
        "level": level,
        "shift": shift,
        "x0": first.x,
        "x1": last.x,
        "y0": first.y,
        "y1": last.y,
    }
    where = "city_id = %(city)s AND level = %(level)s AND x BETWEEN %(x0)s AND %(x1)s AND y BETWEEN %(y0)s AND %(y1)s"
    if asked.category_id is not None:
        said["category"] = asked.category_id
        where += " AND category_id = %(category)s"
    if asked.is_open is not None:
        where += " AND open" if asked.is_open else " AND NOT open"
    if asked.since is not None:
        said["month"] = _month(asked.since)
        where += " AND month >= %(month)s"
    rows = _asked(
        f"""SELECT x >> %(shift)s, y >> %(shift)s, sum(count) FROM feedback_publiccell WHERE {where}
        GROUP BY 1, 2 HAVING sum(count) > 0 ORDER BY 3 DESC LIMIT {_MOST_CLUSTERS}""",  # noqa: S608
        said,
    )
    clusters = []
    for x, y, count in rows:
        latitude, longitude = middle_of(level - shift, x, y)
        clusters.append(Cluster(latitude=latitude, longitude=longitude, count=int(count)))
    return clusters


def _month(since: datetime) -> date:
    return timezone.localdate(since).replace(day=1)


def _pins(asked: Asked, view: View, said: dict[str, Any]) -> tuple[str, str]:
    """FROM and WHERE of pins in a view."""
    said |= _box(view)
    where, source = ["p.city_id = %(city)s", _IN_BOX], "feedback_publicpin p"
    if asked.category_id is not None:
        said["category"] = asked.category_id
        where.append("p.category_id = %(category)s")
    if asked.is_open is not None:
        where.append("p.open" if asked.is_open else "NOT p.open")
    if asked.since is not None:
        said["since"] = asked.since
        where.append("p.published_at >= %(since)s")
    if asked.unit_id is not None:
        said["unit"] = asked.unit_id
        source = _OF_WARD
    if asked.near is not None:
        _near(asked.near, said)
        where += [_NEAR_BETWEEN, _NEAR]
    return source, " AND ".join(where)


def _gathered(city_id: int, asked: Asked, view: View) -> list[Cluster]:
    """Counted now: of one ward, of some days, of streets."""
    said: dict[str, Any] = {"city": city_id, "side": 1 << _level(view)}
    source, where = _pins(asked, view, said)
    rows = _asked(
        f"""SELECT floor((p.longitude + 180) / 360 * %(side)s),
            floor((1 - asinh(tan(radians(p.latitude))) / pi()) / 2 * %(side)s),
            count(*), avg(p.latitude), avg(p.longitude)
        FROM {source} WHERE {where} GROUP BY 1, 2 ORDER BY 3 DESC LIMIT {_MOST_CLUSTERS}""",  # noqa: S608
        said,
    )
    return [Cluster(latitude=latitude, longitude=longitude, count=count) for _x, _y, count, latitude, longitude in rows]


def _points(city_id: int, asked: Asked, view: View) -> list[Point]:
    said: dict[str, Any] = {"city": city_id}
    source, where = _pins(asked, view, said)
    rows = _asked(
        f"""SELECT p.latitude, p.longitude, n.number, c.name, p.open FROM {source}
        JOIN feedback_feedbackticket n ON n.id = p.ticket_id
        LEFT JOIN feedback_category c ON c.id = p.category_id WHERE {where} LIMIT {MOST_POINTS}""",  # noqa: S608
        said,
    )
    return [Point(latitude=row[0], longitude=row[1], number=row[2], category=row[3] or "", is_open=row[4]) for row in rows]


def _words_on_map(city_id: int, asked: Asked, view: View) -> list[Point] | list[Cluster]:
    """The newest there that hold the words."""
    here, _after = page_of(city_id, asked, within=view, size=_NEWEST)
    if len(here) <= MOST_POINTS:
        return [
            Point(
                latitude=row.latitude or 0.0,
                longitude=row.longitude or 0.0,
                number=row.number,
                category=row.category,
                is_open=row.answered_at is None,
            )
            for row in here
        ]
    squares: dict[tuple[int, int], list[PublicRow]] = {}
    for row in here:
        square = square_at(row.latitude or 0.0, row.longitude or 0.0, _level(view))
        squares.setdefault((square.x, square.y), []).append(row)
    return [
        Cluster(
            latitude=sum(row.latitude or 0.0 for row in rows) / len(rows),
            longitude=sum(row.longitude or 0.0 for row in rows) / len(rows),
            count=len(rows),
        )
        for rows in sorted(squares.values(), key=len, reverse=True)
    ]


def _box(view: View) -> dict[str, float]:
    return {"west": view.west, "east": view.east, "south": view.south, "north": view.north}

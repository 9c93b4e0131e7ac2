"""The hub's board: every site with its line, the roll call, who waits to speak. Few queries for any number of sites."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Subquery

from thongsuot.meetings.models import Conference, RollCall, RollCallAnswer, Site, SiteTest, SpeakRequest
from thongsuot.meetings.queries.planning import held_on
from thongsuot.meetings.rules import CONNECTED_BEFORE, is_silent
from thongsuot.units import queries as units


class Line(StrEnum):
    """A site's line now. LOST: it was connected to this conference, which runs, and is silent."""

    CONNECTED = "connected"
    LOST = "lost"
    ABSENT = "absent"


class Tested(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NEVER = "never"


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One site. `answered` None: no roll call is open. `lost_at`: the last beat of one that is lost."""

    id: int
    unit_id: int
    unit: str
    name: str
    line: Line
    tested: Tested
    answered: bool | None
    phone: str
    operator: str
    lost_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OpenCall:
    id: int
    number: int
    opened_at: datetime
    answered: int
    by_phone: int
    people: int


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A request to speak that is not over."""

    id: int
    site_id: int
    unit: str
    topic: str
    asked_at: datetime
    speaks: bool


@dataclass(frozen=True, kw_only=True)
class Board:
    tiles: list[Tile]
    call: OpenCall | None
    queue: list[Waiting]

    def with_line(self, line: Line) -> list[Tile]:
        return [tile for tile in self.tiles if tile.line == line]

    @property
    def lost(self) -> list[Tile]:
        return self.with_line(Line.LOST)

    @property
    def untested(self) -> list[Tile]:
        return [tile for tile in self.tiles if tile.tested != Tested.PASSED]

    @property
    def silent_to_call(self) -> list[Tile]:
        """Who has not answered the open roll call."""
        return [tile for tile in self.tiles if tile.answered is False]


_LAST_TEST = SiteTest.objects.filter(site=OuterRef("pk")).order_by("-at", "-pk")
_PASSED = ExpressionWrapper(Q(picture_ok=True, sound_ok=True, line_ok=True), output_field=BooleanField())


def board(conference: Conference, *, at: datetime) -> Board:
    """Five queries at most, names of units remembered."""
    call = RollCall.objects.filter(conference=conference, closed_at=None).first()
    sites = (
        Site.objects.filter(conference=conference, left_out=False)
        .annotate(
            last_test=Subquery(_LAST_TEST.annotate(ok=_PASSED).values("ok")[:1]),
            has_answered=Exists(RollCallAnswer.objects.filter(site=OuterRef("pk"), roll_call=call)),
        )
        .order_by("pk")
    )
    rows = list(sites)
    names = units.unit_rows({row.unit_id for row in rows}, as_of=held_on(conference))
    tiles = []
    for row in rows:
        line = _line(conference, row, at)
        tiles.append(
            Tile(
                id=row.pk,
                unit_id=row.unit_id,
                unit=names[row.unit_id].full_name,
                name=names[row.unit_id].name,
                line=line,
                tested=Tested.NEVER if row.last_test is None else Tested.PASSED if row.last_test else Tested.FAILED,
                answered=row.has_answered if call else None,
                phone=row.backup_phone,
                operator=row.operator_name,
                lost_at=row.seen_at if line == Line.LOST else None,
            )
        )
    tiles.sort(key=lambda tile: (names[tile.unit_id].level == "agency", names[tile.unit_id].sort_name, tile.id))
    return Board(tiles=tiles, call=_call(call), queue=queue(conference))


def _line(conference: Conference, site: Site, at: datetime) -> Line:
    if conference.state in {Conference.State.ENDED, Conference.State.CANCELLED}:
        return Line.ABSENT
    if not is_silent(site.seen_at, at):
        return Line.CONNECTED
    # Whoever was connected in time and is gone when it starts is lost, not late.
    since = conference.started_at - CONNECTED_BEFORE if conference.started_at else None
    was_there = site.seen_at is not None and since is not None and site.seen_at >= since
    return Line.LOST if was_there else Line.ABSENT


def _call(call: RollCall | None) -> OpenCall | None:
    if call is None:
        return None
    answers = list(call.answers.filter(site__left_out=False).values_list("people", "by_phone"))
    return OpenCall(
        id=call.pk,
        number=call.number,
        opened_at=call.opened_at,
        answered=len(answers),
        by_phone=sum(by_phone for _people, by_phone in answers),
        people=sum(people for people, _by_phone in answers),
    )


def queue(conference: Conference) -> list[Waiting]:
    """Who speaks first, then in the order they asked."""
    rows = SpeakRequest.objects.filter(conference=conference, over_at=None).select_related("site").order_by("asked_at", "pk")
    found = list(rows)
    names = units.unit_rows({row.site.unit_id for row in found}, as_of=held_on(conference))
    waiting = [
        Waiting(
            id=row.pk,
            site_id=row.site_id,
            unit=names[row.site.unit_id].full_name,
            topic=row.topic,
            asked_at=row.asked_at,
            speaks=row.speaks,
        )
        for row in found
    ]
    return sorted(waiting, key=lambda one: not one.speaks)

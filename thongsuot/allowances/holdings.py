"""What a unit that ends holds of allowances: the people on its list, each to the successor they live in (units.moves)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from thongsuot.allowances import events
from thongsuot.allowances.models import Beneficiary
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.events import EventKind
from thongsuot.units.heirs import Choice, Clue, Heirs
from thongsuot.units.moves import Held, Holding, Move, Moved, Was, register, stays

_LOCK = "SELECT id, unit_id FROM allowances_beneficiary WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
# Lines of the month in which the unit ended, and later ones that were frozen while nobody had decided.
_LINES = """
SELECT p.beneficiary_id, p.id, p.answering_unit_id
  FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS move(id, old, new)
  JOIN units_unit u ON u.id = move.old
  JOIN allowances_payment p ON p.beneficiary_id = move.id AND p.unit_id = move.old
 WHERE p.month >= date_trunc('month', u.valid_to) AND p.answering_unit_id IS DISTINCT FROM move.new
"""
_PUT_PEOPLE = """
UPDATE allowances_beneficiary b SET unit_id = put.unit FROM unnest(%s::bigint[], %s::bigint[]) AS put(id, unit)
 WHERE b.id = put.id
"""
_PUT_LINES = """
UPDATE allowances_payment p SET answering_unit_id = put.unit FROM unnest(%s::bigint[], %s::bigint[]) AS put(id, unit)
 WHERE p.id = put.id
"""
_TELL = """
SELECT kernel_record('allowances.beneficiary', told.id, %(name)s, %(at)s, %(actor)s, %(actor_name)s, %(post)s, %(via)s,
                     told.unit, told.facts::jsonb)
  FROM unnest(%(ids)s::bigint[], %(units)s::bigint[], %(facts)s::text[]) AS told(id, unit, facts)
"""


class Roll(Holding):
    """Everybody who is still paid. A city has tens of thousands: a batch is a few statements."""

    key = "allowances.roll"
    label = _("Người hưởng trợ cấp hằng tháng")
    columns = ("allowances.Beneficiary.unit", "allowances.Payment.answering_unit")

    def _rows(self) -> QuerySet[Beneficiary]:
        return Beneficiary.objects.filter(Q(stop_month=None) | Q(stop_month__gt=F("unit__valid_to")))

    def count(self, unit_ids: Collection[int]) -> dict[int, int]:
        rows = self._rows().filter(unit__in=list(unit_ids))
        return dict(rows.order_by().values_list("unit_id").annotate(n=Count("pk")))

    def held(self, unit_id: int, *, after: int, limit: int, clued: bool) -> list[Held]:
        rows = self._rows().filter(unit=unit_id, pk__gt=after).order_by("pk")[:limit]
        # What the person receives for stays here: a group can say what they are ill with.
        return [Held(id=row.pk, unit_id=unit_id, label=str(row), clue=Clue(addresses=(row.address,))) for row in rows]

    def choose(self, things: Sequence[Held], heirs: Heirs) -> list[Choice]:
        """By address; the same address in the same unit is read once."""
        known: dict[tuple[int, Clue], Choice] = {}
        chosen = []
        for thing in things:
            key = (thing.unit_id, thing.clue)
            if key not in known:
                known[key] = heirs.choose(*key)
            chosen.append(known[key])
        return chosen

    def move(self, moves: Sequence[Move], *, changeover_id: int, actor: Actor, at: datetime) -> dict[int, Was]:
        now = self._locked(one.id for one in moves)
        going = [one for one in moves if now.get(one.id) == one.from_unit_id]
        was: dict[int, dict[str, int | None]] = {one.id: {} for one in going}
        to = {one.id: one.to_unit_id for one in going}
        lines: dict[int, int | None] = {}
        with connection.cursor() as cursor:
            cursor.execute(_LINES, [list(to), [one.from_unit_id for one in going], list(to.values())])
            for beneficiary_id, line_id, answering in cursor.fetchall():
                was[beneficiary_id][str(line_id)] = answering
                lines[line_id] = to[beneficiary_id]
        self._put(to, lines)
        _tell(events.MOVED, going, changeover_id, actor, at)
        return {one.id: {"lines": was[one.id]} for one in going}

    def put_back(self, moved: Sequence[Moved], *, changeover_id: int, actor: Actor, at: datetime) -> set[int]:
        now = self._locked(one.id for one in moved)
        back = [one for one in moved if now.get(one.id) == one.to_unit_id]
        lines: dict[int, int | None] = {}
        for one in back:
            was: Any = one.was["lines"]
            lines |= {int(line_id): answering for line_id, answering in was.items()}
        self._put({one.id: one.from_unit_id for one in back}, lines)
        turned = [Move(id=one.id, from_unit_id=one.to_unit_id, to_unit_id=one.from_unit_id) for one in back]
        _tell(events.MOVED_BACK, turned, changeover_id, actor, at)
        return {one.id for one in back}

    def whereabouts(self, ids: Collection[int]) -> dict[int, int]:
        return dict(Beneficiary.objects.filter(pk__in=list(ids)).values_list("pk", "unit_id"))

    def _locked(self, ids: Iterable[int]) -> dict[int, int]:
        """{id: its unit now}."""
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [list(ids)])
            return dict(cursor.fetchall())

    def _put(self, people: dict[int, int], lines: dict[int, int | None]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_PUT_PEOPLE, [list(people), list(people.values())])
            if lines:
                cursor.execute(_PUT_LINES, [list(lines), list(lines.values())])


def _tell(kind: EventKind, moves: Sequence[Move], changeover_id: int, actor: Actor, at: datetime) -> None:
    """One event for each, as `kernel.command.record` writes it; nothing reacts to them."""
    facts = [
        {"changeover": changeover_id, "what": Roll.key, "from_unit": one.from_unit_id, "to_unit": one.to_unit_id}
        for one in moves
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _TELL,
            {
                "name": kind.name,
                "at": at,
                "actor": actor.person_id,
                "actor_name": actor.name,
                "post": actor.post,
                "via": actor.via,
                "ids": [one.id for one in moves],
                "units": [one.to_unit_id for one in moves],
                "facts": [json.dumps(one) for one in facts],
            },
        )


register(Roll())
stays("allowances.Payment.unit", "the list the line was frozen from: the month of change is paid by the old list")
stays("allowances.PayRun.city", "the city that paid that month")
stays("allowances.AllowanceImport.unit", "whose list was sent: what it brought moves person by person")

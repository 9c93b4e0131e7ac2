"""Dossiers that are open and resolved by a unit that ends: all that belongs to them goes along."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import msgspec
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thongsuot.dossiers import events, rules
from thongsuot.dossiers.models import Dossier
from thongsuot.dossiers.queries.held import open_ones, places_of
from thongsuot.dossiers.queries.settings import setting
from thongsuot.dossiers.reactions import tell_of_move
from thongsuot.kernel.actor import Actor
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units
from thongsuot.units.heirs import Choice, Clue, Heirs, Rule
from thongsuot.units.models import Unit
from thongsuot.units.moves import Held, Holding, Move, Moved

_encode = msgspec.json.Encoder().encode
_COUNT = """
SELECT d.resolving_unit_id, count(*) FROM dossiers_dossier d
 WHERE d.ended_at IS NULL AND d.resolving_unit_id = ANY(%(units)s) AND __WHICH__ GROUP BY 1
"""


class _Open(Holding):
    columns = (
        "dossiers.Dossier.resolving_unit",
        "dossiers.Digitisation.unit",
        "dossiers.CertifiedCopy.unit",
    )
    condition: str
    promises = False  # something is still due to their owners

    def count(self, unit_ids: Collection[int]) -> dict[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT.replace("__WHICH__", self.condition), {"units": list(unit_ids)})
            return dict(cursor.fetchall())

    def held(self, unit_id: int, *, after: int, limit: int, clued: bool) -> list[Held]:
        which = f"d.resolving_unit_id = %(unit)s AND {self.condition}"
        return [
            Held(
                id=row.id,
                unit_id=unit_id,
                label=row.code,
                about=procedures.version(row.version_id).code,
                clue=Clue(addresses=places_of(row)) if clued else Clue(),
            )
            for row in open_ones(which, unit_id, after=after, limit=limit, clued=clued)
        ]

    def choose(self, things: Sequence[Held], heirs: Heirs) -> list[Choice]:
        """What a district resolved may be the city's now: by who is competent on the day; else by place."""
        of_city: dict[tuple[int, str], Choice | None] = {}
        chosen = []
        for thing in things:
            key = (thing.unit_id, thing.about)
            if key not in of_city:
                of_city[key] = self._by_competence(thing, heirs)
            chosen.append(of_city[key] or heirs.choose(thing.unit_id, thing.clue))
        return chosen

    def _by_competence(self, thing: Held, heirs: Heirs) -> Choice | None:
        """Where all dossiers of the procedure go whose units on the day are none of the successors; None: by place."""
        if units.unit_row(thing.unit_id, as_of=heirs.day).level != Unit.Level.DISTRICT:
            return None
        competent = procedures.competent_unit_ids(thing.about, city_id=heirs.city_of(thing.unit_id), on=heirs.day)
        if not competent or competent & set(heirs.candidates(thing.unit_id)):
            return None
        if len(competent) == 1:
            return Choice(to_unit_id=next(iter(competent)), rule=Rule.COMPETENCE)
        return Choice(to_unit_id=None, rule=Rule.NOBODY, candidates=tuple(sorted(competent)))

    def move(self, moves: Sequence[Move], *, changeover_id: int, actor: Actor, at: datetime) -> dict[int, dict[str, Any]]:
        later = self.later(moves, at=at)
        rows = [
            {"id": one.id, "from": one.from_unit_id, "to": one.to_unit_id, **later.get(one.id, {})}  # dates where they change
            for one in moves
        ]
        return _change_hands(rows, events.MOVED.name, changeover_id, actor, at)

    def later(self, moves: Sequence[Move], *, at: datetime) -> dict[int, dict[str, Any]]:
        """New due and warning instants and the days between, by dossier; empty where every date stays."""
        return {}

    def put_back(self, moved: Sequence[Moved], *, changeover_id: int, actor: Actor, at: datetime) -> set[int]:
        rows = [
            {
                "id": one.id,
                "from": one.to_unit_id,
                "to": one.from_unit_id,
                "was": one.was,
                "due_at": one.was.get("due_at"),
                "warn_at": one.was.get("warn_at"),
                "days": -cast(int, one.was.get("days", 0)),
            }
            for one in moved
        ]
        return set(_change_hands(rows, events.MOVED_BACK.name, changeover_id, actor, at))

    def tell(self, moved: Sequence[Move], *, changeover_id: int) -> None:
        for one in moved:
            tell_of_move(
                one.id,
                from_unit_id=one.from_unit_id,
                to_unit_id=one.to_unit_id,
                due_moved=bool(one.due_days) and self.promises,
                changeover_id=changeover_id,
            )

    def whereabouts(self, ids: Collection[int]) -> dict[int, int]:
        rows = Dossier.objects.filter(pk__in=list(ids), ended_at=None)
        return dict(rows.values_list("pk", "resolving_unit_id"))


def _change_hands(
    rows: Sequence[Mapping[str, object]], event: str, changeover_id: int, actor: Actor, at: datetime
) -> dict[int, dict[str, Any]]:
    """{id of a dossier that moved: what it takes to put it back}. One statement."""
    who = {"id": actor.person_id, "name": actor.name, "post": actor.post, "via": actor.via}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT moved_id, was FROM dossiers_move(%s, %s, %s, %s, %s)",
            [_encode(rows).decode(), event, changeover_id, _encode(who).decode(), at],
        )
        return {moved_id: msgspec.json.decode(was) for moved_id, was in cursor.fetchall()}


class Pending(_Open):
    key = "dossiers.pending"
    label = _("Hồ sơ đang giải quyết")
    condition = "d.status <> 9"
    promises = True

    def later(self, moves: Sequence[Move], *, at: datetime) -> dict[int, dict[str, Any]]:
        """So many working days later, at the same hour; the warning keeps its share of the time."""
        days = {one.id: one.due_days for one in moves if one.due_days}
        if not days:
            return {}
        found: dict[int, dict[str, Any]] = {}
        share = setting("warn_share_percent", on=timezone.localdate(at))
        for dossier in Dossier.objects.filter(pk__in=days, received_at__isnull=False):
            assert dossier.due_at is not None  # constraint dossier_received_means_due
            assert dossier.received_at is not None
            calendar = units.working_calendar(dossier.resolving_unit_id, on=timezone.localdate(at))
            due = rules.extended_due(dossier.due_at, days[dossier.pk], calendar)
            limit = procedures.version(dossier.version_id).limit
            warn_at = rules.warning(dossier.received_at, due, limit, calendar, share=share)
            found[dossier.pk] = {"due_at": due, "warn_at": warn_at, "days": days[dossier.pk]}
        return found


class Results(_Open):
    key = "dossiers.results"
    label = _("Kết quả chưa trả")
    condition = "d.status = 9"

"""Which successor a listed thing goes to: with the person who uses it, back to who issued it, or by where it belongs."""

from __future__ import annotations

from collections.abc import Iterable

from thongsuot.handover.models import Changeover
from thongsuot.handover.rules.classes import PERSONAL, SEALS
from thongsuot.kernel.periods import in_force
from thongsuot.people.models import Appointment
from thongsuot.units.heirs import Choice, Clue, Rule, heirs_on


class Allocation:
    """For the things of one ended unit. Two queries when people are concerned, else none of its own.

    person_ids   whose things will be asked for
    """

    def __init__(self, changeover: Changeover, unit_id: int, person_ids: Iterable[int] = ()) -> None:
        self._unit_id = unit_id
        self._heirs = heirs_on(changeover.effective_on, city_id=changeover.city_id)
        self._city_id = changeover.city_id
        self._work_in: dict[int, set[int]] = {}
        wanted = set(person_ids)
        if wanted:
            day = changeover.effective_on
            rows = Appointment.objects.filter(in_force(day), in_force(day, "body__"), person_id__in=wanted)
            for person_id, unit in rows.filter(body__unit__valid_to=None).values_list("person_id", "body__unit_id"):
                self._work_in.setdefault(person_id, set()).add(unit)

    def choice(self, klass: str, *, address: str = "", person_id: int | None = None) -> Choice:
        """Nobody: a person must say, from the candidates."""
        if klass == SEALS:
            return Choice(to_unit_id=self._city_id, rule=Rule.ISSUER)
        candidates = self._heirs.candidates(self._unit_id)
        if klass in PERSONAL:
            places = self._work_in.get(person_id or 0, set())
            if len(places) == 1:
                return Choice(to_unit_id=next(iter(places)), rule=Rule.FOLLOWS)
            return Choice(to_unit_id=None, rule=Rule.NOBODY, candidates=(*sorted(places), *candidates))
        return self._heirs.choose(self._unit_id, Clue(addresses=(address,) if address else ()))

"""Who acts. Commands take an actor and a time; they never look at a request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from thongsuot.kernel.errors import NotYourDuty

NO_UNITS: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person (or the system) at the moment of acting.

    person_id  None for the system and for a citizen who is not logged in
    duties     {duty: ids of the units where it holds}; built by `people.queries.actor_for`
    via        the door used: web, api, cli, worker
    identity_level  how the login was proven by the national identity: 1 or 2; 0 for any other way
    day        the local day the duties are of; None: of no day in particular
    owns       what a citizen has proved to be theirs: {("dossiers.dossier", 12)}
    """

    person_id: int | None
    name: str
    post: str = ""
    via: str = "web"
    duties: Mapping[str, frozenset[int]] = field(default_factory=dict)
    owns: frozenset[tuple[str, int]] = frozenset()
    trusted: bool = False
    day: date | None = None
    identity_level: int = 0

    def may(self, duty: str, *, unit_id: int) -> bool:
        return self.trusted or unit_id in self.duties.get(duty, NO_UNITS)

    def must(self, duty: str, *, unit_id: int) -> None:
        """Raises NotYourDuty."""
        if not self.may(duty, unit_id=unit_id):
            raise NotYourDuty(duty)

    def must_somewhere(self, *duties: str) -> None:
        """Any of them, in any unit. Raises NotYourDuty."""
        if not self.trusted and not any(self.units_for(duty) for duty in duties):
            raise NotYourDuty(duties[0])

    def units_for(self, duty: str) -> frozenset[int]:
        return self.duties.get(duty, NO_UNITS)

    @property
    def is_staff(self) -> bool:
        return bool(self.duties)


def system(via: str, name: str = "Hệ thống") -> Actor:
    """The house itself: jobs, imports, the command line. May do everything; every act still leaves its event."""
    return Actor(person_id=None, name=name, via=via, trusted=True)


ANYONE = Actor(person_id=None, name="Người dân", via="web")

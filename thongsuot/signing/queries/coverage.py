"""Who must have a certificate and who has: per unit and post, for the city and for one unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import sort_key
from thongsuot.people.models import Appointment
from thongsuot.signing import rules
from thongsuot.signing.models import Certificate
from thongsuot.signing.queries.choosing import condition_of
from thongsuot.signing.rules import Condition
from thongsuot.units import queries as units
from thongsuot.units.models import Body


@dataclass(frozen=True, kw_only=True)
class Post:
    """One who must have a certificate. `person` is empty where the post is not filled, and for an agency."""

    label: str
    body_id: int
    is_agency: bool
    post: str
    person_id: int | None
    person: str
    condition: Condition | None  # None: has none
    certificate_id: int | None

    @property
    def is_vacant(self) -> bool:
        return not self.is_agency and self.person_id is None

    @property
    def is_lacking(self) -> bool:
        return not self.is_vacant and (self.condition is None or self.condition not in rules.USABLE)


@dataclass(frozen=True, kw_only=True)
class UnitCoverage:
    """A unit is ready when nobody who must have a certificate lacks a usable one. A vacant post lacks nobody."""

    unit_id: int
    name: str
    posts: list[Post] = field(default_factory=list)

    @property
    def lacking(self) -> list[Post]:
        return [post for post in self.posts if post.is_lacking]

    @property
    def expiring(self) -> list[Post]:
        return [post for post in self.posts if post.condition == Condition.EXPIRING]

    @property
    def is_ready(self) -> bool:
        return bool(self.posts) and not self.lacking


def coverage(unit_ids: Collection[int], *, at: datetime) -> list[UnitCoverage]:
    """For each of the units, in Vietnamese order of names. Five queries, however many units."""
    day = timezone.localdate(at)
    rows = sorted(units.unit_rows(unit_ids, as_of=day).values(), key=lambda row: (row.level != "province", sort_key(row.name)))
    kinds = {need.body_kind for level in {row.level for row in rows} for need in rules.needs(level, on=day)}
    bodies: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    for unit_id, kind, body_id, name in (
        Body.objects.filter(in_force(day), unit_id__in=unit_ids, kind__in=kinds)
        .order_by("pk")
        .values_list("unit_id", "kind", "pk", "name")
    ):
        bodies[unit_id, kind].append((body_id, name))
    holders: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    for body_id, title, person_id, name in (
        Appointment.objects.filter(in_force(day), body__unit_id__in=unit_ids, person__is_active=True)
        .order_by("person__sort_name", "person_id")
        .values_list("body_id", "title", "person_id", "person__full_name")
    ):
        holders[body_id, title].append((person_id, name))
    best: dict[tuple[int, int | None, str], tuple[Condition, int]] = {}
    for held in Certificate.objects.filter(body__unit_id__in=unit_ids).order_by("not_after", "pk"):
        now, key = condition_of(held, at=at), (held.body_id, held.person_id, held.post)
        if key not in best or now in rules.USABLE or best[key][0] not in rules.USABLE:
            best[key] = (now, held.pk)
    found = []
    for row in rows:
        posts: list[Post] = []
        for need in rules.needs(row.level, on=day):
            for body_id, body_name in bodies[row.id, need.body_kind]:
                who: list[tuple[int | None, str]] = [(None, "")]
                if not need.is_agency:
                    who = [*holders[body_id, need.title]] or who
                for who_id, who_name in who:
                    condition, held_id = best.get((body_id, who_id, need.title), (None, None))
                    posts.append(
                        Post(
                            label=need.title or _("Cơ quan: %(body)s") % {"body": body_name},
                            body_id=body_id,
                            is_agency=need.is_agency,
                            post=need.title,
                            person_id=who_id,
                            person=who_name,
                            condition=condition,
                            certificate_id=held_id,
                        )
                    )
        found.append(UnitCoverage(unit_id=row.id, name=row.full_name, posts=posts))
    return found

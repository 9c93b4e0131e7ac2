"""Rows of the pages about people: lists, one person, delegations, keys, look-ups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import must_exist
from thongsuot.kernel.events import KINDS
from thongsuot.kernel.models import Event
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import search_key
from thongsuot.people import events, rules
from thongsuot.people.models import ApiToken, Appointment, Delegation, LookUp, Person
from thongsuot.people.queries.actors import body_of_unit
from thongsuot.people.queries.guarded import people_managed_by, person_for
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class PostRow:
    """A post as a page shows it. `state`: now, later, over; `point`: the service point it is at, if any."""

    id: int
    title: str
    body: str
    unit_id: int
    point: str
    duties: tuple[str, ...]
    decided_by: str
    decision_number: str
    valid_from: date
    valid_to: date | None
    state: str

    @property
    def duty_labels(self) -> list[str]:
        return [str(rules.DUTIES[duty].label) for duty in self.duties]


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """One line of the list of people. `factor`: has, missing (though due), none (not due)."""

    id: int
    full_name: str
    email: str
    is_active: bool
    posts: tuple[PostRow, ...]
    factor: str


def _found(actor: Actor, *, words: str, unit_id: int | None) -> QuerySet[Person]:
    people = Person.objects.filter(people_managed_by(actor))
    if unit_id is not None:
        people = people.filter(appointments__body__unit_id=unit_id)
    if "@" in words:
        people = people.filter(email=words.strip().lower())
    else:
        for word in search_key(words).split():
            people = people.filter(search_name__contains=word)
    return people.distinct()


def people_count(actor: Actor, *, words: str = "", unit_id: int | None = None) -> int:
    """How many the list has. One query."""
    return _found(actor, words=words, unit_id=unit_id).count()


def people_list(
    actor: Actor, *, on: date, words: str = "", unit_id: int | None = None, limit: int, offset: int = 0
) -> list[PersonRow]:
    """Those whose posts the actor manages, in Vietnamese order of names. Four queries.

    words   of the name, with or without marks, in any order; or a whole mail address
    """
    found = _found(actor, words=words, unit_id=unit_id).order_by("sort_name", "pk")
    people = list(found.values("pk", "full_name", "email", "is_active")[offset : offset + limit])
    ids = [one["pk"] for one in people]
    posts = posts_of(ids, on=on)
    with_factor = set(
        Authenticator.objects.filter(user_id__in=ids)
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .values_list("user_id", flat=True)
    )
    rows = []
    for one in people:
        held = tuple(post for post in posts[one["pk"]] if post.state == "now")
        due = rules.needs_second_factor(duty for post in held for duty in post.duties)
        factor = "has" if one["pk"] in with_factor else "missing" if due else "none"
        rows.append(
            PersonRow(
                id=one["pk"],
                full_name=one["full_name"],
                email=one["email"],
                is_active=one["is_active"],
                posts=held,
                factor=factor,
            )
        )
    return rows


def posts_of(person_ids: Collection[int], *, on: date) -> dict[int, list[PostRow]]:
    """All posts of these people, the present ones first, then the latest. Two queries at most; nobody is absent."""
    found: dict[int, list[PostRow]] = defaultdict(list)
    order = {"now": 0, "later": 1, "over": 2}
    rows = list(Appointment.objects.filter(person_id__in=person_ids).select_related("body").order_by("-valid_from", "-pk"))
    points = units.point_names({post.point_id for post in rows if post.point_id is not None}, as_of=on)
    for post in rows:
        over = post.valid_to is not None and post.valid_to <= on
        found[post.person_id].append(
            PostRow(
                id=post.pk,
                title=post.title,
                body=body_of_unit(post.body.name, post.body.unit_id, on),
                unit_id=post.body.unit_id,
                point=points[post.point_id] if post.point_id is not None else "",
                duties=tuple(post.duties),
                decided_by=post.decided_by,
                decision_number=post.decision_number,
                valid_from=post.valid_from,
                valid_to=post.valid_to,
                state="over" if over else "later" if post.valid_from > on else "now",
            )
        )
    return {person_id: sorted(found[person_id], key=lambda row: order[row.state]) for person_id in person_ids}


class UnitChoice(NamedTuple):
    id: int
    name: str


def units_managed(actor: Actor, *, on: date) -> list[UnitChoice]:
    """Units whose people the actor manages, in Vietnamese order, the city first. One query at most."""
    rows = units.unit_rows(actor.units_for("manage people"), as_of=on).values()
    in_order = sorted(rows, key=lambda row: (row.level == "commune", row.sort_name))
    return [UnitChoice(id=row.id, name=row.full_name) for row in in_order]


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """`detail`: which post, which duties, until when; empty when the label says all."""

    label: str
    detail: str
    at: datetime
    by: str
    post: str


def recent_history(person: Person, *, limit: int = 40) -> list[HistoryLine]:
    """What was done to an account and its posts, newest first, logins left out. One query."""
    found = Event.objects.filter(subject=Person._meta.label_lower, subject_id=person.pk).exclude(name=events.LOGGED_IN.name)
    return [
        HistoryLine(
            label=str(KINDS[event.name].label),
            detail=_detail(event.name, event.facts),
            at=event.at,
            by=event.actor_name,
            post=event.actor_post,
        )
        for event in found.order_by("-number")[:limit]
    ]


def _detail(name: str, facts: dict[str, Any]) -> str:
    if name == events.APPOINTED.name:
        return _("%(title)s, từ %(day)s") % {"title": facts["title"], "day": _day(facts["valid_from"])}
    if name == events.APPOINTMENT_ENDED.name:
        return _("từ %(day)s") % {"day": _day(facts["on"])}
    if name == events.DUTIES_CHANGED.name:
        before, after = set(facts["before"]), set(facts["after"])
        parts = [(_("thêm: %(duties)s"), after - before), (_("bớt: %(duties)s"), before - after)]
        return "; ".join(words % {"duties": _labels(duties)} for words, duties in parts if duties)
    if name == events.WORK_DELEGATED.name:
        return _("từ %(first)s, trở lại %(back)s") % {"first": _day(facts["valid_from"]), "back": _day(facts["valid_to"])}
    return ""


def _labels(duties: Collection[str]) -> str:
    return ", ".join(str(duty.label) for duty in rules.DUTIES.values() if duty.name in duties)


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"


@dataclass(frozen=True, kw_only=True)
class DelegationRow:
    """Who stands in for whom. `may_end`: by the one who asks."""

    id: int
    giver: str
    taker: str
    unit: str
    valid_from: date
    valid_to: date | None
    reason: str
    includes_signing: bool
    state: str
    may_end: bool


def delegations(actor: Actor, *, on: date, limit: int = 200) -> list[DelegationRow]:
    """One's own, given or taken, and those in units whose people the actor manages; the latest first. Two queries."""
    managed = actor.units_for("manage people")
    own = Q(from_person_id=actor.person_id) | Q(to_person_id=actor.person_id)
    found = Delegation.objects.filter(own | Q(unit_id__in=managed))
    found = found.select_related("from_person", "to_person").order_by("-valid_from", "-pk")[:limit]
    names = units.unit_rows({row.unit_id for row in found}, as_of=on)
    rows = []
    for row in found:
        over = row.valid_to is not None and row.valid_to <= on
        rows.append(
            DelegationRow(
                id=row.pk,
                giver=row.from_person.full_name,
                taker=row.to_person.full_name,
                unit=names[row.unit_id].full_name,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                reason=row.reason,
                includes_signing=row.includes_signing,
                state="over" if over else "later" if row.valid_from > on else "now",
                may_end=not over and (row.from_person_id == actor.person_id or row.unit_id in managed),
            )
        )
    return rows


def colleagues(person_id: int, unit_id: int, *, on: date) -> list[tuple[int, str]]:
    """Who else has a post in the unit on that day: (id, name and title), in Vietnamese order. One query."""
    found = Appointment.objects.filter(in_force(on), body__unit_id=unit_id, person__is_active=True).exclude(person_id=person_id)
    named: dict[int, str] = {}
    found = found.order_by("person__sort_name", "person_id")
    for pk, name, title in found.values_list("person_id", "person__full_name", "title"):
        named[pk] = f"{named[pk]}, {title}" if pk in named else f"{name} - {title}"
    return list(named.items())


@dataclass(frozen=True, kw_only=True)
class TokenRow:
    """A key, without anything one could use. `state`: works, over, revoked."""

    id: int
    name: str
    duties: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    state: str

    @property
    def duty_labels(self) -> list[str]:
        return [str(rules.DUTIES[duty].label) for duty in self.duties]


def tokens_of(person_id: int, *, at: datetime) -> list[TokenRow]:
    """A person's keys, the latest first. One query."""
    return [
        TokenRow(
            id=row.pk,
            name=row.name,
            duties=tuple(row.duties),
            created_at=row.created_at,
            expires_at=row.expires_at,
            state="revoked" if row.revoked_at else "over" if row.expires_at <= at else "works",
        )
        for row in ApiToken.objects.filter(person_id=person_id).order_by("-created_at", "-pk")
    ]


def token_for(token_id: int, *, actor: Actor) -> tuple[int, str]:
    """Whose key it is and what it is called: one's own, or of someone whose posts the actor manages. Raises NotFound."""
    row = must_exist(ApiToken.objects.filter(pk=token_id).values_list("person_id", "name").first())
    person_for(row[0], actor=actor)
    return row


@dataclass(frozen=True, kw_only=True)
class LookUpRow:
    """Someone read one's data."""

    at: datetime
    by: str
    post: str
    what: tuple[str, ...]
    reason: str


def look_ups_about(person_id: int, *, limit: int, offset: int = 0) -> list[LookUpRow]:
    """Who read this person's data and why, the latest first. One query."""
    found = LookUp.objects.filter(about_id=person_id).order_by("-at", "-pk")[offset : offset + limit]
    return [
        LookUpRow(
            at=row.at,
            by=row.by_name,
            post=row.by_post,
            what=tuple(rules.field_label(name) for name in row.fields),
            reason=row.reason,
        )
        for row in found
    ]


def look_ups_count(person_id: int) -> int:
    return LookUp.objects.filter(about_id=person_id).count()


def looked_lately(subject: models.Model, actor: Actor, *, now: datetime, within: timedelta = rules.ONE_LOOK) -> bool:
    """Has the actor's look at this very thing been noted a moment ago? One query."""
    looks = LookUp.objects.filter(subject=subject._meta.label_lower, subject_id=subject.pk)
    return actor.person_id is not None and looks.filter(by_id=actor.person_id, at__gt=now - within).exists()

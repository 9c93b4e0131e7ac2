"""Who someone is at a moment: a person or a key becomes an Actor."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from thongsuot.kernel.actor import Actor
from thongsuot.people import rules
from thongsuot.people.models import ApiToken, Person
from thongsuot.units import queries as units

POST_LENGTH = 200  # of kernel.Event.actor_post


@dataclass(frozen=True, kw_only=True)
class _Post:
    """One post of a person, or of who they stand in for. `point_id`: where, when that is one service point alone."""

    title: str
    body_id: int
    body: str
    unit_id: int
    duties: list[str]
    point_id: int | None
    stands_in: bool


def actor_for(person: Person, *, at: datetime, via: str = "web") -> Actor:
    """The person as an actor: duties of all appointments and delegations that hold on the local day. One query.

    A post in a body of a city covers the city and every commune under it, a post in a commune's body that commune; one at
    a service point covers the unit whose point it is, whoever runs it (a query for each such post).
    A stand-in gains what the absent person's own posts in that unit bring (what was delegated to them is not passed on),
    but may sign only when the delegation says so. A person whose account is closed is an actor without duties.
    """
    if not person.is_active:
        return Actor(person_id=person.pk, name=person.full_name, via=via)
    day = timezone.localtime(at).date()
    covered: dict[str, frozenset[int]] = {}
    posts: dict[str, None] = {}
    for post in _posts(person.pk, day):
        if not post.stands_in:
            posts[f"{post.title}, {body_of_unit(post.body, post.unit_id, day)}"] = None
        covering = post.unit_id if post.point_id is None else units.unit_of_point(post.point_id)
        under = units.unit_ids_under(covering, as_of=day)
        for duty in post.duties:
            covered[duty] = covered.get(duty, frozenset()) | under
    return Actor(
        person_id=person.pk, name=person.full_name, post="; ".join(posts)[:POST_LENGTH], via=via, duties=covered, day=day
    )


def _posts(person_id: int, day: date) -> list[_Post]:
    """Those that hold on that day, own ones first, with what each brings. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_posts(%s, %s)", [person_id, day])
        return [
            _Post(
                title=title,
                body_id=body_id,
                body=body,
                unit_id=unit_id,
                duties=rules.passed_on(duties, includes_signing=includes_signing) if stands_in else duties,
                point_id=point_id,
                stands_in=stands_in,
            )
            for title, body_id, body, unit_id, duties, point_id, stands_in, includes_signing in cursor.fetchall()
        ]


def houses_where(person_id: int, duty: str, *, on: date) -> frozenset[int]:
    """Houses of service points (`units.queries.houses_of`) in which the person holds the duty on that day: by a post at the
    point, or by one in the body that runs it which names no other place of work. Four queries at most.
    """
    posts = [post for post in _posts(person_id, on) if duty in post.duties]
    at_points = units.houses_of([post.point_id for post in posts if post.point_id is not None])
    run = units.houses_run_by({post.body_id for post in posts if post.point_id is None}, as_of=on)
    return run | frozenset(at_points.values())


def body_of_unit(body: str, unit_id: int, day: date) -> str:
    """A body with its unit: 'Ủy ban nhân dân phường Hoàn Kiếm'; an agency is both and named once."""
    return body_named(body, units.unit_row(unit_id, as_of=day).full_name)


def body_named(body: str, unit: str) -> str:
    """As `body_of_unit`, by the full name of the unit."""
    return body if unit == body else f"{body} {unit[:1].lower()}{unit[1:]}"


# digest -> (asked at, acts until, actor). Two seconds per process spare a program that sends many requests two queries each;
# in return a revoked key works that long in other processes (the revoking one forgets at once).
_known_tokens: dict[str, tuple[datetime, datetime, Actor]] = {}
_MOST_KNOWN_TOKENS = 1000


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def actor_for_token(token: str, *, at: datetime) -> Actor | None:
    """The actor behind an API key, with no duty the key does not list; None when the key is unknown, expired or revoked.

    Remembered for rules.SECONDS_A_TOKEN_IS_REMEMBERED: usually no query at all.
    """
    digest = token_digest(token)
    known = _known_tokens.get(digest)
    if known is not None and known[0] <= at < known[1]:
        return known[2]
    row = (
        ApiToken.objects.select_related("person")
        .filter(digest=digest, revoked_at=None, expires_at__gt=at, person__is_active=True)
        .first()
    )
    if row is None:
        return None
    whole = actor_for(row.person, at=at, via="api")
    actor = replace(whole, duties={duty: ids for duty, ids in whole.duties.items() if duty in row.duties})
    if len(_known_tokens) >= _MOST_KNOWN_TOKENS:
        _known_tokens.clear()
    until = min(at + timedelta(seconds=rules.SECONDS_A_TOKEN_IS_REMEMBERED), row.expires_at)
    _known_tokens[digest] = (at, until, actor)
    return actor


def forget_token(digest: str) -> None:
    """In this process only; see `actor_for_token`."""
    _known_tokens.pop(digest, None)

"""Whom a certificate or a request can be about, as a form offers it. A key names one: 'n-12-34-Văn thư', 'c-7', 'a-12'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.periods import in_force
from thongsuot.people.models import Appointment
from thongsuot.people.queries import body_of_unit
from thongsuot.signing import rules
from thongsuot.signing.queries import certificates
from thongsuot.signing.queries.certificates import CertificateRow
from thongsuot.signing.queries.coverage import coverage
from thongsuot.signing.rules import DUTY, Condition


@dataclass(frozen=True, kw_only=True)
class Subject:
    key: str
    label: str
    body_id: int
    person_id: int | None
    post: str
    certificate_id: int | None = None


def own(actor: Actor, rows: Sequence[CertificateRow], *, at: datetime) -> list[Subject]:
    """One's certificates and one's posts; an agency's only for who manages certificates there. One query."""
    day = timezone.localdate(at)
    found = [
        _about(row)
        for row in rows
        if row.certificate.person_id == actor.person_id or actor.may(DUTY, unit_id=row.certificate.body.unit_id)
    ]
    if actor.person_id is None:
        return found
    posts = Appointment.objects.filter(in_force(day), person_id=actor.person_id).select_related("body").order_by("pk")
    for post in posts:
        body = body_of_unit(post.body.name, post.body.unit_id, day)
        found.append(
            Subject(
                key=f"n-{post.body_id}-{post.pk}",
                label=_("Cấp mới cho chức vụ %(post)s, %(body)s") % {"post": post.title, "body": body},
                body_id=post.body_id,
                person_id=actor.person_id,
                post=post.title,
            )
        )
    return found


def _about(row: CertificateRow) -> Subject:
    held = row.certificate
    return Subject(
        key=f"c-{held.pk}",
        label=_("%(holder)s, chứng thư đến %(day)s")
        % {"holder": row.holder, "day": f"{timezone.localtime(held.not_after):%d/%m/%Y}"},
        body_id=held.body_id,
        person_id=held.person_id,
        post=held.post,
        certificate_id=held.pk,
    )


def managed_certificates(actor: Actor, *, unit_id: int | None, at: datetime) -> list[Subject]:
    """What may be renewed, changed, suspended, revoked or unlocked in the units the actor manages. Two queries."""
    count = certificates.managed_count(actor, unit_id=unit_id)
    rows = certificates.managed(actor, unit_id=unit_id, at=at, limit=count, offset=0)
    return [_about(row) for row in rows if row.condition != Condition.REVOKED]


def managed(actor: Actor, *, unit_id: int | None, at: datetime) -> list[Subject]:
    """Who must have a certificate in the units the actor manages: those who lack one first."""
    reach = actor.units_for(DUTY)
    rows = coverage(reach if unit_id is None else reach & {unit_id}, at=at)
    found = [
        (
            not post.is_lacking,
            Subject(
                key=f"a-{post.body_id}" if post.is_agency else f"p-{post.body_id}-{post.person_id}",
                label=f"{row.name}: {post.person or post.label}, {post.post or rules.CONDITION_LABELS[post.condition]}"
                if post.condition and post.is_agency
                else f"{row.name}: {post.label if post.is_agency else f'{post.person}, {post.post}'}",
                body_id=post.body_id,
                person_id=post.person_id,
                post=post.post,
            ),
        )
        for row in rows
        for post in row.posts
        if not post.is_vacant
    ]
    return [subject for _has, subject in sorted(found, key=lambda one: one[0])]

"""Keys for programs: made once, shown once, revoked at any time."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, TellPerson, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.people import events, queries, rules
from thongsuot.people.actions.guards import PersonInactive, locked, must_be_self_or_manage
from thongsuot.people.models import ApiToken

PREFIX = "ts_"  # so that a key that leaked into a repository or a log is recognised as one


class TokenRevoked(TellPerson):
    code = "people.token_revoked"
    says = gettext_lazy("Khóa này đã thu hồi trước đó. Không có gì phải làm thêm.")


class NewToken(NamedTuple):
    """`secret` is nowhere kept: who loses it makes another key."""

    token: ApiToken
    secret: str


@command
def create_token(
    person_id: int, *, name: str, duties: Collection[str], expires_at: datetime, actor: Actor, at: datetime
) -> NewToken:
    """A key that acts as the person, with at most these duties of theirs. Only for oneself (or from the command line).

    Raises NotFound, NotYourDuty, PersonInactive, BadInput.
    """
    person = locked(person_id)
    if not actor.trusted and actor.person_id != person_id:
        raise NotYourDuty("manage people")
    if not person.is_active:
        raise PersonInactive
    # A person who has still to set up the second factor is an actor without duties: nothing to put into a key.
    held = queries.actor_for(person, at=at) if actor.trusted else actor
    name = one_line(name)
    problems = {}
    if not name or len(name) > 100:
        problems["name"] = _("Chưa có tên khóa. Hãy đặt tên theo phần mềm sẽ dùng, dưới 100 chữ.")
    if not duties or rules.unknown_duties(duties):
        problems["duties"] = _("Chưa chọn nhiệm vụ cho khóa. Hãy chọn ít nhất một.")
    if not at < expires_at <= at + timedelta(days=rules.TOKEN_DAYS_AT_MOST):
        problems["expires_at"] = _("Hạn của khóa phải sau hôm nay và không quá một năm. Hãy chọn lại ngày.")
    if problems:
        raise BadInput(problems)
    for duty in duties:
        if not held.units_for(duty):
            raise NotYourDuty(duty)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        person=person,
        name=name,
        digest=queries.token_digest(secret),
        duties=[duty for duty in rules.DUTIES if duty in duties],
        created_at=at,
        expires_at=expires_at,
    )
    record(events.TOKEN_CREATED, person, actor=actor, at=at, token_id=token.pk, duties=token.duties, expires_at=expires_at)
    return NewToken(token, secret)


@command
def revoke_token(token_id: int, *, actor: Actor, at: datetime) -> ApiToken:
    """The key works no more: here at once, in other processes within rules.SECONDS_A_TOKEN_IS_REMEMBERED.

    By its owner, or whoever manages the owner's posts. Raises NotFound, NotYourDuty, TokenRevoked.
    """
    person_id = must_exist(ApiToken.objects.filter(pk=token_id).values_list("person_id", flat=True).first())
    person = locked(person_id)
    must_be_self_or_manage(person, actor, timezone.localdate(at))
    token = ApiToken.objects.get(pk=token_id)
    if token.revoked_at is not None:
        raise TokenRevoked
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    queries.forget_token(token.digest)
    record(events.TOKEN_REVOKED, person, actor=actor, at=at, token_id=token.pk)
    return token

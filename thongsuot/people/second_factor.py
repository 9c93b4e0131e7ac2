"""Administrators and signers log in with two factors: until the second one is set up, their duties are withheld."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import NO_UNITS, Actor
from thongsuot.kernel.errors import TellPerson
from thongsuot.people import queries, rules
from thongsuot.people.models import Person

# Recovery codes are for the day the phone is lost; they are no factor of their own.
TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class NeedsSecondFactor(TellPerson):
    """The duty is there, the second factor is not."""

    code = "people.needs_second_factor"
    status = 403
    says = _("Nhiệm vụ của bạn cần đăng nhập hai lớp. Hãy cài lớp thứ hai ở trang Tài khoản, rồi làm lại việc này.")


@dataclass(frozen=True, kw_only=True)
class WithoutSecondFactor(Actor):
    """An officer whose duties are withheld: lists are empty, commands raise NeedsSecondFactor instead of NotYourDuty."""

    withheld: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def must(self, duty: str, *, unit_id: int) -> None:
        if unit_id in self.withheld.get(duty, NO_UNITS):
            raise NeedsSecondFactor
        super().must(duty, unit_id=unit_id)

    @property
    def is_staff(self) -> bool:
        return True


def actor_at_the_door(person: Person, *, at: datetime) -> Actor:
    """The actor of a page: as `queries.actor_for`, but without duties where a second factor is due and missing."""
    actor = queries.actor_for(person, at=at)
    if not is_due(person, actor.duties) or has_one(person):
        return actor
    return WithoutSecondFactor(
        person_id=actor.person_id, name=actor.name, post=actor.post, via=actor.via, withheld=actor.duties
    )


def is_due(person: Person, duties: Iterable[str]) -> bool:
    """Must someone with these duties have a second factor? Demo people need none while the demo setting says so."""
    if person.is_demo and settings.DEMO_WITHOUT_MFA and not settings.PRODUCTION:
        return False
    return rules.needs_second_factor(duties)


def has_one(person: Person, *, besides: Authenticator | None = None) -> bool:
    """`besides`: leave this one out, to ask what would remain without it."""
    factors = Authenticator.objects.filter(user_id=person.pk, type__in=TYPES)
    return bool((factors.exclude(pk=besides.pk) if besides else factors).exists())

"""National identity accounts and ours: who comes in for the first time, who is linked, and where two claims collide."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotYourDuty, TellPerson
from thongsuot.kernel.text import search_key
from thongsuot.people import events
from thongsuot.people.actions.guards import PersonInactive, locked
from thongsuot.people.models import Person

if TYPE_CHECKING:
    from thongsuot.people.national_identity import Claims

PROVIDER = "vneid"


class EmailOfAnotherAccount(TellPerson):
    """An address alone proves nothing: its owner shows to be the owner by the password, then links."""

    code = "people.email_of_another_account"
    says = _(
        "Thư điện tử trong tài khoản định danh của bạn đã gắn với một tài khoản mở bằng mật khẩu ở đây. "
        "Hãy đăng nhập bằng mật khẩu, rồi chọn “Gắn tài khoản định danh” ở trang Tài khoản."
    )


class IdentityOfAnother(TellPerson):
    code = "people.identity_of_another"
    says = _(
        "Tài khoản định danh này đã gắn với một tài khoản khác. Hãy đăng xuất, rồi đăng nhập bằng tài khoản định danh; "
        "nếu vẫn không đúng, hãy mang thẻ đến quầy."
    )


class NumberOfAnother(TellPerson):
    """The number already leads elsewhere. Said to its owner, who can look nobody up: the desk can."""

    code = "people.number_of_another"
    says = _(
        "Số định danh của bạn đã gắn với một tài khoản khác ở đây nên chưa dùng được tài khoản định danh này. "
        "Hãy mang thẻ đến quầy để đối chiếu."
    )


class IdentityDiffers(TellPerson):
    """The number, or the name, is not that of the account it would be linked to."""

    code = "people.identity_differs"
    says = _(
        "Họ tên hoặc số định danh trong tài khoản định danh không khớp với tài khoản ở đây nên chưa gắn được. "
        "Hãy mang thẻ đến quầy để đối chiếu."
    )


@command
def enter_with_identity(*, claims: Claims, is_demo: bool = False, actor: Actor, at: datetime) -> Person:
    """The account of whoever the provider vouches for: the one linked, the one with that confirmed ID number, or a new one.

    An ID number leads to one account, for ever: at level 2 it is looked for first, and never a second account opened.
    is_demo   the provider is a stand-in: production does not start with such an account
    Raises PersonInactive, NumberOfAnother, IdentityDiffers, EmailOfAnotherAccount.
    """
    _alone(claims)
    account = SocialAccount.objects.filter(provider=PROVIDER, uid=claims.subject).first()
    if account is not None:
        person = locked(account.user_id)
    elif claims.id_number and (known := Person.objects.filter(id_number=claims.id_number).first()):
        person = locked(known.pk)
        if SocialAccount.objects.filter(provider=PROVIDER, user=person).exists():
            raise NumberOfAnother  # the same number under two identities: people must look at it
        if search_key(person.full_name) != search_key(claims.name):
            raise IdentityDiffers  # one wrong digit at the counter must not let a stranger in
    else:
        return _opened(claims, is_demo=is_demo, actor=actor, at=at)
    if not person.is_active:
        raise PersonInactive
    _confirm(person, claims)
    _link(person, claims)
    record(events.IDENTITY_SHOWN, person, actor=actor, at=at, level=claims.level, how="known")
    return person


@command
def link_identity(person_id: int, *, claims: Claims, actor: Actor, at: datetime) -> Person:
    """Tie the identity to the account its owner is logged in with.

    Raises NotYourDuty, IdentityOfAnother, NumberOfAnother, IdentityDiffers.
    """
    if actor.person_id != person_id:
        raise NotYourDuty("own account")
    _alone(claims)
    person = locked(person_id)
    linked = SocialAccount.objects.filter(provider=PROVIDER, uid=claims.subject).first()
    if linked is not None and linked.user_id != person_id:
        raise IdentityOfAnother
    if linked is None and SocialAccount.objects.filter(provider=PROVIDER, user=person).exists():
        raise IdentityDiffers
    if search_key(person.full_name) != search_key(claims.name):
        raise IdentityDiffers
    _confirm(person, claims)
    _link(person, claims)
    record(events.IDENTITY_LINKED, person, actor=actor, at=at, level=claims.level)
    return person


def _opened(claims: Claims, *, is_demo: bool, actor: Actor, at: datetime) -> Person:
    if claims.email and Person.objects.filter(email=claims.email).exists():
        raise EmailOfAnotherAccount
    try:
        with transaction.atomic():
            person = Person.objects.create_user(
                claims.email,
                None,
                full_name=claims.name,
                phone=claims.phone,
                id_number=claims.id_number,
                is_demo=is_demo,
                joined_at=at,
            )
    except IntegrityError:  # the address was taken this instant
        raise EmailOfAnotherAccount from None
    if claims.email:
        EmailAddress.objects.create(user=person, email=claims.email, primary=True, verified=True)
    _link(person, claims)
    record(events.REGISTERED, person, actor=actor, at=at, level=claims.level)
    record(events.IDENTITY_SHOWN, person, actor=actor, at=at, level=claims.level, how="new")
    return person


def _confirm(person: Person, claims: Claims) -> None:
    """At level 2 the number is as good as a card seen at the counter. Raises NumberOfAnother, IdentityDiffers."""
    if not claims.id_number or person.id_number == claims.id_number:
        return
    if person.id_number:
        raise IdentityDiffers
    if Person.objects.filter(id_number=claims.id_number).exclude(pk=person.pk).exists():
        raise NumberOfAnother
    person.id_number, changed = claims.id_number, ["id_number"]
    if not person.appointments.exists():
        person.full_name = claims.name
        changed.append("full_name")
    person.save(update_fields=changed)


def _link(person: Person, claims: Claims) -> None:
    SocialAccount.objects.update_or_create(
        provider=PROVIDER, uid=claims.subject, defaults={"user": person, "extra_data": {"level": claims.level}}
    )


def _alone(claims: Claims) -> None:
    """Two first logins of one person at the same instant become one account: the second waits here until the first is in."""
    with connection.cursor() as cursor:
        for key in sorted({f"sub:{claims.subject}", f"id:{claims.id_number}" if claims.id_number else ""} - {""}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [key])

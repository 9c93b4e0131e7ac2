"""Accounts: opening, correcting, locking; what an administrator can do for someone who lost a password or a phone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.contact import is_email, is_id_number, phone_as_kept
from thongsuot.kernel.errors import BadInput, NotYourDuty, TellPerson
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line, search_key
from thongsuot.people import events, queries
from thongsuot.people.actions.appointments import appoint
from thongsuot.people.actions.guards import (
    PersonInactive,
    end_all_sessions,
    locked,
    must_be_self_or_manage,
    must_manage,
    must_not_be_self,
)
from thongsuot.people.models import Appointment, Person
from thongsuot.units import queries as units


class EmailTaken(TellPerson):
    """Two people asked for one address at the same instant; the sign-up page itself never says who has an account."""

    code = "people.email_taken"
    says = gettext_lazy("Địa chỉ thư này đã gắn với một tài khoản. Hãy đăng nhập, hoặc đặt lại mật khẩu.")


class AccountOfAnother(TellPerson):
    code = "people.account_of_another"
    says = gettext_lazy("Địa chỉ thư này thuộc một tài khoản mang họ tên khác. Hãy hỏi lại người ấy, hoặc dùng địa chỉ khác.")


class IdNumberTaken(TellPerson):
    code = "people.id_number_taken"
    says = gettext_lazy("Số định danh này đã gắn với một tài khoản khác. Hãy tìm tài khoản đó theo số định danh.")


class OtherNumberTied(TellPerson):
    """A second number would lock out the owner of the first: only an administrator of the city takes a wrong one away."""

    code = "people.other_number_tied"
    says = gettext_lazy(
        "Tài khoản này đã gắn một số định danh khác. Hãy xem lại số trên thẻ và địa chỉ thư; nếu số đã gắn bị nhầm, "
        "hãy nhờ người quản trị của thành phố đối chiếu thẻ và sửa ở trang này."
    )


class NumberVouchedFor(TellPerson):
    code = "people.number_vouched_for"
    says = gettext_lazy(
        "Số định danh của tài khoản này do tài khoản định danh quốc gia xác nhận nên không sửa ở đây. "
        "Hãy xem lại số trên thẻ và địa chỉ thư của tài khoản."
    )


class OfficersAccount(TellPerson):
    """Whoever holds the number can come in with it: a clerk must not decide that for a colleague's account."""

    code = "people.officers_account"
    status = 403
    says = gettext_lazy(
        "Tài khoản này là của cán bộ nên không gắn số định danh tại quầy. "
        "Hãy mời người ấy đăng nhập rồi chọn “Gắn tài khoản định danh” ở trang Tài khoản."
    )


class NameIsOfficial(TellPerson):
    """The name was checked by an office: on a card, or for an appointment."""

    code = "people.name_is_official"
    status = 403
    says = gettext_lazy("Họ tên này đã được cơ quan đối chiếu. Muốn sửa, hãy mang giấy tờ đến quầy hoặc nhờ người quản trị.")


@command
def register_citizen(
    *,
    email: str,
    full_name: str,
    password: str | None,
    phone: str = "",
    email_verified: bool = False,
    is_demo: bool = False,
    actor: Actor,
    at: datetime,
) -> Person:
    """An account for anyone who asks. Raises BadInput, EmailTaken.

    email_verified   the caller knows that the mailbox is the person's; otherwise login waits for a code sent there
    """
    person = _new_account(
        email=email, full_name=full_name, phone=phone, password=password, email_verified=email_verified, is_demo=is_demo, at=at
    )
    record(events.REGISTERED, person, actor=actor, at=at)
    return person


@command
def open_account(
    *,
    email: str,
    full_name: str,
    body_id: int,
    title: str,
    point_id: int | None = None,
    duties: Collection[str] | None = None,
    valid_from: date,
    valid_to: date | None = None,
    decided_by: str = "",
    decision_number: str = "",
    password: str | None = None,
    phone: str = "",
    is_demo: bool = False,
    actor: Actor,
    at: datetime,
) -> Person:
    """An officer's account with the first post, in one act. Without a password, `issue_password_link` follows.

    Someone who has an account already (a citizen who becomes an officer) keeps it, if the name given is the account's name.
    duties   None: what the post usually brings
    Raises NotYourDuty, BadInput, AccountOfAnother and what `appoint` raises.
    """
    # Who came in with a national identity may have no address: an empty one names nobody.
    known = Person.objects.filter(email=email.strip().lower()).exclude(email="").first()
    if known is None:
        person = _new_account(
            email=email, full_name=full_name, phone=phone, password=password, email_verified=True, is_demo=is_demo, at=at
        )
        record(events.ACCOUNT_OPENED, person, actor=actor, at=at, body_id=body_id)
    elif known.search_name == search_key(full_name):
        person = known
    else:
        raise AccountOfAnother
    # The duty to manage people of that body is checked there; a refusal takes the new account back with it.
    appoint(
        person.pk,
        body_id=body_id,
        title=title,
        point_id=point_id,
        duties=duties,
        valid_from=valid_from,
        valid_to=valid_to,
        decided_by=decided_by,
        decision_number=decision_number,
        actor=actor,
        at=at,
    )
    return person


def _new_account(
    *, email: str, full_name: str, phone: str, password: str | None, email_verified: bool, is_demo: bool, at: datetime
) -> Person:
    email, full_name = one_line(email).lower(), one_line(full_name)
    problems = {}
    if not search_key(full_name):
        problems["full_name"] = _("Chưa có họ tên. Hãy nhập như trên giấy tờ.")
    elif len(full_name) > 200:
        problems["full_name"] = _("Họ tên dài quá 200 chữ. Hãy nhập như trên giấy tờ.")
    if not is_email(email):
        problems["email"] = _("Địa chỉ thư chưa đúng. Hãy nhập dạng ten@vidu.vn.")
    kept_phone = phone_as_kept(phone) if phone else ""
    if kept_phone is None:
        problems["phone"] = _("Số điện thoại có 10 chữ số, bắt đầu bằng 0. Hãy xem lại số đã nhập.")
    if problems:
        raise BadInput(problems)
    try:
        with transaction.atomic():
            person = Person.objects.create_user(
                email, password, full_name=full_name, phone=kept_phone, is_demo=is_demo, joined_at=at
            )
    except IntegrityError:
        raise EmailTaken from None
    EmailAddress.objects.create(user=person, email=email, primary=True, verified=email_verified)
    return person


@command
def change_profile(person_id: int, *, full_name: str, phone: str, actor: Actor, at: datetime) -> Person:
    """Correct name and phone: one's own, or of someone whose posts the actor manages.

    A name that an office has checked (on a card, for an appointment) is not changed by its owner.
    Raises NotFound, NotYourDuty, BadInput, NameIsOfficial.
    """
    person = locked(person_id)
    must_be_self_or_manage(person, actor, timezone.localdate(at))
    full_name = one_line(full_name)
    kept_phone = phone_as_kept(phone) if phone.strip() else ""
    problems = {}
    if not search_key(full_name) or len(full_name) > 200:
        problems["full_name"] = _("Chưa có họ tên. Hãy nhập như trên giấy tờ.")
    if kept_phone is None:
        problems["phone"] = _("Số điện thoại có 10 chữ số, bắt đầu bằng 0. Hãy xem lại số đã nhập.")
    if problems:
        raise BadInput(problems)
    own = actor.person_id == person.pk
    if own and full_name != person.full_name and (person.id_number or person.appointments.exists()):
        raise NameIsOfficial
    changed = [name for name, value in (("full_name", full_name), ("phone", kept_phone)) if getattr(person, name) != value]
    person.full_name, person.phone = full_name, kept_phone or ""
    person.save(update_fields=["full_name", "phone"])
    record(events.PROFILE_CHANGED, person, actor=actor, at=at, fields=changed)
    return person


@command
def confirm_identity(person_id: int, *, id_number: str, unit_id: int, actor: Actor, at: datetime) -> Person:
    """An officer at the counter has seen the card: from now on the number leads to this account.

    A number typed wrong at a counter is corrected by an administrator of the city, unless the national identity vouches for it.
    Raises NotFound, NotYourDuty, BadInput, OfficersAccount, NumberVouchedFor, OtherNumberTied, IdNumberTaken.
    """
    person = locked(person_id)
    corrects = queries.corrects_identities(actor, unit_id=unit_id)
    if not corrects:
        actor.must("receive dossiers", unit_id=unit_id)
    must_not_be_self(person_id, actor)
    if not is_id_number(id_number):
        raise BadInput({"id_number": _("Số định danh có 12 chữ số. Hãy xem lại trên thẻ.")})
    if person.appointments.exists():
        raise OfficersAccount
    wrong = bool(person.id_number) and person.id_number != id_number
    if wrong and SocialAccount.objects.filter(user=person, extra_data__level=2).exists():
        raise NumberVouchedFor
    if wrong and not corrects:
        raise OtherNumberTied
    if Person.objects.filter(id_number=id_number).exclude(pk=person_id).exists():
        raise IdNumberTaken
    person.id_number = id_number
    try:
        with transaction.atomic():
            person.save(update_fields=["id_number"])
    except IntegrityError:
        raise IdNumberTaken from None
    record(events.IDENTITY_CONFIRMED, person, actor=actor, at=at, unit_id=unit_id, corrected=wrong)
    return person


@command
def set_password(person_id: int, *, password: str, actor: Actor, at: datetime) -> Person:
    """A new password; every session that was opened with the old one ends. Only by the person, who has shown to be it.

    Whether the password is good enough is for the form to check. Raises NotFound, NotYourDuty, PersonInactive.
    """
    person = locked(person_id)
    if not actor.trusted and actor.person_id != person_id:
        raise NotYourDuty("manage people")
    if not person.is_active:
        raise PersonInactive
    person.set_password(password)
    person.save(update_fields=["password"])
    record(events.PASSWORD_SET, person, actor=actor, at=at)
    return person


@command
def note_login(person_id: int, *, way: str = "own", level: int = 0, actor: Actor, at: datetime) -> Person:
    """The person came in by the front door.

    way     own (password, passkey) or national_identity
    level   of the national identity: 1 or 2; 0 without one
    """
    person = locked(person_id)
    record(events.LOGGED_IN, person, actor=actor, at=at, way=way, level=level)
    return person


@command
def note_second_factor(person_id: int, *, change: str, factor: str, actor: Actor, at: datetime) -> Person:
    """allauth has set up, taken off or renewed a factor.

    change   added, removed, reset
    factor   totp, webauthn, recovery_codes
    """
    person = locked(person_id)
    record(events.SECOND_FACTOR_CHANGED, person, actor=actor, at=at, change=change, factor=factor)
    return person


@command
def issue_password_link(person_id: int, *, actor: Actor, at: datetime) -> str:
    """The path of a page where the person sets a password, once, within settings.PASSWORD_RESET_TIMEOUT.

    For offices without mail: the administrator hands it over. It does not get around the second factor.
    Raises NotFound, NotYourDuty, NotYourself, PersonInactive.
    """
    person = locked(person_id)
    must_not_be_self(person_id, actor)
    must_manage(person, actor, timezone.localdate(at))
    if not person.is_active:
        raise PersonInactive
    record(events.PASSWORD_LINK_ISSUED, person, actor=actor, at=at)
    return reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)},
    )


@command
def reset_second_factor(person_id: int, *, actor: Actor, at: datetime) -> Person:
    """Phone and recovery codes are lost: the second factor is taken off, every session ends, a new one must be set up.

    Only by someone who manages people for the whole city: whoever may hand out a password link must not also be the
    one who takes the second factor away. Raises NotFound, NotYourDuty, NotYourself.
    """
    person = locked(person_id)
    must_not_be_self(person_id, actor)
    day = timezone.localdate(at)
    must_manage(person, actor, day)
    if not actor.trusted:
        held = Appointment.objects.filter(in_force(day), person=person).values_list("body__unit_id", flat=True)
        for city_id in {units.city_of(unit_id) for unit_id in held} or {units.default_city(as_of=day).id}:
            if not actor.may("manage people", unit_id=city_id):
                raise NotYourDuty("manage people")
    Authenticator.objects.filter(user=person).delete()
    end_all_sessions(person)
    record(events.SECOND_FACTOR_RESET, person, actor=actor, at=at)
    return person


@command
def log_out_everywhere(person_id: int, *, actor: Actor, at: datetime) -> Person:
    """End every session of a person: one's own, or of someone whose posts the actor manages. Raises NotFound, NotYourDuty."""
    person = locked(person_id)
    must_be_self_or_manage(person, actor, timezone.localdate(at))
    end_all_sessions(person)
    record(events.SESSIONS_ENDED, person, actor=actor, at=at)
    return person


@command
def deactivate_person(person_id: int, *, reason: str, actor: Actor, at: datetime) -> Person:
    """Lock the account: no login, no session, no key works. Posts stay as they are.

    Raises NotFound, NotYourDuty, NotYourself, PersonInactive, BadInput.
    """
    person = locked(person_id)
    must_not_be_self(person_id, actor)
    must_manage(person, actor, timezone.localdate(at))
    if not person.is_active:
        raise PersonInactive
    reason = one_line(reason)
    if not reason or len(reason) > 300:
        raise BadInput({"reason": _("Chưa có lý do khóa, hoặc lý do quá dài. Hãy ghi một câu ngắn, dưới 300 chữ.")})
    person.is_active = False
    person.inactive_reason = reason
    person.save(update_fields=["is_active", "inactive_reason"])
    end_all_sessions(person)
    record(events.DEACTIVATED, person, actor=actor, at=at)
    return person


@command
def reactivate_person(person_id: int, *, actor: Actor, at: datetime) -> Person:
    """Open a locked account again. Raises NotFound, NotYourDuty, NotYourself, AlreadyActive."""
    person = locked(person_id)
    must_not_be_self(person_id, actor)
    must_manage(person, actor, timezone.localdate(at))
    if person.is_active:
        raise AlreadyActive
    person.is_active = True
    person.inactive_reason = ""
    person.save(update_fields=["is_active", "inactive_reason"])
    record(events.REACTIVATED, person, actor=actor, at=at)
    return person


class AlreadyActive(TellPerson):
    code = "people.already_active"
    says = gettext_lazy("Tài khoản này đang mở. Không có gì phải làm thêm.")

"""Certificates: issued by the TEST authority, added from the real issuer, used, stopped; and the trust list."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from asn1crypto import x509
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.files.models import StoredFile
from thongsuot.files.queries import handed_in_by
from thongsuot.files.rules import FileType
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotYourDuty, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.people.models import Appointment, Person
from thongsuot.people.queries import body_of_unit
from thongsuot.signing import authority, errors, events, rules, trust
from thongsuot.signing.keys import keys_of
from thongsuot.signing.keys.software import sealed_key
from thongsuot.signing.models import Authority, Certificate, CertificateWarning, TrustedRoot
from thongsuot.signing.pem import as_text, certificates_in, common_name, fingerprint, name_in, says_test, validity
from thongsuot.signing.rules import DUTY
from thongsuot.units.models import Body
from thongsuot.units.queries import city_of


@command
def make_authority(*, actor: Actor, at: datetime) -> Authority:
    """The TEST authority of a demo city, once. Raises TestAuthorityOff, NotYourDuty."""
    if not actor.trusted:
        raise NotYourDuty(DUTY)
    authority.must_be_allowed()
    here = authority.made(at=at)
    here.save()
    record(events.AUTHORITY_MADE, here, actor=actor, at=at)
    return here


@command
def issue_test_certificate(
    *,
    person_id: int | None,
    body_id: int,
    post: str,
    pin: str,
    actor: Actor,
    at: datetime,
    starts: datetime | None = None,
    ends: datetime | None = None,
) -> Certificate:
    """Make a key, seal it under the PIN, and let the TEST authority certify it at once.

    person_id   None: for the agency `body_id`; then `post` is empty
    starts      from when it counts; the moment of issue when left out. `ends`: two years later when left out
    Raises NotYourDuty, TestAuthorityOff, WeakPin, WrongPost, NotFound.
    """
    body = _body(body_id)
    actor.must(DUTY, unit_id=body.unit_id)
    here = trust.must_have_local()
    _must_be_pin(pin)
    day = timezone.localdate(at)
    starts = starts or at
    ends = ends or starts + timedelta(days=rules.figure("certificate_days", on=day))
    agency = body_of_unit(body.name, body.unit_id, day)
    name = agency
    if person_id is not None:
        name = _holder(person_id, body, post, on=day).full_name
    key = authority.new_key()
    issued = authority.certificate_for(
        here,
        authority.Subject(name=name, organisation=agency, post=post),
        key.public_key(),
        starts=starts,
        ends=ends,
    )
    sealed = sealed_key(key, pin=pin, at=at)
    sealed.save()
    made = _row(issued, person_id=person_id, body=body, post=post, at=at)
    made.key_kind, made.software_key = Certificate.KeyKind.SOFTWARE, sealed
    made.state = Certificate.State.ACTIVE
    made.save()
    record(
        events.CERTIFICATE_ISSUED,
        made,
        actor=actor,
        at=at,
        unit_id=body.unit_id,
        serial=made.serial,
        holder=made.kind,
        person=person_id,
        ends=made.not_after,
        is_test=True,
    )
    return made


@command
def add_certificate(
    pem: str,
    *,
    person_id: int | None,
    body_id: int,
    post: str,
    token_label: str,
    key_label: str,
    actor: Actor,
    at: datetime,
) -> Certificate:
    """Take in a certificate that an issuer gave, whose key lies in a token. It waits until it is delivered and activated.

    pem   the certificate first, then those between it and the root
    Raises NotYourDuty, BadCertificate, WrongPost, NotFound.
    """
    body = _body(body_id)
    actor.must(DUTY, unit_id=body.unit_id)
    token_label, key_label = one_line(token_label)[:64], one_line(key_label)[:64]
    if not token_label or not key_label:
        raise BadInput({"token_label": _("Hãy ghi nhãn của thiết bị lưu khóa và nhãn của khóa trong thiết bị.")})
    found = _read(pem)
    if not found:
        raise errors.BadCertificate(_("Không đọc được chứng thư. Hãy chọn tệp PEM do cơ quan cấp gửi."))
    own, *chain = found
    if own.ca:
        raise errors.BadCertificate(_("Đây là chứng thư của cơ quan cấp, không phải của người ký. Hãy chọn đúng tệp."))
    if validity(own)[1] <= at:
        raise errors.BadCertificate(_("Chứng thư này đã hết hạn. Hãy chọn chứng thư còn hạn."))
    if person_id is not None:
        _holder(person_id, body, post, on=timezone.localdate(at))
    added = _row(own, person_id=person_id, body=body, post=post, at=at)
    added.chain_pem = "".join(as_text(one) for one in chain)
    added.key_kind, added.token_label, added.key_label = Certificate.KeyKind.TOKEN, token_label, key_label
    added.state = Certificate.State.ISSUED
    try:
        with transaction.atomic():
            added.save()
    except IntegrityError:
        raise errors.BadCertificate(_("Chứng thư này đã có trong danh sách.")) from None
    record(
        events.CERTIFICATE_ADDED,
        added,
        actor=actor,
        at=at,
        unit_id=body.unit_id,
        serial=added.serial,
        holder=added.kind,
        person=person_id,
        ends=added.not_after,
        is_test=added.is_test,
    )
    return added


@command
def move_certificate(certificate_id: int, *, to: str, reason: str = "", actor: Actor, at: datetime) -> Certificate:
    """Deliver, activate, suspend, use again, revoke. Raises NotYourDuty, MoveRefused, BadInput."""
    held = _locked(certificate_id, actor=actor)
    if not rules.certificate_may_move(held.state, to):
        raise errors.MoveRefused
    reason = one_line(reason)[:300]
    if to in (Certificate.State.SUSPENDED, Certificate.State.REVOKED) and not reason:
        raise BadInput({"reason": _("Hãy ghi lý do.")})
    before, held.state = held.state, to
    held.state_since, held.state_reason = at, reason
    held.save(update_fields=["state", "state_since", "state_reason"])
    record(
        events.CERTIFICATE_STATE,
        held,
        actor=actor,
        at=at,
        unit_id=held.body.unit_id,
        serial=held.serial,
        before=before,
        to=to,
        reason=reason,
    )
    return held


@command
def put_image(certificate_id: int, *, file_id: int, actor: Actor, at: datetime) -> Certificate:
    """The picture of the handwritten signature or of the seal: a PNG. Raises NotYourDuty, NotFound, BadInput."""
    held = _locked(certificate_id, actor=actor)
    own = handed_in_by([file_id], actor=actor)
    if not own or not StoredFile.objects.filter(pk=file_id, blob__content_type=FileType.PNG.value).exists():
        raise BadInput({"image": _("Hình chữ ký, hình dấu cần là tệp PNG nền trong suốt.")})
    held.image_id = file_id
    held.save(update_fields=["image"])
    record(events.CERTIFICATE_IMAGE, held, actor=actor, at=at, unit_id=held.body.unit_id, file=file_id)
    return held


@command
def change_pin(certificate_id: int, *, pin: str, new_pin: str, actor: Actor, at: datetime) -> Certificate:
    """The holder's own act: nobody else knows the PIN. Call `check_pin` before, so that wrong ones are counted.

    Raises NotYourDuty, WeakPin, WrongPin, KeyLocked, TokenAbsent.
    """
    held = Certificate.objects.select_for_update(of=("self",)).select_related("body", "software_key").get(pk=certificate_id)
    must_hold(held, actor)
    _must_be_pin(new_pin)
    keys_of(held).change_pin(held, pin=pin, new_pin=new_pin)
    record(events.PIN_CHANGED, held, actor=actor, at=at, unit_id=held.body.unit_id)
    return held


def must_hold(held: Certificate, actor: Actor) -> None:
    """One's own certificate; an agency's belongs to whoever issues its papers. Raises NotYourDuty."""
    if held.kind == Certificate.Kind.AGENCY:
        actor.must("issue results", unit_id=held.body.unit_id)
    elif held.person_id != actor.person_id or actor.person_id is None:
        raise NotYourDuty("own certificate")


@command
def warn_of_end(certificate_id: int, *, days: int, actor: Actor, at: datetime) -> CertificateWarning:
    """Say once per mark that a certificate ends soon; the letters are a reaction."""
    held = Certificate.objects.select_related("body").get(pk=certificate_id)
    said = CertificateWarning.objects.create(certificate=held, days=days, warned_at=at)
    record(
        events.CERTIFICATE_WARNED,
        held,
        actor=actor,
        at=at,
        unit_id=held.body.unit_id,
        days=days,
        ends=held.not_after,
        person=held.person_id,
    )
    return said


@command
def trust_root(pem: str, *, basis: str, valid_from: date, actor: Actor, at: datetime) -> TrustedRoot:
    """Put an issuer's root on the trust list from a day on. Raises NotYourDuty, BadCertificate, BadInput."""
    _must_be_of_the_city(actor)
    found = _read(pem)
    if len(found) != 1 or not found[0].ca:
        raise errors.BadCertificate(_("Cần đúng một chứng thư gốc của cơ quan cấp, dạng PEM."))
    [root] = found
    trusted, created = TrustedRoot.objects.get_or_create(
        fingerprint=fingerprint(root),
        valid_from=valid_from,
        defaults={
            "name": (common_name(root.subject) or name_in(root.subject))[:200],
            "pem": as_text(root),
            "basis": one_line(basis)[:300],
        },
    )
    if not created and trusted.valid_to is not None:
        raise BadInput(
            {"valid_from": _("Cơ quan cấp này đã được tin cậy từ ngày đó rồi bị bỏ. Hãy chọn ngày bắt đầu muộn hơn.")}
        )
    record(events.ROOT_TRUSTED, trusted, actor=actor, at=at, fingerprint=trusted.fingerprint)
    return trusted


@command
def distrust_root(root_id: int, *, from_day: date, actor: Actor, at: datetime) -> TrustedRoot:
    """From that day on it is not believed any more. Raises NotYourDuty, NotFound."""
    _must_be_of_the_city(actor)
    trusted = must_exist(TrustedRoot.objects.select_for_update().filter(pk=root_id, valid_to=None).first())
    trusted.valid_to = from_day
    trusted.save(update_fields=["valid_to"])
    record(events.ROOT_ENDED, trusted, actor=actor, at=at, fingerprint=trusted.fingerprint, from_day=from_day)
    return trusted


def _must_be_of_the_city(actor: Actor) -> None:
    units = actor.units_for(DUTY)
    if not actor.trusted and not any(city_of(unit_id) == unit_id for unit_id in units):
        raise NotYourDuty(DUTY)


def _locked(certificate_id: int, *, actor: Actor) -> Certificate:
    held = must_exist(
        Certificate.objects.select_for_update(of=("self",)).select_related("body").filter(pk=certificate_id).first()
    )
    # Nobody has duties in a unit that has ended; what is left of it is the city's to revoke.
    if not actor.may(DUTY, unit_id=city_of(held.body.unit_id)):
        actor.must(DUTY, unit_id=held.body.unit_id)
    return held


def _body(body_id: int) -> Body:
    body = must_exist(Body.objects.filter(pk=body_id).first())
    return body


def _holder(person_id: int, body: Body, post: str, *, on: date) -> Person:
    """Who holds the post that day. Raises WrongPost."""
    held = Appointment.objects.filter(in_force(on), person_id=person_id, body=body, title=post).select_related("person").first()
    if held is None:
        raise errors.WrongPost(post)
    return held.person


def _row(own: x509.Certificate, *, person_id: int | None, body: Body, post: str, at: datetime) -> Certificate:
    starts, ends = validity(own)
    return Certificate(
        kind=Certificate.Kind.AGENCY if person_id is None else Certificate.Kind.PERSON,
        person_id=person_id,
        body=body,
        post="" if person_id is None else post,
        subject=name_in(own.subject),
        issuer=name_in(own.issuer),
        serial=f"{own.serial_number:X}",
        fingerprint=fingerprint(own),
        pem=as_text(own),
        not_before=starts,
        not_after=ends,
        is_test=says_test(own),
        state_since=at,
    )


def _read(pem: str) -> list[x509.Certificate]:
    if len(pem) > 200_000:
        return []
    try:
        found = certificates_in(pem)
        for one in found:
            one.ca, one.subject.native, one.serial_number, validity(one)  # reads all of it now: nothing broken is kept
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []
    return found


def _must_be_pin(pin: str) -> None:
    if not rules.pin_is_possible(pin) or rules.pin_is_weak(pin):
        raise errors.WeakPin

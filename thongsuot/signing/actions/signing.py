"""Signing a stored file: the slow part outside of any transaction, then one command that keeps what came of it.

A crash in between leaves nothing: the signed bytes were in memory only. The same request signs once (`once`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from pyhanko.sign.signers import Signer

from thongsuot.files import queries as files
from thongsuot.files.actions import let_go, store
from thongsuot.files.rules import FileType
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import NotFound
from thongsuot.kernel.text import one_line
from thongsuot.people.queries import body_of_unit
from thongsuot.signing import appearance, authority, errors, events, pades, proofs, rules, trust
from thongsuot.signing.appearance import Place, Where
from thongsuot.signing.keys import keys_of, material_of
from thongsuot.signing.models import Certificate, Signature
from thongsuot.signing.pades import Filled
from thongsuot.signing.queries import choosing
from thongsuot.signing.queries.capacity import capacity_of
from thongsuot.signing.reading.guarded import looked_at

Answer = TypeVar("Answer")
PURPOSE = "signing.signed"
_TEST_SIZE = 2 * 12_000  # what a signature of the TEST authority with its time-stamp fills by half
# Empty text fields by which a template says where number and date go; without them they go to the head of page 1 ("so").
TEMPLATE_FIELDS = frozenset({"so_ky_hieu", "ngay_ban_hanh"})
FIELDS = {Certificate.Kind.PERSON: "CaNhan", Certificate.Kind.AGENCY: "CoQuan"}


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What came of a request to sign: the new stored file and the line about the signature."""

    file_id: int
    signature_id: int


def sign_as_person(
    file_id: int,
    *,
    pin: str,
    reason: str,
    actor: Actor,
    at: datetime,
    place: Place | None = None,
    where: Where = Where.FOOT_RIGHT,
    lines: Sequence[str] = (),
    unit_id: int | None = None,
    basis: str = "",
    once: str = "",
) -> Signed:
    """Put the actor's own signature on a stored PDF; whether this person may sign such a paper is the caller's business.

    place     where the picture of the signature stands; left out: `where` on the last page
    lines     no picture, these lines at the top right of page 1, with the time added as the last one: on a scan, whose own
              signature and text nothing may cover
    unit_id   for which unit; the certificate of a post there, or above it, is used
    basis     by which delegation the unit itself acts, in words, when it does
    once      names the request: the same name again gives the same answer and signs nothing

    Who signs by a written delegation, and who signs on a page of its own, has the words of NĐ 30/2020/NĐ-CP Điều 13 (TM., KT.,
    TL., TUQ.) above the signature; elsewhere the draft has them at its foot.
    Not a command and not to be called in a transaction: the cryptography runs outside, then one command keeps the file.
    Raises CannotSign (`errors`) in its kinds, NotFound, FileDamaged.
    """
    holder = choosing.of_person(actor.person_id, unit_id=unit_id, at=at)
    capacity = capacity_of(actor.person_id, unit_id=unit_id, at=at) if unit_id is not None else None
    heading: tuple[str, ...] = ()
    if capacity is not None and (capacity.basis or basis or where == Where.NEW_PAGE):
        heading = capacity.heading
    by = "; ".join(part for part in (capacity.basis if capacity is not None else "", basis) if part)
    return _sign(
        holder,
        file_id,
        pin=pin,
        reason=reason,
        actor=actor,
        at=at,
        place=place,
        where=where,
        lines=lines,
        heading=heading,
        basis=by,
        once=once,
    )


def sign_as_agency(
    file_id: int,
    *,
    unit_id: int,
    pin: str,
    reason: str,
    actor: Actor,
    at: datetime,
    place: Place | None = None,
    lines: Sequence[str] = (),
    filled: Mapping[str, str] | None = None,
    body_id: int | None = None,
    once: str = "",
) -> Signed:
    """Put the signature of the unit's committee (or of `body_id`) over a person's, or alone on a copy or an appendix.

    place    of the seal; left out: over a third of the person's picture, to the left
    lines    a copy or an appendix: no seal, these lines at the top right of page 1, with the time added as the last one
    filled   empty text fields of the file (`prepare`) and what they show from now on: number and date
    Else as `sign_as_person`. Raises also NotYourDuty, AgencyBeforePerson.
    """
    actor.must("issue results", unit_id=unit_id)
    holder = choosing.of_agency(unit_id, at=at, body_id=body_id)
    return _sign(
        holder, file_id, pin=pin, reason=reason, actor=actor, at=at, place=place, lines=lines, filled=filled or {}, once=once
    )


def prepare(
    file_id: int,
    *,
    code: str = "",
    text_fields: Mapping[str, Place] | None = None,
    new_page: bool = False,
    is_test: bool = False,
    actor: Actor,
    at: datetime,
) -> int:
    """Before the first signature: the QR that proves the paper at the foot of page 1, and empty fields for number and date.

    is_test   a TEST certificate will sign it: every page says so

    Fields the file has already, because its template gave them a place, stay where they are. A file that is signed already
    is left alone. Returns the id of the prepared file. Raises CannotSign, NotFound, FileDamaged.
    """
    name, pdf = _bytes_of(file_id)
    looked = looked_at(pdf)
    if looked.signatures:
        return file_id
    width, height = looked.first
    if text_fields is not None:
        wanted = text_fields
    elif TEMPLATE_FIELDS & set(looked.text_fields):
        wanted = {}  # the template has its own places
    else:
        wanted = {"so": Place(page=0, x=57, y=height - 34, width=320, height=15)}
    missing = {name: place for name, place in wanted.items() if name not in looked.text_fields}
    stamps = []
    if code:
        place = Place(page=0, x=30, y=10, width=min(330, width - 60), height=40)
        with translation.override("vi"):  # it goes onto the paper
            lines = [_("Mã xác thực: %(code)s") % {"code": proofs.code_as_shown(code)}, proofs.url(code)]
        stamps.append((place, appearance.style(place, title=lines[0], made_at=at, lines=lines, qr=proofs.qr_svg(code), size=7)))
    if is_test:
        place = Place(page=0, x=30, y=1, width=min(330, width - 60), height=8)  # below the QR
        note = appearance.style(place, title=appearance.TEST_NOTE, made_at=at, is_test=True)
        stamps += [(replace(place, page=number), note) for number in range(looked.pages + new_page)]
    if not stamps and not missing and not new_page:
        return file_id
    made = pades.stamped(pdf, stamps=stamps, text_fields=missing, new_page=looked.last if new_page else None)
    return _keep_prepared(made, name=name, actor=actor, at=at)


@command
def _keep_prepared(pdf: bytes, *, name: str, actor: Actor, at: datetime) -> int:
    return store(pdf, name=name, actor=actor, at=at, purpose="signing.prepared").pk


def check_pin(holder: Certificate, pin: str, *, actor: Actor, at: datetime) -> None:
    """Open the key and close it again. Raises WrongPin, KeyLocked, TokenAbsent."""
    with_key(holder, pin, lambda _signer: None, actor=actor, at=at)


def _sign(
    holder: Certificate,
    file_id: int,
    *,
    pin: str,
    reason: str,
    actor: Actor,
    at: datetime,
    place: Place | None,
    where: Where = Where.FOOT_RIGHT,
    lines: Sequence[str] = (),
    heading: Sequence[str] = (),
    basis: str = "",
    filled: Mapping[str, str] | None = None,
    once: str,
) -> Signed:
    if holder.is_test:
        authority.must_be_allowed()
    reason = one_line(f"{reason}. {basis}" if basis else reason)[:200]
    once = once or f"{file_id}/{holder.pk}/{hashlib.sha256(reason.encode()).hexdigest()[:24]}"
    if (known := _known(once)) is not None:
        return known
    name, pdf = _bytes_of(file_id)
    looked = looked_at(pdf)
    is_agency = holder.kind == Certificate.Kind.AGENCY
    over = _persons_place(looked)
    if is_agency and not lines and not looked.signatures:
        raise errors.AgencyBeforePerson
    shown_lines = [*lines, appearance.iso_time(at)] if lines else []
    spot = place or _usual_place(
        looked,
        is_agency=is_agency,
        over=over,
        where=where,
        lines=len(shown_lines),
        heading=appearance.heading_lines(heading, basis),
        is_test=holder.is_test,
    )
    post = _post_of(holder, at=at)
    with translation.override("vi"):  # it goes onto the paper
        title = _("Chữ ký số của %(name)s") % {"name": _name_of(holder, at=at)}
    style = appearance.style(
        spot,
        title=title,
        made_at=at,
        picture=None if lines else _picture_of(holder),
        lines=shown_lines or ([] if holder.image_id else [_name_of(holder, at=at), appearance.iso_time(at)]),
        heading=heading,
        basis=basis,
        is_test=holder.is_test,
    )

    def run(signer: Signer) -> bytes:
        return pades.signed(
            pdf,
            signer=signer,
            field=f"{FIELDS[Certificate.Kind(holder.kind)]}{len(looked.signatures) + 1}",
            place=spot,
            style=style,
            reason=f"{reason} ({post})" if post else reason,
            location=_agency_of(holder, at=at),
            name=_name_of(holder, at=at),
            at=at.replace(microsecond=0),
            stamper=trust.stamper_for(holder, at=at),
            context=trust.context_for(holder, at=at),
            reserve=_TEST_SIZE if holder.is_test and not settings.TIMESTAMP_URL else None,
            lock=is_agency,  # the last word on a result: nothing is filled after it
            filled={field: Filled(text=text) for field, text in (filled or {}).items() if field in looked.text_fields},
        )

    signed = with_key(holder, pin, run, actor=actor, at=at)
    try:
        with transaction.atomic():
            return _keep(holder.pk, signed, file_id=file_id, name=name, reason=reason, post=post, once=once, actor=actor, at=at)
    except IntegrityError:
        # The same request came twice at the same instant and the other was first: its file is the one that counts.
        if (known := _known(once)) is not None:
            return known
        raise


def with_key(holder: Certificate, pin: str, run: Callable[[Signer], Answer], *, actor: Actor, at: datetime) -> Answer:
    """Open the key, run, close it. Wrong PINs are counted, and that count is kept whatever the caller does next."""
    if holder.locked_until is not None and at < holder.locked_until:
        raise errors.KeyLocked(holder.locked_until)
    try:
        with keys_of(holder).opened(holder, material_of(holder), pin=pin) as signer:
            answer = run(signer)
    except errors.WrongPin:
        raise note_wrong_pin(holder.pk, actor=actor, at=at) from None
    if holder.wrong_pins:
        _forget_wrong_pins(holder.pk, actor=actor, at=at)
    return answer


@command
def note_wrong_pin(certificate_id: int, *, actor: Actor, at: datetime) -> errors.CannotSign:
    """Count a wrong PIN; the last allowed one locks the key for a while. Returns the refusal to be raised after the commit."""
    holder = Certificate.objects.select_for_update(of=("self",)).select_related("body").get(pk=certificate_id)
    day = timezone.localdate(at)
    tries = rules.figure("pin_tries", on=day)
    holder.wrong_pins += 1
    refusal: errors.CannotSign = errors.WrongPin(tries - holder.wrong_pins)
    if holder.wrong_pins >= tries:
        holder.wrong_pins, holder.locked_until = 0, at + timedelta(minutes=rules.figure("pin_lock_minutes", on=day))
        refusal = errors.KeyLocked(holder.locked_until)
    holder.save(update_fields=["wrong_pins", "locked_until"])
    record(events.PIN_WRONG, holder, actor=actor, at=at, unit_id=holder.body.unit_id, locked_until=holder.locked_until)
    return refusal


@command
def _forget_wrong_pins(certificate_id: int, *, actor: Actor, at: datetime) -> None:
    holder = Certificate.objects.select_for_update(of=("self",)).select_related("body").get(pk=certificate_id)
    holder.wrong_pins, holder.locked_until = 0, None
    holder.save(update_fields=["wrong_pins", "locked_until"])
    record(events.PIN_RIGHT, holder, actor=actor, at=at, unit_id=holder.body.unit_id)


@command
def _keep(
    certificate_id: int,
    signed: bytes,
    *,
    file_id: int,
    name: str,
    reason: str,
    post: str,
    once: str,
    actor: Actor,
    at: datetime,
) -> Signed:
    """Store the signed file and the line about it. What was revoked while we signed does not count any more."""
    holder = Certificate.objects.select_for_update(of=("self",)).select_related("body__unit", "person").get(pk=certificate_id)
    if (refused := choosing.refusal(holder, at=at)) is not None:
        raise refused
    stored = store(signed, name=name, actor=actor, at=at, purpose=PURPOSE)
    level = rules.level(has_time_stamp=True, has_revocation_data=True)
    signature = Signature.objects.create(
        certificate=holder,
        kind=holder.kind,
        source_id=file_id,
        signed=stored,
        once=once,
        person_id=actor.person_id,
        unit_id=holder.body.unit_id,
        name=_name_of(holder, at=at),
        post=post,
        reason=reason,
        level=level,
        signed_at=at,
    )
    record(
        events.SIGNED,
        signature,
        actor=actor,
        at=at,
        unit_id=holder.body.unit_id,
        certificate=holder.pk,
        serial=holder.serial,
        holder=holder.kind,
        source=file_id,
        signed=stored.pk,
        level=level,
    )
    return Signed(file_id=stored.pk, signature_id=signature.pk)


def _known(once: str) -> Signed | None:
    found = Signature.objects.filter(once=once).values_list("signed_id", "pk").first()
    return None if found is None or found[0] is None else Signed(file_id=found[0], signature_id=found[1])


def let_go_papers(once: str, *, keep: Collection[int] = (), actor: Actor, at: datetime) -> None:
    """Papers whose time is over, within the command of whoever they are of: those of all signatures whose request begins so go
    for good, what went in and what came out, but `keep` and what something else has too. Who signed what when stays.
    """
    for signature in Signature.objects.select_for_update(of=("self",)).filter(once__startswith=once).order_by("pk"):
        papers = {"source": signature.source_id, "signed": signature.signed_id}
        gone = {name: file_id for name, file_id in papers.items() if file_id is not None and file_id not in keep}
        if gone:
            _let_go(signature, gone, actor=actor, at=at)


@command
def _let_go(signature: Signature, gone: Mapping[str, int], *, actor: Actor, at: datetime) -> Signature:
    for name in gone:
        setattr(signature, name, None)
    signature.save(update_fields=list(gone))
    for file_id in sorted(set(gone.values())):
        let_go(file_id, actor=actor, at=at)
    record(events.PAPERS_LET_GO, signature, actor=actor, at=at, unit_id=signature.unit_id, **gone)
    return signature


def _bytes_of(file_id: int) -> tuple[str, bytes]:
    row, content = files.opened_row(file_id)
    with content:
        if row.content_type != FileType.PDF.value:
            raise errors.NotAPdf
        return row.name, content.read()


def _name_of(holder: Certificate, *, at: datetime) -> str:
    return holder.person.full_name if holder.person is not None else _agency_of(holder, at=at)


def _post_of(holder: Certificate, *, at: datetime) -> str:
    if holder.kind == Certificate.Kind.AGENCY:
        return ""
    return f"{holder.post}, {_agency_of(holder, at=at)}"[:200]


def _agency_of(holder: Certificate, *, at: datetime) -> str:
    return body_of_unit(holder.body.name, holder.body.unit_id, timezone.localdate(at))


def _picture_of(holder: Certificate) -> bytes | None:
    if holder.image_id is None:
        return None
    try:
        with files.open_checked(holder.image_id) as content:
            return content.read()
    except NotFound:
        return None


def _persons_place(looked: pades.Looked) -> Place | None:
    """Of the last visible signature: the agency's seal stands over it."""
    return next((one.place for one in reversed(looked.signatures) if one.place is not None), None)


def _usual_place(
    looked: pades.Looked, *, is_agency: bool, over: Place | None, where: Where, lines: int, heading: int, is_test: bool
) -> Place:
    if lines:
        return appearance.lines_place(*looked.first, count=lines + is_test)
    person = over or appearance.person_place(looked.last, where, heading=heading)
    return appearance.seal_place(person) if is_agency else person

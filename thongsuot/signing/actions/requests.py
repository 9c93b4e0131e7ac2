"""Requests to the issuer of certificates, through the department, and the reminders that follow when nobody answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.signing import errors, events, rules
from thongsuot.signing.actions.certificates import move_certificate
from thongsuot.signing.models import Certificate, CertificateRequest
from thongsuot.signing.rules import DUTY
from thongsuot.units.models import Body

State = CertificateRequest.State


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked for. `certificate_id`: which one it is about; only a new one is about none."""

    kind: str
    body_id: int
    person_id: int | None = None
    post: str = ""
    certificate_id: int | None = None
    reason: str = ""


@command
def ask(asked: Asked, *, actor: Actor, at: datetime) -> CertificateRequest:
    """Write a request as a draft: whoever manages certificates, or the holder for their own.

    Raises NotYourDuty, BadInput, AlreadyAsked, NotFound.
    """
    body = Body.objects.filter(pk=asked.body_id).first()
    if body is None or asked.kind not in CertificateRequest.Kind.values:
        raise NotFound
    own = asked.person_id is not None and asked.person_id == actor.person_id
    if not own and not actor.may(DUTY, unit_id=body.unit_id):
        raise NotYourDuty(DUTY)
    about = None
    if asked.certificate_id is not None:
        about = must_exist(
            Certificate.objects.filter(
                Q(person_id=asked.person_id), pk=asked.certificate_id, body=body, post=asked.post
            ).first()
        )
    if about is None and asked.kind != CertificateRequest.Kind.NEW:
        raise BadInput({"certificate": _("Hãy chọn chứng thư mà đề nghị này nói đến.")})
    reason = one_line(asked.reason)[:300]
    if asked.kind in (CertificateRequest.Kind.REVOKE, CertificateRequest.Kind.SUSPEND) and not reason:
        raise BadInput({"reason": _("Hãy ghi lý do.")})
    try:
        with transaction.atomic():
            request = CertificateRequest.objects.create(
                kind=asked.kind,
                holder=Certificate.Kind.AGENCY if asked.person_id is None else Certificate.Kind.PERSON,
                person_id=asked.person_id,
                body=body,
                post=asked.post,
                certificate=about,
                reason=reason,
                state_since=at,
                made_at=at,
                made_by_name=actor.name,
            )
    except IntegrityError:
        raise errors.AlreadyAsked from None
    record(
        events.REQUESTED,
        request,
        actor=actor,
        at=at,
        unit_id=body.unit_id,
        asks=request.kind,
        person=asked.person_id,
        certificate=asked.certificate_id,
    )
    return request


@command
def move_request(
    request_id: int, *, to: str, reason: str = "", issued_id: int | None = None, actor: Actor, at: datetime
) -> CertificateRequest:
    """Send it on, note what came of it, hand it over, or close it with a reason.

    issued_id   with "issued": the certificate that came; needed where the request asks for one
    Raises NotYourDuty, MoveRefused, BadInput, NotFound.
    """
    request = must_exist(
        CertificateRequest.objects.select_for_update(of=("self",)).select_related("body").filter(pk=request_id).first()
    )
    actor.must(DUTY, unit_id=request.body.unit_id)
    if to not in State.values or not rules.request_may_move(request.state, to):
        raise errors.MoveRefused
    reason = one_line(reason)[:300]
    if to == State.CLOSED and not reason:
        raise BadInput({"reason": _("Hãy ghi vì sao không thực hiện.")})
    if to == State.ISSUED:
        _note_issued(request, issued_id)
        _take_effect(request, actor=actor, at=at)
    request.state, request.state_since, request.closed_reason = to, at, reason if to == State.CLOSED else ""
    request.save()
    record(
        events.REQUEST_MOVED,
        request,
        actor=actor,
        at=at,
        unit_id=request.body.unit_id,
        asks=request.kind,
        to=to,
        issued=request.issued_id,
        reason=reason,
    )
    return request


def _note_issued(request: CertificateRequest, issued_id: int | None) -> None:
    """A new, renewed or changed certificate must be there already; nothing comes of the other kinds."""
    kinds = CertificateRequest.Kind
    if request.kind not in (kinds.NEW, kinds.RENEW, kinds.CHANGE):
        return
    came = Certificate.objects.filter(
        Q(pk=issued_id, person_id=request.person_id), kind=request.holder, body_id=request.body_id
    ).first()
    if came is None or came.pk == request.certificate_id:
        raise BadInput({"issued": _("Hãy nhập chứng thư được cấp trước, rồi chọn chứng thư đó ở đây.")})
    request.issued = came


def _take_effect(request: CertificateRequest, *, actor: Actor, at: datetime) -> None:
    """The issuer did what was asked: the certificate it was about is revoked, suspended or unlocked here too."""
    kinds, about = CertificateRequest.Kind, request.certificate_id
    if about is None:
        return
    if request.kind == kinds.UNLOCK:
        Certificate.objects.filter(pk=about).update(wrong_pins=0, locked_until=None)
        return
    to = {kinds.REVOKE: Certificate.State.REVOKED, kinds.SUSPEND: Certificate.State.SUSPENDED}.get(kinds(request.kind))
    if to is not None:
        move_certificate(about, to=to, reason=request.reason, actor=actor, at=at)


@command
def remind(request_id: int, *, actor: Actor, at: datetime) -> CertificateRequest:
    """Note that the reminder letter was made and sent. Raises NotYourDuty, MoveRefused, NotFound."""
    request = must_exist(
        CertificateRequest.objects.select_for_update(of=("self",)).select_related("body").filter(pk=request_id).first()
    )
    actor.must(DUTY, unit_id=request.body.unit_id)
    if request.state not in (State.AT_DEPARTMENT, State.AT_ISSUER):
        raise errors.MoveRefused
    request.reminded_at = at
    request.save(update_fields=["reminded_at"])
    record(events.REMINDED, request, actor=actor, at=at, unit_id=request.body.unit_id, state=request.state)
    return request

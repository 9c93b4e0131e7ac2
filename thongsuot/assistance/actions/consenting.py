"""A consent from its code to its end: given, opened by the helper, filed or stopped, rated."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.assistance import events, rules
from thongsuot.assistance.actions import errors
from thongsuot.assistance.actions.common import is_ready, name_of, own_helper, refuse
from thongsuot.assistance.models import CodeTry, Consent, Helper, HelpRating
from thongsuot.counters.satisfaction import Level, Reason
from thongsuot.dossiers import actions as dossiers
from thongsuot.dossiers.actions.errors import ChannelNotOffered
from thongsuot.dossiers.models import Channel
from thongsuot.dossiers.queries.settings import identity_level, setting
from thongsuot.files.actions import store
from thongsuot.files.storage import Readable
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.codes import new_code
from thongsuot.kernel.command import command, record
from thongsuot.kernel.contact import is_email, phone_as_kept
from thongsuot.kernel.errors import BadInput, NotFound, NotYourDuty, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import one_line
from thongsuot.notices import actions as notices
from thongsuot.notices.models import Notice
from thongsuot.notices.rules import Recipient
from thongsuot.people.actions import log_look_up
from thongsuot.people.models import Person
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

State, How, By = Consent.State, Consent.How, Consent.EndedBy


class Given(NamedTuple):
    """`code` is nowhere kept: who loses it gives a new consent."""

    consent: Consent
    code: str


def helper_by_number(number: str, *, at: datetime) -> Helper:
    """Who bears this number on their card and may help today. Raises NoSuchHelper."""
    day = timezone.localdate(at)
    named = Helper.objects.select_related("agent", "person").filter(in_force(day), number=rules.typed_number(number))
    helper = named.first()
    if helper is None or not is_ready(helper, day):
        raise errors.NoSuchHelper
    return helper


@command
def give_consent(helper_number: str, *, procedure_code: str, actor: Actor, at: datetime) -> Given:
    """By the account of whoever is helped. A code for the same helper that nobody typed yet is good no more.

    Raises NotYourDuty, NoSuchHelper, HelpsThemselves, UnknownProcedure, NotInForce, ChannelNotOffered.
    """
    if actor.person_id is None:
        raise NotYourDuty("own account")
    helper = helper_by_number(helper_number, at=at)
    if helper.person_id == actor.person_id:
        raise errors.HelpsThemselves
    person = Person.objects.get(pk=actor.person_id)
    for before in Consent.objects.select_for_update().filter(person=person, helper=helper, state=State.WAITING):
        _end(before, By.CITIZEN, actor, at)
    digits = _unused(helper)
    consent = _new(
        helper,
        procedure_code,
        How.ACCOUNT,
        at,
        person=person,
        for_name=person.full_name,
        identity_level=actor.identity_level,
        **_code(helper, digits, at),
    )
    record(events.CONSENTED, consent, actor=actor, at=at, unit_id=consent.unit_id, **_facts(consent))
    return Given(consent, digits)


@command
def ask_by_letter(
    helper_id: int, *, name: str, email: str = "", phone: str = "", procedure_code: str, actor: Actor, at: datetime
) -> Consent:
    """Of somebody without an account: the code goes to their own address, and only who reads it can tell it.

    Raises NotAHelper, CannotFileForThem, AccountNeeded, TooManyLetters, BadInput, CannotReach, and what the catalogue refuses.
    """
    helper = own_helper(helper_id, actor=actor, at=at)
    _must_come_to_an_end(helper, procedure_code, at)
    problems: dict[str, str] = {}
    name, email, typed = name_of(name, "name", problems), one_line(email), one_line(phone)
    kept_phone = phone_as_kept(typed) if typed else ""
    if email and not is_email(email):
        problems["email"] = _("Địa chỉ thư chưa đúng. Hãy nhập dạng ten@vidu.vn.")
    if kept_phone is None:
        problems["phone"] = _("Số điện thoại có 10 chữ số, bắt đầu bằng 0. Hãy xem lại số đã nhập.")
    elif not email and not kept_phone:
        problems["phone"] = _("Cần thư điện tử hoặc điện thoại của người dân để gửi mã. Không có thì dùng giấy đồng ý.")
    if {email.lower(), kept_phone} & ({helper.person.email, helper.person.phone} - {""}):
        problems["phone"] = _("Thư hoặc điện thoại đã ghi là của bạn. Mã chỉ gửi đến chính người dân.")
    refuse(problems)
    Helper.objects.select_for_update().get(pk=helper.pk)
    lately = Consent.objects.filter(helper=helper, how=How.CODE, made_at__gt=at - timedelta(hours=1))
    if lately.count() >= rules.LETTERS_AN_HOUR:
        raise errors.TooManyLetters
    digits = _unused(helper)
    consent = _new(helper, procedure_code, How.CODE, at, for_name=name, **_code(helper, digits, at))
    to = Recipient(name=name, email=email, phone=kept_phone or "")
    sent = _send(consent, digits, to, actor, at)
    if sent.state in {Notice.State.KEPT, Notice.State.FAILED}:
        raise errors.CannotReach
    record(events.CODE_ASKED, consent, actor=actor, at=at, unit_id=consent.unit_id, **_facts(consent))
    return consent


def _must_come_to_an_end(helper: Helper, procedure_code: str, at: datetime) -> None:
    """What is begun for who has no account somebody can file: this helper, and nobody asks how well that person is known."""
    if not helper.may_submit:
        raise errors.CannotFileForThem
    if identity_level(procedure_code, on=timezone.localdate(at)):
        raise errors.AccountNeeded


def _send(consent: Consent, digits: str, to: Recipient, actor: Actor, at: datetime) -> Notice:
    return notices.queue(
        "help_code",
        to=to,
        about=consent,
        unit_id=consent.unit_id,
        context={
            "code": consent.number,
            "procedure": consent.procedure_name,
            "agency": units.unit_row(consent.unit_id, as_of=timezone.localdate(at)).full_name,
            "contact": "",
            "link": settings.PUBLIC_URL.rstrip("/") + reverse("assistance:by_secret", args=[consent.secret]),
            "digits": rules.in_threes(digits),
            "until": consent.code_until,
            "helper": consent.helper.called,
            "may": consent.helper.may,
        },
        send_key=f"{events.CODE_ASKED.name}/{consent.number}",
        useful_until=consent.code_until,
        actor=actor,
        at=at,
    )


@command
def take_paper(
    helper_id: int, scan: bytes | Readable | None, *, file_name: str, name: str, procedure_code: str, actor: Actor, at: datetime
) -> Consent:
    """A consent signed on paper: its scan goes before everything else, and the helper begins at once.

    Raises NotAHelper, CannotFileForThem, AccountNeeded, BadInput, what the catalogue and what `files.actions.store` refuse.
    """
    helper = own_helper(helper_id, actor=actor, at=at)
    _must_come_to_an_end(helper, procedure_code, at)
    problems: dict[str, str] = {}
    name = name_of(name, "name", problems)
    if scan is None:
        problems["scan"] = _("Chưa có bản quét giấy đồng ý. Hãy chụp giấy người dân đã ký rồi đính kèm.")
    if problems or scan is None:
        raise BadInput(problems)
    file = store(scan, name=file_name, actor=actor, at=at, purpose="assistance.consent")
    consent = _new(helper, procedure_code, How.PAPER, at, for_name=name, scan=file)
    record(events.PAPER_TAKEN, consent, actor=actor, at=at, unit_id=consent.unit_id, **_facts(consent))
    return _begin(consent, actor, at)


def open_with_code(helper_id: int, code: str, *, actor: Actor, at: datetime) -> Consent:
    """The helper types what they were told, and begins. Raises NotAHelper, TooManyTries, WrongCode, CodeUsed, CodeOver.

    Not a command: a try is written down before it is known to be wrong, and outlives the refusal.
    """
    helper = own_helper(helper_id, actor=actor, at=at)
    most = setting("help_tries_per_hour", on=timezone.localdate(at))
    with transaction.atomic():
        Helper.objects.select_for_update().get(pk=helper.pk)
        if CodeTry.objects.filter(helper=helper, at__gt=at - timedelta(hours=1)).count() >= most:
            raise errors.TooManyTries
        spent = CodeTry.objects.create(helper=helper, at=at)
    consent = _open(helper, rules.digest(helper.pk, rules.typed_digits(code)), actor=actor, at=at)
    CodeTry.objects.filter(pk=spent.pk).delete()
    return consent


@command
def _open(helper: Helper, digest: str, *, actor: Actor, at: datetime) -> Consent:
    """Of two who type it at once the second finds it used."""
    named = Consent.objects.select_for_update(of=("self",)).select_related("helper__agent")
    consent = named.filter(helper=helper, code_digest=digest).order_by("-pk").first()
    if consent is None:
        raise errors.WrongCode
    if consent.state != State.WAITING:
        raise errors.CodeUsed if consent.opened_at else errors.CodeOver
    if consent.code_until is None or consent.code_until <= at:
        raise errors.CodeOver
    return _begin(consent, actor, at)


def _begin(consent: Consent, actor: Actor, at: datetime) -> Consent:
    until = at + timedelta(minutes=setting("help_minutes", on=timezone.localdate(at)))
    helper = consent.helper
    given = dossiers.Help(
        helper_id=helper.person_id,
        assisted_by=helper.called,
        for_name=consent.for_name,
        identity_level=consent.identity_level,
        may_scan=consent.may_scan,
        may_submit=consent.may_submit,
        back=reverse("assistance:session", args=[consent.pk]),
        ends_at=until,
    )
    consent.draft = dossiers.start_draft(
        consent.procedure_code, account_id=consent.person_id, given_help=given, actor=actor, at=at
    )
    consent.state, consent.opened_at, consent.open_until = State.OPEN, at, until
    consent.save(update_fields=["draft", "state", "opened_at", "open_until"])
    record(events.OPENED, consent, actor=actor, at=at, unit_id=consent.unit_id, until=until)
    return consent


@command
def stop(consent_id: int, *, actor: Actor, at: datetime) -> Consent:
    """At any time, by who consented or who helps. Raises NotFound, AlreadyOver."""
    consent = _locked(pk=consent_id)
    mine, helps = consent.person_id == actor.person_id, consent.helper.person_id == actor.person_id
    if actor.person_id is None or not (mine or helps):
        raise NotFound
    return _stop(consent, By.CITIZEN if mine else By.HELPER, actor, at)


@command
def stop_by_secret(secret: str, *, actor: Actor, at: datetime) -> Consent:
    """By whoever holds the link that was sent with the code. Raises NotFound, AlreadyOver."""
    return _stop(_locked(secret=secret), By.CITIZEN, actor, at)


def _stop(consent: Consent, by: Consent.EndedBy, actor: Actor, at: datetime) -> Consent:
    if consent.is_over(at):
        raise errors.AlreadyOver
    if consent.state == State.OPEN and consent.draft_id is not None:
        try:
            dossiers.end_help(consent.draft_id, actor=actor, at=at)
        except dossiers.HelpOver:  # filed in this very moment
            raise errors.AlreadyOver from None
    return _end(consent, by, actor, at)


def _end(consent: Consent, by: Consent.EndedBy, actor: Actor, at: datetime) -> Consent:
    consent.state, consent.ended_at, consent.ended_by = State.ENDED, at, by
    consent.save(update_fields=["state", "ended_at", "ended_by"])
    record(events.ENDED, consent, actor=actor, at=at, unit_id=consent.unit_id, by=by.value)
    return consent


@command
def note_filed(consent_id: int, *, actor: Actor, at: datetime) -> Consent:
    """What was filled in with this help has become a dossier. Told again: nothing new. Raises NotFound, AlreadyOver.

    Whoever ended the help and files alone later has filed alone: neither the helper nor a sum is told. The same when the
    helper's time was over before they had written anything (`dossiers`, where it says who had a part in the dossier).
    """
    consent = _locked(pk=consent_id)
    filed = must_exist(consent.draft.submitted_as if consent.draft else None)
    if consent.state == State.OPEN and not filed.assisted_by:
        return _end(consent, By.TIME, actor, at)
    if consent.ended_by == By.CITIZEN or not filed.assisted_by:
        raise errors.AlreadyOver
    if consent.state != State.FILED:
        consent.state, consent.ended_at, consent.ended_by = State.FILED, filed.submitted_at, ""
        consent.save(update_fields=["state", "ended_at", "ended_by"])
    record(events.FILED, consent, actor=actor, at=at, unit_id=consent.unit_id)
    return consent


def to_close(*, at: datetime) -> list[int]:
    """Codes and sessions whose time is over."""
    over = Q(state=State.WAITING, code_until__lte=at) | Q(state=State.OPEN, open_until__lte=at)
    return list(Consent.objects.filter(over).exclude(draft__submitted_as__isnull=False).values_list("pk", flat=True)[:1000])


@command
def close_over(consent_id: int, *, actor: Actor, at: datetime) -> Consent:
    """Its time is over. Raises NotFound, AlreadyOver."""
    consent = _locked(pk=consent_id)
    if consent.state not in {State.WAITING, State.OPEN} or consent.is_filed or not consent.is_over(at):
        raise errors.AlreadyOver
    return _end(consent, By.TIME, actor, at)


def _kept_names(at: datetime) -> QuerySet[Consent]:
    """Whose names stood long enough: of ended consents without an account."""
    day = timezone.localdate(at)
    ended_before = at - timedelta(days=setting("help_name_days", on=day))
    return Consent.objects.filter(person=None, ended_at__lte=ended_before).exclude(for_name="")


def to_forget(*, at: datetime) -> list[int]:
    return list(_kept_names(at).values_list("pk", flat=True)[:1000])


@command
def forget_name(consent_id: int, *, actor: Actor, at: datetime) -> Consent:
    """The name of somebody without an account goes; who helped, with what and when stays. Raises NotFound, NotYourDuty."""
    if not actor.trusted:
        raise NotYourDuty(rules.ARRANGE)
    consent = must_exist(_kept_names(at).select_for_update().filter(pk=consent_id).first())
    consent.for_name = ""
    consent.save(update_fields=["for_name"])
    record(events.NAME_FORGOTTEN, consent, actor=actor, at=at, unit_id=consent.unit_id)
    return consent


@command
def rate(consent_id: int, *, level: int, reasons: Collection[str] = (), actor: Actor, at: datetime) -> HelpRating:
    """By the account that consented, once. Raises NotFound, NotYetRateable, AlreadyRated, BadInput."""
    consent = _locked(pk=consent_id)
    if actor.person_id is None or consent.person_id != actor.person_id:
        raise NotFound
    return _rate(consent, level, reasons, actor, at)


@command
def rate_by_secret(secret: str, *, level: int, reasons: Collection[str] = (), actor: Actor, at: datetime) -> HelpRating:
    """By whoever holds the link, never by the helper, who may have printed it. Raises as `rate`."""
    consent = _locked(secret=secret)
    if actor.person_id is not None and actor.person_id == consent.helper.person_id:
        raise NotFound
    return _rate(consent, level, reasons, actor, at)


def _rate(consent: Consent, level: int, reasons: Collection[str], actor: Actor, at: datetime) -> HelpRating:
    if consent.opened_at is None or not consent.is_over(at):
        raise errors.NotYetRateable
    if HelpRating.objects.filter(consent=consent).exists():
        raise errors.AlreadyRated
    if level not in Level.values or not set(reasons) <= set(Reason.values):
        raise BadInput({"level": _("Hãy chọn một trong năm mức.")})
    rating = HelpRating.objects.create(consent=consent, level=level, reasons=sorted(set(reasons)), rated_at=at)
    # Without the level: the helper's side reads this history, and must not learn who gave which.
    record(events.RATED, consent, actor=actor, at=at, unit_id=consent.unit_id)
    return rating


@command
def note_paper_opened(consent_id: int, *, reason: str, actor: Actor, at: datetime) -> Consent:
    """Note why the scan of a signed paper is opened, by who manages helpers there. Raises NotFound, NotYourDuty, BadInput."""
    consent = _locked(pk=consent_id)
    actor.must(rules.ARRANGE, unit_id=units.keeper_of(consent.unit_id, on=timezone.localdate(at)))
    log_look_up(consent, fields=("files",), reason=reason, actor=actor, at=at)
    return consent


def _locked(**which: Any) -> Consent:
    rows = Consent.objects.select_for_update(of=("self",)).select_related("helper", "draft__submitted_as")
    return must_exist(rows.filter(**which).first())


def _facts(consent: Consent) -> dict[str, object]:
    return {"helper": consent.helper.number, "procedure": consent.procedure_code, "how": str(consent.how)}


def _unused(helper: Helper) -> str:
    """No code that this helper was ever told is the same: an old one that is typed again stays an old one."""
    while True:
        digits = rules.new_digits()
        if not Consent.objects.filter(helper=helper, code_digest=rules.digest(helper.pk, digits)).exists():
            return digits


def _code(helper: Helper, digits: str, at: datetime) -> dict[str, Any]:
    minutes = setting("help_code_minutes", on=timezone.localdate(at))
    return {"code_digest": rules.digest(helper.pk, digits), "code_until": at + timedelta(minutes=minutes)}


def _new(helper: Helper, procedure_code: str, how: Consent.How, at: datetime, **said: Any) -> Consent:
    version = procedures.version_in_force(procedure_code, on=timezone.localdate(at))
    if Channel.ONLINE not in version.channels:
        raise ChannelNotOffered
    return Consent.objects.create(
        number=new_code("DY"),
        helper=helper,
        agent=helper.agent,
        unit_id=helper.unit_id,
        procedure_code=version.code,
        procedure_name=version.name[:500],
        how=how,
        may_scan=helper.may_scan,
        may_submit=helper.may_submit,
        secret=secrets.token_urlsafe(32),
        made_at=at,
        **said,
    )

"""The words of letters: drafted by one person, approved by another, from a day on. What people got stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command
from thongsuot.kernel.errors import BadInput, TellPerson, must_exist
from thongsuot.kernel.text import nfc, one_line
from thongsuot.kernel.working_time import local_day
from thongsuot.notices import events, kinds, letters
from thongsuot.notices.models import LetterVersion
from thongsuot.notices.queries import digest_of, words_of
from thongsuot.notices.unfit import unfit
from thongsuot.people import drafted
from thongsuot.people.drafted import OtherWords

WRITE, APPROVE = "write letters", "approve letters"
State = LetterVersion.State


class AlreadyBegun(TellPerson):
    code = "notices.already_begun"
    says = gettext_lazy("Thiết lập này đã được dùng nên không bỏ được. Hãy đặt thiết lập mới thay cho nó.")


class VersionUnderWay(TellPerson):
    code = "notices.version_under_way"
    says = gettext_lazy("Mẫu tin này đang có một bản chờ duyệt. Hãy duyệt, trả lại hoặc bỏ bản đó trước khi soạn bản mới.")


@command
def draft_version(
    key: str,
    *,
    city_id: int,
    subject: str,
    body: str,
    sms: str,
    zalo_template: str = "",
    zalo_values: Mapping[str, str] | None = None,
    actor: Actor,
    at: datetime,
) -> LetterVersion:
    """A new version, or the open draft with other words: whoever changes it has drafted it.

    Raises NotYourDuty, NotFound, VersionUnderWay, BadInput.
    """
    actor.must(WRITE, unit_id=city_id)
    must_exist(kinds.LETTERS.get(key))
    words = letters.Words(
        subject=one_line(subject),
        body=nfc(body.replace("\r\n", "\n")),
        sms=one_line(sms),
        zalo_template=one_line(zalo_template),
        zalo_values={one_line(name): one_line(text) for name, text in (zalo_values or {}).items()},
    )
    if problems := unfit(key, words):
        raise BadInput(problems)
    own = LetterVersion.objects.select_for_update().filter(city_id=city_id, key=key)
    under_way = next((one for one in own if one.state in {State.DRAFT, State.SUBMITTED}), None)
    if under_way and under_way.state == State.SUBMITTED:
        raise VersionUnderWay
    version = under_way or LetterVersion(city_id=city_id, key=key, number=letters.SHIPPED)
    version.subject, version.body, version.sms = words.subject, words.body, words.sms
    version.zalo_template, version.zalo_values = words.zalo_template, dict(words.zalo_values)
    try:
        drafted.drafted(version, own, actor=actor, at=at)
    except IntegrityError:  # somebody else's first draft of this letter came between
        raise VersionUnderWay from None
    drafted.note(events.VERSION_CHANGED if under_way else events.VERSION_DRAFTED, version, actor=actor, at=at)
    return version


@command
def submit_version(version_id: int, *, actor: Actor, at: datetime) -> LetterVersion:
    """For approval by another. Raises NotFound, NotYourDuty, NotInThisState."""
    return drafted.submit(_locked(version_id, WRITE, State.DRAFT, actor=actor), events.VERSION_SUBMITTED, actor=actor, at=at)


@command
def approve_version(version_id: int, *, digest: str, valid_from: date, actor: Actor, at: datetime) -> LetterVersion:
    """Letters written from that day on say it so. `digest`: of the words that were read (`queries.digest_of`).

    Raises NotFound, NotYourDuty, NotInThisState, SamePerson, OtherWords, BadInput.
    """
    version = _locked(version_id, APPROVE, State.SUBMITTED, actor=actor)
    drafted.must_not_be_own(version, actor, events.VERSION_DRAFTED, events.VERSION_CHANGED)
    if digest != digest_of(version):
        raise OtherWords
    if problems := unfit(version.key, words_of(version)):
        raise BadInput(problems)  # a later release may know other places than the one it was drafted under
    own = LetterVersion.objects.filter(city_id=version.city_id, key=version.key)
    return drafted.approve(version, own, events.VERSION_APPROVED, valid_from=valid_from, actor=actor, at=at)


@command
def withdraw_version(version_id: int, *, actor: Actor, at: datetime) -> LetterVersion:
    """What was approved and has not begun is given up; it stays readable. Raises NotFound, NotYourDuty, NotInThisState,
    AlreadyBegun."""
    version = _locked(version_id, APPROVE, State.APPROVED, actor=actor)
    if version.valid_from is None or version.valid_from <= local_day(at):
        raise AlreadyBegun
    return drafted.drop(version, events.VERSION_WITHDRAWN, actor=actor, at=at, valid_from=version.valid_from)


@command
def send_back_version(version_id: int, *, note: str, actor: Actor, at: datetime) -> LetterVersion:
    """To be changed, with what is wrong. Raises NotFound, NotYourDuty, NotInThisState, BadInput."""
    version = _locked(version_id, APPROVE, State.SUBMITTED, actor=actor)
    return drafted.send_back(version, events.VERSION_SENT_BACK, why=note, actor=actor, at=at)


@command
def drop_version(version_id: int, *, actor: Actor, at: datetime) -> LetterVersion:
    """What is drafted or submitted is given up; it stays readable. Raises NotFound, NotYourDuty, NotInThisState."""
    return drafted.drop(
        _locked(version_id, WRITE, *LetterVersion.OPEN, actor=actor), events.VERSION_DROPPED, actor=actor, at=at
    )


def _locked(version_id: int, duty: str, *states: str, actor: Actor) -> LetterVersion:
    return drafted.locked(LetterVersion.objects.filter(key__in=kinds.LETTERS), version_id, duty, *states, actor=actor)

"""The words of letters: drafted by one person, approved by another, from a day on. What people got stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson, must_exist
from thongsuot.kernel.events import EventKind
from thongsuot.kernel.text import nfc, one_line
from thongsuot.kernel.working_time import local_day
from thongsuot.notices import events, letters, rules
from thongsuot.notices.models import LetterVersion
from thongsuot.notices.queries import digest_of, words_of, wrote
from thongsuot.notices.unfit import unfit

WRITE, APPROVE = "write letters", "approve letters"
State = LetterVersion.State


class NotInThisState(TellPerson):
    code = "notices.version_not_in_this_state"
    says = gettext_lazy("Bản mẫu này đã được gửi duyệt, duyệt hoặc bỏ. Tải lại trang để xem tình trạng mới.")


class OtherWords(TellPerson):
    code = "notices.other_words"
    says = gettext_lazy("Nội dung bản này đã đổi từ khi bạn mở trang. Hãy đọc lại bản đang hiện rồi duyệt.")


class SamePerson(TellPerson):
    code = "notices.same_person"
    status = 403
    says = gettext_lazy("Bạn đã soạn hoặc sửa bản này nên không tự duyệt. Hãy chuyển cho người khác có nhiệm vụ duyệt mẫu tin.")


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
    must_exist(letters.LETTERS.get(key))
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
    version = under_way or LetterVersion(city_id=city_id, key=key, number=_next_number(city_id, key))
    version.subject, version.body, version.sms = words.subject, words.body, words.sms
    version.zalo_template, version.zalo_values = words.zalo_template, dict(words.zalo_values)
    version.drafted_by_id, version.drafted_by_name, version.drafted_at = actor.person_id, actor.name, at
    try:
        version.save()
    except IntegrityError:  # somebody else's first draft of this letter came between
        raise VersionUnderWay from None
    _record(events.VERSION_CHANGED if under_way else events.VERSION_DRAFTED, version, actor=actor, at=at)
    return version


@command
def submit_version(version_id: int, *, actor: Actor, at: datetime) -> LetterVersion:
    """For approval by another. Raises NotFound, NotYourDuty, NotInThisState."""
    version = _locked(version_id, WRITE, State.DRAFT, actor=actor)
    version.state, version.submitted_at, version.note = State.SUBMITTED, at, ""
    version.save(update_fields=["state", "submitted_at", "note"])
    _record(events.VERSION_SUBMITTED, version, actor=actor, at=at)
    return version


@command
def approve_version(version_id: int, *, digest: str, valid_from: date, actor: Actor, at: datetime) -> LetterVersion:
    """Letters written from that day on say it so. `digest`: of the words that were read (`queries.digest_of`).

    Raises NotFound, NotYourDuty, NotInThisState, SamePerson, OtherWords, BadInput.
    """
    version = _locked(version_id, APPROVE, State.SUBMITTED, actor=actor)
    if wrote(version, actor):
        raise SamePerson
    if digest != digest_of(version):
        raise OtherWords
    must_be_near(valid_from, at=at)
    own = LetterVersion.objects.filter(city_id=version.city_id, key=version.key, state=State.APPROVED)
    latest = own.aggregate(latest=Max("valid_from"))["latest"]
    if latest and valid_from < latest:
        raise BadInput(
            {
                "valid_from": _("Đã có bản được duyệt dùng từ %(day)s. Hãy chọn ngày đó hoặc sau đó.")
                % {"day": f"{latest:%d/%m/%Y}"}
            }
        )
    if problems := unfit(version.key, words_of(version)):
        raise BadInput(problems)  # a later release may know other places than the one it was drafted under
    version.state, version.valid_from, version.decided_at = State.APPROVED, valid_from, at
    version.decided_by_id, version.decided_by_name = actor.person_id, actor.name
    version.save(update_fields=["state", "valid_from", "decided_at", "decided_by", "decided_by_name"])
    _record(events.VERSION_APPROVED, version, actor=actor, at=at, valid_from=valid_from)
    return version


def must_be_near(valid_from: date, *, at: datetime) -> None:
    """A year mistyped would stand in the way of every day before it. Raises BadInput."""
    if valid_from < local_day(at):
        raise BadInput({"valid_from": _("Ngày dùng không được ở trước hôm nay. Hãy chọn hôm nay hoặc ngày sau.")})
    if valid_from > local_day(at) + rules.LONGEST_AHEAD:
        raise BadInput({"valid_from": _("Ngày dùng ở quá xa. Hãy xem lại năm, và chọn ngày trong vòng một năm tới.")})


@command
def withdraw_version(version_id: int, *, actor: Actor, at: datetime) -> LetterVersion:
    """What was approved and has not begun is given up; it stays readable. Raises NotFound, NotYourDuty, NotInThisState,
    AlreadyBegun."""
    version = _locked(version_id, APPROVE, State.APPROVED, actor=actor)
    if version.valid_from is None or version.valid_from <= local_day(at):
        raise AlreadyBegun
    version.state = State.DROPPED
    version.save(update_fields=["state"])
    _record(events.VERSION_WITHDRAWN, version, actor=actor, at=at, valid_from=version.valid_from)
    return version


@command
def send_back_version(version_id: int, *, note: str, actor: Actor, at: datetime) -> LetterVersion:
    """To be changed, with what is wrong. Raises NotFound, NotYourDuty, NotInThisState, BadInput."""
    version = _locked(version_id, APPROVE, State.SUBMITTED, actor=actor)
    note = one_line(note)[:300]
    if not note:
        raise BadInput({"note": _("Chưa có ý kiến. Hãy ghi chỗ cần sửa để người soạn biết.")})
    version.state, version.note = State.DRAFT, note
    version.save(update_fields=["state", "note"])
    _record(events.VERSION_SENT_BACK, version, actor=actor, at=at)
    return version


@command
def drop_version(version_id: int, *, actor: Actor, at: datetime) -> LetterVersion:
    """What is drafted or submitted is given up; it stays readable. Raises NotFound, NotYourDuty, NotInThisState."""
    version = _locked(version_id, WRITE, State.DRAFT, State.SUBMITTED, actor=actor)
    version.state = State.DROPPED
    version.save(update_fields=["state"])
    _record(events.VERSION_DROPPED, version, actor=actor, at=at)
    return version


def _locked(version_id: int, duty: str, *states: str, actor: Actor) -> LetterVersion:
    version = must_exist(LetterVersion.objects.select_for_update().filter(pk=version_id, key__in=letters.LETTERS).first())
    actor.must(duty, unit_id=version.city_id)
    if version.state not in states:
        raise NotInThisState
    return version


def _next_number(city_id: int, key: str) -> int:
    last = LetterVersion.objects.filter(city_id=city_id, key=key).aggregate(last=Max("number"))["last"]
    return (last or letters.SHIPPED) + 1


def _record(kind: EventKind, version: LetterVersion, *, actor: Actor, at: datetime, **facts: object) -> None:
    record(kind, version, actor=actor, at=at, unit_id=version.city_id, key=version.key, number=version.number, **facts)

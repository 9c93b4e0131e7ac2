"""Words that hold for many: drafted by one person, approved by another, used from a day on. What all such versions share.

A capability has a model below `Drafted`, and commands that lock, say who may and judge the words; these functions are the rest
of them, to be called inside. Their pages: `drafted_pages.py`.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Max, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import record
from thongsuot.kernel.errors import BadInput, TellPerson, must_exist
from thongsuot.kernel.events import EventKind
from thongsuot.kernel.models import Event
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import local_day

LONGEST_AHEAD = timedelta(days=366)  # of a day from which something set holds: a later one is a year mistyped


class Drafted(models.Model):
    """One version of the city's words."""

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("Đang soạn")
        SUBMITTED = "submitted", gettext_lazy("Chờ duyệt")
        APPROVED = "approved", gettext_lazy("Đã duyệt")
        DROPPED = "dropped", gettext_lazy("Đã bỏ")

    OPEN = (State.DRAFT, State.SUBMITTED)

    city = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.SmallIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    drafted_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    drafted_by_name = models.CharField(max_length=200)
    drafted_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(gettext_lazy("ý kiến"), max_length=300, blank=True, help_text="of who sent it back")
    valid_from = models.DateField(gettext_lazy("dùng từ ngày"), null=True)

    class Meta:
        abstract = True

    @staticmethod
    def rules(prefix: str, *, of: Sequence[str]) -> list[models.BaseConstraint]:
        """Constraints of its table. `of`: the fields that say what it is a version of."""
        return [
            models.UniqueConstraint(name=f"{prefix}_number", fields=[*of, "number"]),
            models.UniqueConstraint(name=f"{prefix}_open", fields=[*of], condition=Q(state__in=["draft", "submitted"])),
            models.CheckConstraint(
                name=f"{prefix}_approved",
                condition=~Q(state="approved") | Q(valid_from__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name=f"{prefix}_four_eyes",
                condition=~Q(state="approved") | Q(drafted_by=None) | Q(decided_by=None) | ~Q(drafted_by=F("decided_by")),
            ),
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """What events say of it beside its number."""
        return {}


Version = TypeVar("Version", bound=Drafted)
State = Drafted.State


class NotInThisState(TellPerson):
    code = "people.version_not_in_this_state"
    says = gettext_lazy("Bản này đã được gửi duyệt, duyệt hoặc bỏ. Tải lại trang để xem tình trạng mới.")


class OtherWords(TellPerson):
    code = "people.other_words"
    says = gettext_lazy("Nội dung bản này đã đổi từ khi bạn mở trang. Hãy đọc lại bản đang hiện rồi duyệt.")


class SamePerson(TellPerson):
    code = "people.same_person"
    status = 403
    says = gettext_lazy("Bạn đã soạn hoặc sửa bản này nên không tự duyệt. Hãy chuyển cho người khác có nhiệm vụ duyệt.")


def locked(rows: QuerySet[Version], version_id: int, duty: str, *states: str, actor: Actor) -> Version:
    """Raises NotFound, NotYourDuty, NotInThisState."""
    version = must_exist(rows.select_for_update().filter(pk=version_id).first())
    actor.must(duty, unit_id=version.city_id)
    if version.state not in states:
        raise NotInThisState
    return version


def note(kind: EventKind, version: Drafted, *, actor: Actor, at: datetime, **facts: object) -> None:
    """The event of a step."""
    record(kind, version, actor=actor, at=at, unit_id=version.city_id, number=version.number, **version.facts, **facts)


def drafted(version: Version, rows: QuerySet[Version], *, actor: Actor, at: datetime) -> Version:
    """Whoever changed its words has drafted it. `rows`: all versions of the same, for the number of a new one. Saves."""
    if version.pk is None:
        version.number = (rows.aggregate(last=Max("number"))["last"] or version.number or 0) + 1
    version.drafted_by_id, version.drafted_by_name, version.drafted_at = actor.person_id, actor.name, at
    version.save()
    return version


def submit(version: Version, kind: EventKind, *, actor: Actor, at: datetime) -> Version:
    version.state, version.submitted_at, version.note = State.SUBMITTED, at, ""
    version.save(update_fields=["state", "submitted_at", "note"])
    note(kind, version, actor=actor, at=at)
    return version


def must_not_be_own(version: Drafted, actor: Actor, *kinds: EventKind) -> None:
    """Raises SamePerson."""
    if wrote(version, actor, *kinds):
        raise SamePerson


def approve(
    version: Version, rows: QuerySet[Version], kind: EventKind, *, valid_from: date, actor: Actor, at: datetime
) -> Version:
    """From that day on it is used. `rows`: all versions of the same. Raises BadInput."""
    must_be_near(valid_from, at=at)
    latest = rows.filter(state=State.APPROVED).aggregate(latest=Max("valid_from"))["latest"]
    if latest and valid_from < latest:
        day = f"{latest:%d/%m/%Y}"
        raise BadInput({"valid_from": _("Đã có bản được duyệt dùng từ %(day)s. Hãy chọn ngày đó hoặc sau đó.") % {"day": day}})
    version.state, version.valid_from, version.decided_at = State.APPROVED, valid_from, at
    version.decided_by_id, version.decided_by_name = actor.person_id, actor.name
    version.save(update_fields=["state", "valid_from", "decided_at", "decided_by", "decided_by_name"])
    note(kind, version, actor=actor, at=at, valid_from=valid_from)
    return version


def must_be_near(valid_from: date, *, at: datetime) -> None:
    """A year mistyped would stand in the way of every day before it. Raises BadInput."""
    if valid_from < local_day(at):
        raise BadInput({"valid_from": _("Ngày dùng không được ở trước hôm nay. Hãy chọn hôm nay hoặc ngày sau.")})
    if valid_from > local_day(at) + LONGEST_AHEAD:
        raise BadInput({"valid_from": _("Ngày dùng ở quá xa. Hãy xem lại năm, và chọn ngày trong vòng một năm tới.")})


def send_back(version: Version, kind: EventKind, *, why: str, actor: Actor, at: datetime) -> Version:
    """To be changed, with what is wrong. Raises BadInput."""
    why = one_line(why)[:300]
    if not why:
        raise BadInput({"note": _("Chưa có ý kiến. Hãy ghi chỗ cần sửa để người soạn biết.")})
    version.state, version.note = State.DRAFT, why
    version.save(update_fields=["state", "note"])
    note(kind, version, actor=actor, at=at)
    return version


def drop(version: Version, kind: EventKind, *, actor: Actor, at: datetime, **facts: object) -> Version:
    """Given up; it stays readable."""
    version.state = State.DROPPED
    version.save(update_fields=["state"])
    note(kind, version, actor=actor, at=at, **facts)
    return version


def wrote(version: Drafted, actor: Actor, *kinds: EventKind) -> bool:
    """Did this person do one of these to it, ever? Then another must approve it. One query."""
    names = [kind.name for kind in kinds]
    own = Event.objects.filter(subject=version._meta.label_lower, subject_id=version.pk, name__in=names)
    return actor.person_id is not None and own.filter(actor_id=actor.person_id).exists()


def digest(words: object) -> str:
    """Of plain data: what a page showed, and what is approved there, are the same."""
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()


def changed_lines(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    """("same", "gone" or "new", line) of what changed."""
    kinds = {" ": "same", "-": "gone", "+": "new"}
    return [(kinds[line[0]], line[2:]) for line in difflib.ndiff(before, after) if line[0] in kinds]

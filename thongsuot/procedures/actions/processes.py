"""Commands of who draws an e-process: keep the draft, throw it away, publish it as a new version from a day on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson
from thongsuot.kernel.text import instant, one_line
from thongsuot.procedures import content, events, queries, rules
from thongsuot.procedures.actions.catalogue import DUTY, publish_version
from thongsuot.procedures.content import Step, Way
from thongsuot.procedures.models import Procedure, ProcedureVersion, ProcessDraft
from thongsuot.procedures.queries import UnknownProcedure

_KEY = re.compile(r"[^\x00-\x20\x7f]{1,40}")
MOST_MINUTES = 10_000_000


class DraftChanged(TellPerson):
    """Another administrator kept the draft since this page was opened: one of the two would be lost unseen."""

    code = "procedures.draft_changed"

    def __init__(self, by: str, at: datetime) -> None:
        self.by, self.at = by, at

    def message(self) -> str:
        return _(
            "%(who)s đã lưu bản thảo này lúc %(at)s, sau khi bạn mở trang. "
            "Hãy xem bản đó, hoặc lưu lại để ghi đè bằng nội dung của bạn."
        ) % {"who": self.by, "at": instant(self.at)}

    def details(self) -> dict[str, object]:
        return {"changed_by": self.by, "changed_at": self.at.isoformat()}


class NoDraft(TellPerson):
    """The draft was published or thrown away meanwhile, or there was none."""

    code = "procedures.no_draft"
    says = gettext_lazy("Bản thảo này đã được công bố hoặc bỏ đi. Hãy tải lại trang để xem quy trình hiện nay.")


@command
def save_process(code: str, *, steps: Sequence[Step], token: str, city_id: int, actor: Actor, at: datetime) -> ProcessDraft:
    """Keep what was drawn, right or not yet. `token`: of the draft the caller saw (`queries.DraftView`), empty when none.

    Raises NotYourDuty, UnknownProcedure, BadInput, DraftChanged, NoDraft.
    """
    actor.must(DUTY, unit_id=city_id)
    steps = _sound(steps)
    procedure, draft = _seen(code, token)
    if draft is None:
        draft = ProcessDraft(procedure=procedure, begun_at=at, revision=0)
    draft.steps, draft.revision = content.plain(steps), draft.revision + 1
    draft.changed_at, draft.changed_by_id, draft.changed_by_name = at, actor.person_id, actor.name
    draft.save()
    record(
        events.PROCESS_DRAFTED,
        draft,
        actor=actor,
        at=at,
        unit_id=city_id,
        procedure=procedure.code,
        revision=draft.revision,
        steps=len(steps),
    )
    return draft


@command
def discard_process(code: str, *, token: str, city_id: int, actor: Actor, at: datetime) -> Procedure:
    """Throw the draft away; what is published stays as it is. Raises NotYourDuty, UnknownProcedure, DraftChanged, NoDraft."""
    actor.must(DUTY, unit_id=city_id)
    procedure, draft = _seen(code, token)
    if draft is None:
        raise NoDraft
    record(
        events.PROCESS_DISCARDED,
        draft,
        actor=actor,
        at=at,
        unit_id=city_id,
        procedure=procedure.code,
        revision=draft.revision,
    )
    draft.delete()
    return procedure


@command
def publish_process(code: str, *, token: str, valid_from: date, city_id: int, actor: Actor, at: datetime) -> ProcedureVersion:
    """Publish the draft: a new version that says what holds on that day, with these steps. Older dossiers keep theirs.

    Raises NotYourDuty, UnknownProcedure, NotInForce, BadInput, DraftChanged, NoDraft, VersionFromThatDay, PastStays.
    """
    actor.must(DUTY, unit_id=city_id)
    procedure, draft = _seen(code, token)
    if draft is None:
        raise NoDraft
    base = queries.version_in_force(procedure.code, on=valid_from, as_stored=True)
    steps = rules.tidy(content.read(tuple[Step, ...], draft.steps))
    if not steps:
        raise BadInput({"steps": _("Bản thảo chưa có bước nào. Hãy thêm bước, hoặc bắt đầu từ mẫu chung.")})
    # What the city itself decides on is no longer "not read in any text".
    whole = replace(queries.draft_of(base), steps=steps, unverified=base.unverified - {"steps"})
    version = publish_version(
        code, draft=whole, valid_from=valid_from, city_id=city_id, kind=procedure.kind, actor=actor, at=at
    )
    draft.delete()
    return version


def _seen(code: str, token: str) -> tuple[Procedure, ProcessDraft | None]:
    """The procedure under its lock and its draft, if it is the one the caller saw."""
    procedure = Procedure.objects.select_for_update().filter(code=one_line(code)).first()
    if procedure is None:
        raise UnknownProcedure(code)
    draft = ProcessDraft.objects.filter(procedure=procedure).first()
    if draft is None and token:
        raise NoDraft
    if draft is not None and draft.token != token:
        raise DraftChanged(draft.changed_by_name, draft.changed_at)
    return procedure, draft


def _sound(steps: Sequence[Step]) -> list[Step]:
    """The steps as they can be kept. A draft may be wrong as a process, but not beyond all measure. Raises BadInput."""
    if len(steps) > rules.MOST_STEPS:
        raise BadInput({"steps": _("Quy trình có nhiều nhất %(most)s bước.") % {"most": rules.MOST_STEPS}})
    clean = []
    for step in steps:
        step = msgspec.structs.replace(step, name=one_line(step.name), body_kind=one_line(step.body_kind)[:40])
        if not _KEY.fullmatch(step.key) or not 0 < len(step.name) <= 200:
            raise BadInput({"steps": _("Mỗi bước cần mã không quá 40 chữ và tên không quá 200 chữ.")})
        if not 0 <= step.minutes <= MOST_MINUTES or len(step.ways) > rules.MOST_WAYS or not all(map(_is_short, step.ways)):
            raise BadInput({"steps": _("Bước “%(name)s” có số giờ hoặc hướng đi không dùng được.") % {"name": step.name}})
        clean.append(step)
    if len({step.key for step in clean}) != len(clean):
        raise BadInput({"steps": _("Có hai bước cùng một mã. Hãy bỏ một bước.")})
    return clean


def _is_short(way: Way) -> bool:
    return len(way.to) <= 40 and (way.when is None or len(way.when.field) + len(str(way.when.value)) <= 600)

"""Commands of the catalogue: publish and end versions, give and take competence. All by who manages procedures in the city."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson, must_exist
from thongsuot.kernel.periods import in_force
from thongsuot.kernel.text import day, nfc, one_line, search_key, slug, sort_key
from thongsuot.procedures import content, events, rules
from thongsuot.procedures.catalogue_files import Entry
from thongsuot.procedures.models import Competence, Field, Procedure, ProcedureVersion
from thongsuot.procedures.queries import UnknownProcedure
from thongsuot.units import queries as units

DUTY = "manage procedures"

Progress = Callable[[str, int, int], None]


class VersionFromThatDay(TellPerson):
    """Two versions cannot begin on one day: which of them would hold?"""

    code = "procedures.version_from_that_day"

    def __init__(self, valid_from: date) -> None:
        self.valid_from = valid_from

    def message(self) -> str:
        return _("Đã có một phiên bản bắt đầu từ ngày %(day)s. Hãy chọn ngày khác.") % {"day": day(self.valid_from)}

    def details(self) -> dict[str, object]:
        return {"valid_from": self.valid_from.isoformat()}


class PastStays(TellPerson):
    """What held on a day that is past cannot be changed: dossiers of that day were judged by it."""

    code = "procedures.past_stays"
    says = gettext_lazy("Không đổi được quy định của những ngày đã qua. Hãy chọn ngày hiệu lực từ hôm nay trở đi.")


class CompetenceOverlaps(TellPerson):
    """The same unit (or level) has this power already in part of that time."""

    code = "procedures.competence_overlaps"

    def __init__(self, valid_from: date, valid_to: date | None) -> None:
        self.valid_from, self.valid_to = valid_from, valid_to

    def message(self) -> str:
        if self.valid_to is None:
            return _("Thẩm quyền này đã được giao từ ngày %(begin)s. Hãy chấm dứt lần giao đó trước.") % {
                "begin": day(self.valid_from)
            }
        words = _("Thẩm quyền này đã được giao từ ngày %(begin)s đến trước ngày %(end)s. Hãy chọn thời gian khác.")
        return words % {"begin": day(self.valid_from), "end": day(self.valid_to)}


class CompetenceHasEnded(TellPerson):
    code = "procedures.competence_has_ended"

    def __init__(self, ended_on: date) -> None:
        self.ended_on = ended_on

    def message(self) -> str:
        return _("Thẩm quyền này đã có ngày kết thúc %(day)s. Chỉ có thể chấm dứt sớm hơn ngày đó.") % {
            "day": day(self.ended_on)
        }


@command
def publish_version(
    code: str,
    *,
    draft: rules.Draft,
    valid_from: date,
    city_id: int,
    kind: str = Procedure.Kind.NATIONAL,
    actor: Actor,
    at: datetime,
) -> ProcedureVersion:
    """Publish what a procedure says from a day on; the version that held until then ends. A new code enters the catalogue.

    Dossiers already received keep theirs. The house itself (imports) may fill in days that are past.
    Raises NotYourDuty, BadInput, VersionFromThatDay, PastStays.
    """
    actor.must(DUTY, unit_id=city_id)
    code = one_line(code)
    draft = replace(
        draft,
        name=one_line(draft.name),
        field=one_line(draft.field),
        also_called=one_line(draft.also_called),
        source=nfc(draft.source)[:400],
    )
    problems = rules.check_draft(draft)
    if wrong := rules.check_code(code, kind):
        problems["code"] = wrong
    if problems:
        raise BadInput(problems)
    keys = _keys(code, draft, {draft.field: _field(draft.field)})
    Procedure.objects.get_or_create(code=code, defaults={**keys, "kind": kind})
    procedure = Procedure.objects.select_for_update().get(code=code)

    periods = list(ProcedureVersion.objects.filter(procedure=procedure).order_by("valid_from"))
    if any(version.valid_from == valid_from for version in periods):
        raise VersionFromThatDay(valid_from)
    before = next((v for v in periods if v.valid_from < valid_from and (v.valid_to is None or v.valid_to > valid_from)), None)
    after = next((v for v in periods if v.valid_from > valid_from), None)
    if periods and valid_from < timezone.localtime(at).date() and not actor.trusted:
        raise PastStays
    if before is not None:
        before.valid_to = valid_from
        before.save(update_fields=["valid_to"])
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        number=1 + max((v.number for v in periods), default=0),
        valid_from=valid_from,
        valid_to=after.valid_from if after else None,
        published_at=at,
        published_by_id=actor.person_id,
        published_by_name=actor.name,
        **stored(draft),
    )
    if after is None and periods:
        Procedure.objects.filter(pk=procedure.pk).update(**keys)
    record(
        events.VERSION_PUBLISHED,
        procedure,
        actor=actor,
        at=at,
        unit_id=city_id,
        version=version.pk,
        number=version.number,
        valid_from=valid_from,
    )
    _forget()
    return version


@command
def end_procedure(code: str, *, ends_on: date, basis: str, city_id: int, actor: Actor, at: datetime) -> ProcedureVersion:
    """The procedure is abolished: nothing is received under it from that day on. None may be announced for later.

    Raises NotYourDuty, UnknownProcedure, BadInput, PastStays, VersionFromThatDay (one is announced for that day or later).
    """
    actor.must(DUTY, unit_id=city_id)
    basis = _basis(basis)
    procedure = _locked(code)
    if ends_on < timezone.localtime(at).date():
        raise PastStays
    later = ProcedureVersion.objects.filter(procedure=procedure, valid_from__gte=ends_on).order_by("valid_from").first()
    if later is not None:
        raise VersionFromThatDay(later.valid_from)
    version = ProcedureVersion.objects.filter(in_force(ends_on), procedure=procedure).first()
    if version is None:
        raise UnknownProcedure(code)
    version.valid_to = ends_on
    version.save(update_fields=["valid_to"])
    record(
        events.PROCEDURE_ENDED, procedure, actor=actor, at=at, unit_id=city_id, version=version.pk, ends_on=ends_on, basis=basis
    )
    _forget()
    return version


@command
def grant_competence(
    code: str,
    *,
    city_id: int,
    unit_id: int | None = None,
    level: str = "commune",
    kind: str,
    basis: str,
    basis_is_assumed: bool = False,
    body_kind: str = "people_committee",
    valid_from: date,
    valid_to: date | None = None,
    actor: Actor,
    at: datetime,
) -> Competence:
    """Give a unit, or with `unit_id` None every unit of `level` in the city, the power to resolve a procedure.

    A delegation needs an end (Luật 72/2025/QH15). Raises NotYourDuty, UnknownProcedure, BadInput, CompetenceOverlaps.
    """
    actor.must(DUTY, unit_id=city_id)
    if unit_id is not None:
        unit = units.unit_row(unit_id, as_of=valid_from)
        if units.city_of(unit_id) != city_id:
            raise BadInput({"unit": _("Đơn vị này không thuộc thành phố. Hãy chọn đơn vị khác.")})
        level = "province" if unit.level == "agency" else unit.level  # a department resolves at the city's level
    problems = {}
    if kind not in Competence.Kind.values:
        problems["kind"] = _("Hãy chọn phân quyền, phân cấp hoặc ủy quyền.")
    if level not in ("commune", "province"):
        problems["level"] = _("Thẩm quyền chỉ giao cho cấp xã hoặc cấp tỉnh.")
    if valid_to is not None and valid_to <= valid_from:
        problems["valid_to"] = _("Ngày kết thúc phải sau ngày bắt đầu.")
    if kind == Competence.Kind.DELEGATED and valid_to is None:
        problems["valid_to"] = _("Ủy quyền phải có thời hạn. Hãy ghi ngày kết thúc.")
    if problems:
        raise BadInput(problems)
    basis = _basis(basis)
    procedure = _locked(code)
    holder = Q(unit__isnull=True) if unit_id is None else Q(unit_id=unit_id)
    same = Competence.objects.filter(holder, procedure=procedure, city_id=city_id, level=level)
    for other in same:
        if other.valid_from < (valid_to or date.max) and valid_from < (other.valid_to or date.max):
            raise CompetenceOverlaps(other.valid_from, other.valid_to)
    competence = Competence.objects.create(
        procedure=procedure,
        city_id=city_id,
        unit_id=unit_id,
        level=level,
        kind=kind,
        basis=basis,
        basis_is_assumed=basis_is_assumed,
        body_kind=body_kind,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    _record_grant(competence, actor=actor, at=at)
    _forget()
    return competence


@command
def end_competence(competence_id: int, *, ends_on: date, basis: str, actor: Actor, at: datetime) -> Competence:
    """The power ends before that day. Dossiers received until then are resolved by who received them.

    Raises NotFound, NotYourDuty, BadInput, PastStays, CompetenceHasEnded.
    """
    competence = must_exist(Competence.objects.select_for_update().filter(pk=competence_id).first())
    actor.must(DUTY, unit_id=competence.city_id)
    basis = _basis(basis)
    if ends_on < timezone.localtime(at).date():
        raise PastStays
    if ends_on <= competence.valid_from:
        raise BadInput({"ends_on": _("Ngày kết thúc phải sau ngày bắt đầu.")})
    if competence.valid_to is not None and competence.valid_to <= ends_on:
        raise CompetenceHasEnded(competence.valid_to)
    competence.valid_to = ends_on
    competence.save(update_fields=["valid_to"])
    record(
        events.COMPETENCE_ENDED,
        competence.procedure,
        actor=actor,
        at=at,
        unit_id=competence.city_id,
        competence=competence.pk,
        ends_on=ends_on,
        basis=basis,
    )
    _forget()
    return competence


def stored(draft: rules.Draft) -> dict[str, object]:
    """The columns of a version that come from its draft."""
    return {
        "name": draft.name,
        "also_called": draft.also_called,
        "limit_value": draft.limit.value,
        "limit_unit": draft.limit.unit.value,
        "extension_days": draft.extension_days,
        "papers": content.plain(draft.papers),
        "fee_rules": content.plain(draft.fee_rules),
        "results": content.plain(draft.results),
        "steps": content.plain(draft.process()),
        "form_schema": rules.with_order(draft.form_schema),
        "subjects": sorted(draft.subjects),
        "channels": sorted(draft.channels),
        "fully_online": draft.fully_online,
        "non_boundary": draft.non_boundary,
        "legal_basis": content.plain(draft.legal_basis),
        "decision_number": draft.decision_number,
        "decision_on": draft.decision_on,
        "has_own_process": draft.has_own_process,
        "unverified": sorted(draft.unverified),
        "source": draft.source,
        "source_url": draft.source_url,
    }


def _keys(code: str, draft: rules.Draft, fields: Mapping[str, Field]) -> dict[str, Any]:
    """What the catalogue keeps of the latest version, for lists and search."""
    return {
        "name": draft.name,
        "field": fields[draft.field],
        "sort_name": sort_key(draft.name)[:2100],
        "search_key": f" {search_key(f'{draft.name} {draft.also_called} {code} {draft.field}')}"[:1500],
    }


def _record_grant(right: Competence, *, actor: Actor, at: datetime) -> None:
    record(
        events.COMPETENCE_GRANTED,
        right.procedure,
        actor=actor,
        at=at,
        unit_id=right.city_id,
        competence=right.pk,
        right=right.kind,
        holder=right.unit_id,
        level=right.level,
        basis=right.basis,
        valid_from=right.valid_from,
        valid_to=right.valid_to,
    )


def _field(name: str) -> Field:
    return Field.objects.get_or_create(
        code=slug(name)[:120], defaults={"name": name, "search_name": search_key(name)[:200], "sort_name": sort_key(name)[:420]}
    )[0]


def _locked(code: str) -> Procedure:
    procedure = Procedure.objects.select_for_update().filter(code=one_line(code)).first()
    if procedure is None:
        raise UnknownProcedure(code)
    return procedure


def _basis(text: str) -> str:
    text = one_line(text)
    if not 3 <= len(text) <= 400:
        raise BadInput({"basis": _("Hãy ghi căn cứ: số, ký hiệu và ngày của văn bản, không quá 400 chữ.")})
    return text


def _forget() -> None:
    """Now, for the rest of this command; and again when others can see the change."""
    units.clear_caches()
    transaction.on_commit(units.clear_caches)


@dataclass(kw_only=True)
class LoadReport:
    """What a load of the shipped catalogue added; `known` procedures were there before and are left alone."""

    procedures: int = 0
    versions: int = 0
    competences: int = 0
    known: int = 0


@command
def add_shipped(
    new: Sequence[Entry], without_right: Sequence[Entry], *, city_id: int, actor: Actor, at: datetime, progress: Progress
) -> LoadReport:
    """Many procedures at once, none of which the database has; then the rights of all communes of the city. Few round trips.

    Each leaves the same events as `publish_version` and `grant_competence`. Raises NotYourDuty, BadInput.
    """
    actor.must(DUTY, unit_id=city_id)
    for entry in new:
        for _valid_from, draft in entry.versions:
            if problems := rules.check_draft(draft):
                raise BadInput({f"{entry.code}.{part}": sentence for part, sentence in problems.items()})
    fields = {name: _field(name) for name in {entry.versions[-1][1].field for entry in new}}
    Procedure.objects.bulk_create(
        [
            Procedure(code=entry.code, kind=Procedure.Kind.NATIONAL, **_keys(entry.code, entry.versions[-1][1], fields))
            for entry in new
        ]
    )
    procedures = Procedure.objects.in_bulk([entry.code for entry in [*new, *without_right]], field_name="code")
    versions = ProcedureVersion.objects.bulk_create(
        [
            ProcedureVersion(
                procedure=procedures[entry.code],
                number=number,
                valid_from=valid_from,
                valid_to=following,
                published_at=at,
                published_by_id=actor.person_id,
                published_by_name=actor.name,
                **stored(draft),
            )
            for entry in new
            for number, valid_from, following, draft in _in_turn(entry)
        ]
    )
    rights = Competence.objects.bulk_create(
        [
            Competence(
                procedure=procedures[entry.code],
                city_id=city_id,
                level="commune",
                kind=entry.right.kind,
                basis=entry.right.basis,
                basis_is_assumed=entry.right.basis_is_assumed,
                body_kind=entry.right.body_kind,
                valid_from=entry.right.valid_from,
            )
            for entry in without_right
        ]
    )
    for done, version in enumerate(versions, start=1):
        record(
            events.VERSION_PUBLISHED,
            version.procedure,
            actor=actor,
            at=at,
            unit_id=city_id,
            version=version.pk,
            number=version.number,
            valid_from=version.valid_from,
        )
        progress(_("thủ tục"), done, len(versions))
    for done, right in enumerate(rights, start=1):
        _record_grant(right, actor=actor, at=at)
        progress(_("thẩm quyền"), done, len(rights))
    _forget()
    return LoadReport(procedures=len(new), versions=len(versions), competences=len(rights))


def _in_turn(entry: Entry) -> Iterator[tuple[int, date, date | None, rules.Draft]]:
    """Number, first day, first day of the next version, content."""
    ends = [*(valid_from for valid_from, _draft in entry.versions[1:]), None]
    for number, ((valid_from, draft), following) in enumerate(zip(entry.versions, ends, strict=True), start=1):
        yield number, valid_from, following, draft

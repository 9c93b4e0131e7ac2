"""Pending dossiers of the old software are taken in as they are: code, dates, owner, stage. Then they go on here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers import events, rules
from thongsuot.dossiers.models import (
    Channel,
    Component,
    Dossier,
    FeeDue,
    Pause,
    Result,
    Status,
    StepRun,
    SupplementRequest,
    TallyChange,
)
from thongsuot.dossiers.old_software import OldDossier, Stage
from thongsuot.dossiers.queries.settings import setting
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson
from thongsuot.kernel.text import search_key
from thongsuot.kernel.working_time import VIET_NAM, WorkingCalendar, add_working_days
from thongsuot.procedures import queries as procedures
from thongsuot.units import queries as units

DUTY = "steer changeover"
PAPER = "ho-so-cu"  # what the old unit took, by name only: its scans are in the old software


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """`known`: codes that were here already, from a list that was sent before: nothing was done with them."""

    made: list[int]
    known: list[str]


@command
def take_in(
    rows: Sequence[OldDossier], *, city_id: int, unit_ids: Mapping[str, int], catalogue_on: datetime, actor: Actor, at: datetime
) -> TakenIn:
    """Write them as held by their old units; a changeover then gives them to the successors. All or none; again is safe.

    unit_ids      {old code: ended unit}
    catalogue_on  whose procedures they go on by: those of the day the new units begin
    Old dates stay: received, promised, waiting since. Nobody is told: their owners hear of the move, once.
    Raises NotYourDuty, BadInput by "place.field": unknown unit or procedure, a code twice.
    """
    actor.must(DUTY, unit_id=city_id)
    known = set(Dossier.objects.filter(code__in=[row.code for row in rows]).values_list("code", flat=True))
    versions: dict[str, procedures.VersionView | None] = {}
    problems: dict[str, str] = {}
    seen: dict[str, int] = {}
    day = catalogue_on.date()
    for place, row in enumerate(rows):
        if row.unit_code not in unit_ids:
            problems[f"{place}.unit"] = _("Không phải đơn vị kết thúc theo quyết định này.")
        if row.procedure not in versions:
            versions[row.procedure] = _version(row.procedure, day)
        if versions[row.procedure] is None:
            problems[f"{place}.procedure"] = _("Danh mục không có thủ tục này.")
        if row.code in seen:
            problems[f"{place}.code"] = _("Trùng mã với dòng thứ %(place)s.") % {"place": seen[row.code] + 1}
        seen.setdefault(row.code, place)
    if problems:
        raise BadInput(problems)
    calendar = units.working_calendar(city_id, on=day)
    writer = _Writer(calendar, actor=actor, at=at)
    for row in rows:
        if row.code not in known:
            version = versions[row.procedure]
            assert version is not None  # refused above
            writer.add(row, version, unit_ids[row.unit_code])
    return TakenIn(made=writer.write(), known=sorted(row.code for row in rows if row.code in known))


def _version(code: str, day: date) -> procedures.VersionView | None:
    try:
        return procedures.version_in_force(code, on=day)
    except TellPerson:
        return None


class _Writer:
    """Rows of all tables, written together."""

    def __init__(self, calendar: WorkingCalendar, *, actor: Actor, at: datetime) -> None:
        self.calendar, self.actor, self.at = calendar, actor, at
        self.rows: list[tuple[OldDossier, procedures.VersionView, Dossier]] = []

    def add(self, row: OldDossier, version: procedures.VersionView, unit_id: int) -> None:
        due = max(row.due_at or self._close_of(row.due_on), row.received_at)
        share = setting("warn_share_percent", on=timezone.localdate(self.at))
        status = {Stage.WORKING: Status.PROCESSING, Stage.WAITING: Status.SUPPLEMENT_REQUESTED, Stage.RESULT: Status.RESOLVED}
        result_at = None
        if row.stage == Stage.RESULT and row.result_on is not None:
            result_at = max(datetime.combine(row.result_on, time(16), row.received_at.tzinfo), row.received_at)
        self.rows.append(
            (
                row,
                version,
                Dossier(
                    code=row.code,
                    version_id=version.id,
                    procedure_id=version.procedure_id,
                    receiving_unit_id=unit_id,
                    resolving_unit_id=unit_id,
                    channel=Channel.COUNTER,
                    status=status[row.stage],
                    owner_name=row.owner_name,
                    owner_search=search_key(row.owner_name),
                    owner_id_number=row.owner_id_number,
                    owner_phone=row.owner_phone,
                    owner_address=row.owner_address,
                    received_at=row.received_at,
                    due_at=due,
                    warn_at=rules.warning(row.received_at, due, version.limit, self.calendar, share=share),
                    paused_at=row.waiting_since if row.stage == Stage.WAITING else None,
                    resolved_at=result_at,
                    step_no=self._step(row, version),
                    supplement_count=1 if row.stage == Stage.WAITING else 0,
                ),
            )
        )

    def _close_of(self, day: date) -> datetime:
        """The list gives a day: until its office hours end; on a day off it stays that day, at five."""
        if self.calendar.works(day):
            return self.calendar.closing(day)
        return datetime.combine(day, time(17), VIET_NAM)

    @staticmethod
    def _step(row: OldDossier, version: procedures.VersionView) -> int:
        """The first step after reception; a result that waits is at the hand-back."""
        duties = [step.duty for step in version.steps]
        if row.stage == Stage.RESULT and "hand back results" in duties:
            return duties.index("hand back results")
        return min(1, len(duties) - 1)

    def write(self) -> list[int]:
        made = Dossier.objects.bulk_create([dossier for _row, _version, dossier in self.rows], batch_size=1_000)
        runs, papers, fees, pauses, supplements, results, tallies = [], [], [], [], [], [], []
        for row, version, dossier in self.rows:
            step = version.steps[dossier.step_no or 0]
            runs.append(
                StepRun(
                    dossier=dossier,
                    number=1,
                    step_no=dossier.step_no or 0,
                    step_key=step.key,
                    name=step.name,
                    duty=step.duty,
                    minutes=step.minutes,
                    started_at=self.at,
                )
            )
            papers += [
                Component(dossier=dossier, paper_code=PAPER, name=name, how=Component.How.SHOWN, added_at=row.received_at)
                for name in row.papers
            ]
            if row.paid_dong:
                fees.append(
                    FeeDue(
                        dossier=dossier,
                        code=PAPER,
                        name="Phí, lệ phí đã nộp ở đơn vị cũ",
                        kind="fee",
                        amount_dong=row.paid_dong,
                        how="Theo bảng kê của đơn vị cũ",
                        paid_at=row.received_at,
                        collected_by_name=row.unit_code,
                    )
                )
            if row.stage == Stage.WAITING and row.waiting_since is not None:
                pauses.append(
                    Pause(dossier=dossier, status=dossier.status, starts_at=row.waiting_since, due_before=dossier.due_at)
                )
                supplements.append(self._supplement(row, dossier))
            if row.stage == Stage.RESULT:
                results.append(self._result(row, version, dossier))
            tallies.append(self._tally(dossier))
        StepRun.objects.bulk_create(runs, batch_size=1_000)
        Component.objects.bulk_create(papers, batch_size=1_000)
        FeeDue.objects.bulk_create(fees, batch_size=1_000)
        Pause.objects.bulk_create(pauses, batch_size=1_000)
        SupplementRequest.objects.bulk_create(supplements, batch_size=1_000)
        Result.objects.bulk_create(results, batch_size=1_000)
        TallyChange.objects.bulk_create(tallies, batch_size=1_000)
        for row, version, dossier in self.rows:
            record(
                events.TAKEN_IN,
                dossier,
                actor=self.actor,
                at=self.at,
                unit_id=dossier.resolving_unit_id,
                code=row.code,
                procedure=version.code,
                version=version.id,
                received_at=dossier.received_at,
                due_at=dossier.due_at,
                status=int(dossier.status),
                step=row.step,
                kept=row.result_place,
            )
        return [dossier.pk for dossier in made]

    def _supplement(self, row: OldDossier, dossier: Dossier) -> SupplementRequest:
        """Asked by the old unit; the time to answer begins anew where it would be over: nobody is stopped by the move."""
        assert row.waiting_since is not None  # read_row
        today = timezone.localdate(self.at)
        until = self.calendar.closing(add_working_days(today, setting("supplement_days", on=today), self.calendar))
        return SupplementRequest(
            dossier=dossier,
            slip_number=0,
            items=[row.waiting_for],
            requested_at=row.waiting_since,
            requested_by_name=units.unit_row(dossier.resolving_unit_id, as_of=timezone.localdate(row.received_at)).full_name,
            answer_until=max(until, row.waiting_since + timedelta(days=1)),
            status_before=Status.PROCESSING,
        )

    def _result(self, row: OldDossier, version: procedures.VersionView, dossier: Dossier) -> Result:
        """On paper; where it is kept stands in the history. Its number is of a register of paper, so it stands in its title."""
        assert dossier.resolved_at is not None  # a result has its day
        return Result(
            dossier=dossier,
            title=f"{version.name[:240]}, số {row.result_number}"[:300],
            drafted_at=dossier.resolved_at,
            drafted_by_name=row.signer_name,
            signed_at=dossier.resolved_at,
            signer_name=row.signer_name,
            issued_on=row.result_on,
        )

    def _tally(self, dossier: Dossier) -> TallyChange:
        assert dossier.received_at is not None
        assert dossier.due_at is not None
        on_time = None if dossier.resolved_at is None else rules.resolved_on_time(dossier.resolved_at, dossier.due_at)
        return TallyChange(
            day=timezone.localdate(dossier.received_at),
            unit_id=dossier.resolving_unit_id,
            channel=dossier.channel,
            status=dossier.status,
            on_time=on_time,
            change=1,
        )

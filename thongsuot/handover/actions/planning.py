"""A changeover is opened, its plan previewed, and what no rule decides is decided by a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import islice

from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from thongsuot.handover import events, rules
from thongsuot.handover.actions.common import locked, silent
from thongsuot.handover.actions.errors import CannotReceive, SomethingMoved
from thongsuot.handover.models import Changeover, Transfer, TransferCount
from thongsuot.handover.planning import SLICE, PlanHash, Planned, Progress, walk
from thongsuot.handover.queries import transfers as queries
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, NotFound, must_exist
from thongsuot.kernel.text import one_line
from thongsuot.units import queries as units
from thongsuot.units.heirs import Rule
from thongsuot.units.models import Decision, Unit
from thongsuot.units.moves import in_order

_TABLE = """
CREATE TEMP TABLE planned (
  kind varchar(40), subject_id bigint, label varchar(80), about varchar(40), from_unit_id bigint, to_unit_id bigint,
  rule varchar(10), candidates bigint[]
) ON COMMIT DROP
"""
_COLUMNS = "kind, subject_id, label, about, from_unit_id, to_unit_id, rule, candidates"
# What moved already is not held any more, so it is not among what was found; should it be, it came back and is planned anew.
_PUT = f"""
INSERT INTO handover_transfer AS t (changeover_id, {_COLUMNS}, chosen_by_name, chosen_why)
SELECT %(changeover)s, {_COLUMNS}, '', '' FROM planned
ON CONFLICT (changeover_id, kind, subject_id) DO UPDATE SET
  label = excluded.label, about = excluded.about, from_unit_id = excluded.from_unit_id, to_unit_id = excluded.to_unit_id,
  rule = excluded.rule, candidates = excluded.candidates, moved_at = NULL, was = NULL, gone_at = NULL
WHERE (t.from_unit_id, t.to_unit_id, t.rule, t.candidates, t.moved_at, t.gone_at)
      IS DISTINCT FROM (excluded.from_unit_id, excluded.to_unit_id, excluded.rule, excluded.candidates, NULL, NULL)
"""  # noqa: S608 - of constants of this file alone
_VANISHED = """
  FROM handover_transfer t LEFT JOIN planned p ON p.kind = t.kind AND p.subject_id = t.subject_id
 WHERE t.changeover_id = %(changeover)s AND t.moved_at IS NULL AND t.gone_at IS NULL AND p.kind IS NULL
"""


MOST_DUE_DAYS = 60


@command
def open_changeover(decision_id: int, *, actor: Actor, at: datetime) -> Changeover:
    """Begin the changeover of an approved decision; asked again, the one that is there.

    Raises NotFound, NotYourDuty, BadInput.
    """
    decision = must_exist(Decision.objects.select_for_update().filter(pk=decision_id).first())
    ended = queries.ended_by(decision)
    if decision.state != Decision.State.APPROVED or not ended:
        raise BadInput({"decision": _("Chỉ mở đợt chuyển giao cho quyết định đã duyệt có đơn vị kết thúc.")})
    city_id = units.keeper_of(units.city_of(min(ended)), on=decision.effective_on)
    actor.must(rules.DUTY, unit_id=city_id)
    changeover, _made = Changeover.objects.get_or_create(
        decision=decision,
        defaults={"city_id": city_id, "effective_on": decision.effective_on},
    )
    record(events.CHANGEOVER_OPENED, changeover, actor=actor, at=at, unit_id=city_id, units=len(ended), again=not _made)
    return changeover


@command
def set_due_rule(changeover_id: int, *, days: int, basis: str, actor: Actor, at: datetime) -> Changeover:
    """By the decision, promises made for pending dossiers are kept so many working days later; 0: every date stays.

    Only before anything moved, and a new preview is needed then.
    Raises NotFound, NotYourDuty, ChangeoverClosed, AlreadyRunning, BadInput.
    """
    changeover = locked(changeover_id, actor)
    basis = one_line(basis)[:300]
    problems = {}
    if not 0 <= days <= MOST_DUE_DAYS:
        problems["days"] = _("Số ngày làm việc từ 0 đến %(most)s.") % {"most": MOST_DUE_DAYS}
    if days and not basis:
        problems["basis"] = _("Hãy ghi văn bản nào cho lùi ngày hẹn.")
    if changeover.run_hash or Transfer.objects.filter(changeover=changeover, moved_at__isnull=False).exists():
        problems["days"] = _("Đã chuyển rồi nên không đổi quy tắc ngày hẹn được nữa.")
    if problems:
        raise BadInput(problems)
    changeover.due_days, changeover.due_basis = days, basis if days else ""
    changeover.plan_hash = ""  # whoever saw the preview saw other dates
    changeover.save(update_fields=["due_days", "due_basis", "plan_hash"])
    record(events.DUE_RULE_SET, changeover, actor=actor, at=at, unit_id=changeover.city_id, days=days, basis=basis)
    return changeover


@command
def plan(changeover_id: int, *, actor: Actor, at: datetime, progress: Progress = silent) -> Changeover:
    """Preview: where each thing that is still held goes, kept as transfers. Nothing moves. A person's choices stay.

    Before the instant it may be made as often as one likes; what ended since the last one is then forgotten. From the instant
    on it is noted as gone, for counts must add up.
    Raises NotFound, NotYourDuty, ChangeoverClosed, AlreadyRunning.
    """
    changeover = locked(changeover_id, actor)
    digest = PlanHash(due_days=changeover.due_days)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS planned")
        cursor.execute(_TABLE)
        found = fresh(changeover, progress)
        # The walk asks the database in between: rows go in by handfuls.
        while some := list(islice(found, SLICE)):
            with cursor.copy(f"COPY planned ({_COLUMNS}) FROM STDIN") as copy:
                for one in some:
                    digest.take(one)
                    copy.write_row(_row(one))
        cursor.execute("CREATE INDEX ON planned (kind, subject_id)")
        cursor.execute("ANALYZE planned")
        about: dict[str, int | datetime | None] = {"changeover": changeover.pk, "at": at}
        if rules.in_force(changeover.effective_on, at):
            cursor.execute(
                f"UPDATE handover_transfer SET gone_at = %(at)s WHERE id IN (SELECT t.id {_VANISHED})",  # noqa: S608
                about,
            )
        else:
            cursor.execute(f"DELETE FROM handover_transfer WHERE id IN (SELECT t.id {_VANISHED})", about)  # noqa: S608
        cursor.execute(_PUT, about)
    if rules.in_force(changeover.effective_on, at):
        note_counts(changeover)
    changeover.plan_hash, changeover.planned_at = digest.value, at
    changeover.save(update_fields=["plan_hash", "planned_at"])
    record(
        events.PLANNED,
        changeover,
        actor=actor,
        at=at,
        unit_id=changeover.city_id,
        hash=digest.value,
        things=digest.things,
    )
    return changeover


def note_counts(changeover: Changeover) -> None:
    """What each unit holds, as the capabilities count it, and what went out of its hands before: later sums must equal it."""
    ended = queries.ended_by(changeover.decision)
    done = Transfer.objects.filter(changeover=changeover).exclude(moved_at=None, gone_at=None)
    held: Counter[tuple[str, int]] = Counter()
    for kind, unit_id, count in done.order_by().values_list("kind", "from_unit_id").annotate(n=Count("id")):
        held[kind, unit_id] += count
    for holding in in_order():
        for unit_id, count in holding.count(ended).items():
            held[holding.key, unit_id] += count
    TransferCount.objects.bulk_create(
        (
            TransferCount(changeover=changeover, kind=kind, from_unit_id=unit_id, held=count)
            for (kind, unit_id), count in held.items()
        ),
        update_conflicts=True,
        unique_fields=["changeover", "kind", "from_unit"],
        update_fields=["held"],
        batch_size=2_000,
    )


def _row(one: Planned) -> tuple[object, ...]:
    thing, choice = one.thing, one.choice
    return (
        one.kind,
        thing.id,
        thing.label[:80],
        thing.about[:40],
        thing.unit_id,
        choice.to_unit_id,
        choice.rule.value,
        list(choice.candidates),
    )


@command
def forget_plan(changeover_id: int, *, actor: Actor, at: datetime) -> Changeover:
    """Throw the preview away with all that people chose in it, so that its decision may be withdrawn and drafted anew.

    Raises NotFound, NotYourDuty, ChangeoverClosed, AlreadyRunning, SomethingMoved.
    """
    changeover = locked(changeover_id, actor)
    rows = Transfer.objects.filter(changeover=changeover)
    if rows.exclude(moved_at=None).exists() or changeover.items.exists():
        raise SomethingMoved
    count, _kinds = rows.delete()
    TransferCount.objects.filter(changeover=changeover).delete()
    changeover.plan_hash, changeover.run_hash, changeover.planned_at = "", "", None
    changeover.go_at, changeover.go_by_name, changeover.go_basis = None, "", ""
    changeover.save(update_fields=["plan_hash", "run_hash", "planned_at", "go_at", "go_by_name", "go_basis"])
    record(events.PLAN_FORGOTTEN, changeover, actor=actor, at=at, unit_id=changeover.city_id, things=count)
    return changeover


def fresh(changeover: Changeover, progress: Progress = silent) -> Iterator[Planned]:
    """What a preview made now would say."""
    return walk(
        queries.ended_by(changeover.decision),
        day=changeover.effective_on,
        city_id=changeover.city_id,
        chosen=lambda kind, unit_id: queries.chosen_by_people(changeover.pk, kind, unit_id),
        progress=progress,
    )


@command
def choose(
    changeover_id: int, transfer_ids: Collection[int], *, to_unit_id: int, why: str = "", actor: Actor, at: datetime
) -> int:
    """A person says where things go that no rule decides, or that a rule sent to the wrong place. Returns how many.

    What moved already stays. The plan's hash changes with it.
    Raises NotFound, NotYourDuty, ChangeoverClosed, AlreadyRunning, CannotReceive.
    """
    changeover = locked(changeover_id, actor)
    rows = list(
        Transfer.objects.select_for_update().filter(
            changeover=changeover, pk__in=list(transfer_ids), moved_at=None, gone_at=None
        )
    )
    if not rows:
        raise NotFound
    for from_unit in {row.from_unit_id for row in rows}:
        must_be_able_to_receive(from_unit, to_unit_id, changeover)
    why = one_line(why)[:300]
    for row in rows:
        row.to_unit_id, row.rule, row.chosen_by_name, row.chosen_why = to_unit_id, Rule.PERSON, actor.name, why
    Transfer.objects.bulk_update(rows, ["to_unit", "rule", "chosen_by_name", "chosen_why"], batch_size=1000)
    changeover.plan_hash = queries.stored_hash(changeover) if changeover.plan_hash else ""
    changeover.save(update_fields=["plan_hash"])
    record(
        events.CHOSEN,
        changeover,
        actor=actor,
        at=at,
        unit_id=changeover.city_id,
        to_unit=to_unit_id,
        things=len(rows),
        first=[row.pk for row in rows[:20]],
    )
    return len(rows)


def must_be_able_to_receive(from_unit: int, to_unit: int, changeover: Changeover) -> None:
    """A successor, the city, or an agency of the city. Raises CannotReceive."""
    day = changeover.effective_on
    heirs = queries.heirs_of(from_unit, day)
    if to_unit in heirs or to_unit == changeover.city_id:
        return
    unit = Unit.objects.filter(pk=to_unit, level=Unit.Level.AGENCY, valid_to=None).first()
    if unit is None or units.city_of(to_unit) != changeover.city_id:
        raise CannotReceive

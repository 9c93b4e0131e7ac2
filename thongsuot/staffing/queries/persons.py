"""Persons and their placements as lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.text import search_key
from thongsuot.staffing.models import LeaveCase, Placement, StaffImport, StaffMember
from thongsuot.staffing.models.leaving import Stage
from thongsuot.staffing.models.persons import State
from thongsuot.staffing.queries.seen import members_seen, own_rows, placements_seen
from thongsuot.staffing.rules import WITH_POST
from thongsuot.units import queries as units


def due_placements(*, at: datetime) -> list[int]:
    """Decided, their day has come, and nothing is known to be in the way. Oldest day first."""
    due = Placement.objects.filter(status=Placement.Status.DECIDED, effective_on__lte=timezone.localdate(at), trouble="")
    return list(due.order_by("effective_on", "pk").values_list("pk", flat=True))


@dataclass(frozen=True, kw_only=True)
class MemberRow:
    id: int
    full_name: str
    unit: str
    position: str
    state: str
    state_label: str
    has_account: bool
    run_out: bool
    placement_open: bool


RUN_OUT = "het-han"  # the filter for those whose secondment or contract has run out


def _members(actor: Actor, *, on: date, words: str, state: str, unit_id: int | None) -> QuerySet[StaffMember]:
    found = StaffMember.objects.filter(members_seen(actor))
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    if state == RUN_OUT:
        found = found.filter(state__in=WITH_POST, until__lte=on)
    if state in State.values:
        found = found.filter(state=state)
    for word in search_key(words).split():
        found = found.filter(search_name__contains=word)
    return found


def member_count(actor: Actor, *, on: date, words: str = "", state: str = "", unit_id: int | None = None) -> int:
    return _members(actor, on=on, words=words, state=state, unit_id=unit_id).count()


def members(
    actor: Actor, *, on: date, words: str = "", state: str = "", unit_id: int | None = None, limit: int, offset: int = 0
) -> list[MemberRow]:
    """In Vietnamese order of names. Two queries."""
    opened = Placement.objects.filter(member=OuterRef("pk"), status__in=Placement.OPEN)
    found = list(
        _members(actor, on=on, words=words, state=state, unit_id=unit_id)
        .select_related("position")
        .annotate(placement_open=Exists(opened))
        .order_by("sort_name", "pk")[offset : offset + limit]
    )
    names = units.unit_rows({one.unit_id for one in found}, as_of=on)
    return [
        MemberRow(
            id=one.pk,
            full_name=one.full_name,
            unit=names[one.unit_id].full_name,
            position=one.position.name if one.position else one.old_title,
            state=one.state,
            state_label=one.get_state_display(),
            has_account=one.person_id is not None,
            run_out=ended_on(one, on=on) is not None,
            placement_open=one.placement_open,
        )
        for one in found
    ]


@dataclass(frozen=True, kw_only=True)
class PlacementRow:
    id: int
    name: str
    becomes: str
    to: str
    post: str
    effective_on: date
    status: str
    status_label: str
    party_managed: bool
    sides: tuple[str, ...]
    trouble: str


def _placements(actor: Actor, status: str) -> QuerySet[Placement]:
    found = Placement.objects.filter(placements_seen(actor))
    if status == "mo":
        return found.filter(status__in=Placement.OPEN)
    return found.filter(status=status) if status in Placement.Status.values else found


def placement_count(actor: Actor, *, status: str = "") -> int:
    return _placements(actor, status).distinct().count()


def placements(actor: Actor, *, on: date, status: str = "", limit: int, offset: int = 0) -> list[PlacementRow]:
    """The nearest days first among the open ones, then the latest. Three queries."""
    found = list(
        _placements(actor, status)
        .select_related("member", "to_body", "position")
        .prefetch_related("approvals")
        .distinct()
        .order_by("-effective_on", "-pk")[offset : offset + limit]
    )
    return [placement_row(one, on=on) for one in found]


def placement_row(one: Placement, *, on: date) -> PlacementRow:
    return PlacementRow(
        id=one.pk,
        name=one.member.full_name,
        becomes=one.get_becomes_display(),
        to=place_name(one, on=on),
        post=one.position.name if one.position else one.title,
        effective_on=one.effective_on,
        status=one.status,
        status_label=one.get_status_display(),
        party_managed=one.party_managed,
        sides=tuple(approval.get_side_display() for approval in one.approvals.all()),
        trouble=one.trouble,
    )


def place_name(one: Placement, *, on: date) -> str:
    """'Văn phòng HĐND và UBND, Phường Sông'."""
    if one.to_body is None:
        return ""
    return f"{one.to_body.name}, {units.unit_row(one.to_body.unit_id, as_of=max(on, one.effective_on)).full_name}"


def placements_of(member: StaffMember, *, on: date) -> list[PlacementRow]:
    found = member.placements.select_related("member", "to_body", "position").prefetch_related("approvals").order_by("-pk")
    return [placement_row(one, on=on) for one in found]


def ended_on(member: StaffMember, *, on: date) -> date | None:
    """The day on which the time of a secondment or a contract ran out, while nothing new is decided."""
    return member.until if member.state in WITH_POST and member.until is not None and member.until <= on else None


@dataclass(frozen=True, kw_only=True)
class ImportRow:
    id: int
    at: datetime
    by_name: str
    rows: int
    withdrawn: bool
    may_go: bool


def imports_of(city_id: int, *, most: int = 20) -> list[ImportRow]:
    """Lists of persons that came in, the newest first; whether nothing was done with anyone of them. One query."""
    busy = StaffMember.objects.filter(
        Exists(Placement.objects.filter(member=OuterRef("pk"))) | Exists(LeaveCase.objects.filter(member=OuterRef("pk"))),
        source=OuterRef("pk"),
    )
    found = StaffImport.objects.filter(kind=StaffImport.Kind.MEMBERS, city_id=city_id).annotate(busy=Exists(busy))
    return [
        ImportRow(
            id=one.pk,
            at=one.at,
            by_name=one.by_name,
            rows=one.rows,
            withdrawn=one.withdrawn_at is not None,
            may_go=one.withdrawn_at is None and not one.busy,
        )
        for one in found.order_by("-pk")[:most]
    ]


def leave_cases_of(member: StaffMember) -> list[LeaveCase]:
    return list(member.leave_cases.order_by("-pk"))


def own_member(person_id: int | None) -> StaffMember | None:
    """The row of whoever asks: tied to the account, or of its address and name; never by a name alone."""
    if person_id is None:
        return None
    return StaffMember.objects.select_related("position").filter(own_rows(person_id)).order_by("person_id").first()


# -- the pool ----------------------------------------------------------------------------------------------------------

# Asked for or settled: whoever stays after all has withdrawn it, or was refused.
LEAVING = ~Q(stage__in=[Stage.WITHDRAWN, Stage.REFUSED])


def all_waiting() -> QuerySet[StaffMember]:
    """Those without a place who are not about to leave: who asked to leave, or only waits for the day, is no surplus."""
    leaving = LeaveCase.objects.filter(LEAVING, member=OuterRef("pk"))
    return StaffMember.objects.filter(state=State.WAITING).exclude(Exists(leaving))


def waiting(actor: Actor) -> QuerySet[StaffMember]:
    """The pool, as far as this actor sees it."""
    return all_waiting().filter(members_seen(actor))


@dataclass(frozen=True, kw_only=True)
class PoolFigures:
    """Everyone who was ever in the pool is in exactly one of these: total = placed + gone + leaving + remaining."""

    total: int
    placed: int
    gone: int
    leaving: int
    remaining: int


def pool_figures(actor: Actor) -> PoolFigures:
    """Three queries."""
    ever = StaffMember.objects.filter(members_seen(actor), waiting_since__isnull=False)
    by_state: dict[str, int] = {}
    for state in ever.values_list("state", flat=True):
        by_state[state] = by_state.get(state, 0) + 1
    remaining = waiting(actor).count()
    gone = by_state.get(State.EARLY_RETIREMENT, 0) + by_state.get(State.LEAVES, 0)
    still = by_state.get(State.WAITING, 0)
    total = sum(by_state.values())
    return PoolFigures(total=total, placed=total - gone - still, gone=gone, leaving=still - remaining, remaining=remaining)

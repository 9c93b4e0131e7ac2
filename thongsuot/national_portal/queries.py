"""Reads of the sync: what is not told yet and why, how each unit gets through, what the index counts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers.models import Dossier, Status
from thongsuot.kernel.actor import Actor
from thongsuot.national_portal import rules
from thongsuot.national_portal.actions import DUTY
from thongsuot.national_portal.models import Lane, UnitAccess
from thongsuot.units import queries as units


@dataclass(frozen=True, kw_only=True)
class LaneRow:
    """One dossier not told to the end. `error`: what the portal said, without numbers of people."""

    dossier_id: int
    code: str
    unit: str
    trouble: str
    reason: str
    error_code: str
    error: str
    state: str
    state_label: str
    since: datetime
    attempts: int
    next_try_at: datetime | None
    may_resend: bool


REASONS = ("refused", "unfit", "damaged", "network", "off", "turn")


def reason_labels() -> dict[str, str]:
    return {
        "refused": str(Lane.Trouble.REFUSED.label),
        "unfit": str(Lane.Trouble.UNFIT.label),
        "damaged": str(Lane.Trouble.DAMAGED.label),
        "network": str(Lane.Trouble.NETWORK.label),
        "off": _("Đơn vị đang tạm dừng"),
        "turn": str(Lane.Trouble.NONE.label),
    }


def visible(actor: Actor) -> QuerySet[Lane]:
    """Lanes of the units this actor looks after."""
    lanes = Lane.objects.exclude(state=Lane.State.IDLE)
    return lanes if actor.trusted else lanes.filter(unit_id__in=actor.units_for(DUTY))


def _off() -> list[int]:
    return list(UnitAccess.objects.filter(off_since__isnull=False).values_list("unit_id", flat=True))


def _because(lanes: QuerySet[Lane], reason: str, off: Collection[int]) -> QuerySet[Lane]:
    if reason == "off":
        return lanes.filter(unit_id__in=off).exclude(state=Lane.State.HELD)
    if reason == "turn":
        return lanes.filter(trouble="").exclude(unit_id__in=off)
    if reason == "network":
        return lanes.filter(trouble="network").exclude(unit_id__in=off)
    return lanes.filter(trouble=reason) if reason else lanes


def open_counts(actor: Actor, *, unit_id: int | None = None) -> dict[str, int]:
    """Reason -> dossiers not told to the end. Two queries."""
    off = _off()
    lanes = visible(actor)
    if unit_id is not None:
        lanes = lanes.filter(unit_id=unit_id)
    found: dict[str, int] = lanes.aggregate(
        refused=Count("pk", filter=Q(trouble="refused")),
        unfit=Count("pk", filter=Q(trouble="unfit")),
        damaged=Count("pk", filter=Q(trouble="damaged")),
        network=Count("pk", filter=Q(trouble="network") & ~Q(unit_id__in=off)),
        off=Count("pk", filter=Q(unit_id__in=off) & ~Q(state="held")),
        turn=Count("pk", filter=Q(trouble="") & ~Q(unit_id__in=off)),
    )
    return {reason: found[reason] for reason in REASONS}


def open_lanes(
    actor: Actor, *, reason: str = "", unit_id: int | None = None, limit: int, offset: int = 0, now: datetime
) -> list[LaneRow]:
    """Longest waiting first; what people must look at before what waits. Two queries, and names of units from memory."""
    off = _off()
    lanes = _because(visible(actor), reason, off)
    if unit_id is not None:
        lanes = lanes.filter(unit_id=unit_id)
    found = lanes.select_related("dossier").order_by("waiting_since", "pk")[offset : offset + limit]
    return [_row(lane, off=off, now=now) for lane in found]


def _row(lane: Lane, *, off: Collection[int], now: datetime) -> LaneRow:
    trouble = lane.trouble if lane.state == Lane.State.HELD or lane.unit_id not in off else "off"
    reason = reason_labels()[trouble or "turn"]
    if trouble == "network" and lane.error_code == rules.UNFORESEEN:
        reason = _("Lỗi ở hệ thống này, không phải ở Cổng. Hãy báo người vận hành xem nhật ký")
    elif trouble == "network" and lane.error_code in rules.FAULTS:
        reason = _("%(reason)s: %(fault)s") % {"reason": reason, "fault": rules.FAULTS[lane.error_code]}
    return LaneRow(
        dossier_id=lane.dossier_id,
        code=str(lane.dossier),
        unit=units.unit_row(lane.unit_id, as_of=timezone.localdate(now)).full_name,
        trouble=trouble or "turn",
        reason=reason,
        error_code=lane.error_code if trouble == "refused" else "",
        error=lane.error,
        state=lane.state,
        state_label=str(Lane.State(lane.state).label),
        since=lane.waiting_since or now,
        attempts=lane.attempts,
        next_try_at=lane.next_try_at if lane.state == Lane.State.WAITING and trouble != "off" else None,
        may_resend=lane.state == Lane.State.HELD or trouble == "network",
    )


@dataclass(frozen=True, kw_only=True)
class AccessRow:
    """How one unit gets through to the portal. state: ok, failing, alarm, off, unknown."""

    unit_id: int
    unit: str
    sort_name: str
    state: str
    words: str
    last_ok_at: datetime | None
    since: datetime | None
    faults: int
    waiting: int
    held: int
    oldest: datetime | None
    off_reason: str
    may_switch: bool


_ORDER = {"alarm": 0, "failing": 1, "off": 2, "unknown": 4, "ok": 3}


def access_rows(actor: Actor, *, now: datetime) -> list[AccessRow]:
    """Every unit of the actor that has anything to do with the portal: alarms first. Two queries."""
    mine = actor.units_for(DUTY)
    queued: dict[int, dict[str, object]] = {
        row["unit_id"]: dict(row)
        for row in visible(actor)
        .values("unit_id")
        .annotate(
            waiting=Count("pk", filter=Q(state="waiting")),
            held=Count("pk", filter=Q(state="held")),
            oldest=Min("waiting_since"),
        )
        .order_by()
    }
    known = {access.unit_id: access for access in UnitAccess.objects.filter(unit_id__in=mine)}
    rows = [
        _access_row(unit_id, known.get(unit_id), queued.get(unit_id, {}), actor=actor, now=now)
        for unit_id in sorted(queued.keys() | known.keys())
    ]
    return sorted(rows, key=lambda row: (_ORDER[row.state], -row.waiting - row.held, row.sort_name))


def access_of(unit_id: int, *, actor: Actor, now: datetime) -> AccessRow:
    access = UnitAccess.objects.filter(unit_id=unit_id).first()
    return _access_row(unit_id, access, {}, actor=actor, now=now)


def _access_row(
    unit_id: int, access: UnitAccess | None, queued: dict[str, object], *, actor: Actor, now: datetime
) -> AccessRow:
    unit = units.unit_row(unit_id, as_of=timezone.localdate(now))
    state, words = _access_words(access)
    waiting, held, oldest = (queued.get(name) for name in ("waiting", "held", "oldest"))
    return AccessRow(
        unit_id=unit_id,
        unit=unit.full_name,
        sort_name=unit.sort_name,
        state=state,
        words=words,
        last_ok_at=access.last_ok_at if access else None,
        since=(access.off_since or access.failing_since) if access else None,
        faults=access.faults if access else 0,
        waiting=waiting if isinstance(waiting, int) else 0,
        held=held if isinstance(held, int) else 0,
        oldest=oldest if isinstance(oldest, datetime) else None,
        off_reason=access.off_reason if access else "",
        may_switch=actor.may(DUTY, unit_id=units.city_of(unit_id)),
    )


@dataclass(frozen=True, kw_only=True)
class Alarms:
    """How many units do not get through, over the whole installation.

    failing   several faults in a row
    off       switched off by hand
    lagging   not switched off, and something has waited for longer than `rules.LAG_BEFORE_ALARM`
    held      not switched off, and `rules.HELD_BEFORE_ALARM` dossiers or more lie before people; fewer are theirs alone
    refused   how many dossiers lie before people, of all units that are not switched off
    oldest    since when the oldest of those that lag, or wait, has waited; None when nothing waits
    """

    failing: int
    off: int
    lagging: int
    held: int
    refused: int
    oldest: datetime | None


_FAILING = Q(off_since=None, failing_since__isnull=False, faults__gte=rules.FAULTS_BEFORE_ALARM)


def failing_units(unit_ids: Collection[int]) -> int:
    """How many of these units do not get through to the portal now: several faults in a row. One query."""
    return UnitAccess.objects.filter(_FAILING, unit_id__in=unit_ids).count()


def alarms(*, now: datetime) -> Alarms:
    """For whoever watches the installation: no unit and no dossier is named. Three queries, however much is stored."""
    access = UnitAccess.objects.aggregate(
        failing=Count("pk", filter=_FAILING),
        off=Count("pk", filter=Q(off_since__isnull=False)),
    )
    off = _off()
    held = Lane.objects.filter(state=Lane.State.HELD).exclude(unit_id__in=off).values("unit_id").order_by()
    counts = [row["count"] for row in held.annotate(count=Count("pk"))]
    waiting = (
        Lane.objects.filter(state=Lane.State.WAITING)
        .exclude(unit_id__in=off)
        .aggregate(
            oldest=Min("waiting_since"),
            lagging=Count("unit_id", distinct=True, filter=Q(waiting_since__lt=now - rules.LAG_BEFORE_ALARM)),
        )
    )
    return Alarms(
        failing=access["failing"],
        off=access["off"],
        lagging=waiting["lagging"],
        held=sum(count >= rules.HELD_BEFORE_ALARM for count in counts),
        refused=sum(counts),
        oldest=waiting["oldest"],
    )


def _access_words(access: UnitAccess | None) -> tuple[str, str]:
    if access is None:
        return "unknown", _("Chưa gửi gì")
    if access.off_since is not None:
        return "off", _("Đang tạm dừng")
    if access.failing_since is not None:
        fault = rules.FAULTS.get(access.fault, access.fault)
        state = "alarm" if access.faults >= rules.FAULTS_BEFORE_ALARM else "failing"
        return state, _("Không qua được: %(fault)s") % {"fault": fault}
    return ("ok", _("Thông suốt")) if access.last_ok_at else ("unknown", _("Cổng chưa nhận tin nào"))


@dataclass(frozen=True, kw_only=True)
class State:
    """One dossier and the portal, for its page."""

    dossier_id: int
    kind: str  # kind of tag
    words: str
    told_at: datetime | None = None
    told_status: str = ""
    reason: str = ""
    error_code: str = ""
    error: str = ""
    next_try_at: datetime | None = None
    may_resend: bool = False


def state_of(dossier: Dossier, *, actor: Actor, now: datetime) -> State:
    """One query, two where something is amiss."""
    lane = Lane.objects.filter(pk=dossier.pk).first()
    if lane is None:
        words = _("Chưa đến lượt") if dossier.received_at or dossier.ended_at else _("Báo khi tiếp nhận")
        return State(dossier_id=dossier.pk, kind="new", words=words)
    lane.dossier = dossier
    told: dict[str, Any] = {
        "told_at": lane.told_at,
        "told_status": str(Status(lane.told_status).label) if lane.told_status else "",
    }
    if lane.state == Lane.State.IDLE:
        return State(dossier_id=dossier.pk, kind="done", words=_("Đã đồng bộ"), **told)
    row = _row(lane, off=_off(), now=now)
    duty = actor.may(DUTY, unit_id=lane.unit_id) or actor.may(DUTY, unit_id=units.city_of(lane.unit_id))
    return State(
        dossier_id=dossier.pk,
        kind="bad" if lane.state == Lane.State.HELD else "wait",
        words=row.state_label,
        reason=row.reason,
        error_code=row.error_code,
        error=row.error,
        next_try_at=row.next_try_at,
        may_resend=row.may_resend and duty,
        **told,
    )

"""What people do about the sync: send again, tell from the beginning, switch a unit off and on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import command, record
from thongsuot.kernel.errors import BadInput, TellPerson, must_exist
from thongsuot.kernel.models import Event
from thongsuot.kernel.text import one_line
from thongsuot.national_portal import events, rules
from thongsuot.national_portal.models import Lane, Message, UnitAccess
from thongsuot.national_portal.reconcile import Reconciliation
from thongsuot.units import queries as units

DUTY = "sync dossiers"
_COLLECT_ONE = (Path(__file__).parent / "sql" / "collect_one.sql").read_text()


class NothingToSend(TellPerson):
    code = "national_portal.nothing_to_send"
    says = gettext_lazy("Hồ sơ này đã đồng bộ xong. Không còn gì phải gửi.")


class BeingSent(TellPerson):
    code = "national_portal.being_sent"
    says = gettext_lazy("Hồ sơ này đang được gửi tới Cổng ngay lúc này. Hãy đợi một phút rồi tải lại trang.")


class StillWaiting(TellPerson):
    code = "national_portal.still_waiting"
    says = gettext_lazy("Hồ sơ này còn tin chờ gửi. Hãy đợi gửi xong rồi đối soát lại.")


class AlreadyOff(TellPerson):
    code = "national_portal.already_off"
    says = gettext_lazy("Đồng bộ của đơn vị này đang tạm dừng rồi. Hãy tải lại trang.")


class AlreadyOn(TellPerson):
    code = "national_portal.already_on"
    says = gettext_lazy("Đồng bộ của đơn vị này đang chạy rồi. Hãy tải lại trang.")


@command
def resend(dossier_id: int, *, actor: Actor, at: datetime) -> Lane:
    """Try again now what waits or was put before people. Raises NotFound, NotYourDuty, NothingToSend, BeingSent."""
    lane = _locked(dossier_id, actor)
    if lane.state == Lane.State.IDLE:
        raise NothingToSend
    record(
        events.RESENT,
        lane,
        actor=actor,
        at=at,
        unit_id=lane.unit_id,
        trouble=lane.trouble,
        error_code=lane.error_code,
        attempts=lane.attempts,
    )
    lane.state, lane.next_try_at = Lane.State.WAITING, at
    lane.save(update_fields=["state", "next_try_at"])
    return lane


def resend_many(dossier_ids: Collection[int], *, actor: Actor, at: datetime) -> int:
    """Each on its own; how many were put back into the queue. Those sent meanwhile, or just now, are left out."""
    done = 0
    for dossier_id in sorted(set(dossier_ids)):
        try:
            resend(dossier_id, actor=actor, at=at)
        except (NothingToSend, BeingSent):
            continue
        done += 1
    return done


@command
def tell_again(dossier_id: int, *, actor: Actor, at: datetime) -> Lane:
    """The portal does not have what it accepted: tell the dossier from its first event on, under new references.

    Should the portal have it after all, its record is put right and the lines of progress are there twice.
    Raises NotFound, NotYourDuty, BeingSent.
    """
    lane = _locked(dossier_id, actor)
    with connection.cursor() as cursor:  # messages told long ago are forgotten: take them from the history again
        cursor.execute(_COLLECT_ONE, {"dossier": dossier_id, **rules.COLLECTED})
    Message.objects.filter(dossier_id=dossier_id).update(state=Message.State.WAITING, accepted_at=None, answer="")
    first = Message.objects.filter(dossier_id=dossier_id).order_by("number").values_list("happened_at", flat=True).first()
    lane.state, lane.next_try_at, lane.waiting_since = Lane.State.WAITING, at, first
    lane.attempts, lane.trouble, lane.error_code, lane.error = 0, "", "", ""
    lane.known_since, lane.told_number, lane.told_status, lane.told_at = None, 0, None, None
    lane.save()
    record(events.TOLD_AGAIN, lane, actor=actor, at=at, unit_id=lane.unit_id)
    return lane


@command
def set_right(dossier_id: int, *, actor: Actor, at: datetime) -> Lane:
    """The portal has the dossier otherwise than it was told: tell it the record of the last message once more.

    Raises NotFound, NotYourDuty, StillWaiting, BeingSent.
    """
    lane = _locked(dossier_id, actor)
    if lane.state != Lane.State.IDLE or not lane.told_number:
        raise StillWaiting
    last = Event.objects.get(subject="dossiers.dossier", subject_id=dossier_id, number=lane.told_number)
    # It may be forgotten by now, as all that was told long ago.
    Message.objects.update_or_create(
        dossier_id=dossier_id,
        number=last.number,
        defaults={
            "kind": last.name,
            "happened_at": last.at,
            "state": Message.State.WAITING,
            "accepted_at": None,
            "answer": "",
        },
    )
    lane.state, lane.next_try_at, lane.waiting_since = Lane.State.WAITING, at, last.at
    lane.save(update_fields=["state", "next_try_at", "waiting_since"])
    record(events.SET_RIGHT, lane, actor=actor, at=at, unit_id=lane.unit_id)
    return lane


def mend(found: Reconciliation, *, actor: Actor, at: datetime) -> int:
    """What the portal lost is told from the beginning, what it has otherwise is set right; how many. Each on its own."""
    done = 0
    for one in found.to_mend:
        assert one.dossier_id is not None  # it is ours
        try:
            (tell_again if one.kind == "missing" else set_right)(one.dossier_id, actor=actor, at=at)
        except (StillWaiting, BeingSent):
            continue  # it went on meanwhile: the next message says how it stands
        done += 1
    return done


def _locked(dossier_id: int, actor: Actor) -> Lane:
    """Whoever sends it holds it for as long as the portal takes: no page waits for that."""
    lane = must_exist(Lane.objects.filter(pk=dossier_id).first())
    if not actor.may(DUTY, unit_id=lane.unit_id):
        actor.must(DUTY, unit_id=units.city_of(lane.unit_id))
    free = Lane.objects.select_for_update(skip_locked=True).filter(pk=dossier_id).first()
    if free is None:
        raise BeingSent
    return free


@command
def switch_off(unit_id: int, *, reason: str, actor: Actor, at: datetime) -> UnitAccess:
    """Dossiers of the unit are received and processed as ever, and told later. Only by the city.

    Raises NotYourDuty, AlreadyOff, BadInput, UnitNotFound.
    """
    access = _access(unit_id, actor, at)
    reason = one_line(reason)
    if not reason or len(reason) > 300:
        raise BadInput({"reason": _("Chưa có lý do tạm dừng, hoặc lý do quá dài. Hãy ghi một câu ngắn, dưới 300 chữ.")})
    if access.off_since is not None:
        raise AlreadyOff
    access.off_since, access.off_reason = at, reason
    access.save()
    record(events.SWITCHED_OFF, access, actor=actor, at=at, unit_id=unit_id, reason=reason)
    return access


@command
def switch_on(unit_id: int, *, actor: Actor, at: datetime) -> UnitAccess:
    """What waited meanwhile is told in its order. Raises NotYourDuty, AlreadyOn."""
    access = _access(unit_id, actor, at)
    if access.off_since is None:
        raise AlreadyOn
    record(events.SWITCHED_ON, access, actor=actor, at=at, unit_id=unit_id, off_since=access.off_since)
    access.off_since, access.off_reason = None, ""
    access.save()
    return access


def _access(unit_id: int, actor: Actor, at: datetime) -> UnitAccess:
    units.unit_row(unit_id, as_of=timezone.localdate(at))
    actor.must(DUTY, unit_id=units.city_of(unit_id))
    UnitAccess.objects.get_or_create(unit_id=unit_id)
    return UnitAccess.objects.select_for_update().get(unit_id=unit_id)

"""Letters to the owner after what happened to the dossier. Each runs in the worker, maybe twice: one event, one letter."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any, cast

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers import actions, events, tasks, words
from thongsuot.dossiers.actions import stores
from thongsuot.dossiers.models import Dossier, Opinion, Rating, ResultChange, SupplementRequest
from thongsuot.dossiers.queries import recomputing
from thongsuot.kernel import clock
from thongsuot.kernel.actor import system
from thongsuot.kernel.errors import TellPerson
from thongsuot.kernel.events import EventKind, Happened, instant_in, on
from thongsuot.notices import actions as notices
from thongsuot.notices.rules import Recipient
from thongsuot.people import queries as people
from thongsuot.people.models import Person
from thongsuot.procedures import queries as procedures
from thongsuot.units import events as unit_events
from thongsuot.units import queries as units

Context = dict[str, Any]


def _letter(kind: EventKind, key: str) -> Callable[[Callable[[Dossier, Happened], Context | None]], Callable[[Happened], None]]:
    """Send letter `key` after events of this kind, told what the decorated function says; None sends nothing."""

    def decorate(told: Callable[[Dossier, Happened], Context | None]) -> Callable[[Happened], None]:
        def tell_owner(happened: Happened) -> None:
            dossier = Dossier.objects.get(pk=happened.subject_id)
            more = told(dossier, happened)
            if more is not None:
                _tell(key, dossier, more, send_key=f"{happened.name}/{happened.id}")

        tell_owner.__module__, tell_owner.__qualname__ = told.__module__, told.__qualname__
        return on(kind)(tell_owner)

    return decorate


def _tell(key: str, dossier: Dossier, more: Context, *, send_key: str) -> None:
    at = clock.now()
    to = Recipient(name=dossier.owner_name, email=dossier.owner_email, phone=dossier.owner_phone, person_id=dossier.account_id)
    notices.queue(
        key,
        to=to,
        about=dossier,
        unit_id=dossier.resolving_unit_id,
        context={**about(dossier, at=at), **more},
        send_key=send_key,
        actor=system("worker"),
        at=at,
    )


def tell_of_move(dossier_id: int, *, from_unit_id: int, to_unit_id: int, due_moved: bool = False, changeover_id: int) -> None:
    """Once for each successor: who resolves it now, where to go, and whether its date stays. Ended ones are not told."""
    dossier = Dossier.objects.get(pk=dossier_id)
    if dossier.ended_at is not None or dossier.resolving_unit_id != to_unit_id:
        return
    day = timezone.localdate(clock.now())
    point = _point(dossier, day)
    more = {
        "from_unit": units.unit_row(from_unit_id, as_of=day).full_name,
        "to_unit": units.unit_row(to_unit_id, as_of=day).full_name,
        "address": point.address if point else "",
        "due_at": dossier.due_at,
        "due_moved": due_moved,
    }
    _tell("moved", dossier, more, send_key=f"{events.MOVED.name}/{dossier.pk}/{changeover_id}/{to_unit_id}")


def about(dossier: Dossier, *, at: datetime) -> Context:
    """What every letter says of the dossier and who writes."""
    day = timezone.localdate(at)
    centre = units.body(dossier.receiving_unit_id, "service_centre", as_of=day)
    point = _point(dossier, day)
    return {
        "code": str(dossier),
        "procedure": procedures.version(dossier.version_id).name,
        "agency": centre.name if centre else units.unit_row(dossier.receiving_unit_id, as_of=day).full_name,
        "contact": point.phone if point else "",
        "link": settings.PUBLIC_URL.rstrip("/") + reverse("dossiers:tracked", args=[str(dossier)]),
    }


def return_place(dossier: Dossier, *, at: datetime) -> str:
    """Where the paper is fetched; empty when only the electronic original was asked for."""
    if dossier.return_by == Dossier.Return.ELECTRONIC:
        return ""
    point = _point(dossier, timezone.localdate(at))
    return f"{point.name}, {point.address}" if point else ""


def _point(dossier: Dossier, day: date) -> units.PointRow | None:
    return next(iter(units.points_of([dossier.receiving_unit_id], as_of=day).get(dossier.receiving_unit_id, [])), None)


@_letter(events.SUBMITTED, "submission_received")
def tell_submission(dossier: Dossier, happened: Happened) -> Context:
    return {"submitted_at": dossier.submitted_at, "answer_due_at": instant_in(happened.facts, "answer_due_at")}


@_letter(events.RECEIVED, "received")
def tell_reception(dossier: Dossier, happened: Happened) -> Context:
    return {
        "received_at": dossier.received_at,
        "due_at": instant_in(happened.facts, "due_at"),
        "return_place": return_place(dossier, at=clock.now()),
    }


@_letter(events.REFUSED, "refused")
def tell_refusal(dossier: Dossier, happened: Happened) -> Context:
    return {"reasons": happened.facts["reasons"], "guidance": ""}


@_letter(events.SUPPLEMENT_REQUESTED, "supplement_requested")
def tell_supplement(dossier: Dossier, happened: Happened) -> Context:
    request = SupplementRequest.objects.get(dossier=dossier, slip_number=cast(int, happened.facts["slip"]))
    return {"points": list(request.items), "until": request.answer_until}


@_letter(events.PAYMENT_REQUESTED, "payment_requested")
def tell_payment(dossier: Dossier, happened: Happened) -> Context:
    return {"amount_dong": happened.facts["amount_dong"], "how": happened.facts["reason"]}


@_letter(events.SUPPLEMENTED, "due_moved")
def tell_due_moved(dossier: Dossier, happened: Happened) -> Context | None:
    return _moved(happened)


@_letter(events.PAYMENT_CONFIRMED, "due_moved")
def tell_due_moved_after_payment(dossier: Dossier, happened: Happened) -> Context | None:
    return _moved(happened)


@_letter(events.DUE_RECOMPUTED, "due_moved")
def tell_due_recomputed(dossier: Dossier, happened: Happened) -> Context | None:
    """Before reception it is the desk's own clock: nothing was promised that moves."""
    return _moved(happened) if happened.facts["received"] else None


def _moved(happened: Happened) -> Context | None:
    before, after = instant_in(happened.facts, "due_before"), instant_in(happened.facts, "due_after")
    if not before or not after or before == after:
        return None
    return {"old_due_at": before, "due_at": after, "calendar": happened.name == events.DUE_RECOMPUTED.name}


@_letter(events.EXTENDED, "extended")
def tell_extension(dossier: Dossier, happened: Happened) -> Context:
    return {
        "old_due_at": instant_in(happened.facts, "due_before"),
        "due_at": instant_in(happened.facts, "due_after"),
        "reason": happened.facts["reason"],
    }


@_letter(events.REAPPOINTED, "apology")
def tell_apology(dossier: Dossier, happened: Happened) -> Context:
    return {
        "due_at": instant_in(happened.facts, "due_at"),
        "new_due_at": instant_in(happened.facts, "promised_at"),
        "reason": happened.facts["reason"],
        "return_place": return_place(dossier, at=clock.now()),
    }


@_letter(events.RESOLVED, "result_ready")
def tell_result(dossier: Dossier, happened: Happened) -> Context:
    return {"return_place": return_place(dossier, at=clock.now())}


@_letter(events.RESULT_CHANGED, "result_changed")
def tell_change(dossier: Dossier, happened: Happened) -> Context:
    change = ResultChange.objects.get(pk=cast(int, happened.facts["change"]))
    return {"what": words.change_news(change.kind), "number": change.number, "reason": change.reason}


@_letter(events.RETURNED, "returned")
def tell_return(dossier: Dossier, happened: Happened) -> Context:
    return {"returned_at": dossier.ended_at}


@on(events.RETURNED)
def invite_to_rate(happened: Happened) -> None:
    """Once a dossier, and not when its owner has said it already. The link leads to the rating itself."""
    dossier = Dossier.objects.get(pk=happened.subject_id)
    if Rating.objects.filter(dossier=dossier).exists():
        return
    link = settings.PUBLIC_URL.rstrip("/") + reverse("dossiers:track_rate", args=[str(dossier)])
    _tell("rate_invited", dossier, {"link": link}, send_key=f"{happened.name}/invited/{dossier.pk}")


@_letter(events.STOPPED, "stopped")
def tell_stop(dossier: Dossier, happened: Happened) -> Context:
    return {"reason": happened.facts["reason"], "papers_back": return_place(dossier, at=clock.now())}


@_letter(events.WITHDRAWN, "withdrawn")
def tell_withdrawal(dossier: Dossier, happened: Happened) -> Context:
    return {"papers_back": return_place(dossier, at=clock.now())}


@on(unit_events.DAYS_CHANGED)
def recompute_dues(happened: Happened) -> None:
    """Days of work came or went: every open dossier they strike is dated anew."""
    recomputation = actions.begin_recomputation(happened.id, actor=system("worker"), at=clock.now())
    tasks.recompute_dues.defer(recomputation_id=recomputation.pk)


@on(unit_events.DAYS_CHANGED)
def put_off_answers(happened: Happened) -> None:
    """A last day to answer that became a day off is the next working day. Done already, or worked after all: it stays."""
    for opinion_id in actions.to_put_off(recomputing.change_of(happened.facts).days):
        with suppress(TellPerson):
            actions.put_off_answer(opinion_id, actor=system("worker"), at=clock.now())


@on(events.WARNED)
def warn_holder(happened: Happened) -> None:
    """To the officer who holds the open step; nobody when it is not assigned: the list shows it to all."""
    holder_id = cast("int | None", happened.facts["assignee"])
    holder = Person.objects.filter(pk=holder_id, is_active=True).first() if holder_id else None
    if holder is None or happened.facts["again"]:
        return
    at, dossier = clock.now(), Dossier.objects.get(pk=happened.subject_id)
    link = settings.PUBLIC_URL.rstrip("/") + reverse("dossiers:case", args=[dossier.pk])
    notices.queue(
        "deadline_near",
        to=Recipient(name=holder.full_name, email=holder.email, phone=holder.phone, person_id=holder.pk),
        about=dossier,
        unit_id=dossier.resolving_unit_id,
        actor=system("worker"),
        at=at,
        send_key=f"{happened.name}/{happened.id}",
        context={
            **about(dossier, at=at),
            "link": link,
            "due_at": instant_in(happened.facts, "due_at"),
            "step": happened.facts["step_name"],
        },
    )


@on(events.RESOLVED)
def keep_result(happened: Happened) -> None:
    """Into the owner's store, to be offered in the next dossier (NĐ 45/2020/NĐ-CP Điều 14 and 16)."""
    stores.keep_result(happened.subject_id, actor=system("worker"), at=clock.now())


@on(events.RESULT_CHANGED)
def keep_change(happened: Happened) -> None:
    stores.keep_change(cast(int, happened.facts["change"]), actor=system("worker"), at=clock.now())


@on(events.LEG_REMINDED)
def remind_partner(happened: Happened) -> None:
    """To everyone of the partner who can do its step."""
    unit_id = cast(int, happened.facts["to_unit"])
    what = _("Chặng của cơ quan chưa xong.")
    _remind(happened, unit_id, body=str(happened.facts["to"]), what=what, link=reverse("dossiers:inbox"))


@on(events.OPINION_REMINDED)
def remind_asked(happened: Happened) -> None:
    """To everyone of the body asked who can answer."""
    opinion = Opinion.objects.select_related("body").get(pk=cast(int, happened.facts["opinion"]))
    what = _("Câu hỏi chờ ý kiến trả lời.")
    _remind(
        happened,
        opinion.body.unit_id,
        body=opinion.body.name,
        what=what,
        link=reverse("dossiers:opinions"),
        due_at=opinion.answer_until,
    )


def _remind(happened: Happened, unit_id: int, *, body: str, what: str, link: str, due_at: datetime | None = None) -> None:
    at, dossier = clock.now(), Dossier.objects.get(pk=happened.subject_id)
    day = timezone.localdate(at)
    staff = people.staff_with_duty("process dossiers", unit_id, on=day)
    for person in Person.objects.filter(pk__in=[row.id for row in staff], is_active=True).order_by("pk"):
        notices.queue(
            "partner_reminder",
            to=Recipient(name=person.full_name, email=person.email, phone=person.phone, person_id=person.pk),
            about=dossier,
            unit_id=unit_id,
            actor=system("worker"),
            at=at,
            send_key=f"{happened.name}/{happened.id}/{person.pk}",
            context={
                **about(dossier, at=at),
                "link": settings.PUBLIC_URL.rstrip("/") + link,
                "due_at": due_at or instant_in(happened.facts, "due_at"),
                "body": body,
                "asker": units.unit_row(dossier.resolving_unit_id, as_of=day).full_name,
                "what": what,
            },
        )

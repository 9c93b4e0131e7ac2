"""What the commands share: checked texts, rows under their lock, the letter to who came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.citizen_reception import rules
from thongsuot.citizen_reception.actions import errors
from thongsuot.citizen_reception.facts import VisitorFacts
from thongsuot.citizen_reception.models import OnlineSession, ReceptionEntry
from thongsuot.citizen_reception.queries.access import (
    is_chair,
    may_open_files,
    may_read,
    may_see_parties,
    may_see_visitor,
    must_receive,
)
from thongsuot.citizen_reception.queries.keeping import forgotten_at
from thongsuot.citizen_reception.queries.register import receiving_units
from thongsuot.citizen_reception.queries.settings import setting
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.contact import digits_of, is_email, is_paper_number, phone_as_kept
from thongsuot.kernel.deadlines import Limit, due_at
from thongsuot.kernel.errors import BadInput, NotYourDuty, must_exist
from thongsuot.kernel.text import nfc, one_line
from thongsuot.kernel.working_time import local_day
from thongsuot.notices import actions as notices
from thongsuot.notices.rules import Recipient
from thongsuot.units import queries as units


def checked_texts(model: type[models.Model], said: Mapping[str, str], *, needed: Mapping[str, str]) -> dict[str, str]:
    """Texts as they are kept, no longer than their columns. `needed`: what to say when one is empty. Raises BadInput."""
    kept, problems = {}, {}
    for name, words in said.items():
        column: Any = model._meta.get_field(name)
        kept[name] = nfc(words) if isinstance(column, models.TextField) else one_line(words)
        if not kept[name] and name in needed:
            problems[name] = needed[name]
        elif column.max_length and len(kept[name]) > column.max_length:
            problems[name] = too_long(column.max_length)
    if problems:
        raise BadInput(problems)
    return kept


def too_long(most: int) -> str:
    return _("Dài quá %(most)s chữ. Hãy viết ngắn lại.") % {"most": most}


def checked_words(name: str, words: str, *, most: int, empty: str) -> str:
    """Raises BadInput."""
    words = nfc(words)
    if not words:
        raise BadInput({name: empty})
    if len(words) > most:
        raise BadInput({name: too_long(most)})
    return words


def checked_visitor(facts: VisitorFacts) -> VisitorFacts:
    """As it is kept. Raises BadInput with every wrong field."""
    kept = replace(
        facts,
        name=one_line(facts.name),
        address=one_line(facts.address),
        id_number=digits_of(one_line(facts.id_number)).upper(),
        phone=one_line(facts.phone),
        email=one_line(facts.email).lower(),
        representatives=nfc(facts.representatives),
    )
    problems = {}
    if not kept.name:
        problems["name"] = _("Hãy ghi họ tên người đến, hoặc tên tổ chức.")
    for name, most in (("name", 200), ("address", 300), ("representatives", 1000)):
        if len(getattr(kept, name)) > most:
            problems[name] = too_long(most)
    if kept.id_number and not is_paper_number(kept.id_number):
        problems["id_number"] = _("Chưa đọc được số giấy tờ này. Hãy ghi 12 chữ số của căn cước, hoặc để trống.")
    if kept.phone and phone_as_kept(kept.phone) is None:
        problems["phone"] = _("Chưa đọc được số điện thoại này. Hãy ghi 10 chữ số, hoặc để trống.")
    if kept.email and not is_email(kept.email):
        problems["email"] = _("Thư điện tử này không dùng được. Hãy xem lại, hoặc để trống.")
    if not 1 <= kept.people <= 9999:
        problems["people"] = _("Số người phải từ 1 đến 9999.")
    if kept.people > 1 and not kept.representatives:
        problems["representatives"] = _("Đoàn nhiều người cử người đại diện. Hãy ghi họ tên những người đại diện.")
    if problems:
        raise BadInput(problems)
    return replace(kept, phone=phone_as_kept(kept.phone) or "")


def as_kept(facts: VisitorFacts) -> VisitorFacts:
    """What another capability knows of somebody: what cannot be used is left out, for nobody is there to put it right."""
    name, number, email = (
        one_line(facts.name)[:200],
        digits_of(one_line(facts.id_number)).upper(),
        one_line(facts.email).lower(),
    )
    people = min(max(1, facts.people), 9999)
    return VisitorFacts(
        name=name or _("Không rõ họ tên"),
        address=one_line(facts.address)[:300],
        id_number=number if is_paper_number(number) else "",
        phone=phone_as_kept(facts.phone) or "",
        email=email if is_email(email) else "",
        people=people,
        representatives=nfc(facts.representatives)[:1000] or (name if people > 1 else ""),
    )


def locked_entry(entry_id: int, *, actor: Actor, at: datetime) -> ReceptionEntry:
    """Under its lock, for who receives in the unit that handles it. Raises NotFound, NotYourDuty."""
    rows = ReceptionEntry.objects.select_for_update(of=("self",)).select_related("visitor")
    entry = must_exist(rows.filter(pk=entry_id).first())
    must_receive(actor, entry.unit_id, on=local_day(at))
    return entry


def locked_session(session_id: int, *, actor: Actor, at: datetime, also_chair: bool = False) -> OnlineSession:
    """For who receives in its unit; `also_chair`: or leads it. Raises NotFound, NotYourDuty."""
    session = must_exist(OnlineSession.objects.select_for_update(of=("self",)).filter(pk=session_id).first())
    if not (also_chair and is_chair(actor, session)):
        must_receive(actor, session.unit_id, on=local_day(at))
    return session


def must_see(entry: ReceptionEntry, actor: Actor, at: datetime) -> None:
    """Who keeps the book reads it too. Raises NotYourDuty, VisitorKept."""
    actor.must_somewhere(rules.DUTY)
    if not may_read(actor, entry, on=local_day(at)):
        raise NotYourDuty(rules.DUTY)
    if not may_see_visitor(actor, entry, on=local_day(at)):
        raise errors.VisitorKept


def must_see_parties(session: OnlineSession, actor: Actor, at: datetime) -> None:
    """Raises VisitorKept."""
    if not may_see_parties(actor, session, on=local_day(at)):
        raise errors.VisitorKept


def must_open_files(session: OnlineSession, actor: Actor, at: datetime) -> None:
    """Raises VisitorKept, MinutesAreKept."""
    if forgotten_at(session) is None:
        must_see_parties(session, actor, at)
    elif not may_open_files(actor, session, on=local_day(at)):
        raise errors.MinutesAreKept


def put_due(entry: ReceptionEntry, since: datetime) -> None:
    """The step that runs since then is due by the law of that day; without a law for it nothing is."""
    of_others = entry.competence == ReceptionEntry.Competence.OTHERS
    limit = rules.limit_of(entry.kind, accepted=entry.state == ReceptionEntry.State.ACCEPTED, of_others=of_others)
    entry.due_at = None
    if limit is not None:
        key, unit = limit
        day = local_day(since)
        calendar = units.working_calendar(entry.unit_id, on=day)
        entry.due_at = due_at(since, Limit(setting(key, on=day), unit), calendar)


def came_here(entry: ReceptionEntry) -> datetime:
    """When the unit that handles it got it: from then on the days of its slip run."""
    latest: datetime | None = entry.transfers.order_by("-at").values_list("at", flat=True).first()
    return latest or entry.received_at


def must_be_received(unit_id: int, kind: str, *, at: datetime) -> None:
    """Raises NobodyReceives."""
    if unit_id not in dict(receiving_units(kind, on=local_day(at))):
        raise errors.NobodyReceives(kind)


def tell(
    subject: ReceptionEntry | OnlineSession, to: Recipient, *, code: str, what: str, key: str, actor: Actor, at: datetime
) -> bool:
    """A letter to who came or takes part; False when no address is known. What it says names no kind of matter."""
    if not (to.email or to.phone):
        return False
    unit = units.unit_row(subject.unit_id, as_of=local_day(at))
    notices.queue(
        "reception_told",
        to=to,
        about=subject,
        unit_id=subject.unit_id,
        context={
            "code": code,
            "procedure": "Tiếp công dân",
            "agency": unit.full_name,
            "contact": "",
            "link": settings.PUBLIC_URL.rstrip("/") + reverse("citizen_reception:unit", args=[unit.code]),
            "what": one_line(what),
        },
        send_key=key,
        actor=actor,
        at=at,
    )
    return True

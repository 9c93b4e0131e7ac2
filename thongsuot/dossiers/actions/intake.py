"""Receiving: from what the desk or a program says to numbered dossiers. The hot path: rules in Python, then one SQL call."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers import events, rules, scanning
from thongsuot.dossiers.actions import digitising, errors, parties
from thongsuot.dossiers.actions.own_files import must_be_theirs
from thongsuot.dossiers.actions.parties import Filer, Owner
from thongsuot.dossiers.models import Channel
from thongsuot.dossiers.queries.settings import setting
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.command import sql_command
from thongsuot.kernel.deadlines import due_at
from thongsuot.kernel.errors import BadInput, TellPerson
from thongsuot.kernel.events import REACTIONS
from thongsuot.kernel.idempotency import Key, KeyUsedWithOtherBody
from thongsuot.kernel.text import one_line
from thongsuot.kernel.working_time import WorkingCalendar, add_working_minutes
from thongsuot.numbering.rules import dossier_code_prefix
from thongsuot.personal_store import queries as stored
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.forms import clean_form_data
from thongsuot.procedures.rules import FeeLine, exemptions_in, fees_due, fees_for_form
from thongsuot.units import queries as units

BATCH_LIMIT = 100
_encode = msgspec.json.Encoder().encode


class PaperIn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One paper as handed in. `how`: data, reused, uploaded, scanned, shown or waived (with a reason).

    pages    sides of the paper, as counted at the desk: a scan has as many pictures (TT 01/2023/TT-VPCP Điều 8)
    stored   code of the paper in the owner's store that is used again (GT-...); then `how` is reused and consent is needed
    """

    code: str
    how: str = "scanned"
    reason: str = ""
    file_id: int | None = None
    pages: int | None = None
    stored: str = ""
    originals: int = 1
    copies: int = 0


class Intake(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is needed to receive a dossier. The same for the counter, the post and the API. What was filed online is
    received by `desk.accept_submission`.

    consent   how the owner agreed that papers of their store are used (ReuseConsent.How); empty: they were not asked
    """

    procedure: str
    receiving_unit_id: int
    resolving_unit_id: int
    owner: Owner
    channel: int = Channel.COUNTER
    filer: Filer | None = None
    papers: tuple[PaperIn, ...] = ()
    form: dict[str, Any] = msgspec.field(default_factory=dict)
    quantities: dict[str, int] = msgspec.field(default_factory=dict)
    exemptions: tuple[str, ...] = ()
    return_by: str = "counter"
    assisted_by: str = ""
    account_id: int | None = None
    consent: str = ""
    consent_note: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Answers in the order asked: each {id, code, received_at, due_at, status, fees} or {refused: problem}."""

    answers: list[dict[str, Any]]
    replayed: bool = False


@sql_command
def receive_dossier(intake: Intake, *, actor: Actor, at: datetime, key: Key | None = None) -> dict[str, Any]:
    """Receive one dossier: status 2, with code, due date, fees, its first step and its event.

    Raises NotYourDuty, DossierIncomplete, BadInput, UnknownPaper, ChannelNotOffered, NotFiledHere, KeyUsedWithOtherBody
    and the refusals of the catalogue (unknown or ended procedure, no or ended competence).
    """
    item = prepare(intake, actor=actor, at=at)
    return _write([{**item, "place": 0}], actor=actor, at=at, key=key).answers[0]


@sql_command
def receive_batch(intakes: Sequence[Intake | TellPerson], *, actor: Actor, at: datetime, key: Key | None = None) -> Outcome:
    """Receive up to 100 dossiers; each is received or refused on its own, in the order given.

    An element that is already a refusal (it could not even be read) is only answered.
    """
    if not 1 <= len(intakes) <= BATCH_LIMIT:
        raise BadInput({"items": _("Một lần gửi từ 1 đến %(most)s hồ sơ.") % {"most": BATCH_LIMIT}})
    items: list[dict[str, Any]] = []
    for place, intake in enumerate(intakes):
        try:
            if isinstance(intake, TellPerson):
                raise intake
            items.append({**prepare(intake, actor=actor, at=at), "place": place})
        except TellPerson as refusal:
            items.append({"place": place, "refused": True, "answer": {"refused": refused(refusal)}})
    return _write(items, actor=actor, at=at, key=key)


def refused(refusal: TellPerson) -> dict[str, object]:
    return {"type": f"urn:thongsuot:{refusal.code}", "status": refusal.status, "detail": refusal.message(), **refusal.details()}


def prepare(intake: Intake, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Everything that is decided about a reception, as the row `dossiers_receive` writes. Touches no table of dossiers."""
    actor.must("receive dossiers", unit_id=intake.receiving_unit_id)
    day = timezone.localdate(at)
    calendar = units.working_calendar(intake.resolving_unit_id, on=day)
    version = procedures.version_in_force(intake.procedure, on=day)
    check_place(
        version,
        receiving_unit_id=intake.receiving_unit_id,
        resolving_unit_id=intake.resolving_unit_id,
        channel=intake.channel,
        on=day,
    )
    owner = parties.clean_owner(intake.owner)
    filer = parties.clean_filer(intake.filer) if intake.filer else None
    form = clean_form_data(version.form_schema, intake.form, on=day) if intake.form else {}
    check_files(intake.papers, actor=actor)
    terms = terms_for(version, at=at, calendar=calendar)
    quantities = {**countable(form), **intake.quantities}
    fees = fee_lines(
        version, form=form, quantities=intake.quantities, channel=intake.channel, exemptions=intake.exemptions, on=day
    )
    components = component_rows(version, intake.papers, channel=intake.channel)
    must_be_complete(version, components)
    follows = _follows(intake, version, owner_id_number=owner["owner_id_number"], on=day)
    return {
        **({"follows": follows} if follows else {}),
        "version_id": version.id,
        "procedure_id": version.procedure_id,
        "receiving_unit_id": intake.receiving_unit_id,
        "resolving_unit_id": intake.resolving_unit_id,
        "channel": int(intake.channel),
        "assisted_by": one_line(intake.assisted_by)[:200],
        **owner,
        "filer": filer,
        "account_id": intake.account_id,
        "form": form,
        "quantities": quantities,
        "return_by": parties.clean_return(intake.return_by),
        "day": day,
        "due_at": terms.due_at,
        "warn_at": terms.warn_at,
        "series": series_of(intake.resolving_unit_id, on=day),
        "step": first_step(version, terms, actor=actor),
        "components": components,
        "fees": fee_rows(fees),
        "actor": {"id": actor.person_id, "name": actor.name, "post": actor.post, "via": actor.via},
        "facts": received_facts(version, terms, channel=intake.channel),
        "answer": {
            "status": 2,
            "due_at": terms.due_at,
            "fees": [{"code": fee.code, "name": fee.name, "amount_dong": fee.amount_dong} for fee in fees],
        },
    }


def _follows(intake: Intake, version: procedures.VersionView, *, owner_id_number: str, on: date) -> dict[str, Any]:
    """What is written once the dossier is there: papers from the owner's store, scans. Empty for most, at no cost."""
    follows: dict[str, Any] = {}
    owner = stored.Owner(id_number=owner_id_number, account_id=None if intake.filer else intake.account_id)
    # A tick is given online, by the owner; at a desk somebody notes how they agreed.
    how = intake.consent if intake.consent != "ticked" else ""
    taken = digitising.taken_from_store(intake.papers, version=version, owner=owner, how=how, on=on)
    if taken:
        papers = {code: paper.pk for code, paper in taken.items()}
        follows["reuse"] = {"taken": papers, "how": intake.consent, "note": intake.consent_note}
    if scans := digitising.scans_among(intake.papers):
        follows["scans"] = scans
    return follows


@dataclass(frozen=True, kw_only=True)
class Terms:
    due_at: datetime
    warn_at: datetime
    step_due_at: datetime


def terms_for(version: procedures.VersionView, *, at: datetime, calendar: WorkingCalendar) -> Terms:
    """The dates a reception promises."""
    due = due_at(at, version.limit, calendar)
    share = setting("warn_share_percent", on=timezone.localdate(at))
    step_due = add_working_minutes(at, version.steps[0].minutes, calendar)
    return Terms(
        due_at=due, warn_at=rules.warning(at, due, version.limit, calendar, share=share), step_due_at=min(step_due, due)
    )


def series_of(unit_id: int, *, on: date) -> dict[str, Any]:
    """Where the code of a dossier is drawn, and how it begins."""
    unit = units.unit_row(unit_id, as_of=on)
    return {"unit_id": unit.id, "bucket": f"{on:%y%m%d}", "prefix": dossier_code_prefix(unit.agency_identifier, on)}


def first_step(version: procedures.VersionView, terms: Terms, *, actor: Actor) -> dict[str, Any]:
    """Columns of the step a reception opens, at whoever receives."""
    step = version.steps[0]
    return {
        "step_key": step.key,
        "name": step.name,
        "duty": step.duty,
        "minutes": step.minutes,
        "due_at": terms.step_due_at,
        "assignee_id": actor.person_id,
        "assignee_name": actor.name,
    }


def received_facts(version: procedures.VersionView, terms: Terms, *, channel: int) -> dict[str, Any]:
    """What the history says of a reception, besides the code."""
    return {"procedure": version.code, "version": version.id, "channel": int(channel), "due_at": terms.due_at}


def fee_rows(fees: Sequence[FeeLine]) -> list[dict[str, Any]]:
    """Columns of each `FeeDue`."""
    return [
        {"code": f.code, "name": f.name, "kind": f.kind, "amount_dong": f.amount_dong, "how": f.how[:300], "basis": f.basis}
        for f in fees
    ]


def fee_lines(
    version: procedures.VersionView,
    *,
    form: Mapping[str, Any],
    quantities: Mapping[str, int],
    channel: int,
    exemptions: Collection[str],
    on: date,
) -> list[FeeLine]:
    """What is to be paid. Quantities the desk counted go before those of the form, which may list several things."""
    if form and not quantities:
        return fees_for_form(
            version.fee_rules, schema=version.form_schema, data=form, channel=channel, exemptions=exemptions, on=on
        )
    proved = {*exemptions, *exemptions_in(version.form_schema, form, on=on)}
    return fees_due(version.fee_rules, channel=channel, quantities=quantities, exemptions=proved, on=on)


def check_place(
    version: procedures.VersionView, *, receiving_unit_id: int, resolving_unit_id: int, channel: int, on: date
) -> None:
    """May it be filed this way, here, and resolved there, on that day?"""
    procedures.competence(version.code, unit_id=resolving_unit_id, on=on)
    if channel not in version.channels:
        raise errors.ChannelNotOffered
    if receiving_unit_id != resolving_unit_id and not rules.may_be_filed_at(
        receiver_kind=units.agency_kind(receiving_unit_id, on=on),
        resolver_kind=units.agency_kind(resolving_unit_id, on=on),
        same_unit=False,
        same_city=units.city_of(receiving_unit_id) == units.city_of(resolving_unit_id),
        non_boundary=version.non_boundary,
    ):
        raise errors.NotFiledHere


def component_rows(
    version: procedures.VersionView, papers: Sequence[PaperIn], *, channel: int = Channel.COUNTER
) -> list[dict[str, Any]]:
    """Each paper checked against the published list. Raises UnknownPaper, BadInput."""
    known = {paper.code: paper for paper in version.papers}
    rows = []
    for paper in papers:
        if paper.code not in known:
            raise errors.UnknownPaper(paper.code[:40])
        if paper.how not in _HOWS:
            raise BadInput({f"papers.{paper.code}": _("Hãy chọn giấy tờ này lấy từ đâu.")})
        if paper.how == "waived" and not paper.reason.strip():
            raise BadInput({f"papers.{paper.code}": _("Hãy ghi lý do miễn giấy tờ này.")})
        if paper.how == "uploaded" and paper.file_id is None:
            raise BadInput({f"papers.{paper.code}": _("Hãy đính kèm tệp của giấy tờ này.")})
        # Without a file "scanned" only says that it lies at the desk.
        is_scan = paper.how == "scanned" and paper.file_id is not None
        if is_scan and not scanning.may_be_scanned(paper_kind=known[paper.code].kind, is_online=channel == Channel.ONLINE):
            raise BadInput(
                {f"papers.{paper.code}": _("Giấy tờ chỉ xuất trình, hoặc đã nộp trực tuyến, thì không quét. Hãy bỏ tệp này.")}
            )
        if not (0 <= paper.originals <= 999 and 0 <= paper.copies <= 999):
            raise BadInput({f"papers.{paper.code}": _("Số bản từ 0 đến 999.")})
        rows.append(
            {
                "paper_code": paper.code,
                "name": known[paper.code].name[:500],
                "how": paper.how,
                "reason": one_line(paper.reason)[:300],
                "file_id": paper.file_id,
                "originals": paper.originals,
                "copies": paper.copies,
            }
        )
    return rows


def must_be_complete(version: procedures.VersionView, rows: Sequence[dict[str, Any]]) -> None:
    """Every required paper is looked up, reused, scanned, shown or waived with a reason. Raises DossierIncomplete."""
    names = {paper.code: paper.name for paper in version.papers if paper.is_needed}
    if missing := rules.missing_papers(names, {row["paper_code"] for row in rows}):
        raise errors.DossierIncomplete([(code, names[code]) for code in missing])


def countable(form: Mapping[str, Any]) -> dict[str, int]:
    """What fees may be counted by: the whole numbers of the e-form, as pages and copies."""
    return {name: value for name, value in form.items() if isinstance(value, int) and not isinstance(value, bool)}


def check_files(papers: Sequence[PaperIn], *, actor: Actor, dossier_id: int | None = None) -> None:
    """Only what the actor handed in, or what the dossier has. One query, and only when files are named. Raises BadInput."""
    must_be_theirs((paper.file_id for paper in papers), "papers", actor=actor, dossier_id=dossier_id)


_HOWS = frozenset({"data", "reused", "uploaded", "scanned", "shown", "waived"})


def _write(items: list[dict[str, Any]], *, actor: Actor, at: datetime, key: Key | None) -> Outcome:
    items.sort(key=lambda item: (item["series"]["unit_id"], item["series"]["bucket"]) if "series" in item else (0, ""))
    try:
        return _write_once(items, actor=actor, at=at, key=key)
    except IntegrityError:
        # Two equal requests at the same instant: the other one was first, its answer is there now.
        if key is None:
            raise
        return _write_once(items, actor=actor, at=at, key=key)


def _write_once(items: list[dict[str, Any]], *, actor: Actor, at: datetime, key: Key | None) -> Outcome:
    following = [(item["place"], item["follows"]) for item in items if "follows" in item]
    if not following:
        return _written(items, at=at, key=key)
    rows = [{name: value for name, value in item.items() if name != "follows"} for item in items]
    with transaction.atomic():
        outcome = _written(rows, at=at, key=key)
        if not outcome.replayed:
            for place, follows in following:
                _follow(outcome.answers[place]["id"], follows, actor=actor, at=at)
    return outcome


def _follow(dossier_id: int, follows: Mapping[str, Any], *, actor: Actor, at: datetime) -> None:
    if reuse := follows.get("reuse"):
        digitising.note_reuse(dossier_id, reuse["taken"], how=reuse["how"], note=reuse["note"], actor=actor, at=at)
    if scans := follows.get("scans"):
        digitising.note_scans(dossier_id, scans, actor=actor, at=at)


def _written(items: list[dict[str, Any]], *, at: datetime, key: Key | None) -> Outcome:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, answers FROM dossiers_receive(%s, %s, %s, %s, %s, %s)",
            [
                _encode(items).decode(),
                list(REACTIONS.get(events.RECEIVED.name, ())),
                key.caller if key else None,
                key.key if key else None,
                key.body_hash if key else None,
                at,
            ],
        )
        outcome, answers = cursor.fetchone()
    if outcome == "other_body":
        raise KeyUsedWithOtherBody
    return Outcome(answers=msgspec.json.decode(answers), replayed=outcome == "replayed")

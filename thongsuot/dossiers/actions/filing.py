"""Filing online: a draft that survives, its papers, and the submission that becomes a dossier. And the owner's rating."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

import msgspec
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thongsuot.counters import satisfaction
from thongsuot.dossiers import events, rules
from thongsuot.dossiers.actions import digitising, errors, helping, intake, parties
from thongsuot.dossiers.actions.desk import complete_supplement
from thongsuot.dossiers.actions.intake import PaperIn
from thongsuot.dossiers.actions.moving import must_be, must_own
from thongsuot.dossiers.models import (
    DECIDED,
    Channel,
    Component,
    Dossier,
    Draft,
    DraftFile,
    DraftHelp,
    FeeDue,
    Rating,
    Status,
)
from thongsuot.dossiers.queries.dates import answer_limit
from thongsuot.dossiers.queries.settings import identity_level, setting
from thongsuot.files.actions import store
from thongsuot.files.storage import Readable
from thongsuot.kernel import text
from thongsuot.kernel.actor import ANYONE, Actor
from thongsuot.kernel.codes import new_code
from thongsuot.kernel.command import command, record
from thongsuot.kernel.deadlines import due_at
from thongsuot.kernel.errors import BadInput, NotFound, TellPerson, must_exist
from thongsuot.personal_store import queries as stored
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.forms import clean_form_data
from thongsuot.procedures.rules import fees_for_form
from thongsuot.units import queries as units

PAGES = ("noi-nop", "to-khai", "giay-to", "lien-he")
"""The parts of a draft, each saved as typed; all are checked at submission."""


class DraftExpired(errors.DraftNotFound):
    """It was there, and is not kept any longer."""

    code = "dossiers.draft_expired"
    status = 410

    def __init__(self, procedure_code: str, expired_at: datetime) -> None:
        self.procedure_code, self.expired_at = procedure_code, expired_at

    def message(self) -> str:
        return _("Tờ khai này được giữ đến %(day)s, nay đã hết hạn. Hãy bắt đầu tờ khai mới.") % {
            "day": text.day(timezone.localdate(self.expired_at))
        }

    def details(self) -> dict[str, object]:
        return {"procedure": self.procedure_code}


class ProcedureChanged(TellPerson):
    """Another version is in force than the one the filer was shown."""

    code = "dossiers.procedure_changed"
    says = gettext_lazy("Thủ tục vừa có quy định mới, hồ sơ chưa gửi. Hãy xem lại giấy tờ và lệ phí rồi nộp.")


class UploadsRefused(TellPerson):
    """Files that cannot be taken: (paper code, sentence) for each. None of the others was kept."""

    code = "dossiers.uploads_refused"
    status = 422

    def __init__(self, refused: Sequence[tuple[str, str]]) -> None:
        self.refused = refused

    def message(self) -> str:
        return " ".join(sentence for _code, sentence in self.refused)


@command
def start_draft(
    procedure_code: str,
    *,
    unit_id: int | None = None,
    account_id: int | None = None,
    given_help: helping.Help | None = None,
    actor: Actor,
    at: datetime,
) -> Draft:
    """Begin to file online. The code of the draft is the key to all that will be in it.

    given_help   somebody begins it for another, who consented: `account_id` is that person's; without one the draft is kept
                 until the help ends
    Raises UnknownProcedure, NotInForce, ChannelNotOffered.
    """
    day = timezone.localdate(at)
    version = procedures.version_in_force(procedure_code, on=day)
    if Channel.ONLINE not in version.channels:
        raise errors.ChannelNotOffered
    nobodys = given_help is not None and account_id is None
    draft = Draft.objects.create(
        code=new_code("KS", letters=11),
        procedure_code=version.code,
        unit_id=unit_id,
        account_id=account_id if given_help else actor.person_id,
        started_at=at,
        saved_at=at,
        expires_at=given_help.ends_at if given_help and nobodys else at + timedelta(days=setting("draft_days", on=day)),
    )
    if given_help:
        helping.give_help(draft, given_help)
    record(events.DRAFT_STARTED, draft, actor=actor, at=at, procedure=version.code)
    return draft


def open_draft(code: str, *, actor: Actor = ANYONE, at: datetime, lock: bool = False) -> Draft:
    """The draft of this code; knowing the code is the right to it, unless somebody helps with it (`helping.must_open`).

    Raises DraftNotFound, DraftExpired, HelpOver.
    """
    drafts = Draft.objects.select_for_update(of=("self",)) if lock else Draft.objects.all()
    draft = drafts.select_related("help").filter(code=rules.typed_code(code)).first()
    if draft is None:
        raise errors.DraftNotFound
    if lock and draft.given_help:  # asked anew under the lock: it may have ended while we waited
        draft.given_help.refresh_from_db()
    helping.must_open(draft, draft.given_help, actor=actor, at=at)
    if draft.expires_at <= at:
        raise DraftExpired(draft.procedure_code, draft.expires_at)
    return draft


@command
def save_page(
    code: str,
    page: str,
    answers: Mapping[str, Any],
    *,
    part: str = "",
    done: bool = True,
    unit_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> Draft:
    """Keep one page as typed, right or wrong. Raises DraftNotFound, NotFound, BadInput.

    part   names one part of a page (a group of the form): then only the keys in `answers` change, None takes one away,
           so that two windows on two parts lose nothing; without it the whole page is replaced
    done   False for what is kept while someone types: the part does not count as filled in
    """
    if page not in PAGES:
        raise NotFound
    draft = _editable(code, actor=actor, at=at)
    kept = {**draft.data.get(page, {}), **answers} if part else answers
    kept = {key: value for key, value in kept.items() if value is not None}
    if len(msgspec.json.encode(kept)) > 100_000:
        raise BadInput({page: _("Phần khai này quá dài. Hãy rút gọn rồi lưu lại.")})
    seen = {*draft.seen, f"{page}/{part}" if part else page} if done else draft.seen
    draft.data = {**draft.data, page: kept, "seen": sorted(seen)}
    if unit_id is not None:
        units.unit_row(unit_id, as_of=timezone.localdate(at))
        draft.unit_id = unit_id
    _saved(draft, actor, at)
    return draft


@command
def add_draft_file(
    code: str, paper_code: str, content: bytes | Readable, *, name: str, actor: Actor, at: datetime
) -> DraftFile:
    """Attach a paper to the draft. Raises DraftNotFound, HelpNotGiven, UnknownPaper and the refusals of `files`."""
    draft = _editable(code, actor=actor, at=at)
    if (given := _helps(draft, actor)) and not given.may_scan:
        raise helping.HelpNotGiven
    version = procedures.version_in_force(draft.procedure_code, on=timezone.localdate(at))
    if paper_code not in {paper.code for paper in version.papers}:
        raise errors.UnknownPaper(paper_code[:40])
    if draft.files.count() >= 40:
        raise BadInput({"file": _("Tờ khai đã có 40 tệp. Hãy bớt tệp cũ, hoặc gộp các trang thành một tệp.")})
    file = store(content, name=name, actor=actor, at=at, purpose="dossiers.paper")
    draft_file = DraftFile.objects.create(draft=draft, paper_code=paper_code, file=file)
    _saved(draft, actor, at)
    return draft_file


@command
def remove_draft_file(code: str, draft_file_id: int, *, actor: Actor, at: datetime) -> Draft:
    """Take a paper out of the draft again. Raises DraftNotFound."""
    draft = _editable(code, actor=actor, at=at)
    draft.files.filter(pk=draft_file_id).delete()
    _saved(draft, actor, at)
    return draft


def _editable(code: str, *, actor: Actor, at: datetime) -> Draft:
    draft = open_draft(code, actor=actor, at=at, lock=True)
    if draft.submitted_as_id is not None:
        raise errors.DraftNotFound
    return draft


def _helps(draft: Draft, actor: Actor) -> DraftHelp | None:
    """The help that this very actor gives."""
    return draft.given_help if helping.is_helping(draft.given_help, actor.person_id) else None


def _saved(draft: Draft, actor: Actor, at: datetime) -> None:
    draft.saved_at = at
    if draft.account_id is None and draft.given_help is None:
        draft.account_id = actor.person_id
    draft.save()
    record(events.DRAFT_SAVED, draft, actor=actor, at=at)


@command
def submit_draft(code: str, *, version_id: int | None = None, actor: Actor, at: datetime) -> Dossier:
    """Everything checked, the draft becomes a dossier of status 1 with a submission code. Pressed twice: the same dossier.

    version_id   the version whose papers and fees the filer has just been shown: with another in force nothing is submitted
    raises       DraftNotFound, HelpOver, HelpNotGiven, ProcedureChanged, IdentityLevelNeeded, DossierIncomplete,
                 BadInput (problems keyed page.field), NotFiledHere, the refusals of the catalogue
    """
    draft = open_draft(code, actor=actor, at=at, lock=True)
    if draft.submitted_as_id is not None:
        dossier = Dossier.objects.get(pk=draft.submitted_as_id)
        record(events.DRAFT_SAVED, draft, actor=actor, at=at, again=dossier.pk)
        return dossier
    if draft.unit_id is None:
        raise BadInput({"noi-nop.unit": _("Chưa chọn nơi nộp. Hãy chọn phường hoặc xã nơi bạn ở.")})
    day = timezone.localdate(at)
    version = procedures.version_in_force(draft.procedure_code, on=day)
    if version_id is not None and version_id != version.id:
        raise ProcedureChanged
    contact = draft.contact
    filer, owner = parties.filer_in(contact), parties.owner_in(contact)
    if given := _helps(draft, actor):
        if not given.may_submit:
            raise helping.HelpNotGiven
        helping.must_be_theirs(given, owner=owner, filer=filer)
    dossier = register(
        version,
        unit_id=draft.unit_id,
        receiving_unit_id=parties.collected_at(contact, version, unit_id=draft.unit_id, on=day),
        answers=draft.answers,
        owner=owner,
        filer=filer,
        return_by=parties.return_in(contact),
        papers=filed_papers(
            version,
            files=list(draft.files.order_by("id").values_list("paper_code", "file_id")),
            looked_up=draft.looked_up,
            reused=draft.reused,
        ),
        keeper=_store_of(draft, filer, actor),
        account_id=draft.account_id,
        assisted_by=helping.named_in(draft, at),
        actor=helping.in_their_place(actor, given),
        at=at,
    )
    draft.submitted_as = dossier
    draft.data = {}  # the dossier holds it now; nothing personal stays twice
    draft.save()
    return dossier


def register(
    version: procedures.VersionView,
    *,
    unit_id: int,
    receiving_unit_id: int,
    answers: Mapping[str, Any],
    owner: Mapping[str, Any],
    filer: Mapping[str, str] | None,
    return_by: str,
    papers: Sequence[PaperIn],
    keeper: stored.Owner,
    account_id: int | None,
    assisted_by: str = "",
    actor: Actor,
    at: datetime,
) -> Dossier:
    """What was filed online, from our pages or by a program, becomes a dossier of status 1. Inside a command.

    owner, filer, return_by   already clean
    keeper                    whose papers may be used again
    raises                    IdentityLevelNeeded, BadInput, DossierIncomplete, NotFiledHere, the refusals of the catalogue
    """
    day = timezone.localdate(at)
    needed = identity_level(version.code, on=day)
    if actor.identity_level < needed and not actor.trusted:
        raise errors.IdentityLevelNeeded(needed)
    form = clean_form_data(version.form_schema, answers, on=day)
    intake.check_place(version, receiving_unit_id=receiving_unit_id, resolving_unit_id=unit_id, channel=Channel.ONLINE, on=day)
    taken = digitising.taken_from_store(papers, version=version, owner=keeper, how="ticked", on=day)
    rows = intake.component_rows(version, papers)
    intake.must_be_complete(version, rows)
    dossier = Dossier.objects.create(
        submission_code=new_code("TS"),
        version_id=version.id,
        procedure_id=version.procedure_id,
        receiving_unit_id=receiving_unit_id,
        resolving_unit_id=unit_id,
        channel=Channel.ONLINE,
        assisted_by=assisted_by,
        status=Status.REGISTERED,
        **owner,
        filer=filer,
        account_id=account_id,
        form=form,
        quantities=intake.countable(form),
        return_by=return_by,
        submitted_at=at,
        answer_due_at=due_at(at, answer_limit(on=day), units.working_calendar(unit_id, on=day)),
    )
    Component.objects.bulk_create(Component(dossier=dossier, added_at=at, **row) for row in rows)
    fees = fees_for_form(version.fee_rules, schema=version.form_schema, data=form, channel=Channel.ONLINE, on=day)
    FeeDue.objects.bulk_create(FeeDue(dossier=dossier, **row) for row in intake.fee_rows(fees))
    if taken:
        digitising.note_reuse(dossier.pk, {code: paper.pk for code, paper in taken.items()}, how="ticked", actor=actor, at=at)
    record(
        events.SUBMITTED,
        dossier,
        actor=actor,
        at=at,
        unit_id=dossier.resolving_unit_id,
        procedure=version.code,
        submission_code=dossier.submission_code,
        version=version.id,
        answer_due_at=dossier.answer_due_at,
    )
    return dossier


def filed_papers(
    version: procedures.VersionView,
    *,
    files: Sequence[tuple[str, int]],
    looked_up: Set[str],
    reused: Mapping[str, str] = MappingProxyType({}),
) -> list[PaperIn]:
    """Of each paper the first that is there: uploaded files, one of the filer's store, data for the desk to look up."""
    there = {code for code, _file_id in files}
    known = [paper.code for paper in version.papers if paper.code not in there]
    return [
        *(PaperIn(code=code, how="uploaded", file_id=file_id, originals=0) for code, file_id in files),
        *(PaperIn(code=code, how="reused", stored=reused[code], originals=0) for code in known if code in reused),
        *(PaperIn(code=code, how="data", originals=0) for code in known if code in looked_up and code not in reused),
    ]


def _store_of(draft: Draft, filer: Mapping[str, Any] | None, actor: Actor) -> stored.Owner:
    """Whose store a submission may take from: the account's own, when its holder submits for themselves and is logged in."""
    own = draft.account_id is not None and draft.account_id == actor.person_id and filer is None
    return stored.Owner.of_account(draft.account_id) if own and draft.reused else stored.Owner()


@dataclass(frozen=True)
class Upload:
    """A file as it comes from a page, and the paper it is."""

    paper_code: str
    name: str
    content: bytes | Readable


@command
def answer_supplement(
    dossier_id: int,
    *,
    uploads: Sequence[Upload],
    reused: Mapping[str, str] = MappingProxyType({}),
    answer: str = "",
    actor: Actor,
    at: datetime,
) -> Dossier:
    """The owner brings what was missing, with its files: all of it or nothing.

    reused  component's code -> code of the paper of the account's own store that its holder ticked; a file goes before it
    raises  NotYourDuty, MoveNotAllowed, UploadsRefused, and what `complete_supplement` refuses
    """
    dossier = must_exist(Dossier.objects.select_for_update().filter(pk=dossier_id).first())
    must_own(dossier, actor)
    must_be(dossier, Status.SUPPLEMENT_REQUESTED)
    papers: list[PaperIn] = []
    refused: list[tuple[str, str]] = []
    for upload in uploads:
        try:
            file = store(upload.content, name=upload.name, actor=actor, at=at, purpose="dossiers.paper")
        except TellPerson as refusal:
            refused.append((upload.paper_code, _("Tệp “%(name)s”: %(why)s") % {"name": upload.name, "why": refusal.message()}))
        else:
            papers.append(PaperIn(code=upload.paper_code, how="uploaded", file_id=file.pk, originals=0))
    if refused:
        raise UploadsRefused(refused)
    brought = {paper.code for paper in papers}
    ticked = [PaperIn(code=code, how="reused", stored=one, originals=0) for code, one in reused.items() if code not in brought]
    return complete_supplement(
        dossier_id,
        papers=[*papers, *ticked],
        answer=answer,
        consent="ticked" if ticked else "",
        actor=actor,
        at=at,
    )


@command
def rate(
    dossier_id: int, *, level: int, reasons: Collection[str] = (), comment: str = "", actor: Actor, at: datetime
) -> Rating:
    """How satisfied the owner is, once. Raises NotYourDuty, NotYetRateable, AlreadyRated, BadInput."""
    dossier = must_exist(Dossier.objects.select_for_update().filter(pk=dossier_id).first())
    must_own(dossier, actor)
    if dossier.status not in DECIDED:
        raise errors.NotYetRateable
    if Rating.objects.filter(dossier=dossier).exists():
        raise errors.AlreadyRated
    if level not in satisfaction.Level.values or not set(reasons) <= set(satisfaction.Reason.values):
        raise BadInput({"level": _("Hãy chọn một trong năm mức.")})
    rating = Rating.objects.create(
        dossier=dossier, level=level, reasons=sorted(reasons), comment=text.one_line(comment)[:1000], rated_at=at
    )
    # Without the level: officers read this history, and must not learn who gave which.
    record(events.RATED, dossier, actor=actor, at=at, unit_id=dossier.resolving_unit_id)
    return rating

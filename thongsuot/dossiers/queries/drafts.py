"""A draft as its pages show it: what is filled in, wrong or missing, and what it will cost. The rules of today judge it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from thongsuot.dossiers.actions import intake, parties
from thongsuot.dossiers.models import Channel, Dossier, Draft, DraftFile
from thongsuot.kernel import text
from thongsuot.kernel.errors import BadInput, TellPerson
from thongsuot.personal_store import queries as stored
from thongsuot.personal_store.models import StoredPaper
from thongsuot.personal_store.rules import Wanted
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.content import FeeRule, Paper
from thongsuot.procedures.forms import clean_form_data, group_schema
from thongsuot.procedures.rules import FeeLine, fees_for_form
from thongsuot.procedures.words import limit_words
from thongsuot.units import queries as units


class State(StrEnum):
    """How far a part of the draft is."""

    TO_DO = "to_do"
    STARTED = "started"
    WRONG = "wrong"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One page of the draft.

    key       which part of its page: a group of the form, "owner", "filer" or "return"; empty when the page has one part
    problems  sentences by field; a part nobody has opened has them too
    """

    page: str
    key: str
    title: str
    state: State
    problems: dict[str, str]

    @property
    def mark(self) -> str:
        """As `save_page` keeps it among what was seen."""
        return f"{self.page}/{self.key}" if self.key else self.page


@dataclass(frozen=True, kw_only=True)
class HeldPaper:
    """A paper of the procedure with what the draft holds of it.

    offers_look_up  the filer may ask the desk to find the data instead
    offers          papers of the reader's own store that can stand for it
    reused          code of the stored paper that is ticked; empty
    """

    paper: Paper
    files: Sequence[DraftFile]
    is_looked_up: bool
    offers_look_up: bool
    offers: Sequence[StoredPaper] = ()
    reused: str = ""

    @property
    def is_there(self) -> bool:
        return bool(self.files or self.reused) or self.is_looked_up

    @property
    def reused_title(self) -> str:
        """What is used again, in words; only its code for whoever may not see the store."""
        return next((stored_words(one) for one in self.offers if one.code == self.reused), self.reused)


@dataclass(frozen=True, kw_only=True)
class Papers:
    """Everything the procedure asks for, in the order a filer needs it.

    needed     must be handed in
    sometimes  only in some cases
    shown      not handed in: brought along and given back
    strange    files kept for a paper that the procedure no longer knows
    """

    needed: list[HeldPaper]
    sometimes: list[HeldPaper]
    shown: list[Paper]
    strange: list[DraftFile]

    @property
    def taken(self) -> list[HeldPaper]:
        return [*self.needed, *self.sometimes]


@dataclass(frozen=True, kw_only=True)
class DraftPage:
    """A draft under the rules of a day.

    fees     None while the form has mistakes that keep it from being computed
    changed  what is different from the version in force when the draft was last saved, as sentences
    """

    draft: Draft
    version: procedures.VersionView
    on: date
    unit: units.UnitRow | None
    papers: Papers
    parts: list[Part]
    fees: list[FeeLine] | None
    changed: list[str]
    may_reuse: bool = False  # whoever reads it is the account that files for itself

    @property
    def is_ready(self) -> bool:
        return not any(part.problems for part in self.parts)

    @property
    def done(self) -> int:
        return sum(part.state is State.DONE for part in self.parts)

    def part(self, page: str, key: str = "") -> Part | None:
        return next((part for part in self.parts if (part.page, part.key) == (page, key)), None)

    def after(self, part: Part) -> Part | None:
        """The part that follows; None after the last."""
        following = self.parts.index(part) + 1
        return self.parts[following] if following < len(self.parts) else None


def draft_page(draft: Draft, *, now: datetime, reader: int | None = None) -> DraftPage:
    """One query: the files; two more for the store of `reader`, the account that looks at its own draft.

    Raises UnknownProcedure, NotInForce when the procedure is no longer offered at all.
    """
    on = timezone.localdate(now)
    version = procedures.version_in_force(draft.procedure_code, on=on)
    own = reader is not None and reader == draft.account_id and draft.contact.get("filing_for") != "another"
    papers = _papers(draft, version, offers_of(version, stored.Owner.of_account(reader), on=on) if own else None)
    parts = [*_parts(draft, version, papers, on=on)]
    return DraftPage(
        draft=draft,
        version=version,
        on=on,
        papers=papers,
        parts=parts,
        fees=_fees(draft, version, on=on),
        unit=units.unit_row(draft.unit_id, as_of=on) if draft.unit_id is not None else None,
        changed=_changed_since(draft, version),
        may_reuse=own,
    )


def offers_for_supplement(
    dossier: Dossier, version: procedures.VersionView, person_id: int | None, *, on: date
) -> dict[str, list[StoredPaper]]:
    """For each component the papers of the reader's store that the dossier has not yet; only for who filed for themselves.

    Three queries at most.
    """
    if person_id is None or person_id != dossier.account_id or dossier.filer:
        return {}
    there = stored.used_in(dossier.pk)
    found = {
        code: [paper for paper in papers if paper.pk not in there]
        for code, papers in offers_of(version, stored.Owner.of_account(person_id), on=on).items()
    }
    return {code: papers for code, papers in found.items() if papers}


def offers_of(version: procedures.VersionView, owner: stored.Owner, *, on: date) -> dict[str, list[StoredPaper]]:
    """By paper of the procedure, what the owner's store has for it. At a desk shown only after `looked_into`."""
    wanted = [
        Wanted(procedure_code=version.code, paper_code=paper.code, name=paper.name)
        for paper in version.papers
        if paper.kind == "submit"
    ]
    return stored.offers(owner, wanted, on=on)


def stored_words(paper: StoredPaper) -> str:
    """'Giấy khai sinh, số 12, ngày 01/10/2025, Phường Sông'."""
    parts = [
        paper.title,
        _("số %(number)s") % {"number": paper.number} if paper.number else "",
        _("ngày %(day)s") % {"day": text.day(paper.issued_on)} if paper.issued_on else "",
        paper.issuing_body,
    ]
    return ", ".join(part for part in parts if part)


def groups_of(version: procedures.VersionView) -> list[dict[str, str]]:
    """The pages of the form: key and title each; one without key when it has no groups, none without a form."""
    if not version.form_schema:
        return []
    groups: list[dict[str, str]] = version.form_schema.get("x-groups", [])
    return groups or [{"key": "", "title": version.form_schema.get("title") or _("Tờ khai")}]


def _parts(draft: Draft, version: procedures.VersionView, papers: Papers, *, on: date) -> list[Part]:
    seen, contact, answers = draft.seen, draft.contact, draft.answers
    # A place chosen on the page before the draft counts as much as one chosen here.
    place = {"noi-nop"} if draft.unit_id is not None else seen
    parts = [_part(place, "noi-nop", "", _("Nơi nộp"), _place_problems(draft, version, on=on), begun=False)]
    for group in groups_of(version):
        schema = group_schema(version.form_schema, group["key"])
        mine = {key: answers[key] for key in schema["properties"] if key in answers}
        problems = _answer_problems(schema, mine, on=on)
        parts.append(_part(seen, "to-khai", group["key"], group["title"], problems, begun=bool(mine)))
    if papers.taken or papers.strange:
        parts.append(
            _part(seen, "giay-to", "", _("Giấy tờ"), _paper_problems(papers), begun=any(held.is_there for held in papers.taken))
        )
    problems = _refused(parties.owner_in, contact)
    parts.append(_part(seen, "lien-he", "owner", _("Chủ hồ sơ"), problems, begun="owner" in contact))
    if contact.get("filing_for") == "another":
        problems = _refused(parties.filer_in, contact)
        parts.append(_part(seen, "lien-he", "filer", _("Người nộp thay"), problems, begun="filer" in contact))
    problems = _refused(parties.return_in, contact)
    parts.append(_part(seen, "lien-he", "return", _("Cách nhận kết quả"), problems, begun="return_by" in contact))
    return parts


def _part(seen: set[str], page: str, key: str, title: str, problems: dict[str, str], *, begun: bool) -> Part:
    if (f"{page}/{key}" if key else page) in seen:
        state = State.WRONG if problems else State.DONE
    else:
        state = State.STARTED if begun else State.TO_DO
    return Part(page=page, key=key, title=title, state=state, problems=problems)


def _place_problems(draft: Draft, version: procedures.VersionView, *, on: date) -> dict[str, str]:
    if draft.unit_id is None:
        return {"unit": _("Chưa chọn nơi nộp. Hãy chọn phường hoặc xã nơi bạn ở.")}
    try:
        intake.check_place(
            version, receiving_unit_id=draft.unit_id, resolving_unit_id=draft.unit_id, channel=Channel.ONLINE, on=on
        )
    except TellPerson as refusal:
        return {"unit": refusal.message()}
    return {}


def _answer_problems(schema: Mapping[str, Any], answers: Mapping[str, Any], *, on: date) -> dict[str, str]:
    try:
        clean_form_data(schema, answers, on=on)
    except BadInput as refusal:
        return refusal.problems
    return {}


def _paper_problems(papers: Papers) -> dict[str, str]:
    missing = {
        held.paper.code: _("Chưa có “%(paper)s”. Hãy tải tệp lên, hoặc nhờ tra dữ liệu.") % {"paper": held.paper.name}
        for held in papers.needed
        if not held.is_there
    }
    return missing | {
        file.paper_code: _("Tệp “%(name)s” không còn cần cho thủ tục này. Hãy bỏ tệp.") % {"name": file.file.name}
        for file in papers.strange
    }


def _refused(clean: Any, contact: Mapping[str, Any]) -> dict[str, str]:
    try:
        clean(contact)
    except BadInput as refusal:
        return refusal.problems
    return {}


def _papers(draft: Draft, version: procedures.VersionView, offers: Mapping[str, list[StoredPaper]] | None) -> Papers:
    files: dict[str, list[DraftFile]] = {}
    for file in draft.files.select_related("file__blob").order_by("id"):
        files.setdefault(file.paper_code, []).append(file)
    ticked = draft.reused
    if offers is not None:  # whoever may see the store sees, too, that a ticked paper was replaced since
        ticked = {code: one for code, one in ticked.items() if one in {paper.code for paper in offers.get(code, ())}}

    def held(paper: Paper) -> HeldPaper:
        return HeldPaper(
            paper=paper,
            files=files.get(paper.code, []),
            # What must be handed in may already be in a register: then nobody has to bring it again.
            offers_look_up=paper.is_needed,
            is_looked_up=paper.is_needed and paper.code in draft.looked_up and paper.code not in files,
            offers=(offers or {}).get(paper.code, ()),
            reused=ticked.get(paper.code, "") if paper.code not in files else "",
        )

    # A paper form is filled in on these pages; only where the procedure has no form of ours is it uploaded.
    taken = [paper for paper in version.papers if paper.kind == "submit" or (paper.kind == "form" and not version.form_schema)]
    known = {paper.code for paper in taken}
    return Papers(
        needed=[held(paper) for paper in taken if paper.is_needed],
        sometimes=[held(paper) for paper in taken if not paper.is_needed],
        shown=[paper for paper in version.papers if paper.kind == "show"],
        strange=[file for code, found in files.items() if code not in known for file in found],
    )


def _fees(draft: Draft, version: procedures.VersionView, *, on: date) -> list[FeeLine] | None:
    try:
        form = clean_form_data(version.form_schema, draft.answers, on=on)
        return fees_for_form(version.fee_rules, schema=version.form_schema, data=form, channel=Channel.ONLINE, on=on)
    except BadInput:
        return None


# -- a version that changed under the filer's hands --------------------------------------------------------------------


def _changed_since(draft: Draft, version: procedures.VersionView) -> list[str]:
    try:
        before = procedures.version_in_force(draft.procedure_code, on=timezone.localdate(draft.saved_at))
    except TellPerson:
        return []
    return changes_between(before, version) if before.id != version.id else []


def changes_between(before: procedures.VersionView, after: procedures.VersionView) -> list[str]:
    """What a filer must know of a new version, as sentences."""
    changes: list[str] = []
    if before.limit != after.limit:
        changes.append(
            _("Thời hạn giải quyết nay là %(after)s, trước là %(before)s.")
            % {"after": limit_words(after.limit).lower(), "before": limit_words(before.limit).lower()}
        )
    old, new = ({paper.code: paper for paper in version.papers if paper.kind == "submit"} for version in (before, after))
    changes += [
        _("Cần thêm giấy tờ: %(paper)s.") % {"paper": paper.name}
        for code, paper in new.items()
        if paper.required and (code not in old or not old[code].required)
    ]
    changes += [
        _("Không cần giấy tờ này nữa: %(paper)s.") % {"paper": paper.name} for code, paper in old.items() if code not in new
    ]
    asked_before, asks_now = (version.form_schema.get("properties", {}) for version in (before, after))
    changes += [
        _("Tờ khai có mục mới: %(title)s.") % {"title": field["title"]}
        for key, field in asks_now.items()
        if key not in asked_before
    ]
    changes += [
        _("Tờ khai không còn mục: %(title)s.") % {"title": field["title"]}
        for key, field in asked_before.items()
        if key not in asks_now
    ]
    if _prices(before.fee_rules) != _prices(after.fee_rules):
        changes.append(_("Mức phí, lệ phí đã đổi. Hãy xem lại số tiền trước khi nộp."))
    return changes or [_("Thủ tục có bản mới, phần khai của bạn không phải đổi.")]


def _prices(fee_rules: Sequence[FeeRule]) -> list[tuple[Any, ...]]:
    return [(r.code, r.form, r.amount_dong, r.tiers, r.cap_dong, r.online_percent, r.exemptions) for r in fee_rules]


# -- an account's own --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """A draft in its owner's list."""

    code: str
    procedure: str
    unit: str
    saved_at: datetime
    expires_at: datetime


def drafts_of(person_id: int, *, now: datetime, procedure_code: str = "") -> list[DraftRow]:
    """What the account has begun and not submitted, the latest first. Two queries at most."""
    mine = Q(account_id=person_id, submitted_as=None, expires_at__gt=now)
    if procedure_code:
        mine &= Q(procedure_code=procedure_code)
    drafts = list(Draft.objects.filter(mine).order_by("-saved_at")[:50])
    names = units.unit_rows({draft.unit_id for draft in drafts if draft.unit_id is not None}, as_of=timezone.localdate(now))
    return [
        DraftRow(
            code=draft.code,
            procedure=_name(draft, now),
            unit=names[draft.unit_id].full_name if draft.unit_id is not None else "",
            saved_at=draft.saved_at,
            expires_at=draft.expires_at,
        )
        for draft in drafts
    ]


def _name(draft: Draft, now: datetime) -> str:
    """As the procedure is called today; when it has ended, as it was called when the draft was begun."""
    for at in (now, draft.started_at):
        try:
            return procedures.version_in_force(draft.procedure_code, on=timezone.localdate(at)).name
        except procedures.NotInForce:
            continue
    return draft.procedure_code

"""What the counter's form says in one request: worked out part by part, each once."""

from __future__ import annotations

import hashlib
import uuid
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import Any, TypeVar

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thongsuot.counters import queries as counters
from thongsuot.dossiers import actions, words
from thongsuot.dossiers.actions import parties
from thongsuot.dossiers.actions.errors import DossierIncomplete, FeeAlreadyPaid, VisitNoted
from thongsuot.dossiers.forms import intake as desk_forms
from thongsuot.dossiers.models import Component, FeeDue, Status
from thongsuot.dossiers.queries import quotes
from thongsuot.dossiers.queries.drafts import offers_of, stored_words
from thongsuot.dossiers.views.intake_store import looked_into
from thongsuot.dossiers.views.officer import unit_choices
from thongsuot.files.actions import store
from thongsuot.files.queries import file_rows
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import BadInput, NotYourDuty, TellPerson, must_exist
from thongsuot.kernel.idempotency import Key, KeyUsedWithOtherBody
from thongsuot.kernel.models import Answered
from thongsuot.kernel.text import dong, one_line
from thongsuot.people import queries as people
from thongsuot.people.actions import log_look_up
from thongsuot.people.models import Person
from thongsuot.personal_store import queries as stored
from thongsuot.personal_store.models import StoredPaper
from thongsuot.procedures import forms as schema_forms
from thongsuot.procedures import queries as procedures
from thongsuot.procedures.words import limit_words
from thongsuot.units import queries as units
from thongsuot.web.due import Due
from thongsuot.web.forms import Form
from thongsuot.web.request import number_of

F = TypeVar("F", bound=Form)
E_FORM = "tk"  # prefix of the e-form's fields: they may be called as ours
_NOT_SAID = ("csrfmiddlewaretoken", "viec", "tk")  # what does not make a second press another request


class Desk:
    """The counter's form as it stands in one request."""

    def __init__(self, request: HttpRequest, actor: Actor) -> None:
        self.request, self.actor, self.now = request, actor, clock.now()
        self.today = timezone.localdate(self.now)
        self.posted = request.method == "POST"
        self.data: QueryDict = request.POST.copy() if self.posted else QueryDict(mutable=True)
        self.key = self.data.get("khoa") or uuid.uuid4().hex
        self.checked = False  # the forms show what is wrong only after F9
        self.file_errors: dict[str, str] = {}
        self.found_account = ""
        self.found_stored = ""
        if self.posted and self.version:
            self._keep_files()

    # -- where and what --

    @cached_property
    def desks(self) -> list[tuple[int, str]]:
        """Units this officer receives for; empty when there is one."""
        return unit_choices(self.actor.units_for("receive dossiers"))

    @cached_property
    def unit_id(self) -> int:
        asked = self.data.get("noi-nhan", "")
        known = next((unit_id for unit_id, _name in self.desks if str(unit_id) == asked), None)
        if known is not None:
            return known
        return self.desks[0][0] if self.desks else next(iter(self.actor.units_for("receive dossiers")))

    @cached_property
    def ticket(self) -> counters.Served | None:
        """The number with which this form was opened: whoever is being served then, or was meanwhile done."""
        if self.posted:
            return counters.served_by(self.actor.person_id, ticket_id=number_of(self.data.get("so", "")), on=self.today)
        return counters.serving_now(self.actor.person_id, on=self.today)

    @cached_property
    def asked(self) -> str:
        """The procedure as typed."""
        return one_line((self.data if self.posted else self.request.GET).get("thu-tuc", ""))[:200]

    @cached_property
    def version(self) -> procedures.VersionView | None:
        """The chosen procedure: by its button, else the one chosen for these very words, else the only one that fits."""
        if code := self.data.get("chon"):
            return self._offered(code)
        if not self.asked:
            return None
        if self.data.get("da-tim") == self.asked and (kept := self._offered(self.data.get("ma", ""))):
            return kept
        if exact := self._offered(self.asked.split()[0]):
            return exact
        return self._offered(self.matches[0].code) if len(self.matches) == 1 else None

    def _offered(self, code: str) -> procedures.VersionView | None:
        return quotes.version_offered(code[:20], unit_id=self.unit_id, on=self.today)

    @cached_property
    def matches(self) -> list[quotes.OfferRow]:
        return quotes.offers(self.asked, unit_id=self.unit_id, on=self.today) if self.asked else []

    @cached_property
    def places(self) -> list[tuple[int, str]]:
        if self.version is None:
            return []
        found = quotes.resolving_units(self.version, unit_id=self.unit_id, on=self.today)
        return quotes.near_address(found, self.data.get("address", "")[:300], unit_id=self.unit_id, on=self.today)

    @property
    def why_not(self) -> str:
        """Why the procedure whose code was typed is not received here; empty without such a code."""
        if self.version is not None or not self.asked:
            return ""
        return quotes.why_not_here(self.asked.split()[0][:20], unit_id=self.unit_id, on=self.today)

    # -- the forms --

    def _form(self, kind: type[F], **made_of: Any) -> F:
        """With what was typed. Its faults are shown only when the whole is to be received."""
        if not self.posted:
            return kind(**made_of)
        bound = kind(self.data, **made_of)
        return bound if self.checked else _as_typed(bound, kind, made_of)

    @cached_property
    def person(self) -> desk_forms.PersonForm:
        return self._form(desk_forms.PersonForm)

    @cached_property
    def procedure(self) -> desk_forms.ProcedureForm:
        made_of: dict[str, Any] = {"search_at": reverse("dossiers:intake")}
        if not self.posted:
            made_of["initial"] = {"thu-tuc": self.asked}
        return self._form(desk_forms.ProcedureForm, **made_of)

    @cached_property
    def papers(self) -> desk_forms.PapersForm:
        return self._form_of_version(
            desk_forms.PapersForm,
            papers=self.version.papers if self.version else (),
            offers={code: [(one.code, stored_words(one)) for one in found] for code, found in self.offers.items()},
        )

    @cached_property
    def money(self) -> desk_forms.MoneyForm:
        return self._form_of_version(desk_forms.MoneyForm, **self._money_of())

    def _money_of(self) -> dict[str, Any]:
        return {
            "units": self.places,
            "counted": quotes.counted_by(self.version, self.today) if self.version else (),
            "exemptions": quotes.exemptions_of(self.version, self.today) if self.version else (),
        }

    def _form_of_version(self, kind: type[F], **made_of: Any) -> F:
        """A form whose fields belong to the procedure: fresh when another procedure has just been chosen."""
        return self._form(kind, **made_of) if not self.posted or self.same_procedure else kind(**made_of)

    @property
    def same_procedure(self) -> bool:
        return self.version is not None and self.data.get("ma") == self.version.code

    @cached_property
    def e_form(self) -> schema_forms.SchemaForm | None:
        if self.version is None or not self.version.form_schema:
            return None
        return self._form_of_version(self._e_form_class, prefix=E_FORM)

    @cached_property
    def _e_form_class(self) -> type[schema_forms.SchemaForm]:
        schema = self.version.form_schema if self.version else {}
        own = {name.removeprefix(f"{E_FORM}-"): value for name, value in self.data.items() if name.startswith(f"{E_FORM}-")}
        return schema_forms.form_class(schema, rows=schema_forms.rows_for(schema, own, grow=self.data.get("them", "")))

    @cached_property
    def e_form_used(self) -> bool:
        """Was anything of the e-form filled in? It is the desk's choice."""
        return bool(
            self.posted and self.same_procedure and self.e_form and self._e_form_class(self.data, prefix=E_FORM).has_changed()
        )

    @property
    def e_form_data(self) -> dict[str, Any]:
        """The answers, once they are right; nothing before."""
        if not self.e_form_used:
            return {}
        bound = self._e_form_class(self.data, prefix=E_FORM)
        return bound.form_data() if bound.is_valid() else {}

    # -- what it will promise and cost --

    @cached_property
    def quote(self) -> quotes.Quote | None:
        """None while no procedure is chosen or a number is not one."""
        if self.version is None or not self.places:
            return None
        bound = desk_forms.MoneyForm(self.data, **self._money_of()) if self.posted and self.same_procedure else None
        said = bound.cleaned_data if bound is not None and bound.is_valid() else {}
        if bound is not None and any(name.startswith("sl-") for name in bound.errors):
            return None
        counted = (
            dict(bound.quantities()) if said and bound else {name: usual for name, _t, usual in self._money_of()["counted"]}
        )
        try:
            return quotes.quote(
                self.version,
                resolving_unit_id=said.get("resolving_unit") or self.places[0][0],
                channel=3 if self.data.get("channel") == "3" else 1,
                quantities={} if self.e_form_used else counted,
                exemptions=said.get("exemptions", ()),
                form=self.e_form_data,
                now=self.now,
            )
        except BadInput:
            return None

    # -- what can be asked of it --

    def _keep_files(self) -> None:
        """Every file of the request is stored at once; from then on it travels as a signed id."""
        assert self.version is not None
        for paper in self.version.papers:
            if self.data.get(f"bo-{paper.code}"):
                self.data[f"giu-{paper.code}"] = ""
            file = self.request.FILES.get(f"tep-{paper.code}")
            if file is None:
                continue
            try:
                kept = store(file, name=file.name or "", actor=self.actor, at=self.now, purpose="dossiers.paper")
            except TellPerson as refusal:
                self.file_errors[paper.code] = refusal.message()
                continue
            self.data[f"giu-{paper.code}"] = desk_forms.file_token(kept.pk)
            if not self.data.get(f"how-{paper.code}"):
                self.data[f"how-{paper.code}"] = Component.How.SCANNED

    def scan_all(self) -> None:
        """All papers that must be there and are not yet said: they lie on the desk and go through the scanner."""
        for paper in self.version.papers if self.version else ():
            if paper.required and not (self.data.get(f"how-{paper.code}") or self.data.get(f"kho-{paper.code}")):
                self.data[f"how-{paper.code}"] = Component.How.SHOWN if paper.kind == "show" else Component.How.SCANNED

    # -- the owner's store: looked into when asked, and every look is written down --

    @property
    def id_number(self) -> str:
        return "".join(self.data.get("id_number", "").split())

    @cached_property
    def offers(self) -> dict[str, list[StoredPaper]]:
        """By paper, what the owner's store has for it; empty until somebody looked there for this owner and procedure."""
        if self.version is None or not desk_forms.token_looked(self.data, self.id_number, self.version.code):
            return {}
        return offers_of(self.version, stored.Owner(id_number=self.id_number), on=self.today)

    def look_into_store(self) -> None:
        """Papers of the person at the desk that this procedure asks for: only these; the person reads that they were seen."""
        if self.version is None or not self.same_procedure:
            return
        if not self.id_number:
            self.found_stored = _("Hãy nhập số định danh của chủ hồ sơ rồi tra kho.")
            return
        count = looked_into(self.version, self.id_number, actor=self.actor, at=self.now, on=self.today)
        self.data["kho"] = desk_forms.looked_token(self.id_number, self.version.code)
        self.found_stored = (
            ngettext("Kho có %(num)s giấy tờ dùng được.", "Kho có %(num)s giấy tờ dùng được.", count) % {"num": count}
            if count
            else _("Kho không có giấy tờ nào dùng được cho thủ tục này. Hãy nhận bản giấy và quét.")
        )

    def look_up_person(self) -> None:
        """The account whose owner's card with this number an officer has seen: fills what is still empty. Leaves a trace."""
        number = "".join(self.data.get("id_number", "").split())
        card = people.person_by_id_number(number, actor=self.actor)
        if card is None:
            self.found_account = _("Không có tài khoản nào đã đối chiếu số này. Hãy nhập như trên thẻ.")
            return
        log_look_up(
            Person(pk=card.id),
            fields=["full_name", "phone", "email"],
            reason=_("Tiếp nhận hồ sơ tại quầy"),
            about_id=card.id,
            actor=self.actor,
            at=self.now,
        )
        for name, value in (("name", card.full_name), ("phone", card.phone), ("email", card.email)):
            if not self.data.get(name):
                self.data[name] = value
        self.data["tk"] = desk_forms.account_token(card.id, number)
        self.found_account = _("Khớp tài khoản đã đối chiếu: %(name)s.") % {"name": card.full_name}

    def receive(self) -> dict[str, Any] | int | None:
        """The answer of the reception; the id of what this form became before; None with the faults in the forms."""
        self.checked = True
        shown = [
            self.procedure,
            self.person,
            self.papers,
            self.money,
            *([self.e_form] if self.e_form and self.e_form_used else []),
        ]
        valid = [form.is_valid() for form in shown]  # each is asked, so that all their faults are shown
        for code, sentence in self.file_errors.items():
            self.papers.add_error(f"how-{code}", sentence)
        if self.version is None:
            if not self.procedure.errors:
                self.procedure.add_error("thu-tuc", self.procedure.fields["thu-tuc"].error_messages["required"])
            return None
        if not all(valid) or self.file_errors:
            self._foresee()
            return None
        try:
            answer = actions.receive_dossier(self._intake(), actor=self.actor, at=self.now, key=self._key())
        except KeyUsedWithOtherBody:
            return self._became()
        except TellPerson as refusal:
            self._show(refusal)
            return None
        if self.money.cleaned_data["cash"]:
            self._collect(answer["id"])
        if self.ticket is not None:
            self._note_visit(answer["id"], self.ticket.id)
        return answer

    def _foresee(self) -> None:
        """What the command would refuse as well, so that all faults are told at once."""
        assert self.version is not None
        typed: dict[str, Any] = {
            name: str(self.person[name].value() or "") for name in ("name", "id_number", "phone", "email", "address")
        }
        try:
            parties.clean_owner(actions.Owner(**typed))
        except BadInput as refusal:
            for place, sentence in refusal.problems.items():
                field = desk_forms.PLACES.get(place, place)
                if not self.person.has_error(field):
                    self.person.add_error(field, sentence)
        said = {
            code
            for code in (paper.code for paper in self.version.papers)
            if self.papers[f"how-{code}"].value() or self.data.get(f"kho-{code}")
        }
        lacking = [(paper.code, paper.name) for paper in self.version.papers if paper.is_needed and paper.code not in said]
        if lacking:
            self._show(DossierIncomplete(lacking))

    def _intake(self) -> actions.Intake:
        assert self.version is not None
        said = self.person.cleaned_data
        return actions.Intake(
            procedure=self.version.code,
            receiving_unit_id=self.unit_id,
            resolving_unit_id=self.money.cleaned_data["resolving_unit"],
            owner=self.person.owner(),
            filer=self.person.filer(),
            channel=said["channel"],
            papers=tuple(self.papers.rows()),
            form=self.e_form_data,
            quantities={} if self.e_form_used else self.money.quantities(),
            exemptions=tuple(self.money.cleaned_data["exemptions"]),
            return_by=said["return_by"],
            account_id=desk_forms.token_account(self.data, "".join(said["id_number"].split())),
            consent=self.papers.cleaned_data.get("dong_y", "") if self.papers.takes_any else "",
            consent_note=self.papers.cleaned_data.get("dong_y_ghi", ""),
        )

    def _key(self) -> Key:
        """Pressed twice, or sent again by the browser, the same form is one dossier. Files stored twice make no difference."""
        said = sorted(
            (name, value)
            for name, values in self.request.POST.lists()
            for value in values
            if name not in _NOT_SAID and not name.startswith("giu-")
        )
        return Key(
            caller=f"desk:{self.actor.person_id}", key=self.key[:64], body_hash=hashlib.sha256(repr(said).encode()).digest()
        )

    def _became(self) -> int:
        answered = must_exist(Answered.objects.filter(caller=f"desk:{self.actor.person_id}", key=self.key[:64]).first())
        return int(answered.answer[0]["id"])

    def _collect(self, dossier_id: int) -> None:
        for fee in FeeDue.objects.filter(dossier_id=dossier_id, paid_at=None, amount_dong__gt=0):
            try:
                actions.collect_fee(fee.pk, actor=self.actor, at=self.now)
            except FeeAlreadyPaid:
                continue  # the same form pressed twice at once

    def _note_visit(self, dossier_id: int, ticket_id: int) -> None:
        with suppress(VisitNoted):  # the same form pressed twice
            actions.note_visit(dossier_id, ticket_id=ticket_id, actor=self.actor, at=self.now)

    def _show(self, refusal: TellPerson) -> None:
        """The command's "no" beside the field it speaks of."""
        if isinstance(refusal, NotYourDuty):
            raise refusal
        if isinstance(refusal, DossierIncomplete):
            for code, name in refusal.missing:
                self.papers.add_error(
                    f"how-{code}", _("Chưa có: %(paper)s. Hãy chọn lấy từ đâu, hoặc ghi lý do miễn.") % {"paper": name}
                )
            return
        if not isinstance(refusal, BadInput):
            self.procedure.add_error(None, refusal.message())
            return
        for place, sentence in refusal.problems.items():
            form, field = self._place(place)
            form.add_error(field, sentence)

    def _place(self, place: str) -> tuple[Form, str | None]:
        """Which form and field a problem of the command belongs to."""
        code = place.removeprefix("papers.")
        candidates: list[tuple[Form | None, str]] = [
            (self.person, desk_forms.PLACES.get(place, place)),
            (self.papers, f"how-{code}"),
            (self.money, f"sl-{place}"),
            (self.e_form if self.e_form_used else None, place),
        ]
        for form, field in candidates:
            if form is not None and field in form.fields:
                return form, field
        return self.person, None

    # -- the page --

    def _promise(self) -> Due | None:
        """The deadline bar before anything runs: the limit in words, the instant below."""
        if self.quote is None or self.version is None:
            return None
        counted = words.due_words(self.quote.due, status=Status.RECEIVED)
        return replace(counted, state="ok", used=0, text=limit_words(self.version.limit))

    def context(self) -> dict[str, Any]:
        rows = {}
        tokens = (
            {paper.code: desk_forms.token_file(self.data.get(f"giu-{paper.code}", "")) for paper in self.version.papers}
            if self.version
            else {}
        )
        names = (
            {row.id: row.name for row in file_rows([file_id for file_id in tokens.values() if file_id])}
            if any(tokens.values())
            else {}
        )
        for code, file_id in tokens.items():
            rows[code] = names.get(file_id or 0, "")
        return {
            "form": self.person,
            "procedure_form": self.procedure,
            "papers": self.papers,
            "money": self.money,
            "e_form": self.e_form,
            "forms": [
                self.procedure,
                self.person,
                self.papers,
                self.money,
                *([self.e_form] if self.e_form and self.e_form_used else []),
            ],
            "e_form_used": self.e_form_used,
            "version": self.version,
            "ticket": self.ticket,
            "why_not": self.why_not,
            "matches": [] if self.version else self.matches,
            "asked": self.asked,
            "key": self.key,
            "desks": self.desks,
            "unit_id": self.unit_id,
            "unit": units.unit_row(self.unit_id, as_of=self.today).full_name,
            "places": self.places,
            "quote": self.quote,
            "due": self._promise(),
            "files": rows,
            "file_errors": self.file_errors,
            "found_account": self.found_account,
            "found_stored": self.found_stored,
            "looked": self.data.get("kho", ""),
            "account": self.data.get("tk", ""),
            "here": reverse("dossiers:intake"),
            "total": dong(self.quote.total_dong) if self.quote else "",
            "bound": self.checked,
        }


def _as_typed(bound: F, kind: type[F], made_of: dict[str, Any]) -> F:
    """The same form without its faults: what was typed as its beginning."""
    typed = {
        name: field.widget.value_from_datadict(bound.data, bound.files, bound.add_prefix(name))
        for name, field in bound.fields.items()
    }
    return kind(**{**made_of, "initial": typed})

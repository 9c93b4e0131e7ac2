"""From a dossier: write its event into the register, search for it, look at marriages, make the paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from thongsuot.dossiers.models import Dossier, FeeDue
from thongsuot.kernel import clock
from thongsuot.kernel.actor import Actor
from thongsuot.kernel.errors import NotFound, TellPerson
from thongsuot.procedures import queries as procedures
from thongsuot.registers import actions
from thongsuot.registers.actions.errors import AlreadyEntered, NotForTheRegister, PersonKnown
from thongsuot.registers.forms.entries import EntryForm, texts
from thongsuot.registers.models import Entry, Kind, RegisterSearch
from thongsuot.registers.queries import books, same
from thongsuot.registers.queries import search as searching
from thongsuot.registers.rules import COPIES, DUTY, ENTERS, MARITAL, drafts, entering
from thongsuot.registers.views.common import tabs
from thongsuot.registers.views.entries import guarded
from thongsuot.web.confirm import confirm
from thongsuot.web.forms import refusals_on
from thongsuot.web.request import actor_with


def dossier_for(request: HttpRequest, dossier_id: int) -> tuple[Dossier, procedures.VersionView, Actor]:
    """The dossier, if the actor keeps the registers of its resolving unit. Raises NotYourDuty, NotFound."""
    actor = actor_with(request, DUTY)
    dossier = Dossier.objects.filter(pk=dossier_id).first()
    if dossier is None or not actor.may(DUTY, unit_id=dossier.resolving_unit_id):
        raise NotFound
    return dossier, procedures.version(dossier.version_id), actor


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The entry, filled from the dossier's form, for the officer to hold against the papers."""
    dossier, version, actor = dossier_for(request, dossier_id)
    if version.code not in ENTERS:
        raise NotForTheRegister
    kind, again = ENTERS[version.code]
    form = EntryForm(kind, request.POST or None, initial=entering.prefilled(kind, dossier.form), again=again)
    known: list[same.SameRow] = []
    valid = form.is_bound and form.is_valid()
    warnings = [] if again else _warnings(kind, texts(form.cleaned_data) if valid else form.initial)
    if valid and warnings and not (form.cleaned_data["warned"] and request.POST.get("seen") == " ".join(warnings)):
        form.add_error("warned", _("Chưa ghi vào sổ. Hãy đọc cảnh báo; nếu vẫn ghi, đánh dấu ô này rồi ghi lại."))
    elif valid:
        said = form.cleaned_data
        despite = said["despite"] if said["compared"] else ""
        with refusals_on(form):
            try:
                entry = actions.register_event(dossier.pk, cells=texts(said), despite=despite, actor=actor, at=clock.now())
                messages.success(request, _("Đã ghi vào sổ, số %(number)s.") % {"number": str(entry)})
                return _make_paper(request, entry.pk, dossier, actor)
            except AlreadyEntered as refusal:
                messages.info(request, refusal.message())
                return redirect("registers:entry", refusal.entry_id)
            except PersonKnown as refusal:
                form.add_error("compared", refusal.message())
                known = same.rows_of(refusal.entry_ids)
    return render(
        request,
        "registers/enter.html",
        {
            "dossier": dossier,
            "version": version,
            "form": form,
            "kind_label": kind.label,
            "again": again,
            "warnings": warnings,
            "seen": " ".join(warnings),
            "known": [(row, actor.may(DUTY, unit_id=row.unit_id)) for row in known],
        },
        status=422 if form.errors else 200,
    )


def _warnings(kind: Kind, cells: Mapping[str, str]) -> list[str]:
    """Of what is about to be written, not of what the e-form said."""
    today = clock.today()
    read = drafts.read_cells(kind, {**cells, "number": "1", "registered_on": f"{today:%d/%m/%Y}"}, today=today)
    return entering.warnings(read.draft, today=today)


def _make_paper(request: HttpRequest, entry_id: int, dossier: Dossier, actor: Actor) -> HttpResponse:
    """The paper belongs to the same act of the officer; should it fail, the entry stands and the page offers it again."""
    try:
        actions.draft_paper(entry_id, dossier_id=dossier.pk, actor=actor, at=clock.now())
    except TellPerson as refusal:
        messages.warning(request, refusal.message())
    else:
        messages.success(request, _("Đã lập giấy và đặt làm dự thảo kết quả."))
    return redirect("dossiers:case", dossier.pk)


@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, dossier_id: int, entry_id: int) -> HttpResponse:
    """Before: which entry, how many copies, what it costs. Then the paper, as the dossier's draft."""
    dossier, version, actor = dossier_for(request, dossier_id)
    entry = guarded(entry_id, actor)
    if request.method == "POST":
        actions.draft_paper(entry.pk, dossier_id=dossier.pk, actor=actor, at=clock.now())
        messages.success(request, _("Đã lập giấy và đặt làm dự thảo kết quả."))
        return redirect("dossiers:case", dossier.pk)
    fees = [_fee(fee) for fee in FeeDue.objects.filter(dossier=dossier).order_by("id")]
    return confirm(
        request,
        staff=True,
        question=_("Lập giấy từ mục số %(number)s?") % {"number": str(entry)},
        consequence=_("Giấy được đặt làm dự thảo kết quả của hồ sơ, thay dự thảo trước nếu có. Sổ ghi lại lần cấp này."),
        summary=[
            (_("Hồ sơ"), str(dossier)),
            (_("Thủ tục"), version.name),
            (
                _("Số, quyển số"),
                _("%(number)s, %(book)s") % {"number": f"{entry}/{entry.book.year}", "book": entry.book.name or "-"},
            ),
            (_("Nơi đăng ký"), entry.place),
            (_("Số bản"), str(actions.copies_of(dossier))),
            *fees,
        ],
        button=_("Lập giấy"),
        cancel_href=reverse("dossiers:case", args=[dossier.pk]),
    )


def _fee(fee: FeeDue) -> tuple[str, str]:
    paid = _("đã thu, biên lai %(number)s") % {"number": fee.receipt_number} if fee.paid_at else _("chưa thu")
    return fee.name, f"{fee.how}, {paid}" if fee.amount_dong else _("không thu")


@require_GET
def search(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The registers searched by what the dossier's form says; its code is the reason, and that it was searched is kept."""
    dossier, version, actor = dossier_for(request, dossier_id)
    wanted = _wanted(dossier, version.code)
    found = searching.search(wanted, actor=actor) if wanted.enough else searching.Found(rows=())
    actions.note_search(
        purpose=RegisterSearch.Purpose.SEARCH,
        reason=str(dossier),
        asked_by=wanted.asked_by,
        found=len(found.rows),
        dossier_id=dossier.pk,
        actor=actor,
        at=clock.now(),
    )
    return render(
        request,
        "registers/dossier_search.html",
        {
            "dossier": dossier,
            "version": version,
            "found": found,
            "copies": version.code in COPIES,
            "states": dict(Entry.State.choices),
            "tabs": tabs("registers:search", actor=actor),
        },
    )


_EVENTS = {"birth": "birth", "marriage": "marriage", "death": "death"}


def _wanted(dossier: Dossier, procedure_code: str) -> searching.Wanted:
    """What the form of a dossier says of the entry it is about; what it says badly is left out."""
    form: dict[str, Any] = dossier.form
    names = ("person_name", "child_name", "dead_name", "record_owner", "wife_name")
    said = {
        "name": next((form[key] for key in names if form.get(key)), dossier.owner_name),
        "born": form.get("person_born_on") or form.get("child_born_on") or form.get("dead_born_on") or "",
        "kind": _EVENTS.get(form.get("event", ""), ""),
    }
    if procedure_code in ENTERS:
        said["kind"] = ENTERS[procedure_code][0].value
    try:
        return searching.wanted_of({key: str(value) for key, value in said.items()})
    except TellPerson:
        return searching.Wanted(name=str(said["name"])[:200])


@require_GET
def marital(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """Marriages in these registers of the person, or of both of a couple. Nothing found is said to prove nothing."""
    dossier, version, actor = dossier_for(request, dossier_id)
    if version.code not in MARITAL:
        raise NotForTheRegister
    form: dict[str, Any] = dossier.form
    people = []
    for key in ("person", "wife", "husband"):
        name = str(form.get(f"{key}_name") or "")
        if name:
            rows = same.marriages_of(
                name=name, born=str(form.get(f"{key}_born_on") or ""), id_number=str(form.get(f"{key}_id") or "")
            )
            people.append((name, [(row, actor.may(DUTY, unit_id=row.unit_id)) for row in rows]))
    actions.note_search(
        purpose=RegisterSearch.Purpose.MARITAL,
        reason=str(dossier),
        asked_by=["name", "born", "id_number"],
        found=sum(len(rows) for _name, rows in people),
        dossier_id=dossier.pk,
        actor=actor,
        at=clock.now(),
    )
    return render(
        request,
        "registers/marital.html",
        {
            "dossier": dossier,
            "version": version,
            "people": people,
            "covered": books.covered(keeper_id=dossier.resolving_unit_id),
            "tabs": tabs("registers:search", actor=actor),
        },
    )
